"""What words mean: questions to the vocabulary of a language.

The English vocabulary.toml explains its keys. Where a language has none, nobody judges its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from voicecoach.language.completeness import Fault, vocabulary_faults
from voicecoach.language.language import (
    VOCABULARY,
    Language,
    available_languages,
    language_of,
    model,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.model import Step

TEXTS_KEPT: Final = 2048
"""More than a large file has; their answers are kept, because several lints ask the same."""

AS_WORDS: Final = r"\b(?:WORDS)\b"
OPENER: Final = r"(?:WORDS)\b,?\s+"
_DENIED_BEFORE: Final = r"(?:WORDS)(?:\s+[\w'’-]+){0,4}[\s-]*$"
_IMAGINED_BEFORE: Final = r"\b(?:WORDS)\b(?:\s+[\w'’-]+){0,3}\s+$"
_CLAUSE_END: Final = rf"[.,;:!?…]|{AS_WORDS}"
_PART: Final = re.compile(r"\{([a-z_]+)\}")
_NUMBER: Final = "number"
"""The part that the asker fills in."""


class Position(StrEnum):
    """The position of a body; two that need no words to change between are one."""

    STANDING = "standing"
    """On the feet: standing, walking, squatting."""
    SITTING = "sitting"
    KNEELING = "kneeling"
    HANDS_AND_KNEES = "hands and knees"
    HANDS_AND_FEET = "hands and feet"
    BACK = "lying on the back"
    FRONT = "lying on the front"
    SIDE = "lying on the side"
    HANGING = "hanging"

    @property
    def key(self) -> str:
        """The key in a vocabulary."""
        return self.name.lower()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of one language."""

    language: Language

    @cached_property
    def _table(self) -> dict[str, Any]:
        return self.language.table(VOCABULARY)

    @property
    def things(self) -> tuple[str, ...]:
        """The things that an exercise may need, as people call them."""
        return tuple(self._table["things"])

    def words(self, *keys: str) -> tuple[str, ...]:
        """Return the words, or patterns, under a key."""
        words: Any = self._table
        for key in keys:
            words = words[key]
        return tuple(words)

    def pattern(self, *keys: str, form: str = "WORDS", number: str = "") -> re.Pattern[str]:
        """Return the words under a key, ready to search with.

        In `form` WORDS is the place of the words. `number` is the pattern of a number, for keys
        that ask for one; each place of one is a group. Raises PhraseError for what is no regular
        expression.
        """
        return _compiled(self, keys, form, number)

    def is_denied(self, text: str, index: int) -> bool:
        """Return True if the same part of a sentence says not to do what begins at an index."""
        clause = self.pattern("clause_end", form=_CLAUSE_END).split(text[:index])[-1]
        return self.pattern("denied", form=_DENIED_BEFORE).search(clause) is not None

    def is_imagined(self, text: str, index: int) -> bool:
        """Return True if a text only compares with the thing at an index: "flat like a table"."""
        before = self.pattern("imagined", form=_IMAGINED_BEFORE)
        return before.search(text[:index]) is not None

    def has_weights(self, text: str) -> bool:
        """Return True if a text speaks of weights to lift, even if it denies them."""
        return self.pattern("weights").search(text) is not None

    def weights_in(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each place where a text asks for weights; "no weights" is none."""
        for found in self.pattern("weights").finditer(text):
            if not self.is_denied(text, found.start()):
                yield found

    def held_breaths_in(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each place where a text asks to hold the breath; "never hold your breath" is none.

        A denial may be before it, or inside of it as in "halte die Luft nicht an".
        """
        for found in self.pattern("held_breath").finditer(text):
            denied_inside = self.pattern("denied").search(found[0])
            is_denied = denied_inside or self.is_denied(text, found.start())
            if found.groupdict().get("denial") or not is_denied:
                yield found

    def positions_in(self, text: str) -> frozenset[Position]:
        """Return the positions that a text speaks of."""
        return _positions_in(self, text)


@lru_cache(maxsize=TEXTS_KEPT)
def _positions_in(words: Vocabulary, text: str) -> frozenset[Position]:
    return frozenset(
        position for position in Position if words.pattern("positions", position.key).search(text)
    )


@cache
def _compiled(words: Vocabulary, keys: tuple[str, ...], form: str, number: str) -> re.Pattern[str]:
    alternatives = "|".join(words.words(*keys)) or "(?!)"
    places = iter(range(100))

    def part(found: re.Match[str]) -> str:
        if found[1] == _NUMBER:
            return f"(?P<number{next(places)}>{number})"
        return f"(?:{'|'.join(words.words('parts', found[1]))})"

    try:
        return re.compile(form.replace("WORDS", _PART.sub(part, alternatives)), re.IGNORECASE)
    except KeyError as error:
        fault = f"holds {{{error.args[0]}}}, and [parts] has none of that name"
    except re.error as error:
        fault = f"is no regular expression: {error}"
    raise words.language.error(VOCABULARY, [Fault(keys, fault)])


def vocabulary_of(language: str) -> Vocabulary | None:
    """Return the vocabulary of a language, `de` for `de-AT`; None where there is none."""
    known = language_of(language)
    return _vocabulary_of(known) if known else None


def known_vocabularies() -> tuple[str, ...]:
    """Return the tags of all languages that have a vocabulary."""
    return tuple(tag for tag in available_languages() if vocabulary_of(tag))


@cache
def _vocabulary_of(language: Language) -> Vocabulary | None:
    if not language.has(VOCABULARY):
        return None
    if language.is_own:
        words, ours = language.table(VOCABULARY), model().table(VOCABULARY)
        if faults := vocabulary_faults(words, ours):
            raise language.error(VOCABULARY, faults)
    return Vocabulary(language)


def position_of(step: Step, language: str) -> Position | None:
    """Return the position in which a step begins: the first that it names, if any."""
    words = vocabulary_of(language)
    if words is None:
        return None
    written = words.pattern("change").split(step.position)[0]
    for text in (written, step.spoken_name, step.name, step.instruction):
        named = [
            (found.start(), position)
            for position in Position
            if (found := words.pattern("positions", position.key).search(text))
        ]
        if named:
            return min(named)[1]
    return None
