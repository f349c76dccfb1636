"""The phases of a segment, whole or taken up in its middle, and what is silent."""

from __future__ import annotations

from dataclasses import replace

from tests.support.building import compiled, routine, step
from voicecoach.script.phases import Phase, phases, silences


def test_phases_of_an_exercise_that_is_taken_up_in_its_rest() -> None:
    """What is over is not there; the rest keeps its start, and none of no length ends it."""
    hold = step("hold", "2 x hold 9s each side, change 5s, rest 12s", setup_seconds=20)
    segment = compiled(routine(hold, step("b"))).segments[0]
    told = [(one.phase, one.start_seconds, one.end_seconds) for one in phases(segment)]
    assert told == [
        (Phase.GET_READY, 0, 20),
        (Phase.WORK, 20, 29),
        (Phase.CHANGE, 29, 34),
        (Phase.WORK, 34, 43),
        (Phase.REST, 43, 55),
        (Phase.WORK, 55, 64),
        (Phase.CHANGE, 64, 69),
        (Phase.WORK, 69, 78),
    ]
    blocks = tuple(
        replace(block, start_seconds=block.start_seconds - 42) for block in segment.work_blocks
    )
    tail = replace(segment, duration_seconds=36, work_blocks=blocks, pickup_seconds=3)
    told = [(one.phase, one.start_seconds, one.end_seconds) for one in phases(tail)]
    assert told == [
        (Phase.REST, 1, 13),
        (Phase.WORK, 13, 22),
        (Phase.CHANGE, 22, 27),
        (Phase.WORK, 27, 36),
    ]
    assert [one.block for one in phases(tail)] == [blocks[2], blocks[2], blocks[3], blocks[3]]


def test_silences_lie_between_what_sounds() -> None:
    """Before it and after it, too; what sounds within something longer ends nothing."""
    assert list(silences([(5, 6), (1, 4), (2, 3)], 8)) == [(0, 1), (4, 5), (6, 8)]
    assert list(silences([(0, 2)], 2)) == []
    assert list(silences([], 2)) == [(0, 2)]
