"""The formats that a session can be exported in, each in a module of its own.

A further one is a module with its FORMATS, and its name in the table below: `wav` is one that we
encode ourselves, in `ffmpeg` stands one row for each that ffmpeg writes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from voicecoach.errors import ExportError
from voicecoach.export.format import Format, Quality

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMATS", "Format", "Quality", "format_of"]

_MODULES: Final = ("mp3", "ffmpeg", "wav", "html")
"""In the order of lists and messages."""

FORMATS: Final[dict[str, Format]] = {
    row.name: row
    for name in _MODULES
    for row in importlib.import_module(f"{__name__}.{name}").FORMATS
}


def format_of(path: Path) -> Format:
    """Return the format that the extension of a file name means."""
    for row in FORMATS.values():
        if path.suffix.lower() == row.extension:
            return row
    known = ", ".join(row.extension for row in FORMATS.values())
    if not path.suffix:
        raise ExportError(f"{path}: the name needs an extension, which says the format: {known}")
    raise ExportError(f"{path}: {path.suffix} is not a format written here; there are: {known}")
