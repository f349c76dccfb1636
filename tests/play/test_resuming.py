"""The place of a session: it survives kills, strangers and full disks, and belongs to its session."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voicecoach.files import atomic
from voicecoach.files.folders import state_folder
from voicecoach.fitting.wishes import Wishes
from voicecoach.play import resuming as place_module
from voicecoach.play.resuming import (
    FORMAT,
    Ending,
    LastPlay,
    ResumePoint,
    Saver,
    ago,
    clear_resume_point,
    leave_resume_point,
    load_last_play,
    load_resume_point,
    new_session_id,
    save_last_play,
    save_resume_point,
)

if TYPE_CHECKING:
    from typing import BinaryIO

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a state folder that is not there yet."""
    folder = tmp_path / "state" / "voicecoach"
    monkeypatch.setenv("VOICECOACH_STATE", str(folder))
    return folder


def a_place(number: int = 3, *, session_id: str = "", saved_at: str = "") -> ResumePoint:
    """Return a place in which number, slug and title belong together."""
    return ResumePoint(
        session_id=session_id or new_session_id(),
        routine="main",
        title="Main",
        step=f"step-{number}",
        step_title=f"Übung {number}",
        exercise_number=number,
        exercise_count=8,
        wishes=Wishes(
            rate=0.9, minutes=12, skip=("a", "b"), music="/music/calm.mp3", music_gain=-3.5
        ),
        wait=True,
        saved_at=saved_at or place_module.utc_now(),
    )


def left_behind(place: ResumePoint) -> ResumePoint:
    """Save a place as a session that has ended since."""
    assert save_resume_point(place) == ""
    leave_resume_point(place.session_id)
    return place


def files(folder: Path) -> list[str]:
    """Return the names of all that is in the folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------------------------- what is remembered


@pytest.mark.usefixtures("folder")
def test_a_place_comes_back_as_it_was() -> None:
    """Nothing at first; then every field, after any number of saves."""
    assert load_resume_point() is None
    session_id = new_session_id()
    for number in (1, 2, 3):
        assert save_resume_point(a_place(number, session_id=session_id)) == ""
    place = left_behind(a_place(4, session_id=session_id))
    assert load_resume_point() == place


@pytest.mark.usefixtures("folder")
def test_how_the_last_session_went_comes_back() -> None:
    """The last one counts."""
    assert load_last_play() is None
    first = LastPlay("Main", "miniaudio", "Speakers", 0, 12.5, Ending.CUT_OFF)
    for last_play in (first, replace(first, underruns=2, ending=Ending.QUIT)):
        assert save_last_play(last_play) == ""
        assert load_last_play() == last_play


def test_files_are_private_and_few(folder: Path) -> None:
    """Others need not read what somebody exercises; nothing is left beside the files."""
    place = a_place()
    for _ in range(5):
        save_resume_point(place)
    save_last_play(LastPlay("Main", "pipe", "Speakers", 0, 1.0, Ending.FINISHED))
    names = ["last-play.json", f"place-{place.session_id}.json"]
    assert files(folder) == names
    if os.name == "posix":
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    clear_resume_point(place.session_id)


# ------------------------------------------------------------------------------------- whose place


def test_a_session_clears_its_own_place_only(folder: Path) -> None:
    """Of two sessions at once one comes to its end; the other is still there to go on with."""
    first, second = a_place(2), a_place(5)
    save_resume_point(first)
    save_resume_point(second)
    assert clear_resume_point(first.session_id) == ""
    assert files(folder) == [f"place-{second.session_id}.json"]
    leave_resume_point(second.session_id)
    assert load_resume_point() == second
    assert clear_resume_point(second.session_id) == ""
    assert load_resume_point() is None
    assert clear_resume_point(second.session_id) == ""


def test_the_next_session_replaces_what_others_left(folder: Path) -> None:
    """The last session of a routine is the one to go on with; one that lives is left alone."""
    alive = a_place(1)
    save_resume_point(alive)
    left_behind(a_place(2))
    third = left_behind(a_place(3))
    assert files(folder) == sorted(f"place-{each.session_id}.json" for each in (alive, third))
    clear_resume_point(alive.session_id)


def test_each_routine_has_a_place_of_its_own(folder: Path) -> None:
    """A child's game in between does not take the grown-up's place away."""
    adults = left_behind(a_place(2, saved_at="2026-03-04T10:00:00+00:00"))
    child = left_behind(replace(a_place(1), routine="children"))
    assert load_resume_point() == child
    assert load_resume_point("main") == adults
    left_behind(a_place(3))
    assert load_resume_point("children") == child
    assert len(files(folder)) == 2
    assert load_resume_point("dumbbells") is None


def test_a_session_that_was_only_begun_takes_nothing_away(folder: Path) -> None:
    """Who starts another, hears that one was left, and stops again can still go on with that one."""
    left = left_behind(a_place(5, saved_at="2026-03-04T10:00:00+00:00"))
    begun = left_behind(a_place(0))
    assert load_resume_point() == left
    clear_resume_point(left.session_id)
    assert load_resume_point() == begun
    left_behind(a_place(1))
    assert len(files(folder)) == 1


@pytest.mark.usefixtures("folder")
def test_the_newest_of_several_is_offered() -> None:
    """Two sessions at once, both cut off: the one that moved on last."""
    places = [a_place(n, saved_at=f"2026-03-0{n}T10:00:00+00:00") for n in (1, 3, 2)]
    for place in places:
        save_resume_point(place)
    for place in places:
        leave_resume_point(place.session_id)
    assert load_resume_point() == places[1]


@POSIX
def test_a_session_that_plays_is_not_offered_until_it_is_killed(folder: Path) -> None:
    """What another terminal plays right now is not "interrupted"; after kill -9 it is."""
    code = (
        "import sys, time\n"
        "from tests.play.test_resuming import a_place\n"
        "from voicecoach.play.resuming import save_resume_point\n"
        "save_resume_point(a_place(6, session_id='there'))\n"
        "save_resume_point(a_place(7, session_id='there'))\n"
        "print('saved', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"saved\n"
        assert load_resume_point() is None
        other.kill()
    place = load_resume_point()
    assert place
    assert place.step == "step-7"


@POSIX
def test_a_session_that_moves_on_meanwhile_is_not_offered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is replaced just when somebody looks whether it is held: it lives all the same."""
    save_resume_point(a_place(1, session_id="mine"))
    real_lock = place_module.lock

    def lock(stream: BinaryIO) -> bool:
        if stream.mode == "rb":
            monkeypatch.setattr(place_module, "lock", real_lock)
            save_resume_point(a_place(2, session_id="mine"))
        return real_lock(stream)

    monkeypatch.setattr(place_module, "lock", lock)
    assert load_resume_point() is None
    assert clear_resume_point("mine") == ""


# -------------------------------------------------------------------------------- kills, power cuts

SAVES_FOR_EVER = """
import itertools, sys
from tests.play.test_resuming import a_place
from voicecoach.play.resuming import save_resume_point
for number in itertools.count():
    assert save_resume_point(a_place(number, session_id="killed")) == ""
    if number == 2:
        print("going", flush=True)
"""


@pytest.mark.slow
@POSIX
def test_kill_leaves_a_whole_place_each_time(folder: Path) -> None:
    """Killed in the middle of saving, again and again: always a place that fits together."""
    chance = random.Random(3)
    for _ in range(12):
        with subprocess.Popen([sys.executable, "-c", SAVES_FOR_EVER], stdout=subprocess.PIPE) as process:  # fmt: skip
            assert process.stdout
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            process.kill()
        place = load_resume_point()
        assert place
        assert place == replace(
            a_place(place.exercise_number, session_id="killed"), saved_at=place.saved_at
        )
    an_hour_ago = time.time() - 3_700
    for path in folder.glob(".*.part"):
        os.utime(path, (an_hour_ago, an_hour_ago))
    left_behind(a_place())
    assert len(files(folder)) == 1


@pytest.mark.slow
def test_a_reader_never_sees_half_a_place(folder: Path) -> None:
    """While one process saves without a pause, another reads: each time a whole place."""
    path = folder / "place-killed.json"
    with subprocess.Popen([sys.executable, "-c", SAVES_FOR_EVER], stdout=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        seen = [0]
        deadline = time.monotonic() + 20
        while len(set(seen)) < 50 and time.monotonic() < deadline:
            seen.append(json.loads(path.read_bytes())["exercise_number"])
        process.kill()
    assert seen == sorted(seen)
    assert len(set(seen)) == 50


@POSIX
def test_what_is_moved_is_on_the_disk_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the bytes reach the disk, then the name is moved, then the name reaches the disk."""
    done: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        status = os.fstat(handle)
        done.append("folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size > 100} file")
        real_fsync(handle)

    def move(self: Path, target: Path) -> Path:
        done.append("move")
        return real_replace(self, target)

    monkeypatch.setattr(atomic, "bring_to_disk", fsync)
    monkeypatch.setattr(place_module.os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", move)
    left_behind(a_place())
    assert done == ["True file", "move", "folder"]


# ----------------------------------------------------------------------------------- what strangers write

WISHES = asdict(Wishes())


@pytest.mark.parametrize(
    "change",
    [
        {"format": FORMAT + 1}, {"format": str(FORMAT)}, {"voicecoach": "last play"}, {"voicecoach": 1},
        {"exercise_number": "3"}, {"exercise_number": True}, {"wait": 1}, {"title": None}, {"step": ["x"]},
        {"wishes": None}, {"wishes": WISHES | {"rate": "0.9"}}, {"wishes": WISHES | {"rate": float("nan")}},
        {"wishes": WISHES | {"rate": True}}, {"wishes": WISHES | {"music": None}}, {"wishes": WISHES | {"music_gain": 0}}, {"wishes": WISHES | {"skip": "a"}},
        {"wishes": WISHES | {"skip": [1]}}, {"wishes": WISHES | {"minutes": 1.5}}, {"wishes": WISHES | {"level": "hard"}}, {"wishes": WISHES | {"talk": ""}},
        {"saved_at": "yesterday"}, {"saved_at": "2026-03-04T12:00:00"},
        {"saved_at": "0001-01-01T00:00:00+00:00"}, {"session_id": "../../etc/passwd"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_exactly_a_place_is_none(folder: Path, change: dict[str, object]) -> None:
    """A newer format, another kind, a wrong type, an impossible time: no place, no exception."""
    place = left_behind(a_place())
    path = folder / f"place-{place.session_id}.json"
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | change), "utf-8")
    assert load_resume_point() is None
    path.write_text(json.dumps(document | {"more": 1}), "utf-8")
    assert load_resume_point() == place


@pytest.mark.parametrize("missing", ["format", "voicecoach", "routine", "wishes", "saved_at"])
def test_every_field_must_be_there(folder: Path, missing: str) -> None:
    """A place without one of its fields is none."""
    place = left_behind(a_place())
    path = folder / f"place-{place.session_id}.json"
    document = json.loads(path.read_bytes())
    del document[missing]
    path.write_text(json.dumps(document), "utf-8")
    assert load_resume_point() is None


def test_a_wish_that_a_file_does_not_know_has_its_default(folder: Path) -> None:
    """One that was added since, or, in a file of a later version, one that is not there yet."""
    place = left_behind(replace(a_place(), wishes=Wishes(rate=0.9)))
    path = folder / f"place-{place.session_id}.json"
    document = json.loads(path.read_bytes())
    path.write_text(json.dumps(document | {"wishes": {"rate": 0.9, "lights": "out"}}), "utf-8")
    assert load_resume_point() == place


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe", b"\x00" * 400, b"[" * 60_000],
    ids=["empty", "half", "list", "null", "number", "bytes", "zeros", "deep"],
)
def test_rubbish_is_none(folder: Path, content: bytes) -> None:
    """Whatever a file holds, nothing is raised."""
    folder.mkdir(parents=True)
    for name in ("place-x.json", "last-play.json"):
        (folder / name).write_bytes(content)
    assert load_resume_point() is None
    assert load_last_play() is None
    assert left_behind(a_place()) == load_resume_point()


@POSIX
def test_a_huge_file_takes_neither_time_nor_memory(folder: Path) -> None:
    """Whatever it is, it is none of ours."""
    folder.mkdir(parents=True)
    for name in ("place-x.json", "last-play.json"):
        (folder / name).touch()
        os.truncate(folder / name, 3_000_000_000)  # takes no room on the disk
    began = time.monotonic()
    assert load_resume_point() is None
    assert load_last_play() is None
    assert time.monotonic() - began < 0.2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes (not Windows)")
def test_what_is_no_file_is_none(folder: Path) -> None:
    """A pipe without a writer would keep a reader for ever; a folder and a loop are no files."""
    folder.mkdir(parents=True)
    os.mkfifo(folder / "place-pipe.json")
    os.mkfifo(folder / "last-play.json")
    (folder / "place-folder.json").mkdir()
    (folder / "place-loop.json").symlink_to("place-loop.json")
    assert load_resume_point() is None
    assert load_last_play() is None


# -------------------------------------------------------------------------- what cannot be written


def test_a_folder_that_cannot_be_written_is_one_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving says where, why and what to do, and raises nothing; loading finds nothing."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "file" / "state"))
    last_play = LastPlay("Main", "pipe", "Speakers", 0, 1.0, Ending.FINISHED)
    for warning in (save_resume_point(a_place()), save_last_play(last_play)):
        assert warning.startswith(str(tmp_path / "file"))
        assert "--resume" in warning
        assert "VOICECOACH_STATE" in warning
        assert "\n" not in warning
    assert load_resume_point() is None
    assert load_last_play() is None
    warnings: list[str] = []
    with Saver("mine", warnings.append) as saver:
        for number in range(3):
            saver.save(a_place(number, session_id="mine"))
        saver.clear()
    assert len(warnings) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_full_disk_keeps_the_place_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left: a text, the old place, and nothing half-written beside it."""
    place = left_behind(a_place(3))
    real_fdopen = os.fdopen

    def on_a_full_disk(handle: int, mode: str) -> object:
        os.dup2(os.open("/dev/full", os.O_WRONLY), handle)
        return real_fdopen(handle, mode)

    monkeypatch.setattr(place_module.os, "fdopen", on_a_full_disk)
    assert "space" in save_resume_point(a_place(4, session_id=place.session_id))
    assert load_resume_point() == place
    assert len(files(folder)) == 1


def test_a_user_without_a_home_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there may be no home: nothing is saved, one text says so."""
    import platformdirs

    def no_home(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("VOICECOACH_STATE", raising=False)
    monkeypatch.setattr(platformdirs, "user_state_path", no_home)
    assert state_folder() is None
    assert "no home folder" in save_resume_point(a_place())
    assert load_resume_point() is None
    assert load_last_play() is None
    assert clear_resume_point("x") == ""


def test_without_a_variable_it_is_the_state_folder_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has to set anything."""
    monkeypatch.delenv("VOICECOACH_STATE", raising=False)
    folder = state_folder()
    assert folder
    assert folder.name == "voicecoach"
    if sys.platform == "linux":
        assert folder.parent == Path(os.environ["XDG_STATE_HOME"])


# ------------------------------------------------------------------------------ beside the playing


def test_a_slow_disk_delays_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving returns at once however slow the disk is, and all is saved in order at the end."""

    def slowly(_: int) -> None:
        time.sleep(0.1)

    monkeypatch.setattr(atomic, "bring_to_disk", slowly)
    saver = Saver("mine", pytest.fail)
    last = a_place(3, session_id="mine")
    began = time.monotonic()
    for place in (a_place(1, session_id="mine"), a_place(2, session_id="mine"), last):
        saver.save(place)
    saver.save(LastPlay("Main", "pipe", "Speakers", 0, 1.0, Ending.QUIT))
    assert time.monotonic() - began < 0.05
    saver.close()
    assert load_resume_point() == last
    assert load_last_play() is not None


def test_a_disk_that_hangs_keeps_nobody_at_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two seconds the program ends all the same."""
    monkeypatch.setattr(atomic, "bring_to_disk", lambda _: time.sleep(3.5))
    saver = Saver("mine", lambda _: None)
    saver.save(a_place(1, session_id="mine"))
    began = time.monotonic()
    saver.close()
    assert 1.9 < time.monotonic() - began < 2.6
    time.sleep(1.7)  # the thread must not go on in another test's folder


@pytest.mark.usefixtures("folder")
def test_a_session_that_came_to_its_end_leaves_nothing() -> None:
    """Clearing comes after the saves that were asked for before it."""
    with Saver("mine", pytest.fail) as saver:
        for number in range(20):
            saver.save(a_place(number, session_id="mine"))
        saver.clear()
    assert load_resume_point() is None


# --------------------------------------------------------------------------------------- as told


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "a minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(minutes=60), "an hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(hours=35, minutes=59), "yesterday"),
        (timedelta(hours=36, minutes=1), "2 days ago"),
        (timedelta(days=40), "40 days ago"),
    ],
    ids=str,
)
def test_how_long_ago(before: timedelta, told: str) -> None:
    """The days are those of the person, not of Greenwich."""
    assert ago((NOON - before).astimezone(UTC).isoformat(), NOON) == told


def test_a_place_is_told_in_words() -> None:
    """Routine, exercise and how long ago, for the offer to go on."""
    saved_at = "2026-03-04T10:40:00+00:00"
    assert a_place(3, saved_at=saved_at).describe(NOON) == (
        "Main, exercise 3 of 8 (Übung 3), 20 minutes ago"
    )
    opening = replace(a_place(0, saved_at=saved_at), step="", step_title="")
    assert opening.describe(NOON) == "Main, at the beginning, 20 minutes ago"
