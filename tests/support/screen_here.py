"""Runs a display over a bundled routine, fast, in the terminal it runs in; run by the tests, and by hand.

    python -m tests.support.screen_here ROUTINE [--speed 30] [--plain] [--from 120] [--freeze] [--mode paused]

It shows what playing shows, twenty times a second, with nominal lengths and without sound.
"""

from __future__ import annotations

import argparse
import sys
import time
from bisect import bisect_right
from typing import TYPE_CHECKING

from tests.support.building import compiled
from voicecoach.cli.playing.screen import open_screen
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.now_playing import NowPlaying
from voicecoach.play.transport import Mode
from voicecoach.script.moments import moment_at

if TYPE_CHECKING:
    from voicecoach.script.model import Script


def now_at(
    script: Script, seconds: float, mode: Mode = Mode.PLAYING, message: str = ""
) -> NowPlaying:
    """Return what is going on at a time of a session that plays straight on."""
    index = bisect_right(script.starts_seconds, seconds) - 1
    offset = seconds - script.starts_seconds[index]
    moment = moment_at(script.segments[index], offset, index=index, routine=script.routine)
    return NowPlaying(
        script.routine.title, mode, moment, seconds, script.duration_seconds,
        total_is_exact=True, volume_percent=100, rate=1.0, speakers="Speakers", message=message,
    )  # fmt: skip


def load(name: str) -> Script:
    """Return a bundled routine, compiled with nominal lengths."""
    library = Library()
    return compiled(load_routine(library.find_routine(name), library))


def main() -> None:
    """Show a session."""
    parser = argparse.ArgumentParser()
    parser.add_argument("routine")
    parser.add_argument("--speed", type=float, default=30)
    parser.add_argument("--from", dest="start", type=float, default=0)
    parser.add_argument("--until", type=float, default=float("inf"))
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--freeze", action="store_true", help="stay where it starts")
    parser.add_argument("--mode", type=Mode, default=Mode.PLAYING)
    parser.add_argument("--message", default="")
    parser.add_argument("--fail", action="store_true", help="raise an exception at the end")
    wanted = parser.parse_args()
    script = load(wanted.routine)
    began = time.monotonic()
    seconds = wanted.start
    with open_screen(plain=wanted.plain) as screen:
        while seconds < min(wanted.until, script.duration_seconds):
            screen.show(now_at(script, seconds, wanted.mode, wanted.message))
            time.sleep(0.05)
            if not wanted.freeze:
                seconds = wanted.start + (time.monotonic() - began) * wanted.speed
        screen.show(now_at(script, script.duration_seconds, Mode.ENDED))
        if wanted.fail:
            sys.exit("as an error would end it")


if __name__ == "__main__":
    main()
