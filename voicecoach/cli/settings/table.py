"""What a person wants every time: from a file and the environment to checked settings.

    settings = read_settings()
    settings.check(["level"])
    level = settings.value("level")

`SETTINGS` is the one table of them all, with the option of each and the commands that have it. An
environment variable comes before the file, and the command line before both.

Nothing heavy is imported here: most commands read this before they do anything.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, get_args

from voicecoach.errors import RoutineError, SettingsError
from voicecoach.files.folders import user_folder
from voicecoach.fitting.wishes import DRAFTS, NO_MUSIC, OUR_MUSIC, WISHES, Wish
from voicecoach.messages import alternatives, nearest, quoted
from voicecoach.routine.model import Audience
from voicecoach.toml.document import Document, Spot
from voicecoach.toml.fields import Field, attempt, read_table
from voicecoach.toml.readers import as_it_stands, boolean, choice, language_tag, list_of, number
from voicecoach.toml.text import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FILE_NAME: Final = "settings.toml"


@dataclass(frozen=True)
class ValueKind:
    """The kind of a setting's values."""

    read: Callable[[Spot], Any]
    """Takes a value as it stands in TOML, or refuses it."""
    from_text: Callable[[str], object] = str
    """Turns what stands outside of TOML, as in a variable, into what TOML would hold."""
    words: Callable[[], Sequence[str]] = tuple
    """All that can be written, or what is likely; for completion."""


def _one_of(words: Callable[[], Sequence[str]]) -> ValueKind:
    def read(spot: Spot) -> str:
        return choice(words())(spot)

    return ValueKind(read, words=words)


def _some_of(words: Callable[[], Sequence[str]]) -> ValueKind:
    def read(spot: Spot) -> list[str]:
        known = words()
        read_all = list_of(choice(known), "a list", most=len(known), item_example=f'"{known[0]}"')
        return list(read_all(spot))

    def from_text(text: str) -> list[str]:
        items = re.split(r"[\s,]+", text.strip(" ,"))
        return [] if items == ["none"] else items

    return ValueKind(read, from_text, words=lambda: (*words(), "none"))


def _amount(low: float, high: float, unit: str = "", *, whole: bool = False) -> ValueKind:
    def from_text(text: str) -> object:
        if re.fullmatch(r"[+-]?\d{1,9}", text.strip()):
            return int(text)
        if re.fullmatch(r"[+-]?\d{1,9}\.\d{1,9}", text.strip()):
            return float(text)
        return text

    return ValueKind(number(low, high, unit, whole=whole), from_text)


_YES_AND_NO: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_YES_OR_NO: Final = ValueKind(
    boolean,
    lambda text: _YES_AND_NO.get(text.strip().casefold(), text),
    words=lambda: ("true", "false"),
)


def _voice(spot: Spot) -> str:
    """Read `auto`, `ENGINE` or `ENGINE:VOICE`; the file of a voice gets its whole path."""
    engine, colon, who = as_it_stands(spot).partition(":")
    known = _voices()
    if engine not in known:
        near = nearest(engine, known)
        fix = f'did you mean "{near}"?' if near else f"write one of {', '.join(known)}"
        message = f"{spot.name} begins with who speaks, got {quoted(spot.value)}"
        raise spot.refuse(message, fix=fix, code="unknown-name")
    if engine == "piper" and who.partition("#")[0].endswith(".onnx"):
        return f"piper:{_whole_path(who, spot)}"
    return f"{engine}{colon}{who}"


def _music(spot: Spot) -> str:
    """Read the name of a bed, `none`, or a file, which gets its whole path."""
    written = as_it_stands(spot)
    known = (*OUR_MUSIC, NO_MUSIC)
    if written in known:
        return written
    if Path(written).suffix or written.startswith("~") or {"/", os.sep, os.altsep} & set(written):
        return _whole_path(written, spot)
    near = nearest(written, known)
    fix = f'did you mean "{near}"?' if near else "write one of these"
    allowed = alternatives([*(f'"{word}"' for word in known), 'a file such as "calm.mp3"'])
    message = f"{spot.name} is {allowed}, got {quoted(written)}"
    raise spot.refuse(message, fix=fix, code="unknown-name")


def _whole_path(written: str, spot: Spot) -> str:
    """Return a path that holds in any folder: a relative one is meant from its own file."""
    path = Path(written)
    try:
        path = path.expanduser()
    except RuntimeError as error:
        message = f"{spot.name}: this user has no home folder"
        fix = "write the path without ~"
        raise spot.refuse(message, fix=fix, code="unreadable-file") from error
    return str(spot.document.path.parent.absolute() / path)


def _names_in(module: str, table: str, *more: str) -> Callable[[], Sequence[str]]:
    """Return a function that lists `more` and a table's names; it imports the module when asked."""
    return lambda: (*more, *getattr(import_module(f"voicecoach.{module}"), table))


_voices: Final = _names_in("speech.engines", "ENGINES", "auto")


def _languages() -> Sequence[str]:
    from voicecoach.language.language import available_languages

    return available_languages()


@dataclass(frozen=True)
class Setting:
    """One line of the table."""

    name: str
    """As in the file; `--music-gain` and `VOICECOACH_MUSIC_GAIN` follow from `music_gain`."""
    kind: ValueKind
    example: str
    """A right value, as TOML."""
    default: object
    """What holds without it, as the option has it."""
    help: str
    """What it is, in a line."""
    commands: tuple[str, ...]
    """Which use it, of those that have the option."""
    without: str = ""
    """What holds without it, in words, where `default` is None."""
    unless: tuple[str, ...] = ()
    """It is not used where one of these options, or arguments, is given."""
    needs: str = ""
    """It is not used where this other setting is nothing."""

    @property
    def option(self) -> str:
        """Return the option that stands for it on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Return the environment variable that stands for it."""
        return "VOICECOACH_" + self.name.upper()


_PLAYED: Final = ("play", "preview")
_RESUMED: Final = ("--resume",)
"""A session that is resumed keeps what it was begun with."""

_KINDS_OF_TEXTS: Final = {
    "language": ValueKind(language_tag, words=_languages),
    "voice": ValueKind(_voice, words=_voices),
    "music": ValueKind(_music, words=lambda: (*OUR_MUSIC, NO_MUSIC)),
}
"""By the wish: what its text may be."""


def _kind_of(wish: Wish) -> ValueKind:
    kinds = [each for each in get_args(wish.kind) or [wish.kind] if each is not NoneType]
    match kinds:
        case [kind] if issubclass(kind, StrEnum):
            return _one_of(lambda: [*kind])
        case [kind] if kind is bool:
            return _YES_OR_NO
        case [kind] if kind in (int, float):
            low, high = wish.least or 0, wish.most or 0
            return _amount(low, high, wish.unit, whole=kind is int)
        case _:
            return _KINDS_OF_TEXTS.get(wish.name, ValueKind(as_it_stands))


def _wished() -> Iterator[Setting]:
    for wish in WISHES.values():
        if wish.example:
            yield Setting(
                wish.option.removeprefix("--").replace("-", "_"),
                _kind_of(wish),
                wish.example,
                wish.default,
                wish.listed_help or wish.help,
                tuple(one for one in wish.commands if wish.for_drafts or one not in DRAFTS),
                without=wish.without,
                unless=(*wish.unless, *_RESUMED),
                needs=wish.goes_with,
            )


SETTINGS: Final = (
    *_wished(),
    Setting(
        "for",
        _one_of(lambda: [*Audience]),
        '"child"',
        None,
        "For whom a routine is chosen where you name none: adult or child.",
        ("play",),
        without="adult",
        unless=("ROUTINE", *_RESUMED),
    ),
    Setting(
        "player",
        _one_of(_names_in("play.players", "PLAYERS", "auto")),
        '"miniaudio"',
        "auto",
        "What plays: auto, miniaudio, simpleaudio or pipe.",
        _PLAYED,
        unless=_RESUMED,
    ),
    Setting(
        "device",
        ValueKind(as_it_stands),
        '"headphones"',
        None,
        "Which speakers: a name from `voicecoach devices`, or a part of it.",
        _PLAYED,
        without="the usual speakers",
        unless=("--player", *_RESUMED),
    ),
    Setting(
        "keep_alive",
        _YES_OR_NO,
        "false",
        True,
        "Keep Bluetooth speakers awake with sound too quiet to hear.",
        _PLAYED,
    ),
    Setting(
        "plain",
        _YES_OR_NO,
        "true",
        False,
        "One line for each event instead of the big screen.",
        ("play",),
    ),
    Setting(
        "wait",
        _YES_OR_NO,
        "true",
        False,
        "Hold before each exercise until you press space.",
        ("play",),
        unless=_RESUMED,
    ),
    Setting(
        "fade",
        _YES_OR_NO,
        "false",
        True,
        "Shorter instructions for a routine that you know well, as your practice log tells.",
        ("play",),
    ),
    Setting(
        "format",
        _one_of(_names_in("export.formats", "FORMATS")),
        '"m4a"',
        None,
        "What a track is where -o does not say it.",
        ("export",),
        without="mp3",
    ),
    Setting(
        "quality",
        _one_of(_names_in("export.formats", "Quality")),
        '"small"',
        "phone",
        "How good and how large a track is: small, phone or hi-fi.",
        ("export",),
    ),
    Setting(
        "captions",
        _some_of(_names_in("script.captions", "CAPTION_FILES")),
        '["srt"]',
        None,
        "Files with the words beside a track: lrc, srt, vtt.",
        ("export",),
        without="none",
    ),
)
"""All settings: the wishes that are declared as one, and one line for each other option."""

BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


class Source(StrEnum):
    """Where a value comes from, the weakest first."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True)
class Settings:
    """What was found, right or wrong."""

    path: Path | None
    """The file, whether it is there or not; None for a user without a home."""
    in_file: Mapping[str, Any] = field(default_factory=dict)
    """The right values of the file, by name."""
    in_environment: Mapping[str, Any] = field(default_factory=dict)
    """The right values of environment variables, by name."""
    file_problem: str = ""
    """All that is wrong with the file."""
    variable_problems: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with variables, by name of the setting."""

    def source(self, name: str) -> Source:
        """Return the source of a setting's value."""
        if name in self.in_environment:
            return Source.ENVIRONMENT
        stronger = {BY_NAME[other].option for other in self.in_environment}
        if name in self.in_file and stronger.isdisjoint(BY_NAME[name].unless):
            return Source.FILE
        return Source.DEFAULT

    def value(self, name: str) -> Any:
        """Return the value that holds, the default without any."""
        found = {Source.ENVIRONMENT: self.in_environment, Source.FILE: self.in_file}
        return found.get(self.source(name), {name: BY_NAME[name].default})[name]

    def check(self, names: Iterable[str]) -> None:
        """Raise SettingsError if one of them is wrong; a file with mistakes is wrong for all."""
        problems = [
            self.variable_problems[name] for name in names if name in self.variable_problems
        ]
        if self.file_problem:
            problems.append(self.file_problem)
        if problems:
            raise SettingsError("\n".join(problems))


def settings_path() -> Path | None:
    """Return the file: `settings.toml` in VOICECOACH_CONFIG, or in the user's config folder.

    None for a user without a home, as in a container.
    """
    folder = user_folder("config", "VOICECOACH_CONFIG")
    return None if folder is None else folder.absolute() / FILE_NAME


def read_settings() -> Settings:
    """Read the file and the environment; `Settings.check` tells the mistakes."""
    path = settings_path()
    in_file: dict[str, Any] = {}
    file_problem = ""
    if path is not None:
        in_file, file_problem = _read_file(path)
    in_environment: dict[str, Any] = {}
    variable_problems: dict[str, str] = {}
    for setting in SETTINGS:
        if written := os.environ.get(setting.variable):
            try:
                in_environment[setting.name] = read_words(setting, written, setting.variable)
            except SettingsError as error:
                variable_problems[setting.name] = str(error)
    return Settings(path, in_file, in_environment, file_problem, variable_problems)


def read_words(setting: Setting, written: str, name: str) -> Any:
    """Return the value that somebody means by a text; raise SettingsError, which calls it `name`.

    Paths are meant from the working folder.
    """
    document = Document(Path.cwd() / FILE_NAME, "none = 0")  # what is read stands in no file
    value, equals = setting.kind.from_text(written), "=" if name == setting.variable else " = "
    spot = Spot(document, (name,), value, example=setting.example, equals=equals)
    found = attempt(setting.kind.read, spot)
    if problems := document.problems():
        raise SettingsError("; ".join(problem.what_to_do for problem in problems))
    return found[0]


def _read_file(path: Path) -> tuple[dict[str, Any], str]:
    try:
        path.lstat()
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        if path.parent.is_file():
            return (
                {},
                f"{path.parent}: this is a file: VOICECOACH_CONFIG names the folder of {FILE_NAME}",
            )
        return {}, f"{path}: the settings cannot be read: {(error.strerror or str(error)).lower()}"
    values: dict[str, Any] = {}
    try:
        text = read_text(path)
        if not text.strip():
            return {}, ""
        document = Document(path, text)
        with document.checked():
            found = read_table(document.spot(), _FIELDS)
            values = {name: value for name, value in found.items() if name in document.root}
    except RoutineError as error:
        return values, str(error)
    return values, ""


_FIELDS: Final = tuple(Field(each.name, each.kind.read, each.example) for each in SETTINGS)
