"""The one gate to pydub and to the ffmpeg program behind it.

pydub is the door to other formats and never mixes: it places a cue in whole milliseconds, in
quadratic time. It is imported here only, and late: it warns about things that do not concern the
user, and on a machine without ffmpeg it still has to import. Its exports and imports leave
temporary files and a running ffmpeg behind when they fail; `pydub_in` keeps both where they can be
cleaned up.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
import threading
import warnings
import wave
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from voicecoach.errors import EncoderUnavailableError, SoundError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

INSTALL_FFMPEG = (
    "install ffmpeg with your system's packages (apt install ffmpeg, brew install ffmpeg, "
    "winget install ffmpeg) or with pip install 'voicecoach[formats]'"
)
"""What to do where no ffmpeg is found; the end of a sentence."""


class FfmpegError(Exception):
    """ffmpeg, or pydub around it, has failed; the message is the line that says why."""


def _ffmpeg_failure(report: str, status: int = 1) -> FfmpegError | OSError:
    """Return the error that a report of ffmpeg means; OSError for a full disk."""
    if os.strerror(errno.ENOSPC) in report:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    if lines:
        return FfmpegError(lines[-1])  # it comes last, after a page of others
    ended = f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
    return FfmpegError(f"it {'was ' if status < 0 else ''}{ended}")


def find_ffmpeg() -> str | None:
    """Return the path of the ffmpeg to use: the system's, else the one of an installed package."""
    if on_path := shutil.which("ffmpeg"):
        return on_path
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):  # the package may hold no program for this machine
        return None


def import_audio_segment() -> Any:
    """Return pydub's AudioSegment class, quietly, with its converter set to the ffmpeg there is."""
    with warnings.catch_warnings():
        # Old escapes in its source, audioop's farewell, and no ffmpeg on the path: the first two
        # are not the user's to mend, and the third is said by us, only where it matters.
        warnings.simplefilter("ignore")
        try:
            from pydub import AudioSegment
        except ImportError as error:
            raise EncoderUnavailableError(
                f"pydub cannot be loaded ({error}): install it with pip install pydub"
                " (from Python 3.13 on also audioop-lts)"
            ) from error
    AudioSegment.converter = find_ffmpeg() or "ffmpeg"
    return AudioSegment


_PIECE_BYTES = 1 << 20


def decode_pcm16(
    path: Path, sample_rate: int, channels: int, *, longest_seconds: int
) -> Iterator[bytes]:
    """Yield the sound of any file that ffmpeg reads, piece by piece, as 16-bit samples.

    pydub would hold all of it in memory, several times. What comes after `longest_seconds` is left
    out. Raises SoundError where there is no ffmpeg, or where it cannot read the file.
    """
    program = find_ffmpeg()
    if program is None:
        raise SoundError(
            f"{path}: only .wav files are read without ffmpeg; save it as WAV, or {INSTALL_FFMPEG}"
        )
    # A playlist may name places in the net, and a file name may look like one: only files are read.
    command = [program, "-nostdin", "-v", "quiet", "-protocol_whitelist", "file"]
    command += ["-i", f"file:{path.absolute()}", "-map", "0:a:0", "-t", str(longest_seconds)]
    command += ["-f", "s16le", "-ar", str(sample_rate), "-ac", str(channels), "pipe:1"]
    decoder = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert decoder.stdout is not None  # noqa: S101
    with decoder.stdout as decoded:
        try:
            while piece := decoded.read(_PIECE_BYTES):
                yield piece
            failed = decoder.wait()
        finally:
            decoder.kill()
            decoder.wait()
    if failed:
        raise SoundError(f"{path}: ffmpeg cannot read it as a sound; save it as WAV and try again")


_one_at_a_time = threading.Lock()
_BEFORE_REPORT = "Output from ffmpeg/avlib:"
"""In pydub's message, what comes before that of ffmpeg."""


@contextmanager
def pydub_in(folder: Path) -> Iterator[Any]:
    """Lend AudioSegment with its temporary files in `folder`; no ffmpeg outlives the block.

    pydub makes its files with `delete=False` and waits for ffmpeg without a `finally`, so an error
    or Ctrl-C would leave both behind. Within the block the names that it uses for that are ours.
    FfmpegError says why ffmpeg failed, OSError that the disk is full.
    """
    audio_segment = import_audio_segment()
    from pydub import audio_segment as module

    started: list[Future[subprocess.Popen[bytes]]] = []
    opened: list[IO[bytes]] = []
    writers: list[wave.Wave_write] = []

    def start(command: list[str], **streams: int | IO[bytes]) -> subprocess.Popen[bytes]:
        # In a thread, where Ctrl-C does not strike: so we know of every program that has begun.
        started.append(starter.submit(subprocess.Popen, command, **streams))  # type: ignore[arg-type]
        return started[-1].result()

    def open_temporary(mode: str, delete: bool) -> IO[bytes]:
        file = tempfile.NamedTemporaryFile(mode, dir=folder, delete=delete)  # noqa: SIM115
        opened.append(cast("IO[bytes]", file))
        return opened[-1]

    def open_wave(file: IO[bytes], mode: Literal["wb"]) -> wave.Wave_write:
        writers.append(wave.open(file, mode))  # noqa: SIM115
        return writers[-1]

    starter = ThreadPoolExecutor(1)
    with _one_at_a_time:
        theirs = (module.subprocess, module.NamedTemporaryFile, module.wave)
        module.subprocess = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
        module.NamedTemporaryFile = open_temporary
        module.wave = SimpleNamespace(open=open_wave)
        try:
            yield audio_segment
        except (OSError, VoicecoachError):
            raise
        except Exception as error:
            statuses = [future.result().poll() for future in started if not future.exception()]
            status = next((status for status in statuses if status), 0)
            report = str(error).partition(_BEFORE_REPORT)[2] if status else str(error)
            raise _ffmpeg_failure(report, status) from error
        finally:
            module.subprocess, module.NamedTemporaryFile, module.wave = theirs
            starter.shutdown()
            for program in [future.result() for future in started if not future.exception()]:
                if program.poll() is None:
                    program.kill()
                program.communicate()
            closing: list[wave.Wave_write | IO[bytes]] = [*writers, *opened]
            for file in closing:
                # On a full disk closing fails too. A writer that is not closed now tries it again
                # when it is forgotten, and then prints a traceback that nobody can catch.
                with suppress(OSError):
                    file.close()


@contextmanager
def ffmpeg_fed_with(arguments: Sequence[str], folder: Path) -> Iterator[Callable[[bytes], None]]:
    """Run ffmpeg and lend a function that feeds it; it has ended after the block.

    FfmpegError says why it failed, OSError that the disk is full. Where the block raises, ffmpeg is
    killed. Its report lies in `folder` meanwhile.
    """
    report = folder / "ffmpeg.log"
    command = [find_ffmpeg() or "ffmpeg", "-hide_banner", "-v", "error", "-y", *arguments]
    with report.open("wb") as errors:
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=errors, stderr=errors)
    stdin = cast("IO[bytes]", program.stdin)

    def feed(piece: bytes) -> None:
        try:
            stdin.write(piece)
        except OSError as error:
            raise _StoppedReadingError from error

    is_fed = False
    try:
        with suppress(_StoppedReadingError):
            yield feed
            is_fed = True
        with suppress(OSError):
            stdin.close()
        status = program.wait()
        if status or not is_fed:
            raise _ffmpeg_failure(report.read_text("utf-8", errors="replace"), status)
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
        with suppress(OSError):
            stdin.close()


class _StoppedReadingError(Exception):
    """ffmpeg has ended before its input did; how, its status and its report tell."""
