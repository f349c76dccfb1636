"""The tables of errors and findings in docs/writing-routines.md, made from the registries in the code.

`python -m tests.support.guide_tables` writes them into the guide. Each code has an example of what it refuses and of
what to write instead; `test_guide` reads the bad ones and finds the code.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tests.support.checkout import CHECKOUT
from tests.support.codes import ERRORS
from voicecoach.authoring.lints import LINTS

GUIDE: Final = CHECKOUT / "docs" / "writing-routines.md"


class Example(NamedTuple):
    """What is wrong, and the same as it is right."""

    bad: str
    good: str
    place: str = "step"
    """What the example is a part of: `step`, `top` (the routine's own keys), `end` (what comes after the
    steps), or nothing where it cannot be shown as a part of a file."""


ERROR_EXAMPLES: Final = {
    "unreadable-file": Example("scripts/mornin.toml", "scripts/morning.toml", ""),
    "file-too-large": Example("a file of 2 MiB", "several routines", ""),
    "empty-file": Example("nothing at all", "voicecoach = 1, and what follows", ""),
    "not-utf-8": Example("a file saved as Windows-1252", "the same saved as UTF-8", ""),
    "not-toml": Example("say = Stand tall.", 'say = "Stand tall."'),
    "too-complex": Example("tables in tables, 200 deep", "[equipment], [[steps]]", ""),
    "file-format": Example("voicecoach = 9", "voicecoach = 1", "format"),
    "too-many-mistakes": Example("more than a hundred mistakes", "mend the first ones first", ""),
    "duplicate-key": Example('brief = "One."\nbrief = "Two."', 'brief = "One. Two."'),
    "unknown-key": Example("setpu = 20", "setup = 20"),
    "misplaced-key": Example("rest = 20", "rest_after = 20"),
    "missing-key": Example("a step without dose", 'dose = "hold 20s"', ""),
    "wrong-type": Example('setup = "20"', "setup = 20"),
    "out-of-range": Example("setup = 900", "setup = 60"),
    "unknown-value": Example('basis = "about"', 'basis = "exact"'),
    "bad-name": Example('[equipment]\n"my mat" = "a mat"', '[equipment]\nmy-mat = "a mat"', "top"),
    "too-many": Example("101 cues in a step", "what a person can listen to", ""),
    "item": Example('opening = [{ say = "Hi.", silence = 3 }]', 'opening = ["Hi.", { silence = 3 }]', "top"),
    "unknown-name": Example('stop = "STOP-9"', 'stop = "STOP-A1"'),
    "duplicate-name": Example('two steps with slug = "plank"', 'slug = "plank-again"', ""),
    "extends": Example('without = ["plank"]', 'extends = "main"\nwithout = ["shrug"]', "top"),
    "text-too-long": Example("say = a text of several pages", "two or three sentences", ""),
    "no-words": Example('brief = "…"', 'brief = "Breathe."'),
    "line-break": Example('position = "lying\\non back"', 'position = "lying on back"'),
    "full-stop": Example('spoken = "plank."', 'spoken = "plank"'),
    "control-character": Example('brief = "Breathe\\u0007."', 'brief = "Breathe."'),
    "unknown-variable": Example('brief = "$secs to go."', 'brief = "$seconds seconds."'),
    "idle-variable": Example('brief = "Lift your $side leg."\ndose = "hold 20s"',
                             'brief = "Lift your $side leg."\ndose = "hold 20s each side"'),
    "variable-forms": Example('brief = "$reps(rep)"\ndose = "8 reps"',
                              'brief = "$reps(rep, reps)."\ndose = "8 reps"'),
    "untranslated": Example('brief = { de = "Atme." }', 'brief = { en = "Breathe.", de = "Atme." }'),
    "no-phrases": Example('language = "pt"', 'language = "es"', ""),
    "dose": Example('dose = "2 x 8 reps rest 30s"', 'dose = "2 x 8 reps, rest 30s"'),
    "level-dose": Example('dose = "8 reps"\nlevels = { easy = "hold 8s" }',
                          'dose = "8 reps"\nlevels = { easy = "5 reps" }'),
    "moment": Example('cues = [{ at = "half way", say = "Good." }]',
                      'cues = [{ at = "halfway", say = "Good." }]'),
    "never-spoken": Example('cues = [{ at = "30s", say = "Good." }]\ndose = "hold 20s"',
                            'cues = [{ at = "10s", say = "Good." }]\ndose = "hold 20s"'),
    "apart": Example('together = "roll" in steps 1 and 3', 'together = "roll" in steps 1 and 2', ""),
    "no-steps": Example("steps = []", "[[steps]] and its lines", "bare"),
    "too-long": Example('dose = "20 x for 60 min, rest 1 min"', 'dose = "3 x for 10 min, rest 1 min"'),
    "child-weights": Example('brief = "Lift the dumbbells."', 'brief = "Lift your arms."', "child"),
    "child-breath": Example('brief = "Hold your breath."', 'brief = "Keep breathing."', "child"),
    "child-time": Example('dose = "hold 45s"', 'dose = "3 x hold 15s, rest 10s"', "child"),
}  # fmt: skip
"""By code."""

LINT_EXAMPLES: Final = {
    "no-room": Example('dose = "hold 20s each side, change 2s"\nwith ten words at the change',
                       'dose = "hold 20s each side, change 10s"', ""),
    "speech-dropped": Example("a cue of fifteen words between two numbers 5 s apart", "one of four words", ""),
    "phrase-dropped": Example("rest 8s, with words of yours in it", "rest 15s", ""),
    "speech-sped-up": Example("a change of 5 s with nine words", "a change of 8 s, or six words", ""),
    "speech-moved": Example('two cues at "10s" and "11s"', 'at "8s" and "14s"', ""),
    "setup-short": Example("setup = 5, with forty words to say", "setup = 22", ""),
    "sides-unequal": Example("left leg 8 reps, then right leg 10 reps", "one step with 8 reps each side", ""),
    "side-alone": Example("Lift your left leg. (and no other step)", "Lift your $side leg. (each side)", ""),
    "side-unsaid": Example('say = "Lift a leg." with each side', 'say = "Lift your $side leg."', ""),
    "side-contradicted": Example("Lift your left leg, where right begins", "Lift your $side leg.", ""),
    "side-fixed": Example('say = "Lift your right leg." with each side', 'say = "Lift your $side leg."', ""),
    "position-unexplained": Example('after standing: say = "Lift your hips."',
                                    'say = "Lie on your back, knees bent. Lift your hips."', ""),
    "position-missing": Example("no position in a routine that changes it", 'position = "lying on back"', ""),
    "needs-eyes": Example('say = "Lift your arms like this."', 'say = "Lift your arms to the sides."'),
    "long-sentence": Example("a sentence of thirty words", "two of fifteen", ""),
    "fixed-number": Example('say "Three more." after rep 5 of 8', 'say "$reps_left more."', ""),
    "capitals": Example('say = "Lift your head NEVER."', 'say = "Leave your head down."'),
    "brief-long": Example("brief with more words than say", "nine words", ""),
    "names-alike": Example("Leg lift, and: Leg lifts", "Leg lift, and: Heel slide", ""),
    "name-unspeakable": Example('name = "Plank (30 s/side)"', 'name = "Side plank"'),
    "name-long": Example("a name of nine words", "name it in three, and explain it in say", ""),
    "cues-at-once": Example('two cues at "halfway"', "one cue with both sentences", ""),
    "stop-late": Example("six minutes without a STOP line", 'stop = "STOP-A1" in one of the steps', ""),
    "weights-without-reasons": Example("dumbbells, and no check for them",
                                       'opening = [{ block = "SC-D" }, { silence = 15 }]', ""),
    "adult-unmentioned": Example('audience = "child" alone', "adult_nearby = true", ""),
    "held-breath": Example('say = "Hold your breath and lift."', 'say = "Breathe out and lift."'),
    "rest-missing": Example('dose = "3 x 8 reps, rest 5s" with weights', 'dose = "3 x 8 reps, rest 45s"', ""),
    "dose-unusual": Example("a stretch held for 3 s", "hold 20s", ""),
    "equipment-unlisted": Example('say = "Put the cushion under your head."',
                                  '… and cushion = "a cushion" below [equipment]', ""),
    "equipment-unused": Example("a chair in [equipment] that no step names", 'equipment = ["chair"]', ""),
    "muscle-untrained": Example('muscles = ["trapezius"] that no step has', "a step that trains it", ""),
    "language-unchecked": Example('language = "pt"', "have somebody listen to it", ""),
}  # fmt: skip
"""By code."""


def error_table() -> str:
    """Return the table of errors, by the registry of their codes."""
    rows = [
        "| Code | Why | Instead of | Write |",
        "|---|---|---|---|",
    ]
    for code, reason in ERRORS.items():
        example = ERROR_EXAMPLES[code]
        rows.append(
            f"| `{code}` | {_cell(reason)} | {_code(example.bad)} | {_code(example.good)} |"
        )
    return "\n".join(rows)


def lint_table() -> str:
    """Return the table of findings, by the lints themselves."""
    rows = [
        "| Code | Severity | Why | Instead of | Write |",
        "|---|---|---|---|---|",
    ]
    for lint in LINTS:
        example = LINT_EXAMPLES[lint.code]
        reason = f"{lint.reason} ({lint.source.rstrip('.')}.)" if lint.source else lint.reason
        rows.append(
            f"| `{lint.code}` | {lint.severity} | {_cell(reason)} | {_code(example.bad)} "
            f"| {_code(example.good)} |"
        )
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(text: str) -> str:
    """Return TOML as code, line by line, and plain words as they are."""
    lines = [_cell(line) for line in text.split("\n")]
    return "<br>".join(f"`{line}`" if re.match(r'["\w-]+ = |\[', line) else line for line in lines)


def filled(guide: str) -> str:
    """Return the guide with both tables as they are now."""
    for name, table in (("errors", error_table()), ("lints", lint_table())):
        guide = re.sub(
            rf"(<!-- {name}: .*? -->\n).*?(<!-- end -->)",
            lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}",  # type: ignore[misc]
            guide,
            flags=re.DOTALL,
        )
    return guide


if __name__ == "__main__":
    GUIDE.write_text(filled(GUIDE.read_text("utf-8")), "utf-8")
