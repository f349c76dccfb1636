"""What the tests of commands share: a folder to work in, and how a command is run in their process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from voicecoach.cli import app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a new, empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, expect: int = 0, typed: str | None = None) -> tuple[str, str]:
    """Run a command in this process, not in a terminal, and return what it printed: (stdout, stderr)."""
    result = CliRunner().invoke(app, arguments, input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == expect, result.output
    return result.stdout, result.stderr
