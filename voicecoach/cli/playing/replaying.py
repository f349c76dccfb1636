"""Doing something again at every save of some routine files, until Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.authoring.watching import Watch
from voicecoach.cli.clock import local_now
from voicecoach.cli.output import say, say_error
from voicecoach.errors import VoicecoachError
from voicecoach.library.extending import files_of
from voicecoach.library.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def at_every_save(paths: Sequence[Path], do: Callable[[], object]) -> None:
    """Do something now and whenever one of the files changes, or one that it takes words from.

    It prints what is wrong, and goes on until Ctrl-C.
    """

    def files() -> list[Path]:
        library = Library()
        return [file for path in paths for file in files_of(path, library)]

    watch = Watch(files)
    try:
        while True:
            try:
                do()
            except VoicecoachError as error:
                say_error(str(error))
            say(f"{local_now():%H:%M:%S}  Watching {', '.join(map(str, paths))}. Ctrl-C ends.")
            watch.wait()
    except KeyboardInterrupt:
        say()
        say("No longer watching.")
