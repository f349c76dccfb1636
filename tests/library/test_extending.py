"""Routines that extend others: what comes of both, and in which file each mistake is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voicecoach.errors import RoutineError
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine, load_routine
from voicecoach.routine.model import DoseBasis, Routine, Silence, Spoken
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
voicecoach = 1
title = "Base"
audience = "adult"
muscles = ["legs"]
opening = ["Welcome.", { silence = 3 }]
closing = ["Well done, $patient."]

[equipment]
mat = "a mat"

[variables]
patient = "dear guest"

[stop]
OUR-STOP = "Stop if it hurts, $patient."

[[steps]]
slug = "leg-hold"
name = "Leg hold"
say = "Lift your $side leg."
dose = "hold 30s each side, change 14s"
basis = "minimum"
levels = { easy = "hold 20s each side, change 14s" }
equipment = ["mat"]
stop = "OUR-STOP"
setup = 15
rest_after = 20
cues = [
  { at = "10s", say = "Breathe." },
  { at = "change", say = "Now the $side leg." },
]

[[steps]]
slug = "bridge"
name = "Bridge"
say = "Lift your hips, $patient."
dose = "8 reps"
setup = 15
rest_after = 20
cues = [{ at = "rep 6", say = "Two more after this." }]
"""


class Folder:
    """A working folder with routines in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "scripts" / "shared").mkdir(parents=True)
        nothing = path / "nothing"
        self.library = Library(path, user_folder=nothing, bundled_folder=nothing)
        self.write("base", BASE)

    def write(self, name: str, text: str) -> Path:
        """Write a routine file and return its path."""
        path = self.path / "scripts" / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def extended(self, text: str, *, language: str | None = None) -> Routine:
        """Return the routine that extends `base` with this text, from the fourth line on."""
        head = 'voicecoach = 1\nextends = "base"\ntitle = "Mine"\n'
        return load_routine(self.write("mine", head + text), self.library, language=language)

    def mistakes(self, text: str) -> list[str]:
        """Return what is wrong, each with the name of its file."""
        with pytest.raises(RoutineError) as caught:
            self.extended(text)
        return str(caught.value).replace(f"{self.path / 'scripts'}/", "").splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a folder with `base.toml`."""
    return Folder(tmp_path)


def test_without_changes_all_but_the_title_is_the_same(folder: Folder) -> None:
    """What is not written anew is as it was."""
    base = load_routine(folder.path / "scripts" / "base.toml", folder.library)
    mine = folder.extended("")
    assert (mine.slug, mine.title, mine.extended) == ("mine", "Mine", (base.path,))
    for part in ("audience", "steps", "opening", "closing", "equipment", "muscles", "language"):
        assert getattr(mine, part) == getattr(base, part), part
    assert mine.closing == (Spoken("Well done, dear guest."),)
    assert mine.steps[0].stop_line == "Stop if it hurts, dear guest."


def test_steps_are_left_out_changed_and_added(folder: Folder) -> None:
    """Steps keep their order; each added one is where it says, those after one step in their own order."""
    step = 'name = "X"\nsay = "Go on."\ndose = "5 reps"\n'
    mine = folder.extended(
        f"""
        without = ["bridge"]
        [changes.leg-hold]
        name = "Calm leg hold"
        [[steps]]
        slug = "end"
        {step}
        [[steps]]
        slug = "second"
        after = "leg-hold"
        {step}
        [[steps]]
        slug = "third"
        after = "leg-hold"
        {step}
        [[steps]]
        slug = "first"
        before = "leg-hold"
        {step}
        """
    )
    assert [step.slug for step in mine.steps] == ["first", "leg-hold", "second", "third", "end"]
    assert mine.steps[1].name == "Calm leg hold"
    assert mine.steps[1].instruction == "Lift your $side leg."
    place = mine.locations.of_step
    assert (place("end").line, place("end").path) == (8, mine.path)
    assert (place("leg-hold", "name").line, place("leg-hold", "name").path) == (7, mine.path)
    base = folder.path / "scripts" / "base.toml"
    assert (place("leg-hold", "say").line, place("leg-hold", "say").path) == (20, base)


def test_a_new_dose_moves_the_cues_and_drops_what_was_said_of_the_old_one(folder: Folder) -> None:
    """Cues keep their share of the work or go; levels and basis spoke of another dose."""
    mine = folder.extended(
        """
        [changes.leg-hold]
        dose = "hold 15s each side, change 14s"
        [changes.bridge]
        dose = "5 reps"
        """
    )
    hold, bridge = mine.steps
    assert [str(cue.anchor) for cue in hold.cues] == ["5s", "change"]
    assert (hold.levels, hold.dose_basis) == ({}, DoseBasis.DEFAULT)
    assert (str(bridge.dose), bridge.cues) == ("5 reps, tempo 2-1-2", ())
    compile_script(mine, load_phrases(), NominalDurations())


def test_another_kind_of_dose_wants_cues_of_its_own(folder: Folder) -> None:
    """Moments of reps are none of a hold; the mistake stands at the new dose, in the new file."""
    (told,) = folder.mistakes('[changes.bridge]\ndose = "hold 20s"\n')
    assert told == (
        'mine.toml:5:8: step 2 "Bridge": the cues of this step are moments of "8 reps, tempo 2-1-2", which '
        "is another kind of work: write cues = […] for the new dose, or cues = [] for none"
    )
    mine = folder.extended('[changes.bridge]\ndose = "hold 20s"\ncues = []\n')
    assert mine.steps[1].cues == ()


def test_words_of_the_base_that_a_change_makes_wrong_are_told_with_their_place(
    folder: Folder,
) -> None:
    """`$side` has no meaning without sides: it stands in the base, and the change is ours."""
    told = folder.mistakes('[changes.leg-hold]\ndose = "hold 15s"\ncues = []\n')
    assert [line.split(": ")[0] for line in told] == ["base.toml:20:18"]
    assert '$side has no meaning here, the dose "hold 15s" has no sides' in told[0]


def test_openings_take_in_the_inherited_one(folder: Folder) -> None:
    """`inherited = true` stands for all that was said there."""
    mine = folder.extended('opening = ["Hello.", { inherited = true }, "Ready."]\nclosing = []\n')
    assert mine.opening == (Spoken("Hello."), Spoken("Welcome."), Silence(3.0), Spoken("Ready."))
    assert mine.closing == ()


def test_own_words_of_the_nearest_file_count(folder: Folder) -> None:
    """A variable of the base is a place to fill in; those of shared files are farther still."""
    (folder.path / "scripts" / "shared" / "clinic.toml").write_text(
        'voicecoach_shared = 1\n[variables]\npatient = "nobody"\nclinic = "Riverside"\n'
        '[blocks.SIGN]\nsay = ["Yours, $clinic."]\n',
        encoding="utf-8",
    )
    mine = folder.extended(
        'summary = "For $patient, $5 a time."\n'
        'closing = [{ inherited = true }, { block = "SIGN" }]\n'
        '[variables]\npatient = "Anna"\n[blocks.HI]\nsay = ["Hi $patient."]\n'
    )
    assert mine.closing == (Spoken("Well done, Anna."), Spoken("Yours, Riverside.", "SIGN"))
    assert mine.steps[0].stop_line == "Stop if it hurts, Anna."
    assert mine.steps[1].instruction == "Lift your hips, Anna."
    assert mine.summary == "For Anna, $5 a time."


def test_own_words_by_language(folder: Folder) -> None:
    """A variable has a text in each language, as any other text."""
    own = """
    [variables]
    patient = { en = "Anna", de = "Änne" }
    [changes.leg-hold]
    name = { en = "Hold", de = "Halten" }
    """
    assert folder.extended(own).closing == (Spoken("Well done, Anna."),)
    german = folder.write("de", 'voicecoach = 1\ntitle = "T"\naudience = "adult"\nlanguage = "de"\n'
        'closing = ["Gut, $wer."]\n[variables]\nwer = { de = "Änne", en = "Anna" }\n'
        '[[steps]]\nslug = "a"\nname = "A"\nsay = "Los, $wer."\ndose = "5 reps"\n')  # fmt: skip
    assert load_routine(german, folder.library).closing == (Spoken("Gut, Änne."),)


def test_the_language_is_inherited(folder: Folder) -> None:
    """Texts of the base are in its language, and so is a routine that says none."""
    folder.write("base", BASE.replace("audience", 'language = "de"\naudience', 1))
    assert folder.extended("").language == "de"
    with pytest.raises(RoutineError, match='no texts in "en"'):
        folder.extended('language = "en"\n')


def test_a_chain_of_routines(folder: Folder) -> None:
    """What is extended may extend another itself."""
    folder.extended('[variables]\npatient = "Anna"\n[changes.bridge]\nname = "Low bridge"\n')
    head = 'voicecoach = 1\nextends = "mine"\ntitle = "Third"\nwithout = ["leg-hold"]\n'
    third = load_routine(folder.write("third", head), folder.library)
    assert [step.name for step in third.steps] == ["Low bridge"]
    assert third.closing == (Spoken("Well done, Anna."),)
    assert [path.stem for path in third.extended] == ["mine", "base"]


def test_a_routine_may_extend_the_one_that_it_hides(tmp_path: Path) -> None:
    """`scripts/base.toml` of the working folder extends `base` of the user's."""
    folder = Folder(tmp_path / "work")
    far = Folder(tmp_path / "far")
    library = Library(folder.path, user_folder=far.path, bundled_folder=tmp_path)
    path = folder.write("base", 'voicecoach = 1\nextends = "base"\ntitle = "Nearer"\n')
    mine = load_routine(path, library)
    assert (mine.title, mine.extended) == ("Nearer", (far.path / "scripts" / "base.toml",))


def test_what_is_beside_the_file_comes_first(folder: Folder, tmp_path: Path) -> None:
    """Two files that were mailed together belong together, wherever they lie."""
    mailed = tmp_path / "mailed"
    mailed.mkdir()
    (mailed / "base.toml").write_text(BASE.replace('"Bridge"', '"High bridge"'), encoding="utf-8")
    (mailed / "mine.toml").write_text(
        'voicecoach = 1\nextends = "base"\ntitle = "Mine"\n', encoding="utf-8"
    )
    mine = load_routine(mailed / "mine.toml", folder.library)
    assert mine.steps[1].name == "High bridge"


def test_rings_and_long_chains_end(folder: Folder) -> None:
    """A ring is told; so is a chain that nobody could follow."""
    assert "this routine cannot extend itself" in "".join(
        _told(folder, folder.write("alone", 'voicecoach = 1\nextends = "alone"\ntitle = "A"\n'))
    )
    folder.write("one", 'voicecoach = 1\nextends = "two"\ntitle = "One"\n')
    two = folder.write("two", 'voicecoach = 1\nextends = "one"\ntitle = "Two"\n')
    assert "go round in a ring" in "".join(_told(folder, two))
    for number in range(9):
        behind = "base" if not number else f"c{number - 1}"
        folder.write(f"c{number}", f'voicecoach = 1\nextends = "{behind}"\ntitle = "C"\n')
    told = "".join(_told(folder, folder.path / "scripts" / "c8.toml"))
    assert "more than 5 routines extend each other here" in told


def _told(folder: Folder, path: Path) -> list[str]:
    with pytest.raises(RoutineError) as caught:
        load_routine(path, folder.library)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('without = ["brigde"]', 'mine.toml:4:12: no step "brigde": did you mean "bridge"?'),
        ("without = [3]", "mine.toml:4:12: no step 3"),
        ('without = "bridge"', "mine.toml:4:11: without is a list of slugs"),
        ('without = ["bridge", "leg-hold"]', "mine.toml:4:11: no step is left"),
        ('[changes.brigde]\ndose = "5 reps"', 'mine.toml:4:10: no step "brigde": did you'),
        ('[changes.bridge]\nslug = "x"', "mine.toml:5:1: slug of a step cannot be changed"),
        ('[changes.bridge]\ndoes = "x"', 'mine.toml:5:1: step 2 "Bridge": unknown key "does"'),
        ('[changes.bridge]\ndose = "x"', 'mine.toml:5:9: step 2 "Bridge": dose: '),
        ('without = ["bridge"]\n[changes.bridge]\nname = "x"', 'mine.toml:5:10: "bridge" is left out'),
        ("changes = 3", "mine.toml:4:11: changes is a table"),
        ("changes = { bridge = 3 }", "mine.toml:4:22: bridge is a table"),
        ("[variables]\nside = 'x'", "mine.toml:5:1: $side has a meaning of its own"),
        ("[variables]\nBig = 'x'", 'mine.toml:5:1: "Big" is no name of a variable'),
        ("[variables]\nx = '$side'", "mine.toml:5:6: unknown variable $side"),
        ("closing = ['Bye $paient.']", "mine.toml:4:17: unknown variable $paient: did you mean $patient?"),
        ("opening = [{ inherited = false }]", "mine.toml:4:12: item 1 of opening: inherited = true stands"),
        ('[[steps]]\nslug = "a"\nname = "A"\nsay = "A."\ndose = "5 reps"\nafter = "x"',
         'mine.toml:9:9: no step "x"'),
        ('[[steps]]\nslug = "a"\nname = "A"\nsay = "A."\ndose = "5 reps"\nafter = "bridge"\nbefore = "bridge"',
         "mine.toml:10:10: a step is after another or before one"),
        ('[[steps]]\nslug = "bridge"\nname = "A"\nsay = "A."\ndose = "5 reps"',
         'mine.toml:5:8: step 3 "A": slug "bridge" is taken by step 2 "Bridge"'),
    ],
)  # fmt: skip
def test_mistakes_are_told_where_they_stand(folder: Folder, text: str, told: str) -> None:
    """Each mistake of extending has its line and column in the file that extends."""
    assert folder.mistakes(text)[0].startswith(told)


@pytest.mark.parametrize("key", ["without = []", "changes = {}"])
def test_nothing_is_changed_without_extending(folder: Folder, key: str) -> None:
    """Who forgets `extends` is told so."""
    path = folder.write("mine", f"{key}\n{BASE}")
    assert "goes with extends" in "".join(_told(folder, path))


def test_after_is_for_routines_that_extend(folder: Folder) -> None:
    """In a routine of its own, a step stands where it is done."""
    told = _told(folder, folder.write("mine", BASE.replace("setup = 15", 'after = "bridge"', 1)))
    assert "after is for the steps of a routine that extends another" in told[0]


def test_a_broken_base_is_told_as_that_file(folder: Folder) -> None:
    """What is wrong there is to be mended there."""
    folder.write("base", BASE.replace('"8 reps"', '"8 rps"'))
    path = folder.write("mine", 'voicecoach = 1\nextends = "base"\ntitle = "Mine"\n')
    with pytest.raises(RoutineError) as caught:
        load_routine(path, folder.library)
    assert str(caught.value).startswith(str(folder.path / "scripts" / "base.toml") + ":37:11:")


def test_children_are_guarded_behind_variables(folder: Folder) -> None:
    """What a child may not be asked to do is found in an author's own words, and across them."""
    text = BASE.replace('"adult"', '"child"')
    weights = text.replace("dear guest", "little weights lover")
    assert "children lift no weights" not in "".join(_quiet(folder, text))
    assert "children lift no weights" in "".join(_quiet(folder, weights.replace("lover", "")))
    split = text.replace("Lift your hips, $patient.", "Hold $what breath.")
    split = split.replace("[variables]", '[variables]\nwhat = "your"')
    assert "children never hold their breath" in "".join(_quiet(folder, split))


def _quiet(folder: Folder, text: str) -> list[str]:
    _, problems = check_routine(folder.write("mine", text), folder.library)
    return [problem.message for problem in problems]
