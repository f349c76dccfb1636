"""The moments that cues belong to, such as `after rep 4`. Pure.

Each kind of anchor is one class, which holds all that is known of it: how it is written, which
doses have no such moment, when in the work it is, and what becomes of it under another dose.
A cue's `limit` is the one set that the cue is for, from 1, or 0 for every set.
"""

# ruff: noqa: ARG002, ARG003, D102  (Anchor explains the methods of all kinds)

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from voicecoach.messages import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.routine.dose import Dose

Mistake: TypeAlias = tuple[str, str]
"""What is wrong, to be read after the name of the moment, and what to write instead."""


class Occasion(StrEnum):
    """What goes on when an author's words are said."""

    WORK = "work"
    CHANGE = "change"
    """After the end tone of the first side, in place of the standard words."""
    END = "end"
    """After the end tone of a set, in place of "And rest."."""
    REST = "rest"
    """In the rest after a set, after the words that end the set."""
    BEFORE_SET = "before set"
    """In the rest before a set, up to 1 s before its countdown, in place of the standard words."""


@dataclass(frozen=True)
class WorkMoment:
    """A moment of a work block."""

    spots: tuple[tuple[float, int], ...]
    """Where words may start, best first: seconds from the start of the block, and the rep whose
    number the words replace (0 for none)."""
    rep: int
    """The rep that it lies in, or that it is the end of; from 1."""
    reps_done: int

    @property
    def seconds(self) -> float:
        """The time from the start of the block."""
        return self.spots[0][0]


@dataclass(frozen=True)
class Anchor:
    """The moment that an author's cue belongs to."""

    example: ClassVar[str]
    """As it is written in a routine file; the number in it is any number."""
    meaning: ClassVar[str]
    """When the example is."""
    pattern: ClassVar[str]
    """All that is read as it."""
    occasion: ClassVar[Occasion] = Occasion.WORK
    in_each_rep: ClassVar[bool] = False
    """It has no one moment, but one in each rep."""

    @classmethod
    def read(cls, match: re.Match[str]) -> Anchor:
        """Return the anchor that a match of the pattern means."""
        return cls()

    def __str__(self) -> str:
        """Return the anchor as it is written in a routine file."""
        return self.example

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        """Return the mistake of a step that has no such moment; None where it has one."""
        return None

    def is_for(self, set_number: int, sets: int, limit: int) -> bool:
        """Return True if words belong to a set."""
        return limit in (0, set_number)

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        """Return the moment in a work block of a set; None where the block has none."""
        return None

    def limit_moved(self, limit: int, before: Dose, after: Dose) -> int | None:
        """Return the limit that means the same in another dose; None where the cue goes."""
        if limit == before.sets:  # words of the last set stay words of the last
            return after.sets if after.sets > 1 else 0
        return limit if limit <= after.sets else None

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        """Return the anchor that means the same in another dose; None where the cue goes."""
        return self


@dataclass(frozen=True)
class _AtSeconds(Anchor):
    seconds: float

    @classmethod
    def read(cls, match: re.Match[str]) -> Anchor:
        return cls(float(match["seconds"]))

    def __str__(self) -> str:
        return _with_number(self.example, f"{self.seconds:g}")


@dataclass(frozen=True)
class _Numbered(Anchor):
    number: int
    """From 1."""

    @classmethod
    def read(cls, match: re.Match[str]) -> Anchor:
        return cls(int(match["number"] or 1))  # "last rep" is the last one

    def __str__(self) -> str:
        return _with_number(self.example, str(self.number))


class _OfReps(_Numbered):
    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        if not dose.is_counted:
            return _needs_reps(dose)
        moves = min(map(dose.moves, _sets(dose, limit)))
        if self.number > moves:
            return f"lies beyond the {moves} reps of a set", f"write {moves} or less"
        return None

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        return self if self.number <= max(map(after.moves, _sets(after, limit))) else None


_SECONDS: Final = r"(?P<seconds>[0-9]{1,5}(?:\.[0-9]{1,3})?) ?s"
_NUMBER: Final = r"(?P<number>[1-9][0-9]{0,3})"


class Offset(_AtSeconds):
    """Some seconds after the start of the work."""

    example = "10s"
    meaning = "10 s after the start of the work."
    pattern = _SECONDS

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        work_seconds = min(map(dose.block_seconds, _sets(dose, limit)))
        if self.seconds >= work_seconds:
            return _outside(work_seconds), f"write less than {work_seconds:g}s"
        return None

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        return _moment_at(self.seconds, dose, set_number)

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        # The same share of the work, to half a second.
        ratio = after.block_seconds(1) / before.block_seconds(1)
        return replace(self, seconds=math.floor(2 * self.seconds * ratio + 0.5) / 2)


class BeforeEnd(_AtSeconds):
    """Some seconds before the end of the work."""

    example = "5s before end"
    meaning = "5 s before the end of the work."
    pattern = f"{_SECONDS} before end"

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        work_seconds = min(map(dose.block_seconds, _sets(dose, limit)))
        if not 0 < self.seconds <= work_seconds:
            return _outside(work_seconds), f"write more than 0s, and at most {work_seconds:g}s"
        return None

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        return _moment_at(dose.block_seconds(set_number) - self.seconds, dose, set_number)

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        longest = max(map(after.block_seconds, _sets(after, limit)))
        return self if self.seconds <= longest else None


class Halfway(Anchor):
    """The middle of a hold or timed work; in reps, after the middle rep."""

    example = "halfway"
    meaning = "In the middle of the work."
    pattern = "halfway"

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        moves = dose.moves(set_number)
        if moves == 1:
            return None  # a single rep has no middle
        if moves:
            return _moment_after((moves + 1) // 2, dose, set_number)
        return _moment_at(dose.block_seconds(set_number) / 2, dose, set_number)


class AtRep(_OfReps):
    """With the start of a rep, in place of its number."""

    example = "rep 4"
    meaning = "With the fourth rep, at its start."
    pattern = f"rep {_NUMBER}"

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        return _moment_with(self.number, dose, set_number)


class AfterRep(_OfReps):
    """With the return of a rep, or in place of the next number."""

    example = "after rep 4"
    meaning = "When four reps are done."
    pattern = f"after rep {_NUMBER}"

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        return _moment_after(self.number, dose, set_number)


class EveryReturn(Anchor):
    """With the way back of each rep, unless another cue has that moment."""

    example = "every return"
    meaning = "On the way back of each rep."
    pattern = "every return"
    in_each_rep = True

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        if dose.tempo is None:
            return _needs_reps(dose)
        if dose.tempo.back_seconds < 1:  # it would be over before anything is said
            return (
                f"needs a way back of 1 s or more, and the tempo is {dose.tempo}",
                "write a tempo such as 2-1-2",
            )
        return None


class LastReps(_OfReps):
    """With the start of the rep that leaves some reps to do, itself included."""

    example = "last 2 reps"
    meaning = "When two reps are left; `last rep` for the last one."
    pattern = f"last (?:{_NUMBER} reps?|rep)"

    def moment(self, dose: Dose, set_number: int) -> WorkMoment | None:
        return _moment_with(dose.moves(set_number) - self.number + 1, dose, set_number)


class AtChange(Anchor):
    """Between the sides of a set."""

    example = "change"
    meaning = "In the change of sides, after the end of the first side."
    pattern = "change"
    occasion = Occasion.CHANGE

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        return None if dose.blocks_per_set > 1 else NEEDS_SIDES


class _AfterSet(Anchor):
    def limit_moved(self, limit: int, before: Dose, after: Dose) -> int | None:
        if before.sets == 1 < after.sets:
            return after.sets  # it tells what comes after the exercise
        return super().limit_moved(limit, before, after)


class AtEnd(_AfterSet):
    """At the end of a set."""

    example = "end"
    meaning = "After the end of the work."
    pattern = "end"
    occasion = Occasion.END


class InRest(_AfterSet):
    """In the rests between sets; with one set, in the rest after it."""

    example = "rest"
    meaning = "In the rest, between sets or after the step."
    pattern = "rest"
    occasion = Occasion.REST

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        if dose.sets == 1 and not rest_after_seconds:
            return "needs a rest", "write rest_after = 15, or a dose with several sets"
        if dose.sets > 1 and limit == dose.sets:
            return f"with set = {limit} has no rest, it is the last set", "write a lower set"
        return None

    def is_for(self, set_number: int, sets: int, limit: int) -> bool:
        is_between = set_number < sets or sets == 1
        return limit == set_number or (not limit and is_between)

    def limit_moved(self, limit: int, before: Dose, after: Dose) -> int | None:
        if after.sets == 1 < before.sets and limit != before.sets:
            return None  # it is true between sets alone
        return super().limit_moved(limit, before, after)


class BeforeSet(_Numbered):
    """Before a set; which one the anchor says, whatever its cue is limited to."""

    example = "before set 2"
    meaning = "In the rest before the second set."
    pattern = f"before set {_NUMBER}"
    occasion = Occasion.BEFORE_SET

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        if self.number == 1:
            return "has nothing before it", "say it in the instruction"
        if dose.sets == 1:
            return _NEEDS_SETS
        if self.number > dose.sets:
            return f"lies beyond the {dose.sets} sets of the dose", f"write {dose.sets} or less"
        if limit not in (0, self.number):
            return f"and set = {limit} exclude each other", "leave out set"
        return None

    def is_for(self, set_number: int, sets: int, limit: int) -> bool:
        return set_number == self.number

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        return self if self.number <= after.sets else None


class BeforeLastSet(Anchor):
    """Before the last of several sets."""

    example = "before last set"
    meaning = "In the rest before the last set."
    pattern = "before last set"
    occasion = Occasion.BEFORE_SET

    def mistake(self, dose: Dose, limit: int, rest_after_seconds: float) -> Mistake | None:
        return _NEEDS_SETS if dose.sets == 1 else None

    def is_for(self, set_number: int, sets: int, limit: int) -> bool:
        return set_number == sets

    def moved(self, before: Dose, after: Dose, limit: int) -> Anchor | None:
        return self if after.sets > 1 else None


ANCHORS: Final[tuple[type[Anchor], ...]] = (
    *(Offset, BeforeEnd, Halfway, AtRep, AfterRep, EveryReturn, LastReps),
    *(AtChange, AtEnd, InRest, BeforeSet, BeforeLastSet),
)
"""Every kind of anchor, in the order in which messages and the guide list them."""

ANCHOR_MEANINGS: Final = {kind.example: kind.meaning for kind in ANCHORS}
"""Each anchor as it is written, and when that is."""

ANCHOR_PATTERN: Final = rf"^\s*(?:{'|'.join(kind.pattern for kind in ANCHORS)})\s*$".replace(
    "?P<seconds>", "?:"
).replace("?P<number>", "?:")
"""What all anchors look like, for programs with other regular expressions than Python's."""

NEEDS_SIDES: Final[Mistake] = (
    "needs a dose with one side at a time",
    'leave it out, or write such as "hold 30s each side"',
)
"""What is wrong with words about one side where none is worked alone, and what to do."""
_NEEDS_SETS: Final[Mistake] = ("needs a dose with several sets", 'write such as "2 x 8 reps"')


class AnchorError(ValueError):
    """The text names no moment."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message}: {fix}")
        self.message = message
        """What is wrong; no full stop at the end."""
        self.fix = fix
        """What may be written; no full stop at the end."""


def parse_anchor(text: str) -> Anchor:
    """Return the anchor that a text means."""
    for kind in ANCHORS:
        if match := re.fullmatch(kind.pattern, text.strip()):
            return kind.read(match)
    raise AnchorError(f"{quoted(text)} is no moment of a step", _fix(text))


def _fix(text: str) -> str:
    """Return the form that was probably meant, with the author's own number in it, or all forms."""
    own_number = re.search(r"\d{1,4}", text)
    number = own_number[0].lstrip("0") if own_number else ""
    if re.fullmatch(r"\s*\d{1,4}\s*(s\w*)?\s*", text.lower()) and number:
        return f'did you mean "{number}s"?'
    forms = [_with_number(kind.example, number or r"\g<0>") for kind in ANCHORS]
    if near := nearest(" ".join(text.split()), forms):
        return f'did you mean "{near}"?'
    return f"there are {', '.join(kind.example for kind in ANCHORS)}"


def _with_number(example: str, number: str) -> str:
    return re.sub(r"\d+", number, example)


def _sets(dose: Dose, limit: int) -> Sequence[int]:
    return [limit] if limit else range(1, dose.sets + 1)


def _needs_reps(dose: Dose) -> Mistake:
    return f'needs a dose in reps, and this one is "{dose}"', 'write such as "10s" or "halfway"'


def _outside(work_seconds: float) -> str:
    return f"lies outside the work, which lasts {work_seconds:g} s"


def _moment_at(seconds: float, dose: Dose, set_number: int) -> WorkMoment | None:
    seconds = round(seconds, 6)  # or it would miss the start of a rep by what a float cannot hold
    if not 0 <= seconds < dose.block_seconds(set_number):
        return None
    rep_seconds = dose.rep_seconds
    done = math.floor(round(seconds / rep_seconds, 6)) if rep_seconds else 0
    starts_rep = rep_seconds and not round(seconds - done * rep_seconds, 6)
    return WorkMoment(((seconds, done + 1 if starts_rep else 0),), done + 1, done)


def _moment_with(rep: int, dose: Dose, set_number: int) -> WorkMoment | None:
    if not 1 <= rep <= dose.moves(set_number):
        return None
    return WorkMoment((((rep - 1) * dose.rep_seconds, rep),), rep, rep - 1)


def _moment_after(rep: int, dose: Dose, set_number: int) -> WorkMoment | None:
    """Return the way back of a rep; where there is no room, the next rep starts with the words."""
    moves, rep_seconds = dose.moves(set_number), dose.rep_seconds
    if not 1 <= rep <= moves:
        return None
    back = ((rep - 1) * rep_seconds + dose.return_seconds, 0)
    following = ((rep * rep_seconds, rep + 1),) if rep < moves else ()
    return WorkMoment((back, *following), rep, rep)
