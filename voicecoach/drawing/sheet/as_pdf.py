"""A sheet as PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicecoach.drawing.letters import drawable, font_file
from voicecoach.drawing.sheet.layout import PAGE_HEIGHT, PAGE_WIDTH

if TYPE_CHECKING:
    from fpdf import FPDF

    from voicecoach.drawing.letters import Style
    from voicecoach.drawing.sheet.layout import Layout, SheetPage
    from voicecoach.drawing.sheet.model import Sheet

_STYLES: dict[Style, str] = {"Regular": "", "Bold": "B", "Italic": "I"}
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""PDF wants a day; the same routine gives the same bytes on every one."""


def render(sheet: Sheet, layout: Layout, mark: str) -> bytes:
    """Return the file; `mark` stands in it as the program that produced it."""
    from fpdf import FPDF
    from fpdf.prefs import ViewerPreferences

    pdf = FPDF(unit="mm", format=(PAGE_WIDTH, PAGE_HEIGHT))
    pdf.set_auto_page_break(auto=False)
    for style, letter in _STYLES.items():
        pdf.add_font("PT Sans", letter, font_file(style))
    pdf.set_title(sheet.title)
    pdf.set_author("voicecoach")
    pdf.set_subject(sheet.summary)
    pdf.set_lang(sheet.language)
    pdf.set_producer(mark)
    pdf.set_creation_date(_NO_DAY)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    for page in layout.pages:
        _draw(pdf, page, sheet.accent)
    return bytes(pdf.output())


def _draw(pdf: FPDF, page: SheetPage, accent: str) -> None:
    pdf.add_page()
    pdf.set_fill_color(accent)
    pdf.set_draw_color(accent)
    pdf.set_line_width(0.3)
    for box in page.boxes:
        pdf.rect(box.x, box.y, box.width, box.height, style="F" if box.full else "D")
    for line in page.lines:
        pdf.set_font("PT Sans", _STYLES[line.style], line.points)
        pdf.set_text_color(accent if line.accent else "#000000")
        pdf.text(line.x, line.baseline, drawable(line.text))
