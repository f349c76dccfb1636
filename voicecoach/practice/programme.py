"""The weekly programme as it is bundled: which routine comes on which day, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from voicecoach.files.folders import bundled_folder
from voicecoach.messages import instead, quoted
from voicecoach.toml.document import Document
from voicecoach.toml.fields import Field, read_table
from voicecoach.toml.readers import boolean, by_name, list_of, name, number, table
from voicecoach.toml.text import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.toml.document import Spot

Week = tuple[str, ...]
"""The slug of a routine for each day, Monday to Sunday; empty for none."""


@dataclass(frozen=True)
class PlannedRoutine:
    """A routine of the programme."""

    why: str
    """Words that can follow a colon."""
    weights: bool
    """Whether there are dumbbells in the hands."""
    extra: bool
    """Whether it is a break, which takes no session's place and is no day of practice."""
    optional: bool
    after_pain: str
    """The routine in its place after a session that hurt; empty for itself."""


@dataclass(frozen=True)
class Stage:
    """A step in which the programme for adults grows."""

    name: str
    words: str
    weeks: tuple[Week, ...]
    """They take turns."""
    lasts: int
    """Practised weeks after which the next stage comes; 0 for the last one."""
    known: tuple[str, ...]
    """Routines that do not lead to the next stage."""
    new_weights: bool
    """Whether only routines with weights lead there."""
    easy: tuple[str, ...]
    """Routines that are done at the easy level."""
    later: str
    """When the muscles that it leaves out are trained; empty if it leaves out none."""


@dataclass(frozen=True)
class Programme:
    """The whole programme; texts are sentences."""

    voicecoach_programme: int
    see_professional: str
    without_weights: str
    add_strength: str
    words_without_weights: str
    words_for_children: str
    on_desk_days: str
    daily: str
    """It comes before all else on an adult's day, and alone after pain."""
    game: str
    game_days: int
    """The most days of a week with the game for children."""
    other_game: str
    child_week: Week
    routines: Mapping[str, PlannedRoutine]
    stages: tuple[Stage, ...]


@cache
def load_programme(path: Path | None = None) -> Programme:
    """Return the bundled programme, or a file's; raises RoutineError with all its mistakes."""
    path = path or bundled_folder() / "scripts" / "programmes" / "weekly.toml"
    document = Document(path, read_text(path))
    with document.checked():
        values = read_table(document.spot(), _PROGRAMME)
    routines = {slug: PlannedRoutine(**routine) for slug, routine in values["routines"].items()}
    stages = tuple(Stage(**stage) for stage in values["stages"])
    programme = Programme(**values | {"routines": routines, "stages": stages})
    weeks = chain([programme.child_week], *(stage.weeks for stage in stages))
    named = {programme.daily, programme.game, programme.other_game}
    named.update(*weeks, *(stage.known + stage.easy for stage in stages))
    named.update(routine.after_pain for routine in routines.values())
    with document.checked():
        for slug in sorted(named - routines.keys() - {""}):
            message, fix = f"no routine {quoted(slug)}", instead(slug, routines)
            document.spot().child("routines").refuse(message, fix=fix, code="unknown-name")
    return programme


def _text(spot: Spot) -> str:
    return " ".join(name(spot).split())


def _week(spot: Spot) -> Week:
    slugs: Week = _SLUGS(spot)
    if len(slugs) != 7:
        message, fix = f"{spot.name} has {len(slugs)} days", 'write seven, "" for a day without any'
        raise spot.refuse(message, fix=fix, code="out-of-range")
    return slugs


_SLUGS: Final = list_of(name, "a list of slugs", most=20)
_ROUTINE: Final = (
    Field("why", name, '"…"', required=True),
    *(Field(key, boolean, "true", default=False) for key in ("weights", "extra", "optional")),
    Field("after_pain", name, '"main"', default=""),
)
_STAGE: Final = (
    *(Field(key, name, '"…"', required=True) for key in ("name", "words")),
    Field("weeks", list_of(_week, "a list of weeks", most=10), "[[…]]", required=True),
    Field("lasts", number(1, 52, "weeks", whole=True), "2", default=0),
    *(Field(key, _SLUGS, '["main"]', default=()) for key in ("known", "easy")),
    Field("new_weights", boolean, "true", default=False),
    Field("later", name, '"…"', default=""),
)
_TEXTS: Final = (
    *("see_professional", "without_weights", "add_strength", "words_without_weights"),
    *("words_for_children", "on_desk_days", "daily", "game", "other_game"),
)
_PROGRAMME: Final = (
    Field("voicecoach_programme", number(1, 1, "", whole=True), "1", required=True),
    *(Field(key, _text, '"…"', required=True) for key in _TEXTS),
    Field("game_days", number(0, 7, "days", whole=True), "3", required=True),
    Field("child_week", _week, '["children", …]', required=True),
    Field("routines", by_name(table(_ROUTINE)), "…", required=True),
    Field(
        "stages", list_of(table(_STAGE), "a list of tables", most=20), "[[stages]]", required=True
    ),
)
