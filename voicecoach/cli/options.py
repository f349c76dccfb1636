"""The options that commands share, and how a routine is chosen by them."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from voicecoach.cli.output import say, say_error
from voicecoach.cli.settings.table import BY_NAME
from voicecoach.errors import RoutineError, WishError
from voicecoach.fitting.wishes import NO_MUSIC, WISHES, Wish, Wishes, roughly
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.session.excerpt import Excerpt
    from voicecoach.session.session import Session
    from voicecoach.speech import Narrator


def complete_step(context: typer.Context, incomplete: str) -> list[str]:
    """Return the steps of the named routine that begin like this, for the shell's completion."""
    from voicecoach.library.library import Library
    from voicecoach.library.reading import load_routine
    from voicecoach.session.excerpt import named_segments

    library = Library()
    try:
        routine = load_routine(library.find_routine(context.params["name"]), library)
    except (KeyError, RoutineError):
        return []
    return [place.slug for place in named_segments(routine) if place.slug.startswith(incomplete)]


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
Force = Annotated[
    bool, typer.Option("--force", help="Replace a file that voicecoach did not make.")
]
PlayerName = Annotated[str, typer.Option("--player", help="auto, miniaudio, simpleaudio or pipe.")]
Device = Annotated[
    str | None, typer.Option("--device", help="Which speakers; `voicecoach devices` lists them.")
]
KeepAlive = Annotated[
    bool, typer.Option("--keep-alive/--no-keep-alive", help=BY_NAME["keep_alive"].help)
]

Result = TypeVar("Result")


def takes_wishes(
    *, but: Collection[str] = ()
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Give a command the options of its wishes in place of its parameter `wishes`.

    It gets them as checked `Wishes`. `but` names those for which it has an option of its own.
    """

    def with_options(command: Callable[..., Result]) -> Callable[..., Result]:
        own = [
            wish
            for wish in WISHES.values()
            if command.__name__ in wish.commands and wish.name not in but
        ]
        takes_context = "context" in signature(command).parameters

        @wraps(command)
        def run(context: typer.Context, **given: Any) -> Result:
            said = {wish: given.pop(wish.name) for wish in own}
            if takes_context:
                given["context"] = context
            return command(wishes=_wishes(said, options_given(context)), **given)

        # typer reads the options from the signature: `wishes` gives way to one parameter for each.
        hints = get_type_hints(command, include_extras=True)
        context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
        parameters = [] if takes_context else [context]
        for name, parameter in signature(command).parameters.items():
            if name == "wishes":
                parameters += map(_parameter, own)
            else:
                one = parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name])
                parameters.append(one)
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return with_options


def _parameter(wish: Wish) -> Parameter:
    """Return the option of a wish, as typer takes it; a list of steps is one text with commas."""
    is_listed = isinstance(wish.default, tuple)
    name = f"{wish.option}/--no-{wish.option[2:]}" if wish.kind is bool else wish.option
    option = typer.Option(name, metavar=wish.metavar, min=wish.least, max=wish.most, help=wish.help)
    return Parameter(
        wish.name,
        Parameter.KEYWORD_ONLY,
        default="" if is_listed else wish.default,
        annotation=Annotated[str if is_listed else wish.kind, option],
    )


def options_given(context: typer.Context) -> set[str]:
    """Return the parameters of a command that were named on the command line."""
    return {
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
    }


def _wishes(said: dict[Wish, Any], given: Collection[str]) -> Wishes:
    """Return the wishes; raise where the music is not here, before any long work.

    `given` names the options of the command line, without those of the settings.
    """
    from voicecoach.sound.music import lasting_name

    values: dict[str, Any] = {}
    for wish, value in said.items():
        if isinstance(value, float) and not math.isfinite(value):
            of_it = f" of {wish.unit}" if wish.unit else ""
            message = f"say a number{of_it} from {wish.least:g} to {wish.most:g}"
            raise typer.BadParameter(message, param_hint=wish.option)
        values[wish.name] = _steps(value, wish) if isinstance(wish.default, tuple) else value
        if hasattr(Wishes, roughly(wish.name)):
            values[roughly(wish.name)] = wish.name not in given
    values["minutes"] = values.get("minutes") or None
    music = values.get("music")
    values["music"] = lasting_name(music) if music and music != NO_MUSIC else ""
    return Wishes(**values)


def _steps(listed: str, wish: Wish) -> tuple[str, ...]:
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    if listed and not names:
        raise typer.BadParameter("name at least one step", param_hint=wish.option)
    return names


def check_music(wishes: Wishes) -> None:
    """Refuse music that is not here, and a level of the music where there is none."""
    from voicecoach.sound.music import music_file

    if wishes.music:
        music_file(wishes.music)
    if wishes.music_gain and not wishes.music:
        raise typer.BadParameter("it goes with --music", param_hint="--music-gain")


def chosen(routine: Routine, wishes: Wishes) -> Routine:
    """Return the routine as it was wished.

    It comes as near as it can to minutes of the settings, which nobody has named for this routine.
    """
    from voicecoach.fitting.fit import personalise

    try:
        return personalise(routine, wishes)
    except WishError as error:
        if not wishes.minutes_roughly:
            raise
        nearest = error.nearest_minutes
    say(
        f"{routine.title} cannot last the {wishes.minutes} minutes of your settings:"
        f" it is {nearest}"
    )
    return personalise(routine, replace(wishes, minutes=nearest))


def say_changes(routine: Routine, fitted: Routine, *, of: str = "") -> None:
    """Say what was done to a routine for the wishes, before anything of it is heard.

    `of` names the track, where there are several.
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
        fitted,
        library,
        voice=wishes.voice,
        rate=wishes.speech_rate,
        music=wishes.music,
        music_gain_db=wishes.music_gain,
        excerpt=excerpt,
        narrator=narrator,
    )


def in_language_of(wishes: Wishes, path: Path, library: Library) -> str | None:
    """Return the language that a routine file is read in; None for its own.

    One that nobody has named for it, as that of the settings, is taken where the file has it.
    """
    language = wishes.language
    if not language:
        return None
    is_there = not wishes.language_roughly or library.document(path).has_language(language)
    return language if is_there else None


def find_routine(
    name: str, for_whom: Audience | None, library: Library, wishes: Wishes | None = None
) -> Routine:
    """Return the routine of that name in the language that is wished.

    Wrong usage where it is for somebody else. Raises RoutineError where it is not in that language.
    """
    from voicecoach.library.reading import load_routine

    path = library.find_routine(name)
    routine = load_routine(
        path, library, language=in_language_of(wishes or Wishes(), path, library)
    )
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
    """Return all routines for an audience, all for None; files with mistakes go to `broken`.

    Where a language is wished, those that do not have it are left out.
    """
    from voicecoach.library.reading import load_routine

    wishes = wishes or Wishes()
    routines = []
    for entry in library.routines():
        try:
            language = in_language_of(wishes, entry.path, library)
            if language and not library.document(entry.path).has_language(language):
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
