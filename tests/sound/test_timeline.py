"""Segments become placements in frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.script.model import Cue, Segment, Sentence
from voicecoach.sound.clip import Clip
from voicecoach.sound.timeline import place


class SomeClips:
    """Clips whose length tells what was asked for, and a list of what was."""

    def __init__(self, sample_rate: int = 24_000) -> None:
        self.sample_rate = sample_rate
        self.asked: list[tuple[str, float]] = []

    def sentence(self, text: str, speed: float) -> Clip:
        """Return as many frames as the text has letters."""
        self.asked.append((text, speed))
        return Clip(np.zeros((len(text), 1), np.float32), self.sample_rate)

    def sound(self, name: str) -> Clip:
        """Return seven frames."""
        self.asked.append((name, 0.0))
        return Clip(np.zeros((7, 1), np.float32), self.sample_rate)


def segment_of(*cues: Cue) -> Segment:
    """Return a segment of a minute with these cues."""
    return Segment("exercise", "Plank", 60.0, cues)


TONE = Cue(20.0, 0.3, "sound", "start", "tone")
SPOKEN = Cue(
    5.0, 4.0, "speech", "Lift. And hold.", "instruction",
    sentences=(Sentence(0.0, "Lift."), Sentence(1.5, "And hold.")), speed=1.1,
)  # fmt: skip


def test_a_spoken_cue_has_one_placement_for_each_sentence() -> None:
    """Sentences start at their offset, at the cue's speed; a sound starts with its cue; all sorted."""
    clips = SomeClips()
    placements = place(segment_of(TONE, SPOKEN), 100.0, clips, 24_000)
    assert [(p.start_frame, p.sentence, p.cue, p.gain_db) for p in placements] == [
        (2_520_000, "Lift.", SPOKEN, 0.0),
        (2_556_000, "And hold.", SPOKEN, 0.0),
        (2_880_000, "start", TONE, 0.0),
    ]
    assert [p.end_frame - p.start_frame for p in placements] == [5, 9, 7]
    assert sorted(clips.asked) == [("And hold.", 1.1), ("Lift.", 1.1), ("start", 0.0)]


@given(
    durations=st.lists(st.integers(1, 10**6), min_size=1, max_size=200),
    rate=st.sampled_from([22_050, 24_000, 44_100]),
)
def test_no_error_adds_up_over_segments(durations: list[int], rate: int) -> None:
    """Whatever thousandths of seconds come before, the start is the nearest frame to the exact sum."""
    start_seconds = sum(milliseconds / 1000 for milliseconds in durations)
    (placement,) = place(
        segment_of(Cue(0.0, 0.3, "sound", "start", "tone")), start_seconds, SomeClips(rate), rate
    )
    assert abs(placement.start_frame * 1000 - sum(durations) * rate) <= 500 + 1


def test_a_clip_of_another_rate_is_refused() -> None:
    """It would sound at the wrong pitch."""
    with pytest.raises(ValueError, match='"start" has 22050 Hz in a session of 24000 Hz'):
        place(segment_of(TONE), 0.0, SomeClips(22_050), 24_000)
