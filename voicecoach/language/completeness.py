"""The check that the files of a language are complete, so that no session falls back on English.

A user's own files are checked when they are read, ours in a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from voicecoach.language.numbers import PLURALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLACEHOLDER: Final = re.compile(r"\$\{?([a-z_]+)")
_WITH_FORMS: Final = re.compile(r"\$([a-z_]+)\(([^()]*)\)")
_OWN_KEYS: Final = frozenset({"nouns", "numbers", "durations"})
"""Tables that every language fills in its own way."""
_NUMBER_KEYS: Final = (
    *("plural", "small", "tens", "ten_and_one", "hundreds", "hundreds_and_rest"),
    *("thousands", "thousands_and_rest", "point"),
)
_FEWEST_WORDINGS: Final = 4
"""With as many, neighbours in turn and in day get other words (see `playful.choose`)."""
_SAME_LENGTH: Final = frozenset(
    {
        *(("adult", "countdown"), ("child", "countdown")),
        *(("checks", "adult"), ("checks", "child"), ("print", "days")),
    }
)
"""Lists that are as long as the English ones: a second a word, seven days, one rule."""
_ORDINALS: Final = 4

Keys = tuple[str | int, ...]
"""The way to a value: keys of tables and numbers of items."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file of a language."""

    keys: Keys
    what: str
    """As in "is missing"."""

    def __str__(self) -> str:
        """Return the fault for people: `coach.rest is missing`."""
        name = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return f"{name[1:]} {self.what}"


def phrase_faults(words: Mapping[str, Any], model: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of a phrases file beside the model; none where it is complete."""
    if found := list(_compare(words, model, ())):
        return found  # a table that is none would be in the way of what follows
    found = [*_numbers(words), *_durations(words, model)]
    for audience in ("adult", "child"):
        own = words[audience].get("coach", {})
        there = {key: text for key, text in model["coach"].items() if key in own}
        found += _compare(own, there, (audience, "coach"))
    if not found:
        found += _forms(words, (), len(PLURALS[words["numbers"]["plural"]][0]))
    return found


def _compare(words: Mapping[str, Any], model: Mapping[str, Any], path: Keys) -> Iterator[Fault]:
    for key in model:
        place = (*path, key)
        if key not in words:
            yield Fault(place, "is missing")
        elif type(words[key]) is not type(model[key]):
            yield Fault(place, "is of another type than in English")
        elif place[0] in _OWN_KEYS:
            continue
        elif isinstance(model[key], dict):
            yield from _compare(words[key], model[key], place)
        elif isinstance(model[key], str):
            yield from _compare_text(place, words[key], model[key])
        elif isinstance(model[key], list):
            yield from _compare_list(place, words[key], model[key])
    for key in words.keys() - model.keys():
        if not (key == "coach" and path in (("adult",), ("child",))):
            yield Fault((*path, key), "is unknown")


def _compare_text(place: Keys, mine: str, theirs: str) -> Iterator[Fault]:
    if not mine.strip():
        yield Fault(place, "is empty")
    here, there = (set(_PLACEHOLDER.findall(text)) for text in (mine, theirs))
    if here != there:
        names = " and ".join(f"${name}" for name in sorted(there)) or "no variable"
        yield Fault(place, f"holds {names} in English")


def _compare_list(place: Keys, mine: Sequence[Any], theirs: Sequence[Any]) -> Iterator[Fault]:
    least = len(theirs)
    if place not in _SAME_LENGTH:
        least = min(least, _ORDINALS if place == ("words", "ordinals") else _FEWEST_WORDINGS)
        if len(mine) < least:
            yield Fault(place, f"has {len(mine)} items, at least {least} are needed")
    elif len(mine) != least:
        yield Fault(place, f"has {len(mine)} items, in English {least}")
    for number, item in enumerate(mine):
        model = theirs[min(number, least - 1)]
        where = (*place, number)
        if isinstance(item, str) and isinstance(model, str):
            yield from _compare_text(where, item, model)
        elif isinstance(item, dict) and isinstance(model, dict):
            if item.get("stop", False) != model.get("stop", False):
                yield Fault((*where, "stop"), "is not as in English")
            yield from _compare_text((*where, "say"), item.get("say", ""), model["say"])
        else:
            yield Fault(where, "is of another type than in English")


def _numbers(words: Mapping[str, Any]) -> Iterator[Fault]:
    table = words.get("numbers", {})
    yield from (Fault(("numbers", key), "is missing") for key in _NUMBER_KEYS if key not in table)
    if table.get("plural") not in PLURALS:
        yield Fault(("numbers", "plural"), f"is one of {', '.join(PLURALS)}")
        return
    forms = len(PLURALS[table["plural"]][0])
    lengths = (("small", 20, 100), ("tens", 10, 10), ("hundreds", 10, 10))
    for key, least, most in (*lengths, ("thousands", forms, forms)):
        items = _length(table.get(key))
        if not least <= items <= most:
            yield Fault(("numbers", key), f"has {items} items, {least} are needed")
    known = {"", *table.get("forms", {})}
    for name, noun in words["nouns"].items():
        if not isinstance(noun, dict) or not _length(noun.get("forms")):
            yield Fault(("nouns", name), "is no table such as { forms = ['minute', 'minutes'] }")
            continue
        if (there := len(noun["forms"])) != forms:
            yield Fault(("nouns", name), f"has {there} forms, {forms} are needed")
        if noun.get("number", "") not in known:
            yield Fault(("nouns", name, "number"), f"is no form of numbers: {noun['number']}")
    yield from (
        Fault(("numbers", "endings", ending), f"is no form of numbers: {form}")
        for ending, form in table.get("endings", {}).items()
        if form not in known
    )


def _forms(value: Any, place: Keys, forms: int) -> Iterator[Fault]:
    """Yield texts in which a noun has not as many forms as the plural rule."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _forms(child, (*place, key), forms)
    elif isinstance(value, str):
        is_unit = place[0] == "print" and str(place[-1]).startswith("unit_")
        for name, written in [("number", value)] if is_unit else _WITH_FORMS.findall(value):
            wanted = 2 if name in ("side", "other_side") else forms
            if (there := written.count(",") + 1) != wanted:
                yield Fault(place, f"has {there} forms after ${name}, {wanted} are needed")


def _length(items: object) -> int:
    return len(items) if isinstance(items, list) else 0


def _durations(words: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[Fault]:
    for key, theirs in model["durations"].items():
        mine = words["durations"].get(key)
        if mine is None and not key.isdigit():
            yield Fault(("durations", key), "is missing")
        elif mine is not None:
            yield from _compare_text(("durations", key), mine, theirs)


def vocabulary_faults(words: Mapping[str, Any], model: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of a vocabulary beside the model; none where it is complete."""
    found = [*_missing(words, model, ()), *_no_lists(words, ())]
    for table in ("positions", "ways"):
        if isinstance(words.get(table), dict):
            found += _missing(words[table], model[table], (table,))
    return found


def _missing(words: Mapping[str, Any], model: Mapping[str, Any], path: Keys) -> Iterator[Fault]:
    yield from (Fault((*path, key), "is missing") for key in model if key not in words)
    yield from (Fault((*path, key), "is unknown") for key in words if key not in model)


def _no_lists(words: Mapping[str, Any], path: Keys) -> Iterator[Fault]:
    for key, value in words.items():
        place = (*path, key)
        if isinstance(value, dict) and not path:
            yield from _no_lists(value, place)
        elif not isinstance(value, list) or not all(item and type(item) is str for item in value):
            yield Fault(place, "is no list of texts, such as ['one', 'two']")


ENGLISH_RULES: Final = "english"
"""The name of the English rules, which a file of written forms may go by."""
_SIGNS: Final = ("set_of", "multiplied", "range_to", "number", "and", "or", "plus", "per")
_UNITS: Final = ("hour", "minute", "second", "rep")
"""Units and nouns that the rules ask for by name."""


def speakable_faults(
    words: Mapping[str, Any], english: Mapping[str, Any], forms: int
) -> list[Fault]:
    """Return the faults of a file of written forms, in a language whose nouns have that many forms.

    `english` is the model of files that go by the English rules.
    """
    if "rules" in words:
        if words["rules"] != ENGLISH_RULES:
            return [Fault(("rules",), f'is "{ENGLISH_RULES}", or is left out')]
        shapes: dict[str, type] = {key: type(value) for key, value in english.items()}
    else:
        shapes = dict.fromkeys((*_SIGNS, "range_from"), str)
        shapes |= {"each": list, "units_in_a_pinch": list}
        shapes |= dict.fromkeys(("nouns", "units", "abbreviations"), dict)
    found = [*_missing(words, shapes, ())]
    found += [
        Fault((key,), f"is no {_SHAPES[shape]}")
        for key, shape in shapes.items()
        if key in words and not isinstance(words[key], shape)
    ]
    if not found:
        found += _units(words["units"], forms)
        if "rules" not in words:
            found += _needed(words, forms)
    return found


_SHAPES: Final[Mapping[type, str]] = {str: "text", list: "list", dict: "table"}


def _units(units: Mapping[str, Any], forms: int) -> Iterator[Fault]:
    for name, unit in units.items():
        lists = unit if isinstance(unit, dict) else {}
        if _length(lists.get("forms")) != forms or not _length(lists.get("written")):
            such_as = "{ forms = ['metre', 'metres'], written = ['m'] }"
            yield Fault(("units", name), f"is no table such as {such_as}, of {forms} forms")


def _needed(words: Mapping[str, Any], forms: int) -> Iterator[Fault]:
    yield from (Fault((key,), "is empty") for key in _SIGNS if not words[key].strip())
    yield from (Fault(("units", key), "is missing") for key in _UNITS if key not in words["units"])
    for key in ("set", "time"):
        if _length(words["nouns"].get(key)) != forms:
            yield Fault(("nouns", key), f"is no list of {forms} forms, such as ['set', 'sets']")
