"""Left and right: sides that get different doses, that are forgotten, or that nobody names."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from voicecoach.authoring.lints.subject import Text
from voicecoach.language.phrases import names_side
from voicecoach.language.vocabulary import TEXTS_KEPT
from voicecoach.messages import quoted
from voicecoach.routine.dose import Sides

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.authoring.lints.subject import Finding, Subject
    from voicecoach.language.vocabulary import Vocabulary
    from voicecoach.routine.model import Step

_SIDES = ("left", "right")


def unequal(subject: Subject) -> Iterator[Finding]:
    """Find neighbours that are one exercise for two sides, with different doses."""
    words = subject.words
    for one, other in pairwise(subject.routine.steps):
        if _are_two_sides(words, one, other) and one.dose != other.dose:
            message = (
                f"this is the other side of {subject.label(one)}, with another dose: "
                f'"{other.dose}" after "{one.dose}"'
            )
            fix = "write the same dose, or one step with each side"
            yield subject.at_step(other, message, fix, "dose")


def _are_two_sides(words: Vocabulary, one: Step, other: Step) -> bool:
    if any(step.dose.sides is not Sides.NONE for step in (one, other)):
        return False
    here, there = (f"{step.name} . {step.instruction}" for step in (one, other))
    if not (_sides_named(words, here) and _sides_named(words, there)):
        return False
    alike = _without_sides(words, one.name) == _without_sides(words, other.name)
    told_alike = _without_sides(words, one.instruction) == _without_sides(words, other.instruction)
    return here != there and alike and (one.name != other.name or told_alike)


@lru_cache(maxsize=TEXTS_KEPT)
def _sides_named(words: Vocabulary, text: str) -> frozenset[str]:
    return frozenset(side for side in _SIDES if words.pattern(side).search(text))


def _without_sides(words: Vocabulary, text: str) -> str:
    """Return a text with the same mark for every word for a side."""
    for side in _SIDES:
        text = words.pattern(side).sub("•", text)
    return re.sub(r"\W*•\W*", " • ", text.casefold()).strip()


def alone(subject: Subject) -> Iterator[Finding]:
    """Find steps that work one side in words only, where no step works the other."""
    words = subject.words
    sided = [
        limb
        for step in subject.routine.steps
        if step.dose.sides is Sides.NONE
        for limb in _limbs(subject, words, step)
    ]
    worked = {
        side
        for step in subject.routine.steps
        for side in _SIDES
        if any(_limb_of(words, side, text.written) for text in _all_texts(subject, step))
    }
    for text, index, side in sided:
        other = "right" if side == "left" else "left"
        if other not in worked:
            message = f"only the {side} side is worked: no step has the {other} one"
            fix = (
                "write each side into the dose and $side into the words, or a step for the other "
                "side"
            )
            yield subject.at_text(text, message, fix, index)


def _all_texts(subject: Subject, step: Step) -> Iterator[Text]:
    yield Text(step.name, step, ("name",))
    if step.spoken_name.casefold() != step.name.casefold():
        yield Text(step.spoken_name, step, ("spoken",))
    yield from subject.texts_of(step)


def _limbs(subject: Subject, words: Vocabulary, step: Step) -> Iterator[tuple[Text, int, str]]:
    """Yield the first mention of a limb of one side, if a step mentions no other side."""
    texts = list(_all_texts(subject, step))
    sides = {side for text in texts for side in _sides_named(words, text.written)}
    if len(sides) != 1:
        return
    side = sides.pop()
    for text in texts:
        if found := _limb_of(words, side, text.written):
            yield text, found.start(), side
            return


def unsaid(subject: Subject) -> Iterator[Finding]:
    """Find work of one side at a time where nobody says which side begins."""
    words = subject.words
    for step in subject.routine.steps:
        if step.dose.sides is not Sides.ONE_AT_A_TIME:
            continue
        fix = f'say it with $side, as in "$side leg": the {step.dose.first_side} one begins'
        if not _says_side(words, f"{step.name} . {subject.said_before_work(step)}"):
            message = f'nobody says which side begins, and the dose is "{step.dose}"'
            yield subject.at_step(step, message, fix, "say", index=0)
        elif step.brief and not _says_side(words, f"{step.spoken_name} . {step.brief}"):
            message = "the short form does not say which side begins"
            yield subject.at_step(step, message, fix, "brief", index=0)


def _says_side(words: Vocabulary, text: str) -> bool:
    return names_side(text) or bool(_sides_named(words, text))


def contradicted(subject: Subject) -> Iterator[Finding]:
    """Find words that name another side than the one at work while they are said."""
    for step in subject.routine.steps:
        if step.dose.sides is not Sides.NONE:
            yield from _begun_with_other(subject, step)
        if step.dose.sides is Sides.ONE_AT_A_TIME:
            yield from _said_on_both(subject, step)


def _begun_with_other(subject: Subject, step: Step) -> Iterator[Finding]:
    words = subject.words
    said = f"{step.spoken_name} . {step.instruction}"
    if len(_sides_written_out(words, said)) != 1:
        return
    side = "right" if step.dose.first_side == "left" else "left"
    if found := _limb_of(words, side, step.instruction):
        first = step.dose.first_side
        message = f"{quoted(found[0])} is not the side that begins: the dose begins {first}"
        fix = "write $side in place of the side, or change which one is first in the dose"
        yield subject.at_step(step, message, fix, "say", index=found.start())


def _said_on_both(subject: Subject, step: Step) -> Iterator[Finding]:
    for text in subject.texts_of(step):
        if text.cue is None or text.cue.side or not text.is_in_work:
            continue
        if len(_sides_written_out(subject.words, text.written)) != 1:
            continue
        if limb := _limb_of_a_side(subject.words, text.written):
            message = f"{quoted(limb[0])} is said on both sides, and is wrong on one of them"
            fix = (
                "write $side or $other_side in place of the side, or limit the cue with side = "
                '"first"'
            )
            yield subject.at_text(text, message, fix, limb.start())


def fixed(subject: Subject) -> Iterator[Finding]:
    """Find sides that are written out where another one can be meant."""
    contradicted_places = {found.place for found in contradicted(subject)}
    for step in subject.routine.steps:
        if step.round_number > 1:  # the same words as in the first round
            continue
        for text in _all_texts(subject, step):
            if not (reasons := _when_other(step, text)):
                continue
            if (found := _fixed_side(subject.words, text.written)) is None:
                continue
            message = f"{quoted(found[0])} is the wrong side {' and '.join(reasons)}"
            fix = "write $side or $other_side in place of the side"
            if text.keys[0] in ("name", "spoken"):
                fix = "leave the side out of the name, and write $side into the instruction"
            finding = subject.at_text(text, message, fix, found.start())
            if finding.place not in contradicted_places:
                yield finding


def _when_other(step: Step, text: Text) -> list[str]:
    """Return the occasions on which the words of a step are said of the other side."""
    if step.dose.sides is Sides.NONE:
        return ["in every other round"] if step.round_side else []
    reasons = []
    if step.dose.first_side == "right":
        reasons.append("with --left-first")
    if step.dose.sides is Sides.ONE_AT_A_TIME and text.cue is None:
        reasons.append("when it is repeated on the second side")
    return reasons


def _sides_written_out(words: Vocabulary, text: str) -> frozenset[str]:
    """Return the sides that a text names; none if it has a variable for one."""
    return frozenset() if names_side(text) else _sides_named(words, text)


def _limb_of(words: Vocabulary, side: str, text: str) -> re.Match[str] | None:
    return words.pattern(f"{side}_limb").search(text)


def _limb_of_a_side(words: Vocabulary, text: str) -> re.Match[str] | None:
    return _first(_limb_of(words, side, text) for side in _SIDES)


def _first(found: Iterable[re.Match[str] | None]) -> re.Match[str] | None:
    return min(filter(None, found), key=lambda match: match.start(), default=None)


def _fixed_side(words: Vocabulary, text: str) -> re.Match[str] | None:
    """Return the first side that a text without a variable for one names.

    A text with both sides and no limb of one, such as "Look right and left", is true for either.
    """
    sides = _sides_written_out(words, text)
    if not sides:
        return None
    if (limb := _limb_of_a_side(words, text)) or len(sides) != 1:
        return limb
    return _first(words.pattern(side).search(text) for side in _SIDES)
