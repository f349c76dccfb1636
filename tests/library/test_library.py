"""The library: names become files, and nearer folders win."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.errors import RoutineError, RoutineNotFoundError, SoundNotFoundError
from voicecoach.library.library import Library


class _Folders:
    """Three folders to look through."""

    def __init__(self, root: Path) -> None:
        self.yours, self.user, self.bundled = (root / name for name in ("yours", "user", "bundled"))
        self.library = Library(self.yours, user_folder=self.user, bundled_folder=self.bundled)

    def write(self, path: Path, text: str = "voicecoach = 1\n") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def folders(tmp_path: Path) -> _Folders:
    """Return three empty folders."""
    return _Folders(tmp_path)


def test_nothing_anywhere(folders: _Folders) -> None:
    """Folders that do not exist hold nothing."""
    assert folders.library.routines() == []
    assert (folders.library.shared.blocks, folders.library.shared.stop) == ({}, {})
    with pytest.raises(RoutineNotFoundError, match='no routine "core"; there are: none'):
        folders.library.find_routine("core")


def test_nearer_routines_hide_farther_ones(folders: _Folders) -> None:
    """A name is listed once, from the nearest folder, in alphabetical order."""
    for folder, names in (
        (folders.bundled, ("core", "main", "zebra")),
        (folders.user, ("main", "night")),
        (folders.yours, ("core",)),
    ):
        for name in names:
            folders.write(folder / "scripts" / f"{name}.toml")
    listed = [
        (entry.name, entry.origin, entry.path.parent.parent) for entry in folders.library.routines()
    ]
    assert listed == [
        ("core", "yours", folders.yours),
        ("main", "user", folders.user),
        ("night", "user", folders.user),
        ("zebra", "bundled", folders.bundled),
    ]
    assert folders.library.find_routine("main") == folders.user / "scripts" / "main.toml"


def test_what_is_listed_and_what_is_not(folders: _Folders) -> None:
    """Other TOML files are passed over; routine files that are broken are listed with the reason."""
    scripts = folders.yours / "scripts"
    folders.write(scripts / "other.toml", "[tool.x]\nvoicecoach_shared = 1\n")
    folders.write(scripts / "shared" / "checks.toml", "voicecoach_shared = 1\n")
    folders.write(scripts / "broken-other.toml", "x = \n")
    folders.write(scripts / "notes.txt")
    folders.write(scripts / ".hidden.toml")
    if os.name != "nt":  # Windows has no such names
        folders.write(scripts / "bell\x07.toml")
    (scripts / "folder.toml").mkdir()
    folders.write(scripts / "broken.toml", 'title = "x\nvoicecoach = 1\n')
    folders.write(scripts / "quoted.toml", '  "voicecoach"=1')
    folders.write(scripts / "wrong.toml", "voicecoach = 1\ntitel = 5\n")
    (scripts / "latin.toml").write_bytes(b"voicecoach = 1 # \xe9\n")
    entries = {entry.name: entry for entry in folders.library.routines()}
    assert list(entries) == ["broken", "latin", "quoted", "wrong"]
    assert str(entries["broken"].error).startswith(
        f"{scripts / 'broken.toml'}:1:11: this text is not"
    )
    assert "not in UTF-8" in str(entries["latin"].error)
    assert entries["quoted"].error is None
    assert folders.library.find_routine("broken") == scripts / "broken.toml"


def test_a_broken_file_of_yours_is_not_replaced_in_silence(folders: _Folders) -> None:
    """A broken file hides the bundled one of its name: somebody edited it and should hear of it."""
    folders.write(folders.bundled / "scripts" / "core.toml")
    mine = folders.write(folders.yours / "scripts" / "core.toml", "voicecoach = 1\nx =\n")
    (entry,) = folders.library.routines()
    assert entry.path == mine
    assert entry.error


def test_names_that_are_not_there(folders: _Folders) -> None:
    """The message offers the name that was meant, and all there are."""
    for name in ("morning", "evening"):
        folders.write(folders.bundled / "scripts" / f"{name}.toml")
    with pytest.raises(RoutineNotFoundError) as caught:
        folders.library.find_routine("morming")
    assert (
        str(caught.value)
        == 'no routine "morming"; did you mean "morning"? There are: evening, morning'
    )
    assert caught.value.name == "morming"
    with pytest.raises(RoutineNotFoundError, match=r'"Morning"; did you mean "morning"\?'):
        folders.library.find_routine("Morning")


def test_paths(folders: _Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A separator or the ending makes a path of a name."""
    path = folders.write(tmp_path / "elsewhere" / "mine.toml")
    assert folders.library.find_routine(str(path)) == path
    monkeypatch.chdir(path.parent)
    assert folders.library.find_routine("mine.toml") == Path("mine.toml")
    with pytest.raises(RoutineNotFoundError, match=r'there is no file "\./mine"'):
        folders.library.find_routine("./mine")
    with pytest.raises(RoutineNotFoundError, match="there is no file"):
        folders.library.find_routine("long" * 200 + ".toml")


def test_sounds(folders: _Folders) -> None:
    """Sounds are found by name, nearest folder first, lossless files before others."""
    bundled = folders.write(folders.bundled / "audio" / "sounds" / "start.wav")
    assert folders.library.find_sound("start") == bundled
    folders.write(folders.yours / "audio" / "sounds" / "start.mp3")
    mine = folders.write(folders.yours / "audio" / "sounds" / "start.wav")
    folders.write(folders.yours / "audio" / "sounds" / "start.txt")
    assert folders.library.find_sound("start") == mine
    secret = folders.write(folders.yours / "audio" / "secret.wav")
    assert secret.exists()
    for name in ("stat", "../secret", ""):
        with pytest.raises(SoundNotFoundError, match="start"):
            folders.library.find_sound(name)


def test_shared_files_are_merged_by_name(folders: _Folders) -> None:
    """Blocks, STOP lines and reasons come from all folders; a nearer one replaces one name only."""
    folders.write(
        folders.bundled / "scripts/shared/a.toml",
        'voicecoach_shared = 1\n[stop]\nA = "Far A."\nB = "Far B."\n'
        '[blocks.X]\nsay = ["Far.", { contraindications = "weights" }]\n'
        '[blocks.Y]\nsay = [{ en = "Yes.", de = "Ja." }]\n',
    )
    folders.write(
        folders.bundled / "scripts/shared/b.toml",
        'voicecoach_shared = 1\n[[contraindications.weights]]\nkey = "asthma"\nname = "Asthma"\n'
        'strength = "undesirable"\nsay = "Not with asthma."\n',
    )
    folders.write(
        folders.yours / "scripts/shared/mine.toml",
        'voicecoach_shared = 1\nlanguage = "de"\n[stop]\nA = "Nah A."\n[blocks.X]\nsay = ["Nah."]\n',
    )
    library = folders.library
    assert library.shared.stop == {"A": {"de": "Nah A."}, "B": {"en": "Far B."}}
    assert [line.say for line in library.shared.blocks["X"]] == [{"de": "Nah."}]
    assert [line.say for line in library.shared.blocks["Y"]] == [{"en": "Yes.", "de": "Ja."}]
    (reason,) = library.shared.contraindications["weights"]
    assert (reason.key, reason.name, reason.strength) == ("asthma", {"en": "Asthma"}, "undesirable")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "voicecoach_shared = 2\n",
            "1:21: voicecoach_shared is 1 here, got 2: write 1, or update voicecoach if the file is newer",
        ),
        ('[stop]\nA = "Stop."\n', "1: voicecoach_shared is missing: write voicecoach_shared = 1"),
        (
            'voicecoach_shared = 1\n[stpo]\nA = "x"\n',
            '2:2: unknown key "stpo": did you mean "stop"?',
        ),
        (
            "voicecoach_shared = 1\nblocks = 5\n",
            "2:10: blocks is a table: write blocks = { SC-A = … }",
        ),
        (
            'voicecoach_shared = 1\n[blocks.A]\nsay = "One."\n[blocks.B]\n[blocks.C]\nsay = ["In $mintes."]\n',
            (
                '3:7: say is a list of texts: write say = ["One."]\n'
                '4: say is missing: write say = ["…", "…"]\n'
                "6:12: unknown variable $mintes: did you mean $minutes?"
            ),
        ),
        (
            'voicecoach_shared = 1\n[stop]\n"A B" = "Stop."\nC = "Stop, $side."\nD = ""\n',
            (
                '3:1: "A B" is no name: use up to 40 letters and digits, joined by hyphens\n'
                "4:12: unknown variable $side: there are none\n"
                "5:5: D has no words in it: write some, or leave it out"
            ),
        ),
        (
            (
                'voicecoach_shared = 1\n[blocks.A]\nsay = [{ contraindications = "weight" }]\n'
                '[[contraindications.weights]]\nkey = "asthma"\nname = "Asthma"\nstrength = "bad"\nsay = "No."\n'
            ),
            '7:12: strength is "contraindicated", "undesirable" or "not recommended", got "bad": write one of these',
        ),
        (
            (
                'voicecoach_shared = 1\n[blocks.A]\nsay = [\n  "Well.", { contraindications = "weight" }]\n'
                '[[contraindications.weights]]\nkey = "asthma"\nname = "Asthma"\nstrength = "undesirable"\nsay = "No."\n'
            ),
            '4:12: no list of contraindications "weight": did you mean "weights"? There is weights',
        ),
    ],
)
def test_broken_shared_files(folders: _Folders, text: str, expected: str) -> None:
    """Everything wrong with a shared file is said with its lines."""
    path = folders.write(folders.user / "scripts/shared/checks.toml", text)
    with pytest.raises(RoutineError) as caught:
        _ = folders.library.shared.blocks
    assert str(caught.value).replace(f"{path}:", "") == expected


def test_one_name_in_two_files_of_a_folder(folders: _Folders) -> None:
    """Which of two files would win must not hang on their names: it is a mistake."""
    text = 'voicecoach_shared = 1\n[stop]\nA = "Stop."\n'
    folders.write(folders.user / "scripts/shared/a.toml", text)
    second = folders.write(folders.user / "scripts/shared/b.toml", text)
    with pytest.raises(RoutineError) as caught:
        _ = folders.library.shared.stop
    message = "A is in another file of this folder, too: keep one of the two"
    assert str(caught.value) == f"{second}:3:1: {message}"


def test_the_folders_that_are_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The working folder, the user's and the bundled one are found without being named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    folders = Library().folders
    assert list(folders) == ["yours", "user", "bundled"]
    assert (folders["yours"], folders["user"]) == (tmp_path, tmp_path / "home")
    assert (folders["bundled"] / "scripts" / "shared").is_dir()
    monkeypatch.delenv("VOICECOACH_HOME")
    assert "voicecoach" in str(Library().folders["user"]).lower()


def test_a_file_that_was_saved_again_is_read_again(folders: _Folders) -> None:
    """What is remembered of a file holds as long as its text stays."""
    path = folders.write(folders.yours / "scripts" / "core.toml", "voicecoach = 1\n")
    first = folders.library.document(path)
    assert folders.library.document(path, language="de").root is first.root
    folders.write(path, "voicecoach = 2\n")  # no longer, and in the same moment
    assert folders.library.document(path).root == {"voicecoach": 2}
    assert folders.library.document(path, text="voicecoach = 3\n").root == {"voicecoach": 3}
    assert folders.library.document(path).root == {"voicecoach": 2}


def test_a_wheel_brings_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed from a wheel, the bundled files lie inside the package."""
    package = tmp_path / "site" / "voicecoach"
    (package / "_bundled" / "scripts").mkdir(parents=True)
    monkeypatch.setattr("voicecoach.files.folders.__file__", str(package / "files" / "folders.py"))
    assert Library().folders["bundled"] == package / "_bundled"


def test_listing_is_light(tmp_path: Path) -> None:
    """Listing loads neither numpy nor a speech engine nor tree-sitter."""
    code = (
        "import sys; from voicecoach.library.library import Library\n"
        "assert len(Library().routines()) >= 7\n"
        "heavy = {'numpy', 'onnxruntime', 'tree_sitter', 'rich', 'typer'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr


def test_a_lexicon_is_no_routine(folders: _Folders) -> None:
    """Not even one that says how the word voicecoach is spoken."""
    folders.write(folders.yours / "scripts" / "lexicon.toml", 'voicecoach = "voice coach"\n')
    assert folders.library.routines() == []


def test_both_lexicons_are_read(folders: _Folders) -> None:
    """The one in scripts/ of the working folder goes before the user's; none comes with voicecoach."""
    assert folders.library.lexicon() == {}
    folders.write(folders.yours / "scripts" / "lexicon.toml", "clasp = klasp\n")
    folders.write(folders.user / "lexicon.toml", "clasp = other\nrow = roh\n")
    folders.write(folders.bundled / "lexicon.toml", "knee = nee\n")
    assert folders.library.lexicon() == {"clasp": "klasp", "row": "roh"}
