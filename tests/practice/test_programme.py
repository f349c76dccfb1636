"""The weekly programme as data: what is bundled can be read, and a mistake in it is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT
from voicecoach.errors import RoutineError
from voicecoach.library.library import Library
from voicecoach.practice.programme import load_programme

if TYPE_CHECKING:
    from pathlib import Path

BUNDLED = CHECKOUT / "scripts" / "programmes" / "weekly.toml"


def test_every_routine_of_the_programme_is_bundled() -> None:
    """And has a reason that a session may give."""
    library = Library(CHECKOUT)
    for slug, routine in load_programme().routines.items():
        assert library.find_routine(slug).stem == slug
        assert routine.why
    assert all(stage.lasts for stage in load_programme().stages[:-1])
    assert load_programme().stages[-1].lasts == 0


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("lasts = 2", "lasts = 99", r":\d+:9: lasts is from 1 to 52"),
        ('["", "preliminary"', '["preliminary"', r":\d+:10: item 1 of weeks has 6 days"),
        (
            'after_pain = "main"',
            'after_pain = "mian"',
            r":\d+:2: no routine \"mian\": did you mean",
        ),
        ("on_desk_days", "on_dsk_days", r":\d+:1: unknown key \"on_dsk_days\": did you mean"),
        ("game_days = 3", "", r": game_days is missing: write game_days = 3"),
        (
            "voicecoach_programme = 1",
            "voicecoach_programme = 2",
            r":\d+:24: voicecoach_programme is",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(
    right: str, wrong: str, told: str, tmp_path: Path
) -> None:
    """As one in a routine file is."""
    text = BUNDLED.read_text("utf-8")
    assert right in text
    path = tmp_path / "weekly.toml"
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(RoutineError, match=told):
        load_programme(path)
