"""Makes a routine last a number of minutes.

Everything gives way a little at the same time: reps, seconds, sets, rests and the time to get
ready. Where that is not enough, shorter rests, leaving out optional steps and short instructions
follow in this order. What is impossible even so is refused with the nearest that is possible.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from voicecoach.errors import WishError
from voicecoach.fitting.amounts import doses_between
from voicecoach.fitting.selection import with_steps
from voicecoach.routine.model import Talk
from voicecoach.routine.redosing import with_dose
from voicecoach.script.compiler import LeastTimes, least_times, outline_script
from voicecoach.script.timing import LONG_REST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.dose import Dose
    from voicecoach.routine.model import Routine, Step
    from voicecoach.script.durations import Durations

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
    """Return True if a session of that length lasts the minutes that were wished."""
    return abs(seconds - 60 * minutes) <= max(NEAR_SECONDS, NEAR_SHARE * 60 * minutes)


@dataclass(frozen=True)
class _Range:
    """The bounds of a length and its usual value, in seconds."""

    least: float
    usual: float
    most: float

    def at(self, effort: float) -> float:
        """Return the length for -1 (as short as can be) to 1 (as long as can be)."""
        towards = self.least if effort < 0 else self.most
        return self.usual + abs(effort) * (towards - self.usual)


@dataclass(frozen=True)
class _Doses:
    """The doses that a step may have, from the shortest to the longest."""

    doses: Sequence[Dose]
    own: Dose
    """The one of the routine itself."""
    totals_seconds: Sequence[float]

    def at(self, effort: float) -> Dose:
        """Return the dose that comes nearest to an effort of -1 to 1."""
        totals, own_seconds = self.totals_seconds, self.own.total_seconds
        end = totals[0] if effort < 0 else totals[-1]
        wanted = own_seconds + abs(effort) * (end - own_seconds)
        # Nearest are the next shorter ones and the next longer ones; several may be as long.
        next_longer = bisect_left(totals, wanted)
        below, above = max(0, next_longer - 1), min(len(totals) - 1, next_longer)
        near = range(bisect_left(totals, totals[below]), bisect_right(totals, totals[above]))
        nearest = min(
            near, key=lambda n: (abs(totals[n] - wanted), abs(self.doses[n].sets - self.own.sets))
        )
        return self.doses[nearest]


@dataclass(frozen=True)
class _Lengths:
    """The lengths of a routine's steps that make up how long it lasts; seconds."""

    setups: list[float]
    works: list[float]
    rests: list[float]

    def from_step(self, index: int, other: _Lengths) -> _Lengths:
        """Return these lengths up to a step, and another form's from there on."""
        return _Lengths(
            self.setups[:index] + other.setups[index:],
            self.works[:index] + other.works[index:],
            self.rests[:index] + other.rests[index:],
        )


@dataclass
class _Leeway:
    """What can be done to the lengths of one routine, for one way of going about it."""

    routine: Routine
    doses_of: Callable[[str], _Doses]
    """Returns the doses that a step may have, by its slug; they are the same in every way."""
    phrases: Phrases
    durations: Durations
    minutes: int
    short_rests: bool
    """Whether rests may be too short to announce what comes after them."""

    @cached_property
    def least(self) -> LeastTimes:
        return least_times(self.routine, self.phrases, self.durations, minutes=self.minutes)

    @cached_property
    def shortest_seconds(self) -> float:
        """About how long the routine lasts with all its lengths as short as they may be."""
        return self.seconds(self.shaped(-1.0))

    @cached_property
    def longest_seconds(self) -> float:
        return self.seconds(self.shaped(1.0))

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

    def shaped(self, effort: float) -> Routine:
        """Return the routine with all its lengths at an effort of -1 to 1."""
        steps = [
            replace(
                with_dose(step, self.doses_of(step.slug).at(effort)),
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

    def lengths(self, routine: Routine) -> _Lengths:
        """Return the lengths in a routine shaped from this one; words have the room they need."""
        needs = zip(routine.steps, self.least.setups_seconds, strict=True)
        return _Lengths(
            [max(step.setup_seconds, least) for step, least in needs],
            [step.dose.total_seconds for step in routine.steps],
            [step.rest_after_seconds for step in routine.steps],
        )

    def sum_seconds(self, lengths: _Lengths) -> float:
        parts = zip(lengths.setups, lengths.works, lengths.rests, strict=True)
        steps = math.fsum(setup + work + rest for setup, work, rest in parts)
        return self.least.opening_seconds + steps + self.least.closing_seconds

    def seconds(self, routine: Routine) -> float:
        return self.sum_seconds(self.lengths(routine))

    def nearest(self, target_seconds: float) -> Routine:
        # One number moves all lengths at once, so bisection finds it. What is left over goes to
        # rests and set-ups. The lengths are those of the table: a fit needs no voice.
        low, high = -1.0, 1.0
        for _ in range(12):
            middle = (low + high) / 2
            if self.seconds(self.shaped(middle)) < target_seconds:
                low = middle
            else:
                high = middle
        # Where several exercises would get another set at the same effort, only the first ones do.
        less, more = self.shaped(low), self.shaped(high)
        # Lengths alone are compared: a routine made for each number of them would take seconds.
        lengths_less, lengths_more = self.lengths(less), self.lengths(more)

        def error_seconds(count: int) -> float:
            mixed = lengths_more.from_step(count, lengths_less)
            settled = self._settled_lengths(mixed, target_seconds - self.sum_seconds(mixed))
            settled.setups[:] = map(max, settled.setups, self.least.setups_seconds)
            return abs(target_seconds - self.sum_seconds(settled))

        best = min(range(len(more.steps) + 1), key=error_seconds)
        mixed = replace(more, steps=(*more.steps[:best], *less.steps[best:]))
        return self.settled(mixed, target_seconds - self.seconds(mixed))

    def settled(self, routine: Routine, missing_seconds: float) -> Routine:
        """Change rests and set-ups by what is missing, as far as they may; return the routine."""
        lengths = self._settled_lengths(self.lengths(routine), missing_seconds)
        steps = [
            replace(step, rest_after_seconds=rest, setup_seconds=setup)
            for step, rest, setup in zip(routine.steps, lengths.rests, lengths.setups, strict=True)
        ]
        return replace(routine, steps=tuple(steps))

    def _settled_lengths(self, lengths: _Lengths, missing_seconds: float) -> _Lengths:
        rests, setups = list(lengths.rests), list(lengths.setups)
        for values, ranges in ((rests, self.rests), (setups, self.setups)):
            missing_seconds -= _spread(values, ranges, missing_seconds)
        return _Lengths(
            [round(setup, 1) for setup in setups],
            lengths.works,
            [self._sensible_rest(index, rest) for index, rest in enumerate(rests)],
        )


def _spread(values: list[float], ranges: list[_Range], missing: float) -> float:
    """Change values by what is missing, each by its share of the room; return the change."""
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


@dataclass
class _Ways:
    """All ways to make a routine last a number of minutes."""

    routine: Routine
    file_steps: Mapping[str, Step]
    """The steps as the routine file has them, by slug."""
    phrases: Phrases
    durations: Durations
    minutes: int

    def fitting(self, target_seconds: float, *, longer: bool) -> Iterator[_Leeway]:
        """Yield the ways by which the routine can last that long, the gentlest first."""
        for way in self._gentlest(target_seconds, longer=longer):
            if way.shortest_seconds <= target_seconds <= way.longest_seconds:
                yield way

    def reach_seconds(self) -> tuple[float, float]:
        """Return the shortest and the longest that the routine can be."""
        ways = [self._as_it_is, self._with_short_rests, self._without(self._most_left_out)]
        ways += self._in_brief()
        shortest = min(way.shortest_seconds for way in ways)
        return shortest, max(way.longest_seconds for way in ways)

    def _gentlest(self, target_seconds: float, *, longer: bool) -> Iterator[_Leeway]:
        """Yield the ways that may be right for a length, and some that are not.

        The fewer steps, the shorter, so halving finds how many to leave out at least and at most.
        """
        yield self._as_it_is
        if longer:
            return
        yield self._with_short_rests
        counts = range(1, self._most_left_out + 1)
        first = bisect_left(
            counts, True, key=lambda n: self._without(n).shortest_seconds <= target_seconds
        )
        end = bisect_left(
            counts, True, first, key=lambda n: self._without(n).longest_seconds < target_seconds
        )
        yield from map(self._without, counts[first:end])
        yield from self._in_brief()

    @cached_property
    def _as_it_is(self) -> _Leeway:
        return self._way(self.routine, short_rests=False)

    @cached_property
    def _with_short_rests(self) -> _Leeway:
        return self._way(self.routine, short_rests=True)

    def _in_brief(self) -> Iterator[_Leeway]:
        if self.routine.talk is Talk.FULL:
            yield self._way(replace(self.routine, talk=Talk.BRIEF), short_rests=True)
            fewest = self._without(self._most_left_out).routine
            yield self._way(replace(fewest, talk=Talk.BRIEF), short_rests=True)

    @cached_property
    def _order(self) -> list[str]:
        """The optional steps, later ones first: the end stays, the beginning nearly always."""
        steps = self.routine.steps
        in_order = (*reversed(steps[1:-1]), *steps[:1])
        return [step.slug for step in in_order if step.optional and not step.together]

    @cached_property
    def _most_left_out(self) -> int:
        steps = len(self.routine.steps)
        return min(len(self._order), steps - math.ceil(max(1.0, _LEAST_STEPS_SHARE * steps)))

    @cached_property
    def _without(self) -> Callable[[int], _Leeway]:
        """The way without a number of steps, made once."""

        @cache
        def without(count: int) -> _Leeway:
            if count == 0:
                return self._with_short_rests
            left_out = set(self._order[:count])
            steps = [step for step in self.routine.steps if step.slug not in left_out]
            return self._way(with_steps(self.routine, steps), short_rests=True)

        return without

    @cached_property
    def _doses_of(self) -> Callable[[str], _Doses]:
        """The doses that the step with a slug may have, found once."""
        steps = {step.slug: step for step in self.routine.steps}

        @cache
        def doses_of(slug: str) -> _Doses:
            step = steps[slug]
            doses = doses_between(step, self.file_steps[slug], self.routine.audience)
            return _Doses(doses, step.dose, [dose.total_seconds for dose in doses])

        return doses_of

    def _way(self, routine: Routine, *, short_rests: bool) -> _Leeway:
        return _Leeway(
            routine, self._doses_of, self.phrases, self.durations, self.minutes, short_rests
        )


def lasting(
    routine: Routine,
    minutes: int,
    file_steps: Mapping[str, Step],
    phrases: Phrases,
    durations: Durations,
) -> Routine:
    """Return the routine such that it lasts the minutes, by the lengths that are given.

    `file_steps` are the steps as the routine file has them, by slug: what a source asks for at
    least stays. Raises WishError where it cannot be so short or so long.
    """
    target = 60.0 * minutes

    def seconds(one: Routine) -> float:
        return outline_script(one, phrases, durations, minutes=minutes).duration_seconds

    usual = seconds(routine)
    ways = _Ways(routine, file_steps, phrases, durations, minutes)
    for way in ways.fitting(target, longer=target > usual):
        found = way.nearest(target)
        for _ in range(3):  # what is said may have changed its length a little
            missing = target - seconds(found)
            if abs(missing) <= 1.0:
                break
            found = way.settled(found, missing)
        if is_near(seconds(found), minutes):
            return found

    shortest, longest = ways.reach_seconds()
    is_short = target < shortest
    nearest = math.ceil(shortest / 60) if is_short else math.floor(longest / 60)
    # A session says its minutes, and "twenty-three" lasts longer than "forty".
    nearer = nearest - 1 if is_short else nearest + 1
    least, most = math.inf, 0.0
    if 0 < nearer != minutes:
        least, most = replace(ways, minutes=nearer).reach_seconds()
    if least <= 60 * nearer <= most:
        nearest = nearer
    raise _refusal(routine, minutes, nearest, is_short=is_short)


def _refusal(routine: Routine, minutes: int, nearest: int, *, is_short: bool) -> WishError:
    if is_short:
        message = (
            f"{routine.title} cannot be done in {minutes} minutes: with its checks, with all that "
            f"its source asks for and with rests it takes {nearest}; say --minutes {nearest}, or "
            "name what to leave out with --skip"
        )
    else:
        message = (
            f"{routine.title} cannot last {minutes} minutes: more than {nearest} would be too much "
            f"of the same; say --minutes {nearest}, or do another routine as well"
        )
    return WishError(message, nearest_minutes=nearest)
