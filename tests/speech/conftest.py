"""What the tests of speech share: an engine that misbehaves, a cache, and a look into processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.speech import odd_engine
from voicecoach.speech.cache import ClipCache
from voicecoach.speech.engines import ENGINES, EngineEntry

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Register the engine that misbehaves, and return its name."""
    monkeypatch.setitem(ENGINES, "odd", EngineEntry("odd voice", odd_engine.MODULE))
    monkeypatch.setenv(odd_engine.FOLDER, str(tmp_path))
    return "odd"


@pytest.fixture
def cache(tmp_path: Path) -> ClipCache:
    """Return an empty cache."""
    return ClipCache(tmp_path / "cache")
