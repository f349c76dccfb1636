"""Where things stand: on one page where it can be, never too small, never off the page, nothing lost."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.drawing.sheet.samples import BUNDLED, bundled, hostile, routine, step
from voicecoach.drawing.letters import letters
from voicecoach.drawing.sheet.layout import (
    BOTTOM,
    LEFT,
    RIGHT,
    SMALLEST_POINTS,
    TOP,
    Layout,
    lay_out,
    wrapped,
)
from voicecoach.drawing.sheet.model import sheet_of

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine

WIDE = "W" * 1000
ENDLESS = routine(
    step("a", name="W" * 120, position=WIDE, instruction=WIDE, safety_note=WIDE),
    *[step(f"s{number}", safety_note="Calm. " * 20) for number in range(60)],
    about=WIDE * 4,
)


def check_places(layout: Layout) -> None:
    """Check that all words are on the page, of a size that can be read, and on nothing else."""
    for page in layout.pages:
        ends: dict[float, list[tuple[float, float]]] = {}
        for line in page.lines:
            end = line.x + letters(line.style).width(line.text, line.points)
            assert line.points >= SMALLEST_POINTS
            assert line.x >= LEFT
            assert end <= RIGHT + 0.01, line
            assert TOP - 3 <= line.baseline <= BOTTOM, line
            ends.setdefault(round(line.baseline, 3), []).append((line.x, end))
        for spans in ends.values():
            spans.sort()
            for (_, end), (start, _) in itertools.pairwise(spans):
                assert end <= start, "words over words"
        for box in page.boxes:
            assert box.x >= LEFT
            assert box.x + box.width <= RIGHT + 0.01
            assert box.y >= TOP - 0.01
            assert box.y + box.height <= BOTTOM + 0.01


def words_of(layout: Layout) -> str:
    """Return all that is written, without blanks."""
    return "".join(line.text for page in layout.pages for line in page.lines).replace(" ", "")


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_routines_fit_on_one_page(name: str) -> None:
    """Each on one page, in letters that can be read on a fridge."""
    layout = lay_out(sheet_of(bundled(name)))
    assert len(layout.pages) == 1
    assert layout.points >= (8.5 if name == "dumbbells" else 9)
    check_places(layout)


def test_short_routines_get_large_letters() -> None:
    """Letters grow with the room, up to a size that looks calm."""
    assert lay_out(sheet_of(routine())).points == 12
    assert lay_out(sheet_of(bundled("desk-break"))).points > 11


@pytest.mark.parametrize("plan", [ENDLESS, hostile()], ids=["endless", "hostile"])
def test_nothing_is_off_the_page(plan: Routine) -> None:
    """Words without blanks are broken, exercises higher than a page go on on the next."""
    check_places(lay_out(sheet_of(plan)))


def test_what_does_not_fit_goes_on_on_further_pages() -> None:
    """Nothing is lost, and the letters are not the smallest."""
    sheet = sheet_of(ENDLESS)
    layout = lay_out(sheet)
    assert len(layout.pages) > 2
    assert layout.points > SMALLEST_POINTS
    written = words_of(layout)
    assert written.count("W") == 120 + 3000 + 4000 + 4  # those of "Week" and "We"
    for number in range(1, 62):
        assert any(
            line.text == str(number) and line.accent for page in layout.pages for line in page.lines
        )
    for number in range(1, len(layout.pages) + 1):
        assert f"{number}/{len(layout.pages)}" in written


@pytest.mark.parametrize("name", ["exercises", "checks"])
def test_bar_goes_on_beside_each_part_of_what_is_higher_than_a_page(name: str) -> None:
    """What belongs together shows it on every page, as far down as its words and no further."""
    text = "Reach up. " * 1500
    plan = {
        "exercises": routine(
            step("a", instruction=text, together="x"), step("b", instruction=text, together="x")
        ),
        "checks": routine(step(instruction="Sit.", stop_line=text)),
    }[name]
    layout = lay_out(sheet_of(plan))
    check_places(layout)
    assert len(layout.pages) > 3
    for page in layout.pages:
        words = [line.baseline for line in page.lines if "Reach up." in line.text]
        bars = [box for box in page.boxes if box.full and box.height > 1]
        for baseline in words:
            beside = [bar for bar in bars if bar.y < baseline < bar.y + bar.height]
            assert [bar.x for bar in beside] == [LEFT], baseline
        assert all(
            any(bar.y < baseline < bar.y + bar.height + 1 for baseline in words) for bar in bars
        ), "a bar beside nothing"


def test_rule_closes_the_last_exercise_once() -> None:
    """Below its last part, also where that is not its first."""
    for plan in (routine(), routine(step(instruction="Reach up. " * 1500))):
        layout = lay_out(sheet_of(plan))
        rules = [
            (number, box.y)
            for number, page in enumerate(layout.pages)
            for box in page.boxes
            if box.full and box.height < 1
        ]
        assert len(rules) == 2
        last = max(
            (number, line.baseline)
            for number, page in enumerate(layout.pages)
            for line in page.lines
            if "Reach up." in line.text
        )
        assert rules[1] > last


def test_boxes_to_tick_are_there_once() -> None:
    """Two weeks of seven days."""
    for plan in (bundled("dumbbells"), ENDLESS):
        layout = lay_out(sheet_of(plan))
        assert sum(not box.full for page in layout.pages for box in page.boxes) == 14


def test_background_gives_way_to_legible_letters() -> None:
    """A long set leaves it out; a short one has it."""
    assert not lay_out(sheet_of(bundled("dumbbells"))).with_about
    assert lay_out(sheet_of(bundled("main"))).with_about


def test_lines_break_at_blanks_and_hyphens() -> None:
    """A word is broken only where a line has no room for it; unknown characters take room, too."""
    assert wrapped("aa bb 🎉 cc", "Regular", 10, 100) == ["aa bb 🎉 cc"]
    assert wrapped("腹" * 9, "Regular", 10, 15) == ["腹" * 4, "腹" * 4, "腹"]
    assert wrapped("stand shoulder-width", "Regular", 10, 30) == ["stand shoulder-", "width"]
    broken = wrapped("W" * 50, "Bold", 10, 30)
    assert "".join(broken) == "W" * 50
    assert all(letters("Bold").width(line, 10) <= 30 for line in broken)
    assert wrapped("WW", "Bold", 10, 0.1) == ["W", "W"]
    assert wrapped("knee\N{HYPHEN}lift", "Bold", 10, 15) == ["knee\N{HYPHEN}", "lift"]
