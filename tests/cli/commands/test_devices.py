"""`voicecoach devices`, with speakers and without."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from voicecoach.cli import app
from voicecoach.play import players as playback

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.null_sink import NullSink


def run(*arguments: str) -> tuple[str, str]:
    """Run the command and return what it prints: (stdout, stderr)."""
    result = CliRunner().invoke(app, ["devices", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


@pytest.mark.live
def test_devices_are_listed_and_can_be_chosen(null_sink: NullSink) -> None:
    """Every name in the list opens; the default one is marked; the way to choose is told."""
    out, err = run()
    rows = [line.split("\t") for line in out.splitlines()]
    assert [mark for _, mark in rows].count("default") == 1
    for name, _ in rows:
        assert playback.open_player("miniaudio", name).device_description == name
    assert "--device" in err
    listed = [{"name": name, "default": mark == "default"} for name, mark in rows]
    assert json.loads(run("--json")[0]) == listed


@pytest.mark.live
@pytest.mark.skipif(sys.platform != "linux", reason="the programs of Linux")
def test_without_miniaudio_the_way_to_choose_is_told(
    null_sink: NullSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux with ARM nothing can be listed; the names of the sound system are good all the same."""
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    monkeypatch.delitem(sys.modules, "voicecoach.play.players.miniaudio_player", raising=False)
    monkeypatch.setitem(sys.modules, "simpleaudio", None)
    monkeypatch.delitem(sys.modules, "voicecoach.play.players.simpleaudio_player", raising=False)
    out, err = run()
    assert out == ""
    assert "pipe plays on" in err
    assert "pactl list short sinks" in err


def test_no_speakers_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sound system that is not running would list is no choice: nothing, and why."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setenv("ALSA_CONFIG_PATH", os.devnull)
    monkeypatch.setenv("PATH", str(tmp_path))
    out, err = run()
    assert out == ""
    assert "no speakers found here" in err
    assert json.loads(run("--json")[0]) == []
