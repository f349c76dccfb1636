"""What an author begins with: whole, without a mistake, and near to what was asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.building import compiled
from voicecoach.authoring.new_routine import (
    SCHEMA_LINE,
    Answers,
    copy_of,
    draft_of,
    slug_of,
    template_languages,
    things_of,
    title_of,
)
from voicecoach.errors import ExportError, RoutineError
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.routine.anchors import AfterRep, AtChange, BeforeEnd, BeforeLastSet, Offset
from voicecoach.routine.model import Audience, Spoken
from voicecoach.toml.text import read_text

LIBRARY = Library()
PATH = Path("scripts/new.toml")
TEMPLATES = [(audience, tag) for audience in Audience for tag in template_languages(audience)]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bed routine", "bed-routine"),
        ("  Übungen für Straße & Büro  ", "ubungen-fur-strasse-buro"),
        ("Утренняя зарядка", "утренняя-зарядка"),
        ("Ёлка й", "ёлка-й"),
        ("a__b--c..d", "a-b-c-d"),
        ("../../etc/passwd", "etc-passwd"),
        ("\x1b[2J", "2j"),
        ("!?", ""),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_becomes_the_name_of_a_file(name: str, slug: str) -> None:
    """Small letters, digits and hyphens; other alphabets stay, and nothing leads out of the folder."""
    assert slug_of(name) == slug


def test_a_name_becomes_a_title_and_a_list_becomes_things() -> None:
    """As people write them."""
    assert title_of("bed-routine") == "Bed routine"
    assert title_of("Monday  set") == "Monday set"
    assert things_of("a mat, your dumbbells and a chair") == ("a mat", "your dumbbells", "a chair")
    assert things_of("None") == ()
    assert things_of("a mat,, a  mat") == ("a mat",)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("things", [(), ("a soft mat", "Ball!", "мяч")])
@pytest.mark.parametrize("minutes", [1, 30])
@pytest.mark.parametrize(("audience", "language"), TEMPLATES)
def test_every_template_is_without_a_finding(
    audience: Audience, language: str, minutes: int, things: tuple[str, ...]
) -> None:
    """Nothing has to give way in what is said, and no sign of the template is left."""
    draft = draft_of(Answers('A "new" \\ one', audience, language, minutes, things), PATH, LIBRARY)
    routine = draft.routine
    assert routine.title == 'A "new" \\ one'
    assert (routine.audience, routine.language) == (audience, language)
    assert tuple(thing.spoken for thing in routine.equipment) == things
    assert draft.text.startswith(f"{SCHEMA_LINE}\n#")
    assert "@" not in draft.text
    assert compiled(personalise(routine, Wishes())).notes == ()
    trained = {muscle for step in routine.steps for muscle in step.muscles}
    assert set(routine.muscles) == trained
    assert all(step.equipment == routine.equipment for step in routine.steps)
    assert all(step.position and step.brief and step.setup_seconds for step in routine.steps)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("audience", "language"), TEMPLATES)
def test_the_usual_template_shows_what_a_file_can_say(audience: Audience, language: str) -> None:
    """Set-up, sides, sets, reps, hold, rest, cues, a STOP line, a block of checks, variables."""
    draft = draft_of(Answers("New", audience, language), PATH, LIBRARY)
    steps = draft.routine.steps
    assert {step.dose.kind for step in steps} == {"hold", "reps", "timed"}
    assert any(step.dose.sets > 1 and step.dose.rest_seconds for step in steps)
    assert any(step.dose.change_seconds for step in steps)
    assert any(step.stop_line for step in steps)
    kinds = {type(cue.anchor) for step in steps for cue in step.cues}
    assert kinds >= {Offset, BeforeEnd, AfterRep, AtChange, BeforeLastSet}
    opening = [item for item in draft.routine.opening if isinstance(item, Spoken)]
    assert any(item.block for item in opening)
    for variable in ("$minutes", "$reps_left", "$side", "$other_side"):
        assert variable in draft.text
    assert draft.routine.adult_nearby == (audience is Audience.CHILD)
    # Each field of the first step, and of the routine, has its line of explanation above it.
    first = draft.text.partition("[[steps]]")[2].partition("[[steps]]")[0]
    for found in re.finditer(
        r"^([a-z_]+) = ", draft.text.partition("[[steps]]")[0] + first, re.MULTILINE
    ):
        line = draft.text.rfind("\n", 0, draft.text.index(f"\n{found[1]} = ") + 1)
        above = draft.text[:line].rsplit("\n", 1)[-1]
        assert above.startswith("#"), found[1]


def test_it_is_about_as_long_as_was_asked_for() -> None:
    """Within a minute, as far as the template goes; beyond, as near as can be."""
    lengths = [
        draft_of(Answers("New", Audience.ADULT, minutes=minutes), PATH, LIBRARY).minutes
        for minutes in (2, 6, 8, 10, 12, 60)
    ]
    assert lengths[0] <= 5
    assert all(
        abs(one - asked) <= 1 for one, asked in zip(lengths[1:5], (6, 8, 10, 12), strict=True)
    )
    assert lengths[5] == lengths[4]


def test_weights_come_with_the_reasons_against_them() -> None:
    """For adults; for children such a file is refused."""
    draft = draft_of(Answers("New", things=("your dumbbells",)), PATH, LIBRARY)
    assert len(draft.routine.contraindications) == 9
    assert not draft_of(Answers("New", things=("a mat",)), PATH, LIBRARY).routine.contraindications
    with pytest.raises(RoutineError, match="children lift no weights"):
        draft_of(Answers("New", Audience.CHILD, things=("small dumbbells",)), PATH, LIBRARY)


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 200, "\x1b[2J", "\u202eevil"])
def test_a_title_that_no_routine_can_have_is_refused(title: str) -> None:
    """By the reader of routine files, with its own words."""
    with pytest.raises(RoutineError, match="title"):
        draft_of(Answers(title), PATH, LIBRARY)


def test_a_language_without_a_template_is_refused() -> None:
    """With those there are."""
    with pytest.raises(ExportError, match="there are: en"):
        draft_of(Answers("New", language="tlh"), PATH, LIBRARY)


def test_a_copy_is_the_other_routine_under_another_title() -> None:
    """Comments and order stay; the schema is named in the first line, once."""
    text = read_text(LIBRARY.find_routine("main"))
    draft = copy_of(text, "Mine", PATH, LIBRARY)
    assert draft.routine.title == "Mine"
    kept = [line for line in text.splitlines() if not line.startswith("title =")]
    copied = [line for line in draft.text.splitlines() if not line.startswith("title =")]
    assert copied == [SCHEMA_LINE, *kept]
    assert copy_of(draft.text, "Mine", PATH, LIBRARY).text == draft.text


def test_there_is_a_template_for_everybody() -> None:
    """In English at least."""
    assert {audience for audience, tag in TEMPLATES if tag == "en"} == set(Audience)
    assert len(TEMPLATES) == 8
