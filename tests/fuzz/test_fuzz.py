"""Files from strangers: the corpus again, and new ones in thousands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.figures import SOAK, RecordFigure
from tests.fuzz.target import CORPUS, LONGEST_SECONDS, MOST_MEMORY_MB, follow

COUNT = 100_000 if SOAK else 2_000
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
def test_thousands_of_files_are_answered_in_time(record_figure: RecordFigure) -> None:
    """Nothing escapes, no file takes a second, and memory does not grow."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", str(COUNT)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-4000:]
    figures = json.loads(done.stdout)
    assert figures["count"] >= 0.9 * COUNT
    assert figures["kinds"]["made"] > COUNT / 20, "hardly a file is good enough to be followed"
    assert figures["slowest_ms"] <= 1000 * LONGEST_SECONDS
    assert figures["memory_mb"] <= MOST_MEMORY_MB
    record_figure("files", figures["count"], "")
    record_figure("slowest file", figures["slowest_ms"], "ms")
    record_figure("most memory", figures["memory_mb"], "MB")
