"""Written English as it is said: symbols, short forms, numbers, units, sides, numerals, capitals.

Its words are in the file of the language, its rules here: they are more than `written` has for all.
The order of the rules matters. Digits stay digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from voicecoach.language.speakable.rule import Rule, any_of, like, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class _Words:
    """The words of a file of written forms."""

    units: Mapping[str, tuple[str, str]]
    """The name of a unit after 1 and before a noun, and the one after any other number."""
    equipment: frozenset[str]
    activities: frozenset[str]
    articles: frozenset[str]
    before_decades: frozenset[str]
    both: frozenset[str]
    kept_capitals: frozenset[str]
    number_words: tuple[str, ...]
    fractions: Mapping[str, str]
    written_fractions: Mapping[str, str]
    abbreviations: Mapping[str, str]
    short_forms: Mapping[str, str]
    loose_units: Mapping[str, str]
    sides: Mapping[str, str]


def _words_of(table: Mapping[str, Any]) -> _Words:
    units = {
        written: tuple(unit["forms"])
        for unit in table["units"].values()
        for written in unit["written"]
    }
    fields: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in table.items()
        if name != "rules"
    }
    # Unicode takes "½" apart into "1⁄2".
    fractions = {unicodedata.normalize("NFKC", sign): sign for sign in table["fractions"]}
    fields["units"] = units
    fields["number_words"] = tuple(table["number_words"])
    fields["written_fractions"] = {
        written.replace("⁄", "/"): sign for written, sign in fractions.items()
    }
    return _Words(**fields)


_NUMBER = r"\d+(?:[.,]\d+)*"
_COUNT = r"\d{1,4}(?: to \d{1,4})?"

_ROMAN = {"I": 1, "V": 5, "X": 10}
_ROMAN_NUMERAL = r"X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])"

_SIDE_BEFORE, _SIDE_AFTER = r"(?<![\w'.-])", r"(?![\w'-])"


def _before(match: re.Match[str]) -> str:
    return match.string[: match.start()]


def _after(match: re.Match[str]) -> str:
    return match.string[match.end() :]


def _says(spoken: str) -> Callable[[re.Match[str]], str]:
    return lambda match: like(match[0], spoken)


def _abbreviation(words: _Words, match: re.Match[str]) -> str:
    return like(match[1], words.abbreviations[match[1].lower()])


def _and_so_on(match: re.Match[str]) -> str:
    # Its stop is kept where it also ends the sentence.
    following = _after(match).lstrip()[:1]
    ends_sentence = match[1] and not following.islower() and following not in {",", ";", ")"}
    return "and so on." if ends_sentence else "and so on"


def _btw(match: re.Match[str]) -> str:
    # Trainers write it for "between", everybody else for "by the way".
    before = _before(match).rstrip()
    is_aside = not before or before[-1] in ".!?;:,(" or _after(match).lstrip()[:1] == ","
    return like(match[0], "by the way" if is_aside else "between")


def _mixed_number(words: _Words, match: re.Match[str]) -> str:
    fraction = words.fractions[match[2]]
    return f"{match[1]} and {'a half' if fraction == 'half' else fraction}"


def _half_unit(words: _Words, match: re.Match[str]) -> str:
    singular = words.units[match[1].lower()][0] if match[1].lower() in words.units else match[1]
    return f"half {'an' if singular == 'hour' else 'a'} {singular}"


def _tempo(match: re.Match[str]) -> str:
    """Name the phases of a tempo one by one: "3-1-3" and "3010" alike."""
    return f"{match[1]} {', '.join(phase.upper() for phase in match[2] if phase.isalnum())}"


def _tempo_chain(match: re.Match[str]) -> str:
    return ", ".join(re.split("[-–]", match[0].upper()))


def _clock(*amounts: str) -> str:
    """Return hours, minutes and seconds (or the last of them) in words, without zeros."""
    names = ("hour", "minute", "second")[-len(amounts) :]
    said = [
        f"{int(amount)} {name}{'' if int(amount) == 1 else 's'}"
        for amount, name in zip(amounts, names, strict=True)
        if int(amount)
    ]
    return " ".join(said) or "0 seconds"


def _lasting(match: re.Match[str]) -> str:
    return match[1] + _clock(match[2], match[3])


def _range(match: re.Match[str]) -> str:
    low, low_unit, dash, high, gap, high_unit = (part or "" for part in match.groups())
    if dash.strip() != dash and float(low) >= float(high):
        return match[0]  # "do 10 - 5 each side" has a pause, not a range
    if low_unit.lower() == high_unit.lower():
        low_unit = ""
    return f"{low}{low_unit and ' ' + low_unit} to {high}{gap}{high_unit}"


def _product(match: re.Match[str]) -> str:
    """Return two multiplied lengths: a size ("3 by 3 metres"), or a distance that is repeated."""
    first, second, unit = int(match[1]), int(match[2]), match[3].lower()
    is_size = unit in {"cm", "mm"} or max(first, second) <= 2 * min(first, second)
    return f"{first} {'by' if is_size else 'times'} {second}"


def _sets(match: re.Match[str]) -> str:
    return f"{match[1]} {'set' if match[1] == '1' else 'sets'} of {match[2]}"


def _times(match: re.Match[str]) -> str:
    return "once" if match[1] == "1" else f"{match[1]} times"


def _unit(words: _Words, match: re.Match[str]) -> str:
    number, fraction, gap, unit = match[1], match[2], match[3], match[4]
    previous_word = re.search(r"([\w']+) $", _before(match))
    previous = previous_word[1].lower() if previous_word else ""
    is_decade = len(number) == 4 or (previous in words.before_decades and number[1:] == "0")
    if unit == "s" and not gap and is_decade:
        return match[0]
    singular, plural = words.units[unit.lower()]
    noun = re.match(r" ([A-Za-z-]+)", _after(match))
    name = noun[1].lower() if noun else ""
    is_adjective = (
        gap == "-"
        or name in words.equipment
        or (name in words.activities and previous in words.articles)
    )
    is_one = number == "1" and not fraction
    return f"{number}{fraction} {singular if is_one or is_adjective else plural}"


def _ratio(match: re.Match[str]) -> str:
    """Return two numbers with a slash: a score, a blood pressure, else one after the other."""
    first, second = int(match[1]), int(match[2])
    if second == 10 and first <= 10:
        return f"{first} out of {second}"
    if first >= 60 and second >= 30:
        return f"{first} over {second}"
    return f"{first}, {second}"


def _both_sides(words: _Words, match: re.Match[str]) -> str:
    return f"{words.sides[match[1]]} and {words.sides[match[2]]}"


def _side(words: _Words, match: re.Match[str]) -> str:
    """Return the side that a lone capital means, unless it is somebody's initial."""
    is_name = re.match(r"\. ?[A-Z][a-z]", _after(match)) and re.search(
        r"(?:^|[A-Z]\w*\.? )$", _before(match)
    )
    return match[0] if is_name else words.sides[match[0]]


def _slash(words: _Words, match: re.Match[str]) -> str:
    is_both = re.sub(r"\s", "", match[0]).lower() in words.both
    return re.sub(r" ?/ ?", " and " if is_both else " or ", match[0])


def _roman(match: re.Match[str]) -> str:
    lead, numeral = match[1], match[2]
    is_number = numeral != "I" or (
        lead[0].isupper() and re.match(r" ?(?:$|[.,:;!?)–—-]|of\b)", _after(match))
    )
    if not is_number:
        return match[0]  # "the part I like" is about somebody
    values = [_ROMAN[letter] for letter in numeral]
    total = sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
    return f"{lead} {total}"


def _shouted(words: _Words, match: re.Match[str]) -> str:
    word = match[0]
    if word in words.kept_capitals or (word == "AM" and re.search(r"\d ?$", _before(match))):
        return word
    if not re.search(r"[AEIOUYÀ-Þ]", word) and not re.search(r"(.)\1", word):
        return word  # no vowel, so it is spelt out: TV, PT, TRX (but SHH and HMM are shouted)
    lowered = re.sub(r"^i(?=')", "I", word.lower())
    starts_sentence = re.search(r"(?:^|[.!?…:])[ \"'“‘(]*$", _before(match))
    return like(word, lowered) if starts_sentence else lowered


_SYMBOLS = (
    rule("ampersand", r" *&+ *", " and "),
    rule("percent", r" ?%+", " percent"),
    rule("degrees Celsius", r" ?° ?C\b", " degrees Celsius"),
    rule("one degree", r"(?<![\d.,])1 ?°", "1 degree"),
    rule("degrees", r" ?°", " degrees"),
    rule("number sign", r"(?<!\w)[#№] ?(?=\d)", "number "),
    rule("hash", r"[#№]+", ""),
    rule("at least", r" *(?:≥|>=) *", " at least "),
    rule("at most", r" *(?:≤|<=) *", " at most "),
    rule("over", r" *>+ *", " over "),
    rule("under", r" *<+ *", " under "),
    rule("plus or minus", r" *(?:±|\+/-) *", " plus or minus "),
    rule("about", r"[~≈] *(?=\d)", "about "),
    rule("tilde", r"[~≈]+", " "),
    rule("minus", r"(?<!\S)[-−](?=\d)|−", "minus "),
    rule("plus", r"(?<=\d) *\+ *(?=\d)", " plus "),
    rule("or more", r"(?<=\d)\+", " or more"),
    rule("and", r" *\++ *", " and "),
    rule("equals", r" *=+ *", " equals "),
    rule("at", r" *@ *", " at "),
    rule("from one to the other", r" *→ *", " to "),
)


def rules_of(table: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules of an English file of written forms, in order."""
    words = _words_of(table)
    # One letter is a unit in lower case only: "5 L" is five on the left.
    unit = rf"(?:(?i:{any_of(unit for unit in words.units if len(unit) > 1)})|[smhgl])"
    fraction = f"[{''.join(words.fractions)}]"
    number_words = any_of(words.number_words)
    return (
        *_SYMBOLS,
        # abbreviations
        rule("without", r"\bw/o\b", _says("without"), ignore_case=True),
        rule("with", r"\bw/ ?(?=\w)", _says("with "), ignore_case=True),
        rule("b/w", r"\bb/w\b", _says("between"), ignore_case=True),
        rule("btw", r"\bbtw\b", _btw, ignore_case=True),
        rule(
            "abbreviation",
            rf"\b({any_of(words.abbreviations)})\.(?!\w),?",
            partial(_abbreviation, words),
            ignore_case=True,
        ),
        rule(
            "abbreviation without stop",
            r"\b(approx|vs)\b",
            partial(_abbreviation, words),
            ignore_case=True,
        ),
        rule("and so on", r"\betc\b(\.)?", _and_so_on, ignore_case=True),
        rule("minimum", r"(?<!\d)(?<!\d )\bmin\b\.? (?=\d)", _says("minimum "), ignore_case=True),
        rule("maximum", r"\bmax\b\.? (?=\d)", _says("maximum "), ignore_case=True),
        rule("number", r"\bno\. (?=\d)", _says("number "), ignore_case=True),
        rule("exercise", r"\bex\. ?(?=\d)", _says("exercise "), ignore_case=True),
        rule("doctor", r"\bDr\.? (?=[A-Z])", "Doctor "),
        rule(
            "short form",
            rf"\b(?:{any_of(words.short_forms)})\b",
            lambda match: words.short_forms[match[0]],
        ),
        rule(
            "loose units",
            rf"(?<!\d)(?<!\d )(?<!{fraction})(?<!{fraction} )\b(?:{any_of(words.loose_units)})\b",
            lambda match: words.loose_units[match[0]],
        ),
        rule(
            "one unit",
            r"\b(a|per|each|every|one) (min|sec|hr)\b\.?(?! ?\d)",
            lambda match: f"{match[1]} {words.units[match[2]][0]}",
        ),
        # fractions
        rule(
            "place in a row",
            r"\b((?:part|block|week|set|round|rep|day|step|phase|level|stage|exercise) \d+)"
            r" ?/ ?(\d+)\b(?!/)",
            r"\1 of \2",
            ignore_case=True,
        ),
        rule(
            "written fraction",
            r"(?<![\d/.,:-])[1-57]/[234568](?![\d/]|\.\d)",
            lambda match: words.written_fractions.get(match[0], match[0]),
        ),
        rule("mixed number", rf"(?<![\d.,])(\d+)[ -]?({fraction})", partial(_mixed_number, words)),
        rule(
            "half a unit",
            rf"½[ -]?(?:an? )?({unit}|minute|second|hour)\b(?!/)",
            partial(_half_unit, words),
        ),
        rule("fraction", rf" ?({fraction})[ -]?", lambda match: f" {words.fractions[match[1]]} "),
        # tempo chains
        rule(
            "tempo",
            r"\b(tempo:?) ([\dx](?:[-–/][\dx]){1,3}|\d{3,4})(?![\w/-])",
            _tempo,
            ignore_case=True,
        ),
        rule(
            "tempo chain",
            r"(?<![\w.,/:–-])\d{1,2}(?:[-–](?:\d{1,2}|[xX](?=[-–]))){2,}(?![\w:/]|[.,]\d|[-–]\w)",
            _tempo_chain,
        ),
        # clock times; a time of day is left to the engine
        rule("quoted", r"(?<![\w\"])\"([^\"]*)\"(?!\w)", r"\1"),
        rule(
            "hours, minutes and seconds",
            r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)(?: ?(?:h|hrs?|hours?)\b)?(?![\d:])",
            lambda match: _clock(match[1], match[2], match[3]),
        ),
        rule(
            "minutes and seconds",
            r"(?<![\d:])(\d{1,3}):([0-5]\d) ?(?:mins?|minutes?|m)\b",
            lambda match: _clock(match[1], match[2]),
        ),
        rule(
            "lasting",
            r"\b((?:for|hold|rest|pause|lasts|takes):? )(\d{1,2}):([0-5]\d)(?![\d:]| ?[ap]\.?m)",
            _lasting,
            ignore_case=True,
        ),
        rule(
            "less than a minute",
            r"(?<![\d:.,])0:([0-5]\d)(?![\d:])",
            lambda match: _clock(match[1]),
        ),
        rule(
            "minutes and seconds in primes",
            r"(?<![\w.,])(\d{1,3})' ?(\d{1,2})(?:\"|'')",
            lambda match: _clock(match[1], match[2]),
        ),
        rule("seconds in primes", r"(?<=\d) ?(?:\"|'')(?!\w)", " s"),
        rule("minutes in a prime", r"(?<=\d)'(?!\w)", " min"),
        # ranges
        rule(
            "range",
            rf"(?<![\w.,/:–-])(\d+(?:\.\d+)?)(?: ?({unit}))?( ?[-–‒] ?|—)(\d+(?:\.\d+)?)"
            rf"(?![\d:]|[-–/]\d|[.,]\d)(?:( ?)({unit})\b)?",
            _range,
        ),
        rule(
            "range in words",
            rf"\b({number_words}) ?[–‒] ?(?={number_words})",
            r"\1 to ",
            ignore_case=True,
        ),
        # sets and times
        rule("size", r"(?<![\w.,])(\d{1,4}) ?[xX×] ?(\d{1,4})(?= ?(cm|mm|m|ft)\b)", _product),
        rule(
            "repeated length",
            rf"(?<![\w.,])({_COUNT}) ?[xX×] ?({_NUMBER}(?: to \d+)?)"
            r"(?=[ -]?(?:s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|metres?|km|breaths?)\b)",
            r"\1 times \2",
        ),
        rule("sets of reps", rf"(?<![\w.,])({_COUNT}) ?sets? ?[xX×@] ?({_COUNT})\b", _sets),
        rule("sets", rf"(?<![\w.,])({_COUNT}) ?[xX×] ?({_COUNT})(?![\w%]|[.,]\d)", _sets),
        rule("times", rf"(?<![\w.,])({_COUNT}) ?(?:[x×]|(?<=\d)X)(?!\w)", _times),
        rule("times before the number", rf"(?<!\w)[xX×] ?({_COUNT})(?!\w|\.\d)", _times),
        rule("times sign", r" *× *", " times "),
        # units
        rule(
            "unit",
            rf"(?<![\w.,'])({_NUMBER})"
            r"((?: and (?:a half|a quarter|three quarters|a third|two thirds))?)([ -]?)"
            rf"({unit})(?![\w'])(?:\.(?= [a-z\d(]|[,;:)]))?",
            partial(_unit, words),
        ),
        # sides
        rule(
            "both sides",
            rf"{_SIDE_BEFORE}([LR]) ?/ ?([LR]){_SIDE_AFTER}",
            partial(_both_sides, words),
        ),
        rule(
            "side after side",
            rf"{_SIDE_BEFORE}([LR])-([LR]){_SIDE_AFTER}",
            lambda match: f"{words.sides[match[1]]}, {words.sides[match[2]]}",
        ),
        rule(
            "side after a number",
            rf"(?<=\d)[LR]{_SIDE_AFTER}",
            lambda match: f" {words.sides[match[0]]}",
        ),
        rule("side", rf"{_SIDE_BEFORE}[LR]{_SIDE_AFTER}", partial(_side, words)),
        # slashes
        rule("each side", r" ?/ ?(side|leg|arm|hand|foot)\b", r" each \1"),
        rule("an hour", r"(?<=[a-z\d]) ?/ ?(?:h|hr|hour)\b", " an hour"),
        rule("a day", r"(?<=[a-z\d]) ?/ ?(day|week|month|year|minute|session)\b", r" a \1"),
        rule(
            "a week",
            r"(?<=[a-z\d]) ?/ ?(wk|min|sec)\b",
            lambda match: f" a {words.units[match[1]][0]}",
        ),
        rule("ratio", r"(?<![\w.,/])(\d{1,6}) ?/ ?(\d{1,6})(?![\w/]|[.,]\d)", _ratio),
        rule("either", r"[^\W\d_][\w'-]*(?: ?/ ?[^\W\d_][\w'-]*)+", partial(_slash, words)),
        rule("slash", r" */+ *", ", "),
        # Roman numerals
        rule(
            "Roman numeral",
            rf"\b((?i:part|block|week|set|phase|level|stage|round)) ({_ROMAN_NUMERAL})\b(?!')",
            _roman,
        ),
        rule("of a Roman numeral", rf"(?<=\d )(of) ({_ROMAN_NUMERAL})\b(?!')", _roman),
        # case
        rule(
            "shouted",
            r"(?<![^\W_])[A-ZÀ-ÖØ-Þ](?:[A-ZÀ-ÖØ-Þ]|'(?=[A-Z]))+(?![^\W_])",
            partial(_shouted, words),
        ),
    )
