"""The dose of a step: from one line in a physiotherapist's words to exact numbers.

    dose     = [ number "x" ] work { "," clause }
    work     = ( "hold" duration | "for" duration | reps ) [ "each side" ]
    reps     = number { "-" number } "reps"              several numbers are several sets
    clause   = "each side" | "tempo" tempo | "hold" duration | "rest" duration | "change" duration
             | "alternating" | "left first" | "right first"          in any order, each once
    tempo    = number "-" number "-" number              away, pause, back
    duration = number "min" [ number "s" ] | number "s" | minutes ":" seconds

Pure text in, numbers out; `str(dose)` is the canonical line, and parsing that gives
the same dose again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

MAX_SETS: Final = 20
MAX_REPS: Final = 500
"""In one set, as it is written (each side counts on its own)."""
MAX_BLOCK_SECONDS: Final = 7200.0
"""Longest work block: two hours."""
MAX_TEMPO_PART_SECONDS: Final = 60.0
MIN_REP_SECONDS: Final = 1.0
MIN_SECONDS: Final = 1.0
"""Shortest hold, timed work, rest or change."""
MAX_GAP_SECONDS: Final = 3600.0
"""Longest rest between sets or change of sides."""


class Sides(StrEnum):
    """Whether the work is done for each side of the body, and how."""

    NONE = "none"
    ONE_AT_A_TIME = "one at a time"
    """All the work of one side, a change, then the other side."""
    ALTERNATING = "alternating"
    """Side by side, move after move."""


@dataclass(frozen=True)
class Tempo:
    """How long the parts of one rep last."""

    away_seconds: float
    """Moving away from the start position, 0–60."""
    pause_seconds: float
    """Staying there, 0–60."""
    back_seconds: float
    """Coming back, 0–60."""

    @property
    def rep_seconds(self) -> float:
        """Return the length of one rep."""
        return round(self.away_seconds + self.pause_seconds + self.back_seconds, 9)

    def __str__(self) -> str:
        """Return the tempo as it is written: `2-1-3`."""
        parts = (self.away_seconds, self.pause_seconds, self.back_seconds)
        return "-".join(decimal_text(part) for part in parts)


DEFAULT_TEMPO: Final = Tempo(2.0, 1.0, 2.0)
DEFAULT_REST_SECONDS: Final = 30.0
DEFAULT_CHANGE_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Dose:
    """How much of an exercise; `parse_dose` makes it and sees to the limits.

    Each kind of work is a class below; what differs between them is asked here, so that nobody else
    has to know which kinds there are.
    """

    kind: ClassVar[str]
    """The name of this kind of work in the phrases."""
    word: ClassVar[str] = ""
    """The word in its line before the amount of a set."""
    is_counted: ClassVar[bool] = False
    is_still: ClassVar[bool] = False
    """A work block is one held position."""

    seconds: float = 0.0
    """Length of one work block, as it is written; 0 where reps are counted."""
    reps: tuple[int, ...] = ()
    """Reps of each set as written, so of one side where there are sides; empty for other work."""
    sets: int = 1
    """1–20."""
    tempo: Tempo | None = None
    """Of the reps; None where none are counted."""
    sides: Sides = Sides.NONE
    first_side: Literal["right", "left"] = "right"
    """The side that begins; without meaning where there are no sides."""
    rest_seconds: float = 0.0
    """Exact rest between two sets; 0 with one set."""
    change_seconds: float = 0.0
    """Exact time between the sides of a set; 0 unless one side is done at a time."""

    @property
    def second_side(self) -> Literal["right", "left"]:
        """The side that does not begin."""
        return "left" if self.first_side == "right" else "right"

    @property
    def blocks_per_set(self) -> int:
        """The number of work blocks in a set: 2 where one side is done at a time."""
        return 2 if self.sides is Sides.ONE_AT_A_TIME else 1

    @property
    def _blocks_seconds(self) -> list[float]:
        return [self.block_seconds(number) for number in range(1, self.sets + 1)]

    @property
    def longest_block_seconds(self) -> float:
        """The length of the longest work block."""
        return max(self._blocks_seconds)

    @property
    def work_seconds(self) -> float:
        """The length of all work blocks together."""
        return round(self.blocks_per_set * sum(self._blocks_seconds), 9)

    @property
    def total_seconds(self) -> float:
        """The time from the first start to the last end, changes and rests included."""
        changes = self.sets * (self.blocks_per_set - 1) * self.change_seconds
        return round(self.work_seconds + changes + (self.sets - 1) * self.rest_seconds, 9)

    @property
    def told_seconds(self) -> float:
        """The value of `$seconds`: the length of a work block, or of the pause in a rep."""
        return self.tempo.pause_seconds if self.tempo else self.seconds

    @property
    def held_seconds(self) -> float:
        """The longest time for which the body is held still; 0 where it never is."""
        return self.told_seconds if self.is_still or self.is_counted else 0.0

    @property
    def rep_seconds(self) -> float:
        """The length of one rep; 0 where none are counted."""
        return self.tempo.rep_seconds if self.tempo else 0.0

    @property
    def return_seconds(self) -> float:
        """The time from the start of a rep to its way back; 0 where none are counted."""
        return self.tempo.away_seconds + self.tempo.pause_seconds if self.tempo else 0.0

    def moves(self, set_number: int) -> int:
        """Return the number of moves that a work block of a set (from 1) counts; 0 without reps."""
        if not self.reps:
            return 0
        sides = 2 if self.sides is Sides.ALTERNATING else 1
        return sides * self.reps[set_number - 1]

    def side_of_rep(self, rep: int) -> Literal["", "right", "left"]:
        """Return the side that works in a rep, from 1, where the sides alternate; else nothing."""
        if self.sides is not Sides.ALTERNATING or not rep:
            return ""
        return self.first_side if rep % 2 else self.second_side

    def block_seconds(self, set_number: int) -> float:
        """Return the exact length of one work block of a set (from 1)."""
        return self.seconds or round(self.moves(set_number) * self.rep_seconds, 9)

    def with_amounts(self, seconds: Callable[[float], float], reps: Callable[[int], int]) -> Self:
        """Return the dose with its time, or the reps of each set, put through a function."""
        if self.is_counted:
            return replace(self, reps=tuple(map(reps, self.reps)))
        return replace(self, seconds=seconds(self.seconds))

    def with_sets(self, sets: int, rest_seconds: float) -> Self:
        """Return the dose with a number of sets; sets that are added are as the last one.

        Without a rest of its own it has the given one between them.
        """
        reps = (*self.reps, *self.reps[-1:] * sets)[:sets]
        rest = (self.rest_seconds or rest_seconds) if sets > 1 else 0.0
        return replace(self, reps=reps, sets=sets, rest_seconds=rest)

    def __str__(self) -> str:
        """Return the canonical line, with every default written out but `right first`."""
        text = self._work_text()
        if self.sides is not Sides.NONE:
            text += " each side"
        clauses = [text]
        if self.sides is Sides.ALTERNATING:
            clauses.append("alternating")
        if self.sides is not Sides.NONE and self.first_side == "left":
            clauses.append("left first")
        if self.tempo is not None:
            clauses.append(f"tempo {self.tempo}")
        if self.sides is Sides.ONE_AT_A_TIME:
            clauses.append(f"change {decimal_text(self.change_seconds)}s")
        if self.sets > 1:
            clauses.append(f"rest {decimal_text(self.rest_seconds)}s")
        return ", ".join(clauses)

    def _work_text(self) -> str:
        amount = reps_text(self.reps[:1]) if self.reps else f"{decimal_text(self.seconds)}s"
        if len(set(self.reps)) > 1:
            return reps_text(self.reps)
        sets = f"{self.sets} x " if self.sets > 1 else ""
        return sets + self.word + amount


class Hold(Dose):
    """A held position."""

    kind = "hold"
    word = "hold "
    is_still = True


class Timed(Dose):
    """An activity for some time."""

    kind = "timed"
    word = "for "


class Reps(Dose):
    """Counted reps."""

    kind = "reps"
    is_counted = True


def decimal_text(number: float) -> str:
    """Return seconds as a dose writes them: to the millisecond, without trailing zeros."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def reps_text(reps: Sequence[int]) -> str:
    """Return the reps of several sets, or of one: `6-4-2 reps`."""
    return "-".join(str(count) for count in reps) + (" rep" if tuple(reps) == (1,) else " reps")
