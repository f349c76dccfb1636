"""Sessions to measure with: routine files of a wished length."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.script.compiler import outline_script
from voicecoach.script.durations import NominalDurations, word_seconds

if TYPE_CHECKING:
    from pathlib import Path

_MOVES = (
    ("knee lift", "Lift one knee as high as your hip and lower it slowly."),
    ("heel raise", "Rise onto your toes and come down again without a sound."),
    ("side reach", "Reach over to one side until you feel your ribs open."),
    ("wall press", "Lean towards the wall with straight arms and press yourself away."),
    ("hip circle", "Draw wide circles with your hips as if you stirred a pot."),
    ("arm swing", "Let both arms swing forward and back with soft shoulders."),
    ("chair stand", "Stand up from the chair without your hands and sit down slowly."),
    ("back fold", "Fold forward from your hips with a long back and look at the floor."),
    ("shoulder roll", "Roll your shoulders up to your ears, back, and down again."),
    ("calm stance", "Stand still with your weight on both feet and breathe evenly."),
)
_HINTS = (
    "Keep your neck long.",
    "Breathe out as it gets harder.",
    "Let your jaw go loose.",
    "Press your feet into the floor.",
    "Both sides are equally long.",
    "Make it smaller if it pulls.",
    "Draw your tummy in a little.",
    "Your shoulders stay low.",
    "Look straight ahead.",
    "Only as far as it feels good.",
)
_TIMES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

_HEAD = """voicecoach = 1
title = "{title}"
audience = "adult"
opening = ["Welcome."]
closing = ["Well done."]
"""

_STEP = """
[[steps]]
slug = "move-{number}"
name = "{name}"
spoken = "{spoken}"
say = "{say}"
dose = "{dose}"
setup = {setup}
rest_after = {rest}
cues = [{{ at = "{at}s", say = "{hint}" }}]
"""


def quarter_of_an_hour() -> str:
    """Return a routine of 15 minutes, ten holds, with 90 cues of 38 distinct texts or very nearly."""
    steps = [
        _STEP.format(
            number=number, name=name.capitalize(), spoken=name, say=say,
            dose="hold 70s", setup=20, rest=0, at=20, hint=hint,
        )
        for number, ((name, say), hint) in enumerate(zip(_MOVES, _HINTS, strict=True))
    ]  # fmt: skip
    return _HEAD.format(title="Quarter of an hour") + "".join(steps)


def long_session(minutes: int) -> str:
    """Return a routine of that many minutes (10 to 720): every step has words of its own."""
    # A file holds 200 steps at most.
    steps = max(minutes // 5, 4)
    seconds = round(minutes * 60 / steps)
    written = []
    for number in range(steps):
        name, say = _MOVES[number % 10]
        spoken = f"{name}, the {_TIMES[number // 10 % 9]} time"
        if number >= 90:
            spoken = f"{name}, once more and for the {_TIMES[number // 10 - 9]} time"
        written.append(
            _STEP.format(
                number=number, name=spoken.capitalize(), spoken=spoken, setup=20, rest=10,
                say=f"{say} Now comes the {spoken}.", dose=f"for {seconds - 34}s",
                at=30, hint=f"{_HINTS[number * 7 % 10]} This is the {spoken}.",
            )
        )  # fmt: skip
    return _HEAD.format(title=f"{minutes} minutes") + "".join(written)


def an_hour(folder: Path) -> str:
    """Return an hour of the bundled routines for adults and, as far as needed, for children.

    It has their words, doses and rests as they are: as much to say as a real session.
    """
    library = Library(folder)
    equipment: dict[str, str] = {}
    written: list[str] = []
    seconds = 0.0
    names = ("relaxation", "preliminary", "main", "dumbbells", "desk-break", "children")
    for name in (*names, "posture-play"):
        path = library.find_routine(name)
        routine = load_routine(path, library)
        phrases = load_phrases(routine.language, routine.audience)
        outline = outline_script(routine, phrases, NominalDurations(word_seconds(routine.audience)))
        text = path.read_text(encoding="utf-8")
        equipment |= tomllib.loads(text).get("equipment", {})
        lengths = [part.duration_seconds for part in outline.segments if part.kind == "exercise"]
        for step, length in zip(text.split("[[steps]]")[1:], lengths, strict=True):
            if seconds < 3600:
                renamed = step.replace('slug = "', f'slug = "{name}-', 1)
                written.append(f"[[steps]]{renamed.rstrip()}\n")
                seconds += length
    things = "".join(f'{name} = "{spoken}"\n' for name, spoken in equipment.items())
    return _HEAD.format(title="An hour") + f"\n[equipment]\n{things}\n" + "\n".join(written)
