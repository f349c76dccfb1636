"""What a child may be asked to do: no weights, no long holds, no held breath.

Pure: `rules` knows the places of texts and doses. An excess is a mistake in the file like all
others, so that no command can be talked into it. A language without a vocabulary has its words
unjudged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voicecoach.language.vocabulary import vocabulary_of
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.dose import Dose
    from voicecoach.routine.model import Routine

_UNSEEN: Final = "\u00ad\u200b\u200c\u200d"
"""Where a word may break, and how letters join."""
MAX_HOLD_SECONDS: Final = 30.0
"""Of a hold, and of the pause in a rep: the calmest exercise for adults holds as long."""
MAX_WORK_SECONDS: Final = 120.0
"""Of work without a rest: twice the longest bout of the bundled games, which last 15 to 60 s."""
MAX_TOTAL_SECONDS: Final = 3600.0
"""Of all steps together: a child should move for an hour a day, and not in one go."""


@dataclass(frozen=True)
class Excess:
    """Something that goes beyond what a child may be asked to do."""

    message: str
    fix: str
    code: str
    """The kind of mistake, as in `findings`."""
    index: int = 0
    """The character of the text where it is."""


def excesses_in_words(text: str, language: str = "en") -> Iterator[Excess]:
    """Yield each place where a text asks for weights or a held breath; "no weights" does not."""
    words = vocabulary_of(language)
    if words is None:
        return
    if not text.isprintable():  # a word is the same with marks in it that nobody sees
        places = [place for place, char in enumerate(text) if char not in _UNSEEN]
        seen = "".join(text[place] for place in places)
        if len(seen) < len(text):
            for excess in excesses_in_words(seen, language):
                yield replace(excess, index=places[excess.index])
            return
    for found in words.weights_in(text):
        yield _weights(found[0], "let the body be the weight", found.start())
    for found in words.held_breaths_in(text):
        message = f'children never hold their breath, "{_one_line(found[0])}"'
        fix = 'say when to breathe, or "keep breathing"'
        yield Excess(message, fix, "child-breath", found.start())


def has_weights(text: str, language: str = "en") -> bool:
    """Return True if a text speaks of weights to lift; False where nobody knows its language."""
    words = vocabulary_of(language)
    return words is not None and words.has_weights(text)


def excess_in_equipment(key: str, spoken: str, language: str = "en") -> Excess | None:
    """Return the excess of a thing for children, if any. Its key is mostly English."""
    for written, tag in ((re.sub(r"[-_]", " ", key), "en"), (spoken, language)):
        words = vocabulary_of(tag)
        if words and (found := words.pattern("weights").search(written)):
            return _weights(found[0], "leave it out")
    return None


def _weights(found: str, fix: str, index: int = 0) -> Excess:
    message = f'children lift no weights, "{_one_line(found)}"'
    return Excess(message, fix, "child-weights", index)


def excess_in_dose(dose: Dose) -> Excess | None:
    """Return the excess of a dose for children, if any."""
    held, work = dose.held_seconds, dose.longest_block_seconds
    if held > MAX_HOLD_SECONDS:
        return Excess(
            f"children hold still for at most {MAX_HOLD_SECONDS:g} s at a time, got {held:g} s",
            "write less, or several sets",
            "child-time",
        )
    if work > MAX_WORK_SECONDS:
        return Excess(
            f"children have a rest after at most {MAX_WORK_SECONDS:g} s, got {work:g} s",
            "write less, or several sets",
            "child-time",
        )
    return None


def excess_in_total(total_seconds: float) -> Excess | None:
    """Return the excess of all steps together for children, if any."""
    if total_seconds <= MAX_TOTAL_SECONDS:
        return None
    return Excess(
        f"all steps last {total_seconds / 60:.0f} minutes together, "
        f"and a session for children lasts at most {MAX_TOTAL_SECONDS / 60:.0f}",
        "leave out steps or sets, or make two routines of it",
        "child-time",
    )


def advice_for(routine: Routine) -> Iterator[tuple[str, str]]:
    """Yield advice to the author of a routine for children, each with what to do."""
    if routine.audience is not Audience.CHILD:
        return
    if not routine.adult_nearby:  # no mistake: the session speaks to the grown-up in any case
        yield (
            "a grown-up stays near when children exercise",
            "write adult_nearby = true, and it is told",
        )
    if vocabulary_of(routine.language) is None:
        yield (
            f'the words in "{routine.language}" were not checked',
            "see that they ask for no weights and no held breath",
        )


def _one_line(words: str) -> str:
    return " ".join(words.split())
