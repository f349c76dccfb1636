"""The JSON Schema: never a false alarm, and what it can know it does refuse."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.library.test_reading import BROKEN, GOOD, ROUTINES, damaged_texts
from tests.routine.test_dose import doses
from tests.support.checkout import CHECKOUT
from tests.support.examples import tries
from tests.support.needs import requires_program
from voicecoach.authoring.schema import (
    SCHEMA_NAME,
    is_our_schema,
    routine_schema,
    schema_text,
    shared_schema,
)
from voicecoach.cli import app
from voicecoach.errors import RoutineError
from voicecoach.library.format import CUE_FIELDS, MAX_ITEMS, ROUTINE_FIELDS, STEP_FIELDS
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.library.shared import SHARED_FIELDS
from voicecoach.routine.anchors import (
    ANCHOR_MEANINGS,
    ANCHOR_PATTERN,
    ANCHORS,
    AnchorError,
    parse_anchor,
)
from voicecoach.routine.dose_line import DOSE_MEANINGS, DOSE_PATTERN, DoseError, parse_dose
from voicecoach.routine.model import Audience, DoseBasis
from voicecoach.toml.fields import FIELDS, Field, schema_of, schema_of_table
from voicecoach.toml.readers import MAX_TEXT_LENGTH
from voicecoach.toml.text import parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = CHECKOUT / "scripts"
BUNDLED = sorted(SCRIPTS.glob("*.toml"))
LIBRARY = Library(CHECKOUT, user_folder=CHECKOUT / "none")
ROUTINE = Draft7Validator(routine_schema(LIBRARY))
SHARED = Draft7Validator(shared_schema(LIBRARY))


def alarms(text: str, validator: Draft7Validator = ROUTINE) -> list[str]:
    """Return what a schema says about a text, with the places."""
    found = validator.iter_errors(tomllib.loads(text))
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def all_fields(schema: Any) -> Iterator[Field]:
    """Yield every field that a schema has anywhere."""
    if isinstance(schema, dict):
        for field in schema.get(FIELDS, ()):
            yield field
            yield from all_fields(schema_of(field.read))
        for part in schema.values():
            yield from all_fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from all_fields(part)


# ------------------------------------------------------------------------------- never a false alarm


def test_schemas_are_schemas() -> None:
    """Both are right JSON Schemas of draft 7."""
    for schema in (routine_schema(), routine_schema(LIBRARY), shared_schema(LIBRARY)):
        Draft7Validator.check_schema(schema)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert "x-" not in set(re.findall(r'"(x-)(?!taplo")', json.dumps(schema)))


def test_right_files_have_no_alarm() -> None:
    """The bundled routines, the file with every key and the README's examples are as the schema says."""
    written = re.findall(
        r"^```toml\n(voicecoach = 1.*?)^```",
        (CHECKOUT / "README.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert len(written) == 2
    assert [alarms(text) for text in written] == [[], []]
    for path in (*BUNDLED, GOOD):
        assert alarms(path.read_text("utf-8")) == [], path.name
    for folder in (SCRIPTS, ROUTINES / "library" / "scripts"):
        for path in (folder / "shared").glob("*.toml"):
            assert alarms(path.read_text("utf-8"), SHARED) == [], path.name


@tries(300)
@given(content=damaged_texts())
def test_what_is_read_is_no_alarm(content: bytes, tmp_path: Path) -> None:
    """Whatever routine the reader takes, the schema takes."""
    path = tmp_path / "damaged.toml"
    path.write_bytes(content)
    library = Library(ROUTINES / "library", user_folder=tmp_path, bundled_folder=tmp_path)
    routine, _ = check_routine(path, library)
    if routine:
        assert alarms(content.decode()) == []


space = st.sampled_from(["", " ", "  ", "\t"])
units = st.sampled_from(["s", "S", "sec", "secs", "second", "Seconds"])
minutes = st.sampled_from(["min", "Mins", "minute", "MINUTES"])
number = st.integers(0, 130).map(str) | st.decimals(0, 130, places=3).map(str)


@st.composite
def durations(draw: st.DrawFn) -> str:
    """Draw a time as somebody might write it."""
    match draw(st.integers(0, 3)):
        case 0:
            return draw(number) + draw(space) + draw(units)
        case 1:
            return f"{draw(st.integers(0, 130))}{draw(space)}:{draw(space)}{draw(st.integers(0, 61)):02}"
        case 2:
            return draw(number) + draw(space) + draw(minutes)
        case _:
            gap = draw(space)
            return draw(number) + gap + draw(minutes) + gap + draw(number) + gap + draw(units)


@st.composite
def written_doses(draw: st.DrawFn) -> str:
    """Draw a line that may be a dose, in any spelling."""
    dash = st.tuples(space, st.sampled_from("-–−"), space).map("".join)
    words = st.sampled_from([str.lower, str.upper, str.title])

    def word(text: str) -> str:
        return draw(words)(text)

    def clause() -> str:
        kind = draw(st.sampled_from(["each", "tempo", "hold", "rest", "change", "alt", "first"]))
        if kind == "each":
            return word("each") + draw(st.sampled_from([" ", "\t "])) + word("side")
        if kind == "tempo":
            parts = draw(st.lists(number, min_size=3, max_size=3))
            return word("tempo") + draw(space) + draw(dash).join(parts)
        if kind == "alt":
            return word("alternating")
        if kind == "first":
            return word(draw(st.sampled_from(["left", "right"]))) + " " + word("first")
        return word(kind) + draw(space) + draw(durations())

    text = draw(space)
    if draw(st.booleans()):
        text += str(draw(st.integers(1, 20))) + draw(space) + draw(st.sampled_from("xX×")) + " "
    if draw(st.booleans()):
        text += word(draw(st.sampled_from(["hold", "for"]))) + draw(space) + draw(durations())
    else:
        counts = draw(st.lists(st.integers(1, 30).map(str), min_size=1, max_size=3))
        text += draw(dash).join(counts) + draw(space) + word(draw(st.sampled_from(["rep", "reps"])))
    if draw(st.booleans()):
        text += draw(st.sampled_from(["", " "])) + word("each side")
    for _ in range(draw(st.integers(0, 4))):
        text += draw(space) + "," + draw(space) + clause()
    return text + draw(space)


@st.composite
def respelt_doses(draw: st.DrawFn) -> str:
    """Draw a right dose with its clauses in any order, and each word in any spelling."""
    work, *clauses = str(draw(doses())).split(", ")
    dice = draw(st.randoms(use_true_random=False))
    dice.shuffle(clauses)

    def respelt(found: re.Match[str]) -> str:
        written = found[0]
        if found["seconds"]:
            blank, unit = (
                dice.choice(["", " ", "  "]),
                dice.choice(["s", "sec", "secs", "Second", "SECONDS"]),
            )
            return found["seconds"] + blank + unit
        if written.strip() in ("x", "-", ","):
            mark = {"x": "xX×", "-": "-–−", ",": ","}[written.strip()]
            after = dice.choice([" ", "\t"]) if written.strip() == "x" else dice.choice(["", " "])
            return dice.choice(["", " "]) + dice.choice(mark) + after
        return dice.choice([written, written.upper(), written.title()])

    text = ", ".join([work, *clauses])
    return re.sub(r"(?P<seconds>[0-9.]+)s\b| x |-| ?, ?|[a-z]+", respelt, text)


@tries(300)
@given(text=written_doses() | respelt_doses())
@example("2x hold30s")
@example("10 reps, each side each side")
@example("1 reps,hold 1min30s,rest 1:30")
def test_a_right_dose_is_no_alarm(text: str) -> None:
    """The pattern takes every dose that is read, however it is written."""
    try:
        parse_dose(text)
    except DoseError:
        return
    assert re.search(DOSE_PATTERN, text)


def test_wrong_doses_are_alarms() -> None:
    """The usual slips do not pass the pattern."""
    slips = [
        "",
        "30s",
        "hold 30",
        "8",
        "2 sets",
        "2x8",
        "8 reps rest 30s",
        "8 reps, pause 3s",
        "8 reps,",
    ]
    for text in [*slips, "hold", "3 x", "planks for 30s", "8-reps", "hold 30s,,rest 5s"]:
        assert not re.search(DOSE_PATTERN, text), text


@given(text=st.sampled_from([kind.example for kind in ANCHORS]) | st.text(max_size=12), pad=space)
def test_an_anchor_is_no_alarm_and_all_else_is(text: str, pad: str) -> None:
    """The pattern takes what is read as a moment, and nothing else."""
    try:
        parse_anchor(pad + text + pad)
    except AnchorError:
        assert not re.search(ANCHOR_PATTERN, pad + text + pad)
    else:
        assert re.search(ANCHOR_PATTERN, pad + text + pad)


# ------------------------------------------------------------------------------- what it does refuse

NOT_SEEN = frozenset(
    [
        "before-set-1",
        "before-set-of-one-set",
        "change-without-sides",
        "child-held-breath",
        "child-long-holds",
        "child-too-long",
        "child-weights",
        "equipment-never-named",
        "language-missing",
        "longer-than-half-a-day",
        "names-unknown",
        "offset-outside-work",
        "rep-anchor-in-hold",
        "rep-beyond-smallest-set",
        "rest-without-rest",
        "side-outside-work",
        "side-when-alternating",
        "side-without-sides",
        "slug-twice",
        "spoken-with-full-stop",
        "summary-in-equipment",
        "together-apart",
        "variable-forms",
        "variables-of-another-dose",
        "words-about-steps",
    ]
)
"""Files whose only mistakes lie between fields, or in what words mean."""


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_file_is_an_alarm(path: Path) -> None:
    """What is wrong with one key or value alone, the schema refuses like the reader."""
    try:
        text = read_text(path)
        parse_toml(path, text)
    except RoutineError:
        return  # no editor needs a schema for that
    if path.stem not in NOT_SEEN:
        assert alarms(text)


SMALL = """
voicecoach = 1
title = "Small"
audience = "adult"
opening = ["Welcome."]

[[steps]]
slug = "hold-it"
name = "Hold it"
say = "Hold still."
dose = "hold 30s"
setup = 10
cues = [{ at = "halfway", say = "Halfway." }]
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("title", "titel"),
        ('"adult"', '"grown-up"'),
        ("voicecoach = 1", "voicecoach = 2"),
        ('"Small"', '"one\\ntwo"'),
        ('"Small"', '"..."'),
        ('"Small"', '"\\u001b[2J"'),
        ('"Small"', '{ English = "Small" }'),
        ('"Small"', "{}"),
        ('"Welcome."', '{ block = "SC-A", silence = 5 }'),
        ('"Welcome."', "{ steps = [] }"),
        ('"Welcome."', "{ silence = 0 }"),
        ('"Welcome."', '"It costs 5 $."'),
        ('"Welcome."', '"It costs $$$."'),
        ('"hold-it"', '"Hold it"'),
        ("setup = 10", 'setup = "10 s"'),
        ("setup = 10", "setup = 601"),
        ("setup = 10", "setup = true"),
        ("setup = 10", "reps = 10"),
        ('"halfway"', '"half-way"'),
        ('say = "Halfway."', 'say = "Halfway.", set = 0'),
        ('say = "Halfway."', 'say = "Halfway.", side = "left"'),
        ('say = "Halfway."', "praise = true"),
        ('"hold 30s"', '"hold 30"'),
        ('dose = "hold 30s"', ""),
    ],
)
def test_a_mistake_is_an_alarm(right: str, wrong: str) -> None:
    """Each kind of slip within a key or value is refused, and nothing is without it."""
    assert alarms(SMALL) == []
    assert SMALL.count(right) == 1
    assert alarms(SMALL.replace(right, wrong))


@pytest.mark.parametrize(
    ("right", "most", "beyond"),
    [
        ("setup = 10", "setup = 600", "setup = 600.5"),
        ("setup = 10", "setup = 0", "setup = -1"),
        ("setup = 10", "rest_after = 3600", "rest_after = 3601"),
        ('"Welcome."', "{ silence = 0.1 }", "{ silence = 0.05 }"),
        ('"Welcome."', "{ silence = 600 }", "{ silence = 601 }"),
        ('"Small"', f'"{"x" * 120}"', f'"{"x" * 121}"'),
        ('"hold-it"', f'"{"x" * 120}"', f'"{"x" * 121}"'),
        ('"Hold still."', f'"{"ü" * MAX_TEXT_LENGTH}"', f'"{"ü" * (MAX_TEXT_LENGTH + 1)}"'),
        ('"Small"', '{ en = "Small", pt-BR = "Pequeno" }', '{ en = "Small", Pt = "Pequeno" }'),
        ('["Welcome."]', str(["Hi."] * MAX_ITEMS), str(["Hi."] * (MAX_ITEMS + 1))),
    ],
)
def test_limits_are_those_of_the_reader(right: str, most: str, beyond: str, tmp_path: Path) -> None:
    """What is just right is right for both, and what is just wrong is wrong for both."""
    path = tmp_path / "mine.toml"
    for written, is_right in ((most, True), (beyond, False)):
        path.write_text(SMALL.replace(right, written), "utf-8")
        routine, _ = check_routine(path, LIBRARY)
        assert (routine is not None, alarms(path.read_text("utf-8")) == []) == (is_right, is_right)


def test_own_names_are_no_alarm() -> None:
    """Names that no library had when the schema was made are right all the same."""
    text = SMALL.replace('"Welcome."', '{ block = "MINE" }').replace(
        "setup = 10", 'stop = "MINE-1"'
    )
    assert alarms(text.replace("Hold still.", "Hold still, $my_word.")) == []


# -------------------------------------------------------------------------------- what editors show


def test_every_field_says_what_it_is_for() -> None:
    """No key is without its sentence, which ends as one; the schema has a description for each."""
    for fields in (ROUTINE_FIELDS, SHARED_FIELDS):
        found = list(all_fields(schema_of_table(fields)))
        assert len(found) > len(fields)
        for field in found:
            assert re.fullmatch(r"[A-Z][^\n]*[.:]", field.about), field.key
    assert json.dumps(routine_schema(LIBRARY)).count('"description"') == len(
        list(all_fields(schema_of_table(ROUTINE_FIELDS)))
    )


def test_defaults_and_examples_are_right_values() -> None:
    """An editor that writes a default or an example writes no mistake."""
    seen = 0
    for schema in (routine_schema(LIBRARY), shared_schema(LIBRARY)):
        todo: list[Any] = [schema]
        while todo:
            part = todo.pop()
            if isinstance(part, list):
                todo += part
            elif isinstance(part, dict):
                todo += part.values()
                for value in [
                    *part.get("examples", []),
                    *([part["default"]] if "default" in part else []),
                ]:
                    seen += 1
                    Draft7Validator(part).validate(value)
    assert seen > 60


def test_likely_values_are_offered_with_their_meaning() -> None:
    """What is read as a moment or a dose, and the names of a library, stand in the schema."""
    step = routine_schema(LIBRARY)["properties"]["steps"]["items"]["properties"]
    stop = step["stop"]["anyOf"][0]
    assert stop["enum"] == list(LIBRARY.shared.stop)
    assert stop["x-taplo"]["docs"]["enumValues"][0] == LIBRARY.shared.stop[stop["enum"][0]]["en"]
    assert step["dose"]["anyOf"][0]["enum"] == list(DOSE_MEANINGS)
    assert all(parse_dose(dose) for dose in DOSE_MEANINGS)
    assert step["cues"]["items"]["properties"]["at"]["anyOf"][0]["enum"] == list(ANCHOR_MEANINGS)
    assert list(ANCHOR_MEANINGS) == [kind.example for kind in ANCHORS]
    assert "anyOf" not in routine_schema()["properties"]["steps"]["items"]["properties"]["stop"]
    assert step["setup"]["description"].split("\n\n")[1:] == [
        "From 0 to 600.",
        "For instance: `setup = 20`",
    ]
    assert "`$reps_left`" in step["say"]["description"]
    assert step["basis"]["enum"] == [*DoseBasis]
    assert routine_schema()["properties"]["audience"]["enum"] == [*Audience]


def test_tables_are_described_in_the_order_of_their_fields() -> None:
    """Keys stand in a schema as they are told elsewhere."""
    items = routine_schema()["properties"]["steps"]["items"]
    assert list(items["properties"]) == [field.key for field in STEP_FIELDS]
    assert items["properties"]["cues"]["items"]["required"] == [
        field.key for field in CUE_FIELDS if field.required
    ]


def test_schemas_beside_our_routines_are_as_they_are_made() -> None:
    """Whoever opens scripts/ has the schema of today; `voicecoach schema -o` makes it anew."""
    for name, schema in (
        (SCHEMA_NAME, routine_schema(LIBRARY)),
        ("shared.schema.json", shared_schema(LIBRARY)),
    ):
        kind = name.partition(".")[0]
        written = (SCRIPTS / name).read_text("utf-8")
        assert written == schema_text(schema), f"run: voicecoach schema {kind} -o scripts/{name}"


# --------------------------------------------------------------------------------- the real editor's


def lint(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Let taplo check files with no network, as an editor does."""
    return subprocess.run(
        ["taplo", "lint", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@requires_program("taplo")
def test_taplo_takes_our_files_and_finds_a_slip(tmp_path: Path) -> None:
    """By the schema given, by the first line, and by the settings of this checkout."""
    schema = (SCRIPTS / SCHEMA_NAME).as_uri()
    for path in (*BUNDLED, GOOD):
        assert lint(CHECKOUT, "--no-auto-config", "--schema", schema, path).returncode == 0
    shared = (SCRIPTS / "shared.schema.json").as_uri()
    safety = SCRIPTS / "shared" / "safety.toml"
    assert lint(CHECKOUT, "--no-auto-config", "--schema", shared, safety).returncode == 0
    assert lint(CHECKOUT).returncode == 0
    formatted = ["taplo", "fmt", "--check"]  # by the settings of this checkout, as `format` does
    assert subprocess.run(formatted, cwd=CHECKOUT, capture_output=True, check=False).returncode == 0

    shutil.copy(SCRIPTS / SCHEMA_NAME, tmp_path)
    mine = tmp_path / "mine.toml"
    mine.write_text(f"#:schema ./{SCHEMA_NAME}\n{SMALL}", "utf-8")
    assert lint(tmp_path, mine).returncode == 0
    mine.write_text(mine.read_text("utf-8").replace("dose =", "dosis ="), "utf-8")
    found = lint(tmp_path, mine)
    assert found.returncode != 0
    assert "'dosis' was unexpected" in found.stderr


@requires_program("taplo")
@pytest.mark.parametrize(
    "text", [*list(DOSE_MEANINGS), "2X 1:30", "Hold 2 Min each  side,left first"]
)
def test_taplo_reads_the_pattern_of_doses(text: str, tmp_path: Path) -> None:
    """Its regular expressions say the same as Python's."""
    mine = tmp_path / "mine.toml"
    mine.write_text(SMALL.replace('"hold 30s"', f'"{text}"'), "utf-8")
    found = lint(tmp_path, "--schema", (SCRIPTS / SCHEMA_NAME).as_uri(), mine)
    assert (found.returncode == 0) == bool(re.search(DOSE_PATTERN, text))


# -------------------------------------------------------------------------------------- the command


def run(*arguments: str, expect: int = 0) -> str:
    """Run a command in this process and return all that it printed."""
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == expect, result.output
    return result.output


def test_schema_is_printed_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the names of the folder that it is made in; a file of others is not replaced."""
    folder = tmp_path / "scripts" / "shared"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('voicecoach_shared = 1\nstop.HALT = "Halt now."\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    printed = json.loads(run("schema"))
    offered = printed["properties"]["steps"]["items"]["properties"]["stop"]["anyOf"][0]
    assert offered["enum"] == ["HALT", "STOP-A1", "STOP-A2", "STOP-C1"]
    assert json.loads(run("schema", "shared"))["properties"].keys() >= {"blocks", "stop"}

    target = Path("scripts", SCHEMA_NAME)
    assert run("schema", "-o", str(target)) == f"{target}\n"
    assert json.loads(target.read_text("utf-8")) == printed
    assert is_our_schema(target)
    run("schema", "shared", "-o", str(target))  # ours gives way
    target.write_text('{"title": "Another"}', "utf-8")
    assert "was not made by voicecoach" in run("schema", "-o", str(target), expect=1)
    assert target.read_text("utf-8") == '{"title": "Another"}'
    run("schema", "-o", str(target), "--force")
    assert is_our_schema(target)
