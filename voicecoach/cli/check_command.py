"""`voicecoach check`: everything wrong with a routine file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.options import (
    MUSICAL,
    chosen,
    complete_routine,
    in_language_of,
    open_wished,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import harmless, say_error
from voicecoach.wishes import Wishes

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.library import Library
    from voicecoach.routine import Routine


@takes_wishes(but=MUSICAL)
def check(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help="Routine files, or names.", autocompletion=complete_routine
        ),
    ],
    wishes: Wishes,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check anew at every save, until Ctrl-C.")
    ] = False,
) -> None:
    """Check routine files: every mistake with its line, and every cue that had to give way.

    Exit status 1 where a file cannot be used. Lengths are those of the voice; `--voice silent`
    checks with the table of lengths. With --watch it is 0: the files may be mended meanwhile.
    """
    from voicecoach.cli.every_save import at_every_save
    from voicecoach.library import Library

    if watch:
        library = Library()
        paths = [library.find_routine(name) for name in names]
        at_every_save(paths, lambda: _check_all([str(path) for path in paths], wishes))
    elif _check_all(names, wishes):
        raise typer.Exit(1)


def _check_all(names: list[str], wishes: Wishes) -> int:
    """Print what is to be said about routine files; return the number of mistakes."""
    from voicecoach.errors import RoutineError
    from voicecoach.library import Library
    from voicecoach.routine_file import check_routine

    library = Library()
    wrong = 0
    for name in names:
        try:
            path = library.find_routine(name)
            routine, problems = check_routine(path, library, language=in_language_of(wishes, path))
            if routine is None or problems:
                raise RoutineError(path, problems)  # noqa: TRY301  (one way to report)
            _report(routine, path, library, wishes)
        except RoutineError as error:
            say_error(str(error))
            wrong += max(1, len(error.problems))
    if wrong:
        files = "this file" if len(names) == 1 else "these files"
        say_error(f"{wrong} {'mistake' if wrong == 1 else 'mistakes'} in {files}.")
    return wrong


def _report(routine: Routine, path: Path, library: Library, wishes: Wishes) -> None:
    """Print that a file is good, its length, and what the script engine had to do to its cues."""
    from voicecoach.child_limits import advice_for
    from voicecoach.cue_sheet import whole_clock

    fitted = chosen(routine, wishes)
    say_changes(routine, fitted)
    with open_wished(fitted, wishes, library) as session:
        script = session.script
    for note in script.notes:
        line = routine.lines.get(note.step, 0)
        place = f"{path}:{line}" if line else str(path)
        print(harmless(f'{place}: {note.step}: {note.kind} {note.detail}: "{note.text}"'))
    if advice := advice_for(routine):
        print(harmless(f"{path}: {advice}"))
    steps = len(fitted.steps)
    print(harmless(f"{path}: good: {steps} steps, {whole_clock(script.duration_seconds)}"))
