"""What a person is told and asked before a session plays, for their safety."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicecoach.cli.output import say
from voicecoach.consents import load_consents, save_consents
from voicecoach.errors import PlaybackError
from voicecoach.phrases import load_phrases
from voicecoach.routine import Spoken

if TYPE_CHECKING:
    from datetime import date

    from voicecoach.consents import Consents
    from voicecoach.routine import Routine

_YES, _NO = frozenset({"y", "yes"}), frozenset({"n", "no"})


def with_disclaimer(routine: Routine) -> Routine:
    """Return the routine such that it begins with the disclaimer, if this person has never heard it.

    It is shown in writing, too.
    """
    consents = load_consents()
    if consents.disclaimer_on:
        return routine
    phrases = load_phrases(routine.language, routine.audience)
    say(phrases.print("footer"))
    save_consents(consents.told_disclaimer(_today()))
    return replace(routine, opening=(Spoken(phrases.disclaimer), *routine.opening))


def ask_about_reasons(routine: Routine, *, yes: bool, again: bool) -> None:
    """Ask whether one of the reasons not to do a routine is true for this person.

    Not where they have said within a year that none is, unless it is to be asked again; and with `yes`
    nobody is asked, because somebody has read the reasons. The coach speaks them in any case. Raises
    PlaybackError where one of them is true, and where nobody is there to answer.
    """
    reasons, today = routine.contraindications, _today()
    if not reasons:
        return
    consents = load_consents()
    if yes or (consents.says_none_applies(reasons, today) and not again):
        return
    if not sys.stdin.isatty():
        raise PlaybackError(
            f"{routine.title}: there are {len(reasons)} reasons not to do it, and nobody is here to say "
            "whether one is true. Read them in `voicecoach show "
            f"{routine.slug}`, and when none is, add --yes"
        )
    say(f"{routine.title}: do not do it if one of these is true for you.")
    for number, reason in enumerate(reasons, 1):
        say(f"  {number}. {reason.name} ({reason.strength})")
    applies = _ask_yes_or_no("Is one of them true for you? Type yes or no, then Enter: ")
    _keep(consents.answered(reasons, today, one_applies=applies))
    if applies:
        raise PlaybackError(
            "Then leave it for now, and ask your doctor or midwife before using weights. "
            "Good without weights: voicecoach play relaxation, voicecoach play preliminary. "
            "Your plan leaves weights out from now on; if that changes, play this again and answer no"
        )


def _ask_yes_or_no(question: str) -> bool:
    """Return a plain answer; only a clear one is taken."""
    while True:
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise PlaybackError("nobody answered, so nothing is played")
        answer = line.strip().casefold()
        if answer in _YES | _NO:
            return answer in _YES


def _keep(consents: Consents) -> None:
    if not save_consents(consents):
        say("Your answer cannot be kept here, so you will be asked again next time.")


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
