"""Words that ask for weights or a held breath, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

UNSEEN: Final = "\u00ad\u200b\u200c\u200d"
"""Where a word may break, and how letters join."""


@dataclass(frozen=True)
class Words:
    """What is looked for in the texts of a language."""

    weight: re.Pattern[str]
    """Weights, by any name."""
    held_breath: re.Pattern[str]
    """Words that ask for a held breath; its group `denial` is a denial that does so: "don't breathe"."""
    denied: re.Pattern[str]
    """A denial before such words, up to their start: "never ever", "without any"."""
    denial: re.Pattern[str]
    """A denial inside of them, as in "halte die Luft nicht an"."""
    clause_ends: re.Pattern[str]
    """Where the part of a sentence ends that a denial holds for."""


def _words(weight: str, held_breath: str, denial: str, joining: str) -> Words:
    """Return the table of a language; `denial` and `joining` ("and", "then") are alternatives of words."""
    inside = rf"\b(?:{denial})\b"
    flags = re.IGNORECASE | re.VERBOSE
    return Words(
        re.compile(weight, flags),
        re.compile(held_breath, flags),
        re.compile(rf"{inside}(?:\s+[\w'’-]+){{0,4}}[\s-]*$", re.IGNORECASE),
        re.compile(inside, re.IGNORECASE),
        re.compile(rf"[.,;:!?…]|\b(?:{joining})\b", re.IGNORECASE),
    )


_ENGLISH_NOT: Final = (
    r"(?:\b(?:no|not|never|nobody|without|neither|nor|cannot|instead\s+of)\b|n['’]t\b)"
)
_BREATH: Final = r"(?:(?:your|the|their|our|my|that|a)\s+(?:\w+\s+)?)?breath"
_ENGLISH: Final = Words(
    re.compile(
        r"""
        \b(?:dumb[\s_-]?bells? | kettle[\s_-]?bells? | bar[\s_-]?bells? | sand[\s_-]?bags?
          | medicine[\s_-]balls? | weights
          | (?:ankle|wrist|hand|free|light|heavy|small|little|gym|iron|leg|arm)[\s_-]weight
          | a[\s_-]weight | weighted | weight[\s_-](?:vest|belt|plate|dis[ck]|bar)s?
          | weight[\s_-]?lifting)\b
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(
        rf"""
        \b(?:
            (?:hold|holding|holds|held|keep|keeping|stop|stopping)\s+{_BREATH}\b(?!\w)
            | breath[\s-]hold(?:s|ing)?\b
            | (?:stop|stops|stopping)\s+breathing\b
            | (?P<denial>(?:do(?:es)?\s+not | don['’]t | never | not | without | no) \s+ breath(?:e|ing)\b
                (?!\s+(?:in|out|too|so|fast|faster|quickly|hard|deep|deeply|heavily|loud|loudly|through|into)\b))
            | (?:breathe?\s+in | inhale | (?:deep|big|long|huge)\s+breath(?:\s+in)?)
                ,?(?:\s+and)?\s+hold(?:\s+(?:it|on))?(?=\s*(?:[.,;:!?…]|$|\s(?:in|for|and|while|until|as)\b))
        )
        """,
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(_ENGLISH_NOT + r"(?:\s+[\w'’-]+){0,4}[\s-]*$", re.IGNORECASE),
    re.compile(r"(?!)"),
    re.compile(r"[.,;:!?…]|\b(?:and|but|then)\b"),
)
_GERMAN: Final = _words(
    r"""
    \b(?:(?:kurz|lang|schräg|hand)?hanteln? | hantelstange\w* | kettlebells? | kugelhanteln? | sandsäck\w*
      | sandsack\w* | medizinb[aä]ll\w* | gewichte | gewichten | gewichts?(?:manschett|west|gürtel|scheib)\w*
      | (?:kleine[ns]?|leichte[ns]?|schwere[ns]?|ein)\s+gewicht | gewichtheben)\b
    """,
    r"""
    \b(?:
        (?:halt|halte|hält|haltet|halten)\s+(?:\w+\s+){0,3}(?:luft|atem)\s+(?:\w+\s+){0,3}an\b
        | (?:luft|atem)\s+(?:\w+\s+){0,3}an(?:zu)?halten\b | (?:luft|atem)anhalten\b
        | (?:hör|höre|hört)\s+auf\s+zu\s+atmen\b
        | (?P<denial>(?:nicht|nie|niemals|ohne\s+zu)\s+atmen\b | atm(?:e|et)\s+(?:jetzt\s+)?(?:nicht|nie)\b
            (?!\s+(?:ein|aus|zu|so|schnell|schneller|tief|laut|durch|in)\b))
        | (?:atm(?:e|et)\s+(?:tief\s+)?ein|tief\s+luft\s+holen),?\s+und\s+halt(?:e|et)?\b
            (?=\s*(?:[.,;:!?…]|$))
    )
    """,
    r"nicht|nie|niemals|kein|keine|keinen|keiner|ohne|weder|statt",
    "und|aber|dann",
)
_SPANISH: Final = _words(
    r"""
    \b(?:mancuernas? | pesas? | pesas\s+rusas | kettlebells? | barras?\s+con\s+peso | sacos?\s+de\s+arena
      | bal[oó]n(?:es)?\s+medicinal(?:es)? | discos?\s+de\s+peso
      | (?:chaleco|tobilleras?|muñequeras?|cintur[oó]n)\s+(?:con\s+peso|lastrad\w+) | con\s+peso
      | levantamiento\s+de\s+pesas?)\b
    """,
    r"""
    \b(?:
        (?:aguant\w*|cont[eé]n\w*|contien\w*|reten\w*|retén|mant[eé]n)\s+(?:la|el|tu|su)?\s*(?:respiraci[oó]n|aire|aliento)\b
        | (?:deja|dejes|dejen|dejar)\s+de\s+respirar\b
        | (?P<denial>(?:no\s+respires | no\s+respiren | sin\s+respirar)\b
            (?!\s+(?:tan|muy|rápido|fuerte|hondo|por)\b))
        | (?:inspira|inhala|coge\s+aire|toma\s+aire),?\s+y\s+aguanta\b(?=\s*(?:[.,;:!?…]|$))
    )
    """,
    "no|nunca|jamás|sin|ni|tampoco|nada",
    "y|pero|luego",
)
_RUSSIAN: Final = _words(
    r"""
    \b(?:гантел\w* | штанг\w* | гир[яиюеё]\w{0,3} | гирьк\w* | утяжелител\w* | отягощени\w*
      | медбол\w* | набивн\w+\s+мяч\w* | меш\w+\s+с\s+песком)\b
    """,
    r"""
    \b(?:
        (?:задерж\w*|задержива\w*|затаи\w*|прид?ерж\w*)\s+(?:\w+\s+)?(?:дыхани[ея]|воздух)\b
        | дыхани[ея]\s+(?:\w+\s+)?(?:задерж\w*|затаи\w*) | задержк\w+\s+дыхания\b
        | переста(?:нь|ньте)\s+дышать\b
        | (?P<denial>(?:не\s+дыши(?:те)? | не\s+дышать)\b
            (?!\s+(?:так|слишком|быстро|часто|глубоко|громко|через|ртом)\b))
        | вдохни(?:те)?,?\s+и\s+держи(?:те)?\b(?=\s*(?:[.,;:!?…]|$))
    )
    """,
    "не|никогда|без|ни|нельзя|вместо",
    "и|но|потом|затем",
)
WORDS: Final = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "ru": _RUSSIAN}
"""By language; another one is one more table."""


def words_of(language: str) -> Words | None:
    """Return what is looked for in a language, or in that of a regional tag; None where nobody knows."""
    return WORDS.get(language.partition("-")[0].lower())
