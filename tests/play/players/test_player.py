"""The course of a play, on a device that the test drives: start, wait, loss, end."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from tests.support.stream import blocks_of
from voicecoach.errors import PlaybackError
from voicecoach.play.players import player
from voicecoach.play.players.player import Abilities, DeviceLostError, Player, SleptError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.play.players.feed import Feed
    from voicecoach.sound.mixdown import Block

pytestmark = pytest.mark.timed

RATE = 24_000


class FakePlayer(Player):
    """A device that takes frames by the clock, `speed` times as fast as they sound."""

    name: ClassVar[str] = "fake"
    abilities = Abilities(
        exact_pause=True, volume=False, device_choice=False, seamless=True, position_seconds=0.0
    )

    def __init__(self, speed: float = 2.5) -> None:
        super().__init__()
        self.speed = speed
        self.heard: list[np.ndarray] = []
        self.opened = 0
        self.closed = 0
        self.dies_at_frame = 10**9
        self.hangs_at_frame = 10**9
        self.lead_frames = 0
        self._since = 0.0

    def _open(self, feed: Feed) -> None:
        self.opened += 1
        self._since = time.monotonic()

    def _push(self, feed: Feed) -> float:
        now = time.monotonic()
        if feed.position >= self.dies_at_frame:
            self.dies_at_frame = 10**9
            raise DeviceLostError("the plug was pulled")
        if feed.position < self.hangs_at_frame:
            taken = feed.peek(min(RATE, round((now - self._since) * self.speed * RATE)))
            feed.position += len(taken)
            self._note_hunger(not feed.ended and not feed.available_frames)
            self.heard.append(taken)
        self._since = now
        return 0.01

    def _taken_frames(self, feed: Feed) -> int:
        return feed.position

    def _sounded_frames(self, feed: Feed) -> int:
        return feed.position - self.lead_frames

    def _is_waiting(self, feed: Feed) -> bool:
        return not feed.available_frames and not feed.ended

    def _is_drained(self, feed: Feed) -> bool:
        return True

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


def test_a_lost_device_ends_the_play_at_the_place() -> None:
    """The message says where, why and what to do; another play goes on without losing a frame."""
    fake = FakePlayer()
    fake.dies_at_frame = RATE
    fake.lead_frames = RATE // 4
    render = ramp(1.5)
    with pytest.raises(
        DeviceLostError, match=r"went away at 0:00 .*plug was pulled.*connect.*voicecoach export"
    ):
        played(fake, blocks_of(render))
    assert fake.opened == fake.closed == 1
    place = fake.position_frames
    assert 0.6 * RATE < place <= sum(map(len, fake.heard)) - RATE // 4
    fake.heard.clear()
    heard = played(fake, blocks_of(render, from_frame=place))
    np.testing.assert_array_equal(heard, render[place:] * 32_768)
    assert fake.position_frames == len(render)


def test_a_device_that_stands_still_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that is open but takes nothing is given up after a few seconds, with the reason."""
    monkeypatch.setattr(player, "SILENT_DEVICE_SECONDS", 0.3)
    fake = FakePlayer()
    fake.hangs_at_frame = RATE // 2
    with pytest.raises(DeviceLostError, match=r"went away at 0:00 .*took no sound for 0\.3 s"):
        fake.play(blocks_of(ramp(10.0)), sample_rate=RATE, channels=1)
    assert (fake.opened, fake.closed) == (1, 1)


@pytest.mark.parametrize("what", ["this computer slept", "voicecoach was stopped"])
def test_sleep_ends_the_play_at_the_place(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the device made of the time meanwhile, the place is that of before."""
    fake = FakePlayer(speed=1.0)
    positions: list[int] = []
    began_at = time.monotonic()
    if what == "this computer slept":
        monkeypatch.setattr(
            player, "_slept_seconds", lambda: 3600.0 if time.monotonic() > began_at + 0.5 else 7.0
        )
    else:
        monkeypatch.setattr(player, "SLEPT_SECONDS", 0.3)
        wait = fake._wait

        def wait_long(seconds: float) -> None:
            wait(seconds)
            if time.monotonic() > began_at + 0.5:
                time.sleep(0.4)

        monkeypatch.setattr(fake, "_wait", wait_long)
    with pytest.raises(SleptError, match=f"{what} at 0:00 of the session; go on") as slept:
        fake.play(blocks_of(ramp(10.0)), sample_rate=RATE, channels=1, on_position=positions.append)
    assert isinstance(slept.value, DeviceLostError)
    assert fake.position_frames == positions[-1]
    assert 0.4 * RATE < positions[-1] < 0.6 * RATE
    assert fake.closed == 1


class PullingPlayer(FakePlayer):
    """A device that takes frames by itself, whatever the program does meanwhile."""

    def _taken_frames(self, feed: Feed) -> int:
        return round((time.monotonic() - self._since) * RATE)

    def _push(self, feed: Feed) -> float:
        feed.position = min(feed.pulled_frames, self._taken_frames(feed))
        return 0.01


@pytest.mark.parametrize("stopped", [True, False])
def test_a_stop_is_told_from_a_terminal_that_takes_no_text(
    monkeypatch: pytest.MonkeyPatch, *, stopped: bool
) -> None:
    """Whoever is told the position may take long; only where the device stood still too, we were stopped."""
    monkeypatch.setattr(player, "SLEPT_SECONDS", 0.3)
    late = iter([0.5])

    def hesitate(_position: int) -> None:
        time.sleep(next(late, 0.0))

    fake = FakePlayer(1.0) if stopped else PullingPlayer()
    if stopped:
        with pytest.raises(SleptError, match="voicecoach was stopped"):
            fake.play(blocks_of(ramp(1.0)), sample_rate=RATE, channels=1, on_position=hesitate)
    else:
        fake.play(blocks_of(ramp(1.0)), sample_rate=RATE, channels=1, on_position=hesitate)
        assert fake.position_frames == RATE


def test_the_place_never_falls_nor_runs_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter guesses what has sounded; the position follows it, up to what was taken, to the end."""
    fake = FakePlayer(speed=1.0)
    guesses = itertools.cycle([500, 200, 900, 10**9, 100])
    monkeypatch.setattr(
        fake, "_sounded_frames", lambda feed: next(guesses) if feed.position > 900 else 0
    )
    positions: list[int] = []

    def follow(position: int) -> None:
        if position:
            positions.append(position)
        if position == 900:
            fake.stop()

    fake.play(blocks_of(ramp(60.0)), sample_rate=RATE, channels=1, on_position=follow)
    assert positions == [500, 500, 900]
    assert 900 < fake.position_frames == sum(map(len, fake.heard)) < RATE


@pytest.mark.parametrize("keep_alive", [False, True])
def test_the_place_of_a_play_that_never_began_is_that_of_its_stream(keep_alive: bool) -> None:
    """A stop before the first sound goes on at the first frame; one before the first block moves nothing."""
    fake = FakePlayer()
    fake.keep_alive = keep_alive
    fake.play(blocks_of(ramp(1.0)), sample_rate=RATE, channels=1)
    assert fake.position_frames == RATE
    go_on = threading.Event()

    def stuck() -> Iterator[Block]:
        fake.stop()
        go_on.wait(10.0)
        yield from blocks_of(ramp(2.0), from_frame=20_000)

    fake.play(stuck(), sample_rate=RATE, channels=1)
    assert fake.position_frames == RATE
    go_on.set()
    fake.speed = 0.0
    threading.Timer(0.2, fake.stop).start()
    fake.play(blocks_of(ramp(2.0), from_frame=20_000), sample_rate=RATE, channels=1)
    assert fake.position_frames == 20_000


def test_a_wake_up_opens_the_device_before_the_stream_is_there() -> None:
    """To keep speakers alive the device is opened at once, and the position waits for the stream."""
    fake = FakePlayer()
    fake.keep_alive = True
    opened_before = []
    positions: list[int] = []

    def slow() -> Iterator[Block]:
        time.sleep(0.3)
        opened_before.append(fake.opened)
        yield from blocks_of(ramp(1.5), from_frame=20_000)

    fake.play(slow(), sample_rate=RATE, channels=1, on_position=positions.append)
    assert opened_before == [1]
    assert positions[0] >= 20_000


def test_speakers_fall_asleep_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first play and one long after another wake the speakers up for longer than one soon after."""
    monkeypatch.setattr(player, "STILL_AWAKE_SECONDS", 0.3)
    fake = FakePlayer()
    wakes = []
    for keep_alive, pause_seconds in ((True, 0.0), (True, 0.0), (True, 0.4), (False, 0.4)):
        time.sleep(pause_seconds)
        fake.keep_alive = keep_alive
        played(fake, blocks_of(ramp(0.1)))
        wakes.append(fake._wake_seconds)
    assert wakes == [0.8, 0.1, 0.8, 0.0]


def test_the_volume_stays_within_its_range() -> None:
    """Louder than the stream, or quieter than can be heard, cannot be asked for."""
    fake = FakePlayer()
    for asked_db, set_db in ((-12.5, -12.5), (3.0, 0.0), (-60.0, -40.0)):
        fake.volume_db = asked_db
        assert fake.volume_db == set_db


def test_a_device_that_swallows_sound_is_no_speaker() -> None:
    """Sound that is gone far faster than it could be heard is an error, not a success."""
    fake = FakePlayer(speed=1_000.0)
    with pytest.raises(PlaybackError, match="no real speakers"):
        fake.play(blocks_of(ramp(20.0)), sample_rate=RATE, channels=1)
