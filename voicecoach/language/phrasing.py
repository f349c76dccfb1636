"""Words before which a calm speaker takes a breath, by language."""

from __future__ import annotations

import re


# Words before which a calm speaker takes a breath: first between clauses, then between phrases.
def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf" (?=(?:{'|'.join(words.split())})\b)", re.IGNORECASE)


CLAUSE_WORDS = {
    "en": _before("and then until while but or if when as because so"),
    "de": _before("und dann bis während aber oder wenn als weil damit dass sodass sondern"),
    "es": _before("y e luego hasta mientras pero o si cuando como porque para"),
    "ru": _before("и затем потом пока но или если когда как чтобы потому а"),
}
PHRASE_WORDS = {
    "en": _before(
        "in on at with from between like through over under around behind beside towards before after about"
    ),
    "de": _before(
        "in im an am auf mit von vom zwischen wie durch über unter um hinter neben zu zum zur nach vor bei "
        "für gegen ohne"
    ),
    "es": _before(
        "en con de desde entre como por sobre bajo alrededor detrás junto hacia antes después contra sin a al"
    ),
    "ru": _before(
        "в во на с со от из между через над под вокруг за около к ко до после перед при без по для у"
    ),
}
