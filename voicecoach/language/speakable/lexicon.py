"""The user's own words: `word = "respelling"`, one a line, applied after every other rule.

`lexicon.toml` lies in the user folder or in `./scripts`. It is TOML with strings only; the
quotation marks may be left out:

    # what the voice says wrongly = what it should read instead
    kolobok = "collo-bock"
    plie = plee-ay
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from voicecoach.errors import PhraseError
from voicecoach.language.speakable.rule import like

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LEXICON_NAME = "lexicon.toml"
_MAX_BYTES = 256 * 1024
_MAX_WORD_LENGTH = 100
_LINE = re.compile(
    r"""\s*(?:"(?P<quoted>[^"]*)"|'(?P<literal>[^']*)'|(?P<word>[^=#"'\s][^=#"]*?))\s*=\s*
        (?:"(?P<respelling>[^"]*)"|'(?P<literal_respelling>[^']*)'|(?P<bare>[^"'#\s][^"#]*?))\s*(?:\#.*)?""",
    re.VERBOSE,
)


def apply_lexicon(text: str, lexicon: Mapping[str, str]) -> str:
    """Return `text` with each whole word of the lexicon, in either case, in its respelling.

    Longer entries win, and a respelling is not looked up again.
    """
    entries = tuple(sorted(lexicon.items()))
    pattern, respellings = _compiled(entries)
    return pattern.sub(lambda match: like(match[0], respellings[match[0].lower()]), text)


@functools.lru_cache(maxsize=8)
def _compiled(entries: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    respellings = {word.lower(): respelling for word, respelling in entries}
    longest_first = sorted(respellings, key=lambda word: (-len(word), word))
    words = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), respellings


def load_lexicons(paths: Iterable[Path]) -> dict[str, str]:
    """Return the entries of those files that are there; the first file that has a word wins."""
    merged: dict[str, str] = {}
    for path in paths:
        if path.is_file():
            merged = load_lexicon(path) | merged
    return merged


def load_lexicon(path: Path) -> dict[str, str]:
    """Return the entries of one lexicon file, words in lower case.

    Raises PhraseError that names the line and what is allowed there.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            most = f"{_MAX_BYTES // 1024} KiB at most"
            raise PhraseError(f"{path}: a lexicon may have {most}; keep the words you need")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PhraseError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise PhraseError(
            f"{path}: cannot be read ({error.strerror}); allow reading or remove the file"
        ) from error
    lexicon: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        word, respelling = _parse_line(line, f"{path}:{number}")
        if word in lexicon:
            raise PhraseError(
                f'{path}:{number}: "{word}" stands here for the second time; keep one of the two'
            )
        lexicon[word] = respelling
    return lexicon


def _parse_line(line: str, place: str) -> tuple[str, str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise PhraseError(
            f'{place}: write one entry a line, word = "respelling"; got {line.strip()[:60]!r}'
        )
    word = " ".join((match["quoted"] or match["literal"] or match["word"] or "").split()).lower()
    respelling = " ".join(
        (match["respelling"] or match["literal_respelling"] or match["bare"] or "").split()
    )
    if "\\" in (match["respelling"] or ""):
        respelling = _unescaped(match["respelling"], place)
    for what, value in (("word", word), ("respelling", respelling)):
        if not any(character.isalnum() for character in value):
            raise PhraseError(
                f"{place}: the {what} needs a letter or a digit, or nothing could be said"
            )
        if len(value) > _MAX_WORD_LENGTH or not value.isprintable():
            raise PhraseError(
                f"{place}: the {what} may have {_MAX_WORD_LENGTH} printable characters at most"
            )
    return word, respelling


def _unescaped(written: str, place: str) -> str:
    import tomllib

    try:
        return str(tomllib.loads(f'it = "{written}"')["it"])
    except tomllib.TOMLDecodeError as error:
        raise PhraseError(f"{place}: {error}; write a backslash as \\\\") from error
