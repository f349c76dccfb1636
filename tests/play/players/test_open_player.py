"""Which player works here, and what is said where none does."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from ctypes.util import find_library
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.null_sink import (
    ALSA_NULL_DEVICE,
    ALSA_THROUGH_PULSE,
    ALSA_WITHOUT_DEVICES,
    SAMPLE_RATE,
    SINK,
    environment_in,
)
from tests.support.player_contract import NEEDS_SIMPLEAUDIO
from tests.support.stream import blocks_of, bursts_and_render
from voicecoach.errors import PlayerUnavailableError
from voicecoach.play.players import PLAYERS, devices, open_player, simpleaudio_player
from voicecoach.play.players.miniaudio_player import MiniaudioPlayer
from voicecoach.play.players.player import DeviceLostError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.null_sink import NullSink

linux = pytest.mark.skipif(sys.platform != "linux", reason="hides the sound system of Linux")


def try_to_play(
    name: str, folder: Path, alsa_config: str
) -> tuple[subprocess.CompletedProcess[str], float]:
    """Play in a process that finds only what is configured in `folder`; return it and its seconds."""
    began_at = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-m", "tests.support.play_here", name, "30"],
        env=os.environ | environment_in(folder, alsa_config),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=CHECKOUT,
    )
    return process, time.monotonic() - began_at


@pytest.mark.timed
@linux
@pytest.mark.parametrize("alsa_config", [ALSA_WITHOUT_DEVICES, ALSA_THROUGH_PULSE])
@pytest.mark.parametrize("name", ["auto", *PLAYERS])
def test_no_speakers_are_said_in_a_few_lines(name: str, alsa_config: str, tmp_path: Path) -> None:
    """Without any device the process ends soon, with status 1 and our message and no driver noise."""
    _, start_seconds = try_to_play("no player at all", tmp_path, alsa_config)
    process, seconds = try_to_play(name, tmp_path, alsa_config)
    assert process.returncode == 1
    assert process.stdout == ""
    first, *tried, last = process.stderr.splitlines()
    assert first == "no speakers found here; tried:"
    assert [line.split(":")[0].strip() for line in tried] == (
        list(PLAYERS) if name == "auto" else [name]
    )
    assert "voicecoach export" in last
    assert max(map(len, tried)) < 200
    assert seconds - start_seconds < 3.0 + start_seconds  # a busy machine is slow with both


@linux
@pytest.mark.parametrize("name", PLAYERS)
def test_a_null_device_is_no_speaker(name: str, tmp_path: Path) -> None:
    """ALSA's null device swallows sound at any speed; that is not called playing."""
    process, _ = try_to_play(name, tmp_path, ALSA_NULL_DEVICE)
    if "installed" in process.stderr:
        pytest.skip(process.stderr)
    if name == "miniaudio" and find_library("asound") is None:
        pytest.skip("needs the ALSA library (not installed)")
    assert process.returncode == 1
    assert process.stderr.startswith("no real speakers here: ")
    assert process.stderr.count("\n") == 1


def test_an_unknown_player_is_named_with_those_there_are() -> None:
    """A mistyped name is answered with the right ones."""
    with pytest.raises(
        PlayerUnavailableError, match='"minaudio"; there are: auto, miniaudio, simple'
    ):
        open_player("minaudio")


def test_a_player_that_is_not_installed_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is not a missing speaker: the reason names what to install."""
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(
        PlayerUnavailableError,
        match=r"^miniaudio: not installed \(pip install mini.*--player auto$",
    ):
        open_player("miniaudio")
    assert devices() == []


def test_auto_goes_on_to_the_next_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first player whose device opens is taken, in the order of the table."""
    asked = []

    def opener(name: str, works: bool) -> object:
        def open_here(device: str | None) -> object:
            asked.append((name, device))
            if not works:
                raise PlayerUnavailableError(f"{name}: no luck")
            return SimpleNamespace(name=name)

        return open_here

    for name, works in (("miniaudio", False), ("simpleaudio", True), ("pipe", True)):
        module = importlib.import_module(PLAYERS[name].module)
        monkeypatch.setattr(module, "open_here", opener(name, works))
    player = open_player("auto", "Kitchen", keep_alive=True)
    assert (player.name, player.keep_alive) == ("simpleaudio", True)
    assert asked == [("miniaudio", "Kitchen"), ("simpleaudio", "Kitchen")]


@pytest.mark.parametrize(
    ("installed", "version", "refused"),
    [
        ({"simpleaudio"}, (3, 11), False),
        ({"simpleaudio"}, (3, 12), True),
        ({"simpleaudio"}, (3, 13), True),
        ({"simpleaudio-patched"}, (3, 13), False),
        ({"simpleaudio", "simpleaudio-patched"}, (3, 13), True),
    ],
)
def test_the_simpleaudio_that_crashes_is_refused(
    installed: set[str], version: tuple[int, int], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain simpleaudio is refused by the name of its package where it would end the process."""

    def version_of(name: str) -> str:
        return "1.0" if name in installed else ""

    monkeypatch.setattr(simpleaudio_player, "package_version", version_of)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    if refused:
        with pytest.raises(PlayerUnavailableError, match=r"crashes Python 3\.1"):
            simpleaudio_player.refuse_crashing_build(version)
    else:
        simpleaudio_player.refuse_crashing_build(version)


def test_a_long_search_for_speakers_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speakers are looked for every half second, all night if need be."""

    def refuse(*_: object) -> None:
        raise DeviceLostError("no device")

    registered: list[object] = []
    monkeypatch.setattr(simpleaudio_player.SimpleaudioPlayer, "_start", refuse)
    monkeypatch.setattr(
        simpleaudio_player.atexit, "register", lambda *call: registered.append(call)
    )
    for _ in range(3):
        with pytest.raises(PlayerUnavailableError):
            simpleaudio_player.SimpleaudioPlayer().probe()
    assert not registered


@NEEDS_SIMPLEAUDIO
def test_simpleaudio_has_no_choice_of_device() -> None:
    """A player that cannot choose a device says so instead of playing elsewhere."""
    with pytest.raises(PlayerUnavailableError, match="default device only"):
        open_player("simpleaudio", "Kitchen")


def test_miniaudio_plays_in_real_time_without_any_device() -> None:
    """On its own null device, which keeps time, a stream takes as long as it is."""
    miniaudio = pytest.importorskip("miniaudio")
    _, render = bursts_and_render(2.0)
    player = MiniaudioPlayer(backends=[miniaudio.Backend.NULL])
    began_at = time.monotonic()
    player.play(blocks_of(render), sample_rate=SAMPLE_RATE, channels=1)
    seconds = len(render) / SAMPLE_RATE
    assert seconds - 0.2 < time.monotonic() - began_at < seconds + 2.5
    assert player.position_frames == len(render)
    assert player.underruns == 0


@pytest.mark.live
def test_a_device_is_chosen_by_a_part_of_its_name(null_sink: NullSink) -> None:
    """The devices are listed with the default one, and a part of a name is enough when it is clear."""
    pytest.importorskip("miniaudio")
    (device,) = devices()
    assert device.is_default
    open_player("miniaudio", device.name[2:-2].upper())
    with pytest.raises(PlayerUnavailableError, match='no device is called "Kitchen"; there are: "'):
        open_player("miniaudio", "Kitchen")
    open_player("pipe", SINK)
