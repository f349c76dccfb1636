"""Questions to a person when a session is over: how hard it was, and whether anything hurt.

One key each, and no key is an answer, too: nobody may be there any more.
"""

from __future__ import annotations

import sys
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from voicecoach.cli.output import say
from voicecoach.cli.playing.keys import SingleKeys
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_SECONDS: Final = 60.0
_SETTLE_SECONDS: Final = 0.3
"""Keys pressed until then were meant for the session."""
_LOOK_SECONDS: Final = 0.25

_SKIP: Final = frozenset({"\n", "\r", " "})
EFFORTS: Final = {str(effort): effort for effort in range(10)} | {"t": 10}
PAINS: Final = {"y": True, "n": False}

_HOW_HARD: Final = {
    Audience.ADULT: "How hard was it?",
    Audience.CHILD: "For the grown-up: how hard was it?",
}
_DID_IT_HURT: Final = {
    Audience.ADULT: "Did anything hurt?",
    Audience.CHILD: "For the grown-up: did anything hurt your child?",
}
_AFTER_PAIN: Final = {
    Audience.ADULT: "Then rest now, and take your time.",
    Audience.CHILD: "Then let your child rest now, and take your time.",
}

_Answer = TypeVar("_Answer", int, bool)


class Rate(Protocol):
    """Writes down how it was, each answer as it is given."""

    def __call__(self, *, effort: int | None = None, pain: bool | None = None) -> None:
        """Write down what was said; None was not."""


def ask_how_it_was(audience: Audience, rate: Rate, *, seconds: float = ANSWER_SECONDS) -> None:
    """Ask both questions on the terminal, and wait `seconds` for each answer.

    Who says nothing in that time is gone, and Ctrl-C ends it at once; earlier answers are kept.
    """
    pressed: SimpleQueue[str] = SimpleQueue()
    try:
        with SingleKeys(pressed.put):
            time.sleep(_SETTLE_SECONDS)
            while not pressed.empty():
                pressed.get()
            choice = "0 (easy) to 9, t for ten, Enter skips: "
            is_there, effort = _ask(f"{_HOW_HARD[audience]} {choice}", EFFORTS, pressed, seconds)
            rate(effort=effort)
            if is_there:
                choice = "y, n, Enter skips: "
                _, pain = _ask(f"{_DID_IT_HURT[audience]} {choice}", PAINS, pressed, seconds)
                rate(pain=pain)
                if pain:
                    say_after_pain(audience)
    except KeyboardInterrupt:
        say()


def say_after_pain(audience: Audience) -> None:
    """Say what to do when something hurt."""
    say(f"{_AFTER_PAIN[audience]} The next suggestion will be gentler.")
    say("If the pain stays or comes back, please see a doctor.")


def _ask(
    question: str, answers: Mapping[str, _Answer], pressed: SimpleQueue[str], seconds: float
) -> tuple[bool, _Answer | None]:
    """Return True if somebody is there, and the answer, if there is one."""
    print(question, end="", file=sys.stderr, flush=True)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            key = pressed.get(timeout=_LOOK_SECONDS).lower()
        except Empty:
            continue
        if key in answers:
            answer = answers[key]
            say(str(answer) if not isinstance(answer, bool) else "yes" if answer else "no")
            return True, answer
        if key in _SKIP:
            say("no answer")
            return True, None
    say("no answer")
    return False, None
