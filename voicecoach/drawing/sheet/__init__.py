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
"""How the mark of this program looks in a file, by its ending."""
ENDINGS: Final = tuple(_OURS)
_LARGEST_BYTES: Final = 20_000_000
"""No sheet is larger, so whatever is was not made here."""


@dataclass(frozen=True)
class WrittenSheet:
    """A sheet that was written."""

    path: Path
    pages: int
    points: float
    """Size of its letters."""
    not_shown: str = ""
    """The characters that could not be drawn, each once; none in HTML, which borrows letters."""


def is_our_sheet(path: Path) -> bool:
    """Return whether a file carries our mark, so that a new sheet may take its place unasked."""
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
    _SHEETS.target(path, force=force, inputs=_inputs(routine))


def write_sheet(routine: Routine, path: Path, *, force: bool = False) -> WrittenSheet:
    """Write the sheet of a routine, in the format that the ending of `path` says.

    The same routine gives the same bytes. The target is replaced only when the sheet is complete;
    whatever fails, it stays as it was. A file that is there and does not carry our mark needs `force`.
    """
    from voicecoach.drawing.letters import undrawable
    from voicecoach.drawing.sheet import as_html, as_pdf
    from voicecoach.drawing.sheet.layout import lay_out
    from voicecoach.drawing.sheet.model import sheet_of

    check_sheet_target(path, routine, force=force)
    sheet = sheet_of(routine)
    layout = lay_out(sheet)
    if path.suffix.lower() == ".pdf":
        document = as_pdf.render(sheet, layout, _MARK)
        not_shown = undrawable("".join(layout.words))
    else:
        document = as_html.render(sheet, layout, _MARK)
        not_shown = ""
    _SHEETS.write(path, document, force=force, inputs=_inputs(routine))
    return WrittenSheet(path, len(layout.pages), layout.points, not_shown)


def _inputs(routine: Routine) -> list[Path]:
    """Return the file that a routine was read from, if any."""
    return [routine.path] if routine.path is not None else []
