"""`voicecoach voices`: who can speak here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.options import Json
from voicecoach.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from voicecoach.speech import Voice

SAMPLE = ("Breathe in, and lift both arms slowly above your head.", "Three.", "Two.", "One.", "Go.")
"""The words of a voice that is tried."""


def voices(
    try_voice: Annotated[
        str, typer.Option("--try", metavar="ENGINE[:VOICE]", help="Hear this voice.")
    ] = "",
    language: Annotated[
        str,
        typer.Option("--language", metavar="TAG", help="Voices of a language: en, de, …, or all."),
    ] = "en",
    as_json: Json = False,
) -> None:
    """List the engines and voices there are, and say which one speaks now and why."""
    from voicecoach.errors import EngineUnavailableError
    from voicecoach.routine.model import Audience
    from voicecoach.speech import list_voices, open_narrator
    from voicecoach.speech.engines import ENGINES

    if try_voice:
        _try(try_voice)
        return
    found: list[Voice] = []
    missing: list[str] = []
    for engine in ENGINES:
        try:
            found += [voice for voice in list_voices(engine) if _speaks(voice.language, language)]
        except EngineUnavailableError as error:
            missing.append(f"{engine}: {error}")
    spoken = "en" if language == "all" else language
    try:
        with open_narrator("auto", audience=Audience.ADULT, language=spoken) as narrator:
            now = narrator.description
    except EngineUnavailableError as error:
        now = f"nobody. {error}"
    if as_json:
        print_json(
            {
                "voices": [
                    {
                        "voice": f"{voice.engine}:{voice.name}",
                        "language": voice.language,
                        "description": voice.description,
                    }
                    for voice in found
                ],
                "unavailable": missing,
                "speaks_now": now,
            }
        )
        return
    rows = [[f"{voice.engine}:{voice.name}", voice.language, voice.description] for voice in found]
    print_table(("Voice", "Language", "What it is"), rows)
    say(f"Speaks now: {now}")
    for reason in missing:
        say(f"Not here: {reason}")
    say("Hear one: voicecoach voices --try ENGINE:VOICE")


def _speaks(tag: str, wanted: str) -> bool:
    """Return True if a voice's tag is of the wanted language; voices without one speak all."""
    return wanted == "all" or not tag or tag.lower().split("-")[0] == wanted.lower().split("-")[0]


def _try(spec: str) -> None:
    import numpy as np

    from voicecoach.library.library import Library
    from voicecoach.play.players import open_player
    from voicecoach.routine.model import Audience
    from voicecoach.sound.clip import CHANNELS, SAMPLE_RATE
    from voicecoach.sound.mixdown import Block
    from voicecoach.speech import open_narrator

    player = open_player()
    with open_narrator(spec, audience=Audience.ADULT, lexicon=Library().lexicon()) as narrator:
        say(narrator.description)
        pause = np.zeros((SAMPLE_RATE // 2, CHANNELS), np.float32)
        parts = [part for text in SAMPLE for part in (narrator.clip(text).samples, pause)]
        samples = np.concatenate(parts)
    player.play([Block(0, samples, 0)], sample_rate=SAMPLE_RATE, channels=CHANNELS)
