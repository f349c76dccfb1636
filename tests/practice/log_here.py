"""Uses the practice log in a process of its own, for tests that kill it or give it no room.

python -m tests.practice.log_here write NAME COUNT    logs so many sessions and tells each that is done
python -m tests.practice.log_here fill BYTES          logs sessions until a file may not be larger
python -m tests.practice.log_here nobody              reads and writes as a user without any rights
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from voicecoach.errors import PracticeLogError
from voicecoach.practice.log import load_history, rate_practice, save_practice
from voicecoach.practice.record import Practice
from voicecoach.routine.model import Audience, Level

HALF_PAST_SIX = datetime(2026, 3, 4, 18, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
EXERCISES = 8
STEPS_A_SESSION = 6
"""How many times `write` changes the log for each session."""
_NOBODY = 65534


def a_session(number: int = 1, **other: Any) -> Practice:
    """Return a session with something in each field."""
    session = Practice(
        session_id=f"session-{number}", begun_at=HALF_PAST_SIX + timedelta(hours=number),
        routine="main", title="Größe 'x' \"y\" 🙂", audience=Audience.ADULT, seconds=123.4,
        exercises_done=3, exercises=EXERCISES, finished=False, level=Level.EASY, effort=7, pain=True,
        muscles=("trapezius", "latissimus-dorsi"), weights=True,
    )  # fmt: skip
    return replace(session, **other)


def tell(text: object) -> None:
    """Print a line now."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write(name: str, count: str) -> None:
    """Log sessions as playing does: at the start, at each exercise, at the end, and when they are rated."""
    tell("ready")
    for number in range(int(count)):
        session = a_session(number, session_id=f"{name}-{number}", effort=None, pain=None)
        for done in range(4):
            save_practice(replace(session, exercises_done=done))
        save_practice(replace(session, exercises_done=EXERCISES, finished=True))
        rate_practice(session.session_id, effort=number % 11, pain=False)
        tell(session.session_id)


def fill(room_bytes: str) -> None:
    """Log sessions until there is no room, and tell how many were kept and what was said."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room_bytes), int(room_bytes)))
    for kept in range(1000):
        try:
            save_practice(a_session(100 + kept, title="x" * 500))
        except PracticeLogError as error:
            tell(f"{kept} {error}")
            return


def nobody() -> None:
    """Tell how many sessions can be read, and what is said when one is written."""
    if os.getuid() == 0:
        os.setuid(_NOBODY)
    tell(len(load_history()))
    try:
        save_practice(a_session(2))
    except PracticeLogError as error:
        tell(error)


if __name__ == "__main__":
    {"write": write, "fill": fill, "nobody": nobody}[sys.argv[1]](*sys.argv[2:])
