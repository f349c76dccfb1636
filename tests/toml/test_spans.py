"""Positions of keys and values, checked by reading the text that stands there."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.toml.spans import TomlPath, TomlSpans, locate

TomlValue = Any  # what tomllib returns
BARE = "abcdefghijklmnopqrstuvwxyzABCZ0123456789-_"
names = st.one_of(
    st.text(BARE, min_size=1, max_size=6),
    st.text(st.sampled_from("aé😀 .\"'\\\n\t#=[]"), max_size=4),
)
strings = st.text(
    st.one_of(st.sampled_from("aé😀\"'\\\n\t#=[]{},"), st.characters(exclude_categories=["Cs"])),
    max_size=12,
)
scalars = st.one_of(
    strings,
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
)
inline_values = st.recursive(
    scalars,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4), st.dictionaries(names, inside, max_size=4)
    ),
    max_leaves=8,
)
# A list that may be written as [[tables]] needs tables in it; the writer chooses the form.
documents = st.dictionaries(
    names,
    st.recursive(
        inline_values,
        lambda inside: st.one_of(
            st.dictionaries(names, inside, max_size=4),
            st.lists(st.dictionaries(names, inside, max_size=4), min_size=1, max_size=3),
        ),
        max_leaves=12,
    ),
    max_size=5,
)


class _Writer:
    """Writes one document in one of the many forms that TOML has for it."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.lines: list[str] = []

    def chance(self) -> bool:
        return self.dice.random() < 0.5

    def space(self) -> str:
        return self.dice.choice(["", " ", "\t ", "  "])

    def comment(self) -> str:
        return self.dice.choice(["", "", " # [x] = 'é' \"", "#😀"])

    def key(self, name: str) -> str:
        if name and set(name) <= set(BARE) and self.chance():
            return name
        if "'" not in name and not any(char < " " for char in name) and self.chance():
            return f"'{name}'"
        return self.basic(name)

    def dotted(self, parts: tuple[str, ...]) -> str:
        text = self.key(parts[0])
        for part in parts[1:]:
            text += f"{self.space()}.{self.space()}{self.key(part)}"
        return text

    def basic(self, text: str) -> str:
        return '"' + "".join(self.character(char) for char in text) + '"'

    def character(self, char: str) -> str:
        short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
        if char in short:
            return short[char]
        if char < " " or char == "\x7f" or self.dice.random() < 0.1:
            return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"
        return char

    def string(self, text: str) -> str:
        form = self.dice.choice(["basic", "literal", "long", "long literal"])
        control = any((char < " " and char not in "\n\t") or char == "\x7f" for char in text)
        lead = "\n" if self.chance() or text.startswith("\n") else ""
        if form == "literal" and not control and "'" not in text and "\n" not in text:
            return f"'{text}'"
        if form == "long literal" and not control and "''" not in text and text[-1:] != "'":
            return f"'''{lead}{text}'''"
        if form == "long":
            written = "".join(
                "\n" if char == "\n" else self.character(char) + self.line_break() for char in text
            )
            return f'"""{lead}{written}"""'
        return self.basic(text)

    def line_break(self) -> str:
        """Write a backslash that lets the line go on: what follows must not begin with white space."""
        return "\\ \n  \\u0062\\b" if self.dice.random() < 0.03 else ""

    def inline(self, value: TomlValue) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.string(value)
        if isinstance(value, list):
            gap = "\n  # é ]\n " if value and self.chance() else " "
            comma = "," if value and self.chance() else ""
            return (
                "[" + gap + f"{gap},".join(self.inline(item) for item in value) + comma + gap + "]"
            )
        if isinstance(value, dict):
            return "{" + ", ".join(self.pairs(value)) + "}"
        if isinstance(value, int | float):
            return repr(value)
        return value.isoformat()  # type: ignore[no-any-return]

    def pairs(self, table: dict[str, TomlValue], before: tuple[str, ...] = ()) -> list[str]:
        """Write a table's pairs, some tables in it as dotted keys."""
        pairs = []
        for name, value in table.items():
            if isinstance(value, dict) and value and self.chance():
                pairs += self.pairs(value, (*before, name))
            else:
                sign = f"{self.space()}={self.space()}"
                pairs.append(self.dotted((*before, name)) + sign + self.inline(value))
        return pairs

    def table(self, table: dict[str, TomlValue], path: tuple[str, ...]) -> None:
        """Write a table: its plain pairs first, then tables and lists of tables with headers."""
        headed = []
        for name, value in table.items():
            is_tables = (
                isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
            )
            if (isinstance(value, dict) or is_tables) and self.chance():
                headed.append((name, value))
            else:
                self.lines += [pair + self.comment() for pair in self.pairs({name: value})]
        for name, value in headed:
            here = (*path, name)
            if isinstance(value, dict):
                # A table that only holds tables needs no header of its own.
                if (
                    not value
                    or any(not isinstance(v, dict) for v in value.values())
                    or self.chance()
                ):
                    self.lines.append(f"[{self.space()}{self.dotted(here)} ]{self.comment()}")
                    self.table(value, here)
                else:
                    for inner, inside in value.items():
                        self.lines.append(f"[{self.dotted((*here, inner))}]")
                        self.table(inside, (*here, inner))
            else:
                for item in value:
                    self.lines.append(f"[[{self.dotted(here)}{self.space()}]]{self.comment()}")
                    self.table(item, here)


@st.composite
def written_documents(draw: st.DrawFn) -> str:
    """Draw a TOML text in mixed forms."""
    dice = Random(draw(st.integers(0, 2**32)))  # one draw: a draw for each blank would be slow
    writer = _Writer(dice)
    writer.table(draw(documents), ())
    text = "\n".join(writer.lines) + dice.choice(["", "\n", "\n# end"])
    return text.replace("\n", "\r\n") if writer.chance() else text


def paths(value: TomlValue, path: TomlPath = ()) -> list[tuple[TomlPath, TomlValue]]:
    """Return every path of a document with its value."""
    found = [(path, value)] if path else []
    inside = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        inside = enumerate(value)
    for key, item in inside:
        found += paths(item, (*path, key))
    return found


@tries(150)
@given(written_documents())
def test_every_span_holds_its_value(text: str) -> None:
    """Each value, read again from the text at its span alone, is the value at that path."""
    values = tomllib.loads(text)
    spans = locate(text)
    everything = paths(values)
    assert {path for path, _ in everything} >= spans.values.keys() | spans.keys.keys()
    for path, value in everything:
        if not (isinstance(value, dict) or (isinstance(value, list) and path not in spans.values)):
            assert path in spans.values, path
        span = spans.values.get(path)
        if span is None:
            assert spans.nearest(path) is not None
            continue
        written = spans.text[span.start : span.end]
        if _is_headed(spans, path, value):
            inside = tomllib.loads(written)
            for part in path:
                if isinstance(part, str):
                    inside = inside[part]
                if isinstance(inside, list):
                    inside = inside[0]
            # Headers inside a table open further tables: the span holds the table's own pairs.
            assert inside.items() <= value.items() or _within(inside, value)
        else:
            assert tomllib.loads(f"x = {written}")["x"] == value


def _is_headed(spans: TomlSpans, path: TomlPath, value: TomlValue) -> bool:
    """Whether a table has a `[header]`: its span begins with one (an inline table begins with `{`)."""
    return isinstance(value, dict) and spans.text[spans.values[path].start] == "["


def _within(part: TomlValue, whole: TomlValue) -> bool:
    if isinstance(part, dict):
        return all(key in whole and _within(item, whole[key]) for key, item in part.items())
    return bool(part == whole)


@tries(100)
@given(written_documents())
def test_keys_and_places_are_true(text: str) -> None:
    """Each key's span spells that key, and line and column lead to the span's first character."""
    spans = locate(text)
    lines = text.split("\n")
    for path, span in spans.keys.items():
        written = text[span.start : span.end]
        assert list(tomllib.loads(f"{written} = 0")) == [path[-1]]
    for span in [*spans.keys.values(), *spans.values.values()]:
        if span.start < len(text):
            assert lines[span.line - 1][span.column - 1 :].startswith(
                text[span.start : span.end].split("\n", 1)[0]
            )


@tries(100)
@given(written_documents())
def test_characters_inside_strings(text: str) -> None:
    """The place given for a character of a string is where that character is written."""
    spans = locate(text)
    lines = text.split("\n")
    for path, value in paths(tomllib.loads(text)):
        if not isinstance(value, str):
            continue
        for index, char in enumerate(value):
            place = spans.in_string(path, index)
            assert place is not None
            rest = lines[place[0] - 1][place[1] - 1 :]
            if rest in ("", "\r"):
                assert char == "\n"
            elif rest[0] != char:
                length = {"u": 6, "U": 10}.get(rest[1], 2)
                assert tomllib.loads(f'x = "{rest[:length]}"')["x"] == char


def test_one_document_by_hand() -> None:
    """Lines and columns of a file as a trainer writes it, counted by hand."""
    spans = locate(
        'title = "Übung"\r\n'
        "\r\n"
        "[[steps]]\r\n"
        'name = "é" # first\r\n'
        "[[steps]]\r\n"
        'cues = [{ at = "8s" },\r\n'
        '  { "at" = "x😀y", say.en = 5 }]\r\n'
    )
    places = {path: (span.line, span.column) for path, span in spans.values.items()}
    assert places == {
        ("title",): (1, 9),
        ("steps", 0): (3, 1),
        ("steps", 0, "name"): (4, 8),
        ("steps", 1): (5, 1),
        ("steps", 1, "cues"): (6, 8),
        ("steps", 1, "cues", 0): (6, 9),
        ("steps", 1, "cues", 0, "at"): (6, 16),
        ("steps", 1, "cues", 1): (7, 3),
        ("steps", 1, "cues", 1, "at"): (7, 12),
        ("steps", 1, "cues", 1, "say", "en"): (7, 28),
    }
    assert spans.in_string(("steps", 1, "cues", 1, "at"), 2) == (7, 15)
    assert spans.keys[("steps", 1, "cues", 1, "say")].column == 19


def test_nearest_goes_outwards() -> None:
    """A path without text of its own is found at what stands around it."""
    spans = locate("a.b = 1\n[c.d]\n")
    assert spans.nearest(("a",)) == spans.keys[("a",)]
    assert spans.nearest(("c", "d", "missing", 3)) == spans.values[("c", "d")]
    assert spans.nearest(("nowhere",)) is None
    assert spans.in_string(("a", "b"), 0) is None


@pytest.mark.parametrize(
    ("written", "index", "place"),
    [
        ('"abc"', 1, (1, 7)),
        ('"\\u00e9\\tb"', 2, (1, 14)),
        ('"""\nab"""', 1, (2, 2)),
        ('"""\r\na\r\nb"""', 2, (3, 1)),
        ('"""a \\\n   b"""', 2, (2, 4)),
        ("'a\\b'", 2, (1, 8)),
        ('"ab"', 9, (1, 8)),
    ],
)
def test_characters_by_hand(written: str, index: int, place: tuple[int, int]) -> None:
    """Escapes, long strings and line breaks are counted as they are written."""
    assert locate(f"x = {written}").in_string(("x",), index) == place


def test_importing_needs_no_tree_sitter() -> None:
    """tree-sitter is loaded by the first call, not by the import."""
    code = "import sys, voicecoach.toml.spans; sys.exit('tree_sitter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
