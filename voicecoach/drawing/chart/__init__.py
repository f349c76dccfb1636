"""The picture of a session: words, work, rests and chapters over time, to show problems.

`moments` says what there is to tell and when, `layout` where it stands, in shapes; `as_svg` draws
these. Importing this package is cheap; the libraries are loaded when a picture is drawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.errors import ExportError
from voicecoach.files.replacing import FileKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voicecoach.errors import Problem
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

_MARK: Final = f"voicecoach {__version__}"
_OURS: Final = re.compile(rb"\A<\?xml [^>]*>\n<!-- made by voicecoach [0-9]")
"""Our mark at the start of a file."""
_MARK_IS_WITHIN_BYTES: Final = 200


@dataclass(frozen=True)
class WrittenPicture:
    """A file with a picture."""

    path: Path
    width: int
    """In pixels, like the height."""
    height: int
    size_bytes: int


def is_our_picture(path: Path) -> bool:
    """Return True if a file carries our mark, so that a new picture may replace it unasked."""
    if not _is_svg(path) or not path.is_file():
        return False
    with path.open("rb") as file:
        return _OURS.search(file.read(_MARK_IS_WITHIN_BYTES)) is not None


def _is_svg(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


_PICTURES: Final = FileKind("the picture", is_our_picture)


def check_picture_target(path: Path, routine: Routine, *, force: bool = False) -> None:
    """Raise what `write_picture` would raise of a path; call it before long work."""
    if not _is_svg(path):
        raise ExportError(f"{path}: the picture is an SVG file; end its name in .svg")
    _PICTURES.target(path, force=force, inputs=[routine.path] if routine.path else [])


def write_picture(
    script: Script, path: Path, findings: Sequence[Problem] = (), *, force: bool = False
) -> WrittenPicture:
    """Write the picture of a session as SVG.

    The same session gives the same bytes. Only a complete picture replaces the target. A file that
    does not carry our mark is replaced with `force` alone.
    """
    from voicecoach.drawing.chart import as_svg
    from voicecoach.drawing.chart.layout import lay_out

    check_picture_target(path, script.routine, force=force)
    picture = lay_out(script, findings)
    content = as_svg.render(picture, _MARK)
    source = script.routine.path
    _PICTURES.write(path, content, force=force, inputs=[source] if source else [])
    return WrittenPicture(path, round(picture.width), round(picture.height), len(content))
