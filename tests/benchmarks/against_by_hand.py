"""A track by one command, against what a person would do by hand with other people's programs.

    python -m tests.benchmarks.against_by_hand [--rounds 5] [--results FILE]

All routes speak the same words at the same times and write an MP3 of 64 kbit/s. The routes by hand have
no tones, tags, chapters, cover, loudness or pace: they do less.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import (
    VOICECOACH,
    Workplace,
    benchmark,
    in_turns,
    median,
    publish,
    ratios,
    report,
    spread,
    this_command,
)
from tests.benchmarks.sessions import long_session, quarter_of_an_hour

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks.measuring import Cost

BASELINE = "espeak-ng per cue + sox + lame"
NEEDED = {
    BASELINE: ("espeak-ng", "sox", "lame"),
    "espeak-ng per cue + ffmpeg concat": ("espeak-ng", "ffmpeg"),
    "espeak-ng per cue + pydub +=": ("espeak-ng", "ffmpeg"),
    "espeak-ng per cue + pydub overlay": ("espeak-ng", "ffmpeg"),
}

SPEAK = """
i=0
while IFS= read -r text; do espeak-ng -w c$(printf %03d $i).wav "$text"; i=$((i+1)); done < texts
"""
SOX = (
    SPEAK
    + """
i=0
while read -r gap; do
  c=$(printf %03d $i); sox -V1 c$c.wav p$c.wav pad 0 "$gap" trim 0 "$gap"; i=$((i+1))
done < gaps
sox p*.wav whole.wav
lame --quiet -m m -b 64 whole.wav out.mp3
"""
)
CONCAT = (
    SPEAK
    + """
i=0
while read -r gap; do
  c=$(printf %03d $i)
  ffmpeg -nostdin -v error -y -i c$c.wav -af apad=whole_dur="$gap" -t "$gap" p$c.wav
  echo "file p$c.wav"; i=$((i+1))
done < gaps > list
ffmpeg -nostdin -v error -y -f concat -safe 0 -i list -c copy whole.wav
ffmpeg -nostdin -v error -y -i whole.wav -b:a 64k out.mp3
"""
)
PYDUB = """
import json, subprocess, sys
from pydub import AudioSegment
cues = json.load(open("cues.json"))
total = round(json.load(open("total.json")) * 1000)
spoken = []
for start, text in cues:
    subprocess.run(["espeak-ng", "-w", "x.wav", text], check=True)
    spoken.append((round(start * 1000), AudioSegment.from_wav("x.wav")))
if sys.argv[1] == "overlay":
    whole = AudioSegment.silent(total, frame_rate=22050)
    for start, segment in spoken:
        whole = whole.overlay(segment, position=start)
else:
    whole = AudioSegment.silent(0, frame_rate=22050)
    ends = [start for start, _ in spoken[1:]] + [total]
    for (start, segment), end in zip(spoken, ends):
        segment = segment[: end - start]
        whole += segment + AudioSegment.silent(end - start - len(segment), frame_rate=22050)
whole.export("out.mp3", format="mp3", bitrate="64k").close()
"""


def prepare(place: Workplace, routine: Path) -> int:
    """Lay out what the routes by hand read; return how many cues there are."""
    sheet = json.loads(
        place.output_of(*VOICECOACH, "show", routine, "--voice", "pyttsx3", "--json")
    )
    cues = [(cue["start_seconds"], cue["text"]) for cue in sheet["cues"] if cue["kind"] == "speech"]
    total = sheet["duration_seconds"]
    ends = [start for start, _ in cues[1:]] + [total]
    gaps = [end - start for (start, _), end in zip(cues, ends, strict=True)]
    (place.folder / "cues.json").write_text(json.dumps(cues), "utf-8")
    (place.folder / "total.json").write_text(json.dumps(total), "utf-8")
    (place.folder / "texts").write_text("".join(f"{text}\n" for _, text in cues), "utf-8")
    (place.folder / "gaps").write_text("".join(f"{gap:.4f}\n" for gap in gaps), "utf-8")
    for name, script in (("sox.sh", SOX), ("concat.sh", CONCAT)):
        (place.folder / name).write_text(f"set -e\nrm -f c*.wav p*.wav\n{script}", "utf-8")
    (place.folder / "by_pydub.py").write_text(PYDUB, "utf-8")
    return len(cues)


def routes(place: Workplace, routine: Path) -> dict[str, Callable[[], Cost]]:
    """Return every route that can be gone here, by name."""

    def ours(voice: str) -> Callable[[], Cost]:
        def run() -> Cost:
            place.forget_speech()
            return place.run(
                *VOICECOACH, "export", routine, "--voice", voice, "--force", "-o", "ours.mp3"
            )

        return run

    by_hand = {
        BASELINE: ("bash", "sox.sh"),
        "espeak-ng per cue + ffmpeg concat": ("bash", "concat.sh"),
        "espeak-ng per cue + pydub +=": (sys.executable, "by_pydub.py", "append"),
        "espeak-ng per cue + pydub overlay": (sys.executable, "by_pydub.py", "overlay"),
    }
    found: dict[str, Callable[[], Cost]] = {
        "voicecoach, pyttsx3 (eSpeak), nothing kept": ours("pyttsx3"),
    }
    for name, command in by_hand.items():
        missing = [program for program in NEEDED[name] if shutil.which(program) is None]
        if missing:
            print(f"{name}: left out, {', '.join(missing)} is not installed", file=sys.stderr)
            continue
        found[name] = lambda command=command: place.run(*command)
    found["voicecoach, natural, nothing kept"] = ours("natural")
    return found


def main() -> None:
    """Measure and print."""
    with benchmark(__doc__ or "", rounds=5) as (arguments, place):
        routine = place.folder / "session.toml"
        routine.write_text(long_session(10) if arguments.short else quarter_of_an_hour(), "utf-8")
        cues = prepare(place, routine)
        minutes = json.loads((place.folder / "total.json").read_text()) / 60
        costs = in_turns(routes(place, routine), arguments.rounds)
        baseline = [cost.wall_seconds for cost in costs.get(BASELINE, [])]
        rows = []
        for name, runs in costs.items():
            wall = [cost.wall_seconds for cost in runs]
            against = spread(ratios(wall, baseline)) if baseline else "-"
            rows.append(
                [name, spread(wall), f"{median([cost.cpu_seconds for cost in runs]):.2f}", against]
            )
        title = f"By hand: {minutes:.0f} minutes, {cues} cues"
        publish(
            report(
                title,
                ["Route", "Wall, s", "CPU, s", f"Wall against {BASELINE}"],
                rows,
                [f"{this_command()}, {arguments.rounds} rounds in turns; median (least–most)"],
            ),
            arguments.results,
        )


if __name__ == "__main__":
    main()
