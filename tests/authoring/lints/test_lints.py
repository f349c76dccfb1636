"""The lints as a whole: their list, what they say of good routines, and of any routine at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.script.test_compiler_properties import routines
from tests.support import written
from tests.support.building import routine, step
from tests.support.examples import tries
from tests.support.good import GOOD
from voicecoach.authoring import lints
from voicecoach.authoring.lints import LINTS, findings_in
from voicecoach.errors import Severity
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.safety import with_checks
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.session.session import open_session
from voicecoach.toml.spans import locate

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine

BUNDLED = [
    "children",
    "desk-break",
    "dumbbells",
    "main",
    "posture-play",
    "preliminary",
    "relaxation",
]


@pytest.mark.parametrize("name", BUNDLED)
def test_nothing_is_found_in_the_bundled_routines(name: str, tmp_path: Path) -> None:
    """They are what they ask of others."""
    library = Library(tmp_path, user_folder=tmp_path)
    assert written.of(load_routine(library.find_routine(name), library)) == ()


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_found_in_good_routines(name: str, tmp_path: Path) -> None:
    """What a good author writes is left alone."""
    problems = written.found(GOOD[name], tmp_path)
    assert [f"{problem.code}: {problem.message}" for problem in problems] == []


def test_the_list_is_fit_for_the_guide() -> None:
    """Each lint has a code of its own, a reason in sentences, and a test that tries it."""
    codes = [lint.code for lint in LINTS]
    assert len(codes) == len(set(codes))
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for lint in LINTS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", lint.code)
        assert 1 <= len(re.findall(r"[.?](?= |$)", lint.reason)) <= 3, lint.code
        assert lint.reason.endswith((".", "?"))
        assert f'check("{lint.code}"' in tests, lint.code


@pytest.mark.parametrize("code", ["dose-unusual", "rest-missing", "held-breath", "long-sentence"])
def test_numbers_from_guidance_have_a_source(code: str) -> None:
    """Who doubts a limit can look it up."""
    (lint,) = [lint for lint in LINTS if lint.code == code]
    assert lint.source


UNKNOWN = [
    written.file(written.step("Tiens le genou."), language="¶fr"),
    written.file(written.step("Like this, as shown."), language="¶nl"),
    written.file(written.step("Mantieni."), language="¶it-CH"),
]
KNOWN = [
    written.file(written.step("Steh gerade."), language="de"),
    written.file(written.step("Stand."), language="en-GB"),
    written.file(written.step("Stand.")),
]


@pytest.mark.parametrize("text", [*UNKNOWN, *KNOWN])
def test_a_language_that_is_not_known_is_told_once(text: str, tmp_path: Path) -> None:
    """Lints that have to understand the words leave it alone, and that is advice."""
    for problem in written.check("language-unchecked", text, tmp_path):
        assert problem.severity is Severity.ADVICE
        plain, _ = written.marks(text)
        codes = {other.code for other in written.found(plain, tmp_path)}
        assert not codes & {lint.code for lint in LINTS if lint.needs_words}


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    """They are sorted by line and column, and have the severity of their lint."""
    text = written.file(
        written.step("Lift, as shown. HOLD it like this.", "hold 30s each side", brief="As shown."),
        written.step("Lift as shown."),
        opening='["As shown."]',
    )
    problems = written.found(text, tmp_path)
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert len(problems) > 6
    severities = {lint.code: lint.severity for lint in LINTS}
    assert all(problem.severity is severities[problem.code] for problem in problems)
    assert all(problem.message and problem.fix for problem in problems)
    assert not any(
        problem.message.endswith(".") or problem.fix.endswith(".") for problem in problems
    )


def test_a_routine_made_in_python_has_findings_without_lines() -> None:
    """Nothing is known of a place where there is no file."""
    problems = written.of(routine(step(say="Lift your arms like this.")))
    assert [(problem.line, problem.column, problem.code, problem.step) for problem in problems] == [
        (0, 0, "needs-eyes", 'step 1 "Plank"')
    ]


def test_a_session_that_was_fitted_has_the_findings_of_its_author(tmp_path: Path) -> None:
    """What the coach adds moves no place and hides nothing; the lengths are those of the voice."""
    text = written.file(
        written.step("Stand.", "hold 200s", slug="one"),
        written.step(
            "Lift.",
            "hold 100s",
            "99.5s | §Breathe out slowly, then let it all go, and rest.",
            slug="¶two",
        ),
    )
    plain, places = written.marks(text)
    routine = written.read(plain, tmp_path)
    fitted = with_checks(personalise(routine, Wishes()))
    assert fitted.opening
    assert any(step.stop_line for step in fitted.steps)
    with open_session(fitted, Library(tmp_path), voice="silent") as session:
        problems = findings_in(session, routine)
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [
        (*places[0], "stop-late"),
        (*places[1], "speech-dropped"),
    ]


def test_places_are_looked_for_only_where_there_is_something_to_point_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good file is never parsed a second time."""
    looked = []

    def look(text: str) -> object:
        looked.append(text)
        return locate(text)

    monkeypatch.setattr("voicecoach.library.locations.locate", look)
    assert written.found(GOOD["core"], tmp_path) == ()
    assert looked == []
    assert written.found(written.file(written.step("Like this. As shown.")), tmp_path)
    assert len(looked) == 1


def test_a_text_in_another_language_is_pointed_at_where_it_is_read(tmp_path: Path) -> None:
    """The words of the language that is read are linted, in their own vocabulary."""
    say = '{ en = "Stand.", de = "Steh, §wie gezeigt." }'
    one = written.step(say, name='{ en = "One", de = "Eins" }')
    text = written.file(one, language="en").replace('"Test"', '{ en = "Test", de = "Probe" }')
    plain, places = written.marks(text)
    path = tmp_path / "test.toml"
    path.write_text(plain, "utf-8")
    library = Library(tmp_path, user_folder=tmp_path)
    assert [p.code for p in written.of(load_routine(path, library))] == []
    german = [
        p for p in written.of(load_routine(path, library, language="de")) if p.code == "needs-eyes"
    ]
    assert [(problem.line, problem.column) for problem in german] == places


@tries(30, soak=1000)
@given(routines())
def test_any_routine_can_be_linted(what: Routine) -> None:
    """No lint fails, whatever the routine; each code is one of the list, and a step has its slug."""
    codes = {lint.code for lint in LINTS}
    labels = {step.slug: f"step {number} " for number, step in enumerate(what.steps, 1)}
    for problem in written.of(what):
        assert problem.step.startswith(labels[problem.slug]) if problem.step else not problem.slug
        assert problem.code in codes
        assert problem.message
        assert (problem.line, problem.column) == (0, 0)


def test_no_lint_is_missing_from_the_list() -> None:
    """Every function of the package that yields findings is in the list."""
    listed = {getattr(lint.find, "func", lint.find) for lint in LINTS}
    for path in Path(lints.__file__).parent.glob("[a-z]*.py"):
        for name, function in vars(getattr(lints, path.stem)).items():
            hints = getattr(function, "__annotations__", {})
            if not name.startswith("_") and hints.get("return") == "Iterator[Finding]":
                assert function in listed, name
