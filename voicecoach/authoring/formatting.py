"""Lays out our TOML files as the bundled ones are: from a text to the same text, easier to read.

Only blanks, line breaks and the spelling of doses change, and keys of a step come into their usual
order. Every comment stays and moves along with what it stands above or behind. What comes out is
read again before it is given back: it has to mean what went in, with the same comments.

tree-sitter gives the syntax tree with all comments in it, which `tomllib` has not, and the places
of each, from which tomlkit keeps none.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from voicecoach.errors import Problem, RoutineError
from voicecoach.files.atomic import with_modes_of, write_atomically
from voicecoach.library.format import ROUTINE_FIELDS, STEP_FIELDS
from voicecoach.library.shared import SHARED_FIELDS
from voicecoach.routine.dose_line import DOSE_PATTERN, DoseError, parse_dose, tidy_dose
from voicecoach.toml.fields import FIELDS, FOLDS, schema_of, schema_of_table
from voicecoach.toml.spans import VALUE_TYPES, TomlPath, key_parts, key_text, tree_of
from voicecoach.toml.text import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tree_sitter import Node

    from voicecoach.toml.fields import Schema

WIDTH: Final = 100
"""Columns; what is longer is broken where that is possible."""
TEXT_WIDTH: Final = 88
"""Columns of a text that is broken."""

_INDENT: Final = "  "
_NOWHERE: Final = -(10**9)
"""A column from which everything fits."""
_STEP_ORDER: Final = {field.key: number for number, field in enumerate(STEP_FIELDS)}
_FIELDS: Final = {"voicecoach": ROUTINE_FIELDS, "voicecoach_shared": SHARED_FIELDS}
"""What may stand in a file, by the key that says what kind of file it is."""


def laid_out(path: Path, text: str) -> str:
    """Return the text of a file as `format` lays it out; `path` is for messages alone.

    Raises RoutineError if the text is no TOML, or no layout keeps its meaning and its comments.
    """
    text = text.replace("\r\n", "\n")
    before = parse_toml(path, text)
    kind = next((key for key in _FIELDS if key in before), "")
    try:
        root = tree_of(text.encode())
        after = "" if root.has_error else _Layout(kind)(root)
        is_same = bool(after) and _meaning(tomllib.loads(after), kind) == _meaning(before, kind)
        is_same = is_same and _comments(tree_of(after.encode())) == _comments(root)
    except (RecursionError, ValueError):
        is_same = False
    if not is_same:
        message = "this file has to be laid out by hand; nothing was changed"
        raise RoutineError(path, [Problem(0, 0, "", message)])
    return after


def replace_text(path: Path, text: str) -> None:
    """Replace the text of a file, whose modes and links stay.

    Raises RoutineError where that cannot be done; the file is as it was then.
    """
    try:
        target = path.resolve(strict=True)
        if target.stat().st_mode & 0o222:
            write_atomically(target, text.encode(), prepare=with_modes_of(target)).close()
            return
        reason = "it is read-only"
    except (OSError, RuntimeError) as error:  # a folder that is shut, a full disk, a loop of links
        reason = (getattr(error, "strerror", None) or str(error)).lower()
    message = f"the file could not be written ({reason}): it is as it was"
    raise RoutineError(path, [Problem(0, 0, "", message)])


# What must stay


def _meaning(value: Any, kind: str, path: TomlPath = ()) -> Any:
    """Return a value in a form that is equal where the files mean the same."""
    match value:
        case dict():
            return {key: _meaning(item, kind, (*path, key)) for key, item in value.items()}
        case list():
            return [_meaning(item, kind, (*path, index)) for index, item in enumerate(value)]
        case str() if _is_folded(kind, path):
            return " ".join(value.split())
        case str() if _is_dose(kind, path):
            return _dose_or_text(value)
        case _:
            return type(value), repr(value)  # nan is not equal to itself, and 1 equals 1.0


def _dose_or_text(text: str) -> object:
    try:
        return parse_dose(text)
    except DoseError:
        return text


def _comments(root: Node) -> Counter[str]:
    found: Counter[str] = Counter()
    todo = [root]
    while todo:
        node = todo.pop()
        if node.type == "comment":
            found[_text(node).rstrip()] += 1
        todo += node.children
    return found


def _is_folded(kind: str, path: TomlPath) -> bool:
    """Return True if line breaks in a string count as blanks."""
    return any(schema.get(FOLDS) for schema in _schemas_at(kind, path))


def _is_dose(kind: str, path: TomlPath) -> bool:
    return any(schema.get("pattern") == DOSE_PATTERN for schema in _schemas_at(kind, path))


def _schemas_at(kind: str, path: TomlPath) -> list[Schema]:
    # One place in the cache for all items of a list.
    return _schemas(kind, tuple(0 if isinstance(part, int) else part for part in path))


@lru_cache(maxsize=4096)
def _schemas(kind: str, path: TomlPath) -> list[Schema]:
    if not path:
        return [schema_of_table(_FIELDS.get(kind, ()))]
    last = path[-1]
    found: list[Schema] = []
    for schema in _schemas(kind, path[:-1]):
        inner: list[Schema] = []
        if isinstance(last, int):
            inner.append(schema.get("items", {}))
        else:
            # A header names no numbers: `[[steps.cues]]` is of the last step.
            table = schema.get("items", {}) if schema.get("type") == "array" else schema
            inner += [schema_of(field.read) for field in table.get(FIELDS, ()) if field.key == last]
            names = table.get("propertyNames", {}).get("pattern")
            if names and re.search(names, last):
                inner.append(table["additionalProperties"])
        for one in inner:
            found += one.get("anyOf", [one])
    return found


# The lines


@dataclass
class _Entry:
    """A line of a file and what belongs on it, or the lines of one value."""

    node: Node
    last_row: int
    has_gap: bool
    """Whether a blank line stands before it."""
    comment: str = ""
    """Behind it."""


@dataclass
class _Table:
    """A header with what stands below it, or the top of a file."""

    header: _Entry | None
    above: list[_Entry] = field(default_factory=list)
    """Comments directly above the header."""
    body: list[_Entry] = field(default_factory=list)


class _Layout:
    """One walk over the syntax tree of a text."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, root: Node) -> str:
        lines: list[str] = []
        for table in _tables(_entries(root)):
            path: TomlPath = ()
            if table.header:
                lines += [""] if lines else []
                lines += self._lines(table.above, ())
                node = table.header.node
                key = next(child for child in node.named_children if child.type != "comment")
                path = tuple(key_text(part) for part in key_parts(key))
                header = f"[{_key(key)}]" if node.type == "table" else f"[[{_key(key)}]]"
                lines.append(_behind(header, table.header.comment))
            body = table.body
            if self._kind == "voicecoach" and path == ("steps",):
                body = _in_order(body)
            lines += self._lines(body, path)
        return "\n".join(lines) + "\n"

    def _lines(self, entries: list[_Entry], path: TomlPath) -> Iterator[str]:
        for number, entry in enumerate(entries):
            if entry.has_gap and number:
                yield ""
            if entry.node.type == "comment":
                yield _text(entry.node).rstrip()
            else:
                yield _behind(self._pair(entry.node, path, "", 0), entry.comment)

    def _pair(
        self, node: Node, path: TomlPath, indent: str, column: int, *, inline: bool = False
    ) -> str:
        """Return `key = value`; later lines are indented like `indent`."""
        key = node.named_children[0]
        value = next(child for child in node.named_children if child.type in VALUE_TYPES)
        written = f"{_key(key)} = "
        path = (*path, *(key_text(part) for part in key_parts(key)))
        return written + self._value(value, path, indent, column + len(written), inline=inline)

    def _value(self, node: Node, path: TomlPath, indent: str, column: int, *, inline: bool) -> str:
        """Return a value that begins at a column; `inline`: inside a table in braces."""
        match node.type:
            case "array":
                return self._list(node, path, indent, column, inline=inline)
            case "inline_table":
                written = "{"
                pairs = [child for child in node.named_children if child.type == "pair"]
                for number, pair in enumerate(pairs):
                    written += ", " if number else " "
                    at = _column_behind(written, column)
                    written += self._pair(pair, path, indent, at, inline=True)
                return f"{written} }}" if pairs else "{}"
            case "string" if self._kind:
                return self._string(_text(node), path, indent, column, inline=inline)
            case _:
                return _text(node)

    def _list(self, node: Node, path: TomlPath, indent: str, column: int, *, inline: bool) -> str:
        pairs = pairwise(node.children)
        is_broken = any(late.start_point.row > early.end_point.row for early, late in pairs)
        if not is_broken:
            flat = self._flat_list(node, path, indent, _NOWHERE, inline=inline)
            if column + len(flat.partition("\n")[0]) <= WIDTH or flat == "[]":
                return flat
            if inline:
                return self._flat_list(node, path, indent, column, inline=True)
        return self._broken_list(node, path, indent)

    def _flat_list(
        self, node: Node, path: TomlPath, indent: str, column: int, *, inline: bool
    ) -> str:
        written = "["
        items = [child for child in node.named_children if child.type in VALUE_TYPES]
        for number, item in enumerate(items):
            written += ", " if number else ""
            at = _column_behind(written, column)
            written += self._value(item, (*path, number), indent, at, inline=inline)
        return f"{written}]"

    def _broken_list(self, node: Node, path: TomlPath, indent: str) -> str:
        inner = indent + _INDENT
        lines = ["["]
        last_row, number, can_take_comment = node.start_point.row, 0, True
        for child in node.children[1:-1]:
            has_gap = child.start_point.row > last_row + 1 and len(lines) > 1
            if child.type == "comment":
                comment = _text(child).rstrip()
                if can_take_comment and child.start_point.row == last_row:
                    lines[-1] = _behind(lines[-1], comment)
                else:
                    lines += [""] * has_gap + [inner + comment]
                can_take_comment = False
            elif child.type in VALUE_TYPES:
                value = self._value(child, (*path, number), inner, len(inner), inline=False)
                lines += [""] * has_gap + [f"{inner}{value},"]
                number, can_take_comment = number + 1, True
            last_row = child.end_point.row
        return "\n".join([*lines, f"{indent}]"])

    def _string(
        self, written: str, path: TomlPath, indent: str, column: int, *, inline: bool
    ) -> str:
        is_long_form = written.startswith(('"""', "'''"))
        if _is_dose(self._kind, path) and not is_long_form:
            text = tomllib.loads(f"it = {written}")["it"]
            try:
                tidy = tidy_dose(text)  # spelled, not completed: defaults stay unwritten
            except DoseError:
                return written
            return written if tidy == text else f'"{tidy}"'
        if not _is_folded(self._kind, path) or is_long_form or written.startswith("'"):
            return written
        return _broken_text(written, indent, column, inline=inline)


def _broken_text(written: str, indent: str, column: int, *, inline: bool) -> str:
    closing = len(" },") if inline else len(",") if indent else 0
    if column + len(written) + closing <= WIDTH:
        return written
    at_start = not indent and not inline  # then its first line begins below the key
    inner = "" if at_start else indent + _INDENT * inline
    lines, line = [], "" if at_start else " " * (column + 3)
    for word in written[1:-1].split():
        longer = f"{line} {word}" if line.strip() else line + word
        if len(longer) > TEXT_WIDTH and line.strip():
            lines.append(line)
            longer = inner + word
        line = longer
    lines.append(line)
    if len(lines) == 1:
        return written
    text = "\n".join(lines)
    return f'"""\n{text}"""' if at_start else f'"""{text[column + 3 :]}"""'


def _column_behind(written: str, column: int) -> int:
    return len(written) - written.rfind("\n") - 1 if "\n" in written else column + len(written)


def _behind(line: str, comment: str) -> str:
    return f"{line}  {comment}" if comment else line


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _key(node: Node) -> str:
    """Return a key as it is written, without blanks around its dots."""
    return ".".join(_text(part) for part in key_parts(node))


# What goes together


def _entries(root: Node) -> list[_Entry]:
    entries: list[_Entry] = []
    for node in _statements(root):
        first, last = node.start_point.row, node.end_point.row
        if node.type in ("table", "table_array_element"):
            last = first
        elif node.type == "pair":
            values = (child for child in node.named_children if child.type in VALUE_TYPES)
            last = next(values).end_point.row
        before = entries[-1] if entries else None
        if node.type == "comment":
            last = first
            if before and before.node.type != "comment" and before.last_row == first:
                before.comment = _text(node).rstrip()
                continue
        has_gap = before is not None and first > before.last_row + 1
        entries.append(_Entry(node, last, has_gap))
    return entries


def _statements(parent: Node) -> Iterator[Node]:
    """Yield the headers, pairs and comments of a file, without those inside lists."""
    for node in parent.named_children:
        if node.type == "pair":
            yield node
            yield from (child for child in node.named_children if child.type == "comment")
        elif node.type in ("table", "table_array_element"):
            yield node
            yield from _statements(node)
        elif node.type == "comment":
            yield node


def _tables(entries: Iterable[_Entry]) -> list[_Table]:
    """Return the headers with what follows them; comments directly above one are its own."""
    tables = [_Table(None)]
    for entry in entries:
        if entry.node.type in ("pair", "comment"):
            tables[-1].body.append(entry)
            continue
        body = tables[-1].body
        above: list[_Entry] = []
        is_next = not entry.has_gap
        while is_next and body and body[-1].node.type == "comment":
            above.insert(0, body.pop())
            is_next = not above[0].has_gap
        tables.append(_Table(entry, above))
    return tables


def _in_order(body: list[_Entry]) -> list[_Entry]:
    """Return the lines of a step in the usual order of its keys.

    They stay as they are where it is not plain what belongs together: blank lines between them, a
    comment below the header or at the end, or keys that a step has not.
    """
    groups: list[tuple[int, list[_Entry]]] = []
    waiting: list[_Entry] = []
    for number, entry in enumerate(body):
        if entry.has_gap and number:
            return body
        waiting.append(entry)
        if entry.node.type == "pair":
            key = key_text(next(key_parts(entry.node.named_children[0])))
            if key not in _STEP_ORDER:
                return body
            groups.append((_STEP_ORDER[key], waiting))
            waiting = []
    in_order = sorted(groups, key=lambda group: group[0])
    if waiting or (groups and len(groups[0][1]) > 1 and in_order[0] is not groups[0]):
        return body
    return [entry for _, group in in_order for entry in group]
