"""Written forms that all languages but English share, with the words of one: units, ranges, sets.

English has more of them, and rules of its own. Digits stay digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from voicecoach.language.speakable.rule import Rule, any_of, like, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.language.numbers import Numbers

Forms = tuple[str, ...]
"""A noun in the forms of its language's plural rule."""


@dataclass(frozen=True)
class Words:
    """The words of a file of written forms."""

    numbers: Numbers
    """Number words and plural rule."""
    units: Mapping[str, Forms]
    """By what is written, in lower case: `cm`, `%`."""
    hour: Forms
    minute: Forms
    second: Forms
    rep: Forms
    sets: Forms
    set_of: str
    """Between the sets and how much each has: `mit je`."""
    times: Forms
    multiplied: str
    """Between a number and a length: `mal`."""
    range_from: str
    """Before the lower end of a range; empty for none."""
    range_to: str
    """Between its ends: `bis`."""
    number: str
    """For "No. 5" and "#5"."""
    and_: str
    or_: str
    plus: str
    per: str
    """Before `side` and its like, for a slash: `je`."""
    each: tuple[str, ...]
    """Nouns after a slash that mean "each": `Seite`."""
    abbreviations: Mapping[str, str]
    """Written with a full stop, in lower case without the last one, and what is said."""
    units_in_a_pinch: tuple[str, ...]
    """Units that are words as well: only next to the number, or where the phrase ends."""


_NUMBER: Final = r"\d{1,6}(?:[.,]\d{1,3})?"
_TIMES: Final = r"(?<![\w.,])(\d{1,4}) ?[xX×хХ]"
"""A number and a cross, Latin or Cyrillic."""
_MOST_IN_WORDS: Final = 1000
_DECIMALS: Final = {"½": "5", "¼": "25", "¾": "75"}


def words_of(table: Mapping[str, Any], numbers: Numbers) -> Words:
    """Return the words of a file of written forms, in a language with these numbers."""
    units = table["units"]
    forms = {name: tuple(unit["forms"]) for name, unit in units.items()}
    return Words(
        numbers=numbers,
        units={written: forms[name] for name, unit in units.items() for written in unit["written"]},
        hour=forms["hour"],
        minute=forms["minute"],
        second=forms["second"],
        rep=forms["rep"],
        sets=tuple(table["nouns"]["set"]),
        times=tuple(table["nouns"]["time"]),
        each=tuple(table["each"]),
        and_=table["and"],
        or_=table["or"],
        units_in_a_pinch=tuple(table["units_in_a_pinch"]),
        **{name: table[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE: Final = (
    *("set_of", "multiplied", "range_from", "range_to", "number", "plus", "per", "abbreviations"),
)


def rules_of(words: Words) -> tuple[Rule, ...]:
    """Return the rules of a language, in order."""
    numbers = words.numbers

    def amount(number: str, forms: Forms) -> str:
        # In figures, unless the number goes with the gender of the noun.
        value = float(number.replace(",", "."))
        if value == int(value) and value <= _MOST_IN_WORDS:
            in_words = numbers.with_forms(value, forms)
            if not in_words.startswith(f"{numbers.words(value)} "):
                return in_words
        return f"{number} {forms[numbers.plural(value)]}"

    def clock(*parts: tuple[str, Forms]) -> str:
        said = [amount(str(int(number)), forms) for number, forms in parts if int(number)]
        return " ".join(said) or amount("0", words.second)

    def between(match: re.Match[str]) -> str:
        low, dash, high = match["low"], match["dash"], match["high"]
        falls = float(low.replace(",", ".")) >= float(high.replace(",", "."))
        if dash != dash.strip() and falls:
            return match[0]  # a pause, not a range
        start = f"{words.range_from} " if words.range_from else ""
        return f"{like(match[0], start) if start else ''}{low} {words.range_to} {high}"

    def unit(match: re.Match[str]) -> str:
        return amount(match[1], words.units[match[2].lower()])

    def abbreviation(match: re.Match[str]) -> str:
        return like(match[1], abbreviations[re.sub(r"\s", "", match[1]).lower()])

    def fraction(match: re.Match[str]) -> str:
        return f"{match[1] or 0},{_DECIMALS[match[2]]}"

    abbreviations = {key.replace(" ", ""): said for key, said in words.abbreviations.items()}
    longest_first = sorted(words.abbreviations, key=len)[::-1]
    short = "|".join(r"\. ?".join(map(re.escape, key.split("."))) for key in longest_first)
    written = [one for one in words.units if one not in words.units_in_a_pinch]
    units = any_of(written)
    lengths = any_of(one for one in written if words.units[one] != words.rep)
    minutes = any_of(
        [*words.minute, *(one for one, forms in words.units.items() if forms == words.minute)]
    )
    pinch = any_of(words.units_in_a_pinch) or "(?!)"
    end = r"(?:\.(?= [^\W\d_A-ZÀ-ÞА-Я]|[,;:)]|\s?/))?"
    before = re.escape(words.range_from) + " " if words.range_from else ""
    any_case = partial(rule, ignore_case=True)
    return (
        any_case("abbreviation", rf"(?<![\w.])(?<!\d )({short})\.(?!\w)", abbreviation),
        rule("number sign", r"[#№] ?(?=\d)", f"{words.number} "),
        rule("hash", r"[#№]+", ""),
        rule("fraction", r"(\d*) ?([½¼¾])", fraction),
        rule(
            "hours, minutes and seconds",
            r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])",
            lambda m: clock((m[1], words.hour), (m[2], words.minute), (m[3], words.second)),
        ),
        any_case(
            "minutes and seconds",
            rf"(?<![\d:])(\d{{1,3}}):([0-5]\d) ?(?:{minutes})\b\.?",
            lambda m: clock((m[1], words.minute), (m[2], words.second)),
        ),
        rule(
            "less than a minute",
            r"(?<![\d:.,])0:([0-5]\d)(?![\d:])",
            lambda m: clock((m[1], words.second)),
        ),
        rule(
            "tempo chain",
            r"(?<![\w.,/:–-])\d{1,2}(?:[-–]\d{1,2}){2,}(?![\w:/]|[.,]\d|[-–]\w)",
            lambda m: ", ".join(re.split("[-–]", m[0])),
        ),
        any_case(
            "range",
            rf"(?:{before})?(?<![\w.,/:–-])(?P<low>{_NUMBER})(?: ?(?:{units}))?"
            rf"(?P<dash> ?[-–‒] ?)(?P<high>{_NUMBER})(?![\d:]|[-–/]\d|[.,]\d)",
            between,
        ),
        any_case(
            "repeated length",
            rf"{_TIMES} ?(?={_NUMBER} ?(?:{lengths})(?!\w))",
            rf"\1 {words.multiplied} ",
        ),
        rule("sets", rf"{_TIMES} ?(?=\d)", lambda m: f"{amount(m[1], words.sets)} {words.set_of} "),
        rule("times", rf"{_TIMES}(?!\w)", lambda m: amount(m[1], words.times)),
        rule("times sign", r" *× *", f" {words.multiplied} "),
        any_case("unit", rf"(?<![\w.,])({_NUMBER}) ?({units})(?!\w){end}", unit),
        any_case("each", rf" ?/ ?(?=(?:{any_of(words.each)})\b)", f" {words.per} "),
        rule("either", r"(?<=[^\W\d_]) ?/ ?(?=[^\W\d_])", f" {words.or_} "),
        rule("slash", r" */+ *", ", "),
        rule("plus", r"(?<=\d) *\+ *(?=\d)", f" {words.plus} "),
        rule("and", r" *(?:&|\+)+ *", f" {words.and_} "),
        any_case(
            "unit that is a word",
            rf"(?<![\w.,])({_NUMBER})(?: ?(?={pinch}\b *(?:[.,;:!?)]|$))|(?={pinch}\b))({pinch})\b",
            unit,
        ),
    )
