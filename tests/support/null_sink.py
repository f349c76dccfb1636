"""A private PulseAudio server whose only speaker is a null sink, and a recorder of what it plays.

The sink runs in real time at the rate and with the channels of the stream under test, so nothing is
resampled on the way and a recording can be compared with the render sample for sample.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from tests.support.needs import need_programs

if sys.platform == "linux":
    import fcntl

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
SINK = "voicecoach_null"
PROGRAMS = ("pulseaudio", "pactl", "parec", "pacat", "paplay")
"""What starts the server, listens to it and plays into it; two packages bring them all."""
START_SECONDS = 10.0
WAITING_BYTES = 1 << 20
"""How much of a recording may wait to be read: some 20 s."""

ALSA_THROUGH_PULSE = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""

ALSA_WITHOUT_DEVICES = ""

ALSA_NULL_DEVICE = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type null }
"""


def environment_in(folder: Path, alsa_config: str) -> dict[str, str]:
    """Return the variables that make `folder` the only place where a sound library finds a server."""
    (folder / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
    (folder / "asound.conf").write_text(alsa_config)
    return {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": str(folder / "pulse"),
        "PULSE_SERVER": f"unix:{folder / 'pulse' / 'native'}",
        "PULSE_CLIENTCONFIG": str(folder / "client.conf"),
        "PULSE_COOKIE": str(folder / "cookie"),
        "PULSE_SINK": SINK,
        "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        "PIPEWIRE_RUNTIME_DIR": str(folder),
        "JACK_NO_START_SERVER": "1",
        "JACK_NO_AUDIO_RESERVATION": "1",
    }


class NullSink:
    """One PulseAudio server in a folder of its own; started, killed and started again at will.

    Whatever test wants one is skipped where PulseAudio is not installed.
    """

    def __init__(self) -> None:
        need_programs(*PROGRAMS)
        self.folder = Path(tempfile.mkdtemp(prefix="null-sink-"))
        self.environment = environment_in(self.folder, ALSA_THROUGH_PULSE)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Without `norewinds` an idle null sink works in steps of 2 s, and a recording waits for the next.
        """
        self._server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                # If the tests are killed, their server does not outlive them for long.
                "--exit-idle-time=600",
                "--realtime=no",
                f"--log-target=file:{self.folder / 'server.log'}",
                "-L",
                f"module-null-sink sink_name={SINK} rate={SAMPLE_RATE} channels=1 format=s16le norewinds=1",
                "-L",
                "module-native-protocol-unix",
            ],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._server.poll() is None:
            asked = subprocess.run(
                ["pactl", "info"],
                env=os.environ | self.environment,
                capture_output=True,
                check=False,
            )
            if asked.returncode == 0:
                return
            time.sleep(0.05)
        log = (self.folder / "server.log").read_text(errors="replace")
        self.kill()
        raise RuntimeError(f"pulseaudio did not start:\n{log[-2000:]}")

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
        (self.folder / "pulse" / "pid").unlink(missing_ok=True)
        (self.folder / "pulse" / "native").unlink(missing_ok=True)

    def close(self) -> None:
        """End the server and leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def record(self) -> Recorder:
        """Return a recorder of everything that the sink plays; use it in a `with` statement."""
        return Recorder(self.environment)


class Recorder:
    """Records the monitor of the null sink, and knows when each frame was captured."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._pieces: list[bytes] = []
        self._arrivals: list[tuple[float, int]] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [
                "parec",
                f"--device={SINK}.monitor",
                f"--rate={SAMPLE_RATE}",
                "--format=s16le",
                "--channels=1",
                "--latency-msec=20",
                "--raw",
            ],
            env=os.environ | self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if sys.platform == "linux":
            # Where this process is busy, parec must not have to throw away what it has captured.
            assert self._process.stdout is not None
            fcntl.fcntl(self._process.stdout, fcntl.F_SETPIPE_SZ, WAITING_BYTES)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._pieces and time.monotonic() < until:
            time.sleep(0.01)
        assert self._pieces, "the recorder hears nothing from the null sink"
        return self

    def _read(self) -> None:
        assert self._process.stdout is not None
        captured_bytes = 0
        while piece := os.read(self._process.stdout.fileno(), 8192):
            captured_bytes += len(piece)
            self._pieces.append(piece)
            self._arrivals.append((time.monotonic(), captured_bytes // 2))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        time.sleep(0.1)
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def samples(self) -> NDArray[np.int16]:
        """Return what was recorded, as 16-bit samples."""
        recorded = b"".join(self._pieces)
        return np.frombuffer(recorded[: len(recorded) // 2 * 2], dtype="<i2")

    def moment(self, frame: int) -> float:
        """Return when a frame was captured, on the monotonic clock (late by a few milliseconds at most)."""
        first_frame_at = min(arrived - frames / SAMPLE_RATE for arrived, frames in self._arrivals)
        return first_frame_at + frame / SAMPLE_RATE
