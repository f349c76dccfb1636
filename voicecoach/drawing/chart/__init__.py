"""The picture of a session: its words, work, rests and chapters over time, so that problems are seen.

`moments` says what there is to tell and when, `layout` where it stands, in shapes; `as_svg` and `as_png`
draw these. Importing this package is cheap; the libraries are loaded when a picture is drawn.
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

    from voicecoach.drawing.chart.shapes import Picture
    from voicecoach.errors import Problem
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

_MARK: Final = f"voicecoach {__version__}"
_OURS: Final = {
    ".svg": re.compile(rb"\A<\?xml [^>]*>\n<!-- made by voicecoach [0-9]"),
    ".png": re.compile(rb"\A\x89PNG\r\n\x1a\n.{25}.{4}tEXtSoftware\0voicecoach [0-9]", re.DOTALL),
}
"""How the mark of this program looks at the start of a file, by its ending."""
ENDINGS: Final = tuple(_OURS)
_MARK_IS_WITHIN_BYTES: Final = 200
_SHARPEST_SCALE: Final = 2
_MOST_PNG_PIXELS: Final = 50_000_000
"""What viewers open, and 150 MB while it is drawn."""


@dataclass(frozen=True)
class WrittenPicture:
    """A picture that was written."""

    path: Path
    width: int
    """In pixels, as is its height."""
    height: int
    size_bytes: int
    not_shown: str = ""
    """The characters that could not be drawn, each once; none in SVG, which borrows letters."""


def is_our_picture(path: Path) -> bool:
    """Return whether a file carries our mark, so that a new picture may take its place unasked."""
    mark = _OURS.get(path.suffix.lower())
    if mark is None or not path.is_file():
        return False
    with path.open("rb") as file:
        return mark.search(file.read(_MARK_IS_WITHIN_BYTES)) is not None


_PICTURES: Final = FileKind("the picture", is_our_picture)


def check_picture_target(path: Path, routine: Routine, *, force: bool = False) -> None:
    """Raise what `write_picture` would raise of a path; call it before long work."""
    if path.suffix.lower() not in ENDINGS:
        raise ExportError(
            f"{path}: a picture ends in {' or '.join(ENDINGS)}; the ending is its format"
        )
    _PICTURES.target(path, force=force, inputs=_inputs(routine))


def write_picture(
    script: Script, path: Path, findings: Sequence[Problem] = (), *, force: bool = False
) -> WrittenPicture:
    """Write the picture of a session, in the format that the ending of `path` says.

    The same session gives the same bytes. The target is replaced only when the picture is complete;
    whatever fails, it stays as it was. A file that is there and does not carry our mark needs `force`.
    """
    from voicecoach.drawing.chart import as_png, as_svg
    from voicecoach.drawing.chart.layout import lay_out
    from voicecoach.drawing.letters import undrawable

    check_picture_target(path, script.routine, force=force)
    picture = lay_out(script, findings)
    if path.suffix.lower() == ".svg":
        scale, not_shown = 1, ""
        content = as_svg.render(picture, _MARK)
    else:
        scale = _png_scale(picture, path)
        not_shown = undrawable("".join(words.text for words in picture.words))
        content = as_png.render(picture, _MARK, scale)
    _PICTURES.write(path, content, force=force, inputs=_inputs(script.routine))
    width, height = (round(length * scale) for length in (picture.width, picture.height))
    return WrittenPicture(path, width, height, len(content), not_shown)


def _png_scale(picture: Picture, path: Path) -> int:
    """Return how many pixels a unit has: as many as a file that can be opened has room for."""
    for scale in range(_SHARPEST_SCALE, 0, -1):
        if picture.width * picture.height * scale**2 <= _MOST_PNG_PIXELS:
            return scale
    raise ExportError(
        f"{path}: {picture.height:.0f} pixels high, too many for PNG; {path.with_suffix('.svg')} has "
        "room for all, or choose fewer steps (--only, --from)"
    )


def _inputs(routine: Routine) -> list[Path]:
    """Return the file that a routine was read from, if any."""
    return [routine.path] if routine.path is not None else []
