"""Routine files: what is read from good ones, and every word said about broken ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.errors import RoutineError
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine, load_routine
from voicecoach.routine.anchors import (
    AfterRep,
    AtChange,
    AtEnd,
    AtRep,
    BeforeEnd,
    BeforeLastSet,
    BeforeSet,
    Halfway,
    InRest,
    LastReps,
    Offset,
)
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import (
    Audience,
    AuthorCue,
    Contraindication,
    DoseBasis,
    Equipment,
    Level,
    Silence,
    Spoken,
    Step,
)

ROUTINES = Path(__file__).parent / "routines"
BROKEN = sorted((ROUTINES / "broken").glob("*.toml"))
GOOD = ROUTINES / "good" / "everything.toml"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return a library with the shared blocks of the tests and nothing else."""
    nothing = ROUTINES / "nothing"
    return Library(ROUTINES / "library", user_folder=nothing, bundled_folder=nothing)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_file_says_all_that_is_wrong(path: Path, library: Library) -> None:
    """The messages about a broken file are those at its end: all, in order, no others."""
    expected = re.findall(r"^# expect: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    routine, problems = check_routine(path, library)
    assert routine is None
    said = [(problem.describe("").removeprefix(":").strip(), problem.code) for problem in problems]
    assert [f"{words} [{code}]" for words, code in said] == expected
    with pytest.raises(RoutineError) as caught:
        load_routine(path, library)
    assert str(caught.value).count(str(path)) == len(expected) > 0


def test_there_are_broken_files() -> None:
    """The corpus is found and large."""
    assert len(BROKEN) >= 80


def test_everything_in_a_file_reaches_the_routine(library: Library) -> None:
    """All keys, in all their forms, are read into the values they stand for."""
    routine = load_routine(GOOD, library)
    mat, toy = Equipment("mat", "a mat"), Equipment("soft-toy", "your soft toy")
    assert (routine.slug, routine.title, routine.language) == ("everything", "Back basics", "en")
    assert (routine.summary, routine.about) == (
        "A calm set for the back.",
        "Learn it first. It costs $5.",
    )
    assert (routine.audience, routine.adult_nearby) == (Audience.CHILD, True)
    assert (routine.level, routine.muscles) == (
        "beginner to intermediate",
        ("abdominals", "trapezius (upper)"),
    )
    assert routine.equipment == (mat, toy)
    assert routine.opening == (
        Spoken("Welcome. It takes about $minutes minutes, you need $equipment, and $$5."),
        Spoken("Ready?"),
        Spoken("Here we go."),
        Spoken("Clear the floor around you.", "SC-A"),
        Spoken("Stop if it hurts.", "SC-A"),
        Spoken("Two reasons to skip this set.", "SC-D"),
        Spoken("Skip it if you have high blood pressure.", "SC-D"),
        Spoken("Better not if you have asthma.", "SC-D"),
        Spoken("Ask your doctor first.", "SC-D"),
        Silence(5.0),
    )
    assert routine.closing == (Spoken("Well done."),)
    assert routine.contraindications == (
        Contraindication(
            "high-blood-pressure",
            "Hypertension",
            "contraindicated",
            "Skip it if you have high blood pressure.",
        ),
        Contraindication("asthma", "Asthma", "undesirable", "Better not if you have asthma."),
    )
    assert routine.path == GOOD
    leg, row = routine.steps
    assert leg == Step(
        slug="straight-leg-hold",
        name="Straight-leg lift and hold",
        spoken_name="straight-leg lift and hold",
        instruction="Straighten your $side leg, not the $other_side one, for $duration.",
        dose=parse_dose("2 x hold 30s each side, change 14s, rest 20s"),
        dose_basis=DoseBasis.MINIMUM,
        brief="$side leg up.",
        position="lying on back",
        setup_seconds=20.0,
        rest_after_seconds=12.5,
        effort_on_return=True,
        cues=leg.cues,
        stop_line="If anything hurts, stop and rest.",
        muscles=("abdominals",),
        equipment=(mat, toy),
        safety_note="Keep the other knee bent.",
        together="legs",
        optional=True,
        wait=True,
        levels={
            Level.EASY: parse_dose("2 x hold 15s each side"),
            Level.STRONG: parse_dose("3 x hold 30s each side"),
        },
        source=("R25", "R26"),
    )
    assert leg.cues == (
        AuthorCue(Offset(8.0), "If you need to, lower.", "first"),
        AuthorCue(BeforeEnd(5.0), "Nearly there, $seconds_left left."),
        AuthorCue(Halfway(), "Halfway.", set_number=2, praise=True),
        AuthorCue(AtChange(), "Lower slowly."),
        AuthorCue(AtEnd(), "Down."),
        AuthorCue(InRest(), "Rest.", set_number=1),
        AuthorCue(BeforeSet(2), "Set $set of $sets.", set_number=2),
        AuthorCue(BeforeLastSet(), "Last one."),
    )
    assert row == Step(
        slug="x-row",
        name="TRX row",
        spoken_name="TRX row",
        instruction="Pull $reps times.",
        dose=parse_dose("6-4-2 reps, rest 20s"),
        flow=True,
        cues=row.cues,
        stop_line="If it hurts, stop.",
        together="legs",
    )
    assert row.cues == (
        AuthorCue(AtRep(2), "$reps_done done."),
        AuthorCue(AfterRep(4), "$reps_left left.", set_number=2),
        AuthorCue(LastReps(2), "Two."),
        AuthorCue(LastReps(1), "One."),
    )


def test_lines_of_steps(library: Library) -> None:
    """Each step knows the line of its header, for messages of later stages."""
    routine = load_routine(GOOD, library)
    lines = GOOD.read_text(encoding="utf-8").split("\n")
    hold, row = (routine.locations.of_step(slug).line for slug in ("straight-leg-hold", "x-row"))
    assert [lines[line - 1] for line in (hold, row)] == ["[[steps]]", "[[steps]]"]
    assert row > hold


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


SMALL = """voicecoach = 1
title = { en = "Rest", de = "Ruhe" }
audience = "adult"
opening = [{ block = "SC-A" }]

[[steps]]
slug = "rest"
name = { en = "Rest", de = "Ruhe" }
spoken = { en = "Rest!", de = "Ruhe!" }
say = { en = "Lie down.", de = "Leg dich hin." }
dose = "hold 30s"
stop = "STOP-A2"
"""


def test_another_language_is_read_where_it_is_there(tmp_path: Path, library: Library) -> None:
    """All texts come in the language that is asked for, those of shared files, too."""
    path = write(tmp_path, SMALL.replace('opening = [{ block = "SC-A" }]\n', ""))
    routine = load_routine(path, library, language="de-AT")
    (step,) = routine.steps
    assert (routine.language, routine.title) == ("de-AT", "Ruhe")
    assert (step.name, step.spoken_name, step.instruction) == ("Ruhe", "Ruhe!", "Leg dich hin.")
    assert step.stop_line == "Wenn es weh tut, hör auf."


def test_a_language_with_gaps_names_each_gap(tmp_path: Path, library: Library) -> None:
    """What is not translated is listed with its place; blocks count."""
    path = write(
        tmp_path, SMALL.replace('{ en = "Lie down.", de = "Leg dich hin." }', '"Lie down."')
    )
    with pytest.raises(RoutineError) as caught:
        load_routine(path, library, language="de")
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (4, 'block has no text in "de"'),
        (10, 'say has no text in "de"'),
    ]


def test_a_language_that_is_nowhere_is_said_once(tmp_path: Path, library: Library) -> None:
    """A file without any text in the language gets one message, not one for each text."""
    path = write(tmp_path, SMALL)
    with pytest.raises(RoutineError) as caught:
        load_routine(path, library, language="fr")
    (problem,) = caught.value.problems
    assert problem.message == 'there are no texts in "fr"'
    assert problem.fix == 'choose "en" or "de", which this file is in, or translate it'


def test_a_file_in_its_own_language(tmp_path: Path, library: Library) -> None:
    """Plain texts are in the language that the file names."""
    text = SMALL.replace("audience", 'language = "de"\naudience').replace(
        'title = { en = "Rest", ', "title = { "
    )
    routine = load_routine(
        write(tmp_path, text.replace('opening = [{ block = "SC-A" }]\n', "")), library
    )
    assert (routine.language, routine.title, routine.steps[0].name) == ("de", "Ruhe", "Ruhe")


def test_a_broken_shared_file_is_named_itself(tmp_path: Path) -> None:
    """A mistake in a shared file is not laid at the routine's door."""
    (tmp_path / "scripts" / "shared").mkdir(parents=True)
    shared = write(tmp_path / "scripts" / "shared", "voicecoach_shared = 1\nstpo = 5\n", "x.toml")
    library = Library(tmp_path, user_folder=tmp_path / "none", bundled_folder=tmp_path / "none")
    with pytest.raises(
        RoutineError, match=r'x\.toml:2:1: unknown key "stpo": did you mean "stop"\?'
    ):
        check_routine(write(tmp_path, SMALL), library)
    assert shared.exists()


def test_positions_are_only_looked_for_after_a_mistake() -> None:
    """A good file is read without tree-sitter and without numpy; a broken one brings tree-sitter."""
    code = (
        "import sys; from pathlib import Path\n"
        "from voicecoach.library.library import Library\n"
        "from voicecoach.library.reading import check_routine\n"
        "good, broken, folder = map(Path, sys.argv[1:])\n"
        "library = Library(folder)\n"
        "assert check_routine(good, library)[0]\n"
        "assert not {'tree_sitter', 'numpy'} & sys.modules.keys(), 'too much'\n"
        "assert check_routine(broken, library)[1]\n"
        "assert 'tree_sitter' in sys.modules\n"
    )
    arguments = [GOOD, ROUTINES / "broken" / "several-mistakes.toml", ROUTINES / "library"]
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


GOOD_TEXT = GOOD.read_text(encoding="utf-8")
ODD_VALUES = (
    *("5", "-1", "0", "nan", "1e300", "true", "1979-05-27", "0x" + "f" * 99, '""', '"x"', '"5"'),
    *(
        '"$side $x $"',
        '"rep 9"',
        '"change"',
        '"hold 1s"',
        '"8 reps each side"',
        '"\\u001b"',
        '"SC-A"',
    ),
    *("[]", "[[]]", "[5, {}]", "{}", "{ x = {} }", '{ en = "x" }', '{ de = "x" }', "[{ at = 5 }]"),
)


def change_a_value(text: str, dice: Random) -> str:
    """Put an odd value in the place of another: still TOML."""
    found = dice.choice([*re.finditer(r'= ("[^"\n]*"|\d+|true|false)(?=[ ,\n])', text)])
    return text[: found.start()] + "= " + dice.choice(ODD_VALUES) + text[found.end() :]


def change_a_key(text: str, dice: Random) -> str:
    """Give a value another key of the format: often still TOML."""
    keys = [*re.finditer(r"\b([a-z_]+)(?= = )", text)]
    found = dice.choice(keys)
    return text[: found.start()] + dice.choice(keys)[0] + text[found.end() :]


def change_the_lines(text: str, dice: Random) -> str:
    """Take a line out, double it or let it change places with another."""
    lines = text.split("\n")
    index, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(3):
        case 0:
            del lines[index]
        case 1:
            lines.insert(other, lines[index])
        case _:
            lines[index], lines[other] = lines[other], lines[index]
    return "\n".join(lines)


@st.composite
def damaged_texts(draw: st.DrawFn) -> bytes:
    """Draw the good file with some values, keys or lines altered, or with stray bytes."""
    dice = Random(draw(st.integers(0, 2**32)))
    text = GOOD_TEXT
    changes = [change_a_value, change_a_value, change_a_value, change_a_key, change_the_lines]
    for _ in range(draw(st.integers(1, 5))):
        text = dice.choice(changes)(text, dice)
    content = text.encode()
    if dice.random() < 0.1:
        at = dice.randrange(len(content))
        content = content[:at] + draw(st.binary(max_size=4)) + content[at + dice.randrange(3) :]
    return content


@tries(300)
@given(content=damaged_texts())
@example(content=b"")
@example(content=b"\xff\xfe")
def test_any_damage_ends_in_a_routine_or_a_message(
    content: bytes, tmp_path: Path, library: Library
) -> None:
    """A damaged file is a Routine or a RoutineError with lines and columns that exist in it."""
    path = tmp_path / "damaged.toml"
    path.write_bytes(content)
    routine, problems = check_routine(path, library)
    assert bool(routine) != bool(problems)
    lines = content.decode("utf-8", "replace").split("\n")
    for problem in problems:
        assert 0 <= problem.line <= len(lines)
        if problem.line and problem.column:
            assert problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.describe(path).isprintable()
    if routine:
        assert all(step.spoken_name and step.instruction for step in routine.steps)
        assert all(routine.locations.of_step(step.slug).line for step in routine.steps)


@tries(100)
@given(text=st.text(max_size=200))
def test_any_text_ends_in_a_message(text: str, tmp_path: Path, library: Library) -> None:
    """Arbitrary text is no routine, and is refused in printable words."""
    path = write(tmp_path, text.encode("utf-8", "replace").decode())
    with pytest.raises(RoutineError) as caught:
        load_routine(path, library)
    assert all(problem.what_to_do.isprintable() for problem in caught.value.problems)


def test_a_routine_is_the_same_however_it_is_written(tmp_path: Path, library: Library) -> None:
    """Windows line ends and a byte order mark change nothing."""
    plain = load_routine(GOOD, library)
    path = tmp_path / GOOD.name
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.read_bytes().replace(b"\n", b"\r\n"))
    assert replace(load_routine(path, library), path=GOOD) == plain


def test_no_path_in_a_file_is_opened(tmp_path: Path) -> None:
    """Names that look like paths are names that do not exist."""
    (tmp_path / "scripts" / "shared").mkdir(parents=True)
    shutil.copy(ROUTINES / "library/scripts/shared/checks.toml", tmp_path / "elsewhere.toml")
    text = SMALL.replace("SC-A", "../../elsewhere.toml").replace("STOP-A2", "/etc/passwd")
    library = Library(tmp_path, user_folder=tmp_path / "none", bundled_folder=tmp_path / "none")
    _, problems = check_routine(write(tmp_path, text), library)
    assert [problem.what_to_do for problem in problems] == [
        'no block "../../elsewhere.toml": there are none',
        'no STOP line "/etc/passwd": there are none',
    ]
