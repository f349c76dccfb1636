"""Writes routine files in a few words, with marks where findings are expected.

`¶` stands right before a value, `§` inside a text; both are taken out before the file is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voicecoach.authoring.lints import findings_of
from voicecoach.language.language import available_languages
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.compiler import outline_script
from voicecoach.script.durations import NominalDurations, word_seconds

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.errors import Problem
    from voicecoach.routine.model import Routine

HEAD = 'voicecoach = 1\ntitle = "Test"\n'
VALUE, INSIDE = "¶", "§"


def file(*steps: str, audience: str = "adult", **keys: str | bool) -> str:
    """Return a routine file; values are TOML but for texts, which need no quotes."""
    equipment = keys.pop("equipment", "")
    lines = [HEAD, f"audience = {_toml(audience)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in keys.items()]
    if equipment:
        lines.append(f"[equipment]\n{equipment}")
    return "\n".join([*lines, *(text.replace("NUMBER", str(n)) for n, text in enumerate(steps, 1))])


def step(
    say: str = "Stand still.",
    dose: str = "hold 20s",
    *cues: str,
    mark: str = "",
    **keys: str | float,
) -> str:
    """Return a step; its slug and name are told from its number. A cue is `anchor | text | more`."""
    keys = {"slug": "step-NUMBER", "name": "Exercise NUMBER", "say": say, "dose": dose} | keys
    lines = [f"{mark}[[steps]]", *(f"{key} = {_toml(value)}" for key, value in keys.items())]
    if cues:
        lines.append("cues = [")
        for cue in cues:
            at, text, *more = cue.split(" | ")
            extra = "".join(f", {one}" for one in more)
            lines.append(f"  {{ at = {_toml(at)}, say = {_toml(text)}{extra} }},")
        lines.append("]")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    mark = VALUE if value.startswith(VALUE) else ""
    value = value.removeprefix(VALUE)
    if re.fullmatch(r"\d+", value):  # a number with a mark before it
        return mark + value
    return mark + (value if value[:1] in ("[", "{", '"') else f'"{value}"')


def marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its marks, and the line and column of each."""
    places, plain = [], ""
    for part in re.split(f"([{VALUE}{INSIDE}])", text):
        if part in (VALUE, INSIDE):
            places.append((plain.count("\n") + 1, len(plain) - plain.rfind("\n")))
        else:
            plain += part
    return plain, places


def read(text: str, folder: Path) -> Routine:
    """Return the routine of a file with that text, read by the real reader."""
    path = folder / "test.toml"
    path.write_text(text, "utf-8")
    return load_routine(path, Library(folder, user_folder=folder))


def found(text: str, folder: Path) -> tuple[Problem, ...]:
    """Return the findings in a routine file with nominal lengths."""
    return of(read(text, folder))


def of(routine: Routine) -> tuple[Problem, ...]:
    """Return the findings in a routine with nominal lengths."""
    language = routine.language if routine.language in available_languages() else "en"
    phrases = load_phrases(language, routine.audience)
    durations = NominalDurations(word_seconds(routine.audience))
    return findings_of(routine, outline_script(routine, phrases, durations), phrases, durations)


def check(code: str, text: str, folder: Path) -> list[Problem]:
    """Assert that a lint finds what is marked in a file, there and nowhere else; return the findings."""
    plain, places = marks(text)
    problems = [problem for problem in found(plain, folder) if problem.code == code]
    assert [(problem.line, problem.column) for problem in problems] == places, "\n".join(
        f"{problem.line}:{problem.column} {problem.message}" for problem in problems
    )
    return problems
