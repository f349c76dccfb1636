"""Counts and countdown words are understood on their own, without any context to guess from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.figures import SOAK
from tests.support.listening import MISSING, SAMPLE_RATE, normalise, transcribe
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.model import Audience
from voicecoach.sound.clip import resample
from voicecoach.speech import open_narrator

if TYPE_CHECKING:
    from tests.support.figures import RecordFigure

pytestmark = [
    pytest.mark.asr,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"needs {', '.join(MISSING)} (pip install 'voicecoach[asr]')",
    ),
]


@pytest.mark.parametrize("audience", list(Audience))
def test_single_words_are_understood(audience: Audience, record_figure: RecordFigure) -> None:
    """One to thirty (ten in the short form), "Go.", "Ready." and "Steady.", each alone between two silences."""
    phrases = load_phrases("en", audience)
    counts = range(1, 31) if SOAK else range(1, 11)
    words = [phrases.number(count).capitalize() for count in counts]
    words += ["Go", "Ready", "Steady"]
    wrong = []
    silence = np.zeros(SAMPLE_RATE * 3 // 8, np.float32)
    with open_narrator("natural", audience=audience) as narrator:
        for word in words:
            clip = resample(narrator.clip(f"{word}."), SAMPLE_RATE)
            heard = transcribe(np.concatenate([silence, clip.samples[:, 0], silence]))
            if normalise(heard) != normalise(word):
                wrong.append((word, heard))
    record_figure(f"single words wrong, {audience}", len(wrong), f"of {len(words)}")
    assert not wrong
