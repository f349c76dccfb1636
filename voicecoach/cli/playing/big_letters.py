"""Big letters for terminals: readable from the mat, made of block characters."""

from __future__ import annotations

from functools import lru_cache

PIXELS_HIGH = 5

_DRAWN = """
A .#.   #.#   ###   #.#   #.#
B ##.   #.#   ##.   #.#   ##.
C .###  #...  #...  #...  .###
D ##.   #.#   #.#   #.#   ##.
E ###   #..   ##.   #..   ###
F ###   #..   ##.   #..   #..
G .###  #...  #.##  #..#  .###
H #.#   #.#   ###   #.#   #.#
I #     #     #     #     #
J ..#   ..#   ..#   #.#   .#.
K #..#  #.#.  ##..  #.#.  #..#
L #..   #..   #..   #..   ###
M #...# ##.## #.#.# #...# #...#
N #..#  ##.#  #.##  #..#  #..#
O .##.  #..#  #..#  #..#  .##.
P ###   #.#   ###   #..   #..
Q .##.  #..#  #..#  #.#.  .#.#
R ###.  #..#  ###.  #.#.  #..#
S .###  #...  .##.  ...#  ###.
T ###   .#.   .#.   .#.   .#.
U #..#  #..#  #..#  #..#  .##.
V #...# #...# .#.#. .#.#. ..#..
W #...# #...# #.#.# ##.## #...#
X #.#   #.#   .#.   #.#   #.#
Y #.#   #.#   .#.   .#.   .#.
Z ###   ..#   .#.   #..   ###
0 ###   #.#   #.#   #.#   ###
1 .#.   ##.   .#.   .#.   ###
2 ###   ..#   ###   #..   ###
3 ###   ..#   .##   ..#   ###
4 #.#   #.#   ###   ..#   ..#
5 ###   #..   ###   ..#   ###
6 ###   #..   ###   #.#   ###
7 ###   ..#   ..#   .#.   .#.
8 ###   #.#   ###   #.#   ###
9 ###   #.#   ###   ..#   ###
/ ..#   ..#   .#.   #..   #..
- ..    ..    ##    ..    ..
+ ...   .#.   ###   .#.   ...
: .     #     .     #     .
. .     .     .     .     #
, ..    ..    ..    .#    #.
! #     #     #     .     #
? ##.   ..#   .#.   ...   .#.
' #     #     .     .     .
( .#    #.    #.    #.    .#
) #.    .#    .#    .#    #.
"""

_GLYPHS = {line[0]: line[1:].split() for line in _DRAWN.strip().splitlines()} | {" ": [".."] * 5}
_HALVES = {"..": " ", "#.": "▀", ".#": "▄", "##": "█"}
"""A cell by its upper and its lower pixel, which are about square, as cells are twice as high."""


def can_draw(text: str) -> bool:
    """Return True if there is a letter for every character of a text."""
    return set(_capitals(text)) <= _GLYPHS.keys()


@lru_cache(maxsize=256)  # most of a picture was in the one before
def draw(text: str, scale: int, *, ascii_only: bool = False) -> tuple[str, ...]:
    """Return a text in big letters, line by line; `scale` is the size of a pixel, from 1.

    The lower edge is free, so that lines of text may follow each other.
    Where there is only ASCII a pixel takes twice as much room in both directions.
    """
    capitals = _capitals(text)
    pixels = [
        ("." * scale).join(
            "".join(pixel * scale for pixel in _GLYPHS[character][row]) for character in capitals
        )
        for row in range(PIXELS_HIGH)
        for _ in range(scale)
    ]
    nothing = "." * len(pixels[0])
    if ascii_only:
        return tuple(row.replace("#", "##").replace(".", "  ") for row in [*pixels, nothing])
    pixels += [nothing] * (2 - len(pixels) % 2)
    return tuple(
        "".join(_HALVES[upper + lower] for upper, lower in zip(*rows, strict=True))
        for rows in zip(pixels[::2], pixels[1::2], strict=True)
    )


def width(text: str, scale: int, *, ascii_only: bool = False) -> int:
    """Return the number of columns that a text takes."""
    capitals = _capitals(text)
    pixels = sum(len(_GLYPHS[character][0]) + 1 for character in capitals) - bool(capitals)
    return pixels * scale * (2 if ascii_only else 1)


def height(scale: int, *, ascii_only: bool = False) -> int:
    """Return the number of lines that a text takes, with the gap to the next."""
    pixels = PIXELS_HIGH * scale
    return pixels + 1 if ascii_only else (pixels + 2) // 2


def wrap(text: str, columns: int, scale: int, *, ascii_only: bool = False) -> list[str] | None:
    """Return a text as lines of at most `columns` columns; None where a word is wider."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, scale, ascii_only=ascii_only) <= columns:
            lines[-1] = longer
        elif width(word, scale, ascii_only=ascii_only) <= columns:
            lines.append(word)
        else:
            return None
    return lines


def _capitals(text: str) -> str:
    return text.upper().replace("’", "'").replace("–", "-")
