"""What the suite adds to pytest: figures, and no skip where all tests must run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.figures import PAGE, Figure, add_results, commit_of
from tests.support.needs import requires_program

if TYPE_CHECKING:
    from pathlib import Path


def test_page_tells_when_where_and_what(tmp_path: Path) -> None:
    """The page of results has the machine, the counts and a row for each figure, run below run."""
    path = tmp_path / "results.md"
    drift = Figure("test_player.py::test_drift", "drift", "0.4", "ms")
    add_results(path, [drift], {"passed": 12, "failed": 0, "error": 0, "skipped": 1})
    page = path.read_text("utf-8")
    assert "- Tests: 12 passed, 1 skipped\n" in page
    assert "| `test_player.py::test_drift` | drift | 0.4 ms |" in page
    for line in ("- Date: 20", "- Commit: ", " cores, ", "- Python: 3."):
        assert line in page
    add_results(path, [], {"passed": 3})
    both = path.read_text("utf-8")
    assert both.startswith(page)
    assert both.count("# What the soak measured") == 1
    assert "- Tests: 3 passed\n" in both


@requires_program("git")
def test_the_page_of_results_makes_no_commit_another(tmp_path: Path) -> None:
    """It is taken away and written anew while the tests run; any other change is told."""

    def git(*words: str) -> None:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    page, code = tmp_path / PAGE, tmp_path / "code.py"
    page.parent.mkdir(parents=True)
    page.write_text("Figures.\n", "utf-8")
    code.write_text("1\n", "utf-8")
    assert commit_of(tmp_path) == "not a checkout"
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "One")
    name = commit_of(tmp_path)
    assert len(name) >= 7
    page.unlink()
    assert commit_of(page.parent) == name
    code.write_text("2\n", "utf-8")
    assert commit_of(page.parent) == f"{name}-dirty"


@pytest.mark.parametrize("processes", ["0", "2"])
def test_recorded_figures_are_shown_and_written(processes: str, tmp_path: Path) -> None:
    """A run that names a file for its figures shows them and leaves them there, once."""
    test_file = tmp_path / "test_one.py"
    test_file.write_text(
        'def test_one(record_figure):\n    record_figure("drift over an hour", 0.41234, "ms")\n',
        encoding="utf-8",
    )
    results = tmp_path / "results.md"
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.support.figures",
            "-n",
            processes,
            "--rootdir",
            tmp_path,
            test_file,
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "VOICECOACH_RESULTS": str(results)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "drift over an hour: 0.4123 ms" in run.stdout
    page = results.read_text(encoding="utf-8")
    assert page.count("drift over an hour | 0.4123 ms |") == 1
    assert page.count("- Date: ") == 1


@pytest.mark.parametrize(("must_run_all", "outcome"), [("1", "1 failed"), ("", "1 skipped")])
def test_a_skip_fails_where_all_tests_must_run(
    must_run_all: str, outcome: str, tmp_path: Path
) -> None:
    """Continuous integration has every program and package; a skip there hides a break."""
    test_file = tmp_path / "test_one.py"
    test_file.write_text(
        'import pytest\n\ndef test_one():\n    pytest.importorskip("no_such_package")\n',
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--rootdir", tmp_path, test_file],
        # Nothing of this run's own results: there is no folder for them where the inner one runs.
        env={
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "VOICECOACH_TEST_ALL": must_run_all,
            "VOICECOACH_RESULTS": "",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout.splitlines()[-1], run.stdout
