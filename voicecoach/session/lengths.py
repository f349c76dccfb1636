"""The length of each segment of a session, as well as it is known; usable from any thread."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voicecoach.script.model import Segment
    from voicecoach.session.clips import MeasuredClips


class Lengths:
    """The lengths of the segments, by their index in the session, and what they were measured with.

    A stream learns them on its own thread, while the player asks for them and changes the pace.
    """

    def __init__(self, planned_seconds: Sequence[float]) -> None:
        self._lock = threading.Lock()
        self._seconds = list(planned_seconds)
        """As last heard, else by the table."""
        self._clips: dict[int, MeasuredClips] = {}
        """The clips that each was made with: a part of it needs the same."""
        self._whole: dict[int, Segment] = {}
        """Segments as scripted, where the script has not been made in one go."""

    def before(self, index: int) -> list[float]:
        """Return the lengths of all segments before one."""
        with self._lock:
            return self._seconds[:index]

    @property
    def total_seconds(self) -> float:
        """Return the length of the session."""
        with self._lock:
            return math.fsum(self._seconds)

    def whole(self, index: int) -> Segment | None:
        """Return a segment that was kept, as scripted; None where it has yet to be made."""
        with self._lock:
            return self._whole.get(index)

    def are_known(self, indices: Iterable[int]) -> bool:
        """Return True if all these segments were kept."""
        with self._lock:
            return all(index in self._whole for index in indices)

    def clips(self, index: int) -> MeasuredClips | None:
        """Return the clips that a segment was made with; None where it has yet to be made."""
        with self._lock:
            return self._clips.get(index)

    def begin(self, index: int, clips: MeasuredClips) -> None:
        """Remake a segment with other clips, line by line."""
        with self._lock:
            self._clips[index] = clips
            self._whole.pop(index, None)

    def learn(self, index: int, segment: Segment, clips: MeasuredClips, *, keep: bool) -> None:
        """Note the length of a whole segment and its clips; `keep` it for `whole`, too."""
        with self._lock:
            self._seconds[index] = segment.duration_seconds
            self._clips[index] = clips
            if keep:
                self._whole[index] = segment

    def hear(self, index: int, seconds: float) -> None:
        """Note the length of a segment in the stream that plays."""
        with self._lock:
            self._seconds[index] = seconds

    def plan(self, planned_seconds: Mapping[int, float]) -> None:
        """Plan new lengths for segments and forget these: they are remade when due."""
        with self._lock:
            for index, seconds in planned_seconds.items():
                self._whole.pop(index, None)
                self._seconds[index] = seconds
