"""Captions: every sentence that is said, once, with its time; and the files that hold them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from voicecoach.files.replacing import MARK
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.captions import CAPTION_FILES, Caption, as_lrc, as_srt, as_vtt, captions
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.model import Cue, Script, Segment, Sentence

LINES = (
    Caption(0.0, 1.5, "Welcome."),
    Caption(1.5, 2.0, "Lift & <hold>."),
    Caption(65.123, 66.0, "Three."),
    Caption(6000.0, 6001.0, "Lovely."),
)


def script_of(name: str) -> Script:
    """Return a bundled routine by the table of lengths."""
    library = Library()
    routine = load_routine(library.find_routine(name), library)
    phrases = load_phrases(routine.language, routine.audience)
    return compile_script(routine, phrases, NominalDurations(word_seconds(routine.audience)))


@pytest.mark.parametrize("name", ["preliminary", "children", "dumbbells"])
def test_every_word_is_captioned_in_its_time(name: str) -> None:
    """The captions are the spoken cues, sentence by sentence, in order and without overlap."""
    script = script_of(name)
    lines = captions(script)
    said = " ".join(
        cue.text for segment in script.segments for cue in segment.cues if cue.kind == "speech"
    )
    assert " ".join(line.text for line in lines) == said
    for line, later in pairwise(lines):
        assert line.start_seconds < line.end_seconds <= later.start_seconds
    assert lines[-1].end_seconds <= script.duration_seconds + 1e-6


def test_a_sentence_stays_until_the_next_of_its_utterance() -> None:
    """Between two sentences of one utterance the screen does not go dark; after the last it does."""
    cue = Cue(
        2.0, 5.0, "speech", "Sit down. Breathe.", "instruction",
        (Sentence(0.0, "Sit down."), Sentence(3.0, "Breathe.")),
    )  # fmt: skip
    tone = Cue(8.0, 0.3, "sound", "start", "tone")
    first = Segment("opening", "Opening", 10.0, (cue,))
    second = Segment("exercise", "Sit", 20.0, (cue, tone))
    script = Script(script_of("desk-break").routine, (first, second))
    assert captions(script) == (
        Caption(2.0, 5.0, "Sit down."), Caption(5.0, 7.0, "Breathe."),
        Caption(12.0, 15.0, "Sit down."), Caption(15.0, 17.0, "Breathe."),
    )  # fmt: skip


def test_lrc() -> None:
    """Hundredths, minutes beyond the hour, an empty line where nothing is said."""
    assert as_lrc(LINES, "A\nset").splitlines() == [
        "[ti:A set]", f"[re:{MARK}]", "[00:00.00]Welcome.", "[00:01.50]Lift & <hold>.",
        "[00:02.00]", "[01:05.12]Three.", "[01:06.00]", "[100:00.00]Lovely.", "[100:01.00]",
    ]  # fmt: skip


def test_srt() -> None:
    """Numbered blocks with commas; our mark comes when everything has been said."""
    blocks = as_srt(LINES).split("\n\n")
    assert blocks[0] == "1\n00:00:00,000 --> 00:00:01,500\nWelcome."
    assert blocks[2] == "3\n00:01:05,123 --> 00:01:06,000\nThree."
    assert blocks[-1] == f"5\n01:40:01,000 --> 01:40:02,000\n{MARK}\n"


def test_vtt() -> None:
    """A header, our mark as a note, and nothing that could be taken for markup."""
    text = as_vtt(LINES, "Set --> one")
    assert text.startswith(f"WEBVTT - Set -> one\n\nNOTE {MARK}\n\n00:00:00.000 --> ")
    assert "\n00:01:05.123 --> 00:01:06.000\nThree.\n" in text
    assert "Lift &amp; &lt;hold&gt;." in text


@pytest.mark.parametrize("kind", CAPTION_FILES)
def test_hostile_words_stay_words(kind: str) -> None:
    """Line breaks and control characters cannot begin a caption of their own."""
    cue = Cue(0.0, 1.0, "speech", "x", "cue", (Sentence(0.0, "a\n\n7\n00:00 --> 1\x1b[2J\u202eb"),))
    script = Script(script_of("desk-break").routine, (Segment("opening", "O", 2.0, (cue,)),))
    text = CAPTION_FILES[kind](captions(script), "t\n\nt")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", text)
    assert "\n7\n" not in text


@pytest.mark.parametrize("kind", CAPTION_FILES)
def test_no_words_are_an_empty_file_with_our_mark(kind: str) -> None:
    """A session without words, or a silence cut out of one."""
    assert MARK in CAPTION_FILES[kind]((), "")
