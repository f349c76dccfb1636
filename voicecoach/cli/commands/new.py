"""`voicecoach new`: a routine file of one's own to begin with."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from voicecoach.cli.asking import ask, is_somebody_there
from voicecoach.cli.options import complete_routine, options_given
from voicecoach.cli.output import harmless, say
from voicecoach.errors import ExportError, RoutineError
from voicecoach.fitting.wishes import MOST_MINUTES
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.authoring.new_routine import Answers, WrittenRoutine
    from voicecoach.library.library import Library

Value = TypeVar("Value")

FOLDER = Path("scripts")
"""Where routines are, below the working folder."""
_PEOPLE = {
    **dict.fromkeys(("a", "adult", "adults"), Audience.ADULT),
    **dict.fromkeys(("c", "child", "children"), Audience.CHILD),
}


def new(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help='What it is called, such as "bed routine"; or the path of the file.',
        ),
    ],
    title: Annotated[
        str | None, typer.Option("--title", help="Its title, as lists and tracks show it.")
    ] = None,
    for_whom: Annotated[
        Audience, typer.Option("--for", help="Made for an adult, or for a child.")
    ] = Audience.ADULT,
    minutes: Annotated[
        int,
        typer.Option(
            "--minutes",
            metavar="N",
            min=0,
            max=MOST_MINUTES,
            help="About how long; 0: as it comes.",
        ),
    ] = 0,
    language: Annotated[
        str,
        typer.Option("--language", metavar="TAG", help="The language of its texts, such as en."),
    ] = "en",
    equipment: Annotated[
        str,
        typer.Option(
            "--equipment", metavar="THINGS", help='What is needed: "a mat, a chair", or none.'
        ),
    ] = "none",
    copied: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="ROUTINE",
            help="Begin with a copy of another routine instead: a name or a path.",
            autocompletion=complete_routine,
        ),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: what is not named is as it usually is.")
    ] = False,
) -> None:
    """Write a routine file to begin with: ./scripts/NAME.toml, with a comment on every line that matters.

    It is complete and without a mistake, so you can play it at once and change it bit by bit. On a
    terminal you are asked what you have not named; Enter takes what stands in brackets. No file is
    ever replaced.
    """  # noqa: E501  (people read it)
    from voicecoach.authoring.new_routine import Answers, things_of, title_of
    from voicecoach.library.library import Library

    (path, words), library = _path_of(name), Library()
    _refuse_place(path)
    given = options_given(context)
    original = _original(copied, given, library) if copied else None
    asks = not yes and is_somebody_there()
    if title is None:
        title = _answer("Title?", title_of(words), str) if asks else title_of(words)
    if original is not None:
        draft = _copy(original, title, path, library)
    else:
        answers = _Asking(given if asks else None)
        for_whom = answers.of("for_whom", "For whom, adult or child?", for_whom, _audience)
        minutes = answers.minutes(minutes, for_whom)
        language = answers.language(language, for_whom)
        things = answers.of("equipment", "What is needed, as in a mat, a chair?", equipment, str)
        answer = Answers(title, for_whom, language, minutes, things_of(things, language))
        draft = _draft(answer, path, library)
    hidden = {entry.name for entry in library.routines()} if path.parent == FOLDER else ()
    _write(path, draft.text)
    schema = _write_schema(path.parent, library)
    print(harmless(f"{path}  {_measure(draft)}"))
    if original is None and minutes > draft.minutes:
        say("Steps of your own will make it longer.")
    if path.stem in hidden:
        say(
            f'In this folder it takes the place of the routine "{path.stem}" that comes from'
            " elsewhere."
        )
    if schema is not None:
        say(f"{schema} lets your editor complete and explain the fields.")
    _say_what_to_do_next(path, draft)


def _say_what_to_do_next(path: Path, draft: WrittenRoutine) -> None:
    file = shlex.quote(str(path))
    say("Open it in an editor and change what you like. Then:")
    say(f"  voicecoach check {file}")
    say(f"  voicecoach preview {file} {draft.routine.steps[0].slug}")
    say(f"  voicecoach export {shlex.quote(path.stem) if path.parent == FOLDER else file}")


class _Asking:
    """Asks for what was not named on the command line; nothing where `given` is None."""

    def __init__(self, given: set[str] | None) -> None:
        self._given = given

    def of(self, option: str, question: str, usual: Value, read: Callable[[str], Value]) -> Value:
        """Return the value of an option: as it was named, as a person answers, or the usual one."""
        if self._given is None or option in self._given:
            return usual
        return _answer(question, usual, read)

    def minutes(self, minutes: int, for_whom: Audience) -> int:
        from voicecoach.authoring.new_routine import USUAL_MINUTES

        usual = minutes or USUAL_MINUTES[for_whom]
        return self.of("minutes", "About how many minutes?", usual, _minutes)

    def language(self, language: str, for_whom: Audience) -> str:
        """Return the language; with only one there, nobody is asked."""
        from voicecoach.authoring.new_routine import template_languages

        there = template_languages(for_whom)
        if len(there) == 1:
            return language

        def read(answer: str) -> str:
            if answer.lower() in there:
                return answer.lower()
            raise ValueError(f"Please type one of {', '.join(there)}.")

        return self.of("language", f"Language, {', '.join(there)}?", language, read)


def _answer(question: str, usual: Value, read: Callable[[str], Value]) -> Value:
    """Ask until an answer can be read; Enter is the usual."""
    while True:
        answer = ask(f"{question} [{usual}]", unanswered="nothing is written")
        if not answer:
            return usual
        try:
            return read(answer)
        except ValueError as error:
            say(str(error))


def _audience(answer: str) -> Audience:
    if answer.casefold() not in _PEOPLE:
        raise ValueError("Please type adult or child.")
    return _PEOPLE[answer.casefold()]


def _minutes(answer: str) -> int:
    if not answer.isdecimal() or not 1 <= int(answer) <= MOST_MINUTES:
        raise ValueError(f"Please type a number of minutes, from 1 to {MOST_MINUTES}.")
    return int(answer)


def _path_of(name: str) -> tuple[Path, str]:
    from voicecoach.authoring.new_routine import slug_of
    from voicecoach.language.speakable.lexicon import LEXICON_NAME

    separators = {"/", os.sep, os.altsep} - {None}
    is_path = name.endswith(".toml") or any(mark in name for mark in separators if mark)
    stem = Path(name).stem if is_path else name
    slug = slug_of(stem)
    if not slug:
        raise typer.BadParameter("a name has a letter or a digit in it", param_hint="NAME")
    if is_path:
        given = Path(name)
        path = given if given.suffix == ".toml" else given.with_name(f"{slug}.toml")
    else:
        path = FOLDER / f"{slug}.toml"
    if path.name == LEXICON_NAME:
        raise typer.BadParameter(
            f"{LEXICON_NAME} is where words for the voice stand; choose another name",
            param_hint="NAME",
        )
    return path, stem


def _refuse_place(path: Path) -> None:
    """Refuse a place where a file is, or where none can be, before anything is asked."""
    try:
        if path.exists() or path.is_symlink():
            raise ExportError(
                f"{path}: is there already and stays as it is; choose another name, or change it in"
                " an editor"
            )
        folder = path.parent
        if folder == FOLDER and not folder.exists():
            folder = Path()
        if not folder.is_dir():
            raise ExportError(
                f"{path}: there is no folder {folder}; make it first (mkdir {folder}), "
                "or choose another place"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ExportError(
                f"{path}: nothing may be written in {folder.absolute()}; choose another place"
            )
    except OSError as error:
        raise _not_written(path, error) from error


def _write(path: Path, text: str) -> None:
    from voicecoach.files.atomic import write_new

    makes_folder = path.parent == FOLDER and not FOLDER.exists()
    try:
        if makes_folder:
            FOLDER.mkdir()
        try:
            write_new(path, text.encode())
        except BaseException:
            if makes_folder:
                with suppress(OSError):
                    FOLDER.rmdir()
            raise
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> ExportError:
    reason = error.strerror or str(error)
    return ExportError(f"{path}: could not be written ({reason}); choose another name or place")


def _original(copied: str, given: set[str], library: Library) -> Path:
    """Return the file to copy; wrong usage where something that it decides was named as well."""
    if others := given & {"for_whom", "minutes", "language", "equipment"}:
        option = "--for" if "for_whom" in others else f"--{min(others)}"
        raise typer.BadParameter("a copy is as the other routine", param_hint=option)
    return library.find_routine(copied)


def _copy(original: Path, title: str, path: Path, library: Library) -> WrittenRoutine:
    from voicecoach.authoring.new_routine import copy_of
    from voicecoach.library.reading import load_routine
    from voicecoach.toml.text import read_text

    load_routine(original, library)  # what is wrong with it is told with its own lines
    return copy_of(read_text(original), title, path, library)


def _draft(answers: Answers, path: Path, library: Library) -> WrittenRoutine:
    from voicecoach.authoring.new_routine import draft_of

    try:
        return draft_of(answers, path, library)
    except RoutineError as error:
        if error.path != path:  # what is shared is broken
            raise
        # Its lines are of no use to somebody who has no such file.
        messages = dict.fromkeys(problem.what_to_do for problem in error.problems)
        raise ExportError("no file is written: " + "; ".join(messages)) from error


def _write_schema(folder: Path, library: Library) -> Path | None:
    """Write the schema that the file names beside it; None if one is there, or cannot be.

    An editor can do without, so a failure is no error.
    """
    from voicecoach.authoring.schema import SCHEMA_NAME, routine_schema, schema_text
    from voicecoach.files.atomic import write_new

    path = folder / SCHEMA_NAME
    try:
        write_new(path, schema_text(routine_schema(library)).encode())
    except OSError:
        return None
    return path


def _measure(draft: WrittenRoutine) -> str:
    steps, minutes = len(draft.routine.steps), draft.minutes
    many = "1 step" if steps == 1 else f"{steps} steps"
    return f"{many}, about {minutes} minute{'' if minutes == 1 else 's'}"
