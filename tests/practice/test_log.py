"""The practice log: kills, full disks, strangers and several programs at once lose and double nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.practice.log_here import EXERCISES, STEPS_A_SESSION, a_session
from tests.support.figures import SOAK
from tests.support.terminal import CHECKOUT
from voicecoach.errors import PracticeLogError
from voicecoach.files.folders import data_folder
from voicecoach.practice import log as log_module
from voicecoach.practice.log import (
    LogWriter,
    forget,
    load_history,
    log_path,
    rate_practice,
    save_practice,
)
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from tests.support.figures import RecordFigure
    from voicecoach.practice.record import Practice

KILLS = 100 if SOAK else 5


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder that is not there yet."""
    folder = tmp_path / "data" / "voice coach?#"
    monkeypatch.setenv("VOICECOACH_DATA", str(folder))
    return folder


def files(folder: Path) -> list[str]:
    """Return the names of all that is in the folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


def scribble(folder: Path, *statements: str) -> None:
    """Change the file as another program would."""
    with closing(sqlite3.connect(folder / "practice.sqlite")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


# ------------------------------------------------------------------------------- what is remembered


def test_sessions_come_back_as_they_were_oldest_first(folder: Path) -> None:
    """Nothing at first, and no file for that; then every field, in the time zone of that day."""
    assert load_history() == ()
    assert not folder.exists()
    sessions = [
        a_session(1),
        a_session(2, finished=True, exercises_done=8, audience=Audience.CHILD, level=Level.STRONG),
        a_session(3, effort=None, pain=None, muscles=(), weights=False),
        a_session(4, effort=0, pain=False, seconds=0.0, exercises_done=0),
        # By the clock on the wall it comes first, and by the sun last.
        a_session(5, begun_at=datetime(2026, 3, 4, 18, 0, tzinfo=UTC) + timedelta(hours=9)),
    ]
    for session in reversed(sessions):
        save_practice(session)
    assert load_history() == tuple(sessions)
    assert load_history()[0].begun_at.utcoffset() == timedelta(hours=5, minutes=45)


@pytest.mark.usefixtures("folder")
def test_a_session_that_goes_on_is_one_row() -> None:
    """Each save takes the place of the one before, and what a person said of it stays."""
    save_practice(a_session(1, effort=None, pain=None, exercises_done=1))
    rate_practice("session-1", effort=4)
    save_practice(a_session(1, effort=None, pain=None, exercises_done=8, finished=True))
    rate_practice("session-1", pain=False)
    rate_practice("session-2", pain=True)
    assert load_history() == (a_session(1, effort=4, pain=False, exercises_done=8, finished=True),)


def test_what_is_forgotten_is_not_in_the_file_any_more(folder: Path) -> None:
    """One session, then all; the file does not tell their titles, and can be used on."""
    assert forget() == 0
    for number in range(1, 40):
        save_practice(a_session(number, title=f"secret-{number:02}-title"))
    assert forget("session-7") == 1
    assert forget("session-7") == 0
    assert len(load_history()) == 38
    content = (folder / "practice.sqlite").read_bytes()
    assert b"secret-07-title" not in content
    assert b"secret-08-title" in content
    assert forget() == 38
    assert load_history() == ()
    assert b"secret-" not in (folder / "practice.sqlite").read_bytes()
    save_practice(a_session(1))
    assert load_history() == (a_session(1),)


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_it_is_one_file_for_its_owner_alone(folder: Path) -> None:
    """Others need not read what somebody exercises; nothing is left beside it."""
    before = os.umask(0)
    try:
        save_practice(a_session())
    finally:
        os.umask(before)
    load_history()
    assert files(folder) == ["practice.sqlite"]
    assert stat.S_IMODE((folder / "practice.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "wrong",
    [
        {"effort": 11},
        {"effort": -1},
        {"exercises_done": 9},
        {"exercises_done": -1},
        {"exercises": 0, "exercises_done": 0},
        {"seconds": -1.0},
        {"seconds": float("nan")},
        {"session_id": ""},
        {"routine": ""},
        {"audience": "dog"},
        {"level": "brutal"},
        {"begun_at": datetime(2026, 3, 4, 18, 30)},  # noqa: DTZ001
    ],
)
def test_what_cannot_be_a_session_is_not_let_in(folder: Path, wrong: dict[str, Any]) -> None:
    """The file itself keeps the ranges, whoever writes into it."""
    save_practice(a_session(1))
    with pytest.raises(PracticeLogError, match=r"practice\.sqlite"):
        save_practice(a_session(2, **wrong))
    assert load_history() == (a_session(1),)


@pytest.mark.usefixtures("folder")
def test_names_that_are_no_text_are_kept_readable() -> None:
    """A file name may hold bytes that are no letters."""
    save_practice(a_session(1, routine="m\udcffin", title="M\udcffin"))
    assert load_history()[0].routine == "m?in"


# ------------------------------------------------------------------------------- what goes wrong


def test_a_damaged_file_is_named_and_left_alone(folder: Path) -> None:
    """Not a database, or one with holes in it: an error that says what to do, and not a byte changed."""
    folder.mkdir(parents=True)
    path = folder / "practice.sqlite"
    path.write_bytes(b"These are no tables. " * 400)
    for use in (load_history, lambda: save_practice(a_session()), forget):
        with pytest.raises(PracticeLogError, match=r"practice\.sqlite: .*damaged.*move it away"):
            use()
    assert path.read_bytes() == b"These are no tables. " * 400
    path.unlink()
    for number in range(60):
        save_practice(a_session(number))
    whole = path.read_bytes()
    torn = whole[:4096] + bytes(4096) + whole[8192:]
    path.write_bytes(torn)
    with pytest.raises(PracticeLogError, match="damaged"):
        load_history()
    assert path.read_bytes() == torn
    path.write_bytes(whole)
    assert len(load_history()) == 60


def test_a_newer_file_is_left_to_newer_programs(folder: Path) -> None:
    """What a later version wrote is neither read wrongly nor written over."""
    save_practice(a_session(1))
    scribble(folder, "ALTER TABLE practice ADD COLUMN mood TEXT", "PRAGMA user_version = 2")
    before = (folder / "practice.sqlite").read_bytes()
    for use in (load_history, lambda: save_practice(a_session(2)), forget):
        with pytest.raises(PracticeLogError, match=r"newer voicecoach .*2.*1.*pip install"):
            use()
    assert (folder / "practice.sqlite").read_bytes() == before


def test_the_file_of_another_program_is_left_to_it(folder: Path) -> None:
    """The name may be taken."""
    folder.mkdir(parents=True)
    scribble(folder, "CREATE TABLE recipes (name TEXT)")
    for use in (load_history, lambda: save_practice(a_session()), forget):
        with pytest.raises(PracticeLogError, match="is not a practice log"):
            use()


def test_a_row_that_somebody_made_up_is_named(folder: Path) -> None:
    """The table keeps such rows out, unless somebody has changed the table."""
    save_practice(a_session(1))
    scribble(
        folder,
        "PRAGMA ignore_check_constraints = ON",
        "UPDATE practice SET level = 'brutal'",
    )
    with pytest.raises(PracticeLogError, match=r"session-1.*brutal"):
        load_history()


def test_an_empty_file_is_a_log_without_sessions(folder: Path) -> None:
    """A kill in the first moment leaves one."""
    folder.mkdir(parents=True)
    (folder / "practice.sqlite").touch()
    assert load_history() == ()
    assert forget() == 0
    rate_practice("session-1", effort=1)
    save_practice(a_session())
    assert load_history() == (a_session(),)


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where, why and what to do."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(PracticeLogError, match=r"file/data/practice.sqlite: .*set VOICECOACH_DATA"):
        save_practice(a_session())
    monkeypatch.setenv("VOICECOACH_DATA", str(tmp_path))
    (tmp_path / "practice.sqlite").mkdir()
    for use in (load_history, lambda: save_practice(a_session())):
        with pytest.raises(PracticeLogError, match=r"cannot be opened.*set VOICECOACH_DATA"):
            use()


def log_here(*arguments: str) -> str:
    """Use the log in a process of its own and return what that says."""
    return subprocess.run(
        [sys.executable, "-m", "tests.practice.log_here", *arguments],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_a_read_only_log_is_read_and_not_written(folder: Path) -> None:
    """A log on a disk that is mounted to be read only."""
    save_practice(a_session(1))
    (folder / "practice.sqlite").chmod(0o444)
    folder.chmod(0o555)
    for parent in folder.parents:  # another user must come that far
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    try:
        told = log_here("nobody")
    finally:
        folder.chmod(0o755)
    assert told.startswith("1\n")
    assert "set VOICECOACH_DATA to a folder that can be written" in told
    assert load_history() == (a_session(1),)


def test_a_user_without_a_home_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there may be no home: nothing is kept, and a text says so."""
    import platformdirs

    def no_home(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("VOICECOACH_DATA")
    monkeypatch.setattr(platformdirs, "user_data_path", no_home)
    assert data_folder() is None
    assert load_history() == ()
    assert forget() == 0
    with pytest.raises(PracticeLogError, match=r"no home folder.*VOICECOACH_DATA"):
        save_practice(a_session())


def test_without_a_variable_it_is_the_data_folder_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has to set anything."""
    monkeypatch.delenv("VOICECOACH_DATA")
    path = log_path()
    assert path
    assert path.parent.name == "voicecoach"
    if sys.platform == "linux":
        assert path.parent.parent == Path(os.environ["XDG_DATA_HOME"])


# ------------------------------------------------------------------------------------ a full disk


@pytest.mark.sampled(2)
@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of Linux or macOS")
@pytest.mark.parametrize("pages", [0, 1, 3, 6, 20])
def test_a_full_disk_keeps_all_that_was_there(folder: Path, pages: int) -> None:
    """The system refuses further bytes, sooner or later: an error, and every session is whole."""
    for number in range(10):
        save_practice(a_session(number))
    size = (folder / "practice.sqlite").stat().st_size
    kept, _, told = log_here(
        "fill", str(size // 4096 * 4096 * bool(pages) + pages * 4096)
    ).partition(" ")
    assert "practice.sqlite: the disk refuses" in told or "no room left" in told
    assert "make room" in told
    history = load_history()
    assert [one.session_id for one in history[:10]] == [f"session-{n}" for n in range(10)]
    assert len(history) == 10 + int(kept)
    assert files(folder) == ["practice.sqlite"]
    save_practice(a_session(5000))
    assert len(load_history()) == 11 + int(kept)


def test_no_room_left_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SQLite says on a full disk, in our words."""
    save_practice(a_session(1))
    real = sqlite3.connect

    def on_a_full_disk(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*arguments, **named)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    def fill_up() -> None:
        for number in range(2, 100):
            save_practice(a_session(number, title="x" * 500))

    monkeypatch.setattr(log_module.sqlite3, "connect", on_a_full_disk)
    with pytest.raises(PracticeLogError, match=r"no room left on the disk.*; make room"):
        fill_up()
    monkeypatch.undo()
    monkeypatch.setenv("VOICECOACH_DATA", str(folder))
    assert load_history()[0] == a_session(1)


# --------------------------------------------------------------------------- several at once, and kills


def start_writing(name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that logs so many sessions, each in six transactions, and tells each that is done."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.practice.log_here", "write", name, str(count)],
        cwd=CHECKOUT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_processes_that_log_at_once_lose_and_double_nothing(
    folder: Path, record_figure: RecordFigure
) -> None:
    """Two write the first session of a new log at the same moment, and many more; a third one reads."""
    count = 200 if SOAK else 12
    began = time.monotonic()
    writers = [start_writing(name, count) for name in ("left", "right")]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        history = load_history()
        assert len(history) >= seen
        seen = len(history)
        time.sleep(0.02)
    for writer in writers:
        assert writer.stdout is not None
        assert len(writer.stdout.read().split()) == count + 1
        writer.stdout.close()
    assert [writer.returncode for writer in writers] == [0, 0]
    took = time.monotonic() - began
    record_figure(
        "a change of the log, two processes at once",
        took / count / 2 / STEPS_A_SESSION * 1000,
        "ms",
    )
    history = load_history()
    assert sorted(one.session_id for one in history) == sorted(
        f"{name}-{number}" for name in ("left", "right") for number in range(count)
    )
    assert all(
        one.finished and one.exercises_done == EXERCISES and one.pain is False for one in history
    )
    assert all(one.effort == int(one.session_id.partition("-")[2]) % 11 for one in history)
    assert files(folder) == ["practice.sqlite"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.timeout(KILLS * 10 + 60)
def test_kill_9_loses_and_doubles_nothing(folder: Path, record_figure: RecordFigure) -> None:
    """Killed at any moment, the log has each session that was done, and the one at hand whole or not at all."""
    chance = random.Random(5)
    told: list[str] = []
    mended = 0
    for kill in range(KILLS):
        writer = start_writing(f"run{kill}", 100_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.6))
        writer.kill()
        done = writer.stdout.read().split()
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL
        told += done
        mended += (folder / "practice.sqlite-journal").exists()
        history = {one.session_id: one for one in load_history()}
        assert len(history) == len(load_history())
        assert all(history[name].finished and history[name].pain is False for name in told)
        at_hand = set(history) - set(told)
        assert at_hand <= {f"run{run}-{_done_of(told, run)}" for run in range(kill + 1)}
        with closing(sqlite3.connect(folder / "practice.sqlite")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    save_practice(a_session())
    assert files(folder) == ["practice.sqlite"]
    record_figure("sessions written, with kills in between", float(len(told)), "")
    record_figure("kills in mid-write", f"{mended} of {KILLS}", "")


def _done_of(told: list[str], run: int) -> int:
    """Return how many sessions of a run were told as done, and so the number of the one at hand."""
    return sum(name.startswith(f"run{run}-") for name in told)


@pytest.mark.usefixtures("folder")
def test_a_log_that_is_held_for_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that does not let go: an error after some seconds, and no harm."""
    save_practice(a_session(1))
    monkeypatch.setattr(log_module, "_BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(log_path() or "", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PracticeLogError, match=r"another program holds .*try again"):
            save_practice(a_session(2))
        other.execute("ROLLBACK")
    save_practice(a_session(2))
    assert len(load_history()) == 2


# ------------------------------------------------------------------------------ beside the playing


def test_a_slow_disk_delays_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing returns at once however slow the disk is, and all is there at the end."""
    real = save_practice

    def slowly(practice: Practice) -> None:
        time.sleep(0.2)
        real(practice)

    monkeypatch.setattr(log_module, "save_practice", slowly)
    began = time.monotonic()
    writer = LogWriter()
    for done in range(8):
        writer.write(a_session(1, exercises_done=done))
    writer.write(a_session(1, exercises_done=8, finished=True))
    assert time.monotonic() - began < 0.1
    assert writer.close() == ""
    assert time.monotonic() - began < 1.0  # what has been overtaken is not written
    assert load_history() == (a_session(1, exercises_done=8, finished=True),)


@pytest.mark.usefixtures("folder")
def test_a_disk_that_hangs_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end is waited for, but not for ever, and it is told."""
    lets_go = threading.Event()
    monkeypatch.setattr(log_module, "save_practice", lambda _: lets_go.wait(30))
    monkeypatch.setattr(log_module, "_CLOSE_SECONDS", 0.2)
    writer = LogWriter()
    writer.write(a_session())
    began = time.monotonic()
    assert "does not answer" in writer.close()
    assert time.monotonic() - began < 1.0
    lets_go.set()


def test_only_the_last_failure_counts(folder: Path) -> None:
    """What could not be written at first is there in the end, and nobody is bothered."""
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    writer = LogWriter()
    writer.write(a_session(1, exercises_done=1))
    time.sleep(0.3)
    folder.unlink()
    writer.write(a_session(1, exercises_done=2))
    assert writer.close() == ""
    assert load_history() == (a_session(1, exercises_done=2),)
    shutil.rmtree(folder)
    folder.write_text("in the way")
    writer = LogWriter()
    writer.write(a_session(2))
    assert "cannot be opened" in writer.close()
    assert LogWriter().close() == ""
