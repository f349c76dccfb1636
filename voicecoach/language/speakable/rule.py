"""One row of a table of written forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Spoken = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Rule:
    """A written form and what is said instead."""

    name: str
    """What the rule is about; for people and tests."""
    pattern: re.Pattern[str]
    """The written form."""
    spoken: Spoken
    """What takes its place: a template, or a function of the match."""


def rule(name: str, pattern: str, spoken: Spoken, *, ignore_case: bool = False) -> Rule:
    """Return one row; letters match in either case where `ignore_case` says so."""
    return Rule(name, re.compile(pattern, re.IGNORECASE if ignore_case else re.NOFLAG), spoken)
