"""The text front end: turns written text into text that any engine reads aloud as a coach would say it.

`make_speakable("3×10 push-UPS (30 s rest)")` is `"3 sets of 10 push-ups, 30 seconds rest."`. The rules are
ordered tables: marks that nobody hears go first (marks.py), then the written forms of the language
(english.py, german.py and so on; written.py has what these share), then punctuation (marks.py), last the
words of the user's lexicon (lexicon.py). Plain digits stay digits, because every engine reads them; a dash
becomes a pause.

Everything here is pure. Another language is one more table in `LANGUAGES`.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING

from voicecoach.language.speakable.lexicon import (
    LEXICON_NAME,
    apply_lexicon,
    load_lexicon,
    load_lexicons,
)
from voicecoach.language.speakable.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.language.speakable.rule import Rule

__all__ = [
    "LANGUAGES",
    "LEXICON_NAME",
    "SPEAKABLE_VERSION",
    "load_lexicon",
    "load_lexicons",
    "make_speakable",
    "split_sentences",
]

SPEAKABLE_VERSION = 1
"""Part of every cache key: goes up when a rule changes what is said."""

LANGUAGES = {
    "en": "voicecoach.language.speakable.english",
    "de": "voicecoach.language.speakable.german",
    "es": "voicecoach.language.speakable.spanish",
    "ru": "voicecoach.language.speakable.russian",
}
"""Where the written forms of a language are. Other languages get marks and punctuation only."""

_MAX_PASSES = 20
# Ordinary text is settled after two passes; the bound is there so that no text can hang the coach.


@functools.cache
def _rules(language: str) -> tuple[Rule, ...]:
    """Return all rules for a language tag, in order. Compiled when first wanted, not when imported."""
    from voicecoach.language.speakable.marks import MARKS, PUNCTUATION

    module = LANGUAGES.get(language.replace("_", "-").partition("-")[0].lower())
    written_forms: tuple[Rule, ...] = importlib.import_module(module).RULES if module else ()
    return (*MARKS, *written_forms, *PUNCTUATION)


def make_speakable(
    text: str, language: str = "en", lexicon: Mapping[str, str] | None = None
) -> str:
    """Return `text` as it should be spoken: it ends with `.`, `!` or `?`, or is empty without words.

    Without a lexicon it is idempotent: the rules run until they find nothing more to change. The lexicon
    is applied once, at the end.
    """
    spoken = _by_rules(text, language)
    return apply_lexicon(spoken, lexicon) if lexicon else spoken


@functools.lru_cache(maxsize=4096)
def _by_rules(text: str, language: str) -> str:
    """Return the text as the rules of a language make it.

    A session says many of its texts often, and a command asks for each of them more than once.
    """
    rules = _rules(language)
    spoken = text
    for _ in range(_MAX_PASSES):
        before = spoken
        for rule in rules:
            spoken = rule.pattern.sub(rule.spoken, spoken)
        spoken = _close(spoken)
        if spoken == before:
            break
    return spoken


def _close(text: str) -> str:
    """Return the text with a capital at its start and a stop at its end, or nothing if it has no words."""
    if not any(character.isalnum() for character in text):
        return ""
    if text[-1] not in ".!?":
        text += "."
    capital = text[0].upper()
    return text if len(capital) > 1 else capital + text[1:]
