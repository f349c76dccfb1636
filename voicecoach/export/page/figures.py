"""Line figures of the positions of a body, drawn so that a glance tells which it is.

All are seen from the side but standing and hanging, look to the right, and stand on the same floor.
A head is a full circle, a body thick lines, and what the body leans on thin ones.
"""

from __future__ import annotations

from typing import Final

from voicecoach.language.vocabulary import Position

VIEW_BOX: Final = "0 0 64 64"

_BODY: Final = (
    '<g fill="none" stroke="currentColor" stroke-width="4.5" stroke-linecap="round"'
    ' stroke-linejoin="round">'
    '<circle cx="{head_x}" cy="{head_y}" r="5.5" fill="currentColor" stroke="none"/>'
    '<path d="{body}"/><path stroke-width="2" d="{support}"/></g>'
)
_FLOOR: Final = "M3 61H61"

_DRAWINGS: Final[dict[Position, tuple[tuple[int, int], str, str]]] = {
    # Where the head is, the lines of the body, and those of what it leans on.
    Position.STANDING: ((32, 8), "M32 18V37L24 57M32 37L40 57M32 18L21 34M32 18L43 34", _FLOOR),
    Position.SITTING: (
        (26, 10),
        "M25 20V41H43V57H49M25 22L32 33L40 34",
        f"M17 23V61M17 46H37V61{_FLOOR}",
    ),
    Position.KNEELING: ((33, 8), "M32 18V57H14M32 19L44 30L34 40", _FLOOR),
    Position.HANDS_AND_KNEES: ((54, 31), "M45 35V57M45 35H20V57H7", _FLOOR),
    Position.HANDS_AND_FEET: ((55, 32), "M46 38V57M46 38L10 53L9 57", _FLOOR),
    Position.BACK: ((9, 53), "M18 56H38L47 38L55 57H59", _FLOOR),
    Position.FRONT: ((55, 37), "M47 45L30 56H5M47 45L46 57H57", _FLOOR),
    Position.SIDE: ((13, 38), "M22 48L37 56L59 57M37 56L57 38M22 48L9 57L8 46", _FLOOR),
    Position.HANGING: ((32, 17), "M32 31V44L27 60M32 44L37 60M13 8L32 31L51 8", "M5 5H59"),
}


def name_of(position: Position) -> str:
    """Return the name of the figure of a position, as in the model: `hands-and-knees`."""
    return position.name.lower().replace("_", "-")


def symbols() -> dict[str, str]:
    """Return the shapes of each figure, as SVG, by its name."""
    return {
        name_of(position): _BODY.format(head_x=head[0], head_y=head[1], body=body, support=support)
        for position, (head, body, support) in _DRAWINGS.items()
    }
