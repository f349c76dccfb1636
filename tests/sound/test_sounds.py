"""Our own sounds, and sound files of other kinds as clips."""

from __future__ import annotations

import subprocess
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.checkout import CHECKOUT
from tests.support.lufs import gain_to_db, integrated_lufs
from tests.support.needs import requires_program
from tests.support.tones import PEAK_DB, TONES, wav_of
from voicecoach.errors import SoundError
from voicecoach.sound import pydub_gate, sounds
from voicecoach.sound.clip import (
    CHANNELS,
    SAMPLE_RATE,
    Clip,
    db_to_gain,
    resample,
    to_pcm16,
)
from voicecoach.sound.music.accompaniment import CEILING_DB
from voicecoach.sound.sounds import SOUNDS, load_sound
from voicecoach.speech.levelling import PEAK_CEILING_DB, SPEECH_LUFS

if TYPE_CHECKING:
    from pathlib import Path

COMMITTED = CHECKOUT / "audio" / "sounds"


def pitch_hz(clip: Clip, from_seconds: float, to_seconds: float) -> float:
    """Return the strongest frequency of a part of a clip."""
    part = clip.samples[round(from_seconds * SAMPLE_RATE) : round(to_seconds * SAMPLE_RATE), 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / (1 << 16)


def test_the_committed_sound_files_are_what_the_code_makes() -> None:
    """Byte for byte: nobody edits a sound without its recipe."""
    committed = {path.stem: path.read_bytes() for path in COMMITTED.glob("*.wav")}
    assert committed == {name: wav_of(make()) for name, make in TONES.items()}
    assert committed.keys() == set(SOUNDS)


@pytest.mark.parametrize("name", SOUNDS)
def test_our_sounds_are_quiet_begin_at_once_and_do_not_click(name: str) -> None:
    """Peak at -13 dBFS, edges at zero, and audible within 5 ms of the start."""
    clip = load_sound(COMMITTED / f"{name}.wav")
    assert (clip.sample_rate, clip.channels) == (SAMPLE_RATE, CHANNELS)
    assert gain_to_db(clip.peak) == pytest.approx(PEAK_DB, abs=0.01)
    assert abs(clip.samples[0, 0]) < 1e-3
    assert abs(clip.samples[-1, 0]) < 1e-3
    assert np.abs(clip.samples[: SAMPLE_RATE // 200]).max() > 0.5 * clip.peak
    spectrum = np.abs(np.fft.rfft(clip.samples[:, 0])) ** 2
    above_5_khz = spectrum[int(5000 / SAMPLE_RATE * len(clip.samples)) :].sum()
    assert 10 * np.log10(above_5_khz / spectrum.sum()) < -50


@pytest.mark.parametrize("name", SOUNDS)
def test_speech_over_a_tone_leaves_headroom(name: str) -> None:
    """The highest peaks of both at one moment lie below where music gives way to them."""
    sum_of_peaks = TONES[name]().peak + db_to_gain(PEAK_CEILING_DB)
    assert gain_to_db(sum_of_peaks) == pytest.approx(-1.7, abs=0.05)
    assert gain_to_db(sum_of_peaks) < CEILING_DB


def through_a_phones_speaker(clip: Clip) -> Clip:
    """Return what a small speaker makes of a clip: 24 dB an octave less below 1 kHz."""
    spectrum = np.fft.rfft(clip.samples[:, 0])
    ratio = np.fft.rfftfreq(clip.length_frames, 1 / SAMPLE_RATE) / 1_000.0
    spectrum *= ratio**4 / np.sqrt(1.0 + ratio**8)
    samples = np.fft.irfft(spectrum, clip.length_frames).astype(np.float32)
    return Clip(samples.reshape(-1, 1), SAMPLE_RATE)


def test_a_tick_is_heard_and_softer_than_a_tone() -> None:
    """It comes as often as a number would, to somebody who wants it quiet."""
    tick, tone = TONES["tick"](), TONES["start"]()
    loudness = integrated_lufs(
        Clip(np.pad(tick.samples, ((0, 9_600), (0, 0)))[:9_600], SAMPLE_RATE)
    )
    assert 3.0 <= integrated_lufs(Clip(tone.samples[:9_600], SAMPLE_RATE)) - loudness <= 8.0
    assert tick.length_frames <= 0.12 * SAMPLE_RATE


@pytest.mark.parametrize("name", ["start", "end"])
def test_a_tone_is_heard_and_not_louder_than_the_coach(name: str) -> None:
    """By its loudest 400 ms 3 to 6 LU softer than speech, also where a small speaker plays it.

    Breathing is 20 dB and more below speech.
    """
    clip = TONES[name]()
    loudest = Clip(clip.samples[:9_600], SAMPLE_RATE)
    assert -6.0 <= integrated_lufs(loudest) - SPEECH_LUFS <= -3.0
    # Speech, with most of its loudness between 500 Hz and 3 kHz, loses 6 LU there.
    lost = integrated_lufs(loudest) - integrated_lufs(through_a_phones_speaker(loudest))
    assert lost <= 7.2


def test_start_rises_and_end_falls() -> None:
    """Start glides up a fifth in 0.30 s; end steps down a fifth in 0.45 s."""
    start, end = TONES["start"](), TONES["end"]()
    assert start.duration_seconds == 0.30
    assert end.duration_seconds == 0.45
    assert pitch_hz(start, 0.0, 0.05) < 660 < 850 < pitch_hz(start, 0.2, 0.3) < 900
    assert pitch_hz(end, 0.0, 0.14) == pytest.approx(784, abs=8)
    assert pitch_hz(end, 0.16, 0.45) == pytest.approx(523, abs=8)


def stereo_wav(path: Path, rate: int = 44_100) -> Clip:
    """Write half a second of two different sines, and return it as clip."""
    moments = np.arange(rate // 2) / rate
    samples = np.stack([np.sin(2 * np.pi * hz * moments) for hz in (440, 660)], axis=1) * 0.4
    clip = Clip(samples.astype(np.float32), rate)
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, 0, "NONE", ""))
        file.writeframes(to_pcm16(clip.samples).tobytes())
    return clip


def test_a_users_own_sound_is_brought_to_the_session(tmp_path: Path) -> None:
    """44.1 kHz stereo becomes 24 kHz mono of the same length, mixed from both channels."""
    original = stereo_wav(tmp_path / "gong.WAV")
    clip = load_sound(tmp_path / "gong.WAV")
    assert (clip.sample_rate, clip.channels, clip.length_frames) == (24_000, 1, 12_000)
    mean = Clip(original.samples.mean(axis=1, keepdims=True), 44_100)
    assert np.abs(clip.samples - resample(mean, 24_000).samples).max() < 1e-4
    assert load_sound(tmp_path / "gong.WAV", 48_000, 2).samples.shape == (24_000, 2)


@requires_program("ffmpeg")
@pytest.mark.parametrize("extension", ["flac", "ogg", "mp3", "m4a", "opus"])
def test_other_formats_are_read_through_pydub(extension: str, tmp_path: Path) -> None:
    """Whatever ffmpeg reads sounds like the WAV it was made from, and leaves no file behind."""
    stereo_wav(tmp_path / "gong.wav")
    target = tmp_path / f"gong.{extension}"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / "gong.wav", target], check=True, timeout=30
    )
    clip, expected = load_sound(target), load_sound(tmp_path / "gong.wav")
    assert clip.length_frames == pytest.approx(12_000, abs=0 if extension == "flac" else 1100)
    inner = slice(2000, 10_000)
    match = np.corrcoef(clip.samples[inner, 0], expected.samples[inner, 0])[0, 1]
    assert match > (0.9999 if extension == "flac" else 0.98)


@requires_program("ffmpeg")
def test_reading_needs_no_ffprobe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with nothing but ffmpeg in it is enough."""
    stereo_wav(tmp_path / "gong.wav")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / "gong.wav", tmp_path / "gong.flac"],
        check=True,
        timeout=30,
    )
    only = tmp_path / "bin"
    only.mkdir()
    (only / "ffmpeg").symlink_to(pydub_gate.find_ffmpeg() or "")
    monkeypatch.setenv("PATH", str(only))
    assert load_sound(tmp_path / "gong.flac").length_frames == 12_000


def test_without_ffmpeg_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Save as WAV, or install ffmpeg."""
    monkeypatch.setattr(sounds, "find_ffmpeg", lambda: None)
    (tmp_path / "gong.mp3").write_bytes(b"ID3")
    with pytest.raises(SoundError, match=r"gong\.mp3: only \.wav .*save it as WAV, or install ffm"):
        load_sound(tmp_path / "gong.mp3")


@requires_program("ffmpeg")
def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    """Neither ffmpeg's page of words nor pydub's exception reaches the user."""
    (tmp_path / "gong.mp3").write_text("this is not music")
    with pytest.raises(SoundError, match=r"gong\.mp3: ffmpeg cannot read it as a sound") as caught:
        load_sound(tmp_path / "gong.mp3")
    assert len(str(caught.value)) < 200 + len(str(tmp_path))
    with pytest.raises(SoundError, match="no such sound file"):
        load_sound(tmp_path / "absent.mp3")


def test_a_sound_without_frames_is_refused(tmp_path: Path) -> None:
    """An empty file would be silence where a start tone is expected."""
    with wave.open(str(tmp_path / "none.wav"), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
    with pytest.raises(SoundError, match="holds no sound"):
        load_sound(tmp_path / "none.wav")
