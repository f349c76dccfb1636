"""`voicecoach doctor`: what works here, and what to do where something does not."""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import typer

from voicecoach import __version__
from voicecoach.cli.clock import local_now
from voicecoach.cli.options import Json
from voicecoach.cli.output import harmless, print_json, say
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Diagnosis:
    """What one examination found."""

    what: str
    works: bool
    detail: str
    """What was found, or what is wrong and what to do."""
    needed: bool = True
    """Whether the usual commands need it."""
    verdict: str = "works"
    """The finding in a word or two."""


def doctor(as_json: Json = False) -> None:
    """Examine voice, encoders, speakers, settings and media keys: what works, and what to do where not.

    Exit status 1 where the voice or the MP3 encoder does not work, or a setting is wrong; a machine
    without speakers is well.
    """  # noqa: E501  (people read it)
    findings = [
        _examine("voice", _voice),
        _examine("pyttsx3 voice", _system_voice, needed=False),
        _examine("MP3", lambda: _encoder("mp3", "lameenc")),
        _examine("pydub and ffmpeg", lambda: _encoder("mp3", "pydub"), needed=False),
        _examine("speakers", _speakers, needed=False),
        _examine("folders", _folders),
        _examine("settings", _settings),
    ]
    if sys.platform == "linux":
        findings.append(_examine("media keys", _media_keys, needed=False))
    findings += _last_session()
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
            first, *more = harmless(finding.detail).splitlines() or [""]
            print(f"{finding.what:17} {finding.verdict:9} {first}")
            for line in more:
                print(f"{'':27} {line.strip()}")
        if healthy:
            say("All that is needed for `voicecoach export` works.")
    if not healthy:
        raise typer.Exit(1)


def _examine(what: str, examination: Callable[[], str], *, needed: bool = True) -> Diagnosis:
    try:
        return Diagnosis(what, works=True, detail=examination(), needed=needed)
    except VoicecoachError as error:
        verdict = "BROKEN" if needed else "not here"
        return Diagnosis(what, works=False, detail=str(error), needed=needed, verdict=verdict)


def _voice() -> str:
    return _speak("auto")


def _system_voice() -> str:
    return _speak("pyttsx3")


def _speak(spec: str) -> str:
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Audience
    from voicecoach.speech import open_narrator

    begin = time.monotonic()
    with open_narrator(
        spec, audience=Audience.ADULT, use_cache=False, lexicon=Library().lexicon()
    ) as narrator:
        seconds = narrator.seconds("Breathe in, and lift both arms slowly.")
        took = time.monotonic() - begin
        return f"{narrator.description}; {seconds:.1f} s of speech after {took:.1f} s"


def _encoder(format_name: str, encoder: str) -> str:
    from voicecoach.export import FORMATS, encoder_for

    encoder_for(FORMATS[format_name], encoder)
    if encoder == "pydub":
        from voicecoach.sound.pydub_gate import find_ffmpeg

        others = ", ".join(row.name for row in FORMATS.values() if [*row.encoders] == ["pydub"])
        return f"{find_ffmpeg()}; also writes {others}"
    return encoder


def _speakers() -> str:
    from voicecoach.play.players import devices, open_player

    player = open_player()
    lines = [f"{player.name}, on {player.device_description}"]
    lines += [
        f'--device "{device.name}"' + (" (the default)" if device.is_default else "")
        for device in devices()
    ]
    return "\n".join(lines)


def _media_keys() -> str:
    from voicecoach.play.desktop import examine

    return examine()


def _last_session() -> list[Diagnosis]:
    from voicecoach.messages import whole_clock
    from voicecoach.play.resuming import ago, load_last_play, load_resume_point

    last, place = load_last_play(), load_resume_point()
    now = local_now()
    if last is None:
        return []
    gaps = {0: "no gaps", 1: "1 gap"}.get(last.underruns, f"{last.underruns} gaps")
    how = f"{whole_clock(last.seconds_played)} on {last.device} ({last.player})"
    lines = [f"{last.title}, {ago(last.when, now)}: {how}, {last.ending}, {gaps}"]
    if last.underruns:
        lines.append(
            "The sound had to wait for the voice or for a busy computer. Play it again: its"
            " sentences are kept now. If there are still gaps, play the track: voicecoach export"
        )
    if place is not None:
        lines.append(f"{place.describe(now)}; to go on there: voicecoach play --resume")
    return [
        Diagnosis(
            "last session",
            works=not last.underruns,
            detail="\n".join(lines),
            needed=False,
            verdict="gaps" if last.underruns else "well",
        )
    ]


def _settings() -> str:
    from voicecoach.cli.settings.table import SETTINGS, Source, read_settings

    settings = read_settings()
    settings.check(each.name for each in SETTINGS)
    made = [each.name for each in SETTINGS if settings.source(each.name) is not Source.DEFAULT]
    return f"{settings.path or 'no file without a home folder'}: {', '.join(made) or 'none made'}"


def _folders() -> str:
    from voicecoach.files.folders import state_folder
    from voicecoach.library.library import Library
    from voicecoach.practice.log import log_path
    from voicecoach.speech.cache import ClipCache

    lines = [f"{origin}: {folder}" for origin, folder in Library().folders.items()]
    kept = ClipCache().statistics()
    lines.append(f"spoken sentences: {kept.folder} ({kept.size_bytes / 1e6:.1f} MB)")
    if folder := state_folder():
        lines.append(f"the place of the last session: {folder}")
    if path := log_path():
        lines.append(f"what you have practised: {path}")
    return "\n".join(lines)
