"""What a child may be asked to do: no weights, no long holds, no held breath.

Pure: texts and doses are judged here, `routine_file` tells where they stand. Words are judged by the table
of their language, `WORDS`; in a language without one they are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voicecoach.routine import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.dose import Dose
    from voicecoach.routine import Routine

MAX_HOLD_SECONDS: Final = 30.0
"""Of a hold, and of the pause in a rep; children hold still for as long as a game asks, not for strength."""
MAX_WORK_SECONDS: Final = 120.0
"""Of one stretch of work without a rest; bouts for children last 15 to 60 s, and this is twice as long."""
MAX_TOTAL_SECONDS: Final = 3600.0
"""Of all steps together; an hour a day is what a child should move, and not in one go."""


@dataclass(frozen=True)
class Excess:
    """Something that goes beyond what a child may be asked to do."""

    message: str
    """What is wrong."""
    fix: str
    """What to write instead."""
    code: str
    """What kind of mistake it is, as in `findings`."""
    index: int = 0
    """The character of the text where it stands."""


_UNSEEN: Final = "\u00ad\u200b\u200c\u200d"
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


def excesses_in_words(text: str, language: str = "en") -> Iterator[Excess]:
    """Yield each place where a text asks a child for weights or a held breath; "no weights" is none."""
    words = words_of(language)
    if words is None:
        return
    if not text.isprintable():  # a word is the same with marks in it that nobody sees
        places = [place for place, char in enumerate(text) if char not in _UNSEEN]
        seen = "".join(text[place] for place in places)
        if len(seen) < len(text):
            for excess in excesses_in_words(seen, language):
                yield replace(excess, index=places[excess.index])
            return
    for found in words.weight.finditer(text):
        if not _is_denied(text, found, words):
            yield _weights(found[0], "let the body be the weight", found.start())
    for found in words.held_breath.finditer(text):
        if found["denial"] or not _is_denied(text, found, words):
            message = f'children never hold their breath, "{_one_line(found[0])}"'
            fix = 'say when to breathe, or "keep breathing"'
            yield Excess(message, fix, "child-breath", found.start())


def has_weights(text: str, language: str = "en") -> bool:
    """Return whether a text speaks of weights to lift; no where nobody knows the language."""
    words = words_of(language)
    return words is not None and words.weight.search(text) is not None


def excess_in_equipment(key: str, spoken: str, language: str = "en") -> Excess | None:
    """Return why a thing is nothing for children; None where it is. Its key is mostly English."""
    for written, tag in ((re.sub(r"[-_]", " ", key), "en"), (spoken, language)):
        words = words_of(tag)
        if words and (found := words.weight.search(written)):
            return _weights(found[0], "leave it out")
    return None


def _weights(found: str, fix: str, index: int = 0) -> Excess:
    message = f'children lift no weights, "{_one_line(found)}"'
    return Excess(message, fix, "child-weights", index)


def excess_in_dose(dose: Dose) -> Excess | None:
    """Return why a dose is too much for a child at a time; None where it is not."""
    held = dose.seconds if dose.kind == "hold" else dose.tempo.pause_seconds if dose.tempo else 0.0
    if held > MAX_HOLD_SECONDS:
        return Excess(
            f"children hold still for at most {MAX_HOLD_SECONDS:g} s at a time, got {held:g} s",
            "write less, or several sets",
            "child-time",
        )
    work = max(dose.block_seconds(set_number) for set_number in range(1, dose.sets + 1))
    if work > MAX_WORK_SECONDS:
        return Excess(
            f"children have a rest after at most {MAX_WORK_SECONDS:g} s, got {work:g} s",
            "write less, or several sets",
            "child-time",
        )
    return None


def excess_in_total(total_seconds: float) -> Excess | None:
    """Return why all steps together are too much for a child; None where they are not."""
    if total_seconds <= MAX_TOTAL_SECONDS:
        return None
    return Excess(
        f"all steps last {total_seconds / 60:.0f} minutes together, and a session for children lasts at "
        f"most {MAX_TOTAL_SECONDS / 60:.0f}",
        "leave out steps or sets, or make two routines of it",
        "child-time",
    )


def advice_for(routine: Routine) -> str:
    """Return what the author of a routine for children had better know; nothing where all is well."""
    if routine.audience is not Audience.CHILD:
        return ""
    advice = []
    if not routine.adult_nearby:
        advice.append(
            "a grown-up stays near when children exercise: write adult_nearby = true, and it is told"
        )
    if words_of(routine.language) is None:
        advice.append(
            f'the words in "{routine.language}" were not checked: see that they ask for no weights and no '
            "held breath"
        )
    return "; ".join(advice)


def _is_denied(text: str, found: re.Match[str], words: Words) -> bool:
    """Return whether a text says not to do what was found, in the same part of a sentence or in itself."""
    clause = words.clause_ends.split(text[: found.start()])[-1]
    return bool(words.denied.search(clause) or words.denial.search(found[0]))


def _one_line(words: str) -> str:
    return " ".join(words.split())
