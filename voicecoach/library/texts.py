"""Readers of texts: by language, with `$variables`, within limits of length and characters."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from voicecoach.messages import quoted, suggestion
from voicecoach.toml.document import LANGUAGE_TAG, Refused, Spot
from voicecoach.toml.fields import FOLDS, VARIABLES, Reader, Schema, attempt, takes
from voicecoach.toml.readers import (
    LANGUAGE_PATTERN,
    MAX_LINE_LENGTH,
    MAX_NAME_LENGTH,
    MAX_TEXT_LENGTH,
    check_count,
    check_length,
    control_character,
    is_harmless,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAX_LANGUAGES: Final = 50
"""Of one text."""

VARIABLE_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")
VARIABLE: Final = re.compile(r"\$(\$|[A-Za-z_]+)?(?:(?<=[A-Za-z_])\(([^()]*)\)?)?")
"""`$reps`, or `$reps(rep, reps)` with the forms of a noun."""


def own_words(standard: Collection[str]) -> Reader[dict[str, dict[str, str]]]:
    """Return a reader of `[variables]`: an author's own words by name, none of them `standard`."""
    read_words = words(variables=())
    names = {"pattern": f"^{VARIABLE_NAME.pattern}$", "maxLength": MAX_NAME_LENGTH}

    @takes(
        {
            "type": "object",
            "propertyNames": {**names, "not": {"enum": sorted(standard)}},
            "additionalProperties": read_words.schema,
        }
    )
    def read(spot: Spot) -> dict[str, dict[str, str]]:
        if not isinstance(spot.value, dict):
            raise spot.refuse_type("a table", '{ patient = "Anna" }')
        values = {}
        for key in spot.value:
            child = spot.child(key, example='"…"')
            if not VARIABLE_NAME.fullmatch(key) or len(key) > MAX_NAME_LENGTH:
                message = f"{quoted(key)} is no name of a variable"
                fix = "use small letters, joined by _"
                child.refuse(message, fix=fix, code="bad-name", place="key")
            elif key in standard:
                message = f"${key} has a meaning of its own"
                child.refuse(message, fix="choose another name", code="bad-name", place="key")
            else:
                for value in attempt(read_words, child):
                    values[key] = value
        return values

    return read


_CONTROLS: Final = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069"
)
_LONE_DOLLAR: Final = r"(?:^|[^$])(?:\$\$)*\$(?![$A-Za-z_])"
_WORDS_IN_IT: Final = r"[^\t\n\r -@\[-`{-~]"
"""A letter, or anything beyond ASCII, because editors do not agree on the letters there."""


def _text_schema(most: int, *, one_line: bool, variables: Collection[str] | None) -> Schema:
    refused = f"[{_CONTROLS}\\t\\n\\r]" if one_line else f"[{_CONTROLS}]"
    if variables is not None:
        refused += f"|{_LONE_DOLLAR}"
    return {
        "type": "string",
        "maxLength": most,
        "pattern": _WORDS_IN_IT,
        "not": {"type": "string", "pattern": refused},
        FOLDS: not one_line,
    }


@takes(_text_schema(MAX_LINE_LENGTH, one_line=True, variables=None))
def plain_line(spot: Spot) -> str:
    """Read one line that is the same in all languages."""
    return _checked_text(spot, MAX_LINE_LENGTH, one_line=True, variables=None)


def words(
    *, most: int = MAX_TEXT_LENGTH, one_line: bool = False, variables: Collection[str] | None = None
) -> Reader[dict[str, str]]:
    """Return a reader of a text by language: a string, or a table as { en = "…", de = "…" }."""
    plain = _text_schema(most, one_line=one_line, variables=variables)
    by_language = {
        "minProperties": 1,
        "propertyNames": {"pattern": LANGUAGE_PATTERN},
        "additionalProperties": plain,
    }

    @takes(
        {**plain, **by_language, "type": ["string", "object"], VARIABLES: tuple(variables or ())}
    )
    def read(spot: Spot) -> dict[str, str]:
        if not isinstance(spot.value, dict):
            return {spot.document.own_language: _checked_text(spot, most, one_line, variables)}
        if not spot.value:
            raise spot.refuse_type("a text, or a table of texts by language", '{ en = "…" }')
        check_count(spot, MAX_LANGUAGES)
        found: dict[str, str] = {}
        for language in spot.value:
            child = replace(spot.child(language, example='"…"'), own_language=language)
            if not LANGUAGE_TAG.fullmatch(language):
                message, fix = (
                    f"{quoted(language)} is not a language tag",
                    "write such as en or pt-BR",
                )
                child.refuse(message, fix=fix, code="bad-name", place="key")
                continue
            for checked in attempt(lambda s: _checked_text(s, most, one_line, variables), child):
                found[language] = checked
        if len(found) < len(spot.value):
            raise Refused
        return found

    return read


def text(
    *, most: int = MAX_TEXT_LENGTH, one_line: bool = False, variables: Collection[str] | None = None
) -> Reader[str]:
    """Return a reader of a text in the language that is read.

    Line breaks become blanks, and the author's own variables are filled in. The text may hold
    `variables` beside these; with None any other "$" has no meaning.
    """
    read_words = words(most=most, one_line=one_line, variables=variables)
    return Reader(
        lambda spot: with_own_words(spot, spot.document.in_language(spot, read_words(spot))),
        read_words.schema,
    )


def with_own_words(spot: Spot, text: str) -> str:
    """Return a text with the author's own `$variables` filled in."""
    document = spot.document
    if "$" not in text or not document.own_words:
        return text

    def word(found: re.Match[str]) -> str:
        words = document.own_words.get(found[1] or "")
        if words is None:
            return found[0]
        return document.in_language(spot, words) + found[0][1 + len(found[1]) :]

    return VARIABLE.sub(word, text)


def texts_of(spot: Spot) -> Iterator[Spot]:
    """Yield the strings of a text: itself, or its form in each language."""
    if isinstance(spot.value, str):
        yield spot
    elif isinstance(spot.value, dict):
        for language in spot.value:
            yield from texts_of(replace(spot.child(language), own_language=language))


def _checked_text(spot: Spot, most: int, one_line: bool, variables: Collection[str] | None) -> str:
    value = spot.value
    if not isinstance(value, str):
        raise spot.refuse_type("a text in quotes")
    check_length(spot, value, most)
    for index, char in enumerate(value) if not value.isprintable() else ():
        if char in "\n\r\t" and not one_line:
            continue
        if char in "\n\r":
            message, fix = f"{spot.name} has to be on one line", "join the lines"
            raise spot.refuse(message, fix=fix, code="line-break", index=index)
        if not is_harmless(char):
            raise control_character(spot, char, index)
    if not any(char.isalpha() for char in value):
        message, fix = f"{spot.name} has no words in it", "write some, or leave it out"
        raise spot.refuse(message, fix=fix, code="no-words")
    if variables is not None:
        refuse_variables(spot, variables)
    return " ".join(value.split())


def refuse_variables(spot: Spot, allowed: Collection[str]) -> None:
    """Note each `$variable` of a string that is neither allowed in it nor the author's own."""
    value = cast("str", spot.value)
    allowed = (*allowed, *spot.document.own_words)
    known = [f"${name}" for name in allowed]
    wrong = False
    for found in VARIABLE.finditer(value):
        if found[1] is None:
            message, fix = 'a "$" of its own has no meaning', 'write "$$" for the sign'
            spot.refuse(message, fix=fix, code="unknown-variable", index=found.start())
            wrong = True
        elif found[1] != "$" and found[1] not in allowed:
            message = f"unknown variable ${found[1][:40]}"
            fix = suggestion(f"${found[1][:40]}", known, mark="")
            spot.refuse(message, fix=fix, code="unknown-variable", index=found.start())
            wrong = True
        elif (
            found[2] is not None
            and found[1] not in spot.document.own_words
            and (problem := _forms_problem(found, spot.language))
        ):
            message, fix = problem
            spot.refuse(message, fix=fix, code="variable-forms", index=found.start())
            wrong = True
    if wrong:
        raise Refused


def _forms_problem(found: re.Match[str], language: str) -> tuple[str, str] | None:
    """Return the mistake in the forms after a variable, and what to do; None for no mistake."""
    from voicecoach.language.phrases import forms_problem

    if not found[0].endswith(")"):
        return f"the bracket after ${found[1]} is not closed", 'write ")" after the last form'
    message, fix = forms_problem(found[1], found[2], language)
    return (message, fix) if message else None
