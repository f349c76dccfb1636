"""Script segments and clips become placements: which clip sounds from which frame on.

Pure, except that asking for a clip may have it synthesised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voicecoach.sound.clip import Clip, seconds_to_frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.script.model import Cue, Segment


class Clips(Protocol):
    """Where the sound of sentences and tones comes from, at the session's sample rate."""

    def sentence(self, text: str, speed: float) -> Clip:
        """Return a spoken sentence; `speed` 1.0 is the session's own pace."""

    def sound(self, name: str) -> Clip:
        """Return the sound of that name."""


@dataclass(frozen=True)
class Placement:
    """A clip with its place in the session."""

    start_frame: int
    """From the start of the session."""
    clip: Clip
    gain_db: float
    """Relative to the clip as it is."""
    cue: Cue
    """What it belongs to; a cue of several sentences has several placements."""
    sentence: str
    """The sentence that sounds, or the sound's name."""

    @property
    def end_frame(self) -> int:
        """Return the first frame after the clip."""
        return self.start_frame + self.clip.length_frames


def place(
    segment: Segment, start_seconds: float, clips: Clips, sample_rate: int
) -> list[Placement]:
    """Return the placements of a segment that begins at `start_seconds`, in order of their start.

    Each start is computed from the start of the session, and only then rounded to a frame: no error
    adds up, however many cues come before.
    """
    placements = []
    for cue in segment.cues:
        for offset_seconds, text, clip in _clips_of(cue, clips):
            if clip.sample_rate != sample_rate:
                raise ValueError(
                    f'the clip of "{text}" has {clip.sample_rate} Hz in a session of '
                    f"{sample_rate} Hz"
                )
            moment = start_seconds + cue.start_seconds + offset_seconds
            frame = seconds_to_frames(moment, sample_rate)
            placements.append(Placement(frame, clip, 0.0, cue, text))
    return sorted(placements, key=lambda placement: placement.start_frame)


def _clips_of(cue: Cue, clips: Clips) -> Iterator[tuple[float, str, Clip]]:
    """Yield the offset from the start of the cue, the words or sound, and the clip."""
    if cue.kind == "sound":
        yield 0.0, cue.text, clips.sound(cue.text)
    else:
        for sentence in cue.sentences:
            yield sentence.offset_seconds, sentence.text, clips.sentence(sentence.text, cue.speed)
