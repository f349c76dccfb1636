"""Asks how it was, in the terminal that it runs in, and prints each answer; run by the tests.

python -m tests.support.afterwards_here SECONDS
"""

from __future__ import annotations

import sys

from voicecoach.cli.playing.afterwards import ask_how_it_was
from voicecoach.routine.model import Audience


def main(seconds: float) -> None:
    """Ask, waiting so long for each answer."""

    def rate(*, effort: int | None = None, pain: bool | None = None) -> None:
        sys.stdout.write(f"<{effort} {pain}>")
        sys.stdout.flush()

    ask_how_it_was(Audience.ADULT, rate, seconds=seconds)
    sys.stdout.write("<the end>\n")


if __name__ == "__main__":
    main(float(sys.argv[1]))
