"""What a person is told and asked before a session plays, for their safety."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from voicecoach.cli.asking import ask, is_somebody_there
from voicecoach.cli.clock import local_now
from voicecoach.cli.output import say
from voicecoach.consents import load_consents, save_consents
from voicecoach.errors import PlaybackError
from voicecoach.phrases import load_phrases
from voicecoach.routine import Spoken

if TYPE_CHECKING:
    from datetime import date

    from voicecoach.now_playing import NowPlaying
    from voicecoach.routine import Routine

_YES, _NO = frozenset({"y", "yes"}), frozenset({"n", "no"})


def has_heard_disclaimer() -> bool:
    """Return whether this person has heard, before an exercise, that this is no medical advice."""
    return bool(load_consents().disclaimer_on)


def with_disclaimer(routine: Routine) -> Routine:
    """Return the routine such that it begins with the disclaimer, which is shown in writing, too."""
    phrases = load_phrases(routine.language, routine.audience)
    say(phrases.print("footer"))
    return replace(routine, opening=(Spoken(phrases.disclaimer), *routine.opening))


class FirstSession:
    """Keeps that the disclaimer was heard, once a session that begins with it has gone beyond its opening.

    Who leaves before that, or has no sound, hears it the next time.
    """

    def __init__(self) -> None:
        self._has_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._has_begun:
            save_consents(load_consents().told_disclaimer(_today()))

    def show(self, now: NowPlaying) -> None:
        """Notice the first exercise."""
        if now.moment is not None and now.moment.exercise_number:
            self._has_begun = True


def may_play(routine: Routine, name: str, *, yes: bool, again: bool) -> bool:
    """Ask whether one of the reasons to skip a routine is true for this person; return False if so.

    Not where they have said within a year that none is, unless it is to be asked again; and with `yes`
    nobody is asked, because somebody has read the reasons. The coach speaks them in any case. `name` is
    what the routine is called by. Raises PlaybackError where nobody is there to answer.
    """
    reasons, today = routine.contraindications, _today()
    if not reasons or yes:
        return True
    consents = load_consents()
    if consents.says_none_applies(reasons, today) and not again:
        return True
    if not is_somebody_there():
        raise PlaybackError(
            f"{routine.title}: nobody is here to say whether a reason to skip it is true for them. "
            f"Read the reasons: voicecoach show {name}. If none is true, play it with --yes"
        )
    say(f"Please read this before {routine.title}:")
    for number, reason in enumerate(reasons, 1):
        say(f"  {number}. {reason.spoken}")
    applies = _is_one_true()
    kept = save_consents(consents.answered(reasons, today, one_applies=applies))
    if applies:
        say("Then leave it out, and ask your doctor or midwife before you use weights.")
        say("Good without weights: voicecoach play relaxation")
        if kept:
            say(f"Your plan has no weights from now on. If this changes: voicecoach play {name}")
    elif kept:
        say("Thank you. You are asked again in a year; sooner with --ask-again.")
    if not kept:
        say("Your answer cannot be kept here, so you will be asked again next time.")
    return not applies


def _is_one_true() -> bool:
    """Return a plain answer; only a clear one is taken."""
    while True:
        answer = ask("Is one of these true for you? Type yes or no:").casefold()
        if answer in _YES | _NO:
            return answer in _YES
        say("Please type yes or no, then press Enter.")


def _today() -> date:
    return local_now().date()
