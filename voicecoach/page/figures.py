"""Line figures of the positions of a body, drawn so that a glance tells which it is."""

from __future__ import annotations

from typing import Final

from voicecoach.lints.vocabulary import Position

VIEW_BOX: Final = "0 0 64 64"

_DRAWINGS: Final[dict[Position, str]] = {
    Position.STANDING: (
        '<circle cx="32" cy="9" r="5"/>'
        '<path d="M32 15V38M32 38L26 60M32 38L38 60M32 19L23 33M32 19L41 33"/>'
    ),
}


def name_of(position: Position) -> str:
    """Return the name of the figure of a position, as in the model: `hands-and-knees`."""
    return position.name.lower().replace("_", "-")


def symbols() -> dict[str, str]:
    """Return the shapes of each figure, as SVG, by its name."""
    return {name_of(position): drawing for position, drawing in _DRAWINGS.items()}
