"""What the whole test suite shares: a private user folder, and what skips where a program or an extra is missing.

The tests pass on a machine with nothing but Python. What lends a program to a test (`browser`, a null
sink, a shell in tmux) skips it where the program is missing, so that no test need think of that; a test
that calls a program by itself has a mark.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import examples  # noqa: F401  (how often a property is tried)
from tests.support.figures import pytest_terminal_summary, record_figure  # noqa: F401  (pytest looks here)
from tests.support.needs import need_programs
from tests.support.sinks import (  # noqa: F401  (pytest looks here)
    _null_sink_of_this_process,
    afplay_stand_in,
    keep_busy,
    mortal_sink,
    null_sink,
)
from voicecoach.cli.settings.table import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser

# Continuous integration installs every program that a test needs; there a skip would hide a break.
MUST_RUN_ALL = os.environ.get("VOICECOACH_TEST_ALL") == "1"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the program of a browser, which is Chromium."""
    need_programs("chromium")
    return shutil.which("chromium") or ""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Lend one Chromium to the tests of a module; beyond it, its event loop would be in the way of others."""
    from playwright.sync_api import sync_playwright

    from tests.support import browsing

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(browsing.ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Call what starts a browser slow, and most cases of what is sampled, before slow tests are left out."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and "chromium" in item.fixturenames:
            item.add_marker("slow")
        if item.get_closest_marker("sampled"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for all_of_one in cases.values():
        (count,) = all_of_one[0].get_closest_marker("sampled").args  # type: ignore[union-attr]
        kept = {place * len(all_of_one) // count for place in range(count)}
        for place, item in enumerate(all_of_one):
            if place not in kept:
                item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn every skip, whatever its reason, into a failure where all tests must run."""
    report = yield
    if MUST_RUN_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where all tests must run: {call.excinfo}"
    return report


@pytest.fixture(autouse=True)
def _private_folders(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep every test away from the user's own routines, sounds, settings and cache."""
    home: Path = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    # What has been spoken once need not be spoken again in this run; `cold_cache` is for those who care.
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # for all processes of the run
    monkeypatch.setenv("VOICECOACH_CACHE", str(base / "spoken"))
    monkeypatch.setenv("VOICECOACH_HOME", str(home / "voicecoach"))
    monkeypatch.setenv("VOICECOACH_STATE", str(home / "state"))
    monkeypatch.setenv("VOICECOACH_CONFIG", str(home / "config"))
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("VOICECOACH_DATA", str(home / "data"))
    has_heard_disclaimer(home / "state")


def has_heard_disclaimer(state: Path) -> None:
    """Put into a state folder that whoever plays there is not new here."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    known = {"disclaimer_on": "2026-01-02", "none_applies_on": {}, "one_applies_on": {}}
    (state / "consents.json").write_text(json.dumps(known), "utf-8")


@pytest.fixture
def consents_file() -> Path:
    """Return where answers about safety are kept, for somebody who is new here: there is no file yet."""
    file = Path(os.environ["VOICECOACH_STATE"]) / "consents.json"
    file.unlink()
    return file


@pytest.fixture
def cold_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an empty cache of spoken sentences that this test has to itself."""
    folder = tmp_path / "cold-cache"
    monkeypatch.setenv("VOICECOACH_CACHE", str(folder))
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the golden cue sheets anew."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew")
