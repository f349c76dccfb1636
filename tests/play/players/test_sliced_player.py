"""Slices on their clock, on a device that writes down when it was given what."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest

from tests.support.stream import blocks_of, bursts_and_render
from voicecoach.errors import PlaybackError
from voicecoach.play.players.fades import FADE_SECONDS
from voicecoach.play.players.keep_alive import BED_PEAK
from voicecoach.play.players.player import DeviceLostError
from voicecoach.play.players.sliced_player import LEAD_SECONDS, SlicedPlayer
from voicecoach.sound.clip import to_pcm16
from voicecoach.sound.mixdown import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timed

RATE = 24_000
LATEST_SECONDS = 0.03


class FakeSlicedPlayer(SlicedPlayer):
    """Every slice sounds as long as it is, and starts at once unless the device is busy or lost."""

    name: ClassVar[str] = "fake"

    def __init__(self) -> None:
        super().__init__()
        self.started: list[tuple[float, np.ndarray]] = []
        self.drain_seconds = 0.05
        self.sounds_for: list[float] = []
        self.busy_is_an_error = False
        self._ends_at = 0.0

    def _start_slice(self, samples: np.ndarray) -> None:
        if self.busy_is_an_error and self._is_sounding():
            raise DeviceLostError("busy")
        now = time.monotonic()
        self.started.append((now, samples))
        length_seconds = len(samples) / RATE + self.drain_seconds
        self._ends_at = now + (self.sounds_for.pop(0) if self.sounds_for else length_seconds)

    def _is_sounding(self) -> bool:
        return time.monotonic() < self._ends_at

    def _stop_slices(self) -> None:
        self._ends_at = 0.0


def places(fake: FakeSlicedPlayer, render: np.ndarray) -> list[float]:
    """Return where in the render, in seconds, the sound of each slice lies."""
    expected = np.append(to_pcm16(render), np.zeros(RATE, np.int16))
    found = []
    for _, samples in fake.started:
        lead = round(LEAD_SECONDS * RATE)
        assert len(samples) > lead
        silent = lead - round(FADE_SECONDS * RATE)
        assert not samples[:silent].any(), "a slice begins with the sound instead of some silence"
        assert samples[lead], "a slice begins with more silence than it needs"
        sound = samples[lead:, 0]
        (place,) = [
            start
            for start in np.flatnonzero(expected == sound[0])
            if np.array_equal(expected[start : start + len(sound)], sound)
        ]
        found.append(place / RATE)
    return found


def test_each_slice_starts_at_its_moment() -> None:
    """Every slice starts on one clock from the beginning on, with silence before its first sound."""
    _, render = bursts_and_render(4.0)
    fake = FakeSlicedPlayer()
    fake.play(blocks_of(render, segment_seconds=1.0), sample_rate=RATE, channels=1)
    where = places(fake, render)
    assert len(where) >= 3
    began_at = fake.started[0][0] - where[0]
    for (started_at, _), place in zip(fake.started, where, strict=True):
        assert abs(started_at - began_at - place) < LATEST_SECONDS


def test_a_late_stream_moves_all_that_follows() -> None:
    """No slice comes nearer to the one before it because its own part of the stream was late."""
    _, render = bursts_and_render(4.0)
    fake = FakeSlicedPlayer()

    def late_once() -> Iterator[Block]:
        for index, block in enumerate(blocks_of(render, segment_seconds=0.1)):
            time.sleep(3.0 if index == 2 else 0.0)
            yield block

    fake.play(late_once(), sample_rate=RATE, channels=1)
    where = places(fake, render)
    assert fake.underruns == 1
    assert len(where) >= 3
    for ((one, _), at), ((later, _), then) in pairwise(zip(fake.started, where, strict=True)):
        assert later - one >= then - at - LATEST_SECONDS


@pytest.mark.parametrize("keep_alive", [False, True])
def test_a_long_silence_ends_with_the_bed(keep_alive: bool) -> None:
    """To keep speakers alive a slice after 2 s of silence begins with 0.8 s of the bed, in good time."""
    sound, silence = np.full(RATE // 4, 0.5, np.float32), np.zeros(round(2.2 * RATE), np.float32)
    render = np.concatenate((silence[:2_000], sound, silence, sound, silence[:RATE], sound))
    fake = FakeSlicedPlayer()
    fake.keep_alive = keep_alive
    fake.play(blocks_of(render, segment_seconds=0.5), sample_rate=RATE, channels=1)
    leads = [int(np.flatnonzero(samples == 16_384)[0]) for _, samples in fake.started]
    long, short = round(0.8 * RATE), round(LEAD_SECONDS * RATE)
    assert leads == ([long, long, short] if keep_alive else [short] * 3)
    for (_, samples), lead in zip(fake.started, leads, strict=True):
        assert samples[:lead].any() == (lead == long)
        assert abs(samples[:lead]).max() <= BED_PEAK
    sounded_at = [
        started_at + lead / RATE for (started_at, _), lead in zip(fake.started, leads, strict=True)
    ]
    assert np.diff(sounded_at) == pytest.approx([2.45, 1.25], abs=2 * LATEST_SECONDS)


def test_a_device_without_a_mixer_is_waited_for() -> None:
    """While the slice before still drains, the next one is tried again and costs no error."""
    _, render = bursts_and_render(3.0)
    fake = FakeSlicedPlayer()
    fake.drain_seconds = 0.6
    fake.busy_is_an_error = True
    fake.play(blocks_of(render, segment_seconds=0.5), sample_rate=RATE, channels=1)
    assert len(places(fake, render)) >= 2


def test_a_slice_that_ends_too_early_is_a_lost_device() -> None:
    """The play ends at the place, and a new one from there sounds the rest."""
    bursts, render = bursts_and_render(4.0)
    fake = FakeSlicedPlayer()
    lost_at = bursts[1].start_seconds + 0.3
    fake.sounds_for = [lost_at - bursts[0].start_seconds + LEAD_SECONDS]
    with pytest.raises(DeviceLostError, match="speakers went away at 0:01 of the session"):
        # All at once: a slice that is made of what has come so far may end before the loss.
        fake.play([Block(0, render[:, None], 0)], sample_rate=RATE, channels=1)
    assert lost_at - 0.1 < fake.position_frames / RATE < lost_at + 0.1
    fake.started.clear()
    rest = blocks_of(render, from_frame=fake.position_frames)
    fake.play(rest, sample_rate=RATE, channels=1)
    first, *_ = places(fake, render)
    assert first == pytest.approx(lost_at, abs=0.1)
    assert fake.position_frames == len(render)


def test_slices_that_are_gone_at_once_are_no_sound() -> None:
    """A device that ends every slice at once is not a real one, and that is said."""
    _, render = bursts_and_render(4.0)
    fake = FakeSlicedPlayer()
    fake.sounds_for = [0.0] * 100
    with pytest.raises(PlaybackError, match="no real speakers"):
        fake.play(blocks_of(render), sample_rate=RATE, channels=1)


def test_a_stream_without_silence_begins_soon_and_has_no_seam() -> None:
    """With music, a few seconds of it are enough to begin, and slices overlap where none is silent."""
    clock = np.arange(6 * RATE) / RATE
    render = (0.25 * np.sin(2 * np.pi * (140.0 * clock + 10.0 * clock**2) + 2.5)).astype(np.float32)
    fake = FakeSlicedPlayer()
    began_at = time.monotonic()
    fake.play(blocks_of(render, late_seconds=0.3), sample_rate=RATE, channels=1)
    assert fake.started[0][0] - began_at < 2.0
    assert len(fake.started) >= 2
    assert fake.underruns == 0
    assert fake.position_frames == len(render)

    expected = to_pcm16(render).astype(int)
    lead, middle = round(LEAD_SECONDS * RATE), 5_000
    places = []
    for _, samples in fake.started:
        windows = np.lib.stride_tricks.sliding_window_view(expected, 200)
        (at,) = np.flatnonzero((windows == samples[middle : middle + 200, 0]).all(axis=1))
        places.append(int(at) - middle)
    assert places[0] == -lead
    by_the_render = mixed(places, [samples for _, samples in fake.started])
    assert abs(by_the_render[lead : lead + len(expected)] - expected).max() <= 1

    largest_within = 8_192 * 2 * np.pi * 260.0 / RATE
    for late_frames in (-240, -100, 100, 240):  # a sound starts some ms off its moment
        off = [place + late_frames * (index % 2) for index, place in enumerate(places)]
        as_heard = mixed(off, [samples for _, samples in fake.started])
        assert abs(np.diff(as_heard[: lead + len(expected) - RATE])).max() <= 1.5 * largest_within


def mixed(places: list[int], parts: list[np.ndarray]) -> np.ndarray:
    """Return what a mixer makes of parts that begin at places, the first of which comes first."""
    whole = np.zeros(max(map(sum, zip(places, map(len, parts), strict=True))) - places[0], int)
    for place, part in zip(places, parts, strict=True):
        whole[place - places[0] :][: len(part)] += part[:, 0]
    return whole


def test_a_sentence_that_comes_at_once_is_not_cut() -> None:
    """A sound that ends in silence is awaited, if the stream is only a moment behind."""
    sound = np.full(5 * RATE, 0.5, np.float32)
    render = np.concatenate((sound, np.zeros(RATE, np.float32), sound[: RATE // 2]))
    fake = FakeSlicedPlayer()
    fake.play(blocks_of(render, late_seconds=0.02), sample_rate=RATE, channels=1)
    lead = round(LEAD_SECONDS * RATE)
    assert (fake.started[0][1][lead : lead + len(sound)] == 16_384).all()
