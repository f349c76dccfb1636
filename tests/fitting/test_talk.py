"""How much the coach says: short reminders for who knows the exercise, ticks for who wants no words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.play.test_transport import presses
from tests.script.test_compiler_properties import NEAR
from tests.script.test_compiler_properties import routines as random_routines
from tests.support.building import (
    DUMBBELLS,
    MAT,
    STOP_LINE,
    compiled,
    cue,
    heard,
    routine,
    spoken,
    step,
)
from tests.support.examples import tries
from tests.support.listener import Listener
from voicecoach.errors import RoutineError
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.language.speakable import split_sentences
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.transport import Command, Mode, PlayPosition, Transport
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Routine, Talk
from voicecoach.script.coach import reminder
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.session.departure import Departure, pickup_sentences, take_up
from voicecoach.session.session import open_session
from voicecoach.sound.clip import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.script.model import Script, Segment

SLUGS = ("children", "desk-break", "dumbbells", "main", "posture-play", "preliminary", "relaxation")
SPOKEN_IN_TONES = {
    "opening", "closing", "name", "progress", "equipment", "caution", "side", "change", "stop", "next", "set",
}  # fmt: skip
"""Roles of words in tones; the instruction of a flow step is one more."""


@cache
def bundled(slug: str, talk: Talk) -> Routine:
    """Return a bundled routine with so much talk."""
    library = Library(Path(__file__).parent)
    return personalise(load_routine(library.find_routine(slug), library), Wishes(talk=talk))


@cache
def script_of(slug: str, talk: Talk) -> Script:
    """Return its script."""
    return compiled(bundled(slug, talk))


def with_talk(what: Routine, talk: Talk) -> Script:
    """Return the script of a routine with so much talk and nothing else that is changed."""
    return compiled(personalise(what, Wishes(talk=talk)))


def exercises(script: Script) -> Iterator[Segment]:
    """Yield the segments with work."""
    return (one for one in script.segments if one.kind == "exercise")


# -------------------------------------------------------------------------------------------- tones


def beats(segment: Segment, back_seconds: float = 0.0) -> list[float]:
    """Return when ticks belong into the work of a segment: with the effort of every rep but at the start."""
    found = []
    for block in segment.work_blocks:
        times = [rep * block.rep_seconds + back_seconds for rep in range(block.reps)]
        found += [block.start_seconds + at for at in times if at > 0]
    return found


def ticks(segment: Segment, role: str) -> list[float]:
    """Return when ticks of a role are."""
    return [one.start_seconds for one in segment.cues if (one.role, one.text) == (role, "tick")]


def test_a_hold_in_tones() -> None:
    """The name, the STOP line, three ticks, the tones: that is all."""
    what = routine(
        step(
            "plank", "hold 30s", cue("10s", "Breathe."), cue("halfway", "Half."), cue("end", "Rest."),
            say="Lift your hips.", setup_seconds=20.0, rest_after_seconds=20.0, stop_line=STOP_LINE,
        ),
        step("bridge", "hold 30s", equipment=(MAT,), setup_seconds=15.0),
    )  # fmt: skip
    script = with_talk(what, Talk.TONES)
    at = len(script.segments) - 2
    assert heard(script, at) == [
        (0.0, "Next: plank."), (1.2, STOP_LINE), (17.0, "<tick>"), (18.0, "<tick>"), (19.0, "<tick>"),
        (20.0, "<start>"), (50.0, "<end>"), (50.6, "Next: bridge. You need a mat."),
    ]  # fmt: skip


def test_reps_on_both_sides_in_tones() -> None:
    """A tick a rep but for the first, the change by its side, and the side before each further set."""
    what = routine(
        step(
            "leg", "2 x 3 reps each side, tempo 2-1-2, change 14s, rest 20s",
            cue("change", "Roll over, now the $side leg, as I told you."), cue("before last set", "Again!"),
            cue("rest", "Breathe."), say="Lift your $side leg.", setup_seconds=20.0,
        )
    )  # fmt: skip
    (leg,) = exercises(with_talk(what, Talk.TONES))
    words = [(round(c.start_seconds, 1), c.text) for c in leg.cues if c.kind == "speech"]
    assert [text for _, text in words] == [
        "Next: leg.", "Right side.", "Change sides. Left side.", "Right side.", "Change sides. Left side.",
    ]  # fmt: skip
    assert ticks(leg, "count") == pytest.approx(beats(leg))
    assert len(beats(leg)) == 4 * 2
    starts = [block.start_seconds for block in leg.work_blocks]
    assert ticks(leg, "countdown") == pytest.approx([at - n for at in starts for n in (3, 2, 1)])
    again = next(c for c in leg.cues if c.role == "set")
    assert again.end_seconds <= starts[2] - 3 - 1 + NEAR


def test_effort_on_the_way_back_ticks_there() -> None:
    """Every rep has its tick then: none of them falls on the start tone."""
    what = routine(step("press", "3 reps, tempo 2-1-2", effort_on_return=True, setup_seconds=10.0))
    (press,) = exercises(with_talk(what, Talk.TONES))
    assert ticks(press, "count") == [13.0, 18.0, 23.0]


def test_a_flow_step_still_says_what_to_do() -> None:
    """It has no name; a tone alone would tell nobody what comes."""
    what = routine(
        step("down", "for 15s", say="Lean forward."),
        step("hang", "hold 30s", say="Stay there. Let your head hang.", flow=True, together="x"),
    )
    _, hang = exercises(with_talk(what, Talk.TONES))
    assert [c.text for c in hang.cues if c.kind == "speech"] == ["Stay there."]
    assert not ticks(hang, "countdown")


def test_a_side_for_which_there_is_no_room_is_no_silent_loss() -> None:
    """What cannot be said before a set is in the notes, by its words."""
    what = routine(step("leg", "2 x hold 20s each side, change 14s, rest 1s"))
    (leg,) = exercises(with_talk(what, Talk.TONES))
    assert [note.text for note in leg.notes] == ["Right side."]


@pytest.mark.parametrize("slug", SLUGS)
def test_tones_say_what_keeps_a_person_safe_and_nothing_else(slug: str) -> None:
    """Opening, names, sides, STOP, what to have and what is next; in work the STOP line alone."""
    full, tones = script_of(slug, Talk.FULL), script_of(slug, Talk.TONES)
    steps = {one.slug: one for one in tones.routine.steps}
    checks = [c.text for c in full.segments[0].cues if c.role == "opening"]
    assert [c.text for c in tones.segments[0].cues if c.role == "opening"][: len(checks)] == checks
    for loud, quiet in zip(exercises(full), exercises(tones), strict=True):
        one = steps[quiet.slug]
        allowed = SPOKEN_IN_TONES | ({"instruction"} if one.flow else set())
        speech = [c for c in quiet.cues if c.kind == "speech"]
        assert {c.role for c in speech} <= allowed
        for role in ("name", "equipment", "caution", "progress"):
            assert [c.text for c in quiet.cues if c.role == role] == [
                c.text for c in loud.cues if c.role == role
            ]
        if one.stop_line:
            assert one.stop_line in [c.text for c in speech]
        for block in quiet.work_blocks:
            inside = [
                c for c in speech if block.start_seconds - NEAR < c.start_seconds < block.end_seconds - NEAR
            ]  # fmt: skip
            assert {c.role for c in inside} <= {"stop"}
        if one.dose.sides is not Sides.NONE:
            before = [
                c.text.lower() for c in speech if c.end_seconds < quiet.work_blocks[0].start_seconds
            ]
            assert any("left" in text or "right" in text for text in before)
        counted = [] if one.flow else list(load_phrases("en", tones.routine.audience).countdown)
        start = quiet.work_blocks[0].start_seconds
        expected = [start - n for n in range(len(counted), 0, -1)]
        assert ticks(quiet, "countdown")[: len(expected)] == pytest.approx(expected)
        tempo = one.dose.tempo
        returns = one.effort_on_return and tempo is not None and tempo.back_seconds >= 1
        back = tempo.away_seconds + tempo.pause_seconds if tempo and returns else 0.0
        assert ticks(quiet, "count") == pytest.approx(beats(quiet, back))


@pytest.mark.parametrize("slug", ["desk-break", "main"])
def test_ticks_are_heard_at_their_frames(slug: str) -> None:
    """In the samples, with a voice that says nothing: ticks and tones stand at their frames alone."""
    library = Library(Path(__file__).parent)
    with open_session(bundled(slug, Talk.TONES), library, voice="silent") as session:
        samples = np.concatenate([block.samples[:, 0] for block in session.blocks()])
        tick = session.clips.sound("tick").samples[:, 0]
        script = session.script
    found = places_of(tick, samples)
    expected = []
    for start, segment in zip(script.starts_seconds, script.segments, strict=True):
        one = next((one for one in script.routine.steps if one.slug == segment.slug), None)
        if one is None:
            continue
        tempo = one.dose.tempo
        returns = one.effort_on_return and tempo is not None and tempo.back_seconds >= 1
        back = tempo.away_seconds + tempo.pause_seconds if tempo and returns else 0.0
        times = beats(segment, back)
        counted = [
            block.start_seconds - n for block in segment.work_blocks for n in (3, 2, 1)
            if not one.flow and (block is segment.work_blocks[0] or gap_before(segment, block) >= 8)
        ]  # fmt: skip
        expected += [start + at for at in [*times, *counted]]
    assert len(expected) > 20
    assert found == sorted(round(at * SAMPLE_RATE) for at in expected)


def gap_before(segment: Segment, block: object) -> float:
    """Return the seconds between a work block and the one before it."""
    place = segment.work_blocks.index(block)  # type: ignore[arg-type]
    return segment.work_blocks[place].start_seconds - segment.work_blocks[place - 1].end_seconds


def places_of(clip: np.ndarray, samples: np.ndarray) -> list[int]:
    """Return every frame where a clip stands in silence, sample for sample."""
    loud = np.flatnonzero(samples)
    first = np.flatnonzero(clip)[0]
    begins = loud[np.diff(loud, prepend=-SAMPLE_RATE) > 200] - first
    return [int(at) for at in begins if np.array_equal(samples[at : at + len(clip)], clip)]


# -------------------------------------------------------------------------------------------- brief


def test_the_reminder_takes_the_place_of_the_instruction() -> None:
    """The author's, with what it stands for; else the first sentence; the rest of the talk stays."""
    what = routine(
        step("leg", "hold 20s each side", say="Lie down. Lift your $side leg.", brief="$side leg up."),
        step("plank", "hold 30s", cue("10s", "Breathe."), say="Lie on your front. Lift your hips."),
    )  # fmt: skip
    script = with_talk(what, Talk.BRIEF)
    assert [c.text for c in spoken(script, "instruction")] == [
        "Right leg up.",
        "Lie on your front.",
    ]
    assert [c.text for c in spoken(script, "cue")] == ["Breathe."]
    assert [c.text for c in spoken(with_talk(what, Talk.FULL), "instruction")] == [
        "Lie down. Lift your right leg.",
        "Lie on your front. Lift your hips.",
    ]


def test_a_reminder_never_loses_the_side() -> None:
    """Where a later sentence names it, and none does before, all is said."""
    assert reminder(step(say="Lie down. Lift your $side leg.")) == "Lie down. Lift your $side leg."
    assert reminder(step(say="Lift your $side leg. Hold.")) == "Lift your $side leg."
    assert reminder(step(say="Lie down. Hold.")) == "Lie down."
    assert reminder(step(say="Lie down. Hold.", brief="Down.")) == "Down."


@pytest.mark.parametrize("slug", SLUGS)
def test_brief_is_shorter_and_as_safe(slug: str) -> None:
    """Every STOP line of the file, names and sides as in full; no more time; the work at the same length."""
    library = Library(Path(__file__).parent)
    file_steps = load_routine(library.find_routine(slug), library).steps
    full, brief = script_of(slug, Talk.FULL), script_of(slug, Talk.BRIEF)
    assert brief.duration_seconds <= full.duration_seconds
    assert len(spoken(brief, "instruction")) == len(spoken(full, "instruction"))
    for loud, short in zip(exercises(full), exercises(brief), strict=True):
        for role in ("name", "side", "change", "set", "equipment", "caution"):
            assert [c.text for c in short.cues if c.role == role] == [
                c.text for c in loud.cues if c.role == role
            ]
        written = next(one.stop_line for one in file_steps if one.slug == short.slug)
        assert not written or written in [c.text for c in short.cues if c.role == "stop"]
        lengths = [[b.duration_seconds for b in one.work_blocks] for one in (loud, short)]
        assert lengths[0] == lengths[1]


# --------------------------------------------------------------------------------- live departures

LEG = step(
    "leg-hold", "2 x hold 30s each side, change 14s, rest 30s", cue("change", "Now the $side leg."),
    say="Lie down. Lift your $side leg.", brief="$side leg up.", setup_seconds=20.0,
    rest_after_seconds=20.0, equipment=(MAT,), stop_line=STOP_LINE,
)  # fmt: skip
ARMS = step("arms", "4 reps each side, alternating", say="Swing your arms.", setup_seconds=12.0)
DOWN = step("roll-down", "for 15s", say="Lean forward. Slowly.", together="roll")
HANG = step("hang", "hold 30s", say="Stay here. Let go.", together="roll", flow=True)
ROW = step("row", "9 reps, tempo 2-1-2", equipment=(DUMBBELLS,), rest_after_seconds=5.0)
WHOLE = routine(LEG, ARMS, DOWN, HANG, ROW, opening="Welcome.", closing="Well done.")


def taken_up(what: Routine, slug: str, seconds: float, *commands: Command) -> list[str]:
    """Return what sounds after keys in an exercise, so many seconds after the start of its work."""
    phrases, durations = load_phrases(), NominalDurations()
    script = compiled(what)
    index = next(place for place, one in enumerate(script.segments) if one.slug == slug)
    segment = script.segments[index]
    transport, mode = Transport(what, lambda at: script.segments[at]), Mode.PLAYING
    at = segment.work_blocks[0].start_seconds + seconds
    spot = PlayPosition(index, segment, at, Departure(index))
    for command in commands:
        outcome = transport.command(mode, spot, command)
        mode = outcome.mode
        if outcome.departure is not None:
            spot = PlayPosition(outcome.departure.index, None, 0.0, outcome.departure)
    made = take_up(spot.departure, what, phrases, durations)
    return [f"<{one.text}>" if one.kind == "sound" else one.text for one in made.cues]


def test_in_tones_one_is_ticked_back_in_and_told_the_side() -> None:
    """After a pause: that it goes on, the side, three ticks, the tone."""
    what = personalise(WHOLE, Wishes(talk=Talk.TONES))
    count = ["<tick>"] * 3
    pause = (Command.PAUSE, Command.PLAY)
    assert taken_up(what, "leg-hold", 10.0, *pause)[:7] == [
        "Carrying on.", "Right side.", *count, "<start>", "<end>",
    ]  # fmt: skip
    assert taken_up(what, "leg-hold", 50.0, *pause)[:6] == [
        "Carrying on.", "Left side.", *count, "<start>",
    ]  # fmt: skip
    assert taken_up(what, "arms", 6.0, *pause)[:6] == [
        "Carrying on.",
        "Left side.",
        *count,
        "<start>",
    ]
    assert taken_up(what, "row", 11.0, *pause)[:6] == ["Carrying on.", *count, "<start>", "<tick>"]
    assert taken_up(what, "hang", 11.0, *pause)[:3] == ["Carrying on.", "Stay here.", "<start>"]


def test_in_tones_repeat_and_back_say_the_side() -> None:
    """Not the instruction, which nobody asked for; a flow step says what to do."""
    what = personalise(WHOLE, Wishes(talk=Talk.TONES))
    assert taken_up(what, "leg-hold", 50.0, Command.REPEAT)[:3] == [
        "Left side.",
        "<tick>",
        "<tick>",
    ]
    assert taken_up(what, "leg-hold", 50.0, Command.BACK)[:3] == [
        "Once more: leg hold.", "Right side.", STOP_LINE,
    ]  # fmt: skip
    assert taken_up(what, "hang", 11.0, Command.REPEAT)[:2] == ["Stay here.", "<start>"]
    assert taken_up(what, "arms", 6.0, Command.NEXT)[:3] == ["Skipping that one.", "Next: roll down.", "<tick>"]  # fmt: skip


def test_brief_repeats_the_reminder() -> None:
    """What was said is said again, for the side that is worked."""
    what = personalise(WHOLE, Wishes(talk=Talk.BRIEF))
    assert taken_up(what, "leg-hold", 50.0, Command.REPEAT)[:2] == ["Left leg up.", "Three."]
    assert taken_up(what, "leg-hold", 50.0, Command.BACK)[:2] == [
        "Once more: leg hold.", "Right leg up.",
    ]  # fmt: skip


@pytest.mark.parametrize("talk", [Talk.BRIEF, Talk.TONES])
def test_everything_a_departure_may_say_is_spoken_ahead(talk: Talk) -> None:
    """So that no key has to wait for the voice."""
    what = personalise(WHOLE, Wishes(talk=talk))
    script = compiled(what)
    known = set(pickup_sentences(what, load_phrases()))
    known |= {part.text for one in script.segments for item in one.cues for part in item.sentences}
    for one in exercises(script):
        for seconds in range(-10, int(one.duration_seconds) - 20, 9):
            for command in (Command.NEXT, Command.BACK, Command.REPEAT, Command.REWIND):
                for words in taken_up(what, one.slug, float(seconds), command):
                    if not words.startswith("<"):
                        assert set(split_sentences(words)) <= known, words


def listen(what: Routine, keys: list[tuple[float, Command]], *, waits: bool) -> None:
    """Press keys, and hold every departure to what the script says."""
    durations = NominalDurations(word_seconds(what.audience))
    listener = Listener(what, durations, waits=waits)
    for seconds, command in keys:
        listener.hear(seconds)
        listener.press(command)
        if listener.mode is Mode.ENDED:
            listener = Listener(what, durations, waits=waits)


@pytest.mark.parametrize("talk", [Talk.BRIEF, Talk.TONES])
@tries(10, soak=330)
@given(keys=presses(), waits=st.booleans(), slug=st.sampled_from(SLUGS))
def test_keys_lead_where_they_should(
    talk: Talk, keys: list[tuple[float, Command]], waits: bool, slug: str
) -> None:
    """An independent listener, in our own routines, with little talk."""
    listen(bundled(slug, talk), keys, waits=waits)


@pytest.mark.parametrize("talk", [Talk.BRIEF, Talk.TONES])
@tries(10, soak=330)
@given(what=random_routines(), keys=presses(), waits=st.booleans())
def test_keys_lead_where_they_should_in_any_routine(
    talk: Talk, what: Routine, keys: list[tuple[float, Command]], waits: bool
) -> None:
    """The same in routines of random doses and words."""
    made = personalise(what, Wishes(talk=talk))
    try:
        compile_script(
            made, load_phrases("en", made.audience), NominalDurations(word_seconds(made.audience))
        )
    except RoutineError:
        return
    listen(made, keys[:40], waits=waits)
