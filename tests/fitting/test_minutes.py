"""Sessions that last as long as somebody wishes, at every level, pace and amount of talk."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.bundled.test_routines import assert_true
from tests.support.checkout import CHECKOUT
from tests.support.figures import SOAK
from voicecoach.errors import WishError
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.minutes import is_near
from voicecoach.fitting.stop_lines import MOST_SECONDS, gaps
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Audience, DoseBasis, Level, Pace, Spoken, Talk
from voicecoach.script.compiler import compile_script, least_times
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.model import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script, Segment

GOLDEN = CHECKOUT / "tests" / "bundled" / "golden" / "minutes.txt"
SLUGS = ("children", "desk-break", "dumbbells", "main", "posture-play", "preliminary", "relaxation")
MINUTES = range(3, 41)
TELLING = {"instruction", "cue", "change", "set", "caution"}
"""Roles of words that may hold numbers; those of playful words are held true in test_playful."""


class Kind(NamedTuple):
    """A routine and the wishes that change what is in it."""

    slug: str
    level: Level
    pace: Pace
    talk: Talk

    def __str__(self) -> str:
        """Return the kind as it begins a line of the golden table."""
        return f"{self.slug:<12} {self.level:<8} {self.pace:<6} {self.talk:<5}"


KINDS = [Kind(*one) for one in itertools.product(SLUGS, Level, Pace, Talk)]


@cache
def routine(slug: str) -> Routine:
    """Return a bundled routine."""
    library = Library(Path(__file__).parent)
    return load_routine(library.find_routine(slug), library)


def compiled(one: Routine, wishes: Wishes) -> Script:
    """Return the script with the lengths of the table, at the pace that was wished."""
    phrases = load_phrases(one.language, one.audience)
    seconds_a_word = word_seconds(one.audience, wishes.speech_rate)
    return compile_script(one, phrases, NominalDurations(seconds_a_word))


@cache
def standard_seconds(slug: str) -> float:
    """Return how long a routine lasts that nobody has changed."""
    return compiled(routine(slug), Wishes()).duration_seconds


def refusal(kind: Kind, minutes: int) -> str:
    """Return why a length is refused; nothing where it is not, and then the session is as it must be."""
    wishes = Wishes(level=kind.level, minutes=minutes, pace=kind.pace, talk=kind.talk)
    try:
        fitted = personalise(routine(kind.slug), wishes)
    except WishError as error:
        return str(error)
    check(kind, fitted, wishes)
    return ""


# ------------------------------------------------------------------------------------ what must hold


def check(kind: Kind, fitted: Routine, wishes: Wishes) -> None:
    """Assert all that must hold of a session that was fitted."""
    script = compiled(fitted, wishes)
    if wishes.minutes is not None:
        assert is_near(script.duration_seconds, wishes.minutes), script.duration_seconds
    longest = max(end - begin for begin, end in gaps(script))
    assert longest <= MOST_SECONDS
    check_checks(kind, script)
    segments = {segment.slug: segment for segment in script.segments if segment.slug}
    for step in fitted.steps:
        before = next(one for one in routine(kind.slug).steps if one.slug == step.slug)
        heard = segments[step.slug]
        check_amount(kind, before.dose_basis, before.dose.block_seconds(1), heard)
        check_sides(kind, step.dose.sides, heard)
        for cue in heard.cues:
            if cue.kind == "speech" and cue.role in TELLING | (
                {"halfway", "five-seconds", "last-two", "rest"}
                if fitted.play_seed is None
                else set()
            ):
                assert_true(cue, step.dose, heard)
        check_progress(fitted, fitted.steps.index(step), heard)
    never = [note for note in script.notes if note.kind is NoteKind.DROPPED]
    stop_words = {step.stop_line for step in fitted.steps} | {load_phrases().stop}
    assert not [note for note in never if note.text in stop_words]


def check_progress(fitted: Routine, position: int, heard: Segment) -> None:
    """Assert that a child hears how much is left, and that it is true."""
    said = [cue.text.lower() for cue in heard.cues if cue.role == "progress"]
    if fitted.audience is Audience.CHILD:
        number = load_phrases().number
        assert len(said) == 1
        assert f"{number(position + 1)} of {number(len(fitted.steps))}" in said[0]
    else:
        assert not said


def check_checks(kind: Kind, script: Script) -> None:
    """Assert that every check of the opening is spoken, and every stop line of the routine's steps."""
    said = " ".join(cue.text for segment in script.segments for cue in segment.cues)
    for item in routine(kind.slug).opening:
        if isinstance(item, Spoken) and item.block:
            assert item.text in said
    for step in script.routine.steps:
        file_step = next(one for one in routine(kind.slug).steps if one.slug == step.slug)
        assert step.stop_line == file_step.stop_line or not file_step.stop_line
        heard = next(segment for segment in script.segments if segment.slug == step.slug)
        lines = [cue.text for cue in heard.cues if cue.role == "stop"]
        assert lines[:1] == ([step.stop_line] if step.stop_line else lines[:1])


def check_amount(kind: Kind, basis: DoseBasis, asked_seconds: float, heard: Segment) -> None:
    """Assert that what the article asks for is done, or that the coach says that it is not."""
    shortest = min(block.duration_seconds for block in heard.work_blocks)
    longest = max(block.duration_seconds for block in heard.work_blocks)
    if basis is DoseBasis.DEFAULT:
        return
    if shortest < asked_seconds - 1e-6:
        assert kind.level is Level.EASY
        assert any(cue.role == "caution" and "less than" in cue.text for cue in heard.cues)
    if basis is DoseBasis.EXACT and kind.level is Level.STANDARD:
        assert longest == pytest.approx(asked_seconds)


def check_sides(kind: Kind, sides: Sides, heard: Segment) -> None:
    """Assert that both sides work for the same time, and that every change of sides is spoken."""
    if sides is Sides.NONE:
        return
    spoken = [cue for cue in heard.cues if cue.kind == "speech"]
    work = heard.work_blocks
    first_words = " ".join(c.text for c in spoken if c.start_seconds < work[0].start_seconds)
    assert "left" in first_words.lower() or "right" in first_words.lower()
    if sides is Sides.ONE_AT_A_TIME:
        by_side = {
            side: sum(block.duration_seconds for block in work if block.side == side)
            for side in ("left", "right")
        }
        assert by_side["left"] == pytest.approx(by_side["right"])
        for before, after in itertools.pairwise(work):
            between = " ".join(
                cue.text
                for cue in spoken
                if before.end_seconds <= cue.start_seconds < after.start_seconds
            )
            assert after.side in between.lower(), between
    else:
        assert all(block.reps % 2 == 0 for block in work)


# ------------------------------------------------------------------------------------ the golden table


def row(kind: Kind, texts: dict[int, str]) -> str:
    """Return the line of the golden table: which minutes are refused, and what is told."""
    told = []
    for text, group in itertools.groupby(MINUTES, lambda minutes: reason_of(texts[minutes])):
        minutes = list(group)
        if text:
            told.append(f"{minutes[0]}-{minutes[-1]} {text}")
    return f"{kind}  {' | '.join(told) or 'all'}"


def refusals(kind: Kind) -> dict[int, str]:
    """Return what is told of each length, as the refusals of the shortest and the longest tell."""
    texts = dict.fromkeys(MINUTES, "")
    for outer, step in ((MINUTES[0], 1), (MINUTES[-1], -1)):
        minutes = outer
        while told := reason_of(refused := refusal(kind, minutes)):
            nearest = int(told.rpartition(" ")[2])
            texts |= dict.fromkeys(range(minutes, nearest, step), refused)
            minutes = nearest if nearest != minutes else minutes + step
    return texts


def reason_of(refused: str) -> str:
    """Return a refusal in short: why, and the nearest minutes."""
    if not refused:
        return ""
    nearest = refused.rpartition("--minutes ")[2].partition(",")[0]
    return f"too {'short' if 'it takes' in refused else 'long'}, nearest {nearest}"


def golden_rows() -> dict[str, str]:
    """Return the lines of the golden table by their kind."""
    lines = GOLDEN.read_text("utf-8").splitlines()
    return {line[:35]: line for line in lines if not line.startswith("#")}


def is_refused(line: str, minutes: int) -> bool:
    """Return whether a line of the table refuses a length."""
    spans = [part.strip().split(" ")[0] for part in line[35:].split("|")]
    return any(
        int(first) <= minutes <= int(last)
        for first, _, last in (span.partition("-") for span in spans if "-" in span)
    )


def test_what_is_between_four_fifths_and_eight_fifths_is_accepted() -> None:
    """For every routine, level, pace and amount of talk; the table says so, and is held true below."""
    rows = golden_rows()
    assert list(rows) == [f"{kind}  "[:35] for kind in KINDS]
    for kind in KINDS:
        usual = standard_seconds(kind.slug)
        for minutes in MINUTES:
            if 0.8 * usual <= 60 * minutes <= 1.6 * usual:
                assert not is_refused(rows[f"{kind}  "[:35]], minutes), (kind, minutes)


def sample() -> Iterator[Kind]:
    """Yield all kinds for the long form; else one a routine, others from day to day in no order."""
    if SOAK:
        yield from KINDS
        return
    dice = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID", "fit"))
    for slug in SLUGS:
        yield dice.choice([kind for kind in KINDS if kind.slug == slug])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_golden_table_is_true(slug: str, request: pytest.FixtureRequest) -> None:
    """What it refuses is refused with that reason and that nearest length, what it accepts is right.

    The long form tries everything; the short one the edges of one kind a routine, and some within.
    """
    if request.config.getoption("--update-golden"):
        kinds = [kind for kind in KINDS if kind.slug == slug]
        rows = golden_rows() if GOLDEN.exists() else {}
        for kind in kinds:
            rows[f"{kind}  "[:35]] = row(kind, refusals(kind))
        ordered = [rows[key] for kind in KINDS if (key := f"{kind}  "[:35]) in rows]
        head = "# routine, level, pace, talk; which of 3 to 40 minutes are refused, why, and what is near"
        GOLDEN.write_text("\n".join([head, *ordered]) + "\n", "utf-8")
        return
    rows = golden_rows()
    for kind in sample():
        if kind.slug != slug:
            continue
        line = rows[f"{kind}  "[:35]]
        for minutes in MINUTES if SOAK else edges(line):
            told = reason_of(refusal(kind, minutes))
            assert bool(told) == is_refused(line, minutes), (kind, minutes, told)
            assert told in line


def edges(line: str) -> list[int]:
    """Return the lengths on both sides of each border of a line, and one in the middle."""
    inside = [minutes for minutes in MINUTES if not is_refused(line, minutes)]
    found = {inside[0] - 1, inside[0], inside[len(inside) // 2], inside[-1], inside[-1] + 1}
    return sorted(found & set(MINUTES))


@pytest.mark.sampled(8)
@pytest.mark.parametrize("kind", KINDS if SOAK else KINDS[::8], ids="-".join)
def test_without_minutes_a_session_is_right_at_every_level_pace_and_talk(kind: Kind) -> None:
    """As it is checked when it is fitted to minutes."""
    wishes = Wishes(level=kind.level, pace=kind.pace, talk=kind.talk)
    check(kind, personalise(routine(kind.slug), wishes), wishes)


def test_the_same_wishes_make_the_same_session() -> None:
    """Today and on every computer: what was shown is what is played and exported."""
    wishes = Wishes(level=Level.STRONG, minutes=14, pace=Pace.CALM)
    assert personalise(routine("main"), wishes) == personalise(routine("main"), wishes)


def test_a_refusal_says_why_and_what_is_near() -> None:
    """So that the next try is the right one."""
    with pytest.raises(WishError) as short:
        personalise(routine("dumbbells"), Wishes(minutes=5))
    nearest = int(str(short.value).rpartition("--minutes ")[2].partition(",")[0])
    assert "its source asks for" in str(short.value)
    assert personalise(routine("dumbbells"), Wishes(minutes=nearest))
    with pytest.raises(WishError, match="too much of the same; say --minutes") as long:
        personalise(routine("desk-break"), Wishes(minutes=40))
    nearest = int(str(long.value).rpartition("--minutes ")[2].partition(",")[0])
    assert personalise(routine("desk-break"), Wishes(minutes=nearest))


def test_children_never_hold_for_long_however_long_the_session() -> None:
    """At most half a minute, and at most twelve of a move."""
    for slug in ("children", "posture-play"):
        for minutes in (10, 14):
            fitted = personalise(routine(slug), Wishes(minutes=minutes, level=Level.STRONG))
            assert fitted.audience is Audience.CHILD
            for step in fitted.steps:
                assert step.dose.kind != "hold" or step.dose.seconds <= 30
                assert max(step.dose.reps, default=0) <= 12


# ------------------------------------------------------------------------------------ large routines


def with_optional_steps(folder: Path, count: int) -> Routine:
    """Return a routine with so many steps, each of which may be left out."""
    head = (
        'voicecoach = 1\ntitle = "Large"\nsummary = "Many moves."\naudience = "adult"\n'
        'level = "beginner"\nlanguage = "en"\n'
    )
    steps = [
        f'[[steps]]\nslug = "s{number}"\nname = "Move {number}"\nsay = "Stand tall."\n'
        'dose = "2 x 8 reps, tempo 2-1-2, rest 10s"\noptional = true\n'
        for number in range(count)
    ]
    path = folder / f"large-{count}.toml"
    path.write_text(head + "".join(steps), "utf-8")
    return load_routine(path, Library(folder))


def test_the_later_steps_are_left_out_first_and_the_last_one_stays(tmp_path: Path) -> None:
    """However many steps may be left out, at least half of the routine is done."""
    large = with_optional_steps(tmp_path, 40)
    fitted = personalise(large, Wishes(minutes=10))
    assert is_near(compiled(fitted, Wishes()).duration_seconds, 10)
    kept = [step.slug for step in fitted.steps]
    assert 20 <= len(kept) < 40
    assert kept == [*(f"s{number}" for number in range(len(kept) - 1)), "s39"]


@pytest.mark.parametrize("minutes", [8, 20], ids=["refused", "fitted"])
def test_a_large_routine_is_fitted_in_few_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """Of the fifty steps that may be left out not every number is tried: halving needs some six."""
    tries = []

    def counted(one: Routine, *arguments: Any, **named: Any) -> Any:
        tries.append(len(one.steps))
        return least_times(one, *arguments, **named)

    monkeypatch.setattr("voicecoach.fitting.minutes.least_times", counted)
    with contextlib.suppress(WishError):
        personalise(with_optional_steps(tmp_path, 100), Wishes(minutes=minutes))
    assert 3 <= len(tries) <= 20, tries
