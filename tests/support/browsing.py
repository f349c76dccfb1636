"""A real browser in which pages are tried: Chromium, as it is installed, driven by Playwright.

The fixture `browser` is in conftest.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = (
    *("--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
)

SHORT = """\
voicecoach = 1
title = "Short & sweet"
summary = "A short session for the tests."
audience = "adult"
language = "en"
opening = [{ say = "Welcome. This is short." }]
closing = [{ say = "Well done." }]

[[steps]]
slug = "stretch"
name = "Side stretch"
position = "standing, feet apart"
say = "Reach over to the side."
dose = "hold 5s each side, change 6s"
setup = 12
rest_after = 6

[[steps]]
slug = "bridge"
name = "Bridge"
position = "lying on the back, knees bent"
say = "Lie down on your back. Lift your hips."
dose = "3 reps, tempo 1-0-1"
setup = 12
rest_after = 4
"""

WATCHES_CALLS = """
window.calls = [];
const note = (name, value) => window.calls.push([name, value]);
if (navigator.wakeLock) {
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    const lock = await request(kind);
    window.lock = lock;
    note("lock", kind);
    lock.addEventListener("release", () => note("release", kind));
    return lock;
  };
}
if (navigator.mediaSession) {
  window.actions = {};
  const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
  navigator.mediaSession.setActionHandler = (name, action) => { window.actions[name] = action; set(name, action); };
  const place = navigator.mediaSession.setPositionState.bind(navigator.mediaSession);
  navigator.mediaSession.setPositionState = (state) => { note("place", state); place(state); };
}
"""
"""Keeps a record of what the page asks of the browser, which does it all the same."""

ON_AN_INSECURE_ORIGIN = """
delete Navigator.prototype.wakeLock;
delete Navigator.prototype.mediaSession;
"""
"""What a plain address in the local network lacks."""

FORGETS_PLACES = """
const clock = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
const played = new WeakSet();
document.addEventListener("playing", (event) => played.add(event.target), true);
Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
  get() { return clock.get.call(this); },
  set(seconds) { if (played.has(this)) clock.set.call(this, seconds); },
});
"""
"""Takes no place in audio that never played, as Safari on an iPhone does (video.js issues 4696 and 5467)."""

HIDES_THE_PAGE = (
    "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    "document.dispatchEvent(new Event('visibilitychange')); }"
)
"""Makes a page believe that it is hidden, or seen again."""


def session_of(page: Path) -> dict[str, Any]:
    """Return the session as it stands in a page."""
    found = re.search(
        r'<script type="application/json" id="session">(.*?)</script>',
        page.read_text("utf-8"),
        re.DOTALL,
    )
    assert found
    session: dict[str, Any] = json.loads(found[1])
    return session


def hindrances(page: Page) -> list[tuple[str, str]]:
    """Return what axe calls serious or critical in a page: the rule, and the first element."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        (one["id"], one["nodes"][0]["html"])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def export(source: Path, target: Path, *options: str) -> Path:
    """Export a routine as a page, as a person would; return the page."""
    command = [sys.executable, "-m", "voicecoach", "export", str(source), "--format", "html"]
    subprocess.run(
        [*command, "-o", str(target), "--voice", "silent", "--force", *options],
        check=True, capture_output=True, timeout=100, cwd=target.parent,
    )  # fmt: skip
    return target


@dataclass
class Opened:
    """A page that is open, and what the browser complained of."""

    page: Page
    context: BrowserContext
    errors: list[str]
    requests: list[str]

    def text(self, name: str) -> str:
        """Return what an element says."""
        return self.page.locator(f"#{name}").inner_text()

    def run(self, program: str, argument: Any = None) -> Any:
        """Run a program in the page and return what it gives."""
        return self.page.evaluate(program, argument)

    def until(self, expression: str, *, seconds: float = 30.0) -> None:
        """Wait until an expression is true in the page.

        Asked from outside: what Playwright would ask from within is refused by the policy of the page.
        """
        end = time.monotonic() + seconds
        while not self.run(f"() => Boolean({expression})"):
            assert time.monotonic() < end, f"not within {seconds} s: {expression}"
            self.page.wait_for_timeout(20)

    @property
    def seconds(self) -> float:
        """Return where the audio is."""
        return float(self.run("document.getElementById('audio').currentTime"))

    @property
    def is_playing(self) -> bool:
        """Return whether the audio is playing."""
        return bool(self.run("!document.getElementById('audio').paused"))

    def seek(self, seconds: float) -> None:
        """Put the audio at a time, and wait until the browser has done it."""
        self.run(
            "seconds => new Promise(done => { const audio = document.getElementById('audio');"
            "audio.addEventListener('seeked', () => requestAnimationFrame(() => done()), {once: true});"
            "audio.currentTime = seconds; })",
            seconds,
        )

    def play(self) -> None:
        """Press the button, and wait until it plays."""
        self.page.locator("#play").click()
        self.until("!document.getElementById('audio').paused")


def opened_in(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Yield what opens a file or an address in a context of its own, and close all of them in the end."""
    contexts = []

    def open_page(where: Path | str, *, script: str = "", **options: Any) -> Opened:
        context = browser.new_context(**options)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        found = Opened(page, context, [], [])
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and found.errors.append(message.text),
        )
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(where if isinstance(where, str) else where.as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()
