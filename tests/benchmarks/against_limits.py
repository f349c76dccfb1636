"""An hour as MP3, against what no program can do without: speaking alone, encoding alone.

    python -m tests.benchmarks.against_limits [--rounds 3] [--results FILE]

Speaking alone: one process that loads the engine and speaks the same sentences, each as long as it is
wished, on all cores, to nowhere. Encoding alone: one process that imports numpy and lameenc and encodes
the same samples at the same quality.
"""

from __future__ import annotations

import json
import sys
import wave
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import (
    VOICECOACH,
    Workplace,
    benchmark,
    in_turns,
    publish,
    ratios,
    report,
    spread,
    this_command,
)
from tests.benchmarks.sessions import an_hour, long_session
from voicecoach.speech.engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.measuring import Cost

ENCODE = """
import sys, wave
import lameenc, numpy
encoder = lameenc.Encoder()
encoder.silence()
encoder.set_in_sample_rate(24000); encoder.set_out_sample_rate(24000); encoder.set_channels(1)
encoder.set_bit_rate(64); encoder.set_quality(4)
with wave.open(sys.argv[1]) as samples, open("alone.mp3", "wb") as file:
    while piece := samples.readframes(65536):
        file.write(encoder.encode(piece))
    file.write(encoder.flush())
"""
SPEAK = """
import importlib, json, os, sys
from concurrent.futures import ThreadPoolExecutor
from voicecoach.speech.pace import Wish, speak
engine = importlib.import_module(sys.argv[1]).open_engine()
voice, wanted = json.load(open("wanted.json"))
threads = os.cpu_count() if engine.thread_safe else 1
with ThreadPoolExecutor(threads) as pool:
    list(pool.map(lambda one: speak(engine, one[0], voice, Wish(**one[1])), wanted))
"""


WANTED = """
import json, sys
from dataclasses import asdict
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.session.session import open_session
library = Library()
path = library.find_routine(sys.argv[1])
with open_session(load_routine(path, library), library, voice=sys.argv[2]) as session:
    narrator = session.narrator
    wanted = {}
    for text, speed in session._sentences(session.nominal.segments):
        spoken = narrator.speakable(text)
        wish = narrator._wish(spoken, speed, narrator.rate)
        wanted[spoken, wish] = (spoken, asdict(wish))
    print(json.dumps((narrator._part.voice.name, list(wanted.values()))))
"""


def prepare(place: Workplace, routine: Path, voice: str) -> tuple[int, float]:
    """Lay out what the limits work on; return how many sentences there are, and of how many minutes."""
    wanted = place.output_of(sys.executable, "-c", WANTED, routine, voice)
    (place.folder / "wanted.json").write_text(wanted, "utf-8")
    (place.folder / "speak.py").write_text(SPEAK, "utf-8")
    (place.folder / "encode.py").write_text(ENCODE, "utf-8")
    place.run(*VOICECOACH, "export", routine, "--voice", voice, "-o", "samples.wav")
    with wave.open(str(place.folder / "samples.wav")) as samples:
        minutes = samples.getnframes() / samples.getframerate() / 60
    return len(json.loads(wanted)[1]), minutes


def measured(place: Workplace, routine: Path, voice: str, rounds: int) -> dict[str, list[Cost]]:
    """Return the costs of the command and of its limits."""

    def export() -> Cost:
        return place.run(
            *VOICECOACH, "export", routine, "--voice", voice, "--force", "-o", "ours.mp3"
        )

    def cold() -> Cost:
        place.forget_speech()
        return export()

    module = ENGINES[voice].module
    return in_turns(
        {
            "cold": cold,
            "warm": export,
            "speaking alone": lambda: place.run(sys.executable, "speak.py", module),
            "encoding alone": lambda: place.run(sys.executable, "encode.py", "samples.wav"),
        },
        rounds,
    )


def rows_of(costs: dict[str, list[Cost]]) -> list[list[str]]:
    """Return the table: each cost, and each against its limit in the same round."""
    cpu = {name: [cost.cpu_seconds for cost in runs] for name, runs in costs.items()}
    wall = {name: [cost.wall_seconds for cost in runs] for name, runs in costs.items()}

    def together(values: dict[str, list[float]]) -> Sequence[tuple[float, float]]:
        return list(zip(values["speaking alone"], values["encoding alone"], strict=True))

    rows = [[name, spread(wall[name]), spread(cpu[name]), "", ""] for name in costs]
    by_name = {row[0]: row for row in rows}
    by_name["warm"][3] = spread(ratios(cpu["warm"], cpu["encoding alone"]))
    by_name["warm"][4] = "CPU, encoding alone"
    by_name["cold"][3] = spread(ratios(cpu["cold"], [sum(both) for both in together(cpu)]))
    by_name["cold"][4] = "CPU, speaking + encoding"
    longer = spread(ratios(wall["cold"], [max(both) for both in together(wall)]))
    rows.append(["cold", "", "", longer, "wall, the longer of the two"])
    return rows


def main() -> None:
    """Measure and print."""
    with benchmark(__doc__ or "", rounds=3) as (arguments, place):
        routine = place.folder / "session.toml"
        text = long_session(10) if arguments.short else an_hour(place.folder)
        routine.write_text(text, "utf-8")
        for voice in ("natural", "pyttsx3"):
            sentences, minutes = prepare(place, routine, voice)
            costs = measured(place, routine, voice, arguments.rounds)
            publish(
                report(
                    f"Limits: {minutes:.0f} minutes, {sentences} sentences, {voice}",
                    ["What", "Wall, s", "CPU, s", "Ratio", "Against"],
                    rows_of(costs),
                    [f"{this_command()}, {arguments.rounds} rounds in turns; median (least–most)"],
                ),
                arguments.results,
            )


if __name__ == "__main__":
    main()
