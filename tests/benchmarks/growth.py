"""Ten minutes, a hundred, ten hours: what time and memory an export takes.

    python -m tests.benchmarks.growth [--rounds 1] [--results FILE]

The eSpeak voice speaks, and everything is kept from the round before. A session lasts twelve hours at
most, so a thousand minutes cannot be asked for.
"""

from __future__ import annotations

from tests.benchmarks.measuring import (
    VOICECOACH,
    benchmark,
    in_turns,
    median,
    publish,
    report,
    this_command,
)
from tests.benchmarks.sessions import long_session

MINUTES = (10, 100, 600)
FORMATS = ("mp3", "wav", "flac", "m4a")


def main() -> None:
    """Measure and print."""
    with benchmark(__doc__ or "", rounds=1) as (arguments, place):
        all_minutes = (10, 20) if arguments.short else MINUTES
        for minutes in all_minutes:
            (place.folder / f"m{minutes}.toml").write_text(long_session(minutes), "utf-8")
        routes = {
            f"{minutes} {ending}": (
                lambda minutes=minutes, ending=ending: place.run(
                    *VOICECOACH, "export", f"./m{minutes}.toml", "--voice", "pyttsx3", "--force",
                    "-o", f"m{minutes}.{ending}", watch_memory=True,
                )
            )
            for ending in FORMATS
            for minutes in all_minutes
        }  # fmt: skip
        costs = in_turns(routes, arguments.rounds)
        rows = []
        for name, runs in costs.items():
            minutes, ending = name.split()
            first = costs[f"{all_minutes[0]} {ending}"]
            main_mb = max(cost.main_bytes for cost in runs) / 1e6
            all_mb = max(cost.all_bytes for cost in runs) / 1e6
            cpu = median([cost.cpu_seconds for cost in runs])
            pcm_mb = int(minutes) * 60 * 24_000 * 2 / 1e6
            rows.append(
                [
                    ending, minutes, f"{median([cost.wall_seconds for cost in runs]):.1f}", f"{cpu:.1f}",
                    f"{cpu / int(minutes):.3f}", f"{main_mb:.0f}",
                    f"{main_mb * 1e6 / max(cost.main_bytes for cost in first):.2f}",
                    f"{all_mb:.0f}", f"{pcm_mb:.0f}",
                ]
            )  # fmt: skip
        publish(
            report(
                "Growth",
                [
                    "Format", "Minutes", "Wall, s", "CPU, s", "CPU a minute", "Memory, MB",
                    "Against the shortest", "With children, MB", "Samples, MB",
                ],
                rows,
                [f"{this_command()}, {arguments.rounds} round(s), everything kept"],
            ),
            arguments.results,
        )  # fmt: skip


if __name__ == "__main__":
    main()
