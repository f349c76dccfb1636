"""The script engine over random routines: what must hold for every routine that anybody writes."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.building import DUMBBELLS, MAT, STOP_LINE, cue, routine, step
from tests.support.examples import tries
from voicecoach.errors import RoutineError
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.anchors import Offset
from voicecoach.routine.dose import Sides
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import AuthorCue, Routine, Silence, Spoken, Step
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations, nominal_seconds, word_seconds
from voicecoach.script.model import Cue, NoteKind, Script
from voicecoach.script.timing import CUE_MOVE_SECONDS, PHRASE_SPACING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = [
    "lift",
    "lower",
    "breathe",
    "slowly",
    "and",
    "keep",
    "your",
    "back",
    "long",
    "tummy",
    "firm",
    "knees",
    "soft",
    "now",
    "shoulders",
    "wide",
]
NEAR = 1e-6


def sentences(most: int = 14) -> st.SearchStrategy[str]:
    """Return sentences of plain words."""
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=most)
    return words.map(lambda chosen: " ".join(chosen).capitalize() + ".")


def texts() -> st.SearchStrategy[str]:
    """Return one to three sentences."""
    return st.lists(sentences(), min_size=1, max_size=3).map(" ".join)


@st.composite
def doses(draw: st.DrawFn) -> str:
    """Return doses of every form."""
    sets = draw(st.sampled_from([1, 1, 1, 2, 3]))
    prefix = f"{sets} x " if sets > 1 else ""
    rest = f", rest {draw(st.sampled_from([1, 3, 7.5, 8, 10, 11, 20, 45]))}s" if sets > 1 else ""
    sides = draw(st.sampled_from(["", "", " each side"]))
    if draw(st.booleans()):
        work = draw(st.sampled_from(["hold", "for"])) + f" {draw(st.integers(1, 70))}s"
        change = f", change {draw(st.sampled_from([2, 5, 8, 12, 20]))}s" if sides else ""
        return prefix + work + sides + change + rest
    reps = draw(st.integers(1, 24))
    tempo = draw(
        st.sampled_from(
            ["", ", tempo 2-1-3", ", tempo 1-0-0", ", tempo 1.5-0.5-1.3", ", tempo 3-5-3"]
        )
    )
    order = (
        draw(st.sampled_from([", alternating", ", change 9s, left first", ", change 16s"]))
        if sides
        else ""
    )
    return f"{prefix}{reps} reps{sides}{order}{tempo}{rest}"


@st.composite
def cues(draw: st.DrawFn) -> AuthorCue:
    """Return author's cues at every anchor, many of them outside the work."""
    number = draw(st.integers(1, 26))
    at = draw(
        st.sampled_from(
            [
                f"{number}s", f"{number / 2}s before end", "halfway", f"rep {number}", f"after rep {number}",
                f"last {number} reps", "change", "end", "rest", "before set 2", "before last set", "0s",
            ]
        )
    )  # fmt: skip
    side = draw(st.sampled_from(["", "", "first", "second"]))
    return cue(
        at,
        draw(texts()),
        side=side,
        set_number=draw(st.sampled_from([0, 0, 1, 2])),
        praise=draw(st.booleans()),
    )


@st.composite
def steps(draw: st.DrawFn, number: int = 1) -> Step:
    """Return steps."""
    return step(
        f"step-{number}",
        draw(doses()),
        *draw(st.lists(cues(), max_size=5)),
        say=draw(texts()),
        setup_seconds=float(draw(st.integers(0, 40))),
        rest_after_seconds=draw(
            st.sampled_from([0.0, 0.5, 2.0, 5.0, 10.0, 10.5, 12.0, 15.0, 30.0])
        ),
        flow=draw(st.booleans()),
        effort_on_return=draw(st.booleans()),
        stop_line=draw(st.sampled_from(["", STOP_LINE])),
        equipment=draw(st.sampled_from([(), (MAT,), (MAT, DUMBBELLS)])),
    )


@st.composite
def routines(draw: st.DrawFn) -> Routine:
    """Return whole routines."""
    count = draw(st.integers(1, 4))
    opening = (
        (Spoken("Welcome. It takes $minutes minutes."), Silence(2.0)) if draw(st.booleans()) else ()
    )
    closing = (Spoken("Well done."),) if draw(st.booleans()) else ()
    return routine(
        *[draw(steps(number)) for number in range(count)],
        audience=draw(st.sampled_from(["adult", "child"])),
        opening=opening,
        closing=closing,
    )


class SlowVoice(NominalDurations):
    """A voice that takes its time: a third longer than the table, with real pauses."""

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return lengths that are no round numbers."""
        return (nominal_seconds(sentence, self.word_seconds) * 1.31 + 0.0137) / speed


def compiled(what: Routine, *, slow: bool) -> Script | None:
    """Return the script, or None where the routine is refused in so many words."""
    seconds = word_seconds(what.audience)
    durations = SlowVoice(seconds, (0.4, 0.8)) if slow else NominalDurations(seconds)
    try:
        return compile_script(what, load_phrases("en", what.audience), durations)
    except RoutineError as error:
        clear = [problem.step and problem.message for problem in error.problems]
        assert clear, "refused without a reason"
        assert all(clear)
        return None


def speech(script: Script) -> Iterator[tuple[float, float, Cue]]:
    """Yield all spoken cues with their times from the start of the session."""
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        for item in segment.cues:
            if item.kind == "speech":
                yield start + item.start_seconds, start + item.end_seconds, item


@pytest.mark.parametrize("slow", [False, True])
@tries(60, soak=2000)
@given(what=routines())
def test_every_routine_keeps_the_promises_or_is_refused(slow: bool, what: Routine) -> None:
    """No overlap, exact work, equal sides, counts on the beat, the sum of the parts, nothing vital lost."""
    script = compiled(what, slow=slow)
    if script is not None:
        check_promises(what, script)


def check_promises(what: Routine, script: Script) -> None:
    """Hold a script to all that must hold for every routine."""
    ordered = sorted(speech(script), key=lambda item: item[0])
    for (_, end, before), (start, _, after) in itertools.pairwise(ordered):
        assert start >= end - NEAR, (before.text, after.text)
    assert script.duration_seconds == pytest.approx(
        max(start + item.end_seconds for segment, start in zip(script.segments, script.starts_seconds, strict=True)
            for item in segment.cues), abs=NEAR
    )  # fmt: skip
    exercises = [segment for segment in script.segments if segment.kind == "exercise"]
    for index, (one, segment) in enumerate(zip(what.steps, exercises, strict=True)):
        last = script.segments[-1] is segment
        _check_exercise(what, one, index, segment, last=last)


def _check_exercise(what: Routine, one: Step, index: int, segment, *, last: bool) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    dose, blocks = one.dose, segment.work_blocks
    tones = [item for item in segment.cues if item.kind == "sound"]
    gaps = []
    for block, start_tone, end_tone in zip(blocks, tones[::2], tones[1::2], strict=True):
        assert (start_tone.text, end_tone.text) == ("start", "end")
        assert block.duration_seconds == dose.block_seconds(block.set_number)
        assert start_tone.start_seconds == pytest.approx(block.start_seconds, abs=NEAR)
        assert end_tone.start_seconds - start_tone.start_seconds == pytest.approx(
            block.duration_seconds, abs=NEAR
        )
    for before, after in itertools.pairwise(blocks):
        gaps.append(after.start_seconds - before.start_seconds - before.duration_seconds)
        wanted = dose.rest_seconds if after.set_number != before.set_number else dose.change_seconds
        assert gaps[-1] == pytest.approx(wanted, abs=NEAR)
    assert len(blocks) == dose.sets * dose.blocks_per_set
    lead_in = blocks[0].start_seconds
    assert lead_in >= one.setup_seconds
    parts = [lead_in, *(block.duration_seconds for block in blocks), *gaps, one.rest_after_seconds]
    if not last:
        assert segment.duration_seconds == pytest.approx(math.fsum(parts), abs=NEAR)
    _check_words(what, one, index, segment)


def _check_words(what: Routine, one: Step, index: int, segment) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    spoken = [item for item in segment.cues if item.kind == "speech"]
    roles = [item.role for item in spoken]
    assert "name" in roles or one.flow
    assert "instruction" in roles
    assert ("stop" in roles) == bool(one.stop_line)
    announced = one.rest_after_seconds > 10 and index + 1 < len(what.steps)
    assert roles.count("next") == announced
    for item in spoken:
        if item.role == "next":
            rest_end = (
                segment.work_blocks[-1].start_seconds + segment.work_blocks[-1].duration_seconds
            )
            assert item.end_seconds <= rest_end + one.rest_after_seconds - 8 + NEAR
    one_side = one.dose.sides is Sides.ONE_AT_A_TIME
    assert roles.count("change") == (one.dose.sets if one_side else 0)
    assert all(1 <= item.speed <= 1.2 for item in spoken)
    for block in segment.work_blocks:
        inside = [
            item for item in spoken
            if block.start_seconds - NEAR <= item.start_seconds < block.start_seconds + block.duration_seconds - NEAR
        ]  # fmt: skip
        phrases = [
            item for item in inside if item.role in {"cue", "halfway", "five-seconds", "last-two"}
        ]
        for before, after in itertools.pairwise(phrases):
            assert after.start_seconds - before.start_seconds >= PHRASE_SPACING_SECONDS - NEAR
        if block.reps:
            tempo = one.dose.tempo
            assert tempo is not None
            returns = one.effort_on_return and tempo.back_seconds >= 1
            effort = tempo.away_seconds + tempo.pause_seconds if returns else 0.0
            counted = [item for item in inside if item.role == "count"]
            beats = [
                block.start_seconds + rep * block.rep_seconds + effort for rep in range(block.reps)
            ]
            for item in counted:
                assert min(abs(item.start_seconds - beat) for beat in beats) < NEAR
            assert counted[-1].start_seconds == pytest.approx(beats[-1], abs=NEAR)


@tries(60, soak=2000)
@given(what=steps())
def test_cues_are_where_they_were_asked_for_or_there_is_a_note(what: Step) -> None:
    """A cue at a time of the work is spoken within two seconds of it, or a note says why not."""
    script = compiled(routine(what), slow=False)
    if script is None:
        return
    noted = {note.text for note in script.notes if note.kind is NoteKind.DROPPED}
    block = script.segments[0].work_blocks[0]
    said = [item for item in script.segments[0].cues if item.role == "cue"]
    for item in what.cues:
        if (
            isinstance(item.anchor, Offset)
            and item.set_number in (0, 1)
            and item.side in ("", "first")
        ):
            if what.dose.sides is not Sides.ONE_AT_A_TIME and item.side == "second":
                continue
            found = [
                heard for heard in said
                if heard.text == item.text
                and abs(heard.start_seconds - block.start_seconds - item.anchor.seconds) <= CUE_MOVE_SECONDS + NEAR
            ]  # fmt: skip
            assert found or item.text in noted


@given(st.integers(1, 20), st.integers(1, 40), st.sampled_from(["2-1-2", "1-0-0", "2.5-0-1.2"]))
def test_total_work_is_the_dose_to_the_microsecond(sets: int, reps: int, tempo: str) -> None:
    """The work of many sets of many reps adds up to the product, not to a sum of rounded parts."""
    dose = parse_dose(
        f"{sets} x {reps} reps, tempo {tempo}" if sets > 1 else f"{reps} reps, tempo {tempo}"
    )
    a, b, c = (float(part) for part in tempo.split("-"))
    assert dose.work_seconds == pytest.approx(sets * reps * (a + b + c), abs=1e-6)
