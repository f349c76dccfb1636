"""What a person has been told and has answered, and for how long it is good."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from voicecoach.practice.consents import Consents, load_consents, reasons_key, save_consents
from voicecoach.routine.model import Contraindication

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 26)


def reasons(*keys: str) -> tuple[Contraindication, ...]:
    """Return a list of reasons."""
    return tuple(Contraindication(key, key, "undesirable", f"Skip it: {key}.") for key in keys)


NINE = reasons(*"abcdefghi")


@pytest.mark.parametrize(
    ("days", "is_good"),
    [(0, True), (1, True), (364, True), (365, False), (395, False), (-1, False)],
)
def test_a_no_is_good_for_a_year(days: int, is_good: bool) -> None:
    """For 12 months and not for 13; one of tomorrow has a wrong clock."""
    known = Consents().answered(NINE, TODAY - timedelta(days), one_applies=False)
    assert known.says_none_applies(NINE, TODAY) is is_good
    assert known.allows_weights


def test_a_yes_is_good_until_it_is_taken_back() -> None:
    """It is no "none", it speaks against weights for years, and another answer takes its place."""
    known = Consents().answered(NINE, TODAY - timedelta(1000), one_applies=True)
    assert not known.says_none_applies(NINE, TODAY)
    assert not known.allows_weights
    known = known.answered(NINE, TODAY, one_applies=False)
    assert known.says_none_applies(NINE, TODAY)
    assert known.allows_weights
    known = known.answered(NINE, TODAY, one_applies=True)
    assert not known.says_none_applies(NINE, TODAY)
    assert not known.allows_weights


def test_another_list_is_asked_about_anew() -> None:
    """With a reason more or less; its order is none of its own."""
    known = Consents().answered(NINE, TODAY, one_applies=False)
    assert known.says_none_applies(tuple(reversed(NINE)), TODAY)
    assert not known.says_none_applies((*NINE, *reasons("j")), TODAY)
    assert not known.says_none_applies(NINE[:-1], TODAY)
    assert reasons_key(NINE) == "a,b,c,d,e,f,g,h,i"


def test_answers_about_other_lists_stay_unless_they_are_contradicted() -> None:
    """A list that has grown frees from what was said of it; a yes to some reasons is one to all."""
    yes = Consents().answered(reasons("a", "b"), TODAY, one_applies=True)
    assert yes.answered(reasons("a", "b", "c"), TODAY, one_applies=False).allows_weights
    assert not yes.answered(reasons("b", "c"), TODAY, one_applies=False).allows_weights
    no = Consents().answered(NINE, TODAY, one_applies=False)
    assert not no.answered(NINE[:2], TODAY, one_applies=True).says_none_applies(NINE, TODAY)
    other = no.answered(reasons("z"), TODAY, one_applies=True)
    assert other.says_none_applies(NINE, TODAY)
    assert not other.allows_weights


def test_what_is_kept_is_found_again(consents_file: Path) -> None:
    """All of it, in a folder that nobody else reads; nothing where nothing was kept."""
    assert load_consents() == Consents()
    known = Consents().told_disclaimer(TODAY).answered(NINE, TODAY, one_applies=False)
    known = known.answered(reasons("z"), TODAY, one_applies=True)
    assert save_consents(known)
    assert load_consents() == known
    assert known.disclaimer_on == "2026-11-26"
    assert [file.name for file in consents_file.parent.iterdir()] == ["consents.json"]
    if os.name == "posix":
        assert consents_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"null",
        b"[" * 60_000,
        b'{"disclaimer_on": ""}',
        b'{"disclaimer_on": "soon", "none_applies_on": {}, "one_applies_on": {}}',
        b'{"disclaimer_on": 5, "none_applies_on": {}, "one_applies_on": {}}',
        b'{"disclaimer_on": "", "none_applies_on": {"a": null}, "one_applies_on": {}}',
        b'{"disclaimer_on": "", "none_applies_on": [], "one_applies_on": {}}',
        b'{"disclaimer_on": "2026-01-02", "none_applies_on": {"' + b"a" * 70_000 + b'": ""}}',
    ],
)
def test_a_broken_file_is_as_good_as_none(consents_file: Path, content: bytes) -> None:
    """Whoever has one is asked and told again, and what they say then replaces it."""
    consents_file.write_bytes(content)
    assert load_consents() == Consents()
    assert save_consents(Consents().told_disclaimer(TODAY))
    assert load_consents().disclaimer_on == "2026-11-26"


def test_what_cannot_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be, a file in whose place a folder lies, a user without a home."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "file" / "state"))
    assert not save_consents(Consents())
    assert load_consents() == Consents()
    (tmp_path / "state" / "consents.json").mkdir(parents=True)
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "state"))
    assert not save_consents(Consents())
    assert load_consents() == Consents()
    monkeypatch.setattr("voicecoach.files.folders.state_folder", lambda: None)
    assert not save_consents(Consents())
    assert load_consents() == Consents()
