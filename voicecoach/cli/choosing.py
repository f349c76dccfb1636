"""Which routine is played where nobody names one: the plan's next, or what a person chooses."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicecoach.cli.list_command import minutes_of
from voicecoach.cli.options import ForWhom, routines_for
from voicecoach.cli.output import say
from voicecoach.consents import load_consents
from voicecoach.errors import PlaybackError, PracticeLogError
from voicecoach.routine import Audience, Level

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.practice.plan import PlannedSession, Suggestion
    from voicecoach.routine import Routine

FALLBACK = {Audience.ADULT: "relaxation", Audience.CHILD: "children"}
"""What is played where the plan has nothing left for today: what may be done every day."""

_QUESTIONS = {Audience.ADULT: "Which one?", Audience.CHILD: "What shall we play?"}


@dataclass(frozen=True)
class Choice:
    """A routine that was chosen, and the level that the plan has it at."""

    name: str
    level: Level = Level.STANDARD


def choose(for_whom: ForWhom | None, library: Library, *, asks: bool) -> Choice | None:
    """Return what to play, and say why; None where it is better to rest, or nobody wants anything.

    On a terminal a person chooses among the routines for them, the plan's next being the first; in a
    pipe, and where nobody shall be asked, it is the plan's next. Where something hurt and the plan has
    nothing for today, nothing is offered unasked. Raises PlaybackError where there is no routine for them.
    """
    audience = Audience(for_whom.value) if for_whom else Audience.ADULT
    routines = {routine.slug: routine for routine in routines_for(for_whom, library)}
    if not routines:
        raise PlaybackError("no routine for them is here; voicecoach list shows those that are")
    suggestion = _suggestion(audience)
    planned = [one for one in suggestion.sessions if one.routine in routines]
    words = suggestion.reasons if not planned else ()
    for line in (*words, *suggestion.must_say):
        say(line)
    first = _first(planned, routines, audience, may_go_on=not suggestion.must_say)
    if asks and sys.stdin.isatty() and sys.stderr.isatty():
        return _asked(first, planned, routines, audience)
    if first is None:
        say("So nothing is played. To play a routine all the same, name it: voicecoach play NAME")
    else:
        say(_told(first, planned))
    return first


def _first(
    planned: list[PlannedSession],
    routines: dict[str, Routine],
    audience: Audience,
    *,
    may_go_on: bool,
) -> Choice | None:
    """Return what is offered first: the plan's next, or what is good on any day, if anything is."""
    if planned:
        return Choice(planned[0].routine, planned[0].level)
    usual = FALLBACK[audience]
    return Choice(usual if usual in routines else next(iter(routines))) if may_go_on else None


def _suggestion(audience: Audience) -> Suggestion:
    from voicecoach.practice.log import load_history
    from voicecoach.practice.plan import suggest

    try:
        history = load_history()
    except PracticeLogError as error:  # no reason not to exercise
        say(str(error))
        history = ()
    now = datetime.now(UTC).astimezone()
    return suggest(history, now, audience, weights_allowed=load_consents().allows_weights)


def _told(chosen: Choice, planned: list[PlannedSession]) -> str:
    at_level = f" at level {chosen.level}" if chosen.level is not Level.STANDARD else ""
    if planned:
        why = f" ({planned[0].reason})" if planned[0].reason else ""
        return f"No routine named, so this is your plan's next: {chosen.name}{at_level}{why}."
    return f"No routine named, so this is {chosen.name}, which is good on any day."


def _asked(
    first: Choice | None,
    planned: list[PlannedSession],
    routines: dict[str, Routine],
    audience: Audience,
) -> Choice | None:
    """Let a person choose by number or name; None where they want nothing."""
    others = [Choice(slug) for slug in routines if first is None or slug != first.name]
    choices = [first, *others] if first else others
    for number, choice in enumerate(choices, 1):
        routine = routines[choice.name]
        note = ""
        if choice is first:
            note = "  (your plan has it next)" if planned else "  (good on any day)"
        level = f", level {choice.level}" if choice.level is not Level.STANDARD else ""
        say(f"  {number}. {routine.title}{level}, {minutes_of(routine)} min{note}")
    what = _QUESTIONS[audience]
    question = f"{what} A number, or Enter for {'1' if first else 'nothing'}: "
    while True:
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        answer = line.strip()
        if not line:
            raise PlaybackError("nobody chose, so nothing is played")
        if not answer:
            return first
        if answer in routines:
            return next(choice for choice in choices if choice.name == answer)
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1]
        say(f"A number from 1 to {len(choices)}, please.")
