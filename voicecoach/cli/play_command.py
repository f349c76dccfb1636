"""`voicecoach play`: a session on the speakers, hands-free."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.options import (
    DEFAULT_ROUTINES,
    For,
    ForWhom,
    From,
    MaybeRoutineName,
    Only,
    Rate,
    Voice,
    Wishes,
    find_routine,
)
from voicecoach.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.playback import Player
    from voicecoach.session import Session


def play(
    name: MaybeRoutineName = None,
    for_whom: For = None,
    voice: Voice = "auto",
    rate: Rate = 1.0,
    start: From = "",
    only: Only = "",
    player_name: Annotated[
        str, typer.Option("--player", help="auto, miniaudio, simpleaudio or pipe.")
    ] = "auto",
    device: Annotated[
        str | None, typer.Option("--device", help="Which speakers; `voicecoach doctor` lists them.")
    ] = None,
) -> None:
    """Play a routine on the speakers, hands-free from the first word to the last.

    Without a name it plays relaxation, or children with --for child. Ctrl-C stops at once.
    """
    from voicecoach.library import Library
    from voicecoach.playback import open_player

    library = Library()
    if name is None:
        name = DEFAULT_ROUTINES[for_whom or ForWhom.ADULT]
        say(f"No routine named, so this is {name}. To choose another: voicecoach list")
    routine = find_routine(name, for_whom, library)
    with Wishes(voice, rate, start, only).open(routine, library) as session:
        player = open_player(player_name, device)
        say(f"{routine.title}, about {_minutes(session)}, on {player.device_description}.")
        say(session.narrator.description)
        for limit in _limits(player):
            say(limit)
        if routine.adult_nearby:
            say("A grown-up stays close, please.")
        say("Ctrl-C stops.")
        player.play(
            session.blocks(),
            sample_rate=session.sample_rate,
            channels=session.channels,
            on_position=_chapter_teller(session),
        )
        say("Done.")
        if player.underruns:
            times = "once" if player.underruns == 1 else f"{player.underruns} times"
            say(f"The sound had to wait {times}, for the voice or for a busy computer.")


def _minutes(session: Session) -> str:
    minutes = max(1, round(session.nominal.duration_seconds / 60))
    return "one minute" if minutes == 1 else f"{minutes} minutes"


def _limits(player: Player) -> list[str]:
    """Return what the chosen player cannot do, for those who chose it and those who have no other."""
    missing = [
        what
        for can, what in (
            (player.abilities.exact_pause, "stop to the word"),
            (player.abilities.volume, "change the volume"),
            (player.abilities.device_choice, "choose the speakers"),
        )
        if not can
    ]
    return [f"The player {player.name} cannot {', or '.join(missing)}."] if missing else []


def _chapter_teller(session: Session) -> Callable[[int], None]:
    """Return a function that prints each exercise as it begins."""
    nominal = session.nominal
    told = -1
    starts: list[int] = []

    def tell(position_frames: int) -> None:
        nonlocal told
        starts[:] = session.chapter_frames
        reached = sum(1 for start in starts if start <= position_frames) - 1
        while told < reached:
            told += 1
            say(f"  {told + 1}/{len(nominal.segments)}  {nominal.segments[told].title}")
        sys.stderr.flush()

    return tell
