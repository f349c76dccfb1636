"""Reads routine files: from a path to a Routine, or to everything that is wrong with the file.

The tables of fields say what may stand in a file; the functions after them hold the rules between
fields. Files come from strangers: nothing in them is run, and no path they name is opened.
"""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from voicecoach.anchors import ANCHOR_MEANINGS, ANCHOR_PATTERN, AnchorError, parse_anchor
from voicecoach.child_limits import (
    Excess,
    excess_in_dose,
    excess_in_equipment,
    excess_in_total,
    excesses_in_words,
)
from voicecoach.circuits import Circuit, check_circuits, circuit_at, in_rounds, read_circuits
from voicecoach.dose import DOSE_MEANINGS, DOSE_PATTERN, Dose, DoseError, Sides, parse_dose
from voicecoach.errors import Problem, RoutineError
from voicecoach.extending import FORMAT, whole_routine
from voicecoach.redosing import is_of_one_kind, with_dose
from voicecoach.routine import (
    Anchor,
    AnchorKind,
    Audience,
    AuthorCue,
    Contraindication,
    DoseBasis,
    Equipment,
    Level,
    Place,
    Places,
    Routine,
    Silence,
    Spoken,
    Step,
)
from voicecoach.shared_file import (
    BLOCK_VARIABLES,
    OWN_FIELDS,
    OWN_WORDS,
    STEP_VARIABLES,
    Shared,
    check_lists,
)
from voicecoach.toml_fields import (
    MAX_LINE_LENGTH,
    VARIABLE,
    WORDS,
    Document,
    Field,
    LayeredTable,
    Reader,
    Refused,
    Spot,
    as_tag,
    attempt,
    boolean,
    by_name,
    changes_schema,
    check_length,
    choice,
    instead,
    language_tag,
    list_of,
    name,
    name_of,
    number,
    one_of,
    plain_line,
    quoted,
    read_table,
    schema_of_table,
    table,
    tag,
    takes,
    text,
    texts_of,
    with_own_words,
)
from voicecoach.toml_spans import locate
from voicecoach.toml_text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from voicecoach.library import Library
    from voicecoach.toml_spans import TomlSpans

MAX_STEPS: Final = 500
MAX_CUES: Final = 100
MAX_ITEMS: Final = 100
MAX_ABOUT_LENGTH: Final = 4000
MAX_SETUP_SECONDS: Final = 600
MAX_REST_SECONDS: Final = 3600
MAX_TOTAL_SECONDS: Final = 12 * 3600
"""Of all steps together."""

_SIDE_VARIABLES: Final = frozenset({"side", "other_side"})
_REP_VARIABLES: Final = frozenset({"reps", "reps_left", "reps_done"})


def load_routine(
    path: Path, library: Library, *, language: str | None = None, text: str | None = None
) -> Routine:
    """Return the routine in a file; raise RoutineError with all that is wrong with it.

    `language` chooses among texts by language; without it the file's own language is read. `text` is what
    the file shall hold, where it is not written yet.
    """
    text = read_text(path) if text is None else text
    document = Document(path, text, language=language)
    with document.checked():
        spot = whole_routine(document, library)
        document.take_own_words(library.shared.variables | _own_words(spot))
        values = _routine_values(spot, library)
    files = tuple(base.path for base in document.bases)
    places = FilePlaces(spot, values)
    return Routine(**values, slug=path.stem, path=path, extended=files, places=places)


def _own_words(spot: Spot) -> dict[str, dict[str, str]]:
    """Return the variables of a routine and of those that it extends."""
    own = attempt(OWN_WORDS, spot.child("variables")) if _has_key(spot.value, "variables") else ()
    return dict(own[0]) if own else {}


def has_language(path: Path, language: str) -> bool:
    """Return whether a routine file claims to have its texts in a language, or in that of a regional tag."""
    return Document.open(path).has_language(language)


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


# ------------------------------------------------------------------------------ readers of this format

_LINE: Final = text(most=120, one_line=True)


@takes({"type": "string", "pattern": DOSE_PATTERN, WORDS: DOSE_MEANINGS})
def _dose(spot: Spot) -> Dose:
    if not isinstance(spot.value, str):
        raise spot.refuse_type("a text in quotes")
    check_length(spot, spot.value, MAX_LINE_LENGTH)
    try:
        return parse_dose(spot.value)
    except DoseError as error:
        message = f"{spot.name}: {error.message}"
        raise spot.refuse(
            message, fix=error.fix, code=error.code, index=error.column - 1
        ) from error


@takes({"type": "string", "pattern": ANCHOR_PATTERN, WORDS: ANCHOR_MEANINGS})
def _anchor(spot: Spot) -> Anchor:
    if not isinstance(spot.value, str):
        seconds = isinstance(spot.value, int) and not isinstance(spot.value, bool)
        raise spot.refuse_type("a moment in quotes", f'"{quoted(spot.value)}s"' if seconds else "")
    try:
        return parse_anchor(spot.value)
    except AnchorError as error:
        raise spot.refuse(error.message, fix=error.fix, code="moment") from error


def _cue(spot: Spot) -> AuthorCue:
    if not isinstance(spot.value, dict):
        raise spot.refuse_type("a table", '{ at = "halfway", say = "…" }')
    values = read_table(spot, CUE_FIELDS)
    if len(values) < len(CUE_FIELDS):
        raise Refused
    return AuthorCue(**values)


@dataclass(frozen=True)
class _BlockUse:
    """A shared block in an opening, by name."""

    name: str
    spot: Spot


def _item(spot: Spot) -> Spoken | Silence | _BlockUse:
    """Read an item of an opening or closing."""
    value = spot.value
    document = spot.document
    if isinstance(value, str) or (
        isinstance(value, dict) and {document.language, document.own_language} & value.keys()
    ):
        return Spoken(_SPOKEN(spot))
    if not isinstance(value, dict):
        raise spot.refuse_type(
            "a text, a block or a silence", '"…", { block = "…" } or { silence = 5 }'
        )
    values = read_table(spot, ITEM_FIELDS)
    given = [key for key in ("say", "block", "silence") if key in value]
    if "steps" in value and "say" not in value:
        message, fix = f"{spot.name}: steps goes with say", "leave it out, or write say"
        raise spot.child("steps").refuse(message, fix=fix, code="item")
    if "inherited" in value:
        message = f"{spot.name}: inherited = true stands alone, in a routine that extends another"
        raise spot.refuse(message, fix="leave it out", code="extends")
    if len(given) != 1 and not value.keys() - values.keys():
        message = f"{spot.name} {'is several things at once' if given else 'is empty'}"
        raise spot.refuse(message, fix="write one of say, block or silence", code="item")
    for key in given:
        if values.get(key) is not None:
            match key:
                case "say":
                    return Spoken(values[key], steps=values["steps"])
                case "block":
                    return _BlockUse(values[key], spot.child(key))
                case _:
                    return Silence(values[key])
    raise Refused


@takes(_LINE.schema)
def _spoken_name(spot: Spot) -> str:
    spoken = _LINE(spot)
    if spoken.endswith("."):
        message, fix = f"{spot.name} stands inside sentences", "leave out the full stop"
        raise spot.refuse(message, fix=fix, code="full-stop")
    return spoken


def _levels(spot: Spot) -> dict[Level, Dose]:
    """Read the doses of other levels, by level."""
    return {Level(key): dose for key, dose in table(LEVEL_FIELDS)(spot).items() if dose}


@takes(tag.schema)
def _beside(spot: Spot) -> str:
    """Read the step that an added one stands beside; where that is has been seen to before."""
    if not spot.document.bases:
        raise spot.refuse(
            f"{spot.name} is for the steps of a routine that extends another",
            fix="put the step where it belongs",
            code="extends",
            place="key",
        )
    return tag(spot)


_SPOKEN: Final = text(variables=BLOCK_VARIABLES)
_STEP_TEXT: Final = text(variables=STEP_VARIABLES)
_TAGS: Final = list_of(plain_line, "a list of texts", most=MAX_ITEMS, item_example='"…"')

_SLUGS: Final = list_of(tag, "a list of slugs", most=MAX_ITEMS, item_example='"roll-down"')

ITEM_FIELDS: Final = (
    Field("say", _SPOKEN, '"Welcome."', about="What the coach says."),
    Field(
        "block",
        name_of("blocks"),
        '"SC-A"',
        about="Sentences that routines share, by the name of their block: a health check, for instance.",
    ),
    Field("silence", number(0.1, 600), "5", about="A pause, in seconds."),
    Field(
        "steps",
        _SLUGS,
        '["roll-down"]',
        (),
        about="With `say`: the steps, by slug, that the words are about. "
        "They are only said where all of these are done.",
    ),
    Field(
        "inherited",
        boolean,
        "true",
        about="In a routine that extends another: all that the other one says here.",
    ),
)
_ITEM_LIST: Final = list_of(
    Reader(
        _item,
        {"anyOf": [_SPOKEN.schema, one_of(ITEM_FIELDS, "say", "block", "silence", "inherited")]},
    ),
    "a list of texts",
    most=MAX_ITEMS,
)

CUE_FIELDS: Final = (
    Field(
        "at",
        _anchor,
        '"halfway"',
        required=True,
        into="anchor",
        about="When the cue is said: seconds from the start or before the end, a rep, "
        "the change of sides, the rest, or before a set.",
    ),
    Field(
        "say",
        _STEP_TEXT,
        '"Keep breathing."',
        required=True,
        into="text",
        about="What is said then.",
    ),
    Field(
        "side",
        choice({"first": "While the first side works.", "second": "While the second side works."}),
        '"first"',
        "",
        about="With one side at a time: only while this side works. Left out: on both.",
    ),
    Field(
        "set",
        number(1, 20, whole=True),
        "1",
        0,
        into="set_number",
        about="Only in this set, counted from 1. Left out: in every set.",
    ),
    Field(
        "praise",
        boolean,
        "true",
        default=False,
        about="The words praise, so they are the first to give way where speech does not fit.",
    ),
    Field(
        "stop",
        boolean,
        "true",
        default=False,
        about="The words tell people to stop when something hurts: nothing keeps them from being said.",
    ),
)

LEVEL_FIELDS: Final = (
    Field("easy", _dose, '"hold 15s"', about="The dose for people who want it easier."),
    Field("strong", _dose, '"hold 45s"', about="The dose for people who want more."),
)
"""Without a level stands the dose of the step itself."""

STEP_FIELDS: Final = (
    Field(
        "slug",
        tag,
        '"roll-down"',
        required=True,
        about="The name by which the step is called on the command line and in this file: "
        "lower-case words joined by hyphens. It never changes.",
        told_by=lambda step: as_tag(step.get("name")),
    ),
    Field(
        "name",
        _LINE,
        '"Slow roll-down"',
        required=True,
        about="The exercise as it is announced, shown and named in the track.",
    ),
    Field(
        "spoken",
        _spoken_name,
        '"slow roll-down"',
        "",
        into="spoken_name",
        about="The name as it stands inside a sentence, without a full stop. "
        "Left out: `name`, with a small first letter.",
    ),
    Field(
        "position", text(one_line=True), '"standing"', "", about="The position that it starts from."
    ),
    Field(
        "say",
        _STEP_TEXT,
        '"Lie down on your back."',
        required=True,
        into="instruction",
        about="The instruction: what to do, in words that need no picture. It is spoken before the clock.",
    ),
    Field(
        "brief",
        _STEP_TEXT,
        '"On your back, knees bent."',
        "",
        about="Said instead of `say` to somebody who knows the exercise: "
        "start position, side and what moves, in nine words or so.",
    ),
    Field(
        "dose",
        _dose,
        '"hold 30s"',
        required=True,
        about="How much, in one line: the sets, the work (`hold` a time, `for` a time, or reps), "
        "and after commas `each side`, `tempo 2-1-3`, `hold 10s`, `rest 30s`, `change 14s`, "
        "`alternating` or `left first`. Times are in seconds, minutes (`2 min`) or both (`1:30`).",
    ),
    Field(
        "basis",
        choice(
            {
                "minimum": "The source names this number as the least.",
                "exact": "The source names this number.",
                "default": "Nobody named a number; this one is sensible.",
            }
        ),
        '"exact"',
        "default",
        into="dose_basis",
        about="Where the number in the dose comes from. Less than a minimum is never done unsaid.",
    ),
    Field(
        "effort",
        choice(
            {
                "away": "The work is on the way out, and so are the numbers.",
                "back": "The work is on the way back, and so are the numbers.",
            }
        ),
        '"away"',
        "away",
        about="The part of a rep in which the work is, where its number is spoken.",
    ),
    Field(
        "setup",
        number(0, MAX_SETUP_SECONDS),
        "20",
        0.0,
        into="setup_seconds",
        about="The least time before the start, in seconds. "
        "Where the words take longer, the clock waits for them.",
    ),
    Field(
        "rest_after",
        number(0, MAX_REST_SECONDS),
        "15",
        0.0,
        into="rest_after_seconds",
        about="The rest from the end of this step to the next one, in seconds, kept exactly. "
        "Rests between sets belong to the dose.",
    ),
    Field(
        "flow",
        boolean,
        "true",
        default=False,
        about="The step goes straight on from the one before, without its name and a countdown.",
    ),
    Field(
        "wait",
        boolean,
        "true",
        default=False,
        about="Live play holds before the step until a key is pressed. A track keeps its times.",
    ),
    Field(
        "stop",
        name_of("stop"),
        '"STOP-A1"',
        "",
        into="stop_line",
        about="A sentence that says when to stop, by its name. It is spoken after the instruction.",
    ),
    Field(
        "cues",
        list_of(Reader(_cue, schema_of_table(CUE_FIELDS)), "a list of tables", most=MAX_CUES),
        '[{ at = "halfway", say = "…" }]',
        (),
        about="What is said while the clock runs. "
        "Counts, the half-way mark and the last five seconds come by themselves.",
    ),
    Field(
        "muscles",
        _TAGS,
        '["abdominals"]',
        (),
        about="What the step trains. `assist-` before a name: it only helps. "
        "`stretch-` before a name: it is stretched.",
    ),
    Field(
        "equipment",
        list_of(name, "a list of names", most=MAX_ITEMS),
        '["mat"]',
        (),
        about="What the step needs, by the names in the table [equipment].",
    ),
    Field(
        "safety",
        text(),
        '"Keep the back on the floor."',
        "",
        into="safety_note",
        about="Advice that is written on the sheet and not spoken.",
    ),
    Field(
        "together",
        name,
        '"roll-down"',
        "",
        about="Neighbouring steps with the same word here are one exercise: "
        "they are skipped, repeated and left out together.",
    ),
    Field(
        "circuit",
        name,
        '"legs"',
        "",
        about="The circuit, by its name in [circuits], in whose rounds the step is done.",
    ),
    Field(
        "optional",
        boolean,
        "true",
        default=False,
        about="The step may be left out where a session has to be shorter.",
    ),
    Field(
        "levels",
        Reader(_levels, schema_of_table(LEVEL_FIELDS)),
        '{ easy = "hold 15s" }',
        {},
        about="The doses of other levels, where a person should choose them and not a rule.",
    ),
    Field("source", _TAGS, '["R1"]', (), about="Where the exercise comes from."),
    Field(
        "after",
        _beside,
        '"roll-down"',
        "",
        about="In a routine that extends another: the step, by slug, that this one comes after. "
        "Left out: at the end.",
    ),
    Field(
        "before",
        _beside,
        '"roll-down"',
        "",
        about="In a routine that extends another: the step, by slug, that this one comes before.",
    ),
)

_MISPLACED_IN_STEP: Final = {
    "rest": "write rests between sets into the dose, and the rest after the step as rest_after",
    **dict.fromkeys(
        ("reps", "sets", "tempo", "hold", "change", "duration", "side", "sides"),
        'write it into the dose, such as dose = "2 x 8 reps each side, tempo 2-1-3, change 14s"',
    ),
}


@dataclass(frozen=True)
class _StepReading:
    """A step that has been read but for what it names elsewhere."""

    spot: Spot
    values: dict[str, Any]


def _step(spot: Spot) -> _StepReading:
    spot = replace(spot, step=_step_label(spot))
    if not isinstance(spot.value, dict):
        fix = "write [[steps]] above its lines"
        raise spot.refuse("a step is a table", fix=fix, code="wrong-type")
    values = read_table(spot, STEP_FIELDS, elsewhere=_MISPLACED_IN_STEP)
    dose, former = values.get("dose"), _former_dose(spot)
    if dose is not None:
        _check_side_words(spot, dose)
        _check_levels(spot, dose, values.get("levels", {}))
        if former and values.get("cues") and not is_of_one_kind(dose, former):
            spot.child("dose").refuse(
                f'the cues of this step are moments of "{former}", which is another kind of work',
                fix="write cues = […] for the new dose, or cues = [] for none",
                code="extends",
            )
        else:
            for index, cue in enumerate(values.get("cues", ())):
                if cue is not None:
                    at = values | {"dose": former or dose}
                    _check_cue(spot.child("cues").child(index), cue, at)
    return _StepReading(spot, values)


def _former_dose(spot: Spot) -> Dose | None:
    """Return the dose that the cues of a step were written for, where it has another now."""
    written = spot.value.former_dose if isinstance(spot.value, LayeredTable) else None
    return next(iter(attempt(_dose, written)), None) if written else None


def _step_label(spot: Spot) -> str:
    """Return how messages call a step: `step 3 "Plank"`."""
    label = f"step {spot.number or cast('int', spot.path[-1]) + 1}"
    name_spots = texts_of(spot.child("name")) if _has_key(spot.value, "name") else iter(())
    name_spot = next(name_spots, None)
    return f"{label} {quoted(name_spot.value)}" if name_spot else label


def _has_key(value: object, key: str) -> bool:
    return isinstance(value, dict) and key in value


_STEP_LIST: Final = list_of(
    Reader(_step, schema_of_table(STEP_FIELDS)), "a list of tables", most=MAX_STEPS
)


@takes({**_STEP_LIST.schema, "minItems": 1})
def _steps(spot: Spot) -> tuple[_StepReading, ...]:
    if isinstance(spot.value, dict):
        fix = "write [[steps]], with two brackets, above each step"
        raise spot.refuse("steps are a list", fix=fix, code="wrong-type")
    if spot.value == []:
        fix = "write [[steps]] and its lines"
        raise spot.refuse("a routine has at least one step", fix=fix, code="no-steps")
    return _STEP_LIST(spot)


_EQUIPMENT: Final = by_name(_LINE)


@takes(_EQUIPMENT.schema)
def _equipment(spot: Spot) -> dict[str, str]:
    things = _EQUIPMENT(spot)
    for key in things.keys() & {field.key for field in ROUTINE_FIELDS}:
        message, fix = f"{key} stands in the table [equipment]", "write it above the first [header]"
        spot.child(key).refuse(message, fix=fix, code="misplaced-key", place="key")
    return things


_CHANGES: Final = Reader(lambda spot: spot.value, changes_schema(STEP_FIELDS))
"""What may stand there; it is read as part of the steps that it changes."""

ROUTINE_FIELDS: Final = (
    Field(
        "voicecoach",
        takes({"type": "integer", "const": FORMAT})(lambda spot: spot.value),
        str(FORMAT),
        required=True,
        about="The file is a voicecoach routine, written in this format.",
    ),
    Field(
        "extends",
        tag,
        '"relaxation"',
        "",
        about="The name of another routine, of which this one says only what differs. "
        "It lies beside this file, or `voicecoach list` shows it.",
    ),
    Field(
        "without",
        _SLUGS,
        '["roll-down"]',
        (),
        about="The steps of the extended routine, by slug, that are left out.",
    ),
    Field(
        "changes",
        _CHANGES,
        '{ roll-down = { dose = "5 reps" } }',
        {},
        about="Steps of the extended routine, by slug, with the fields that are other here. "
        "Under a new dose its cues keep their share of the work, or go.",
    ),
    Field(
        "title",
        _LINE,
        '"Back basics"',
        required=True,
        about="What the routine is called, on the screen, on the sheet and in the track.",
    ),
    Field(
        "audience",
        choice(
            {
                "adult": "For grown-ups.",
                "child": "For children of about five to ten, with a grown-up near: "
                "no weights, no held breath, no long holds.",
            }
        ),
        '"adult"',
        required=True,
        about="For whom it is. It decides on pace, words and limits.",
    ),
    Field(
        "language",
        language_tag,
        '"en"',
        "en",
        about="The language of all texts that do not name their own.",
    ),
    Field(
        "summary",
        text(most=300),
        '"A calm set for the back."',
        "",
        about="What it is, in a sentence.",
    ),
    Field(
        "about",
        text(most=MAX_ABOUT_LENGTH),
        '"Why this helps."',
        "",
        about="What somebody should read before the first time. It is not spoken.",
    ),
    Field(
        "adult_nearby",
        boolean,
        "true",
        default=False,
        about="A grown-up has to be near and in sight. Routines for children say so.",
    ),
    Field("level", _LINE, '"beginner"', "", about="How hard it is, in a word."),
    Field("muscles", _TAGS, '["abdominals"]', (), about="What the routine as a whole trains."),
    Field(
        "opening",
        _ITEM_LIST,
        '["Welcome."]',
        (),
        about="What is said before the first step: texts, blocks such as the health check, silences.",
    ),
    Field("closing", _ITEM_LIST, '["Well done."]', (), about="What is said after the last step."),
    Field(
        "equipment",
        _equipment,
        '{ mat = "a mat" }',
        {},
        about="What is needed: a name for each thing, and how the coach calls it.",
    ),
    *OWN_FIELDS,
    Field(
        "circuits",
        read_circuits,
        "{ legs = { rounds = 3 } }",
        {},
        about="Circuits, by the name that their steps call: how many rounds, and the rest between them.",
    ),
    Field(
        "steps",
        _steps,
        "[[steps]]",
        required=True,
        about="The exercises, in their order. Each begins with a line `[[steps]]`.",
    ),
)
_MISPLACED_IN_STEP.update(
    (field.key, "write it above the first [header], for it belongs to the routine")
    for field in ROUTINE_FIELDS
    if field.key not in {step_field.key for step_field in STEP_FIELDS}
)


# ------------------------------------------------------------------------------ rules within a step


def _check_side_words(spot: Spot, dose: Dose) -> None:
    """Refuse variables that the dose gives no meaning to."""
    circuit = circuit_at(spot)
    has_sides = dose.sides is not Sides.NONE or (circuit is not None and circuit.alternating)
    refused = dict.fromkeys(() if has_sides else _SIDE_VARIABLES, "has no sides")
    if dose.kind != "reps":
        refused |= dict.fromkeys(_REP_VARIABLES, "has no reps")
    for written in _texts_of_step(spot, "say", "brief"):
        for found in VARIABLE.finditer(cast("str", written.value)):
            if found[1] in refused:
                message = f'${found[1]} has no meaning here, the dose "{dose}" {refused[found[1]]}'
                fix = "leave it out, or change the dose"
                written.refuse(message, fix=fix, code="idle-variable", index=found.start())


def _texts_of_step(spot: Spot, *keys: str) -> Iterator[Spot]:
    """Yield the strings under some keys of a step, and those of its cues, in every language."""
    table = cast("dict[str, Any]", spot.value)
    for key in keys:
        if key in table:
            yield from texts_of(spot.child(key))
    cues = table.get("cues")
    for index, cue in enumerate(cues if isinstance(cues, list) else []):
        if _has_key(cue, "say"):
            yield from texts_of(spot.child("cues").child(index).child("say"))


def _check_levels(spot: Spot, dose: Dose, levels: Mapping[Level, Dose]) -> None:
    """Refuse a dose of another nature: the words and cues of the step would have no meaning in it."""
    for level, other in levels.items():
        if not is_of_one_kind(other, dose):
            message = f'{level}: "{other}" is another kind of work than "{dose}"'
            fix = "change how long, how often or in how many sets, and leave sides and kind as they are"
            spot.child("levels").child(level.value).refuse(message, fix=fix, code="level-dose")


def _check_cue(spot: Spot, cue: AuthorCue, values: dict[str, Any]) -> None:
    """Refuse a cue that could never be spoken."""
    dose: Dose = values["dose"]
    table = cast("dict[str, Any]", spot.value)
    if cue.set_number > dose.sets:
        sets = "one set" if dose.sets == 1 else f"{dose.sets} sets"
        message = f"set = {cue.set_number}, but the dose has {sets}"
        fix = f"write {dose.sets} or less, or leave it out"
        spot.child("set").refuse(message, fix=fix, code="never-spoken")
        return
    if cue.side and dose.sides is not Sides.ONE_AT_A_TIME:
        message, fix = _NEEDS_SIDES
        spot.child("side").refuse(f"side {message}", fix=fix, code="never-spoken")
    elif cue.side and cue.anchor.kind not in _WORK_ANCHORS:
        fix = f'leave it out at "{cue.anchor}"'
        message = "side is for cues during the work"
        spot.child("side").refuse(message, fix=fix, code="never-spoken")
    if cue.stop and cue.anchor.kind not in _WORK_ANCHORS - {AnchorKind.EVERY_RETURN}:
        fix = f'leave it out at "{cue.anchor}"'
        spot.child("stop").refuse(
            "stop is for cues at a moment of the work", fix=fix, code="never-spoken"
        )
    elif cue.anchor.kind is AnchorKind.EVERY_RETURN and values.get("effort") == "back":
        message = f'at = {quoted(table["at"])} is where the numbers are, with effort = "back"'
        spot.child("at").refuse(message, fix="leave one of them out", code="never-spoken")
    elif mistake := _anchor_mistake(cue, dose, values.get("rest_after_seconds", 1.0)):
        message, fix = mistake
        message = f"at = {quoted(table['at'])} {message}"
        spot.child("at").refuse(message, fix=fix, code="never-spoken")


_REP_ANCHORS: Final = frozenset(
    {AnchorKind.REP, AnchorKind.AFTER_REP, AnchorKind.EVERY_RETURN, AnchorKind.LAST_REPS}
)
_WORK_ANCHORS: Final = _REP_ANCHORS | {
    AnchorKind.OFFSET,
    AnchorKind.BEFORE_END,
    AnchorKind.HALFWAY,
}


_NEEDS_SIDES: Final = (
    "needs a dose with one side at a time",
    'leave it out, or write such as "hold 30s each side"',
)


def _anchor_mistake(
    cue: AuthorCue, dose: Dose, rest_after_seconds: float
) -> tuple[str, str] | None:
    """Return why a step with this dose has no such moment, and what to do; None where it has."""
    kind, number_ = cue.anchor.kind, cue.anchor.number
    sets = [cue.set_number] if cue.set_number else list(range(1, dose.sets + 1))
    if kind in _REP_ANCHORS:
        moves = min(dose.moves(set_number) for set_number in sets)
        if dose.kind != "reps":
            return (
                f'needs a dose in reps, and this one is "{dose}"',
                'write such as "10s" or "halfway"',
            )
        if kind is AnchorKind.EVERY_RETURN and dose.tempo and dose.tempo.back_seconds < 1:
            return (
                f"needs a way back of 1 s or more, and the tempo is {dose.tempo}",
                "write a tempo such as 2-1-2",
            )
        if number_ > moves:
            return f"lies beyond the {moves} reps of a set", f"write {moves} or less"
        return None
    work_seconds = min(dose.block_seconds(set_number) for set_number in sets)
    outside = f"lies outside the work, which lasts {work_seconds:g} s"
    match kind:
        case AnchorKind.OFFSET if cue.anchor.seconds >= work_seconds:
            return outside, f"write less than {work_seconds:g}s"
        case AnchorKind.BEFORE_END if not 0 < cue.anchor.seconds <= work_seconds:
            return outside, f"write more than 0s, and at most {work_seconds:g}s"
        case AnchorKind.CHANGE if dose.sides is not Sides.ONE_AT_A_TIME:
            return _NEEDS_SIDES
        case AnchorKind.REST if dose.sets == 1 and not rest_after_seconds:
            return "needs a rest", "write rest_after = 15, or a dose with several sets"
        case AnchorKind.REST if dose.sets > 1 and cue.set_number == dose.sets:
            return (
                f"with set = {cue.set_number} has no rest, it is the last set",
                "write a lower set",
            )
        case AnchorKind.BEFORE_SET if number_ == 1:
            return "has nothing before it", "say it in the instruction"
        case AnchorKind.BEFORE_SET | AnchorKind.BEFORE_LAST_SET if dose.sets == 1:
            return "needs a dose with several sets", 'write such as "2 x 8 reps"'
        case AnchorKind.BEFORE_SET if number_ > dose.sets:
            return f"lies beyond the {dose.sets} sets of the dose", f"write {dose.sets} or less"
        case AnchorKind.BEFORE_SET if cue.set_number not in (0, number_):
            return f"and set = {cue.set_number} exclude each other", "leave out set"
    return None


# ---------------------------------------------------------------------------- rules of a whole routine


def _routine_values(spot: Spot, library: Library) -> dict[str, Any]:
    """Return what a Routine is made of; mistakes are noted in the documents."""
    values = read_table(spot, ROUTINE_FIELDS)
    own = Shared(**{table: values.pop(table, {}) for table in Shared().tables()})
    shared = own.over(library.shared)
    check_lists(spot, own.blocks, shared)
    for key in ("voicecoach", "extends", "without", "changes"):
        values.pop(key, None)
    readings = [reading for reading in values.get("steps", ()) if reading is not None]
    _check_slugs(readings)
    _check_together(readings)
    circuits = values.pop("circuits", {})
    check_circuits(spot, circuits, [each.spot for each in readings], MAX_STEPS)
    _check_steps_spoken_of(spot, values, readings)
    _check_total(spot, readings, circuits)
    if values.get("audience") == Audience.CHILD:
        _check_child_limits(spot, readings, values, shared, circuits)
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


def _check_slugs(readings: list[_StepReading]) -> None:
    first: dict[str, _StepReading] = {}
    for reading in readings:
        slug = reading.values.get("slug")
        if slug in first:
            message, fix = f'slug "{slug}" is taken by {first[slug].spot.step}', "choose another"
            reading.spot.child("slug").refuse(message, fix=fix, code="duplicate-name")
        elif slug:
            first[slug] = reading


def _check_together(readings: list[_StepReading]) -> None:
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


def _check_steps_spoken_of(
    spot: Spot, values: dict[str, Any], readings: list[_StepReading]
) -> None:
    """Refuse words of the opening or the closing about a step that there is not."""
    slugs = [reading.values["slug"] for reading in readings if "slug" in reading.values]
    for part in ("opening", "closing"):
        for index, item in enumerate(values.get(part, ())):
            for number_, slug in enumerate(item.steps if isinstance(item, Spoken) else ()):
                if slug is not None and slug not in slugs:  # None was refused before
                    place = spot.child(part).child(index).child("steps").child(number_)
                    message = f"no step {quoted(slug)}"
                    place.refuse(message, fix=instead(slug, slugs), code="unknown-name")


def _total_seconds(readings: list[_StepReading], circuits: Mapping[str, Circuit]) -> float:
    total = 0.0
    for reading in readings:
        values = reading.values
        seconds = values.get("setup_seconds", 0) + values.get("rest_after_seconds", 0)
        seconds += values["dose"].total_seconds if "dose" in values else 0
        circuit = circuits.get(values.get("circuit") or "")
        total += seconds * (circuit.rounds if circuit else 1)
    return total


def _check_total(spot: Spot, readings: list[_StepReading], circuits: Mapping[str, Circuit]) -> None:
    total = _total_seconds(readings, circuits)
    if total > MAX_TOTAL_SECONDS:
        hours = f"{total / 3600:.1f}"
        message = f"all steps last {hours} hours together, at most {MAX_TOTAL_SECONDS // 3600} are allowed"
        fix = "make several routines of it"
        spot.child("steps").child(0).refuse(message, fix=fix, code="too-long", place="line")


def _check_child_limits(
    spot: Spot,
    readings: list[_StepReading],
    values: dict[str, Any],
    shared: Shared,
    circuits: Mapping[str, Circuit],
) -> None:
    """Refuse what a child may not be asked to do, wherever it is said."""
    for key, said in values.get("equipment", {}).items():
        if excess := excess_in_equipment(key, said, spot.document.language):
            _refuse_excess(spot.child("equipment").child(key), excess)
    texts = [
        form
        for part in ("opening", "closing")
        for index in range(len(values.get(part, ())))
        for form in texts_of(spot.child(part).child(index))
    ]
    for reading in readings:
        spoken = "spoken" if reading.values.get("spoken_name") else "name"
        texts += _texts_of_step(reading.spot, spoken, "say", "brief")
        _check_child_doses(reading)
    for text_spot in texts:
        written = cast("str", text_spot.value)
        filled = with_own_words(text_spot, written)
        for excess in excesses_in_words(filled, text_spot.language):
            _refuse_excess(text_spot, excess, index=excess.index if filled == written else None)
    for item in (item for part in ("opening", "closing") for item in values.get(part, ())):
        if isinstance(item, _BlockUse):
            lines = [line.say for line in shared.blocks.get(item.name, ())]
            forms = [
                (with_own_words(item.spot, said), tag)
                for line in lines
                for tag, said in line.items()
            ]
            for excess in (each for said, tag in forms for each in excesses_in_words(said, tag)):
                _refuse_excess(item.spot, excess, f"block {quoted(item.name)}: ")
                break
    total = _total_seconds(readings, circuits)
    if total <= MAX_TOTAL_SECONDS and (excess := excess_in_total(total)):
        _refuse_excess(spot.child("steps").child(0), excess, place="line")


def _check_child_doses(reading: _StepReading) -> None:
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


def _expanded(
    items: tuple[Any, ...], shared: Shared, reasons: list[Contraindication]
) -> Iterator[Spoken | Silence]:
    """Yield the items with the lines of blocks in their places."""
    for item in items:
        if not isinstance(item, _BlockUse):
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
    """Return words that are shared, as a place says them: in its language, with the author's own words."""
    return with_own_words(spot, spot.document.in_language(spot, words))


def _finished(reading: _StepReading, things: dict[str, Equipment], shared: Shared) -> Step | None:
    """Return the step with what it names elsewhere; None where something is missing."""
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
    if former := _former_dose(spot):
        return with_dose(Step(**values | {"dose": former}), values["dose"])
    return Step(**values)


def _lowered(title: str) -> str:
    """Return a name as it stands inside a sentence: `TRX row` keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


class FilePlaces(Places):
    """Where everything stands in the files of a routine; they are looked through when somebody asks."""

    def __init__(self, routine: Spot, values: Mapping[str, Any]) -> None:
        self._routine = routine
        """All that the routine says, with what it takes from others."""
        written: dict[str, int] = {}
        self._numbers = {
            step.slug: written.setdefault(step.round_of or step.slug, len(written))
            for step in values["steps"]
        }
        self._words = {part: values[part] for part in ("opening", "closing")}
        """The opening and the closing, with the lines of blocks in their places."""
        self._spans: dict[Path, TomlSpans] = {}

    def of_step(self, slug: str, *keys: str | int, index: int | None = None) -> Place:
        """Return the place of a step, of a value in it, or of a character of a text there."""
        if slug not in self._numbers:
            return Place(self._routine.document.path)
        number_ = self._numbers[slug]
        step = self._routine.child("steps").child(number_)
        if keys[:1] == ("cues",) and _former_dose(step):
            keys, index = ("dose",), None  # some of its cues have gone with their moments
        return self.of_routine("steps", number_, *keys, index=index)

    def of_routine(self, *keys: str | int, index: int | None = None) -> Place:
        """Return the place of a value of the routine itself, or of a character of a text there."""
        spot = self._routine
        for key in keys:
            try:
                spot = spot.child(key)
            except (KeyError, IndexError, TypeError):
                return self._place(spot, None)
        return self._place(spot, index)

    def of_words(
        self, part: Literal["opening", "closing"], words: Spoken, index: int | None = None
    ) -> Place:
        """Return the place of words of the opening or the closing: of a block, where it is named."""
        said = list(self._words[part])
        written = self._routine.child(part) if _has_key(self._routine.value, part) else None
        items = written.value if written else ()
        for number_, item in enumerate(items if isinstance(items, list) else ()):
            block = item.get("block") if isinstance(item, dict) else None
            count = 1
            if block:
                lines = itertools.takewhile(lambda line: _is_of(line, block), said)  # noqa: B023
                count = len(list(lines))
            if words in said[:count]:
                keys = [key for key in ("block", "say") if _has_key(item, key)]
                return self.of_routine(part, number_, *keys, index=None if block else index)
            del said[:count]
        return Place(self._routine.document.path)

    def _place(self, spot: Spot, index: int | None) -> Place:
        document = spot.document
        if isinstance(spot.value, dict):
            for tag_ in document.tags:
                if isinstance(spot.value.get(tag_), str):
                    spot = spot.child(tag_)
                    break
        if document.path not in self._spans:
            self._spans[document.path] = locate(document.text)
        spans = self._spans[document.path]
        written = spot.value
        if (
            index is not None
            and isinstance(written, str)
            and written == with_own_words(spot, written)
        ):
            place = spans.in_string(spot.path, _written_index(written, index))
            return Place(document.path, *place) if place else Place(document.path)
        span = spans.nearest(spot.path)
        return Place(document.path, span.line, span.column) if span else Place(document.path)


def _is_of(line: Spoken | Silence, block: str) -> bool:
    return isinstance(line, Spoken) and line.block == block


def _written_index(written: str, index: int) -> int:
    """Return where a character of a text stands in the text as it is written.

    A text is read with single blanks; a file may have line breaks and more blanks there.
    """
    for word in re.finditer(r"\S+", written):
        if index <= len(word[0]):
            return word.start() + index
        index -= len(word[0]) + 1
    return len(written)
