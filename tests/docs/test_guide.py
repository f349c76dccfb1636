"""The guide to writing routines tells the truth: its files, commands, doses, tables and messages."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from tests.docs.test_docs import blocks, command_tree, section
from tests.support import guide_tables
from tests.support.checkout import CHECKOUT
from tests.support.codes import ERRORS
from tests.support.guide_tables import ERROR_EXAMPLES, GUIDE, LINT_EXAMPLES, Example
from voicecoach.authoring.lints import LINTS, findings_of
from voicecoach.cli import app
from voicecoach.language.phrases import VARIABLES, load_phrases
from voicecoach.library.circuits import CIRCUIT_FIELDS
from voicecoach.library.format import CUE_FIELDS
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.routine.anchors import ANCHORS
from voicecoach.routine.dose_line import parse_dose
from voicecoach.script.compiler import outline_script
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.model import NoteKind

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.routine.model import Routine

TEXT = GUIDE.read_text("utf-8")
ROUTINES = sorted((CHECKOUT / "docs" / "routines").glob("*.toml"))

HEAD = 'voicecoach = 1\ntitle = "Test"\naudience = "adult"\n'
STEP = {
    "slug": 'slug = "plank"',
    "name": 'name = "Plank"',
    "say": 'say = "Stand tall and breathe."',
    "dose": 'dose = "hold 20s"',
}


def as_step(lines: str) -> str:
    """Return a step with some lines of its own, and what it needs beside them."""
    own = re.findall(r"^(\w+) = ", lines, re.MULTILINE)
    rest = [line for key, line in STEP.items() if key not in own]
    return "\n".join(["[[steps]]", *rest, lines]) + "\n"


def as_file(block: str) -> str:
    """Return a whole file with a part of one in it."""
    if "voicecoach" in block:
        return block
    return HEAD + (block if "[[steps]]" in block else as_step(block))


def checked(path: Path, text: str) -> tuple[Routine | None, set[str]]:
    """Return the routine in a text, and the codes of what is wrong with it."""
    path.write_text(text, "utf-8")
    routine, problems = check_routine(path, Library(CHECKOUT))
    return routine, {problem.code for problem in problems}


# ------------------------------------------------------------------------------------------ examples


@pytest.mark.parametrize("block", blocks("toml", TEXT))
def test_every_example_is_read_without_a_mistake(block: str, tmp_path: Path) -> None:
    """Whole files as they stand, parts of files in the smallest file that can hold them."""
    if "voicecoach_shared" in block:
        shared = tmp_path / "scripts" / "shared" / "mine.toml"
        shared.parent.mkdir(parents=True)
        shared.write_text(block, "utf-8")
        names = tomllib.loads(block)
        library = Library(tmp_path, user_folder=tmp_path / "none", bundled_folder=CHECKOUT)
        assert names["blocks"].keys() <= library.shared.blocks.keys()
        assert names["stop"].keys() <= library.shared.stop.keys()
        return
    path = tmp_path / "example.toml"
    path.write_text(as_file(block), "utf-8")
    routine, problems = check_routine(path, Library(CHECKOUT))
    assert not [problem.describe("") for problem in problems]
    assert routine is not None
    script = outline_script(
        routine,
        load_phrases(routine.language, routine.audience),
        NominalDurations(word_seconds(routine.audience)),
    )
    assert all(note.kind is NoteKind.MOVED for note in script.notes)


def commands() -> list[str]:
    """Return every command that the guide shows, without its comment."""
    lines = [line for block in blocks("sh", TEXT) for line in block.splitlines()]
    lines += re.findall(r"`(voicecoach (?!=)[^`]+)`", TEXT)
    return [line for line in lines if line.startswith("voicecoach ")]


@pytest.mark.parametrize("line", commands())
def test_every_command_can_be_given(line: str) -> None:
    """Each names a command that there is, with options that it has."""
    words = shlex.split(line, comments=True)[1:]
    name = words.pop(0)
    assert name in command_tree().commands, f"there is no command {name}"
    command = command_tree().commands[name]
    command.make_context(name, words, resilient_parsing=False)


@pytest.mark.parametrize("block", blocks("console", TEXT))
def test_what_is_printed_is_what_is_shown(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output in the guide is that of the command, to the letter."""
    (tmp_path / "scripts").mkdir()
    broken = tmp_path / "scripts" / "broken.toml"
    broken.write_text(BROKEN, "utf-8")
    monkeypatch.chdir(tmp_path)
    command, _, output = block.partition("\n")
    words = shlex.split(command.removeprefix("$ "))[1:]
    done = CliRunner().invoke(app, words)
    assert [*done.stdout.splitlines(), *done.stderr.splitlines()] == output.splitlines()


BROKEN = """voicecoach = 1
title = "Broken"
audience = "adult"
opening = [{ block = "SC-Q" }]

[[steps]]
slug = "plank"
name = "Plank"
position = "lying on stomach"
say = "Lie on your stomach and lift your hips."
rest_after = 20
dose = "3 x hold 20s rest 30s"
cues = [
  { at = "half way", say = "Keep breathing." },
]
"""


# -------------------------------------------------------------------------------------------- tables


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading."""
    found = re.findall(r"^\| (`.*) \|$", section(heading, TEXT), re.MULTILINE)
    return [row.split(" | ") for row in found]


def test_doses_last_as_long_as_is_told() -> None:
    """Each line of the table of doses can be read, and lasts its seconds."""
    table = rows("Doses")
    assert len(table) >= 15
    for written, _, seconds in table:
        assert parse_dose(written.strip("`")).total_seconds == float(seconds), written


def test_every_moment_and_variable_is_told() -> None:
    """The guide has all moments of cues, all variables, and all fields of cues and circuits."""
    moments = " ".join(row[0] for row in rows("Cues and their moments"))
    for kind in ANCHORS:
        assert re.search(re.sub(r"\d+", r"\\d+", kind.example), moments), kind
    for variable in VARIABLES:
        assert f"`${variable}`" in section("Numbers that stay true", TEXT), variable
    for field in (*CUE_FIELDS, *CIRCUIT_FIELDS):
        assert re.search(rf"`{field.key}( =|`|:)", TEXT) or f"{field.key} = " in TEXT, field.key


def test_tables_of_findings_are_those_of_the_code() -> None:
    """Every code stands there with its reason, and no other. `python -m tests.support.guide_tables` writes them."""
    assert guide_tables.filled(TEXT) == TEXT, "run: python -m tests.support.guide_tables"
    assert ERROR_EXAMPLES.keys() == ERRORS.keys()
    assert LINT_EXAMPLES.keys() == {lint.code for lint in LINTS}
    for code in (*ERRORS, *LINT_EXAMPLES):
        assert f"| `{code}` |" in TEXT


def file_of(example: Example, part: str) -> str:
    """Return a file that has a part of an example in its place."""
    match example.place:
        case "top":
            after = "" if "extends" in part else as_step("")
            return HEAD + part + "\n" + after
        case "bare":
            return HEAD + (part if part.startswith("steps =") else as_step(""))
        case "format":
            return HEAD.replace("voicecoach = 1", part) + as_step("")
        case "child":
            return HEAD.replace("adult", "child") + as_step(part)
        case _:
            return HEAD + as_step(part)


@pytest.mark.parametrize("code", [code for code, shown in ERROR_EXAMPLES.items() if shown.place])
def test_bad_examples_are_refused_and_good_ones_are_not(code: str, tmp_path: Path) -> None:
    """What stands under "Instead of" has that code, and what stands under "Write" has none."""
    example = ERROR_EXAMPLES[code]
    _, codes = checked(tmp_path / "bad.toml", file_of(example, example.bad))
    assert code in codes
    routine, codes = checked(tmp_path / "good.toml", file_of(example, example.good))
    assert not codes
    assert routine is not None


@pytest.mark.parametrize("code", [code for code, shown in LINT_EXAMPLES.items() if shown.place])
def test_bad_examples_are_found_and_good_ones_are_not(code: str, tmp_path: Path) -> None:
    """What stands under "Instead of" is found, and what stands under "Write" is not."""
    example = LINT_EXAMPLES[code]
    for part, expected in ((example.bad, True), (example.good, False)):
        routine, _ = checked(tmp_path / "example.toml", file_of(example, part))
        assert routine is not None
        assert (code in {finding.code for finding in findings(routine)}) is expected


def findings(routine: Routine) -> tuple[object, ...]:
    """Return what the lints say about a routine, by the table of lengths."""
    phrases = load_phrases(routine.language, routine.audience)
    durations = NominalDurations(word_seconds(routine.audience))
    return findings_of(routine, outline_script(routine, phrases, durations), phrases)


# --------------------------------------------------------------------------------- the ten routines


def test_there_are_ten_routines_and_the_guide_shows_some() -> None:
    """Each file that the guide links to is there."""
    assert len(ROUTINES) == 10
    linked = re.findall(r"\]\((routines/[\w-]+\.toml)\)", TEXT)
    assert len(linked) >= 3
    assert all((GUIDE.parent / name).is_file() for name in linked)


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_routine_has_no_findings(path: Path) -> None:
    """No mistake, no warning, no advice; nothing is moved, sped up or dropped."""
    routine, problems = check_routine(path, Library(CHECKOUT))
    assert not problems
    assert routine is not None
    assert not [f"{found.line}: {found.message} [{found.code}]" for found in findings(routine)]  # type: ignore[attr-defined]
