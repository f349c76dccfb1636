"""A piece of music as a bed: as loud as a bed, at any frame, looped, and never too loud."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.lufs import integrated_lufs
from voicecoach.errors import SoundError
from voicecoach.sound.clip import Clip, db_to_gain
from voicecoach.sound.music.bed import BED_LUFS, PEAK_DB, Bed
from voicecoach.sound.music.our_beds import CHANNELS, SAMPLE_RATE
from voicecoach.speech.levelling import SPEECH_LUFS

SECOND = SAMPLE_RATE


def noise(seconds: float, level: float = 0.1, seed: int = 1) -> np.ndarray:
    """Return noise that is loud or quiet."""
    random = np.random.default_rng(seed)
    samples = random.standard_normal((round(seconds * SECOND), 2)) * level * 32_768
    return np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("level", [0.003, 0.05, 0.3])
@pytest.mark.parametrize("gain_db", [-30.0, 0.0, 3.0])
def test_quiet_and_loud_music_become_beds_of_one_loudness(level: float, gain_db: float) -> None:
    """Whatever a file's level, the bed lies 10 LU below sentences, and the gain is on top."""
    bed = Bed(noise(8, level), "noise", gain_db=gain_db)
    heard = integrated_lufs(Clip(bed.samples(0, 8 * SECOND), SAMPLE_RATE))
    assert heard == pytest.approx(BED_LUFS + gain_db, abs=0.3)
    sentence_lufs = SPEECH_LUFS + 10 * math.log10(CHANNELS)
    assert heard == pytest.approx(sentence_lufs - 10 + gain_db, abs=0.4)


def test_no_gain_makes_a_bed_too_loud() -> None:
    """A knock that stands far out of quiet music is rounded off, in place and without a corner."""
    quiet = noise(8, 0.002)
    quiet[4 * SECOND] = 32_767
    bed = Bed(quiet, "knock", gain_db=12.0)
    samples = bed.samples(0, 8 * SECOND)
    highest = db_to_gain(PEAK_DB)
    assert 0.9 * highest < samples.max() <= highest
    calm = Bed(noise(8, 0.002), "calm", gain_db=12.0).samples(0, 8 * SECOND)
    assert np.abs(calm).max() < highest
    others, calm_others = (np.delete(each, 4 * SECOND, axis=0) for each in (samples, calm))
    assert np.corrcoef(others[:, 0], calm_others[:, 0])[0, 1] > 0.99999


@tries(60)
@given(
    first=st.integers(0, 5 * SECOND),
    cuts=st.lists(st.integers(1, SECOND), max_size=5),
    length=st.integers(SECOND, 2 * SECOND),
    cross_fade_seconds=st.sampled_from([0.0, 0.2, 4.0]),
    gain_db=st.sampled_from([0.0, 12.0]),
)
def test_a_frame_is_the_same_however_it_is_asked_for(
    first: int, cuts: list[int], length: int, cross_fade_seconds: float, gain_db: float
) -> None:
    """In one piece, in many, or alone: at a frame of the session there is one sample of the bed."""
    bed = Bed(noise(2)[:length], "n", gain_db=gain_db, cross_fade_seconds=cross_fade_seconds)
    after = first + sum(cuts)
    pieces, frame = [np.empty((0, 2), np.float32)], first
    for count in cuts:
        pieces.append(bed.samples(frame, frame + count))
        frame += count
    assert np.array_equal(np.concatenate(pieces), bed.samples(first, after))


def test_a_loop_of_ours_follows_on_itself() -> None:
    """Without a cross-fade the first frame comes after the last, for ever."""
    loop = noise(2)
    bed = Bed(loop, "loop")
    once = bed.samples(0, 2 * SECOND)
    assert np.allclose(once / once[5, 0] * loop[5, 0], loop, rtol=1e-4)
    far = 2 * SECOND * 5_000
    assert np.array_equal(bed.samples(far - 7, far + 9), np.concatenate([once[-7:], once[:9]]))


def test_a_file_begins_purely_and_its_end_melts_into_its_beginning() -> None:
    """The first round has no trace of the end; later the level holds through the seam, and nothing jumps."""
    seconds = np.arange(20 * SECOND) / SECOND
    wave = 8_000 * np.sin(2 * np.pi * np.array([[150.3], [211.7]]) * seconds)
    music = np.rint(wave.T).astype(np.int16)
    bed = Bed(music, "file", cross_fade_seconds=4.0)
    period = 16 * SECOND
    pure = bed.samples(0, 3 * SECOND)
    assert np.allclose(pure / pure[50, 0] * music[50, 0], music[: 3 * SECOND], atol=1)
    seam = bed.samples(period - SECOND, period + 5 * SECOND)
    assert np.abs(np.diff(seam, axis=0)).max() < 1.5 * np.abs(np.diff(pure, axis=0)).max()
    level = np.sqrt((pure**2).mean())
    parts = np.sqrt((seam.reshape(60, -1) ** 2).mean(axis=1))
    assert parts.min() > 0.4 * level
    assert parts.max() < 1.5 * level
    # After the seam it is the music again, in its second round.
    again = bed.samples(period + 4 * SECOND, period + 5 * SECOND)
    assert np.array_equal(again, bed.samples(4 * SECOND, 5 * SECOND))


def test_short_music_has_a_short_seam() -> None:
    """A second of music is mostly itself."""
    bed = Bed(noise(1), "short", cross_fade_seconds=4.0)
    third, period = SECOND // 3, SECOND - SECOND // 3
    second_round = bed.samples(period, 2 * period)
    assert np.array_equal(second_round[third:], bed.samples(third, period))


def test_silence_is_no_music() -> None:
    """Digital silence and what nobody can hear are refused by name."""
    for silent in (np.zeros((SECOND, 2), np.int16), noise(1, 0.0001)):
        with pytest.raises(SoundError, match=r"^quiet\.wav: is silent"):
            Bed(silent, "quiet.wav")


@pytest.mark.parametrize("gain_db", [-30.1, 12.1, float("nan")])
def test_a_gain_out_of_range_is_a_mistake(gain_db: float) -> None:
    """Whoever calls has to know the range."""
    with pytest.raises(ValueError, match="-30 to 12 dB"):
        Bed(noise(1), "noise", gain_db=gain_db)
