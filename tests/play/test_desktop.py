"""The desktop's controls on a real session bus, pressed by a real desktop's tool (playerctl)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.needs import requires_program
from voicecoach.errors import DesktopUnavailableError
from voicecoach.play.desktop import Desktop, examine
from voicecoach.play.desktop.state import PlaybackState
from voicecoach.play.now_playing import NowPlaying
from voicecoach.play.transport import Command, Mode
from voicecoach.script.moments import Moment
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="MPRIS is a thing of Linux"),
    requires_program("dbus-daemon", "dbus-send", "dbus-monitor", "playerctl"),
]

NAME = "org.mpris.MediaPlayer2.voicecoach"
SOON_SECONDS = 30.0


def now_playing(
    title: str = "Bridge",
    *,
    routine: str = "Main",
    mode: Mode = Mode.PLAYING,
    number: int = 3,
    position_seconds: float = 100.0,
    total_seconds: float = 600.0,
    volume_percent: int = 100,
) -> NowPlaying:
    """Return a session in the middle of an exercise."""
    moment = Moment(
        phase=Phase.WORK,
        title=title,
        heading=title,
        slug="bridge",
        segment_index=number,
        exercise_number=number,
        exercise_count=8,
        remaining_seconds=12.0,
        phase_seconds=30.0,
    )
    return NowPlaying(
        title=routine,
        mode=mode,
        moment=moment,
        position_seconds=position_seconds,
        total_seconds=total_seconds,
        total_is_exact=True,
        volume_percent=volume_percent,
        rate=1.0,
        speakers="Speakers",
        message="",
    )


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """Return a session bus that this test has to itself."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:dir={tmp_path}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as daemon:  # fmt: skip
        assert daemon.stdout
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().decode().strip())
        yield daemon
        daemon.kill()


class Presses:
    """The commands that came from the desktop."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Command] = SimpleQueue()

    def __call__(self, command: Command) -> None:
        """Take one."""
        self._queue.put(command)

    def next(self) -> Command:
        """Return the next one, soon."""
        return self._queue.get(timeout=SOON_SECONDS)

    def none(self) -> bool:
        """Return whether there is none, not even a little later."""
        try:
            self._queue.get(timeout=0.2)
        except Empty:
            return True
        return False


@pytest.fixture
def presses() -> Presses:
    """Return what collects the desktop's commands."""
    return Presses()


@pytest.fixture
def desktop(bus: object, presses: Presses) -> Iterator[Desktop]:
    """Return a session on the bus, in the middle of an exercise."""
    with Desktop(presses) as desktop:
        desktop.show(now_playing())
        eventually(lambda: players() == ["voicecoach"])
        yield desktop


def eventually(holds: Callable[[], Any]) -> None:
    """Wait until something holds; it must soon."""
    deadline = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "did not come true"
        time.sleep(0.02)


def run(*command: str) -> str:
    """Run a desktop's program and return what it prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return done.stdout.rstrip("\n")


def playerctl(*arguments: str) -> str:
    """Run playerctl for the only player there is."""
    return run("playerctl", *arguments)


def players() -> list[str]:
    """Return the players that a desktop sees."""
    return sorted(playerctl("--list-all").split())


def send(member: str, *arguments: str, to: str = NAME) -> str:
    """Call a method as any program may."""
    return run(
        "dbus-send", "--print-reply", f"--dest={to}", "/org/mpris/MediaPlayer2", member, *arguments
    )


class Signals:
    """All signals of players on the bus, as dbus-monitor hears them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._told = 0

    def heard(self) -> list[str]:
        """Return the signals since the last call, each as its text."""
        time.sleep(0.3)
        parts = re.split(r"(?m)^(?=signal )", self._file.read_text("utf-8"))
        heard = [part for part in parts if "path=/org/mpris/MediaPlayer2" in part]
        new, self._told = heard[self._told :], len(heard)
        return new


@pytest.fixture
def signals(bus: object, tmp_path: Path) -> Iterator[Signals]:
    """Return what is announced on the bus."""
    file = tmp_path / "signals"
    with (
        file.open("wb") as heard,
        subprocess.Popen(["dbus-monitor", "--session", "type='signal'"], stdout=heard) as monitor,
    ):
        eventually(lambda: b"NameLost" in file.read_bytes())  # it has become a monitor
        yield Signals(file)
        monitor.kill()


# ------------------------------------------------------------------------------------- what is shown


@pytest.mark.usefixtures("desktop")
def test_a_desktop_sees_exercise_routine_and_length() -> None:
    """What stands on the lock screen."""
    assert playerctl("status") == "Playing"
    wanted = "{{title}}|{{album}}|{{artist}}|{{mpris:length}}|{{mpris:trackid}}|{{xesam:trackNumber}}|{{volume}}"
    assert playerctl("metadata", "--format", wanted) == (
        "Bridge|Main|Main|600000000|'/voicecoach/session'|3|1.0"
    )


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        (Mode.STARTING, "Playing"),
        (Mode.PAUSED, "Paused"),
        (Mode.WAITING, "Paused"),
        (Mode.NO_SPEAKERS, "Paused"),
        (Mode.ENDED, "Stopped"),
    ],
)
def test_status_of_each_mode(desktop: Desktop, mode: Mode, status: str) -> None:
    """Whatever waits for the person shows the button to go on."""
    desktop.show(now_playing(mode=mode))
    eventually(lambda: playerctl("status") == status)


def test_position_runs_by_itself_stands_in_a_pause_and_stops_at_the_end(desktop: Desktop) -> None:
    """A bar moves on the lock screen although the session is not shown anew all the time."""

    def position() -> float:
        return int(send(f"{GET}", "string:org.mpris.MediaPlayer2.Player", "string:Position").split()[-1]) / 1e6  # fmt: skip

    desktop.show(now_playing(position_seconds=200.0))
    first_at, first = time.monotonic(), position()
    assert first == pytest.approx(200.0, abs=0.3)
    time.sleep(0.5)
    assert position() - first == pytest.approx(time.monotonic() - first_at, abs=0.1)
    desktop.show(now_playing(mode=Mode.PAUSED, position_seconds=200.7))
    for _ in range(2):
        assert position() == 200.7
        time.sleep(0.1)
    desktop.show(now_playing(position_seconds=599.9))
    time.sleep(0.3)
    assert position() == 600.0


GET = "org.freedesktop.DBus.Properties.Get"
PROPERTIES = {
    "org.mpris.MediaPlayer2": {
        "CanQuit", "CanRaise", "HasTrackList", "Identity", "SupportedUriSchemes", "SupportedMimeTypes",
    },
    "org.mpris.MediaPlayer2.Player": {
        "PlaybackStatus", "Rate", "Metadata", "Volume", "Position", "MinimumRate", "MaximumRate",
        "CanGoNext", "CanGoPrevious", "CanPlay", "CanPause", "CanSeek", "CanControl",
    },
}  # fmt: skip


@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize("interface", PROPERTIES)
def test_every_property_of_the_specification_is_there(interface: str) -> None:
    """Desktops hide a player that lacks one of the mandatory properties."""
    reply = send("org.freedesktop.DBus.Properties.GetAll", f"string:{interface}")
    names = set(re.findall(r'^ {9}string "(\w+)"$', reply, re.MULTILINE))
    assert names == PROPERTIES[interface]


def test_titles_of_strangers_do_no_harm(desktop: Desktop) -> None:
    """A NUL would make the bus throw us out; an escape would reach whoever prints it."""
    desktop.show(now_playing("Evil\x1b[2J\x00\n\ud800 Łukasz", routine="x" * 50_000))
    eventually(lambda: "Evil" in playerctl("metadata", "title"))
    assert playerctl("metadata", "title") == "Evil\ufffd[2J\ufffd\ufffd\ufffd Łukasz"
    assert len(playerctl("metadata", "album")) == 50_000


# ---------------------------------------------------------------------------------------- buttons


@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize(
    ("press", "commands"),
    [
        ("play-pause", [Command.PAUSE]),
        ("play", [Command.PLAY]),
        ("pause", [Command.PAUSE]),
        ("stop", [Command.PAUSE]),
        ("next", [Command.NEXT]),
        ("previous", [Command.BACK]),
        ("position 5+", [Command.FORWARD]),
        ("position 5-", [Command.REWIND]),
        ("position 45-", [Command.REWIND] * 3),
        ("position 160", [Command.FORWARD] * 4),
        ("position 104", []),
    ],
)  # fmt: skip
def test_a_button_is_a_command(press: str, commands: list[Command], presses: Presses) -> None:
    """Each button of a headset or a lock screen does what is written on it."""
    playerctl(*press.split())
    assert [presses.next() for _ in commands] == commands
    assert presses.none()


@pytest.mark.usefixtures("desktop")
def test_quit(presses: Presses) -> None:
    """The cross on a desktop's list of players ends the session."""
    send("org.mpris.MediaPlayer2.Quit")
    assert presses.next() is Command.QUIT
    assert presses.none()


def test_pause_only_pauses(desktop: Desktop, presses: Presses) -> None:
    """Taking headphones off twice must not start the voice again."""
    pause = "org.mpris.MediaPlayer2.Player.Pause"
    send(pause)
    send(pause)
    assert presses.next() is Command.PAUSE
    assert presses.none()
    desktop.show(now_playing(mode=Mode.PAUSED))
    time.sleep(1.0)
    send(pause)
    assert presses.none()
    desktop.show(now_playing(mode=Mode.PLAYING))
    eventually(lambda: playerctl("status") == "Playing")
    send(pause)
    assert presses.next() is Command.PAUSE


@pytest.mark.usefixtures("desktop")
def test_pause_after_play_pauses_again(presses: Presses) -> None:
    """Headphones taken off, put on and taken off in one breath: the last one counts."""
    for button in ("Pause", "Play", "Pause", "Pause"):
        send(f"org.mpris.MediaPlayer2.Player.{button}")
    given = [presses.next() for _ in range(3)]
    assert given == [Command.PAUSE, Command.PLAY, Command.PAUSE]
    assert presses.none()


@pytest.mark.usefixtures("desktop")
def test_calls_that_make_no_sense_are_harmless(presses: Presses) -> None:
    """Another track, no distance, all too far, a foreign file: nothing, or not much."""
    player = "org.mpris.MediaPlayer2.Player"
    send(f"{player}.SetPosition", "objpath:/other/track", "int64:300000000")
    send(f"{player}.SetPosition", "objpath:/voicecoach/session", "int64:-5")
    send(f"{player}.SetPosition", "objpath:/voicecoach/session", "int64:900000000")
    send(f"{player}.Seek", "int64:0")
    send(f"{player}.OpenUri", "string:file:///etc/passwd")
    send("org.mpris.MediaPlayer2.Raise")
    assert presses.none()
    send(f"{player}.Seek", "int64:9223372036854775807")
    assert [presses.next() for _ in range(40)] == [Command.FORWARD] * 40
    assert presses.none()


IN_A_PROCESS = """
import sys
from tests.play.test_desktop import now_playing
from voicecoach.play.desktop import Desktop

def pressed(command):
    print(command.name, flush=True)
    if command.name == "BACK":
        raise RuntimeError("not now")

with Desktop(pressed) as desktop:
    desktop.show(now_playing("There"))
    sys.stdin.read()
"""


@pytest.fixture
def elsewhere(bus: object) -> Iterator[subprocess.Popen[str]]:
    """Return a process with a session on the bus, which prints the commands that it gets."""
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_a_button_whose_command_fails_leaves_the_others_alive(
    elsewhere: subprocess.Popen[str],
) -> None:
    """What a command raises goes to whoever pressed the button, and not into the terminal."""
    eventually(lambda: players() == ["voicecoach"])
    playerctl("previous")
    playerctl("next")
    assert elsewhere.communicate("") == ("BACK\nNEXT\n", "")
    assert elsewhere.returncode == 0


# -------------------------------------------------------------------------------------- announcements


def test_what_changes_is_announced_and_nothing_else(signals: Signals, desktop: Desktop) -> None:
    """A desktop is woken for a change of title or status, not twenty times a second."""
    began = time.monotonic()
    desktop.show(now_playing(position_seconds=100.0))
    signals.heard()
    for _ in range(10):
        desktop.show(now_playing(position_seconds=100.0 + time.monotonic() - began))
        time.sleep(0.05)
    assert signals.heard() == []
    position_seconds = 100.0 + time.monotonic() - began
    desktop.show(now_playing("Plank", number=4, position_seconds=position_seconds))
    (heard,) = signals.heard()
    assert "member=PropertiesChanged" in heard
    assert "Plank" in heard
    assert "PlaybackStatus" not in heard
    assert "Position" not in heard


def test_a_jump_is_announced(signals: Signals, desktop: Desktop) -> None:
    """After a skip the bar on the lock screen jumps too; a late report of half a second is no jump."""
    signals.heard()
    desktop.show(now_playing(position_seconds=250.0))
    (heard,) = signals.heard()
    assert "member=Seeked" in heard
    assert re.search(r"int64 2500\d{5}\b", heard)
    desktop.show(now_playing(position_seconds=250.0 + 0.3 - 0.5))
    assert signals.heard() == []


# ----------------------------------------------------------------------------------- two, and none


def test_two_players_at_once(
    desktop: Desktop, elsewhere: subprocess.Popen[str], presses: Presses
) -> None:
    """Each has its own name and its own buttons; one that is killed leaves the other."""
    second = f"voicecoach.instance{elsewhere.pid}"
    eventually(lambda: players() == ["voicecoach", second])
    assert playerctl("--player", second, "metadata", "title") == "There"
    playerctl("--player", second, "next")
    assert elsewhere.stdout
    assert elsewhere.stdout.readline() == "NEXT\n"
    assert presses.none()
    elsewhere.kill()
    eventually(lambda: players() == ["voicecoach"])
    playerctl("next")
    assert presses.next() is Command.NEXT


@pytest.mark.usefixtures("bus")
def test_it_is_there_from_the_first_thing_shown_until_the_end(presses: Presses) -> None:
    """No player without a title appears, and none stays behind; the end takes no time."""
    with Desktop(presses) as desktop:
        time.sleep(0.5)
        assert players() == []
        desktop.show(now_playing("First"))
        eventually(lambda: playerctl("metadata", "title") == "First")
        began = time.monotonic()
    assert time.monotonic() - began < 0.25
    assert players() == []


def test_a_bus_that_dies_takes_nothing_with_it(
    bus: subprocess.Popen[bytes], desktop: Desktop, capfd: pytest.CaptureFixture[str]
) -> None:
    """The desktop logs out in the middle of a session: playing goes on, nothing is printed."""
    bus.kill()
    bus.wait()
    for number in range(30):
        desktop.show(now_playing(f"Exercise {number}"))
        time.sleep(0.01)
    began = time.monotonic()
    desktop.__exit__(None, None, None)
    assert time.monotonic() - began < 0.1
    assert capfd.readouterr() == ("", "")


def hanging_bus(folder: Path) -> socket.socket:
    """Return a socket that takes calls and never answers."""
    deaf = socket.socket(socket.AF_UNIX)
    deaf.bind(str(folder / "deaf"))
    deaf.listen()
    return deaf


@pytest.mark.parametrize("kind", ["unset", "nowhere", "deaf", "no library", "nonsense", "network"])
def test_without_a_bus_nothing_happens(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever is missing: nothing is printed, nothing waits, and doctor can say what it is."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    addresses = {
        "nowhere": f"unix:path={tmp_path}/nowhere",
        "deaf": f"unix:path={tmp_path}/deaf",
        "no library": f"unix:path={tmp_path}/deaf",
        "nonsense": "unix:;;=,&%",
        "network": "tcp:host=127.0.0.1,port=9",
    }
    reasons = {
        "unset": "no session bus",
        "nowhere": "No such file",
        "deaf": "does not answer",
        "no library": 'pip install "voicecoach[desktop]"',
        "nonsense": "unix:",
        "network": "no session bus",
    }
    if kind == "unset":
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    else:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", addresses[kind])
    if kind == "no library":
        monkeypatch.delitem(sys.modules, "voicecoach.play.desktop.bus", raising=False)
        monkeypatch.setitem(sys.modules, "dbus_fast", None)
    with hanging_bus(tmp_path):
        for wait_seconds in (0.0, 0.2):
            began = time.monotonic()
            with Desktop(pytest.fail) as desktop:
                desktop.show(now_playing())
                assert time.monotonic() - began < 0.1
                time.sleep(wait_seconds)
                desktop.show(now_playing("Plank"))
            assert time.monotonic() - began < wait_seconds + 0.4
        with pytest.raises(DesktopUnavailableError, match=re.escape(reasons[kind])):
            examine()
    assert capfd.readouterr() == ("", "")


def test_the_bus_of_the_system_is_found_without_a_variable(
    bus: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over ssh, or under sudo, the variable may be missing; the socket is where it always is."""
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    assert examine() == f"the session bus, {address}"
    (tmp_path / "bus").symlink_to(address.partition("unix:path=")[2].partition(",")[0])
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert examine() == f"the session bus, unix:path={tmp_path}/bus"


# ---------------------------------------------------------------------------------- without a bus


def test_what_counts_as_a_jump() -> None:
    """A second off, either way, counts; the clock that runs does not."""
    state = PlaybackState()
    assert state.show(now_playing(position_seconds=100.0), 50.0)
    assert not state.show(now_playing(position_seconds=110.0), 60.0)
    assert not state.show(now_playing(position_seconds=110.2), 61.0)
    assert state.show(now_playing(position_seconds=112.3), 62.0)
    assert state.show(now_playing(position_seconds=111.2), 62.0)
    assert state.jumps == 2
    assert state.show(now_playing(mode=Mode.PAUSED, position_seconds=111.2), 62.0)
    assert not state.show(now_playing(mode=Mode.PAUSED, position_seconds=111.2), 90.0)
    assert state.position_seconds(95.0) == 111.2
    assert state.jumps == 2
