"""What the muscles get: the bundled routines agree with the physiotherapist's matrix."""

from __future__ import annotations

import pytest

from tests.support.checkout import CHECKOUT
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.practice.coverage import (
    BACK,
    Coverage,
    MuscleGroup,
    Share,
    coverage_of,
    coverage_of_tags,
    together,
)
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Audience, Routine, Step

# D developed, A assists or holds, M moved or relaxed only, - not addressed; flexibility: D yes, M little.
# Trapezius, latissimus dorsi, erector spinae, abdominals, flexibility.
MATRIX = {
    "relaxation": "M-AAD",  # the spine is moved, and holds in the half squat
    "preliminary": "--ADD",
    "main": "DDAAM",
    "dumbbells": "DDDAM",
    "children": "A-DDD",
    "desk-break": "A-A-D",
    "posture-play": "D-DAD",
}
LETTERS = {"-": Share.NONE, "M": Share.MOVED, "A": Share.ASSISTS, "D": Share.DEVELOPED}


def bundled(slug: str) -> Coverage:
    """Return the coverage of a bundled routine."""
    library = Library(CHECKOUT)
    return coverage_of(load_routine(library.find_routine(slug), library))


def made(muscles: tuple[str, ...], *steps: tuple[str, ...]) -> Routine:
    """Return a routine with these tags, and a step with each of the others."""
    dose = parse_dose("hold 10s")
    return Routine(
        "r", "R", Audience.ADULT, muscles=muscles,
        steps=tuple(Step(f"s{i}", "S", "s", "Do.", dose, muscles=tags) for i, tags in enumerate(steps)),
    )  # fmt: skip


@pytest.mark.parametrize("slug", MATRIX)
def test_bundled_routines_agree_with_the_matrix(slug: str) -> None:
    """Every field of the matrix, for every bundled routine."""
    wanted = dict(zip(MuscleGroup, (LETTERS[letter] for letter in MATRIX[slug]), strict=True))
    assert dict(bundled(slug).shares) == wanted


def test_every_bundled_routine_is_in_the_matrix() -> None:
    """A new routine needs its row."""
    assert {path.stem for path in (CHECKOUT / "scripts").glob("*.toml")} == set(MATRIX)


def test_only_dumbbells_reach_the_whole_back_alone() -> None:
    """The last column of the matrix."""
    assert [slug for slug in MATRIX if not set(BACK) & set(bundled(slug).missing)] == ["dumbbells"]


def test_a_week_is_what_its_best_routines_are() -> None:
    """The floor set, the main set and the dumbbells leave nothing out; without weights two groups are left."""
    week = together(map(bundled, ("relaxation", "preliminary", "main", "dumbbells")))
    assert not set(BACK) & set(week.missing)
    assert week.missing == ()
    without = together(map(bundled, ("relaxation", "preliminary")))
    assert without.missing == BACK
    assert without[MuscleGroup.LATISSIMUS] is Share.NONE
    assert together([]).missing == tuple(MuscleGroup)


@pytest.mark.parametrize(
    ("tag", "group", "share"),
    [
        ("trapezius", MuscleGroup.TRAPEZIUS, Share.DEVELOPED),
        ("assist-trapezius", MuscleGroup.TRAPEZIUS, Share.ASSISTS),
        ("stretch-trapezius", MuscleGroup.TRAPEZIUS, Share.MOVED),
        ("mobilise-latissimus-dorsi", MuscleGroup.LATISSIMUS, Share.MOVED),
        ("release-whole-back", MuscleGroup.ERECTOR_SPINAE, Share.MOVED),
        ("stretch-lower-back", MuscleGroup.FLEXIBILITY, Share.MOVED),
        ("stretch-hamstrings", MuscleGroup.FLEXIBILITY, Share.MOVED),
        ("whole-body", MuscleGroup.FLEXIBILITY, Share.MOVED),
        ("mobility", MuscleGroup.FLEXIBILITY, Share.DEVELOPED),
        ("assist-glutes", MuscleGroup.ABDOMINALS, Share.NONE),
        ("grip", MuscleGroup.TRAPEZIUS, Share.NONE),
    ],
)  # fmt: skip
def test_tags(tag: str, group: MuscleGroup, share: Share) -> None:
    """What one tag says of one group."""
    assert coverage_of_tags([tag])[group] is share


def test_the_most_counts() -> None:
    """A group that is stretched, and worked elsewhere, is worked; the order does not matter."""
    tags = ["stretch-trapezius", "trapezius", "assist-trapezius"]
    for order in (tags, tags[::-1]):
        assert coverage_of_tags(order)[MuscleGroup.TRAPEZIUS] is Share.DEVELOPED


def test_a_routine_says_itself_what_it_develops() -> None:
    """A step's muscle that the routine does not name helps; where it names none, the steps speak."""
    named = coverage_of(made(("trapezius",), ("trapezius", "abdominals")))
    assert (named[MuscleGroup.TRAPEZIUS], named[MuscleGroup.ABDOMINALS]) == (
        Share.DEVELOPED,
        Share.ASSISTS,
    )
    unnamed = coverage_of(made((), ("abdominals",), ("stretch-erector-spinae",)))
    assert unnamed.developed == (MuscleGroup.ABDOMINALS,)
    assert unnamed[MuscleGroup.ERECTOR_SPINAE] is Share.MOVED
    assert coverage_of(made(("strength",), ("abdominals",))).developed == (MuscleGroup.ABDOMINALS,)
