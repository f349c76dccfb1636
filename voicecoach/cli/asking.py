"""Questions that a person at a terminal answers with a line, such as a number or yes."""

from __future__ import annotations

import sys

from voicecoach.cli.output import harmless, say
from voicecoach.errors import PlaybackError


def is_somebody_there() -> bool:
    """Return True if a person at a terminal can read a question and answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str, *, unanswered: str = "nothing is played") -> str:
    """Return the line that a person answers with, without blanks around it.

    Raises PlaybackError, with what follows, where the input ends `unanswered`, as with Ctrl-D.
    """
    print(f"{harmless(question)} ", end="", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        say()  # what comes next has a line of its own
        raise
    if not line:
        say()
        raise PlaybackError(f"no answer, so {unanswered}")
    return line.strip()
