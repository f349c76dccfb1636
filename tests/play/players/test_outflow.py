"""What a device is given: the stream, the bed where it is silent or late, each at its volume."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.play.players.fades import FADE_SECONDS
from voicecoach.play.players.feed import Feed
from voicecoach.play.players.keep_alive import BED_PEAK, PERIOD_FRAMES, bed
from voicecoach.play.players.outflow import Outflow
from voicecoach.play.players.volume import RAMP_SECONDS
from voicecoach.sound.clip import db_to_gain, to_pcm16
from voicecoach.sound.mixdown import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 24_000
FIRST_FRAME = 70_000
FADE_FRAMES = round(FADE_SECONDS * RATE)


def stream(seconds: float, channels: int = 1) -> np.ndarray:
    """Return a tone in which every other tenth of a second is silent."""
    clock = np.arange(round(seconds * RATE)) / RATE
    tone = 0.5 * np.sin(2 * np.pi * 440.0 * clock) * (clock * 10 % 2 < 1)
    return np.repeat(tone.astype(np.float32)[:, None], channels, axis=1)


def outflow_of(
    render: np.ndarray, *, wake_frames: int = 0, keep_alive: bool = True, volume_db: list[float]
) -> tuple[Outflow, Feed]:
    """Return an outflow whose volume is the last of `volume_db`, and its feed with all there is."""
    channels = render.shape[1]
    feed = Feed(
        [Block(FIRST_FRAME, render, 0)], channels=channels, ahead_frames=10**9, wake=lambda: None
    )
    outflow = Outflow(
        feed,
        sample_rate=RATE,
        channels=channels,
        wake_frames=wake_frames,
        keep_alive=keep_alive,
        volume_db=lambda: volume_db[-1],
    )
    return outflow, feed


def started(feed: Feed) -> None:
    """Let the feed pull all there is."""
    feed.start()
    feed.join(5.0)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_bed_is_all_that_is_added(channels: int) -> None:
    """Less the bed of its silent frames, by their place in the session, what comes out went in."""
    render = stream(1.0, channels)
    outflow, feed = outflow_of(render, volume_db=[0.0])
    started(feed)
    given = np.concatenate([outflow.take(frames) for frames in (1, 999, 7_000, 30_000)])
    expected = to_pcm16(render)
    silent = ~expected.any(axis=1)
    assert 0.4 < silent.mean() < 0.6
    expected[silent] = bed(FIRST_FRAME, len(render), channels)[silent]
    np.testing.assert_array_equal(given, expected)


def test_without_the_bed_nothing_is_added() -> None:
    """A player that keeps nobody awake gives the stream, and silence where it is late."""
    render = stream(1.0)
    outflow, feed = outflow_of(render, keep_alive=False, volume_db=[0.0])
    assert not outflow.fill(500).any()
    started(feed)
    np.testing.assert_array_equal(outflow.take(RATE), to_pcm16(render))


def test_the_bed_is_noise_that_nobody_hears() -> None:
    """It never leaves its few steps, has no tone and no silence in it, and repeats."""
    assert PERIOD_FRAMES > RATE, "what repeats more often is a hum"
    noise = bed(-50_000, 200_000, 1)[:, 0]
    assert abs(noise).max() == BED_PEAK
    assert 20 * np.log10(noise.std() / 32_768) < -80
    (sounding,) = np.nonzero(noise)
    assert np.diff(sounding).max() < RATE // 1_000
    spectrum = abs(np.fft.rfft(noise[:PERIOD_FRAMES].astype(float))) ** 2
    assert spectrum.max() < 20 * spectrum.mean()
    np.testing.assert_array_equal(noise[:50_000], bed(PERIOD_FRAMES - 50_000, 50_000, 1)[:, 0])


def test_the_wake_up_comes_first_and_is_no_part_of_the_stream() -> None:
    """However it is taken, the stream follows the whole wake-up; waiting for the stream counts for it."""
    outflow, feed = outflow_of(stream(1.0), wake_frames=1_000, volume_db=[0.0])
    assert len(outflow.take(300)) == 300
    assert len(outflow.fill(200)) == 200
    started(feed)
    assert not outflow.has_begun
    given = outflow.take(700)
    assert abs(given[:500]).max() <= BED_PEAK
    np.testing.assert_array_equal(given[501:], to_pcm16(stream(1.0))[1:200])
    assert outflow.given_frames == 1_200
    assert feed.position == 200


def test_it_is_known_which_frames_were_of_the_stream() -> None:
    """Wake-ups and late moments, long ago or not, are told from the stream."""
    outflow, feed = outflow_of(stream(2.0), wake_frames=100, volume_db=[0.0])
    started(feed)
    outflow.take(400)
    outflow.fill(350)
    outflow.fill(50)
    outflow.take(100)
    asked = [0, 50, 100, 101, 400, 420, 800, 850, 900]
    assert [outflow.stream_frames(frame) for frame in asked] == [
        0,
        0,
        0,
        1,
        300,
        300,
        300,
        350,
        400,
    ]


def test_the_volume_changes_without_a_click() -> None:
    """It goes over to the new one in 20 ms, then is exact; 0 dB is the stream to the bit; the bed stays."""
    render = np.full((RATE, 1), 0.5, np.float32)
    render[RATE // 2 :] = 0.0
    volume_db = [0.0]
    outflow, feed = outflow_of(render, volume_db=volume_db)
    started(feed)
    outflow.take(FADE_FRAMES)
    np.testing.assert_array_equal(outflow.take(1_000), to_pcm16(render[:1_000]))
    volume_db.append(-20.0)
    given = np.concatenate([outflow.take(1_000), outflow.take(8_000)])[:, 0]
    ramp = round(RAMP_SECONDS * RATE)
    steps = np.diff(given[:ramp].astype(int), prepend=16_384)
    assert steps.min() >= -0.9 * 16_384 / ramp - 2
    assert (given[ramp:] == round(16_384 * db_to_gain(-20.0))).all()
    volume_db.append(0.0)
    outflow.take(1_000)
    np.testing.assert_array_equal(outflow.take(500), to_pcm16(render[11_000:11_500]))
    volume_db.append(-40.0)
    outflow.take(500)
    np.testing.assert_array_equal(outflow.take(6_000), bed(FIRST_FRAME + RATE // 2, 6_000, 1))


def late_sine(takes: list[int], *, wake_frames: int = 0, channels: int = 2) -> np.ndarray:
    """Return what a device got of a sine of -12 dBFS that came in two parts, the second one late.

    Each of `takes` is filled up, as for a device that pulls; the second part is there after the third.
    """
    clock = np.arange(10_000) / RATE
    wave = 0.25 * np.sin(2 * np.pi * (140.0 * clock + 10.0 * clock**2) + 1.0)
    sine = np.repeat(wave.astype(np.float32)[:, None], channels, 1)
    come = threading.Event()

    def blocks() -> Iterator[Block]:
        yield Block(FIRST_FRAME, sine[:4_013], 0)
        come.wait(5.0)
        yield Block(FIRST_FRAME + 4_013, sine[4_013:], 0)

    feed = Feed(blocks(), channels=channels, ahead_frames=10**9, wake=lambda: None)
    outflow = Outflow(
        feed,
        sample_rate=RATE,
        channels=channels,
        wake_frames=wake_frames,
        keep_alive=False,
        volume_db=lambda: 0.0,
    )
    feed.start()
    while not feed.pulled_frames:
        time.sleep(0.001)
    given = []
    for index, frames in enumerate(takes):
        if index == 3:
            come.set()
            feed.join(5.0)
        before = outflow.given_frames
        given.append(outflow.take(frames))
        given.append(outflow.fill(before + frames - outflow.given_frames))
    whole = np.concatenate(given)
    expected = to_pcm16(sine)
    for part in (expected[:4_013], expected[4_013:]):
        windows = np.lib.stride_tricks.sliding_window_view(whole[:, 0], 500)
        (at,) = np.flatnonzero((windows == part[:500, 0]).all(axis=1))
        np.testing.assert_array_equal(whole[at : at + len(part)], part)
        assert outflow.stream_frames(at + 10) - outflow.stream_frames(at) == 10
    assert outflow.stream_frames(len(whole)) == len(sine)
    return whole


@pytest.mark.parametrize("wake_frames", [0, 50, 1_000])
@pytest.mark.parametrize("late_frames", [1, 100, 3_000])
def test_nothing_clicks_where_the_stream_begins_breaks_off_and_ends(
    wake_frames: int, late_frames: int
) -> None:
    """In mid-wave too there is no step larger than those within the wave, and every frame comes once."""
    first = 4_013 + max(wake_frames, FADE_FRAMES)
    whole = late_sine([1_000, first - 1_000, late_frames, 700, 700, 6_000], wake_frames=wake_frames)
    padded = np.pad(whole.astype(int), ((1, 1), (0, 0)))
    largest_within = 8_192 * 2 * np.pi * 150.0 / RATE
    assert abs(np.diff(padded, axis=0)).max() <= 1.3 * largest_within
    if late_frames == 3_000:
        (silent,) = np.nonzero(~whole.any(axis=1))
        assert np.isin(np.arange(first + FADE_FRAMES, first + late_frames), silent).all()


def test_what_begins_in_silence_is_not_led_in() -> None:
    """A stream that does not step is given at once, and nothing is put beside it."""
    render = stream(1.0)[RATE // 10 :]
    outflow, feed = outflow_of(render, keep_alive=False, volume_db=[0.0])
    started(feed)
    np.testing.assert_array_equal(outflow.take(9_000), to_pcm16(render)[:9_000])
