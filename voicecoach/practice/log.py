"""The practice log: every session that somebody has practised, in one SQLite file.

A session stands in it from its first exercise on and is brought up to date while it goes on; so one
that is killed or cut off is there as one that was stopped. Each session is one row under its own
id, each change one short transaction that is on the disk when it is done: several programs may
write at once, and whatever ends one of them, each row is there as it was before or as it is after.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from datetime import datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from voicecoach.errors import PracticeLogError
from voicecoach.files.folders import data_folder
from voicecoach.practice.record import Practice
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


FORMAT: Final = 1
"""`user_version` of the file; raise it when its columns change, and bring older files up to it."""

_OURS: Final = 0x76636C67
"""`application_id` of the file ("vclg"), so that nothing is written into another program's."""
_NAME: Final = "practice.sqlite"
_BUSY_SECONDS: Final = 5.0
"""How long a transaction waits for that of another program; each takes some milliseconds."""
_ASK_SECONDS: Final = 0.002
_CLOSE_SECONDS: Final = 6.0

_TABLE: Final = """
CREATE TABLE practice (
    session_id TEXT NOT NULL PRIMARY KEY CHECK (session_id <> ''),
    begun_at TEXT NOT NULL
        CHECK (julianday(begun_at) IS NOT NULL AND begun_at GLOB '20*T*[-+][0-9][0-9]:[0-9][0-9]'),
    routine TEXT NOT NULL CHECK (routine <> ''),
    title TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('adult', 'child')),
    seconds REAL NOT NULL CHECK (typeof(seconds) = 'real' AND seconds BETWEEN 0 AND 1e9),
    exercises_done INTEGER NOT NULL
        CHECK (typeof(exercises_done) = 'integer' AND exercises_done BETWEEN 0 AND exercises),
    exercises INTEGER NOT NULL CHECK (typeof(exercises) = 'integer' AND exercises >= 1),
    finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
    level TEXT NOT NULL CHECK (level IN ('easy', 'standard', 'strong')),
    effort INTEGER
        CHECK (effort IS NULL OR (typeof(effort) = 'integer' AND effort BETWEEN 0 AND 10)),
    pain INTEGER CHECK (pain IS NULL OR pain IN (0, 1)),
    muscles TEXT NOT NULL,
    weights INTEGER NOT NULL CHECK (weights IN (0, 1))
)
"""
_COLUMNS: Final = tuple(field.name for field in fields(Practice))
# What a person has said of a session stays when the session itself is brought up to date.
_UPDATES: Final = ", ".join(
    f"{name} = coalesce(excluded.{name}, {name})"
    if name in ("effort", "pain")
    else f"{name} = excluded.{name}"
    for name in _COLUMNS
    if name != "session_id"
)
_SAVE: Final = (
    f"INSERT INTO practice ({', '.join(_COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT (session_id) DO UPDATE SET {_UPDATES}"
)


def log_path() -> Path | None:
    """Return the file of the log, whether it exists or not; None if there is no place for it."""
    folder = data_folder()
    return None if folder is None else folder / _NAME


def load_history() -> tuple[Practice, ...]:
    """Return all sessions of the log, oldest first; none where there is no log yet.

    Raises PracticeLogError where it cannot be read.
    """
    path = log_path()
    if path is None or not _is_there(path):
        return ()
    with _transaction(path, "BEGIN") as log:
        if _is_new(log, path):
            return ()
        rows = log.execute(f"SELECT {', '.join(_COLUMNS)} FROM practice").fetchall()  # noqa: S608
    history = [_practice(path, dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    return tuple(sorted(history, key=lambda one: (one.begun_at.timestamp(), one.session_id)))


def save_practice(practice: Practice) -> None:
    """Write a session into the log, replacing the row with its id.

    An effort or a pain of None leaves what was said before. Raises PracticeLogError.
    """
    path = _path_to_write()
    with _transaction(path, "BEGIN IMMEDIATE") as log:
        if _is_new(log, path):
            log.execute(_TABLE)
            log.execute(f"PRAGMA application_id = {_OURS}")
            log.execute(f"PRAGMA user_version = {FORMAT}")
        log.execute(_SAVE, _row(practice))


def rate_practice(session_id: str, *, effort: int | None = None, pain: bool | None = None) -> None:
    """Note how a session of the log was; None leaves what was said before.

    Raises PracticeLogError.
    """
    path = _path_to_write()
    with _transaction(path, "BEGIN IMMEDIATE") as log:
        if not _is_new(log, path):
            log.execute(
                "UPDATE practice SET effort = coalesce(?, effort), pain = coalesce(?, pain) "
                "WHERE session_id = ?",
                (effort, pain, session_id),
            )


def forget(session_id: str | None = None) -> int:
    """Remove a session from the log, or all of them for None, and return how many went.

    The old content is overwritten, so that the file loses it. Raises PracticeLogError.
    """
    path = log_path()
    if path is None or not _is_there(path):
        return 0
    with _transaction(path, "BEGIN IMMEDIATE") as log:
        if _is_new(log, path):
            return 0
        if session_id is None:
            return log.execute("DELETE FROM practice").rowcount
        return log.execute("DELETE FROM practice WHERE session_id = ?", (session_id,)).rowcount


class LogWriter:
    """Writes one session on its own thread: a slow disk delays neither the sound nor the keys."""

    def __init__(self) -> None:
        self._latest: Practice | None = None
        """The newest state; older ones need not be written any more."""
        self._news: SimpleQueue[bool] = SimpleQueue()
        """Whether there is more to come, once for each change."""
        self._failure = ""
        self._thread: threading.Thread | None = None

    def write(self, practice: Practice) -> None:
        """Write the session as it stands now, soon."""
        self._latest = practice
        self._news.put(True)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="voicecoach log", daemon=True)
            self._thread.start()

    def close(self) -> str:
        """Wait until all is written, or some seconds: a disk that hangs keeps nobody here.

        Return the reason why the newest state is not in the log; empty if it is.
        """
        if self._thread is None:
            return ""
        self._news.put(False)
        self._thread.join(_CLOSE_SECONDS)
        if self._thread.is_alive():
            return f"{log_path()}: the disk does not answer"
        return self._failure

    def _run(self) -> None:
        written: Practice | None = None
        for _ in iter(self._news.get, False):
            practice = self._latest
            if practice is None or practice is written:
                continue
            try:
                save_practice(practice)
            except PracticeLogError as error:  # the next try may succeed; what counts is the last
                self._failure = str(error)
            else:
                self._failure = ""
            written = practice


# The file


def _path_to_write() -> Path:
    """Return the file of the log, after making it for its owner alone."""
    path = log_path()
    if path is None:
        raise PracticeLogError(
            "this user has no home folder, so there is no place for a practice log; set "
            "VOICECOACH_DATA to a folder that can be written"
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise _unusable(path, error) from error
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise _unusable(path, error) from error


@contextmanager
def _transaction(path: Path, begin: str) -> Iterator[sqlite3.Connection]:
    """Open the log for one transaction, which is on the disk afterwards, or has never been.

    The one gate to SQLite: whatever it says becomes a PracticeLogError.
    """
    try:
        # No log beside the log (WAL): the file alone can be copied, and nothing is left beside it.
        with closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as log:
            _begin(log, begin)
            try:
                yield log
                log.execute("COMMIT")
            except BaseException:
                if log.in_transaction:
                    with suppress(sqlite3.Error):
                        log.execute("ROLLBACK")
                raise
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from error


def _begin(log: sqlite3.Connection, begin: str) -> None:
    """Begin a transaction when others let us.

    SQLite's own waiting soon asks only ten times a second, and may for ever miss the short moments
    between the transactions of a busy program. Once begun, it waits for those who are reading.
    """
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            log.execute("PRAGMA synchronous = EXTRA")  # not lost by a power cut right after it
            log.execute("PRAGMA fullfsync = ON")  # macOS: not only in the memory of the disk
            log.execute("PRAGMA secure_delete = ON")
            log.execute(begin)
            log.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the lock to read
            break
        except sqlite3.OperationalError as error:
            if log.in_transaction:
                log.execute("ROLLBACK")
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(_ASK_SECONDS)
    log.execute(f"PRAGMA busy_timeout = {round(_BUSY_SECONDS * 1000)}")


def _is_new(log: sqlite3.Connection, path: Path) -> bool:
    """Return True if nothing stands in the file; raises where it is not a log that we know."""

    def number(question: str) -> int:
        return int(log.execute(question).fetchone()[0])

    if number("SELECT count(*) FROM sqlite_master") == 0:
        return True
    if number("PRAGMA application_id") != _OURS:
        raise PracticeLogError(
            f"{path}: is not a practice log; move it to another place, or set VOICECOACH_DATA to "
            "another folder"
        )
    version = number("PRAGMA user_version")
    if version != FORMAT:
        raise PracticeLogError(
            f"{path}: a newer voicecoach has written it (in format {version}, this one knows "
            f"{FORMAT}); `pip install --upgrade voicecoach` brings the newest, or name another "
            "folder in VOICECOACH_DATA"
        )
    return False


def _unusable(path: Path, error: sqlite3.Error | OSError) -> PracticeLogError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        code = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_CANTOPEN
    match code:
        case sqlite3.SQLITE_FULL:
            told = f"there is no room left on the disk ({why}); make room"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            told = f"another program holds the practice log ({why}); try again when it has ended"
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            told = (
                f"the practice log is damaged ({why}); put a copy of it from before in its place, "
                "or move it away, and a new one begins"
            )
        case sqlite3.SQLITE_IOERR:
            told = (
                f"the disk refuses the practice log ({why}); make room on it, or set "
                "VOICECOACH_DATA to a folder on another one"
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            told = (
                f"the practice log cannot be opened there ({why}); set VOICECOACH_DATA to a folder "
                "that can be written"
            )
        case _:
            told = (
                f"the practice log cannot be used ({why}); `voicecoach log --help` says what else "
                "there is"
            )
    return PracticeLogError(f"{path}: {told}")


# The rows


def _row(practice: Practice) -> tuple[object, ...]:
    values: dict[str, object] = {name: getattr(practice, name) for name in _COLUMNS}
    values["begun_at"] = practice.begun_at.isoformat(timespec="seconds")
    values["seconds"] = float(practice.seconds)
    values["muscles"] = json.dumps(practice.muscles)
    for name in ("routine", "title", "audience", "level"):  # file names may hold what is no letter
        values[name] = str(values[name]).encode("utf-8", "replace").decode()
    return tuple(values[name] for name in _COLUMNS)


def _practice(path: Path, row: dict[str, Any]) -> Practice:
    """Return a session as it was written; only a changed table lets in any other."""
    try:
        pain = row["pain"]
        return Practice(
            **row
            | {
                "begun_at": datetime.fromisoformat(row["begun_at"]),
                "audience": Audience(row["audience"]),
                "finished": bool(row["finished"]),
                "level": Level(row["level"]),
                "pain": None if pain is None else bool(pain),
                "muscles": tuple(map(str, json.loads(row["muscles"]))),
                "weights": bool(row["weights"]),
            }
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise PracticeLogError(
            f"{path}: holds a session that cannot be one ({row['session_id']}: {error}); put a "
            "copy of the file from before in its place, or move it away, and a new one begins"
        ) from error
