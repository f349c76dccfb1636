"""Figures that tests measure: kept while they run, shown at the end, and written down after a soak.

    def test_drift(record_figure):
        record_figure("drift over the whole routine", 0.4, "ms")

VOICECOACH_SOAK=1 asks for the long forms of the tests; .ci/soak also names the file that the figures
are written to, in VOICECOACH_RESULTS.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

SOAK = os.environ.get("VOICECOACH_SOAK") == "1"
"""Whether the full forms of the tests run: hours of audio, thousands of examples."""

SPOKEN = (
    ("relaxation", "preliminary", "main", "dumbbells", "children", "desk-break", "posture-play")
    if SOAK
    else ("children", "desk-break")
)
"""Routines that tests have spoken by the natural voice. The short form has few, everywhere the same: a
sentence is spoken once in a run."""

RESULTS = os.environ.get("VOICECOACH_RESULTS", "")
"""Where the figures are written; empty: nowhere."""

PAGE = "tests/soak/RESULTS.md"
"""The page of results that is kept, from the top of the checkout."""

PROPERTY = "figure"

RecordFigure = Callable[[str, float | str, str], None]
"""Takes what was measured, its value and its unit."""


@dataclass(frozen=True)
class Figure:
    """One thing that a test measured."""

    test: str
    """The test's id, without the file's folder."""
    name: str
    value: str
    unit: str


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> RecordFigure:
    """Return a function that keeps a figure for the summary of the run."""

    def record(name: str, value: float | str, unit: str = "") -> None:
        shown = f"{value:.4g}" if isinstance(value, float) else str(value)
        # Properties of a test find their way here from other processes, too.
        request.node.user_properties.append((PROPERTY, (name, shown, unit)))

    return record


def _figures_of(terminalreporter: pytest.TerminalReporter) -> list[Figure]:
    """Return what all tests of this run have measured, in the order of their reports."""
    return [
        Figure(report.nodeid.removeprefix("tests/"), *values)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, values in report.user_properties
        if name == PROPERTY
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures, and write them down where a file for them is named.

    Where tests run side by side, each process of theirs comes here as well; only the one that has all
    of them tells.
    """
    if hasattr(terminalreporter.config, "workerinput"):
        return
    figures = _figures_of(terminalreporter)
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(
                f"{figure.name}: {figure.value} {figure.unit}".rstrip() + f"   ({figure.test})"
            )
    if RESULTS:
        counts = {
            outcome: len(terminalreporter.getreports(outcome))
            for outcome in ("passed", "failed", "error", "skipped")
        }
        add_results(Path(RESULTS), figures, counts)
        terminalreporter.write_line(f"written to {RESULTS}")


def add_results(path: Path, figures: list[Figure], counts: dict[str, int]) -> None:
    """Write what one run has measured, below what the runs before it have; the first makes the page."""
    outcome = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    head = [
        "# What the soak measured",
        "",
        "Written by `.ci/soak`. Figures of one machine on one day, to compare with the next.",
    ]
    lines = [] if path.exists() else head
    lines += ["", *about_this_run(), f"- Tests: {outcome or 'none'}", ""]
    lines += ["| test | figure | value |", "|---|---|---|"]
    lines += [
        f"| `{figure.test}` | {figure.name} | {f'{figure.value} {figure.unit}'.strip()} |"
        for figure in figures
    ]
    with path.open("a", encoding="utf-8") as page:
        page.write("\n".join(lines) + "\n")


def about_this_run() -> list[str]:
    """Return when, of which commit and on what machine something is measured, as lines of a list."""
    return [
        f"- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Commit: {commit_of(Path(__file__).parent)}",
        f"- Machine: {os.cpu_count()} cores, {_processor()}, {_system()}",
        f"- Python: {platform.python_version()}",
    ]


def commit_of(folder: Path) -> str:
    """Return the short name of the commit of a checkout, and whether the tree differs from it.

    The page of results itself makes no difference: it is written while the tests run.
    """
    git = ["git", "-C", os.fspath(folder)]
    try:
        name = _said([*git, "rev-parse", "--short", "HEAD"])
        status = [*git, "status", "--porcelain", "--untracked-files=no", "--"]
        changes = _said([*status, ":(top)", f":(top,exclude){PAGE}"])
        return f"{name}-dirty" if changes else name
    except (OSError, subprocess.CalledProcessError):
        return "not a checkout"


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _processor() -> str:
    """Return the processor's name as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    """Return the operating system's name and release."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
