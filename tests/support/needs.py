"""What a test needs of the machine: it is skipped, with the reason, where that is missing."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest


def lacking(*names: str) -> str:
    """Return why a test cannot run that needs programs; empty where all of them are installed."""
    missing = [name for name in names if shutil.which(name) is None]
    return f"needs {', '.join(missing)} (not installed)" if missing else ""


def need_programs(*names: str) -> None:
    """Skip the test that is running, with the reason, where a program is not installed."""
    if reason := lacking(*names):
        pytest.skip(reason)


def requires_program(*names: str) -> pytest.MarkDecorator:
    """Mark a test to be skipped, with the reason, where a program is not installed."""
    reason = lacking(*names)
    return pytest.mark.skipif(bool(reason), reason=reason)


def requires_extra(extra: str, *packages: str) -> pytest.MarkDecorator:
    """Mark a test to be skipped, naming the extra that brings them, where a package is not installed."""
    missing = [name for name in packages if find_spec(name) is None]
    return pytest.mark.skipif(
        bool(missing), reason=f"needs {', '.join(missing)} (pip install 'voicecoach[{extra}]')"
    )
