"""`voicecoach log`: what was practised."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import dropwhile
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from voicecoach.cli.clock import local_now
from voicecoach.cli.options import Json, complete_routine, find_routine
from voicecoach.cli.output import print_json, print_table, say
from voicecoach.fitting.wishes import MOST_MINUTES
from voicecoach.messages import printable
from voicecoach.routine.model import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.practice.record import Practice
    from voicecoach.practice.statistics import Streak, Week

LATEST: Final = 20
"""Sessions in the table."""
WEEKS: Final = 8
"""Weeks in the chart."""
_BAR_COLUMNS: Final = 30
_OLDEST_YEAR: Final = 2000
_FORMULA_SIGNS: Final = tuple("=+-@＝＋－＠|%")
"""A spreadsheet computes or runs a cell that begins with one of these, instead of showing it."""


class YesNo(StrEnum):
    """An answer."""

    YES = "yes"
    NO = "no"


def log(
    as_json: Json = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all sessions for a spreadsheet.")
    ] = False,
    add: Annotated[
        str,
        typer.Option(
            "--add",
            metavar="ROUTINE",
            help="Write down a session that you did with a track.",
            autocompletion=complete_routine,
        ),
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATE",
            help="With --add: its day (2026-03-31), or day and time (2026-03-31T18:30); else"
            " today.",
        ),
    ] = "",
    minutes: Annotated[
        int | None,
        typer.Option(
            "--minutes",
            metavar="N",
            min=1,
            max=MOST_MINUTES,
            help="With --add: how long it was; else as long as the routine is.",
        ),
    ] = None,
    done: Annotated[
        int | None,
        typer.Option(
            "--done",
            metavar="N",
            min=0,
            help="With --add: how many of the exercises you did; else all.",
        ),
    ] = None,
    level: Annotated[
        Level | None, typer.Option("--level", help="With --add: easy, standard or strong.")
    ] = None,
    effort: Annotated[
        int | None,
        typer.Option(
            "--effort",
            metavar="N",
            min=0,
            max=10,
            help="How hard the last session was, 0 to 10; with --add, that one.",
        ),
    ] = None,
    pain: Annotated[
        YesNo | None,
        typer.Option("--pain", help="Whether anything hurt in the last session: yes or no."),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget all sessions; with --last, the last.")
    ] = False,
    last: Annotated[bool, typer.Option("--last", help="With --forget: the last only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --forget: do not ask.")] = False,
) -> None:
    """Show what you have practised: the latest sessions, how regularly, and the minutes of each week.

    The log is a file on this computer alone; `voicecoach doctor` tells where.
    """  # noqa: E501  (people read it)
    rates = effort is not None or pain is not None
    _check_together(
        {"--json": as_json, "--csv": as_csv, "--forget": forget, "--add": bool(add)},
        {"--effort": effort is not None, "--pain": pain is not None},
    )
    for option, given, needed, needs in (
        ("--on", bool(on), "--add", bool(add)),
        ("--minutes", minutes is not None, "--add", bool(add)),
        ("--done", done is not None, "--add", bool(add)),
        ("--level", level is not None, "--add", bool(add)),
        ("--last", last, "--forget", forget),
        ("--yes", yes, "--forget", forget),
    ):
        if given and not needs:
            raise typer.BadParameter(f"it goes with {needed}", param_hint=option)
    hurt = None if pain is None else pain is YesNo.YES
    if forget:
        _forget(last_only=last, asks=not yes)
    elif add:
        _add(add, on, minutes, done, level or Level.STANDARD, effort, hurt)
    elif rates:
        _rate(effort, hurt)
    elif as_csv:
        _print_csv()
    else:
        _show(as_json=as_json)


def _check_together(ways: dict[str, bool], ratings: dict[str, bool]) -> None:
    given = [option for option, is_given in ways.items() if is_given]
    if given and given != ["--add"]:
        given += [option for option, is_given in ratings.items() if is_given]
    if len(given) > 1:
        raise typer.BadParameter(f"it does not go with {given[0]}", param_hint=given[1])


def _show(*, as_json: bool) -> None:
    from voicecoach.practice.log import load_history
    from voicecoach.practice.statistics import sessions_by_routine, streak, weeks_of_practice

    history = load_history()
    today = local_now().date()
    going, weeks = streak(history, today), weeks_of_practice(history, today, WEEKS)
    if as_json:
        print_json(
            {
                "sessions": [_as_json(one) for one in history],
                "streak": {"days": going.days, "weeks": going.weeks},
                "weeks": [
                    {
                        "monday": week.monday.isoformat(),
                        "minutes": round(week.minutes, 1),
                        "sessions": week.sessions,
                    }
                    for week in weeks
                ],
                "routines": sessions_by_routine(history),
            }
        )
    elif history:
        _print_history(history, going, weeks)
    else:
        say("Nothing is in your practice log yet. Begin with: voicecoach play relaxation")


def _print_history(history: Sequence[Practice], going: Streak, weeks: Sequence[Week]) -> None:
    headings = ("Date", "Routine", "Minutes", "How", "Level", "Effort", "Pain")
    print_table(headings, [_row(one) for one in reversed(history[-LATEST:])])
    # In a pipe the table is for a program; the rest is for people all the same.
    tell: Callable[[str], None] = print if sys.stdout.isatty() else say
    stream = sys.stdout if sys.stdout.isatty() else sys.stderr
    if len(history) > LATEST:
        tell(f"These are the latest {LATEST} of {len(history)}. All: voicecoach log --csv")
    for line in chart_lines(
        weeks, ascii_only=not (stream.encoding or "").lower().startswith("utf")
    ):
        tell(line)
    tell("")
    if history[-1].pain:
        tell(
            "Something hurt in your last session, so rest; up to two weeks of it end no streak. If"
            " the pain stays or comes back, please see a doctor."
        )
    elif going.days:
        days = "1 day" if going.days == 1 else f"{going.days} days"
        weeks_told = {0: "", 1: ", 1 week"}.get(going.weeks, f", {going.weeks} weeks")
        tell(
            f"Streak: {days} of practice{weeks_told}. Up to two days of rest in a row belong to it."
        )


def chart_lines(weeks: Sequence[Week], *, ascii_only: bool) -> list[str]:
    """Return the minutes of weeks as bars with numbers, from the first practice on."""
    weeks = list(dropwhile(lambda week: not week.sessions, weeks))
    most = max((week.minutes for week in weeks), default=0.0)
    lines = []
    for week in weeks:
        halves = round(2 * _BAR_COLUMNS * week.minutes / most) if most else 0
        if week.minutes:
            halves = max(1, halves)
        bar = "#" * -(-halves // 2) if ascii_only else "█" * (halves // 2) + "▌" * (halves % 2)
        told = "" if not week.sessions else f"{week.minutes:.0f} min, {_sessions(week.sessions)}"
        lines.append(f"{week.monday}  {f'{bar} ' if bar else ''}{told}".rstrip())
    return ["Minutes a week, from the Monday on:", *lines]


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _moment(one: Practice) -> str:
    return f"{one.begun_at:%Y-%m-%d %H:%M}"


def _how(one: Practice) -> str:
    if one.finished and one.exercises_done == one.exercises:
        return "finished"
    how = "finished" if one.finished else "stopped"
    return f"{how}, {one.exercises_done} of {one.exercises}"


def _told_pain(one: Practice) -> str:
    return "" if one.pain is None else "yes" if one.pain else "no"


def _row(one: Practice) -> list[str]:
    return [
        _moment(one),
        printable(one.routine),
        f"{one.seconds / 60:.0f}",
        _how(one),
        one.level.value,
        "" if one.effort is None else str(one.effort),
        _told_pain(one),
    ]


def _as_json(one: Practice) -> dict[str, Any]:
    return {
        "id": one.session_id,
        "begun_at": one.begun_at.isoformat(timespec="seconds"),
        "routine": one.routine,
        "title": one.title,
        "audience": one.audience.value,
        "seconds": one.seconds,
        "exercises_done": one.exercises_done,
        "exercises": one.exercises,
        "finished": one.finished,
        "level": one.level.value,
        "effort": one.effort,
        "pain": one.pain,
        "muscles": list(one.muscles),
        "weights": one.weights,
    }


def _print_csv() -> None:
    from voicecoach.practice.log import load_history

    history = load_history()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for one in history:
        writer.writerow(value(one) for value in _CSV_COLUMNS.values())


def cell(text: str) -> str:
    """Return a stranger's text as a cell that a spreadsheet shows and does not compute."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown


_CSV_COLUMNS: Final[dict[str, Callable[[Practice], object]]] = {
    "Date": lambda one: one.day.isoformat(),
    "Time": lambda one: f"{one.begun_at:%H:%M}",
    "Routine": lambda one: cell(one.routine),
    "Title": lambda one: cell(one.title),
    "For": lambda one: one.audience.value,
    "Minutes": lambda one: f"{one.seconds / 60:.1f}",
    "Exercises done": lambda one: one.exercises_done,
    "Exercises": lambda one: one.exercises,
    "Finished": lambda one: "yes" if one.finished else "no",
    "Level": lambda one: one.level.value,
    "Effort": lambda one: "" if one.effort is None else one.effort,
    "Pain": _told_pain,
}


def _add(
    name: str,
    on: str,
    minutes: int | None,
    done: int | None,
    level: Level,
    effort: int | None,
    pain: bool | None,
) -> None:
    from voicecoach.cli.playing.afterwards import say_after_pain
    from voicecoach.errors import PracticeLogError
    from voicecoach.fitting.lengths import minutes_of
    from voicecoach.library.library import Library
    from voicecoach.play.resuming import new_session_id
    from voicecoach.practice.log import load_history, save_practice
    from voicecoach.practice.record import Practice

    routine = find_routine(name, None, Library())
    exercises = len(routine.steps)
    if done is not None and done > exercises:
        raise typer.BadParameter(f"{name} has {exercises} exercises", param_hint="--done")
    length = minutes or minutes_of(routine)
    begun_at, is_exact = _begun_at(on, length)
    practice = Practice.of(
        routine,
        session_id=new_session_id(),
        begun_at=begun_at,
        seconds=length * 60.0,
        exercises_done=exercises if done is None else done,
        finished=done is None or done == exercises,
        level=level,
        effort=effort,
        pain=pain,
    )
    # The same command given twice is one session.
    if is_exact and any(
        (one.routine, _moment(one)) == (practice.routine, _moment(practice))
        for one in load_history()
    ):
        raise PracticeLogError(
            f"{practice.routine} on {_moment(practice)} is in the log already;"
            " `voicecoach log` shows it"
        )
    save_practice(practice)
    say(f"Added: {_told(practice)}.")
    if pain:
        say_after_pain(routine.audience)


def _begun_at(on: str, minutes: int) -> tuple[datetime, bool]:
    """Return the start of an added session, in local time; True if its time of day was named."""
    now = local_now()
    if not on:
        return now - timedelta(minutes=minutes), False
    try:
        named = datetime.fromisoformat(on)
    except ValueError:
        named = None
    if named is None or named.year < _OLDEST_YEAR:
        raise typer.BadParameter(
            f"say a day as {now.date()}, or with its time as {now:%Y-%m-%dT%H:%M}",
            param_hint="--on",
        )
    if named.date() > now.date() + timedelta(days=1):  # too far away for the clocks of some systems
        raise typer.BadParameter("that is still to come", param_hint="--on")
    is_exact = "T" in on or " " in on or ":" in on
    if not is_exact:
        if named.date() == now.date():
            return now - timedelta(minutes=minutes), False
        named = datetime.combine(named.date(), time(12))
    begun_at = named.astimezone()
    if begun_at > now:
        raise typer.BadParameter("that is still to come", param_hint="--on")
    return begun_at, is_exact


def _rate(effort: int | None, pain: bool | None) -> None:
    from voicecoach.cli.playing.afterwards import say_after_pain
    from voicecoach.practice.log import rate_practice

    one = _last()
    rate_practice(one.session_id, effort=effort, pain=pain)
    parts = [_told(one)]
    if effort is not None:
        parts.append(f"effort {effort}")
    if pain is not None:
        parts.append("pain" if pain else "no pain")
    say(f"Kept: {', '.join(parts)}.")
    if pain:
        say_after_pain(one.audience)


def _forget(*, last_only: bool, asks: bool) -> None:
    from voicecoach.cli.playing.logbook import command_to_add
    from voicecoach.practice.log import forget, load_history

    if last_only:
        one = _last()
        forget(one.session_id)
        say(f"Forgotten: {_told(one)}. To add it again: {command_to_add(one, one.routine)}")
        return
    count = len(load_history())
    if not count:
        say("Nothing is in your practice log.")
        return
    if asks and not _confirmed(f"Forget all that is in your practice log ({_sessions(count)})?"):
        say("Nothing is forgotten.")
        return
    say(f"{_sessions(forget())} forgotten")


def _confirmed(question: str) -> bool:
    """Ask on the terminal; wrong usage where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here; say --yes", param_hint="--forget")
    print(f"{question} It cannot be undone. Type yes: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _last() -> Practice:
    from voicecoach.errors import PracticeLogError
    from voicecoach.practice.log import load_history

    if history := load_history():
        return history[-1]
    raise PracticeLogError(
        "nothing is in your practice log; a session that you did with a track is added by "
        "`voicecoach log --add ROUTINE`"
    )


def _told(one: Practice) -> str:
    return f"{printable(one.routine)} on {_moment(one)}, {one.seconds / 60:.0f} min, {_how(one)}"
