"""What a person has been told and has answered about their safety, until it is too old.

Whoever cannot keep it is told and asked each time: nothing here keeps anybody from exercising.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.files.atomic import write_atomically
from voicecoach.files.folders import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from voicecoach.routine.model import Contraindication

ANSWER_DAYS: Final = 365
"""The validity of an answer about reasons not to exercise; bodies change."""
_LARGEST_BYTES: Final = 65_536


@dataclass(frozen=True)
class Consents:
    """The answers of one person."""

    disclaimer_on: str = ""
    """The day (ISO) when they first heard that this is no medical advice; empty: never."""
    none_applies_on: Mapping[str, str] = field(default_factory=dict)
    """The day on which none of some reasons was true for them, by `reasons_key`."""
    one_applies_on: Mapping[str, str] = field(default_factory=dict)
    """The day on which one was."""

    def says_none_applies(self, reasons: Iterable[Contraindication], today: date) -> bool:
        """Return True if they said in the last year that none of these reasons applies."""
        day = self.none_applies_on.get(reasons_key(reasons), "")
        # A day in the future has a wrong clock.
        return bool(day) and timedelta(0) <= today - date.fromisoformat(day) < timedelta(
            ANSWER_DAYS
        )

    @property
    def allows_weights(self) -> bool:
        """True if no answer speaks against weights."""
        return not self.one_applies_on

    def told_disclaimer(self, today: date) -> Consents:
        """Return the answers with the disclaimer as told today."""
        return replace(self, disclaimer_on=today.isoformat())

    def answered(
        self, reasons: Iterable[Contraindication], today: date, *, one_applies: bool
    ) -> Consents:
        """Return the answers with a new one; it replaces what it contradicts.

        If none of these reasons is true, none of a shorter list is. If one is true, so is one of a
        longer list.
        """
        key, answer = reasons_key(reasons), today.isoformat()
        now = set(key.split(","))
        none, some = dict(self.none_applies_on), dict(self.one_applies_on)
        if one_applies:
            none = {other: day for other, day in none.items() if not now <= set(other.split(","))}
            some[key] = answer
        else:
            some = {other: day for other, day in some.items() if not set(other.split(",")) <= now}
            none[key] = answer
        return replace(self, none_applies_on=none, one_applies_on=some)


def reasons_key(reasons: Iterable[Contraindication]) -> str:
    """Return the key of a list of reasons: a list with one more reason has another key."""
    return ",".join(sorted(reason.key for reason in reasons))


def load_consents() -> Consents:
    """Read the answers; they are empty where there is no file, or none that can be read."""
    path = _path()
    if path is None:
        return Consents()
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_LARGEST_BYTES))
        return Consents(
            _day(document["disclaimer_on"]),
            {str(key): _day(day) for key, day in document["none_applies_on"].items()},
            {str(key): _day(day) for key, day in document["one_applies_on"].items()},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Consents()


def save_consents(consents: Consents) -> bool:
    """Write the answers to their file; False if that was impossible."""
    path = _path()
    if path is None:
        return False
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps(asdict(consents), indent=2).encode()
        write_atomically(path, content).close()
        return True
    return False


def _path() -> Path | None:
    folder = state_folder()
    return None if folder is None else folder / "consents.json"


def _day(written: object) -> str:
    """Return a day as it was written; raises ValueError or TypeError for anything else."""
    if not isinstance(written, str):
        raise TypeError("a day is a text")
    return written and date.fromisoformat(written).isoformat()
