"""Figures reach the summary of a run and the page that a soak writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.figures import Figure, results_page

CHECKOUT = Path(__file__).parent.parent


def test_page_tells_when_where_and_what() -> None:
    """The page of results has the machine, the counts and a row for each figure."""
    page = results_page(
        [Figure("test_player.py::test_drift", "drift", "0.4", "ms")],
        {"passed": 12, "failed": 0, "error": 0, "skipped": 1},
    )
    assert "- Tests: 12 passed, 1 skipped\n" in page
    assert "| `test_player.py::test_drift` | drift | 0.4 ms |" in page
    for line in ("- Date: 20", "- Commit: ", " cores, ", "- Python: 3."):
        assert line in page


def test_recorded_figures_are_shown_and_written(tmp_path: Path) -> None:
    """A run that names a file for its figures shows them and leaves them there."""
    test_file = tmp_path / "test_one.py"
    test_file.write_text(
        'def test_one(record_figure):\n    record_figure("drift over an hour", 0.41234, "ms")\n',
        encoding="utf-8",
    )
    results = tmp_path / "results.md"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.figures", "--rootdir", tmp_path, test_file],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "VOICECOACH_RESULTS": str(results)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "drift over an hour: 0.4123 ms" in run.stdout
    assert "drift over an hour | 0.4123 ms |" in results.read_text(encoding="utf-8")
