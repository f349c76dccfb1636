"""The same target for a fuzzer that is guided by the code that it reaches.

    python -m tests.fuzz.guided tests/fuzz/corpus -max_total_time=600

Needs the extra `fuzz`, which there is for Linux and macOS.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["voicecoach", "tomllib"]):
    from tests.fuzz.target import LONGEST_SECONDS, follow

SLOWED_BY = 20
"""Code that tells the fuzzer where it is takes so many times as long, and the reader of TOML all of it."""


def feed(content: bytes) -> None:
    """Follow one file; what escapes is a finding, and the fuzzer keeps the file."""
    follow(content, most_seconds=SLOWED_BY * LONGEST_SECONDS)


if __name__ == "__main__":
    atheris.Setup(sys.argv, feed)
    atheris.Fuzz()
