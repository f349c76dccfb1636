"""Which routine is played where nobody names one: the plan's next, or what a person chooses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.cli.asking import ask, is_somebody_there
from voicecoach.cli.clock import local_now
from voicecoach.cli.options import routines_for
from voicecoach.cli.output import say
from voicecoach.errors import PlaybackError
from voicecoach.fitting.lengths import minutes_of
from voicecoach.practice.consents import load_consents
from voicecoach.practice.plan import suggest
from voicecoach.practice.programme import load_programme
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from voicecoach.library.library import Library
    from voicecoach.practice.plan import PlannedSession
    from voicecoach.routine.model import Routine

FALLBACK = {Audience.ADULT: "relaxation", Audience.CHILD: "children"}
"""For a day on which the plan has nothing left: one may do these every day."""

_QUESTIONS = {Audience.ADULT: "Which one?", Audience.CHILD: "What shall we play?"}


@dataclass(frozen=True)
class ChosenRoutine:
    """A routine that was chosen, and the level that it is to be done at."""

    name: str
    level: Level


def choose(
    for_whom: Audience | None, library: Library, wished: Level, *, is_named: bool, asks: bool
) -> ChosenRoutine | None:
    """Return the routine to play, and say why; None where rest is better, or nobody wants any.

    Its level is that of the plan, or the one `wished` where that is easier or `is_named` for this
    session. On a terminal a person chooses among the routines for them, the plan's next being the
    first; in a pipe, and where nobody is to be asked, it is the plan's next. Where something hurt
    and the plan has nothing for today, there is no offer unasked. PlaybackError: no routine.
    """
    from voicecoach.cli.playing.logbook import history_if_any

    audience = for_whom or Audience.ADULT
    found = sorted(routines_for(for_whom, library), key=lambda one: one.audience is not audience)
    routines = {routine.slug: routine for routine in found}
    if not routines:
        raise PlaybackError("there is no routine for them here; those there are: voicecoach list")
    allowed = load_consents().allows_weights
    suggestion = suggest(history_if_any(), local_now(), audience, weights_allowed=allowed)
    planned = [
        replace(one, level=wished if is_named else min(wished, one.level, key=list(Level).index))
        for one in suggestion.sessions
        if one.routine in routines
    ]
    words = suggestion.reasons if not planned else ()
    for line in (*words, *suggestion.must_say):
        say(line)
    may_go_on = not set(suggestion.must_say) - {load_programme().without_weights}
    levels = dict.fromkeys(routines, wished) | {one.routine: one.level for one in planned}
    first = _first(planned, routines, audience, may_go_on=may_go_on)
    if asks and is_somebody_there():
        chosen = _asked(first, levels, routines, audience, is_planned=bool(planned))
    elif first is None:
        say("So nothing is played. To play one without weights, name it: voicecoach play NAME")
        return None
    else:
        chosen = first
        say(_told(ChosenRoutine(first, levels[first]), planned))
    return None if chosen is None else ChosenRoutine(chosen, levels[chosen])


def _first(
    planned: list[PlannedSession],
    routines: dict[str, Routine],
    audience: Audience,
    *,
    may_go_on: bool,
) -> str | None:
    """Return the first offer: the plan's next, or a routine that is good on any day, if any is."""
    if planned:
        return planned[0].routine
    if not may_go_on:
        return None
    harmless = [
        slug
        for slug, routine in routines.items()
        if routine.audience is audience and not routine.contraindications
    ]
    usual = FALLBACK[audience]
    return usual if usual in harmless else next(iter(harmless), None)


def _told(chosen: ChosenRoutine, planned: list[PlannedSession]) -> str:
    at_level = f" at level {chosen.level}" if chosen.level is not Level.STANDARD else ""
    if planned:
        why = f" ({planned[0].reason})" if planned[0].reason else ""
        return f"No routine named, so this is your plan's next: {chosen.name}{at_level}{why}."
    return f"No routine named, so this is {chosen.name}, which is good on any day."


def _asked(
    first: str | None,
    levels: dict[str, Level],
    routines: dict[str, Routine],
    audience: Audience,
    *,
    is_planned: bool,
) -> str | None:
    """Let a person choose by number or name; None where they want nothing."""
    names = [*filter(None, [first]), *(slug for slug in routines if slug != first)]
    for number, name in enumerate(names, 1):
        note = ""
        if name == first:
            note = "  (next in your plan)" if is_planned else "  (good on any day)"
        say(f"  {number}. {_described(routines[name], levels[name], audience)}{note}")
    question = (
        f"{_QUESTIONS[audience]} Type a number, or Enter for {'number 1' if first else 'nothing'}:"
    )
    while True:
        answer = ask(question).casefold()
        if not answer:
            if first is None:
                say("Nothing is played.")
            return first
        for number, name in enumerate(names, 1):
            if answer in {str(number), name.casefold()}:
                return name
        say(f"Please type a number from 1 to {len(names)}, then press Enter.")


def _described(routine: Routine, level: Level, audience: Audience) -> str:
    children = ", for children" if routine.audience is not audience else ""
    at_level = f", level {level}" if level is not Level.STANDARD else ""
    return f"{routine.title}{children}{at_level}, {minutes_of(routine, level)} min"
