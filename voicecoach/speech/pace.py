"""One sentence at a wished length: chooses the engine's speed and where it may pause longer.

Engines differ in how fast they speak, and a sentence of short words comes out much faster than one of
long words. The coach keeps one pace in words a minute, so each sentence is spoken, measured, and
spoken again if need be: a little faster or slower, then with longer pauses at its commas, then with
more commas. It is never stretched. The steps depend on nothing but the text and the engine, so the
same sentence always sounds the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.speech.levelling import as_float, frame_levels_db, speech_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voicecoach.speech.engine import SpeechEngine

VERSION = 1
"""Part of every cache key; raise it when the same wish would come out differently."""

LEVEL_FRAME_SECONDS = 0.01


@dataclass(frozen=True)
class Wish:
    """How a sentence is to be spoken."""

    factor: float = 1.0
    """On all speeds of the engine, 0.8–1.44: the session's rate times the speed that fits a cue."""
    length_seconds: float = 0.0
    """How long the speech in it should last; 0.0 for words that are too few to have a pace."""
    pause_seconds: float = 0.0
    """The longest pause inside it."""
    language: str = "en"
    """Chooses the words before which a speaker may pause."""


@dataclass(frozen=True)
class Pause:
    """A gap between two phrases of a sentence, where silence may be put in."""

    frame: int
    """The quietest moment in it."""
    length_frames: int
    """How long it is."""


@dataclass(frozen=True)
class Speech:
    """What came out of an engine, untouched."""

    samples: NDArray[np.int16]
    """Mono."""
    sample_rate: int
    """Hz; may be another than the engine's own, which gives the voice its colour."""
    pauses: tuple[Pause, ...] = ()
    """In order; none where the sentence is long enough as it is."""


def speak(engine: SpeechEngine, text: str, voice: str, wish: Wish) -> Speech:
    """Return the text as spoken by the engine, as near to the wished length as it can naturally be."""
    speeds = engine.speeds

    def say(words: str, speed: float) -> Speech:
        speed = min(max(speed * wish.factor, speeds.slowest), speeds.fastest)
        samples, sample_rate = engine.synthesise(words, voice, round(speed, 4))
        return Speech(_as_int16(samples), sample_rate)

    if not wish.length_seconds:
        return say(text, speeds.single_word)
    speech = say(text, speeds.usual)
    length = speech_seconds(speech)
    if not length:
        return speech
    speed = min(max(speeds.usual * length / wish.length_seconds, speeds.slow), speeds.fastest)
    if abs(speed - speeds.usual) > 0.005:
        speech = say(text, speed)
    best = speech
    for phrased, phrased_speed in _slower_and_slower(text, speed, engine, wish.language):
        if phrased is not text or phrased_speed != speed:
            speech = say(phrased, phrased_speed)
        if speech_seconds(speech) >= wish.length_seconds:
            return speech
        pauses = _find_pauses(speech, phrased, lambda part: say(part, phrased_speed))  # noqa: B023
        speech = Speech(speech.samples, speech.sample_rate, pauses)
        if _longest_seconds(speech, wish) >= wish.length_seconds:
            return speech
        if _longest_seconds(speech, wish) > _longest_seconds(best, wish):
            best = speech
    return best


def speech_seconds(speech: Speech) -> float:
    """Return how long the speech lasts, without the silence before and after it."""
    first, last = speech_span(as_float(speech.samples), speech.sample_rate)
    return (last - first) / speech.sample_rate


def pause_frames(speech: Speech, wish: Wish) -> list[int]:
    """Return how much silence each pause needs to bring the speech to the wished length.

    The shortest pauses grow first, so that all come out alike.
    """
    needed = round((wish.length_seconds - speech_seconds(speech)) * speech.sample_rate)
    longest = round(wish.pause_seconds * speech.sample_rate)
    lengths = [pause.length_frames for pause in speech.pauses]
    room = sum(max(0, longest - length) for length in lengths)
    if needed <= 0 or not room:
        return [0] * len(lengths)
    if needed >= room:
        return [max(0, longest - length) for length in lengths]
    # The level to which all are filled lies between these two.
    low, high = min(lengths), longest
    while high - low > 1:
        middle = (low + high) // 2
        if sum(max(0, middle - length) for length in lengths) <= needed:
            low = middle
        else:
            high = middle
    return [max(0, low - length) for length in lengths]


def _longest_seconds(speech: Speech, wish: Wish) -> float:
    """Return how long the speech lasts with all its pauses as long as they may be."""
    return speech_seconds(speech) + sum(pause_frames(speech, wish)) / speech.sample_rate


def _slower_and_slower(
    text: str, speed: float, engine: SpeechEngine, language: str
) -> Iterator[tuple[str, float]]:
    """Yield the text and speed to try, the most natural first."""
    yield text, speed
    if speed > engine.speeds.slow:
        return
    clauses = _with_commas(text, _CLAUSE_WORDS.get(language.partition("-")[0]))
    phrases = _with_commas(clauses, _PHRASE_WORDS.get(language.partition("-")[0]))
    yield clauses, engine.speeds.slow
    yield clauses, engine.speeds.slowest
    yield phrases, engine.speeds.slowest


# Words before which a calm speaker takes a breath: first between clauses, then between phrases.
_CLAUSE_WORDS = {
    "en": re.compile(r" (?=(?:and|then|until|while|but|or|if|when|as|because|so)\b)", re.IGNORECASE)
}
_PHRASE_WORDS = {
    "en": re.compile(
        r" (?=(?:in|on|at|with|from|between|like|through|over|under|around|behind|beside|towards|"
        r"before|after|about)\b)",
        re.IGNORECASE,
    )
}
_PUNCTUATION = re.compile(r"[,;:—–.!?]")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

# A phrase of one or two words between pauses sounds chopped.
_FEWEST_WORDS_IN_PHRASE = 3


def _with_commas(text: str, places: re.Pattern[str] | None) -> str:
    """Return the text with commas at those places that have enough words on both sides."""
    if places is None:
        return text
    position = 0
    while match := places.search(text, position):
        position = match.end()
        before = _PUNCTUATION.split(text[: match.start()])[-1]
        after = _PUNCTUATION.split(text[match.end() :])[0]
        if min(len(_WORD.findall(before)), len(_WORD.findall(after))) >= _FEWEST_WORDS_IN_PHRASE:
            text = f"{text[: match.start()]},{text[match.start() :]}"
            position += 1
    return text


# A gap between phrases is at least so long and so quiet; the closed lips of a "p" are shorter.
_SHORTEST_PAUSE_SECONDS = 0.07
_PAUSE_BELOW_LOUDEST_DB = -36.0

_INNER_PUNCTUATION = re.compile(r"[,;:—–]+(?=\s+\S)")


def _find_pauses(speech: Speech, text: str, say: Callable[[str], Speech]) -> tuple[Pause, ...]:
    """Return the gaps at the commas of a sentence.

    The words up to a comma, spoken alone, last about as long as they do inside the sentence; the
    longest gap near that moment is the comma's. Where there is none, nothing is put in: better a
    fast sentence than a word torn in two.
    """
    samples = as_float(speech.samples)
    levels = frame_levels_db(samples, speech.sample_rate, LEVEL_FRAME_SECONDS)
    first, last = speech_span(samples, speech.sample_rate)
    frame_length = round(speech.sample_rate * LEVEL_FRAME_SECONDS)
    gaps = [
        (start, end)
        for start, end in _runs(levels < levels.max() + _PAUSE_BELOW_LOUDEST_DB)
        if (end - start) * LEVEL_FRAME_SECONDS >= _SHORTEST_PAUSE_SECONDS
        and start * frame_length > first
        and end * frame_length < last
    ]
    pauses: list[Pause] = []
    earliest = 0
    for match in _INNER_PUNCTUATION.finditer(text):
        words = speech_seconds(say(text[: match.start()] + ","))
        expected = first / speech.sample_rate + words
        reach = 0.12 + 0.06 * words
        near = [
            (end - start, start, end)
            for start, end in gaps
            if start >= earliest
            and start * LEVEL_FRAME_SECONDS - reach <= expected <= end * LEVEL_FRAME_SECONDS + reach
        ]
        if near:
            length, start, end = max(near)
            quietest = start + int(np.argmin(levels[start:end]))
            pauses.append(Pause(quietest * frame_length + frame_length // 2, length * frame_length))
            earliest = end
    return tuple(pauses)


def _runs(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and end of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _as_int16(samples: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.int16]:
    """Return 16-bit samples; float samples beyond full scale are turned down as a whole."""
    if samples.dtype == np.int16:
        return samples  # type: ignore[return-value]
    floats = np.nan_to_num(np.asarray(samples, np.float64))
    peak = float(np.max(np.abs(floats), initial=0.0))
    return np.rint(floats * (32_767.0 / max(peak, 1.0))).astype(np.int16)
