"""Children's words on the command line: the same in every track, chosen by --seed, today's in live play."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import run
from tests.support.building import compiled, routine, step
from voicecoach.cli.options import chosen
from voicecoach.fitting.wishes import USUAL_SEED, Wishes, wishes_of_today

if TYPE_CHECKING:
    from pathlib import Path

HOP = """
voicecoach = 1
title = "Hop"
audience = "child"
closing = ["Go and play."]
[[steps]]
slug = "hop"
name = "Hop"
say = "Hop!"
dose = "9 reps, tempo 1-1-1"
rest_after = 6
[[steps]]
slug = "stand"
name = "Stand"
say = "Stand on one leg."
dose = "hold 20s"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a short routine for children, and the same for adults."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hop.toml").write_text(HOP, "utf-8")
    (tmp_path / "adult.toml").write_text(HOP.replace("child", "adult"), "utf-8")


def shown(*options: str, name: str = "./hop.toml") -> str:
    """Return the cue sheet."""
    return run("show", name, "--voice", "silent", *options)[0]


def test_seed_chooses_the_words_and_the_usual_ones_stay() -> None:
    """The same number, the same words; without one those of the track; adults hear no others."""
    assert "One of two." in shown()
    assert shown() == shown("--seed", str(USUAL_SEED))
    assert shown("--seed", "3") == shown("--seed", "3")
    assert len({shown("--seed", str(seed)) for seed in range(5)}) == 5
    assert shown("--seed", "3", name="./adult.toml") == shown(name="./adult.toml")
    assert "of two" not in shown(name="./adult.toml")
    run("check", "./hop.toml", "--voice", "silent", "--seed", "3")


def test_a_track_stays_up_to_date_until_another_seed_is_asked_for() -> None:
    """The day has no say in what a track says."""
    export = ("export", "./hop.toml", "--voice", "silent")
    run(*export)
    assert "up to date" in run(*export)[1]
    assert "up to date" in run(*export, "--seed", str(USUAL_SEED))[1]
    assert "up to date" not in run(*export, "--seed", "3")[1]
    assert "up to date" in run(*export, "--seed", "3")[1]


def test_each_day_of_live_play_has_a_seed_of_its_own() -> None:
    """Unless one was asked for, or a session is gone on with that has one; adults have none."""
    child, adult = (routine(step(), audience=audience) for audience in ("child", "adult"))
    today = date(2026, 11, 26)
    days = [wishes_of_today(Wishes(), child, today + timedelta(number)) for number in range(3)]
    assert len({day.seed for day in days}) == 3
    assert wishes_of_today(days[0], child, today + timedelta(1)) == days[0]
    assert wishes_of_today(Wishes(seed=0), child, today) == Wishes(seed=0)
    assert wishes_of_today(Wishes(), adult, today) == Wishes()
    assert chosen(adult, Wishes(seed=3)).play_seed is None
    assert chosen(child, Wishes(seed=0)).play_seed == 0
    words = {str(compiled(chosen(child, day)).segments) for day in days}
    assert len(words) == 3


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [("hop", (), None), ("hop", ("--seed", "5"), 5), ("adult", (), "none")],
)
def test_live_play_takes_the_seed_of_today_and_keeps_it(
    name: str, options: tuple[str, ...], expected: int | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the wishes that the place of a session keeps, so --resume goes on in the same words."""
    seeds: list[int | None] = []

    def play(_session: object, wishes: Wishes, *_: object, **__: object) -> None:
        seeds.append(wishes.seed)

    monkeypatch.setattr("voicecoach.cli.commands.play._play", play)
    days = {_today()}
    run("play", f"./{name}.toml", "--voice", "silent", *options)
    days.add(_today())
    if expected is None:
        assert seeds[0] in days
    else:
        assert seeds == [None if expected == "none" else expected]


def _today() -> int:
    return datetime.now(UTC).astimezone().date().toordinal()


def test_check_advises_a_grown_up(tmp_path: Path) -> None:
    """A routine for children that does not ask for a grown-up is good, but is told to."""
    out, _ = run("check", "./hop.toml", "--voice", "silent")
    assert "write adult_nearby = true" in out
    assert "good: 2 steps" in out
    (tmp_path / "hop.toml").write_text(
        HOP.replace('"child"', '"child"\nadult_nearby = true'), "utf-8"
    )
    assert "adult_nearby" not in run("check", "./hop.toml", "--voice", "silent")[0]
    assert "adult_nearby" not in run("check", "./adult.toml", "--voice", "silent")[0]
