"""The speech worker as seen from the playing process: deaths, hangs, noise, and the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.speech import odd_engine
from tests.support.workers import pid_of
from voicecoach.errors import EngineUnavailableError, SpeechError
from voicecoach.speech import process as process_module
from voicecoach.speech.pace import SpeechTarget, speech_seconds
from voicecoach.speech.process import EngineProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("odd")


@pytest.fixture
def process() -> Iterator[EngineProcess]:
    """Return the odd engine in a worker, closed at the end."""
    with closing(EngineProcess("odd", odd_engine.MODULE)) as opened:
        yield opened


def is_running(pid: int) -> bool:
    """Return whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    """Return whether the process ends within that time."""
    limit = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return not is_running(pid)


def test_nothing_runs_before_it_is_needed(process: EngineProcess) -> None:
    """The worker starts with the first sentence and serves the next ones too."""
    assert pid_of(process) is None
    assert speech_seconds(process.speak("One two.", "tone", SpeechTarget())) == pytest.approx(
        0.6, abs=0.02
    )
    pid = pid_of(process)
    process.speak("Three.", "tone", SpeechTarget())
    assert pid_of(process) == pid
    assert [voice.name for voice in process.voices()] == ["tone"]


def test_what_an_engine_prints_goes_nowhere(
    process: EngineProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither Python's print nor a library's writing reaches our output, or upsets the messages."""
    speech = process.speak("Print this.", "tone", SpeechTarget())
    assert speech_seconds(speech) == pytest.approx(0.6, abs=0.02)
    process.close()
    assert capfd.readouterr() == ("", "")


def test_a_crash_is_noticed_at_once_and_mended(process: EngineProcess) -> None:
    """A worker that dies in the middle of a sentence is replaced, and the sentence is spoken."""
    begin = time.monotonic()
    assert len(process.speak("Crash once.", "tone", SpeechTarget()).samples)
    assert time.monotonic() - begin < 8.0


def test_a_sentence_that_always_crashes_is_named(process: EngineProcess) -> None:
    """The error has the words, the engine's last line, and what to do; others can still be spoken."""
    with pytest.raises(SpeechError, match=r"odd cannot speak “Crash.”.*exit status 3") as caught:
        process.speak("Crash.", "tone", SpeechTarget())
    assert "assertion failed: 1 == 2" in str(caught.value)
    assert caught.value.text == "Crash."
    assert len(process.speak("Fine.", "tone", SpeechTarget()).samples)


def test_a_worker_killed_from_outside_is_replaced(process: EngineProcess) -> None:
    """Killed between two sentences or during one, the worker comes back."""
    process.speak("One.", "tone", SpeechTarget())
    os.kill(pid_of(process) or 0, signal.SIGKILL)
    assert len(process.speak("Two.", "tone", SpeechTarget()).samples)
    killed = pid_of(process) or 0
    results = []
    speaker = threading.Thread(
        target=lambda: results.append(process.speak("Hang once.", "tone", SpeechTarget()))
    )
    speaker.start()
    time.sleep(0.3)
    os.kill(killed, signal.SIGKILL)
    speaker.join(20)
    assert len(results) == 1
    assert pid_of(process) != killed


def test_a_hang_ends_at_the_deadline(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that hangs is replaced once, then the sentence is an error, and no process is left."""
    monkeypatch.setattr(process_module, "speaking_limit_seconds", lambda _text: 0.6)
    process.speak("One.", "tone", SpeechTarget())
    first = pid_of(process) or 0
    assert len(process.speak("Hang once.", "tone", SpeechTarget()).samples)
    assert not is_running(first)
    second = pid_of(process) or 0
    begin = time.monotonic()
    with pytest.raises(SpeechError, match=r"“Hang\.”: the engine did not finish within"):
        process.speak("Hang.", "tone", SpeechTarget())
    assert time.monotonic() - begin < 12.0
    assert not is_running(second)
    assert len(process.speak("Fine.", "tone", SpeechTarget()).samples)


def test_the_deadline_is_generous() -> None:
    """Ten seconds and a fifth of a second a character."""
    assert process_module.speaking_limit_seconds("x" * 50) == pytest.approx(20.0)


def test_waiting_for_a_turn_is_no_hang(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentences that wait behind one that hangs are spoken by the worker's successor."""
    monkeypatch.setattr(process_module, "speaking_limit_seconds", lambda _text: 1.0)
    texts = ["Hang once.", *(f"Number {number}." for number in range(6))]
    results: dict[str, int] = {}

    def work(text: str) -> None:
        results[text] = len(process.speak(text, "tone", SpeechTarget()).samples)

    threads = [threading.Thread(target=work, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(results) == set(texts)


def test_an_engine_that_raises_says_why(process: EngineProcess) -> None:
    """An engine's own error becomes ours, once, with the reason; the worker lives on."""
    process.speak("One.", "tone", SpeechTarget())
    pid = pid_of(process)
    with pytest.raises(
        SpeechError, match=r"“Raise.”: ValueError: no such phoneme; change the words"
    ):
        process.speak("Raise.", "tone", SpeechTarget())
    assert pid_of(process) == pid


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        ("refuse", "its library is broken; install it again"),
        ("raise", "ZeroDivisionError: in some library"),
        ("exit", "stopped while it was loaded .exit status 7: fatal: no such file"),
    ],
)
def test_an_engine_that_cannot_be_opened(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch, opening: str, reason: str
) -> None:
    """Whatever goes wrong while an engine is loaded, even an exit, is one clear error."""
    monkeypatch.setenv(odd_engine.OPENING, opening)
    with pytest.raises(EngineUnavailableError, match=reason):
        process.speak("One.", "tone", SpeechTarget())
    assert pid_of(process) is None


def test_an_engine_that_never_loads(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading has a limit too."""
    monkeypatch.setenv(odd_engine.OPENING, "hang")
    monkeypatch.setattr(process_module, "LOADING_LIMIT_SECONDS", 0.5)
    with pytest.raises(EngineUnavailableError, match="not loaded within"):
        process.speak("One.", "tone", SpeechTarget())


def test_closing_ends_the_worker(process: EngineProcess) -> None:
    """After `close` no process is left, even one that hangs, and asking again is an error."""
    process.speak("One.", "tone", SpeechTarget())
    pid = pid_of(process) or 0
    errors: list[SpeechError] = []

    def hang() -> None:
        try:
            process.speak("Hang.", "tone", SpeechTarget())
        except SpeechError as error:
            errors.append(error)

    waiting = threading.Thread(target=hang)
    waiting.start()
    time.sleep(0.2)
    process.close()
    waiting.join(10)
    assert not waiting.is_alive()
    assert len(errors) == 1
    assert gone_within(pid, 2.0)
    with pytest.raises(SpeechError, match="closed"):
        process.speak("Two.", "tone", SpeechTarget())


def test_a_pipe_that_was_closed_is_a_worker_that_died(process: EngineProcess) -> None:
    """Writing to a worker that another thread closes costs a new worker, not a foreign error."""
    process.speak("One.", "tone", SpeechTarget())
    first, worker = pid_of(process), process._worker
    assert worker is not None
    kept_open = os.dup(worker._stdin.fileno())
    worker._stdin.close()
    try:
        assert len(process.speak("Two.", "tone", SpeechTarget()).samples)
    finally:
        os.close(kept_open)
    assert pid_of(process) != first
    worker = process._worker
    assert worker is not None
    worker.close()
    assert not worker.alive


def test_closing_does_not_wait_for_an_engine_that_loads(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops while the engine is loaded is not kept waiting, and the asker is told at once."""
    monkeypatch.setenv(odd_engine.OPENING, "hang")
    errors: list[SpeechError] = []

    def ask() -> None:
        try:
            process.speak("One.", "tone", SpeechTarget())
        except SpeechError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 5.0
    while pid_of(process) is None and time.monotonic() < limit:
        time.sleep(0.01)
    pid = pid_of(process)
    assert pid is not None
    begin = time.monotonic()
    process.close()
    for thread in threads:
        thread.join(5.0)
    assert time.monotonic() - begin < 2.0
    assert gone_within(pid, 1.0)
    assert [(type(error), str(error)) for error in errors] == [
        (SpeechError, "the voice is closed")
    ] * 2


PARENT = """
import sys, time
from tests.speech import odd_engine
from voicecoach.speech.pace import SpeechTarget
from voicecoach.speech.process import EngineProcess
process = EngineProcess("odd", odd_engine.MODULE)
process.speak("One.", "tone", SpeechTarget())
print(process._worker._process.pid, flush=True)
if "hang" in sys.argv:
    process.speak("Hang.", "tone", SpeechTarget())
time.sleep(60)
"""


@pytest.mark.parametrize("doing", ["sleep", "hang"])
def test_the_worker_dies_with_its_parent(doing: str) -> None:
    """A playing process that is killed leaves no worker behind, not even one that hangs."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, doing], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_running(worker)
        parent.kill()
    assert gone_within(worker, 5.0)


def test_ctrl_c_prints_nothing_from_the_worker() -> None:
    """Ctrl-C in a terminal reaches the playing process alone; the worker follows it silently."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, "sleep"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    os.kill(worker, signal.SIGINT)
    time.sleep(0.2)
    assert is_running(worker)
    os.killpg(parent.pid, signal.SIGINT)
    _, complaint = parent.communicate(timeout=20)
    assert complaint.count("Traceback") == 1
    assert "worker" not in complaint
    assert gone_within(worker, 5.0)


def test_files_in_the_working_folder_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: EngineProcess
) -> None:
    """A user's folder with a file that is called like a library does not break speech."""
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    (tmp_path / "voicecoach.py").write_text("raise SystemExit('the wrong voicecoach')")
    monkeypatch.chdir(tmp_path)
    assert len(process.speak("One.", "tone", SpeechTarget()).samples)


LOADING_PARENT = """
import threading, time
from tests.speech import odd_engine
from voicecoach.speech.pace import SpeechTarget
from voicecoach.speech.process import EngineProcess
process = EngineProcess("odd", odd_engine.MODULE)
threading.Thread(target=process.speak, args=("One.", "tone", SpeechTarget()), daemon=True).start()
while process._worker is None:
    time.sleep(0.01)
time.sleep(1.0)
print(process._worker._process.pid, flush=True)
time.sleep(60)
"""


def test_a_worker_that_loads_dies_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A playing process that is killed leaves no worker behind that is still loading its engine."""
    monkeypatch.setenv(odd_engine.OPENING, "hang")
    with subprocess.Popen(
        [sys.executable, "-c", LOADING_PARENT], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_running(worker)
        parent.kill()
    assert gone_within(worker, 5.0)


SCRIPT = """
from voicecoach.routine.model import Audience
from voicecoach.speech import open_narrator
narrator = open_narrator("pyttsx3", audience=Audience.ADULT, use_cache=False)
print(round(narrator.seconds("Breathe in."), 1))
narrator.close()
"""


def test_a_script_without_a_main_guard_works(tmp_path: Path) -> None:
    """A user's plain script is not run a second time by the worker."""
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=50, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 1
