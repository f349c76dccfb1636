"""A language of the user's own: one folder, and a routine in it is checked, shown, exported and begun."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import run
from tests.support.written import found
from voicecoach.errors import PhraseError
from voicecoach.export.tags.fields import language_code
from voicecoach.language.language import available_languages, language_of
from voicecoach.language.phrases import language_name, load_phrases, three_letters
from voicecoach.language.speakable import make_speakable
from voicecoach.language.vocabulary import vocabulary_of
from voicecoach.library.child_limits import excesses_in_words
from voicecoach.library.library import Library

ROUTINE = """\
voicecoach = 1
title = "Corpo"
audience = "AUDIENCE"
language = "pt"

[[steps]]
slug = "ponte"
name = "Ponte"
say = "De pé. SAY"
dose = "2 x hold 20s, rest 15s"
"""
CHANGES = {
    "phrases.toml": [
        (r'name = "Español"', 'name = "Português"'),
        (r'three_letters = "spa"', 'three_letters = "por"'),
        (r'halfway = "La mitad."', 'halfway = "Metade."'),
        (r"(?m)^page_play = .*$", 'page_play = "Tocar"'),
        (r"(?m)^adult = 0.43$", "adult = 0.60"),
    ],
    "vocabulary.toml": [
        (r"weights = \[", r"weights = ['\\bhalteres?\\b', "),
        (r"held_breath = \[", r"held_breath = ['\\bprende\\w* a respiração\\b', "),
        (r"denied = \[", r"denied = ['\\bnão\\b', "),
        (r"clause_words = \[", "clause_words = ['enquanto', "),
    ],
    "speakable.toml": [
        (r'"segundos"', '"momentos"'),
        (r'multiplied = "por"', 'multiplied = "vezes"'),
    ],
}


@pytest.fixture
def portuguese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a language into the user's own folder, and nothing else anywhere: Spanish with some other words."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    spanish = language_of("es")
    assert spanish
    folder = tmp_path / "home" / "languages" / "pt"
    shutil.copytree(spanish.folder, folder)
    for name, changes in CHANGES.items():
        for pattern, words in changes:
            change(folder / name, pattern, words)
    (folder / "shared.toml").write_text(shared_in_portuguese(), "utf-8")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


def shared_in_portuguese() -> str:
    """Return a file with the line and the health check that the template asks for."""
    lines = [
        f'{{ say = "Cuidado, {number}.", stop = {str(line.stop).lower()} }}'
        for number, line in enumerate(Library().shared.blocks["SC-A"])
    ]
    return (
        'voicecoach_shared = 1\nlanguage = "pt"\nstop = { STOP-A1 = "Se doer, pare." }\n'
        f"[blocks.SC-A]\nsay = [\n  {', '.join(lines)}\n]\n"
    )


def change(path: Path, pattern: str, words: str) -> None:
    """Change a file of a language; it has to have what is changed."""
    text, count = re.subn(pattern, words, path.read_text("utf-8"))
    assert count, pattern
    path.write_text(text, "utf-8")


def routine(say: str = "Levanta. 3 x 10 s.", audience: str = "adult") -> str:
    """Write a routine in that language, and return its path."""
    text = ROUTINE.replace("SAY", say).replace("AUDIENCE", audience)
    Path("corpo.toml").write_text(text, "utf-8")
    return "./corpo.toml"


def test_a_language_is_one_folder(portuguese: Path) -> None:
    """Its phrases, names, words and written forms are all found there, under any regional tag."""
    assert available_languages() == ("de", "en", "es", "pt", "ru")
    assert load_phrases("pt-BR").halfway == "Metade."
    assert load_phrases("es").halfway != "Metade."
    assert load_phrases("pt").word_seconds == 0.60
    assert (language_name("pt"), three_letters("pt")) == ("Português", "por")
    assert make_speakable("3 x 10 s", "pt") == "3 vezes 10 momentos."
    assert vocabulary_of("pt") is not vocabulary_of("es")
    (excess,) = excesses_in_words("Pega os halteres.", "pt")
    assert excess.code == "child-weights"
    assert [each.code for each in excesses_in_words("Prende a respiração.", "pt")] == [
        "child-breath"
    ]
    assert list(excesses_in_words("Não prende a respiração.", "pt")) == []


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de-AT", "deu"), ("en", "eng"), ("es", "spa"), ("ru", "rus"), ("fr", "fra"), ("tlh", "")],
)
def test_tags_have_the_code_of_the_language(tag: str, code: str) -> None:
    """It is in the folder of a language; of other languages the tags know some."""
    assert language_code(SimpleNamespace(language=tag)) == code


def test_a_routine_in_it_goes_all_the_way(portuguese: Path) -> None:
    """It is shown, checked and exported as a page with the words of that language."""
    path = routine()
    shown = run("show", path, "--voice", "silent")[0]
    assert "Metade." in shown
    assert "spoken  De pé. Levanta. 3 vezes 10 momentos." in shown
    assert "good" in run("check", path, "--voice", "silent")[0]
    run("export", path, "--voice", "silent", "-o", "corpo.html")
    page = Path("corpo.html").read_text("utf-8")
    assert '<html lang="pt"' in page
    assert "Tocar" in page
    run("new", "meu", "--language", "pt", "--yes")
    assert 'language = "pt"' in Path("scripts/meu.toml").read_text("utf-8")
    begun = run("show", "meu", "--voice", "silent")[0]
    assert "Cuidado, 0." in begun
    assert "Se doer, pare." in begun


def test_the_lints_know_its_words(portuguese: Path, tmp_path: Path) -> None:
    """And a routine for children is refused by them."""
    routine("Pega os halteres.")
    codes = {problem.code for problem in found(Path("corpo.toml").read_text("utf-8"), tmp_path)}
    assert "weights-without-reasons" in codes
    told = run("check", routine("Prende a respiração.", "child"), expect=1)
    assert "children never hold their breath" in "".join(told)


def test_what_it_lacks_is_not_borrowed(portuguese: Path) -> None:
    """Without a vocabulary, written forms and templates the coach still speaks it."""
    for name in ("vocabulary", "speakable", "template-adult", "template-child"):
        (portuguese / f"{name}.toml").unlink()
    assert vocabulary_of("pt") is None
    assert make_speakable("3 x 10 s", "pt") == "3 x 10 s."
    told = "".join(run("check", routine(), "--voice", "silent"))
    assert 'those of "pt" are not known' in told
    _, told = run("new", "meu", "--language", "pt", "--yes", expect=1)
    assert 'there is no template in the language "pt"' in told


@pytest.mark.parametrize(
    ("name", "pattern", "words", "told"),
    [
        ("phrases", r"(?m)^long_rest = .*$", "", "phrases.toml:53: coach.long_rest is missing"),
        ("phrases", r"(?m)^next = .*$", 'next = "Agora."', "coach.next holds $name in English"),
        ("phrases", r"\[coach\]", "[coach", 'phrases.toml:53:7: this header is not closed: write "]" at its end'),
        ("vocabulary", r"(?m)^hurts = .*$", "hurts = ['(dor']", "vocabulary.toml:20: hurts is no regular expression: missing )"),
        ("vocabulary", r"(?m)^hurts = .*$", "hurts = ['{dor}']", "vocabulary.toml:20: hurts holds {dor}, and [parts] has none of that name"),
        ("vocabulary", r"(?m)^hurts = .*$", "hurts = 'dor'", "vocabulary.toml:20: hurts is no list of texts"),
        ("vocabulary", r"(?m)^hurts = .*$", "pain = ['dor']", "hurts is missing"),
        ("vocabulary", r"(?m)^hanging = .*$", "", "positions.hanging is missing"),
        ("speakable", r"(?m)^per = .*$", "", "speakable.toml: per is missing"),
        ("speakable", r"(?m)^per = .*$", "per = 7", "per is no text"),
        ("speakable", r"(?m)^second = .*$", "", "units.second is missing"),
        ("speakable", r"(?m)^metre = .*$", "metre = ['m']", "units.metre is no table such as { forms ="),
        ("speakable", r"(?m)^time = .*$", "", "nouns.time is no list of 2 forms"),
        ("shared", "STOP-A1", "STOP-A7", 'there is no "STOP-A7" to say in this language'),
        ("shared", "stop = true", "stop = false", '"SC-A" is not made as it is in the other languages'),
        ("phrases", r"(?m)^times = .*$", 'times = "$number(vez, vezes, vezes)"', "print.times has 3 forms after $number, 2 are needed"),
        ("phrases", r"(?m)^unit_seconds = .*$", 'unit_seconds = "segundo"', "print.unit_seconds has 1 forms after $number"),
        ("phrases", r"(?m)^on_side = .*$", 'on_side = "Lado $side(a)."', "coach.on_side has 1 forms after $side, 2 are needed"),
        ("speakable", r"(?m)^hour = .*$", "hour = { forms = ['hora'], written = ['h'] }", "units.hour is no table such as"),
        ("speakable", r"(?m)^set_of", 'rules = "dutch"\nset_of', 'rules is "english", or is left out'),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_with_its_place(
    portuguese: Path, name: str, pattern: str, words: str, told: str
) -> None:
    """The message names the file, the line and the key, and nothing else goes wrong."""
    change(portuguese / f"{name}.toml", pattern, words)
    for command in ("check", "show"):
        if name != {"check": "speakable", "show": "vocabulary"}[command]:  # which it does not ask
            said = "".join(run(command, routine(), "--voice", "silent", expect=1))
            assert told in said
            assert str(portuguese / f"{name}.toml") in said
            assert "Traceback" not in said
            assert (
                "write it in one of these" not in said
            )  # which is for a language that is not there
    if name != "shared":
        assert run("show", "relaxation", "--voice", "silent")[0]
        assert run("list")[0]


def test_a_file_that_nobody_asks_for_is_told(portuguese: Path) -> None:
    """A misspelt name would go unseen."""
    (portuguese / "vocabulary.toml").rename(portuguese / "vocabluary.toml")
    with pytest.raises(PhraseError, match=r'vocabluary.toml: .* did you mean "vocabulary.toml"\?'):
        load_phrases("pt")


def test_a_language_of_ours_can_be_hidden(portuguese: Path) -> None:
    """The nearer folder wins, as for routines; and no tag is ever a path."""
    portuguese.rename(portuguese.parent / "ES")
    assert load_phrases("es").halfway == "Metade."
    assert language_of("../languages/es") is None
