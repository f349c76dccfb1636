"""`voicecoach export`: sessions as tracks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicecoach.cli.options import (
    For,
    From,
    Json,
    MaybeRoutineName,
    Only,
    Rate,
    Voice,
    Wishes,
    find_routine,
    routines_for,
    say_broken,
)
from voicecoach.cli.output import print_json, progress_bar, say

if TYPE_CHECKING:
    from voicecoach.export import TrackTags
    from voicecoach.library import Library
    from voicecoach.routine import Routine

FOLDER = Path("audio")
"""Where tracks go, below the working folder."""


def export(
    name: MaybeRoutineName = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The track; its ending is its format. With --all: a folder."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every routine, or with --for every one for them.")
    ] = False,
    for_whom: For = None,
    voice: Voice = "auto",
    rate: Rate = 1.0,
    start: From = "",
    only: Only = "",
    encoder: Annotated[
        str, typer.Option("--encoder", help="auto, lameenc or pydub (which needs ffmpeg).")
    ] = "auto",
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that voicecoach did not make.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Export a routine as a track for any phone or player: ./audio/ROUTINE.mp3 unless told otherwise.

    A track that voicecoach made is replaced; any other file only with --force. The target is
    complete or as it was before, whatever happens.
    """
    from voicecoach.export import check_target
    from voicecoach.library import Library

    library = Library()
    if everything == (name is not None):
        raise typer.BadParameter("name one routine, or say --all", param_hint="ROUTINE")
    if everything and (start or only):
        raise typer.BadParameter("--from and --only go with one routine", param_hint="--all")
    broken: list[Path] = []
    if name is None:
        routines = routines_for(for_whom, library, broken)
        folder = _made_folder(output) if output is not None else FOLDER
        targets = [folder / f"{routine.slug}.mp3" for routine in routines]
    else:
        routines = [find_routine(name, for_whom, library)]
        targets = [output or FOLDER / f"{routines[0].slug}.mp3"]
    for routine, target in zip(routines, targets, strict=True):  # all of them before the long work
        check_target(target, encoder=encoder, force=force, inputs=_inputs(routine, library))
    wishes = Wishes(voice, rate, start, only)
    written = []
    for routine, target in zip(routines, targets, strict=True):
        written.append(_export_one(routine, target, wishes, library, encoder, force=force))
        if not as_json:
            say(_summary(written[-1]))
    if as_json:
        print_json(written if everything else written[0])
    if broken:
        say_broken(broken)
        raise typer.Exit(1)


def _inputs(routine: Routine, library: Library) -> list[Path]:
    """Return the files that the session is made from, which no track may replace."""
    sounds = [library.find_sound(name) for name in ("start", "end")]
    return [routine.path, *sounds] if routine.path else sounds


def _made_folder(folder: Path) -> Path:
    from voicecoach.errors import ExportError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"{folder}: cannot be made a folder ({error.strerror}); with --all, -o names a folder"
        ) from error
    return folder


def _export_one(
    routine: Routine, target: Path, wishes: Wishes, library: Library, encoder: str, *, force: bool
) -> dict[str, Any]:
    from voicecoach.export import export_track

    with wishes.open(routine, library) as session:
        with progress_bar(f"{routine.slug}: speaking") as bar:
            session.measure(bar)
        with progress_bar(f"{routine.slug}: writing {target.name}") as bar:
            export_track(
                session.blocks(),
                target,
                total_frames=session.total_frames,
                sample_rate=session.sample_rate,
                channels=session.channels,
                tags=_tags(routine),
                encoder=encoder,
                force=force,
                inputs=_inputs(routine, library),
                progress=bar,
            )
        return {
            "routine": routine.slug,
            "path": str(target),
            "duration_seconds": session.duration_seconds,
            "bytes": target.stat().st_size,
            "voice": session.narrator.description,
        }


def _tags(routine: Routine) -> TrackTags:
    from voicecoach.export import TrackTags

    # The title says what the track is in a list of tracks on a phone; the checks are spoken in it.
    return TrackTags(
        title=routine.title,
        album="voicecoach: " + ("for children" if routine.audience == "child" else "for adults"),
        comment=routine.summary,
    )


def _summary(track: dict[str, Any]) -> str:
    from voicecoach.cue_sheet import whole_clock

    size = track["bytes"] / 1e6
    length = whole_clock(track["duration_seconds"])
    return f"{track['path']}  {length}  {size:.1f} MB  {track['voice']}"
