"""Sheets to look at: bundled routines, and one that a hostile stranger wrote."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

from pypdf import PdfReader

from voicecoach.drawing.sheet import as_html, as_pdf
from voicecoach.drawing.sheet.layout import lay_out
from voicecoach.drawing.sheet.model import sheet_of
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Audience, Equipment, Routine, Step

BUNDLED = (
    "children", "desk-break", "dumbbells", "main", "posture-play", "preliminary", "relaxation",
)  # fmt: skip
MARK = "voicecoach 9.9.9"
HOSTILE = "<script>alert('1')</script> & \"x\" ]]> \u202e\x1b[31m🎉 \\(Producer) $title"


@cache
def bundled(name: str) -> Routine:
    """Return a bundled routine."""
    library = Library()
    return load_routine(library.find_routine(name), library)


def step(slug: str = "reach", dose: str = "hold 5s", **more: object) -> Step:
    """Return an exercise."""
    plain = Step(slug, "Reach", "reach", "Reach up.", parse_dose(dose))
    return replace(plain, **more)  # type: ignore[arg-type]


def routine(*steps: Step, **more: object) -> Routine:
    """Return a routine of these exercises."""
    plain = Routine("small", "Small", Audience.ADULT, steps or (step(),))
    return replace(plain, **more)  # type: ignore[arg-type]


def hostile() -> Routine:
    """Return a routine in which every text is meant to break something."""
    evil = step(name=HOSTILE, position=HOSTILE, safety_note=HOSTILE, stop_line=HOSTILE)
    return routine(
        evil, title=HOSTILE, summary=HOSTILE, about=HOSTILE, level=HOSTILE,
        equipment=(Equipment("x", HOSTILE),),
    )  # fmt: skip


def as_pdf_file(plan: Routine) -> PdfReader:
    """Return the sheet of a routine as a reader of PDF opens it."""
    return PdfReader(io.BytesIO(pdf_bytes(plan)))


def pdf_bytes(plan: Routine) -> bytes:
    """Return the sheet of a routine as PDF."""
    sheet = sheet_of(plan)
    return as_pdf.render(sheet, lay_out(sheet), MARK)


def html_text(plan: Routine) -> str:
    """Return the sheet of a routine as HTML."""
    sheet = sheet_of(plan)
    return as_html.render(sheet, lay_out(sheet), MARK).decode()
