"""Tables of fields: which keys a table may have, and which reader takes the value of each.

A reader takes a value or refuses it, and carries the JSON Schema of what it takes; a field carries
its sentence. So a key is declared once, and editors cannot offer other keys than `check` knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from voicecoach.messages import nearest, quoted, suggestion
from voicecoach.toml.document import Refused, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Value_co = TypeVar("Value_co", covariant=True)
Schema = dict[str, Any]
"""A JSON Schema, but for the keys below, which the schema for editors fills in.

It sees one value at a time: it refuses nothing that the reader takes, and leaves to the reader what
lies between two keys.
"""

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
    """Make a reader of the function below, which takes values that fit the schema."""
    return lambda take: Reader(take, schema)


def schema_of(read: Callable[[Spot], Any]) -> Schema:
    """Return the schema of a reader; that of a mere function is empty."""
    return read.schema if isinstance(read, Reader) else {}


def schema_of_table(fields: Sequence[Field]) -> Schema:
    """Return the schema of tables with these fields."""
    return {"type": "object", FIELDS: tuple(fields)}


def one_of(fields: Sequence[Field], *keys: str) -> Schema:
    """Return the schema of tables with these fields and exactly one of `keys`."""
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
    """It may not be left out."""
    into: str = ""
    """The attribute that it becomes; nothing where it has the key's name."""
    about: str = ""
    """What it is for, in a sentence or two with their units, for editors and the guide."""
    told_by: Callable[[Mapping[str, object]], str] | None = None
    """Where it is missing: makes a likely value, as TOML, of the rest of its table, or nothing."""

    def means(self, about: str) -> Field:
        """Return the field with its sentence."""
        return replace(self, about=about)

    @property
    def attribute(self) -> str:
        """The name that the value gets."""
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
    """Return the values of a table by attribute, without those that are refused or missing.

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
