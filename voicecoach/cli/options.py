"""The options that commands share, and how a routine is chosen by them."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from voicecoach.cli.output import say, say_error
from voicecoach.errors import RoutineError, WishError
from voicecoach.fitting.wishes import MOST_MINUTES, NO_MUSIC, Wishes
from voicecoach.routine.model import Audience, Level, Pace, Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.session.excerpt import Excerpt
    from voicecoach.session.session import Session
    from voicecoach.speech import Narrator


def complete_step(context: typer.Context, incomplete: str) -> list[str]:
    """Return the steps of the routine that was named that begin like this, for the shell's completion."""
    from voicecoach.library.library import Library
    from voicecoach.library.reading import load_routine
    from voicecoach.session.excerpt import places

    library = Library()
    try:
        routine = load_routine(library.find_routine(context.params["name"]), library)
    except (KeyError, RoutineError):
        return []
    return [place.slug for place in places(routine) if place.slug.startswith(incomplete)]


def complete_routine(incomplete: str) -> list[str]:
    """Return the names of routines that begin like this, for the shell's completion."""
    from voicecoach.library.library import Library

    return [entry.name for entry in Library().routines() if entry.name.startswith(incomplete)]


_ROUTINE = typer.Argument(
    metavar="ROUTINE",
    help="A name from `voicecoach list`, or the path of a routine file.",
    autocompletion=complete_routine,
)
RoutineName = Annotated[str, _ROUTINE]
MaybeRoutineName = Annotated[str | None, _ROUTINE]
For = Annotated[
    Audience | None, typer.Option("--for", help="Routines for an adult, or for a child.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for programs.")]
PlayerName = Annotated[str, typer.Option("--player", help="auto, miniaudio, simpleaudio or pipe.")]
Device = Annotated[
    str | None, typer.Option("--device", help="Which speakers; `voicecoach devices` lists them.")
]
KeepAlive = Annotated[
    bool,
    typer.Option(
        "--keep-alive/--no-keep-alive",
        help="Keep Bluetooth speakers awake with sound too quiet to hear.",
    ),
]

_STEPS = "STEP,…"
_WISHES: dict[str, tuple[Any, Any]] = {
    "level": (
        Annotated[
            Level,
            typer.Option("--level", help="How much of each exercise: easy, standard or strong."),
        ],
        Level.STANDARD,
    ),
    "minutes": (
        Annotated[
            int | None,
            typer.Option(
                "--minutes",
                metavar="N",
                min=0,
                max=MOST_MINUTES,
                help="Make it last so long; what is done for it is told. 0: as long as it does.",
            ),
        ],
        None,
    ),
    "pace": (
        Annotated[
            Pace,
            typer.Option(
                "--pace",
                help="How fast the coach speaks and how long you have to get ready: calm, normal or brisk.",
            ),
        ],
        Pace.NORMAL,
    ),
    "talk": (
        Annotated[
            Talk | None,
            typer.Option(
                "--talk",
                help="full: everything. brief: reminders instead. tones: names, sides, safety, ticks.",
            ),
        ],
        None,
    ),
    "skip": (
        Annotated[
            str,
            typer.Option("--skip", metavar=_STEPS, help="Leave these steps out: names or numbers."),
        ],
        "",
    ),
    "only": (
        Annotated[
            str,
            typer.Option("--only", metavar=_STEPS, help="Do only these steps: names or numbers."),
        ],
        "",
    ),
    "start": (
        Annotated[
            str,
            typer.Option(
                "--from", metavar="STEP", help="Begin at this step: its name or its number."
            ),
        ],
        "",
    ),
    "left_first": (
        Annotated[
            bool,
            typer.Option(
                "--left-first/--no-left-first", help="Begin with the left side where there are two."
            ),
        ],
        False,
    ),
    "language": (
        Annotated[
            str | None,
            typer.Option(
                "--language",
                metavar="TAG",
                help="The language, of those that the routine has: en, de, … The file's own without it.",
            ),
        ],
        None,
    ),
    "seed": (
        Annotated[
            int | None,
            typer.Option(
                "--seed",
                metavar="N",
                min=0,
                help="For children: which of the coach's playful words; the same number, the same words.",
            ),
        ],
        None,
    ),
    "voice": (
        Annotated[
            str,
            typer.Option(
                "--voice",
                metavar="ENGINE[:VOICE]",
                help="Who speaks; see `voicecoach voices`. `silent` gives lengths without a voice.",
            ),
        ],
        "auto",
    ),
    "rate": (
        Annotated[
            float | None,
            typer.Option(
                "--rate",
                min=0.8,
                max=1.2,
                help="Pace of the speech alone, 1 being usual; the exercise keeps its own time.",
            ),
        ],
        None,
    ),
    "music": (
        Annotated[
            str,
            typer.Option(
                "--music",
                metavar="NAME|FILE",
                help="Music under the voice: waves, pad or bowls, which are ours, or a sound file; "
                "none for none.",
            ),
        ],
        "",
    ),
    "music_gain": (
        Annotated[
            float,
            typer.Option(
                "--music-gain",
                metavar="DB",
                min=-30.0,
                max=12.0,
                help="How much louder (or, below 0, quieter) the music is than usual.",
            ),
        ],
        0.0,
    ),
}
"""What a person may wish of a session: the options, the same for every command, with their defaults."""

MUSICAL = frozenset({"music", "music_gain"})
"""What only those commands are asked that make something sound."""

Result = TypeVar("Result")


def takes_wishes(
    *, but: Collection[str] = ()
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Give a command all options of wishes in place of its parameter `wishes`, but for some.

    The command gets them as a `Wishes`, after they have been found to be possible.
    """

    def with_options(command: Callable[..., Result]) -> Callable[..., Result]:
        kept = {name: option for name, option in _WISHES.items() if name not in but}

        takes_context = "context" in signature(command).parameters

        @wraps(command)
        def run(context: typer.Context, **given: Any) -> Result:
            values = {name: given.pop(name) for name in kept}
            given_here = options_given(context)
            for name in ("minutes", "language"):
                if name in kept:
                    values[f"{name}_roughly"] = name not in given_here
            if takes_context:
                given["context"] = context
            return command(wishes=_wishes(**values), **given)

        hints = get_type_hints(command, include_extras=True)
        context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
        parameters = [] if takes_context else [context]
        for name, parameter in signature(command).parameters.items():
            if name == "wishes":
                parameters += [
                    Parameter(wish, Parameter.KEYWORD_ONLY, default=default, annotation=hint)
                    for wish, (hint, default) in kept.items()
                ]
            else:
                one = parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name])
                parameters.append(one)
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return with_options


def options_given(context: typer.Context) -> set[str]:
    """Return the parameters of a command that were named on the command line."""
    return {
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
    }


def _wishes(
    *,
    minutes: int | None = None,
    skip: str = "",
    only: str = "",
    language: str | None = None,
    music: str = "",
    **given: Any,
) -> Wishes:
    """Return what was asked for; raises where the music is not here, before any long work."""
    from voicecoach.sound.music import lasting_name

    if not math.isfinite(given.get("music_gain", 0.0)):
        raise typer.BadParameter("say a number of dB from -30 to 12", param_hint="--music-gain")
    music = "" if music == NO_MUSIC else music
    return Wishes(
        minutes=minutes or None,
        skip=_steps(skip, "--skip"),
        only=_steps(only, "--only"),
        language=language or "",
        music=lasting_name(music) if music else "",
        **given,
    )


def _steps(listed: str, option: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    if listed and not names:
        raise typer.BadParameter("name at least one step", param_hint=option)
    return names


def check_music(wishes: Wishes) -> None:
    """Refuse music that is not here, and a level of the music where there is none."""
    from voicecoach.sound.music import music_file

    if wishes.music:
        music_file(wishes.music)
    if wishes.music_gain and not wishes.music:
        raise typer.BadParameter("it goes with --music", param_hint="--music-gain")


def music_files(wishes: Wishes) -> list[Path]:
    """Return the music file that a session is made from, if it is one."""
    from voicecoach.sound.music import music_file

    path = music_file(wishes.music) if wishes.music else None
    return [path] if path is not None else []


def chosen(routine: Routine, wishes: Wishes) -> Routine:
    """Return the routine as it was asked for.

    Minutes that nobody has named for it, as those of the settings, are taken as nearly as can be.
    """
    from voicecoach.fitting.fit import personalise

    try:
        return personalise(routine, wishes)
    except WishError as error:
        if not wishes.minutes_roughly:
            raise
        nearest = error.nearest_minutes
    say(
        f"{routine.title} cannot last the {wishes.minutes} minutes of your settings: it is {nearest}"
    )
    return personalise(routine, replace(wishes, minutes=nearest))


def say_changes(routine: Routine, fitted: Routine, *, of: str = "") -> None:
    """Say what was done to a routine for the wishes, before anything of it is heard.

    `of` names what is told of, where there are several tracks.
    """
    from voicecoach.fitting.account import account

    lines = account(routine, fitted)
    if lines:
        say(f"{of or routine.title}, as you wish:")
    for line in lines:
        say(f"  {line}")


def open_wished(
    fitted: Routine,
    wishes: Wishes,
    library: Library,
    *,
    excerpt: Excerpt | None = None,
    narrator: Narrator | None = None,
) -> Session:
    """Return a session of what `chosen` has made of a routine, or of an excerpt of it."""
    from voicecoach.session.session import open_session

    return open_session(
        fitted, library, voice=wishes.voice, rate=wishes.speech_rate,
        music=wishes.music, music_gain_db=wishes.music_gain,
        excerpt=excerpt, narrator=narrator,
    )  # fmt: skip


def in_language_of(wishes: Wishes, path: Path) -> str | None:
    """Return the language that a routine file is read in; None for its own.

    One that nobody has named for it, as that of the settings, is taken where the file has it.
    """
    from voicecoach.library.reading import has_language

    if not wishes.language or (wishes.language_roughly and not has_language(path, wishes.language)):
        return None
    return wishes.language


def find_routine(
    name: str, for_whom: Audience | None, library: Library, wishes: Wishes | None = None
) -> Routine:
    """Return the routine of that name in the language that is wished.

    Wrong usage where it is for somebody else. Raises RoutineError where it is not in that language.
    """
    from voicecoach.library.reading import load_routine

    path = library.find_routine(name)
    routine = load_routine(path, library, language=in_language_of(wishes or Wishes(), path))
    if for_whom is not None and routine.audience is not for_whom:
        right = ", ".join(sorted(r.slug for r in routines_for(for_whom, library))) or "none"
        raise typer.BadParameter(
            f'"{name}" is made for {_people(routine.audience)}; '
            f"for {_people(for_whom)} there are: {right}",
            param_hint="--for",
        )
    return routine


def routines_for(
    for_whom: Audience | None,
    library: Library,
    broken: list[Path] | None = None,
    wishes: Wishes | None = None,
) -> list[Routine]:
    """Return all routines for an audience, all there are for None; files with mistakes go to `broken`.

    Where a language is wished, those that do not have it are left out.
    """
    from voicecoach.library.reading import has_language, load_routine

    wishes = wishes or Wishes()
    routines = []
    for entry in library.routines():
        try:
            language = in_language_of(wishes, entry.path)
            if language and not has_language(entry.path, language):
                continue
            routine = load_routine(entry.path, library, language=language)
        except RoutineError:
            if broken is not None:
                broken.append(entry.path)
            continue
        if for_whom is None or routine.audience is for_whom:
            routines.append(routine)
    return routines


def say_broken(paths: Iterable[Path]) -> None:
    """Say which files were passed over and how to find out why."""
    for path in paths:
        say_error(f"{path} has mistakes in it: voicecoach check {path}")


def _people(for_whom: Audience) -> str:
    return {Audience.ADULT: "adults", Audience.CHILD: "children"}[for_whom]
