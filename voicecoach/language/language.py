"""A language is a folder: one that comes with voicecoach, or one of the user's own.

    languages/pt/
      phrases.toml            what the coach says and what is printed; makes the folder a language
      vocabulary.toml         what words mean: to the limits for children, the lints and the pace
      speakable.toml          how written forms are said: units, ranges, abbreviations
      template-adult.toml     the routine that `voicecoach new` begins with
      template-child.toml
      shared.toml             what routines share, such as health checks, in this language; ours
                              are in scripts/shared/, in all languages

The user's languages are in languages/ of the user's own folder, and hide ours of the same tag. What
a folder lacks, the English one does not replace: without a vocabulary nobody judges the words,
without written forms they are read as they stand, and `new` has no template.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voicecoach.errors import PhraseError, RoutineError
from voicecoach.files.folders import home_folder
from voicecoach.messages import instead
from voicecoach.routine.model import Audience
from voicecoach.toml.text import parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.language.completeness import Fault

PHRASES: Final = "phrases.toml"
VOCABULARY: Final = "vocabulary.toml"
SPEAKABLE: Final = "speakable.toml"
SHARED: Final = "shared.toml"
TEMPLATES: Final = "template-{audience}.toml"

MODEL: Final = "en"
"""The language that all others are held against."""
_OURS: Final = Path(__file__).parent / "languages"


@dataclass(frozen=True)
class Language:
    """A language that there is a folder for."""

    tag: str
    """In lower case with hyphens, as in `pt-br`; the name of its folder."""
    folder: Path
    is_own: bool = False
    """It is the user's, so nobody has checked its files yet."""

    def has(self, name: str) -> bool:
        """Return True if it has a file of that name."""
        return (self.folder / name).is_file()

    def text(self, name: str) -> str:
        """Return the text of one of its files; raises PhraseError where it cannot be read."""
        try:
            return read_text(self.folder / name)
        except RoutineError as error:
            raise PhraseError(str(error)) from error

    def table(self, name: str) -> dict[str, Any]:
        """Return the content of one of its files, which nobody may change.

        Raises PhraseError with the line where it is no TOML.
        """
        return _table(self, name)

    def check_names(self) -> None:
        """Raise PhraseError for a file whose name nobody asks for, such as `vocabluary.toml`."""
        names = [PHRASES, VOCABULARY, SPEAKABLE, SHARED]
        names += [TEMPLATES.format(audience=audience.value) for audience in Audience]
        for path in sorted(self.folder.glob("*.toml")):
            if path.name not in names:
                raise PhraseError(
                    f"{path}: no file of a language has this name; {instead(path.name, names)}"
                )

    def error(self, name: str, faults: Iterable[Fault]) -> PhraseError:
        """Return the faults of one of its files as an error, with the line of each."""
        from voicecoach.toml.spans import locate

        spans = locate(self.text(name))
        lines = []
        for fault in faults:
            span = spans.nearest(fault.keys)
            line = f":{span.line}" if span else ""
            lines.append(f"{self.folder / name}{line}: {fault}")
        return PhraseError("\n".join(lines))


@cache
def _table(language: Language, name: str) -> dict[str, Any]:
    try:
        return parse_toml(language.folder / name, language.text(name))
    except RoutineError as error:
        raise PhraseError(str(error)) from error


def language_of(tag: str) -> Language | None:
    """Return the language of a tag, `de` for `de-AT`; None where there is none."""
    known = _known()
    tag = _plain(tag)
    return known.get(tag) or known.get(tag.partition("-")[0])


def model() -> Language:
    """Return our English."""
    return Language(MODEL, _OURS / MODEL)


def available_languages() -> tuple[str, ...]:
    """Return the tags of all languages that there are."""
    return tuple(_known())


def shared_files() -> list[Path]:
    """Return the files in folders of languages with the texts that routines share."""
    return [language.folder / SHARED for language in _known().values() if language.has(SHARED)]


def own_languages_folder() -> Path | None:
    """Return the folder of the user's languages, there or not; None for a user without a home."""
    folder = home_folder()
    return folder / "languages" if folder else None


def _known() -> dict[str, Language]:
    own = own_languages_folder()
    try:
        return _with_own(own, own.stat().st_mtime_ns if own else 0)
    except OSError:  # there is none, as for most users
        return _with_own(None, 0)


@cache
def _with_own(own: Path | None, _changed_ns: int) -> dict[str, Language]:
    mine = _in(own, is_own=True) if own else {}
    return dict(sorted((_in(_OURS) | mine).items()))


def _in(folder: Path, *, is_own: bool = False) -> dict[str, Language]:
    # Tags come from strangers' files, so no path is made of one: folders are listed instead.
    try:
        found = [Language(_plain(each.name), each, is_own) for each in folder.iterdir()]
        return {language.tag: language for language in found if language.has(PHRASES)}
    except OSError:
        return {}


def _plain(tag: str) -> str:
    return tag.replace("_", "-").lower()
