"""The format of routine files: the keys of each table, their values, and what they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from voicecoach.language.phrases import VARIABLES
from voicecoach.library.circuits import read_circuits
from voicecoach.library.extending import FORMAT
from voicecoach.library.rules import (
    BlockUse,
    StepReading,
    check_cue,
    check_levels,
    check_side_words,
    has_key,
)
from voicecoach.library.shared import BLOCK_VARIABLES, OWN_FIELDS
from voicecoach.library.texts import plain_line, text, texts_of
from voicecoach.messages import quoted
from voicecoach.routine.anchors import (
    ANCHOR_MEANINGS,
    ANCHOR_PATTERN,
    Anchor,
    AnchorError,
    parse_anchor,
)
from voicecoach.routine.dose_line import DOSE_MEANINGS, DOSE_PATTERN, DoseError, parse_dose
from voicecoach.routine.model import AuthorCue, Level, Silence, Spoken
from voicecoach.routine.redosing import is_of_one_kind
from voicecoach.toml.document import LayeredTable, Refused, Spot
from voicecoach.toml.fields import (
    WORDS,
    Field,
    Reader,
    Schema,
    attempt,
    one_of,
    read_table,
    schema_of_table,
    takes,
)
from voicecoach.toml.readers import (
    MAX_LINE_LENGTH,
    as_tag,
    boolean,
    by_name,
    check_length,
    choice,
    language_tag,
    list_of,
    name,
    name_of,
    number,
    table,
    tag,
    whole_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.routine.dose import Dose

MAX_STEPS: Final = 500
MAX_CUES: Final = 100
MAX_ITEMS: Final = 100
MAX_ABOUT_LENGTH: Final = 4000
MAX_SETUP_SECONDS: Final = 600
MAX_REST_SECONDS: Final = 3600

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


def _item(spot: Spot) -> Spoken | Silence | BlockUse:
    value, document = spot.value, spot.document
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
                    return BlockUse(values[key], spot.child(key))
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
    return {Level(key): dose for key, dose in table(LEVEL_FIELDS)(spot).items() if dose}


@takes(tag.schema)
def _beside(spot: Spot) -> str:
    # It only has to be a slug here: where it is has been seen to before.
    if not spot.document.bases:
        raise spot.refuse(
            f"{spot.name} is for the steps of a routine that extends another",
            fix="put the step where it belongs",
            code="extends",
            place="key",
        )
    return tag(spot)


_SPOKEN: Final = text(variables=BLOCK_VARIABLES)
_STEP_TEXT: Final = text(variables=VARIABLES)
_TAGS: Final = list_of(plain_line, "a list of texts", most=MAX_ITEMS, item_example='"…"')
_SLUGS: Final = list_of(tag, "a list of slugs", most=MAX_ITEMS, item_example='"roll-down"')

ITEM_FIELDS: Final = (
    Field("say", _SPOKEN, '"Welcome."', about="What the coach says."),
    Field("block", name_of("blocks"), '"SC-A"').means(
        "Sentences that routines share, by the name of their block: a health check, for instance."
    ),
    Field("silence", number(0.1, 600), "5", about="A pause, in seconds."),
    Field("steps", _SLUGS, '["roll-down"]', ()).means(
        "With `say`: the steps, by slug, that the words are about. "
        "They are only said where all of these are done."
    ),
    Field("inherited", boolean, "true").means(
        "In a routine that extends another: all that the other one says here."
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

_SIDE: Final = choice(
    {"first": "While the first side works.", "second": "While the second side works."}
)
CUE_FIELDS: Final = (
    Field("at", _anchor, '"halfway"', required=True, into="anchor").means(
        "When the cue is said: seconds from the start or before the end, a rep, "
        "the change of sides, the rest, or before a set."
    ),
    Field("say", _STEP_TEXT, '"Keep breathing."', required=True, into="text").means(
        "What is said then."
    ),
    Field("side", _SIDE, '"first"', "").means(
        "With one side at a time: only while this side works. Left out: on both."
    ),
    Field("set", number(1, 20, whole=True), "1", 0, into="set_number").means(
        "Only in this set, counted from 1. Left out: in every set."
    ),
    Field("praise", boolean, "true", default=False).means(
        "The words praise, so they are the first to give way where speech does not fit."
    ),
    Field("stop", boolean, "true", default=False).means(
        "The words tell people to stop when something hurts: nothing keeps them from being said."
    ),
)

LEVEL_FIELDS: Final = (
    Field("easy", _dose, '"hold 15s"', about="The dose for people who want it easier."),
    Field("strong", _dose, '"hold 45s"', about="The dose for people who want more."),
)
"""The standard level is the dose of the step itself."""

_BASIS: Final = choice(
    {
        "minimum": "The source names this number as the least.",
        "exact": "The source names this number.",
        "default": "Nobody named a number; this one is sensible.",
    }
)
_EFFORT: Final = choice(
    {
        "away": "The work is on the way out, and so are the numbers.",
        "back": "The work is on the way back, and so are the numbers.",
    }
)
_CUE: Final = whole_table(CUE_FIELDS, AuthorCue, '{ at = "halfway", say = "…" }')
_CUES: Final = list_of(_CUE, "a list of tables", most=MAX_CUES)
_THINGS: Final = list_of(name, "a list of names", most=MAX_ITEMS)
_LEVELS: Final = Reader(_levels, schema_of_table(LEVEL_FIELDS))

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
    Field("name", _LINE, '"Slow roll-down"', required=True).means(
        "The exercise as it is announced, shown and named in the track."
    ),
    Field("spoken", _spoken_name, '"slow roll-down"', "", into="spoken_name").means(
        "The name as it stands inside a sentence, without a full stop. "
        "Left out: `name`, with a small first letter."
    ),
    Field("position", text(one_line=True), '"standing"', "").means(
        "The position that it starts from."
    ),
    Field("say", _STEP_TEXT, '"Lie down on your back."', required=True, into="instruction").means(
        "The instruction: what to do, in words that need no picture. It is spoken before the clock."
    ),
    Field("brief", _STEP_TEXT, '"On your back, knees bent."', "").means(
        "Said instead of `say` to somebody who knows the exercise: "
        "start position, side and what moves, in nine words or so."
    ),
    Field("dose", _dose, '"hold 30s"', required=True).means(
        "How much, in one line: the sets, the work (`hold` a time, `for` a time, or reps), "
        "and after commas `each side`, `tempo 2-1-3`, `hold 10s`, `rest 30s`, `change 14s`, "
        "`alternating` or `left first`. Times are in seconds, minutes (`2 min`) or both (`1:30`)."
    ),
    Field("basis", _BASIS, '"exact"', "default", into="dose_basis").means(
        "Where the number in the dose comes from. Less than a minimum is never done unsaid."
    ),
    Field("effort", _EFFORT, '"away"', "away").means(
        "The part of a rep in which the work is, where its number is spoken."
    ),
    Field("setup", number(0, MAX_SETUP_SECONDS), "20", 0.0, into="setup_seconds").means(
        "The least time before the start, in seconds. "
        "Where the words take longer, the clock waits for them."
    ),
    Field("rest_after", number(0, MAX_REST_SECONDS), "15", 0.0, into="rest_after_seconds").means(
        "The rest from the end of this step to the next one, in seconds, kept exactly. "
        "Rests between sets belong to the dose."
    ),
    Field("flow", boolean, "true", default=False).means(
        "The step goes straight on from the one before, without its name and a countdown."
    ),
    Field("wait", boolean, "true", default=False).means(
        "Live play holds before the step until a key is pressed. A track keeps its times."
    ),
    Field("stop", name_of("stop"), '"STOP-A1"', "", into="stop_line").means(
        "A sentence that says when to stop, by its name. It is spoken after the instruction."
    ),
    Field("cues", _CUES, '[{ at = "halfway", say = "…" }]', ()).means(
        "What is said while the clock runs. "
        "Counts, the half-way mark and the last five seconds come by themselves."
    ),
    Field("muscles", _TAGS, '["abdominals"]', ()).means(
        "What the step trains. `assist-` before a name: it only helps. "
        "`stretch-` before a name: it is stretched."
    ),
    Field("equipment", _THINGS, '["mat"]', ()).means(
        "What the step needs, by the names in the table [equipment]."
    ),
    Field("safety", text(), '"Keep the back on the floor."', "", into="safety_note").means(
        "Advice that is written on the sheet and not spoken."
    ),
    Field("together", name, '"roll-down"', "").means(
        "Neighbouring steps with the same word here are one exercise: "
        "they are skipped, repeated and left out together."
    ),
    Field("circuit", name, '"legs"', "").means(
        "The circuit, by its name in [circuits], in whose rounds the step is done."
    ),
    Field("optional", boolean, "true", default=False).means(
        "The step may be left out where a session has to be shorter."
    ),
    Field("levels", _LEVELS, '{ easy = "hold 15s" }', {}).means(
        "The doses of other levels, where a person should choose them and not a rule."
    ),
    Field("source", _TAGS, '["R1"]', (), about="Where the exercise comes from."),
    Field("after", _beside, '"roll-down"', "").means(
        "In a routine that extends another: the step, by slug, that this one comes after. "
        "Left out: at the end."
    ),
    Field("before", _beside, '"roll-down"', "").means(
        "In a routine that extends another: the step, by slug, that this one comes before."
    ),
)

_MISPLACED_IN_STEP: Final = {
    "rest": "write rests between sets into the dose, and the rest after the step as rest_after",
    **dict.fromkeys(
        ("reps", "sets", "tempo", "hold", "change", "duration", "side", "sides"),
        'write it into the dose, such as dose = "2 x 8 reps each side, tempo 2-1-3, change 14s"',
    ),
}


def _step(spot: Spot) -> StepReading:
    spot = replace(spot, step=_step_label(spot), slug=spot.text_at("slug"))
    if not isinstance(spot.value, dict):
        fix = "write [[steps]] above its lines"
        raise spot.refuse("a step is a table", fix=fix, code="wrong-type")
    values = read_table(spot, STEP_FIELDS, elsewhere=_MISPLACED_IN_STEP)
    dose, former = values.get("dose"), former_dose_of(spot)
    if dose is not None:
        check_side_words(spot, dose)
        check_levels(spot, dose, values.get("levels", {}))
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
                    check_cue(spot.child("cues").child(index), cue, at)
    return StepReading(spot, values)


def former_dose_of(spot: Spot) -> Dose | None:
    """Return the dose that the cues of a step were written for, where it has another now."""
    written = spot.value.former_dose if isinstance(spot.value, LayeredTable) else None
    return next(iter(attempt(_dose, written)), None) if written else None


def _step_label(spot: Spot) -> str:
    """Return the name of a step in messages: `step 3 "Plank"`."""
    label = f"step {spot.number or cast('int', spot.path[-1]) + 1}"
    name_spots = texts_of(spot.child("name")) if has_key(spot.value, "name") else iter(())
    name_spot = next(name_spots, None)
    return f"{label} {quoted(name_spot.value)}" if name_spot else label


_STEP_LIST: Final = list_of(
    Reader(_step, schema_of_table(STEP_FIELDS)), "a list of tables", most=MAX_STEPS
)


@takes({**_STEP_LIST.schema, "minItems": 1})
def _steps(spot: Spot) -> tuple[StepReading, ...]:
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


def changes_schema(fields: Sequence[Field]) -> Schema:
    """Return the schema of tables by slug, each with some of these fields."""
    fixed = ("slug", "after", "before")
    some = [replace(field, required=False) for field in fields if field.key not in fixed]
    return {"type": "object", "additionalProperties": schema_of_table(some)}


_CHANGES: Final = Reader(lambda spot: spot.value, changes_schema(STEP_FIELDS))
"""It is read as part of the steps that it changes."""
_FORMAT: Final = takes({"type": "integer", "const": FORMAT})(lambda spot: spot.value)
_AUDIENCE: Final = choice(
    {
        "adult": "For grown-ups.",
        "child": "For children of about five to ten, with a grown-up near: "
        "no weights, no held breath, no long holds.",
    }
)

ROUTINE_FIELDS: Final = (
    Field("voicecoach", _FORMAT, str(FORMAT), required=True).means(
        "The file is a voicecoach routine, written in this format."
    ),
    Field("extends", tag, '"relaxation"', "").means(
        "The name of another routine, of which this one says only what differs. "
        "It lies beside this file, or `voicecoach list` shows it."
    ),
    Field("without", _SLUGS, '["roll-down"]', ()).means(
        "The steps of the extended routine, by slug, that are left out."
    ),
    Field("changes", _CHANGES, '{ roll-down = { dose = "5 reps" } }', {}).means(
        "Steps of the extended routine, by slug, with the fields that are other here. "
        "Under a new dose its cues keep their share of the work, or go."
    ),
    Field("title", _LINE, '"Back basics"', required=True).means(
        "What the routine is called, on the screen, on the sheet and in the track."
    ),
    Field("audience", _AUDIENCE, '"adult"', required=True).means(
        "For whom it is. It decides on pace, words and limits."
    ),
    Field("language", language_tag, '"en"', "en").means(
        "The language of all texts that do not name their own."
    ),
    Field("summary", text(most=300), '"A calm set for the back."', "").means(
        "What it is, in a sentence."
    ),
    Field("about", text(most=MAX_ABOUT_LENGTH), '"Why this helps."', "").means(
        "What somebody should read before the first time. It is not spoken."
    ),
    Field("adult_nearby", boolean, "true", default=False).means(
        "A grown-up has to be near and in sight. Routines for children say so."
    ),
    Field("level", _LINE, '"beginner"', "", about="How hard it is, in a word."),
    Field("muscles", _TAGS, '["abdominals"]', (), about="What the routine as a whole trains."),
    Field("opening", _ITEM_LIST, '["Welcome."]', ()).means(
        "What is said before the first step: texts, blocks such as the health check, silences."
    ),
    Field("closing", _ITEM_LIST, '["Well done."]', (), about="What is said after the last step."),
    Field("equipment", _equipment, '{ mat = "a mat" }', {}).means(
        "What is needed: a name for each thing, and how the coach calls it."
    ),
    *OWN_FIELDS,
    Field("circuits", read_circuits, "{ legs = { rounds = 3 } }", {}).means(
        "Circuits, by the name that their steps call: how many rounds, and the rest between them."
    ),
    Field("steps", _steps, "[[steps]]", required=True).means(
        "The exercises, in their order. Each begins with a line `[[steps]]`."
    ),
)
_MISPLACED_IN_STEP.update(
    (field.key, "write it above the first [header], for it belongs to the routine")
    for field in ROUTINE_FIELDS
    if field.key not in {step_field.key for step_field in STEP_FIELDS}
)
