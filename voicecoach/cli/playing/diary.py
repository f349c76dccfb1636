"""Where a playing session is, written down for the day it is cut off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from voicecoach.cli.output import say
from voicecoach.play.resuming import Ending, LastPlay, ResumePoint, Saver, new_session_id, utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.cli.playing.speakers import Speakers
    from voicecoach.fitting.wishes import Wishes
    from voicecoach.play.live import LivePlay
    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.session.session import Session


class Diary:
    """Writes down where the session is, so that it can go on there whatever ends it."""

    def __init__(self, session: Session, wishes: Wishes, speakers: Speakers, *, wait: bool) -> None:
        routine = session.routine
        self.live: LivePlay | None = None
        self._routine = routine
        self._session_id = new_session_id()
        self._saver = Saver(self._session_id, say)
        self._saved: tuple[int, float] | None = None
        """Which segment was written down last, and the pace of the voice."""
        self._place = ResumePoint(
            session_id=self._session_id,
            title=routine.title,
            routine=lasting_name(routine.path) if routine.path else routine.slug,
            step="",
            step_title="",
            exercise_number=0,
            exercise_count=len(routine.steps),
            wishes=wishes,
            wait=wait,
            player=speakers.name,
            device=speakers.device or "",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        live = self.live
        if live is not None and live.finished:
            self._saver.clear()
            self._note(Ending.FINISHED)
        else:
            interrupted = kind is None or not issubclass(kind, Exception)
            self._note(Ending.QUIT if interrupted else Ending.FAILED)
        self._saver.close()

    def say_how_to_go_on(self) -> None:
        """Say how to come back to a session that was left."""
        if self._saved is not None and not (self.live and self.live.finished):
            say("To go on here: voicecoach play --resume")

    def show(self, now: NowPlaying) -> None:
        """Write down each exercise as it begins, and each change of the voice's pace.

        The opening is no place to go on from, and does not replace the place that was left before.
        """
        moment = now.moment
        if moment is None or not moment.exercise_number:
            return
        if (moment.segment_index, now.rate) == self._saved:
            return
        self._saved = (moment.segment_index, now.rate)
        place = replace(
            self._place,
            wishes=replace(self._place.wishes, rate=now.rate),
            saved_at=utc_now(),
            step=moment.slug,
            step_title=moment.title,
            exercise_number=moment.exercise_number,
        )
        self._saver.save(place)
        self._note(Ending.CUT_OFF)

    def _note(self, ending: Ending) -> None:
        live = self.live
        if live is None:
            return
        self._saver.save(
            LastPlay(
                title=self._routine.title,
                player=live.player.name,
                device=live.player.device_description,
                underruns=live.underruns,
                seconds_played=live.seconds_played,
                ending=ending,
            )
        )


def lasting_name(path: Path) -> str:
    """Return a name that finds a routine file again from any folder."""
    return str(path.resolve())
