"""One sentence at a wished length: chooses the engine's speed and where it may pause longer.

Engines differ in how fast they speak, and a sentence of short words comes out much faster than one
of long words. The coach keeps one pace in words a minute, so each sentence is spoken, measured, and
spoken again if need be: a little faster or slower, then with longer pauses at its commas, then with
more commas. It is never stretched. The steps depend on nothing but the text and the engine, so the
same sentence always sounds the same.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.language.vocabulary import vocabulary_of
from voicecoach.sound.clip import from_pcm16
from voicecoach.speech.levelling import frame_levels_db, speech_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.speech.engine import SpeechEngine, Speeds


VERSION = 2
"""Part of every cache key; raise it when the same wish would come out differently."""

LEVEL_FRAME_SECONDS = 0.01


@dataclass(frozen=True)
class SpeechTarget:
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


@dataclass(frozen=True)
class Speech:
    """What came out of an engine, untouched."""

    samples: NDArray[np.int16]
    """Mono."""
    sample_rate: int
    """Hz; may be another than the engine's own, which gives the voice its colour."""
    pauses: tuple[Pause, ...] = ()
    """In order; none where the sentence is long enough as it is."""


# A sentence this near to its wished length needs no second try.
_NEAR_ENOUGH = 0.97


def speak(engine: SpeechEngine, text: str, voice: str, wish: SpeechTarget) -> Speech:
    """Return the text as the engine speaks it, as near to the wished length as is natural."""
    speeds = engine.speeds
    enough = wish.length_seconds * _NEAR_ENOUGH

    @cache
    def say(words: str, speed: float) -> Speech:
        speed = min(max(speed * wish.factor, speeds.slowest), speeds.fastest)
        samples, sample_rate = engine.synthesise(words, voice, round(speed, 4))
        return Speech(_as_int16(samples), sample_rate)

    if not wish.length_seconds:
        return say(text, speeds.single_word)
    speech = say(text, speeds.slow)
    length = speech_seconds(speech)
    if length > wish.length_seconds:
        return _faster(partial(say, text), speeds.slow, wish.length_seconds, speeds)
    ways = _slower_and_slower(text, engine, wish.language)
    for words, speed in ways:
        speech = say(words, speed)
        commas = len(_INNER_PUNCTUATION.findall(words))
        longer = speech_seconds(speech) / wish.length_seconds
        if longer > 2.0 - _NEAR_ENOUGH:
            return _faster(partial(say, words), speed, wish.length_seconds, speeds)
        if longer >= _NEAR_ENOUGH:
            return speech
        # Where even the longest pauses would not do, there is no need to look for them.
        longest = speech_seconds(speech) + commas * wish.pause_seconds
        if longest < enough and (words, speed) != ways[-1]:
            continue
        # The beginnings of the sentence are spoken at one speed only, and their lengths scaled.
        clauses, slow = ways[min(1, len(ways) - 1)]
        scale = speech_seconds(say(clauses, speed)) / speech_seconds(say(clauses, slow))
        pauses = _find_pauses(speech, words, scale, partial(say, speed=slow))
        speech = replace(speech, pauses=pauses)
        if speech_seconds(speech) + sum(pause_frames(speech, wish)) / speech.sample_rate >= enough:
            return speech
    return speech


def speech_seconds(speech: Speech) -> float:
    """Return the length of the speech, without the silence before and after it."""
    first, last = speech_span(from_pcm16(speech.samples), speech.sample_rate)
    return (last - first) / speech.sample_rate


def pause_frames(speech: Speech, wish: SpeechTarget) -> list[int]:
    """Return the silence that each pause needs to bring the speech to the wished length.

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


# A sentence of long words may be spoken so much faster than usual to keep the pace.
_MOST_FASTER = 1.15

# Neural speech gets shorter by more than its speed goes up, because the pauses in it shrink most.
_FIRST_EXPONENT = 0.55


def _faster(
    say: Callable[[float], Speech], speed: float, length_seconds: float, speeds: Speeds
) -> Speech:
    fastest = speeds.usual * _MOST_FASTER
    exponent = _FIRST_EXPONENT
    length = speech_seconds(say(speed))
    for _ in range(2):
        next_speed = min(speed * float((length / length_seconds) ** exponent), fastest)
        next_length = speech_seconds(say(next_speed))
        if abs(next_length / length_seconds - 1.0) <= 1.0 - _NEAR_ENOUGH or next_length >= length:
            return say(next_speed)
        # What the first step did tells how this engine takes to the next.
        exponent = min(1.5, math.log(next_speed / speed) / math.log(length / next_length))
        speed, length = next_speed, next_length
    return say(speed)


def _slower_and_slower(text: str, engine: SpeechEngine, language: str) -> list[tuple[str, float]]:
    """Return the texts and speeds to try, the most natural first."""
    clauses = phrases = text
    if words := vocabulary_of(language):
        between = words.pattern("clause_words", form=_BEFORE_A_WORD)
        clauses = _with_commas(text, between, _FEWEST_WORDS_IN_CLAUSE)
        between = words.pattern("phrase_words", form=_BEFORE_A_WORD)
        phrases = _with_commas(clauses, between, _FEWEST_WORDS_IN_PHRASE)
    slow, slowest = engine.speeds.slow, engine.speeds.slowest
    half_way = (slow + slowest) / 2
    ways = [(text, slow), (clauses, slow)]
    ways += [(clauses, half_way), (phrases, half_way), (phrases, slowest)]
    return list(dict.fromkeys(ways))


_BEFORE_A_WORD = r" (?=(?:WORDS)\b)"
_PUNCTUATION = re.compile(r"[,;:—–.!?]")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")

# A phrase of one or two words between pauses sounds chopped, and "and" between fewer words than
# these mostly joins two things ("your hands and feet"), not two clauses.
_FEWEST_WORDS_IN_CLAUSE = 4
_FEWEST_WORDS_IN_PHRASE = 3


def _with_commas(text: str, places: re.Pattern[str], fewest_words: int) -> str:
    position = 0
    while match := places.search(text, position):
        position = match.end()
        before = _PUNCTUATION.split(text[: match.start()])[-1]
        after = _PUNCTUATION.split(text[match.end() :])[0]
        if min(len(_WORD.findall(before)), len(_WORD.findall(after))) >= fewest_words:
            text = f"{text[: match.start()]},{text[match.start() :]}"
            position += 1
    return text


# A gap between phrases is at least so long and so quiet; the closed lips of a "p" are shorter.
_SHORTEST_PAUSE_SECONDS = 0.07
_PAUSE_BELOW_LOUDEST_DB = -36.0

_INNER_PUNCTUATION = re.compile(r"[,;:—–]+(?=\s+\S)")


def _find_pauses(
    speech: Speech, text: str, scale: float, say: Callable[[str], Speech]
) -> tuple[Pause, ...]:
    """Return the gaps at the commas of a sentence.

    The words up to a comma, spoken alone, last about as long as they do inside the sentence; the
    longest gap near that moment is the comma's. Where there is none, nothing is put in: better a
    fast sentence than a word torn in two.
    """
    samples = from_pcm16(speech.samples)
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
        words = speech_seconds(say(text[: match.start()] + ",")) * scale
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
    pcm: NDArray[np.int16] = np.rint(floats * (32_767.0 / max(peak, 1.0))).astype(np.int16)
    return pcm
