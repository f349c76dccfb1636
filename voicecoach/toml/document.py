"""A TOML file as it is read: its values with their places, and every mistake found in it.

Reading goes on behind a mistake, so that one look at a file finds all of them; a value read from a
file with mistakes is not to be used.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from voicecoach.errors import Problem, RoutineError
from voicecoach.messages import MAX_OFFERED, alternatives, escaped, quoted
from voicecoach.toml.text import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from voicecoach.toml.spans import TomlPath, TomlSpans

MAX_MISTAKES: Final = 100
"""Reading stops here: nobody mends more of them at a time."""
LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class TooManyMistakesError(Exception):
    """Reading stops: `Document.problems` has enough to tell."""


class Refused(Exception):  # noqa: N818  (it reports nothing: the mistake is noted already)
    """A value cannot be used; its mistake has been noted."""


@dataclass(frozen=True)
class _Mistake:
    path: TomlPath
    place: Literal["value", "key", "line"]
    step: str
    slug: str
    message: str
    fix: str
    code: str
    index: int | None = None
    """Character within the string at `path`."""


class Document:
    """A TOML file and the mistakes found in it so far."""

    def __init__(
        self,
        path: Path,
        text: str,
        *,
        language: str | None = None,
        root: dict[str, Any] | None = None,
    ) -> None:
        """`root` is the table in the text, where that has been parsed before."""
        self.path = path
        self.text = text
        self.root = parse_toml(path, text) if root is None else root
        own = self.root.get("language")
        self.own_language = own if isinstance(own, str) and LANGUAGE_TAG.fullmatch(own) else "en"
        """The language of every text that is not a table by language."""
        self.language = language or self.own_language
        """The language that is read."""
        self.is_language_wished = language is not None
        """Somebody asked for that language; else it is the file's own."""
        self.bases: tuple[Document, ...] = ()
        """The files that this one extends, the nearest first."""
        self.own_words: Mapping[str, Mapping[str, str]] = {}
        """What the author's own `$variables` stand for, by language."""
        self._mistakes: list[_Mistake] = []
        self._untranslated: list[Spot] = []

    def spot(self) -> Spot:
        """Return the file's top table, to read from."""
        return Spot(self, (), self.root)

    def take_as_base(self, base: Document) -> None:
        """Extend another file: take over its mistakes, and its language unless this one has one."""
        self.bases = (base, *base.bases)
        if "language" not in self.root:
            self.own_language = base.own_language
            if not self.is_language_wished:
                self.language = base.language

    def take_own_words(self, own_words: Mapping[str, Mapping[str, str]]) -> None:
        """Know the author's own `$variables`, in this file and in those that it extends."""
        for document in (self, *self.bases):
            document.own_words = own_words

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Read inside this; at its end all mistakes are raised as one RoutineError."""
        with suppress(TooManyMistakesError):
            yield
        if problems := self.problems():
            raise RoutineError(self.path, problems)

    def note(self, mistake: _Mistake) -> None:
        """Remember a mistake."""
        self._mistakes.append(mistake)
        if len(self._mistakes) >= MAX_MISTAKES:
            raise TooManyMistakesError

    @property
    def tags(self) -> tuple[str, str]:
        """Return the tags of the language that is read, the one that counts first."""
        return self.language, self.language.split("-", maxsplit=1)[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its title, the file's own first; it claims all its texts in them."""
        title = self.root.get("title")
        tags = filter(LANGUAGE_TAG.fullmatch, title if isinstance(title, dict) else ())
        return tuple(sorted(tags, key=lambda tag: tag != self.own_language)) or (self.own_language,)

    def has_language(self, language: str) -> bool:
        """Return True if the file claims texts in a language, or in that of a regional tag."""
        return bool({language, language.split("-", maxsplit=1)[0]} & set(self.languages))

    def in_language(self, spot: Spot, words: Mapping[str, str]) -> str:
        """Return the text in the language that is read."""
        for tag in self.tags:
            if tag in words:
                return words[tag]
        self._untranslated.append(spot)
        if self.language == self.own_language:
            known = alternatives([f'"{tag}"' for tag in words][:MAX_OFFERED], "and")
            message = f'{spot.name} has no text in "{self.language}", only in {known}'
            fix = f'add {self.language} = "…"'
            raise spot.refuse(message, fix=fix, code="untranslated")
        raise Refused

    def problems(self) -> list[Problem]:
        """Return all mistakes in the order of the file."""
        if self.language != self.own_language and self._untranslated:
            self._note_untranslated()
        theirs = [
            replace(problem, path=problem.path or base.path)
            for base in self.bases[:1]
            for problem in base.problems()
        ]
        if not self._mistakes:
            return theirs
        from voicecoach.toml.spans import locate

        # Only along the paths of mistakes, so that a file at the limits is refused within a second.
        spans = locate(self.text, [mistake.path for mistake in self._mistakes])
        found = sorted({_problem(one, spans) for one in self._mistakes}, key=lambda one: one.order)
        if len(self._mistakes) >= MAX_MISTAKES:
            last, column = self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n")
            message, fix = "there may be more mistakes", "mend those above first"
            found.append(Problem(last, column, "", message, fix, "too-many-mistakes"))
        return [*found, *theirs]

    def _note_untranslated(self) -> None:
        untranslated, self._untranslated = self._untranslated, []
        tag = quoted(self.language)
        if not self.has_language(self.language):  # one sentence is enough
            message = f"there are no texts in {tag}"
            known = alternatives([quoted(language) for language in self.languages])
            fix = f"choose {known}, which this file is in, or translate it"
            self._mistakes.append(_Mistake((), "line", "", "", message, fix, "untranslated"))
            return
        for spot in untranslated[:MAX_MISTAKES]:
            message, fix = f"{spot.name} has no text in {tag}", f'add {self.language} = "…"'
            said = message, fix, "untranslated"
            self._mistakes.append(_Mistake(spot.path, "value", spot.step, spot.slug, *said))


def _problem(mistake: _Mistake, spans: TomlSpans) -> Problem:
    line, column = (0 if mistake.path else 1), 0
    span = spans.nearest(mistake.path)
    if mistake.place == "key":
        span = spans.keys.get(mistake.path, span)
    if span is not None:
        line = span.line
        column = 0 if mistake.place == "line" else span.column
    if mistake.index is not None:
        line, column = spans.in_string(mistake.path, mistake.index) or (line, column)
    said = mistake.message, mistake.fix, mistake.code
    return Problem(line, column, mistake.step, *said, slug=mistake.slug)


@dataclass(frozen=True)
class Spot:
    """A value of a document, and its place."""

    document: Document
    path: TomlPath
    value: object
    step: str = ""
    """The step it belongs to, as messages call it."""
    slug: str = ""
    """The slug of that step, as it is written."""
    example: str = ""
    """A right value, as TOML."""
    number: int = 0
    """Of an item in a list of items from several files: which one it is there, from 1."""
    equals: str = " = "
    """What messages put between its name and a value: without spaces for environment variables."""
    own_language: str = ""
    """The language of a text in a table by language; empty elsewhere."""

    @property
    def language(self) -> str:
        """The language that a text is written in."""
        return self.own_language or self.document.own_language

    @property
    def name(self) -> str:
        """The name in messages: `setup`, `item 2 of opening`."""
        if not self.path:
            return "the file"
        last = self.path[-1]
        return shown_key(last) if isinstance(last, str) else f"item {last + 1} of {self.path[-2]}"

    def child(self, key: str | int, *, example: str = "") -> Spot:
        """Return the value at a key or list position, with its place."""
        if isinstance(self.value, LayeredTable | LayeredList):
            origin: Spot = cast("Any", self.value.origins)[key]
            within = self if self.step else origin
            return replace(origin, step=within.step, slug=within.slug, example=example)
        value = cast("Any", self.value)[key]
        return Spot(self.document, (*self.path, key), value, self.step, self.slug, example)

    def text_at(self, key: str) -> str:
        """Return the text at a key of a table; empty where there is none."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, str) else ""

    def with_value(self, value: object) -> Spot:
        """Return another value in this place."""
        return replace(self, value=value)

    def refuse(
        self,
        message: str,
        *,
        fix: str,
        code: str,
        place: Literal["value", "key", "line"] = "value",
        index: int | None = None,
    ) -> Refused:
        """Note a mistake; raise the result where reading cannot go on.

        `message` says what is wrong, `fix` what to do next; `code` is the kind of mistake, as in
        `findings`. What they quote of the file is made fit to be shown.
        """
        said = escaped(message), escaped(fix)
        self.document.note(_Mistake(self.path, place, self.step, self.slug, *said, code, index))
        return Refused()

    def refuse_type(self, what: str, example: str = "", *, code: str = "wrong-type") -> Refused:
        """Note that the value is of another type, or form, than is wanted."""
        written = example or self.example
        if isinstance(self.path[-1], str):
            written = f"{self.name}{self.equals}{written}"
        return self.refuse(f"{self.name} is {what}", fix=f"write {written}", code=code)


class LayeredTable(dict[str, object]):
    """A table whose values come from several places."""

    def __init__(self, origins: Mapping[str, Spot], *, former_dose: Spot | None = None) -> None:
        super().__init__({key: spot.value for key, spot in origins.items()})
        self.origins = origins
        self.former_dose = former_dose
        """Of a step: the dose that its cues were written for, where it has another now."""


class LayeredList(list[object]):
    """A list whose items come from several places."""

    def __init__(self, origins: Sequence[Spot]) -> None:
        super().__init__(spot.value for spot in origins)
        self.origins = [replace(spot, number=number) for number, spot in enumerate(origins, 1)]


def shown_key(key: str) -> str:
    """Return a key for a message: as it is, or quoted where it is not a plain one."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", key) else quoted(key)
