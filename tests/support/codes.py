"""Every code of an error in a routine or shared file, with the reason that the guide gives for it.

A code names one kind of mistake and never changes its meaning, so that scripts and editors can rely on it.
"""

from __future__ import annotations

from typing import Final

ERRORS: Final = {
    # The file
    "unreadable-file": "The file is not there, is no plain file, or may not be read.",
    "file-too-large": "No routine needs 1 MiB, and a file that size would keep the reader busy.",
    "empty-file": "There is nothing in the file.",
    "not-utf-8": "Letters in other encodings would be read as others than those that were written.",
    "not-toml": "The file cannot be read as TOML from here on.",
    "too-complex": "Depth, dots or digits that no routine has would keep the reader busy for minutes.",
    "file-format": "The first line says which format the file is in; another one would be misread.",
    "too-many-mistakes": "After a hundred mistakes reading stops; what comes later is not known.",
    # Keys and values
    "duplicate-key": "A key or table stands there twice, and only one of them could count.",
    "unknown-key": "Nothing reads a key of that name, so what it says would have no effect.",
    "misplaced-key": "The key belongs to another table; here it would have no effect.",
    "missing-key": "Without this key nobody knows what the coach shall say or do.",
    "wrong-type": "A text, number, list or table stands where another one is wanted.",
    "out-of-range": "The number is beyond what a session, or a body, can do.",
    "unknown-value": "It is none of the words that may stand there.",
    "bad-name": "Names are used in commands and file names, so few characters are allowed in them.",
    "too-many": "More items than any routine needs would keep the reader busy.",
    "item": "Something in the opening or closing is nothing, or several things at once.",
    "unknown-name": "There is no step, block, STOP line, list or piece of equipment of that name.",
    "duplicate-name": "Two things have one name, so nobody knows which is meant.",
    "extends": "What a routine takes from another and what it changes there have to fit together.",
    # Texts
    "text-too-long": "Nobody follows a text that long by ear.",
    "no-words": "There is nothing in the text that could be said.",
    "line-break": "This text is shown on one line, in lists and as a chapter.",
    "full-stop": "The name stands inside sentences, which a full stop would break off.",
    "control-character": "The character would act on a screen, or turn the order of letters around.",
    "unknown-variable": "The coach knows no value for it.",
    "idle-variable": "The dose of the step gives the variable no value.",
    "variable-forms": "A number has as many forms of its noun as the language has, and a side has two.",
    "untranslated": "The text is not there in the language that is spoken.",
    "no-phrases": "The coach has no words of its own in that language: no counts, no countdown.",
    # Doses, moments, steps
    "dose": "The line cannot be understood as a dose, or its parts exclude each other.",
    "level-dose": "Words and cues are written for one kind of work, and a level has another.",
    "moment": "The text names no moment of a step.",
    "never-spoken": "A step with this dose never comes to that moment, so the cue would be lost.",
    "apart": "Steps that belong together are done one after the other.",
    "no-steps": "There is nothing to do.",
    "too-long": "A session lasts for half a day at most.",
    # Children
    "child-weights": "Children lift no weights in a session that no coach watches.",
    "child-breath": "Children never hold their breath.",
    "child-time": "Children hold still, work and practise for shorter than that.",
}
"""Each code that a finding of the severity `error` may have, and its reason, in one sentence."""
