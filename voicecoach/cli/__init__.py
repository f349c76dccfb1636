"""The command line: the only place that prints, reads arguments and exits.

Commands import what they need when they run, so that help and lists answer at once.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from voicecoach import __version__
from voicecoach.cli import (
    cache_command,
    check_command,
    config_command,
    devices_command,
    doctor_command,
    export_command,
    list_command,
    log_command,
    plan_command,
    play_command,
    show_command,
    voices_command,
)
from voicecoach.cli.output import say_error
from voicecoach.cli.with_settings import WithSettings
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from typer import Context


class _Commands(TyperGroup):
    """Turns the errors that are raised on purpose into one clear message and exit status 1."""

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
    help="A voice that talks you through exercise, hands-free: on your speakers or as a track for the phone.",
    epilog="Start with: voicecoach list · voicecoach play relaxation · voicecoach export relaxation. "
    "Keep what you like for every time: voicecoach config",
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


for _name, _command, _summary in (
    ("list", list_command.list_routines, "What there is."),
    ("show", show_command.show, "What is said when, in one routine."),
    ("plan", plan_command.plan, "What to practise this week, and why."),
    ("play", play_command.play, "Play a routine on the speakers, hands-free."),
    ("export", export_command.export, "Make a track for the phone."),
    ("log", log_command.log, "What you have practised."),
    ("check", check_command.check, "Everything wrong with a routine file."),
    ("voices", voices_command.voices, "Who can speak here; hear a voice."),
    ("devices", devices_command.devices, "Speakers and headphones to choose from."),
    ("doctor", doctor_command.doctor, "What works on this computer."),
):
    app.command(_name, cls=WithSettings, short_help=_summary)(_command)
app.add_typer(config_command.app, name="config", short_help="What you want every time.")
app.add_typer(cache_command.app, name="cache", short_help="Spoken sentences that are kept.")


def _leave_pipe_alone() -> None:
    """Close stdout without a complaint when whoever reads it has gone (`voicecoach show | head`)."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def main() -> None:
    """Run the command line."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(
            stream, "reconfigure"
        ):  # a terminal that cannot show a dash gets a question mark
            stream.reconfigure(errors="replace")
    app()
