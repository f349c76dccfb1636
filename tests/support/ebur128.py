"""What ffmpeg's `ebur128` says of a sound: an independent meter."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.sound.clip import Clip


@dataclass(frozen=True)
class Measured:
    """The loudness of a whole sound, and its highest peak."""

    lufs: float
    true_peak_db: float
    """dBTP, between the samples too, in steps of 0.1 dB."""


def measure_track(track: Path) -> Measured:
    """Return what a player makes of a track."""
    return _measured(["-i", str(track)], b"")


def measure_clip(clip: Clip) -> Measured:
    """Return the same of a clip, which goes over without being rounded."""
    sound = ["-f", "f32le", "-ar", str(clip.sample_rate), "-ac", str(clip.channels), "-i", "-"]
    return _measured(sound, clip.samples.astype("<f4").tobytes())


def _measured(sound: list[str], samples: bytes) -> Measured:
    """Return what ffmpeg measures of its input."""
    # The summary at the end has one decimal; what is written for each 100 ms has three.
    meter = "ebur128=peak=true:metadata=1:framelog=verbose,ametadata=print:key=lavfi.r128.I:file=-"
    command = ["ffmpeg", "-hide_banner", "-nostats", *sound, "-af", meter, "-f", "null", "-"]
    done = subprocess.run(command, input=samples, capture_output=True, check=True, timeout=120)
    lufs = re.findall(rb"lavfi\.r128\.I=(\S+)", done.stdout)[-1]
    peaks = re.findall(rb"Peak:\s*(\S+) dBFS", done.stderr)
    return Measured(float(lufs), float(peaks[-1]))
