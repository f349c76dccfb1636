"""A routine and a number of minutes become a routine that lasts so long.

Everything gives way a little at the same time: reps, seconds, sets, rests and the time to get ready.
What cannot be had like that is had by shorter rests, by leaving out what may be left out and by short
instructions, in this order; and what cannot be had at all is refused with the nearest that can.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from voicecoach.compiler import LeastTimes, least_times, outline_script
from voicecoach.errors import WishError
from voicecoach.personalise.amounts import doses_between
from voicecoach.personalise.selection import with_steps
from voicecoach.redosing import with_dose
from voicecoach.routine import Talk
from voicecoach.timing import LONG_REST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.dose import Dose
    from voicecoach.lengths import Durations
    from voicecoach.phrases import Phrases
    from voicecoach.routine import Routine, Step

NEAR_SECONDS: Final = 10.0
NEAR_SHARE: Final = 0.03
"""A session is as long as was wished where it is off by no more than one of these."""
SHORTEST_REST_SECONDS: Final = 8.0
"""Rests that are longer in the file are never shorter than this."""
_SPARE_SETUP_SECONDS: Final = 12.0
"""So much longer may a set-up become."""
_LEAST_STEPS_SHARE: Final = 0.5
"""So much of a routine at least is done, however little time there is."""


def is_near(seconds: float, minutes: int) -> bool:
    """Return whether a session of so many seconds lasts the minutes that were wished."""
    return abs(seconds - 60 * minutes) <= max(NEAR_SECONDS, NEAR_SHARE * 60 * minutes)


@dataclass(frozen=True)
class _Range:
    """Between what a length may lie, and what it is if nobody minds; seconds."""

    least: float
    usual: float
    most: float

    def at(self, effort: float) -> float:
        """Return the length for -1 (as short as can be) to 1 (as long as can be)."""
        towards = self.least if effort < 0 else self.most
        return self.usual + abs(effort) * (towards - self.usual)


@dataclass
class _Leeway:
    """What can be done to the lengths of one routine, for one way of going about it."""

    routine: Routine
    file_steps: Mapping[str, Step]
    """The steps as the routine file has them, by slug."""
    phrases: Phrases
    durations: Durations
    minutes: int
    """What it shall last."""
    short_rests: bool
    """Whether rests may be too short to announce what comes after them."""

    @cached_property
    def least(self) -> LeastTimes:
        return least_times(self.routine, self.phrases, self.durations, minutes=self.minutes)

    @cached_property
    def doses(self) -> list[list[Dose]]:
        audience = self.routine.audience
        return [
            doses_between(step, self.file_steps[step.slug], audience) for step in self.routine.steps
        ]

    @cached_property
    def rests(self) -> list[_Range]:
        return [self._rest(index) for index in range(len(self.routine.steps))]

    @cached_property
    def setups(self) -> list[_Range]:
        found = []
        for step, least in zip(self.routine.steps, self.least.setups_seconds, strict=True):
            usual = max(step.setup_seconds, least)
            found.append(_Range(least, usual, usual if step.flow else usual + _SPARE_SETUP_SECONDS))
        return found

    def _rest(self, index: int) -> _Range:
        usual = self.routine.steps[index].rest_after_seconds
        announced = float(self.least.announced_rests_seconds[index])
        if usual > LONG_REST_SECONDS:
            usual = max(usual, announced)
            least = min(usual, SHORTEST_REST_SECONDS if self.short_rests else announced)
            return _Range(least, usual, 2 * usual)
        return _Range(min(usual, max(3.0, usual / 2)), usual, LONG_REST_SECONDS if usual else 0.0)

    def dose_at(self, index: int, effort: float) -> Dose:
        """Return the dose of a step that comes nearest to an effort of -1 to 1."""
        doses, own = self.doses[index], self.routine.steps[index].dose
        end = doses[0] if effort < 0 else doses[-1]
        wanted = own.total_seconds + abs(effort) * (end.total_seconds - own.total_seconds)
        return min(
            doses, key=lambda dose: (abs(dose.total_seconds - wanted), abs(dose.sets - own.sets))
        )

    def shaped(self, effort: float) -> Routine:
        """Return the routine with all its lengths at an effort of -1 to 1."""
        steps = [
            replace(
                with_dose(step, self.dose_at(index, effort)),
                setup_seconds=round(self.setups[index].at(effort), 1),
                rest_after_seconds=self._sensible_rest(index, self.rests[index].at(effort)),
            )
            for index, step in enumerate(self.routine.steps)
        ]
        return replace(self.routine, steps=tuple(steps))

    def _sensible_rest(self, index: int, seconds: float) -> float:
        """Return a rest that has room to announce what comes, or is so short that it need not."""
        announced = self.least.announced_rests_seconds[index]
        if LONG_REST_SECONDS < seconds < announced:
            return LONG_REST_SECONDS if self.short_rests else float(announced)
        return round(seconds, 1)

    def seconds(self, routine: Routine) -> float:
        """Return about how long a routine lasts that is shaped from this one."""
        steps = math.fsum(
            max(step.setup_seconds, least) + step.dose.total_seconds + step.rest_after_seconds
            for step, least in zip(routine.steps, self.least.setups_seconds, strict=True)
        )
        return self.least.opening_seconds + steps + self.least.closing_seconds

    def nearest(self, target_seconds: float) -> Routine:
        """Return the routine whose doses come nearest to a length."""
        low, high = -1.0, 1.0
        for _ in range(12):
            middle = (low + high) / 2
            if self.seconds(self.shaped(middle)) < target_seconds:
                low = middle
            else:
                high = middle
        # Where several exercises would get another set at the same effort, only the first ones do.
        less, more = self.shaped(low), self.shaped(high)
        mixed = [
            replace(more, steps=(*more.steps[:count], *less.steps[count:]))
            for count in range(len(more.steps) + 1)
        ]
        return min(
            (self.settled(one, target_seconds - self.seconds(one)) for one in mixed),
            key=lambda one: abs(target_seconds - self.seconds(one)),
        )

    def settled(self, routine: Routine, missing_seconds: float) -> Routine:
        """Return the routine with rests and set-ups changed by what is missing, as far as they may."""
        rests = [step.rest_after_seconds for step in routine.steps]
        setups = [
            max(step.setup_seconds, least)
            for step, least in zip(routine.steps, self.least.setups_seconds, strict=True)
        ]
        for values, ranges in ((rests, self.rests), (setups, self.setups)):
            missing_seconds -= _spread(values, ranges, missing_seconds)
        steps = [
            replace(
                step,
                rest_after_seconds=self._sensible_rest(index, rests[index]),
                setup_seconds=round(setups[index], 1),
            )
            for index, step in enumerate(routine.steps)
        ]
        return replace(routine, steps=tuple(steps))


def _spread(values: list[float], ranges: list[_Range], missing: float) -> float:
    """Change values by what is missing, each by its share of the room there is; return the change."""
    rooms = [
        (within.most - value) if missing > 0 else (value - within.least)
        for value, within in zip(values, ranges, strict=True)
    ]
    whole = math.fsum(max(0.0, room) for room in rooms)
    if whole <= 0:
        return 0.0
    share = min(1.0, abs(missing) / whole)
    for index, room in enumerate(rooms):
        values[index] += math.copysign(share * max(0.0, room), missing)
    return math.copysign(share * whole, missing)


def _ways(routine: Routine, *, longer: bool) -> Iterator[tuple[Routine, bool]]:
    """Yield what of a routine is done, and whether its rests may be short; the gentlest way comes first."""
    yield routine, False
    if longer:
        return
    yield routine, True
    left = routine
    for slug in _order_of_leaving_out(routine):
        steps = tuple(step for step in left.steps if step.slug != slug)
        if len(steps) >= max(1.0, _LEAST_STEPS_SHARE * len(routine.steps)):
            left = with_steps(left, steps)
            yield left, True
    if routine.talk is Talk.FULL:
        yield replace(routine, talk=Talk.BRIEF), True
        yield replace(left, talk=Talk.BRIEF), True


def _order_of_leaving_out(routine: Routine) -> list[str]:
    """Return the steps that may be left out, the later ones first; the end stays, the beginning nearly."""
    inner = [step.slug for step in routine.steps[1:-1] if step.optional and not step.together]
    outer = [step.slug for step in routine.steps[:1] if step.optional and not step.together]
    return [*reversed(inner), *outer]


def _reach_seconds(
    routine: Routine,
    minutes: int,
    file_steps: Mapping[str, Step],
    phrases: Phrases,
    durations: Durations,
) -> tuple[float, float]:
    """Return the shortest and the longest that a routine can be."""
    shortest, longest = math.inf, 0.0
    for left, short_rests in _ways(routine, longer=False):  # all of them
        way = _Leeway(left, file_steps, phrases, durations, minutes, short_rests)
        shortest = min(shortest, way.seconds(way.shaped(-1.0)))
        longest = max(longest, way.seconds(way.shaped(1.0)))
    return shortest, longest


def lasting(
    routine: Routine,
    minutes: int,
    file_steps: Mapping[str, Step],
    phrases: Phrases,
    durations: Durations,
) -> Routine:
    """Return the routine such that it lasts so many minutes, by the lengths that are given.

    `file_steps` are the steps as the routine file has them, by slug: what a source asks for at least
    stays. Raises WishError where it cannot be so short or so long.
    """
    target = 60.0 * minutes

    def seconds(one: Routine) -> float:
        return outline_script(one, phrases, durations, minutes=minutes).duration_seconds

    usual = seconds(routine)
    for left, short_rests in _ways(routine, longer=target > usual):
        way = _Leeway(left, file_steps, phrases, durations, minutes, short_rests)
        if not way.seconds(way.shaped(-1.0)) <= target <= way.seconds(way.shaped(1.0)):
            continue
        found = way.nearest(target)
        for _ in range(3):  # what is said may have changed its length a little
            missing = target - seconds(found)
            if abs(missing) <= 1.0:
                break
            found = way.settled(found, missing)
        if is_near(seconds(found), minutes):
            return found

    def reach(spoken: int) -> tuple[float, float]:
        return _reach_seconds(routine, spoken, file_steps, phrases, durations)

    shortest, longest = reach(minutes)
    is_short = target < shortest
    nearest = math.ceil(shortest / 60) if is_short else math.floor(longest / 60)
    # A session says its minutes, and "twenty-three" lasts longer than "forty".
    nearer = nearest - 1 if is_short else nearest + 1
    least, most = reach(nearer) if 0 < nearer != minutes else (math.inf, 0.0)
    if least <= 60 * nearer <= most:
        nearest = nearer
    raise _refusal(routine, minutes, nearest, is_short=is_short)


def _refusal(routine: Routine, minutes: int, nearest: int, *, is_short: bool) -> WishError:
    """Return why a routine cannot last so long, and what comes nearest."""
    if is_short:
        message = (
            f"{routine.title} cannot be done in {minutes} minutes: with its checks, with all that its "
            f"source asks for and with rests it takes {nearest}; say --minutes {nearest}, or name "
            "what to leave out with --skip"
        )
    else:
        message = (
            f"{routine.title} cannot last {minutes} minutes: more than {nearest} would be too much of "
            f"the same; say --minutes {nearest}, or do another routine as well"
        )
    return WishError(message, nearest_minutes=nearest)
