"""What all systems of tags have in common: the texts, our mark, and the names of languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import voicecoach
from voicecoach.language.phrases import three_letters
from voicecoach.messages import printable
from voicecoach.script.captions import lrc_lines

if TYPE_CHECKING:
    from voicecoach.export.track import TrackTags

MARK_NAME = "voicecoach"
MARK_TEXT = voicecoach.__version__
MADE_FROM_NAME = "voicecoach_made_from"
SOFTWARE = f"{MARK_NAME} {MARK_TEXT}"

_OTHER_LANGUAGES = {
    "cs": "ces",
    "da": "dan",
    "el": "ell",
    "fi": "fin",
    "fr": "fra",
    "hu": "hun",
    "it": "ita",
    "ja": "jpn",
    "nl": "nld",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "sv": "swe",
    "tr": "tur",
    "uk": "ukr",
    "zh": "zho",
}
"""Codes (ISO 639-2) of languages that the coach does not speak, by the first part of a tag."""


def texts_of(tags: TrackTags) -> dict[str, str]:
    """Return the texts that are not empty, by field."""
    fields = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "comment": tags.comment,
        "genre": tags.genre,
        "date": tags.date,
    }
    return {name: printable(text) for name, text in fields.items() if printable(text)}


def language_code(tags: TrackTags) -> str:
    """Return the three-letter code of the language, which tags want; empty if it is unknown."""
    if code := three_letters(tags.language):
        return code
    return _OTHER_LANGUAGES.get(tags.language.lower().partition("-")[0], "")


def chapter_title(title: str) -> str:
    """Return a chapter's title as it is written; an empty one would not be shown at all."""
    return printable(title) or "-"


def lyrics(tags: TrackTags) -> str:
    """Return the words with their times, as players read them where a format has no better way."""
    return "\n".join(lrc_lines(tags.captions))
