"""Files from strangers: the corpus again, and new ones in thousands."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.target import CORPUS, LONGEST_SECONDS, MOST_MEMORY_MB, follow
from tests.support.checkout import CHECKOUT
from tests.support.figures import SOAK, RecordFigure

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 100_000 if SOAK else 2_000
MOST_IN_A_PROCESS = 10_000
"""What makes the files remembers all of them, so that many are made by several processes."""
KEPT = sorted(CORPUS.iterdir())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_is_kept_is_answered(path: Path) -> None:
    """No exception but our own, and in time."""
    assert follow(path.read_bytes()).kind in ("refused", "no-room", "made")


def test_the_corpus_is_small_and_of_all_kinds() -> None:
    """It is replayed by everybody, so it stays quick; it reaches each end that a file may come to."""
    assert len(KEPT) < 100
    assert sum(path.stat().st_size for path in KEPT) < 300_000
    assert {follow(path.read_bytes()).kind for path in KEPT} == {"refused", "no-room", "made"}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(0, COUNT, MOST_IN_A_PROCESS))
def test_thousands_of_files_are_answered_in_time(start: int, record_figure: RecordFigure) -> None:
    """Nothing escapes, no file takes a second, and memory does not grow; `start` seeds the files."""
    count = min(MOST_IN_A_PROCESS, COUNT - start)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", str(count), str(start)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    figures = json.loads(done.stdout)
    assert figures["count"] >= 0.9 * count
    assert figures["kinds"]["made"] > count / 20, "hardly a file is good enough to be followed"
    assert figures["slowest_ms"] <= 1000 * LONGEST_SECONDS
    assert figures["memory_mb"] <= MOST_MEMORY_MB
    record_figure("files", figures["count"], "")
    record_figure("slowest file", figures["slowest_ms"], "ms")
    record_figure("most memory", figures["memory_mb"], "MB")
