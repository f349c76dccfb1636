"""Words and questions to a person before a session plays, for their safety."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from voicecoach.cli.asking import ask, is_somebody_there
from voicecoach.cli.clock import local_now
from voicecoach.cli.output import say
from voicecoach.errors import PlaybackError
from voicecoach.language.phrases import load_phrases
from voicecoach.practice.consents import load_consents, save_consents
from voicecoach.practice.plan import FreshPain
from voicecoach.practice.refusing import refusal
from voicecoach.routine.model import Spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.practice.record import Practice
    from voicecoach.practice.refusing import NamedReason
    from voicecoach.routine.model import Routine

_YES, _NO = frozenset({"y", "yes"}), frozenset({"n", "no"})


def has_heard_disclaimer() -> bool:
    """Return True if this person has heard, before an exercise, that this is no medical advice."""
    return bool(load_consents().disclaimer_on)


def with_disclaimer(routine: Routine) -> Routine:
    """Return the routine with the disclaimer in front, and show that in writing, too."""
    phrases = load_phrases(routine.language, routine.audience)
    say(phrases.print("footer"))
    return replace(routine, opening=(Spoken(phrases.disclaimer), *routine.opening))


class FirstSession:
    """Keeps that the disclaimer was heard, when the first exercise of its session begins.

    People who leave before that, or have no sound, hear it the next time.
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


def may_play(
    routine: Routine,
    name: str,
    history: Callable[[], Sequence[Practice]],
    *,
    yes: bool,
    again: bool,
) -> bool:
    """Ask whether one of the reasons to skip a routine is true for this person; return False if so.

    It does not ask within a year of a no, except for `again`, nor with `yes`, which says that
    somebody has read the reasons. The coach speaks them in any case. `name` calls the routine,
    `history` is what was practised, oldest first.

    Raises PlaybackError where nobody is there to answer and, whatever the options, after fresh pain
    and where nobody here can take back a reason that somebody named.
    """
    reasons, today = routine.contraindications, _today()
    if not reasons:
        return True
    consents = load_consents()
    sessions = history()
    against = refusal(routine, consents, sessions, today)
    if isinstance(against, FreshPain):
        raise PlaybackError(_after_pain(routine, against, sessions, today))
    if against is not None and (yes or not is_somebody_there()):
        raise PlaybackError(_after_a_reason(routine, name, against))
    if yes or (against is None and consents.says_none_applies(reasons, today) and not again):
        return True
    if not is_somebody_there():
        raise PlaybackError(
            f"{routine.title}: nobody is here to say whether a reason to skip it is true for them. "
            f"Read the reasons: voicecoach show {name}. If none is true, play it with --yes"
        )
    say(f"Please read this before {routine.title}:")
    for number, reason in enumerate(reasons, 1):
        say(f"  {number}. {reason.spoken}")
    if elsewhere := consents.answered(reasons, today, one_applies=False).one_applies_on:
        day = max(elsewhere.values())
        say(
            f"  {len(reasons) + 1}. Before another routine you said yes to this question, on {day}."
        )
        say("     Answer yes if that still holds.")
    applies = _is_one_true()
    answered = consents.answered(reasons, today, one_applies=applies)
    kept = save_consents(answered if applies else replace(answered, one_applies_on={}))
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


_RELAX = "voicecoach play relaxation"


def _after_a_reason(routine: Routine, name: str, reason: NamedReason) -> str:
    on = f" on {reason.said_on}" if reason.said_on else ""
    return (
        f"{routine.title}: not played, because you said{on} that a reason against weights is true"
        " for you.\nIf none is true any more, answer no at a terminal:"
        f" voicecoach play {name} --ask-again\nGood without weights: {_RELAX}"
    )


def _after_pain(routine: Routine, pain: FreshPain, history: Sequence[Practice], today: date) -> str:
    is_today = pain.last == today
    day = "today" if is_today else f"on {pain.last}"
    lines = [f"{routine.title}: not played, because something hurt {day}, as your log says."]
    if pain.repeats:
        lines.append(
            "It hurt more than once of late: see a doctor or physiotherapist first. Weights come"
            " back after some sessions that do not hurt, if you say so after each: voicecoach log"
            " --pain no"
        )
    else:
        lines.append(f"Weights come back {_when_weights_come_back(pain, today)}.")
    lines.append(
        f"Rest today; from tomorrow on this is good: {_RELAX}"
        if is_today
        else f"Good without weights: {_RELAX}"
    )
    last = history[-1]
    if last.pain and last.audience is routine.audience:
        lines.append("If the last session did not hurt after all: voicecoach log --pain no")
    return "\n".join(lines)


def _when_weights_come_back(pain: FreshPain, today: date) -> str:
    day = pain.weights_from
    if pain.practised_on is not None:
        return "tomorrow" if day == today + timedelta(days=1) else f"on {day}"
    sooner = f", but not before {day}" if day > today else ""
    return f"the day after a session that does not hurt{sooner}"


def _is_one_true() -> bool:
    """Ask until the answer is a clear one."""
    while True:
        answer = ask("Is one of these true for you? Type yes or no:").casefold()
        if answer in _YES | _NO:
            return answer in _YES
        say("Please type yes or no, then press Enter.")


def _today() -> date:
    return local_now().date()
