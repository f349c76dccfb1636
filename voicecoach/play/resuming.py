"""What outlives a session: the place to go on from, and how the last one went.

Each session has a file of its own in the state folder, written anew at every segment: its *place*.
A session that came to its end removes it; one that was quit, killed or cut off by the power leaves
it behind, and `load_resume_point` finds it. A file is there whole or not at all. What is read back
may be anything: whatever is not exactly a place is none.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import threading
import time
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from queue import SimpleQueue
from types import UnionType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, get_args, get_origin, get_type_hints

from voicecoach.files.atomic import write_atomically
from voicecoach.files.folders import state_folder
from voicecoach.files.locking import lock
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from _typeshed import DataclassInstance


FORMAT: Final = 4
"""Part of every file; raise it when the fields change. Files of another format are not read.

A further wish needs no other format: a file from before it was there has its default.
"""

_LARGEST_BYTES: Final = 65_536
_ABANDONED_AFTER_SECONDS: Final = 3_600.0
_CLOSE_SECONDS: Final = 2.0


def utc_now() -> str:
    """Return the time as it is saved: ISO, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_session_id() -> str:
    """Return a name for a session that no other has."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class ResumePoint:
    """Where a session was, and all that is needed to go on as it was."""

    session_id: str
    """Whose place it is, from `new_session_id`."""
    routine: str
    """What finds the routine again from any folder: its name, or an absolute path."""
    title: str
    step: str
    """The slug of the exercise; empty in the opening."""
    step_title: str
    """The exercise as a person calls it; empty in the opening."""
    exercise_number: int
    """Among those of this session, from 1; 0 outside the exercises."""
    exercise_count: int
    wishes: Wishes = field(default_factory=Wishes)
    wait: bool = False
    player: str = "auto"
    device: str = ""
    """What `--device` named; empty for the default speakers."""
    saved_at: str = field(default_factory=utc_now)
    """ISO, in UTC."""

    def describe(self, now: datetime) -> str:
        """Return the place as one says it: `Main, exercise 3 of 8 (Bridge), 20 minutes ago`."""
        where = (
            f"exercise {self.exercise_number} of {self.exercise_count} ({self.step_title})"
            if self.exercise_number
            else "at the beginning"
        )
        return f"{self.title}, {where}, {ago(self.saved_at, now)}"


class Ending(StrEnum):
    """How a session ended."""

    FINISHED = "finished"
    QUIT = "quit"
    FAILED = "failed"
    """It could not go on: no speakers, no voice."""
    CUT_OFF = "cut off"
    """What stands on the disk while a session plays, and so after a crash or a power cut."""


@dataclass(frozen=True)
class LastPlay:
    """How the last session on this computer went."""

    title: str
    player: str
    """Its name in PLAYERS."""
    device: str
    """Where the sound went, as a person would say it."""
    underruns: int
    seconds_played: float
    ending: Ending
    when: str = field(default_factory=utc_now)
    """ISO, in UTC."""


def ago(saved_at: str, now: datetime) -> str:
    """Say when something was saved, as people do; the days are those of now's time zone."""
    saved = datetime.fromisoformat(saved_at).astimezone(now.tzinfo)
    minutes, days = int((now - saved).total_seconds() // 60), (now.date() - saved.date()).days
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return "a minute ago" if minutes == 1 else f"{minutes} minutes ago"
    if minutes < 24 * 60:
        return "an hour ago" if minutes < 120 else f"{minutes // 60} hours ago"
    return "yesterday" if days == 1 else f"{days} days ago"


_held: dict[str, BinaryIO] = {}
"""The locked files of the sessions of this process, by session id."""


def save_resume_point(place: ResumePoint) -> str:
    """Save the place of a session; return a warning for the person where that fails, else "".

    A session that has come to its exercises replaces what ended sessions of the same routine have
    left. One that was only begun must not take that away, nor one of another routine.
    """
    folder = state_folder()
    try:
        if folder is None:
            raise FileNotFoundError(0, "this user has no home folder")
        stream = _write(_place_path(folder, place.session_id), place)
        leave_resume_point(place.session_id)
        _held[place.session_id] = stream
        if place.exercise_number:
            _remove_left_behind(folder, place.routine)
    except OSError as error:
        return _not_saved(folder, error)
    return ""


def load_resume_point(routine: str | None = None) -> ResumePoint | None:
    """Return the place that an ended session has left behind; None where there is none.

    Of several the newest, and rather one in an exercise than one at a beginning. With `routine` (as
    in `ResumePoint.routine`) only a place in that one.
    """
    folder = state_folder()
    if folder is None:
        return None
    places = [
        place
        for path in _places_left_behind(folder)
        if (place := _read(path, ResumePoint)) and path == _place_path(folder, place.session_id)
        if routine in (None, place.routine)
    ]
    return max(
        places,
        key=lambda place: (place.exercise_number > 0, datetime.fromisoformat(place.saved_at)),
        default=None,
    )


def clear_resume_point(session_id: str) -> str:
    """Remove the place of a session, and of no other; return as `save_resume_point` does."""
    folder = state_folder()
    try:
        if folder is not None:
            _place_path(folder, session_id).unlink(missing_ok=True)
    except OSError as error:
        return _not_saved(folder, error)
    finally:
        leave_resume_point(session_id)
    return ""


def leave_resume_point(session_id: str) -> None:
    """Let go of the place of a session: it has ended, and somebody may go on from there."""
    if stream := _held.pop(session_id, None):
        stream.close()


def save_last_play(last_play: LastPlay) -> str:
    """Save how a session went, over the one before; return as `save_resume_point` does."""
    folder = state_folder()
    if folder is None:
        return ""
    try:
        _write(folder / "last-play.json", last_play).close()
    except OSError as error:
        return _not_saved(folder, error)
    return ""


def load_last_play() -> LastPlay | None:
    """Return the account of the last session; None where nobody knows."""
    folder = state_folder()
    return None if folder is None else _read(folder / "last-play.json", LastPlay)


class Saver:
    """Saves for one session on its own thread: a slow disk delays neither sound nor keys."""

    def __init__(self, session_id: str, on_warning: Callable[[str], None]) -> None:
        """`on_warning` gets the first text that a person should know, and no other."""
        self._session_id = session_id
        self._on_warning = on_warning
        self._tasks: SimpleQueue[Callable[[], str] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="voicecoach saver", daemon=True)
        self._thread.start()

    def save(self, what: ResumePoint | LastPlay) -> None:
        """Save a place, or how the session goes, soon."""
        if isinstance(what, ResumePoint):
            self._tasks.put(partial(save_resume_point, what))
        else:
            self._tasks.put(partial(save_last_play, what))

    def clear(self) -> None:
        """Remove the place of the session, soon: it came to its end."""
        self._tasks.put(partial(clear_resume_point, self._session_id))

    def close(self) -> None:
        """Return when all is saved, or after two seconds: a disk that hangs keeps nobody here.

        The session has ended then: a place that was not cleared is left behind, to go on from.
        """
        self._tasks.put(None)
        self._thread.join(_CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        warned = False
        for task in iter(self._tasks.get, None):
            warning = task()
            if warning and not warned:
                warned = True
                self._on_warning(warning)
        leave_resume_point(self._session_id)


def _not_saved(folder: Path | None, error: OSError) -> str:
    where = f"{folder}: " if folder else ""
    return (
        f"{where}your place cannot be saved ({error.strerror or error}), so"
        " `voicecoach play --resume` will not know it; set VOICECOACH_STATE to a folder that can be"
        " written"
    )


def _place_path(folder: Path, session_id: str) -> Path:
    return folder / f"place-{session_id}.json"


def _places_left_behind(folder: Path) -> Iterator[Path]:
    for path in folder.glob("place-*.json"):
        with contextlib.suppress(OSError):
            if path.is_file() and not _is_held(path):
                yield path


def _remove_left_behind(folder: Path, routine: str) -> None:
    """Remove the places of a routine's ended sessions, and files that a kill left half-written."""
    own = {_place_path(folder, session_id) for session_id in _held}
    for path in set(_places_left_behind(folder)) - own:
        with contextlib.suppress(OSError):
            left = _read(path, ResumePoint)
            if left is None or left.routine == routine:
                path.unlink()
    for path in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
                path.unlink()


def _is_held(path: Path) -> bool:
    """Return True if a living session holds the file, or has just replaced it by a newer one."""
    with path.open("rb") as stream:
        return not lock(stream) or not os.path.samestat(os.fstat(stream.fileno()), path.stat())


def _write(path: Path, what: ResumePoint | LastPlay) -> BinaryIO:
    """Write a file that is there whole or not at all; return it held, and on Windows closed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = {"voicecoach": _kind(type(what)), "format": FORMAT, **asdict(what)}
    return write_atomically(path, json.dumps(document, indent=2).encode(), prepare=lock)


_Kept = TypeVar("_Kept", ResumePoint, LastPlay)
_Made = TypeVar("_Made", bound="DataclassInstance")


def _kind(kept: type[ResumePoint | LastPlay]) -> str:
    return {ResumePoint: "place", LastPlay: "last play"}[kept]


def _read(path: Path, kept: type[_Kept]) -> _Kept | None:
    """Read a file back; None unless it holds exactly what `_write` writes."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            document = json.loads(stream.read(_LARGEST_BYTES))
        if document["voicecoach"] != _kind(kept) or document["format"] != FORMAT:
            return None
        return _made_of(document, kept)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _made_of(document: Any, kind: type[_Made]) -> _Made:
    kinds = get_type_hints(kind)
    names = [each.name for each in fields(kind) if kind is not Wishes or each.name in document]
    return kind(**{name: _checked(document[name], kinds[name], name) for name in names})


def _checked(value: Any, kind: Any, name: str) -> Any:
    """Return a value of the kind; ValueError for all others."""
    if isinstance(kind, UnionType):  # something, or nothing
        return None if value is None else _checked(value, get_args(kind)[0], name)
    if get_origin(kind) is tuple:
        items = _checked(value, list, name)
        return tuple(_checked(item, get_args(kind)[0], name) for item in items)
    if isinstance(kind, type) and is_dataclass(kind):
        return _made_of(value, kind)
    if issubclass(kind, StrEnum):
        return kind(value)
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        raise ValueError(f"{name} is not {kind.__name__}")
    if name in {"saved_at", "when"}:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or not 2000 <= moment.year < 9000:
            raise ValueError(f"{name} is no time at which anything was saved")
    return value
