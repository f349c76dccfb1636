"""`voicecoach show`: what is said when, as text or picture, or the routine on a sheet of paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from voicecoach.cli.options import (
    For,
    Force,
    Json,
    RoutineName,
    chosen,
    find_routine,
    open_wished,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import print_json, say
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.errors import Problem
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

_MOST_NAMED: Final = 12
"""Characters that a file could not show; more are not told one by one."""


@takes_wishes()
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
    timeline: Annotated[
        Path | None,
        typer.Option(
            "--timeline",
            metavar="FILE",
            help="Draw the session as a picture (.svg) instead: talk, work, rest and what did not"
            " fit, over time.",
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Show the cue sheet of a routine: the time, what is said, the tones and the chapters.

    The times are those of the track and of the speakers. Where the words are spoken otherwise than
    they are written, a second line says how. With --sheet it is a page for the fridge or the
    patient, with --timeline a picture in which problems are seen.
    """
    from voicecoach.drawing.chart import check_picture_target
    from voicecoach.fitting.account import account
    from voicecoach.library.library import Library
    from voicecoach.script import cue_sheet

    if sheet is not None and timeline is not None:
        raise typer.BadParameter(
            "it is one or the other: leave out --sheet, or --timeline", param_hint="--timeline"
        )
    library = Library()
    routine = find_routine(name, for_whom, library, wishes)
    fitted = chosen(routine, wishes)
    if sheet is not None:
        _write_sheet(fitted, sheet, force=force, as_json=as_json)
        return
    if timeline is not None:
        from voicecoach.authoring.lints import NOTE_CODES, findings_in

        check_picture_target(timeline, fitted, force=force)
        with open_wished(fitted, wishes, library) as session:
            findings = [
                each for each in findings_in(session, routine) if each.code not in NOTE_CODES
            ]
            _draw_timeline(session.script, findings, timeline, force=force, as_json=as_json)
            say(session.narrator.description)
        say_changes(routine, fitted)
        return
    if force:
        raise typer.BadParameter(
            "there is no file to replace without --sheet or --timeline", param_hint="--force"
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
    from voicecoach.drawing.sheet import write_sheet

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
    if characters := written.not_shown:
        more = " …" if len(characters) > _MOST_NAMED else ""
        say(
            f"{path}: lacks {' '.join(characters[:_MOST_NAMED])}{more}, which PDF cannot show; "
            f"{path.with_suffix('.html')} would have all"
        )


def _draw_timeline(
    script: Script, findings: Sequence[Problem], path: Path, *, force: bool, as_json: bool
) -> None:
    from voicecoach.drawing.chart import write_picture

    written = write_picture(script, path, findings, force=force)
    if as_json:
        print_json(
            {
                "routine": script.routine.slug,
                "path": str(path),
                "width": written.width,
                "height": written.height,
                "size_bytes": written.size_bytes,
            }
        )
    else:
        say(f"{path}  {written.width} x {written.height}")
