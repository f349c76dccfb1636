"""What every fuzzer feeds: from the bytes of a file to all that is made of a routine but sound.

Nothing may escape but a VoicecoachError, whose words act on no terminal, and nothing that is made may
carry a character that does.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.authoring.lints import findings_of
from voicecoach.drawing.sheet import as_html
from voicecoach.drawing.sheet.layout import lay_out
from voicecoach.drawing.sheet.model import sheet_of
from voicecoach.errors import VoicecoachError
from voicecoach.export.sidecars import file_name, playlist
from voicecoach.export.tags.fields import chapter_title, lyrics, texts_of
from voicecoach.export.track import TrackTags
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.language.speakable import make_speakable
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.script import captions, cue_sheet
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

LONGEST_SECONDS = 1.0
"""Of CPU, for one file."""
MOST_MEMORY_MB = 300
CORPUS = Path(__file__).parent / "corpus"
"""Inputs that failed once, and a few of each kind to begin with."""

_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    kind: str
    """`refused`, `no-room` or `made`."""
    cpu_seconds: float


@cache
def _library() -> Library:
    library = Library()
    assert library.shared.blocks
    return library


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="voicecoach-fuzz-")) / "stranger.toml"


def follow(content: bytes, *, most_seconds: float = LONGEST_SECONDS) -> Outcome:
    """Do with a file all that the commands do, but for sound; raise AssertionError where a promise breaks.

    No command may take `most_seconds` of CPU for it.
    """
    path, library = _file(), _library()
    path.write_bytes(content)
    kind, seconds = _timed(path, library)
    if seconds > most_seconds:  # once more: a processor that is shared with others is slow
        kind, again = _timed(path, library)
        seconds = min(seconds, again)
    assert seconds <= most_seconds, f"{seconds:.2f} s for {len(content)} bytes"
    return Outcome(kind, seconds)


class _Laps:
    """Measures what a file costs, one command's part after the other; no command does all of them."""

    def __init__(self) -> None:
        self._begun = time.process_time()
        self.longest_seconds = 0.0

    def lap(self) -> None:
        """End a part."""
        now = time.process_time()
        self.longest_seconds = max(self.longest_seconds, now - self._begun)
        self._begun = now


def _timed(path: Path, library: Library) -> tuple[str, float]:
    laps = _Laps()
    kind = _outcome(path, library, laps)
    laps.lap()
    return kind, laps.longest_seconds


def _outcome(path: Path, library: Library, laps: _Laps) -> str:
    routine, problems = check_routine(path, library)
    if routine is None:
        assert problems
        for problem in problems:
            for line in (problem.describe(path), problem.listed(path)):
                assert line.isprintable(), ascii(line)
            assert len(problem.what_to_do) < 2000
        return "refused"
    try:
        fitted = personalise(routine, Wishes())
        phrases = load_phrases(fitted.language, fitted.audience)
        durations = NominalDurations(phrases.word_seconds)
        script = compile_script(fitted, phrases, durations)
    except VoicecoachError as error:
        said = str(error)
    else:
        said = ""
    if said:
        assert not _ACTS.search(said), ascii(said)
        return "no-room"
    for finding in findings_of(routine, script, phrases, durations):
        assert finding.listed(path).isprintable(), ascii(finding.listed(path))
    laps.lap()
    for made in _made_of(fitted, script):
        assert not _ACTS.search(made), ascii(_ACTS.search(made))
    return "made"


def _made_of(routine: Routine, script: Script) -> list[str]:
    """Return all texts that are made of a script."""
    lines = captions.captions(script)
    tags = TrackTags(
        routine.title, chapters=script.chapters, captions=lines, comment=routine.summary
    )
    sheet = sheet_of(routine)
    return [
        "\n".join(cue_sheet.cue_sheet_lines(script, make_speakable)),
        json.dumps(cue_sheet.as_json(script), ensure_ascii=False),
        captions.as_lrc(lines, routine.title),
        captions.as_srt(lines),
        captions.as_vtt(lines, routine.title),
        as_html.render(sheet, lay_out(sheet), "voicecoach").decode(),
        *texts_of(tags).values(),
        *(chapter_title(chapter.title) for chapter in script.chapters),
        lyrics(tags),
        playlist(routine.title, [(file_name(1, routine.title, ".mp3"), routine.title, 1.0)]),
    ]
