"""The options that commands share, and how a routine is chosen by them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.output import say_error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicecoach.library import Library
    from voicecoach.routine import Routine
    from voicecoach.session import Session


class ForWhom(StrEnum):
    """Who a routine is for."""

    ADULT = "adult"
    CHILD = "child"


def complete_routine(incomplete: str) -> list[str]:
    """Return the names of routines that begin like this, for the shell's completion."""
    from voicecoach.library import Library

    return [entry.name for entry in Library().routines() if entry.name.startswith(incomplete)]


_ROUTINE = typer.Argument(
    metavar="ROUTINE",
    help="A name from `voicecoach list`, or the path of a routine file.",
    autocompletion=complete_routine,
)
RoutineName = Annotated[str, _ROUTINE]
MaybeRoutineName = Annotated[str | None, _ROUTINE]
For = Annotated[
    ForWhom | None, typer.Option("--for", help="Routines for an adult, or for a child.")
]
Voice = Annotated[
    str,
    typer.Option(
        "--voice",
        metavar="ENGINE[:VOICE]",
        help="Who speaks; see `voicecoach voices`. `silent` gives lengths without a voice.",
    ),
]
Rate = Annotated[
    float,
    typer.Option(
        "--rate", min=0.8, max=1.2, help="Pace of the speech; the exercise keeps its own time."
    ),
]
From = Annotated[
    str, typer.Option("--from", metavar="STEP", help="Begin at this step: its name or its number.")
]
Only = Annotated[
    str, typer.Option("--only", metavar="STEP,…", help="Do only these steps: names or numbers.")
]
Music = Annotated[
    str,
    typer.Option(
        "--music",
        metavar="NAME|FILE",
        help="Music under the voice: waves, pad or bowls, which are ours, or a sound file; none for none.",
    ),
]
MusicGain = Annotated[
    float,
    typer.Option(
        "--music-gain",
        metavar="DB",
        min=-30.0,
        max=12.0,
        help="How much louder (or, below 0, quieter) the music is than usual.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]

NO_MUSIC = "none"
"""What to say to --music where there shall be none, as to a session that had some."""

DEFAULT_ROUTINES = {ForWhom.ADULT: "relaxation", ForWhom.CHILD: "children"}
"""What is played when nobody names a routine."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    voice: str = "auto"
    rate: float = 1.0
    start: str = ""
    only: str = ""
    music: str = ""
    """The name of a bed or a file; empty for no music."""
    music_gain_db: float = 0.0

    @classmethod
    def with_music(
        cls, voice: str, rate: float, start: str, only: str, music: str, music_gain_db: float
    ) -> Wishes:
        """Return what was asked for; raises where the music is not here, before any long work."""
        from voicecoach.music import lasting_name

        if not math.isfinite(music_gain_db):
            raise typer.BadParameter("say a number of dB from -30 to 12", param_hint="--music-gain")
        music = "" if music == NO_MUSIC else music
        if music_gain_db and not music:
            raise typer.BadParameter("it goes with --music", param_hint="--music-gain")
        return cls(voice, rate, start, only, lasting_name(music) if music else "", music_gain_db)

    @property
    def music_files(self) -> list[Path]:
        """Return the music file that the session is made from, if it is one."""
        from voicecoach.music import music_file

        path = music_file(self.music) if self.music else None
        return [path] if path is not None else []

    def open(self, routine: Routine, library: Library) -> Session:
        """Return the session that was asked for."""
        from voicecoach.session import open_session

        return open_session(
            self.chosen(routine), library, voice=self.voice, rate=self.rate,
            music=self.music, music_gain_db=self.music_gain_db,
        )  # fmt: skip

    def chosen(self, routine: Routine) -> Routine:
        """Return the routine with the steps that were asked for."""
        from voicecoach.personalise import select_steps

        names = [name.strip() for name in self.only.split(",") if name.strip()]
        if self.only and not names:
            raise typer.BadParameter("name at least one step", param_hint="--only")
        return select_steps(routine, only=names, start=self.start)


def find_routine(name: str, for_whom: ForWhom | None, library: Library) -> Routine:
    """Return the routine of that name; wrong usage where it is for somebody else."""
    from voicecoach.routine_file import load_routine

    routine = load_routine(library.find_routine(name), library)
    if for_whom is not None and routine.audience.value != for_whom.value:
        right = ", ".join(sorted(r.slug for r in routines_for(for_whom, library))) or "none"
        raise typer.BadParameter(
            f'"{name}" is made for {_people(ForWhom(routine.audience.value))}; '
            f"for {_people(for_whom)} there are: {right}",
            param_hint="--for",
        )
    return routine


def routines_for(
    for_whom: ForWhom | None, library: Library, broken: list[Path] | None = None
) -> list[Routine]:
    """Return all routines for an audience, all there are for None; files with mistakes go to `broken`."""
    from voicecoach.errors import RoutineError
    from voicecoach.routine_file import load_routine

    routines = []
    for entry in library.routines():
        try:
            routine = load_routine(entry.path, library)
        except RoutineError:
            if broken is not None:
                broken.append(entry.path)
            continue
        if for_whom is None or routine.audience.value == for_whom.value:
            routines.append(routine)
    return routines


def say_broken(paths: Iterable[Path]) -> None:
    """Say which files were passed over and how to find out why."""
    for path in paths:
        say_error(f"{path} has mistakes in it: voicecoach check {path}")


def _people(for_whom: ForWhom) -> str:
    return {ForWhom.ADULT: "adults", ForWhom.CHILD: "children"}[for_whom]
