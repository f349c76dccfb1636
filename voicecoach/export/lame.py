"""MP3 through lameenc: LAME in this process, from left to right, in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export.info_frame import SAMPLE_RATES, Mp3Writer
from voicecoach.export.tags.id3 import id3_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan

# LAME's own usual choice. lameenc's is 2: a tenth slower, and nobody hears it in speech.
_QUALITY = 3
_SPARE_BYTES = 2048


def check() -> None:
    """Raise EncoderUnavailableError where lameenc cannot be loaded."""
    try:
        import lameenc  # noqa: F401
    except ImportError as error:
        raise EncoderUnavailableError(
            f"lameenc cannot be loaded ({error}): install it with pip install lameenc"
        ) from error


def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
    """Write the samples as MP3 into `folder` and return the file."""
    import lameenc

    check_mp3_can_hold(plan)
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(plan.sample_rate)
    encoder.set_out_sample_rate(plan.sample_rate)
    encoder.set_channels(plan.channels)
    encoder.set_bit_rate(plan.bitrate_kbps)
    encoder.set_quality(_QUALITY)
    track = folder / "track.mp3"
    with track.open("wb+") as file:
        expected = len(id3_bytes(plan.tags))
        # Words that are dropped or kept by their true lengths take a little more room or less.
        spare = 0 if plan.settle is None else _SPARE_BYTES + expected // 8
        writer = Mp3Writer(file, expected + spare)
        for samples in pcm:
            try:
                encoded = bytes(encoder.encode(samples.tobytes()))
            except (RuntimeError, ValueError) as error:
                raise ExportError(f"the MP3 encoder lameenc failed: {error}") from error
            writer.write(encoded)
        writer.write(bytes(encoder.flush()))
        final = plan.settled()
        writer.finish(final.total_frames, id3_bytes(final.tags))
    return track


def check_mp3_can_hold(plan: TrackPlan) -> None:
    """Refuse a sample rate or a number of channels that no MP3 has."""
    if plan.sample_rate not in SAMPLE_RATES or plan.channels not in (1, 2):
        rates = ", ".join(map(str, SAMPLE_RATES))
        raise ExportError(
            f"an MP3 holds one or two channels at one of {rates} Hz, "
            f"not {plan.channels} at {plan.sample_rate} Hz; choose another format"
        )
