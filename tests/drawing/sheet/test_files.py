"""Sheets as files: what readers of PDF and of HTML find in them, and on paper."""

from __future__ import annotations

import html
import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.drawing.sheet.samples import (
    BUNDLED,
    MARK,
    as_pdf_file,
    bundled,
    hostile,
    html_text,
    pdf_bytes,
    routine,
    step,
)
from tests.support.checkout import CHECKOUT
from voicecoach.drawing.sheet.layout import lay_out
from voicecoach.drawing.sheet.model import sheet_of
from voicecoach.routine.model import Audience, Routine, Spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pypdf import PageObject

GOLDEN = CHECKOUT / "tests" / "bundled" / "golden"


def flat(text: str) -> str:
    """Return a text without blanks and line breaks, which stand elsewhere on paper."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", BUNDLED)
def test_pdf_has_one_page_with_everything(name: str) -> None:
    """One page of A4; every name, instruction and dose can be found and copied."""
    file = as_pdf_file(bundled(name))
    assert len(file.pages) == 1
    assert file.pages[0].mediabox.width == pytest.approx(595, abs=1)
    text = flat(file.pages[0].extract_text())
    sheet = sheet_of(bundled(name))
    for row in sheet.rows:
        for part in (row.name, row.start, row.instruction, row.care, *row.dose):
            assert flat(part) in text, part
    for part in (sheet.title, sheet.for_whom, sheet.need, sheet.footer, *sheet.stop_lines):
        assert flat(part) in text, part


def test_pdf_says_what_it_is() -> None:
    """Title, author, language and the mark; the fonts are inside."""
    file = as_pdf_file(bundled("main"))
    about = file.metadata
    assert about is not None
    assert (about.title, about.author, about.producer) == (
        "Main set (standing, dumbbells)",
        "voicecoach",
        MARK,
    )
    assert file.root_object["/Lang"] == "en"
    fonts = file.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    for font in fonts:
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_letters_of_europe_can_be_copied_from_the_pdf() -> None:
    """German, Polish and Russian titles are real text."""
    for title in ("Rückenübungen für Große", "Żółty słoń", "Гимнастика для спины"):
        assert title in as_pdf_file(routine(title=title)).pages[0].extract_text()


def test_signs_that_there_are_no_letters_for_are_drawn_as_others() -> None:
    """Amounts reach the paper whole; the HTML sheet has them as they were written."""
    said = "Lift ⅓ of the way → hold 1⅔ turns, knee\N{HYPHEN}lift."
    plan = routine(step(name="腹筋", instruction=said))
    text = " ".join(as_pdf_file(plan).pages[0].extract_text().split())
    assert "Lift 1/3 of the way -> hold 1 2/3 turns, knee-lift." in text
    outline = Outline(html_text(plan))
    assert said in outline.text
    assert "腹筋" in outline.text


@pytest.mark.parametrize("make", [pdf_bytes, html_text])
def test_same_routine_gives_the_same_bytes(make: object) -> None:
    """Nothing of the day or of the run is in it."""
    assert make(bundled("children")) == make(bundled("children"))  # type: ignore[operator]


def test_golden_html(request: pytest.FixtureRequest) -> None:
    """The page without its style, to be reviewed; `--update-golden` writes it anew."""
    golden = GOLDEN / "dumbbells.sheet.html"
    page = re.sub(r"<style>.*?</style>\n", "", html_text(bundled("dumbbells")), flags=re.DOTALL)
    if request.config.getoption("--update-golden"):
        golden.write_text(page, "utf-8")
    assert page == golden.read_text("utf-8"), "review the change, then run with --update-golden"


class Outline(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that what is closed is what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what is read."""
        if "style" not in self.open:
            self.text += data


@pytest.mark.parametrize("name", BUNDLED)
def test_html_needs_no_other_file(name: str) -> None:
    """Nothing is fetched and nothing runs; all elements are closed; all words are there."""
    page = html_text(bundled(name))
    outline = Outline(page)
    assert outline.open == []
    assert not {tag for tag, _ in outline.elements} & {"script", "link", "img", "iframe"}
    assert not re.search(r"https?:|url\((?!\"data:font/woff;base64,)|@import", page)
    assert len(page) < 80_000
    for row in sheet_of(bundled(name)).rows:
        for part in (row.name, row.start, row.instruction, row.care, *row.dose):
            assert part in outline.text


def test_hostile_texts_are_text() -> None:
    """Markup, quotes and escape codes of a stranger are read, not run, in both formats."""
    page = html_text(hostile())
    outline = Outline(page)
    harmless = Outline(
        html_text(
            routine(
                step(position="x", safety_note="x", stop_line="x"),
                title="x",
                summary="x",
                about="x",
            )
        )
    )
    assert [tag for tag, _ in outline.elements] == [tag for tag, _ in harmless.elements]
    assert not any(name.startswith("on") for _, attrs in outline.elements for name in attrs)
    shown = "<script>alert('1')</script> & \"x\" ]]>"
    assert outline.text.count(shown) == 10  # every place a text of the routine goes to
    assert html.escape(shown) in page
    for page_text in (page, as_pdf_file(hostile()).pages[0].extract_text()):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page_text)
    file = as_pdf_file(hostile())
    assert file.metadata is not None
    assert file.metadata.producer == MARK
    assert shown in (file.metadata.title or "")


def test_before_you_start_is_there_where_there_is_something_to_read() -> None:
    """Neither format has a heading above nothing; any of the three brings it."""
    heading = sheet_of(routine()).before

    def is_there(plan: Routine) -> tuple[bool, bool]:
        outline = Outline(html_text(plan))
        in_pdf = flat(heading) in flat(as_pdf_file(plan).pages[0].extract_text())
        assert (("section", {"class": "checks"}) in outline.elements) == (heading in outline.text)
        return heading in outline.text, in_pdf

    assert is_there(routine()) == (False, False)
    for plan in (
        routine(opening=(Spoken("Stop.", "B"),)),
        routine(step(stop_line="Stop where it hurts.")),
        routine(step(optional=True)),
    ):
        assert is_there(plan) == (True, True)


def test_colour_says_who_it_is_for() -> None:
    """Adults' and children's sheets can be told apart at a glance."""
    accents = {
        re.findall(r"--accent: (#\w+)", html_text(routine(audience=audience)))[0]
        for audience in Audience
    }
    assert len(accents) == len(Audience)


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("name", ["dumbbells", "relaxation", "children"])
def test_html_prints_on_one_page(name: str, paper: str, chromium: str, tmp_path: Path) -> None:
    """A browser needs one page of either paper, too."""
    pages = printed_pages(html_text(bundled(name)), paper, chromium, tmp_path)
    assert len(pages) == 1
    assert flat(sheet_of(bundled(name)).footer) in flat(pages[0].extract_text())


@pytest.mark.parametrize(
    "said", ["腹筋を使って" * 12, "Σηκώστε τα χέρια " * 8], ids=["han", "greek"]
)
def test_html_in_borrowed_letters_prints_on_one_page(
    said: str, chromium: str, tmp_path: Path
) -> None:
    """Letters that the sheet does not carry have their room in its layout."""
    plan = routine(*[step(f"s{number}", name=said[:12], instruction=said) for number in range(12)])
    assert len(lay_out(sheet_of(plan)).pages) == 1
    assert len(printed_pages(html_text(plan), "letter", chromium, tmp_path)) == 1


def printed_pages(page: str, paper: str, chromium: str, folder: Path) -> Sequence[PageObject]:
    """Return the pages that a browser prints of an HTML page on A4 or letter."""
    sized = page.replace("@page { ", f"@page {{ size: {paper}; ")
    assert sized != page
    source, printed = folder / "sheet.html", folder / "printed.pdf"
    source.write_text(sized, "utf-8")
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}", source.as_uri()],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    return PdfReader(printed).pages
