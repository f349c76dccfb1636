"""The content of the printed sheet of a routine, whatever it is printed with.

Pure: a Routine in, texts out. Every text is complete, in the language of the routine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.letters import visible
from voicecoach.language.phrases import capitalise, load_phrases
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Audience, Spoken
from voicecoach.script.coach import Coach
from voicecoach.script.compiler import nominal_minutes
from voicecoach.script.durations import NominalDurations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.dose import Dose
    from voicecoach.routine.model import Routine, Step

ACCENTS: Final = {Audience.ADULT: "#17545f", Audience.CHILD: "#6b3fa0"}
"""The colour of numbers, rules and headings: dark, so that it is legible printed in black."""
WEEKS: Final = 2
_SHORTEST_REST_SECONDS: Final = 10
"""Shorter rests after an exercise are time to get ready, and not printed."""


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise."""

    number: int
    """On the sheet, from 1, as the screen counts when the same steps are played. `--from` and
    `--only` take the number in the whole routine instead."""
    name: str
    start: str
    """`Start: lying on your back`; empty where nothing is known."""
    instruction: str
    care: str
    """`Take care: …`; empty where there is nothing to say."""
    dose: tuple[str, ...]
    """What counts most comes first."""


@dataclass(frozen=True)
class ExerciseGroup:
    """Exercises that are done as one, or one exercise."""

    rows: tuple[ExerciseRow, ...]
    heading: str = ""
    """`These belong together`; empty for one exercise."""


@dataclass(frozen=True)
class Check:
    """A paragraph to read before starting."""

    text: str
    strong: bool = False
    """For the reasons not to do the routine."""


@dataclass(frozen=True)
class Sheet:
    """A routine as it hangs on a fridge."""

    language: str
    title: str
    for_whom: str
    """`for adults · about 9 min · level: beginner`."""
    need: str
    summary: str
    before: str
    """The heading of the checks."""
    checks: tuple[Check, ...]
    stop_lines: tuple[str, ...]
    groups: tuple[ExerciseGroup, ...]
    remark: str
    """For all exercises; usually empty."""
    more: str
    """The heading of `about`."""
    about: str
    done: str
    """The heading of the boxes to tick."""
    weeks: tuple[str, ...]
    days: tuple[str, ...]
    footer: str
    accent: str

    @property
    def rows(self) -> Iterator[ExerciseRow]:
        """Yield the exercises in order."""
        for group in self.groups:
            yield from group.rows


def sheet_of(routine: Routine) -> Sheet:
    """Return the sheet of a routine; its minutes are those of `voicecoach list`."""
    phrases = load_phrases(routine.language, routine.audience)
    seconds_a_word = phrases.word_seconds
    minutes = nominal_minutes(routine, phrases, seconds_a_word)
    coach = Coach(routine, phrases, NominalDurations(seconds_a_word), minutes)
    whom = phrases.print(routine.audience.value)
    if routine.adult_nearby:
        whom = phrases.print("with_grown_up", audience=whom)
    about = [whom, phrases.print("minutes", minutes=minutes)]
    if routine.level:
        about.append(phrases.print("level", level=routine.level))
    things = phrases.listing([thing.spoken for thing in routine.equipment])
    all_optional = all(step.optional for step in routine.steps)
    stops = (step.stop_line for step in routine.steps if step.stop_line)
    return Sheet(
        language=phrases.language,
        title=visible(routine.title),
        for_whom=visible(" · ".join(about)),
        need=visible(phrases.print("need" if things else "need_nothing", equipment=things)),
        summary=visible(routine.summary),
        before=phrases.print("before"),
        checks=tuple(_checks(coach)),
        stop_lines=tuple(dict.fromkeys(map(visible, stops))),
        groups=tuple(_groups(coach, say_optional=not all_optional)),
        remark=phrases.print("all_optional") if all_optional else "",
        more=phrases.print("more"),
        about=visible(routine.about),
        done=phrases.print("done"),
        weeks=tuple(phrases.print("week", number=number + 1) for number in range(WEEKS)),
        days=phrases.days(),
        footer=visible(phrases.print("footer")),
        accent=ACCENTS[routine.audience],
    )


def _checks(coach: Coach) -> Iterator[Check]:
    """Yield the shared checks of the opening; reasons not to start are a list."""
    reasons = {reason.spoken: reason.name for reason in coach.routine.contraindications}
    spoken = [item for item in coach.routine.opening if isinstance(item, Spoken) and item.block]
    for (_, is_list), items in groupby(spoken, lambda item: (item.block, item.text in reasons)):
        if is_list:
            yield Check(visible(" · ".join(reasons[item.text] for item in items)), strong=True)
        else:
            texts = [coach.phrases.fill(item.text, coach.values()) for item in items]
            yield Check(visible(" ".join(texts)))


def _groups(coach: Coach, *, say_optional: bool) -> Iterator[ExerciseGroup]:
    numbered = enumerate(coach.routine.steps, 1)
    for together, members in groupby(numbered, lambda each: each[1].together or each[0]):
        rows = tuple(_row(coach, *member, say_optional=say_optional) for member in members)
        is_group = isinstance(together, str) and len(rows) > 1
        yield ExerciseGroup(rows, coach.phrases.print("together") if is_group else "")


def _row(coach: Coach, number: int, step: Step, *, say_optional: bool) -> ExerciseRow:
    phrases = coach.phrases
    dose = list(dose_in_words(step.dose, phrases))
    if step.rest_after_seconds >= _SHORTEST_REST_SECONDS:
        rest = _duration(step.rest_after_seconds, phrases)
        dose.append(phrases.print("rest_after", duration=rest))
    if step.optional and say_optional:
        dose.append(phrases.print("optional"))
    return ExerciseRow(
        number,
        visible(step.name),
        visible(phrases.print("start_position", position=step.position)) if step.position else "",
        visible(phrases.fill(step.instruction, coach.values(step))),
        visible(phrases.print("care", note=step.safety_note)) if step.safety_note else "",
        tuple(capitalise(part) for part in dose),
    )


def dose_in_words(dose: Dose, phrases: Phrases) -> Iterator[str]:
    """Yield a dose as a patient reads it, in parts: `2 sets of 8`, `30 s rest between sets`."""
    work = _work(dose, phrases)
    if dose.sides is not Sides.NONE:
        work = phrases.print("each_side", work=work)
    if not dose.is_counted and dose.sets > 1:
        work = phrases.print("several_times", work=work, number=dose.sets)
    yield work
    if dose.sides is not Sides.NONE:
        sides = phrases.print(f"{dose.first_side}_first")
        if dose.sides is Sides.ALTERNATING:
            sides = f"{phrases.print('alternating')}, {sides}"
        yield sides
    if (tempo := dose.tempo) is not None:
        parts = {"away": f"{tempo.away_seconds:g}", "back": f"{tempo.back_seconds:g}"}
        if tempo.pause_seconds:
            yield phrases.print("tempo", pause=f"{tempo.pause_seconds:g}", **parts)
        else:
            yield phrases.print("tempo_without_pause", **parts)
    if dose.sets > 1:
        yield phrases.print("rest_between", duration=_duration(dose.rest_seconds, phrases))


def _work(dose: Dose, phrases: Phrases) -> str:
    """Return the work on one side, without the sets of a hold or of timed work."""
    if dose.is_counted:
        if len(set(dose.reps)) > 1:
            numbers = ", ".join(str(count) for count in dose.reps)
            return phrases.print("sets_that_differ", sets=dose.sets, numbers=numbers)
        if dose.sets > 1:
            return phrases.print("sets_of_times", sets=dose.sets, number=dose.reps[0])
        return phrases.print("once" if dose.reps[0] == 1 else "times", number=dose.reps[0])
    return phrases.print(dose.kind, duration=_duration(dose.seconds, phrases))


def _duration(seconds: float, phrases: Phrases) -> str:
    """Return a length in figures: `45 s`, `1 min`, `1 min 30 s`."""
    minutes, rest = divmod(round(seconds, 3), 60)
    if not minutes:
        return phrases.print("seconds", seconds=f"{rest:g}")
    if not rest:
        return phrases.print("whole_minutes", minutes=f"{minutes:g}")
    return phrases.print("minutes_and_seconds", minutes=f"{minutes:g}", seconds=f"{rest:g}")
