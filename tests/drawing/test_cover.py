"""The cover: what a thumbnail tells, the same bytes each time, and titles of any kind."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from voicecoach.drawing.cover import SIDE, draw_cover
from voicecoach.routine.model import Audience

PLAIN = "Relaxation"
HOSTILE = [
    "",
    " ",
    "🎉🎉🎉",
    "\x00\x1b[31m\x07",
    "\u202edlrow\u2066 \u200b\ufeff",
    "Z" + "\u0335\u0489" * 500,
    "W" * 10_000,
    "word " * 2_000,
    "\ud800 half a pair",
    "体操",
]


def picture(title: str, audience: Audience = Audience.ADULT, minutes: int = 9) -> Image.Image:
    """Return a cover as a picture."""
    return Image.open(io.BytesIO(draw_cover(title, audience, minutes))).convert("RGB")


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box in which two pictures differ by more than the noise of JPEG."""
    difference = ImageChops.difference(one, other).convert("L")
    return difference.point(lambda value: 255 if value > 60 else 0).getbbox()


def is_inside(
    box: tuple[int, int, int, int] | None, left: int, top: int, right: int, bottom: int
) -> bool:
    """Return whether there is a box and it lies between these edges."""
    return box is not None and (
        left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom
    )


@pytest.mark.parametrize("audience", Audience)
def test_cover_is_a_small_square_jpeg(audience: Audience) -> None:
    """Players get one square picture that costs little beside the track."""
    cover = draw_cover("Dumbbells (long set)", audience, 19)
    opened = Image.open(io.BytesIO(cover))
    assert opened.format == "JPEG"
    assert opened.size == (SIDE, SIDE)
    assert len(cover) < 80_000


def test_same_words_give_the_same_bytes() -> None:
    """Nothing of the day or of the run is in it."""
    assert draw_cover(PLAIN, Audience.ADULT, 9) == draw_cover(PLAIN, Audience.ADULT, 9)


def test_minutes_fill_the_upper_left() -> None:
    """The number is large, where it is seen first, and alone changes with the minutes."""
    box = changed(picture(PLAIN, minutes=1), picture(PLAIN, minutes=8))
    assert is_inside(box, 50, 40, 640, 420)
    assert box is not None
    assert box[3] - box[1] > 0.28 * SIDE


def test_long_sessions_stay_beside_the_figure() -> None:
    """Three digits are smaller, four smaller still; none runs over the figure or off the picture."""
    for minutes in (105, 720, 99_999, 10**30):
        box = changed(picture(PLAIN, minutes=1), picture(PLAIN, minutes=minutes))
        assert is_inside(box, 50, 40, SIDE, 420) or minutes > 99_999
    assert is_inside(
        changed(picture(PLAIN, minutes=1), picture(PLAIN, minutes=720)), 50, 40, 700, 420
    )


@pytest.mark.parametrize("pixels", [64, 128])
def test_audience_and_minutes_show_in_a_thumbnail(pixels: int) -> None:
    """Scaled down, the two audiences are far apart in colour, and the number differs clearly."""
    adult, child, other = (
        picture(PLAIN, audience, minutes).resize((pixels, pixels), Image.Resampling.LANCZOS)
        for audience, minutes in ((Audience.ADULT, 11), (Audience.CHILD, 11), (Audience.ADULT, 19))
    )
    means = [ImageStat.Stat(each).mean for each in (adult, child)]
    assert sum(abs(one - another) for one, another in zip(*means, strict=True)) > 150
    box = changed(adult, other)
    assert box is not None
    assert box[3] - box[1] > pixels * 0.22


@pytest.mark.parametrize(
    "title", ["Rückenübungen", "Żółty słoń", "Ťažký ďateľ", "Гимнастика", "Їжак і ґава"]
)
def test_letters_of_europe_are_drawn(title: str) -> None:
    """Each letter of each title leaves a gap when it is taken out."""
    shown = picture(title)
    assert is_inside(changed(picture(""), shown), 50, 700, SIDE - 50, SIDE - 30)
    for letter in set(title) - {" "}:
        assert changed(picture(title.replace(letter, "")), shown) is not None, letter


@pytest.mark.parametrize("title", HOSTILE, ids=lambda title: ascii(title)[:20])
def test_no_title_breaks_the_cover(title: str) -> None:
    """Whatever a stranger writes stays at the foot of the picture, or is nothing at all."""
    box = changed(picture(""), picture(title))
    assert box is None or is_inside(box, 50, 690, SIDE - 50, SIDE - 30)


def test_what_has_no_letters_is_nothing() -> None:
    """Characters that the font lacks leave no box and no gap."""
    assert draw_cover("🎉体", Audience.ADULT, 9) == draw_cover("", Audience.ADULT, 9)
    assert draw_cover("Re🎉lax", Audience.ADULT, 9) == draw_cover("Relax", Audience.ADULT, 9)


def test_a_title_without_letters_gives_way_to_the_slug() -> None:
    """Tracks in a list stay apart: a cover is never without a name, and keeps what is left of most."""
    slug = draw_cover("abs-1", Audience.ADULT, 9)
    assert slug != draw_cover("", Audience.ADULT, 9)
    for title in ("腹筋 Ελληνικά", "腹筋の運動 10", "🎉", "(Ελληνικά)"):
        assert draw_cover(title, Audience.ADULT, 9, slug="abs-1") == slug, title
    relax = draw_cover("Relax", Audience.ADULT, 9)
    assert draw_cover("Relax 体操", Audience.ADULT, 9, slug="abs-1") == relax
    third = draw_cover("1/3 Relax", Audience.ADULT, 9)
    assert draw_cover("⅓ Relax", Audience.ADULT, 9, slug="abs-1") == third


def test_long_titles_get_smaller_and_keep_their_words() -> None:
    """A title of two lines is balanced; one that never fits ends in dots."""
    two = changed(picture(""), picture("Dumbbells (long set)"))
    assert two is not None
    assert two[2] < 600, "broken after the first word, not before the last"
    endless = draw_cover("words " * 50, Audience.ADULT, 9)
    assert endless == draw_cover("words " * 5000, Audience.ADULT, 9)
