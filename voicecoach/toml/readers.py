"""Readers of values that know nothing of routines: numbers, names, choices, lists, tables.

Files come from strangers: lengths and characters are limited here, size and depth in `text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from voicecoach.messages import alternatives, escaped, nearest, quoted
from voicecoach.toml.document import LANGUAGE_TAG, Refused, Spot
from voicecoach.toml.fields import (
    NAMES,
    WORDS,
    Field,
    Reader,
    Schema,
    attempt,
    read_table,
    schema_of,
    schema_of_table,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

Value = TypeVar("Value")

MAX_TEXT_LENGTH: Final = 2000
MAX_NAMES: Final = 500
"""In one table, such as the pieces of equipment."""
MAX_NAME_LENGTH: Final = 40
"""For names that files call things by."""
MAX_LINE_LENGTH: Final = 120
"""For names and titles."""
_SHORT: Final = 60
"""Characters of somebody's own words that a message repeats as what to write."""

TAG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME: Final = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")

_ALLOWED_FORMAT_CHARACTERS: Final = frozenset("\u00ad\u200b\u200c\u200d")
"""Where a word may break, and how letters join: all the unseen characters that writing needs."""


def is_harmless(char: str) -> bool:
    """Return True if a character leaves terminals, the order of letters and pages alone."""
    if char.isprintable():
        return True
    category = unicodedata.category(char)
    if category == "Cf":
        return char in _ALLOWED_FORMAT_CHARACTERS
    if category == "Cn":  # a letter of tomorrow may be here; a code that is none never is
        return ord(char) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(char) <= 0xFDEF
    return category not in ("Cc", "Zl", "Zp", "Cs")


def table(fields: Sequence[Field], example: str = "") -> Reader[dict[str, Any]]:
    """Return a reader of tables with these fields."""

    @takes(schema_of_table(fields))
    def read(spot: Spot) -> dict[str, Any]:
        if not isinstance(spot.value, dict):
            raise spot.refuse_type("a table", example)
        return read_table(spot, fields)

    return read


def whole_table(fields: Sequence[Field], make: Callable[..., Value], example: str) -> Reader[Value]:
    """Return a reader that makes something of tables in which every field can be used."""
    read_fields = table(fields, example)

    @takes(read_fields.schema)
    def read(spot: Spot) -> Value:
        values = read_fields(spot)
        if len(values) < len(fields):
            raise Refused
        return make(**values)

    return read


def list_of(
    read_item: Callable[[Spot], Any], what: str, *, most: int, item_example: str = ""
) -> Reader[tuple[Any, ...]]:
    """Return a reader of lists; an item that was refused is None in the result."""

    @takes({"type": "array", "maxItems": most, "items": schema_of(read_item)})
    def read(spot: Spot) -> tuple[Any, ...]:
        if not isinstance(spot.value, list):
            raise spot.refuse_type(what, _as_list(spot.value, schema_of(read_item)))
        check_count(spot, most)
        spots = (spot.child(i, example=item_example) for i in range(len(spot.value)))
        items = (attempt(read_item, item) for item in spots)
        return tuple(item[0] if item else None for item in items)

    return read


def _as_list(value: object, item: Schema) -> str:
    """Return a text as a list in TOML; nothing for a long one, or where the items are no texts."""
    if not isinstance(value, str) or not _may_be_text(item):
        return ""
    plain = escaped(value) == value and not {'"', "\\"} & set(value)
    return f'["{value}"]' if plain and 0 < len(value) <= _SHORT else ""


def _may_be_text(schema: Schema) -> bool:
    return "string" in schema.get("type", ()) or any(map(_may_be_text, schema.get("anyOf", ())))


def number(low: float, high: float, unit: str = "seconds", *, whole: bool = False) -> Reader[float]:
    """Return a reader of numbers from `low` to `high`; of a factor, with an empty unit."""
    kind = "a whole number" if whole else f"a number of {unit}" if unit else "a number"
    span = f"from {low:g} to {high:g}{f' {unit}' if unit and not whole else ''}"

    @takes({"type": "integer" if whole else "number", "minimum": low, "maximum": high})
    def read(spot: Spot) -> float:
        value = spot.value
        if isinstance(value, str):
            meant = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*(?:s|sec|secs|seconds?)?\s*", value)
            raise spot.refuse_type(kind, meant[1] if meant else "")
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise spot.refuse_type(kind)
        if not low <= value <= high:  # nan is refused here, too
            fix = f"write {high:g} or less" if value > high else f"write {low:g} or more"
            message = f"{spot.name} is {span}, got {quoted(value)}"
            raise spot.refuse(message, fix=fix, code="out-of-range")
        return value if whole else float(value)

    return read


@takes({"type": "boolean"})
def boolean(spot: Spot) -> bool:
    """Read true or false."""
    if not isinstance(spot.value, bool):
        no = spot.value in ("no", "false", "off", 0)
        raise spot.refuse_type("true or false", "false" if no else "true")
    return spot.value


def choice(words: Collection[str]) -> Reader[str]:
    """Return a reader of one of some words; a mapping tells what each of them means."""
    allowed = alternatives([f'"{word}"' for word in words])
    meanings = dict(words) if isinstance(words, Mapping) else {}

    @takes({"type": "string", "enum": [*words], WORDS: meanings})
    def read(spot: Spot) -> str:
        if not isinstance(spot.value, str) or spot.value not in words:
            near = nearest(spot.value, words) if isinstance(spot.value, str) else ""
            fix = f'did you mean "{near}"?' if near else "write one of these"
            message = f"{spot.name} is {allowed}, got {quoted(spot.value)}"
            raise spot.refuse(message, fix=fix, code="unknown-value")
        return spot.value

    return read


def as_tag(text: object) -> str:
    """Return a text as a short name, in TOML; nothing if it has neither letters nor digits."""
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKD", text[:_SHORT]).encode("ascii", "ignore").decode()
    meant = "-".join(re.findall("[a-z0-9]+", plain.lower()))
    return f'"{meant}"' if meant else ""


@takes({"type": "string", "pattern": f"^{TAG.pattern}$", "maxLength": MAX_LINE_LENGTH})
def tag(spot: Spot) -> str:
    """Read a short name of lower-case words and hyphens."""
    if not isinstance(spot.value, str):
        raise spot.refuse_type("a short name in quotes")
    if not TAG.fullmatch(spot.value) or len(spot.value) > MAX_LINE_LENGTH:
        what = "lower-case words joined by hyphens"
        raise spot.refuse_type(what, as_tag(spot.value), code="bad-name")
    return spot.value


@takes({"type": "string"})
def name(spot: Spot) -> str:
    """Read the name of something, such as `mat`."""
    if not isinstance(spot.value, str):
        raise spot.refuse_type("a name in quotes")
    return spot.value


def name_of(kind: str) -> Reader[str]:
    """Return a reader of names of a kind of shared things, such as `blocks`."""
    return Reader(name.take, {**name.schema, NAMES: kind})


def as_it_stands(spot: Spot) -> str:
    """Read the name of a thing of this computer: one line, of which every character counts."""
    if not isinstance(spot.value, str):
        raise spot.refuse_type("a name in quotes")
    if not spot.value.strip():
        raise spot.refuse_type("empty", code="no-words")
    check_length(spot, spot.value, MAX_TEXT_LENGTH)
    for index, char in enumerate(spot.value):
        if not is_harmless(char):
            raise control_character(spot, char, index)
    return spot.value


def check_length(spot: Spot, value: str, most: int) -> None:
    """Refuse a text with more characters than are allowed."""
    if len(value) > most:
        message = f"{spot.name} has {len(value)} characters, at most {most} are allowed"
        raise spot.refuse(message, fix="say it in fewer words", code="text-too-long")


def control_character(spot: Spot, char: str, index: int) -> Refused:
    """Note a character that would act on a screen; the result is there to be raised."""
    message = f"{spot.name} holds a control character (U+{ord(char):04X})"
    return spot.refuse(message, fix="take it out", code="control-character", index=index)


def check_count(spot: Spot, most: int) -> None:
    """Refuse a list or table with more items than are allowed, at the first that is too many."""
    items = cast("list[object] | dict[str, object]", spot.value)
    if len(items) > most:
        first = most if isinstance(items, list) else next(islice(items, most, None))
        message = f"{spot.name} has {len(items)} items, at most {most} are allowed"
        raise spot.child(first).refuse(message, fix="leave some out", code="too-many", place="line")


def by_name(read_value: Callable[[Spot], Any], *, most: int = MAX_NAMES) -> Reader[dict[str, Any]]:
    """Return a reader of tables whose keys are names that the author chooses."""
    names = {"pattern": f"^{NAME.pattern}$", "maxLength": MAX_NAME_LENGTH}

    @takes(
        {"type": "object", "propertyNames": names, "additionalProperties": schema_of(read_value)}
    )
    def read(spot: Spot) -> dict[str, Any]:
        if not isinstance(spot.value, dict):
            raise spot.refuse_type("a table")
        check_count(spot, most)
        values = {}
        for key in spot.value:
            child = spot.child(key, example='"…"')
            if not NAME.fullmatch(key) or len(key) > MAX_NAME_LENGTH:
                fix = f"use up to {MAX_NAME_LENGTH} letters and digits, joined by hyphens"
                child.refuse(f"{quoted(key)} is no name", fix=fix, code="bad-name", place="key")
                continue
            for value in attempt(read_value, child):
                values[key] = value
        return values

    return read


LANGUAGE_PATTERN: Final = f"^{LANGUAGE_TAG.pattern}$"


@takes({"type": "string", "pattern": LANGUAGE_PATTERN})
def language_tag(spot: Spot) -> str:
    """Read the name of a language."""
    if not isinstance(spot.value, str) or not LANGUAGE_TAG.fullmatch(spot.value):
        raise spot.refuse_type('a language tag such as "en" or "pt-BR"', code="bad-name")
    return spot.value
