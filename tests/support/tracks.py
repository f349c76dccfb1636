"""A short session to export, and what independent decoders make of the track."""

from __future__ import annotations

import base64
import re
import subprocess
from typing import TYPE_CHECKING

import numpy as np

from tests.support.building import compiled, routine, step
from voicecoach.export import FORMATS, TrackTags, export_track
from voicecoach.script.model import Cue
from voicecoach.sound.clip import Clip, fade, to_pcm16
from voicecoach.sound.mixdown import Block, Span, mix
from voicecoach.sound.timeline import Placement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

RATE = 24_000
SCRIPT = compiled(routine(step("hold", "hold 5s")))
TAGS = TrackTags(
    "Rücken ‘stark’ 背", "A. Coach", "Back", "Ten minutes · no equipment", script=SCRIPT
)
SOUND_FILES = [row.name for row in FORMATS.values() if not row.is_page]
"""The formats that other programs play: a page is for browsers."""
CUE = Cue(0.0, 1.0, "speech", "Hold.", "cue")


def speech_like(seed: int, sample_rate: int = RATE, channels: int = 1) -> Clip:
    """Return about a second of noise with the spectrum of a voice: its correlation has one peak."""
    rng = np.random.default_rng(seed)
    frames = sample_rate + seed * 777
    spectrum = np.fft.rfft(rng.normal(0, 1, (frames, channels)), axis=0)
    hertz = np.fft.rfftfreq(frames, 1 / sample_rate)[:, np.newaxis]
    spectrum *= (hertz > 150) / np.maximum(hertz, 400)
    samples = np.fft.irfft(spectrum, frames, axis=0)
    samples *= 0.5 / np.abs(samples).max()
    return fade(Clip(samples.astype(np.float32), sample_rate), 0.005, 0.005)


class SomeSession:
    """Five cues at odd places in eleven seconds, in two spans."""

    def __init__(self, sample_rate: int = RATE, channels: int = 1) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.placements = [
            Placement(
                1234 + index * (2 * sample_rate + 37),
                speech_like(index, sample_rate, channels),
                0.0,
                CUE,
                "Hold.",
            )
            for index in range(5)
        ]
        self.total_frames = self.placements[-1].end_frame

    def blocks(self, block_frames: int = 20_000) -> Iterator[Block]:
        """Yield the rendered session."""
        border = 4 * self.sample_rate
        first = [p for p in self.placements if p.start_frame < border]
        second = [p for p in self.placements if p.start_frame >= border]
        spans = [Span(0, 0, border, first), Span(1, border, None, second)]
        return mix(spans, self.sample_rate, self.channels, block_frames)

    def pcm(self) -> NDArray[np.int16]:
        """Return all samples as 16-bit numbers."""
        return np.concatenate([to_pcm16(block.samples) for block in self.blocks()])

    def export(self, path: Path, **options: Any) -> Path:
        """Export it, with options that replace the usual ones."""
        arguments = {
            "blocks": self.blocks(),
            "total_frames": self.total_frames,
            "sample_rate": self.sample_rate,
            "channels": self.channels,
            "tags": TAGS,
        }
        return export_track(path=path, **(arguments | options))

    def onset_errors(self, decoded: NDArray[np.float32]) -> list[int]:
        """Return by how many frames each cue was found beside its place, by cross-correlation."""
        return [
            best_lag(decoded[:, 0], placement.clip.samples[:, 0], placement.start_frame)
            for placement in self.placements
        ]


def best_lag(
    decoded: NDArray[np.float32], clip: NDArray[np.float32], start_frame: int, reach: int = 3000
) -> int:
    """Return where, counted from `start_frame`, a clip matches best, within `reach` frames."""
    around = np.pad(decoded, reach)[start_frame : start_frame + len(clip) + 2 * reach]
    size = 1 << (len(around) + len(clip)).bit_length()
    match = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(clip, size)), size)
    return int(np.argmax(match[: 2 * reach])) - reach


def decode_with_ffmpeg(path: Path, sample_rate: int, channels: int) -> NDArray[np.float32]:
    """Return the samples as ffmpeg decodes them."""
    command = ["ffmpeg", "-v", "error", "-i", path, "-f", "s16le",
               "-ar", str(sample_rate), "-ac", str(channels), "-"]  # fmt: skip
    return _samples(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout,
                    channels)  # fmt: skip


def decode_with_mpg123(path: Path, _: int, channels: int) -> NDArray[np.float32]:
    """Return the samples as mpg123 decodes them."""
    command = ["mpg123", "-q", "-s", path]
    return _samples(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout,
                    channels)  # fmt: skip


def decode_with_miniaudio(path: Path, sample_rate: int, channels: int) -> NDArray[np.float32]:
    """Return the samples as miniaudio (dr_mp3, dr_flac, dr_wav, stb_vorbis) decodes them."""
    import miniaudio

    decoded = miniaudio.decode(path.read_bytes(), nchannels=channels, sample_rate=sample_rate)
    return _samples(decoded.samples.tobytes(), channels)


def sound_in(page: Path) -> bytes:
    """Return the MP3 that a page holds."""
    (encoded,) = re.findall(rb'src="data:audio/mpeg;base64,([^"]*)"', page.read_bytes())
    return base64.b64decode(encoded, validate=True)


def decode_page(path: Path, sample_rate: int, channels: int) -> NDArray[np.float32]:
    """Return the samples of the MP3 that a page holds, as miniaudio decodes them."""
    track = path.with_suffix(".mp3")
    track.write_bytes(sound_in(path))
    decoded = decode_with_miniaudio(track, sample_rate, channels)
    track.unlink()
    return decoded


def _samples(pcm: bytes, channels: int) -> NDArray[np.float32]:
    """Return 16-bit bytes as float samples."""
    return (np.frombuffer(pcm, "<i2").reshape(-1, channels) / 32_768).astype(np.float32)


def left_in(folder: Path) -> list[str]:
    """Return the names of all that is in a folder, hidden or not."""
    return sorted(entry.name for entry in folder.iterdir())
