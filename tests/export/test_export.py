"""Choosing formats and encoders, the rules about targets, and the AudioSegment."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support.checkout import CHECKOUT
from tests.support.needs import requires_program
from tests.support.tracks import SomeSession, left_in
from voicecoach.errors import EncoderUnavailableError, ExportError
from voicecoach.export import (
    FORMATS,
    TrackTags,
    check_target,
    encoder_for,
    export_track,
    is_our_track,
    through_pydub,
    to_audio_segment,
)
from voicecoach.export.sidecars import check_text_target
from voicecoach.export.targets import folder_made
from voicecoach.files.replacing import workshop
from voicecoach.sound import pydub_gate
from voicecoach.sound.clip import read_wav, to_pcm16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.sound.mixdown import Block


@pytest.fixture
def _no_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ffmpeg as good as not installed."""
    for module in (pydub_gate, through_pydub):
        monkeypatch.setattr(module, "find_ffmpeg", lambda: None)


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Commands that write no track do not wait for numpy, mutagen or an encoder."""
    heavy = "numpy mutagen pydub lameenc"
    code = (
        "import sys, voicecoach.export as e; e.format_of(e.Path('x.mp3')); "
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["track.aiff", "track", ".mp3x", "track.mp3.zip"])
def test_an_unknown_extension_lists_the_formats(name: str, tmp_path: Path) -> None:
    """The message names every extension that works."""
    with pytest.raises(ExportError) as caught:
        check_target(tmp_path / name)
    for row in FORMATS.values():
        assert row.extension in str(caught.value)


def test_the_extension_may_be_written_in_capitals(tmp_path: Path) -> None:
    """TRACK.MP3 is an MP3, and the next export knows it as ours."""
    path = SomeSession().export(tmp_path / "TRACK.MP3")
    assert path.read_bytes()[:3] == b"ID3"
    assert is_our_track(path)
    SomeSession().export(path)


def test_auto_takes_the_first_encoder_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """MP3 is written by lameenc; without it by pydub, if that finds an ffmpeg."""
    assert encoder_for(FORMATS["mp3"]) == "lameenc"
    assert encoder_for(FORMATS["wav"]) == "wav"
    monkeypatch.setitem(sys.modules, "lameenc", None)
    monkeypatch.setattr(through_pydub, "find_ffmpeg", lambda: "/usr/bin/ffmpeg")
    assert encoder_for(FORMATS["mp3"]) == "pydub"
    with pytest.raises(
        EncoderUnavailableError, match=r"lameenc cannot be loaded .* pip install lam"
    ):
        encoder_for(FORMATS["mp3"], "lameenc")


@pytest.mark.usefixtures("_no_ffmpeg")
def test_without_ffmpeg_the_message_says_what_to_install(tmp_path: Path) -> None:
    """Formats of ffmpeg are refused before any work; MP3 and WAV still work."""
    for name, encoder in [("track.flac", "auto"), ("track.m4a", "pydub"), ("track.mp3", "pydub")]:
        with pytest.raises(EncoderUnavailableError, match=r"apt install ffmpeg.*voicecoach\[form"):
            check_target(tmp_path / name, encoder=encoder)
    SomeSession().export(tmp_path / "track.mp3")
    SomeSession().export(tmp_path / "track.wav")


@pytest.mark.usefixtures("_no_ffmpeg")
def test_with_no_encoder_at_all_both_ways_out_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message for MP3 says how to get either encoder."""
    monkeypatch.setitem(sys.modules, "lameenc", None)
    with pytest.raises(EncoderUnavailableError, match=r"pip install lameenc; or .*install ffmpeg"):
        encoder_for(FORMATS["mp3"])


def test_encoders_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """An unknown name lists the encoders; a known one of another format names the right ones."""
    with pytest.raises(ExportError, match='no encoder "lame"; choose one of: auto, lameenc, pydub'):
        check_target(tmp_path / "track.mp3", encoder="lame")
    with pytest.raises(ExportError, match=r"lameenc does not write \.ogg files; choose pydub"):
        check_target(tmp_path / "track.ogg", encoder="lameenc")


def test_the_audio_folder_is_made_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """./audio appears with the track, and goes again where the export fails."""
    monkeypatch.chdir(tmp_path)
    check_target(Path("audio/track.mp3"))
    with pytest.raises(ExportError, match="as announced"):
        SomeSession().export(Path("audio/track.mp3"), total_frames=5)
    assert left_in(tmp_path) == []
    assert SomeSession().export(Path("audio/track.mp3")) == Path("audio/track.mp3")
    assert left_in(tmp_path / "audio") == ["track.mp3"]
    with pytest.raises(ExportError, match=r"the folder music does not exist.*mkdir music"):
        check_target(Path("music/track.mp3"))


def test_a_source_of_the_session_is_never_replaced(tmp_path: Path) -> None:
    """Not even with --force, and not through another name for the same file."""
    gong = tmp_path / "gong.wav"
    gong.write_bytes(b"gong")
    (tmp_path / "link.wav").symlink_to(gong)
    for target in (gong, tmp_path / "link.wav"):
        with pytest.raises(ExportError, match="the session is made from this file"):
            check_target(target, force=True, inputs=[tmp_path / "absent.wav", gong])
    assert gong.read_bytes() == b"gong"


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    """Who keeps tracks elsewhere and links to them finds the new track there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    SomeSession().export(elsewhere / "track.wav")
    (tmp_path / "track.wav").symlink_to(elsewhere / "track.wav")
    SomeSession().export(tmp_path / "track.wav", tags=TrackTags("new"))
    assert (tmp_path / "track.wav").is_symlink()
    assert b"new\0" in (elsewhere / "track.wav").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes as files")
def test_a_pipe_is_no_target(tmp_path: Path) -> None:
    """It would be replaced by a file, or block for ever."""
    os.mkfifo(tmp_path / "pipe.mp3")
    with pytest.raises(ExportError, match="not a regular file"):
        check_target(tmp_path / "pipe.mp3", force=True)


def test_the_folder_of_a_living_run_is_left_alone(tmp_path: Path) -> None:
    """Two exports into one folder at the same time do not disturb each other."""
    with workshop(tmp_path) as other:
        (other / "half").write_bytes(b"half a track")
        SomeSession().export(tmp_path / "track.mp3")
        assert (other / "half").read_bytes() == b"half a track"
    assert left_in(tmp_path) == ["track.mp3"]


def test_only_folders_of_ours_are_cleared_away(tmp_path: Path) -> None:
    """An empty remainder goes; a folder of the same pattern with other things in it stays."""
    (tmp_path / ".voicecoach-dead.part").mkdir()
    theirs = tmp_path / ".voicecoach-theirs.part"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("dear")
    (tmp_path / ".voicecoach-file.part").write_text("a file")
    SomeSession().export(tmp_path / "track.wav")
    assert left_in(tmp_path) == [".voicecoach-file.part", theirs.name, "track.wav"]


def test_a_session_without_length_is_no_track(tmp_path: Path) -> None:
    """An MP3 of nothing cannot be played."""
    with pytest.raises(ExportError, match="nothing to export"):
        SomeSession().export(tmp_path / "track.mp3", blocks=iter(()), total_frames=0)


def test_a_wav_beyond_4_gb_is_refused_before_any_work(tmp_path: Path) -> None:
    """Its header cannot say the size; the message names formats that can."""

    def never():  # noqa: ANN202
        pytest.fail("a block was asked for")
        yield

    with pytest.raises(ExportError, match=r"needs 4\.3 GB; choose \.mp3 or \.flac"):
        export_track(
            never(), tmp_path / "long.wav", total_frames=2**31, sample_rate=24_000, channels=1,
            tags=TrackTags("long"),
        )  # fmt: skip
    assert left_in(tmp_path) == []


FILLS_UP = """
    import resource, sys
    from pathlib import Path
    from tests.support.tracks import SomeSession
    from voicecoach.errors import ExportError
    from voicecoach.export import through_pydub

    export_through_pydub = through_pydub._export

    def with_little_room(*arguments):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        return export_through_pydub(*arguments)

    through_pydub._export = with_little_room
    try:
        SomeSession().export(Path(sys.argv[1]))
    except ExportError as error:
        print(error, end="")
"""


@requires_program("ffmpeg")
def test_a_disk_that_fills_up_within_pydub_is_named(tmp_path: Path) -> None:
    """Room for the samples, none for pydub's own copy: our message, and no word from Python."""
    pytest.importorskip("resource")
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FILLS_UP), tmp_path / "track.flac"],
        check=True, capture_output=True, text=True, cwd=CHECKOUT, timeout=50,
    )  # fmt: skip
    assert "there is no room left" in run.stdout
    assert run.stderr == ""
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("sample_rate", "channels"), [(24_000, 1), (44_100, 2)])
def test_the_audio_segment_equals_the_wav(sample_rate: int, channels: int, tmp_path: Path) -> None:
    """Sample for sample, with its rate and channels, and pydub can work with it."""
    session = SomeSession(sample_rate, channels)
    segment = to_audio_segment(session)
    wav = read_wav(session.export(tmp_path / "track.wav"))
    samples = np.frombuffer(segment.raw_data, "<i2").reshape(-1, channels)
    assert np.array_equal(samples, to_pcm16(wav.samples))
    assert (segment.frame_rate, segment.channels) == (sample_rate, channels)
    assert len(segment[1000:3000]) == 2000


@pytest.mark.sampled(1)
@requires_program("ffmpeg")
@pytest.mark.parametrize("name", ["m4a", "opus", "ogg", "flac", "mp3"])
def test_a_long_session_is_piped_and_sounds_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit nothing goes through pydub's own files, and the track is the same to the bit."""
    session = SomeSession()
    usual = session.export(tmp_path / f"usual.{name}", encoder="pydub").read_bytes()
    monkeypatch.setattr(through_pydub, "LONGEST_IN_PYDUB_SECONDS", 1.0)
    monkeypatch.setattr(through_pydub, "_export", lambda *_: pytest.fail("went through pydub"))
    assert session.export(tmp_path / f"long.{name}", encoder="pydub").read_bytes() == usual


@requires_program("ffmpeg")
def test_where_the_disk_has_no_room_for_the_samples_they_are_piped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The track alone may fit where three times the samples do not."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000))
    monkeypatch.setattr(through_pydub, "_export", lambda *_: pytest.fail("went through pydub"))
    SomeSession().export(tmp_path / "track.flac")


KILLS_FFMPEG = """
    import os, signal, subprocess, sys
    from pathlib import Path
    from tests.support.tracks import SomeSession
    from voicecoach.errors import ExportError
    from voicecoach.export import through_pydub

    through_pydub.LONGEST_IN_PYDUB_SECONDS = 1.0
    session = SomeSession()

    def blocks():
        for number, block in enumerate(session.blocks(5000)):
            if number == 10:
                children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
                for child in children:
                    os.kill(int(child), signal.SIGKILL)
            yield block

    try:
        session.export(Path(sys.argv[1]), blocks=blocks())
    except ExportError as error:
        print(error, end="")
"""


@requires_program("ffmpeg")
@pytest.mark.skipif(sys.platform != "linux", reason="finds the encoder in /proc")
def test_a_killed_encoder_is_a_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    """The message says what ended, and neither a track nor rubbish is left."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLS_FFMPEG), tmp_path / "track.opus"],
        check=True, capture_output=True, text=True, cwd=CHECKOUT, timeout=50,
    )  # fmt: skip
    assert "ffmpeg could not write Opus: it was ended by signal 9" in run.stdout
    assert run.stderr == ""
    assert left_in(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script takes ffmpeg's place")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -9 $$", "it was ended by signal 9"),
        ("echo 'size=  0kB' >&2; echo 'no such codec' >&2; exit 1", "no such codec"),
        ("exit 3", "it ended with status 3"),
    ],
)
def test_an_encoder_that_fails_under_pydub_says_why(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not its last line of progress, and not what pydub says around it."""
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    (tmp_path / "here").mkdir()
    with pytest.raises(ExportError, match=f"could not write M4A .AAC.: {reason}; try another"):
        SomeSession().export(tmp_path / "here" / "track.m4a")
    assert left_in(tmp_path / "here") == []


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """The work may take minutes; what somebody puts there in that time is theirs."""
    track = tmp_path / "track.wav"
    session = SomeSession()

    def blocks() -> Iterator[Block]:
        for number, block in enumerate(session.blocks()):
            if number == 1:
                track.write_bytes(b"mine")
            yield block

    with pytest.raises(ExportError, match=r"^.*track\.wav: is there already and was not made"):
        session.export(track, blocks=blocks())
    assert track.read_bytes() == b"mine"
    assert left_in(tmp_path) == ["track.wav"]


def test_a_lock_that_cannot_be_made_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk may have room for a folder and none for a file in it."""
    open_file = Path.open

    def full(self: Path, mode: str = "r", *more: Any, **options: Any) -> Any:
        if self.name == "lock":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return open_file(self, mode, *more, **options)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ExportError, match="there is no room left"):
        SomeSession().export(tmp_path / "track.wav")
    assert left_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """And no file in it that nobody asked for."""
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "audio"
    with (
        pytest.raises(ExportError, match="file/audio: could not be written: Not a directory"),
        folder_made(folder),
    ):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_caption_target_in_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    """With a message, as a track in one is."""
    (tmp_path / "a.srt").symlink_to(tmp_path / "b.srt")
    (tmp_path / "b.srt").symlink_to(tmp_path / "a.srt")
    with pytest.raises(ExportError, match=r"a\.srt: cannot be written"):
        check_text_target(tmp_path / "a.srt", force=False)
