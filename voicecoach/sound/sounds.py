"""Our own sounds, and sound files of any kind as clips.

The start tone glides up, the end tone steps down: told apart with eyes shut, by somebody who hears
one of them alone. They are some 4 LU softer than speech, which is well above anybody's breathing.
And they are low enough for a sentence over them: speech at its peak (-4.5 dBFS) and a tone at its
peak come to -1.7 dBFS together. Music under both is cut to what they leave below -1.5.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from voicecoach.errors import SoundError, VoicecoachError
from voicecoach.sound.clip import (
    CHANNELS,
    SAMPLE_RATE,
    Clip,
    parse_wav,
    read_wav,
    resample,
    with_channels,
)
from voicecoach.sound.pydub_gate import INSTALL_FFMPEG, find_ffmpeg, pydub_in

SOUNDS = ("start", "end", "tick")
"""The names of our sounds, whose files lie in audio/sounds/."""


def load_sound(path: Path, sample_rate: int = SAMPLE_RATE, channels: int = CHANNELS) -> Clip:
    """Return the sound of a file at the session's sample rate and number of channels.

    WAV is read here; anything else goes through pydub and ffmpeg.
    """
    clip = read_wav(path) if path.suffix.lower() == ".wav" else _load_through_pydub(path)
    if not clip.length_frames:
        raise SoundError(f"{path}: holds no sound at all")
    return with_channels(resample(clip, sample_rate), channels)


def _load_through_pydub(path: Path) -> Clip:
    if not path.is_file():
        raise SoundError(f"{path}: there is no such sound file")
    if find_ffmpeg() is None:
        raise SoundError(
            f"{path}: only .wav files are read without ffmpeg; save it as WAV, or {INSTALL_FFMPEG}"
        )
    with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
        try:
            with pydub_in(Path(folder)) as audio_segment:
                # The reader with the long name needs no ffprobe, which packages of ffmpeg for
                # Python do not carry.
                segment = audio_segment.from_file_using_temporary_files(str(path))
                wav = segment.export(Path(folder) / "sound.wav", format="wav")
                with wav:
                    return parse_wav(wav.read(), str(path))
        except VoicecoachError:
            raise
        except Exception as error:
            raise SoundError(
                f"{path}: ffmpeg cannot read it as a sound; save it as WAV and try again"
            ) from error
