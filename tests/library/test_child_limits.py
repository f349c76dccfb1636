"""What a child may be asked to do, in every wording: the broken routine files show where it is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import run
from tests.support.building import routine, step
from voicecoach.errors import RoutineError
from voicecoach.library.child_limits import (
    MAX_HOLD_SECONDS,
    MAX_WORK_SECONDS,
    advice_for,
    excess_in_dose,
    excess_in_equipment,
    excess_in_total,
    excesses_in_words,
)
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.dose_line import parse_dose

BROKEN = Path(__file__).parent / "routines" / "broken"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pick up your dumbbells.", "dumbbells"),
        ("Take the dumb-bell.", "dumb-bell"),
        ("Swing a kettlebell.", "kettlebell"),
        ("Lift the\nbarbell.", "barbell"),
        ("Put on your ankle weights.", "weights"),
        ("Strap an ankle-weight on.", "ankle-weight"),
        ("A weight in each hand.", "A weight"),
        ("Throw the medicine ball.", "medicine ball"),
        ("Wear the weighted vest.", "weighted"),
        ("No, not yet. Now lift your weights.", "weights"),
        ("Do not rush, and lift the weights.", "weights"),
        ("Never mind the rest of it, take the barbell.", "barbell"),
    ],
)
def test_weights_are_found_where_they_stand(text: str, found: str) -> None:
    """The message names the words, and the place is theirs."""
    (excess,) = excesses_in_words(text)
    assert f'"{found}"' in excess.message
    assert text[excess.index :].startswith(found)


@pytest.mark.parametrize(
    ("text", "index"), [("Lift wei\u200bghts.", 5), ("\u00adNow hold\u200d your breath.", 5)]
)
def test_marks_that_nobody_sees_hide_nothing(text: str, index: int) -> None:
    """A child hears the same words with them, and the place is that in the text as it is written."""
    (excess,) = excesses_in_words(text)
    assert excess.index == index


@pytest.mark.parametrize(
    "text",
    [
        "Wait for me.", "Take a lightweight scarf.", "Put your weight on your heels.",
        "Shift your body weight.", "You are weightless, like an astronaut.",
        "Today without weights.", "No dumbbells for you, movers.", "You don't need any weights.",
        "Never ever lift a kettlebell.", "Ring the bell at the bar.", "A hand waits for yours.",
    ],
)  # fmt: skip
def test_what_is_no_weight_is_let_through(text: str) -> None:
    """Neither other words nor a warning are taken for weights."""
    assert list(excesses_in_words(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hold your breath.", "And now hold that breath!", "Keep holding your breath for three.",
        "Hold\nyour breath.", "Do not breathe.", "Don't breathe until I say so.",
        "Don’t breathe.", "Stop breathing.", "Five seconds without breathing.",
        "Take a deep breath and hold it.", "Breathe in and hold for three.",
        "Breathe in, hold, and breathe out.", "Don't worry, hold your breath.",
        "Do not move and hold your breath.", "Do not forget to smile while you hold your breath.", "A breath-hold like a diver.",
    ],
)  # fmt: skip
def test_held_breath_is_found(text: str) -> None:
    """In whatever words."""
    (excess,) = excesses_in_words(text)
    assert excess.message.startswith("children never hold their breath, ")


@pytest.mark.parametrize(
    "text",
    [
        "Do not hold your breath.", "Don't hold your breath.", "Never hold your breath.",
        "Don’t ever hold your breath.", "Move without holding your breath.", "No breath-holding.",
        "Never stop breathing.", "Do not stop breathing.", "Do not breathe too fast.",
        "Breathe in and hold your arms high.", "Breathe out and hold still.",
        "Hold your knees and breathe.", "Catch your breath.", "Hold hands, breath by breath.",
        "Instead of holding your breath, sing.", "It is not a good idea to hold your breath.",
    ],
)  # fmt: skip
def test_advice_to_breathe_is_let_through(text: str) -> None:
    """What warns of holding the breath is no order to do it."""
    assert list(excesses_in_words(text)) == []


@pytest.mark.parametrize(
    ("key", "spoken", "is_weight"),
    [
        ("dumbbells", "two small things", True), ("ankle-weights", "cuffs", True), ("kettle_bell", "a bell", True),
        ("cuffs", "your ankle weights", True), ("mat", "a soft mat", False), ("scarf", "a lightweight scarf", False),
        ("toy", "a small soft toy or a thin book", False), ("waiting-room", "a chair", False),
    ],
)  # fmt: skip
def test_equipment_is_judged_by_its_key_and_its_words(
    key: str, spoken: str, is_weight: bool
) -> None:
    """Calling a dumbbell otherwise does not help."""
    assert bool(excess_in_equipment(key, spoken)) == is_weight


@pytest.mark.parametrize(
    ("dose", "is_too_much"),
    [
        ("hold 30s", False), ("hold 30.5s", True), ("2 x hold 30s each side, change 8s, rest 5s", False),
        ("for 120s", False), ("for 121s", True), ("3 x for 90s, rest 5s", False),
        ("2 reps, hold 30s", False), ("2 reps, hold 31s", True), ("24 reps", False), ("25 reps", True),
        ("12 reps each side, alternating", False), ("13 reps each side, alternating", True),
        ("4-30-2 reps, rest 5s", True),
    ],
)  # fmt: skip
def test_doses_end_where_a_child_needs_a_rest(dose: str, is_too_much: bool) -> None:
    """30 s of holding still and 2 minutes of work are the most, each set and side by itself."""
    assert bool(excess_in_dose(parse_dose(dose))) == is_too_much


def test_an_hour_is_the_most() -> None:
    """A session for children is not longer than their day's activity."""
    assert excess_in_total(3600) is None
    assert excess_in_total(3601) is not None


@given(st.integers(1, 200), st.sampled_from(["hold", "for"]))
def test_the_bounds_are_exact(seconds: int, kind: str) -> None:
    """Up to the bound all is well, from there on nothing is."""
    bound = MAX_HOLD_SECONDS if kind == "hold" else MAX_WORK_SECONDS
    assert bool(excess_in_dose(parse_dose(f"{kind} {seconds}s"))) == (seconds > bound)


# ------------------------------------------------------------------------------------- in routine files


@pytest.mark.parametrize(
    "name", ["child-weights", "child-held-breath", "child-long-holds", "child-too-long"]
)
def test_adults_may_do_all_of_it(name: str, tmp_path: Path) -> None:
    """The same file is good for adults."""
    text = (BROKEN / f"{name}.toml").read_text("utf-8")
    path = tmp_path / "adult.toml"
    path.write_text(text.replace('audience = "child"', 'audience = "adult"'), "utf-8")
    assert load_routine(path, Library(tmp_path)).steps


def test_a_shared_block_is_judged_where_it_is_used(tmp_path: Path) -> None:
    """The dumbbell check has no place in a child's opening."""
    path = tmp_path / "child.toml"
    path.write_text(
        'voicecoach = 1\ntitle = "Child"\naudience = "child"\nopening = [{ block = "SC-C" }, { block = "SC-D" }]\n'
        '[[steps]]\nslug = "hop"\nname = "Hop"\nsay = "Hop!"\ndose = "for 10s"\n',
        "utf-8",
    )
    with pytest.raises(RoutineError) as caught:
        load_routine(path, Library(tmp_path))
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (4, 42)
    assert problem.message.startswith('block "SC-D": children lift no weights, "dumbbell"')


@pytest.mark.parametrize(
    "command",
    [("check",), ("show",), ("export", "--voice", "silent"), ("play", "--voice", "silent")],
)
def test_every_command_refuses_it(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is checked as good, shown, made or played that is too much for a child."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(BROKEN / "child-long-holds.toml", tmp_path / "statues.toml")
    out, err = run(command[0], "./statues.toml", *command[1:], expect=1)
    told = (out + err).replace("error: ", "")
    assert 'statues.toml:9:8: step 1 "Statue": children hold still for at most 30 s' in told
    assert not list(tmp_path.rglob("*.mp3"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Nimm die Hanteln."), ("de", "Heb zwei kleine Gewichte."), ("de", "Halte die Luft an."),
        ("de", "Atem anhalten, bis zehn zählen."), ("de", "Atme tief ein und halte."), ("de", "Jetzt nicht atmen."),
        ("de", "Nicht schummeln und halte jetzt die Luft an."),
        ("es", "Coge las mancuernas."), ("es", "Aguanta la respiración."), ("es", "Inspira y aguanta."),
        ("es", "Ahora no respires."), ("es", "Contén el aire."),
        ("ru", "Возьми гантели."), ("ru", "Задержи дыхание."), ("ru", "Вдохни и держи."),
        ("ru", "Теперь не дыши."), ("ru", "Подними гирю."),
    ],
)  # fmt: skip
def test_other_languages_are_judged_by_their_own_words(language: str, text: str) -> None:
    """Weights and held breath are found in each language of the coach, also by a regional tag."""
    assert len(list(excesses_in_words(text, language))) == 1
    assert len(list(excesses_in_words(text, f"{language}-XX"))) == 1
    assert not list(excesses_in_words(text, "fr"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Halte nie die Luft an."), ("de", "Halte die Luft nicht an."), ("de", "Ohne Hanteln, nur du."),
        ("de", "Verlagere dein Gewicht auf ein Bein."), ("de", "Atme nicht zu schnell."), ("de", "Halte still und atme."),
        ("de", "Ohne die Luft anzuhalten."),
        ("es", "No aguantes la respiración."), ("es", "Sin pesas, solo tu cuerpo."), ("es", "Nunca contengas el aire."),
        ("es", "Pasa el peso a una pierna."), ("es", "No respires tan rápido."),
        ("ru", "Не задерживай дыхание."), ("ru", "Без гантелей."), ("ru", "Никогда не задерживай дыхание."),
        ("ru", "Перенеси вес на ногу."), ("ru", "Не дыши так быстро."),
    ],
)  # fmt: skip
def test_what_is_denied_is_fine_in_every_language(language: str, text: str) -> None:
    """Who says that no weights are lifted and no breath is held is right."""
    assert not list(excesses_in_words(text, language))


def test_a_language_without_a_table_is_told() -> None:
    """Nobody takes words for checked that were not."""
    what = replace(routine(step(), audience="child"), adult_nearby=True)
    assert list(advice_for(what)) == []
    assert list(advice_for(replace(what, language="ru-RU"))) == []
    ((message, fix),) = advice_for(replace(what, language="fr"))
    assert message == 'the words in "fr" were not checked'
    assert fix == "see that they ask for no weights and no held breath"
