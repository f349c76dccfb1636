"""`voicecoach show`: what is said when."""

from __future__ import annotations

from voicecoach.cli.options import (
    For,
    From,
    Json,
    Only,
    Rate,
    RoutineName,
    Voice,
    Wishes,
    find_routine,
)
from voicecoach.cli.output import print_json, say


def show(
    name: RoutineName,
    for_whom: For = None,
    voice: Voice = "auto",
    rate: Rate = 1.0,
    start: From = "",
    only: Only = "",
    as_json: Json = False,
) -> None:
    """Show the cue sheet of a routine: the time, what is said, the tones and the chapters.

    The times are those of the track and of the speakers. Where the words are spoken otherwise than
    they are written, a second line says how.
    """
    from voicecoach import cue_sheet
    from voicecoach.library import Library

    library = Library()
    routine = find_routine(name, for_whom, library)
    with Wishes(voice, rate, start, only).open(routine, library) as session:
        script = session.script
        if as_json:
            print_json(cue_sheet.as_json(script))
            return
        for line in cue_sheet.cue_sheet_lines(script, session.narrator.speakable):
            print(line)
        say(session.narrator.description)
