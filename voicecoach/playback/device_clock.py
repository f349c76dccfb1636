"""Which frame sounds now, on a device that takes frames in advance and does not tell.

It begins to sound when it takes its first frames, and keeps its own pace from then on. Its lead, what it
has taken and not sounded yet, stays the same for ever; so where the lead seems to grow or to shrink,
over minutes, the device's clock runs faster or slower than ours.
"""

from __future__ import annotations

SETTLE_SECONDS = 1.0
LEARN_SECONDS = 6.0
FOLLOW_SECONDS = 20.0
"""How slowly a change of the lead is believed: frames are taken in steps, which are no drift."""


class DeviceClock:
    """Counts the frames that have sounded; one thread tells it what was taken, any thread asks."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._first_at: float | None = None
        self._began_at = 0.0
        """When the first frame sounded, corrected by all that was learnt since."""
        self._lead_seconds = 0.0
        self._learnt_seconds = 0.0
        self.noted_at = 0.0
        """When the device took something last."""

    def took(self, now: float, before_frames: int, after_frames: int) -> None:
        """Note that the device, which had taken so many frames in all, took some more."""
        if self._first_at is None:
            self._first_at = self._began_at = self.noted_at = now
            return
        interval_seconds = now - self.noted_at
        self.noted_at = now
        # What was not there cannot have sounded: the device had run dry, and stood still meanwhile.
        self._began_at = max(self._began_at, now - before_frames / self._sample_rate)
        if now - self._first_at < SETTLE_SECONDS:
            return
        lead_seconds = after_frames / self._sample_rate - (now - self._began_at)
        if self._learnt_seconds < LEARN_SECONDS:
            self._learnt_seconds += interval_seconds
            share = interval_seconds / self._learnt_seconds if interval_seconds else 0.0
            self._lead_seconds += share * (lead_seconds - self._lead_seconds)
        else:
            share = min(1.0, interval_seconds / FOLLOW_SECONDS)
            self._began_at -= share * (lead_seconds - self._lead_seconds)

    def heard_frames(self, now: float) -> int:
        """Return how many of the frames that were taken have sounded; more than those is possible."""
        if self._first_at is None:
            return 0
        return max(0, int((now - self._began_at) * self._sample_rate))
