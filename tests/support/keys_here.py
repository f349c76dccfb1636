"""Listens to the keys of the terminal it runs in and prints what they ask for; run by the tests.

    python -m tests.support.keys_here

It leaves at "quit", with an exception at "repeat".
"""

from __future__ import annotations

import sys
import time
from queue import Empty, SimpleQueue

from voicecoach.cli.playing.keys import Keyboard
from voicecoach.play.transport import Command


def tell(text: str) -> None:
    """Print a line now."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Print commands, one a line, after "listening" and whether somebody can press a key."""
    commands: SimpleQueue[Command] = SimpleQueue()
    with Keyboard(commands.put) as keyboard:
        time.sleep(0.3)  # by then the terminal gives single keys
        tell("listening" if keyboard.works else "no keys")
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            try:
                command = commands.get(timeout=0.2)
            except Empty:
                continue
            tell(f"<{command}>")
            if command is Command.QUIT:
                break
            if command is Command.REPEAT:
                sys.exit("as an error would end it")


if __name__ == "__main__":
    main()
