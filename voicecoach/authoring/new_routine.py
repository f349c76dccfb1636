"""Answers of an author become the text of a routine file to begin with.

Each language has a template for each audience, which is a whole routine with comments. It has a few
signs of its own:

    @title@  @language@  @sets@  @rest@  @things@  @needs@    filled in, inside a line
    @several@ …  @weights@ …      a line for several sets, for weights
    @needed@ …  @nothing@ …       a line for equipment, for none
    @more@ … @end@                lines for a longer routine
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.formatting import laid_out
from voicecoach.errors import ExportError
from voicecoach.language.language import TEMPLATES, available_languages, language_of
from voicecoach.language.vocabulary import vocabulary_of
from voicecoach.library.child_limits import has_weights
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from voicecoach.language.vocabulary import Vocabulary
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine

SCHEMA_LINE: Final = "#:schema ./routine.schema.json"
"""How a file names its schema for the TOML servers of editors."""
MOST_SETS: Final = 3
SET_REST_SECONDS: Final = {Audience.ADULT: 20, Audience.CHILD: 10}
USUAL_MINUTES: Final = {Audience.ADULT: 6, Audience.CHILD: 6}

_SLUG_LENGTH: Final = 60
_ARTICLES: Final = r"^(?:WORDS)\s+"
_LISTED: Final = r"\s*(?:[,;]|\b(?:WORDS)\b)\s*"
_NOTHING: Final = r"^(?:-|WORDS)$"
_CONDITION: Final = re.compile(r"^( *)@(several|weights|needed|nothing)@ (.*)$")
_FILLED: Final = re.compile(r"@(title|language|sets|rest|things|needs)@")


@dataclass(frozen=True)
class Answers:
    """What an author wants to begin with."""

    title: str
    audience: Audience = Audience.ADULT
    language: str = "en"
    minutes: int = 0
    """0 for the usual length."""
    things: tuple[str, ...] = ()
    """As they stand after "You need": `a mat`."""


@dataclass(frozen=True)
class WrittenRoutine:
    """The text of a file, and its routine."""

    text: str
    routine: Routine
    minutes: int
    """By the table of lengths."""


def slug_of(name: str) -> str:
    """Return a name for a file: `Bed routine` is `bed-routine`; empty if nothing is left."""
    letters = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", name).casefold())
    words = re.findall(r"[^\W_]+", letters)
    return "-".join(words)[:_SLUG_LENGTH].strip("-")


def _plain(letter: str) -> str:
    """Return a Latin letter without its accent, and any other as it is."""
    first = unicodedata.normalize("NFD", letter)[:1]
    return first if first.isascii() else letter


def title_of(name: str) -> str:
    """Return a name as a title: `bed-routine` is `Bed routine`."""
    title = " ".join(re.split(r"[\s_-]+", name.strip())).strip()
    return title[:1].upper() + title[1:]


def things_of(listed: str, language: str = "en") -> tuple[str, ...]:
    """Split a list such as "a mat, a chair and a towel"; none for "none".

    The questions are English, so that the words may be those of English as well.
    """
    things = [listed.strip()]
    for words in _vocabularies(language):
        if words.pattern("nothing", form=_NOTHING).search(listed.strip()):
            return ()
        between = words.pattern("and", form=_LISTED)
        things = [part for thing in things for part in between.split(thing)]
    return tuple(dict.fromkeys(" ".join(thing.split()) for thing in things if thing.strip()))


def _vocabularies(language: str) -> list[Vocabulary]:
    found = (vocabulary_of(tag) for tag in (language, "en"))
    return list(dict.fromkeys(words for words in found if words))


def template_languages(audience: Audience) -> list[str]:
    """Return the languages of the coach that have a template."""
    found = [tag for tag in available_languages() if _template(audience, tag)]
    return sorted(found, key=lambda tag: (tag != "en", tag))


def _template(audience: Audience, language: str) -> str:
    name = TEMPLATES.format(audience=audience.value)
    known = language_of(language)
    return known.text(name) if known and known.has(name) else ""


def draft_of(answers: Answers, path: Path, library: Library) -> WrittenRoutine:
    """Return the draft for a file whose length is nearest to the minutes that were asked for.

    It is laid out as `format` does, so that the first formatting changes only what was edited.
    Raises RoutineError where the answers cannot stand in a routine, and ExportError where there is
    no template in that language.
    """
    template = _template(answers.audience, answers.language)
    if not template:
        languages = ", ".join(template_languages(answers.audience))
        raise ExportError(
            f'there is no template in the language "{answers.language}"; there are: {languages}'
        )
    minutes = answers.minutes or USUAL_MINUTES[answers.audience]
    best: WrittenRoutine | None = None
    for sets in (2, 1, 3):  # of two that are as near, the one that shows more
        for more in range(template.count("@more@") + 1):
            draft = draft_from(_filled(template, answers, sets, more), path, library)
            if best is None or abs(draft.minutes - minutes) < abs(best.minutes - minutes):
                best = draft
    assert best is not None  # noqa: S101
    return draft_from(laid_out(path, best.text), path, library)


def copy_of(text: str, title: str, path: Path, library: Library) -> WrittenRoutine:
    """Return a draft that is the text of another routine, under a title of its own."""
    import tomlkit

    document = tomlkit.parse(text)
    document["title"] = title
    copied = tomlkit.dumps(document)
    if not copied.startswith("#:schema"):
        copied = f"{SCHEMA_LINE}\n{copied}"
    return draft_from(copied, path, library)


def draft_from(text: str, path: Path, library: Library) -> WrittenRoutine:
    """Return a text and its routine; raises RoutineError with all mistakes in it.

    `path` is the file that it shall stand in.
    """
    from voicecoach.language.phrases import load_phrases
    from voicecoach.script.compiler import nominal_minutes
    from voicecoach.script.durations import word_seconds

    # Read before it is written, so that an author gets a file without a mistake.
    routine = load_routine(path, library, text=text)
    phrases = load_phrases(routine.language, routine.audience)
    minutes = nominal_minutes(routine, phrases, word_seconds(routine.audience))
    return WrittenRoutine(text, routine, minutes)


def _filled(template: str, answers: Answers, sets: int, more: int) -> str:
    keys = _keys(answers.things, answers.language)
    things = zip(keys, answers.things, strict=True)
    values = {
        "title": _toml(answers.title),
        "language": answers.language,
        "sets": f"{sets} x " if sets > 1 else "",
        "rest": f", rest {SET_REST_SECONDS[answers.audience]}s" if sets > 1 else "",
        "things": "\n".join(f"{key} = {_toml(thing)}" for key, thing in things),
        "needs": ", ".join(f'"{key}"' for key in keys),
    }
    holds = {
        "several": sets > 1,
        "weights": any(has_weights(thing, answers.language) for thing in answers.things),
        "needed": bool(keys),
        "nothing": not keys,
    }

    def lines() -> Iterator[str]:
        blocks, is_left_out = 0, False
        for line in template.splitlines():
            if line == "@more@":
                blocks += 1
                is_left_out = blocks > more
            elif line == "@end@":
                is_left_out = False
            elif is_left_out:
                continue
            elif condition := _CONDITION.match(line):
                if holds[condition[2]]:
                    yield condition[1] + condition[3]
            else:
                yield line

    text = "\n".join(lines()) + "\n"
    return _FILLED.sub(lambda sign: values[sign[1]], text)


def _keys(things: Sequence[str], language: str) -> list[str]:
    """Return a key for each thing, as routine files have it: `a sturdy chair` is `sturdy-chair`."""
    keys: list[str] = []
    articles = [words.pattern("articles", form=_ARTICLES) for words in _vocabularies(language)]
    for number, thing in enumerate(things, 1):
        plain = thing
        for article in articles:
            plain = article.sub("", plain)
        key = slug_of(plain)[:40].strip("-")
        keys.append(key if key.isascii() and key and key not in keys else f"thing-{number}")
    return keys


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
