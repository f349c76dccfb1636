"""JSON Schemas of our files for editors, from the tables of fields and a library.

The tables that read a file are the ones that describe it here, so an editor completes what the
reader takes. A schema cannot know all rules between fields: what it refuses, the reader refuses
too, but not the other way round.

It is draft 7, as taplo reads it, the TOML server behind most editors. taplo offers the values of an
`enum` with the `x-taplo` texts, and offers a key once for each object below an `anyOf`.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Final

from voicecoach.library.extending import OWN_KEYS
from voicecoach.library.format import ROUTINE_FIELDS
from voicecoach.library.shared import SHARED_FIELDS
from voicecoach.toml.fields import (
    FIELDS,
    FOLDS,
    NAMES,
    VARIABLES,
    WORDS,
    Schema,
    schema_of,
    schema_of_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from voicecoach.library.library import Library
    from voicecoach.toml.fields import Field

SCHEMA_NAME: Final = "routine.schema.json"
"""The file beside routines that editors read, named by the first line of a routine."""

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_TITLE: Final = "A voicecoach routine"
_SHARED_TITLE: Final = "What voicecoach routines share"
_OWN_KEYS: Final = frozenset({FIELDS, FOLDS, NAMES, VARIABLES, WORDS})
_MOST_SHOWN: Final = 200
"""Characters of a shared text that an editor shows beside its name."""


def routine_schema(library: Library | None = None) -> Schema:
    """Return the JSON Schema of routine files; with a library, editors offer the names it knows."""
    schema = _whole(_TITLE, ROUTINE_FIELDS, library)
    needed = schema["required"]
    own = [key for key in needed if key in OWN_KEYS]
    inherited = {"if": {"required": ["extends"]}, "else": {"required": needed}}
    wanted = {key: ["extends"] for key in ("without", "changes")}
    return {**schema, "required": own, **inherited, "dependencies": wanted}


def shared_schema(library: Library | None = None) -> Schema:
    """Return the JSON Schema of the files in scripts/shared/, in the same way."""
    return _whole(_SHARED_TITLE, SHARED_FIELDS, library)


def schema_text(schema: Schema) -> str:
    """Return a schema as the text of a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def is_our_schema(path: Path) -> bool:
    """Return True if a file is a schema of ours."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("title") in (_TITLE, _SHARED_TITLE)


def _whole(title: str, fields: Sequence[Field], library: Library | None) -> Schema:
    names = _names(library) if library else {}
    return {"$schema": _DRAFT, "title": title, **_filled(schema_of_table(fields), names)}


def _names(library: Library) -> dict[str, dict[str, str]]:
    """Return the names that a library knows, by kind, each with the words behind it."""
    blocks = {
        name: " ".join(_first(line.say) for line in lines if line.say)
        for name, lines in library.shared.blocks.items()
    }
    reasons = {
        name: ", ".join(_first(reason.name) for reason in listed)
        for name, listed in library.shared.contraindications.items()
    }
    stop_lines = {name: _first(words) for name, words in library.shared.stop.items()}
    return {"blocks": blocks, "stop": stop_lines, "contraindications": reasons}


def _first(words: Mapping[str, str]) -> str:
    return next(iter(words.values()), "")


def _filled(part: Any, names: Mapping[str, Mapping[str, str]]) -> Any:
    """Return a part of a schema in which standard keys replace our own."""
    if isinstance(part, list):
        return [_filled(item, names) for item in part]
    if not isinstance(part, dict):
        return part
    filled = {key: _filled(value, names) for key, value in part.items() if key not in _OWN_KEYS}
    if FIELDS in part:
        fields: Sequence[Field] = part[FIELDS]
        filled["properties"] = {field.key: _property(field, names) for field in fields}
        filled["additionalProperties"] = False
        if required := [field.key for field in fields if field.required]:
            filled["required"] = required
    if likely := part.get(WORDS) or names.get(part.get(NAMES, "")):
        values = list(likely)
        known = {"enum": values, "x-taplo": {"docs": {"enumValues": _shown(likely.values())}}}
        if "enum" in filled:
            filled |= known
        else:
            # One object and no more, so that the key itself is offered once.
            filled["anyOf"] = [known, True]
    return filled


def _shown(texts: Iterable[str]) -> list[str]:
    return [text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…" for text in texts]


def _property(field: Field, names: Mapping[str, Mapping[str, str]]) -> Schema:
    schema: Schema = _filled(schema_of(field.read), names)
    likely = schema.get("anyOf", [])
    is_open = len(likely) == 2 and likely[1] is True
    # taplo joins what stands here and there, and takes what it offers from there alone.
    (likely[0] if is_open else schema)["description"] = "\n\n".join(_sentences(field, schema))
    if _is_shown_default(field, schema):
        schema["default"] = _as_json(field.default)
    if "…" not in field.example and not field.example.startswith("[["):
        schema["examples"] = [tomllib.loads(f"it = {field.example}")["it"]]
    return schema


def _sentences(field: Field, schema: Schema) -> Iterator[str]:
    """Yield the help of an editor for a key, as Markdown."""
    yield field.about
    if "minimum" in schema:
        yield f"From {schema['minimum']:g} to {schema['maximum']:g}."
    if variables := schema_of(field.read).get(VARIABLES):
        yield f"Variables: {', '.join(f'`${name}`' for name in variables)}; `$$` is a dollar sign."
    written = field.example if field.example.startswith("[[") else f"{field.key} = {field.example}"
    yield f"For instance: `{written}`"


def _is_shown_default(field: Field, schema: Schema) -> bool:
    """Return True if the default is a value that could be written, too."""
    match field.default:
        case bool():
            return True
        case int() | float() as number:
            return bool(schema.get("minimum", number) <= number <= schema.get("maximum", number))
        case other:
            return other not in (None, "")


def _as_json(value: Any) -> Any:
    """Return a default as it would be written: `20.0` as 20, a tuple as a list."""
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
