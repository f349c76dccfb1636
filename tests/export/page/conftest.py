"""A page for the tests of the session page, and what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import browsing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., browsing.Opened]]:
    """Lend what opens pages."""
    yield from browsing.opened_in(browser)


@pytest.fixture(scope="session")
def short_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a session of a minute."""
    folder = tmp_path_factory.mktemp("page")
    routine = folder / "short.toml"
    routine.write_text(browsing.SHORT, encoding="utf-8")
    return browsing.export(routine, folder / "short.html")
