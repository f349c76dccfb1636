"""A program that is installed anyway plays the stream: raw samples go into its standard input.

What lies in the pipe and in the program is heard even when nothing here is in time; so this player
only roughly knows which frame sounds. On macOS the only such program plays files: it gets slices.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, ClassVar

from voicecoach.errors import PlayerUnavailableError
from voicecoach.play.players.device_clock import DeviceClock
from voicecoach.play.players.player import (
    TICK_SECONDS,
    Abilities,
    DeviceLostError,
    Player,
    unavailable,
)
from voicecoach.play.players.sliced_player import SlicedPlayer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.play.players.feed import Feed
    from voicecoach.play.players.outflow import Outflow

NAME = "pipe"
BUFFER_MS = 300
BYTES_PER_SAMPLE = 2
WRITE_BYTES = 8_192
SILENCE_SECONDS = 0.1
PIPE_SECONDS = 0.4
END_SECONDS = 0.5
DRAIN_SECONDS = 4.0
KEPT_FILES = 8
PROBE_SECONDS = 0.4
PROBE_SAMPLE_RATE = 24_000
PROBE_FRAMES = 480
REASON_CHARACTERS = 160


@dataclass(frozen=True)
class PipeProgram:
    """How one program is told to play raw 16-bit samples from its standard input."""

    name: str
    arguments: str
    """With `{rate}` and `{channels}`, separated by blanks."""
    device_option: str
    """Its option for another device than the default one."""
    last: tuple[str, ...] = ()
    """Behind all options."""

    def command(self, sample_rate: int, channels: int, device: str | None) -> list[str]:
        """Return the command that plays on a device."""
        arguments = self.arguments.format(rate=sample_rate, channels=channels).split()
        to_device = [] if device is None else [f"{self.device_option}={device}"]
        return [self.name, *arguments, *to_device, *self.last]


# In the order in which they are tried.
PROGRAMS = (
    PipeProgram(
        "pw-cat",
        "--playback --raw --format=s16 --rate={rate} --channels={channels} "
        f"--latency={BUFFER_MS}ms",
        "--target",
        ("-",),
    ),
    PipeProgram(
        "pacat",
        "--playback --raw --format=s16le --rate={rate} --channels={channels} "
        f"--latency-msec={BUFFER_MS} --client-name=voicecoach",
        "--device",
    ),
    PipeProgram(
        "aplay",
        "--quiet --file-type=raw --format=S16_LE --rate={rate} --channels={channels} "
        f"--buffer-time={BUFFER_MS * 1000}",
        "--device",
    ),
)


class _Child:
    """A program that was started: what it says on standard error is kept for a message."""

    def __init__(self, command: list[str]) -> None:
        self._name = command[0]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (kill() closes it)
        try:
            # A session of its own: Ctrl-C in the terminal is for us, and we end the program.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            self._complaints.close()
            raise DeviceLostError(f"{self._name} did not start: {error.strerror}") from error

    @property
    def input(self) -> IO[bytes]:
        if self.process.stdin is None:
            raise DeviceLostError(f"{self._name} has no input")
        return self.process.stdin

    def unread_bytes(self) -> int:
        import fcntl
        import termios

        answer = fcntl.ioctl(self.input.fileno(), termios.FIONREAD, bytes(4))
        return int.from_bytes(answer, sys.byteorder)

    def await_end(self) -> None:
        """Give a program that has closed its input a moment to say why."""
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def reason(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").splitlines()
        said = next((line.strip() for line in reversed(lines) if line.strip()), "")
        said = said or f"it ended with status {self.process.poll()}"
        return f"{self._name}: {said.removeprefix(f'{self._name}: ')[:REASON_CHARACTERS]}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.input.close()
        self._complaints.close()


class PipePlayer(Player):
    """Streams into one program."""

    name: ClassVar[str] = NAME
    abilities = Abilities(
        exact_pause=False, volume=True, device_choice=True, seamless=True, position_seconds=0.2
    )

    def __init__(self, program: PipeProgram, device: str | None = None) -> None:
        super().__init__(device)
        self._program = program
        self._child: _Child | None = None
        self._unwritten = b""
        self._outflow: Outflow | None = None
        self._clock: DeviceClock | None = None
        self._read_frames = 0
        self._drain_until: float | None = None
        """Until when the program may sound its last frames; None before it was given them all."""

    def probe(self) -> None:
        """Let the program play 20 ms of silence; PlayerUnavailableError where it refuses."""
        try:
            child = _Child(self._program.command(PROBE_SAMPLE_RATE, 1, self._device_name))
        except DeviceLostError as error:
            raise unavailable(self.name, str(error)) from error
        try:
            child.process.communicate(bytes(2 * PROBE_FRAMES), timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            return  # it has a device: without one it would have given up at once
        else:
            if child.process.returncode != 0:
                raise unavailable(self.name, child.reason())
        finally:
            child.kill()

    def _begin(self) -> None:
        super()._begin()
        self._unwritten = b""
        self._outflow = self._clock = None
        self._read_frames = 0
        self._drain_until = None

    def _open(self, feed: Feed) -> None:
        self._outflow = self._new_outflow(feed)
        self._clock = DeviceClock(self._sample_rate)
        self._child = _Child(
            self._program.command(self._sample_rate, self._channels, self._device_name)
        )
        os.set_blocking(self._child.input.fileno(), False)

    def _push(self, feed: Feed) -> float:
        child, outflow, clock = self._child, self._outflow, self._clock
        if child is None or outflow is None or clock is None:
            raise DeviceLostError(f"{self._program.name} is not running")
        if child.process.poll() is not None:
            if self._drain_until is None or child.process.returncode != 0:
                raise DeviceLostError(child.reason())
        elif self._drain_until is None:
            self._note_reading(child, outflow, clock)
            try:
                self._write(feed, child, outflow)
            except BrokenPipeError as error:
                child.await_end()
                raise DeviceLostError(child.reason()) from error
        return TICK_SECONDS

    def _write(self, feed: Feed, child: _Child, outflow: Outflow) -> None:
        most_bytes = round(PIPE_SECONDS * self._sample_rate) * self._frame_bytes
        while child.unread_bytes() < most_bytes:
            if not self._unwritten:
                self._unwritten = outflow.take(WRITE_BYTES // self._frame_bytes).tobytes()
            if not self._unwritten and not self._is_starving(feed, child, outflow):
                break
            try:
                written = os.write(child.input.fileno(), self._unwritten)
            except BlockingIOError:
                break
            self._unwritten = self._unwritten[written:]
        if feed.finished and not self._unwritten and not child.unread_bytes():
            child.input.close()
            self._drain_until = time.monotonic() + DRAIN_SECONDS

    def _is_starving(self, feed: Feed, child: _Child, outflow: Outflow) -> bool:
        """Prepare silence where the stream is late; True if it is.

        Without input PulseAudio starts over with the next frames, and swallows the first of them.
        """
        is_late = not feed.ended and not feed.available_frames and not child.unread_bytes()
        self._note_hunger(is_late and outflow.has_begun)
        if is_late:
            self._unwritten = outflow.fill(round(SILENCE_SECONDS * self._sample_rate)).tobytes()
        return is_late

    def _note_reading(self, child: _Child, outflow: Outflow, clock: DeviceClock) -> None:
        unread_bytes = len(self._unwritten) + child.unread_bytes()
        read_frames = outflow.given_frames - unread_bytes // self._frame_bytes
        if read_frames > self._read_frames:
            clock.took(time.monotonic(), self._read_frames, read_frames)
            self._read_frames = read_frames

    @property
    def _frame_bytes(self) -> int:
        return BYTES_PER_SAMPLE * self._channels

    def _taken_frames(self, feed: Feed) -> int:  # noqa: ARG002  (it was counted already)
        return self._read_frames

    def _sounded_frames(self, feed: Feed) -> int:  # noqa: ARG002
        if self._outflow is None or self._clock is None:
            return 0
        return self._outflow.stream_frames(self._clock.heard_frames(time.monotonic()))

    def _is_waiting(self, feed: Feed) -> bool:  # noqa: ARG002
        return self._drain_until is not None

    def _is_drained(self, feed: Feed) -> bool:  # noqa: ARG002  (the program knows)
        if self._child is None or self._drain_until is None:
            return False
        return self._child.process.poll() is not None or time.monotonic() > self._drain_until

    def _close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


class AfplayPlayer(SlicedPlayer):
    """Gives each slice as a file to afplay, the player of macOS, which reads nothing else."""

    name: ClassVar[str] = NAME

    def __init__(self) -> None:
        super().__init__(None)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._children: list[_Child] = []
        self._count = 0

    def _start_slice(self, samples: NDArray[np.int16]) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="voicecoach-")
        self._count += 1
        path = Path(self._folder.name) / f"slice-{self._count % KEPT_FILES}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(self._channels)
            file.setsampwidth(BYTES_PER_SAMPLE)
            file.setframerate(self._sample_rate)
            file.writeframes(samples.tobytes())
        for child in self._children:
            if child.process.poll() is not None:
                child.kill()
        self._children = [one for one in self._children if one.process.returncode is None]
        self._children.append(_Child(["afplay", str(path)]))

    def _is_sounding(self) -> bool:
        return bool(self._children) and self._children[-1].process.poll() is None

    def _stop_slices(self) -> None:
        for child in self._children:
            child.kill()
        self._children.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def open_here(device: str | None) -> Player:
    """Return a player with the first program that plays; PlayerUnavailableError where none does."""
    reasons = []
    for program in PROGRAMS:
        if shutil.which(program.name) is None:
            continue
        player = PipePlayer(program, device)
        try:
            player.probe()
        except PlayerUnavailableError as error:
            reasons.append(error.reason)
        else:
            return player
    if shutil.which("afplay") is not None:
        if device is None:
            return AfplayPlayer()
        reasons.append("afplay: it plays on the default device only, and a device was asked for")
    if not reasons:
        names = ", ".join((*(program.name for program in PROGRAMS), "afplay"))
        raise unavailable(NAME, f"none of these programs is installed: {names}")
    raise unavailable(NAME, "; ".join(reasons))
