"""The dose grammar: what is written, what it means, and what is refused with which words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from voicecoach.routine.dose import (
    MAX_BLOCK_SECONDS,
    MAX_GAP_SECONDS,
    MAX_REPS,
    MAX_SETS,
    Dose,
    Hold,
    Reps,
    Sides,
    Tempo,
    Timed,
)
from voicecoach.routine.dose_line import DoseError, parse_dose


def seconds(least: int, most: float) -> st.SearchStrategy[float]:
    """Draw times in whole milliseconds, as the grammar can write them."""
    return st.integers(least, int(most * 1000)).map(lambda thousandths: thousandths / 1000)


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    """Draw any dose that the grammar allows."""
    kind = draw(st.sampled_from([Hold, Timed, Reps]))
    sets = draw(st.integers(1, MAX_SETS))
    sides = draw(st.sampled_from(Sides if kind.is_counted else [Sides.NONE, Sides.ONE_AT_A_TIME]))
    tempo, reps = None, ()
    if kind.is_counted:
        parts = [draw(seconds(0, 60)) for _ in range(3)]
        assume(sum(parts) >= 1)
        tempo = Tempo(*parts)
        one = st.integers(1, MAX_REPS).map(lambda count: (count,) * sets)
        each = st.lists(st.integers(1, MAX_REPS), min_size=sets, max_size=sets).map(tuple)
        reps = draw(one | each)
    dose = kind(
        seconds=0.0 if kind.is_counted else draw(seconds(1000, MAX_BLOCK_SECONDS)),
        reps=reps,
        sets=sets,
        tempo=tempo,
        sides=sides,
        first_side="right" if sides is Sides.NONE else draw(st.sampled_from(["right", "left"])),
        rest_seconds=draw(seconds(1000, MAX_GAP_SECONDS)) if sets > 1 else 0.0,
        change_seconds=draw(seconds(1000, MAX_GAP_SECONDS))
        if sides is Sides.ONE_AT_A_TIME
        else 0.0,
    )
    assume(all(dose.block_seconds(n) <= MAX_BLOCK_SECONDS for n in range(1, sets + 1)))
    return dose


@given(doses())
def test_the_canonical_line_means_the_same_dose(dose: Dose) -> None:
    """Writing a dose out and reading it again changes nothing."""
    assert parse_dose(str(dose)) == dose
    assert str(parse_dose(str(dose))) == str(dose)


WORDS = [
    *"hold for reps rep tempo rest change alternating each side left right first".split(),  # noqa: SIM905
    *["2", "8", "30", "0", "2.5", "s", "min", "sec", "x", "×", "-", ":", ",", "2-1-3", "1:30"],
    *["per", "leg", "sets", "1e9", "-5s", "99999999999", "½", "\x1b[31m", "\n"],
]


@given(
    st.text()
    | st.lists(st.sampled_from(WORDS)).map(" ".join)
    | st.lists(st.sampled_from(WORDS)).map("".join)
)
@example("")
@example(" ")
@example("9" * 5000 + " reps")
@example("\ud800")
@example("hold ٣s")
def test_any_text_is_a_dose_or_an_error_with_a_place(text: str) -> None:
    """Whatever is written, the answer is a dose or a message whose column lies in the text."""
    answer: Dose | DoseError
    try:
        answer = parse_dose(text)
    except DoseError as error:
        answer = error
    if isinstance(answer, Dose):
        assert parse_dose(str(answer)) == answer
        return
    assert 1 <= answer.column <= max(1, len(text))
    for words in (answer.message, answer.fix):
        assert words
        assert words.isprintable()
        assert not words.endswith(".")


@given(doses(), st.data())
def test_clauses_may_stand_in_any_order_and_spacing(dose: Dose, data: st.DataObject) -> None:
    """The order of the clauses, capitals and extra spaces do not change the meaning."""
    work, *clauses = str(dose).split(", ")
    shuffled = data.draw(st.permutations(clauses))
    text = (
        "  ,  ".join([work, *shuffled])
        .upper()
        .replace(" ", data.draw(st.sampled_from([" ", "\t", "  "])))
    )
    assert parse_dose(text) == dose


@given(doses())
def test_lengths_are_the_exact_sums_of_their_parts(dose: Dose) -> None:
    """Blocks, work and total agree with exact arithmetic to a billionth of a second."""

    def exact(value: float) -> Fraction:
        return Fraction(round(value * 1000), 1000)

    blocks = []
    for number in range(1, dose.sets + 1):
        if dose.tempo is None:
            block = exact(dose.seconds)
        else:
            tempo = dose.tempo
            parts = (tempo.away_seconds, tempo.pause_seconds, tempo.back_seconds)
            moves = dose.reps[number - 1] * (2 if dose.sides is Sides.ALTERNATING else 1)
            assert dose.moves(number) == moves
            block = moves * sum(map(exact, parts))
        assert abs(dose.block_seconds(number) - block) < 1e-9
        blocks.append(block)
    both = dose.sides is Sides.ONE_AT_A_TIME
    work = sum(blocks) * (2 if both else 1)
    gaps = dose.sets * exact(dose.change_seconds) * both + (dose.sets - 1) * exact(
        dose.rest_seconds
    )
    assert abs(dose.work_seconds - work) < 1e-9
    assert abs(dose.total_seconds - (work + gaps)) < 1e-9


MEANINGS: list[tuple[str, dict[str, Any], float]] = [
    ("hold 30s", {"kind": "hold", "seconds": 30.0}, 30),
    ("for 60s", {"kind": "timed", "seconds": 60.0}, 60),
    ("8 reps, tempo 2-1-3", {"reps": (8,), "tempo": Tempo(2, 1, 3)}, 48),
    ("8 reps", {"tempo": Tempo(2, 1, 2)}, 40),
    ("1 rep", {"reps": (1,)}, 5),
    ("6 reps, hold 10s", {"tempo": Tempo(2, 10, 2)}, 84),
    ("6 reps, tempo 3-10-4, hold 10s", {"tempo": Tempo(3, 10, 4)}, 102),
    ("6 reps, tempo 1.5-0-2", {"tempo": Tempo(1.5, 0, 2)}, 21),
    ("2 x 8 reps, rest 30s", {"reps": (8, 8), "sets": 2, "rest_seconds": 30.0}, 110),
    ("2x8 reps", {"reps": (8, 8), "rest_seconds": 30.0}, 110),
    ("2 × 8 reps", {"reps": (8, 8), "rest_seconds": 30.0}, 110),
    ("4 x hold 10s, rest 10s", {"sets": 4, "seconds": 10.0}, 70),
    ("6-4-2 reps, hold 10s, rest 20s", {"reps": (6, 4, 2), "sets": 3}, 208),
    ("6–4–2 reps, rest 20s", {"reps": (6, 4, 2)}, 100),
    ("8-12 reps, rest 30s", {"reps": (8, 12), "sets": 2}, 130),
    (
        "hold 30s each side, change 14s",
        {"sides": Sides.ONE_AT_A_TIME, "change_seconds": 14.0, "first_side": "right"},
        74,
    ),
    ("hold 30s, each side", {"sides": Sides.ONE_AT_A_TIME, "change_seconds": 10.0}, 70),
    ("2 x hold 15s each side, change 10s, rest 8s, left first", {"first_side": "left"}, 88),
    (
        "10 reps each side, alternating, tempo 2-1-2",
        {"reps": (10,), "sides": Sides.ALTERNATING, "change_seconds": 0.0},
        100,
    ),
    ("10 reps each side", {"sides": Sides.ONE_AT_A_TIME}, 110),
    ("10 reps each side, right first", {"first_side": "right"}, 110),
    ("hold 30 s", {}, 30),
    ("hold 30 sec", {}, 30),
    ("hold 2 min", {}, 120),
    ("for 1 min 30s", {}, 90),
    ("for 1:30", {}, 90),
    ("for 1.5 min", {}, 90),
    ("hold 0:45", {}, 45),
    ("hold 12.125s", {}, 12.125),
    ("hold 2:05", {}, 125),
]


@pytest.mark.parametrize(("text", "fields", "total"), MEANINGS)
def test_written_doses_mean_what_a_physiotherapist_means(
    text: str, fields: dict[str, Any], total: float
) -> None:
    """Each written form gives the numbers that stand in it, and the right length."""
    dose = parse_dose(text)
    assert {name: getattr(dose, name) for name in fields} == fields
    assert dose.total_seconds == pytest.approx(total, abs=1e-9)


def test_alternating_sides_count_every_move() -> None:
    """Ten reps for each side in turn are one block of twenty moves."""
    dose = parse_dose("10 reps each side, alternating")
    assert (dose.moves(1), dose.blocks_per_set, dose.block_seconds(1)) == (20, 1, 100)


def test_one_side_at_a_time_counts_again_from_one() -> None:
    """Ten reps for one side after the other are two blocks of ten."""
    dose = parse_dose("10 reps each side, change 18s")
    assert (dose.moves(1), dose.blocks_per_set, dose.block_seconds(1)) == (10, 2, 50)
    assert (dose.work_seconds, dose.total_seconds, dose.second_side) == (100, 118, "left")


def test_tenths_of_a_second_add_up() -> None:
    """Three tenths times ten is three seconds, not a binary neighbour of it."""
    assert parse_dose("10 reps, tempo 0.7-0.1-0.2").block_seconds(1) == 10.0
    assert parse_dose("3 x hold 1.1s, rest 1.1s").total_seconds == 5.5


CANONICAL = [
    ("8 REPS,tempo 2 - 1 - 3", "8 reps, tempo 2-1-3"),
    ("8-8 reps", "2 x 8 reps, tempo 2-1-2, rest 30s"),
    ("hold 1 min 30s, left first, each side", "hold 90s each side, left first, change 10s"),
    ("6 reps, hold 10s", "6 reps, tempo 2-10-2"),
    ("6-4-2 reps", "6-4-2 reps, tempo 2-1-2, rest 30s"),
    ("5 reps each side, alternating", "5 reps each side, alternating, tempo 2-1-2"),
    ("1 rep", "1 rep, tempo 2-1-2"),
]


@pytest.mark.parametrize(("text", "canonical"), CANONICAL)
def test_the_canonical_line_reads_well(text: str, canonical: str) -> None:
    """The line that programs write is the one that a person would write."""
    assert str(parse_dose(text)) == canonical


# Text, the column of the mistake, and the words that must stand in the message.
REFUSED = [
    ("", 1, 'the dose is empty: write how much, such as "hold 30s"'),
    ("hold 30", 6, "the unit is missing: write 30s"),
    ("hold 30, each side", 6, "the unit is missing: write 30s"),
    ("8 reps, rest 30", 14, "the unit is missing: write 30s"),
    ("hold 1 min 30", 12, "the unit is missing: write 30s"),
    ("hold 30m", 8, 'did you mean "min"?'),
    ("hold 2 h", 8, '"h" is not a unit here'),
    ("hold", 4, "it is not said how long: write a time such as 30s or 2 min after hold"),
    ("hold for 30s", 6, 'leave out "for"'),
    ("hold -5s", 6, "hold must be longer than 0 s, got -5s"),
    ("hold 0s", 6, "hold must be longer than 0 s, got 0s"),
    ("hold 0.5s", 6, "hold must be at least 1 s, got 0.5s"),
    ("hold 121 min", 6, "hold may last at most 2 h, got 7260s"),
    ("hold 1:75", 6, "no time in minutes and seconds: write it as 1:30"),
    ("hold 1:30:00", 10, "hours are too long"),
    ("hold 1 min 75s", 12, "fewer than 60 seconds"),
    ("hold 1.2345s", 6, "at most three digits after the point"),
    ("30s", 1, 'a time needs a word before it: write "hold 30s" to hold still'),
    ("30s hold", 1, "a time needs a word before it"),
    ("8", 1, 'it is not said what is counted: write "8 reps", "hold 8s" or "for 8s"'),
    ("3 x 10", 6, 'it is not said what is counted: write "3 x 10 reps"'),
    ("3 x", 3, '"3 x 8 reps" or "3 x hold 10s"'),
    ("3 sets of 8 reps", 3, 'write "3 x 8 reps"'),
    ("8 repps", 3, 'did you mean "reps"?'),
    ("8 times", 3, 'did you mean "reps"?'),
    ("hlod 30s", 1, 'did you mean "hold"?'),
    ("0 reps", 1, "the number of reps must be 1 to 500, got 0"),
    ("501 reps", 1, "the number of reps must be 1 to 500, got 501"),
    ("-8 reps", 1, "the number of reps must be 1 or more"),
    ("2.5 reps", 1, "must be a whole number, got 2.5"),
    ("0 x 8 reps", 1, "the number of sets must be 1 to 20, got 0"),
    ("21 x 8 reps", 1, "the number of sets must be 1 to 20, got 21"),
    ("1-" * 20 + "1 reps", 1, "at most 20 sets, got 21"),
    ("500 reps, tempo 5-5-5", 1, "one set may last at most 2 h, got 7500s"),
    ("1234567890 reps", 1, "too long for a number"),
    ("6- reps", 4, 'a number is missing after "-"'),
    ("2 x 6-4-2 reps", 1, '"6-4-2 reps" is 3 sets already: leave out "2 x"'),
    ("8-12 reps", 1, 'may mean two sets or a range: write one number ("12 reps")'),
    ("8 reps x 2", 8, 'the number of sets comes first: write "2 x 8 reps"'),
    ("8 reps, tempo 2-1", 15, 'three numbers, away-pause-back: write such as "tempo 2-1-3"'),
    ("8 reps, tempo 2-1-3-0", 15, "three numbers"),
    ("8 reps, tempo 213", 15, "three numbers"),
    ("8 reps, tempo 2:1:3", 15, "three numbers"),
    ("8 reps, tempo 2-1-3s", 20, 'leave out "s"'),
    ("8 reps, tempo 61-1-1", 15, "a part of the tempo is 0 to 60 s, got 61"),
    ("8 reps, tempo 0.2-0.2-0.2", 9, "a rep must last at least 1 s"),
    ("8 reps, hold 61s", 14, "hold may last at most 60 s"),
    ("8 reps, hold 5s, tempo 2-1-2", 9, 'differ: write "tempo 2-5-2"'),
    ("hold 30s, tempo 2-1-3", 11, "a tempo belongs to reps"),
    ("hold 30s, hold 10s", 11, '"hold" after a comma belongs to reps'),
    ("8 reps, for 30s", 9, "the tempo says how long reps last"),
    ("8 reps, rest 30s", 9, "a rest in the dose lies between sets"),
    ("8 reps, change 10s", 9, '"change" wants sides: add "each side"'),
    ("8 reps each side, alternating, change 9s", 32, "sides that alternate have no change"),
    ("hold 30s each side, alternating", 21, 'write "each side" alone here'),
    ("hold 30s, left first", 11, '"left first" wants sides: add "each side"'),
    ("8 reps, left", 9, 'write "left first"'),
    ("8 reps per side", 8, 'write "each side"'),
    ("8 reps each leg", 8, 'write "each side"'),
    ("8 reps, both sides", 9, 'write "each side"'),
    ("8 reps on each side", 8, 'write "each side"'),
    ("hold 30s each", 10, 'write "each side"'),
    ("8 reps tempo 2-1-3", 8, 'put a comma before "tempo"'),
    ("8 reps alternating, each side", 8, 'put a comma before "alternating"'),
    ("8 reps, tmepo 2-1-3", 9, 'did you mean "tempo"?'),
    ("8 reps, pause 30s", 9, 'did you mean "rest"?'),
    ("8 reps slowly", 8, '"slowly" is not understood here'),
    ("8 reps,", 7, "nothing stands after the comma"),
    ("8 reps,, each side", 7, "nothing stands after the comma"),
    ("8 reps, tempo 2-1-3, tempo 2-1-3", 22, '"tempo" is said twice'),
    ("8 reps each side, each side", 19, '"each side" is said twice'),
    ("8 reps each side, left first, right first", 31, "is said twice"),
    ("hold 30s!", 9, '"!" has no meaning in a dose'),
    ("hold 30s\x1b[31m", 9, r'"\x1b" has no meaning in a dose'),
]


@pytest.mark.parametrize(("text", "column", "words"), REFUSED)
def test_mistakes_are_refused_with_their_place_and_the_remedy(
    text: str, column: int, words: str
) -> None:
    """Each mistake is refused at its column, in words that say what to write instead."""
    with pytest.raises(DoseError) as caught:
        parse_dose(text)
    said = f"{caught.value.message}: {caught.value.fix}"
    assert words in said
    assert caught.value.column == column
    assert str(caught.value) == f"column {column}: {said}"


ALTERNATING_ALONE = [
    (
        "10 reps alternating",
        (
            'write "10 reps each side, alternating" (20 moves) '
            'or "5 reps each side, alternating" (10 moves)'
        ),
    ),
    (
        "2 x 10 reps, alternating, rest 20s",
        (
            'write "2 x 10 reps each side, alternating" (20 moves) '
            'or "2 x 5 reps each side, alternating" (10 moves)'
        ),
    ),
    ("7 reps, alternating", 'write "7 reps each side, alternating" (14 moves)'),
    (
        "6-4-2 reps alternating",
        (
            'write "6-4-2 reps each side, alternating" (12, 8, 4 moves) '
            'or "3-2-1 reps each side, alternating" (6, 4, 2 moves)'
        ),
    ),
]


@pytest.mark.parametrize(("text", "message"), ALTERNATING_ALONE)
def test_alternating_without_each_side_is_asked_about(text: str, message: str) -> None:
    """A count that may mean moves or moves of each side is refused with both readings."""
    with pytest.raises(DoseError) as caught:
        parse_dose(text)
    assert caught.value.fix == message


@pytest.mark.parametrize(
    ("written", "sets", "meant"),
    [
        ("6-4-2 reps, rest 20s", 4, "6-4-2-2 reps, rest 20s"),
        ("6-4-2 reps, rest 20s", 1, "6 reps"),
        ("hold 10s", 2, "2 x hold 10s, rest 45s"),
    ],
)
def test_sets_that_are_added_are_as_the_last(written: str, sets: int, meant: str) -> None:
    """A rest of its own is kept; the first one has the given length."""
    assert parse_dose(written).with_sets(sets, 45.0) == parse_dose(meant)
