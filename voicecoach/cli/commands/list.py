"""`voicecoach list`: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicecoach.cli.options import For, Json, say_broken
from voicecoach.cli.output import print_json, print_table, say
from voicecoach.fitting.lengths import minutes_of

if TYPE_CHECKING:
    from voicecoach.library.library import RoutineEntry
    from voicecoach.routine.model import Routine


WHOSE = {"yours": "yours", "user": "your library", "bundled": "voicecoach"}
"""What people call the places that routines come from."""


def list_routines(
    for_whom: For = None,
    language: Annotated[
        str,
        typer.Option(
            "--language", metavar="TAG", help="Those in a language, told in it: en, de, …"
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """List the routines: name, for whom, length, what they need and train, and whose they are."""
    from voicecoach.errors import RoutineError
    from voicecoach.library.library import Library
    from voicecoach.library.reading import load_routine

    library = Library()
    found: list[tuple[RoutineEntry, Routine, int]] = []
    broken: list[RoutineEntry] = []
    for entry in library.routines():
        try:
            if language and not library.document(entry.path).has_language(language):
                continue
            routine = load_routine(entry.path, library, language=language or None)
            minutes = minutes_of(routine)
        except RoutineError:
            broken.append(entry)
            continue
        if for_whom is None or routine.audience is for_whom:
            found.append((entry, routine, minutes))
    if as_json:
        print_json([_as_json(*one) for one in found])
    else:
        headings = ("Name", "For", "Minutes", "You need", "Trains", "From")
        print_table(headings, [_row(*one) for one in found])
        say("Hear one: voicecoach play NAME · read one: voicecoach show NAME")
    say_broken(entry.path for entry in broken)


def _row(entry: RoutineEntry, routine: Routine, minutes: int) -> list[str]:
    audience = {"adult": "adults", "child": "children"}[routine.audience.value]
    if routine.adult_nearby:
        audience += ", with a grown-up"
    needs = ", ".join(thing.spoken for thing in routine.equipment) or "nothing"
    trains = ", ".join(muscle.replace("-", " ") for muscle in routine.muscles)
    return [entry.name, audience, str(minutes), needs, trains, WHOSE[entry.origin]]


def _as_json(entry: RoutineEntry, routine: Routine, minutes: int) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": routine.title,
        "summary": routine.summary,
        "audience": routine.audience.value,
        "adult_nearby": routine.adult_nearby,
        "level": routine.level,
        "language": routine.language,
        "languages": list(routine.languages),
        "minutes": minutes,
        "equipment": [thing.spoken for thing in routine.equipment],
        "muscles": list(routine.muscles),
        "steps": [step.slug for step in routine.steps],
        "from": entry.origin,
        "path": str(entry.path),
    }
