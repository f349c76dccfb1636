"""More and less of an exercise: what its dose becomes, and what becomes of the words that hang on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.test_compiler_properties import steps
from tests.support.building import compiled, cue, routine, spoken, step
from tests.support.examples import tries
from voicecoach.fitting.amounts import at_level, doses_between, is_on_the_way
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.dose import Sides
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Audience, AuthorCue, DoseBasis, Level, Pace, Step
from voicecoach.routine.redosing import with_dose

ADULT, CHILD = Audience.ADULT, Audience.CHILD


def amount(dose: str, level: Level, audience: Audience = ADULT, **more: object) -> str:
    """Return the dose of a step at a level, as it is written."""
    return str(at_level(step("one", dose, **more), level, audience).dose)


# ------------------------------------------------------------------------------------------- levels


@pytest.mark.parametrize(
    ("dose", "easy", "strong"),
    [
        ("8 reps", "6 reps, tempo 2-1-2", "11 reps, tempo 2-1-2"),
        ("12 reps", "8 reps, tempo 2-1-2", "15 reps, tempo 2-1-2"),  # 15 are enough
        ("20 reps", "14 reps, tempo 2-1-2", "20 reps, tempo 2-1-2"),  # unless a file asks for more
        ("4 reps", "3 reps, tempo 2-1-2", "6 reps, tempo 2-1-2"),
        ("2 reps", "2 reps, tempo 2-1-2", "3 reps, tempo 2-1-2"),
        ("3 x 10 reps, rest 40s", "2 x 7 reps, tempo 2-1-2, rest 40s", "3 x 14 reps, tempo 2-1-2, rest 40s"),
        ("2 x 10 reps, rest 40s", "7 reps, tempo 2-1-2", "2 x 14 reps, tempo 2-1-2, rest 40s"),
        ("12-10-8 reps, rest 30s", "8-7 reps, tempo 2-1-2, rest 30s", "15-14-11 reps, tempo 2-1-2, rest 30s"),
        ("hold 30s", "hold 20s", "hold 40s"),
        ("hold 45s", "hold 30s", "hold 60s"),
        ("hold 13s", "hold 10s", "hold 18s"),
        ("hold 90s", "hold 65s", "hold 90s"),
        ("for 60s", "for 40s", "for 85s"),
        ("for 100s", "for 70s", "for 120s"),
        ("hold 30s each side, change 14s", "hold 20s each side, change 14s", "hold 40s each side, change 14s"),
        (
            "5 reps each side, alternating",
            "4 reps each side, alternating, tempo 2-1-2",
            "7 reps each side, alternating, tempo 2-1-2",
        ),
    ],
)  # fmt: skip
def test_sensible_doses(dose: str, easy: str, strong: str) -> None:
    """Two thirds and a set less; nearly half as much again, up to what is enough."""
    assert amount(dose, Level.EASY) == easy
    assert amount(dose, Level.STRONG) == strong
    assert amount(dose, Level.STANDARD) == str(parse_dose(dose))


def test_children_have_limits_of_their_own() -> None:
    """No set of more than a dozen, no hold of more than half a minute."""
    assert amount("10 reps", Level.STRONG, CHILD) == "12 reps, tempo 2-1-2"
    assert amount("hold 25s", Level.STRONG, CHILD) == "hold 30s"
    assert amount("for 80s", Level.STRONG, CHILD) == "for 90s"


@pytest.mark.parametrize("level", [Level.EASY, Level.STRONG])
def test_what_is_fixed_stays(level: Level) -> None:
    """What a source says exactly, and what only leads to something else, however it is marked."""
    exact = {"dose_basis": DoseBasis.EXACT}
    assert amount("hold 30s", level, **exact) == "hold 30s"
    assert amount("for 12s", level) == "for 12s"
    assert amount("hold 30s", level, flow=True) == "hold 30s"
    assert amount("hold 30s", level, together="roll") == "hold 30s"
    assert amount("for 13s", level) != "for 13s"
    assert amount("8 reps", level, together="roll") != "8 reps, tempo 2-1-2"
    assert not is_on_the_way(step("one", "2 x hold 10s, rest 20s"))
    assert is_on_the_way(step("one", "hold 10s"))


def test_the_authors_doses_come_first() -> None:
    """Also where the rule would change nothing, as for what is exact; the other level has the rule's."""
    levels = {Level.EASY: parse_dose("hold 12s"), Level.STRONG: parse_dose("2 x hold 99s, rest 9s")}
    for more in ({}, {"dose_basis": DoseBasis.EXACT}, {"flow": True}):
        assert amount("hold 30s", Level.EASY, levels=levels, **more) == "hold 12s"
        assert amount("hold 30s", Level.STRONG, levels=levels, **more) == "2 x hold 99s, rest 9s"
    del levels[Level.STRONG]
    assert amount("hold 30s", Level.STRONG, levels=levels) == "hold 40s"


@pytest.mark.parametrize(
    ("basis", "level", "says_so"),
    [
        (DoseBasis.MINIMUM, Level.EASY, True),
        (DoseBasis.EXACT, Level.EASY, True),  # by the author's level
        (DoseBasis.DEFAULT, Level.EASY, False),
        (DoseBasis.MINIMUM, Level.STANDARD, False),
        (DoseBasis.MINIMUM, Level.STRONG, False),
    ],
)
@pytest.mark.parametrize("talk", ["full", "brief", "tones"])
def test_less_than_the_source_asks_for_is_said_aloud(
    basis: DoseBasis, level: Level, says_so: bool, talk: str
) -> None:
    """Before the instruction, however little is said, and only where it is so."""
    easy = {Level.EASY: parse_dose("hold 20s")}
    what = routine(
        step("plank", "hold 30s", dose_basis=basis, levels=easy), step("bridge", "hold 30s")
    )
    script = compiled(personalise(what, Wishes(level=level, talk=talk)))  # type: ignore[arg-type]
    told = spoken(script, "caution")
    assert [item.text for item in told] == ([load_phrases().less] if says_so else [])
    if says_so:
        plank = next(one for one in script.segments if one.slug == "plank")
        assert told[0] in plank.cues
        assert told[0].end_seconds < plank.work_blocks[0].start_seconds


# -------------------------------------------------------------------------------- words that keep true


def moved(before: str, after: str, *cues: AuthorCue) -> list[tuple[str, int]]:
    """Return the cues of a step under another dose: when, and in which set (0 for all)."""
    made = with_dose(step("one", before, *cues), parse_dose(after))
    assert str(made.dose) == str(parse_dose(after))
    return [(str(item.anchor), item.set_number) for item in made.cues]


@pytest.mark.parametrize(
    ("before", "after", "at", "then"),
    [
        ("hold 30s", "hold 60s", "10s", "20s"),
        ("hold 60s", "hold 40s", "45s", "30s"),
        ("hold 30s", "hold 20s", "0s", "0s"),
        ("hold 30s", "hold 20s", "10s", "6.5s"),  # to the half second
        ("8 reps", "12 reps", "10s", "15s"),
        ("2 x hold 30s, rest 9s", "3 x hold 60s, rest 9s", "10s", "20s"),
    ],
)
def test_a_time_of_the_work_keeps_its_place_in_it(
    before: str, after: str, at: str, then: str
) -> None:
    """A third of the way stays a third of the way."""
    assert moved(before, after, cue(at, "Now.")) == [(then, 0)]


@pytest.mark.parametrize("at", ["halfway", "change", "end", "5s before end"])
def test_moments_that_every_dose_has_stay(at: str) -> None:
    """They are counted from what the new dose has as well."""
    assert moved("hold 30s each side", "hold 20s each side", cue(at, "Now.")) == [(at, 0)]


@pytest.mark.parametrize(
    ("before", "after", "at", "stays"),
    [
        ("12 reps", "8 reps", "rep 8", True),
        ("12 reps", "8 reps", "rep 9", False),
        ("12 reps", "8 reps", "after rep 9", False),
        ("12 reps", "8 reps", "last 2 reps", True),
        ("12 reps", "8 reps", "last 9 reps", False),
        ("6 reps each side, alternating", "4 reps each side, alternating", "rep 8", True),
        ("6 reps each side, alternating", "4 reps each side, alternating", "rep 9", False),
        ("12-10-8 reps", "9-7-5 reps", "rep 9", True),  # in the set that has it, as before
        ("12-10-8 reps", "9-7-5 reps", "rep 10", False),
        ("hold 30s", "hold 10s", "10s before end", True),
        ("hold 30s", "hold 10s", "11s before end", False),
        ("3 x hold 30s", "2 x hold 30s", "before set 2", True),
        ("3 x hold 30s", "2 x hold 30s", "before set 3", False),
        ("3 x hold 30s", "hold 30s", "before last set", False),
        ("3 x hold 30s", "2 x hold 30s", "before last set", True),
        ("2 x hold 30s", "4 x hold 30s", "before last set", True),
    ],
)
def test_words_go_where_there_is_no_such_moment(
    before: str, after: str, at: str, stays: bool
) -> None:
    """Rather than being said at another, where they would be false."""
    assert moved(before, after, cue(at, "Now.")) == ([(at, 0)] if stays else [])


@pytest.mark.parametrize(
    ("before", "after", "of_set", "then"),
    [
        (3, 2, 1, 1),
        (3, 2, 2, 2),
        (3, 2, 3, 2),  # of the last
        (2, 4, 2, 4),
        (2, 4, 1, 1),
        (3, 1, 3, 0),
        (3, 1, 1, 1),
        (4, 2, 3, None),
        (2, 2, 2, 2),
    ],
)
def test_words_of_the_last_set_stay_words_of_the_last(
    before: int, after: int, of_set: int, then: int | None
) -> None:
    """Those of the first stay those of the first, and what lay between may go."""
    found = moved(
        f"{before} x hold 30s", f"{after} x hold 20s" if after > 1 else "hold 20s",
        cue("halfway", "Now.", set_number=of_set),
    )  # fmt: skip
    assert found == ([] if then is None else [("halfway", then)])


@pytest.mark.parametrize("at", ["rest", "end"])
def test_words_after_the_exercise_stay_after_it(at: str) -> None:
    """With one set they tell what comes then: nobody puts the weights down between two sets of it."""
    assert moved("hold 30s", "3 x hold 30s", cue(at, "Put them down.")) == [(at, 3)]
    last = cue(at, "Put them down.", set_number=3)
    assert moved("3 x hold 30s", "hold 30s", last) == [(at, 0)]
    assert moved("3 x hold 30s", "2 x hold 30s", last) == [(at, 2)]
    what = step(
        "row", "hold 30s", cue(at, "Put them down."), rest_after_seconds=30.0, setup_seconds=9.0
    )
    script = compiled(routine(with_dose(what, parse_dose("3 x hold 20s, rest 30s")), step("b")))
    (said,) = [item for item in script.segments[0].cues if item.text == "Put them down."]
    assert said.start_seconds > script.segments[0].work_blocks[-1].end_seconds


def test_words_between_sets_go_with_the_sets() -> None:
    """With one set there is no "between"."""
    between = cue("rest", "Stand tall between sets.")
    assert moved("3 x hold 30s", "2 x hold 30s", between) == [("rest", 0)]
    assert moved("3 x hold 30s", "hold 30s", between) == []
    first = cue("rest", "Stand tall.", set_number=1)
    assert moved("3 x hold 30s", "2 x hold 30s", first) == [("rest", 1)]
    assert moved("3 x hold 30s", "hold 30s", first) == []


def test_the_same_dose_changes_nothing() -> None:
    """Not even the step itself."""
    one = step("one", "hold 30s", cue("11.3s", "Now."))
    assert with_dose(one, parse_dose("hold 30s")) is one


@tries(60, soak=2000)
@given(what=steps(), level=st.sampled_from([Level.EASY, Level.STRONG]))
def test_no_level_breaks_a_step(what: Step, level: Level) -> None:
    """Whatever anybody writes: more is more, less is less, sides and tempo stay, no set is empty."""
    made = at_level(what, level, ADULT)
    before, after = what.dose, made.dose
    assert (after.kind, after.tempo, after.sides) == (before.kind, before.tempo, before.sides)
    assert after.first_side == before.first_side
    assert parse_dose(str(after)) == after
    easier, harder = (after, before) if level is Level.EASY else (before, after)
    assert easier.work_seconds <= harder.work_seconds
    assert easier.sets <= harder.sets
    assert min(after.reps, default=1) >= 1
    assert {item.text for item in made.cues} <= {item.text for item in what.cues}
    for item in made.cues:
        assert (
            item.set_number <= after.sets or item.set_number > before.sets
        )  # said in no set at all


# --------------------------------------------------------------------------------- doses for minutes


def test_between_the_least_and_the_most() -> None:
    """In order, the own one among them; below what a source asks for only where somebody asked for it."""
    plank = step("plank", "hold 30s", dose_basis=DoseBasis.MINIMUM)
    found = doses_between(plank, plank, ADULT)
    assert plank.dose in found
    assert [one.total_seconds for one in found] == sorted(one.total_seconds for one in found)
    assert (found[0].seconds, found[-1].seconds) == (30, 60)
    free = replace(plank, dose_basis=DoseBasis.DEFAULT)
    assert doses_between(free, free, ADULT)[0].seconds == 15
    easy = replace(plank, dose=parse_dose("hold 20s"))
    assert doses_between(easy, plank, ADULT)[0].seconds == 20
    sets = step("sets", "2 x 8 reps, rest 30s", dose_basis=DoseBasis.MINIMUM)
    assert {one.sets for one in doses_between(sets, sets, ADULT)} == {2, 3, 4}
    assert min(min(one.reps) for one in doses_between(sets, sets, ADULT)) == 8


@pytest.mark.parametrize(
    "more", [{"dose_basis": DoseBasis.EXACT}, {"flow": True}, {"together": "roll"}]
)
def test_what_is_fixed_has_one_dose(more: dict[str, object]) -> None:
    """However long the session shall be."""
    one = step("one", "hold 30s", **more)
    assert doses_between(one, one, ADULT) == [one.dose]


def test_sides_and_sets() -> None:
    """A hold of one side alone is not simply done again; one of two sides may be; groups get no sets."""
    assert {
        one.sets for one in doses_between(step("a", "hold 30s"), step("a", "hold 30s"), ADULT)
    } == {1}
    sides = step("a", "hold 30s each side, change 10s")
    assert {one.sets for one in doses_between(sides, sides, ADULT)} == {1, 2, 3, 4}
    grouped = step("a", "8 reps", together="g")
    assert {one.sets for one in doses_between(grouped, grouped, ADULT)} == {1}


# ----------------------------------------------------------------------------------- pace and sides


@pytest.mark.parametrize(("pace", "setup"), [("calm", 25.0), ("normal", 20.0), ("brisk", 16.0)])
def test_pace_changes_speech_and_setup_never_work_or_rests(pace: str, setup: float) -> None:
    """The exercise keeps its own time to the microsecond."""
    what = routine(
        step("row", "2 x 8 reps, rest 30s", setup_seconds=20.0, rest_after_seconds=15.0),
        step("hang", "hold 30s", flow=True, setup_seconds=20.0, rest_after_seconds=5.0),
    )
    wishes = Wishes(pace=Pace(pace))
    made = personalise(what, wishes)
    assert [one.setup_seconds for one in made.steps] == [setup, 20.0]
    assert [one.dose for one in made.steps] == [one.dose for one in what.steps]
    assert [one.rest_after_seconds for one in made.steps] == [15.0, 5.0]
    assert wishes.speech_rate == {"calm": 0.9, "normal": 1.0, "brisk": 1.1}[pace]
    assert Wishes(pace=Pace(pace), rate=1.2).speech_rate == 1.2


@pytest.mark.parametrize(
    "dose", ["2 x hold 20s each side, change 14s, rest 30s", "4 reps each side, alternating"]
)
@pytest.mark.parametrize("level", list(Level))
def test_left_first_swaps_every_word_and_no_time(dose: str, level: Level) -> None:
    """What was said of the right is said of the left, at the same moments; both work as long."""
    own = {Level.STRONG: parse_dose(dose.replace("20s", "30s").replace("4 reps", "6 reps"))}
    one = step(
        "leg", dose, cue("change", "Lower it. Now the $side leg."),
        cue("before last set", "Once more, $side leg."), cue("rep 2", "The $side one, not the $other_side."),
        say="Lift your $side leg and leave the $other_side one.", levels=own, setup_seconds=20.0,
    )  # fmt: skip
    what = routine(one, step("plank", "hold 20s"))
    right = compiled(personalise(what, Wishes(level=level)))
    left = compiled(personalise(what, Wishes(level=level, left_first=True)))
    swapped = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}

    def swap(text: str) -> str:
        for side in swapped:
            text = text.replace(side, f"<{side}>")
        for side, other in swapped.items():
            text = text.replace(f"<{side}>", other)
        return text

    told = [(item.start_seconds, item.text) for one in left.segments for item in one.cues]
    assert told == [
        (item.start_seconds, swap(item.text)) for one in right.segments for item in one.cues
    ]
    assert any("left" in text for _, text in told)
    leg = next(one for one in left.segments if one.slug == "leg")
    if "alternating" in dose:
        assert leg.work_blocks[0].reps % 2 == 0
        return
    seconds = {
        side: sum(block.duration_seconds for block in leg.work_blocks if block.side == side)
        for side in ("left", "right")
    }
    assert seconds["left"] == seconds["right"]
    assert leg.work_blocks[0].side == "left"


def test_left_first_leaves_what_has_no_sides() -> None:
    """And what begins with the left already."""
    what = routine(step("plank", "hold 20s"), step("leg", "hold 20s each side, left first"))
    made = personalise(what, Wishes(left_first=True))
    assert [one.dose for one in made.steps] == [one.dose for one in what.steps]
    assert made.steps[1].dose.sides is Sides.ONE_AT_A_TIME
