"""Finds routines, shared blocks and sounds by name.

Three folders are looked through, the nearest first: the working folder, the user's own folder and
the bundle of voicecoach. Each holds routines in scripts/, what routines share in scripts/shared/
and sounds in audio/sounds/; a name in a nearer folder hides the same name in a farther one. Names
come from routine files of strangers and are never used as paths.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from voicecoach.errors import RoutineError, RoutineNotFoundError, SoundNotFoundError
from voicecoach.files import folders
from voicecoach.language.language import shared_files
from voicecoach.language.speakable.lexicon import LEXICON_NAME, load_lexicons
from voicecoach.library.shared import merge, translated
from voicecoach.messages import choose_from, quoted
from voicecoach.toml.document import Document
from voicecoach.toml.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.library.shared import Shared

Origin = Literal["yours", "user", "bundled"]
"""Whose a file is: in the working folder, in the user's folder, or delivered with voicecoach."""

SOUND_ENDINGS: Final = (".wav", ".flac", ".ogg", ".mp3", ".m4a")
"""In the order of preference."""

_ROUTINE_SIGN: Final = re.compile(r"""^[ \t]*(["']?)voicecoach\1[ \t]*=""", re.MULTILINE)


@dataclass(frozen=True)
class RoutineEntry:
    """A routine file that can be called by its name."""

    name: str
    """The file's name without its ending."""
    path: Path
    origin: Origin
    error: RoutineError | None = None
    """Why the file cannot be read as TOML at all; other mistakes show when it is loaded."""


class Library:
    """All that can be found by name."""

    def __init__(
        self,
        working_folder: Path | None = None,
        *,
        user_folder: Path | None = None,
        bundled_folder: Path | None = None,
    ) -> None:
        places: dict[Origin, Path | None] = {
            "yours": working_folder or Path.cwd(),
            "user": user_folder or folders.home_folder(),
            "bundled": bundled_folder or folders.bundled_folder(),
        }
        self.folders = {origin: place for origin, place in places.items() if place is not None}
        """The places that are looked through, nearest first."""
        self._parsed: dict[Path, Document] = {}
        """The files that have been read, as they were then."""

    def document(
        self, path: Path, *, language: str | None = None, text: str | None = None
    ) -> Document:
        """Return a file to read from; it is parsed again only when its text has changed.

        `text` is its future content, where it is not written yet. Raises RoutineError where that is
        no TOML.
        """
        text = read_text(path) if text is None else text
        before = self._parsed.get(path)
        root = before.root if before and before.text == text else None
        document = self._parsed[path] = Document(path, text, language=language, root=root)
        return document

    def routines(self) -> list[RoutineEntry]:
        """Return every routine by name; broken files are listed, other TOML files are not."""
        found: dict[str, RoutineEntry] = {}
        for entry in self._entries():
            found.setdefault(entry.name, entry)
        return sorted(found.values(), key=lambda entry: entry.name)

    def find_routine(self, name_or_path: str) -> Path:
        """Return the file of a routine: by name, or by path where it looks like one."""
        separators = {"/", os.sep, os.altsep}
        if name_or_path.endswith(".toml") or separators & set(name_or_path):
            path = Path(name_or_path)
            if not _exists(path):
                message = (
                    f"there is no file {quoted(name_or_path)}; `voicecoach list` shows the names"
                )
                raise RoutineNotFoundError(name_or_path, message)
            return path
        if entry := next(self._entries(name_or_path), None):
            return entry.path
        message = f"no routine {choose_from(name_or_path, [one.name for one in self.routines()])}"
        raise RoutineNotFoundError(name_or_path, message)

    def routines_named(self, name: str) -> list[Path]:
        """Return the files of that name, the nearest first."""
        return [entry.path for entry in self._entries(name)]

    def _entries(self, name: str | None = None) -> Iterator[RoutineEntry]:
        """Yield the routines of all folders, the nearest first, or only those of a name."""
        for origin, folder in self.folders.items():
            for path in _files(folder / "scripts", (".toml",)):
                if path.name == LEXICON_NAME or name not in (None, path.stem):
                    continue
                if entry := self._entry(path, origin):
                    yield entry

    def _entry(self, path: Path, origin: Origin) -> RoutineEntry | None:
        """Return the entry of a file; None where the file does not say that it is a routine."""
        try:
            text = read_text(path)
            if not _ROUTINE_SIGN.search(text):
                return None
            self.document(path, text=text)
        except RoutineError as error:
            return RoutineEntry(path.stem, path, origin, error)
        return RoutineEntry(path.stem, path, origin)

    def find_sound(self, name: str) -> Path:
        """Return the file of a sound."""
        sounds: dict[str, Path] = {}
        for folder in self.folders.values():
            for path in _files(folder / "audio" / "sounds", SOUND_ENDINGS):
                sounds.setdefault(path.stem, path)
        if name in sounds:
            return sounds[name]
        raise SoundNotFoundError(f"no sound {choose_from(name, sorted(sounds))}")

    @cached_property
    def shared(self) -> Shared:
        """Return the blocks, STOP lines, contraindications and variables of all shared files."""
        shared = merge([self.document(path) for path in files] for files in self._shared_files())
        return translated(shared, [self.document(path) for path in shared_files()])

    @property
    def lexicon_files(self) -> list[Path]:
        """The files of the user's own words, the nearest first; some may not be there yet."""
        return [
            (folder / "scripts" if origin == "yours" else folder) / LEXICON_NAME
            for origin, folder in self.folders.items()
            if origin != "bundled"
        ]

    def lexicon(self) -> dict[str, str]:
        """Return the user's own words with their respellings; raise PhraseError for a bad file."""
        return load_lexicons(self.lexicon_files)

    def files_beside(self) -> list[Path]:
        """Return the files that every routine may draw on; some may not be there yet."""
        shared = [path for files in self._shared_files() for path in files]
        return [*shared, *shared_files(), *self.lexicon_files]

    def _shared_files(self) -> Iterator[list[Path]]:
        for folder in self.folders.values():
            yield list(_files(folder / "scripts" / "shared", (".toml",)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long, a folder that may not be entered
        return False


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of a folder with these endings, by preference and name."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in endings]
    except OSError:
        return
    for path in sorted(paths, key=lambda path: (endings.index(path.suffix.lower()), path.name)):
        if path.is_file() and not path.name.startswith(".") and path.name.isprintable():
            yield path
