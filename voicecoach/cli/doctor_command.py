"""`voicecoach doctor`: what works here, and what to do where something does not."""

from __future__ import annotations

import platform
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import typer

from voicecoach import __version__
from voicecoach.cli.options import Json
from voicecoach.cli.output import print_json, say
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Finding:
    """What one examination found."""

    what: str
    works: bool
    detail: str
    """What was found, or what is wrong and what to do."""
    needed: bool = True
    """Whether the usual commands need it."""


def doctor(as_json: Json = False) -> None:
    """Examine the voice, the encoders and the speakers: what works, and what to do where it does not.

    Exit status 1 where the voice or the MP3 encoder does not work; a machine without speakers is well.
    """
    findings = [
        _examine("voice", _voice),
        _examine("pyttsx3 voice", _system_voice, needed=False),
        _examine("MP3", lambda: _encoder("mp3", "lameenc")),
        _examine("pydub and ffmpeg", lambda: _encoder("mp3", "pydub"), needed=False),
        _examine("speakers", _speakers, needed=False),
        _examine("folders", _folders),
    ]
    healthy = all(finding.works for finding in findings if finding.needed)
    if as_json:
        print_json(
            {
                "version": __version__,
                "python": platform.python_version(),
                "system": platform.platform(),
                "healthy": healthy,
                "findings": [asdict(finding) for finding in findings],
            }
        )
    else:
        print(
            f"voicecoach {__version__}, Python {platform.python_version()}, {platform.platform()}"
        )
        for finding in findings:
            verdict = "works" if finding.works else ("BROKEN" if finding.needed else "not here")
            first, *more = finding.detail.splitlines() or [""]
            print(f"{finding.what:17} {verdict:9} {first}")
            for line in more:
                print(f"{'':27} {line.strip()}")
        if healthy:
            say("All that is needed for `voicecoach export` works.")
    if not healthy:
        raise typer.Exit(1)


def _examine(what: str, examination: Callable[[], str], *, needed: bool = True) -> Finding:
    try:
        return Finding(what, works=True, detail=examination(), needed=needed)
    except VoicecoachError as error:
        return Finding(what, works=False, detail=str(error), needed=needed)


def _voice() -> str:
    return _speak("auto")


def _system_voice() -> str:
    return _speak("pyttsx3")


def _speak(spec: str) -> str:
    """Speak a sentence into memory, for real, and say how long it took."""
    from voicecoach.routine import Audience
    from voicecoach.speech import open_narrator

    begin = time.monotonic()
    with open_narrator(spec, audience=Audience.ADULT, use_cache=False) as narrator:
        seconds = narrator.seconds("Breathe in, and lift both arms slowly.")
        took = time.monotonic() - begin
        return f"{narrator.description}; {seconds:.1f} s of speech after {took:.1f} s"


def _encoder(format_name: str, encoder: str) -> str:
    from voicecoach.export import FORMATS, encoder_for

    encoder_for(FORMATS[format_name], encoder)
    if encoder == "pydub":
        from voicecoach.pydub_gate import find_ffmpeg

        others = ", ".join(row.name for row in FORMATS.values() if row.encoders == ("pydub",))
        return f"{find_ffmpeg()}; also writes {others}"
    return encoder


def _speakers() -> str:
    """Open the speakers without a sound, and list what there is to choose from."""
    from voicecoach.playback import devices, open_player

    player = open_player()
    lines = [f"{player.name}, on {player.device_description}"]
    lines += [
        f'--device "{device.name}"' + (" (the default)" if device.is_default else "")
        for device in devices()
    ]
    return "\n".join(lines)


def _folders() -> str:
    from voicecoach.library import Library
    from voicecoach.speech.cache import ClipCache

    library = Library()
    lines = [f"{origin}: {folder}" for origin, folder in library.folders.items()]
    kept = ClipCache().statistics()
    lines.append(f"spoken sentences: {kept.folder} ({kept.size_bytes / 1e6:.1f} MB)")
    return "\n".join(lines)
