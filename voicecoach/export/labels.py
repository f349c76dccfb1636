"""What a track says of itself: from a routine and its script to the tags of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.export.track import TrackTags
from voicecoach.language.phrases import load_phrases
from voicecoach.script.captions import captions

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

GENRE = "Fitness"


def track_tags(
    script: Script,
    *,
    cover: bytes = b"",
    date: str = "",
    number: int = 0,
    album_tracks: int = 0,
    made_from: str = "",
) -> TrackTags:
    """Return the tags of a whole session as one track; see TrackTags for what each is."""
    routine = script.routine
    return TrackTags(
        title=routine.title,
        album=album_title(routine),
        comment=" ".join([routine.summary, *routine.safety_lines]).strip(),
        genre=GENRE,
        language=routine.language,
        date=date,
        number=number,
        album_tracks=album_tracks,
        chapters=script.chapters,
        captions=captions(script),
        cover=cover,
        made_from=made_from,
        script=script,
    )


def album_title(routine: Routine) -> str:
    """Return the programme that a routine belongs to, as players group tracks."""
    return load_phrases(routine.language, routine.audience).print(f"{routine.audience}_album")
