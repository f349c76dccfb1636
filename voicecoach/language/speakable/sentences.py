"""Splits an utterance into sentences: each is a clip, with a pause of the session between them."""

from __future__ import annotations

import re
from functools import lru_cache

_BREAK = re.compile(r"(?:[.!?…]+[\"'”“’»)\]]*\s+|[。！？।]+[”’」』）]*\s*)(?=\S)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words(
    # English, German, Spanish, Russian; the parts of "z. B.", "p. ej." and "т. е." one by one
    "approx appr ca e.g i.e vs incl excl dr mr mrs ms prof st ex "
    "bzw evtl ggf inkl zzgl abb li re vgl mind allg z z.b d d.h u.a b h "
    "aprox sr sra dra izq dcha pág p p.ej ej "
    "напр прим прибл стр т е к т.е т.к"
)
"""Abbreviations that never end a sentence; a single letter after a number is a unit, which may."""
_BEFORE_A_NUMBER = frozenset({"no", "núm", "nr", "рис"})
"""Abbreviations before a number only: elsewhere "no" is a word, in English and in Spanish."""
_UNIT_OR_BOUND = frozenset({"min", "max", "sec", "mín", "máx", "мин", "макс", "сек", "sek"})
"""After a number they are units, which may end a sentence; elsewhere they bound the next number."""


@lru_cache(maxsize=4096)  # the script engine asks again and again
def split_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`, in order, without the spaces between them.

    A sentence ends with `.`, `!`, `?` or `…` before a space and a capital, a digit, a quotation
    mark or a bracket; not after an abbreviation ("approx.", "Dr.", "min. 5") or an initial. So
    "Three, two, one, go." is one sentence.
    """
    text = text.strip()
    sentences: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        following = text[match.end()]
        if _opens_sentence(following) and not _is_abbreviated(
            text[start : match.start() + 1], following
        ):
            sentences.append(text[start : match.end()].strip())
            start = match.end()
    if start < len(text):
        sentences.append(text[start:])
    return tuple(sentences)


def _opens_sentence(character: str) -> bool:
    # Letters of scripts without capitals are not lower, and so they can.
    return not character.islower() and (character.isalnum() or character in "\"'“‘„«¿¡([")


def _is_abbreviated(sentence: str, following: str) -> bool:
    if not sentence.endswith("."):
        return False
    words = sentence[:-1].split()
    if not words:
        return True  # a stop on its own, as in " .5"
    last, previous = words[-1].lstrip("(\"'“‘["), words[-2] if len(words) > 1 else ""
    after_number = previous[-1:].isdigit()
    if last.lower() in _BEFORE_A_NUMBER:
        return following.isdigit()
    if last.lower() in _UNIT_OR_BOUND:
        return not after_number
    # "J. Smith" is a name, "10 L. Then 10 R." is not, and "so do I." is a person.
    is_initial = (
        len(last) == 1 and last.isupper() and last.isascii() and last != "I" and not after_number
    )
    is_short = last.lower() in _NEVER_LAST and not (len(last) == 1 and after_number)
    return is_short or is_initial
