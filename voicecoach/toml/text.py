"""Opens TOML files of strangers: from a path to text, and from text to a table.

Size and depth are limited, and what `tomllib` says about mistakes is put into plain words.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from voicecoach.errors import Problem, RoutineError

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES: Final = 1024 * 1024

MAX_PARTS: Final = 40_000
"""Of keys, items and lists together; 500 steps with 20 cues each have fewer."""

_MAX_HEADER_DOTS: Final = 100
_MAX_DOTS: Final = 2_000_000
"""For each line those in its header and its key, by those in its key: what `tomllib` has to do."""
_UNREAD: Final = re.compile(
    r"""
      "{3} (?: [^"\\]+ | \\. | "(?!"") )*+ (?: "{3,5} )?
    | '{3} (?: [^']+ | '(?!'') )*+ (?: '{3,5} )?
    | " (?: [^"\\\n]+ | \\[^\n] )*+ "?
    | ' [^'\n]*+ '?
    | \# [^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)
"""Texts and comments. One that is not closed goes on to where `tomllib` gives up, or further, so
that no text is looked through twice."""


def read_text(path: Path) -> str:
    """Return the text of a file from a stranger; raise RoutineError where it has none."""
    try:
        if not path.is_file():
            message, fix = "there is no such file", "look at how it is written"
            if path.is_dir():
                message, fix = "this is a folder", "name a file in it"
            elif path.exists():
                message, fix = "this is not a plain file", "name one that is"
            raise _file_error(path, message, fix, "unreadable-file")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message, fix = f"the file cannot be read ({reason})", "see to that, or name another"
        raise _file_error(path, message, fix, "unreadable-file") from error
    if len(content) > MAX_FILE_BYTES:
        message = f"the file is larger than {MAX_FILE_BYTES // 1024**2} MiB"
        raise _file_error(path, message, "make it smaller", "file-too-large")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _file_error(path, "the file is in UTF-16", "save it as UTF-8", "not-utf-8")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        byte = content[error.start]
        message, fix = f"the file is not in UTF-8 (byte 0x{byte:02X})", "save it as UTF-8"
        raise _file_error(path, message, fix, "not-utf-8", line, column) from error
    return text.removeprefix("\ufeff")  # some editors begin every UTF-8 file with this mark


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Parse a text; raise RoutineError with the place where it is no TOML."""
    if not text.strip():
        raise _file_error(path, "the file is empty", "write a routine into it", "empty-file")
    if text.count("=") + text.count(",") + text.count("[") > MAX_PARTS:
        message = f"there are more than {MAX_PARTS:,} keys and items"
        raise _file_error(path, message, "make several routines of it", "too-complex")
    if line := _line_with_too_many_dots(text):
        message, fix = "too many names are joined by dots here", "use the names of the format alone"
        raise _file_error(path, message, fix, "too-complex", line)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        message, fix = "lists and tables lie too deep in each other", "three levels are enough"
        raise _file_error(path, message, fix, "too-complex") from error
    except ValueError as error:
        raise _syntax_error(path, text, error) from error


def _line_with_too_many_dots(text: str) -> int:
    """Return a line that `tomllib` would read for minutes; 0 where there is none."""
    # Its time grows with the square of the parts of a dotted key, and with the parts of a header
    # times the keys below it. Full stops in texts and comments join nothing.
    dots = text.count(".")
    if (dots + text.count("\n") + 1) * (dots + 1) <= _MAX_DOTS:
        return 0
    text = _UNREAD.sub(lambda found: "\n" * found[0].count("\n"), text)
    done = in_header = 0
    for number, line in enumerate(text.split("\n"), 1):
        dots = line.count(".")
        if line.lstrip().startswith("["):
            in_header = dots
        done += (in_header + dots) * (1 + dots)
        if done > _MAX_DOTS or in_header > _MAX_HEADER_DOTS:
            return number
    return 0


def _file_error(
    path: Path, message: str, fix: str, code: str, line: int = 0, column: int = 0
) -> RoutineError:
    return RoutineError(path, [Problem(line, column, "", message, fix, code)])


_TOML_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_VALUE_FIX: Final = "write texts in quotes, numbers plain, or true or false"
_TEXT_END: Final = ("this text is not closed", "write its last quote (three for several lines)")
_CHARACTER: Final = ("this character may not stand here", "take it out")
_BACKSLASH: Final = ("a backslash has a meaning in a text", "write two for one, or use '…' quotes")
_LIST_END: Final = ("this list is not closed", 'write a comma between two items, or "]" at its end')
_TWICE: Final = ("this name has a value already", "keep one of the two")
_TABLE_TWICE: Final = ("this table is there already", "keep one of the two")
_NAME_FIX: Final = "write it; a name with blanks or accents goes in quotes"
_FIRST_NAME_FIX: Final = "write it; one with blanks or accents goes in quotes"
_ON_LINE: Final = ("nothing may follow a value on its line", 'write \\" for a quote inside a text')
_TABLE_END: Final = (
    "this table is not closed",
    'write "}" at its end, on the line that it begins on',
)
_SYNTAX: Final = {
    "Invalid value": ("this is not a value", _VALUE_FIX),
    "Expected '='": ('a "=" is missing after the name', _NAME_FIX),
    "Expected newline": _ON_LINE,
    "Unclosed array": _LIST_END,
    "Unclosed inline table": _TABLE_END,
    "Unterminated string": _TEXT_END,
    'Expected \'"""\'': _TEXT_END,
    "Expected \"'''\"": _TEXT_END,
    'Expected "\'"': _TEXT_END,
    "Illegal character '\\n'": _TEXT_END,
    "Illegal character": _CHARACTER,
    "Found invalid character": _CHARACTER,
    "Unescaped": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Escaped character": _BACKSLASH,
    "Invalid initial character": ("a name is missing here", _FIRST_NAME_FIX),
    "Invalid statement": ("this is not understood", "write NAME = VALUE, [table] or [[table]]"),
    "Expected ']]'": ("this header is not closed", 'write two brackets, "]]", at its end'),
    "Expected ']'": ("this header is not closed", 'write "]" at its end'),
    "Cannot overwrite": _TWICE,
    "Duplicate inline": _TWICE,
    "Cannot declare": _TABLE_TWICE,
    "Cannot redefine": _TABLE_TWICE,
    "Cannot mutate": ("this table or list is there already", "add to it where it is"),
    "Invalid date": ("there is no such date or time", "put it in quotes if it is a text"),
}
"""How what `tomllib` says begins, and what is said instead: what is wrong and what to do."""

_IN_TABLE: Final = ("Invalid initial character", "Unclosed inline table")
_ONE_LINE_TABLE: Final = (
    "a table in { } stands on one line",
    "join the lines, or write [[steps.cues]] above them",
)


def _end_of_document(text: str) -> tuple[int, int]:
    """Return the line and column of an early end: where an endless text opens, if one does."""
    at = len(text.rstrip())
    for mark in ('"""', "'''"):
        if text.count(mark) % 2:
            at = text.rindex(mark)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _syntax_error(path: Path, text: str, error: ValueError) -> RoutineError:
    said = str(error)
    line = column = 0
    if place := _TOML_PLACE.search(said):
        said = said[: place.start()]
        if place[1]:
            line, column = int(place[1]), int(place[2])
        else:
            line, column = _end_of_document(text)
        if text.split("\n")[line - 1][column - 1 :].strip() == "" and said.startswith(_IN_TABLE):
            return _file_error(path, *_ONE_LINE_TABLE, "not-toml", line, column)
    elif "integer string conversion" in said and (digits := re.search(r"\d{4000}", text)):
        line = text.count("\n", 0, digits.start()) + 1
        message, fix = "this number has too many digits", "write a smaller one"
        return _file_error(path, message, fix, "too-complex", line)
    unknown = (said, "write it as TOML has it")
    known = (plain for start, plain in _SYNTAX.items() if said.startswith(start))
    message, fix = next(known, unknown)
    code = "duplicate-key" if (message, fix) in (_TWICE, _TABLE_TWICE) else "not-toml"
    return _file_error(path, message, fix, code, line, column)
