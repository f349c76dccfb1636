"""Files as strangers might write them: from nearly right to plainly hostile."""

from __future__ import annotations

import json
import re
from functools import cache
from random import Random

from hypothesis import strategies as st

from tests.support.checkout import CHECKOUT
from voicecoach.library.format import CUE_FIELDS, ITEM_FIELDS, ROUTINE_FIELDS, STEP_FIELDS

ODD_TEXTS = (
    *("", " ", "$", "$$", "$side", "$reps_left of $reps", "$minutes", "${x}", "hold 30s", "8 reps"),
    *("2 x 8 reps each side, tempo 1-0-1", "10 reps each side, alternating", "6-4-2 reps, rest 20s"),
    *("hold 99999999s", "500 reps, tempo 60-60-60", "20 x 500 reps", "9" * 400, "1e309 reps"),
    *("halfway", "after rep 4", "last 2 reps", "0s", "5s before end", "before last set", "rest"),
    *("\x1b[2J", "\x07", "\x9b31m", "\u202eevil", "\u2066a", "\u200b", "\ufeffa", "\U000e0041"),
    *("<script>alert(1)</script>", "a & b < c", "]]>", "[link](http://x)", "**b**", "a\u0301" * 50),
    *("\uffff", "\u0000", "é" * 60, "汉字。汉字", "😀 go", "שלום", "ⅷ", "٣", "ß", "İ", "ﬁ", "x" * 2001),
    *("Mr. A. B. C. " * 30, "1.5-2x3 " * 50, "- " * 200, "# " * 100, "*" * 300, "(" * 300, "_" * 300),
    *("../../etc/passwd", "C:\\nul", "SC-A", "SC-D", "STOP-A1", "en", "de", "xx-Zz", "child", "adult"),
)  # fmt: skip
ODD_VALUES = (
    *("0", "-1", "1e400", "-inf", "nan", "0.1", "0x" + "f" * 300, "9" * 5000, "1_000", "0o7"),
    *("true", "false", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "[]", "{}", "[[]]"),
    *('[{ at = "halfway", say = "Go." }]', '{ en = "Go.", de = "Los." }', '[{ block = "SC-A" }]'),
    *("{ silence = 5 }", "[" * 100 + "]" * 100, "{ a = " * 60 + "1" + " }" * 60, '"\\ud800"'),
)  # fmt: skip
KEYS = sorted({field.key for field in (*ROUTINE_FIELDS, *STEP_FIELDS, *CUE_FIELDS, *ITEM_FIELDS)})
_VALUE = re.compile(r'= ("(?:[^"\\\n]|\\.)*"|[\d.]+|true|false)(?=[ ,\n\]}])')


@cache
def seeds() -> tuple[str, ...]:
    """Return good files to begin with."""
    files = [
        *(CHECKOUT / "scripts").glob("*.toml"),
        *(CHECKOUT / "tests/library/routines/good").glob("*"),
    ]
    return tuple(path.read_text("utf-8") for path in sorted(files))


def shortened(text: str, dice: Random) -> str:
    """Return a routine with few of its steps, which is as good a beginning and much faster."""
    head, *steps = text.split("[[steps]]")
    kept = dice.sample(steps, min(len(steps), dice.randint(1, 3)))
    return "[[steps]]".join([head, *kept])


def value(dice: Random) -> str:
    """Return some value, as TOML."""
    if dice.random() < 0.5:
        return dice.choice(ODD_VALUES)
    return json.dumps(
        dice.choice(ODD_TEXTS) * dice.choice((1, 1, 1, 2, 30)), ensure_ascii=dice.random() < 0.5
    )


def changed(text: str, dice: Random) -> str:
    """Return a text with one thing in it changed."""
    lines = text.split("\n")
    at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(8):
        case 0 | 1 | 2:
            found = [*_VALUE.finditer(text)]
            if found:
                spot = dice.choice(found)
                return text[: spot.start()] + "= " + value(dice) + text[spot.end() :]
        case 3:
            lines.insert(at, f"{dice.choice(KEYS)} = {value(dice)}")
        case 4:
            lines.insert(at, lines[other])
        case 5:
            del lines[at]
        case 6:
            place = dice.randrange(len(text) + 1)
            return text[:place] + dice.choice(ODD_TEXTS) + text[place + dice.randrange(4) :]
        case _:
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def mutated(seed: int) -> bytes:
    """Return a good routine after a few accidents, some of them meant."""
    dice = Random(seed)
    text = shortened(dice.choice(seeds()), dice)
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3, 5))):
        text = changed(text, dice)
    content = text.encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        at = dice.randrange(len(content) + 1)
        content = (
            content[:at] + dice.randbytes(dice.randrange(4)) + content[at + dice.randrange(3) :]
        )
    return content


def tree(seed: int) -> bytes:
    """Return tables of the format's keys with values that may suit them or not."""
    dice = Random(seed)

    def table(fields: tuple[object, ...]) -> str:
        rows = []
        for field in fields:
            chance = 0.97 if field.required else 0.25
            if dice.random() < chance:
                good = dice.random() < 0.9
                example = field.example if not field.example.startswith("[[") else value(dice)
                rows.append(f"{field.key} = {example if good else value(dice)}")
        return "\n".join(rows)

    head = tuple(field for field in ROUTINE_FIELDS if field.key != "steps")
    steps = "\n\n[[steps]]\n".join(table(STEP_FIELDS) for _ in range(dice.randint(1, 4)))
    return f"{table(head)}\n\n[[steps]]\n{steps}\n".encode("utf-8", "surrogatepass")


seed_numbers = st.integers(0, 2**48)
contents = st.one_of(
    seed_numbers.map(mutated),
    seed_numbers.map(mutated),
    seed_numbers.map(tree),
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
"""Any file at all, most of them near the format."""
