"""Sessions that people play: the real command in a process of its own, typed to, and heard."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.conftest import has_heard_disclaimer
from tests.support.stream import Burst, where
from tests.support.terminal import CHECKOUT, in_pty
from voicecoach.cli.options import chosen, open_wished
from voicecoach.fitting.wishes import USUAL_SEED, Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.players.keep_alive import bed_in_silence
from voicecoach.sound.clip import SAMPLE_RATE, to_pcm16
from voicecoach.sound.timeline import Placement, place
from voicecoach.speech.cache import ClipCache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tests.support.null_sink import NullSink
    from tests.support.terminal import Pty
    from voicecoach.session.departure import Departure
    from voicecoach.session.session import Session

VOICE = "pyttsx3"
"""Speaks any sentence in some milliseconds."""


def play_command(
    *arguments: str, sink: NullSink | None = None, **environment: str
) -> subprocess.Popen[str]:
    """Start the command without a terminal, on the speakers of the test or on others.

    Children hear the words of a track, not today's, as `opened` has them.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "play", *arguments, "--seed", str(USUAL_SEED)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | (sink.environment if sink else {}) | environment,
    )  # fmt: skip


def cue_sheet(*arguments: str) -> list[dict[str, object]]:
    """Return the cues that `voicecoach show --json` tells."""
    shown = subprocess.run(
        [sys.executable, "-m", "voicecoach", "show", *arguments, "--json"],
        capture_output=True, text=True, check=True, cwd=CHECKOUT,
    )  # fmt: skip
    cues: list[dict[str, object]] = json.loads(shown.stdout)["cues"]
    return cues


@contextlib.contextmanager
def opened(
    path: str | Path,
    *,
    voice: str = "auto",
    rate: float = 1.0,
    only: tuple[str, ...] = (),
    spoken: Path | None = None,
) -> Iterator[Session]:
    """Open the session that the command plays, with every sentence of it spoken.

    `spoken` is the folder of what has been spoken, where it is not the usual one.
    """
    library = Library()
    routine = load_routine(library.find_routine(str(path)), library)
    wishes = Wishes(voice=voice, rate=rate, only=only)
    with open_wished(chosen(routine, wishes), wishes, library) as session:
        if spoken is not None:
            session.narrator._cache = ClipCache(spoken)
        session.measure(lambda _done, _total: None)
        yield session


def rendered(session: Session, departure: Departure | None = None) -> NDArray[np.float32]:
    """Return all samples of a session, or those from a departure on."""
    return np.concatenate([block.samples[:, 0] for block in session.blocks(departure)])


def as_sent(
    render: NDArray[np.float32], first_frame: int = 0, *, keep_alive: bool = True
) -> NDArray[np.int16]:
    """Return what the speakers are sent for a render: with the bed where it is silent."""
    samples = to_pcm16(render)
    return bed_in_silence(samples[:, None], first_frame)[:, 0] if keep_alive else samples


def placements_of(session: Session) -> list[Placement]:
    """Return every sentence and every tone of a session, with its sound and its place."""
    script = session.script
    return [
        placed
        for start, segment in zip(script.starts_seconds, script.segments, strict=True)
        for placed in place(segment, start, session.clips, SAMPLE_RATE)
    ]


def spoken_bursts(session: Session) -> list[Burst]:
    """Return where each sentence lies, those left out that a tone or another clip shares a frame with."""
    placements = placements_of(session)
    return [
        Burst(one.start_frame, one.clip.length_frames)
        for one in placements
        if one.cue.kind == "speech" and one.clip.length_frames > SAMPLE_RATE // 4
        and not any(
            other is not one and other.start_frame < one.end_frame and one.start_frame < other.end_frame
            for other in placements
        )
    ]  # fmt: skip


def sentence_in(
    recording: NDArray[np.int16], session: Session, text: str, *, after: int = 0
) -> tuple[int, float]:
    """Return where a sentence of the session's voice lies best in a recording, and how like it that is."""
    clip = session.clips.sentence(text)
    at, likeness = where(clip.samples[:, 0], recording[after:])
    return after + at, likeness


def is_said(recording: NDArray[np.int16], session: Session, text: str) -> bool:
    """Return whether a sentence is heard in a recording."""
    return sentence_in(recording, session, text)[1] > 0.9


@dataclass(frozen=True)
class Stage:
    """Speakers, a state, a folder and a voice that one scene has to itself.

    The voice says nothing exactly the same twice; so what it has said is kept for each scene alone. Nobody
    plays here for the first time.
    """

    sink: NullSink
    folder: Path

    def __post_init__(self) -> None:
        has_heard_disclaimer(self.folder / "state")

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead a session here."""
        own = {
            "VOICECOACH_STATE": "state",
            "VOICECOACH_CACHE": "spoken",
            "VOICECOACH_DATA": "data",
        }
        return self.sink.environment | {
            name: str(self.folder / folder) for name, folder in own.items()
        }

    @contextlib.contextmanager
    def opened(
        self, path: str, *, rate: float = 1.0, only: tuple[str, ...] = ()
    ) -> Iterator[Session]:
        """Open a session that was played here."""
        with opened(
            path, voice=VOICE, rate=rate, only=only, spoken=self.folder / "spoken"
        ) as session:
            yield session

    def routine(self, text: str, name: str = "routine") -> str:
        """Write a routine file and return its path."""
        path = self.folder / f"{name}.toml"
        path.write_text(text, "utf-8")
        return str(path)

    @contextlib.contextmanager
    def play(self, *arguments: str) -> Iterator[Pty]:
        """Start the command in a terminal of its own; it asks nothing when it is over."""
        with in_pty("voicecoach", "play", "--yes", *arguments, **self.environment) as terminal:
            yield terminal

    def places(self) -> list[dict[str, Any]]:
        """Return the places that sessions have left."""
        files = (self.folder / "state").glob("place-*.json")
        return [json.loads(file.read_text("utf-8")) for file in files]

    def processes(self) -> list[int]:
        """Return the processes of sessions that were started here and still live."""
        mark = f"VOICECOACH_STATE={self.folder / 'state'}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
        return found
