"""The weekly programme: what comes next, after what was done.

A grown-up's back programme grows in four stages. A week counts for the next stage when it was
really practised; what was forgotten is not made up; after two weeks away it goes one stage back.
Pain and very hard sessions lower what comes next, whatever stage it is and however regular the
practice. Children have a game on three days a week, and another on other days if they like.

There is no clock here: history and day are given. `programme` says which routine comes when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from voicecoach.practice.programme import load_programme
from voicecoach.practice.record import Practice, monday_of
from voicecoach.routine.model import Audience, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.practice.programme import Stage

PRACTISED_DAYS: Final = 3
"""Days of practice that make a practised week."""
AWAY_DAYS: Final = 14
"""Days since the last practice until it goes one stage back."""
BEGIN_ANEW_DAYS: Final = 56
"""Days since the last practice until it begins again at the first stage."""
WEIGHTS_REST_DAYS: Final = 1
"""Days without weights after a day with weights."""
WEIGHTS_OFF_DAYS: Final = 3
"""Days without weights after a session that hurt."""
CHILD_REST_DAYS: Final = 3
"""Days without a game after one that hurt."""
VERY_HARD: Final = 9
"""From this effort on, of 10, the next session is an easier one."""
LAST_SESSIONS: Final = 4
PAINFUL_SESSIONS: Final = 2
"""So many painful ones of the last `LAST_SESSIONS` hold all but relaxation back."""
PAIN_HOLDS_DAYS: Final = 28
"""How long a session that hurt is remembered if nobody rates later ones."""

STOP: Final = "If anything hurts or feels unpleasant, stop and rest."
PAIN_THAT_STAYS: Final = (
    "Sharp, new or growing pain, or pain down an arm or leg, is a reason to see a doctor; so is "
    "pain that lasts or gets worse over some weeks."
)
CHILD_SEES_DOCTOR: Final = (
    "Something hurt in a game. Let a doctor see a child with pain before the next one."
)


@dataclass(frozen=True)
class PlannedSession:
    """A session that the plan has for a day."""

    routine: str
    """The slug of the routine."""
    level: Level = Level.STANDARD
    optional: bool = False
    """Only if they like."""
    reason: str = ""
    """Why, in words that can follow a colon."""


@dataclass(frozen=True)
class DayPlan:
    """A day of the plan."""

    day: date
    planned: tuple[PlannedSession, ...]
    """What the plan had as the day began, in order, at most two; none before the first practice."""
    left: tuple[PlannedSession, ...]
    """What is still to do; none in the past, because nothing is made up."""
    done: tuple[Practice, ...]
    """In whole or in part, in order."""
    reasons: tuple[str, ...] = ()
    """Why it has less than usual, in sentences."""

    def was_done(self, session: PlannedSession) -> bool:
        """Return True if a planned session was practised."""
        return any(counts(one) and one.routine == session.routine for one in self.done)


@dataclass(frozen=True)
class Standing:
    """The progress of an adult in the back programme."""

    number: int = 0
    """Index of the stage."""
    weeks: int = 0
    """Practised weeks in this stage so far."""
    went_back_on: date | None = None
    """When it last went back after a time away."""
    away_days: int = 0
    """How long that time was; 0 where there was none."""

    @property
    def stage(self) -> Stage:
        """The stage of that number."""
        return load_programme().stages[self.number]

    @property
    def week_number(self) -> int:
        """The week of the programme, from 1, by what was really practised."""
        before = load_programme().stages[: self.number]
        return sum(stage.lasts for stage in before) + self.weeks + 1

    def moved_on(self) -> Standing:
        """Return the standing after one more practised week."""
        if self.weeks + 1 == self.stage.lasts:
            return replace(self, number=self.number + 1, weeks=0)
        return replace(self, weeks=self.weeks + 1)

    def gone_back(self, day: date, away_days: int) -> Standing:
        """Return the standing on the day that somebody is back after a time away."""
        number = 0 if away_days >= BEGIN_ANEW_DAYS else max(0, self.number - 1)
        return Standing(number, 0, day, away_days)


@dataclass(frozen=True)
class WeekPlan:
    """A week of the plan, Monday to Sunday."""

    audience: Audience
    days: tuple[DayPlan, ...]
    """Seven."""
    standing: Standing | None
    """None for children and for people without weights, whose weeks are all the same."""
    reasons: tuple[str, ...]
    """Why the week is as it is, in sentences."""
    must_say: tuple[str, ...]
    """What the person has to be told, such as to see a doctor, in sentences."""


@dataclass(frozen=True)
class Suggestion:
    """What to practise now."""

    sessions: tuple[PlannedSession, ...]
    """The next one first; none where it is done for today."""
    reasons: tuple[str, ...]
    """Why, in sentences."""
    must_say: tuple[str, ...]
    """As in `WeekPlan`."""


@dataclass(frozen=True)
class FreshPain:
    """Pain that keeps weights away, as a day begins or since."""

    last: date
    """The last day on which something hurt."""
    repeats: bool
    """Whether it came back, so that a professional should see it."""
    practised_on: date | None
    """The first day of practice after it, if any."""

    @property
    def weights_from(self) -> date:
        """Return the first day with weights, if nothing hurts before."""
        after_practice = (self.practised_on or self.last) + timedelta(days=1)
        return max(after_practice, self.last + timedelta(days=WEIGHTS_OFF_DAYS + 1))


def week_plans(
    history: Iterable[Practice],
    today: date,
    audience: Audience = Audience.ADULT,
    *,
    weights_allowed: bool = True,
    weeks: int = 1,
) -> tuple[WeekPlan, ...]:
    """Return this week and those after it; sessions to come are taken as practised."""
    known = _of(history, audience, today)
    first_day = min([today, *(one.day for one in known)])
    plans = []
    for number in range(weeks):
        monday = monday_of(today) + timedelta(weeks=number)
        start = max(monday, today)
        standing = standing_on(known, start)
        days: list[DayPlan] = []
        must_say: list[str] = []
        for day in (monday + timedelta(days=offset) for offset in range(7)):
            programme = _programme(_before(known, day), day, audience, weights_allowed)
            if day < today:
                planned = programme.sessions if day >= first_day else ()
                days.append(DayPlan(day, planned, (), _on(known, day)))
                continue
            now = _what_is_left(programme, known, day, audience)
            days.append(
                DayPlan(day, programme.sessions, now.sessions, _on(known, day), now.reasons)
            )
            must_say += now.must_say
            known += [_as_practised(session, day, audience) for session in now.sessions]
        before = _before(known, start)
        plans.append(
            WeekPlan(
                audience,
                tuple(days),
                standing if audience is Audience.ADULT and weights_allowed else None,
                _week_words(before, start, standing, audience, weights_allowed),
                tuple(dict.fromkeys(must_say)),
            )
        )
    return tuple(plans)


def suggest(
    history: Iterable[Practice],
    now: datetime,
    audience: Audience = Audience.ADULT,
    *,
    weights_allowed: bool = True,
) -> Suggestion:
    """Return the sessions that the plan has left for today, after those that were done."""
    today = now.date()
    known = _of(history, audience, today)
    before = _before(known, today)
    programme = _programme(before, today, audience, weights_allowed)
    left = _what_is_left(programme, known, today, audience)
    words = _stage_words(standing_on(known, today), audience, weights_allowed)
    return Suggestion(left.sessions, (*left.reasons, words), left.must_say)


def fresh_pain(
    history: Iterable[Practice], day: date, audience: Audience = Audience.ADULT
) -> FreshPain | None:
    """Return the pain that keeps weights away on a day; None where none does.

    What was practised on the day itself ends no pain before the next one, and begins it at once.
    """
    known = _of(history, audience, day)
    hurt = _last_painful(known)
    if hurt is None:
        return None
    repeats = _pain_repeats(known if hurt.day == day else _before(known, day), day)
    after = (one.day for one in known if counts(one) and one.day > hurt.day)
    pain = FreshPain(hurt.day, repeats, next(after, None))
    is_over = pain.practised_on is not None and pain.weights_from <= day
    return pain if repeats or not is_over else None


# What a session was


def counts(one: Practice) -> bool:
    """Return True if it counts as practice: half of its exercises or more, and no mere break."""
    planned = load_programme().routines.get(one.routine)
    is_extra = planned is not None and planned.extra
    return not is_extra and 2 * one.exercises_done >= one.exercises


def had_weights(one: Practice) -> bool:
    """Return True if it had weights, in at least one exercise that was done."""
    return one.exercises_done > 0 and (one.weights or _has_weights(one.routine))


def _has_weights(slug: str) -> bool:
    planned = load_programme().routines.get(slug)
    return planned is not None and planned.weights


def was_very_hard(one: Practice) -> bool:
    """Return True if the effort was `VERY_HARD` or more."""
    return one.effort is not None and one.effort >= VERY_HARD


def _of(history: Iterable[Practice], audience: Audience, today: date) -> list[Practice]:
    mine = [one for one in history if one.audience is audience and one.day <= today]
    return sorted(mine, key=lambda one: (one.day, one.begun_at))


def _before(known: Sequence[Practice], day: date) -> list[Practice]:
    return [one for one in known if one.day < day]


def _on(known: Sequence[Practice], day: date) -> tuple[Practice, ...]:
    return tuple(one for one in known if one.day == day)


def _as_practised(session: PlannedSession, day: date, audience: Audience) -> Practice:
    """Return a planned session as if it had been practised, for the days after it."""
    begun_at = datetime.combine(day, time(23), UTC)
    whole: dict[str, Any] = {"seconds": 0.0, "exercises_done": 1, "exercises": 1, "finished": True}
    return Practice("", begun_at, session.routine, "", audience, **whole, level=session.level)


# Progress


def standing_on(history: Iterable[Practice], day: date) -> Standing:
    """Return the standing of an adult as a day begins, by all practice before it."""
    # Nothing is stored: a log that is mended, moved or deleted cannot disagree with the plan.
    standing = Standing()
    last: date | None = None
    for monday, group in groupby(_before([*history], day), key=lambda one: monday_of(one.day)):
        week = list(group)
        for one in filter(counts, week):
            if last is not None and (away := (one.day - last).days) >= AWAY_DAYS:
                standing = standing.gone_back(one.day, away)
            last = one.day
        if monday < monday_of(day) and _moves_on(standing.stage, week):
            standing = standing.moved_on()
    if last is not None and (away := (day - last).days) >= AWAY_DAYS:
        standing = standing.gone_back(day, away)
    return standing


def _moves_on(stage: Stage, week: Sequence[Practice]) -> bool:
    """Return True if a week leads on: practised, without pain, with something new of the stage."""
    if any(one.pain for one in week) or _practised_days(week) < PRACTISED_DAYS:
        return False
    return any(
        one.routine not in stage.known and (had_weights(one) or not stage.new_weights)
        for one in filter(counts, week)
    )


def _practised_days(week: Iterable[Practice]) -> int:
    return len({one.day for one in week if counts(one)})


# What a day has


@dataclass(frozen=True)
class _Programme:
    """The sessions of a day and the words about them."""

    sessions: tuple[PlannedSession, ...]
    reasons: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()


def _programme(
    before: Sequence[Practice], day: date, audience: Audience, weights_allowed: bool
) -> _Programme:
    """Return the programme of a day as it begins, by all practice before it."""
    if audience is Audience.CHILD:
        return _child_programme(before, day)
    programme, standing = load_programme(), standing_on(before, day)
    weeks = (standing.stage if weights_allowed else programme.stages[0]).weeks
    slug = weeks[standing.weeks % len(weeks)][day.weekday()]
    daily = _session(programme.daily, Level.STANDARD, before)
    always = () if weights_allowed else (programme.without_weights,)
    # Pain first, then weights of the day before, then the stage: nothing that counts practice can
    # give back what pain took.
    pain = fresh_pain(before, day)
    if pain is not None and pain.repeats:
        reason = f"Only {programme.daily}, because something hurt more than once."
        return _Programme((daily,), (reason,), (programme.see_professional, STOP, *always))
    if pain is not None and pain.practised_on is None:
        reason = f"Only {programme.daily}, because something hurt the last time."
        return _Programme((daily,), (reason,), (PAIN_THAT_STAYS, STOP, *always))
    sessions, reasons = [daily], []
    rests = any(had_weights(one) and (day - one.day).days <= WEIGHTS_REST_DAYS for one in before)
    if _has_weights(slug) and pain is not None:
        reasons.append("No weights yet, because something hurt a few days ago.")
    elif _has_weights(slug) and rests:
        reasons.append("No weights, because there were some the day before.")
    elif slug:
        base = Level.EASY if slug in standing.stage.easy else Level.STANDARD
        sessions.append(_session(slug, base, before))
    must_say = always
    if any(last.pain for one in sessions for last in _lasts(one.routine, before)):
        must_say = (STOP, *always)
    return _Programme(tuple(sessions), tuple(reasons), must_say)


def _child_programme(before: Sequence[Practice], day: date) -> _Programme:
    hurt = _last_painful(before)
    is_fresh = hurt is not None and (day - hurt.day).days <= CHILD_REST_DAYS
    if is_fresh or _painful_of_late(before, day):
        return _Programme((), ("No game yet, because something hurt.",), (CHILD_SEES_DOCTOR,))
    programme = load_programme()
    slug = programme.child_week[day.weekday()]
    this_week = (one for one in before if one.day >= monday_of(day))
    games = {one.day for one in this_week if one.routine == programme.game}
    if slug and len(games) >= programme.game_days:
        slug = programme.other_game
    still = hurt is not None and not any(counts(one) and one.day > hurt.day for one in before)
    level = Level.EASY if still else Level.STANDARD
    sessions = (_session(slug, level, before),) if slug else ()
    return _Programme(sessions, (), (CHILD_SEES_DOCTOR,) if still else ())


def _session(slug: str, level: Level, before: Sequence[Practice]) -> PlannedSession:
    """Return a session, easier where the last one like it hurt or was very hard."""
    lasts, levels = _lasts(slug, before), list(Level)
    for one in lasts:
        if one.pain or was_very_hard(one):  # one level below, and never more than usual
            level = levels[min(max(0, levels.index(one.level) - 1), levels.index(level))]
    routines = load_programme().routines
    if lasts and lasts[0].pain:
        slug = routines[slug].after_pain or slug
    reason = routines[slug].why
    if any(one.pain for one in lasts):
        reason += "; easier, because it hurt last time"
    elif any(map(was_very_hard, lasts)):
        reason += "; not so much, because it was very hard last time"
    return PlannedSession(slug, level, routines[slug].optional, reason)


def _lasts(slug: str, before: Sequence[Practice]) -> list[Practice]:
    """Return the last session with weights, if the routine has some, and the routine's own last."""
    alike = [one for one in before if had_weights(one)] if _has_weights(slug) else []
    same = [one for one in before if one.routine == slug]
    return alike[-1:] + same[-1:]


def _what_is_left(
    programme: _Programme, known: Sequence[Practice], day: date, audience: Audience
) -> _Programme:
    done = _on(known, day)
    if any(one.pain for one in done):
        reason = "Something hurt today, so that is enough for today."
        return _Programme((), (reason,), _after_pain(known, day, audience))
    daily, left = load_programme().daily, programme.sessions
    planned = {session.routine for session in left}
    reasons = list(programme.reasons)
    for one in done:
        # A very hard session counts however little was done of it.
        if counts(one) or was_very_hard(one):
            left = tuple(session for session in left if session.routine != one.routine)
        if had_weights(one):
            left = tuple(session for session in left if not _has_weights(session.routine))
        if counts(one) and one.routine not in planned:  # done instead of the day's strength
            left = tuple(session for session in left if session.routine == daily)
        if was_very_hard(one) and any(session.routine != daily for session in left):
            left = tuple(session for session in left if session.routine == daily)
            reasons.append("That was very hard, so nothing hard comes after it today.")
    if not left and any(map(counts, done)):
        reasons.append("Done for today.")
    elif not left and not programme.sessions and not reasons:
        reasons.append("A free day: play outside.")
    return _Programme(left, tuple(reasons), programme.must_say)


def _after_pain(known: Sequence[Practice], day: date, audience: Audience) -> tuple[str, ...]:
    if audience is Audience.CHILD:
        return (CHILD_SEES_DOCTOR,)
    repeats = _pain_repeats(known, day)
    return (load_programme().see_professional if repeats else PAIN_THAT_STAYS,)


def _last_painful(before: Sequence[Practice]) -> Practice | None:
    return next((one for one in reversed(before) if one.pain), None)


def _pain_repeats(before: Sequence[Practice], day: date) -> bool:
    """Return True if pain came back, so that a grown-up does nothing but relaxation."""
    last = before[-LAST_SESSIONS:]
    return sum(bool(one.pain) for one in last) >= PAINFUL_SESSIONS or _painful_of_late(before, day)


def _painful_of_late(before: Sequence[Practice], day: date) -> bool:
    """Return True if pain came back in the sessions that somebody commented on.

    A session of which nobody said anything does not make those before it forgotten.
    """
    told = [one for one in before if one.pain is not None][-LAST_SESSIONS:]
    recent = [one for one in told if (day - one.day).days <= PAIN_HOLDS_DAYS]
    return sum(bool(one.pain) for one in recent) >= PAINFUL_SESSIONS


# In words


def _stage_words(standing: Standing, audience: Audience, weights_allowed: bool) -> str:
    if audience is Audience.CHILD:
        return load_programme().words_for_children
    return standing.stage.words if weights_allowed else load_programme().words_without_weights


def _week_words(
    before: Sequence[Practice],
    day: date,
    standing: Standing,
    audience: Audience,
    weights_allowed: bool,
) -> tuple[str, ...]:
    words = [_stage_words(standing, audience, weights_allowed)]
    if audience is Audience.CHILD:
        return (*words, "It is a game and for fun: a day left out is simply left out.")
    if standing.went_back_on is not None and standing.went_back_on >= monday_of(day):
        is_short = standing.away_days < BEGIN_ANEW_DAYS
        then = "so you go back one step" if is_short else "so you begin gently again"
        words.append(f"It is {standing.away_days} days since the time before, {then}.")
    elif (short := _short_week(before, day)) and weights_allowed:
        words.append(short)
    if weights_allowed and _only_the_floor(before, day):
        words.append(load_programme().add_strength)
    return (*words, load_programme().on_desk_days)


def _short_week(before: Sequence[Practice], day: date) -> str:
    """Say why this week repeats the last one; empty if that led on."""
    monday = monday_of(day)
    week = [one for one in before if monday - timedelta(weeks=1) <= one.day < monday]
    days = _practised_days(week)
    if any(one.pain for one in week):
        return "Something hurt last week, so the plan stays where it was."
    if 0 < days < PRACTISED_DAYS:
        return (
            f"Last week had {days} day{'s' if days > 1 else ''} of practice; a week counts from "
            f"{PRACTISED_DAYS} on, so the plan stays where it was. Nothing is made up."
        )
    return ""


def _only_the_floor(before: Sequence[Practice], day: date) -> bool:
    """Return True if somebody who had more in the plan has left out the strength of the back."""
    if standing_on(before, monday_of(day) - timedelta(weeks=1)).number == 0:
        return False
    programme = load_programme()
    first = {programme.daily, *(slug for week in programme.stages[0].weeks for slug in week)}
    late = [one for one in filter(counts, before) if (day - one.day).days <= AWAY_DAYS]
    days = {one.day for one in late}
    return len(days) > PRACTISED_DAYS and all(one.routine in first for one in late)
