"""Where things stand: at their time, on one scale, all of them, on the page, and no words over words."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import pytest

from tests.support.building import compiled, cue, routine, step
from tests.support.samples import VARIANTS, findings, repeated, script_of
from voicecoach.drawing.chart import looks
from voicecoach.drawing.chart.layout import LEFT, RIGHT, SCALE, WIDTH, lay_out
from voicecoach.drawing.chart.rows import ROW_SECONDS, silences_of
from voicecoach.drawing.chart.shapes import (
    Box,
    Picture,
    Polygon,
    Shape,
    ShapeGroup,
    Stroke,
    TextShape,
    shortened,
    text_width,
    wrapped,
)
from voicecoach.errors import Problem, Severity
from voicecoach.messages import clock
from voicecoach.script.model import Script

SCRIPTS = [*VARIANTS, ("crowded", "full")]


@cache
def drawn(name: str, variant: str = "full") -> Picture:
    """Return the picture of a sample."""
    return lay_out(script_of(name, variant), findings() if name == "crowded" else ())


def groups(picture: Picture, kind: str) -> list[ShapeGroup]:
    """Return the things of a kind."""
    return [group for group in picture.groups if group.kind == kind]


def edges(shape: Shape) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a shape."""
    match shape:
        case Box():
            return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
        case TextShape():
            top, foot = shape.baseline - 0.72 * shape.size, shape.baseline + 0.2 * shape.size
            return shape.x, top, shape.x + shape.width, foot
        case Stroke():
            xs, ys = zip(shape.start, shape.end, strict=True)
            half = shape.width / 2
            return min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half
        case Polygon():
            xs, ys = zip(*shape.corners, strict=True)
            return min(xs), min(ys), max(xs), max(ys)


def ground(phase: ShapeGroup) -> Shape:
    """Return the shape whose width is the length of a phase."""
    return phase.shapes[0]


def span(phase: ShapeGroup) -> tuple[float, float]:
    """Return from where to where a phase stands in its row."""
    match ground(phase):
        case Stroke(start=(left, _), end=(right, _)):
            return left, right
        case shape:
            left, _, right, _ = edges(shape)
            return left, right


def phase_at(picture: Picture, seconds: float, top: float) -> ShapeGroup | None:
    """Return the phase of the row at a height, in which a moment lies, if it lies there."""
    return next(
        (
            phase
            for phase in groups(picture, "phase")
            if phase.start_seconds - 1e-6 <= seconds <= phase.end_seconds + 1e-6
            and abs(edges(ground(phase))[1] - top) < 40
        ),
        None,
    )


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_everything_is_on_the_page(name: str, variant: str) -> None:
    """Nothing is cut off at an edge, and nothing has a negative size."""
    picture = drawn(name, variant)
    for group in picture.groups:
        for shape in group.shapes:
            left, top, right, bottom = edges(shape)
            assert 0 <= left <= right <= WIDTH, (group, shape)
            assert 0 <= top <= bottom <= picture.height, (group, shape)


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_no_words_over_words(name: str, variant: str) -> None:
    """All that is written can be read."""
    picture = drawn(name, variant)
    lines = sorted((edges(words) for words in picture.words), key=lambda each: each[1])
    for number, (left, _, right, bottom) in enumerate(lines):
        for other_left, other_top, other_right, _ in lines[number + 1 :]:
            if other_top >= bottom:
                break
            assert other_left >= right or other_right <= left, (number, picture.title)


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_no_leader_crosses_words(name: str, variant: str) -> None:
    """The lines from bars to words that stand further down pass beside all other words."""
    picture = drawn(name, variant)
    words = [edges(each) for group in groups(picture, "speech") for each in group.shapes
             if isinstance(each, TextShape)]  # fmt: skip
    for group in groups(picture, "speech"):
        for shape in group.shapes:
            if isinstance(shape, Stroke) and shape.colour == looks.GRID:
                left, top, right, bottom = edges(shape)
                for begin, above, end, below in words:
                    is_beside = end <= left or begin >= right
                    assert is_beside or below <= top or above >= bottom - 3


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_every_cue_stands_at_its_time(name: str, variant: str) -> None:
    """Its distance from the start of its phase, and its width, are its times on the scale of the picture."""
    script, picture = script_of(name, variant), drawn(name, variant)
    expected = {
        kind: sorted(
            (round(start + cue.start_seconds, 6), cue.text)
            for segment, start in zip(script.segments, script.starts_seconds, strict=True)
            for cue in segment.cues
            if cue.kind == kind
        )
        for kind in ("speech", "sound")
    }
    found: dict[str, list[float]] = {"speech": [], "tone": []}
    for group in picture.groups:
        if group.kind not in found:
            continue
        left, top, right, _ = edges(group.shapes[0])
        strip = top if group.kind == "tone" else top - 10
        if group.kind == "tone":
            left += group.shapes[0].width / 2  # type: ignore[union-attr]
        phase = phase_at(picture, group.start_seconds, strip)
        if phase is None:
            assert left == LEFT, "only words that go on from the row before"
            continue
        at = span(phase)[0] + (group.start_seconds - phase.start_seconds) * SCALE
        assert left == pytest.approx(at, abs=0.01)
        found[group.kind].append(round(group.start_seconds, 6))
        wide = (group.end_seconds - group.start_seconds) * SCALE
        if group.kind == "speech" and at + wide <= RIGHT:
            assert right - left == pytest.approx(max(wide, 1.5), abs=0.01)
    assert sorted(found["speech"]) == [at for at, _ in expected["speech"]]
    assert sorted(found["tone"]) == [at for at, _ in expected["sound"]]


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_equal_times_are_equally_wide(name: str, variant: str) -> None:
    """One scale for all rows; together the phases are as long as the session."""
    script, picture = script_of(name, variant), drawn(name, variant)
    phases = groups(picture, "phase")
    for phase in phases:
        left, right = span(phase)
        wide = (phase.end_seconds - phase.start_seconds) * SCALE
        assert right - left == pytest.approx(wide, abs=0.01)
    total = sum(phase.end_seconds - phase.start_seconds for phase in phases)
    assert total == pytest.approx(script.duration_seconds)


def test_sides_are_equally_wide_and_told_apart() -> None:
    """By their words, their arrows and their grounds, in the order in which they are done."""
    plan = routine(step(dose="hold 30s each side, change 14s"), step("b"))
    picture = lay_out(compiled(plan))
    sides = [phase for phase in groups(picture, "phase") if " · 30 s" in phase.hover]
    assert ["right" in sides[0].hover, "left" in sides[1].hover] == [True, True]
    right, left = (ground(side) for side in sides)
    assert isinstance(right, Box)
    assert isinstance(left, Box)
    assert (right.width, left.width) == pytest.approx((30 * SCALE, 30 * SCALE))
    assert right.fill != left.fill
    (right_arrow,), (left_arrow,) = (
        [shape for shape in side.shapes if isinstance(shape, Polygon)] for side in sides
    )
    assert right_arrow.corners[0][0] > right_arrow.corners[1][0]
    assert left_arrow.corners[0][0] < left_arrow.corners[1][0]
    assert any("left 0:30 = right 0:30" in words.text for words in picture.words)


def test_sides_that_differ_are_said() -> None:
    """At the exercise, and in the head."""
    script = compiled(routine(step(dose="hold 30s each side, change 14s"), step("b")))
    first, *others = script.segments[0].work_blocks
    uneven = (replace(first, duration_seconds=20.0), *others)
    segment = replace(script.segments[0], work_blocks=uneven)
    picture = lay_out(Script(script.routine, (segment, *script.segments[1:])))
    said = [words.text for words in picture.words if "left 0:30 ≠ right 0:20" in words.text]
    assert len(said) == 2


@pytest.mark.parametrize("name", ["main", "preliminary", "crowded"])
def test_work_is_labelled_with_its_set_and_dose(name: str) -> None:
    """Which set of how many, how many reps, how long, where there is room."""
    texts = {words.text for words in drawn(name).words}
    wanted = {
        "main": "1/2 · 8 × · 48 s",
        "preliminary": "2/2 · left · 15 s",
        "crowded": "… 300 s",
    }
    assert wanted[name] in texts


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_every_silence_is_measured(name: str, variant: str) -> None:
    """With its length, from its start or the start of a row to its end or the end of a row."""
    picture = drawn(name, variant)
    measured = {(group.start_seconds, group.end_seconds) for group in groups(picture, "silence")}
    silences = silences_of(script_of(name, variant))
    assert measured == set(silences)
    for group in groups(picture, "silence"):
        words = [shape.text for shape in group.shapes if isinstance(shape, TextShape)]
        assert words == [f"{group.end_seconds - group.start_seconds:.0f} s"]


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_whoever_points_at_words_reads_all_of_them(name: str, variant: str) -> None:
    """With their time, however little of them stands there."""
    script, picture = script_of(name, variant), drawn(name, variant)
    hovers = {group.hover for group in groups(picture, "speech")}
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        for one in segment.cues:
            if one.kind == "speech" and "\x1b" not in one.text:
                text = " ".join(one.text.split())
                assert f"{clock(start + one.start_seconds)} {text}" in hovers


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_stop_lines_stand_out(name: str, variant: str) -> None:
    """In the overview, each at its time."""
    script, picture = script_of(name, variant), drawn(name, variant)
    stops = [
        (start + one.start_seconds)
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for one in segment.cues
        if one.role == "stop"
    ]
    assert stops
    scale = (RIGHT - LEFT) / script.duration_seconds
    red = [
        edges(group.shapes[0])
        for group in groups(picture, "sign")
        if isinstance(group.shapes[0], Polygon) and len(group.shapes[0].corners) == 8
    ]
    middles = [(left + right) / 2 for left, _, right, _ in red]
    for stop in stops:
        assert any(middle == pytest.approx(LEFT + stop * scale, abs=0.1) for middle in middles)


def test_remarks_are_marked_and_listed() -> None:
    """Each by its number, above its row at its time, and below with time, exercise and all words."""
    script, picture = script_of("crowded"), drawn("crowded")
    count = len(script.notes) + len(findings())
    listed = [group for group in groups(picture, "list") if group.hover]
    assert len(listed) == count
    marked = [
        [shape.text for shape in group.shapes if isinstance(shape, TextShape)]
        for group in groups(picture, "sign")
    ]
    # The first is about the routine as a whole and stands at no exercise.
    assert [words[0] for words in marked if words] == [str(n) for n in range(2, count + 1)]
    words = [
        " ".join(shape.text for shape in group.shapes if isinstance(shape, TextShape))
        for group in listed
    ]
    assert words[0] == "1 advice: there is no summary (write one)"
    assert words[1].startswith("2 0:")
    for note in script.notes:
        assert any(
            note.kind in line and note.text in line and note.detail in line for line in words
        )


def test_signs_are_above_their_moment() -> None:
    """Next to each other where they are apart, in lanes where they are not."""
    plan = routine(
        step("a", "hold 60s", cue("10s", "Out. " * 12), cue("12s", "In. " * 12),
             cue("13s", "Up. " * 12), setup_seconds=20), step("b"),
    )  # fmt: skip
    script = compiled(plan)
    signs = [
        group
        for group in groups(lay_out(script), "sign")
        if any(isinstance(shape, TextShape) for shape in group.shapes)
    ]
    assert len(signs) == len(script.notes) >= 2
    for group, note in zip(signs, script.notes, strict=True):
        left = min(edges(shape)[0] for shape in group.shapes)
        assert left == pytest.approx(LEFT + note.start_seconds * SCALE, abs=5)


def test_nothing_to_look_at_is_said() -> None:
    """In place of an empty list; the legend explains only what is there."""
    texts = {words.text for words in drawn("main").words}
    assert "Nothing was moved, sped up or dropped." in texts
    assert not {"To look at", "moved", "dropped", "left", "right"} & texts
    crowded = {words.text for words in drawn("crowded").words}
    assert {"To look at", "dropped", "moved", "left", "right", "checks"} <= crowded
    assert any(text.startswith("finding") for text in crowded)


@pytest.mark.parametrize("severity", list(Severity))
def test_severities_have_signs_of_their_own(severity: Severity) -> None:
    """By shape or colour; a note's sign is another again."""

    def sign(kind: str) -> tuple[Shape, ...]:
        return tuple(looks.sign(kind, 0, 0))

    others = [*(other for other in Severity if other is not severity), "moved", "dropped", "stop"]
    assert all(sign(severity) != sign(other) for other in others)
    picture = lay_out(
        script_of("main"),
        [Problem(1, 0, 'step 4 "Dumbbell shrug"', "x", severity=severity, slug="shrug")],
    )
    placed = [
        group
        for group in groups(picture, "sign")
        if any(isinstance(s, TextShape) for s in group.shapes)
    ]
    assert len(placed) == 1
    assert placed[0].shapes[0].fill == sign(severity)[0].fill  # type: ignore[union-attr]


def test_longer_sessions_make_longer_pictures() -> None:
    """Never denser ones: an exercise is as wide and as high in an hour as in a minute."""
    short, long = lay_out(repeated(2)), lay_out(repeated(50))
    for picture in (short, long):
        works = [ground(phase) for phase in groups(picture, "phase") if "×" in phase.hover]
        assert {round(work.width, 3) for work in works} == {round(50 * SCALE, 3)}  # type: ignore[union-attr]
    tops = [
        {
            round(after - before, 3)
            for before, after in itertools.pairwise(
                edges(group.shapes[0])[1]
                for group in groups(picture, "chapter")
                if isinstance(group.shapes[0], Stroke)
            )
        }
        for picture in (short, long)
    ]
    assert len(tops[0]) == 1
    assert max(tops[1]) <= max(tops[0]) + 0.01
    assert long.width == short.width


def test_a_session_of_twelve_hours_is_laid_out() -> None:
    """In rows as wide as any, each within its time."""
    script = compiled(routine(*[step(f"s{n}", "12 x hold 580s, rest 20s") for n in range(6)]))
    assert 11.9 * 3600 < script.duration_seconds < 12.2 * 3600
    picture = lay_out(script)
    assert picture.width == WIDTH
    assert len(groups(picture, "phase")) > script.duration_seconds / ROW_SECONDS
    minutes = [words.text for words in picture.words if words.text.endswith(":00:00")]
    assert minutes


def test_wrapping_and_shortening() -> None:
    """Never wider than there is room; what is lost leaves an ellipsis."""
    text = "Straighten your right leg and lift it, slowly."
    for width in (0, 3, 20, 50, 111, 400):
        for most in (1, 2, 5):
            lines = wrapped(text, 11, width, most)
            assert len(lines) <= most
            assert all(text_width(line, 11) <= width for line in lines)
            if " ".join(lines) != text and lines:
                assert lines[-1].endswith("…")
                assert text.startswith(" ".join(lines).rstrip("…").rstrip())
    assert wrapped("", 11, 100, 3) == []
    assert shortened("Reach", 11, 200) == "Reach"
    assert shortened("Reach up, high", 11, text_width("Reach up, …", 11)) == "Reach up…"
    assert shortened("Reach", 11, 2) == ""
