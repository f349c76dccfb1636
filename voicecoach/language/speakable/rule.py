"""One row of a table of written forms, and what such tables are made with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Spoken = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """A written form and what is said instead."""

    name: str
    """For people and tests."""
    pattern: re.Pattern[str]
    spoken: Spoken
    """A template, or a function of the match."""


def rule(name: str, pattern: str, spoken: Spoken, *, ignore_case: bool = False) -> Rule:
    """Return one row; with `ignore_case` letters match in either case."""
    return Rule(name, re.compile(pattern, re.IGNORECASE if ignore_case else re.NOFLAG), spoken)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def like(written: str, spoken: str) -> str:
    """Return the spoken form, with a capital where the written form has one."""
    return spoken[0].upper() + spoken[1:] if written[0].isupper() else spoken
