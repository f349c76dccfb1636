"""Runs programs, measures what they cost, and prints the figures as a table.

A program is measured from its start to its end with all that it starts: wall time, CPU time, and, where
it is asked for, memory. Figures are compared within one run only, taken in turns: a machine is never
the same twice.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.checkout import CHECKOUT
from tests.support.figures import about_this_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


VOICECOACH = (sys.executable, "-m", "voicecoach")


@dataclass(frozen=True)
class Cost:
    """What one run of a program took."""

    wall_seconds: float
    cpu_seconds: float
    """Of the program and of everything that it has started and waited for."""
    main_bytes: int = 0
    """The most memory that the program itself had; 0 where it was not watched."""
    all_bytes: int = 0
    """The most that it and all processes below it had at once, shared memory counted each time."""


class Workplace:
    """A folder for one benchmark, with an environment in which nothing of the user's is seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        private = {
            f"XDG_{name}_HOME": str(folder / "home" / name.lower())
            for name in ("CACHE", "CONFIG", "DATA", "STATE")
        }
        self.environment = os.environ | private | {
            "VOICECOACH_CACHE": str(self.cache),
            "VOICECOACH_HOME": str(folder / "home" / "voicecoach"),
            "VOICECOACH_STATE": str(folder / "home" / "state"),
            "PYTHONPATH": str(CHECKOUT),
            # As after an installation: compiled once, and not by the run that is measured.
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }  # fmt: skip
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def forget_speech(self) -> None:
        """Empty the cache of spoken sentences."""
        shutil.rmtree(self.cache, ignore_errors=True)

    def run(self, *command: str | Path, watch_memory: bool = False) -> Cost:
        """Run a program to its end and return its cost; raises where it fails."""
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout is not None
        watch = _MemoryWatch(process.pid) if watch_memory else None
        with process.stdout:
            printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if watch is not None:
            watch.stop()
        if process.returncode:
            raise RuntimeError(f"{command} failed:\n{printed.decode(errors='replace')[-2000:]}")
        return Cost(
            wall,
            usage.ru_utime + usage.ru_stime,
            watch.main_bytes if watch else 0,
            watch.all_bytes if watch else 0,
        )

    def output_of(self, *command: str | Path) -> str:
        """Return what a program prints on its standard output."""
        return subprocess.run(
            [str(part) for part in command], cwd=self.folder, env=self.environment,
            check=True, stdout=subprocess.PIPE, text=True,
        ).stdout  # fmt: skip


class _MemoryWatch:
    """Looks at the memory of a process and of all below it, fifty times a second, as Linux tells it.

    The figure that a parent gets when a child ends (`ru_maxrss`) begins with the parent's own size.
    """

    def __init__(self, pid: int) -> None:
        self.main_bytes = 0
        self.all_bytes = 0
        self._pid = pid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(0.02):
            self.main_bytes = max(self.main_bytes, _status_bytes(self._pid, "VmHWM"))
            everyone = sum(_status_bytes(pid, "VmRSS") for pid in _family(self._pid))
            self.all_bytes = max(self.all_bytes, everyone)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                yield from _family(int(child))


def _status_bytes(pid: int, field: str) -> int:
    """Return a size that Linux tells of a process; 0 where there is none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
    return 0


def in_turns(routes: dict[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Run each route once in each round and return all costs; a first round, uncounted, warms up."""
    costs: dict[str, list[Cost]] = {name: [] for name in routes}
    for number in range(rounds + 1):
        for name, run in routes.items():
            cost = run()
            if number:
                costs[name].append(cost)
            print(f"\r{number}/{rounds} {name}\x1b[K", end="", file=sys.stderr, flush=True)
    print("\r\x1b[K", end="", file=sys.stderr)
    return costs


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float], places: int = 2) -> str:
    """Return the median, with the least and the most where there are several."""
    shown = f"{median(values):.{places}f}"
    if len(values) < 2:
        return shown
    return f"{shown} ({min(values):.{places}f}–{max(values):.{places}f})"


def ratios(values: Sequence[float], baselines: Sequence[float]) -> list[float]:
    """Return each value against the baseline of its own round."""
    return [value / baseline for value, baseline in zip(values, baselines, strict=True)]


def report(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()
) -> str:
    """Return a page with a table of what was measured, and when and on what."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]

    def line(cells: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    table = [line(headings), line(["-" * width for width in widths]), *map(line, rows)]
    listed = [f"- {note}" for note in notes]
    return "\n".join([f"## {title}", "", *about_this_run(), *listed, "", *table, ""])


def this_command() -> str:
    """Return the command that runs this benchmark as it was run, but for where the results go."""
    module = Path(sys.argv[0]).stem
    short = " --short" * ("--short" in sys.argv)
    return f"`python -m tests.benchmarks.{module}{short}`"


@contextmanager
def benchmark(description: str, rounds: int) -> Iterator[tuple[argparse.Namespace, Workplace]]:
    """Read the arguments that all benchmarks have, and lend a folder to work in."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help="how often each route runs")
    parser.add_argument("--results", type=Path, help="a file to which the tables are added")
    parser.add_argument("--short", action="store_true", help="a small form, to try the script out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voicecoach-benchmark-") as folder:
        yield arguments, Workplace(Path(folder))


def publish(page: str, results: Path | None) -> None:
    """Print a page, and add it to the file of results."""
    print(page)
    if results is not None:
        with results.open("a", encoding="utf-8") as file:
            file.write(f"\n{page}")
