"""How commands print: results on stdout, the rest on stderr, plain text where nobody looks."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_ACTING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def harmless(text: str) -> str:
    """Return the text without characters that act on a terminal or turn the order of letters.

    File names and titles come from strangers. Lines and tabs stay.
    """
    return _ACTING.sub("\N{REPLACEMENT CHARACTER}", text)


def say(message: str = "") -> None:
    """Print a message for people on stderr."""
    print(harmless(message), file=sys.stderr, flush=True)


def say_error(message: str) -> None:
    """Print an error for people on stderr, in red where colours are welcome."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, highlight=False, soft_wrap=True).print(
        Text(harmless(message), style="red")
    )


def print_json(document: Any) -> None:
    """Print one JSON document on stdout."""
    # Where stdout is not UTF-8 (a pipe on Windows), escapes keep every letter.
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    written = json.dumps(document, ensure_ascii=not unicode, indent=2)
    if re.search("[\ud800-\udfff]", written):  # the name of a file that is no text
        written = json.dumps(document, indent=2)
    print(written)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that is easy on the eye; in a pipe, lines with tabs between their columns."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, heading in enumerate(headings):
        table.add_column(heading, style="bold" if index == 0 else "", overflow="fold")
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    Console(highlight=False).print(table)


Bar = Callable[[int, int], None]
"""Takes how much of how much is done."""
Bars = Callable[[str], Callable[[str], Bar]]
"""Begins a bar of a name, and then, once or more, says what is being done."""


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Yield a function that draws a bar on stderr for each thing that is done side by side.

    `bars("main")` is one of them; `bars("main")("speaking")` names the work and returns the
    function that takes its progress. A pipe gets no bars; other prints appear above them.
    """
    if not sys.stderr.isatty():
        yield lambda _name: lambda _what: lambda _done, _total: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def bars(name: str) -> Callable[[str], Bar]:
            task = progress.add_task("", total=None)

            def begin(what: str) -> Bar:
                progress.reset(task, total=None, description=escape(f"{name}: {what}"))

                def draw(done: int, total: int) -> None:
                    progress.update(task, completed=done, total=total, visible=done < total)

                return draw

            return begin

        yield bars
