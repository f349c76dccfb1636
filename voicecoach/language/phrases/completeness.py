"""Whether a phrases file has all that the English one has, so that no session falls back on English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from voicecoach.language.phrases.numbers import PLURALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLACEHOLDER: Final = re.compile(r"\$\{?([a-z_]+)")
_OWN_KEYS: Final = frozenset({"nouns", "numbers", "durations"})
"""Tables that every language fills in its own way."""
_NUMBER_KEYS: Final = (
    *("plural", "small", "tens", "ten_and_one", "hundreds", "hundreds_and_rest"),
    *("thousands", "thousands_and_rest", "point"),
)
_FEWEST_WORDINGS: Final = 4
"""From so many on, neighbours in turn and in day get other words (see `playful.choose`)."""
_SAME_LENGTH: Final = frozenset({"countdown", "days", "checks.adult", "checks.child"})
"""Lists that are as long as the English ones: a second a word, seven days, one rule."""
_ORDINALS: Final = 4


def gaps(words: Mapping[str, Any], model: Mapping[str, Any]) -> list[str]:
    """Return what a phrases file lacks next to the model, and what it has too much; empty for nothing."""
    found = [*_compare(words, model, ""), *_numbers(words), *_durations(words, model)]
    for audience in ("adult", "child"):
        own = words.get(audience, {}).get("coach", {})
        there = {key: text for key, text in model["coach"].items() if key in own}
        found += _compare(own, there, f"{audience}.coach.")
    return found


def _compare(words: Mapping[str, Any], model: Mapping[str, Any], path: str) -> Iterator[str]:
    for key in model:
        if not path and key in _OWN_KEYS:
            if key not in words:
                yield f"[{key}] is missing"
            continue
        place = f"{path}{key}"
        if key not in words:
            yield f"{place} is missing"
        elif type(words[key]) is not type(model[key]):
            yield f"{place} is of another type than in English"
        elif isinstance(model[key], dict):
            yield from _compare(words[key], model[key], f"{place}.")
        else:
            yield from _compare_value(place, words[key], model[key])
    for key in words.keys() - model.keys():
        if not (key == "coach" and path in ("adult.", "child.")):
            yield f"{path}{key} is unknown"


def _compare_value(place: str, mine: Any, theirs: Any) -> Iterator[str]:
    if isinstance(theirs, str):
        yield from _compare_text(place, mine, theirs)
    elif isinstance(theirs, list):
        yield from _compare_list(place, mine, theirs)


def _compare_text(place: str, mine: str, theirs: str) -> Iterator[str]:
    if not mine.strip():
        yield f"{place} is empty"
    here, there = (set(_PLACEHOLDER.findall(text)) for text in (mine, theirs))
    if here != there:
        names = " and ".join(f"${name}" for name in sorted(there)) or "no variable"
        yield f"{place} holds {names} in English"


def _compare_list(place: str, mine: Sequence[Any], theirs: Sequence[Any]) -> Iterator[str]:
    least = len(theirs)
    if place not in _SAME_LENGTH and place.rpartition(".")[2] not in _SAME_LENGTH:
        least = min(least, _ORDINALS if place == "words.ordinals" else _FEWEST_WORDINGS)
        if len(mine) < least:
            yield f"{place} has {len(mine)} items, at least {least} are needed"
    elif len(mine) != least:
        yield f"{place} has {len(mine)} items, in English {least}"
    for number, item in enumerate(mine):
        model = theirs[min(number, least - 1)]
        where = f"{place}[{number}]"
        if isinstance(item, str) and isinstance(model, str):
            yield from _compare_text(where, item, model)
        elif isinstance(item, dict) and isinstance(model, dict):
            if item.get("stop", False) != model.get("stop", False):
                yield f"{where}: stop is not as in English"
            yield from _compare_text(f"{where}.say", item.get("say", ""), model["say"])
        else:
            yield f"{where} is of another type than in English"


def _numbers(words: Mapping[str, Any]) -> Iterator[str]:
    table = words.get("numbers", {})
    yield from (f"numbers.{key} is missing" for key in _NUMBER_KEYS if key not in table)
    if table.get("plural") not in PLURALS:
        yield f"numbers.plural is one of {', '.join(PLURALS)}"
        return
    forms = len(PLURALS[table["plural"]][0])
    for key, least, most in (
        ("small", 20, 100), ("tens", 10, 10), ("hundreds", 10, 10), ("thousands", forms, forms),
    ):  # fmt: skip
        if not least <= len(table.get(key, ())) <= most:
            yield f"numbers.{key} has {len(table.get(key, ()))} items, {least} are needed"
    known = {"", *table.get("forms", {})}
    for name, noun in words.get("nouns", {}).items():
        if len(noun["forms"]) != forms:
            yield f"nouns.{name} has {len(noun['forms'])} forms, {forms} are needed"
        if noun.get("number", "") not in known:
            yield f"nouns.{name}: there is no form {noun['number']} of numbers"
    yield from (
        f"numbers.endings: there is no form {form} of numbers"
        for form in table.get("endings", {}).values()
        if form not in known
    )


def _durations(words: Mapping[str, Any], model: Mapping[str, Any]) -> Iterator[str]:
    for key, theirs in model["durations"].items():
        mine = words.get("durations", {}).get(key)
        if mine is None and not key.isdigit():
            yield f"durations.{key} is missing"
        elif mine is not None:
            yield from _compare_text(f"durations.{key}", mine, theirs)
