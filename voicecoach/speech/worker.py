"""The speech worker: a process that owns one engine and answers requests to speak.

Started by `EngineProcess` as `python -m voicecoach.speech.worker ENGINE`. So the playing process
survives whatever an engine does: a crash, a hang, an `exit()` deep in a library, noise on the
standard output, 100 MB of model, a lock on the interpreter that would tear gaps into the sound.
Requests come in on the pipe that was standard input, replies leave on the one that was standard
output; when the first closes, the worker ends.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import signal
import sys
import threading
import traceback
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from voicecoach.errors import EngineUnavailableError
from voicecoach.speech.worker_messages import read_message, write_message

if TYPE_CHECKING:
    from voicecoach.speech.engine import SpeechEngine

# More threads than this gain nothing: the model is far faster than speech.
_MOST_THREADS = 4


def main(module_name: str) -> None:
    """Open the engine of a module and answer until the other end closes the pipe."""
    # Ctrl-C is for the playing process, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _take_over_pipes()
    # Before the engine is loaded, which may take long: nobody may be left to load it for.
    waiting: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_read_requests, args=(requests, waiting), daemon=True).start()
    try:
        engine: SpeechEngine = importlib.import_module(module_name).open_engine()
    except Exception as error:  # noqa: BLE001  (whatever an engine raises, the other end must know)
        is_ours = isinstance(error, EngineUnavailableError)
        reason = str(error) if is_ours else f"{type(error).__name__}: {error}"
        write_message(replies, {"unavailable": reason})
        return
    write_message(replies, {"ready": True})
    _serve(engine, waiting, replies)


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for messages; what an engine prints goes to standard error."""
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    return requests, replies


def _read_requests(requests: BinaryIO, waiting: queue.Queue[dict[str, Any]]) -> None:
    """Queue requests until the playing process closes the pipe or is gone; then exit."""
    with contextlib.suppress(Exception):
        while message := read_message(requests):
            waiting.put(message[0])
    # Nothing here is worth keeping, and an engine that hangs must not keep the process.
    os._exit(0)


def _serve(engine: SpeechEngine, waiting: queue.Queue[dict[str, Any]], replies: BinaryIO) -> None:
    writing = threading.Lock()

    def answer() -> None:
        while True:
            request = waiting.get()
            with writing:
                write_message(replies, {"id": request["id"], "started": True})
            header, payload = _answer(engine, request)
            with writing:
                write_message(replies, {"id": request["id"], **header}, payload)

    threads = min(os.cpu_count() or 1, _MOST_THREADS) if engine.thread_safe else 1
    for _ in range(threads - 1):
        threading.Thread(target=answer, daemon=True).start()
    # Engines that belong to one thread (COM on Windows, the run loop on macOS) get the main one.
    answer()


def _answer(engine: SpeechEngine, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    from voicecoach.speech.pace import SpeechTarget, speak

    try:
        if request["ask"] == "voices":
            return {"voices": [asdict(voice) for voice in engine.voices()]}, b""
        speech = speak(engine, request["text"], request["voice"], SpeechTarget(**request["wish"]))
        pauses = [[pause.frame, pause.length_frames] for pause in speech.pauses]
        return {"sample_rate": speech.sample_rate, "pauses": pauses}, speech.samples.tobytes()
    except EngineUnavailableError as error:
        return {"unavailable": str(error)}, b""
    except Exception as error:  # noqa: BLE001  (whatever an engine raises, the other end must know)
        traceback.print_exc()
        return {"failed": f"{type(error).__name__}: {error}"}, b""


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main(sys.argv[1])
