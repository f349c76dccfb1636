"""Every error that voicecoach raises on purpose.

    VoicecoachError
    ├── RoutineError             a routine file is wrong; one error holds all its problems
    │   └── RoutineNotFoundError
    ├── WishError                a routine cannot be as it was wished
    ├── SoundNotFoundError       no sound has that name
    ├── PhraseError              a file of a language or a lexicon is wrong
    ├── SettingsError            a setting is wrong, or could not be saved
    ├── SpeechError              a sentence could not be spoken
    │   └── EngineUnavailableError
    ├── SoundError               a sound file cannot be used
    ├── ExportError              a track, a sheet or a new routine could not be written
    │   └── EncoderUnavailableError
    ├── PlaybackError            a session could not be played
    │   └── PlayerUnavailableError
    ├── ServeError               the library could not be shown in browsers
    ├── PracticeLogError         the log of what was practised cannot be read or written
    └── DesktopUnavailableError  no media keys here; playing goes on without them

Each message says where it happened, what is wrong and what to do next; the command line prints it
and exits with 1. Anything else that escapes is a bug and keeps its traceback.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING

from voicecoach.messages import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator


class VoicecoachError(Exception):
    """The base of all errors raised on purpose; `str()` is the message for people."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The routine cannot be used, or would not be safe."""
    WARNING = "warning"
    """It can be used, but people who follow it will stumble."""
    ADVICE = "advice"
    """It could be better."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a routine file: a finding."""

    line: int
    """Line in the file, from 1; 0 where a problem belongs to the file as a whole."""
    column: int
    """Column in that line, from 1; 0 where the line as a whole is meant."""
    step: str
    """The step as a person would call it, such as `step 3 "Plank"`; empty outside steps."""
    message: str
    """What is wrong and what is allowed; no full stop at the end."""
    fix: str = ""
    """What to do next; no full stop at the end. Empty where the message says it all."""
    code: str = "routine"
    """What kind of mistake it is, in lower-case words with hyphens, as in `findings`."""
    severity: Severity = Severity.ERROR
    path: Path | None = None
    """The file, where it is not the error's own: one that the routine extends."""
    slug: str = ""
    """The slug of that step; empty outside steps, and where the step has none."""

    @property
    def order(self) -> tuple[object, ...]:
        """The sort key: findings go by their places in the file."""
        return (str(self.path or ""), self.line, self.column, self.step, self.message)

    def describe(self, path: Path | str) -> str:
        """Return `path:line:column: step: message: fix`, the form that editors make clickable."""
        return f"{self._place(path)}: {self._said}"

    def listed(self, path: Path | str) -> str:
        """Return `path:line:column: severity: step: message: fix [code]`, a line of `check`."""
        return f"{self._place(path)}: {self.severity}: {self._said} [{self.code}]"

    def _place(self, path: Path | str) -> str:
        place = escaped(str(self.path or path))
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return place

    @property
    def _said(self) -> str:
        return f"{self.step}: {self.what_to_do}" if self.step else self.what_to_do

    @property
    def what_to_do(self) -> str:
        """Return the message and the fix as one line."""
        return f"{self.message}: {self.fix}" if self.fix else self.message


class RoutineError(VoicecoachError):
    """A routine file cannot be used; `problems` are all that is wrong with it, in file order."""

    def __init__(self, path: Path | str, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.order))
        super().__init__("\n".join(problem.describe(path) for problem in self.problems))


class RoutineNotFoundError(RoutineError):
    """No routine has that name; the message lists those there are."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, ())
        self.name = name
        self.args = (message,)


class WishError(VoicecoachError):
    """A routine cannot be as it was wished; the message says why, and what comes nearest."""

    def __init__(self, message: str, *, nearest_minutes: int = 0) -> None:
        super().__init__(message)
        self.nearest_minutes = nearest_minutes
        """How long it can last instead; 0 where that is not known."""


class SoundNotFoundError(VoicecoachError):
    """No sound has that name; the message lists those there are."""


class PhraseError(VoicecoachError):
    """A file of a language lacks something or holds what cannot be used, or a lexicon does."""


class SettingsError(VoicecoachError):
    """A setting of the user's file or environment cannot be used, or the file cannot be changed."""


class SpeechError(VoicecoachError):
    """A sentence could not be spoken; nothing is made rather than a session with a hole in it."""

    def __init__(self, message: str, *, engine: str = "", text: str = "") -> None:
        super().__init__(message)
        self.engine = engine
        self.text = text
        self.chapter = ""
        """The title of the chapter that the sentence is said in, once a session knows it."""
        self.slug = ""
        """The slug of its step; empty for the opening and the closing."""

    def __str__(self) -> str:
        message = super().__str__()
        return f'"{self.chapter}": {message}' if self.chapter else message


@contextmanager
def spoken_in(chapter: str, slug: str) -> Iterator[None]:
    """Note in a SpeechError from inside which chapter its sentence is said in, unless it knows."""
    try:
        yield
    except SpeechError as error:
        if not error.chapter:
            error.chapter, error.slug = chapter, slug
        raise


class EngineUnavailableError(SpeechError):
    """A speech engine or voice is not here; the message says what to install or choose."""


class SoundError(VoicecoachError):
    """A sound file cannot be read, or holds something that is not a sound."""


class ExportError(VoicecoachError):
    """A track, a sheet or a new routine could not be written; the target is as it was before."""


class EncoderUnavailableError(ExportError):
    """An encoder is not here; the message says what to install or choose."""


class PlaybackError(VoicecoachError):
    """Playing failed."""


class PlayerUnavailableError(PlaybackError):
    """A player, or any speaker at all, is not here; the message names `export`."""

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        """What is wrong with the one player that was tried, without its name."""


class ServeError(VoicecoachError):
    """The library cannot be shown in browsers here; the message says what to do instead."""


class PracticeLogError(VoicecoachError):
    """The practice log cannot be read or written; its content is as it was before."""


class DesktopUnavailableError(VoicecoachError):
    """The desktop's media keys cannot reach a session; the message says why and what to do."""
