"""Settings: every line of the table, every mistake with its place, and a file that keeps what it had."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.cli import app
from voicecoach.cli.settings.file import remove_setting, save_setting
from voicecoach.cli.settings.table import (
    BY_NAME,
    SETTINGS,
    Setting,
    Settings,
    Source,
    read_settings,
    read_words,
    settings_path,
)
from voicecoach.errors import SettingsError
from voicecoach.fitting.wishes import DRAFTS, OUR_MUSIC, WISHES
from voicecoach.sound.music.our_beds import BEDS


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the settings file of this test may be; it is not there yet."""
    monkeypatch.setenv("VOICECOACH_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config" / "settings.toml"


def written(path: Path, text: str) -> Settings:
    """Write the settings file and return what is read."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return read_settings()


def problem(settings: Settings, *names: str) -> str:
    """Return what is wrong with these settings."""
    with pytest.raises(SettingsError) as caught:
        settings.check(names)
    return str(caught.value)


# ---------------------------------------------------------------------------------------- the table


def options() -> list[tuple[str, Setting, Any]]:
    """Return each use of a setting: the command, the setting, and the parameter that it stands for."""
    tree: Any = typer.main.get_command(app)
    return [
        (command, setting, param)
        for setting in SETTINGS
        for command in setting.commands
        for param in tree.commands[command].params
        if setting.option in param.opts
    ]


def test_every_setting_is_an_option_where_it_says() -> None:
    """With the same default, so that the table tells the truth."""
    found = {(command, setting.name) for command, setting, _ in options()}
    assert found == {(command, each.name) for each in SETTINGS for command in each.commands}
    for command, setting, param in options():
        default = param.default
        if param.multiple and default is None and setting.default is not None:
            continue  # several may be named, and one is taken where none is
        assert default == setting.default, f"{command} {setting.option}"


def test_every_wish_for_a_session_is_a_setting_but_those_of_one_day() -> None:
    """A new option for wishes is thought of here as well."""
    assert {name for name, wish in WISHES.items() if not wish.example} == {
        "skip",
        "only",
        "start",
        "seed",
    }


def test_a_draft_is_taken_as_its_file_has_it() -> None:
    """What a person wants every time changes how it sounds, and not which exercises are checked."""
    for command in DRAFTS:
        used = {each.name for each in SETTINGS if command in each.commands}
        assert used - {"player", "device", "keep_alive"} == {"pace", "language", "voice", "rate"}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_examples_and_words_are_right(setting: Setting, path: Path) -> None:
    """What a message tells to write can be written, in the file and anywhere else."""
    value = written(path, f"{setting.name} = {setting.example}").value(setting.name)
    assert value != setting.default
    assert (setting.default is None) == bool(setting.without)
    for word in setting.kind.words():
        read_words(setting, word, setting.name)
    assert set(setting.unless) - {"ROUTINE"} <= {
        option
        for each in typer.main.get_command(app).commands.values()  # type: ignore[attr-defined]
        for param in each.params
        for option in param.opts
    }


def test_our_music_is_told_once() -> None:
    """The names that need no numpy are those of the beds."""
    assert tuple(BEDS) == OUR_MUSIC


# ------------------------------------------------------------------------------------ what is read


def test_without_a_file_there_are_defaults(path: Path) -> None:
    """No file, no folder, an empty file, a file of comments: all of them are fine."""
    for text in (None, "", " \n", "# nothing yet\n", "\ufeff"):
        found = read_settings() if text is None else written(path, text)
        found.check(BY_NAME)
        assert {found.source(name) for name in BY_NAME} == {Source.DEFAULT}
        assert found.value("level") == "standard"
    assert found.path == path


def test_the_environment_comes_before_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is none."""
    monkeypatch.setenv("VOICECOACH_LEVEL", "strong")
    monkeypatch.setenv("VOICECOACH_PACE", "")
    found = written(path, 'level = "easy"\npace = "calm"')
    found.check(BY_NAME)
    assert (found.value("level"), found.source("level")) == ("strong", Source.ENVIRONMENT)
    assert (found.value("pace"), found.source("pace")) == ("calm", Source.FILE)


def test_a_weaker_value_gives_way_to_what_it_is_a_part_of(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rate of the file is not for the pace of the environment, nor a device for another player."""
    monkeypatch.setenv("VOICECOACH_PACE", "brisk")
    monkeypatch.setenv("VOICECOACH_PLAYER", "pipe")
    found = written(path, 'rate = 0.9\ndevice = "headphones"\nplayer = "miniaudio"')
    assert (found.value("rate"), found.value("device")) == (None, None)
    monkeypatch.setenv("VOICECOACH_RATE", "1.1")
    assert read_settings().value("rate") == 1.1


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("minutes", " 12 ", 12),
        ("minutes", "0", 0),
        ("rate", "1", 1.0),
        ("music_gain", "-2.5", -2.5),
        ("plain", "Yes", True),
        ("plain", "off", False),
        ("captions", "srt, vtt", ["srt", "vtt"]),
        ("captions", "lrc", ["lrc"]),
        ("captions", "none", []),
        ("voice", "pyttsx3:gmw/en-US", "pyttsx3:gmw/en-US"),
        ("device", "USB  Audio (42)", "USB  Audio (42)"),
    ],
)
def test_words_become_values(
    name: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in a variable is read as a person means it."""
    monkeypatch.setenv(BY_NAME[name].variable, text)
    found = read_settings().value(name)
    assert found == value
    assert type(found) is type(value)


def test_paths_are_meant_from_where_they_are_written(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the file from its folder, in a variable from the working folder; ~ is the home."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(tmp_path)
    assert written(path, 'music = "calm.mp3"').value("music") == str(path.parent / "calm.mp3")
    assert written(path, 'music = "~/calm.mp3"').value("music") == str(home / "calm.mp3")
    whole = json.dumps(str(home / "x.wav"))
    assert written(path, f"music = {whole}").value("music") == str(home / "x.wav")
    assert written(path, 'music = "pad"').value("music") == "pad"
    found = written(path, 'voice = "piper:joe.onnx#2"').value("voice")
    assert found == f"piper:{path.parent / 'joe.onnx#2'}"
    assert written(path, 'voice = "piper:joe"').value("voice") == "piper:joe"
    monkeypatch.setenv("VOICECOACH_MUSIC", "calm.mp3")
    assert read_settings().value("music") == str(tmp_path / "calm.mp3")


def test_no_home_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there may be none: there are no settings, and saving one says why."""
    import platformdirs

    def no_home(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("VOICECOACH_CONFIG")
    monkeypatch.setattr(platformdirs, "user_config_path", no_home)
    found = read_settings()
    found.check(BY_NAME)
    assert found.path is None
    with pytest.raises(SettingsError, match=r"no home folder.*VOICECOACH_CONFIG"):
        save_setting("level", "easy")


def test_without_a_variable_it_is_the_config_folder_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody has to set anything."""
    monkeypatch.delenv("VOICECOACH_CONFIG")
    path = settings_path()
    assert path
    assert (path.parent.name, path.name) == ("voicecoach", "settings.toml")
    if sys.platform == "linux":
        assert path.parent.parent == Path(os.environ["XDG_CONFIG_HOME"])


def test_reading_loads_nothing_heavy(path: Path) -> None:
    """Neither without a file nor with a good one: every command reads it first."""
    code = (
        "import sys\nfrom voicecoach.cli.settings.table import read_settings\n"
        "found = read_settings()\nfound.check(['level'])\nprint(len(found.in_file))\n"
        "print(sorted({'tree_sitter', 'tomlkit', 'numpy', 'platformdirs'} & set(sys.modules)))"
    )
    lines = "".join(f"{each.name} = {each.example}\n" for each in SETTINGS)
    for text, count in (("", 0), (lines, len(SETTINGS))):
        written(path, text)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines() == [str(count), "[]"]


# --------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('levle = "easy"', '1:1: unknown key "levle": did you mean "level"?'),
        ("\n\nx = 1", '3:1: unknown key "x": there are level, minutes, pace, '),
        ("[play]\nwait = true", '1:2: unknown key "play"'),
        (
            'level = "eazy"',
            '1:9: level is "easy", "standard" or "strong", got "eazy": did you mean "easy"?',
        ),
        ("pace = 1", '1:8: pace is "calm", "normal" or "brisk", got 1'),
        ("talk = false", '1:8: talk is "full", "brief" or "tones", got false'),
        ('minutes = "10"', "1:11: minutes is a whole number: write minutes = 10"),
        ("minutes = 2.5", "1:11: minutes is a whole number: write minutes = 10"),
        ("minutes = 721", "1:11: minutes is from 0 to 720, got 721"),
        ("left_first = 1", "1:14: left_first is true or false: write left_first = true"),
        (
            'voice = "natral"',
            '1:9: voice begins with who speaks, got "natral": did you mean "natural"?',
        ),
        (
            'voice = "xyz:a"',
            '1:9: voice begins with who speaks, got "xyz:a": write one of auto, natural, pyttsx3,',
        ),
        ("voice = 3", '1:9: voice is a name in quotes: write voice = "pyttsx3"'),
        ("rate = 2", "1:8: rate is from 0.8 to 1.2, got 2"),
        ("rate = nan", "1:8: rate is from 0.8 to 1.2, got nan"),
        ('rate = "slow"', "1:8: rate is a number: write rate = 0.9"),
        (
            'music = "padd"',
            '"bowls", "none" or a file such as "calm.mp3", got "padd": did you mean "pad"?',
        ),
        ('music = "a\\u0007.mp3"', "1:11: music holds a control character (U+0007): take it out"),
        ("music_gain = 13", "1:14: music_gain is from -30 to 12 dB, got 13"),
        ('music_gain = "soft"', "1:14: music_gain is a number of dB: write music_gain = -6"),
        ('for = "dog"', '1:7: for is "adult" or "child", got "dog"'),
        (
            'player = "gramophone"',
            '1:10: player is "auto", "miniaudio", "simpleaudio" or "pipe", got "gramophone"',
        ),
        ('device = " "', '1:10: device is empty: write device = "headphones"'),
        (f'device = "{"x" * 2001}"', "1:10: device has 2001 characters, at most 2000 are allowed"),
        ('wait = "no"', "1:8: wait is true or false: write wait = false"),
        ('format = "mp4"', '1:10: format is "mp3", "m4a"'),
        ('quality = "best"', '1:11: quality is "small", "phone" or "hi-fi", got "best"'),
        ('captions = "srt"', '1:12: captions is a list: write captions = ["srt"]'),
        (
            'captions = ["srt", "txt"]',
            '1:20: item 2 of captions is "lrc", "srt" or "vtt", got "txt"',
        ),
        ("level = easy", "1:9: this is not a value: write texts in quotes"),
        ('level = "easy', "this text is not closed"),
        ('level = "easy"\nlevel = "strong"', "this name has a value already"),
    ],
)
def test_a_mistake_in_the_file_is_told(text: str, message: str, path: Path) -> None:
    """File, line and column, what is wrong, and what to write instead."""
    said = problem(written(path, text), "plain")
    assert said.startswith(f"{path}:")
    assert message in said
    assert len(said.splitlines()) == 1


def test_all_mistakes_are_told_at_once(path: Path) -> None:
    """In the order of the file."""
    lines = problem(written(path, 'rate = 9\nlevle = 1\nlevel = "eazy"\n')).splitlines()
    assert [line.split(":")[1] for line in lines] == ["1", "2", "3"]


def test_a_path_without_a_home_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tilde stands for nothing there."""

    def no_home(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", no_home)
    assert "no home folder" in problem(written(path, 'music = "~/calm.mp3"'))


def test_what_is_no_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a link to nowhere, other encodings, a folder that is a file: never passed over."""
    path.mkdir(parents=True)
    assert "this is a folder" in problem(read_settings())
    path.rmdir()
    path.symlink_to("nowhere.toml")
    assert f"{path}: there is no such file" in problem(read_settings())
    path.unlink()
    path.write_bytes('level = "easy"'.encode("utf-16"))
    assert "UTF-16" in problem(read_settings())
    path.write_bytes(b"#" * 1_100_000)
    assert "larger than 1 MiB" in problem(read_settings())
    monkeypatch.setenv("VOICECOACH_CONFIG", str(path))
    assert "VOICECOACH_CONFIG names the folder of settings.toml" in problem(read_settings())


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        (
            "LEVEL",
            "eazy",
            'LEVEL is "easy", "standard" or "strong", got "eazy": did you mean "easy"?',
        ),
        ("MINUTES", "ten", "MINUTES is a whole number: write VOICECOACH_MINUTES=10"),
        ("MINUTES", "-1", "MINUTES is from 0 to 720, got -1"),
        ("MINUTES", "9" * 5000, "MINUTES is a whole number"),
        ("MUSIC_GAIN", "nan", "MUSIC_GAIN is a number of dB: write VOICECOACH_MUSIC_GAIN=-6"),
        ("PLAIN", "perhaps", "PLAIN is true or false: write VOICECOACH_PLAIN=true"),
        (
            "CAPTIONS",
            "srt txt",
            'item 2 of VOICECOACH_CAPTIONS is "lrc", "srt" or "vtt", got "txt"',
        ),
        ("DEVICE", "a\udc80b", "DEVICE holds a control character (U+DC80): take it out"),
        ("MUSIC", "wavs", 'did you mean "waves"?'),
    ],
)
def test_a_mistake_in_a_variable_is_told_with_its_name(
    variable: str, text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To those who use that setting, and to no others."""
    variable = f"VOICECOACH_{variable}"
    name = next(each.name for each in SETTINGS if each.variable == variable)
    monkeypatch.setenv(variable, text)
    found = read_settings()
    said = problem(found, name)
    assert message in said
    assert variable in said
    found.check(set(BY_NAME) - {name})
    assert found.source(name) is Source.DEFAULT


# ------------------------------------------------------------------------------------ what is saved

LIVED_IN = """\
# Mine. Do not touch.

level = "easy"   # mornings
  # about the voice
voice   =   'pyttsx3'

captions = [
  "srt",  # for the television
]
minutes = 10
"""


def test_the_first_setting_makes_folder_and_file(path: Path) -> None:
    """With a header that says what it is."""
    assert save_setting("level", "easy") == path
    save_setting("music_gain", -6.0)
    head, _, rest = path.read_text("utf-8").partition("\n\n")
    assert all(line.startswith("# ") for line in head.splitlines())
    assert "voicecoach config" in head
    assert rest == 'level = "easy"\nmusic_gain = -6.0\n'
    assert read_settings().value("music_gain") == -6.0


def test_comments_and_order_stay(path: Path) -> None:
    """Only what is changed is changed."""
    written(path, LIVED_IN)
    save_setting("level", "strong")
    save_setting("plain", True)
    assert path.read_text("utf-8") == LIVED_IN.replace('"easy"  ', '"strong"  ') + "plain = true\n"
    remove_setting("plain")
    save_setting("level", "easy")
    assert path.read_text("utf-8") == LIVED_IN
    remove_setting("voice")
    assert path.read_text("utf-8") == LIVED_IN.replace("voice   =   'pyttsx3'\n", "")


def test_a_file_with_mistakes_can_be_mended(path: Path) -> None:
    """A wrong value is replaced, and a misspelt key is taken out."""
    written(path, 'levle = "easy"\nminutes = "10"\n[play]\nwait = true\n')
    save_setting("minutes", 10)
    remove_setting("levle")
    save_setting("level", "easy")
    remove_setting("play")
    found = read_settings()
    found.check(BY_NAME)
    assert dict(found.in_file) == {"minutes": 10, "level": "easy"}


def test_what_is_not_there_cannot_be_taken_out(path: Path) -> None:
    """The message says what is there."""
    with pytest.raises(SettingsError, match=r"no \"level\"; there are: none"):
        remove_setting("level")
    assert not path.exists()
    written(path, LIVED_IN)
    with pytest.raises(SettingsError, match='did you mean "level"'):
        remove_setting("levels")
    assert path.read_text("utf-8") == LIVED_IN


def test_a_file_that_is_no_toml_is_not_touched(path: Path) -> None:
    """It is somebody's work, in the middle of which we do not write."""
    written(path, "level = easy\n")
    with pytest.raises(SettingsError, match=r"settings.toml:1:9: .*\nNothing was changed"):
        save_setting("level", "easy")
    assert path.read_text("utf-8") == "level = easy\n"


def test_what_tomlkit_would_spoil_is_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be written is read back first: nothing but the one setting may differ."""
    written(path, LIVED_IN)
    monkeypatch.setattr(tomlkit, "dumps", lambda _: 'level = "strong"\n')
    with pytest.raises(SettingsError, match="in an editor; nothing was changed"):
        save_setting("level", "strong")
    assert path.read_text("utf-8") == LIVED_IN


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_modes_stay(path: Path) -> None:
    """A file that others may read stays one; a new one is private."""
    save_setting("level", "easy")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o664)
    save_setting("level", "strong")
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    """Where the file lives in a folder of its owner, that one is changed."""
    real = tmp_path / "dotfiles" / "voicecoach.toml"
    real.parent.mkdir()
    real.write_text(LIVED_IN, "utf-8")
    path.parent.mkdir()
    path.symlink_to(real)
    save_setting("level", "strong")
    assert path.is_symlink()
    assert real.read_text("utf-8") == LIVED_IN.replace('"easy"  ', '"strong"  ')
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]
    real.unlink()
    with pytest.raises(SettingsError, match=r"a link to a file that is not there.*; mend the link"):
        save_setting("level", "easy")
    assert path.is_symlink()
    path.unlink()
    path.symlink_to(path.name)
    with pytest.raises(SettingsError, match=r"settings.toml: "):
        save_setting("level", "easy")


def test_a_folder_that_is_shut_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do; the file is as it was."""
    written(path, LIVED_IN)

    def shut(**_: object) -> tuple[int, str]:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "mkstemp", shut)
    with pytest.raises(
        SettingsError, match=r"settings.toml: the settings are as they were"
    ) as told:
        save_setting("level", "strong")
    assert f"make {path.parent} writable" in str(told.value)
    assert path.read_text("utf-8") == LIVED_IN
    monkeypatch.setenv("VOICECOACH_CONFIG", str(path / "deeper"))
    with pytest.raises(SettingsError, match="name another folder with VOICECOACH_CONFIG"):
        save_setting("level", "strong")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full (Linux)")
def test_a_full_disk_keeps_the_file_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left: a message, the old file, and nothing half-written beside it."""
    written(path, LIVED_IN)
    real_fdopen = os.fdopen

    def on_a_full_disk(handle: int, mode: str) -> object:
        os.dup2(os.open("/dev/full", os.O_WRONLY), handle)
        return real_fdopen(handle, mode)

    monkeypatch.setattr(os, "fdopen", on_a_full_disk)
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    with pytest.raises(SettingsError, match=r"No space left on device.*; make room on the disk"):
        save_setting("level", "strong")
    assert path.read_text("utf-8") == LIVED_IN
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


SAVES_FOR_EVER = """
import itertools
from voicecoach.cli.settings.file import save_setting
for number in itertools.count():
    save_setting("minutes", number % 700)
    if number == 2:
        print("going", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a reader is in the way of a writer there")
def test_a_kill_leaves_a_whole_file(path: Path) -> None:
    """Killed in the middle of saving, again and again: always a file that can be read."""
    written(path, LIVED_IN)
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", SAVES_FOR_EVER], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            for _ in range(20):
                assert read_settings().value("level") == "easy"
            process.kill()
        found = read_settings()
        found.check(BY_NAME)
        assert path.read_text("utf-8").startswith(LIVED_IN.partition("minutes")[0])


# ------------------------------------------------------------------------------------- and read back

_LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=40,
).filter(
    lambda text: (
        text.strip()
        and not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    )
)
_VALUES = {
    "minutes": st.integers(0, 720),
    "rate": st.floats(0.8, 1.2),
    "music_gain": st.floats(-30, 12),
    "device": _LINE,
    "captions": st.lists(st.sampled_from(["lrc", "srt", "vtt"]), max_size=3, unique=True),
    "plain": st.booleans(),
    "voice": _LINE.map(lambda text: f"pyttsx3:{text}"),
    "music": st.sampled_from(["waves", "none"]) | _LINE.map(lambda text: str(Path("/m", text))),
    "level": st.sampled_from(["easy", "standard", "strong"]),
}
_CHANGES = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.none() | _VALUES[name])
)
_COMMENTS = ["# first", "# second", "# third"]


@tries(60)
@given(changes=st.lists(_CHANGES, min_size=1, max_size=12))
def test_whatever_is_saved_is_read_back(changes: list[tuple[str, Any]], path: Path) -> None:
    """Any values in any order, taken out in between: the file holds just these, and its comments."""
    written(path, '# first\nlevel = "easy"\n# second\nminutes = 10\n# third\n')
    expected: dict[str, Any] = {"level": "easy", "minutes": 10}
    for name, value in changes:
        if value is not None:
            save_setting(name, value)
            expected[name] = value
        elif name in expected:
            remove_setting(name)
            del expected[name]
    found = read_settings()
    found.check(BY_NAME)
    assert dict(found.in_file) == expected
    lines = path.read_text("utf-8").split("\n")
    assert [line for line in lines if line in _COMMENTS] == _COMMENTS
