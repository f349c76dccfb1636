"""What a browser does to a page around its playing: it is closed, hidden, refused, and left without sound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support import browsing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.browsing import Opened

    Open = Callable[..., Opened]

LOCKS_ARE_SLOW = """
window.held = 0;
const request = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = async (kind) => {
  await new Promise((done) => setTimeout(done, 200));
  const lock = await request(kind);
  window.held += 1;
  window.lock = lock;
  lock.addEventListener("release", () => { window.held -= 1; });
  return lock;
};
"""
"""A browser that takes its time to give a lock, and a count of those that are held."""

LOCKS_ARE_REFUSED = """
navigator.wakeLock.request = () => Promise.reject(new DOMException("low battery", "NotAllowedError"));
"""

COUNTS_DRAWINGS = """
window.drawings = 0;
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) => { window.drawings += 1; return ask(draw); };
"""


def test_an_offer_that_nobody_answers_stays(open_page: Open, short_page: Path) -> None:
    """Whoever opens the page, looks and closes it is offered the same place the next time."""
    opened = open_page(short_page)
    opened.play()
    opened.seek(20.0)
    opened.page.reload()
    offer = opened.text("go-on")
    assert offer.startswith("Go on at 0:2")
    for _ in range(2):
        opened.page.reload()
        assert opened.text("go-on") == offer


def test_no_wake_lock_is_left_behind(open_page: Open, short_page: Path) -> None:
    """However quickly one plays and pauses: once it pauses, the screen may go dark."""
    opened = open_page(short_page, script=LOCKS_ARE_SLOW)
    opened.run(
        "() => { for (let time = 0; time < 3; time += 1) document.getElementById('play').click(); }"
    )
    opened.page.wait_for_timeout(800)
    assert opened.is_playing
    assert opened.run("window.held") == 1
    opened.page.locator("#play").click()
    opened.page.wait_for_timeout(800)
    assert opened.run("window.held") == 0


def test_a_refused_wake_lock_is_said_and_replaced(open_page: Open, short_page: Path) -> None:
    """The film plays, and the line says that it was the browser that would not."""
    opened = open_page(short_page, script=LOCKS_ARE_REFUSED)
    assert not opened.page.locator("#notice").is_visible()
    opened.play()
    opened.until("!document.getElementById('film').paused")
    assert "would not promise" in opened.text("notice")
    assert "lock-screen" not in opened.text("notice")
    assert not opened.errors


def test_the_lock_comes_back_with_the_page(open_page: Open, short_page: Path) -> None:
    """A browser takes the lock from a page that is not seen; seen again while it plays, it has one."""
    opened = open_page(short_page, script=LOCKS_ARE_SLOW)
    opened.play()
    opened.until("window.held === 1")
    opened.run(browsing.HIDES_THE_PAGE, True)
    opened.run("window.lock.release()")  # as the browser does itself
    opened.until("window.held === 0")
    opened.run(browsing.HIDES_THE_PAGE, False)
    opened.until("window.held === 1")


def test_the_lock_screen_names_what_is_done_now(open_page: Open, short_page: Path) -> None:
    """Also when the session has played on to the next exercise by itself."""
    opened, session = open_page(short_page), browsing.session_of(short_page)
    first = next(one for one in session["phases"] if one["exercise"] == 1)
    opened.play()
    opened.seek(first["start_seconds"] - 1.0)
    opened.run("document.getElementById('play').click()")
    opened.until("document.getElementById('audio').paused")
    opened.play()
    assert opened.run("navigator.mediaSession.metadata.title") == "Opening"
    opened.until("navigator.mediaSession.metadata.title === 'Side stretch'")
    assert opened.is_playing


def test_sound_that_is_missing_is_said(open_page: Open, short_page: Path, tmp_path: Path) -> None:
    """A page that was mailed without its MP3 says so, and goes on saying so."""
    page = browsing.export(short_page.with_name("short.toml"), tmp_path / "alone.html", "--link")
    (tmp_path / "alone.mp3").unlink()
    opened = open_page(page)
    opened.page.locator("#play").click()
    opened.page.wait_for_timeout(700)
    assert "sound could not be loaded" in opened.text("notice")
    assert opened.page.locator("#play").get_attribute("aria-label") == "Play"


def test_a_page_beside_its_track_plays_and_goes_anywhere(
    open_page: Open, short_page: Path, tmp_path: Path
) -> None:
    """With --link, from the disk, and offline."""
    page = browsing.export(short_page.with_name("short.toml"), tmp_path / "linked.html", "--link")
    opened = open_page(page)
    opened.context.set_offline(True)
    opened.play()
    opened.seek(30.0)
    opened.until("document.getElementById('audio').currentTime > 30.3")
    assert {request.rpartition("/")[2] for request in opened.requests} >= {"linked.mp3"}
    assert all(request.startswith(("file:", "data:", "blob:")) for request in opened.requests)
    assert not opened.errors


def test_it_is_drawn_once_a_picture(open_page: Open, short_page: Path) -> None:
    """Playing and pausing quickly leaves one drawing a picture, and none when it is paused."""
    opened = open_page(short_page, script=COUNTS_DRAWINGS)
    count = (
        "() => new Promise(done => { const before = window.drawings; let pictures = 0;"
        "const next = () => { pictures += 1; pictures < 20 ? window.requestAnimationFrame(next)"
        " : done((window.drawings - before - pictures) / pictures); };"
        "window.requestAnimationFrame(next); })"
    )
    opened.play()
    opened.run(
        "() => { const audio = document.getElementById('audio');"
        "for (let time = 0; time < 5; time += 1) { audio.pause(); audio.play(); } }"
    )
    opened.page.wait_for_timeout(300)
    assert opened.is_playing
    assert opened.run(count) < 1.3
    opened.page.locator("#play").click()
    opened.page.wait_for_timeout(300)
    assert opened.run(count) < 0.2


def test_every_word_is_read_while_it_is_spoken(open_page: Open, short_page: Path) -> None:
    """From its first moment to its last, whatever phase has begun meanwhile."""
    opened, session = open_page(short_page), browsing.session_of(short_page)
    assert len(session["captions"]) > 5
    for caption in session["captions"]:
        for seconds in (caption["start_seconds"] + 0.01, caption["end_seconds"] - 0.01):
            shown = opened.run("seconds => window.voicecoach.stateAt(seconds).caption", seconds)
            assert shown == caption["text"], seconds


@pytest.mark.timed
def test_more_time_lasts_as_long_as_the_timer_says(open_page: Open, short_page: Path) -> None:
    """By the clock on the wall: a gap at 2x takes what the page has counted down, and sounds take theirs."""
    opened, session = open_page(short_page), browsing.session_of(short_page)
    opened.page.get_by_label("2 ×").check()
    opened.play()
    start, end = max(session["gaps"], key=lambda gap: gap[1] - gap[0])
    first, last = start - 0.5, end + 0.5
    opened.seek(first - 0.3)
    passed, began, ended = opened.run(
        "([first, last]) => new Promise(done => { const audio = document.getElementById('audio');"
        "let since = null, from = 0; const watch = () => { const at = audio.currentTime;"
        "if (since === null && at >= first) { since = performance.now(); from = at; }"
        "if (since !== null && at >= last) done([(performance.now() - since) / 1000, from, at]);"
        "else requestAnimationFrame(watch); }; watch(); })",
        [first, last],
    )
    said = opened.run(
        "([from, to]) => window.voicecoach.playedTo(to, 2) - window.voicecoach.playedTo(from, 2)",
        [began, ended],
    )
    assert said == pytest.approx(ended - began + end - start - 0.5, abs=0.01)
    assert passed == pytest.approx(said, abs=0.3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["offer", "insecure", "end", "no scripts", "silent"])
def test_axe_finds_nothing_serious_around_the_playing(
    open_page: Open, short_page: Path, tmp_path: Path, state: str, scheme: str
) -> None:
    """When a place is offered, when something is missing, at the end, and without scripts."""
    page = short_page
    script = browsing.ON_AN_INSECURE_ORIGIN if state == "insecure" else ""
    if (
        state == "no scripts"
    ):  # axe is a script itself: the page is as it is where its own is refused
        page = tmp_path / "refused.html"
        page.write_text(
            re.sub(r"<script>.*</script>", "", short_page.read_text("utf-8"), flags=re.DOTALL),
            "utf-8",
        )
    if state == "silent":
        page = browsing.export(
            short_page.with_name("short.toml"), tmp_path / "alone.html", "--link"
        )
        (tmp_path / "alone.mp3").unlink()
    opened = open_page(page, color_scheme=scheme, script=script)
    if state == "offer":
        opened.play()
        opened.seek(20.0)
        opened.page.reload()
        assert opened.page.locator("#resume").is_visible()
    elif state == "insecure":
        opened.play()
        opened.page.wait_for_selector("#notice:visible")
    elif state == "end":
        opened.play()
        opened.seek(browsing.session_of(page)["duration_seconds"] - 0.3)
        opened.until("document.getElementById('audio').ended")
        opened.page.wait_for_timeout(500)
    elif state == "silent":
        opened.page.locator("#play").click()
        opened.page.wait_for_selector("#notice:visible")
    assert not browsing.hindrances(opened.page)
