"""The narrator: sentences as written -> clips at the session's pace, each spoken once."""

from __future__ import annotations

import errno
import hashlib
import re
import statistics
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.figures import SOAK, SPOKEN, RecordFigure
from tests.support.lufs import gain_to_db, integrated_lufs
from tests.support.workers import pid_of
from voicecoach.errors import SpeechError
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience
from voicecoach.script.durations import nominal_seconds
from voicecoach.session.session import open_session
from voicecoach.sound.clip import SAMPLE_RATE
from voicecoach.speech import levelling, natural, open_narrator
from voicecoach.speech import narrator as narrator_module
from voicecoach.speech.cache import ClipCache
from voicecoach.speech.process import EngineProcess

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.speech import Narrator

SENTENCES = (
    "Three.",
    "Go!",
    "And rest.",
    "Straighten your right leg and lift it fifteen to twenty centimetres.",
    "Breathe out, lift both dumbbells to your lower ribs, then lower slowly.",
    "If anything hurts or feels unpleasant, stop and rest.",
    "Lift it 15–20 cm.",
)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that reach the worker, as they do."""
    texts: list[str] = []
    speak = EngineProcess.speak

    def note(self: EngineProcess, text: str, *more: object) -> object:
        texts.append(text)
        return speak(self, text, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(EngineProcess, "speak", note)
    return texts


def digest(narrator: Narrator, sentences: tuple[str, ...] = SENTENCES) -> str:
    """Return a hash of the clips."""
    clips = b"".join(narrator.clip(sentence).samples.tobytes() for sentence in sentences)
    return hashlib.sha256(clips).hexdigest()


@pytest.mark.parametrize("voice", ["natural", "natural:bright", "pyttsx3", "silent"])
def test_clips_are_ready_to_be_placed(voice: str, cache: ClipCache) -> None:
    """Mono at the session's rate, as long as announced, at the common loudness."""
    with open_narrator(voice, audience=Audience.ADULT, cache=cache) as narrator:
        for sentence in SENTENCES:
            clip = narrator.clip(sentence)
            assert (clip.channels, clip.sample_rate) == (1, SAMPLE_RATE)
            assert narrator.seconds(sentence) == clip.duration_seconds
            if voice == "silent":
                continue
            loudness = integrated_lufs(clip)
            assert loudness == pytest.approx(levelling.SPEECH_LUFS, abs=0.4), sentence
            assert gain_to_db(clip.peak) <= levelling.PEAK_CEILING_DB + 0.01


def test_silence_lasts_as_the_table_says(cache: ClipCache) -> None:
    """The silent engine gives nominal lengths to the frame, at any speed and rate."""
    with open_narrator("silent", audience=Audience.CHILD, rate=1.1, cache=cache) as narrator:
        for sentence in SENTENCES:
            for speed in (1.0, 1.2):
                expected = nominal_seconds(sentence, 0.46 / 1.1) / speed
                assert narrator.seconds(sentence, speed) == pytest.approx(expected, abs=0.00003)
        assert pid_of(narrator._process) is None
    assert cache.statistics().entries == 0


def test_a_cached_session_starts_nothing(cache: ClipCache, spoken: list[str]) -> None:
    """A second run speaks nothing, starts no worker, and sounds the same to the bit."""
    with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
        first = digest(narrator)
    assert len(spoken) == len(SENTENCES)
    with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
        assert digest(narrator) == first
        assert pid_of(narrator._process) is None
    assert len(spoken) == len(SENTENCES)


@pytest.mark.parametrize(
    "change", [{"rate": 1.1}, {"audience": Audience.CHILD}, {"voice": "natural:deep"}]
)
def test_whatever_changes_the_sound_is_spoken_anew(
    cache: ClipCache, spoken: list[str], change: dict
) -> None:
    """Another rate, audience or voice does not play what was kept for the first."""
    sentence = SENTENCES[4]
    lengths = []
    wishes = {"voice": "natural:heart", "audience": Audience.ADULT}
    for wish in (wishes, wishes | change):
        with open_narrator(**wish, cache=cache) as narrator:
            lengths.append(narrator.clip(sentence).samples.tobytes())
    assert len(spoken) == 2
    assert lengths[0] != lengths[1]


def test_another_version_of_the_engine_speaks_anew(
    cache: ClipCache, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update of the engine or its model, what the old one said is not played."""
    for version in ("0.2.1", "0.2.2"):
        monkeypatch.setattr(natural, "package_version", lambda _name, v=version: v)
        with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
            narrator.clip("Three.")
    assert spoken == ["Three.", "Three."]


def test_without_a_cache_nothing_is_written(cold_cache: Path) -> None:
    """`use_cache=False` leaves no trace, and still speaks each sentence once."""
    with open_narrator("pyttsx3", audience=Audience.ADULT, use_cache=False) as narrator:
        assert narrator.clip("One.") is narrator.clip("One.")
    assert not cold_cache.exists()


def test_a_damaged_entry_is_spoken_again(cache: ClipCache, spoken: list[str]) -> None:
    """A broken file in the cache costs one sentence of synthesis, and is mended."""
    for damage in (False, True, False):
        with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
            if damage:
                (path,) = cache.folder.glob("clips/*/*.wav")
                content = path.read_bytes()
                path.write_bytes(content[:-900] + b"\1" * 900)
            narrator.clip("Three.")
    assert spoken == ["Three.", "Three."]


PLAYING = """
import sys
from voicecoach.routine.model import Audience
from voicecoach.speech import open_narrator
with open_narrator("natural", audience=Audience.ADULT, use_cache=False) as narrator:
    narrator.prefetch([("One.", 1.0), ("Two.", 1.0)])
    narrator.clip("Breathe in, and lift both arms.")
heavy = {name.partition(".")[0] for name in sys.modules} & {"onnxruntime", "hibari", "pyttsx3", "piper"}
assert not heavy, heavy
"""


def test_the_playing_process_imports_no_engine() -> None:
    """The model and its library stay in the worker; standard output and error stay clean."""
    done = subprocess.run(
        [sys.executable, "-c", PLAYING], capture_output=True, text=True, timeout=55, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_sentence_is_spoken_once(cache: ClipCache, spoken: list[str]) -> None:
    """However many threads ask at once, behind a prefetch, each sentence goes to the worker once."""
    with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
        narrator.prefetch([(sentence, 1.0) for sentence in SENTENCES])
        found: list[str] = []
        threads = [
            threading.Thread(target=lambda: found.append(digest(narrator))) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(found)) == 1
    assert len(found) == 6
    assert sorted(spoken) == sorted(set(spoken))


def test_prefetching_returns_at_once_and_comes_in_order(
    cache: ClipCache, spoken: list[str]
) -> None:
    """What is wanted first is made first, while the caller goes on."""
    sentences = [f"This is sentence number {number}." for number in range(10)]
    with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
        begin = time.monotonic()
        narrator.prefetch([(sentence, 1.0) for sentence in sentences])
        assert time.monotonic() - begin < 0.1
        narrator.clip(sentences[-1])
        narrator.clip(sentences[5])
        assert spoken.index(sentences[-1]) <= 3
        for sentence in sentences:
            narrator.clip(sentence)
    rest = [text for text in spoken if text not in (sentences[-1], sentences[5])]
    # Two threads take turns, so neighbours may swap.
    assert all(abs(rest.index(text) - place) <= 2 for place, text in enumerate(rest))


def test_closing_in_the_middle_leaves_nothing(cache: ClipCache) -> None:
    """A session that is stopped while it speaks ahead ends at once, without a thread or a process."""
    before = set(threading.enumerate())
    narrator = open_narrator("natural", audience=Audience.ADULT, cache=cache)
    narrator.prefetch([(f"This is sentence number {number}.", 1.0) for number in range(40)])
    narrator.clip("One.")
    begin = time.monotonic()
    narrator.close()
    assert time.monotonic() - begin < 3.0
    assert set(threading.enumerate()) == before
    assert pid_of(narrator._process) is None
    with pytest.raises(SpeechError, match="closed"):
        narrator.clip("Two.")
    narrator.close()


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a narrator remember some eight sentences of LONG, up to six of them ahead."""
    monkeypatch.setattr(narrator_module, "_MEMORY_BYTES", 1_900_000)
    monkeypatch.setattr(narrator_module, "_KEPT_MEMORY_BYTES", 1_900_000)


LONG = [f"This is sentence number {number}." for number in range(40)]


def rest(narrator: Narrator) -> None:
    """Wait until nothing more is spoken ahead."""
    limit = time.monotonic() + 30.0
    quiet = 0
    while quiet < 5 and time.monotonic() < limit:
        time.sleep(0.02)
        with narrator._lock:
            must_wait = narrator._is_far and not narrator._is_kept
            is_at_rest = not narrator._being_made and (must_wait or not narrator._wanted)
        quiet = quiet + 1 if is_at_rest else 0
    assert quiet


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("keeps", ["nothing", "no cache", "some", "all"])
def test_speech_made_ahead_is_not_thrown_away(
    keeps: str, odd: str, cache: ClipCache, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little of it the cache keeps, each sentence is spoken once, and most of them ahead."""
    room = {"nothing": 0, "some": 15, "all": 99}.get(keeps, 0)
    write, written = ClipCache._write, []

    def until_full(self: ClipCache, path: Path, content: bytes) -> None:
        written.append(path)
        if len(written) > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, path, content)

    monkeypatch.setattr(ClipCache, "_write", until_full)
    with_cache = {"use_cache": False} if keeps == "no cache" else {"cache": cache}
    with open_narrator(odd, audience=Audience.ADULT, **with_cache) as narrator:
        narrator.prefetch([(sentence, 1.0) for sentence in LONG])
        rest(narrator)
        assert len(spoken) == 40 if keeps == "all" else 5 < len(spoken) < 25
        for number, sentence in enumerate(LONG):
            clip = narrator.clip(sentence)
            assert clip.duration_seconds == narrator.seconds(sentence)
            if number % 8 == 7:
                rest(narrator)
        assert sorted(spoken) == sorted(LONG)
        assert narrator.failure is None


@pytest.mark.usefixtures("little_memory")
def test_what_is_made_out_of_turn_is_not_thrown_away(
    odd: str, spoken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence that takes long is passed by those after it, which are still to be heard then."""
    make = narrator_module.Narrator._spoken

    def slow_at_times(self: Narrator, sentence: str, speed: float, rate: float) -> object:
        if sentence in LONG[::5]:
            time.sleep(0.15)
        return make(self, sentence, speed, rate)

    monkeypatch.setattr(narrator_module.Narrator, "_spoken", slow_at_times)
    with open_narrator(odd, audience=Audience.ADULT, use_cache=False) as narrator:
        narrator.prefetch([(sentence, 1.0) for sentence in LONG])
        for sentence in LONG:
            rest(narrator)
            narrator.clip(sentence)
    assert sorted(spoken) == sorted(LONG)


@pytest.mark.usefixtures("little_memory")
def test_skipping_about_goes_on_speaking_ahead(odd: str, spoken: list[str]) -> None:
    """What was made ahead for a place that was left does not stand in the way of the next one's."""
    with open_narrator(odd, audience=Audience.ADULT, use_cache=False) as narrator:
        for first in (0, 25, 10):
            narrator.prefetch([(sentence, 1.0) for sentence in LONG[first:]])
            before = len(spoken)
            rest(narrator)
            assert LONG[first] in spoken[before:]
            count = len(spoken)
            narrator.clip(LONG[first])
            narrator.clip(LONG[first + 3])  # what lies between is passed over
            rest(narrator)
            assert len(spoken) > count
    assert not narrator._threads


@pytest.mark.usefixtures("little_memory")
def test_speech_that_nobody_takes_ends_with_the_session(odd: str) -> None:
    """Who waits for room is let go at once, and nothing is held after it."""
    before = set(threading.enumerate())
    narrator = open_narrator(odd, audience=Audience.ADULT, use_cache=False)
    narrator.prefetch([(sentence, 1.0) for sentence in LONG])
    rest(narrator)
    held = weakref.ref(narrator.clip(LONG[0]))
    begin = time.monotonic()
    narrator.close()
    assert time.monotonic() - begin < 3.0
    assert set(threading.enumerate()) == before
    assert held() is None


def test_no_error_escapes_from_speaking_ahead(
    odd: str, cache: ClipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong ahead prints nothing; whoever asks for the clip gets it."""
    escaped: list[object] = []
    monkeypatch.setattr(threading, "excepthook", escaped.append)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("in some library")

    monkeypatch.setattr(EngineProcess, "speak", fail)
    with open_narrator(odd, audience=Audience.ADULT, cache=cache) as narrator:
        narrator.prefetch([("One.", 1.0), ("Two.", 1.0), ("Three.", 1.0)])
        limit = time.monotonic() + 5.0
        while narrator._threads and time.monotonic() < limit:
            time.sleep(0.01)
        assert not narrator._threads
        with pytest.raises(ZeroDivisionError):
            narrator.clip("Two.")
    assert not escaped


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Empty.", "spoke “Empty.” in 0.00 s"),
        ("Hush now.", "in 0.00 s, which cannot be right"),
        ("Endless talk.", "in 30.00 s"),
        ("Crash.", "odd cannot speak “Crash.”"),
        ("💪", "nothing to say"),
        ("…", "nothing to say"),
    ],
)
def test_what_cannot_be_spoken_is_an_error(
    odd: str, cache: ClipCache, sentence: str, message: str
) -> None:
    """Empty, cut or absurd clips are errors that carry the sentence as it was written."""
    with open_narrator(odd, audience=Audience.ADULT, cache=cache) as narrator:
        with pytest.raises(SpeechError, match=re.escape(message)) as caught:
            narrator.clip(sentence)
        assert caught.value.text == sentence
        assert cache.statistics().entries == 0
        assert narrator.clip("Fine, then.").duration_seconds > 0.3


def test_what_could_not_be_spoken_is_remembered(
    odd: str, cache: ClipCache, spoken: list[str]
) -> None:
    """A sentence that failed ahead fails at once when it is asked for, and is known before that."""
    with open_narrator(odd, audience=Audience.ADULT, cache=cache) as narrator:
        narrator.prefetch([("Fine, then.", 1.0), ("Raise.", 1.0), ("Raise more.", 1.0)])
        assert narrator.failure is None
        limit = time.monotonic() + 10.0
        while narrator._threads and time.monotonic() < limit:
            time.sleep(0.01)
        assert isinstance(narrator.failure, SpeechError)
        assert narrator.failure.text in ("Raise.", "Raise more.")
        spoken.clear()
        for _ in range(2):
            with pytest.raises(SpeechError, match="no such phoneme") as caught:
                narrator.clip("Raise.")
            assert caught.value.text == "Raise."
        assert not spoken
        assert narrator.clip("Fine, then.").duration_seconds > 0.3


def test_stopping_is_no_failure(odd: str, cache: ClipCache) -> None:
    """A sentence that was not finished because the session is closed did not fail."""
    with open_narrator(odd, audience=Audience.ADULT, cache=cache) as narrator:
        narrator.clip("Fine, then.")
        narrator.prefetch([("Hang.", 1.0), ("One.", 1.0)])
        time.sleep(0.2)
    assert not narrator._threads
    assert narrator.failure is None


def test_one_bad_clip_is_spoken_again(odd: str, cache: ClipCache) -> None:
    """An empty clip that comes once is not worth a failed session."""
    with open_narrator(odd, audience=Audience.ADULT, cache=cache) as narrator:
        assert narrator.clip("Empty once.").duration_seconds > 0.3


def test_written_forms_are_spoken_as_words(spoken: list[str], cache: ClipCache) -> None:
    """The engine gets speakable text, the same that `speakable` shows."""
    with open_narrator("natural", audience=Audience.ADULT, cache=cache) as narrator:
        narrator.clip("Rest 30s")
        assert spoken == ["Rest 30 seconds."]
        assert narrator.speakable("Rest 30s") == "Rest 30 seconds."


def test_the_lexicon_changes_what_is_said(spoken: list[str], cache: ClipCache) -> None:
    """A word of the user's own list is respelled before it is spoken."""
    lexicon = {"kolobok": "collo-bock"}
    with open_narrator("natural", audience=Audience.CHILD, cache=cache, lexicon=lexicon) as it:
        it.clip("Kolobok!")
    assert spoken == ["Collo-bock!"]


@pytest.mark.parametrize("voice", ["natural", "pyttsx3"])
def test_faster_is_shorter(voice: str, cache: ClipCache) -> None:
    """A cue that must fit gets shorter, a calmer session longer."""
    sentence = "Lower slowly, bend that knee and straighten your left leg."
    lengths = []
    for rate in (0.8, 1.0, 1.2):
        with open_narrator(voice, audience=Audience.ADULT, rate=rate, cache=cache) as narrator:
            lengths += [narrator.seconds(sentence), narrator.seconds(sentence, 1.2)]
            assert narrator.seconds("Three.") < 1.0
    assert lengths[0] > lengths[2] > lengths[4]
    assert all(lengths[place + 1] < 0.95 * lengths[place] for place in (0, 2, 4))


@pytest.mark.parametrize("audience", list(Audience))
def test_counts_fit_into_a_second(audience: Audience, cache: ClipCache) -> None:
    """Countdown and counts of a quick tempo leave room for the next one."""
    words = ("Three.", "Two.", "One.", "Go.", "Ready.", "Steady.", "Seventeen.", "Twenty-seven.")
    with open_narrator("natural", audience=audience, cache=cache) as narrator:
        lengths = {word: narrator.seconds(word) for word in words}
    assert max(lengths.values()) < 1.0, lengths
    assert min(lengths.values()) > 0.3, lengths


def instructions() -> dict[Audience, list[tuple[str, str]]]:
    """Return routine and text of each instruction of fifteen words or more."""
    library = Library()
    found: dict[Audience, list[tuple[str, str]]] = {}
    word = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
    for name in SPOKEN:
        routine = load_routine(library.find_routine(name), library)
        found.setdefault(routine.audience, [])
        with open_session(routine, library, voice="natural") as session:
            for segment in session.script.segments:
                for cue in segment.cues:
                    words = len(word.findall(cue.text))
                    if cue.role == "instruction" and words >= 15:
                        rate = 60 * words / cue.duration_seconds
                        found[routine.audience].append((f"{rate:.0f}", cue.text))
    return found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_coach_keeps_the_pace(record_figure: RecordFigure) -> None:
    """Instructions of 15 words and more: 150 ± 10 words a minute for adults, 130 ± 10 for children."""
    for audience, spoken_at in instructions().items():
        middle = 130 if audience is Audience.CHILD else 150
        rates = [int(rate) for rate, _ in spoken_at]
        assert len(rates) > (10 if SOAK else 4)
        record_figure(f"{audience} slowest", min(rates), "words a minute")
        record_figure(f"{audience} median", statistics.median(rates), "words a minute")
        record_figure(f"{audience} fastest", max(rates), "words a minute")
        off = [entry for entry in spoken_at if abs(int(entry[0]) - middle) > 10]
        assert not off, off


@pytest.mark.slow
def test_sixty_cues_are_equally_loud(record_figure: RecordFigure) -> None:
    """Cues of all kinds lie within a decibel of each other, by a measure that the leveller does not use."""
    counts = (
        "One",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
        "Eight",
        "Nine",
        "Ten",
        "Go",
        "Ready",
    )
    actions = ("Lift both arms", "Lower slowly", "Keep breathing", "Bend your knees", "Let go")
    manners = ("gently", "as you breathe out", "and hold", "without any hurry", "once more", "now")
    cues = [f"{count}." for count in counts] + [f"{a} {m}." for a in actions for m in manners]
    cues += [
        f"{a}, then rest for {n} seconds." for a in actions for n in ("ten", "five", "20", "15")
    ][:18]
    with open_narrator("natural", audience=Audience.ADULT) as narrator:
        narrator.prefetch([(cue, 1.0) for cue in cues])
        levels = [perceived_level_db(narrator.clip(cue).samples[:, 0]) for cue in cues]
    assert len(levels) == 60
    record_figure("loudness of 60 cues, spread", max(levels) - min(levels), "dB")
    record_figure("loudness of 60 cues, standard deviation", statistics.pstdev(levels), "dB")
    middle = statistics.median(levels)
    assert max(abs(level - middle) for level in levels) <= 1.0


def perceived_level_db(samples: np.ndarray) -> float:
    """Return the level of the loudest half of the speech, weighted as the ear does below 2 kHz.

    The weights are those of broadcast loudness (a high-pass, and 4 dB more for the sibilants).
    """
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    low = hertz**2 / (hertz**2 + 38.0**2)
    shelf = 1.0 + (10 ** (4 / 20) - 1.0) / (1.0 + (1_500.0 / np.maximum(hertz, 1.0)) ** 4)
    weighted = np.fft.irfft(spectrum * low * shelf, len(samples))
    power = np.sort(np.square(weighted[: len(weighted) // 480 * 480].reshape(-1, 480)).mean(axis=1))
    return float(10 * np.log10(power[len(power) // 2 :].mean()))


@pytest.mark.timed
def test_the_first_word_comes_soon(cache: ClipCache, record_figure: RecordFigure) -> None:
    """A cold start, engine and all, has its first cue within the time a listener waits."""
    for kind, limit in (("cold", 8.0), ("warm", 0.5)):
        begin = time.monotonic()
        with open_narrator("auto", audience=Audience.ADULT, cache=cache) as narrator:
            narrator.clip("Welcome to your relaxation routine.")
            took = time.monotonic() - begin
        record_figure(f"first cue, {kind}", took, "s")
        assert took < limit
