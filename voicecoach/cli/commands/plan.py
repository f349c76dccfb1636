"""`voicecoach plan`: what to practise this week, and why."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from voicecoach.cli.clock import local_now
from voicecoach.cli.options import For, Force, Json, say_broken
from voicecoach.cli.output import print_json, print_table, say, say_error
from voicecoach.fitting.lengths import minutes_of
from voicecoach.practice import log
from voicecoach.practice.consents import load_consents
from voicecoach.practice.coverage import (
    BACK,
    Coverage,
    MuscleGroup,
    Share,
    coverage_of,
    coverage_of_tags,
    together,
)
from voicecoach.practice.plan import STOP, counts, week_plans
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.practice.plan import DayPlan, PlannedSession, WeekPlan
    from voicecoach.routine.model import Routine

ENDING: Final = ".ics"
MOST_WEEKS: Final = 26


def plan(
    for_whom: For = None,
    weeks: Annotated[
        int,
        typer.Option(
            "--weeks", metavar="N", min=1, max=MOST_WEEKS, help="This week, and those after it."
        ),
    ] = 1,
    no_weights: Annotated[
        bool,
        typer.Option(
            "--no-weights", help="For people who should not lift weights: nothing with dumbbells."
        ),
    ] = False,
    ics: Annotated[
        Path | None,
        typer.Option(
            "--ics",
            metavar="FILE",
            help="Also write reminders for a calendar, one a day; importing them again replaces"
            " them.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="HH:MM", help="When the sessions in the calendar begin; 18:00."
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Show the week: what is planned, what was done, what it trains, and why it is so.

    It begins gently and grows with the weeks that were really practised. Weights never come on two
    days running, nothing is made up, and what hurt or was very hard makes the next sessions easier.
    """
    begins_at = _time_of_day(at, ics, force=force)
    audience = for_whom or Audience.ADULT
    now = local_now()
    plans = week_plans(
        log.load_history(),
        now.date(),
        audience,
        weeks=weeks,
        weights_allowed=not no_weights and load_consents().allows_weights,
    )
    routines = _Routines(plans)
    events = 0
    if ics is not None:
        events = _write_reminders(ics, plans, routines, now, begins_at, force=force)
    if as_json:
        print_json(_as_json(plans, routines, now, ics if events else None))
    else:
        said: set[str] = set()
        for week in plans:
            _print_week(week, routines, now, said)
        for line in dict.fromkeys(line for week in plans for line in week.must_say):
            say(line)
        _say_how_to_start(plans[0], routines, now)
    if ics is not None and not events:
        say_error(f"{ics}: not written, because these weeks have nothing to be reminded of")
    elif ics is not None and not as_json:
        say(f"{ics}  {events} reminder{'' if events == 1 else 's'}; open it with your calendar")
    for slug in routines.missing:
        say_error(f"{slug}: there is no such routine here; `voicecoach list` shows those there are")
    say_broken(routines.broken)


def _time_of_day(at: str | None, ics: Path | None, *, force: bool) -> time:
    """Return the time of reminders; wrong usage where the options do not fit together."""
    if ics is None:
        for given, option in ((at is not None, "--at"), (force, "--force")):
            if given:
                raise typer.BadParameter("it goes with --ics FILE", param_hint=option)
    elif ics.suffix.lower() != ENDING:
        raise typer.BadParameter(
            f"{ics}: a calendar's file ends in {ENDING}, such as plan{ENDING}", param_hint="--ics"
        )
    shown = re.fullmatch(r"(\d{1,2}):(\d\d)", at or "18:00")
    if shown is None or int(shown[1]) > 23 or int(shown[2]) > 59:
        raise typer.BadParameter(
            f"{at!r} is no time of day; write it as 07:30 or 18:00", param_hint="--at"
        )
    return time(int(shown[1]), int(shown[2]))


@dataclass(frozen=True)
class _Known:
    """A routine of the plan that is here."""

    routine: Routine
    coverage: Coverage


class _Routines:
    """The routines that a plan needs, as far as they are here."""

    def __init__(self, plans: Iterable[WeekPlan]) -> None:
        from voicecoach.errors import RoutineError
        from voicecoach.library.library import Library
        from voicecoach.library.reading import load_routine

        library = Library()
        entries = {entry.name: entry for entry in library.routines()}
        self.missing: list[str] = []
        """Slugs of those that are not here."""
        self.broken: list[Path] = []
        self._known: dict[str, _Known] = {}
        self._minutes: dict[tuple[str, Level], int] = {}
        sessions = (one for week in plans for day in week.days for one in day.planned)
        for slug in dict.fromkeys(one.routine for one in sessions):
            if slug not in entries:
                self.missing.append(slug)
                continue
            try:
                routine = load_routine(entries[slug].path, library)
            except RoutineError:
                self.broken.append(entries[slug].path)
                continue
            self._known[slug] = _Known(routine, coverage_of(routine))

    def title(self, slug: str) -> str:
        return self._known[slug].routine.title if slug in self._known else slug

    def minutes(self, sessions: Iterable[PlannedSession]) -> int:
        """Return the whole minutes of sessions; those that are not here take none."""
        total = 0
        for one in sessions:
            if one.routine not in self._known:
                continue
            key = one.routine, one.level
            if key not in self._minutes:
                self._minutes[key] = minutes_of(self._known[one.routine].routine, one.level)
            total += self._minutes[key]
        return total

    def coverage(self, days: Iterable[DayPlan]) -> Coverage:
        found = []
        for day in days:
            for done in filter(counts, day.done):
                found.append(coverage_of_tags(done.muscles))
                if done.routine in self._known:
                    found.append(self._known[done.routine].coverage)
            found += [
                self._known[one.routine].coverage for one in day.left if one.routine in self._known
            ]
        return together(found)

    def are_here(self, sessions: Iterable[PlannedSession]) -> list[PlannedSession]:
        return [one for one in sessions if one.routine in self._known]


def _print_week(week: WeekPlan, routines: _Routines, now: datetime, said: set[str]) -> None:
    """Print a week, without the reasons that were `said` of one before it."""
    first, last = week.days[0].day, week.days[-1].day
    number = f"Week {week.standing.week_number} of practice, " if week.standing else ""
    say(f"{number}{first.day} {first:%B} to {last.day} {last:%B}")
    for line in week.reasons:
        if line not in said:
            say(line)
    said.update(week.reasons)
    print_table(
        ("Day", "Sessions", "Minutes", "Trains (helps)"),
        [_row(day, routines, now) for day in week.days],
    )
    for day in week.days:
        for reason in day.reasons:
            say(f"{_name(day)}: {reason}")
    trained = routines.coverage(week.days)
    say(f"Trained this week: {_listed(trained.developed) or 'nothing yet'}.")
    if week.audience is Audience.ADULT and trained.missing:
        later = week.standing.stage.later if week.standing else ""
        say(f"Not trained: {_listed(trained.missing)}. {later}".rstrip())


def _row(day: DayPlan, routines: _Routines, now: datetime) -> tuple[str, str, str, str]:
    today = ", today" if day.day == now.date() else ""
    minutes = _minutes(day, routines)
    return (
        f"{_name(day)}{today}",
        ", ".join(_sessions(day, now)),
        str(minutes) if minutes else "",
        _trains(routines.coverage([day])),
    )


def _minutes(day: DayPlan, routines: _Routines) -> int:
    return round(sum(one.seconds for one in day.done) / 60) + routines.minutes(day.left)


def _sessions(day: DayPlan, now: datetime) -> list[str]:
    """Return the sessions of a day: those done, then those left or, in the past, not done."""
    cells = [
        f"{_tick()} {one.routine}"
        if counts(one) or one.finished
        else f"{one.routine} ({one.exercises_done} of {one.exercises})"
        for one in day.done
    ]
    open_ones = day.left
    if day.day < now.date():
        open_ones = tuple(one for one in day.planned if not day.was_done(one))
    return cells + [_session(one) for one in open_ones]


def _session(one: PlannedSession) -> str:
    notes = [one.level.value] if one.level is not Level.STANDARD else []
    notes += ["if they like"] if one.optional else []
    return one.routine + (f" ({', '.join(notes)})" if notes else "")


def _name(day: DayPlan) -> str:
    return f"{day.day:%a} {day.day.day} {day.day:%b}"


def _tick() -> str:
    try:
        "✓".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "x"
    return "✓"


def _words(group: MuscleGroup) -> str:
    return "flexibility" if group is MuscleGroup.FLEXIBILITY else group.value.replace("-", " ")


def _listed(groups: Iterable[MuscleGroup]) -> str:
    return ", ".join(map(_words, groups))


def _trains(coverage: Coverage) -> str:
    """Return the trained muscles; those of the back that only help are in brackets."""
    words = [
        f"({_words(group)})" if group not in coverage.developed else _words(group)
        for group in MuscleGroup
        if coverage[group] is Share.DEVELOPED
        or (group in BACK and coverage[group] is Share.ASSISTS)
    ]
    return ", ".join(words)


def _say_how_to_start(week: WeekPlan, routines: _Routines, now: datetime) -> None:
    left = routines.are_here(week.days[now.weekday()].left)
    if not left:
        return
    say(f"Next: {left[0].reason}.")
    say(f"Begin: {_command(left[0])}")


def _command(one: PlannedSession) -> str:
    level = "" if one.level is Level.STANDARD else f" --level {one.level}"
    return f"voicecoach play {one.routine}{level}"


def _write_reminders(
    path: Path,
    plans: Sequence[WeekPlan],
    routines: _Routines,
    now: datetime,
    begins_at: time,
    *,
    force: bool,
) -> int:
    """Write the days to come into a calendar's file, none for no days; return their number."""
    from voicecoach.export.sidecars import is_our_text
    from voicecoach.files.replacing import FileKind
    from voicecoach.practice.reminders import Reminder, calendar_text

    reminders = []
    for week in plans:
        for day in week.days:
            left = [one for one in routines.are_here(day.left) if not one.optional]
            moment = datetime.combine(day.day, begins_at)  # no zone: the clock on the wall
            if not left or moment <= now.replace(tzinfo=None):
                continue
            reminders.append(
                Reminder(
                    moment,
                    routines.minutes(left),
                    week.audience,
                    tuple(routines.title(one.routine) for one in left),
                    (
                        *(
                            f"{_session(one)}, {routines.minutes([one])} minutes: {one.reason}."
                            for one in left
                        ),
                        f"Begin: {', then '.join(map(_command, left))}",
                        *(week.must_say or (STOP,)),
                    ),
                )
            )
    if reminders:
        text = calendar_text(reminders, now.astimezone(UTC))
        FileKind("the plan", is_our_text).write(path, text.encode("utf-8"), force=force)
    return len(reminders)


def _as_json(
    plans: Sequence[WeekPlan], routines: _Routines, now: datetime, ics: Path | None
) -> dict[str, Any]:
    return {
        "audience": plans[0].audience.value,
        "today": now.date().isoformat(),
        "weeks": [_week_as_json(week, routines, now) for week in plans],
        "missing_routines": routines.missing,
        "broken_routines": [str(path) for path in routines.broken],
        "calendar": str(ics) if ics else None,
    }


def _week_as_json(week: WeekPlan, routines: _Routines, now: datetime) -> dict[str, Any]:
    trained = routines.coverage(week.days)
    return {
        "monday": week.days[0].day.isoformat(),
        "practised_week": week.standing.week_number if week.standing else None,
        "stage": week.standing.stage.name if week.standing else None,
        "reasons": list(week.reasons),
        "must_say": list(week.must_say),
        "trains": [group.value for group in trained.developed],
        "does_not_train": [group.value for group in trained.missing],
        "days": [_day_as_json(day, routines, now) for day in week.days],
    }


def _day_as_json(day: DayPlan, routines: _Routines, now: datetime) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "today": day.day == now.date(),
        "minutes": _minutes(day, routines),
        "trains": [group.value for group in routines.coverage([day]).developed],
        "planned": [
            {
                "routine": one.routine,
                "level": one.level.value,
                "optional": one.optional,
                "minutes": routines.minutes([one]),
                "reason": one.reason,
                "done": day.was_done(one),
                "left": one in day.left,
            }
            for one in day.planned
        ],
        "done": [
            {
                "routine": one.routine,
                "seconds": one.seconds,
                "exercises_done": one.exercises_done,
                "exercises": one.exercises,
            }
            for one in day.done
        ],
        "reasons": list(day.reasons),
    }
