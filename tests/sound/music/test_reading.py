"""Music files: any kind and length, decoded onto the disk, exact, and nothing left behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tracemalloc
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.needs import requires_program
from voicecoach.errors import SoundError, SoundNotFoundError
from voicecoach.sound.clip import Clip, resample, to_pcm16, with_channels
from voicecoach.sound.music import BEDS, lasting_name, music_file, open_bed
from voicecoach.sound.music import reading as reading_module
from voicecoach.sound.music.our_beds import SAMPLE_RATE
from voicecoach.sound.music.reading import read_music, remove_left_behind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="files in use stay on Windows")


@pytest.fixture(autouse=True)
def folder(cold_cache: Path) -> Path:
    """Return where decoded music lies."""
    return cold_cache / "music"


def write_wav(path: Path, samples: NDArray[np.int16], rate: int = SAMPLE_RATE) -> Path:
    """Write a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def tune(seconds: float, rate: int = SAMPLE_RATE, channels: int = 2) -> NDArray[np.int16]:
    """Return a few notes, another one in each channel."""
    moments = np.arange(round(seconds * rate)) / rate
    notes = [
        6_000 * np.sin(2 * np.pi * 220 * (1 + channel / 4) * moments) for channel in range(channels)
    ]
    return np.rint(np.stack(notes, axis=1)).astype(np.int16)


def test_a_wav_of_44100_hz_stereo_is_read_as_it_is(tmp_path: Path) -> None:
    """Every sample of it, across the pieces that it is read in, without any other program."""
    samples = np.random.default_rng(1).integers(-9_000, 9_000, (25 * SAMPLE_RATE + 7, 2))
    read = read_music(write_wav(tmp_path / "noise.wav", samples.astype(np.int16)))
    assert np.array_equal(read, samples)


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (22_050, 1), (24_000, 1), (32_001, 2)])
def test_a_wav_of_another_kind_is_the_same_in_pieces_as_at_once(
    tmp_path: Path, rate: int, channels: int
) -> None:
    """No seam every ten seconds."""
    samples = np.random.default_rng(1).integers(-9_000, 9_000, (round(21.3 * rate), channels))
    read = read_music(write_wav(tmp_path / "noise.wav", samples.astype(np.int16), rate))
    whole = Clip(samples.astype(np.float32) / 32_768, rate)
    at_once = to_pcm16(resample(with_channels(whole, 2), SAMPLE_RATE).samples)
    assert read.shape == at_once.shape
    assert np.abs(read.astype(int) - at_once.astype(int)).max() <= 1
    assert np.count_nonzero(read != at_once) < 10


@requires_program("ffmpeg")
@pytest.mark.parametrize("ending", ["mp3", "ogg", "flac", "m4a", "opus"])
def test_other_kinds_are_read_through_ffmpeg(tmp_path: Path, ending: str) -> None:
    """What ffmpeg decodes is the tune, at the rate of all music and in its place."""
    source = write_wav(tmp_path / "tune.wav", tune(3))
    path = tmp_path / f"-a tune: 1.{ending}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", source, f"file:{path}"], check=True, timeout=60)
    read = read_music(path)[: 3 * SAMPLE_RATE - 4_000]
    assert len(read) == 3 * SAMPLE_RATE - 4_000
    for channel in range(2):
        expected = tune(3)[: len(read), channel].astype(float)
        powers = np.abs(np.fft.rfft(read[:, channel].astype(float)))
        assert np.argmax(powers) == np.argmax(np.abs(np.fft.rfft(expected)))
        assert np.std(read[:, channel]) == pytest.approx(np.std(expected), rel=0.1)


@POSIX
def test_nothing_of_a_file_is_left_on_the_disk(tmp_path: Path, folder: Path) -> None:
    """It is read from the disk and has no name there any more: however the session ends, it goes."""
    read = read_music(write_wav(tmp_path / "tune.wav", tune(2)))
    assert isinstance(read, np.memmap)
    assert list(folder.iterdir()) == []
    assert np.array_equal(read, tune(2))


def test_a_long_file_is_not_held_in_memory(tmp_path: Path) -> None:
    """Ten minutes, 106 MB, take less than 30 MB, read and played."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for _ in range(60):
            file.writeframes(tune(10).tobytes())
    tracemalloc.start()
    try:
        bed = open_bed(str(path))
        bed.samples(599 * SAMPLE_RATE, 601 * SAMPLE_RATE)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


@POSIX
def test_a_killed_process_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    """Killed in the middle of decoding, it takes its file along."""
    path = write_wav(tmp_path / "tune.wav", tune(2))
    program = f"""
import time
from pathlib import Path
from voicecoach.sound.music import reading
def slowly(path):
    yield bytes(1000)
    print("begun", flush=True)
    time.sleep(60)
reading._wav_pieces = slowly
reading.read_music(Path({str(path)!r}))
"""
    decoding = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ}
    )
    with decoding:
        assert decoding.stdout is not None
        assert decoding.stdout.readline().strip() == b"begun"
        decoding.kill()
    assert list(folder.iterdir()) == []


def test_what_was_left_behind_is_removed_by_the_next(tmp_path: Path, folder: Path) -> None:
    """A kill in the first moment, and any end on Windows, leave a file; others' files stay."""
    folder.mkdir(parents=True)
    left = folder / ".voicecoach-music-abc.pcm"
    left.write_bytes(bytes(1000))
    (folder / "mine.pcm").write_bytes(b"mine")
    read = read_music(write_wav(tmp_path / "tune.wav", tune(2)))
    assert not left.exists()
    assert (folder / "mine.pcm").exists()
    assert np.array_equal(read, tune(2))


@pytest.mark.parametrize("moment", ["mkstemp", "fdopen"])
def test_who_clears_up_takes_nothing_from_who_begins(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Another session may clear up in the very moment in which a file has been made."""
    module = {"mkstemp": reading_module.tempfile, "fdopen": reading_module.os}[moment]
    usual = getattr(module, moment)

    def then_clear_up(*args: object, **how: object) -> object:
        made = usual(*args, **how)
        remove_left_behind()
        return made

    monkeypatch.setattr(module, moment, then_clear_up)
    assert np.array_equal(read_music(write_wav(tmp_path / "tune.wav", tune(2))), tune(2))


def test_a_cache_that_cannot_be_written_is_no_obstacle(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The music is decoded elsewhere."""
    folder.parent.write_text("not a folder")
    monkeypatch.setattr(reading_module.tempfile, "tempdir", str(tmp_path))
    path = write_wav(tmp_path / "tune.wav", tune(2))
    assert np.array_equal(read_music(path), tune(2))


@pytest.mark.parametrize(
    ("error", "what_next"),
    [
        (errno.ENOSPC, "; make room there, or name another folder with VOICECOACH_CACHE"),
        (errno.EIO, "; name another folder with VOICECOACH_CACHE"),
    ],
)
def test_a_disk_that_is_full_or_broken_is_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, error: int, what_next: str
) -> None:
    """The message says where, and asks for room where that is missing; nothing half is left."""

    def fail(_path: Path) -> Iterator[bytes]:
        yield b"begun"
        raise OSError(error, os.strerror(error))

    path = write_wav(tmp_path / "tune.wav", tune(2))
    monkeypatch.setattr(reading_module, "_wav_pieces", fail)
    with pytest.raises(SoundError, match=r"tune\.wav: cannot be decoded into ") as caught:
        read_music(path)
    assert str(caught.value).endswith(os.strerror(error) + what_next)
    assert list(folder.iterdir()) == []


# ------------------------------------------------------------------------------------ what is no music


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """As a path, and as a name that has an ending."""
    for name in (str(tmp_path / "none.mp3"), "none.mp3", "./none"):
        with pytest.raises(SoundError, match=r"there is no such music file; .*waves, pad, bowls"):
            open_bed(name)


def test_an_unknown_name_tells_the_names() -> None:
    """And the nearest."""
    with pytest.raises(SoundNotFoundError, match='no music "wave"; did you mean "waves"'):
        open_bed("wave")
    with pytest.raises(SoundNotFoundError, match="there are: waves, pad, bowls; or name a file"):
        open_bed("x" * 5_000)


def test_a_folder_is_no_music(tmp_path: Path) -> None:
    """Nor is anything else that is not a file."""
    with pytest.raises(SoundError, match="there is no such music file"):
        open_bed(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.wav", b"not a sound", "is not a WAV file"),
        pytest.param("text.mp3", b"not a sound", "ffmpeg cannot read it as a sound",
                     marks=requires_program("ffmpeg")),
        pytest.param("net.m3u8", b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n",
                     "ffmpeg cannot read it as a sound", marks=requires_program("ffmpeg")),
    ],
)  # fmt: skip
def test_what_is_no_sound_is_refused(
    tmp_path: Path, folder: Path, name: str, content: bytes, message: str
) -> None:
    """By name, and at once."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SoundError, match=f"{name}: {message}"):
        open_bed(str(path))
    assert list(folder.iterdir()) == []


def test_a_sound_is_no_music(tmp_path: Path) -> None:
    """What lasts less than a second would be a rattle."""
    short = write_wav(tmp_path / "short.wav", tune(0.9))
    with pytest.raises(SoundError, match=r"short\.wav: lasts 0\.9 s; music lasts a second or more"):
        open_bed(str(short))
    open_bed(str(write_wav(tmp_path / "second.wav", tune(1))))


def test_a_silent_file_is_no_music(tmp_path: Path) -> None:
    """It is told rather than played."""
    with pytest.raises(SoundError, match=r"quiet\.wav: is silent"):
        open_bed(str(write_wav(tmp_path / "quiet.wav", 0 * tune(2))))


def test_without_ffmpeg_other_files_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install, or to save it as WAV."""
    import voicecoach.sound.pydub_gate

    monkeypatch.setattr(voicecoach.sound.pydub_gate, "find_ffmpeg", lambda: None)
    path = tmp_path / "tune.mp3"
    path.write_bytes(b"sound")
    with pytest.raises(SoundError, match=r"only \.wav files are read without ffmpeg"):
        open_bed(str(path))


# ----------------------------------------------------------------------------------------------- names


def test_a_name_of_ours_comes_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of that name is meant by a path; from elsewhere it is found by all of it."""
    monkeypatch.chdir(tmp_path)
    write_wav(tmp_path / "waves", tune(1))
    assert music_file("waves") is None
    assert lasting_name("waves") == "waves"
    assert lasting_name("./waves") == str(tmp_path / "waves")
    assert list(BEDS) == ["waves", "pad", "bowls"]
