"""What a picture tells: phases without gaps, rows that hold whole sets, silences, and what to look at."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.support.building import STOP_LINE, compiled, cue, routine, step
from tests.support.samples import VARIANTS, crowded, findings, script_of
from voicecoach.drawing.chart.rows import (
    ROW_SECONDS,
    Purpose,
    heard_in,
    longest_without_stop,
    phases_of,
    remarks_of,
    rows_of,
    silences_of,
    talk_seconds,
)
from voicecoach.errors import Problem
from voicecoach.routine.model import Silence, Spoken
from voicecoach.script.model import NoteKind
from voicecoach.script.phases import Phase

SCRIPTS = [*VARIANTS, ("crowded", "full")]


@pytest.mark.parametrize(("name", "variant"), SCRIPTS)
def test_phases_and_rows_follow_without_gaps(name: str, variant: str) -> None:
    """Each begins where the one before ends; together they are the session; no row is too long."""
    script = script_of(name, variant)
    at = 0.0
    for index, (segment, start) in enumerate(
        zip(script.segments, script.starts_seconds, strict=True)
    ):
        phases = phases_of(segment, start)
        for phase in phases:
            assert phase.start_seconds == pytest.approx(at)
            assert phase.end_seconds > phase.start_seconds
            at = phase.end_seconds
        heard = heard_in(script, index)
        rows = list(rows_of(phases, heard))
        assert rows[0].start_seconds == start
        assert rows[-1].end_seconds == phases[-1].end_seconds
        for row, after in itertools.pairwise(rows):
            assert row.end_seconds == after.start_seconds
        for row in rows:
            assert row.end_seconds - row.start_seconds <= ROW_SECONDS + 1e-6
            assert row.phases[0].start_seconds == row.start_seconds
            assert row.phases[-1].end_seconds == row.end_seconds
        begun = [
            each
            for row in rows
            for each in row.heard
            if each.start_seconds >= row.start_seconds - 1e-6
        ]
        assert begun == heard, "each cue begins in one row"
    assert at == pytest.approx(script.duration_seconds)


def rows(*steps_: object, index: int = 0) -> list[tuple[float, float]]:
    """Return the rows of a segment as (start, end)."""
    script = compiled(routine(*steps_))  # type: ignore[arg-type]
    phases = phases_of(script.segments[index], script.starts_seconds[index])
    return [
        (row.start_seconds, row.end_seconds) for row in rows_of(phases, heard_in(script, index))
    ]


def test_rows_hold_whole_sets_with_what_leads_to_them() -> None:
    """A row ends before a rest, so that the next one begins with what leads to its set."""
    long = step(dose="3 x hold 50s, rest 20s", setup_seconds=20, rest_after_seconds=9)
    assert rows(long, step("b")) == [(0, 70), (70, 140), (140, 219)]
    fits = step(dose="2 x hold 40s, rest 20s", setup_seconds=20)
    assert rows(fits, step("b")) == [(0, 120)]


def test_work_that_fits_a_row_is_not_cut() -> None:
    """It begins a row of its own where there is no room for it with its lead-in."""
    assert rows(step(dose="hold 110s", setup_seconds=20), step("b")) == [(0, 20), (20, 130)]


def test_work_longer_than_a_row_goes_on_in_the_next() -> None:
    """Its parts tell how long all of it is, and which begin where the one before ends."""
    script = compiled(routine(step(dose="hold 300s", setup_seconds=20), step("b")))
    phases = phases_of(script.segments[0], 0)
    work = [row.phases[-1] for row in rows_of(phases, heard_in(script, 0))][1:]
    assert [phase.whole_seconds for phase in work] == [300] * len(work)
    assert [phase.is_continued for phase in work] == [False, True, True]


def test_words_longer_than_a_row_go_on_in_the_next() -> None:
    """Both rows have them."""
    script = script_of("crowded")
    index = next(i for i, segment in enumerate(script.segments) if segment.slug == "endless")
    phases = phases_of(script.segments[index], script.starts_seconds[index])
    heard = heard_in(script, index)
    longest = max(heard, key=lambda each: each.end_seconds - each.start_seconds)
    assert longest.end_seconds - longest.start_seconds > ROW_SECONDS
    assert sum(longest in row.heard for row in rows_of(phases, heard)) == 2


def test_end_tone_belongs_to_the_row_that_it_ends() -> None:
    """Though the next row begins at the same moment."""
    script = compiled(
        routine(step(dose="2 x hold 90s, rest 10s", setup_seconds=20), step("b"), closing="Bye.")
    )
    phases = phases_of(script.segments[0], 0)
    first = next(iter(rows_of(phases, heard_in(script, 0))))
    assert first.end_seconds == 110
    assert [each.cue.text for each in first.heard if not each.is_talk] == ["start", "end"]


def test_purposes_of_an_opening() -> None:
    """Checks and stop lines are told apart from other words."""
    opening = (
        Spoken("Welcome."),
        Silence(2.0),
        Spoken("Clear the floor.", "SC-A"),
        Spoken("If anything hurts, stop.", "SC-A", stop=True),
    )
    script = compiled(replace(routine(step(), closing="Bye."), opening=opening))
    purposes = [each.purpose for each in heard_in(script, 0)]
    assert purposes == [Purpose.HOW, Purpose.CHECK, Purpose.STOP]


def test_purposes_in_an_exercise() -> None:
    """By what the words are for; tones have none."""
    plan = routine(step("plank", "hold 30s", cue("9s", "Breathe."), stop_line=STOP_LINE), step("b"))
    heard = {each.cue.text: each.purpose for each in heard_in(compiled(plan), 0)}
    assert heard == {
        "Next: plank.": Purpose.WHAT_COMES,
        "Hold still.": Purpose.HOW,
        STOP_LINE: Purpose.STOP,
        "Three.": Purpose.TIME,
        "Two.": Purpose.TIME,
        "One.": Purpose.TIME,
        "start": Purpose.SOUND,
        "Go.": Purpose.TIME,
        "Breathe.": Purpose.CUE,
        "Five more seconds.": Purpose.TIME,
        "Halfway.": Purpose.TIME,
        "end": Purpose.SOUND,
    }


def test_phases_of_a_step() -> None:
    """Lead-in, sets and the rests around them."""
    plan = routine(
        step(dose="2 x hold 9s, rest 8s", setup_seconds=20, rest_after_seconds=5), step()
    )
    phases = phases_of(compiled(plan).segments[0], 100.0)
    assert [(phase.phase, phase.start_seconds, phase.end_seconds) for phase in phases] == [
        (Phase.GET_READY, 100, 120),
        (Phase.WORK, 120, 129),
        (Phase.REST, 129, 137),
        (Phase.WORK, 137, 146),
        (Phase.REST, 146, 151),
    ]


def test_silences_are_where_nothing_sounds() -> None:
    """Ten seconds or more, tones and numbers being no silence."""
    script = compiled(routine(step(dose="hold 45s", setup_seconds=10), step("b"), closing="Bye."))
    silences = silences_of(script)
    cues = heard_in(script, 0)
    for start, end in silences:
        assert end - start >= 10
        assert not any(each.start_seconds < end and start < each.end_seconds for each in cues)
    # From "Go." to "Halfway.", and from that to "Five more seconds.".
    assert [(round(start, 1), round(end, 1)) for start, end in silences] == [
        (10.5, 32.5),
        (33.0, 50.0),
    ]


def test_talk_and_stop_lines_are_measured() -> None:
    """How much of a time is words, and how long nobody is told to stop when it hurts."""
    script = script_of("main")
    heard = [each for index in range(len(script.segments)) for each in heard_in(script, index)]
    total = sum(
        cue.duration_seconds
        for segment in script.segments
        for cue in segment.cues
        if cue.kind == "speech"
    )
    assert talk_seconds(heard, 0, script.duration_seconds) == pytest.approx(total)
    assert talk_seconds(heard, 1.0, 1.5) == pytest.approx(0.5)
    assert 60 < longest_without_stop(script) < 240
    silent = compiled(routine(step(), closing="Bye."))
    assert longest_without_stop(silent) == pytest.approx(silent.duration_seconds)


def test_remarks_are_numbered_in_the_order_of_the_session() -> None:
    """Those about all of it first; each finding at its exercise, each note at its time."""
    script = script_of("crowded")
    remarks = remarks_of(script, findings())
    assert [remark.number for remark in remarks] == list(range(1, len(remarks) + 1))
    assert len(remarks) == len(script.notes) + 3
    assert (remarks[0].sign, remarks[0].segment) == ("advice", -1)
    times = [remark.at_seconds for remark in remarks[1:]]
    assert times == sorted(times)
    places = {remark.sign: script.segments[remark.segment].slug for remark in remarks[1:]}
    assert (places["warning"], places["error"]) == ("crowd", "moved")


def test_finding_among_steps_of_one_name_is_at_its_slug() -> None:
    """The name alone would not tell which; a step that is not there is about none of them."""
    script = compiled(routine(*(step(slug, name="Reach") for slug in "abc")))

    def place(slug: str) -> int:
        problem = Problem(1, 0, 'step 9 "Reach"', "wrong", slug=slug)
        return remarks_of(script, [problem])[0].segment

    assert [place(slug) for slug in ("a", "b", "c", "gone", "")] == [0, 1, 2, -1, -1]


def test_notes_say_when() -> None:
    """Words that were moved or sped up sound at that time; dropped ones were wanted in the exercise."""
    script = compiled(crowded())
    kinds = set()
    for segment in script.segments:
        for note in segment.notes:
            kinds.add(note.kind)
            assert 0 <= note.start_seconds <= segment.duration_seconds
            at = [cue.text for cue in segment.cues if cue.start_seconds == note.start_seconds]
            assert (note.text in at) == (note.kind is not NoteKind.DROPPED)
    assert {NoteKind.MOVED, NoteKind.DROPPED} <= kinds


def test_dropped_words_are_noted_where_they_were_wanted() -> None:
    """In the work, at the moment of their anchor."""
    plan = routine(
        step(
            "a", "hold 30s", cue("10s", "Breathe in."), cue("12s", "Out. " * 12), setup_seconds=20
        ),
        step("b"),
    )
    (note,) = compiled(plan).notes
    assert (note.kind, note.start_seconds) == (NoteKind.DROPPED, 32.0)
