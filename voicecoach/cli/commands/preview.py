"""`voicecoach preview`: one step of a routine at once, as it will sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.options import (
    Device,
    Force,
    KeepAlive,
    PlayerName,
    RoutineName,
    chosen,
    complete_step,
    takes_wishes,
)
from voicecoach.cli.output import harmless, print_table, say
from voicecoach.cli.playing.speakers import Speakers
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from voicecoach.library.library import Library
    from voicecoach.routine.anchors import Anchor


@takes_wishes()
def preview(
    wishes: Wishes,
    name: RoutineName,
    step: Annotated[
        str | None,
        typer.Argument(
            metavar="[STEP]",
            help="Its short name, number or name, opening or closing; without it, what there is.",
            autocompletion=complete_step,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Play it anew at every save; without STEP, the step that has changed."
        ),
    ] = False,
    lead_in: Annotated[
        bool, typer.Option("--lead-in", help="Only up to the start of the work.")
    ] = False,
    moment: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="MOMENT",
            help="Begin a little before a moment of the work, written as in cues: halfway, rep 4,"
            " end.",
        ),
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write it as a track instead; the ending is its format."
        ),
    ] = None,
    force: Force = False,
    player_name: PlayerName = "auto",
    device: Device = None,
    keep_alive: KeepAlive = True,
) -> None:
    """Hear one step of a routine at once: lead-in, work, rest and the announcement of the next.

    It sounds as in the whole session. What is said is printed as it comes, with what `voicecoach
    check` finds in that step. Space pauses, Enter plays it again, n and b go to the next step and
    to the one before, q ends. With --watch it is checked and played anew whenever you save the
    file; Ctrl-C ends that.
    """
    from voicecoach.cli.playing.previewing import How, Previews
    from voicecoach.library.library import Library

    library = Library()
    path = library.find_routine(name)
    if force and output is None:
        raise typer.BadParameter("there is no file to replace without -o", param_hint="--force")
    if lead_in and moment:
        raise typer.BadParameter("the lead-in is before the work", param_hint="--from")
    if output is not None and moment:
        raise typer.BadParameter("a track has the whole step", param_hint="--from")
    anchor = _anchor(moment) if moment else None
    if step is None and not watch:
        if lead_in or moment or output is not None:
            raise typer.BadParameter("say of which step", param_hint="STEP")
        print_steps(name, path, wishes, library)
        return
    how = How(wishes, lead_in, anchor, output, force, watch)
    Previews(path, how, Speakers(player_name, device or None, keep_alive)).run(step)


def _anchor(moment: str) -> Anchor:
    from voicecoach.routine.anchors import AnchorError, parse_anchor

    try:
        return parse_anchor(moment)
    except AnchorError as error:
        raise typer.BadParameter(str(error), param_hint="--from") from error


def print_steps(name: str, path: Path, wishes: Wishes, library: Library) -> None:
    """Print the parts of a routine that can be previewed, each with its length by the table."""
    from voicecoach.language.phrases import load_phrases
    from voicecoach.library.reading import load_routine
    from voicecoach.messages import whole_clock
    from voicecoach.script.compiler import outline_script
    from voicecoach.script.durations import NominalDurations, word_seconds
    from voicecoach.session.excerpt import named_segments

    routine = chosen(load_routine(path, library), wishes)
    phrases = load_phrases(routine.language, routine.audience)
    durations = NominalDurations(word_seconds(routine.audience, wishes.speech_rate))
    script = outline_script(routine, phrases, durations)
    rows = [
        (
            str(place.number or ""),
            harmless(place.slug),
            harmless(place.title),
            whole_clock(segment.duration_seconds),
        )
        for place, segment in zip(named_segments(routine), script.segments, strict=True)
    ]
    print_table(("", "Step", "Name", "Length"), rows)
    say(f"To hear one: voicecoach preview {harmless(name)} STEP")
