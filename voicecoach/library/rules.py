"""Rules that no single key can check: of a step, of a whole routine, of routines for children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from voicecoach.language.phrases import SIDES
from voicecoach.library.child_limits import (
    Excess,
    excess_in_dose,
    excess_in_equipment,
    excess_in_total,
    excesses_in_words,
)
from voicecoach.library.circuits import Circuit, circuit_at
from voicecoach.library.texts import VARIABLE, texts_of, with_own_words
from voicecoach.messages import instead, quoted
from voicecoach.routine.anchors import NEEDS_SIDES, Occasion
from voicecoach.routine.dose import Dose, Sides
from voicecoach.routine.model import AuthorCue, Level, Spoken
from voicecoach.routine.redosing import is_of_one_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.library.shared import Shared
    from voicecoach.toml.document import Spot

MAX_TOTAL_SECONDS: Final = 12 * 3600
"""Of all steps together."""

_REP_VARIABLES: Final = frozenset({"reps", "reps_left", "reps_done"})


@dataclass(frozen=True)
class BlockUse:
    """A shared block in an opening, by name."""

    name: str
    spot: Spot


@dataclass(frozen=True)
class StepReading:
    """A step that has been read but for the things that it names elsewhere."""

    spot: Spot
    values: dict[str, Any]


def has_key(value: object, key: str) -> bool:
    """Return True if a value is a table with a key."""
    return isinstance(value, dict) and key in value


def check_side_words(spot: Spot, dose: Dose) -> None:
    """Refuse variables of a step that its dose gives no meaning to."""
    circuit = circuit_at(spot)
    has_sides = dose.sides is not Sides.NONE or (circuit is not None and circuit.alternating)
    refused = dict.fromkeys(() if has_sides else SIDES, "has no sides")
    if not dose.is_counted:
        refused |= dict.fromkeys(_REP_VARIABLES, "has no reps")
    for written in _texts_of_step(spot, "say", "brief"):
        for found in VARIABLE.finditer(cast("str", written.value)):
            if found[1] in refused:
                message = f'${found[1]} has no meaning here, the dose "{dose}" {refused[found[1]]}'
                fix = "leave it out, or change the dose"
                written.refuse(message, fix=fix, code="idle-variable", index=found.start())


def _texts_of_step(spot: Spot, *keys: str) -> Iterator[Spot]:
    table = cast("dict[str, Any]", spot.value)
    for key in keys:
        if key in table:
            yield from texts_of(spot.child(key))
    cues = table.get("cues")
    for index, cue in enumerate(cues if isinstance(cues, list) else []):
        if has_key(cue, "say"):
            yield from texts_of(spot.child("cues").child(index).child("say"))


def check_levels(spot: Spot, dose: Dose, levels: Mapping[Level, Dose]) -> None:
    """Refuse a dose of another nature, in which the words and cues of the step have no meaning."""
    for level, other in levels.items():
        if not is_of_one_kind(other, dose):
            message = f'{level}: "{other}" is another kind of work than "{dose}"'
            fix = (
                "change how long, how often or in how many sets, "
                "and leave sides and kind as they are"
            )
            spot.child("levels").child(level.value).refuse(message, fix=fix, code="level-dose")


def check_cue(spot: Spot, cue: AuthorCue, values: dict[str, Any]) -> None:
    """Refuse a cue that could never be spoken."""
    dose: Dose = values["dose"]
    table = cast("dict[str, Any]", spot.value)
    if cue.set_number > dose.sets:
        sets = "one set" if dose.sets == 1 else f"{dose.sets} sets"
        message = f"set = {cue.set_number}, but the dose has {sets}"
        fix = f"write {dose.sets} or less, or leave it out"
        spot.child("set").refuse(message, fix=fix, code="never-spoken")
        return
    is_in_work = cue.anchor.occasion is Occasion.WORK
    if cue.side and dose.sides is not Sides.ONE_AT_A_TIME:
        message, fix = NEEDS_SIDES
        spot.child("side").refuse(f"side {message}", fix=fix, code="never-spoken")
    elif cue.side and not is_in_work:
        fix = f'leave it out at "{cue.anchor}"'
        message = "side is for cues during the work"
        spot.child("side").refuse(message, fix=fix, code="never-spoken")
    if cue.stop and (not is_in_work or cue.anchor.in_each_rep):
        fix = f'leave it out at "{cue.anchor}"'
        spot.child("stop").refuse(
            "stop is for cues at a moment of the work", fix=fix, code="never-spoken"
        )
    elif cue.anchor.in_each_rep and values.get("effort") == "back":
        message = f'at = {quoted(table["at"])} is where the numbers are, with effort = "back"'
        spot.child("at").refuse(message, fix="leave one of them out", code="never-spoken")
    elif mistake := cue.anchor.mistake(dose, cue.set_number, values.get("rest_after_seconds", 1.0)):
        message, fix = mistake
        message = f"at = {quoted(table['at'])} {message}"
        spot.child("at").refuse(message, fix=fix, code="never-spoken")


def check_slugs(readings: list[StepReading]) -> None:
    """Refuse a slug that two steps have."""
    first: dict[str, StepReading] = {}
    for reading in readings:
        slug = reading.values.get("slug")
        if slug in first:
            message, fix = f'slug "{slug}" is taken by {first[slug].spot.step}', "choose another"
            reading.spot.child("slug").refuse(message, fix=fix, code="duplicate-name")
        elif slug:
            first[slug] = reading


def check_together(readings: list[StepReading]) -> None:
    """Refuse steps that belong together but are apart."""
    ended: set[str] = set()
    previous = ""
    for reading in readings:
        group = reading.values.get("together") or ""
        if group != previous:
            ended.add(previous)
            if group and group in ended:
                message = f"together = {quoted(group)} begins anew, after a step without it"
                fix = "put steps that belong together one after the other"
                reading.spot.child("together").refuse(message, fix=fix, code="apart")
        previous = group


def check_steps_spoken_of(spot: Spot, values: dict[str, Any], readings: list[StepReading]) -> None:
    """Refuse words of the opening or the closing about unknown steps."""
    slugs = [reading.values["slug"] for reading in readings if "slug" in reading.values]
    for part in ("opening", "closing"):
        for index, item in enumerate(values.get(part, ())):
            for number_, slug in enumerate(item.steps if isinstance(item, Spoken) else ()):
                if slug is not None and slug not in slugs:  # None was refused before
                    place = spot.child(part).child(index).child("steps").child(number_)
                    message = f"no step {quoted(slug)}"
                    place.refuse(message, fix=instead(slug, slugs), code="unknown-name")


def _total_seconds(readings: list[StepReading], circuits: Mapping[str, Circuit]) -> float:
    total = 0.0
    for reading in readings:
        values = reading.values
        seconds = values.get("setup_seconds", 0) + values.get("rest_after_seconds", 0)
        seconds += values["dose"].total_seconds if "dose" in values else 0
        circuit = circuits.get(values.get("circuit") or "")
        total += seconds * (circuit.rounds if circuit else 1)
    return total


def check_total(spot: Spot, readings: list[StepReading], circuits: Mapping[str, Circuit]) -> None:
    """Refuse a routine that lasts longer than half a day."""
    total = _total_seconds(readings, circuits)
    if total > MAX_TOTAL_SECONDS:
        hours = f"{total / 3600:.1f}"
        most = f"at most {MAX_TOTAL_SECONDS // 3600} are allowed"
        message, fix = (
            f"all steps last {hours} hours together, {most}",
            "make several routines of it",
        )
        spot.child("steps").child(0).refuse(message, fix=fix, code="too-long", place="line")


def check_child_limits(
    spot: Spot,
    readings: list[StepReading],
    values: dict[str, Any],
    shared: Shared,
    circuits: Mapping[str, Circuit],
) -> None:
    """Refuse what a child may not be asked to do, in any text, dose or thing."""
    for key, said in values.get("equipment", {}).items():
        if excess := excess_in_equipment(key, said, spot.document.language):
            _refuse_excess(spot.child("equipment").child(key), excess)
    items = [
        (item, spot.child(part).child(index))
        for part in ("opening", "closing")
        for index, item in enumerate(values.get(part, ()))
    ]
    texts = [form for _, place in items for form in texts_of(place)]
    for reading in readings:
        spoken = "spoken" if reading.values.get("spoken_name") else "name"
        texts += _texts_of_step(reading.spot, spoken, "say", "brief")
        _check_child_doses(reading)
    for text_spot in texts:
        written = cast("str", text_spot.value)
        filled = with_own_words(text_spot, written)
        for excess in excesses_in_words(filled, text_spot.language):
            _refuse_excess(text_spot, excess, index=excess.index if filled == written else None)
    for block in (item for item, _ in items if isinstance(item, BlockUse)):
        excesses = (
            excess
            for line in shared.blocks.get(block.name, ())
            for tag, said in line.say.items()
            for excess in excesses_in_words(with_own_words(block.spot, said), tag)
        )
        if first := next(excesses, None):
            _refuse_excess(block.spot, first, f"block {quoted(block.name)}: ")
    total = _total_seconds(readings, circuits)
    if total <= MAX_TOTAL_SECONDS and (excess := excess_in_total(total)):
        _refuse_excess(spot.child("steps").child(0), excess, place="line")


def _check_child_doses(reading: StepReading) -> None:
    if "dose" in reading.values and (excess := excess_in_dose(reading.values["dose"])):
        _refuse_excess(reading.spot.child("dose"), excess)
    for level, dose in reading.values.get("levels", {}).items():
        if excess := excess_in_dose(dose):
            level_spot = reading.spot.child("levels").child(level.value)
            _refuse_excess(level_spot, excess, f"{level}: ")


def _refuse_excess(
    spot: Spot,
    excess: Excess,
    where: str = "",
    *,
    place: Literal["value", "line"] = "value",
    index: int | None = None,
) -> None:
    message = where + excess.message
    spot.refuse(message, fix=excess.fix, code=excess.code, place=place, index=index)
