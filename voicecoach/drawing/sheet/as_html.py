"""A sheet as one HTML file that needs no other: for the screen, the phone and the printer."""

from __future__ import annotations

from dataclasses import astuple
from html import escape
from string import Template
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.letters import face_rules
from voicecoach.drawing.sheet.layout import GUTTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.drawing.letters import Style
    from voicecoach.drawing.sheet.layout import Layout
    from voicecoach.drawing.sheet.model import ExerciseGroup, ExerciseRow, Sheet

_STYLES: Final[tuple[Style, ...]] = ("Regular", "Bold", "Italic")
# What browsers round up must not lead to a second page.
_PRINT_SCALE: Final = 0.985

_PAGE: Final = Template("""\
<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="generator" content="$mark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$style</style>
</head>
<body>
<main>
$body
</main>
</body>
</html>
""")

_STYLE: Final = Template("""\
$faces
:root { --accent: $accent; color-scheme: light; }
* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: #fff; color: #000; overflow-wrap: anywhere;
  font: 1rem/1.35 "PT Sans for voicecoach", "PT Sans", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1, h2, .number, .heading { color: var(--accent); }
h1 { font-size: 2.2em; line-height: 1.15; }
h2, .heading { font-size: 1.1em; }
.whom { font-weight: 700; font-size: 1.15em; }
.lead { font-size: 1.1em; }
.checks { border-left: .3em solid var(--accent); padding-left: .8em; margin: 1em 0; }
ol { list-style: none; border-bottom: 1px solid var(--accent); }
.group { border-top: 1px solid var(--accent); }
.together { border-left: .3em solid var(--accent); }
.together .row { margin-left: -.3em; }
.row.heading { padding-bottom: 0; font-size: 1em; }
.row.heading + .row { padding-top: 0; }
.row { display: grid; grid-template-columns: 2.6em 1fr; padding: .6em 0; }
.row > * { grid-column: 2; }
.row .number { grid-column: 1; grid-row: 1; font-weight: 700; padding-left: .6em; \
white-space: nowrap; }
.row h3 { font-size: 1em; }
.care { font-style: italic; }
.dose p:first-child { font-weight: 700; }
.row > .dose.dose, .row > .number.number { padding-right: 0; }
.row > .whole { grid-column: 2 / -1; }
.ticks { display: flex; flex-wrap: wrap; gap: .6em 1.5em; margin: .8em 0; }
.week { flex: 1 1 17em; }
.days { display: flex; justify-content: space-between; margin-top: .15em; }
.day::before { content: ""; display: inline-block; width: 1.3em; height: 1.3em; margin-right: .25em;
  border: 1.5px solid var(--accent); vertical-align: -.3em; }
footer { border-top: 1px solid #888; margin-top: 1em; padding-top: .4em; font-size: .9em; }
@media screen and (min-width: 48rem) {
  .row { grid-template-columns: $columns; }
  .row > :not(.whole), .row .number { grid-column: auto; grid-row: auto; padding-right: 1em; }
}
@media print {
  @page { margin: 8mm 13mm; } /* so that US Letter has room for all of it */
  body { font-size: ${points}pt; line-height: 1.22; }
  main { max-width: none; padding: 0; }
  h1, .whom, .lead { line-height: 1.22; }
  .checks { margin: .35em 0 .55em; }
  .row { grid-template-columns: $columns; padding: ${padding}mm 0; break-inside: avoid; }
  .row > :not(.whole), .row .number { grid-column: auto; grid-row: auto; \
padding-right: ${gutter}mm; }
  .ticks { margin: .35em 0; }
  footer { font-size: 8pt; margin-top: 1mm; border: 0; padding: 0; }
  $about_in_print
}
""")


def render(sheet: Sheet, layout: Layout, mark: str) -> bytes:
    """Return the file; `mark` stands in it as the program that generated it."""
    style = _STYLE.substitute(
        faces="\n".join(face_rules("PT Sans for voicecoach", _characters(sheet), _STYLES)),
        accent=sheet.accent,
        points=f"{layout.points * _PRINT_SCALE:.3f}",
        padding=f"{layout.padding * _PRINT_SCALE:.3f}",
        columns=" ".join(f"{width:.2f}fr" for width in astuple(layout.columns)),
        gutter=f"{GUTTER:g}",
        about_in_print="" if layout.with_about else ".about { display: none; }",
    )
    page = _PAGE.substitute(
        language=escape(sheet.language),
        mark=escape(mark),
        title=escape(sheet.title),
        style=style,
        body="\n".join(_body(sheet)),
    )
    return page.encode()


def _body(sheet: Sheet) -> Iterator[str]:
    yield "<header>"
    yield f"<h1>{escape(sheet.title)}</h1>"
    yield _paragraph(sheet.for_whom, "whom")
    for text in (sheet.summary, sheet.need):
        yield _paragraph(text, "lead")
    yield "</header>"
    if sheet.checks or sheet.stop_lines or sheet.remark:
        yield from _checks(sheet)
    yield "<ol>"
    for group in sheet.groups:
        yield from _group(group)
    yield "</ol>"
    yield f'<section class="ticks" aria-label="{escape(sheet.done)}">'
    for number, week in enumerate(sheet.weeks):
        label = f"{sheet.done}: {week}" if number == 0 else week
        days = "".join(f'<span class="day">{escape(day)}</span>' for day in sheet.days)
        heading = f'<b class="heading">{escape(label)}</b>'
        yield f'<div class="week">{heading}<div class="days">{days}</div></div>'
    yield "</section>"
    if sheet.about:
        yield f'<section class="about"><h2>{escape(sheet.more)}</h2>'
        yield _paragraph(sheet.about)
        yield "</section>"
    yield f"<footer>{escape(sheet.footer)}</footer>"


def _checks(sheet: Sheet) -> Iterator[str]:
    yield '<section class="checks">'
    yield f"<h2>{escape(sheet.before)}</h2>"
    for check in sheet.checks:
        yield _paragraph(check.text, strong=check.strong)
    for line in sheet.stop_lines:
        yield _paragraph(line, strong=True)
    yield _paragraph(sheet.remark)
    yield "</section>"


def _group(group: ExerciseGroup) -> Iterator[str]:
    yield f'<li class="group{" together" if group.heading else ""}">'
    if group.heading:
        yield f'<div class="row heading"><b class="whole">{escape(group.heading)}</b></div>'
    for row in group.rows:
        yield from _row(row)
    yield "</li>"


def _row(row: ExerciseRow) -> Iterator[str]:
    yield f'<div class="row"><div class="number">{row.number}</div>'
    yield f"<div><h3>{escape(row.name)}</h3>{_paragraph(row.start)}</div>"
    yield f"<div>{_paragraph(row.instruction)}{_paragraph(row.care, 'care')}</div>"
    yield f'<div class="dose">{"".join(_paragraph(part) for part in row.dose)}</div></div>'


def _paragraph(text: str, kind: str = "", *, strong: bool = False) -> str:
    """Return a paragraph with a stranger's text; nothing for none."""
    if not text:
        return ""
    words = f"<b>{escape(text)}</b>" if strong else escape(text)
    return f'<p class="{kind}">{words}</p>' if kind else f"<p>{words}</p>"


def _characters(sheet: Sheet) -> str:
    """Return the characters of the sheet, which carries their letters to fit anywhere."""
    return "".join(sorted(set("".join(_body(sheet)))))
