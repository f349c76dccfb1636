"""The text front end: turns written text into text that any engine reads aloud as a coach would.

`make_speakable("3×10 push-UPS (30 s rest)")` is `"3 sets of 10 push-ups, 30 seconds rest."`. The
rules are ordered tables: marks that nobody hears go first (marks.py), then the written forms of the
language (written.py, english.py, with the words of its speakable.toml), then punctuation
(marks.py), last the words of the user's lexicon (lexicon.py). Plain digits stay digits, because
every engine reads them; a dash becomes a pause. A language without a file of written forms gets
marks and punctuation only.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from voicecoach.language.completeness import ENGLISH_RULES, speakable_faults
from voicecoach.language.language import SPEAKABLE, Language, language_of, model
from voicecoach.language.phrases import numbers_of
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
    "LEXICON_NAME",
    "SPEAKABLE_VERSION",
    "load_lexicon",
    "load_lexicons",
    "make_speakable",
    "split_sentences",
]

SPEAKABLE_VERSION = 1
"""Part of every cache key: goes up when a rule changes what is said."""

_MAX_PASSES = (
    20  # ordinary text is settled after two; the bound keeps any text from hanging the coach
)


@functools.cache
def _rules(language: Language | None) -> tuple[Rule, ...]:
    # Compiled by the first call, not by the import.
    from voicecoach.language.speakable.marks import MARKS, PUNCTUATION

    return (*MARKS, *(_written_forms(language) if language else ()), *PUNCTUATION)


def _written_forms(language: Language) -> tuple[Rule, ...]:
    if not language.has(SPEAKABLE):
        return ()
    table = language.table(SPEAKABLE)
    if language.is_own:
        forms = len(numbers_of(language).plural_names)
        if faults := speakable_faults(table, model().table(SPEAKABLE), forms):
            raise language.error(SPEAKABLE, faults)
    if table.get("rules") == ENGLISH_RULES:
        from voicecoach.language.speakable import english

        return english.rules_of(table)
    from voicecoach.language.speakable import written

    return written.rules_of(written.words_of(table, numbers_of(language)))


def make_speakable(
    text: str, language: str = "en", lexicon: Mapping[str, str] | None = None
) -> str:
    """Return a text as it is spoken: it ends with `.`, `!` or `?`, or is empty without words.

    Without a lexicon it is idempotent: the rules run until they find nothing more to change. The
    lexicon is applied once, at the end.
    """
    spoken = _by_rules(text, language_of(language))
    return apply_lexicon(spoken, lexicon) if lexicon else spoken


# A session says many of its texts often, and a command asks for each of them more than once.
@functools.lru_cache(maxsize=4096)
def _by_rules(text: str, language: Language | None) -> str:
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
    if not any(character.isalnum() for character in text):
        return ""
    if text[-1] not in ".!?":
        text += "."
    capital = text[0].upper()
    return text if len(capital) > 1 else capital + text[1:]
