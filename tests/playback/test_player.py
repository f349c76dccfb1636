"""The course of a play, on a device that the test drives: start, wait, loss, end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from tests.playback.stream import blocks_of
from voicecoach.errors import PlaybackError, PlayerUnavailableError
from voicecoach.playback import player
from voicecoach.playback.player import Abilities, DeviceLostError, Player

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.mixdown import Block
    from voicecoach.playback.feed import Feed

RATE = 24_000


class FakePlayer(Player):
    """A device that takes frames by the clock, `speed` times as fast as they sound."""

    name: ClassVar[str] = "fake"
    abilities = Abilities(exact_pause=True, volume=False, device_choice=False, position_seconds=0.0)

    def __init__(self, speed: float = 2.5) -> None:
        super().__init__()
        self.speed = speed
        self.heard: list[np.ndarray] = []
        self.opened = 0
        self.closed = 0
        self.refuses_after = 10**9
        self.dies_at_frame = 10**9
        self.hangs_at_frame = 10**9
        self._since = 0.0

    def _open(self, feed: Feed) -> None:
        if self.opened >= self.refuses_after:
            raise PlayerUnavailableError("unplugged")
        self.opened += 1
        self._since = time.monotonic()

    def _push(self, feed: Feed) -> float:
        now = time.monotonic()
        if feed.position >= self.dies_at_frame:
            self.dies_at_frame = 10**9
            raise DeviceLostError("the plug was pulled")
        if feed.position < self.hangs_at_frame:
            taken = feed.take(min(RATE, round((now - self._since) * self.speed * RATE)))
            self._note_hunger(not feed.ended and not feed.available_frames)
            self.heard.append(taken)
        self._since = now
        return 0.01

    def _taken_frames(self, feed: Feed) -> int:
        return feed.position

    def _is_drained(self, feed: Feed) -> bool:
        return True

    def _step_back(self, feed: Feed) -> None:
        feed.go_back(RATE // 10)

    def _close(self) -> None:
        self.closed += 1


def ramp(seconds: float) -> np.ndarray:
    """Return a render in which every frame is another one."""
    return (np.arange(round(seconds * RATE)) % 30_000 / 32_768).astype(np.float32)


def played(fake: FakePlayer, blocks: Iterator[Block]) -> np.ndarray:
    """Play a stream to its end and return what the device took."""
    fake.play(blocks, sample_rate=RATE, channels=1)
    return np.concatenate(fake.heard)[:, 0]


def test_a_stream_is_played_whole() -> None:
    """The device takes every frame once, in order, and is closed at the end."""
    fake = FakePlayer()
    heard = played(fake, blocks_of(ramp(1.0)))
    np.testing.assert_array_equal(heard, ramp(1.0) * 32_768)
    assert (fake.opened, fake.underruns) == (1, 0)
    assert fake.closed >= 1


def test_an_empty_stream_opens_nothing() -> None:
    """Without a frame to play there is no need of a device."""
    fake = FakePlayer()
    fake.play(iter([]), sample_rate=RATE, channels=1)
    assert fake.opened == 0


def test_the_position_is_that_in_the_session() -> None:
    """A stream from the middle of a session reports positions of the session."""
    positions: list[int] = []
    FakePlayer().play(
        (block for block in blocks_of(ramp(2.0)) if block.start_frame >= 20_000),
        sample_rate=RATE,
        channels=1,
        on_position=positions.append,
    )
    assert positions == sorted(positions)
    assert positions[0] >= 20_000
    assert positions[-1] == 2 * RATE


def test_nothing_starts_before_the_first_block() -> None:
    """The device is opened when there is something to sound, and at once then."""
    fake = FakePlayer()
    opened_before = []

    def slow() -> Iterator[Block]:
        time.sleep(0.4)
        opened_before.append(fake.opened)
        yield from blocks_of(ramp(0.2))

    began_at = time.monotonic()
    fake.play(slow(), sample_rate=RATE, channels=1)
    assert opened_before == [0]
    assert time.monotonic() - began_at < 0.8


def test_a_late_stream_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late a block is, the watch over the device does not mistake the wait for a loss."""
    monkeypatch.setattr(player, "SILENT_DEVICE_SECONDS", 0.3)

    def late() -> Iterator[Block]:
        for index, block in enumerate(blocks_of(ramp(1.0))):
            time.sleep(1.0 if index == 1 else 0.0)
            yield block

    fake = FakePlayer()
    heard = played(fake, late())
    np.testing.assert_array_equal(heard, ramp(1.0) * 32_768)
    assert (fake.opened, fake.underruns) == (1, 1)


@pytest.mark.parametrize("in_the_callback", [False, True])
def test_stop_returns_at_once(in_the_callback: bool) -> None:
    """Stopping from another thread or from within play() closes the device; twice is as good as once."""
    fake = FakePlayer(speed=1.0)

    def stop(*_: int) -> None:
        fake.stop()
        fake.stop()

    if not in_the_callback:
        threading.Timer(0.3, stop).start()
    began_at = time.monotonic()
    fake.play(
        blocks_of(ramp(60.0)),
        sample_rate=RATE,
        channels=1,
        on_position=stop if in_the_callback else None,
    )
    assert time.monotonic() - began_at < 0.6
    assert fake.closed >= 1
    assert fake.position_frames < RATE


def test_stop_does_not_wait_for_a_sentence() -> None:
    """While the first block is still being made, stop() ends the play all the same."""
    fake = FakePlayer()
    go_on = threading.Event()

    def stuck() -> Iterator[Block]:
        go_on.wait(10.0)
        yield from blocks_of(ramp(1.0))

    threading.Timer(0.2, fake.stop).start()
    began_at = time.monotonic()
    fake.play(stuck(), sample_rate=RATE, channels=1)
    assert time.monotonic() - began_at < 1.0
    assert fake.opened == 0
    go_on.set()


def test_one_play_at_a_time() -> None:
    """A second play() on a player that is playing is refused and leaves the first alone."""
    fake = FakePlayer()
    refusals = []

    def again(_: int) -> None:
        with pytest.raises(PlaybackError, match="playing already") as refusal:
            fake.play(blocks_of(ramp(1.0)), sample_rate=RATE, channels=1)
        refusals.append(refusal)

    fake.play(blocks_of(ramp(0.5)), sample_rate=RATE, channels=1, on_position=again)
    assert refusals
    assert sum(map(len, fake.heard)) == RATE // 2


def test_a_failing_listener_ends_the_play() -> None:
    """What on_position raises comes out, with the device closed."""
    fake = FakePlayer()

    def fail(_: int) -> None:
        raise RuntimeError("no screen")

    with pytest.raises(RuntimeError, match="no screen"):
        fake.play(blocks_of(ramp(1.0)), sample_rate=RATE, channels=1, on_position=fail)
    assert fake.closed >= 1


def test_a_device_that_comes_back_goes_on_from_the_place() -> None:
    """After a loss the stream goes on a little before the place, and nothing is skipped."""
    fake = FakePlayer()
    fake.dies_at_frame = RATE
    heard = played(fake, blocks_of(ramp(1.5)))
    assert fake.opened == 2
    steps = np.diff(heard)
    (back,) = np.flatnonzero((steps != 1) & (steps != -29_999))
    assert steps[back] in {1 - RATE // 10, 30_001 - RATE // 10}
    assert len(heard) == 1.5 * RATE + RATE // 10


def test_a_device_that_stands_still_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that is open but takes nothing is given up after a few seconds, with the reason."""
    monkeypatch.setattr(player, "SILENT_DEVICE_SECONDS", 0.3)
    monkeypatch.setattr(player, "REOPEN_SECONDS", 0.7)
    fake = FakePlayer()
    fake.hangs_at_frame = RATE // 2
    with pytest.raises(PlaybackError, match=r"went away at 0:00\.\d .*took no sound for 0\.3 s"):
        fake.play(blocks_of(ramp(10.0)), sample_rate=RATE, channels=1)
    assert fake.opened > 1


def test_a_device_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what was lost, what the last try said, and that a track can be made instead."""
    monkeypatch.setattr(player, "REOPEN_SECONDS", 0.5)
    fake = FakePlayer()
    fake.dies_at_frame = RATE
    fake.refuses_after = 1
    with pytest.raises(PlaybackError, match=r"unplugged.*voicecoach export"):
        fake.play(blocks_of(ramp(10.0)), sample_rate=RATE, channels=1)


def test_a_stop_ends_the_search_for_a_lost_device() -> None:
    """Nobody has to wait for the end of the tries."""
    fake = FakePlayer()
    fake.dies_at_frame = RATE // 2
    fake.refuses_after = 1
    threading.Timer(1.0, fake.stop).start()
    began_at = time.monotonic()
    fake.play(blocks_of(ramp(10.0)), sample_rate=RATE, channels=1)
    assert time.monotonic() - began_at < 2.0


def test_a_device_that_swallows_sound_is_no_speaker() -> None:
    """Sound that is gone far faster than it could be heard is an error, not a success."""
    fake = FakePlayer(speed=1_000.0)
    with pytest.raises(PlaybackError, match="no real speakers"):
        fake.play(blocks_of(ramp(20.0)), sample_rate=RATE, channels=1)
