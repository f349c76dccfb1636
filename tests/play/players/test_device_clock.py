"""The clock of a device that is asked nothing, against a device whose every frame is known."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from voicecoach.play.players.device_clock import START_SECONDS, DeviceClock

RATE = 24_000


@dataclass
class Device:
    """Sounds what it took, at its own pace, and takes a period more whenever there is room for it."""

    pace: float = 1.0
    buffer_seconds: float = 0.9
    period_seconds: float = 0.3
    latest_seconds: float = 0.0
    """How late it comes to taking, at most."""
    now: float = 1000.0
    taken: int = 0
    sounded: float = 0.0
    dry_times: int = 0
    """How often the clock said that it had run dry."""
    chance: random.Random = field(default_factory=lambda: random.Random(3))

    def pass_time(self, seconds: float) -> None:
        """Let it sound for a while, and stand still when it has run dry."""
        self.now += seconds
        self.sounded = min(self.taken, self.sounded + seconds * self.pace * RATE)

    def take(self, clock: DeviceClock) -> None:
        """Take as many periods as there is room for."""
        period = round(self.period_seconds * RATE)
        while self.taken - self.sounded + period <= self.buffer_seconds * RATE:
            self.dry_times += clock.took(self.now, self.taken, self.taken + period)
            self.taken += period

    def run(self, clock: DeviceClock, seconds: float) -> list[float]:
        """Run for that long; return by how many seconds the clock was ahead of the sound, all along."""
        errors = []
        until = self.now + seconds
        while self.now < until:
            self.take(clock)
            room = self.buffer_seconds * RATE - (self.taken - self.sounded)
            missing_seconds = self.period_seconds - room / RATE
            late_seconds = self.chance.uniform(0.0, self.latest_seconds)
            self.pass_time(missing_seconds / self.pace + 1e-6 + late_seconds)
            errors.append((clock.heard_frames(self.now) - self.sounded) / RATE)
        return errors


def test_nothing_has_sounded_before_anything_was_taken() -> None:
    """A device that has not begun, or has begun just now, has sounded nothing."""
    clock = DeviceClock(RATE)
    assert clock.heard_frames(1000.0) == 0
    clock.took(1000.0, 0, 7_200)
    assert clock.heard_frames(1000.001) == 0
    assert clock.heard_frames(1000.0 + START_SECONDS + 0.5) == pytest.approx(RATE / 2, abs=2)


@pytest.mark.parametrize("latest_seconds", [0.0, 0.1])
@pytest.mark.parametrize("pace", [1.0, 1.0002, 0.9998])
@pytest.mark.parametrize("buffer_seconds", [0.6, 0.9, 2.0])
def test_the_place_is_known_for_an_hour(
    latest_seconds: float, pace: float, buffer_seconds: float
) -> None:
    """A device whose clock is off by 0.7 s an hour, and which takes late, is followed all the time."""
    device = Device(pace, buffer_seconds, latest_seconds=latest_seconds)
    clock = DeviceClock(RATE)
    errors = device.run(clock, 3_600.0)
    assert max(map(abs, errors)) < 0.03
    assert device.dry_times == 0


def test_another_buffer_is_no_other_clock() -> None:
    """A device that takes more in advance from some moment on has not sounded faster."""
    device, clock = Device(), DeviceClock(RATE)
    device.run(clock, 30.0)
    device.buffer_seconds = 1.5
    assert max(map(abs, device.run(clock, 120.0))) < 0.03


def test_the_first_second_is_no_rule() -> None:
    """A device that takes a little more while it starts than ever after is not taken for a slow one."""
    device, clock = Device(buffer_seconds=0.94), DeviceClock(RATE)
    device.run(clock, 0.9)
    device.buffer_seconds = 0.9
    assert max(map(abs, device.run(clock, 120.0))) < 0.01


def test_a_device_that_ran_dry_stood_still() -> None:
    """What was not there has not sounded: the clock is right again with the next frames taken."""
    device, clock = Device(), DeviceClock(RATE)
    device.run(clock, 20.0)
    device.pass_time(3.0)
    assert device.dry_times == 0
    device.take(clock)
    assert device.dry_times == 1
    assert clock.noted_at == device.now
    assert clock.heard_frames(device.now) == pytest.approx(device.sounded, abs=0.03 * RATE)
    assert max(map(abs, device.run(clock, 60.0))) < 0.03
    assert device.dry_times == 1
