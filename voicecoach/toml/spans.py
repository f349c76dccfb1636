"""Where the keys and values of a TOML text stand: from a text to spans, by path.

`tomllib` gives the values but no positions; tree-sitter gives the positions. The text has been
accepted by `tomllib` before it comes here, so nothing is judged again. Only a mistake to point at,
or a file to lay out, needs positions: the first call imports tree-sitter.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tree_sitter import Node

TomlPath = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead to a value: `("steps", 3, "cues", 1, "at")`."""

_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[ \t]*\r?\n[ \t\r\n]*|.)", re.DOTALL)
VALUE_TYPES: Final = frozenset(
    [
        *("array", "boolean", "float", "inline_table", "integer", "string"),
        *("local_date", "local_date_time", "local_time", "offset_date_time"),
    ]
)
"""What tree-sitter calls values."""


@dataclass(frozen=True)
class SourceSpan:
    """A stretch of a text."""

    line: int
    """Line of its first character, from 1."""
    column: int
    """Column of its first character, from 1, counted in characters."""
    start: int
    """Index of its first character in the text."""
    end: int
    """Index after its last character."""


@dataclass
class TomlSpans:
    """The spans of one text."""

    text: str
    keys: dict[TomlPath, SourceSpan] = field(default_factory=dict)
    """The last part of each key: `c` of `a.b.c = 1` and of `[a.b.c]`. List items have none."""
    values: dict[TomlPath, SourceSpan] = field(default_factory=dict)
    """Each value. That of a table with a header reaches from the header to the table's last line;
    tables that only stand inside dotted keys or longer headers have none."""

    def nearest(self, path: TomlPath) -> SourceSpan | None:
        """Return the span of a value, or of the nearest one around it."""
        for length in range(len(path), 0, -1):
            span = self.values.get(path[:length]) or self.keys.get(path[:length])
            if span:
                return span
        return None

    def in_string(self, path: TomlPath, index: int) -> tuple[int, int] | None:
        """Return line and column of character `index` (from 0) of the string at that path."""
        span = self.values.get(path)
        if span is None or self.text[span.start : span.start + 1] not in ('"', "'"):
            return None
        return self._place(_raw_index(self.text, span, index))

    def _place(self, offset: int) -> tuple[int, int]:
        line_start = self.text.rfind("\n", 0, offset) + 1
        return self.text.count("\n", 0, offset) + 1, offset - line_start + 1


def locate(text: str, wanted: Iterable[TomlPath] | None = None) -> TomlSpans:
    """Return the spans of all keys and values of a text that `tomllib` accepts.

    With `wanted` it is only those of these paths and of what is around them, which is always quick.
    """
    return _Locator(text, wanted).spans


def tree_of(source: bytes) -> Node:
    """Return the root of the syntax tree of a text in UTF-8."""
    import tree_sitter
    import tree_sitter_toml

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
    return parser.parse(source).root_node


def _raw_index(text: str, span: SourceSpan, index: int) -> int:
    """Return the index in the text of a character of a string value, at most that of its end."""
    quote = text[span.start]
    long = text.startswith(quote * 3, span.start)
    position = span.start + (3 if long else 1)
    last = span.end - (3 if long else 1)
    # A line break right after the opening quotes is no part of the value.
    if long and (newline := re.compile(r"\r?\n").match(text, position)):
        position = newline.end()
    read = 0
    while position < last:
        step = 2 if text.startswith("\r\n", position) else 1
        if quote == '"' and (escape := _ESCAPE.match(text, position)):
            if "\n" in escape[0]:
                # A line that goes on: the break and the indentation are no part of the value.
                position = escape.end()
                continue
            step = len(escape[0])
        if read == index:
            break
        read += 1
        position += step
    return min(position, last)


class _Locator:
    """One walk over the syntax tree of a text."""

    def __init__(self, text: str, wanted: Iterable[TomlPath] | None) -> None:
        source = text.encode()
        self.spans = TomlSpans(text)
        self._wanted = None
        if wanted is not None:
            self._wanted = {path[:end] for path in wanted for end in range(len(path) + 1)}
        # Counts the characters up to each byte: tree-sitter speaks of bytes.
        self._characters: Sequence[int] = range(len(source) + 1)
        if not text.isascii():
            self._characters = [0, *accumulate((byte & 0xC0) != 0x80 for byte in source)]
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._list_lengths: dict[TomlPath, int] = {}
        self._document(tree_of(source))

    def _is_wanted(self, path: TomlPath) -> bool:
        return self._wanted is None or path in self._wanted

    def _span(self, node: Node) -> SourceSpan:
        start, end = self._characters[node.start_byte], self._characters[node.end_byte]
        line = bisect_right(self._line_starts, start)
        return SourceSpan(line, start - self._line_starts[line - 1] + 1, start, end)

    def _document(self, root: Node) -> None:
        self._pairs(root, ())
        for node in root.named_children:
            if node.type in ("table", "table_array_element"):
                path = self._header(node)
                if self._is_wanted(path):
                    self.spans.values[path] = self._span(node)
                    self._pairs(node, path)

    def _header(self, node: Node) -> TomlPath:
        """Return the path of the table that a `[header]` or `[[header]]` opens."""
        path: TomlPath = ()
        parts = list(key_parts(node.named_children[0]))
        for number, part in enumerate(parts, 1):
            path += (key_text(part),)
            if self._is_wanted(path) and (number == len(parts) or path not in self.spans.keys):
                self.spans.keys[path] = self._span(part)
            if number == len(parts) and node.type == "table_array_element":
                length = self._list_lengths.get(path, 0)
                self._list_lengths[path] = length + 1
                path += (length,)
            elif path in self._list_lengths:
                path += (self._list_lengths[path] - 1,)
        return path

    def _pairs(self, table: Node, path: TomlPath) -> None:
        """Note all that a table holds, without recursion: the depth is the file's choice."""
        todo = [(child, path) for child in reversed(table.named_children) if child.type == "pair"]
        while todo:
            node, path = todo.pop()
            if node.type == "pair":
                children = node.named_children
                path = self._key(children[0], path)
                if not self._is_wanted(path):
                    continue
                node = next(child for child in children if child.type in VALUE_TYPES)
            self.spans.values[path] = self._span(node)
            if node.type == "inline_table":
                pairs = [child for child in node.named_children if child.type == "pair"]
                todo += [(child, path) for child in reversed(pairs)]
            elif node.type == "array":
                items = [child for child in node.named_children if child.type in VALUE_TYPES]
                inside = [(child, (*path, i)) for i, child in enumerate(items)]
                todo += [
                    (child, place) for child, place in reversed(inside) if self._is_wanted(place)
                ]

    def _key(self, key: Node, path: TomlPath) -> TomlPath:
        for part in key_parts(key):
            path += (key_text(part),)
            if self._is_wanted(path) and path not in self.spans.keys:
                self.spans.keys[path] = self._span(part)
        return path


def key_parts(key: Node) -> Iterator[Node]:
    """Yield the bare and quoted parts of a key, in order (dotted keys hold dotted keys)."""
    if key.type != "dotted_key":
        yield key
        return
    todo = [key]
    while todo:
        node = todo.pop()
        if node.type == "dotted_key":
            todo += reversed(node.named_children)
        else:
            yield node


def key_text(part: Node) -> str:
    """Return the name that a part of a key means, without quotes and escapes."""
    written = (part.text or b"").decode()
    if part.type == "bare_key":
        return written
    if "\\" not in written:
        return written[1:-1]
    names: Mapping[str, object] = tomllib.loads(f"{written} = 0")
    return next(iter(names))
