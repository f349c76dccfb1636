"""`voicecoach plan`: the week as people, programs and calendars get it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from tests.cli.conftest import run
from tests.practice.samples import CHILD, D, M, P, R, at, day, regular, session
from tests.support.checkout import CHECKOUT
from voicecoach.cli.commands import plan as plan_command
from voicecoach.files import folders
from voicecoach.practice import log
from voicecoach.practice.programme import load_programme
from voicecoach.practice.reminders import Reminder, calendar_text
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.practice.record import Practice

SEVEN = list(range(7))

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def life(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets what was practised, and which hour of which day it is now."""

    def live(history: list[Practice], number: int, hour: int = 12) -> None:
        monkeypatch.setattr(log, "load_history", lambda: tuple(history))
        monkeypatch.setattr(plan_command, "local_now", lambda: at(number, hour))

    return live


def rows(*arguments: str) -> list[list[str]]:
    """Return the cells of the table."""
    return [line.split("\t") for line in run("plan", *arguments)[0].splitlines()]


# ----------------------------------------------------------------------------------- for people


def test_the_first_day(life: Any) -> None:
    """Somebody new sees this week from today on, why it is so, and how to begin."""
    life([], 1)
    out, err = run("plan")
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0] == ["Mon 2 Mar", "", "", ""]
    assert lines[1][:3] == ["Tue 3 Mar, today", "relaxation, preliminary", "19"]
    assert lines[1][3] == "(erector spinae), abdominals, flexibility"
    assert [line[1] for line in lines[2:]] == [R, f"{R}, {P}", R, f"{R}, {P}", R]
    assert "Week 1 of practice, 2 March to 8 March" in err
    assert "Weeks 1 and 2: start gently." in err
    assert "Not trained: trapezius, latissimus dorsi, erector spinae. The main set" in err
    assert "Begin: voicecoach play relaxation\n" in err


def test_what_was_done_is_ticked_and_nothing_is_made_up(life: Any) -> None:
    """The past shows what was done, and plainly what was planned; minutes are those of the sound."""
    history = [
        *regular(6),
        session(42, R),
        session(43, "yoga", muscles=("abdominals", "shins")),
        session(43, "desk-break"),
        session(44, M, exercises_done=2),
    ]
    life(history, 45)
    table = rows()
    assert [line[1] for line in table[:4]] == [
        "✓ relaxation, dumbbells",
        "✓ yoga, ✓ desk-break, relaxation, preliminary",
        "main (2 of 6), relaxation, main",
        "relaxation, preliminary",
    ]  # fmt: skip
    assert table[0][2] == "10"
    assert table[1][3] == "abdominals"
    assert table[0][3] == "(erector spinae), flexibility"
    assert table[4][1:] == [
        "relaxation, dumbbells",
        "28",
        "trapezius, latissimus dorsi, erector spinae, flexibility",
    ]


def test_a_break_is_ticked_though_it_is_no_practice(life: Any) -> None:
    """What was done to its end has its tick."""
    life([session(0, "desk-break")], 0)
    assert rows()[0][1] == "✓ desk-break, relaxation"


def test_minutes_are_those_of_the_level(life: Any) -> None:
    """One set of the main set is shorter than two."""
    life(regular(2), 14)
    assert rows()[0][1:3] == ["relaxation, main (easy)", "17"]
    out, _ = run("plan", "--json")
    (main,) = [
        one for one in json.loads(out)["weeks"][0]["days"][0]["planned"] if one["routine"] == M
    ]
    assert (main["level"], main["minutes"]) == ("easy", 8)
    life([*regular(2), session(14, R)], 14)
    assert "Begin: voicecoach play main --level easy\n" in run("plan")[1]


def test_reasons_of_a_day_and_what_must_be_said(life: Any) -> None:
    """Why there is less than usual, and that somebody should be seen."""
    history = [*regular(6), session(42, R, pain=True), session(43, R, pain=True)]
    life(history, 44)
    out, err = run("plan")
    assert [line.split("\t")[1] for line in out.splitlines()][2:] == ["relaxation (easy)"] + [R] * 4
    assert load_programme().see_professional in err.splitlines()
    assert "Wed 15 Apr: Only relaxation, because something hurt more than once." in err


def test_weeks_to_come(life: Any) -> None:
    """Each has its seven rows; what was said once is not said again."""
    life([], 0)
    out, err = run("plan", "--weeks", "3")
    assert len(out.splitlines()) == 21
    assert err.count("start gently") == 1
    assert "Week 3 of practice, 16 March to 22 March" in err
    assert out.count("main (easy)") == 2


def test_done_for_today(life: Any) -> None:
    """Nothing more is asked for, and no command is offered."""
    life([session(0, R)], 0)
    err = run("plan")[1]
    assert "Mon 2 Mar: Done for today." in err
    assert "Begin:" not in err


def test_without_weights(life: Any) -> None:
    """No weights in any week, and what that means."""
    life(regular(6), 42)
    out, err = run("plan", "--no-weights", "--weeks", "8")
    assert M not in out
    assert D not in out
    assert err.count(load_programme().without_weights) == 1
    assert "Week" not in err


def test_for_children(life: Any) -> None:
    """Games, as they like; no list of what is not trained."""
    life([session(0, "children")], 1)
    out, err = run("plan", "--for", "child")
    assert [line.split("\t")[1] for line in out.splitlines()] == [
        "✓ children", "posture-play (if they like)", "children", "posture-play (if they like)", "children",
        "posture-play (if they like)", "",
    ]  # fmt: skip
    assert "Not trained" not in err
    assert "Begin: voicecoach play posture-play\n" in err


def test_a_terminal_without_ticks_gets_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the output is not Unicode."""
    for encoding, tick in (("ascii", "x"), ("cp1252", "x"), ("utf-8", "✓"), ("no-such", "x")):
        monkeypatch.setattr(sys, "stdout", _Named(encoding))
        assert plan_command._tick() == tick


class _Named(io.StringIO):
    """A stream that says it has an encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


def test_routines_that_are_not_here_are_told(
    life: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is shown all the same, and no reminder is written for what cannot be practised."""
    monkeypatch.setattr(folders, "bundled_folder", lambda: folder / "nowhere")
    life([], 0)
    out, err = run("plan", "--ics", "plan.ics")
    assert out.splitlines()[1] == "Tue 3 Mar\trelaxation, preliminary\t\t"
    assert "relaxation: there is no such routine here" in err
    assert "preliminary: there is no such routine here" in err
    assert "plan.ics: not written" in err
    assert not (folder / "plan.ics").exists()
    document = json.loads(run("plan", "--json")[0])
    assert document["missing_routines"] == [R, P]


def test_a_routine_with_mistakes_is_told(life: Any, folder: Path) -> None:
    """With the command that says what is wrong with it."""
    (folder / "scripts").mkdir()
    (folder / "scripts" / "preliminary.toml").write_text("voicecoach = 1\ntitle = ", "utf-8")
    life([], 1)
    out, err = run("plan")
    assert out.splitlines()[1].split("\t")[1:3] == ["relaxation, preliminary", "9"]
    assert "voicecoach check" in err


def test_the_real_log_and_clock(folder: Path) -> None:
    """Without a log, on whatever day the tests run, there is a week with today in it."""
    out, err = run("plan")
    assert out.count(", today") == 1
    assert "Begin: voicecoach play relaxation" in err
    assert plan_command.local_now().tzinfo is not None


def test_nothing_heavy_is_loaded() -> None:
    """The plan answers at once: no voice, no player, and no calendar where none is asked for."""
    code = (
        "import sys; sys.argv = ['voicecoach', 'plan']\n"
        "from voicecoach.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'onnxruntime', 'hibari', 'pydub', 'miniaudio', 'lameenc', 'mutagen', 'numpy', 'icalendar'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


# --------------------------------------------------------------------------------- for programs


def test_json(life: Any) -> None:
    """One document with all that the table and the words say."""
    life([*regular(6), session(42, R)], 42)
    out, err = run("plan", "--json", "--weeks", "2")
    assert err == ""
    document = json.loads(out)
    assert (document["audience"], document["today"], document["calendar"]) == (
        "adult",
        "2026-04-13",
        None,
    )
    first, second = document["weeks"]
    assert (first["monday"], first["practised_week"], first["stage"]) == ("2026-04-13", 7, "full")
    assert (second["monday"], second["practised_week"]) == ("2026-04-20", 8)
    assert first["does_not_train"] == []
    monday = first["days"][0]
    assert monday["today"] is True
    assert [(one["routine"], one["done"], one["left"]) for one in monday["planned"]] == [
        (R, True, False), (D, False, True),
    ]  # fmt: skip
    assert monday["done"] == [{"routine": R, "seconds": 600.0, "exercises_done": 6, "exercises": 6}]
    assert monday["minutes"] == 10 + 19
    life([], 0)
    child = json.loads(run("plan", "--json", "--for", "child")[0])["weeks"][0]
    assert (child["stage"], child["practised_week"]) == (None, None)


# -------------------------------------------------------------------------------- for calendars


def events(path: Path) -> list[icalendar.Event]:
    """Return the events of a calendar's file, read by the library."""
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_a_reminder_a_day(life: Any, folder: Path) -> None:
    """With the right day, hour, length and words, read by the library."""
    life([], 0)
    assert "plan.ics  14 reminders; open it" in run("plan", "--weeks", "2", "--ics", "plan.ics")[1]
    found = events(folder / "plan.ics")
    assert [one["DTSTART"].dt for one in found] == [
        datetime.combine(day(number), datetime.min.time()).replace(hour=18) for number in range(14)
    ]
    minutes = [one["DURATION"].dt // timedelta(minutes=1) for one in found]
    assert minutes[:7] == [9, 19, 9, 19, 9, 19, 9]
    assert str(found[1]["SUMMARY"]) == "Relaxation + Preliminary set (floor)"
    assert (
        "Begin: voicecoach play relaxation, then voicecoach play preliminary"
        in found[1]["DESCRIPTION"]
    )
    assert "stop and rest" in found[1]["DESCRIPTION"]
    for one in found:
        (alarm,) = one.walk("VALARM")
        assert (str(alarm["ACTION"]), alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(minutes=-10))
        assert alarm["DESCRIPTION"] == one["SUMMARY"]


def test_reminders_float(life: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight in the evening stays that when the clocks change (29 March 2026 in Europe): no zone at all."""
    life([], 21)
    run("plan", "--weeks", "2", "--ics", "plan.ics", "--at", "20:05")
    starts = re.findall(rb"DTSTART(.*?)\r\n", (folder / "plan.ics").read_bytes())
    assert starts == [f":202603{number}T200500".encode() for number in range(23, 32)] + [
        f":2026040{number}T200500".encode() for number in range(1, 6)
    ]
    assert b"VTIMEZONE" not in (folder / "plan.ics").read_bytes()
    assert all(one["DTSTART"].dt.tzinfo is None for one in events(folder / "plan.ics"))


def test_the_same_day_has_the_same_name(life: Any, folder: Path) -> None:
    """So importing again replaces; a later file is the newer one; a child's plan is another."""
    life([], 0)
    run("plan", "--ics", "plan.ics")
    first = events(folder / "plan.ics")
    life([session(0, R), session(1, R)], 2)
    run("plan", "--ics", "plan.ics", "--weeks", "2", "--at", "7:00")
    second = events(folder / "plan.ics")
    run("plan", "--ics", "child.ics", "--for", "child")
    child = events(folder / "child.ics")
    uids = [[str(one["UID"]) for one in found] for found in (first, second, child)]
    assert uids[0][3:] == uids[1][:4]
    assert not set(uids[0] + uids[1]) & set(uids[2])
    assert all(len(set(each)) == len(each) for each in uids)
    assert first[3]["DTSTAMP"].dt < second[0]["DTSTAMP"].dt


def test_what_is_over_done_or_only_if_they_like_is_no_reminder(life: Any, folder: Path) -> None:
    """Today only while it is to come, and not after it was done."""
    for hour, done, days in (
        (12, [], SEVEN),
        (18, [], SEVEN[1:]),
        (12, [session(0, R)], SEVEN[1:]),
    ):
        life(done, 0, hour)
        run("plan", "--ics", "plan.ics")
        assert [one["DTSTART"].dt.date() for one in events(folder / "plan.ics")] == [
            day(n) for n in days
        ]
    life([], 0)
    run("plan", "--ics", "child.ics", "--for", "child")
    assert [one["DTSTART"].dt.date() for one in events(folder / "child.ics")] == [
        day(0),
        day(2),
        day(4),
    ]


def test_the_file_as_it_is_written(life: Any, folder: Path) -> None:
    """Read by hand: CRLF everywhere, no line over 75 bytes, folded lines whole again, each block closed."""
    (folder / "scripts").mkdir()
    text = (CHECKOUT / "scripts" / "relaxation.toml").read_text("utf-8")
    title = r'title = "Ruhe; früh, spät \\ – äöü 漢字漢字漢字漢字漢字漢字 END:VCALENDAR!"'
    text = re.sub(r"^title = .*$", lambda _: title, text, count=1, flags=re.MULTILINE)
    (folder / "scripts" / "relaxation.toml").write_text(text, "utf-8")
    life([], 0)
    run("plan", "--ics", "plan.ics")
    written = (folder / "plan.ics").read_bytes()
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert written.count(b"\n") == written.count(b"\r") == written.count(b"\r\n")
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two
    unfolded = written.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    depth: list[str] = []
    for line in unfolded[:-1]:
        assert re.match(r"[A-Z-]+[:;]", line), line
        if line.startswith("BEGIN:"):
            depth.append(line[6:])
        elif line.startswith("END:"):
            assert depth.pop() == line[4:]
    assert not depth
    expected = "Ruhe; früh, spät \\ – äöü 漢字漢字漢字漢字漢字漢字 END:VCALENDAR!"
    escaped = expected.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"SUMMARY:{escaped}" in unfolded
    assert str(events(folder / "plan.ics")[0]["SUMMARY"]) == expected
    assert unfolded[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", unfolded[2]]
    assert unfolded[2].startswith("PRODID:-//voicecoach//")


def test_words_of_a_stranger_stay_words() -> None:
    """Lines, control characters and turned writing in a title make no line of the calendar."""
    title = "A\r\nEND:VEVENT\x07\u202eB\nATTENDEE:mailto:c"
    text = calendar_text(
        [Reminder(at(0).replace(tzinfo=None), 9, CHILD, (title,), (title,))], at(0)
    )
    assert "\r\nSUMMARY:A END:VEVENT B ATTENDEE:mailto:c\r\n" in text
    assert text.count("\r\nEND:VEVENT\r\n") == 1
    assert not re.search("\r\nATTENDEE|[\x00-\x09\x0b\x0c\x0e-\x1f\u202e]", text)


def test_nothing_leads_out_of_the_calendar(life: Any, folder: Path) -> None:
    """No address of any kind, and nothing of this computer."""
    life(regular(6), 42)
    run("plan", "--weeks", "4", "--ics", "plan.ics")
    written = (folder / "plan.ics").read_text("utf-8")
    assert not re.search(r"https?:|mailto:|URL|ATTACH|ORGANIZER|ATTENDEE", written)
    assert str(folder) not in written


def test_a_file_of_somebody_else_stays(life: Any, folder: Path) -> None:
    """Only with --force; ours is replaced; a link stays a link."""
    life([], 0)
    path = folder / "plan.ics"
    theirs = b"BEGIN:VCALENDAR\r\nPRODID:-//Somebody//EN\r\nEND:VCALENDAR\r\n"
    path.write_bytes(theirs)
    err = run("plan", "--ics", "plan.ics", expect=1)[1]
    assert "was not made by voicecoach; use --force" in err.replace("\n", " ")
    assert path.read_bytes() == theirs
    run("plan", "--ics", "plan.ics", "--force")
    assert len(events(path)) == 7
    run("plan", "--ics", "plan.ics", "--weeks", "2")
    assert len(events(path)) == 14
    (folder / "link.ics").symlink_to(path)
    run("plan", "--ics", "link.ics")
    assert (folder / "link.ics").is_symlink()
    assert len(events(path)) == 7
    assert {each.name for each in folder.iterdir()} == {"plan.ics", "link.ics"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ics", "plan.txt"], "ends in .ics"),
        (["--ics", "plans"], "ends in .ics"),
        (["--ics", "p.ics", "--at", "25:00"], "no time of day"),
        (["--ics", "p.ics", "--at", "18"], "no time of day"),
        (["--ics", "p.ics", "--at", "12:60"], "no time of day"),
        (["--at", "18:00"], "goes with --ics"),
        (["--force"], "goes with --ics"),
        (["--weeks", "0"], "greater than or equal to 1"),
        (["--for", "dog"], "dog"),
    ],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], words: str, life: Any, folder: Path) -> None:
    """Exit status 2, a reason, and no file."""
    life([], 0)
    assert words in " ".join(re.sub("[│╭╰─╮╯]", " ", run("plan", *arguments, expect=2)[1]).split())
    assert not list(folder.iterdir())


@pytest.mark.parametrize("name", ["nowhere/plan.ics", "folder.ics", "/dev/full/plan.ics"])
def test_places_that_cannot_be_written(name: str, life: Any, folder: Path) -> None:
    """One clear message, and nothing half written."""
    life([], 0)
    (folder / "folder.ics").mkdir()
    assert "choose another" in run("plan", "--ics", name, expect=1)[1] or name == "folder.ics"
    assert not list((folder / "folder.ics").iterdir())


def test_a_session_over_midnight_has_its_length() -> None:
    """The length is a length, not an hour of the clock: it survives midnight and the change of clocks."""
    stamp = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    text = calendar_text([Reminder(datetime(2026, 3, 28, 23, 50), 28, CHILD, ("A",))], stamp)  # noqa: DTZ001
    (one,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert one["DURATION"].dt == timedelta(minutes=28)
    assert one["DTSTAMP"].dt.utcoffset() == timedelta(0)
    assert one["DTSTAMP"].dt.date() == date(2025, 12, 31)
    assert str(one["UID"]) == f"2026-03-28-{Audience.CHILD}@voicecoach"
