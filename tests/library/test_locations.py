"""Places: where everything of a routine stands in its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Audience, Location, Routine, Spoken

if TYPE_CHECKING:
    from pathlib import Path

PLACES = '''voicecoach = 1
title = "Test"
audience = "adult"
opening = [
  "Welcome.",
  { block = "SC-Q" },
  { say = "It takes $minutes minutes." },
  { en = "Ready?", de = "Bereit?" },
]
closing = ["Welcome."]

[equipment]
mat = { en = "a mat", de = "eine Matte" }

[[steps]]
slug = "one"
name = "One"
say = """
Stand tall
    and breathe."""
dose = "hold 20s"
rest_after = 5
cues = [
  { at = "5s", say = "Breathe." },
  { at = "halfway", say = { en = "Half.", de = "Halb." } },
]

[[steps]]
slug = "two"
name = "Two"
say = """Sit \\u0064own \\
  slowly."""
dose = "hold 20s"
'''


def placed(tmp_path: Path, language: str | None = None) -> Routine:
    """Return the routine whose places are asked for."""
    path = tmp_path / "places.toml"
    path.write_text(PLACES, "utf-8")
    return load_routine(path, Library(tmp_path, user_folder=tmp_path), language=language)


def at(place: Location) -> str:
    """Return what stands at a place, up to the end of its line."""
    return PLACES.splitlines()[place.line - 1][place.column - 1 :]


def test_places_of_values_and_characters(tmp_path: Path) -> None:
    """Keys of steps and of the routine are found, and characters of texts however they are written."""
    routine = placed(tmp_path)
    places = routine.locations
    assert at(places.of_step("one", "cues", 0, "at")) == '"5s", say = "Breathe." },'
    assert at(places.of_step("one", "rest_after")) == "5"
    assert at(places.of_routine("audience")) == '"adult"'
    assert at(places.of_routine("equipment", "mat")) == '"a mat", de = "eine Matte" }'
    text = routine.steps[0].instruction
    assert at(places.of_step("one", "say", index=0)) == "Stand tall"
    assert at(places.of_step("one", "say", index=text.index(" and") + 1)) == 'and breathe."""'
    assert at(places.of_step("one", "say", index=text.index("eathe"))) == 'eathe."""'
    text = routine.steps[1].instruction
    assert text == "Sit down slowly."
    assert at(places.of_step("two", "say", index=text.index("own"))) == "own \\"
    assert at(places.of_step("two", "say", index=text.index("slowly"))) == 'slowly."""'


def test_place_of_what_is_not_there_is_that_around_it(tmp_path: Path) -> None:
    """A key that is left out is looked for in its step, a step that there is not nowhere."""
    places = placed(tmp_path).locations
    assert at(places.of_step("two", "rest_after")) == "[[steps]]"
    assert at(places.of_step("one", "cues", 7, "say")) == "["
    assert places.of_step("three", "say") == Location(tmp_path / "places.toml")


def test_places_of_words_around_the_steps(tmp_path: Path) -> None:
    """Lines of a block stand where it is named; the same words may stand in both parts."""
    routine = placed(tmp_path)
    said = [item for item in routine.opening if isinstance(item, Spoken)]
    found = [at(routine.locations.of_words("opening", item, 0)) for item in said]
    assert found == [
        'Welcome.",', '"SC-Q" },', 'It takes $minutes minutes." },', 'Ready?", de = "Bereit?" },',
    ]  # fmt: skip
    assert at(routine.locations.of_words("closing", said[0], 2)) == 'lcome."]'
    strange = routine.locations.of_words("closing", said[2])
    assert strange == Location(tmp_path / "places.toml")


def test_places_are_those_of_the_language_that_is_read(tmp_path: Path) -> None:
    """A text in several languages is pointed at in the one that is heard."""
    path = tmp_path / "german.toml"
    german = PLACES
    for text in ("Welcome.", "It takes $minutes minutes.", "Test", "One", "Two", "Breathe."):
        german = german.replace(f'"{text}"', f'{{ en = "{text}", de = "{text}" }}')
    german = german.replace('say = """\n', 'say.de = """\n').replace(
        'say = """Sit', 'say.de = """Sit'
    )
    path.write_text(german.replace("  { block", "  # { block"), "utf-8")
    library = Library(tmp_path, user_folder=tmp_path)
    routine = load_routine(path, library, language="de-AT")
    place = routine.locations.of_step("one", "cues", 1, "say", index=1)
    assert path.read_text().splitlines()[place.line - 1][place.column - 1 :] == 'alb." } },'
    place = routine.locations.of_step("one", "say", index=0)
    assert path.read_text().splitlines()[place.line - 1][place.column - 1 :] == "Stand tall"


def test_a_routine_made_in_python_has_no_places() -> None:
    """It stands in no file."""
    made = Routine("made", "Made", Audience.ADULT, ())
    assert made.locations.of_step("one", "say", index=3) == Location(None, 0, 0)
    assert made.locations.of_routine("title") == Location()
    assert made.locations.of_words("opening", Spoken("Hello.")) == Location()
    assert made.locations.of_step("one").line == 0
