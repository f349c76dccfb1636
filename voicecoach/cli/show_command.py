"""`voicecoach show`: what is said when, or the routine on a sheet of paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voicecoach.cli.options import (
    MUSICAL,
    For,
    Json,
    RoutineName,
    chosen,
    find_routine,
    open_wished,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import print_json, say
from voicecoach.wishes import Wishes

if TYPE_CHECKING:
    from voicecoach.routine import Routine

_MOST_NAMED: Final = 12
"""Characters that a sheet could not show; more are not told one by one."""


@takes_wishes(but=MUSICAL)
def show(
    name: RoutineName,
    wishes: Wishes,
    for_whom: For = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet",
            metavar="FILE",
            help="Write the routine as a page to print instead; the ending, .pdf or .html, "
            "is its format.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that voicecoach did not make.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the cue sheet of a routine: the time, what is said, the tones and the chapters.

    The times are those of the track and of the speakers. Where the words are spoken otherwise than
    they are written, a second line says how. With --sheet it is a page for the fridge or the patient.
    """
    from voicecoach import cue_sheet
    from voicecoach.library import Library
    from voicecoach.personalise import account

    library = Library()
    routine = find_routine(name, for_whom, library)
    fitted = chosen(routine, wishes)
    if sheet is not None:
        _write_sheet(fitted, sheet, force=force, as_json=as_json)
        return
    if force:
        raise typer.BadParameter(
            "there is no file to replace without --sheet", param_hint="--force"
        )
    with open_wished(fitted, wishes, library) as session:
        script = session.script
        if as_json:
            print_json(cue_sheet.as_json(script) | {"changes": list(account(routine, fitted))})
            return
        for line in cue_sheet.cue_sheet_lines(script, session.narrator.speakable):
            print(line)
        say(session.narrator.description)
        say_changes(routine, fitted)


def _write_sheet(routine: Routine, path: Path, *, force: bool, as_json: bool) -> None:
    from voicecoach.sheet import write_sheet

    written = write_sheet(routine, path, force=force)
    if as_json:
        print_json(
            {
                "routine": routine.slug,
                "path": str(path),
                "pages": written.pages,
                "not_shown": written.not_shown,
            }
        )
    else:
        say(f"{path}  {written.pages} page{'s' if written.pages > 1 else ''}")
    if written.pages > 1:
        say(f"{path}: one page would be too small to read, so it has {written.pages}")
    if written.not_shown:
        more = " …" if len(written.not_shown) > _MOST_NAMED else ""
        say(
            f"{path}: lacks {' '.join(written.not_shown[:_MOST_NAMED])}{more}, which PDF cannot show; "
            f"{path.with_suffix('.html')} would have all"
        )
