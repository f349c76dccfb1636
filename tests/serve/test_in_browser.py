"""A phone in real Chromium: from the list to a session that plays and is downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.serve.running import Running, running, write_routine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


def routines(folder: Path) -> Path:
    """Write a routine for adults and one for children."""
    write_routine(folder, "short", "Short one")
    write_routine(folder, "games", "Games", "child")
    return folder


def opened(
    browser: Browser, server: Running, complaints: list[str], *, script: bool = True
) -> Page:
    """Return a page on a phone, whose complaints are collected."""
    context = browser.new_context(
        base_url=server.url, viewport=PHONE, has_touch=True, java_script_enabled=script
    )
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def make_ready(page: Page) -> None:
    """Tap until the session is there."""
    page.get_by_role("link", name="Short one").tap()
    page.get_by_role("button", name="Make it ready").tap()
    page.get_by_role("link", name="Play").wait_for(timeout=60_000)


def test_from_the_list_to_a_session_that_plays(browser: Browser, tmp_path: Path) -> None:
    """Filter, fit, make, play, download; nothing is complained about, nothing is wider than the screen."""
    complaints: list[str] = []
    with running(routines(tmp_path)) as server:
        page = opened(browser, server, complaints)
        page.goto("/")
        page.get_by_role("link", name="adults", exact=True).tap()
        assert page.get_by_role("link", name="Games").count() == 0
        offer = server.catalogue.offer("short", "")
        least, _ = server.catalogue.minutes_range(offer) or (0, 0)
        page.get_by_role("spinbutton", name="Other minutes").fill(str(least))
        page.get_by_role("button", name="Fit").tap()
        make_ready(page)
        assert f"minutes={least}" in page.url
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        with page.expect_download() as download:
            page.get_by_role("link", name="Download MP3").tap()
        assert download.value.suggested_filename == f"short-{least}-min.mp3"
        [kept] = (tmp_path / "kept").glob("*.mp3")
        assert Path(download.value.path()).read_bytes() == kept.read_bytes()
        page.get_by_role("link", name="Play").tap()
        page.wait_for_url("**/play/*")
        played = page.evaluate(
            """async () => {
                const audio = document.querySelector('audio');
                audio.muted = true;
                await audio.play();
                await new Promise(resolve => setTimeout(resolve, 1500));
                audio.currentTime = audio.duration - 2;
                await new Promise(resolve => setTimeout(resolve, 1500));
                return [audio.duration, audio.currentTime];
            }"""
        )
        assert played[0] > 15
        assert played[1] > played[0] - 2
        assert not complaints
        page.context.close()


def test_it_works_without_scripts(browser: Browser, tmp_path: Path) -> None:
    """List and making need none: a page that waits looks again by itself."""
    with running(routines(tmp_path)) as server:
        page = opened(browser, server, [], script=False)
        page.goto("/")
        make_ready(page)
        page.context.close()


def test_key_opens_the_door_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """One tap on the page of the code, and the list is there and stays there."""
    complaints: list[str] = []
    with running(routines(tmp_path), locked=True) as server:
        page = opened(browser, server, complaints)
        page.goto(f"/k/{server.keys[-1]}")
        assert "Short one" not in page.content()
        page.get_by_role("button", name="Open on this device").tap()
        page.get_by_role("link", name="Short one").wait_for()
        page.goto("/?for=child")
        page.get_by_role("link", name="Games").wait_for()
        page.go_back()
        make_ready(page)
        assert not complaints
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """No page hinders people, in neither scheme."""
    from axe_playwright_python.sync_playwright import Axe

    with running(routines(tmp_path)) as server:
        context = browser.new_context(
            base_url=server.url, viewport=PHONE, color_scheme=scheme, bypass_csp=True
        )  # type: ignore[arg-type]
        page = context.new_page()
        for address in ("/", "/?minutes=45", "/routine/short", "/nowhere"):
            page.goto(address)
            found = Axe().run(page).response["violations"]
            assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
        context.close()
