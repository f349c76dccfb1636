"""Reads routine files: from a path to a Routine, or to everything that is wrong with the file.

The tables of fields say what may stand in a file; the functions after them hold the rules between
fields. Files come from strangers: nothing in them is run, and no path they name is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, cast

from voicecoach.anchors import AnchorError, parse_anchor
from voicecoach.child_limits import (
    excess_in_dose,
    excess_in_equipment,
    excess_in_total,
    excesses_in_words,
)
from voicecoach.circuits import check_circuits, circuit_at, in_rounds, read_circuits
from voicecoach.dose import Dose, DoseError, Sides, parse_dose
from voicecoach.errors import Problem, RoutineError
from voicecoach.routine import (
    Anchor,
    AnchorKind,
    Audience,
    AuthorCue,
    Contraindication,
    DoseBasis,
    Equipment,
    Level,
    Routine,
    Silence,
    Spoken,
    Step,
)
from voicecoach.shared_file import BLOCK_VARIABLES
from voicecoach.toml_fields import (
    VARIABLE,
    Document,
    Field,
    Refused,
    Spot,
    boolean,
    by_name,
    choice,
    choose_from,
    language_tag,
    list_of,
    name,
    number,
    plain_line,
    quoted,
    read_table,
    table,
    tag,
    text,
    texts_of,
)
from voicecoach.toml_spans import locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.library import Library

FORMAT: Final = 1
MAX_STEPS: Final = 200
MAX_CUES: Final = 100
MAX_ITEMS: Final = 100
MAX_ABOUT_LENGTH: Final = 4000
MAX_SETUP_SECONDS: Final = 600
MAX_REST_SECONDS: Final = 3600
MAX_TOTAL_SECONDS: Final = 12 * 3600
"""Of all steps together."""

STEP_VARIABLES: Final = (
    *("minutes", "reps", "reps_left", "reps_done", "set", "sets", "side", "other_side"),
    *("seconds", "seconds_left", "duration", "equipment"),
)
"""What the texts of a step may hold after a `$`."""
_SIDE_VARIABLES: Final = frozenset({"side", "other_side"})
_REP_VARIABLES: Final = frozenset({"reps", "reps_left", "reps_done"})


def load_routine(path: Path, library: Library, *, language: str | None = None) -> Routine:
    """Return the routine in a file; raise RoutineError with all that is wrong with it.

    `language` chooses among texts by language; without it the file's own language is read.
    """
    document = Document.open(path, language=language)
    with document.checked():
        _check_format(document)
        values = _routine_values(document, library)
    return Routine(**values, slug=path.stem, path=path, lines=StepLines(document, values["steps"]))


def check_routine(path: Path, library: Library) -> tuple[Routine | None, list[Problem]]:
    """Return the routine, or None and all that is wrong with the file."""
    try:
        return load_routine(path, library), []
    except RoutineError as error:
        if error.path != path:  # what is shared is broken: that is another file
            raise
        return None, list(error.problems)


def _check_format(document: Document) -> None:
    """Refuse a file of another kind or of a later format, before all else is found unknown."""
    root = document.root
    if "voicecoach" not in root:
        message = f"voicecoach is missing: write voicecoach = {FORMAT} in the first line"
        if "voicecoach_shared" in root:
            message = "this file holds what routines share: it is no routine itself"
        problem = Problem(1, 0, "", message)
        raise RoutineError(document.path, [problem])
    spot = document.spot().child("voicecoach", example=str(FORMAT))
    if not isinstance(spot.value, int) or isinstance(spot.value, bool):
        spot.refuse_type("the number of the file's format")
    elif spot.value != FORMAT:
        spot.refuse(
            f"this file is in format {quoted(spot.value)}; this voicecoach reads format {FORMAT}: "
            + ("update voicecoach" if spot.value > FORMAT else f"write voicecoach = {FORMAT}")
        )
        raise RoutineError(document.path, document.problems())


# ------------------------------------------------------------------------------ readers of this format


def _dose(spot: Spot) -> Dose:
    if not isinstance(spot.value, str):
        raise spot.refuse_type("a text in quotes")
    try:
        return parse_dose(spot.value)
    except DoseError as error:
        raise spot.refuse(f"{spot.name}: {error.message}", index=error.column - 1) from error


def _anchor(spot: Spot) -> Anchor:
    if not isinstance(spot.value, str):
        seconds = isinstance(spot.value, int) and not isinstance(spot.value, bool)
        raise spot.refuse_type("a moment in quotes", f'"{quoted(spot.value)}s"' if seconds else "")
    try:
        return parse_anchor(spot.value)
    except AnchorError as error:
        raise spot.refuse(str(error)) from error


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
        raise spot.child("steps").refuse(f"{spot.name}: steps goes with say")
    if len(given) != 1 and not value.keys() - values.keys():
        got = "not several" if given else "it is empty"
        raise spot.refuse(f"{spot.name}: write one of say, block or silence, {got}")
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


def _spoken_name(spot: Spot) -> str:
    spoken = _LINE(spot)
    if spoken.endswith("."):
        raise spot.refuse(f"{spot.name} stands inside sentences: leave out the full stop")
    return spoken


def _levels(spot: Spot) -> dict[Level, Dose]:
    """Read the doses of other levels, by level."""
    return {Level(key): dose for key, dose in table(LEVEL_FIELDS)(spot).items() if dose}


_LINE: Final = text(most=120, one_line=True)
_SPOKEN: Final = text(variables=BLOCK_VARIABLES)
_STEP_TEXT: Final = text(variables=STEP_VARIABLES)
_TAGS: Final = list_of(plain_line, "a list of texts", most=MAX_ITEMS, item_example='"…"')

_SLUGS: Final = list_of(tag, "a list of slugs", most=MAX_ITEMS, item_example='"roll-down"')

ITEM_FIELDS: Final = (
    Field("say", _SPOKEN, '"Welcome."'),
    Field("block", name, '"SC-A"'),
    Field("silence", number(0.1, 600), "5"),
    Field("steps", _SLUGS, '["roll-down"]', ()),
)
_ITEM_LIST: Final = list_of(_item, "a list of texts", most=MAX_ITEMS)

CUE_FIELDS: Final = (
    Field("at", _anchor, '"halfway"', required=True, into="anchor"),
    Field("say", _STEP_TEXT, '"Keep breathing."', required=True, into="text"),
    Field("side", choice(("first", "second")), '"first"', ""),
    Field("set", number(1, 20, whole=True), "1", 0, into="set_number"),
    Field("praise", boolean, "true", default=False),
    Field("stop", boolean, "true", default=False),
)

LEVEL_FIELDS: Final = (
    Field("easy", _dose, '"hold 15s"'),
    Field("strong", _dose, '"hold 45s"'),
)
"""Without a level stands the dose of the step itself."""

STEP_FIELDS: Final = (
    Field("slug", tag, '"roll-down"', required=True),
    Field("name", _LINE, '"Slow roll-down"', required=True),
    Field("spoken", _spoken_name, '"slow roll-down"', "", into="spoken_name"),
    Field("position", text(one_line=True), '"standing"', ""),
    Field("say", _STEP_TEXT, '"Lie down on your back."', required=True, into="instruction"),
    Field("brief", _STEP_TEXT, '"On your back, knees bent."', ""),
    Field("dose", _dose, '"hold 30s"', required=True),
    Field("basis", choice([*DoseBasis]), '"exact"', "default", into="dose_basis"),
    Field("effort", choice(("away", "back")), '"away"', "away"),
    Field("setup", number(0, MAX_SETUP_SECONDS), "20", 0.0, into="setup_seconds"),
    Field("rest_after", number(0, MAX_REST_SECONDS), "15", 0.0, into="rest_after_seconds"),
    Field("flow", boolean, "true", default=False),
    Field("wait", boolean, "true", default=False),
    Field("stop", name, '"STOP-A1"', "", into="stop_line"),
    Field(
        "cues",
        list_of(_cue, "a list of tables", most=MAX_CUES),
        '[{ at = "halfway", say = "…" }]',
        (),
    ),
    Field("muscles", _TAGS, '["abdominals"]', ()),
    Field("equipment", list_of(name, "a list of names", most=MAX_ITEMS), '["mat"]', ()),
    Field("safety", text(), '"Keep the back on the floor."', "", into="safety_note"),
    Field("together", name, '"roll-down"', ""),
    Field("circuit", name, '"legs"', ""),
    Field("optional", boolean, "true", default=False),
    Field("levels", _levels, '{ easy = "hold 15s" }', {}),
    Field("source", _TAGS, '["R1"]', ()),
)

_MISPLACED_IN_STEP: Final = {
    "rest": ": write rests between sets into the dose, and the rest after the step as rest_after",
    **dict.fromkeys(
        ("reps", "sets", "tempo", "hold", "change", "duration", "side", "sides"),
        ': write it into the dose, such as dose = "2 x 8 reps each side, tempo 2-1-3, change 14s"',
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
        raise spot.refuse("a step is a table: write [[steps]] above its lines")
    values = read_table(spot, STEP_FIELDS, elsewhere=_MISPLACED_IN_STEP)
    dose = values.get("dose")
    if dose is not None:
        _check_side_words(spot, dose)
        _check_levels(spot, dose, values.get("levels", {}))
        for index, cue in enumerate(values.get("cues", ())):
            if cue is not None:
                _check_cue(spot.child("cues").child(index), cue, values)
    return _StepReading(spot, values)


def _step_label(spot: Spot) -> str:
    """Return how messages call a step: `step 3 "Plank"`."""
    label = f"step {cast('int', spot.path[-1]) + 1}"
    name_spots = texts_of(spot.child("name")) if _has_key(spot.value, "name") else iter(())
    name_spot = next(name_spots, None)
    return f"{label} {quoted(name_spot.value)}" if name_spot else label


def _has_key(value: object, key: str) -> bool:
    return isinstance(value, dict) and key in value


def _steps(spot: Spot) -> tuple[_StepReading, ...]:
    if isinstance(spot.value, dict):
        raise spot.refuse("steps are a list: write [[steps]], with two brackets, above each step")
    if spot.value == []:
        raise spot.refuse("a routine has at least one step: write [[steps]] and its lines")
    return _STEP_LIST(spot)


_STEP_LIST: Final = list_of(_step, "a list of tables", most=MAX_STEPS)


def _equipment(spot: Spot) -> dict[str, str]:
    things = _EQUIPMENT(spot)
    for key in things.keys() & {field.key for field in ROUTINE_FIELDS}:
        message = f"{key} stands in the table [equipment]: write it above the first [header]"
        spot.child(key).refuse(message, place="key")
    return things


_EQUIPMENT: Final = by_name(_LINE)

ROUTINE_FIELDS: Final = (
    Field("voicecoach", lambda spot: spot.value, str(FORMAT), required=True),
    Field("title", _LINE, '"Back basics"', required=True),
    Field("audience", choice([*Audience]), '"adult"', required=True),
    Field("language", language_tag, '"en"', "en"),
    Field("summary", text(most=300), '"A calm set for the back."', ""),
    Field("about", text(most=MAX_ABOUT_LENGTH), '"Why this helps."', ""),
    Field("adult_nearby", boolean, "true", default=False),
    Field("level", _LINE, '"beginner"', ""),
    Field("muscles", _TAGS, '["abdominals"]', ()),
    Field("opening", _ITEM_LIST, '["Welcome."]', ()),
    Field("closing", _ITEM_LIST, '["Well done."]', ()),
    Field("equipment", _equipment, '{ mat = "a mat" }', {}),
    Field("circuits", read_circuits, "{ legs = { rounds = 3 } }", {}),
    Field("steps", _steps, "[[steps]]", required=True),
)
_MISPLACED_IN_STEP.update(
    (field.key, ": it belongs to the routine, above the first [header]")
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
                message = f'{found[0]} has no meaning here: the dose "{dose}" {refused[found[1]]}'
                written.refuse(message, index=found.start())


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
        if (other.kind, other.sides, other.first_side) != (dose.kind, dose.sides, dose.first_side):
            message = (
                f'{level}: "{other}" is another kind of work than "{dose}"; change how long, how often '
                "or in how many sets, and leave sides and kind as they are"
            )
            spot.child("levels").child(level.value).refuse(message)


def _check_cue(spot: Spot, cue: AuthorCue, values: dict[str, Any]) -> None:
    """Refuse a cue that could never be spoken."""
    dose: Dose = values["dose"]
    table = cast("dict[str, Any]", spot.value)
    if cue.set_number > dose.sets:
        sets = "one set" if dose.sets == 1 else f"{dose.sets} sets"
        spot.child("set").refuse(f"set = {cue.set_number}, but the dose has {sets}")
        return
    if cue.side and dose.sides is not Sides.ONE_AT_A_TIME:
        message = 'side needs a dose with one side at a time, such as "hold 30s each side"'
        spot.child("side").refuse(message)
    elif cue.side and cue.anchor.kind not in _WORK_ANCHORS:
        message = f'side is for cues during the work: leave it out at "{cue.anchor}"'
        spot.child("side").refuse(message)
    if cue.stop and cue.anchor.kind not in _WORK_ANCHORS - {AnchorKind.EVERY_RETURN}:
        message = f'stop is for cues during the work: leave it out at "{cue.anchor}"'
        spot.child("stop").refuse(message)
    elif cue.anchor.kind is AnchorKind.EVERY_RETURN and values.get("effort") == "back":
        message = (
            'every return is where the numbers are, with effort = "back": leave one of them out'
        )
        spot.child("at").refuse(message)
    elif message := _anchor_mistake(cue, dose, values.get("rest_after_seconds", 1.0)):
        spot.child("at").refuse(f"at = {quoted(table['at'])} {message}")


_REP_ANCHORS: Final = frozenset(
    {AnchorKind.REP, AnchorKind.AFTER_REP, AnchorKind.EVERY_RETURN, AnchorKind.LAST_REPS}
)
_WORK_ANCHORS: Final = _REP_ANCHORS | {
    AnchorKind.OFFSET,
    AnchorKind.BEFORE_END,
    AnchorKind.HALFWAY,
}


def _anchor_mistake(cue: AuthorCue, dose: Dose, rest_after_seconds: float) -> str:
    """Return why a step with this dose has no such moment; nothing where it has."""
    kind, number_ = cue.anchor.kind, cue.anchor.number
    sets = [cue.set_number] if cue.set_number else list(range(1, dose.sets + 1))
    if kind in _REP_ANCHORS:
        moves = min(dose.moves(set_number) for set_number in sets)
        if dose.kind != "reps":
            return f'needs a dose in reps, and this one is "{dose}"; "10s" or "halfway" would do'
        if kind is AnchorKind.EVERY_RETURN and dose.tempo and dose.tempo.back_seconds < 1:
            return f"needs a way back of 1 s or more, and the tempo is {dose.tempo}"
        return f"lies beyond the {moves} reps of a set" if number_ > moves else ""
    work_seconds = min(dose.block_seconds(set_number) for set_number in sets)
    match kind:
        case AnchorKind.OFFSET if cue.anchor.seconds >= work_seconds:
            return f"lies outside the work, which lasts {work_seconds:g} s"
        case AnchorKind.BEFORE_END if not 0 < cue.anchor.seconds <= work_seconds:
            return f"lies outside the work, which lasts {work_seconds:g} s"
        case AnchorKind.CHANGE if dose.sides is not Sides.ONE_AT_A_TIME:
            return 'needs a dose with one side at a time, such as "hold 30s each side"'
        case AnchorKind.REST if dose.sets == 1 and not rest_after_seconds:
            return "needs a rest: write rest_after = 15, or a dose with several sets"
        case AnchorKind.REST if dose.sets > 1 and cue.set_number == dose.sets:
            return f"with set = {cue.set_number} has no rest: it is the last set"
        case AnchorKind.BEFORE_SET if number_ == 1:
            return "has nothing before it: say it in the instruction"
        case AnchorKind.BEFORE_SET | AnchorKind.BEFORE_LAST_SET if dose.sets == 1:
            return 'needs a dose with several sets, such as "2 x 8 reps"'
        case AnchorKind.BEFORE_SET if number_ > dose.sets:
            return f"lies beyond the {dose.sets} sets of the dose"
        case AnchorKind.BEFORE_SET if cue.set_number not in (0, number_):
            return f"and set = {cue.set_number} exclude each other: leave out set"
    return ""


# ---------------------------------------------------------------------------- rules of a whole routine


def _routine_values(document: Document, library: Library) -> dict[str, Any]:
    """Return what a Routine is made of; mistakes are noted in the document."""
    values = read_table(document.spot(), ROUTINE_FIELDS)
    readings = [reading for reading in values.get("steps", ()) if reading is not None]
    _check_slugs(readings)
    _check_together(readings)
    circuits = values.pop("circuits", {})
    check_circuits(document.spot(), circuits, [each.spot for each in readings], MAX_STEPS)
    _check_steps_spoken_of(document.spot(), values, readings)
    _check_total(document.spot(), readings)
    if values.get("audience") == Audience.CHILD:
        _check_child_limits(document.spot(), readings, values, library)
    things = {key: Equipment(key, said) for key, said in values.get("equipment", {}).items()}
    del values["voicecoach"]
    reasons: list[Contraindication] = []
    for part in ("opening", "closing"):
        values[part] = tuple(_expanded(values.get(part, ()), library, reasons))
    finished = [_finished(reading, things, library) for reading in readings]
    values["steps"] = tuple(in_rounds([step for step in finished if step], circuits))
    values["equipment"] = tuple(things.values())
    values["contraindications"] = tuple(reasons)
    values["language"] = document.language
    values["audience"] = Audience(values.get("audience", Audience.ADULT))
    return values


def _check_slugs(readings: list[_StepReading]) -> None:
    first: dict[str, _StepReading] = {}
    for reading in readings:
        slug = reading.values.get("slug")
        if slug in first:
            message = f'slug "{slug}" is taken by {first[slug].spot.step}: choose another'
            reading.spot.child("slug").refuse(message)
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
                message = (
                    f"together = {quoted(group)}: steps that belong together have to be neighbours"
                )
                reading.spot.child("together").refuse(message)
        previous = group


def _check_steps_spoken_of(
    spot: Spot, values: dict[str, Any], readings: list[_StepReading]
) -> None:
    """Refuse words of the opening or the closing about a step that there is not."""
    slugs = [reading.values["slug"] for reading in readings if "slug" in reading.values]
    for part in ("opening", "closing"):
        for index, item in enumerate(values.get(part, ())):
            for number_, slug in enumerate(item.steps if isinstance(item, Spoken) else ()):
                if slug not in slugs:
                    place = spot.child(part).child(index).child("steps").child(number_)
                    place.refuse(f"no step {choose_from(slug, slugs)}")


def _total_seconds(readings: list[_StepReading]) -> float:
    total = 0.0
    for reading in readings:
        values = reading.values
        seconds = values.get("setup_seconds", 0) + values.get("rest_after_seconds", 0)
        seconds += values["dose"].total_seconds if "dose" in values else 0
        circuit = circuit_at(reading.spot)
        total += seconds * (circuit.rounds if circuit else 1)
    return total


def _check_total(spot: Spot, readings: list[_StepReading]) -> None:
    total = _total_seconds(readings)
    if total > MAX_TOTAL_SECONDS:
        hours = f"{total / 3600:.1f}"
        message = f"all steps last {hours} hours together, at most {MAX_TOTAL_SECONDS // 3600} are allowed"
        spot.child("steps").child(0).refuse(message, place="line")


def _check_child_limits(
    spot: Spot, readings: list[_StepReading], values: dict[str, Any], library: Library
) -> None:
    """Refuse what a child may not be asked to do, wherever it is said."""
    for key, said in values.get("equipment", {}).items():
        if excess := excess_in_equipment(key, said):
            spot.child("equipment").child(key).refuse(excess.message)
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
        for excess in excesses_in_words(cast("str", text_spot.value)):
            text_spot.refuse(excess.message, index=excess.index)
    for item in (item for part in ("opening", "closing") for item in values.get(part, ())):
        if isinstance(item, _BlockUse):
            lines = [line.say for line in library.blocks.get(item.name, ())]
            written = (said for line in lines for said in line.values())
            for excess in (excess for said in written for excess in excesses_in_words(said)):
                item.spot.refuse(f"block {quoted(item.name)}: {excess.message}")
                break
    total = _total_seconds(readings)
    if total <= MAX_TOTAL_SECONDS and (excess := excess_in_total(total)):
        spot.child("steps").child(0).refuse(excess.message, place="line")


def _check_child_doses(reading: _StepReading) -> None:
    if "dose" in reading.values and (excess := excess_in_dose(reading.values["dose"])):
        reading.spot.child("dose").refuse(excess.message)
    for level, dose in reading.values.get("levels", {}).items():
        if excess := excess_in_dose(dose):
            reading.spot.child("levels").child(level.value).refuse(f"{level}: {excess.message}")


def _expanded(
    items: tuple[Any, ...], library: Library, reasons: list[Contraindication]
) -> Iterator[Spoken | Silence]:
    """Yield the items with the lines of blocks in their places."""
    for item in items:
        if not isinstance(item, _BlockUse):
            yield from [item] if item else []
            continue
        if item.name not in library.blocks:
            item.spot.refuse(f"no block {choose_from(item.name, library.blocks)}")
            continue
        said = partial(item.spot.document.in_language, item.spot)
        with suppress(Refused):
            for line in library.blocks[item.name]:
                if line.say:
                    yield Spoken(said(line.say), item.name, line.stop)
                for reason in library.contraindications.get(line.contraindications, ()):
                    sentence = said(reason.say)
                    reasons.append(
                        Contraindication(reason.key, said(reason.name), reason.strength, sentence)
                    )
                    yield Spoken(sentence, item.name)


def _finished(reading: _StepReading, things: dict[str, Equipment], library: Library) -> Step | None:
    """Return the step with what it names elsewhere; None where something is missing."""
    spot, values = reading.spot, dict(reading.values)
    needed = []
    for index, key in enumerate(values.get("equipment") or ()):
        if key in things:
            needed.append(things[key])
        elif key is not None:
            there = (
                choose_from(key, things) if things else f"{quoted(key)}: write it below [equipment]"
            )
            spot.child("equipment").child(index).refuse(f"no equipment {there}")
    values["equipment"] = tuple(needed)
    if stop := values.get("stop_line"):
        stop_spot = spot.child("stop")
        if stop in library.stop_lines:
            with suppress(Refused):
                values["stop_line"] = spot.document.in_language(stop_spot, library.stop_lines[stop])
        else:
            stop_spot.refuse(f"no STOP line {choose_from(stop, library.stop_lines)}")
    if len(values) < len(STEP_FIELDS):
        return None
    values["spoken_name"] = values["spoken_name"] or _lowered(values["name"])
    values["dose_basis"] = DoseBasis(values["dose_basis"])
    values["effort_on_return"] = values.pop("effort") == "back"
    return Step(**values)


def _lowered(title: str) -> str:
    """Return a name as it stands inside a sentence: `TRX row` keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


class StepLines(Mapping[str, int]):
    """Line of each step by slug; the file's positions are looked for when somebody asks."""

    def __init__(self, document: Document, steps: tuple[Step, ...]) -> None:
        self._text = document.text
        written: dict[str, int] = {}
        self._numbers = {
            step.slug: written.setdefault(step.round_of or step.slug, len(written))
            for step in steps
        }

    @cached_property
    def _lines(self) -> dict[str, int]:
        spans = locate(self._text)
        found = {slug: spans.nearest(("steps", i)) for slug, i in self._numbers.items()}
        return {slug: span.line if span else 0 for slug, span in found.items()}

    def __getitem__(self, slug: str) -> int:
        return self._lines[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
