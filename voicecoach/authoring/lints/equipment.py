"""What a routine says it has and does: its equipment, and the muscles that it claims to train."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from voicecoach.authoring.lints.doses import worked
from voicecoach.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.authoring.lints.subject import Finding, Subject


def unlisted(subject: Subject) -> Iterator[Finding]:
    """Find things that a step mentions and the routine does not list; each is told once."""
    words, routine = subject.words, subject.routine
    listed = " . ".join(f"{thing.key} . {thing.spoken}" for thing in routine.equipment)
    listed = f"{listed} . {listed.replace('-', ' ')}".casefold()
    said = "\n".join(text.written for text in subject.texts)
    for thing in words.things:
        named = words.pattern("things", thing)
        if named.search(listed) or not named.search(said):
            continue
        for text in subject.texts:
            if text.step is None:
                continue
            real = (
                found
                for found in named.finditer(text.written)
                if not words.is_imagined(text.written, found.start())
                and not words.is_denied(text.written, found.start())
                and found[0].split()[-1].casefold().rstrip("s") not in listed
            )
            if found := next(real, None):
                message = f"{quoted(found[0])} is needed, and nobody is told to have it at hand"
                key = "-".join(thing.split()[1:] or [thing])
                fix = f'list it: {key} = "{thing}" below [equipment], and its name in the step'
                yield subject.at_text(text, message, fix, found.start())
                break


def unused(subject: Subject) -> Iterator[Finding]:
    """Find things that are listed and that no step names."""
    used = {thing.key for step in subject.routine.steps for thing in step.equipment}
    for thing in subject.routine.equipment:
        if thing.key not in used:
            message = f"no step needs {quoted(thing.spoken)}, and people are told to fetch it"
            fix = f'write equipment = ["{thing.key}"] in the steps that need it, or leave it out'
            yield subject.at_routine(message, fix, "equipment", thing.key)


QUALITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "mobility": ("mobilise-", "stretch-", "release-", "mobility"),
    "flexibility": ("stretch-", "mobilise-", "release-", "flexibility"),
    "relaxation": ("release-", "relaxation", "breathing", "stretch-"),
    "posture": ("postural-muscles", "posture", "trapezius", "erector-spinae", "rhomboids"),
    "balance": ("balance", "postural-muscles", "legs", "ankles"),
    "core": ("core", "abdominals", "obliques", "erector-spinae", "transverse-abdominis"),
    "back": ("back", "trapezius", "latissimus-dorsi", "erector-spinae", "rhomboids"),
    "upper-back": ("upper-back", "trapezius", "rhomboids"),
    "lower-back": ("lower-back", "erector-spinae"),
    "legs": ("legs", "thighs", "quadriceps", "hamstrings", "calves", "glutes", "hip"),
    "thighs": ("thighs", "quadriceps", "hamstrings", "legs"),
    "arms": ("arms", "biceps", "triceps", "forearms"),
    "shoulders": ("shoulders", "deltoids", "trapezius", "rotator-cuff"),
    "chest": ("chest", "pectorals"),
    "hips": ("hips", "hip-flexors", "glutes"),
}
"""For claims that name no single muscle: the beginnings of tags that fulfil them."""
_ANYTHING: Final = frozenset(
    {"strength", "endurance", "fitness", "cardio", "coordination"}
    | {"whole-body", "full-body", "warm-up"}
)
"""Claims that no tag could disprove."""


def untrained(subject: Subject) -> Iterator[Finding]:
    """Find muscles that the routine claims to develop and that no step trains."""
    trained = {_plain(tag) for step in subject.routine.steps for tag in worked(step)}
    moved = {_plain(tag) for step in subject.routine.steps for tag in step.muscles}
    everything = trained | {tag for tag in moved if not tag.startswith("assist-")}
    for index, written in enumerate(subject.routine.muscles):
        claim = _plain(written)
        if claim in _ANYTHING or claim in trained or claim in moved:
            continue
        wanted = QUALITIES.get(claim, (claim,))
        if any(tag.startswith(wanted) or _is_part(claim, tag) for tag in everything):
            continue
        message = f"{quoted(written)} is claimed, and no step trains it"
        if f"assist-{claim}" in moved:
            message += ", though some have it assist"
        muscle = quoted(claim)
        fix = f"write {muscle} into the muscles of the steps that train it, or do not claim it"
        yield subject.at_routine(message, fix, "muscles", index)


def _plain(tag: str) -> str:
    """Return a tag in its usual form: `Trapezius (upper)` is `trapezius-upper`."""
    return "-".join(re.findall(r"[^\W_]+", tag.casefold()))


def _is_part(claim: str, tag: str) -> bool:
    """Return True if a tag is a part of a claim, by its words: `gluteus-medius`, `gluteus`."""
    return set(claim.split("-")) < set(tag.split("-")) and not tag.startswith(
        ("stretch-", "mobilise-", "release-")
    )
