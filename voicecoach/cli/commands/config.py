"""`voicecoach config`: what a person wants every time, and where it is said."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from voicecoach.cli.options import Json
from voicecoach.cli.output import harmless, print_json, print_table, say, say_error
from voicecoach.errors import SettingsError

if TYPE_CHECKING:
    from voicecoach.cli.settings.table import Setting, Settings

_WIDE_COLUMNS: Final = 120
"""A terminal of this width has room for the help of each setting, too."""

app = typer.Typer(
    add_completion=False,
    help="Show your settings, or change one: what you want every time without naming it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


def complete_name(incomplete: str) -> list[str]:
    """Return the settings whose names begin like this, for the shell's completion."""
    from voicecoach.cli.settings.table import BY_NAME

    return [name for name in BY_NAME if name.startswith(incomplete.replace("-", "_"))]


def complete_value(context: typer.Context, incomplete: str) -> list[str]:
    """Return the values of the setting on the command line that begin like this."""
    from voicecoach.cli.settings.table import BY_NAME

    setting = BY_NAME.get(str(context.params.get("key")).replace("-", "_"))
    words = setting.kind.words() if setting else ()
    return [str(word) for word in words if word.startswith(incomplete)]


_NAME = typer.Argument(
    metavar="NAME",
    help="A setting, as `voicecoach config` lists them.",
    autocompletion=complete_name,
)


@app.callback()
def config(ctx: typer.Context, as_json: Json = False) -> None:
    """Show every setting, its value, and where that comes from.

    The command line comes before environment variables (VOICECOACH_ and the name in capitals), and
    these before the settings file. Exit status 1 where one of them is wrong.
    """
    if ctx.invoked_subcommand is not None:
        return
    from voicecoach.cli.settings.table import SETTINGS, read_settings

    settings = read_settings()
    problem = ""
    try:
        settings.check(each.name for each in SETTINGS)
    except SettingsError as error:
        problem = str(error)
    if as_json:
        print_json(
            {
                "path": None if settings.path is None else str(settings.path),
                "settings": [_as_json(each, settings) for each in SETTINGS],
                "problems": problem.splitlines(),
            }
        )
    else:
        headings = ("Setting", "Value", "From", "What it is")
        narrow = sys.stdout.isatty() and get_terminal_size().columns < _WIDE_COLUMNS
        columns = 3 if narrow else 4
        rows = [_row(each, settings)[:columns] for each in SETTINGS]
        print_table(headings[:columns], rows)
        say("Change one: voicecoach config set NAME VALUE · take it back: config unset NAME")
    if problem:
        say_error(problem)
        raise typer.Exit(1)


def _row(setting: Setting, settings: Settings) -> list[str]:
    value = settings.value(setting.name)
    shown = setting.without if value is None else _shown(value)
    return [setting.name, harmless(shown), harmless(_from(setting, settings)), setting.help]


def _shown(value: Any) -> str:
    """Return a value as `config set` takes it."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(value) or "none"
        case _:
            return str(value) or "none"


def _from(setting: Setting, settings: Settings) -> str:
    from voicecoach.cli.settings.table import Source

    if setting.name in settings.variable_problems:
        return f"{setting.variable} is wrong"
    return {
        Source.ENVIRONMENT: setting.variable,
        Source.FILE: str(settings.path),
        Source.DEFAULT: "default",
    }[settings.source(setting.name)]


def _as_json(setting: Setting, settings: Settings) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": settings.value(setting.name),
        "source": settings.source(setting.name).value,
        "from": _from(setting, settings),
        "option": setting.option,
        "variable": setting.variable,
        "commands": list(setting.commands),
        "help": setting.help,
    }


@app.command("set", context_settings={"ignore_unknown_options": True})  # -6 is a value, too
def set_one(
    key: Annotated[str, _NAME],
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE", help="What it shall be from now on.", autocompletion=complete_value
        ),
    ],
) -> None:
    """Write a setting into the settings file, whose comments and order stay as they are."""
    from voicecoach.cli.settings.file import save_setting
    from voicecoach.cli.settings.table import read_words

    setting = _setting(key)
    try:
        meant = read_words(setting, value, setting.name)
    except SettingsError as error:
        raise typer.BadParameter(str(error), param_hint="VALUE") from error
    path = save_setting(setting.name, meant)
    say(f"{path}: {setting.name} is {_shown(meant)} from now on.")
    if setting.name == "music" and meant not in setting.kind.words() and not _is_file(meant):
        say(f"For now there is no file {meant}.")
    _say_what_is_left(setting)


@app.command()
def unset(key: Annotated[str, _NAME]) -> None:
    """Take a setting out of the settings file: the default holds again."""
    from voicecoach.cli.settings.file import remove_setting
    from voicecoach.cli.settings.table import BY_NAME

    known = BY_NAME.get(key.replace("-", "_"))
    name = known.name if known else key  # one that is misspelt in the file
    path = remove_setting(name)
    say(f"{path}: {name} is taken out.")
    _say_what_is_left(known)


@app.command("path")
def show_path() -> None:
    """Print where the settings file is, or would be."""
    from voicecoach.cli.settings.file import changeable_path

    path = changeable_path()
    print(path)
    if not path.exists():
        say("It is not there yet: voicecoach config set NAME VALUE makes it.")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except OSError:  # a name that is too long
        return False


def _setting(name: str) -> Setting:
    from voicecoach.cli.settings.table import BY_NAME
    from voicecoach.messages import choose_from

    plain = name.replace("-", "_")
    if plain not in BY_NAME:
        raise typer.BadParameter(
            f"no setting {choose_from(plain, list(BY_NAME))}", param_hint="NAME"
        )
    return BY_NAME[plain]


def _say_what_is_left(setting: Setting | None) -> None:
    from voicecoach.cli.settings.table import Source, read_settings

    settings = read_settings()
    if setting is not None and settings.source(setting.name) is Source.ENVIRONMENT:
        say(f"{setting.variable} is set as well, and comes before the file.")
    if settings.file_problem:
        say_error(settings.file_problem)
