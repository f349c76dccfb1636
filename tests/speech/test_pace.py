"""One sentence at a wished length, with an engine whose words, pauses and speed are known."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.sound.clip import from_pcm16
from voicecoach.speech import levelling, pace
from voicecoach.speech.engine import Speeds
from voicecoach.speech.pace import Pause, Speech, SpeechTarget, pause_frames, speak, speech_seconds

RATE = 16_000
WORD_SECONDS = 0.3
COMMA_SECONDS = 0.15


class ToneEngine:
    """Speaks each word as a tone of its own pitch, with a short closure between and a gap at commas."""

    name = "tones"
    thread_safe = True
    speeds = Speeds(single_word=0.9, usual=1.0, slow=0.9, slowest=0.8, fastest=1.2)

    def __init__(self) -> None:
        self.spoken: list[tuple[str, float]] = []

    def voices(self) -> list:
        """Return none."""
        return []

    def synthesise(self, text: str, voice: str, speed: float) -> tuple[np.ndarray, int]:
        """Return the tones."""
        self.spoken.append((text, speed))
        parts = [np.zeros(RATE // 5)]
        for token in text.split():
            pitch = 150 + sum(map(ord, re.sub(r"\W", "", token))) % 300
            frames = round(WORD_SECONDS / speed * RATE)
            parts.append(0.2 * np.sin(2 * np.pi * pitch * np.arange(frames) / RATE))
            gap = COMMA_SECONDS / speed if token[-1] in ",;" else 0.04
            parts.append(np.zeros(round(gap * RATE)))
        return np.concatenate([*parts, np.zeros(RATE // 3)]).astype(np.float32), RATE


def spoken_seconds(speech: Speech, wish: SpeechTarget) -> float:
    """Return the length with the pauses that are put in."""
    return speech_seconds(speech) + sum(pause_frames(speech, wish)) / RATE


def test_few_words_are_spoken_at_their_own_speed() -> None:
    """Counts have no wished length; they come once, at the speed for single words."""
    engine = ToneEngine()
    speak(engine, "Three.", "", SpeechTarget())
    assert engine.spoken == [("Three.", 0.9)]


@pytest.mark.parametrize("length", [2.4, 2.7, 3.0, 3.2])
def test_the_wished_length_is_met(length: float) -> None:
    """Slower speech and longer pauses at the commas bring a sentence to its length."""
    wish = SpeechTarget(length_seconds=length, pause_seconds=0.5)
    speech = speak(ToneEngine(), "Lift one, lift two, lift three.", "", wish)
    assert spoken_seconds(speech, wish) == pytest.approx(length, rel=0.05)


def test_a_sentence_of_long_words_is_spoken_faster() -> None:
    """A sentence that comes out too long is sped up, not left to push the clock."""
    wish = SpeechTarget(length_seconds=1.6, pause_seconds=0.5)
    speech = speak(ToneEngine(), "Lift one, lift two and three.", "", wish)
    assert speech_seconds(speech) < 6 * WORD_SECONDS / 0.9
    assert not speech.pauses


def test_pauses_lie_at_the_commas_and_words_stay_whole() -> None:
    """Silence goes only into the gaps at commas: every word sounds for as long as the engine made it."""
    wish = SpeechTarget(length_seconds=4.0, pause_seconds=0.9)
    speech = speak(ToneEngine(), "Lift one, lift two, lift three.", "", wish)
    assert len(speech.pauses) == 2
    places = [
        (pause.frame, frames)
        for pause, frames in zip(speech.pauses, pause_frames(speech, wish), strict=True)
    ]
    longer = levelling.with_silence(from_pcm16(speech.samples), RATE, places)
    loud = np.abs(np.convolve(np.abs(longer), np.ones(80) / 80, "same")) > 0.01
    lengths = [end - start for start, end in pace._runs(loud)]
    assert len(lengths) == 6
    assert max(lengths) - min(lengths) < 0.01 * RATE


def test_more_commas_come_before_clauses_not_inside_them() -> None:
    """A sentence without commas gets them where a calm speaker breathes, and words are kept."""
    engine = ToneEngine()
    wish = SpeechTarget(length_seconds=9.0, pause_seconds=0.5)
    speak(engine, "Lie down on your back and put your feet up in the air.", "", wish)
    said = {text for text, _ in engine.spoken}
    assert "Lie down on your back, and put your feet up in the air." in said
    assert "Lie down, on your back, and put your feet up, in the air." not in said
    whole = max(said, key=len)
    assert whole.replace(",", "") == "Lie down on your back and put your feet up in the air."


@pytest.mark.parametrize(
    "text",
    [
        "Put your hands and feet on the floor now.",
        "Let your arms and your legs go.",
        "Stand with wide feet and bendy knees.",
    ],
)
def test_and_between_two_things_is_no_clause(text: str) -> None:
    """No comma comes between two things that belong together."""
    engine = ToneEngine()
    speak(engine, text, "", SpeechTarget(length_seconds=9.0, pause_seconds=0.5))
    assert not any(", and" in said for said, _ in engine.spoken)


def test_other_languages_get_no_english_commas() -> None:
    """Words that mean something else in another language are left alone."""
    engine = ToneEngine()
    wish = SpeechTarget(length_seconds=9.0, pause_seconds=0.5, language="fr-be")
    speak(engine, "Allonge-toi sur le dos as so if or in on at with from like.", "", wish)
    assert not any("," in said for said, _ in engine.spoken)


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("de-at", "Leg dich flach auf den Rücken und atme tief und langsam aus.",
         "Leg dich flach auf den Rücken, und atme tief und langsam aus."),
        ("es", "Túmbate despacio boca arriba y respira con calma dos veces.",
         "Túmbate despacio boca arriba, y respira con calma dos veces."),
        ("ru", "Медленно лягте на мягкий коврик и спокойно дышите носом животом.",
         "Медленно лягте на мягкий коврик, и спокойно дышите носом животом."),
    ],
)  # fmt: skip
def test_each_language_of_the_coach_has_its_own_clauses(
    language: str, text: str, spoken: str
) -> None:
    """A calm speaker takes a breath before the words that begin a clause in that language."""
    engine = ToneEngine()
    speak(engine, text, "", SpeechTarget(length_seconds=9.0, pause_seconds=0.5, language=language))
    assert spoken in [said for said, _ in engine.spoken]


def test_the_speed_that_makes_a_cue_fit_is_kept_within_the_engine() -> None:
    """A faster session on top of a faster cue stops at the fastest speed that sounds right."""
    engine = ToneEngine()
    speak(engine, "Go.", "", SpeechTarget(factor=1.2 * 1.2))
    assert engine.spoken[-1][1] == pytest.approx(1.2)


def test_the_same_wish_is_spoken_the_same_way() -> None:
    """Nothing but the text and the wish decides how a sentence is spoken."""
    wish = SpeechTarget(length_seconds=5.0, pause_seconds=0.5)
    first, second = (speak(ToneEngine(), "Lift one, and then lift two.", "", wish) for _ in "12")
    assert np.array_equal(first.samples, second.samples)
    assert first.pauses == second.pauses


@given(
    lengths=st.lists(st.integers(800, 8_000), max_size=5),
    length_seconds=st.floats(0.1, 10.0),
    pause_seconds=st.floats(0.0, 1.0),
)
def test_pauses_grow_evenly_and_not_too_far(
    lengths: list[int], length_seconds: float, pause_seconds: float
) -> None:
    """Pauses never shrink, never grow past the longest, and the total never passes the wish."""
    samples = np.full(RATE, 8_000, np.int16)
    speech = Speech(samples, RATE, tuple(Pause(i * 100, n) for i, n in enumerate(lengths)))
    wish = SpeechTarget(length_seconds=length_seconds, pause_seconds=pause_seconds)
    added = pause_frames(speech, wish)
    assert len(added) == len(lengths)
    assert all(frames >= 0 for frames in added)
    grown = [length + frames for length, frames in zip(lengths, added, strict=True) if frames]
    assert all(length <= round(pause_seconds * RATE) for length in grown)
    assert max(grown, default=0) - min(grown, default=0) <= 1
    assert 1.0 + sum(added) / RATE <= max(1.0, length_seconds) + 0.001


def test_samples_beyond_full_scale_are_turned_down() -> None:
    """Float samples that would clip keep their shape."""
    loud = np.array([0.5, -2.0, 1.0], np.float32)
    assert pace._as_int16(loud).tolist() == [8192, -32767, 16384]
