"""Texts that can be drawn: what stands in for what, and that nothing is lost unseen."""

from __future__ import annotations

from typing import get_args

import pytest

from voicecoach.drawing import letters as typeface
from voicecoach.drawing.letters import Style, drawable, letters, undrawable

STYLES: tuple[Style, ...] = get_args(Style)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Lift ⅓ of the way, knee\u2010lift", "Lift 1/3 of the way, knee-lift"),
        ("1⅔ turns", "1 2/3 turns"),
        ("half → full, 5′ 30″", "half -> full, 5' 30\""),
        ("✓ back straight ✗ shoulders up", "√ back straight × shoulders up"),
        ("Rückenübungen – Żółty słoń, ½ Їжак…", "Rückenübungen – Żółty słoń, ½ Їжак…"),
        ("a 🎉 b", "a b"),
        ("腹筋", ""),
    ],
)
def test_a_text_is_drawn_with_what_says_the_same(text: str, drawn: str) -> None:
    """Amounts and signs keep their sense; what nothing stands in for goes without a gap."""
    assert drawable(text) == drawn


def test_what_is_lost_is_told_once_and_in_order() -> None:
    """What is drawn otherwise is not lost, and neither are blanks."""
    assert undrawable("腹 筋 → abs ⅓ 腹🎉") == "腹筋🎉"
    assert undrawable("plain text") == ""


@pytest.mark.parametrize("style", STYLES)
def test_stand_ins_can_be_drawn_and_are_needed(style: Style) -> None:
    """In each style: no character that there are letters for is drawn as another."""
    for character, stand_in in typeface._STAND_INS.items():
        assert not letters(style).has(character), character
        assert all(map(letters(style).has, stand_in)), stand_in


def test_plain_texts_need_no_look_at_the_font() -> None:
    """Every printable character of ASCII is there; they are drawn without asking, as they are."""
    plain = "".join(map(chr, range(0x20, 0x7F)))
    assert all(map(letters("Regular").has, plain))
    assert drawable(f"  {plain} ") == plain.strip()


def test_styles_have_the_same_characters() -> None:
    """So that what is drawable in one is in all."""
    every = [chr(code) for code in range(0x20, 0x3000)]
    there = [[letters(style).has(character) for character in every] for style in STYLES]
    assert there[0] == there[1] == there[2]


@pytest.mark.parametrize("style", STYLES)
def test_unknown_characters_have_room_for_borrowed_letters_and_for_stand_ins(style: Style) -> None:
    """A letter has a square, a picture more, and what is drawn instead always fits."""
    em = 10 * 25.4 / 72
    assert letters(style).width("腹", 10) == pytest.approx(em)
    assert letters(style).width("🎉", 10) > 1.3 * em
    for character in typeface._STAND_INS:
        for text in (f"1{character}", character):
            drawn = letters(style).width(drawable(text), 10)
            assert drawn <= letters(style).width(text, 10) + 1e-9, text
