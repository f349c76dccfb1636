"""What the muscles get: the bundled routines agree with the physiotherapist's matrix."""

from __future__ import annotations

import pytest

from tests.support.checkout import CHECKOUT
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.practice.coverage import (
    BACK,
    Coverage,
    Group,
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
    wanted = dict(zip(Group, (LETTERS[letter] for letter in MATRIX[slug]), strict=True))
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
    assert without[Group.LATISSIMUS] is Share.NONE
    assert together([]).missing == tuple(Group)


@pytest.mark.parametrize(
    ("tag", "group", "share"),
    [
        ("trapezius", Group.TRAPEZIUS, Share.DEVELOPED),
        ("assist-trapezius", Group.TRAPEZIUS, Share.ASSISTS),
        ("stretch-trapezius", Group.TRAPEZIUS, Share.MOVED),
        ("mobilise-latissimus-dorsi", Group.LATISSIMUS, Share.MOVED),
        ("release-whole-back", Group.ERECTOR_SPINAE, Share.MOVED),
        ("stretch-lower-back", Group.FLEXIBILITY, Share.MOVED),
        ("stretch-hamstrings", Group.FLEXIBILITY, Share.MOVED),
        ("whole-body", Group.FLEXIBILITY, Share.MOVED),
        ("mobility", Group.FLEXIBILITY, Share.DEVELOPED),
        ("assist-glutes", Group.ABDOMINALS, Share.NONE),
        ("grip", Group.TRAPEZIUS, Share.NONE),
    ],
)  # fmt: skip
def test_tags(tag: str, group: Group, share: Share) -> None:
    """What one tag says of one group."""
    assert coverage_of_tags([tag])[group] is share


def test_the_most_counts() -> None:
    """A group that is stretched, and worked elsewhere, is worked; the order does not matter."""
    tags = ["stretch-trapezius", "trapezius", "assist-trapezius"]
    for order in (tags, tags[::-1]):
        assert coverage_of_tags(order)[Group.TRAPEZIUS] is Share.DEVELOPED


def test_a_routine_says_itself_what_it_develops() -> None:
    """A step's muscle that the routine does not name helps; where it names none, the steps speak."""
    named = coverage_of(made(("trapezius",), ("trapezius", "abdominals")))
    assert (named[Group.TRAPEZIUS], named[Group.ABDOMINALS]) == (Share.DEVELOPED, Share.ASSISTS)
    unnamed = coverage_of(made((), ("abdominals",), ("stretch-erector-spinae",)))
    assert unnamed.developed == (Group.ABDOMINALS,)
    assert unnamed[Group.ERECTOR_SPINAE] is Share.MOVED
    assert coverage_of(made(("strength",), ("abdominals",))).developed == (Group.ABDOMINALS,)
