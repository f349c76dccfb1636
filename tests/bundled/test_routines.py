"""The seven routines that come with voicecoach: every word, number and requirement they rest on."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.support.building import compiled
from tests.support.bundled_wording import (
    BLOCKS,
    REASONS,
    STOP_A1,
    STOP_A2,
    STOP_C1,
    WORDING,
    Row,
)
from voicecoach.errors import RoutineError
from voicecoach.language.phrases import SIDES, load_phrases, variables_in
from voicecoach.language.speakable import make_speakable, split_sentences
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.dose import Dose, Sides, Tempo
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Audience, DoseBasis, Level, Routine, Silence, Spoken, Step
from voicecoach.script.compiler import nominal_minutes
from voicecoach.script.durations import word_seconds
from voicecoach.script.model import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.script.model import Cue, Script, Segment, WorkBlock

SLUGS = tuple(WORDING)
ROWS = [(slug, row) for slug, wording in WORDING.items() for row in wording.rows]
STEPS = [(slug, row.slug) for slug, row in ROWS]
STRENGTHENING = ("preliminary", "main", "dumbbells")
WITH_WEIGHTS = ("main", "dumbbells")
CHILDRENS = ("children", "posture-play")
THREE_GROUPS = {"trapezius", "latissimus-dorsi", "erector-spinae"}


@cache
def routine(slug: str) -> Routine:
    """Return a bundled routine."""
    library = Library()
    return load_routine(library.find_routine(slug), library)


@cache
def script(slug: str) -> Script:
    """Return its timed cues with nominal lengths."""
    return compiled(routine(slug))


def step(slug: str, name: str) -> Step:
    """Return one exercise of a routine."""
    return next(one for one in routine(slug).steps if one.slug == name)


def segment(slug: str, name: str) -> Segment:
    """Return the timed cues of one exercise."""
    return next(one for one in script(slug).segments if one.slug == name)


def words(slug: str, name: str, *roles: str) -> str:
    """Return what is said in an exercise, in order; only these roles where some are named."""
    said = [cue.text for cue in speech(segment(slug, name)) if not roles or cue.role in roles]
    return " ".join(said)


def speech(one: Segment) -> list[Cue]:
    """Return the spoken cues of a segment."""
    return [cue for cue in one.cues if cue.kind == "speech"]


def said_at(slug: str, place: int) -> list[str]:
    """Return the lines of the first (0) or the last (-1) segment."""
    return [cue.text for cue in speech(script(slug).segments[place])]


def order(slug: str, *names: str) -> None:
    """Assert that these exercises follow one another directly."""
    slugs = [one.slug for one in routine(slug).steps]
    start = slugs.index(names[0])
    assert tuple(slugs[start : start + len(names)]) == names


# ----------------------------------------------------------------------- every word and every number


@pytest.mark.parametrize("slug", SLUGS)
def test_the_file_loads_and_says_who_it_is_for(slug: str) -> None:
    """Every file loads without a problem and carries its audience, level and background."""
    loaded, wanted = routine(slug), WORDING[slug]
    assert (loaded.slug, loaded.title) == (slug, wanted.title)
    assert (loaded.audience.value, loaded.level) == (wanted.audience, wanted.level)
    assert loaded.adult_nearby is (loaded.audience is Audience.CHILD)
    assert loaded.summary.endswith(".")
    assert len(loaded.about) > 100
    assert [one.slug for one in loaded.steps] == [row.slug for row in wanted.rows]
    assert all(one.position and one.safety_note and one.muscles for one in loaded.steps)


@pytest.mark.parametrize("slug", SLUGS)
def test_opening_and_closing_are_spoken_word_for_word(slug: str) -> None:
    """Welcome, checks and farewell are complete, in order, and followed by time to stop."""
    wanted, loaded = WORDING[slug], routine(slug)
    checks = [line for block in wanted.blocks for line in BLOCKS[block]]
    opening = said_at(slug, 0)
    if (
        loaded.audience is Audience.CHILD
    ):  # the grown-up hears the check before the child is greeted
        assert opening[: len(checks)] == checks
        assert " ".join(opening[len(checks) :]) == wanted.opening
    else:
        assert opening[-len(checks) :] == checks
        assert " ".join(opening[: -len(checks)]) == wanted.opening
    assert " ".join(said_at(slug, -1)) == wanted.closing
    silences = [item.seconds for item in loaded.opening if isinstance(item, Silence)]
    assert silences == [wanted.silence_seconds]
    kinds = [bool(item.block) for item in loaded.opening if isinstance(item, Spoken)]
    position = next(i for i, item in enumerate(loaded.opening) if isinstance(item, Silence))
    last_check = len(kinds) - 1 - kinds[::-1].index(True)
    assert position == last_check + 1


@pytest.mark.parametrize(("slug", "row"), ROWS, ids=lambda value: getattr(value, "slug", value))
def test_every_row_is_spoken_word_for_word_and_on_time(slug: str, row: Row) -> None:
    """Instruction, stop line and each cue are heard as written, at their moments, and nothing else."""
    one, heard = step(slug, row.slug), segment(slug, row.slug)
    assert words(slug, row.slug, "instruction") == row.say
    assert words(slug, row.slug, "stop") == row.stop
    assert one.stop_line == row.stop
    assert one.flow is row.flow
    expected = list(itertools.chain.from_iterable(moments(row, one, heard)))
    found: list[Cue] = []
    for text, earliest, latest in expected:
        matching = [
            cue for cue in speech(heard)
            if cue.text == text and earliest - 0.01 <= cue.start_seconds <= latest + 0.01
        ]  # fmt: skip
        assert len(matching) == 1, f"{text!r} is not heard once from {earliest} to {latest}"
        found += matching
    own = [cue for cue in speech(heard) if cue.role == "cue"]
    assert [cue.text for cue in own if cue not in found] == []


@pytest.mark.parametrize(("slug", "row"), ROWS, ids=lambda value: getattr(value, "slug", value))
def test_every_row_lasts_as_long_as_the_brief_says(slug: str, row: Row) -> None:
    """Set-up, work and rests add up to the row's length, give or take a second of speech."""
    one = step(slug, row.slug)
    assert one.rest_after_seconds == row.rest
    assert row.setup <= one.setup_seconds <= row.setup + 1
    assert segment(slug, row.slug).duration_seconds == pytest.approx(row.seconds, abs=1.25)
    assert one.dose.total_seconds == pytest.approx(row.seconds - row.setup - row.rest, abs=1e-9)


@pytest.mark.parametrize("slug", SLUGS)
def test_totals_are_within_three_percent_of_the_brief(slug: str) -> None:
    """A routine lasts as long as it promises, and nothing in it is moved, sped up or dropped."""
    assert script(slug).duration_seconds == pytest.approx(WORDING[slug].total_seconds, rel=0.03)
    assert script(slug).notes == ()


def moments(row: Row, one: Step, heard: Segment) -> Iterator[list[tuple[str, float, float]]]:
    """Yield, for each cue of a row, (words, earliest, latest) for every place where it is heard."""
    blocks = heard.work_blocks
    for moment, text in row.cues:
        if match := re.fullmatch(r"(\d+) s(.*)", moment):
            places = [b.start_seconds + float(match[1]) for b in chosen(blocks, match[2])]
            yield [(text, at, at) for at in places]
        elif match := re.fullmatch(r"rep (\d+)(.*)", moment):
            # "After rep 5" may be spoken with rep 6, so the place is from one rep to the next.
            yield [
                (
                    text,
                    b.start_seconds + (int(match[1]) - 1) * b.rep_seconds,
                    b.start_seconds + int(match[1]) * b.rep_seconds,
                )
                for b in chosen(blocks, match[2])
            ]
        elif moment == "change":
            firsts = [b for b in blocks if b.side == one.dose.first_side]
            yield [(text, end_of(b) + 0.6, end_of(b) + 0.6) for b in firsts]
        elif moment == "end of each set":
            yield [(text, end_of(b) + 0.6, end_of(b) + 0.6) for b in blocks]
        elif match := re.fullmatch(r"before set (\d)", moment):
            first = next(b for b in blocks if b.set_number == int(match[1]))
            yield [(text, first.start_seconds - one.dose.rest_seconds, first.start_seconds - 3.5)]
        else:
            assert moment == "rest"
            gap = one.dose.rest_seconds or one.rest_after_seconds
            pauses = [b for b in blocks if b.set_number < one.dose.sets] or blocks[-1:]
            yield [(text, end_of(b) + 0.6, end_of(b) + gap - 3) for b in pauses]


def chosen(blocks: tuple[WorkBlock, ...], where: str) -> list[WorkBlock]:
    """Return the work blocks that a moment speaks of."""
    match where.strip(", "):
        case "first side":
            return [block for block in blocks if block.side == blocks[0].side]
        case "of set 2":
            return [block for block in blocks if block.set_number == 2]
        case rest:
            assert rest in ("", "each side")
            return list(blocks)


def end_of(block: WorkBlock) -> float:
    """Return when a work block ends."""
    return block.start_seconds + block.duration_seconds


# ---------------------------------------------------------------------- what the routines must cover


def test_every_requirement_has_a_test_and_a_home() -> None:
    """All of R1 to R72 are ticked off below, and every exercise of the article names what it covers."""
    ticked: set[int] = set()
    for name in globals():
        if match := re.match(r"test_r(\d\d)(?:_to_r(\d\d))?_", name):
            ticked |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    assert ticked == set(range(1, 73))
    sources = {source for slug in SLUGS for one in routine(slug).steps for source in one.source}
    in_steps = {*range(8, 17), *range(24, 37), *range(48, 64), *range(65, 72)}
    assert sources == {f"R{number}" for number in in_steps}


def test_r01_strong_and_supple_back_and_tummy() -> None:
    """Back and abdominal muscles are both strengthened, and both made supple."""
    tags = [tag for slug in SLUGS for one in routine(slug).steps for tag in one.muscles]
    assert {"abdominals", "erector-spinae", "stretch-erector-spinae"} <= set(tags)
    assert {"abdominals", "mobility"} <= set(routine("preliminary").muscles)


def test_r02_benefits_without_a_promise_of_cure() -> None:
    """The benefits are named, in the words that are allowed."""
    assert "A strong, supple back and tummy carry you better." in said_at("preliminary", 0)
    about = routine("preliminary").about
    assert "cope better with load and stress, ease the work of joints and ligaments" in about
    everything = " ".join(routine(slug).about for slug in SLUGS)
    assert not re.search(r"\b(cures?|heals?|guarantee\w*|corrects?|lose weight)\b", everything)


def test_r03_early_childhood() -> None:
    """There are routines for children, and the background says why."""
    for slug in CHILDRENS:
        assert routine(slug).audience is Audience.CHILD
        assert "often begin in childhood" in routine(slug).about


def test_r04_warning_signs_send_to_a_doctor() -> None:
    """Headaches and pain in back and limbs are a reason to see a doctor first."""
    for slug in ("relaxation", *STRENGTHENING):
        lines = said_at(slug, 0)
        doctor = next(i for i, line in enumerate(lines) if line.startswith("See a doctor first"))
        assert lines[doctor + 1].startswith("Do the same if you often have headaches, or pain")


def test_r05_exercise_helps_and_surgery_is_no_cure_all() -> None:
    """The background says so, as prevention and not as a promise."""
    for slug in ("relaxation", *STRENGTHENING, "children"):
        about = routine(slug).about
        assert (
            "Surgery is not the answer to everything; regular exercise is good prevention." in about
        )


@pytest.mark.parametrize("slug", STRENGTHENING)
def test_r06_relaxation_comes_before_strengthening(slug: str) -> None:
    """Each strengthening routine sends newcomers to relaxation before its check begins."""
    lines = said_at(slug, 0)
    assert lines.index("New here? Learn the relaxation routine first.") < lines.index(
        BLOCKS["SC-A"][0]
    )


def test_r07_relaxation_needs_a_mat_only() -> None:
    """Relaxation can be done at home."""
    assert [thing.key for thing in routine("relaxation").equipment] == ["mat"]


def test_r08_stance_shoulder_width() -> None:
    """Relaxation begins standing with the feet shoulder-width apart."""
    assert routine("relaxation").steps[0].slug == "stand-tall"
    assert "feet shoulder-width apart" in words("relaxation", "stand-tall", "instruction")


def test_r09_lean_forward_arms_first_then_neck() -> None:
    """The arms go loose first, then the neck."""
    said = words("relaxation", "roll-down", "instruction")
    assert "lean forward slowly" in said
    assert said.index("arms go loose first") < said.index("then let your neck go")


def test_r10_half_a_minute_and_no_quick_straightening() -> None:
    """The hang lasts thirty seconds at least, is called half a minute, and ends slowly."""
    hang = step("relaxation", "rag-doll-hang")
    assert (hang.dose.kind, hang.dose.seconds, hang.dose_basis) == ("hold", 30, DoseBasis.MINIMUM)
    assert "Stay here for half a minute" in words("relaxation", "rag-doll-hang", "instruction")
    assert words("relaxation", "roll-up").startswith("Come up very slowly")
    order("relaxation", "roll-down", "rag-doll-hang", "roll-up")
    together = [one.slug for one in routine("relaxation").steps if one.together == "roll-down"]
    assert together == ["roll-down", "rag-doll-hang", "roll-up"]


def test_r11_hands_on_thighs_knees_bent_back_straight() -> None:
    """After coming up: the half squat."""
    order("relaxation", "roll-up", "half-squat-rest")
    said = words("relaxation", "half-squat-rest", "instruction")
    assert re.search("hands down to your thighs.*bend your knees.*back long and straight", said)


def test_r12_lie_down_with_knees_bent() -> None:
    """Then to the mat, knees bent."""
    order("relaxation", "half-squat-rest", "crook-lying")
    assert "Lie on your back with your knees bent" in words("relaxation", "crook-lying")


def test_r13_press_the_spine_to_the_floor() -> None:
    """The whole back is pressed into the floor."""
    order("relaxation", "crook-lying", "pelvic-tilt")
    assert "press your whole back into the floor" in words("relaxation", "pelvic-tilt")


def test_r14_straighten_the_legs_without_lifting() -> None:
    """The back stays on the floor while the legs become straight."""
    order("relaxation", "pelvic-tilt", "leg-slide-long")
    said = words("relaxation", "leg-slide-long")
    assert re.search("Keep your back on the floor.*until your legs are straight", said)


def test_r15_partial_press_ups() -> None:
    """On the tummy, part of the way up."""
    order("relaxation", "leg-slide-long", "partial-press-up")
    said = words("relaxation", "partial-press-up", "instruction")
    assert re.search("Roll onto your tummy.*press your chest part of the way up", said)


def test_r16_hands_along_the_floor_to_the_feet() -> None:
    """Relaxation ends with the reach towards the feet."""
    assert routine("relaxation").steps[-1].slug == "seated-reach"
    assert "hands along the floor towards your feet" in words("relaxation", "seated-reach")


def test_r17_relaxation_regularly() -> None:
    """The farewell says so."""
    assert said_at("relaxation", -1)[-1].startswith("Practise this regularly, every day")


@pytest.mark.parametrize("group", sorted(THREE_GROUPS))
def test_r18_to_r20_muscle_groups(group: str) -> None:
    """Each of the three groups is a tag of a routine and of exercises that develop it."""
    for slug in SLUGS:
        if group in routine(slug).muscles:
            assert any(group in one.muscles for one in routine(slug).steps), slug
    assert group in routine("dumbbells").muscles


def test_r21_a_programme_develops_each_group() -> None:
    """The long set alone, and the routines for adults together, reach all three groups."""
    assert set(routine("dumbbells").muscles) == THREE_GROUPS
    assert set(routine("main").muscles) == {"trapezius", "latissimus-dorsi"}
    assert "assist-erector-spinae" in step("main", "soft-knee-row").muscles


@pytest.mark.parametrize("slug", SLUGS)
def test_r22_caution(slug: str) -> None:
    """Each routine has a level, a spoken check before the first exercise, and written advice."""
    assert routine(slug).level
    assert BLOCKS[WORDING[slug].blocks[0]][0] in said_at(slug, 0)
    assert all(one.safety_note for one in routine(slug).steps)


STOP_COUNTS = {
    "relaxation": 3,
    "preliminary": 3,
    "main": 2,
    "dumbbells": 5,
    "children": 3,
    "desk-break": 2,
    "posture-play": 2,
}


@pytest.mark.parametrize("slug", SLUGS)
def test_r23_stop_when_it_hurts(slug: str) -> None:
    """Pain means stop: once in the check, then as often as the brief counts, before the work."""
    assert sum("hurts" in line and "stop" in line for line in said_at(slug, 0)) == 1
    spoken = [cue for one in script(slug).segments for cue in speech(one) if cue.role == "stop"]
    assert len(spoken) == STOP_COUNTS[slug]
    allowed = {STOP_C1} if slug in CHILDRENS else {STOP_A1, STOP_A2}
    assert {cue.text for cue in spoken} <= allowed


@pytest.mark.parametrize("slug", WITH_WEIGHTS)
def test_r24_extreme_caution_with_weights(slug: str) -> None:
    """Weights are framed by a warm-up and a cool-down without them, with slow reps and rests."""
    steps = routine(slug).steps
    assert "R24" in steps[0].source
    assert "R24" in steps[-1].source
    assert not steps[0].equipment
    assert not steps[-1].equipment
    for one in steps:
        if one.dose.tempo:
            assert one.dose.tempo.rep_seconds >= 5
            assert one.rest_after_seconds >= 30


def test_r25_one_leg_then_the_other_to_the_height() -> None:
    """Lying down, one leg and then the other is lifted fifteen to twenty centimetres."""
    order("preliminary", "settle-on-back", "straight-leg-hold")
    said = words("preliminary", "straight-leg-hold", "instruction")
    assert "Straighten your right leg and lift it fifteen to twenty centimetres" in said
    change = words("preliminary", "straight-leg-hold", "change")
    assert "straighten your left leg and lift it to the same height" in change


def test_r26_not_less_than_thirty_seconds_each() -> None:
    """Each leg is held for exactly thirty seconds, marked as the least."""
    blocks = segment("preliminary", "straight-leg-hold").work_blocks
    assert [(b.side, b.duration_seconds) for b in blocks] == [("right", 30), ("left", 30)]
    assert step("preliminary", "straight-leg-hold").dose_basis is DoseBasis.MINIMUM


def test_r27_both_bent_legs_together() -> None:
    """Both bent legs are lifted together and held."""
    said = words("preliminary", "double-knee-hold", "instruction")
    assert re.search("lift both bent legs together.*Hold still", said)
    assert step("preliminary", "double-knee-hold").dose.kind == "hold"


def test_r28_repeated_several_times() -> None:
    """The hold is done four times."""
    blocks = segment("preliminary", "double-knee-hold").work_blocks
    assert [b.duration_seconds for b in blocks] == [10] * 4
    assert step("preliminary", "double-knee-hold").dose.rest_seconds == 10


def test_r29_knees_to_one_side_head_to_the_other() -> None:
    """Knees tip right and left four times each, and the head turns the other way."""
    dose = step("preliminary", "knee-rolls-head-opposite").dose
    assert (dose.sides, dose.reps, dose.moves(1)) == (Sides.ALTERNATING, (4,), 8)
    said = words("preliminary", "knee-rolls-head-opposite")
    assert "knees tip to the right as your head turns left, then knees left and head right" in said
    assert "Knees right, head left. Knees left, head right." in said


def test_r30_left_knee_with_the_right_hand_first() -> None:
    """The first side is the left knee, clasped by the right hand."""
    said = words("preliminary", "single-knee-to-chest", "instruction")
    assert said.startswith(
        "Clasp your left knee with your right hand and draw it gently towards you"
    )
    assert segment("preliminary", "single-knee-to-chest").work_blocks[0].side == "left"


def test_r31_then_the_right_knee() -> None:
    """The second side is the right knee, with the left hand; both are done twice."""
    said = words("preliminary", "single-knee-to-chest", "change")
    assert said.startswith("Let it go. Now clasp your right knee with your left hand.")
    blocks = segment("preliminary", "single-knee-to-chest").work_blocks
    assert [b.side for b in blocks] == ["left", "right", "left", "right"]
    assert {b.duration_seconds for b in blocks} == {15}


def test_r32_the_main_set_is_standing() -> None:
    """Every exercise of the main set is done standing."""
    assert all(one.position.startswith("standing") for one in routine("main").steps)


def test_r33_narrow_stance_with_dumbbells() -> None:
    """The dumbbells are picked up, feet slightly narrower than the shoulders."""
    said = words("main", "stance-narrow")
    assert re.search("pick up your dumbbells.*slightly narrower than your shoulders", said)
    assert "You need your dumbbells." in said


def test_r34_straight_back_open_shoulders_lifted_chin() -> None:
    """The posture before the first lift."""
    order("main", "stance-narrow", "open-posture", "shrug")
    said = words("main", "open-posture", "instruction")
    assert re.search("Straighten your back, roll your shoulders back and lift your chin", said)


def test_r35_raise_the_shoulders_several_times() -> None:
    """Two sets of eight."""
    assert step("main", "shrug").dose == parse_dose("2 x 8 reps, tempo 2-1-3, rest 30s")
    assert "lift both shoulders straight up" in words("main", "shrug", "instruction")


def test_r36_knees_bent_lift_the_dumbbells_several_times() -> None:
    """Two sets of eight with softly bent knees; the first time one set will do, as for the shrug."""
    one = step("main", "soft-knee-row")
    assert one.dose == parse_dose("2 x 8 reps, tempo 2-1-3, rest 40s")
    said = words("main", "soft-knee-row", "instruction")
    assert re.search("Bend your knees a little.*lift both dumbbells", said)
    for name in ("shrug", "soft-knee-row"):
        assert step("main", name).levels[Level.EASY] == parse_dose("8 reps, tempo 2-1-3")


def test_r37_dumbbells_for_a_strong_back_and_posture() -> None:
    """The welcome says what the dumbbells are for."""
    welcome = said_at("dumbbells", 0)[0]
    assert welcome == "Welcome to the dumbbell set for a strong back and good posture."


@pytest.mark.parametrize("slug", WITH_WEIGHTS)
@pytest.mark.parametrize("number", range(9))
def test_r38_to_r46_reasons_not_to_lift(slug: str, number: int) -> None:
    """Each of the nine reasons is spoken in its place, with its strength in the data."""
    key, strength, sentence = REASONS[number]
    reason = routine(slug).contraindications[number]
    assert (reason.key, reason.strength, reason.spoken) == (key, strength, sentence)
    assert len(routine(slug).contraindications) == 9
    lines = said_at(slug, 0)
    assert lines.index(sentence) == lines.index(BLOCKS["SC-D"][0]) + 1 + number


@pytest.mark.parametrize("slug", WITH_WEIGHTS)
def test_r47_regularly_with_a_day_between(slug: str) -> None:
    """The farewell asks for regular practice and for a day without weights."""
    farewell = " ".join(said_at(slug, -1))
    assert "regularly" in farewell
    assert "eave a day before you lift weights again" in farewell


def test_r48_shoulder_width_stance_with_dumbbells() -> None:
    """The long set picks up the dumbbells with the feet shoulder-width apart."""
    said = words("dumbbells", "stance-shoulder-width")
    assert re.search("pick up your dumbbells.*feet shoulder-width apart", said)


def test_r49_pull_the_dumbbell_to_the_chest() -> None:
    """Back straight, the arm pulls to the chest."""
    said = words("dumbbells", "one-arm-row", "instruction")
    assert re.search("back straight.*pull the right dumbbell up to your chest", said)


def test_r50_at_least_ten_pulls() -> None:
    """The first arm does ten, marked as the least."""
    one = step("dumbbells", "one-arm-row")
    assert (one.dose.reps, one.dose_basis) == ((10,), DoseBasis.MINIMUM)
    assert segment("dumbbells", "one-arm-row").work_blocks[0].reps == 10


def test_r51_ten_more_with_the_other_hand() -> None:
    """Hands change, the count starts again, and ten more are announced and done."""
    blocks = segment("dumbbells", "one-arm-row").work_blocks
    assert [(b.side, b.reps, b.duration_seconds) for b in blocks] == [
        ("right", 10, 50),
        ("left", 10, 50),
    ]
    change = words("dumbbells", "one-arm-row", "change")
    assert change.startswith("Change hands. Left dumbbell up")
    assert change.endswith("Ten more.")


def test_r52_palms_forward_arms_to_the_sides() -> None:
    """The lateral raise."""
    said = words("dumbbells", "lateral-raise-palms-forward", "instruction")
    assert re.search("turn your palms forward.*raise both arms to the sides", said)


def test_r53_at_least_ten_raises() -> None:
    """Ten, back to the start each time."""
    one = step("dumbbells", "lateral-raise-palms-forward")
    assert (one.dose.reps, one.dose_basis) == ((10,), DoseBasis.MINIMUM)
    assert "then lower slowly" in one.instruction


def test_r54_lie_back_on_fitball_or_stools() -> None:
    """The ball or the stools are asked for in the welcome and before lying back."""
    assert "your fitball or two stools ready" in " ".join(said_at("dumbbells", 0))
    said = words("dumbbells", "lie-back-arms-up")
    assert "You need your fitball or two stools." in said
    assert "lie back on your fitball, stools or, if unsure, the mat" in said


def test_r55_arms_straight_above_the_chest() -> None:
    """The start position of the pullover."""
    said = words("dumbbells", "lie-back-arms-up", "instruction")
    assert "Straighten your arms and hold the dumbbells above your chest." in said
    order("dumbbells", "lie-back-arms-up", "pullover")


def test_r56_arms_behind_the_head() -> None:
    """The pullover."""
    said = words("dumbbells", "pullover", "instruction")
    assert "take both arms slowly back behind your head" in said


def test_r57_at_least_ten_pullovers() -> None:
    """Ten, bringing the arms back above the chest, counted on that effort."""
    one = step("dumbbells", "pullover")
    assert (one.dose.reps, one.dose_basis) == ((10,), DoseBasis.MINIMUM)
    assert one.effort_on_return
    assert "bring them back above your chest" in one.instruction


def test_r58_on_the_back_with_knees_bent() -> None:
    """The alternating arms are done on the mat with bent knees."""
    assert words("dumbbells", "alternating-arms", "instruction").startswith(
        "Lie on the mat, knees bent"
    )


def test_r59_one_arm_behind_the_head() -> None:
    """One arm goes behind the head."""
    said = words("dumbbells", "alternating-arms", "instruction")
    assert "Lower your right arm behind your head" in said


def test_r60_the_other_to_the_thigh_at_the_same_time() -> None:
    """The other goes to the thigh meanwhile."""
    said = words("dumbbells", "alternating-arms", "instruction")
    assert "while your left goes to your thigh" in said


def test_r61_change_direction_at_least_ten_each_way() -> None:
    """Twenty moves in one block, ten each way."""
    one = step("dumbbells", "alternating-arms")
    assert (one.dose.moves(1), one.dose.sides) == (20, Sides.ALTERNATING)
    assert one.dose_basis is DoseBasis.MINIMUM
    said = words("dumbbells", "alternating-arms")
    assert "then change direction" in said
    assert "Right arm back, left arm to your thigh. And change, left arm back." in said
    assert said.count("Twenty.") == 1


def test_r62_stand_up_and_bend_forward() -> None:
    """Up to standing, feet shoulder-width apart, then the bend with the dumbbells."""
    order("dumbbells", "alternating-arms", "stand-up-safely", "hip-hinge")
    assert "stand with feet shoulder-width apart" in words("dumbbells", "stand-up-safely")
    said = words("dumbbells", "hip-hinge", "instruction")
    assert re.search("bend forward with a straight back, lowering the dumbbells", said)


def test_r63_exactly_twenty_bends() -> None:
    """Twenty, with a rest offered at ten; the cue for breathing in comes on the way down."""
    one, heard = step("dumbbells", "hip-hinge"), segment("dumbbells", "hip-hinge")
    assert (one.dose.reps, one.dose_basis) == ((20,), DoseBasis.EXACT)
    block = heard.work_blocks[0]
    assert block.duration_seconds == 120
    down = next(cue for cue in heard.cues if cue.text == "Breathe in on the way down.")
    assert down.start_seconds - block.start_seconds == 4 * block.rep_seconds
    offer = "Ten done, ten to go. Pause if you need a rest."
    assert offer in words("dumbbells", "hip-hinge")


def test_r64_soon_seen_in_the_posture() -> None:
    """The farewell says that it may show."""
    farewell = " ".join(said_at("dumbbells", -1))
    assert "Practise regularly, and you may soon see it in your posture." in farewell


def test_r65_bicycle() -> None:
    """The first exercise for children: imaginary pedals, on the back."""
    assert routine("children").steps[0].slug == "bicycle"
    said = words("children", "bicycle", "instruction")
    assert re.search("Lie on your back.*Pedal your magic bicycle", said)


def test_r66_scissors() -> None:
    """Swings of long straight legs, on the back."""
    order("children", "bicycle", "scissors")
    assert "long straight legs" in words("children", "scissors", "instruction")
    assert step("children", "scissors").position.startswith("lying on back")


def test_r67_feet_to_the_body() -> None:
    """Knees bent, feet pulled in."""
    order("children", "scissors", "knee-hug")
    assert "Bend your knees and pull your feet in close" in words("children", "knee-hug")


def test_r68_the_round_bun_rocks() -> None:
    """Curled round, rocking back and up again, with the grown-up called before."""
    order("children", "knee-hug", "kolobok-rock")
    said = words("children", "kolobok-rock", "instruction")
    assert re.search("curl round like a little bun. Rock back.*roll up to the start again", said)
    assert "Grown-up, come close for the next one." in words("children", "knee-hug")
    assert step("children", "kolobok-rock").optional


def test_r69_active_games_too() -> None:
    """The routine has games, and its farewell sends the child out to play."""
    games = [one for one in routine("children").steps if "R69" in one.source]
    assert [one.slug for one in games] == ["airplane-game", "woodcutter-game"]
    assert said_at("children", -1)[-1] == "Then go and play some more."


def test_r70_airplane() -> None:
    """The game Airplane: wings, flight and landing."""
    said = words("children", "airplane-game")
    assert said.startswith("Airplane!")
    assert re.search("airplane wings.*take off!.*Landing!", said)


def test_r71_woodcutter() -> None:
    """The game Woodcutter: an imagined axe, and chops."""
    said = words("children", "woodcutter-game")
    assert said.startswith("Woodcutter!")
    assert re.search("pretend axe.*chop! Ha!.*Two more chops.", said)
    assert not step("children", "woodcutter-game").equipment


def test_r72_act_in_good_time() -> None:
    """The background says that early and regular exercise is good prevention."""
    for slug in ("relaxation", *STRENGTHENING, "children"):
        assert "so it pays to act early" in routine(slug).about
        assert "good prevention" in routine(slug).about


# --------------------------------------------------------------------------- words that remind

KEPT = {
    r"back straight|straight back|back long and straight": r"back straight|straight back",
    r"bend your knees.*(pick up|pick them up)": r"bend (your )?knees",
    r"bend your knees and put the dumbbells down": r"bend your knees, put the dumbbells down",
    r"put the dumbbells down": r"dumbbells down",
    r"put the left dumbbell down": r"left hand empty",
    r"leave the dumbbells on the floor": r"dumbbells stay on the floor",
    r"hand on your left thigh": r"left hand .*on thigh",
    r"roll to your side and stand up slowly": r"roll sideways, stand slowly",
    r"no higher than your shoulders": r"shoulder height at most",
    r"elbows soft": r"elbows soft",
    r"come up very slowly, knees soft": r"come up very slowly, knees soft",
    r"with your back on the floor|keep your back on the floor": r"back stays down",
    r"hips resting on the floor": r"hips down",
    r"hands under your bottom": r"hands under your bottom",
    r"tuck in your chin": r"chin in",
    r"rock back softly": r"rock softly",
    r"pretend axe": r"pretend axe",
    r"keep breathing": r"breath",
}
"""What an instruction asks for to keep a person safe, and how the brief words may say it."""


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_every_exercise_has_brief_words(slug: str, name: str) -> None:
    """A sentence or two of at most nine words, shorter than the instruction, said as it is written."""
    one = step(slug, name)
    said = one.brief.split()
    assert 3 <= len(said) <= 9
    assert len(said) < len(one.instruction.split())
    assert 1 <= len(split_sentences(one.brief)) <= 2
    written = filled_brief(slug, name)
    assert make_speakable(written) == written
    assert re.fullmatch(r"[A-Za-z ,.!'-]+[.!]", written)
    fixed = NUMBERS.keys() & set(re.findall(r"[a-z]+", one.brief.lower()))
    assert not fixed, "a number that no variable keeps true"


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_brief_words_say_the_side_and_what_keeps_a_person_safe(slug: str, name: str) -> None:
    """Left and right are told wherever the instruction tells them; no caution of it is lost."""
    one = step(slug, name)
    there, told = (set(SIDES) & set(variables_in(text)) for text in (one.instruction, one.brief))
    assert ("side" in told) is bool(there)
    full, short = words(slug, name, "instruction").lower(), filled_brief(slug, name).lower()
    for asked, kept in KEPT.items():
        if re.search(asked, full):
            assert re.search(kept, short), asked


def test_every_caution_is_asked_for_somewhere() -> None:
    """None of the patterns above has gone stale."""
    everything = [words(slug, name, "instruction").lower() for slug, name in STEPS]
    for asked in KEPT:
        assert any(re.search(asked, text) for text in everything), asked


def filled_brief(slug: str, name: str) -> str:
    """Return the brief words of an exercise as they are spoken."""
    heard = with_dose(briefly(step(slug, name)), slug, step(slug, name).dose)
    assert heard
    return next(cue.text for cue in speech(heard) if cue.role == "instruction")


# ------------------------------------------------------------------------------ doses of other levels

LEVEL_DOSES = [
    (slug, one.slug, level) for slug in SLUGS for one in routine(slug).steps for level in one.levels
]
LONGEST_HOLD_OF_A_CHILD = 30.0
LONGEST_GAME_SECONDS = 60.0
MOST_REPS_OF_A_CHILD = 10
LEFT_OUT = {
    ("relaxation", "rag-doll-hang", Level.EASY): ["Nod your head gently, yes and no."],
    ("preliminary", "straight-leg-hold", Level.EASY): ["Halfway. Tummy firm, keep breathing."],
    ("children", "airplane-game", Level.EASY): ["Fly over the clouds, up on your tiptoes."],
}
"""Words that a shorter dose has no time for; the second leg hears those of the leg hold."""


@pytest.mark.parametrize(("slug", "name", "level"), LEVEL_DOSES)
def test_a_level_changes_how_much_and_nothing_else(slug: str, name: str, level: Level) -> None:
    """Easy is at most the dose, strong at least; kind, sides, tempo and times between stay."""
    one = step(slug, name)
    dose, other = one.dose, one.levels[level]
    less, more = (other, dose) if level is Level.EASY else (dose, other)
    assert less.work_seconds <= more.work_seconds
    assert less.sets <= more.sets
    assert less.block_seconds(1) <= more.block_seconds(1)
    for field in ("kind", "sides", "first_side", "tempo", "change_seconds"):
        assert getattr(other, field) == getattr(dose, field)
    assert other.rest_seconds == (dose.rest_seconds if other.sets > 1 else 0.0)
    assert more.work_seconds <= 2 * less.work_seconds


@pytest.mark.parametrize(("slug", "name", "level"), LEVEL_DOSES)
def test_a_level_loses_only_the_words_that_it_has_no_time_for(
    slug: str, name: str, level: Level
) -> None:
    """What is said at moments of the work is said with these doses, too; nothing is sped up."""
    one = step(slug, name)
    heard = with_dose(one, slug, one.levels[level])
    assert heard
    notes = [note for note in heard.notes if note.kind is not NoteKind.MOVED]
    assert all(note.kind is NoteKind.DROPPED for note in notes)
    assert [note.text for note in notes] == LEFT_OUT.get((slug, name, level), [])


def test_doses_of_the_source_are_raised_and_lowered_by_hand() -> None:
    """No rule changes what the source asks for; twenty bends stay twenty for the strong."""
    for slug, name in STEPS:
        one = step(slug, name)
        if one.dose_basis is DoseBasis.DEFAULT:
            continue
        assert set(one.levels) == {Level.EASY, Level.STRONG}
        assert one.levels[Level.EASY].work_seconds < one.dose.work_seconds
        if one.dose_basis is DoseBasis.EXACT:
            assert one.levels[Level.STRONG] == one.dose
        else:
            assert one.levels[Level.STRONG].work_seconds > one.dose.work_seconds


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_warm_up_cool_down_and_rest_are_never_cut_short(slug: str, name: str) -> None:
    """What prepares, calms or releases lasts at the easy level as long as ever, where it is long."""
    one = step(slug, name)
    unloading = {"release-whole-back", "release-hip-flexors", "relaxation", "breathing"}
    if (unloading & set(one.muscles) or (slug in WITH_WEIGHTS and "R24" in one.source)) and (
        one.dose.kind != "reps"
    ):
        assert one.levels[Level.EASY] == one.dose


@pytest.mark.parametrize(("slug", "name"), [(s, n) for s, n in STEPS if s in CHILDRENS])
def test_children_keep_their_limits_at_every_level(slug: str, name: str) -> None:
    """No hold is longer than 30 s, no game than a minute, no set than ten reps, two sets at most."""
    one = step(slug, name)
    for dose in (one.dose, *one.levels.values()):
        assert dose.sets <= 2
        assert dose.block_seconds(1) <= LONGEST_GAME_SECONDS
        assert dose.moves(1) <= MOST_REPS_OF_A_CHILD
        if dose.kind == "hold":
            assert dose.seconds <= LONGEST_HOLD_OF_A_CHILD


# ------------------------------------------------------------------------- truth under another dose

NUMBERS = {load_phrases().number(value): value for value in range(200)}
NUMBER = r"(?P<number>[a-z]+(?:-[a-z]+)?)"
FIXED_TRUTHS = (
    "fifteen to twenty centimetres",
    "two slow breaths",
    "one knee at a time",
    "one leg at a time",
    "to one side",
    "the next one",
    "two stools",
)
"""Numbers of the movement itself, which no dose changes."""


def other_doses(dose: Dose) -> Iterator[Dose]:
    """Yield the dose and others of its kind: other reps, seconds, sets, and the other side first."""
    yield dose
    sides = ("right", "left") if dose.sides is not Sides.NONE else ("right",)
    amounts = (1, 2, 3, 5, 8, 9, 12, 21, 40) if dose.tempo else (8, 15, 20, 27, 30, 60, 90)
    for amount, sets, first_side in itertools.product(amounts, (1, 2, 5), sides):
        yield replace(
            dose,
            reps=(amount,) * sets if dose.tempo else (),
            seconds=0.0 if dose.tempo else float(amount),
            sets=sets,
            rest_seconds=(dose.rest_seconds or 30.0) if sets > 1 else 0.0,
            first_side=first_side,
        )


@pytest.mark.sampled(14)
@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_no_number_is_false_under_another_dose(slug: str, name: str) -> None:
    """With other reps, seconds or sets, every number that is spoken is still the true one."""
    for dose in other_doses(step(slug, name).dose):
        heard = with_dose(step(slug, name), slug, dose)
        if heard is None:
            continue
        for cue in speech(heard):
            if cue.role not in {"count", "countdown"}:
                assert_true(cue, dose, heard)


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_no_number_is_false_in_the_brief_words(slug: str, name: str) -> None:
    """The brief words tell the truth under each of these doses, too."""
    one = briefly(step(slug, name))
    for dose in other_doses(one.dose):
        heard = with_dose(replace(one, cues=()), slug, dose)
        assert heard
        for cue in speech(heard):
            if cue.role == "instruction":
                assert_true(cue, dose, heard)


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_no_number_is_false_at_another_level(slug: str, name: str) -> None:
    """With the doses that the file gives for other levels all words fit, and all numbers are true."""
    one = step(slug, name)
    for said, dose in itertools.product((one, briefly(one)), one.levels.values()):
        heard = with_dose(said, slug, dose)
        assert heard
        for cue in speech(heard):
            if cue.role not in {"count", "countdown"}:
                assert_true(cue, dose, heard)


@pytest.mark.parametrize(("slug", "name"), STEPS)
def test_no_side_is_false_when_the_other_side_begins(slug: str, name: str) -> None:
    """Where there are sides, beginning with the other one swaps left and right in every word."""
    dose = step(slug, name).dose
    other = replace(dose, first_side=dose.second_side)
    swap = swapped if dose.sides is not Sides.NONE else str
    for one in (step(slug, name), briefly(step(slug, name))):
        was, now = with_dose(one, slug, dose), with_dose(one, slug, other)
        assert was is not None
        assert now is not None
        assert [cue.text for cue in speech(now)] == [swap(cue.text) for cue in speech(was)]


def swapped(text: str) -> str:
    """Return the text with left for right and right for left."""
    pairs = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
    return re.sub(r"\b(left|right)\b", lambda m: pairs[m[1]], text, flags=re.IGNORECASE)


def briefly(one: Step) -> Step:
    """Return the exercise with its brief words in place of the instruction."""
    return replace(one, instruction=one.brief)


def with_dose(one: Step, slug: str, dose: Dose) -> Segment | None:
    """Return an exercise with another dose; None where the words cannot fit and it is refused."""
    one = replace(one, dose=dose)
    try:
        return compiled(replace(routine(slug), steps=(one,), opening=(), closing=())).segments[0]
    except RoutineError:
        return None


def assert_true(cue: Cue, dose: Dose, heard: Segment) -> None:
    """Assert that every number in a cue is true at its moment."""
    text = cue.text.lower()
    for fixed in FIXED_TRUTHS:
        text = text.replace(fixed, "")
    blocks = heard.work_blocks
    block = next(
        (b for b in blocks if b.start_seconds - 0.01 <= cue.start_seconds < end_of(b)), None
    )
    coming = next((b for b in blocks if b.start_seconds > cue.start_seconds), blocks[0])
    at = cue.start_seconds - block.start_seconds if block else 0.0

    def take(pattern: str) -> list[int]:
        nonlocal text
        found = [NUMBERS[m["number"]] for m in re.finditer(pattern, text)]
        text = re.sub(pattern, "", text)
        return found

    def reps_left() -> float:
        """Return the reps to do; a return phase counts as done, for the words come after the effort."""
        assert block is not None
        return block.reps - done_at(at)

    def done_at(seconds: float) -> int:
        assert block is not None
        assert isinstance(dose.tempo, Tempo)
        outward = dose.tempo.away_seconds + dose.tempo.pause_seconds
        full, part = divmod(round(seconds, 6), block.rep_seconds)
        return int(full) + (part >= outward - 0.01)

    if "half a minute" in text:
        assert dose.seconds == 30
        text = text.replace("half a minute", "")
    if "a minute and a half" in text:
        assert dose.seconds == 90
        text = text.replace("a minute and a half", "")
    for number in take(rf"for {NUMBER} seconds?"):
        assert number == dose.seconds
    for number in take(rf"for {NUMBER} minutes?"):
        assert number * 60 == dose.seconds
    for number in take(rf"\b{NUMBER} (?:more seconds|seconds more|more second|second more)"):
        assert block is not None
        assert at + number == pytest.approx(block.duration_seconds)
    for number in take(rf"\b{NUMBER} done"):
        assert number == done_at(at)
    for number in take(rf"\b{NUMBER} (?:to go|more chops?)"):
        assert number == reps_left()
    for number in take(rf"\b(?!once){NUMBER} more"):
        assert number == (reps_left() if block else coming.reps)
    if "last one" in text:
        assert coming.set_number == dose.sets
        text = text.replace("last one", "")
    if "once more" in text:
        assert coming.set_number == dose.sets > 1
    if "last two" in text:
        assert block is not None
        assert reps_left() == 2 or cue.role == "last-two"
        text = text.replace("last two", "")
    if "halfway" in text:
        assert block is not None
        slack = block.rep_seconds or 2.0
        assert abs(at - block.duration_seconds / 2) <= slack
    if match := re.search(r"\b(second|third|fourth|fifth) set\b", text):
        ordinals = ("second", "third", "fourth", "fifth")
        assert coming.set_number == ordinals.index(match[1]) + 2
    left_over = set(re.findall(r"[a-z]+(?:-[a-z]+)?", text)) & set(NUMBERS)
    assert not left_over, f"a number without a check in {cue.text!r}: {left_over}"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("sets", [1, 3])
def test_the_length_in_the_welcome_is_true_under_another_dose(slug: str, sets: int) -> None:
    """The minutes that are spoken follow the routine's own length."""
    loaded = routine(slug)
    longer = tuple(
        replace(
            one, dose=replace(one.dose, sets=sets, reps=one.dose.reps[:1] * sets, rest_seconds=40.0)
        )
        for one in loaded.steps
    )
    changed = replace(loaded, steps=longer)
    total = compiled(changed)
    phrases = load_phrases("en", loaded.audience)
    minutes = nominal_minutes(changed, phrases, word_seconds(loaded.audience))
    assert minutes == pytest.approx(total.duration_seconds / 60, abs=0.52)
    opening = " ".join(cue.text for cue in speech(total.segments[0])).lower()
    assert re.search(rf"\b{phrases.number(minutes)} (easy )?minutes?\b", opening)
