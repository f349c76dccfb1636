"""Which frame sounds now, on a device that takes frames in advance and does not tell.

It begins to sound when it takes its first frames, and keeps its own pace from then on. Its lead,
what it has taken and not sounded yet, stays the same for ever; so where the lead seems to grow or
to shrink, over minutes, the device's clock runs faster or slower than ours.
"""

from __future__ import annotations

import math

START_SECONDS = 0.005  # PulseAudio was heard 0 to 12 ms after it took the first frames
SETTLE_SECONDS = 1.0
# Frames are taken in steps, and often late: only the longest lead of a while can be compared.
WHILE_SECONDS = 10.0
FOLLOW_RATIO = 0.5
# No clock drifts so far in a while: the device has got another buffer.
OTHER_LEAD_SECONDS = 0.05
# Less is not heard, and no more than what the clocks may differ by.
DRY_SECONDS = 0.02


class DeviceClock:
    """Counts the frames that have sounded; one thread tells it what was taken, any thread asks."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._began_at = math.inf
        """When the first frame would have sounded if the device had our clock and never stopped."""
        self._is_settled = False
        """Whether it has taken as many frames in advance as it will."""
        self._usual_lead_seconds = 0.0
        """How much the device takes in advance."""
        self._longest_lead_seconds = 0.0
        """The same, in this while."""
        self._while_ends_at = 0.0
        self.noted_at = 0.0
        """When the device took something last."""

    def took(self, now: float, before_frames: int, after_frames: int) -> bool:
        """Note that the device took frames: their number in all before and after.

        True if it came too late: all that it had before has sounded, and people heard a gap.
        """
        if self._began_at == math.inf:
            self._began_at = now + START_SECONDS
            self._while_ends_at = now + SETTLE_SECONDS
        # What was not there cannot have sounded: the device had run dry, and stood still meanwhile.
        dry_since = self._began_at + before_frames / self._sample_rate
        self._began_at += max(0.0, now - dry_since)
        lead_seconds = after_frames / self._sample_rate - (now - self._began_at)
        self._longest_lead_seconds = max(self._longest_lead_seconds, lead_seconds)
        if now >= self._while_ends_at:
            if self._is_settled:
                self._follow(self._longest_lead_seconds)
            self._is_settled = True
            self._longest_lead_seconds = 0.0
            self._while_ends_at = now + WHILE_SECONDS
        self.noted_at = now
        return now - dry_since > DRY_SECONDS

    def _follow(self, lead_seconds: float) -> None:
        longer_seconds = lead_seconds - self._usual_lead_seconds
        if abs(longer_seconds) < OTHER_LEAD_SECONDS:
            self._began_at -= FOLLOW_RATIO * longer_seconds
        else:
            self._usual_lead_seconds = lead_seconds

    def heard_frames(self, now: float) -> int:
        """Return the number of frames that have sounded; it may exceed the number taken."""
        return max(0, int((now - self._began_at) * self._sample_rate)) if self.noted_at else 0
