"""What stands on a sheet: doses as patients read them, checks, what belongs together."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.drawing.sheet.samples import BUNDLED, bundled, routine, step
from tests.support.building import compiled
from voicecoach.cli import app
from voicecoach.drawing.sheet.model import dose_in_words, sheet_of
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Contraindication, Spoken
from voicecoach.script.moments import moment_at


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ("hold 30s", ["hold 30 s"]),
        ("for 60s", ["for 1 min"]),
        ("for 90s", ["for 1 min 30 s"]),
        ("hold 12.5s", ["hold 12.5 s"]),
        ("1 rep", ["once", "2 s there, hold 1 s, 2 s back"]),
        ("8 reps, tempo 3-0-3", ["8 times", "3 s there, 3 s back"]),
        ("6 reps, hold 10s", ["6 times", "2 s there, hold 10 s, 2 s back"]),
        ("2 x 8 reps, tempo 2-1-3", ["2 sets of 8", "2 s there, hold 1 s, 3 s back", "30 s rest between sets"]),
        ("6-4-2 reps, rest 2min", ["3 sets: 6, 4, 2 times", "2 s there, hold 1 s, 2 s back", "2 min rest between sets"]),
        ("hold 30s each side, change 14s", ["hold 30 s each side", "right side first"]),
        ("2 x hold 15s each side, left first, rest 8s",
         ["hold 15 s each side, 2 times", "left side first", "8 s rest between sets"]),
        ("10 reps each side, alternating",
         ["10 times each side", "taking turns, right side first", "2 s there, hold 1 s, 2 s back"]),
    ],
)  # fmt: skip
def test_dose_as_a_patient_reads_it(dose: str, words: list[str]) -> None:
    """Every kind of dose is told in full, in figures."""
    assert list(dose_in_words(parse_dose(dose), load_phrases())) == words


@pytest.mark.parametrize("name", BUNDLED)
def test_minutes_and_people_are_those_of_the_list(name: str) -> None:
    """The sheet and `voicecoach list` never differ."""
    listed = {
        entry["name"]: entry
        for entry in json.loads(CliRunner().invoke(app, ["list", "--json"]).stdout)
    }[name]
    sheet = sheet_of(bundled(name))
    assert f"about {listed['minutes']} min" in sheet.for_whom
    assert ("child" in sheet.for_whom) == (listed["audience"] == "child")
    assert ("grown-up" in sheet.for_whom) == listed["adult_nearby"]
    for thing in listed["equipment"]:
        assert thing in sheet.need


@pytest.mark.parametrize("name", BUNDLED)
def test_every_check_and_every_stop_line_is_on_the_sheet(name: str) -> None:
    """What the coach says for safety is there in print, each once."""
    plan, sheet = bundled(name), sheet_of(bundled(name))
    checks = " ".join(check.text for check in sheet.checks)
    reasons = {reason.spoken: reason.name for reason in plan.contraindications}
    for item in plan.opening:
        if isinstance(item, Spoken) and item.block:
            assert reasons.get(item.text, item.text) in checks
    assert set(sheet.stop_lines) == {step.stop_line for step in plan.steps} - {""}
    assert len(set(sheet.stop_lines)) == len(sheet.stop_lines)
    for row, planned in zip(sheet.rows, plan.steps, strict=True):
        assert planned.safety_note in row.care
        assert planned.position in row.start
        assert "$" not in row.instruction


def test_nine_reasons_stand_out() -> None:
    """The reasons not to lift weights are one strong paragraph, between what is said around them."""
    checks = sheet_of(bundled("dumbbells")).checks
    strong = [number for number, check in enumerate(checks) if check.strong]
    assert len(strong) == 1
    assert checks[strong[0]].text.count(" · ") == 8
    assert "nine reasons" in checks[strong[0] - 1].text
    assert "doctor or midwife" in checks[strong[0] + 1].text


def test_reasons_are_those_that_are_spoken() -> None:
    """A reason that the opening does not say is not made up."""
    said = Contraindication("a", "Asthma", "undesirable", "Skip it if you have asthma.")
    plan = routine(
        opening=(Spoken(said.spoken, "B"), Spoken("Stop.", "B")), contraindications=(said,)
    )
    assert [check.text for check in sheet_of(plan).checks] == ["Asthma", "Stop."]


def test_steps_that_belong_together_are_one_group() -> None:
    """Groups have a heading, single exercises none; numbers run on."""
    groups = sheet_of(bundled("relaxation")).groups
    assert [[row.number for row in group.rows] for group in groups][:3] == [[1], [2, 3, 4], [5]]
    assert [bool(group.heading) for group in groups][:3] == [False, True, False]
    alone = sheet_of(routine(step(together="x"))).groups
    assert [group.heading for group in alone] == [""], "nothing to belong to"


def test_some_steps_are_counted_as_the_screen_counts_them() -> None:
    """Whoever plays the steps that are on the paper hears and sees the same numbers."""
    chosen = select_steps(bundled("desk-break"), Wishes(only=("3", "5")))
    script = compiled(chosen)
    moments = [
        moment_at(segment, 0, index=index, routine=chosen)
        for index, segment in enumerate(script.segments)
    ]
    played = [(each.exercise_number, each.title) for each in moments if each.exercise_number]
    assert [(row.number, row.name) for row in sheet_of(chosen).rows] == played
    assert [number for number, _ in played] == [1, 2]
    assert moments[0].exercise_count == 2


def test_sides_in_instructions_are_those_that_begin() -> None:
    """`$side` is the first side, as the coach says it."""
    text = "Lift your $side arm, not the $other_side one, for $duration."
    plan = routine(step(dose="hold 30s each side, left first", instruction=text))
    (row,) = sheet_of(plan).rows
    assert row.instruction == "Lift your left arm, not the right one, for half a minute."
    assert row.dose == ("Hold 30 s each side", "Left side first")


def test_what_may_be_left_out() -> None:
    """Said once where it holds for all, else beside the exercise."""
    some = sheet_of(routine(step("a", optional=True), step("b")))
    assert [row.dose[-1] for row in some.rows] == ["May be left out", "Hold 5 s"]
    assert some.remark == ""
    every = sheet_of(routine(step("a", optional=True), step("b", optional=True)))
    assert [row.dose for row in every.rows] == [("Hold 5 s",)] * 2
    assert every.remark == "Every exercise may be left out."


def test_rest_after_an_exercise() -> None:
    """Short breaks are not printed; rests are."""
    plan = routine(step("a", rest_after_seconds=9), step("b", rest_after_seconds=75))
    first, second = sheet_of(plan).rows
    assert first.dose == ("Hold 5 s",)
    assert second.dose == ("Hold 5 s", "Then 1 min 15 s rest")


def test_nothing_needed_and_nothing_known() -> None:
    """What a routine does not say leaves no empty labels."""
    sheet = sheet_of(routine())
    (row,) = sheet.rows
    assert (row.start, row.care, sheet.about, sheet.checks) == ("", "", "", ())
    assert sheet.need == "You need: nothing"
    assert sheet.for_whom == "for adults · about 1 min"
