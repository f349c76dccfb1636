"""What is said when, for people and for programs: the cue sheet of a script as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicecoach.messages import clock, whole_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voicecoach.script.model import Cue, Script


def cue_sheet(script: Script) -> str:
    """Return the whole script as lines of text, one a cue, under a heading for each chapter."""
    return "\n".join(cue_sheet_lines(script)) + "\n"


def cue_sheet_lines(script: Script, speakable: Callable[[str], str] | None = None) -> Iterator[str]:
    """Yield the lines of the cue sheet; times are from the start of the session.

    With `speakable`, the front end of speech, a line follows where words are spoken otherwise than
    they are written.
    """
    yield f"{script.routine.title}  {whole_clock(script.duration_seconds)}"
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        yield ""
        yield f"{clock(start):>8}  {segment.title}  ({segment.duration_seconds:.1f} s)"
        for cue in segment.cues:
            yield cue_line(start + cue.start_seconds, cue)
            if speakable:
                said = " ".join(speakable(sentence.text) for sentence in cue.sentences)
                if said and said != cue.text:
                    yield f"          spoken  {said}"
        for note in segment.notes:
            yield f"          note: {note.kind} {note.detail}: {note.text}"


def cue_line(seconds: float, cue: Cue) -> str:
    """Return the line of a cue that begins at a time."""
    return f"{clock(seconds):>8}  {'tone' if cue.kind == 'sound' else 'say '}  {cue.text}"


def as_json(script: Script) -> dict[str, Any]:
    """Return the public form of a script (`show --json`), with the times of the rendered audio."""
    cues = [
        {
            "start_seconds": _exact(start + cue.start_seconds),
            "duration_seconds": _exact(cue.duration_seconds),
            "kind": cue.kind,
            ("text" if cue.kind == "speech" else "sound"): cue.text,
            "step": segment.slug or None,
            "side": cue.side or None,
        }
        for segment, start in zip(script.segments, script.starts_seconds, strict=True)
        for cue in segment.cues
    ]
    chapters = [
        {
            "title": chapter.title,
            "start_seconds": _exact(chapter.start_seconds),
            "end_seconds": _exact(chapter.end_seconds),
        }
        for chapter in script.chapters
    ]
    return {
        "title": script.routine.title,
        "audience": script.routine.audience.value,
        "language": script.routine.language,
        "duration_seconds": _exact(script.duration_seconds),
        "chapters": chapters,
        "cues": cues,
    }


def _exact(seconds: float) -> float:
    return round(seconds, 5)  # finer than a frame, without float noise
