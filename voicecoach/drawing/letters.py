"""The letters that we draw with, and strangers' texts made fit to be drawn with them.

PT Sans has the Latin and Cyrillic letters of nearly all Europe, but no Greek and few signs.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


Style = Literal["Regular", "Bold", "Italic"]
"""All three have the same characters."""

_DECLARATIONS: Final[dict[Style, str]] = {
    "Regular": "font-weight: 400",
    "Bold": "font-weight: 700",
    "Italic": "font-weight: 400; font-style: italic",
}
_PAIRS: Final = (
    "⅓1/3 ⅔2/3 ⅕1/5 ⅖2/5 ⅗3/5 ⅘4/5 ⅙1/6 ⅚5/6 ⅛1/8 ⅜3/8 ⅝5/8 ⅞7/8 "
    "→-> ←<- ↔<-> ⇒=> ⟶-> ➔-> ➜-> ′' ″\" ‐- ‒– ―— ⁃- ✓√ ✔√ ✗× ✘× ✕× ✖× ☑[√] "
    "●• ▪• ■• ◦• ∙• ▶• ►• ℃°C ℉°F"
)
_STAND_INS: Final = {pair[0]: pair[1:] for pair in _PAIRS.split()} | {"☐": "[ ]"}
"""What is drawn for characters without a letter, so that the text says the same."""
_HYPHEN: Final = re.compile(r"(?<=\w[-\N{HYPHEN}])(?=\w)")
_WIDEST_LETTER_EM: Final = 1.0
_WIDEST_PICTURE_EM: Final = 1.4
"""The widest of borrowed letters: pictures are wider than any letter."""


@cache
def font_file(style: Style) -> Path:
    """Return the TrueType file of the letters of a style."""
    from fontpkg_pt_sans import ROOT

    file: Path = ROOT / "files" / f"PT_Sans-Web-{style}.ttf"
    return file


def visible(text: str) -> str:
    """Return a text on one line, without invisible characters.

    Control characters go, those that turn the direction of writing around, and marks that stand on
    no letter of their own: a stranger's title must not spill over what is beside it.
    """
    kept = ""
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in {"Cc", "Zl", "Zp", "Zs"}:
            kept += " "
        elif category[0] not in "CM":
            kept += character
    return " ".join(kept.split())


class Letters:
    """The measures of the letters of one style."""

    def __init__(self, style: Style) -> None:
        from fontTools.ttLib import TTFont

        with TTFont(font_file(style), lazy=True) as font:
            self._names: dict[int, str] = font.getBestCmap()
            self._advances: dict[str, tuple[int, int]] = font["hmtx"].metrics
            self._units_per_em: int = font["head"].unitsPerEm
        self._width_em = cache(self._reckoned_em)  # lines are measured again with each word more

    def has(self, character: str) -> bool:
        """Return True if there is a letter for a character."""
        return ord(character) in self._names

    @cached_property
    def space(self) -> float:
        """The width of a blank at one point."""
        return self.width(" ", 1)

    def width(self, text: str, points: float) -> float:
        """Return the width of a text in millimetres.

        A character that there is no letter for has room for what stands in for it, and for the
        letter that a browser takes from elsewhere.
        """
        return sum(map(self._width_em, text)) * points * 25.4 / 72

    def _reckoned_em(self, character: str) -> float:
        if self.has(character):
            return self._advances[self._names[ord(character)]][0] / self._units_per_em
        is_picture = unicodedata.category(character) == "So"
        borrowed = _WIDEST_PICTURE_EM if is_picture else _WIDEST_LETTER_EM
        drawn = f" {_STAND_INS[character]}" if character in _STAND_INS else ""
        return max(borrowed, sum(map(self._width_em, drawn)))


@cache
def letters(style: Style) -> Letters:
    """Return the letters of a style."""
    return Letters(style)


def lines_of(
    text: str,
    room: float,
    width_of: Callable[[str], float],
    *,
    breaks_words: bool = True,
    breaks_hyphens: bool = False,
) -> Iterator[str]:
    """Yield the lines of a text, none wider than `room` by what `width_of` measures.

    A word that is too wide is broken where it has to be; without `breaks_words` it is a line of its
    own, which is too wide. With `breaks_hyphens` a line may also end after a hyphen inside a word.
    """
    line = ""
    for word in text.split():
        gap = " "
        for piece in _HYPHEN.split(word) if breaks_hyphens else [word]:
            longer = f"{line}{gap}{piece}" if line else piece
            gap = ""
            if width_of(longer) <= room:
                line = longer
                continue
            if line:
                yield line
            line = piece
            while breaks_words and width_of(line) > room:
                fits = _fitting(line, room, width_of)
                if fits == len(line):
                    break  # one character, which cannot be broken
                yield line[:fits]
                line = line[fits:]
    if line:
        yield line


def _fitting(word: str, room: float, width_of: Callable[[str], float]) -> int:
    """Return the number of characters of a word that fit, at least one."""
    # One more at a time: a stranger's word may be endless, so not all of it is measured.
    more = (count for count in range(2, len(word) + 1) if width_of(word[:count]) > room)
    return next(more, len(word) + 1) - 1


def face_rules(family: str, characters: str, styles: Iterable[Style]) -> Iterator[str]:
    """Yield the CSS rules that carry the letters for these characters, one a style."""
    for style in styles:
        encoded = base64.b64encode(_letters_alone(style, characters)).decode()
        yield (
            f'@font-face {{ font-family: "{family}"; {_DECLARATIONS[style]}; '
            f'src: url("data:font/woff;base64,{encoded}"); }}'
        )


def _letters_alone(style: Style, characters: str) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    subsetter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True))
    subsetter.populate(text=characters)
    file = io.BytesIO()
    with TTFont(font_file(style), recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(file)
    return file.getvalue()


def drawable(text: str) -> str:
    """Return a visible text in characters that we have letters for.

    Others give way to what says the same (`⅓` to `1/3`, `→` to `->`); where nothing does, they go.
    """
    # All of ASCII is there, and reading the font takes a while.
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    there = letters("Regular")
    drawn: list[str] = []
    for before, character in zip(f" {text}", text, strict=False):
        if there.has(character):
            drawn.append(character)
            continue
        stand_in = _STAND_INS.get(character, "")
        is_number_on = before.isdigit() and stand_in[:1].isdigit()  # 1⅓ is 1 1/3, and not 11/3
        drawn.append(f" {stand_in}" if is_number_on else stand_in)
    return " ".join("".join(drawn).split())


def undrawable(text: str) -> str:
    """Return the characters of a visible text that `drawable` loses, each once, in their order."""
    there = letters("Regular")
    lost = (each for each in text if not there.has(each) and each not in _STAND_INS)
    return "".join(dict.fromkeys(lost))
