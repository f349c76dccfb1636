"""The moments that cues belong to: from `after rep 4` to an Anchor. Pure."""

from __future__ import annotations

import re
from typing import Final

from voicecoach.messages import nearest, quoted
from voicecoach.routine.model import Anchor, AnchorKind

_SECONDS: Final = r"(?P<seconds>[0-9]{1,5}(?:\.[0-9]{1,3})?) ?s"
_NUMBER: Final = r"(?P<number>[1-9][0-9]{0,3})"

FORMS: Final = (
    ("10s", AnchorKind.OFFSET, re.compile(_SECONDS)),
    ("5s before end", AnchorKind.BEFORE_END, re.compile(f"{_SECONDS} before end")),
    ("halfway", AnchorKind.HALFWAY, re.compile("halfway")),
    ("rep 4", AnchorKind.REP, re.compile(f"rep {_NUMBER}")),
    ("after rep 4", AnchorKind.AFTER_REP, re.compile(f"after rep {_NUMBER}")),
    ("every return", AnchorKind.EVERY_RETURN, re.compile("every return")),
    ("last 2 reps", AnchorKind.LAST_REPS, re.compile(f"last (?:{_NUMBER} reps?|rep)")),
    ("change", AnchorKind.CHANGE, re.compile("change")),
    ("end", AnchorKind.END, re.compile("end")),
    ("rest", AnchorKind.REST, re.compile("rest")),
    ("before set 2", AnchorKind.BEFORE_SET, re.compile(f"before set {_NUMBER}")),
    ("before last set", AnchorKind.BEFORE_LAST_SET, re.compile("before last set")),
)
"""Each anchor as it is written, its kind, and what is read as it."""

ANCHOR_MEANINGS: Final = {
    "10s": "10 s after the start of the work.",
    "5s before end": "5 s before the end of the work.",
    "halfway": "In the middle of the work.",
    "rep 4": "With the fourth rep, at its start.",
    "after rep 4": "When four reps are done.",
    "every return": "On the way back of each rep.",
    "last 2 reps": "When two reps are left; `last rep` for the last one.",
    "change": "In the change of sides, after the end of the first side.",
    "end": "After the end of the work.",
    "rest": "In the rest, between sets or after the step.",
    "before set 2": "In the rest before the second set.",
    "before last set": "In the rest before the last set.",
}
"""Each anchor as it is written, and when that is."""

ANCHOR_PATTERN: Final = rf"^\s*(?:{'|'.join(form.pattern for _, _, form in FORMS)})\s*$".replace(
    "?P<seconds>", "?:"
).replace("?P<number>", "?:")
"""What all anchors look like, for programs with other regular expressions than Python's."""


class AnchorError(ValueError):
    """The text names no moment."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message}: {fix}")
        self.message = message
        """What is wrong; no full stop at the end."""
        self.fix = fix
        """What may be written; no full stop at the end."""


def parse_anchor(text: str) -> Anchor:
    """Return the anchor that a text means."""
    for _, kind, form in FORMS:
        if match := form.fullmatch(text.strip()):
            parts = match.groupdict()
            least = 1 if kind is AnchorKind.LAST_REPS else 0  # "last rep" is the last one
            seconds, number = parts.get("seconds") or 0, parts.get("number") or least
            return Anchor(kind, float(seconds), int(number))
    raise AnchorError(f"{quoted(text)} is no moment of a step", _fix(text))


def _fix(text: str) -> str:
    """Return the form that was probably meant, with the author's own number in it, or all forms."""
    own_number = re.search(r"\d{1,4}", text)
    number = own_number[0].lstrip("0") if own_number else ""
    forms = [re.sub(r"\d+", number or r"\g<0>", written) for written, _, _ in FORMS]
    if re.fullmatch(r"\s*\d{1,4}\s*(s\w*)?\s*", text.lower()) and number:
        return f'did you mean "{number}s"?'
    if near := nearest(" ".join(text.split()), forms):
        return f'did you mean "{near}"?'
    return f"there are {', '.join(written for written, _, _ in FORMS)}"
