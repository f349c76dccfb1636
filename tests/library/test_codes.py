"""Every code of an error: known, explained, and provoked by a file."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from tests.support.building import compiled, cue, routine, step
from tests.support.checkout import CHECKOUT
from tests.support.codes import ERRORS
from voicecoach.authoring.lints import LINTS
from voicecoach.cli import app
from voicecoach.errors import Problem, RoutineError, Severity
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.script.coach import NO_ROOM_CODE
from voicecoach.toml.text import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
PACKAGE = CHECKOUT / "voicecoach"
BROKEN = TESTS / "routines" / "broken"


def problems_of(path: Path, library: Library) -> list[Problem]:
    """Return all that is wrong with a routine file."""
    return check_routine(path, library)[1]


def problems_of_files_that_cannot_be_told_in_text(folder: Path) -> Iterator[Problem]:
    """Yield what is said about bytes, sizes and places that no text file in a corpus can have."""
    library = Library(folder, user_folder=folder, bundled_folder=folder)
    for content in (b"", b"\xff", b"#" * (MAX_FILE_BYTES + 1)):
        path = folder / "x.toml"
        path.write_bytes(content)
        yield from problems_of(path, library)
    yield from problems_of(folder, library)


def problems_of_the_script_engine() -> Iterator[Problem]:
    """Yield what is said about words that do not fit into their time."""
    words = cue(
        "change", "Come back to the middle very slowly and turn over to your other side now."
    )
    with pytest.raises(RoutineError) as caught:
        compiled(routine(step("twist", "hold 8s each side, change 3s", words)))
    yield from caught.value.problems


def problems_of_choosing() -> Iterator[Problem]:
    """Yield what is said about steps that are chosen and are not there."""
    what = routine(step("stand", "hold 8s"), step("sit", "hold 8s"))
    for wishes in (Wishes(only=("stnad",)), Wishes(skip=("stand", "sit"))):
        with pytest.raises(RoutineError) as caught:
            select_steps(what, wishes)
        yield from caught.value.problems


def problems_of_check(folder: Path) -> Iterator[Problem]:
    """Yield what only the command finds: the coach speaks no such language."""
    path = folder / "dutch.toml"
    path.write_text(
        'voicecoach = 1\ntitle = "Rust"\naudience = "adult"\nlanguage = "nl"\n\n[[steps]]\n'
        'slug = "rust"\nname = "Rust"\nsay = "Ga liggen."\ndose = "hold 30s"\n',
        "utf-8",
    )
    checked = CliRunner().invoke(app, ["check", str(path), "--json"])
    assert checked.exit_code == 1
    for finding in json.loads(checked.stdout)["files"][0]["findings"]:
        place = (finding[key] for key in ("line", "column", "step", "message", "fix", "code"))
        yield Problem(*place, Severity(finding["severity"]))


@pytest.fixture
def provoked(tmp_path: Path) -> list[Problem]:
    """Return the findings about everything broken that there is in these tests."""
    nothing = tmp_path / "nothing"
    library = Library(TESTS / "routines/library", user_folder=nothing, bundled_folder=nothing)
    return [
        *(
            problem
            for path in sorted(BROKEN.glob("*.toml"))
            for problem in problems_of(path, library)
        ),
        *problems_of_files_that_cannot_be_told_in_text(tmp_path),
        *problems_of_the_script_engine(),
        *problems_of_choosing(),
        *problems_of_check(tmp_path),
    ]


def test_every_code_is_provoked_and_every_error_has_its_code(provoked: list[Problem]) -> None:
    """No code is there that no file gets, and none is given that the table does not explain."""
    assert {problem.code for problem in provoked} == {*ERRORS, NO_ROOM_CODE}
    assert {problem.severity for problem in provoked} == {Severity.ERROR}


def test_every_error_says_what_is_wrong_and_what_to_do(provoked: list[Problem]) -> None:
    """Both halves are there, short enough to be read, and neither ends like a sentence of its own."""
    for problem in provoked:
        for words in (problem.message, problem.fix):
            assert words, problem
            assert words.isprintable(), problem
            assert not words.endswith((".", ":", ";")), problem
        without_folders = re.sub(
            r"(?<= )/\S*/", "", problem.message
        )  # as long as this run has them
        assert len(without_folders) < 200, problem
        assert problem.what_to_do == f"{problem.message}: {problem.fix}"


def test_an_error_in_a_step_carries_its_slug(tmp_path: Path) -> None:
    """Whoever wants to know which step it is need not read the message; a step may lack its slug."""
    path = tmp_path / "test.toml"
    path.write_text(
        'voicecoach = 1\ntitle = "Test"\naudience = "adult"\nlevle = 1\n\n[[steps]]\nslug = "plank"\n'
        'name = "The plank"\nsay = 5\ndose = "hold 30"\n\n[[steps]]\nname = 7\n',
        "utf-8",
    )
    found = problems_of(path, Library(tmp_path, user_folder=tmp_path))
    told = {(problem.step, problem.slug) for problem in found}
    assert told == {("", ""), ('step 1 "The plank"', "plank"), ("step 2", "")}
    assert [problem.slug for problem in problems_of_the_script_engine()] == ["twist"]


def codes_in_the_package() -> Iterator[str]:
    """Yield the codes that stand in the source: after `code=`, and as the last part of a Problem."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = [word.value for word in node.keywords if word.arg == "code"]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("Problem", "_Mistake", "Excess", "_file_error"):
                named += node.args
            for value in named:
                written = getattr(value, "value", None)
                if isinstance(written, str) and re.fullmatch("[a-z]+(-[a-z0-9]+)*", written):
                    yield written


def test_no_code_of_the_source_is_unknown() -> None:
    """A misspelt code would be one that no page explains."""
    places = {"line", "value", "key"}
    assert set(codes_in_the_package()) - places <= {*ERRORS, *(lint.code for lint in LINTS)}


def test_codes_are_written_alike_and_explained() -> None:
    """Lower-case words with hyphens, and one sentence."""
    assert not ERRORS.keys() & {lint.code for lint in LINTS}
    for code, reason in ERRORS.items():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code)
        assert re.fullmatch(r"[A-Z][^.]+\.", reason), code


def test_a_line_of_check_has_all_of_it() -> None:
    """The form that editors and scripts know from compilers, with a path that acts on no terminal."""
    problem = Problem(4, 9, 'step 1 "Plank"', "dose is long", "write less", "dose")
    assert (
        problem.listed("a.toml")
        == 'a.toml:4:9: error: step 1 "Plank": dose is long: write less [dose]'
    )
    whole = Problem(0, 0, "", "it is empty", "write more", "empty-file", Severity.ADVICE)
    assert whole.listed("b\n\x1b[2J.toml") == (
        "b\\n\\x1b[2J.toml: advice: it is empty: write more [empty-file]"
    )
    assert whole.describe("\u202ec.toml") == "\\u202ec.toml: it is empty: write more"
