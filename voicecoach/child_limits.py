"""What a child may be asked to do: no weights, no long holds, no held breath.

Pure: texts and doses are judged here, `routine_file` tells where they stand. The words are English ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.routine import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.dose import Dose
    from voicecoach.routine import Routine

MAX_HOLD_SECONDS: Final = 30.0
"""Of a hold, and of the pause in a rep; children hold still for as long as a game asks, not for strength."""
MAX_WORK_SECONDS: Final = 120.0
"""Of one stretch of work without a rest; bouts for children last 15 to 60 s, and this is twice as long."""
MAX_TOTAL_SECONDS: Final = 3600.0
"""Of all steps together; an hour a day is what a child should move, and not in one go."""


@dataclass(frozen=True)
class Excess:
    """Something that goes beyond what a child may be asked to do."""

    message: str
    """What is wrong."""
    fix: str
    """What to write instead."""
    code: str
    """What kind of mistake it is, as in `findings`."""
    index: int = 0
    """The character of the text where it stands."""


_NOT: Final = r"(?:\b(?:no|not|never|nobody|without|neither|nor|cannot|instead\s+of)\b|n['’]t\b)"
_DENIED: Final = re.compile(_NOT + r"(?:\s+[\w'’-]+){0,4}[\s-]*$", re.IGNORECASE)
"""A denial up to four words before: "never ever hold", "without any weights", "no breath-holding"."""

_WEIGHT: Final = re.compile(
    r"""
    \b(?:dumb[\s_-]?bells? | kettle[\s_-]?bells? | bar[\s_-]?bells? | sand[\s_-]?bags?
      | medicine[\s_-]balls? | weights
      | (?:ankle|wrist|hand|free|light|heavy|small|little|gym|iron|leg|arm)[\s_-]weight
      | a[\s_-]weight | weighted | weight[\s_-](?:vest|belt|plate|dis[ck]|bar)s?
      | weight[\s_-]?lifting)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

_BREATH: Final = r"(?:(?:your|the|their|our|my|that|a)\s+(?:\w+\s+)?)?breath"
_HELD_BREATH: Final = re.compile(
    rf"""
    \b(?:
        (?:hold|holding|holds|held|keep|keeping|stop|stopping)\s+{_BREATH}\b(?!\w)
        | breath[\s-]hold(?:s|ing)?\b
        | (?:stop|stops|stopping)\s+breathing\b
        | (?P<denial>(?:do(?:es)?\s+not | don['’]t | never | not | without | no) \s+ breath(?:e|ing)\b
            (?!\s+(?:in|out|too|so|fast|faster|quickly|hard|deep|deeply|heavily|loud|loudly|through|into)\b))
        | (?:breathe?\s+in | inhale | (?:deep|big|long|huge)\s+breath(?:\s+in)?)
            ,?(?:\s+and)?\s+hold(?:\s+(?:it|on))?(?=\s*(?:[.,;:!?…]|$|\s(?:in|for|and|while|until|as)\b))
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def excesses_in_words(text: str) -> Iterator[Excess]:
    """Yield each place where a text asks a child for weights or a held breath; "no weights" is none."""
    for found in _WEIGHT.finditer(text):
        if not _is_denied(text, found.start()):
            yield _weights(found[0], "let the body be the weight", found.start())
    for found in _HELD_BREATH.finditer(text):
        if found["denial"] or not _is_denied(text, found.start()):
            message = f'children never hold their breath, "{_one_line(found[0])}"'
            fix = 'say when to breathe, or "keep breathing"'
            yield Excess(message, fix, "child-breath", found.start())


def has_weights(text: str) -> bool:
    """Return whether a text speaks of weights to lift."""
    return _WEIGHT.search(text) is not None


def excess_in_equipment(key: str, spoken: str) -> Excess | None:
    """Return why a thing is nothing for children; None where it is."""
    for words in (re.sub(r"[-_]", " ", key), spoken):
        if found := _WEIGHT.search(words):
            return _weights(found[0], "leave it out")
    return None


def _weights(found: str, fix: str, index: int = 0) -> Excess:
    message = f'children lift no weights, "{_one_line(found)}"'
    return Excess(message, fix, "child-weights", index)


def excess_in_dose(dose: Dose) -> Excess | None:
    """Return why a dose is too much for a child at a time; None where it is not."""
    held = dose.seconds if dose.kind == "hold" else dose.tempo.pause_seconds if dose.tempo else 0.0
    if held > MAX_HOLD_SECONDS:
        return Excess(
            f"children hold still for at most {MAX_HOLD_SECONDS:g} s at a time, got {held:g} s",
            "write less, or several sets",
            "child-time",
        )
    work = max(dose.block_seconds(set_number) for set_number in range(1, dose.sets + 1))
    if work > MAX_WORK_SECONDS:
        return Excess(
            f"children have a rest after at most {MAX_WORK_SECONDS:g} s, got {work:g} s",
            "write less, or several sets",
            "child-time",
        )
    return None


def excess_in_total(total_seconds: float) -> Excess | None:
    """Return why all steps together are too much for a child; None where they are not."""
    if total_seconds <= MAX_TOTAL_SECONDS:
        return None
    return Excess(
        f"all steps last {total_seconds / 60:.0f} minutes together, and a session for children lasts at "
        f"most {MAX_TOTAL_SECONDS / 60:.0f}",
        "leave out steps or sets, or make two routines of it",
        "child-time",
    )


def advice_for(routine: Routine) -> str:
    """Return what the author of a routine for children had better write; nothing where all is well."""
    if routine.audience is not Audience.CHILD or routine.adult_nearby:
        return ""
    return "a grown-up stays near when children exercise: write adult_nearby = true, and it is told"


def _is_denied(text: str, index: int) -> bool:
    """Return whether a text says not to do what stands at an index, in the same part of a sentence."""
    clause = re.split(r"[.,;:!?…]|\b(?:and|but|then)\b", text[:index])[-1]
    return bool(_DENIED.search(clause))


def _one_line(words: str) -> str:
    return " ".join(words.split())
