"""Fingerprints: the same for the same things in every process, another for any other."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from voicecoach.files.fingerprint import fingerprint
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience
from voicecoach.session.session import open_session

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Thing:
    """Something with a field that is no part of it."""

    name: str
    line: int = field(default=0, compare=False)


def test_each_value_counts() -> None:
    """Numbers, texts, order, nesting and names of fields."""
    some = [
        (1, "a"), ("a", 1), (1, "b"), (1.5, "a"), ([1, "a"],), ({"a": 1},), ({"b": 1},), (None,),
        (True,), ("",), (b"a",), (Thing("a"),), (Audience.CHILD,), (Audience.ADULT,),
    ]  # fmt: skip
    assert len({fingerprint(*values) for values in some}) == len(some)
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint(Thing("a", 1)) == fingerprint(Thing("a", 2))


def test_a_file_is_what_is_in_it(tmp_path: Path) -> None:
    """A copy is the same; one byte more is another."""
    one, copy = tmp_path / "one", tmp_path / "copy"
    one.write_bytes(b"x" * 3_000_000)
    copy.write_bytes(b"x" * 3_000_000)
    assert fingerprint(one) == fingerprint(copy)
    copy.write_bytes(b"x" * 3_000_001)
    assert fingerprint(one) != fingerprint(copy)


def test_what_has_no_fingerprint_is_refused() -> None:
    """An object whose text holds its address would be another one each time."""
    with pytest.raises(TypeError, match="object has no fingerprint"):
        fingerprint(object())


OF_SESSION = """
import sys
from voicecoach.files.fingerprint import fingerprint
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.session.session import open_session
library = Library()
routine = load_routine(library.find_routine("desk-break"), library)
with open_session(routine, library, voice="silent") as session:
    print(fingerprint(session.made_from))
"""


def test_a_session_is_the_same_in_every_process() -> None:
    """Hashes of texts differ between processes; fingerprints must not."""
    prints = {
        subprocess.run(
            [sys.executable, "-c", OF_SESSION], check=True, capture_output=True, timeout=50
        ).stdout
        for _ in range(2)
    }
    assert len(prints) == 1


def test_whatever_changes_the_sound_changes_the_fingerprint() -> None:
    """One word, the voice, the pace, music and its level."""
    library = Library()
    routine = load_routine(library.find_routine("desk-break"), library)
    first = replace(routine.steps[0], instruction=routine.steps[0].instruction + " Smile.")
    changed = replace(routine, steps=(first, *routine.steps[1:]))
    prints = set()
    for one, options in (
        (routine, {}), (changed, {}), (routine, {"rate": 1.1}), (routine, {"voice": "pyttsx3"}),
        (routine, {"music": "waves"}), (routine, {"music": "waves", "music_gain_db": 1.0}),
        (routine, {"music": "pad"}),
    ):  # fmt: skip
        with open_session(one, library, **({"voice": "silent"} | options)) as session:
            prints.add(fingerprint(session.made_from))
    assert len(prints) == 7
