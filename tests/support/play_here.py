"""A process that plays a stream and can be interrupted: `python -m tests.support.play_here PLAYER SECONDS`.

It prints how many frames were taken. A stream of a negative length is a tone without any silence.
"""

from __future__ import annotations

import signal
import sys

import numpy as np

from tests.support.null_sink import SAMPLE_RATE
from tests.support.stream import blocks_of, bursts_and_render
from voicecoach.errors import VoicecoachError
from voicecoach.play.players import open_player


def main(player_name: str, seconds: float) -> int:
    """Play, and return the exit status that the command line would give."""
    if seconds < 0:
        clock = np.arange(round(-seconds * SAMPLE_RATE)) / SAMPLE_RATE
        render = (0.5 * np.sin(2 * np.pi * 440.0 * clock + 1.0)).astype(np.float32)
    else:
        _, render = bursts_and_render(seconds)
    try:
        player = open_player(player_name)
        signal.signal(signal.SIGINT, lambda *_: player.stop())
        print("playing", flush=True)  # noqa: T201
        player.play(blocks_of(render), sample_rate=SAMPLE_RATE, channels=1)
    except VoicecoachError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(player.position_frames)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
