"""The places of everything in the files of a routine."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Literal

from voicecoach.library.format import former_dose_of
from voicecoach.library.rules import has_key
from voicecoach.library.texts import with_own_words
from voicecoach.routine.model import Location, Locations, Silence, Spoken
from voicecoach.toml.spans import locate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.toml.document import Spot
    from voicecoach.toml.spans import TomlSpans


class FileLocations(Locations):
    """The places of everything in a routine's files; only the first question parses these again."""

    def __init__(self, routine: Spot, values: Mapping[str, Any]) -> None:
        self._routine = routine
        written: dict[str, int] = {}
        self._numbers = {
            step.slug: written.setdefault(step.round_of or step.slug, len(written))
            for step in values["steps"]
        }
        self._words = {part: values[part] for part in ("opening", "closing")}
        """With the lines of blocks in their places."""
        self._spans: dict[Path, TomlSpans] = {}

    def of_step(self, slug: str, *keys: str | int, index: int | None = None) -> Location:
        """Return the place of a step, of a value in it, or of a character of a text there."""
        if slug not in self._numbers:
            return Location(self._routine.document.path)
        number_ = self._numbers[slug]
        step = self._routine.child("steps").child(number_)
        if keys[:1] == ("cues",) and former_dose_of(step):
            keys, index = ("dose",), None  # some of its cues have gone with their moments
        return self.of_routine("steps", number_, *keys, index=index)

    def of_routine(self, *keys: str | int, index: int | None = None) -> Location:
        """Return the place of a value of the routine itself, or of a character of a text there."""
        spot = self._routine
        for key in keys:
            try:
                spot = spot.child(key)
            except (KeyError, IndexError, TypeError):
                return self._place(spot, None)
        return self._place(spot, index)

    def of_words(
        self, part: Literal["opening", "closing"], words: Spoken, index: int | None = None
    ) -> Location:
        """Return the place of words of a part: those of a block are where it is named."""
        said = list(self._words[part])
        written = self._routine.child(part) if has_key(self._routine.value, part) else None
        items = written.value if written else ()
        for number_, item in enumerate(items if isinstance(items, list) else ()):
            block = item.get("block") if isinstance(item, dict) else None
            count = 1
            if block:
                lines = itertools.takewhile(lambda line: _is_of(line, block), said)  # noqa: B023
                count = len(list(lines))
            if words in said[:count]:
                keys = [key for key in ("block", "say") if has_key(item, key)]
                return self.of_routine(part, number_, *keys, index=None if block else index)
            del said[:count]
        return Location(self._routine.document.path)

    def _place(self, spot: Spot, index: int | None) -> Location:
        document = spot.document
        if isinstance(spot.value, dict):
            for tag_ in document.tags:
                if isinstance(spot.value.get(tag_), str):
                    spot = spot.child(tag_)
                    break
        if document.path not in self._spans:
            self._spans[document.path] = locate(document.text)
        spans = self._spans[document.path]
        written = spot.value
        if (
            index is not None
            and isinstance(written, str)
            and written == with_own_words(spot, written)
        ):
            place = spans.in_string(spot.path, _written_index(written, index))
            return Location(document.path, *place) if place else Location(document.path)
        span = spans.nearest(spot.path)
        return Location(document.path, span.line, span.column) if span else Location(document.path)


def _is_of(line: Spoken | Silence, block: str) -> bool:
    return isinstance(line, Spoken) and line.block == block


def _written_index(written: str, index: int) -> int:
    # A text is read with single blanks; a file may have line breaks and more blanks there.
    for word in re.finditer(r"\S+", written):
        if index <= len(word[0]):
            return word.start() + index
        index -= len(word[0]) + 1
    return len(written)
