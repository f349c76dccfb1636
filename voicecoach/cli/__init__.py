"""The command line: the only place that prints, reads arguments and exits.

A command's module is imported when the command is asked for, and imports what it needs when it
runs; so every answer comes at once.
"""

from __future__ import annotations

import os
import sys
from collections import UserDict
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from voicecoach import __version__
from voicecoach.cli.output import say_error
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from typer import Context

__all__ = ["app", "main"]

_COMMANDS = {
    "list": ("list", "list_routines", "What there is."),
    "show": ("show", "show", "What is said when, in one routine."),
    "plan": ("plan", "plan", "What to practise this week, and why."),
    "play": ("play", "play", "Play a routine on the speakers, hands-free."),
    "export": ("export", "export", "Make a track for the phone."),
    "serve": ("serve", "serve", "The library in a browser, also for phones."),
    "log": ("log", "log", "What you have practised."),
    "new": ("new", "new", "A routine file of your own to begin with."),
    "check": ("check", "check", "Everything wrong with a routine file."),
    "format": ("format", "format_files", "Tidy the layout of routine files."),
    "schema": ("schema", "schema", "What editors need to complete routine files."),
    "preview": ("preview", "preview", "Hear one step of a routine at once."),
    "voices": ("voices", "voices", "Who can speak here; hear a voice."),
    "devices": ("devices", "devices", "Speakers and headphones to choose from."),
    "doctor": ("doctor", "doctor", "What works on this computer."),
    "config": ("config", "app", "What you want every time."),
    "cache": ("cache", "app", "Spoken sentences that are kept."),
}
"""Each command: its module here, its name there, and a line for the list of commands."""


class _WhenAsked(UserDict[str, Any]):
    """The commands by name, each made when somebody asks for it."""

    def __getitem__(self, name: str) -> Any:
        if self.data[name] is None:
            self.data[name] = _command(name)
        return self.data[name]


def _command(name: str) -> Any:
    from voicecoach.cli.with_settings import WithSettings

    module, attribute, summary = _COMMANDS[name]
    found = getattr(import_module(f"voicecoach.cli.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command = typer.main.get_command(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name, cls=WithSettings, short_help=summary)(found)
        command = typer.main.get_command(alone)
    command.name, command.short_help = name, summary
    return command


class _Commands(TyperGroup):
    """Turns the errors that are raised on purpose into one clear message and exit status 1."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _WhenAsked(dict.fromkeys(_COMMANDS))

    def invoke(self, ctx: Context) -> Any:  # type: ignore[override, unused-ignore]
        """Run the command; 130 where it is interrupted, as shells expect."""
        try:
            return super().invoke(ctx)
        except VoicecoachError as error:
            say_error(str(error))
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            say_error("Stopped.")
            raise typer.Exit(130) from error
        except BrokenPipeError as error:
            _leave_pipe_alone()
            raise typer.Exit(1) from error
        except OSError as error:  # a full disk behind a pipe, a folder that was deleted under us
            say_error(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
            _leave_pipe_alone()
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Commands,
    name="voicecoach",
    help="A voice that talks you through exercise, hands-free: on your speakers or as a track for"
    " the phone.",
    epilog="Start with: voicecoach list · voicecoach play relaxation · voicecoach export"
    " relaxation. Keep what you like for every time: voicecoach config",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"voicecoach {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def _leave_pipe_alone() -> None:
    """Close stdout without a complaint when its reader has gone (`voicecoach show | head`)."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def main() -> None:
    """Run the command line."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # the program that started us closed it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A terminal that cannot show a dash gets a question mark, and so do we for what is no text.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()
