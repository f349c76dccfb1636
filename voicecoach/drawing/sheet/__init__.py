"""The printable sheet: a routine on one page, for the fridge or for the patient.

`model` says what stands on it, `layout` where; `as_pdf` and `as_html` make files of that. Importing
this package is cheap; the libraries are loaded when a sheet is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.errors import ExportError
from voicecoach.files.replacing import FileKind

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.routine.model import Routine

_MARK: Final = f"voicecoach {__version__}"
_OURS: Final = {
    ".pdf": re.compile(rb"/Producer \(voicecoach [0-9]"),
    ".html": re.compile(rb'\A.{0,200}<meta name="generator" content="voicecoach [0-9]', re.DOTALL),
}
"""Our mark in a file, by its ending."""
ENDINGS: Final = tuple(_OURS)
_LARGEST_BYTES: Final = 20_000_000
"""No sheet is larger, so a larger file is not ours."""


@dataclass(frozen=True)
class WrittenSheet:
    """A file with a sheet."""

    path: Path
    pages: int
    points: float
    """Size of its letters."""
    not_shown: str = ""
    """Characters without a letter, each once; none in HTML, which borrows letters."""


def is_our_sheet(path: Path) -> bool:
    """Return True if a file carries our mark, so that a new sheet may replace it unasked."""
    mark = _OURS.get(path.suffix.lower())
    if mark is None or not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
        return False
    return mark.search(path.read_bytes()) is not None


_SHEETS: Final = FileKind("the sheet", is_our_sheet)


def check_sheet_target(path: Path, routine: Routine, *, force: bool = False) -> None:
    """Raise what `write_sheet` would raise before it writes; call it before long work."""
    if path.suffix.lower() not in ENDINGS:
        raise ExportError(
            f"{path}: a sheet ends in {' or '.join(ENDINGS)}; the ending is its format"
        )
    _SHEETS.target(path, force=force, inputs=[routine.path] if routine.path else [])


def write_sheet(routine: Routine, path: Path, *, force: bool = False) -> WrittenSheet:
    """Write the sheet of a routine, in the format that the ending of `path` says.

    The same routine gives the same bytes. Only a complete sheet replaces the target. A file that
    does not carry our mark is replaced with `force` alone.
    """
    from voicecoach.drawing.letters import undrawable
    from voicecoach.drawing.sheet import as_html, as_pdf
    from voicecoach.drawing.sheet.layout import lay_out
    from voicecoach.drawing.sheet.model import sheet_of

    check_sheet_target(path, routine, force=force)
    sheet = sheet_of(routine)
    layout = lay_out(sheet)
    is_pdf = path.suffix.lower() == ".pdf"
    document = (as_pdf if is_pdf else as_html).render(sheet, layout, _MARK)
    not_shown = undrawable("".join(layout.words)) if is_pdf else ""
    _SHEETS.write(path, document, force=force, inputs=[routine.path] if routine.path else [])
    return WrittenSheet(path, len(layout.pages), layout.points, not_shown)
