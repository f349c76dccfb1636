"""The layout of files: what they mean and every comment stay, and the bundled ones are the norm."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.authoring.test_schema import respelt_doses, written_doses
from tests.library.test_reading import GOOD, ROUTINES
from tests.support.checkout import CHECKOUT
from tests.support.examples import tries
from voicecoach.authoring.formatting import WIDTH, laid_out, replace_text
from voicecoach.cli import app
from voicecoach.errors import RoutineError
from voicecoach.library.format import STEP_FIELDS
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.dose_line import DoseError, parse_dose, tidy_dose
from voicecoach.toml.text import read_text

BUNDLED = sorted((CHECKOUT / "scripts").rglob("*.toml"))
HERE = Path("here.toml")


def strict(value: Any) -> Any:
    """Return a value that is equal where TOML values are the same, nan included."""
    if isinstance(value, dict):
        return {key: strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strict(item) for item in value]
    return type(value), repr(value)


# ---------------------------------------------------------------------------------------- the norm


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_bundled_files_are_laid_out(path: Path) -> None:
    """Nothing is to be done to them, to the byte."""
    assert laid_out(path, read_text(path)).encode() == path.read_bytes()


def disturbed(text: str, dice: Random) -> str:
    """Return a bundled text with other blanks, breaks and line ends that mean nothing."""
    lines: list[str] = []
    in_text, above = False, ""
    for line in text.split("\n"):
        lines.append(line if in_text else "\n".join([*gap(above, line, dice), dressed(line, dice)]))
        in_text ^= line.count('"""') % 2 == 1
        above = line
    text = (
        dice.choice(["", "\n\n"]) + "\n".join(lines).rstrip("\n") + dice.choice(["", "\n", "\n\n"])
    )
    return text.replace("\n", "\r\n") if dice.random() < 0.3 else text


def gap(above: str, line: str, dice: Random) -> list[str]:
    """Return blank lines that may stand between two lines without a meaning of their own."""
    is_below_header = above.startswith("[") and not line.startswith("#")
    is_header = line.startswith("[") and not above.startswith("#")
    return [""] * dice.randrange(3) if line == "" or is_below_header or is_header else []


def dressed(line: str, dice: Random) -> str:
    """Return a line with other blanks in it, or behind it where no text goes on."""
    if re.match(r"[a-z_.]+ = ", line):
        line = line.replace(" = ", dice.choice(["=", " =  ", "\t= ", " = "]), 1)
        line = dice.choice(["", "", "   ", "\t"]) + line
    elif line.startswith("  { "):
        line = line.replace("  { ", dice.choice(["{", "\t{   ", "  { "]), 1)
        line = re.sub(r" \},$", dice.choice(["},", " } ,", " },", "  },  "]), line)
    elif line.startswith("[["):
        line = dice.choice([line, f"  [[ {line[2:-2]} ]]"])
    return line + (dice.choice(["", "  ", " \t"]) if '"""' not in line else "")


@tries(60)
@given(path=st.sampled_from(BUNDLED), seed=st.integers(0, 2**32))
def test_a_disturbed_file_comes_back(path: Path, seed: int) -> None:
    """Whatever was done to its blanks, a bundled file comes back as it is delivered."""
    text = path.read_text("utf-8")
    assert laid_out(path, disturbed(text, Random(seed))) == text


# ------------------------------------------------------------------------------- any TOML, any comment


class Writer:
    """Writes TOML that is right and looks terrible, with comments wherever they may stand."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.comments: list[str] = []
        self.names = 0

    def blanks(self) -> str:
        """Return what may stand between two tokens."""
        return self.dice.choice(["", "", " ", "  ", "\t"])

    def comment(self) -> str:
        """Return a comment like no other."""
        end = self.dice.choice(
            ["", " it's", ' "', " '''", ' """ [x]', " # = {", " ünï→\u2028", "\t]", "  "]
        )
        self.comments.append(f"#{len(self.comments)}.{end}")
        return self.comments[-1]

    def line_end(self) -> str:
        """Return what may stand behind a value."""
        return self.blanks() + (self.comment() if self.dice.random() < 0.3 else "") + self.break_()

    def break_(self) -> str:
        """Return a line break."""
        return self.dice.choice(["\n", "\n", "\r\n"])

    def gap(self) -> str:
        """Return line breaks, blank lines and comments."""
        return "".join(
            self.blanks() + (self.comment() if self.dice.random() < 0.5 else "") + self.break_()
            for _ in range(self.dice.choice([0, 0, 0, 1, 2, 3]))
        )

    def key(self) -> str:
        """Return a key like no other."""
        self.names += 1
        name = self.dice.choice(["say", "dose", "a-b", "1", "true", "inf"]) + str(self.names)
        return self.dice.choice([name, name, f'"{name}"', f"'{name} .#'", f'"\\u00e9{name}="'])

    def dotted(self) -> str:
        """Return a key of one part or several."""
        parts = [self.key() for _ in range(self.dice.choice([1, 1, 1, 2, 3]))]
        return f"{self.blanks()}.{self.blanks()}".join(parts)

    def value(self, depth: int = 0) -> str:
        """Return a value of any type."""
        if depth < 4 and self.dice.random() < 0.4:
            return self.list(depth) if self.dice.random() < 0.6 else self.table(depth)
        return self.dice.choice(
            [
                *(
                    "0",
                    "-1",
                    "+1_000",
                    "0xdead_beef",
                    "0b01",
                    "1e5",
                    "-0.0",
                    "6.02e-23",
                    "+inf",
                    "nan",
                ),
                *("true", "false", "1979-05-27", "07:32:00.5", "1979-05-27 07:32:00Z"),
                *('""', "''", '"#"', "'\"#'", r'"\"\\"', '"é\u2028\\u2028"', "'\\'", '"a  b\\t"'),
                *(
                    '""""q"""""',
                    "''''q'''''",
                    '"""\\\n   x"""',
                    '"""a\\\\\n  # b\n"""',
                    "'''\n# c\\'''",
                ),
                *(
                    '"""\r\nx\r\n"""',
                    '"' + "word " * 30 + '"',
                    '"""' + "word " * 30 + '\n"""',
                    '""""""',
                ),
            ]
        )

    def list(self, depth: int) -> str:
        """Return a list with comments in odd places."""

        def space() -> str:
            return self.gap() if self.dice.random() < 0.5 else self.blanks()

        written = "[" + self.after_token() + space()
        length = self.dice.choice([0, 1, 2, 3])
        for number in range(length):
            written += self.blanks() + self.value(depth + 1) + self.after_token() + space()
            if number < length - 1 or self.dice.random() < 0.5:
                written += "," + self.after_token() + space()
        return written + self.blanks() + "]"

    def after_token(self) -> str:
        """Return what may stand behind a token of a list."""
        return self.line_end() if self.dice.random() < 0.2 else self.blanks()

    def table(self, depth: int) -> str:
        """Return a table in braces."""
        pairs = [
            f"{self.blanks()}{self.dotted()}{self.blanks()}={self.blanks()}{self.value(depth + 1)}"
            for _ in range(self.dice.choice([0, 1, 2]))
        ]
        return "{" + f"{self.blanks()},".join(pairs) + self.blanks() + "}"

    def document(self) -> str:
        """Return a whole file."""
        written = self.gap()
        tables = [""] + [self.dice.choice(["[", "[["]) for _ in range(self.dice.randrange(4))]
        many = self.key()
        for opened in tables:
            if opened:
                name = many if opened == "[[" else self.key()
                inner = f"{self.blanks()}{name}{self.blanks()}"
                written += (
                    self.blanks() + opened + inner + opened.replace("[", "]") + self.line_end()
                )
            for _ in range(self.dice.randrange(4)):
                written += self.gap() + self.blanks() + self.dotted() + self.blanks()
                written += "=" + self.blanks() + self.value() + self.line_end()
        return written + self.gap() + "end = 1" * (len(tables) == 1)


@tries(400)
@given(seed=st.integers(0, 2**64))
def test_any_file_means_the_same_with_the_same_comments(seed: int) -> None:
    """Values are the same to the last blank, comments stay in their order, and once is enough."""
    writer = Writer(Random(seed))
    text = writer.document()
    if not text.strip():
        return
    after = laid_out(HERE, text)
    assert strict(tomllib.loads(after)) == strict(tomllib.loads(text))
    at = 0
    for comment in writer.comments:
        at = after.find(comment.rstrip(), at) + 1
        assert at, f"{comment} is lost"
    assert laid_out(HERE, after) == after
    assert after.endswith("\n")
    assert not after.endswith("\n\n")
    assert not after.startswith("\n")


@tries(100)
@given(seed=st.integers(0, 2**32))
def test_a_routine_stays_the_same_routine(seed: int, tmp_path: Path) -> None:
    """With long texts, other spellings of doses and another order of keys, it loads as before."""
    dice = Random(seed)
    text = GOOD.read_text("utf-8")
    head, *steps = re.split(r"(?m)^(?=\[\[steps\]\])", text)
    for number, step in enumerate(steps):
        pairs = re.split(r"(?m)^(?=[a-z_]+ = |\[\[steps\.cues)", step)
        if not any("[[steps.cues" in pair for pair in pairs):
            rest = [pair.rstrip("\n") + f"  # c{number}\n" for pair in pairs[1:]]
            dice.shuffle(rest)
            steps[number] = pairs[0] + "".join(rest)
    text = head + "".join(steps)
    text = text.replace(
        "2 x hold 30s each side,",
        dice.choice(["2X Hold 30 Sec each side ,", "2×hold 30s each  side,"]),
    )
    text = text.replace(
        "Straighten your", "Straighten, " + "slowly, " * dice.randrange(30) + "your"
    )
    text = text.replace("Here we go.", "Here we go, " + "on and " * dice.randrange(30) + "on.")
    text = text.replace("Lower slowly.", "Lower " + "slowly, " * dice.randrange(20) + "slowly.")
    library = Library(
        ROUTINES / "library", user_folder=tmp_path / "no", bundled_folder=tmp_path / "no"
    )
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    before = load_routine(path, library)
    after = laid_out(path, text)
    path.write_text(after, "utf-8")
    assert load_routine(path, library) == replace(
        before, locations=load_routine(path, library).locations
    )
    assert laid_out(path, after) == after
    lines = [line.partition("  # c")[0] for line in after.split("\n")]
    assert [line for line in lines if len(line) > WIDTH] == []
    assert sorted(re.findall(r"#.*", after)) == sorted(re.findall(r"#.*", text))


# ------------------------------------------------------------------------------------- rule by rule


def test_comments_move_with_their_keys() -> None:
    """A comment above a key or behind it goes where the key goes."""
    text = """voicecoach = 1
[[steps]]
slug = "a"
# How much.
dose="8 reps"   # behind
name = "A"
"""
    assert (
        laid_out(HERE, text)
        == """voicecoach = 1

[[steps]]
slug = "a"
name = "A"
# How much.
dose = "8 reps"  # behind
"""
    )


@pytest.mark.parametrize(
    "body",
    [
        'name = "A"\n\nslug = "a"\n',  # a gap that the author made
        'name = "A"\nslug = "a"\nmine = 1\n',  # a key that is not known
        '# Of the whole step?\nname = "A"\nslug = "a"\n',
        'name = "A"\nslug = "a"\n# At the end.\n',
    ],
)
def test_an_order_that_means_something_stays(body: str) -> None:
    """Where it is not plain what belongs together, keys stay where they are."""
    text = f"voicecoach = 1\n\n[[steps]]\n{body}"
    assert laid_out(HERE, text) == text
    assert laid_out(HERE, text.replace("voicecoach", "other")) == text.replace(
        "voicecoach", "other"
    )


def test_every_key_of_a_step_has_its_place() -> None:
    """Steps are brought into the order of the table that reads them."""
    lines = [f"{field.key} = {field.example}\n" for field in STEP_FIELDS]
    text = "voicecoach = 1\n\n[[steps]]\n"
    assert laid_out(HERE, text + "".join(reversed(lines))) == text + "".join(lines)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=1#c", "a = 1  #c"),
        ("a . 'b c'=[1,2 ,]", "a.'b c' = [1, 2]"),
        ("a = [ ]", "a = []"),
        ("a = [\n]", "a = [\n]"),
        ("a = [1, # one\n# two\n2]", "a = [\n  1,  # one\n  # two\n  2,\n]"),
        ("a = {b=1,c={ }}", "a = { b = 1, c = {} }"),
        ("[ a . b ] #c", "[a.b]  #c"),
        ("a = 1\n# of b\n[b]\n\nc = 1", "a = 1\n\n# of b\n[b]\nc = 1"),
        ("a = 1\n# of a\n\n\n[b]", "a = 1\n# of a\n\n[b]"),
        ("a = [[1,\n2]]", "a = [[\n  1,\n  2,\n]]"),
        ('levels.easy = "8REPS"', 'levels.easy = "8REPS"'),
    ],
)
def test_one_rule(before: str, after: str) -> None:
    """Each rule by an example; they hold for every TOML file."""
    assert laid_out(HERE, before) == after + "\n"


def test_long_texts_are_broken_like_ours() -> None:
    """A text that is too long begins below its key, in a list where it stands; names never break."""
    words = "word " * 25 + "end."
    text = f'voicecoach = 1\nsummary = "{words}"\ntitle = "{words}"\nopening = ["{words}"]\n'
    text += f'\n[[steps]]\ncues = [{{at = "1s", say = {{en = "{words}"}}}}]\n'
    broken = laid_out(HERE, text).split("\n")
    assert broken[1:4] == ['summary = """', ("word " * 17).rstrip(), "word " * 8 + 'end."""']
    assert broken[4] == f'title = "{words}"'
    assert broken[5:7] == ["opening = [", '  """' + ("word " * 16).rstrip()]
    assert broken[7:9] == ["  " + "word " * 9 + 'end.""",', "]"]
    assert broken[12].startswith('  { at = "1s", say = { en = """word word')
    assert broken[13].startswith("    word")
    lengths = {len(line) for line in broken if "title" not in line}
    assert max(lengths) <= WIDTH


@tries(300)
@given(text=written_doses() | respelt_doses())
def test_a_dose_in_the_usual_spelling_is_the_same_dose(text: str) -> None:
    """Whatever is read keeps its meaning, and its spelling is final."""
    try:
        dose = parse_dose(text)
    except DoseError:
        with pytest.raises(DoseError):
            tidy_dose(text)
        return
    assert parse_dose(tidy_dose(text)) == dose
    assert tidy_dose(tidy_dose(text)) == tidy_dose(text)
    assert tidy_dose(str(dose)) == str(dose)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("2X8 Reps,rest 30 sec", "2 x 8 reps, rest 30s"),
        ("6–4 - 2reps , hold 10s", "6-4-2 reps, hold 10s"),
        ("FOR 1 : 30", "for 1:30"),
        ("hold 2minutes10seconds each side,left first", "hold 2 min 10s each side, left first"),
        ("8 reps, tempo 2 - 1 - 3", "8 reps, tempo 2-1-3"),
    ],
)
def test_the_usual_spelling(text: str, tidy: str) -> None:
    """Blanks, marks, capitals and units; no number and no clause is changed."""
    assert tidy_dose(text) == tidy


# -------------------------------------------------------------------------------------- the command


MESSY = 'voicecoach=1\r\ntitle = "é"   # mine\r\n'
TIDY = 'voicecoach = 1\ntitle = "é"  # mine\n'


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Return a file that is not laid out."""
    path = tmp_path / "messy.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MESSY.encode())
    return path


def run(*arguments: str | Path, expect: int = 0) -> tuple[str, str]:
    """Run `voicecoach format` in this process and return what it printed: (stdout, stderr)."""
    result = CliRunner().invoke(app, ["format", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == expect, result.output
    return result.stdout, result.stderr


def test_a_file_is_changed_in_its_place(messy: Path) -> None:
    """It is named, and the second time there is nothing to do."""
    messy.chmod(0o640)
    assert run(messy) == (f"{messy}\n", "")
    assert messy.read_bytes() == TIDY.encode()
    assert messy.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in messy.parent.iterdir()] == ["messy.toml"]
    assert run(messy) == ("", "Nothing to do.\n")
    assert run(*BUNDLED, "--check") == ("", "Nothing to do.\n")


def test_check_and_diff_change_nothing(messy: Path) -> None:
    """One tells by its exit status, the other in lines; both together do both."""
    before = messy.read_bytes()
    assert run(messy, *BUNDLED, "--check", expect=1) == (f"{messy}\n", "")
    shown, _ = run(messy, "--diff")
    assert f"--- {messy}\n+++ {messy}\n@@ " in shown
    assert "-voicecoach=1" in shown
    assert "\n+voicecoach = 1\n" in shown
    assert run(messy, "--diff", "--check", expect=1)[0] == shown
    assert messy.read_bytes() == before
    messy.write_bytes(b"\xef\xbb\xbf" + TIDY.encode())
    assert run(messy, "--diff")[0] == f"{messy}: the mark before its first line\n"


def test_a_file_that_is_no_toml_stays_and_others_are_done(messy: Path) -> None:
    """The mistake is told with its line."""
    broken = messy.with_name("broken.toml")
    broken.write_bytes(b"a=1\nb = = 2\r\n")
    out, err = run(broken, messy, expect=1)
    assert out == f"{messy}\n"
    assert err.startswith(f"{broken}:2:5: ")
    assert broken.read_bytes() == b"a=1\nb = = 2\r\n"
    assert messy.read_bytes() == TIDY.encode()


def test_links_stay_links(messy: Path) -> None:
    """The file behind a link is changed, and the link leads to it as before."""
    link = messy.with_name("link.toml")
    link.symlink_to("messy.toml")
    run(link)
    assert link.is_symlink()
    assert messy.read_bytes() == TIDY.encode()


def test_a_file_that_is_read_only_stays(messy: Path, tmp_path: Path) -> None:
    """It is named with the reason, even to those who may write everything."""
    messy.chmod(0o444)
    before = messy.read_bytes()
    _, err = run(messy, expect=1)
    assert err == f"{messy}: the file could not be written (it is read-only): it is as it was\n"
    assert messy.read_bytes() == before
    with pytest.raises(RoutineError, match="no such file"):
        replace_text(tmp_path / "gone.toml", TIDY)


def test_lists_in_lists_without_end() -> None:
    """However deep they lie in each other, the answer is a layout or a refusal."""
    for depth in (100, 2000):
        with suppress(RoutineError):
            assert laid_out(HERE, f"a = {'[' * depth}{']' * depth}").startswith("a = [")
