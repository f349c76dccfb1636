"""`voicecoach format`: routine files laid out as the bundled ones are."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecoach.cli.options import complete_routine
from voicecoach.cli.output import harmless, say, say_error


def format_files(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="Routine files, or names; files of scripts/shared/ as well.",
            autocompletion=complete_routine,
        ),
    ],
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit status 1 where something would change."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Change nothing; print what would change.")
    ] = False,
) -> None:
    """Lay out routine files: blanks, line breaks, the order of keys, the spelling of doses.

    Comments stay where they belong, and each file means what it meant before. The files that change
    are named.
    """
    from voicecoach.authoring.formatting import laid_out, replace_text
    from voicecoach.errors import RoutineError
    from voicecoach.library.library import Library
    from voicecoach.toml.text import read_text

    library = Library()
    changed = wrong = 0
    for name in names:
        try:
            path = library.find_routine(name)
            before = read_text(path)
            after = laid_out(path, before)
            if path.read_bytes() == after.encode():
                continue
            changed += 1
            if not (check or diff):
                replace_text(path, after)
            if diff:
                _show(str(path), before, after)
            else:
                print(harmless(str(path)))
        except RoutineError as error:
            say_error(str(error))
            wrong += 1
    if not changed and not wrong:
        say("Nothing to do.")
    if wrong or (changed and check):
        raise typer.Exit(1)


def _show(path: str, before: str, after: str) -> None:
    from difflib import unified_diff

    lines = unified_diff(before.split("\n"), after.split("\n"), path, path, lineterm="")
    shown = "\n".join(harmless(line) for line in lines)
    print(shown or harmless(f"{path}: the mark before its first line"))
