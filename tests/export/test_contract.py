"""What every encoder promises: one contract, run over all of them."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.checkout import CHECKOUT
from tests.support.needs import requires_program
from tests.support.tracks import (
    SOUND_FILES,
    TAGS,
    SomeSession,
    decode_page,
    decode_with_ffmpeg,
    decode_with_miniaudio,
    decode_with_mpg123,
    left_in,
)
from voicecoach.errors import ExportError, SpeechError
from voicecoach.export import FORMATS, check_target, is_our_track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voicecoach.export.track import TrackPlan
    from voicecoach.sound.mixdown import Block

    Decoder = Callable[[Path, int, int], NDArray[np.float32]]

FFMPEG = requires_program("ffmpeg", "ffprobe")
WRITERS = [
    pytest.param("lameenc", "mp3", id="lameenc-mp3"),
    pytest.param("pydub", "mp3", id="pydub-mp3", marks=FFMPEG),
    pytest.param("wav", "wav", id="wav"),
    pytest.param("page", "html", id="page-html"),
    pytest.param("pydub", "flac", id="pydub-flac", marks=FFMPEG),
    pytest.param("pydub", "ogg", id="pydub-ogg", marks=[FFMPEG, pytest.mark.slow]),
    pytest.param("pydub", "opus", id="pydub-opus", marks=[FFMPEG, pytest.mark.slow]),
    pytest.param("pydub", "m4a", id="pydub-m4a", marks=[FFMPEG, pytest.mark.slow]),
    pytest.param("pydub", "m4b", id="pydub-m4b", marks=[FFMPEG, pytest.mark.slow]),
]
MPG123 = requires_program("mpg123")
READABLE_BY = {
    decode_with_miniaudio: ("mp3", "wav", "flac", "ogg"),
    decode_with_ffmpeg: tuple(SOUND_FILES),
    decode_with_mpg123: ("mp3",),
    decode_page: ("html",),
}
READERS = [
    pytest.param(
        *writer.values,
        decode,
        id=f"{writer.id}-{decode.__name__}",
        marks=[
            *writer.marks,
            *([FFMPEG] if decode is decode_with_ffmpeg else []),
            *([MPG123] if decode is decode_with_mpg123 else []),
        ],
    )
    for writer in WRITERS
    for decode, extensions in READABLE_BY.items()
    if writer.values[1] in extensions
]
every_writer = pytest.mark.parametrize(("encoder", "extension"), WRITERS)


def test_the_contract_covers_every_row_of_the_table() -> None:
    """A new format or encoder cannot be added past these tests."""
    covered = {(parameters.values[1], parameters.values[0]) for parameters in WRITERS}
    assert covered == {(row.name, name) for row in FORMATS.values() for name in row.encoders}


@pytest.mark.parametrize(("encoder", "extension", "decode"), READERS)
@pytest.mark.parametrize(("sample_rate", "channels"), [(24_000, 1), (44_100, 2)])
def test_cues_are_where_they_belong_after_decoding(
    encoder: str, extension: str, decode: Decoder, sample_rate: int, channels: int, tmp_path: Path
) -> None:
    """Every cue is found at its very frame, and the length is exact where the format can say it."""
    session = SomeSession(sample_rate, channels)
    path = session.export(tmp_path / f"track.{extension}", encoder=encoder)
    decoded = decode(path, sample_rate, channels)
    assert session.onset_errors(decoded) == [0, 0, 0, 0, 0]
    if extension == "opus" and sample_rate == 44_100:
        # Opus knows 48 kHz only; the way there and back may round the length by a frame.
        assert abs(len(decoded) - session.total_frames) <= 1
    elif FORMATS[extension].exact_length:
        assert len(decoded) == session.total_frames
    else:
        assert 0 <= len(decoded) - session.total_frames < 1024
    if extension in ("wav", "flac"):
        assert np.array_equal((decoded * 32_768).astype(np.int16), session.pcm())


@requires_program("ffprobe")
@pytest.mark.parametrize(
    ("encoder", "extension"), [each for each in WRITERS if each.values[1] in SOUND_FILES]
)
def test_the_tags_are_there_in_every_language_and_say_that_the_track_is_ours(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """Title, artist, album and comment, as another program reads them; and our own mark."""
    path = SomeSession().export(tmp_path / f"track.{extension}", encoder=encoder)
    assert is_our_track(path)
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of",
         "default=noprint_wrappers=1", path],
        check=True, capture_output=True, timeout=30,
    ).stdout.decode()  # fmt: skip
    for field, text in [("title", TAGS.title), ("artist", TAGS.artist), ("album", TAGS.album),
                        ("comment", TAGS.comment)]:  # fmt: skip
        assert f"TAG:{field}={text}" in shown


@every_writer
def test_the_same_session_gives_the_same_bytes(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """Whatever the day and the size of the blocks."""
    session = SomeSession()
    one = session.export(tmp_path / f"one.{extension}", encoder=encoder)
    two = session.export(
        tmp_path / f"two.{extension}", encoder=encoder, blocks=session.blocks(7_777)
    )
    assert one.read_bytes() == two.read_bytes()


@every_writer
def test_our_own_track_is_replaced_and_any_other_file_needs_force(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """A track of ours gives way unasked; what we did not make stays, and no block is even pulled."""
    session = SomeSession()
    path = tmp_path / f"track.{extension}"
    session.export(path, encoder=encoder)
    before = path.read_bytes()
    session.export(path, encoder=encoder, tags=replace(TAGS, title="Another"))
    assert path.read_bytes() != before
    path.write_bytes(b"somebody's music")
    with pytest.raises(ExportError, match=f"track.{extension}: is there already .*--force"):
        session.export(path, encoder=encoder, blocks=never())
    assert path.read_bytes() == b"somebody's music"
    session.export(path, encoder=encoder, force=True)
    assert is_our_track(path)
    assert left_in(tmp_path) == [path.name]


def never() -> Iterator[Block]:
    """Yield nothing: nobody may ask."""
    pytest.fail("a block was asked for")
    yield


class FailureInBlocks:
    """The blocks of a session, with an error after the second."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __iter__(self) -> Iterator[Block]:
        """Yield two blocks, then fail."""
        for index, block in enumerate(SomeSession().blocks()):
            if index == 2:
                raise self.error
            yield block


@every_writer
@pytest.mark.parametrize(
    "error",
    [
        SpeechError("cannot say it"),
        BrokenPipeError(errno.EPIPE, "the voice went away"),
        KeyboardInterrupt(),
        SystemExit(3),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_in_the_blocks_comes_through_and_leaves_everything_as_it_was(
    encoder: str, extension: str, error: BaseException, tmp_path: Path
) -> None:
    """The very error arrives, the old track stays whole, and nothing lies beside it."""
    path = tmp_path / f"track.{extension}"
    SomeSession().export(path, encoder=encoder)
    before = path.read_bytes()
    with pytest.raises(type(error)) as caught:
        SomeSession().export(path, encoder=encoder, blocks=FailureInBlocks(error))
    assert caught.value is error
    assert path.read_bytes() == before
    assert left_in(tmp_path) == [path.name]


@every_writer
@pytest.mark.parametrize(
    "error", [RuntimeError("broken"), ExportError("broken"), OSError("broken")]
)
def test_an_error_in_the_encoder_leaves_nothing(
    encoder: str, extension: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a track was written when it failed; no target and no half remain."""

    def encode(pcm: Iterator[NDArray[np.int16]], plan: TrackPlan, folder: Path) -> Path:
        (folder / "half").write_bytes(next(pcm).tobytes())
        raise error

    monkeypatch.setattr(f"{FORMATS[extension].encoders[encoder]}.encode", encode)
    with pytest.raises(RuntimeError if isinstance(error, RuntimeError) else ExportError):
        SomeSession().export(tmp_path / f"track.{extension}", encoder=encoder)
    assert left_in(tmp_path) == []


@every_writer
def test_a_full_disk_is_named_and_leaves_everything_as_it_was(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """The system refuses further bytes half-way: one message, the old file whole, nothing else."""
    resource = pytest.importorskip("resource")
    session = SomeSession()
    path = tmp_path / f"track.{extension}"
    session.export(path, encoder=encoder)
    before = path.read_bytes()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Room for half of the compressed track, and for half of the samples on the way to it.
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(ExportError, match=r"track\..*: there is no room left in .*make room"):
            session.export(path, encoder=encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert path.read_bytes() == before
    assert left_in(tmp_path) == [path.name]


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from tests.support.tracks import SomeSession

    def blocks():
        for index, block in enumerate(SomeSession().blocks()):
            if index == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            yield block

    SomeSession().export(Path(sys.argv[1]), encoder=sys.argv[2], blocks=blocks())
"""


@pytest.mark.sampled(3)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@every_writer
def test_after_a_kill_the_target_is_whole_and_the_next_run_clears_up(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """Killed in the middle: the old track is untouched, the remains go with the next export."""
    path = tmp_path / f"track.{extension}"
    SomeSession().export(path, encoder=encoder)
    before = path.read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), path, encoder],
        check=False, cwd=CHECKOUT, timeout=50,
    )  # fmt: skip
    assert run.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    remains = [name for name in left_in(tmp_path) if name != path.name]
    assert len(remains) == 1
    assert remains[0].startswith(".")
    assert remains[0].endswith(".part")
    SomeSession().export(tmp_path / "other.wav")
    assert left_in(tmp_path) == sorted(["other.wav", path.name])


@every_writer
def test_progress_is_told_after_every_block(encoder: str, extension: str, tmp_path: Path) -> None:
    """It rises to the total, which is known from the start."""
    session = SomeSession()
    heard: list[tuple[int, int]] = []
    session.export(
        tmp_path / f"track.{extension}", encoder=encoder, progress=lambda *step: heard.append(step)
    )
    assert heard == [(block.end_frame, session.total_frames) for block in session.blocks()]


@every_writer
@pytest.mark.parametrize("off_by", [-1, 1, 100_000])
def test_a_session_of_another_length_than_announced_is_no_track(
    encoder: str, extension: str, off_by: int, tmp_path: Path
) -> None:
    """The length that was shown is the length of the file, or there is no file."""
    session = SomeSession()
    with pytest.raises(ExportError, match="did not come out as announced"):
        session.export(
            tmp_path / f"track.{extension}", encoder=encoder,
            total_frames=session.total_frames + off_by,
        )  # fmt: skip
    assert left_in(tmp_path) == []


@pytest.mark.timeout(30)
@FFMPEG
def test_ctrl_c_while_ffmpeg_works_ends_ffmpeg_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No program goes on writing behind our back, and its files are gone."""
    programs, out = tmp_path / "bin", tmp_path / "out"
    programs.mkdir()
    out.mkdir()
    slow = programs / "ffmpeg"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 500\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def interrupt() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
            threading.Event().wait(0.02)
        threading.Event().wait(0.5)  # on a busy computer it works before its start has returned
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        SomeSession().export(out / "track.mp3", encoder="pydub")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert left_in(out) == []


@FFMPEG
def test_ffmpegs_own_words_are_shown_without_its_page_of_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ffmpeg without the encoder says so in one line."""
    broken = tmp_path / "ffmpeg"
    broken.write_text(
        "#!/bin/sh\nyes banner | head -50 >&2\necho \"Unknown encoder 'x'\" >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "out").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.raises(ExportError) as caught:
        SomeSession().export(tmp_path / "out" / "track.ogg")
    assert left_in(tmp_path / "temporary") == []
    assert "could not write Ogg Vorbis: Unknown encoder 'x'; try another" in str(caught.value)
    assert "banner" not in str(caught.value)
    assert left_in(tmp_path / "out") == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix permissions")
@every_writer
def test_a_folder_that_may_not_be_written_is_named(encoder: str, extension: str) -> None:
    """The message says which folder and what to do; no block is pulled for nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65_534)
        try:
            with pytest.raises(ExportError, match=r"nothing may be written in .* with -o"):
                SomeSession().export(folder / f"t.{extension}", encoder=encoder, blocks=never())
        finally:
            if is_root:
                os.seteuid(0)
        assert left_in(folder) == []


@every_writer
def test_targets_that_cannot_be_are_refused_before_any_work(
    encoder: str, extension: str, tmp_path: Path
) -> None:
    """A folder, a missing folder, a file as folder: each has its message; nothing is made."""
    (tmp_path / f"folder.{extension}").mkdir()
    (tmp_path / "file").write_text("")
    for name, message in [
        (f"folder.{extension}", "is a folder; add a file name"),
        (f"missing/track.{extension}", "does not exist; make it first"),
        (f"file/track.{extension}", "file is not a folder"),
    ]:
        with pytest.raises(ExportError, match=message):
            SomeSession().export(tmp_path / name, encoder=encoder, blocks=never())
        with pytest.raises(ExportError, match=message):
            check_target(tmp_path / name, encoder=encoder)
    assert left_in(tmp_path) == sorted(["file", f"folder.{extension}"])
