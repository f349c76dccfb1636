"""The page in a real browser: what it shows is where the audio is, and whatever is pressed works."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.browsing import (
    FORGETS_PLACES,
    HIDES_THE_PAGE,
    ON_AN_INSECURE_ORIGIN,
    WATCHES_CALLS,
    export,
    hindrances,
    session_of,
)
from tests.support.figures import SOAK, RecordFigure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.browsing import Opened

    Open = Callable[..., Opened]

SAMPLES = """
seconds => new Promise(done => {
  const audio = document.getElementById("audio"), samples = [];
  const text = (id) => document.getElementById(id).textContent;
  const end = performance.now() + seconds * 1000;
  const watch = () => {
    samples.push([audio.currentTime, text("number"), text("kind"), text("heading"), text("caption"), audio.playbackRate]);
    if (performance.now() < end && !audio.ended) requestAnimationFrame(watch); else done(samples);
  };
  requestAnimationFrame(watch);
})
"""
"""What the page shows at each picture, beside where the audio is at that moment."""


def page_of_one_step(
    folder: Path, dose: str, say: str = "Stand tall.", language: str = "en"
) -> Path:
    """Export a routine of one step as a page; return the page."""
    routine = folder / "one.toml"
    routine.write_text(
        'voicecoach = 1\ntitle = "One"\nsummary = "One step."\naudience = "adult"\n'
        f'language = "{language}"\nopening = ["Hello."]\n[[steps]]\nslug = "one"\nname = "One"\n'
        f'say = "{say}"\ndose = "{dose}"\n',
        encoding="utf-8",
    )
    return export(routine, folder / "one.html")


def shown_at(session: dict[str, Any], seconds: float) -> tuple[str, str]:
    """Return the number and the phase that belong to a time, worked out anew from what the page holds."""
    phase = [one for one in session["phases"] if one["start_seconds"] <= seconds + 1e-3][-1]
    number = -int(-(phase["end_seconds"] - seconds - 1e-3) // 1)
    if phase["reps"] and phase["kind"] == "work":
        number = min(
            phase["reps"], int((seconds - phase["start_seconds"]) / phase["rep_seconds"] + 1e-3) + 1
        )
    elif phase["kind"] != "work":
        counted = [
            one["number"]
            for one in session["countdowns"]
            if phase["start_seconds"] < one["at_seconds"] + 1e-3
            and one["at_seconds"] <= seconds + 1e-3
        ]
        number = counted[-1] if counted else number
    return str(max(0, number)), phase["kind"].replace("-", " ")


def worst_seconds(session: dict[str, Any], samples: list[list[Any]]) -> float:
    """Return by how much at most the number or the phase is early or late, to a hundredth of a second."""
    worst = 0.0
    for seconds, number, kind, *_ in samples:
        for hundredths in range(100):
            near = (max(0.0, seconds - hundredths / 100), seconds + hundredths / 100)
            shown = [shown_at(session, one) for one in near]
            if (number, kind.lower().replace("change sides", "change")) in shown:
                worst = max(worst, hundredths / 100)
                break
        else:
            return 1.0
    return worst


@pytest.mark.timed
@pytest.mark.timeout(1800)
def test_the_number_is_where_the_audio_is(
    open_page: Open, short_page: Path, tmp_path: Path, record_figure: RecordFigure
) -> None:
    """At 1x with seeking: never off by more than a tenth of a second."""
    page = export("desk-break", tmp_path / "page.html") if SOAK else short_page
    opened, session = open_page(page), session_of(page)
    opened.play()
    samples = opened.run(SAMPLES, 9)
    for place in (22.0, 11.5, 34.0, 40.2):
        opened.seek(place)
        samples += opened.run(SAMPLES, 5)
    if SOAK:
        opened.seek(0.0)
        samples += opened.run(SAMPLES, session["duration_seconds"] + 5)
        assert samples[-1][2] in ("Closing", "Done.")
        samples = [sample for sample in samples if sample[2] != "Done."]
    assert len({kind for _, _, kind, *_ in samples}) >= 5
    assert len(samples) > 200
    off = worst_seconds(session, samples)
    record_figure("number against audio", off * 1000, "ms")
    assert off <= 0.1
    assert not opened.errors


def test_every_button_and_key_does_what_it_says(open_page: Open, short_page: Path) -> None:
    """Play, pause, fifteen seconds, exercises, the list, the place: by hand and by keyboard."""
    opened, session = open_page(short_page), session_of(short_page)
    page = opened.page
    starts = [chapter["start_seconds"] for chapter in session["chapters"]]
    assert not opened.is_playing
    opened.play()
    assert page.locator("#play").get_attribute("aria-label") == "Pause"
    page.locator("#play").click()
    opened.until("document.getElementById('audio').paused")
    page.locator("#following").click()
    assert opened.seconds == pytest.approx(starts[1], abs=0.01)
    page.locator("#following").click()
    assert opened.seconds == pytest.approx(starts[2], abs=0.01)
    assert opened.text("heading") == "Bridge"
    page.locator("#on").click()
    assert opened.seconds == pytest.approx(starts[2] + 15, abs=0.05)
    page.locator("#back").click()
    page.locator("#back").click()
    assert opened.seconds == pytest.approx(starts[2] - 15, abs=0.05)
    opened.seek(starts[2] + 5)
    page.locator("#previous").click()
    assert opened.seconds == pytest.approx(starts[2], abs=0.01)
    page.locator("#previous").click()
    assert opened.seconds == pytest.approx(starts[1], abs=0.01)
    page.locator("#chapters button").nth(2).click()
    assert opened.seconds == pytest.approx(starts[2], abs=0.01)
    current = page.locator("#chapters [aria-current=true]")
    assert current.count() == 1
    assert "Bridge" in current.inner_text()
    page.locator("#place").fill("3")
    assert opened.seconds == pytest.approx(3, abs=0.01)
    page.locator("h1").click()
    for key, place in (
        ("ArrowRight", 18),
        ("ArrowLeft", 3),
        ("n", starts[1]),
        ("PageDown", starts[2]),
    ):
        page.keyboard.press(key)
        assert opened.seconds == pytest.approx(place, abs=0.05), key
    for key, place in (("p", starts[1]), ("PageUp", starts[0])):
        page.keyboard.press(key)
        assert opened.seconds == pytest.approx(place, abs=0.05), key
    page.keyboard.press(" ")
    opened.until("!document.getElementById('audio').paused")
    page.keyboard.press(" ")
    opened.until("document.getElementById('audio').paused")
    page.locator("#following").focus()
    page.keyboard.press(" ")  # the button's own, and only that
    assert opened.seconds == pytest.approx(starts[1], abs=0.01)
    assert not opened.is_playing
    assert not opened.errors


def test_everything_can_be_reached_by_the_tab_key(open_page: Open, short_page: Path) -> None:
    """In an order that makes sense, and with a ring round what has the focus."""
    opened = open_page(short_page)
    reached, rings = [], []
    for _ in range(20):
        opened.page.keyboard.press("Tab")
        reached.append(
            opened.run("document.activeElement.id || document.activeElement.textContent.trim()")
        )
        rings.append(opened.run("getComputedStyle(document.activeElement).outlineStyle"))
    assert reached[:6] == ["previous", "back", "play", "on", "following", "place"]
    assert "scheme" in reached
    assert reached.index("scheme") > 6
    assert "solid" in rings[2]


def test_what_is_shown_of_an_exercise(open_page: Open, short_page: Path) -> None:
    """Its name, side, position, figure, what comes next, and the words as they are spoken."""
    opened, session = open_page(short_page), session_of(short_page)
    works = [phase for phase in session["phases"] if phase["kind"] == "work"]
    opened.seek(works[0]["start_seconds"] + 1.5)
    assert opened.text("heading") == "Side stretch"
    assert (opened.text("kind"), opened.text("side")) == ("Work", "RIGHT")
    assert opened.text("number") == "4"
    assert opened.text("position") == "Start: standing, feet apart"
    assert opened.text("count") == "Exercise 1 of 2"
    assert opened.text("next") == "Next: Bridge"
    assert (
        opened.run("document.querySelector('#figure use').getAttribute('href')")
        == "#figure-standing"
    )
    assert opened.page.locator("#figure").bounding_box()["height"] > 40
    opened.seek(works[0]["end_seconds"] + 1)
    assert (opened.text("kind"), opened.text("side")) == ("Change sides", "THEN LEFT")
    opened.seek(works[2]["start_seconds"] + 2.5)
    assert (opened.text("number"), opened.text("measure")) == ("2", "/ 3")
    assert (
        opened.run("document.querySelector('#figure use').getAttribute('href')") == "#figure-back"
    )
    instruction = next(one for one in session["captions"] if "Lift your hips" in one["text"])
    opened.seek(instruction["start_seconds"] + 0.2)
    assert opened.text("caption") == "Lift your hips."
    assert opened.text("kind") == "Get ready"
    assert not opened.errors


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["seconds", "seconds", "second", "seconds"]),
        ("ru", ["секунд", "секунды", "секунда", "секунда"]),
    ],
)
def test_the_word_for_seconds_goes_with_the_number(
    open_page: Open, tmp_path: Path, language: str, words: list[str]
) -> None:
    """One second, two seconds; in Russian there are three forms."""
    page = page_of_one_step(tmp_path, "hold 22s", language=language)
    opened, session = open_page(page), session_of(page)
    [work] = [phase for phase in session["phases"] if phase["kind"] == "work"]
    shown = []
    for left in (5, 2, 1, 21):
        opened.seek(work["end_seconds"] - left + 0.5)
        shown.append((opened.text("number"), opened.text("measure")))
    assert shown == list(zip(["5", "2", "1", "21"], words, strict=True))
    label = opened.page.locator("#number").get_attribute("aria-label")
    assert label == f"21 {words[-1]}"


def test_reps_that_take_turns_name_the_side_of_each(open_page: Open, tmp_path: Path) -> None:
    """Right, left, right, left: the side is that of the rep that goes on."""
    dose = "2 reps each side, alternating, tempo 1-0-1"
    page = page_of_one_step(tmp_path, dose, "Stand tall. Lift your right knee, then your left.")
    opened, session = open_page(page), session_of(page)
    work = next(phase for phase in session["phases"] if phase["kind"] == "work")
    shown = []
    for rep in range(4):
        opened.seek(work["start_seconds"] + 2 * rep + 1)
        shown.append((opened.text("number"), opened.text("side")))
    assert shown == [("1", "RIGHT"), ("2", "LEFT"), ("3", "RIGHT"), ("4", "LEFT")]


@pytest.mark.timed
def test_more_time_stretches_the_gaps_and_nothing_else(open_page: Open, short_page: Path) -> None:
    """Twice as long: the audio goes at half its speed where it is silent, and never under a word."""
    opened, session = open_page(short_page), session_of(short_page)
    opened.page.get_by_label("2 ×").check()
    opened.play()
    rest = next(phase for phase in session["phases"] if phase["kind"] == "get-ready")
    start, end = next(gap for gap in session["gaps"] if gap[0] >= rest["start_seconds"])
    opened.seek(start - 1.0)
    samples = opened.run(SAMPLES, (end - start) * 2 + 2.5)
    slowed = [seconds for seconds, *_, rate in samples if rate == 0.5]
    assert slowed
    assert min(slowed) >= start
    assert max(slowed) <= end - 0.3
    for seconds, *_, rate in samples:
        if any(one["start_seconds"] <= seconds < one["end_seconds"] for one in session["captions"]):
            assert rate == 1
    whole = opened.run("window.voicecoach.playedTo(1e9, 2) - 1e9")
    assert whole == pytest.approx(sum(b - a - 0.5 for a, b in session["gaps"]), abs=0.01)
    assert opened.run("window.voicecoach.audioTimeAt(window.voicecoach.playedTo(30, 2), 2)") == (
        pytest.approx(30, abs=0.01)
    )
    assert opened.run("window.voicecoach.playedTo(30, 1)") == 30


def test_the_place_is_remembered_and_offered(open_page: Open, short_page: Path) -> None:
    """After a reload one goes on where one was; after the end, or from the start, nothing is offered."""
    opened = open_page(short_page)
    page = opened.page
    assert not page.locator("#resume").is_visible()
    opened.play()
    opened.seek(34.0)
    page.wait_for_timeout(300)
    page.reload()
    assert re.match(r"Go on at 0:3[45] \(", page.locator("#go-on").inner_text())
    page.reload()  # an offer that nobody answers stays
    assert page.locator("#go-on").is_visible()
    page.locator("#go-on").click()
    opened.until("!document.getElementById('audio').paused")
    assert 33.5 < opened.seconds < 37
    assert not page.locator("#resume").is_visible()
    page.reload()
    page.locator("#from-start").click()
    opened.until("!document.getElementById('audio').paused")
    assert opened.seconds < 3
    opened.seek(opened.run("document.getElementById('audio').duration") - 0.4)
    opened.until("document.getElementById('audio').ended")
    assert opened.text("kind") == "Done."
    assert opened.run("Object.keys(localStorage).filter(key => key.includes(':place:'))") == []
    page.reload()
    assert not page.locator("#resume").is_visible()
    assert not opened.errors


def test_a_place_chosen_before_it_ever_played_is_kept(open_page: Open, short_page: Path) -> None:
    """On phones that take no place before the first sound, one begins where one wanted to all the same."""
    opened, session = open_page(short_page, script=FORGETS_PLACES), session_of(short_page)
    page, starts = opened.page, [chapter["start_seconds"] for chapter in session["chapters"]]
    page.locator("#chapters button").nth(1).click()
    assert opened.text("heading") == "Side stretch"
    page.locator("#following").click()
    page.locator("#on").click()
    page.locator("#following").click()
    page.locator("#previous").click()
    page.locator("#back").click()
    page.locator("#on").click()
    assert opened.text("heading") == "Bridge"
    place = page.locator("#place").input_value()
    assert float(place) == pytest.approx(starts[2], abs=0.6)
    opened.run(HIDES_THE_PAGE, True)
    page.reload()
    assert "(Bridge)" in page.locator("#go-on").inner_text()
    page.locator("#go-on").click()
    opened.until("!document.getElementById('audio').paused")
    page.wait_for_timeout(500)
    assert starts[2] <= opened.seconds < starts[2] + 4
    assert opened.text("heading") == "Bridge"
    page.locator("#chapters button").nth(1).click()
    page.wait_for_timeout(300)
    assert starts[1] <= opened.seconds < starts[1] + 3
    assert not opened.errors


def test_without_storage_nothing_is_worse(open_page: Open, short_page: Path) -> None:
    """A browser that keeps nothing plays all the same."""
    shut = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('shut'); } });"
    opened = open_page(short_page, script=shut)
    opened.play()
    opened.page.locator("#scheme").click()
    assert opened.is_playing
    assert not opened.errors


def test_the_screen_is_kept_on_while_it_plays(open_page: Open, short_page: Path) -> None:
    """A wake lock while it plays, none while it does not, and no film in its place."""
    opened = open_page(short_page, script=WATCHES_CALLS)
    page = opened.page
    assert opened.run("window.calls.filter(([name]) => name === 'lock').length") == 0
    opened.play()
    opened.until("window.calls.some(([name]) => name === 'lock')")
    assert not page.locator("#film").is_visible()
    assert not page.locator("#notice").is_visible()
    page.locator("#play").click()
    opened.until("window.calls.some(([name]) => name === 'release')")
    opened.play()
    opened.until("window.calls.filter(([name]) => name === 'lock').length === 2")


def test_the_screen_is_kept_on_again_when_the_page_is_seen_again(
    open_page: Open, short_page: Path
) -> None:
    """The browser takes the lock away from a page that is hidden; it is asked for anew."""
    opened = open_page(short_page, script=WATCHES_CALLS)
    opened.play()
    opened.until("window.calls.some(([name]) => name === 'lock')")
    opened.run(HIDES_THE_PAGE, True)
    opened.page.evaluate("() => window.lock.release()")
    opened.run(HIDES_THE_PAGE, False)
    opened.until("window.calls.filter(([name]) => name === 'lock').length === 2")


def pressed(*buttons: str) -> str:
    """Return what presses buttons of the lock screen, and tells after each where the audio is.

    All at once, so that it does not play on meanwhile.
    """
    seconds = "document.getElementById('audio').currentTime"
    steps = ", ".join(f"(window.actions.{button}, {seconds})" for button in buttons)
    return f"() => [{steps}]"


def test_lock_screen_and_headset_are_told_and_obeyed(open_page: Open, short_page: Path) -> None:
    """What plays, how far it is, and every button that such things have."""
    opened, session = open_page(short_page, script=WATCHES_CALLS), session_of(short_page)
    opened.play()
    starts = [chapter["start_seconds"] for chapter in session["chapters"]]
    names = opened.run("Object.keys(window.actions)")
    assert {
        "play",
        "pause",
        "previoustrack",
        "nexttrack",
        "seekbackward",
        "seekforward",
        "seekto",
    } <= {*names}
    assert opened.run(pressed("nexttrack()")) == pytest.approx([starts[1]], abs=0.3)
    opened.until("navigator.mediaSession.metadata.title === 'Side stretch'")
    assert opened.run("navigator.mediaSession.metadata.artist") == "Short & sweet"
    opened.seek(starts[2] - 0.3)  # and as it plays on
    opened.until("navigator.mediaSession.metadata.title === 'Bridge'")
    there, before = opened.run(pressed("seekto({seekTime: 30})", "seekbackward({})"))
    assert there == pytest.approx(30, abs=0.3)
    assert before == pytest.approx(15, abs=0.5)
    opened.run("window.actions.previoustrack()")
    opened.run("window.actions.pause()")
    opened.until("navigator.mediaSession.playbackState === 'paused'")
    place = opened.run("window.calls.filter(([name]) => name === 'place').pop()[1]")
    assert place["duration"] == pytest.approx(session["duration_seconds"], abs=0.01)
    opened.run("window.actions.play()")
    opened.until("navigator.mediaSession.playbackState === 'playing'")
    assert not opened.errors


def test_what_an_insecure_origin_lacks_is_said_and_replaced(
    open_page: Open, short_page: Path
) -> None:
    """A silent film that covers the view plays, and one line says what is missing and what to do."""
    opened = open_page(short_page, script=ON_AN_INSECURE_ORIGIN)
    opened.play()
    opened.until("!document.getElementById('film').paused")
    film = opened.run(
        "(() => { const film = document.getElementById('film'), box = film.getBoundingClientRect();"
        "return {muted: film.muted, loop: film.loop, inline: film.playsInline, width: film.videoWidth,"
        "share: box.width * box.height / (innerWidth * innerHeight)}; })()"
    )
    assert film["width"] > 0
    assert film["muted"] and film["loop"] and film["inline"]  # noqa: PT018
    assert film["share"] > 0.9
    opened.page.wait_for_timeout(2500)
    assert opened.run("document.getElementById('film').currentTime") > 0
    notice = opened.text("notice")
    assert "keep the screen on" in notice
    assert "lock-screen buttons" in notice
    assert "open it itself" in notice
    opened.page.locator("#play").click()
    opened.until("document.getElementById('film').paused")
    assert not opened.errors


def test_nothing_is_asked_of_any_network(open_page: Open, short_page: Path) -> None:
    """Offline, and with every request looked at: the file is enough."""
    opened = open_page(short_page)
    opened.context.set_offline(True)
    opened.page.reload()
    opened.play()
    opened.until("document.getElementById('audio').currentTime > 0.3")
    schemes = {request.partition(":")[0] for request in opened.requests}
    assert schemes <= {"file", "data", "blob"}
    assert [request for request in opened.requests if request.startswith("file")] == [
        short_page.as_uri()
    ] * 2
    assert not opened.errors


def test_without_scripts_it_is_still_of_use(open_page: Open, short_page: Path) -> None:
    """Plain controls, the whole text, what to watch out for, and one line on how to open it."""
    opened = open_page(short_page, java_script_enabled=False)
    page = opened.page
    assert page.locator("audio").is_visible()
    assert page.locator("audio").get_attribute("controls") is not None
    assert page.get_by_text("open this file in a web browser").is_visible()
    assert page.get_by_text("Lift your hips.").is_visible()
    assert page.locator("#text").get_by_text("Side stretch").first.is_visible()
    for name in ("player", "chapters", "settings"):
        assert not page.locator(f"#{name}").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Open, short_page: Path, scheme: str) -> None:
    """In each phase, with all that can be opened open, and without scripts' work the same."""
    opened, session = open_page(short_page, color_scheme=scheme), session_of(short_page)
    opened.page.locator("#settings summary").click()
    opened.page.locator("#text summary").click()
    seen = set()
    for phase in session["phases"]:
        if phase["kind"] in seen:
            continue
        seen.add(phase["kind"])
        opened.seek(phase["start_seconds"] + 0.5)
        opened.page.wait_for_timeout(500)  # the colour of the stage has come
        bad = hindrances(opened.page)
        assert not bad, (phase["kind"], bad)
    assert len(seen) == 6


@pytest.mark.parametrize(
    "size", [(320, 568), (390, 844), (844, 390), (820, 1180), (1920, 1080), (3840, 2160)], ids=str
)
def test_it_fits_every_view(open_page: Open, short_page: Path, size: tuple[int, int]) -> None:
    """Nothing runs out at the side, what is pressed is large enough, and number and button are in view."""
    opened = open_page(short_page, viewport={"width": size[0], "height": size[1]})
    for seconds in (1.0, 20.0, 46.0):
        opened.seek(seconds)
        assert opened.run("document.documentElement.scrollWidth") <= size[0]
        number = opened.page.locator("#number").bounding_box()
        assert number["height"] > min(size) / 6
        play = opened.page.locator("#play").bounding_box()
        assert play["y"] + play["height"] <= size[1]
    for button in opened.page.locator("button:visible, summary:visible, .choices label").all():
        box = button.bounding_box()
        assert box["height"] >= 43.5, button.inner_text()


def test_words_as_large_as_anybody_sets_them_run_out_nowhere(
    open_page: Open, short_page: Path
) -> None:
    """At twice the size on a phone."""
    opened = open_page(short_page, viewport={"width": 390, "height": 844})
    opened.run("document.documentElement.style.fontSize = '200%'")
    opened.seek(20.0)
    assert opened.run("document.documentElement.scrollWidth") <= 390


def test_nothing_moves_for_those_who_want_it_still(open_page: Open, short_page: Path) -> None:
    """With prefers-reduced-motion there is no transition and no animation."""
    opened = open_page(short_page, reduced_motion="reduce")
    moving = opened.run(
        "[...document.querySelectorAll('*')].filter(each => { const style = getComputedStyle(each);"
        "return !/^(0s)?$/.test(style.transitionDuration) || !/^(none)?$/.test(style.animationName); }).map(each => each.id || each.tagName)"
    )
    assert not moving


def test_a_screen_reader_is_told_what_one_did_and_never_over_the_coach(
    open_page: Open, short_page: Path
) -> None:
    """The one live region stays still while a sentence is spoken; what plays on is told by the coach alone."""
    opened, session = open_page(short_page), session_of(short_page)
    live = opened.run(
        "document.querySelectorAll('[aria-live]:not([aria-live=off]), [role=status], [role=alert]').length"
    )
    assert live == 1
    assert opened.page.locator("#number").get_attribute("aria-live") == "off"
    watch = (
        "window.told = []; new MutationObserver(() => window.told.push([document.getElementById('status').textContent,"
        "document.getElementById('audio').currentTime])).observe(document.getElementById('status'),"
        "{childList: true, characterData: true, subtree: true})"
    )
    opened.run(watch)
    opened.play()
    opened.page.locator("#chapters button").nth(1).click()  # the coach speaks at once there
    opened.until("window.told.length > 0", seconds=30)
    text, seconds = opened.run("window.told[0]")
    assert text == "Side stretch"
    assert not any(
        one["start_seconds"] - 1e-3 <= seconds < one["end_seconds"] - 0.05
        for one in session["captions"]
    )
    opened.page.wait_for_timeout(3000)
    assert opened.run("window.told.length") == 1
    opened.page.locator("#play").click()
    opened.until("window.told.length > 1")
    assert opened.run("window.told[1][0]").startswith("Paused at 0:")


def test_dark_and_light_are_chosen_and_remembered(open_page: Open, short_page: Path) -> None:
    """The system's choice at first, then the person's."""
    opened = open_page(short_page, color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = opened.run(ground)
    assert opened.text("scheme") == "Light"
    opened.page.locator("#scheme").click()
    assert opened.run(ground) == "rgb(255, 255, 255)" != dark
    opened.page.reload()
    assert opened.run(ground) == "rgb(255, 255, 255)"
    assert opened.text("scheme") == "Dark"


def test_full_screen_comes_and_goes(open_page: Open, short_page: Path) -> None:
    """By the button, which says what it will do."""
    opened = open_page(short_page)
    button = opened.page.locator("#full-screen")
    button.click()
    opened.until("document.fullscreenElement !== null")
    assert button.inner_text() == "Leave full screen"
    button.click()
    opened.until("document.fullscreenElement === null")


def test_what_strangers_write_is_text(open_page: Open, tmp_path: Path) -> None:
    """Script tags, quotes, marks of direction and ten thousand letters: read as they stand, and nothing runs."""
    from dataclasses import replace

    from tests.support.building import compiled, routine, step
    from voicecoach.export.page.as_html import render
    from voicecoach.export.page.model import page_of

    hostile = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>\"'&amp;\u202e "
    text = (hostile * 100)[:10_000]
    made = compiled(
        replace(
            routine(
                step("a", "hold 5s", name=text, say=text, position=text, setup_seconds=9000),
                opening=text,
            ),
            title=text,
        )
    )
    path = tmp_path / "hostile.html"
    path.write_bytes(render(page_of(made), audio="data:audio/mpeg;base64,"))
    opened = open_page(path, viewport={"width": 390, "height": 844})
    opened.page.wait_for_timeout(300)
    assert opened.run("window.broken") is None
    assert opened.run("document.images.length") == 0
    assert "<script>window.broken = 1</script>" in opened.page.locator("h1").inner_text()
    assert "\u202e" not in opened.page.content()
    assert opened.run("document.documentElement.scrollWidth") <= 390
    assert opened.run("document.getElementById('stage').getBoundingClientRect().height") < 2000


def test_the_place_in_another_session_is_not_taken_for_it(
    open_page: Open, short_page: Path, tmp_path: Path
) -> None:
    """The place belongs to the session: a changed one begins anew."""
    session = session_of(short_page)
    other = export(short_page.with_name("short.toml"), tmp_path / "other.html", "--pace", "calm")
    assert session_of(other)["id"] != session["id"]
    assert json.dumps(session_of(other)["title"]) == json.dumps(session["title"])
