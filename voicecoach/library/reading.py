"""Reads routine files: from a path to a Routine, or to everything that is wrong with the file.

`format` says what may stand in a file, `rules` what must hold between its values. Files come from
strangers: nothing in them is run, and no path they name is opened.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from voicecoach.errors import Problem, RoutineError
from voicecoach.library.circuits import check_circuits, in_rounds
from voicecoach.library.extending import whole_routine
from voicecoach.library.format import MAX_STEPS, ROUTINE_FIELDS, STEP_FIELDS, former_dose_of
from voicecoach.library.locations import FileLocations
from voicecoach.library.rules import (
    BlockUse,
    StepReading,
    check_child_limits,
    check_slugs,
    check_steps_spoken_of,
    check_together,
    check_total,
    has_key,
)
from voicecoach.library.shared import OWN_WORDS, Shared, check_lists
from voicecoach.library.texts import with_own_words
from voicecoach.messages import instead, quoted
from voicecoach.routine.model import (
    Audience,
    Contraindication,
    DoseBasis,
    Equipment,
    Routine,
    Silence,
    Spoken,
    Step,
)
from voicecoach.routine.redosing import with_dose
from voicecoach.toml.document import Refused, Spot
from voicecoach.toml.fields import attempt, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.library.library import Library


def load_routine(
    path: Path, library: Library, *, language: str | None = None, text: str | None = None
) -> Routine:
    """Return the routine in a file; raise RoutineError with all that is wrong with it.

    `language` chooses among texts by language; without it the file's own language is read. `text`
    is the future content of the file, where it is not written yet.
    """
    document = library.document(path, language=language, text=text)
    with document.checked():
        spot = whole_routine(document, library)
        has_own = has_key(spot.value, "variables")
        own = attempt(OWN_WORDS, spot.child("variables")) if has_own else ()
        document.take_own_words(library.shared.variables | dict(*own))
        values = _routine_values(spot, library)
    files = tuple(base.path for base in document.bases)
    locations = FileLocations(spot, values)
    return Routine(**values, slug=path.stem, path=path, extended=files, locations=locations)


def check_routine(
    path: Path, library: Library, *, language: str | None = None
) -> tuple[Routine | None, list[Problem]]:
    """Return the routine, or None and all that is wrong with the file."""
    try:
        return load_routine(path, library, language=language), []
    except RoutineError as error:
        if error.path != path:  # what is shared is broken: that is another file
            raise
        return None, list(error.problems)


def _routine_values(spot: Spot, library: Library) -> dict[str, Any]:
    """Return the fields of a Routine; mistakes are noted in the documents."""
    values = read_table(spot, ROUTINE_FIELDS)
    own = Shared(**{table: values.pop(table, {}) for table in vars(Shared())})
    shared = own.over(library.shared)
    check_lists(spot, own.blocks, shared)
    for key in ("voicecoach", "extends", "without", "changes"):
        values.pop(key, None)
    readings = [reading for reading in values.get("steps", ()) if reading is not None]
    check_slugs(readings)
    check_together(readings)
    circuits = values.pop("circuits", {})
    check_circuits(spot, circuits, [each.spot for each in readings], MAX_STEPS)
    check_steps_spoken_of(spot, values, readings)
    check_total(spot, readings, circuits)
    if values.get("audience") == Audience.CHILD:
        check_child_limits(spot, readings, values, shared, circuits)
    things = {key: Equipment(key, said) for key, said in values.get("equipment", {}).items()}
    reasons: list[Contraindication] = []
    for part in ("opening", "closing"):
        values[part] = tuple(_expanded(values.get(part, ()), shared, reasons))
    finished = [_finished(reading, things, shared) for reading in readings]
    values["steps"] = tuple(in_rounds([step for step in finished if step], circuits))
    values["equipment"] = tuple(things.values())
    values["contraindications"] = tuple(reasons)
    values["language"] = spot.document.language
    values["languages"] = spot.document.languages
    values["audience"] = Audience(values.get("audience", Audience.ADULT))
    return values


def _expanded(
    items: tuple[Any, ...], shared: Shared, reasons: list[Contraindication]
) -> Iterator[Spoken | Silence]:
    """Yield the items with the lines of blocks in their places, and collect the reasons."""
    for item in items:
        if not isinstance(item, BlockUse):
            yield from [item] if item else []
            continue
        if item.name not in shared.blocks:
            message, fix = f"no block {quoted(item.name)}", instead(item.name, shared.blocks)
            item.spot.refuse(message, fix=fix, code="unknown-name")
            continue
        said = partial(_said, item.spot)
        with suppress(Refused):
            for line in shared.blocks[item.name]:
                if line.say:
                    yield Spoken(said(line.say), item.name, line.stop)
                for reason in shared.contraindications.get(line.contraindications, ()):
                    sentence = said(reason.say)
                    reasons.append(
                        Contraindication(reason.key, said(reason.name), reason.strength, sentence)
                    )
                    yield Spoken(sentence, item.name)


def _said(spot: Spot, words: dict[str, str]) -> str:
    """Return shared words in the language that is read, with the author's own words filled in."""
    return with_own_words(spot, spot.document.in_language(spot, words))


def _finished(reading: StepReading, things: dict[str, Equipment], shared: Shared) -> Step | None:
    """Return the step with the things that it names elsewhere; None where something is missing."""
    spot, values = reading.spot, dict(reading.values)
    needed = []
    for index, key in enumerate(values.get("equipment") or ()):
        if key in things:
            needed.append(things[key])
        elif key is not None:
            fix = instead(key, things) if things else "write it below [equipment]"
            message = f"no equipment {quoted(key)}"
            spot.child("equipment").child(index).refuse(message, fix=fix, code="unknown-name")
    values["equipment"] = tuple(needed)
    if stop := values.get("stop_line"):
        stop_spot = spot.child("stop")
        if stop in shared.stop:
            with suppress(Refused):
                values["stop_line"] = _said(stop_spot, shared.stop[stop])
        else:
            message, fix = f"no STOP line {quoted(stop)}", instead(stop, shared.stop)
            stop_spot.refuse(message, fix=fix, code="unknown-name")
    if len(values) < len(STEP_FIELDS):
        return None
    values["spoken_name"] = values["spoken_name"] or _lowered(values["name"])
    values["dose_basis"] = DoseBasis(values["dose_basis"])
    values["effort_on_return"] = values.pop("effort") == "back"
    del values["after"], values["before"]
    if former := former_dose_of(spot):
        return with_dose(Step(**values | {"dose": former}), values["dose"])
    return Step(**values)


def _lowered(title: str) -> str:
    """Return a name as it is said inside a sentence: `TRX row` keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
