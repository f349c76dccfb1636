"""What the muscles get from a routine, or from several of them together, by their tags.

A tag of a step is a muscle (`trapezius`), which is worked there, or has in front of it what else is
done with it: `assist-` (it helps or holds), `stretch-`, `mobilise-` or `release-` (it is moved or
let go). The tags of the routine say which groups it develops; those of a step alone that it works
on them a little.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicecoach.routine.model import Routine


class MuscleGroup(StrEnum):
    """What training a back needs, each under its tag."""

    TRAPEZIUS = "trapezius"
    """Shoulder girdle and upper back."""
    LATISSIMUS = "latissimus-dorsi"
    """The trunk."""
    ERECTOR_SPINAE = "erector-spinae"
    """The lower back."""
    ABDOMINALS = "abdominals"
    FLEXIBILITY = "mobility"


BACK: Final = (MuscleGroup.TRAPEZIUS, MuscleGroup.LATISSIMUS, MuscleGroup.ERECTOR_SPINAE)
"""The three groups of the back, each of which a programme has to develop."""


class Share(IntEnum):
    """How much of a session a group gets, in rising order."""

    NONE = 0
    MOVED = 1
    """It is moved or relaxed; flexibility: there is a little."""
    ASSISTS = 2
    """It helps or holds."""
    DEVELOPED = 3
    """It is trained."""


_MOVES: Final = ("stretch", "mobilise", "release")
_OTHER_NAMES: Final = {
    "flexibility": MuscleGroup.FLEXIBILITY,
    "latissimus": MuscleGroup.LATISSIMUS,
    "lower-back": MuscleGroup.ERECTOR_SPINAE,
    "upper-back": MuscleGroup.TRAPEZIUS,
    "whole-back": MuscleGroup.ERECTOR_SPINAE,  # stretched, rolled or let go, it is the spine
}
_WHOLE_BODY: Final = "whole-body"
"""Easy movement of everything, as in a warm-up: it loosens a little and trains nothing."""


@dataclass(frozen=True)
class Coverage:
    """What each group gets."""

    shares: Mapping[MuscleGroup, Share]
    """One for each group."""

    def __getitem__(self, group: MuscleGroup) -> Share:
        return self.shares[group]

    @property
    def developed(self) -> tuple[MuscleGroup, ...]:
        """Return the groups that are trained."""
        return tuple(group for group in MuscleGroup if self[group] is Share.DEVELOPED)

    @property
    def missing(self) -> tuple[MuscleGroup, ...]:
        """Return the groups that are not trained."""
        return tuple(group for group in MuscleGroup if self[group] is not Share.DEVELOPED)


def coverage_of(routine: Routine) -> Coverage:
    """Return the coverage of a routine by its own tags and those of its steps."""
    own = coverage_of_tags(routine.muscles)
    # Where the routine names groups that it develops, it would name the others, too, if it did.
    most = Share.ASSISTS if any(own.shares.values()) else Share.DEVELOPED
    tags = (tag for step in routine.steps for tag in step.muscles)
    steps = [(group, min(share, most)) for tag in tags for group, share in _shares_of(tag)]
    return _highest([*own.shares.items(), *steps])


def coverage_of_tags(tags: Iterable[str]) -> Coverage:
    """Return the coverage of a routine by its own tags alone."""
    return _highest(pair for tag in tags for pair in _shares_of(tag))


def together(coverages: Iterable[Coverage]) -> Coverage:
    """Return the coverage of several routines: for each group the most that one of them does."""
    return _highest(pair for one in coverages for pair in one.shares.items())


def _highest(pairs: Iterable[tuple[MuscleGroup, Share]]) -> Coverage:
    shares = dict.fromkeys(MuscleGroup, Share.NONE)
    for group, share in pairs:
        shares[group] = max(shares[group], share)
    return Coverage(shares)


def _shares_of(tag: str) -> Iterable[tuple[MuscleGroup, Share]]:
    kind, _, rest = tag.partition("-")
    if kind in _MOVES:
        yield MuscleGroup.FLEXIBILITY, Share.MOVED
        if (group := _group(rest)) is not None:
            yield group, Share.MOVED
    elif kind == "assist":
        if (group := _group(rest)) is not None:
            yield group, Share.ASSISTS
    elif tag == _WHOLE_BODY:
        yield MuscleGroup.FLEXIBILITY, Share.MOVED
    elif (group := _group(tag)) is not None:
        yield group, Share.DEVELOPED


def _group(name: str) -> MuscleGroup | None:
    try:
        return MuscleGroup(name)
    except ValueError:
        return _OTHER_NAMES.get(name)
