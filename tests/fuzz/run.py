"""Feeds so many files in a process of its own, and prints what it took as JSON.

    python -m tests.fuzz.run 100000

A file that breaks a promise is written into the corpus under the name of its digest, and ends the run.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.inputs import contents
from tests.fuzz.target import CORPUS, follow


def most_memory_mb() -> float:
    """Return the largest size that this process has had; 0 on a system that does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    if (
        sys.platform == "linux"
    ):  # there, the other one begins with the size of the process that started this
        status = Path("/proc/self/status").read_text("utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) / 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def kept(content: bytes) -> str:
    """Write an input into the corpus; return its name."""
    path = CORPUS / f"{hashlib.sha256(content).hexdigest()[:12]}.toml"
    path.write_bytes(content)
    return path.name


def run(count: int, start: int) -> dict[str, object]:
    """Feed so many files and return the figures."""
    kinds: Counter[str] = Counter()
    slowest_seconds = 0.0

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(contents)
    def feed(content: bytes) -> None:
        nonlocal slowest_seconds
        try:
            outcome = follow(content)
        except BaseException:
            sys.stderr.write(f"kept as {kept(content)}\n")
            raise
        kinds[outcome.kind] += 1
        slowest_seconds = max(slowest_seconds, outcome.cpu_seconds)

    feed()
    return {
        "count": sum(kinds.values()),
        "kinds": dict(kinds),
        "slowest_ms": round(slowest_seconds * 1000, 1),
        "memory_mb": round(most_memory_mb()),
    }


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    print(json.dumps(run(words[0], words[1] if len(words) > 1 else 0)))  # noqa: T201
