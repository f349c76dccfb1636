"""The printable sheet: a routine on one page, for the fridge or for the patient.

`model` says what stands on it, `layout` where; `as_pdf` and `as_html` make files of that. Importing
this package is cheap; the libraries are loaded when a sheet is written.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.errors import ExportError
from voicecoach.export.replacing import move, target_file, workshop

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.routine import Routine

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


def check_sheet_target(path: Path, routine: Routine, *, force: bool = False) -> None:
    """Raise what `write_sheet` would raise before it writes; call it before long work."""
    if path.suffix.lower() not in ENDINGS:
        raise ExportError(
            f"{path}: a sheet ends in {' or '.join(ENDINGS)}; the ending is its format"
        )
    try:
        target = target_file(path)
        _check_place(path, target)
        if not target.exists():
            return
        if routine.path is not None and routine.path.exists() and routine.path.samefile(target):
            raise ExportError(f"{path}: the sheet is made from this file; choose another name")
        if not force and not is_our_sheet(target):
            raise ExportError(
                f"{path}: is there already and was not made by voicecoach; "
                "use --force to replace it, or choose another name"
            )
    except (
        OSError,
        RuntimeError,
    ) as error:  # a name too long, a loop of links, a folder that is shut
        raise _explained(error, path) from error


def write_sheet(routine: Routine, path: Path, *, force: bool = False) -> WrittenSheet:
    """Write the sheet of a routine, in the format that the ending of `path` says.

    The same routine gives the same bytes. The target is replaced only when the sheet is complete;
    whatever fails, it stays as it was. A file that is there and does not carry our mark needs `force`.
    """
    from voicecoach.sheet import as_html, as_pdf
    from voicecoach.sheet.layout import lay_out
    from voicecoach.sheet.model import sheet_of
    from voicecoach.typeface import undrawable

    check_sheet_target(path, routine, force=force)
    sheet = sheet_of(routine)
    layout = lay_out(sheet)
    if path.suffix.lower() == ".pdf":
        document = as_pdf.render(sheet, layout, _MARK)
        not_shown = undrawable("".join(layout.words))
    else:
        document = as_html.render(sheet, layout, _MARK)
        not_shown = ""
    try:
        target = target_file(path)
        with workshop(target.parent) as folder:
            written = folder / "sheet"
            written.write_bytes(document)
            move(written, target)
    except (OSError, RuntimeError) as error:
        raise _explained(error, path) from error
    return WrittenSheet(path, len(layout.pages), layout.points, not_shown)


def is_our_sheet(path: Path) -> bool:
    """Return whether a file carries our mark, so that a new sheet may take its place unasked."""
    mark = _OURS.get(path.suffix.lower())
    if mark is None or not path.is_file() or path.stat().st_size > _LARGEST_BYTES:
        return False
    return mark.search(path.read_bytes()) is not None


def _check_place(path: Path, target: Path) -> None:
    """Refuse a target that cannot be a file here."""
    folder = target.parent
    if target.is_dir():
        raise ExportError(f"{path}: is a folder; choose another name")
    if target.exists() and not target.is_file():
        raise ExportError(f"{path}: is not a regular file; choose another name")
    if not folder.is_dir():
        raise ExportError(
            f"{path}: there is no folder {folder}; make it first (mkdir {folder}), "
            "or choose another place"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ExportError(f"{path}: nothing may be written in {folder}; choose another place")


def _explained(error: OSError | RuntimeError, path: Path) -> ExportError:
    reason = getattr(error, "strerror", None) or error
    return ExportError(f"{path}: could not be written ({reason}); choose another name or place")
