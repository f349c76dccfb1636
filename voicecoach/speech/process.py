"""The playing process's end of the speech worker: starts it, asks it, outlives it.

A worker that dies or passes its deadline is replaced once for a sentence; then the sentence is an
error that names its text.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from voicecoach.errors import EngineUnavailableError, SpeechError
from voicecoach.speech.engine import Voice
from voicecoach.speech.pace import Pause, Speech
from voicecoach.speech.worker_messages import MessageError, read_message, write_message

if TYPE_CHECKING:
    from voicecoach.speech.pace import SpeechTarget

LOADING_LIMIT_SECONDS = 60.0
"""How long an engine may take to load, on a slow and busy machine."""

# How long a request may wait for its turn behind others before something must be wrong.
_QUEUE_LIMIT_SECONDS = 180.0

_ATTEMPTS_AFTER_DEADLINE = 2
# A worker that dies takes the sentences of other threads along, through no fault of theirs.
_ATTEMPTS_AFTER_DEATH = 3


def speaking_limit_seconds(text: str) -> float:
    """Return the time after which a worker is taken to hang over a text."""
    return 10.0 + 0.2 * len(text)


class _WorkerDiedError(Exception):
    """The worker ended while a request was under way."""


class _DeadlineError(Exception):
    """The worker took too long over a request."""


@dataclass
class _Request:
    """A request under way."""

    done: threading.Event = field(default_factory=threading.Event)
    """Set when there is a reply, or never will be."""
    sent_at: float = field(default_factory=time.monotonic)
    started_at: float | None = None
    """When the worker took it up."""
    reply: tuple[dict[str, Any], bytes] | None = None
    """None still when done: the worker has died."""


class EngineProcess:
    """A speech engine in a worker process, started when first asked; usable from any thread."""

    def __init__(self, engine: str, module: str) -> None:
        self.engine = engine
        self._module = module
        self._worker: _Worker | None = None
        self._starting = threading.Lock()
        self._closed = False

    def voices(self) -> list[Voice]:
        """Return the voices that the loaded engine lists."""
        header, _ = self._ask({"ask": "voices"}, 30.0, "its voices")
        return [Voice(**voice) for voice in header["voices"]]

    def speak(self, text: str, voice: str, wish: SpeechTarget) -> Speech:
        """Return the raw speech of one sentence."""
        header, payload = self._ask(
            {"ask": "speak", "text": text, "voice": voice, "wish": asdict(wish)},
            speaking_limit_seconds(text),
            f"“{text}”",
            text,
        )
        pauses = tuple(Pause(frame, length_frames) for frame, length_frames in header["pauses"])
        return Speech(np.frombuffer(payload, np.int16), header["sample_rate"], pauses)

    def close(self) -> None:
        """End the worker, even one that is still loading; later requests are errors."""
        # Not under the lock: it is held for as long as an engine loads.
        self._closed = True
        if worker := self._worker:
            worker.close()

    def _ask(
        self, request: dict[str, Any], limit_seconds: float, what: str, text: str = ""
    ) -> tuple[dict[str, Any], bytes]:
        deaths = deadlines = 0
        while True:
            header: dict[str, Any] = {}
            worker = self._running_worker()
            try:
                header, payload = worker.ask(request, limit_seconds)
            except _DeadlineError:
                deadlines += 1
                worker.close()
                reason = f"the engine did not finish within {limit_seconds:.0f} s"
            except _WorkerDiedError:
                deaths += 1
                reason = f"the engine stopped while speaking{worker.last_words()}"
            else:
                if "unavailable" in header:
                    raise EngineUnavailableError(header["unavailable"], engine=self.engine)
                if "failed" not in header:
                    return header, payload
                reason = header["failed"]
            is_last = deadlines >= _ATTEMPTS_AFTER_DEADLINE or deaths >= _ATTEMPTS_AFTER_DEATH
            if is_last or "failed" in header:
                raise SpeechError(
                    f"{self.engine} cannot speak {what}: {reason}; "
                    "change the words, or choose another --voice",
                    engine=self.engine,
                    text=text,
                )

    def _running_worker(self) -> _Worker:
        with self._starting:
            if self._closed:
                raise SpeechError("the voice is closed", engine=self.engine)
            worker = self._worker
            if worker is None or not worker.alive:
                if worker is not None:
                    worker.close()
                # Known before it is ready, so that `close` can end it.
                self._worker = worker = _Worker(self.engine, self._module)
            try:
                # `close` may have come before there was a worker to end.
                if self._closed:
                    worker.close()
                worker.await_ready()
            except EngineUnavailableError:
                if self._closed:
                    raise SpeechError("the voice is closed", engine=self.engine) from None
                raise
            return worker


class _Worker:
    """One worker process, from start to end."""

    def __init__(self, engine: str, module: str) -> None:
        self.alive = True
        self._engine = engine
        self._numbers = itertools.count()
        self._requests: dict[int, _Request] = {}
        self._lock = threading.Lock()
        self._noise: deque[bytes] = deque(maxlen=20)
        self._ready = _Request()
        self._process = self._start(module)
        # All three are pipes, so none is None.
        self._stdin = cast("BinaryIO", self._process.stdin)
        self._stdout = cast("BinaryIO", self._process.stdout)
        self._stderr = cast("BinaryIO", self._process.stderr)
        self._readers = [
            threading.Thread(target=self._read_replies, daemon=True),
            threading.Thread(target=self._read_noise, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _start(self, module: str) -> subprocess.Popen[bytes]:
        """Start the process with our import path, out of reach of the terminal's Ctrl-C."""
        if not sys.executable:
            raise EngineUnavailableError(
                "speech needs a Python interpreter to run its worker with, and sys.executable is "
                "empty",
                engine=self._engine,
            )
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),  # noqa: PTH109
            # onnxruntime 1.29 and later would report every session to its makers.
            "ORT_DISABLE_TELEMETRY": "1",
        }
        names = ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")  # on Windows
        flags = sum(getattr(subprocess, name, 0) for name in names)
        try:
            return subprocess.Popen(
                # -P: a file in the working folder must not pass for one of our libraries.
                [sys.executable, "-P", "-m", "voicecoach.speech.worker", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=environment,
                start_new_session=True,
                creationflags=flags,
            )
        except OSError as error:
            raise EngineUnavailableError(
                f"the speech worker cannot be started: {error}", engine=self._engine
            ) from error

    def await_ready(self) -> None:
        in_time = self._ready.done.wait(LOADING_LIMIT_SECONDS)
        if self._ready.reply is not None and "ready" in self._ready.reply[0]:
            return
        if self._ready.reply is not None:
            reason = self._ready.reply[0]["unavailable"]
        elif in_time:
            reason = f"it stopped while it was loaded{self.last_words()}"
        else:
            reason = f"it was not loaded within {LOADING_LIMIT_SECONDS:.0f} s"
        self.close()
        raise EngineUnavailableError(
            f"the speech engine {self._engine} cannot be used: {reason}", engine=self._engine
        )

    def ask(self, request: dict[str, Any], limit_seconds: float) -> tuple[dict[str, Any], bytes]:
        under_way, number = _Request(), next(self._numbers)
        with self._lock:
            if not self.alive:
                raise _WorkerDiedError
            self._requests[number] = under_way
            try:
                write_message(self._stdin, {"id": number, **request})
            except (OSError, ValueError) as error:
                # ValueError: the pipe is closed on our side.
                self.alive = False
                self._requests.pop(number, None)
                raise _WorkerDiedError from error
            except BaseException:
                # Half a message may be on the pipe; nothing sensible can follow it.
                self._process.kill()
                raise
        try:
            return self._await_reply(under_way, limit_seconds)
        finally:
            with self._lock:
                self._requests.pop(number, None)

    @staticmethod
    def _await_reply(under_way: _Request, limit_seconds: float) -> tuple[dict[str, Any], bytes]:
        """Wait for a reply; the limit counts from when the worker takes the request up."""
        while True:
            if under_way.started_at is None:
                limit = under_way.sent_at + _QUEUE_LIMIT_SECONDS
            else:
                limit = under_way.started_at + limit_seconds
            remaining = limit - time.monotonic()
            if under_way.done.wait(max(0.0, min(remaining, 1.0))):
                if under_way.reply is None:
                    raise _WorkerDiedError
                return under_way.reply
            if remaining <= 0:
                raise _DeadlineError

    def _read_replies(self) -> None:
        with contextlib.suppress(MessageError, OSError, ValueError):
            while message := read_message(self._stdout):
                self._hand_out(*message)
        with self._lock:
            self.alive = False
            waiting = [self._ready, *self._requests.values()]
        self._process.kill()
        for request in waiting:
            request.done.set()

    def _hand_out(self, header: dict[str, Any], payload: bytes) -> None:
        if "id" not in header:
            self._ready.reply = header, payload
            self._ready.done.set()
            return
        with self._lock:
            request = self._requests.get(header["id"])
        if request is None:
            return
        if "started" in header:
            request.started_at = time.monotonic()
        else:
            request.reply = header, payload
            request.done.set()

    def _read_noise(self) -> None:
        """Keep the last lines that the engine printed, for error messages only."""
        with contextlib.suppress(OSError, ValueError):
            while line := self._stderr.readline(4096):
                self._noise.append(line)

    def last_words(self) -> str:
        """Return the last line that the worker printed, ready to follow a sentence."""
        with contextlib.suppress(RuntimeError, subprocess.TimeoutExpired):
            self._process.wait(1.0)
            self._readers[1].join(1.0)
        lines = [line.decode(errors="replace").strip() for line in self._noise]
        last = next((line for line in reversed(lines) if line), "")
        status = self._process.returncode
        return f" (exit status {status}{': ' + last if last else ''})"

    def close(self) -> None:
        with self._lock:
            self.alive = False
        if self._ready.reply is None:
            # An engine that is still loading may keep its process from noticing the closed pipe.
            self._process.kill()
        with contextlib.suppress(OSError, ValueError):
            self._stdin.close()
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            if reader is not threading.current_thread():
                reader.join(2.0)
        for stream in (self._stdout, self._stderr):
            with contextlib.suppress(OSError):
                stream.close()
