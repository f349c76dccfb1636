"""Pictures as files: what readers of SVG find in them, and what browsers show."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image

from tests.drawing.sheet.samples import BUNDLED
from tests.support.building import compiled, routine, step
from tests.support.samples import MARK, findings, repeated, script_of
from voicecoach.drawing.chart import as_svg, is_our_picture, looks, write_picture
from voicecoach.drawing.chart.layout import lay_out
from voicecoach.drawing.chart.shapes import Box, Picture, text_width
from voicecoach.drawing.letters import drawable, font_file, letters

SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str) -> Picture:
    """Return the picture of a sample."""
    return lay_out(script_of(name), findings() if name == "crowded" else ())


def svg(name: str) -> str:
    """Return the picture of a sample as SVG."""
    return as_svg.render(drawn(name), MARK).decode()


def parsed(text: str) -> ET.Element:
    """Return the root of an SVG; one that is not well-formed raises."""
    return ET.fromstring(text)  # noqa: S314  (it is ours)


@cache
def shown(name: str) -> Image.Image:
    """Return the picture of a sample as a browser shows it, two pixels a unit."""
    picture = drawn(name)
    with TemporaryDirectory() as folder:
        source, shot = Path(folder, "a.svg"), Path(folder, "shot.png")
        source.write_bytes(as_svg.render(picture, MARK))
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--force-device-scale-factor=2",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={shot}",
                f"--window-size={picture.width:.0f},{picture.height:.0f}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=100,
        )
        with Image.open(shot) as image:
            return image.convert("RGB")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", [*BUNDLED, "crowded"])
def test_svg_is_well_formed_and_needs_nothing_else(name: str) -> None:
    """All words are text, in order; nothing is fetched and nothing runs; its letters are inside."""
    text, picture = svg(name), drawn(name)
    root = parsed(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {picture.width:g} {picture.height:g}"
    used = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert used <= {"svg", "title", "style", "g", "rect", "line", "polygon", "text"}
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert [element.text for element in root.iter(f"{SVG}text")] == [
        words.text for words in picture.words
    ]
    assert not re.search(
        r"https?:(?!//www.w3.org/2000/svg\")|url\((?!\"data:font/woff;base64,)", text
    )
    assert text.count("@font-face") == 2


def test_svg_tells_what_is_pointed_at() -> None:
    """Every cue has a title of its own, with its time and all of its words."""
    root = parsed(svg("main"))
    assert root.find(f"{SVG}title").text == "Main set (standing, dumbbells)"  # type: ignore[union-attr]
    titles = [
        group.findtext(f"{SVG}title")
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "speech"
    ]
    assert len(titles) == sum(
        cue.kind == "speech" for segment in script_of("main").segments for cue in segment.cues
    )
    assert (
        "4:16.8 Breathe out and lift both shoulders straight up towards your ears. "
        "Pause, then lower them slowly." in titles
    )


def test_hostile_texts_are_text() -> None:
    """Markup of a stranger is read, not run; escape codes and turns of direction are gone."""
    text = svg("crowded")
    root = parsed(text)
    written = "<script>alert('1')</script> & \"x\" ]]>"
    assert any(written in (element.text or "") for element in root.iter(f"{SVG}text"))
    assert written in (root.get("aria-label") or "")
    assert not list(root.iter(f"{SVG}script"))
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)


def test_letters_are_those_that_are_needed() -> None:
    """A small file; Cyrillic and Polish are text as all else."""
    plan = routine(step(name="Поднимите плечи"), step("b", name="Żółty słoń"), closing="Dość.")
    text = as_svg.render(lay_out(compiled(plan)), MARK).decode()
    assert "Поднимите плечи" in text
    assert "Żółty słoń" in text
    assert len(text) < 60_000


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["main", "crowded"])
def test_same_session_gives_the_same_bytes(name: str) -> None:
    """Nothing of the day or of the run is in it."""
    assert as_svg.render(drawn(name), MARK) == as_svg.render(drawn(name), MARK)


@pytest.mark.usefixtures("chromium")
def test_browser_shows_the_colours_at_their_places() -> None:
    """Every full box that nothing lies on, in the middle of it; the margin is paper."""
    picture, scale = drawn("preliminary"), 2
    image = shown("preliminary")
    assert image.size == (picture.width * scale, picture.height * scale)
    assert image.getpixel((3, 3)) == image.getpixel((image.width - 3, image.height - 3))
    assert image.getpixel((3, 3)) == (255, 255, 255)
    seen = set()
    for group in picture.groups:
        first = group.shapes[0] if group.shapes else None
        if group.kind not in {"speech", "phase"} or not isinstance(first, Box):
            continue
        fill = first.fill
        if (
            group.kind == "phase"
        ):  # above its foot, below the bars of words, beside its first grid line
            at = (first.x + 3, first.y + first.height - 4)
        elif fill in {looks.GREEN, looks.SKY}:
            continue
        else:
            at = (first.x + first.width / 2, first.y + first.height / 2)
        pixel = image.getpixel((round(at[0] * scale), round(at[1] * scale)))
        assert isinstance(pixel, tuple)
        assert f"#{bytes(pixel).hex()}" == fill, (group, at)
        seen.add(fill)
    assert {looks.BLUE, looks.VERMILION, looks.INK, looks.PAPER, looks.WORK, looks.LEAD_IN} <= seen


@pytest.mark.usefixtures("chromium")
def test_striped_bars_are_both_colours() -> None:
    """Cues and checks are told apart by stripes, not by colour alone."""
    picture = drawn("preliminary")
    image = shown("preliminary")
    for colour in (looks.GREEN, looks.SKY):
        bar = next(
            group.shapes[0]
            for group in picture.groups
            if group.kind == "speech" and isinstance(group.shapes[0], Box)
            and group.shapes[0].fill == colour
        )  # fmt: skip
        assert isinstance(bar, Box)
        part = image.crop(
            tuple(round(2 * at) for at in (bar.x, bar.y, bar.x + bar.width, bar.y + bar.height))  # type: ignore[arg-type]
        )
        area = part.width * part.height
        shares = {
            f"#{bytes(pixel).hex()}": count / area  # type: ignore[arg-type]
            for count, pixel in part.getcolors(area) or []
        }
        assert shares[colour] > 0.5
        assert 0.05 < shares[looks.PAPER] < 0.4


def test_things_are_told_apart_in_black_and_white() -> None:
    """Grounds by their brightness, beside their frames."""

    def brightness(colour: str) -> float:
        red, green, blue = bytes.fromhex(colour[1:])
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    dark = [looks.BLUE, looks.VERMILION, looks.GREEN, looks.INK]
    assert all(brightness(colour) < 0.55 for colour in dark)
    assert brightness(looks.WORK) > 0.85


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [*BUNDLED, "crowded"])
def test_letters_are_as_wide_as_was_reckoned(name: str) -> None:
    """So that what is beside others in the layout is so in the picture."""
    from PIL import ImageFont

    for words in drawn(name).words:
        font = ImageFont.truetype(
            str(font_file(words.style)), words.size * 2, layout_engine=ImageFont.Layout.BASIC
        )
        for word in words.text.split():
            width = font.getlength(drawable(word)) / 2
            reckoned = text_width(word, words.size, words.style)
            assert width <= reckoned + 2.5, word
            if all(map(letters("Regular").has, word)):
                assert width >= reckoned - 2.5, word


def test_long_pictures_are_written(tmp_path: Path) -> None:
    """Half a day has room in one file."""
    written = write_picture(repeated(360), tmp_path / "day.svg")
    assert written.size_bytes == (tmp_path / "day.svg").stat().st_size < 20_000_000
    parsed((tmp_path / "day.svg").read_text("utf-8"))


def test_what_is_written_is_ours(tmp_path: Path) -> None:
    """The mark is found in a file that ends in .svg."""
    written = write_picture(script_of("main"), tmp_path / "a.svg")
    assert is_our_picture(written.path)
    assert written.size_bytes == written.path.stat().st_size
    written.path.rename(tmp_path / "b.svg.txt")
    assert not is_our_picture(tmp_path / "b.svg.txt")


def test_letters_are_borrowed(tmp_path: Path) -> None:
    """What we have no letters for is text as all else."""
    script = compiled(routine(step(name="腹筋 ⅓"), step("b")))
    write_picture(script, tmp_path / "a.svg")
    assert "腹筋 ⅓" in (tmp_path / "a.svg").read_text("utf-8")
    assert any("腹筋" in words.text for words in lay_out(script).words)
