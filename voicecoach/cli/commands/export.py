"""`voicecoach export`: sessions as tracks."""

from __future__ import annotations

import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicecoach.cli.clock import local_now
from voicecoach.cli.options import (
    For,
    Json,
    check_music,
    chosen,
    complete_routine,
    find_routine,
    open_wished,
    options_given,
    routines_for,
    say_broken,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import print_json, progress_bars, say, say_error
from voicecoach.cli.tracks import account_of, inputs_of, summary_of
from voicecoach.errors import ExportError, VoicecoachError
from voicecoach.export.formats import FORMATS, Quality, format_of
from voicecoach.fitting.wishes import Wishes
from voicecoach.routine.model import Audience, Level
from voicecoach.script.captions import CAPTION_FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicecoach.cli.output import Bar, Bars
    from voicecoach.export.formats import Format
    from voicecoach.export.making import Making
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session


FOLDER = Path("audio")
"""Where tracks go, below the working folder."""
_NO_CAPTIONS = "none"
"""Says to --captions that there are to be none, whatever the settings ask for."""


@takes_wishes(but={"voice", "level"})
def export(
    context: typer.Context,
    wishes: Wishes,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ROUTINE]...",
            help="Names from `voicecoach list`, or paths of routine files.",
            autocompletion=complete_routine,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="The track; its ending is its format. Or a folder, which several tracks, and"
            " --split, need.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every routine, or with --for every one for them.")
    ] = False,
    for_whom: For = None,
    voices: Annotated[
        list[str] | None,
        typer.Option(
            "--voice",
            metavar="ENGINE[:VOICE]",
            help="Who speaks; see `voicecoach voices`. Say it again for tracks in another voice.",
        ),
    ] = None,
    levels: Annotated[
        list[Level] | None,
        typer.Option(
            "--level",
            help="How much of each exercise: easy, standard or strong. Say it again for tracks of"
            " another.",
        ),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option("--format", metavar="|".join(FORMATS), help="Where -o does not say it; mp3."),
    ] = None,
    quality: Annotated[
        Quality,
        typer.Option(
            "--quality",
            help="phone: half a megabyte a minute as MP3. small: half of that. hi-fi: half more.",
        ),
    ] = Quality.PHONE,
    captions: Annotated[
        list[str] | None,
        typer.Option(
            "--captions",
            metavar="|".join((*CAPTION_FILES, _NO_CAPTIONS)),
            help="Also a file with the words and their times; may be repeated.",
        ),
    ] = None,
    link: Annotated[
        bool,
        typer.Option(
            "--link", help="With --format html: the sound as an MP3 beside the page, and not in it."
        ),
    ] = False,
    split: Annotated[
        bool,
        typer.Option("--split", help="A folder with one track for each exercise, and a playlist."),
    ] = False,
    encoder: Annotated[
        str,
        typer.Option(
            "--encoder",
            help="auto, lameenc or pydub (which needs ffmpeg); an MP3 in a page is lameenc's.",
        ),
    ] = "auto",
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace files of others, and make anew what has not changed."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Export routines as tracks for any phone or player: ./audio/ROUTINE.mp3 unless told otherwise.

    A track holds chapters, the words and a cover. --format html makes a page to open in a browser,
    with a big timer and the track in it. A file that voicecoach made is replaced when something has
    changed; any other file only with --force. A target is complete or as it was before, whatever
    happens.
    """
    from voicecoach.export.making import Making
    from voicecoach.library.library import Library

    check_music(wishes)
    if everything == bool(names):
        raise typer.BadParameter("name routines, or say --all", param_hint="ROUTINE")
    library = Library()
    broken: list[Path] = []
    routines = _routines(names, for_whom, library, broken, wishes)
    variants = [
        replace(wishes, voice=voice, level=level)
        for voice in dict.fromkeys(voices or ["auto"])
        for level in dict.fromkeys(levels or [Level.STANDARD])
    ]
    several = everything or len(routines) * len(variants) > 1
    if (wishes.start or wishes.only or wishes.skip) and (everything or len(routines) > 1):
        raise typer.BadParameter(
            "--from, --only and --skip go with one routine", param_hint="--all"
        )
    in_folder = several or (output is not None and not split and _is_folder(output))
    track = None if in_folder or split else output
    if track is not None and "format_name" not in options_given(context):
        format_name = None  # a setting: the ending says more
    if track is None and output is not None:
        _refuse_track_name(output)
    track_format = _format(format_name, track)
    _check_page(track_format, link=link, split=split)
    making = Making(
        FORMATS["mp3"] if link else track_format,
        quality,
        encoder,
        _kinds_of_captions(captions or ()),
        page_beside=link,
        split=split,
        force=force,
        date=local_now().date().isoformat(),
    )
    targets = _Targets(output, in_folder, making, variants)
    orders, refused = _orders(routines, targets, library, several=several)
    written = _write_all(orders, targets, library, several=several, is_told=not as_json)
    if as_json and (several or written):
        print_json(written if several else written[0])
    say_broken(broken)
    if broken or refused or len(written) < len(orders):
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Order:
    """One session to be exported."""

    routine: Routine
    """As it was wished."""
    wishes: Wishes
    target: Path
    """The track; with --split the folder of its tracks."""
    inputs: list[Path]
    number: int
    """Its place in its album, from 1; 0 for a track alone."""
    album_tracks: int


@dataclass(frozen=True)
class _Targets:
    """Where the tracks go."""

    output: Path | None
    """What -o names."""
    in_folder: bool
    """Whether that is a folder for tracks, as there are several or as it is there."""
    making: Making
    variants: Sequence[Wishes]
    """The wishes for each track of one routine."""

    @property
    def folder(self) -> Path:
        return self.output if self.in_folder and self.output is not None else FOLDER

    def of(self, routine: Routine, wishes: Wishes) -> Path:
        """Return a session's place; one in another language than its file's is beside that one."""
        if self.output is not None and not self.in_folder:
            if self.making.page_beside:
                return self.output.with_suffix(FORMATS["mp3"].extension)
            return self.output
        more = self._told_apart_by(wishes)
        if (
            routine.languages
            and routine.language.partition("-")[0] != routine.languages[0].partition("-")[0]
        ):
            more = [routine.language, *more]
        told = ("".join(letter if letter.isalnum() else "-" for letter in part) for part in more)
        name = "-".join([routine.slug, *told])
        if not self.making.split:
            name += self.making.track_format.extension
        return self.folder / name

    def _told_apart_by(self, wishes: Wishes) -> list[str]:
        """Return the parts of a track's name that tell several sessions of a routine apart."""
        parts = [(wish.level.value, wish.voice) for wish in self.variants]
        mine = (wishes.level.value, wishes.voice)
        return [mine[i] for i in range(2) if len({part[i] for part in parts}) > 1]


def _routines(
    names: Sequence[str] | None,
    for_whom: Audience | None,
    library: Library,
    broken: list[Path],
    wishes: Wishes,
) -> list[Routine]:
    if names:
        found = [find_routine(name, for_whom, library, wishes) for name in names]
    else:
        found = routines_for(for_whom, library, broken, wishes)
    if not found and not broken and wishes.language:
        raise typer.BadParameter(
            f'no routine has texts in "{wishes.language}"', param_hint="--language"
        )
    # However it was named, a routine is one file.
    return list({each.path.resolve() if each.path else each.slug: each for each in found}.values())


def _orders(
    routines: Sequence[Routine], targets: _Targets, library: Library, *, several: bool
) -> tuple[list[_Order], list[VoicecoachError]]:
    """Return the sessions to be exported and the errors of the others, and tell of both.

    Exits where there is none, and where one would replace the other.
    """
    orders: list[_Order] = []
    refused: list[VoicecoachError] = []
    for routine, wish in itertools.product(routines, targets.variants):
        try:
            fitted = chosen(routine, wish)
        except VoicecoachError as error:  # the others may be as they are wished
            refused.append(error)
            continue
        target = targets.of(routine, wish)
        album = _place_in_album(routine, routines) if several else (0, 0)
        orders.append(_Order(fitted, wish, target, inputs_of(routine, library, wish), *album))
        say_changes(routine, fitted, of=target.name if several else "")
    for refusal in refused:
        say_error(str(refusal))
    if not orders:
        raise typer.Exit(1)
    _refuse_one_target_for_two(orders)
    return orders, refused


def _known(name: str, known: Iterable[str], option: str) -> str:
    if name not in known:
        raise typer.BadParameter(
            f"there is no {name!r}; choose {', '.join(known)}", param_hint=option
        )
    return name


def _kinds_of_captions(named: Sequence[str]) -> tuple[str, ...]:
    if list(named) == [_NO_CAPTIONS]:
        return ()
    return tuple(_known(kind, CAPTION_FILES, "--captions") for kind in dict.fromkeys(named))


def _format(name: str | None, track: Path | None) -> Format:
    if track is None:
        return FORMATS[_known(name or "mp3", FORMATS, "--format")]
    by_ending = format_of(track)
    if name is not None and FORMATS[_known(name, FORMATS, "--format")] is not by_ending:
        raise typer.BadParameter(
            f"{track} is to be {by_ending.title}; leave one of the two out", param_hint="--format"
        )
    return by_ending


def _check_page(track_format: Format, *, link: bool, split: bool) -> None:
    if track_format.is_page and split:
        raise typer.BadParameter(
            "a page plays the whole session; leave --split out, or choose another format, "
            "such as --format mp3",
            param_hint="--split",
        )
    if link and not track_format.is_page:
        raise typer.BadParameter(
            "only a page has its sound beside it; add --format html", param_hint="--link"
        )


def _is_folder(path: Path) -> bool:
    """Return True if a folder is there; False for a name that nothing can have."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _refuse_track_name(output: Path) -> None:
    ending = output.suffix.lower()
    if ending in {row.extension for row in FORMATS.values()} and not output.is_dir():
        raise typer.BadParameter(
            f"{output} is the name of one track, and here there are several: name a folder, "
            f"and say the format with --format {ending[1:]}",
            param_hint="-o",
        )


def _refuse_one_target_for_two(orders: Sequence[_Order]) -> None:
    taken: dict[Path, _Order] = {}
    for order in orders:
        other = taken.setdefault(order.target, order)
        if other is not order:
            first, second = (
                f"{one.routine.path} ({one.wishes.voice}, {one.wishes.level})"
                for one in (other, order)
            )
            raise typer.BadParameter(
                f"{first} and {second} would both become {order.target}; "
                "export one of them alone, with a name of its own after -o",
                param_hint="ROUTINE",
            )


def _place_in_album(routine: Routine, routines: Sequence[Routine]) -> tuple[int, int]:
    album = [one.slug for one in routines if one.audience is routine.audience]
    return album.index(routine.slug) + 1, len(album)


def _what_is_lost(track_format: Format) -> str:
    *most, last = track_format.lost
    lost = f"{', '.join(most)} or {last}" if most else last
    *others, other = [row.extension for row in FORMATS.values() if not row.lost]
    return f"{track_format.title} holds no {lost}; {', '.join(others)} and {other} do."


def _write_all(
    orders: Sequence[_Order], targets: _Targets, library: Library, *, several: bool, is_told: bool
) -> list[dict[str, Any]]:
    from voicecoach.export.making import check_place_for
    from voicecoach.export.targets import folder_made

    making = targets.making
    written = []
    # The maker of a folder takes it away again when nothing was written: one for all, not each.
    with folder_made(targets.folder) if several else nullcontext():
        for order in orders:  # all of them before the long work
            check_place_for(order.target, making, order.inputs)
        if making.track_format.lost:
            say(_what_is_lost(making.track_format))
        with progress_bars() as bars:
            for made in _make_all(orders, making, library, bars):
                if isinstance(made, VoicecoachError):
                    say_error(str(made))
                    continue
                written.append(made)
                if is_told:
                    say(summary_of(made))
    return written


def _make_all(
    orders: Sequence[_Order], making: Making, library: Library, bars: Bars
) -> Iterator[dict[str, Any] | VoicecoachError]:
    """Make all tracks, as many side by side as there are cores; yield each, or its error.

    One that fails does not keep the others from being made.
    """
    workers = _Workers(making, library)
    if len(orders) == 1:  # where Ctrl-C strikes at once
        try:
            yield workers.make(orders[0], bars)
        except VoicecoachError as error:
            yield error
        return
    with ThreadPoolExecutor(min(len(orders), os.cpu_count() or 1)) as pool:
        futures = [pool.submit(workers.make, order, bars) for order in orders]
        try:
            for future in futures:
                try:
                    yield future.result()
                except VoicecoachError as error:
                    yield error
        except BaseException:
            workers.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Workers:
    """Makes tracks, in several threads at once, until it is told to stop."""

    def __init__(self, making: Making, library: Library) -> None:
        self._making = making
        self._library = library
        self._lock = threading.Lock()
        self._sessions: list[Session] = []
        """Those that are being made."""
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    @contextmanager
    def _open(self, order: _Order) -> Iterator[Session]:
        with open_wished(order.routine, order.wishes, self._library) as session:
            with self._lock:
                if self._stopped:
                    raise KeyboardInterrupt
                self._sessions.append(session)
            try:
                yield session
            finally:
                with self._lock:
                    self._sessions.remove(session)

    def make(self, order: _Order, bars: Bars) -> dict[str, Any]:
        from voicecoach.export.making import make
        from voicecoach.export.sidecars import page_path

        begin = bars(order.target.name)

        def begin_stoppable(what: str) -> Bar:
            draw = begin(what)

            def draw_or_stop(done: int, total: int) -> None:
                if self._stopped:
                    raise KeyboardInterrupt
                draw(done, total)

            return draw_or_stop

        try:
            with self._open(order) as session:
                made = make(
                    session,
                    order.target,
                    self._making,
                    number=order.number,
                    album_tracks=order.album_tracks,
                    inputs=order.inputs,
                    begin=begin_stoppable,
                )
                path = page_path(order.target) if self._making.page_beside else order.target
                return {"routine": order.routine.slug, **account_of(made, path, session)}
        except OSError as error:  # a sound that is gone, a disk that fails
            about = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            raise ExportError(f"{order.target}: could not be made ({about})") from error
