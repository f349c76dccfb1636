"""Reads a TOML file by tables of fields: from a path to checked values, or to every mistake in it.

A `Field` says how a key is called, what it is for and which reader takes its value. Readers are made by
`text`, `number`, `list_of` and their like, and each tells as a JSON Schema what it takes. A mistake is
noted with its place and reading goes on, so that one look at a file finds all of them; a value read from
a file with mistakes is not to be used.

Files come from strangers: lengths and characters are limited here, size and depth in `toml_text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, cast

from voicecoach.errors import Problem, RoutineError
from voicecoach.plain_text import escaped
from voicecoach.toml_text import parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from voicecoach.toml_spans import TomlPath, TomlSpans

MAX_MISTAKES: Final = 100
"""So many are listed; whoever has more wants to begin with these."""
MAX_TEXT_LENGTH: Final = 2000
MAX_NAMES: Final = 500
"""In one table, such as the pieces of equipment."""
MAX_LANGUAGES: Final = 50
"""Of one text."""
MAX_OFFERED: Final = 40
"""So many names a message offers."""
MAX_NAME_LENGTH: Final = 40
"""For names that files call things by."""
MAX_LINE_LENGTH: Final = 120
"""For names and titles."""
_SHORT: Final = 60
"""Characters of somebody's own words that a message repeats as what to write."""

TAG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME: Final = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
LANGUAGE_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
VARIABLE_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")
VARIABLE: Final = re.compile(r"\$(\$|[A-Za-z_]+)?(?:(?<=[A-Za-z_])\(([^()]*)\)?)?")
"""`$reps`, or `$reps(rep, reps)` with the forms of a noun."""

_ALLOWED_FORMAT_CHARACTERS: Final = frozenset("\u00ad\u200b\u200c\u200d")
"""Where a word may break, and how letters join: all the unseen characters that writing needs."""


# ---------------------------------------------------------------------------------------- messages


def quoted(value: object) -> str:
    """Return a value for a message: short, and without characters that act on a terminal."""
    match value:
        case str():
            return f'"{escaped(value)}"' if len(value) <= 40 else f'"{escaped(value[:39])}…"'
        case bool():
            return str(value).lower()
        case int() | float():
            return (
                f"{value:.15g}"
                if abs(value) < 1e15 or isinstance(value, float)
                else "a huge number"
            )
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate that was probably meant; nothing where none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(name[:64].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""


def suggestion(name: str, candidates: Collection[str], *, mark: str = '"') -> str:
    """Return `did you mean "x"?`, or all there is to choose from."""
    if found := nearest(name, candidates):
        return f"did you mean {mark}{found}{mark}?"
    return _there_are(candidates)


def instead(name: str, candidates: Collection[str]) -> str:
    """Return `did you mean "x"?` and all there is to choose from."""
    there_are = _there_are(candidates)
    if found := nearest(name, candidates):
        return f'did you mean "{found}"? T{there_are[1:]}'
    return there_are


def _there_are(candidates: Collection[str]) -> str:
    offered = (name if len(name) <= 60 else f"{name[:59]}…" for name in candidates)
    listed = ", ".join(islice(offered, MAX_OFFERED)) or "none"
    more = ", …" if len(candidates) > MAX_OFFERED else ""
    return f"there {'is' if len(candidates) == 1 else 'are'} {listed}{more}"


def choose_from(name: str, candidates: Collection[str]) -> str:
    """Return `"morming"; did you mean "morning"? There are: morning, evening` for a name not found."""
    there_are = f"{'is' if len(candidates) == 1 else 'are'}: {', '.join(candidates) or 'none'}"
    if near := nearest(name, candidates):
        return f'{quoted(name)}; did you mean "{near}"? There {there_are}'
    return f"{quoted(name)}; there {there_are}"


def alternatives(words: Sequence[str], last: str = "or") -> str:
    """Return `a, b or c`."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _is_harmless(char: str) -> bool:
    """Return whether a character does nothing to a terminal, the order of letters, or a page."""
    if char.isprintable():
        return True
    category = unicodedata.category(char)
    if category == "Cf":
        return char in _ALLOWED_FORMAT_CHARACTERS
    if category == "Cn":  # a letter of tomorrow may be here; a code that is none never is
        return ord(char) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(char) <= 0xFDEF
    return category not in ("Cc", "Zl", "Zp", "Cs")


# ------------------------------------------------------------------------------------- the document


class TooManyMistakesError(Exception):
    """Reading stops: `Document.problems` has enough to tell."""


class Refused(Exception):  # noqa: N818  (it reports nothing: the mistake is noted already)
    """A value cannot be used; its mistake has been noted."""


@dataclass(frozen=True)
class _Mistake:
    path: TomlPath
    place: Literal["value", "key", "line"]
    step: str
    message: str
    fix: str
    code: str
    index: int | None = None
    """Character within the string at `path`."""


class Document:
    """A TOML file and the mistakes found in it so far."""

    def __init__(self, path: Path, text: str, *, language: str | None = None) -> None:
        self.path = path
        self.text = text
        self.root = parse_toml(path, text)
        own = self.root.get("language")
        self.own_language = own if isinstance(own, str) and LANGUAGE_TAG.fullmatch(own) else "en"
        """The language of every text that is not a table by language."""
        self.language = language or self.own_language
        """The language that is read."""
        self.is_language_wished = language is not None
        """Whether somebody asked for that language; else it is the file's own."""
        self.bases: tuple[Document, ...] = ()
        """The files that this one extends, the nearest first."""
        self.own_words: Mapping[str, Mapping[str, str]] = {}
        """What the author's own `$variables` stand for, by language."""
        self._mistakes: list[_Mistake] = []
        self._untranslated: list[Spot] = []

    @classmethod
    def open(cls, path: Path, *, language: str | None = None) -> Document:
        """Read a file; raise RoutineError where it is no TOML file that can be used."""
        return cls(path, read_text(path), language=language)

    def spot(self) -> Spot:
        """Return the file's top table, to read from."""
        return Spot(self, (), self.root)

    def take_as_base(self, base: Document) -> None:
        """Extend another file: its mistakes are this one's, and so is its language where none is said."""
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
        """The languages of its title, the file's own first: those it claims to have all its texts in."""
        title = self.root.get("title")
        tags = (
            [tag for tag in title if LANGUAGE_TAG.fullmatch(tag)] if isinstance(title, dict) else []
        )
        return tuple(sorted(tags, key=lambda tag: tag != self.own_language)) or (self.own_language,)

    def has_language(self, language: str) -> bool:
        """Return whether it claims to have its texts in a language, or in that of a regional tag."""
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
        from voicecoach.toml_spans import locate

        spans = locate(self.text, [mistake.path for mistake in self._mistakes])
        found = sorted(
            {_problem(mistake, spans) for mistake in self._mistakes},
            key=lambda problem: problem.order,
        )
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
            self._mistakes.append(_Mistake((), "line", "", message, fix, "untranslated"))
            return
        for spot in untranslated[:MAX_MISTAKES]:
            message, fix = f"{spot.name} has no text in {tag}", f'add {self.language} = "…"'
            mistake = _Mistake(spot.path, "value", spot.step, message, fix, "untranslated")
            self._mistakes.append(mistake)


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
    return Problem(line, column, mistake.step, mistake.message, mistake.fix, mistake.code)


# ------------------------------------------------------------------------------------- spots, fields


@dataclass(frozen=True)
class Spot:
    """A value of a document, and where it stands."""

    document: Document
    path: TomlPath
    value: object
    step: str = ""
    """The step it belongs to, as messages call it."""
    example: str = ""
    """A right value, as TOML."""
    number: int = 0
    """Of an item in a list of items from several files: which one it is there, from 1."""
    own_language: str = ""
    """The language of a text that stands in a table by language; empty elsewhere."""

    @property
    def language(self) -> str:
        """Return the language that a text is written in."""
        return self.own_language or self.document.own_language

    @property
    def name(self) -> str:
        """Return how a message calls it: `setup`, `item 2 of opening`."""
        if not self.path:
            return "the file"
        last = self.path[-1]
        return shown_key(last) if isinstance(last, str) else f"item {last + 1} of {self.path[-2]}"

    def child(self, key: str | int, *, example: str = "") -> Spot:
        """Return what stands at a key or list position of this value."""
        if isinstance(self.value, LayeredTable | LayeredList):
            origin: Spot = cast("Any", self.value.origins)[key]
            return replace(origin, step=self.step or origin.step, example=example)
        value = cast("Any", self.value)[key]
        return Spot(self.document, (*self.path, key), value, self.step, example)

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
        """Note a mistake; the result is there to be raised where reading cannot go on.

        `message` tells what is wrong, `fix` what to do next, `code` what kind of mistake it is, as in
        `findings`. What they quote of the file is made fit to be shown.
        """
        said = escaped(message), escaped(fix)
        self.document.note(_Mistake(self.path, place, self.step, *said, code, index))
        return Refused()

    def refuse_type(self, what: str, example: str = "", *, code: str = "wrong-type") -> Refused:
        """Note that the value is of another type, or form, than is wanted."""
        written = example or self.example
        if isinstance(self.path[-1], str):
            written = f"{self.name} = {written}"
        return self.refuse(f"{self.name} is {what}", fix=f"write {written}", code=code)


class LayeredTable(dict[str, object]):
    """A table whose values come from several places."""

    def __init__(self, origins: Mapping[str, Spot], *, former_dose: Spot | None = None) -> None:
        super().__init__({key: spot.value for key, spot in origins.items()})
        self.origins = origins
        """Where each value stands."""
        self.former_dose = former_dose
        """Of a step: the dose that its cues were written for, where it has another now."""


class LayeredList(list[object]):
    """A list whose items come from several places."""

    def __init__(self, origins: Sequence[Spot]) -> None:
        super().__init__(spot.value for spot in origins)
        self.origins = [replace(spot, number=number) for number, spot in enumerate(origins, 1)]
        """Where each item stands."""


def shown_key(key: str) -> str:
    """Return a key for a message: as it is, or quoted where it is not a plain one."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", key) else quoted(key)


Value_co = TypeVar("Value_co", covariant=True)
Schema = dict[str, Any]
"""A JSON Schema that never refuses what its reader takes, but for the keys below: `schema` fills them in."""

FIELDS: Final = "x-fields"
"""Key of a schema: the table has these fields and no others."""
NAMES: Final = "x-names"
"""Key of a schema: the value is a name of this kind, which a library knows."""
VARIABLES: Final = "x-variables"
"""Key of a schema: what the text may hold after a `$`."""
FOLDS: Final = "x-folds"
"""Key of a schema: a line break in the text is as good as a blank."""
WORDS: Final = "x-words"
"""Key of a schema: values by what each means; where there is no `enum`, others are right, too."""


@dataclass(frozen=True)
class Reader(Generic[Value_co]):
    """Takes a value or refuses it, and tells what it takes."""

    take: Callable[[Spot], Value_co]
    schema: Schema

    def __call__(self, spot: Spot) -> Value_co:
        """Return the value; raise Refused where it cannot be used."""
        return self.take(spot)


def takes(schema: Schema) -> Callable[[Callable[[Spot], Value_co]], Reader[Value_co]]:
    """Return what makes a reader of a function that takes values like these."""
    return lambda take: Reader(take, schema)


def schema_of(read: Callable[[Spot], Any]) -> Schema:
    """Return what a reader takes; of a mere function nothing is known."""
    return read.schema if isinstance(read, Reader) else {}


def schema_of_table(fields: Sequence[Field]) -> Schema:
    """Return the schema of tables with these fields."""
    return {"type": "object", FIELDS: tuple(fields)}


def changes_schema(fields: Sequence[Field]) -> Schema:
    """Return the schema of tables by slug, each with some of these fields."""
    fixed = ("slug", "after", "before")
    some = [replace(field, required=False) for field in fields if field.key not in fixed]
    return {"type": "object", "additionalProperties": schema_of_table(some)}


def one_of(fields: Sequence[Field], *keys: str) -> Schema:
    """Return the schema of tables with these fields, of which one of `keys` is there and no second."""
    pairs = [{"required": [*pair]} for pair in combinations(keys, 2)]
    none = {"not": {"anyOf": [{"required": [key]} for key in keys]}}
    return {**schema_of_table(fields), "not": {"anyOf": [*pairs, none]}}


@dataclass(frozen=True)
class Field:
    """A key that a table may have."""

    key: str
    """Its name in the file."""
    read: Callable[[Spot], Any]
    """Takes the value, or refuses it."""
    example: str
    """A right value, as TOML, for messages."""
    default: Any = None
    """The value where the key is left out."""
    required: bool = False
    """Whether it may not be left out."""
    into: str = ""
    """The attribute that it becomes; nothing where it has the key's name."""
    about: str = ""
    """What it is for, in a sentence or two with their units, for editors and the guide."""
    told_by: Callable[[Mapping[str, object]], str] | None = None
    """Where it is missing: makes a likely value, as TOML, of the rest of its table, or nothing."""

    @property
    def attribute(self) -> str:
        """Return the name that the value gets."""
        return self.into or self.key


def attempt(read: Callable[[Spot], Any], spot: Spot) -> tuple[Any, ...]:
    """Return the value in a tuple, which is empty where it was refused."""
    try:
        return (read(spot),)
    except Refused:
        return ()


def read_table(
    spot: Spot, fields: Sequence[Field], *, elsewhere: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Read a table: values by attribute; refused ones and required ones that are missing are left out.

    `elsewhere` tells where keys belong that people tend to write into this table by mistake.
    """
    table = cast("dict[str, object]", spot.value)
    by_key = {field.key: field for field in fields}
    values: dict[str, Any] = {}
    meant = set()
    for key in table:
        if key not in by_key:
            meant.add(nearest(key, by_key))
            message = f"unknown key {quoted(key)}"
            if fix := (elsewhere or {}).get(key):
                spot.child(key).refuse(message, fix=fix, code="misplaced-key", place="key")
            else:
                fix = suggestion(key, by_key)
                spot.child(key).refuse(message, fix=fix, code="unknown-key", place="key")
    for field in fields:
        if field.key in table:
            for value in attempt(field.read, spot.child(field.key, example=field.example)):
                values[field.attribute] = value
        elif not field.required:
            values[field.attribute] = field.default
        elif field.key not in meant:  # else the misspelt key is the one mistake
            is_header = field.example.startswith("[[")
            likely = (field.told_by and field.told_by(table)) or field.example
            written = field.example if is_header else f"{field.key} = {likely}"
            message = f"{field.key} is missing"
            spot.refuse(message, fix=f"write {written}", code="missing-key", place="line")
    return values


# ------------------------------------------------------------------------------------------ readers


def table(fields: Sequence[Field]) -> Reader[dict[str, Any]]:
    """Return a reader of tables with these fields."""

    @takes(schema_of_table(fields))
    def read(spot: Spot) -> dict[str, Any]:
        if not isinstance(spot.value, dict):
            raise spot.refuse_type("a table")
        return read_table(spot, fields)

    return read


def list_of(
    read_item: Callable[[Spot], Any],
    what: str,
    *,
    most: int,
    item_example: str = "",
) -> Reader[tuple[Any, ...]]:
    """Return a reader of lists; an item that was refused is None in the result."""

    @takes({"type": "array", "maxItems": most, "items": schema_of(read_item)})
    def read(spot: Spot) -> tuple[Any, ...]:
        if not isinstance(spot.value, list):
            raise spot.refuse_type(what, _as_list(spot.value, schema_of(read_item)))
        _check_count(spot, most)
        spots = (spot.child(i, example=item_example) for i in range(len(spot.value)))
        items = (attempt(read_item, item) for item in spots)
        return tuple(item[0] if item else None for item in items)

    return read


def _as_list(value: object, item: Schema) -> str:
    """Return a text as a list that holds it, in TOML; nothing where the list takes none, or none so long."""
    if not isinstance(value, str) or not _may_be_text(item):
        return ""
    plain = escaped(value) == value and not {'"', "\\"} & set(value)
    return f'["{value}"]' if plain and 0 < len(value) <= _SHORT else ""


def _may_be_text(schema: Schema) -> bool:
    kinds = schema.get("type", ())
    several = schema.get("anyOf", ())
    return "string" in kinds or any(map(_may_be_text, several))


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
    """Return a text as a short name, in TOML; nothing where no letter or digit of it can be kept."""
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
        if not _is_harmless(char):
            raise _control_character(spot, char, index)
    return spot.value


def check_length(spot: Spot, value: str, most: int) -> None:
    """Refuse a text with more characters than are allowed."""
    if len(value) > most:
        message = f"{spot.name} has {len(value)} characters, at most {most} are allowed"
        raise spot.refuse(message, fix="say it in fewer words", code="text-too-long")


def _control_character(spot: Spot, char: str, index: int) -> Refused:
    message = f"{spot.name} holds a control character (U+{ord(char):04X})"
    return spot.refuse(message, fix="take it out", code="control-character", index=index)


def _check_count(spot: Spot, most: int) -> None:
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
        _check_count(spot, most)
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
                child.refuse(
                    message, fix="use small letters, joined by _", code="bad-name", place="key"
                )
            elif key in standard:
                message = f"${key} has a meaning of its own"
                child.refuse(message, fix="choose another name", code="bad-name", place="key")
            else:
                for value in attempt(read_words, child):
                    values[key] = value
        return values

    return read


_LANGUAGE_PATTERN: Final = f"^{LANGUAGE_TAG.pattern}$"


@takes({"type": "string", "pattern": _LANGUAGE_PATTERN})
def language_tag(spot: Spot) -> str:
    """Read the name of a language."""
    if not isinstance(spot.value, str) or not LANGUAGE_TAG.fullmatch(spot.value):
        raise spot.refuse_type('a language tag such as "en" or "pt-BR"', code="bad-name")
    return spot.value


_CONTROLS: Final = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069"
)
_LONE_DOLLAR: Final = r"(?:^|[^$])(?:\$\$)*\$(?![$A-Za-z_])"
_WORDS_IN_IT: Final = r"[^\t\n\r -@\[-`{-~]"
"""A letter. Which of the letters beyond ASCII are none is not asked: each editor knows other ones."""


def _text_schema(most: int, *, one_line: bool, variables: Collection[str] | None) -> Schema:
    """Return the schema of a text in one language."""
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
    *,
    most: int = MAX_TEXT_LENGTH,
    one_line: bool = False,
    variables: Collection[str] | None = None,
) -> Reader[dict[str, str]]:
    """Return a reader of a text by language: a string, or a table such as { en = "…", de = "…" }."""
    plain = _text_schema(most, one_line=one_line, variables=variables)
    by_language = {
        "minProperties": 1,
        "propertyNames": {"pattern": _LANGUAGE_PATTERN},
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
        _check_count(spot, MAX_LANGUAGES)
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
    *,
    most: int = MAX_TEXT_LENGTH,
    one_line: bool = False,
    variables: Collection[str] | None = None,
) -> Reader[str]:
    """Return a reader of a text in the language that is read.

    Line breaks become blanks. The author's own variables are filled in; `variables` are those it may hold
    beside them; None: any other "$" has no meaning in it.
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


def _checked_text(
    spot: Spot,
    most: int,
    one_line: bool,
    variables: Collection[str] | None,
) -> str:
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
        if not _is_harmless(char):
            raise _control_character(spot, char, index)
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
    """Return what is wrong with the forms in brackets after a variable, and what to do; None for nothing."""
    from voicecoach.phrases import forms_problem

    if not found[0].endswith(")"):
        return f"the bracket after ${found[1]} is not closed", 'write ")" after the last form'
    message, fix = forms_problem(found[1], found[2], language)
    return (message, fix) if message else None
