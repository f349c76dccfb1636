"""A playing session, written into the practice log from its first exercise on."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from voicecoach.cli.clock import local_now
from voicecoach.cli.output import say
from voicecoach.cli.playing.diary import lasting_name
from voicecoach.errors import PracticeLogError, RoutineError
from voicecoach.play.resuming import new_session_id
from voicecoach.play.transport import Mode
from voicecoach.practice.log import LogWriter
from voicecoach.practice.record import Practice
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from voicecoach.library.library import Library
    from voicecoach.play.live import LivePlay
    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.routine.model import Level, Routine


class Logbook:
    """Keeps the practice log up to date with one session; an opening alone is no practice.

    An exercise is done as soon as its work has begun, unless it is skipped before its end. What
    goes on after `--resume` is a session of its own: it may be another day, another voice and other
    exercises, and one row for both would be true of neither.
    """

    def __init__(self, routine: Routine, level: Level, library: Library) -> None:
        self.live: LivePlay | None = None
        self._routine = routine
        self._library = library
        self._level = level
        self._writer = LogWriter()
        self._practice: Practice | None = None
        """The session; None before its first exercise."""
        self._written: Practice | None = None
        self._index = -1
        self._worked: set[int] = set()
        """The segments whose work has begun."""
        self._over: set[int] = set()
        """Those whose work is over: going on from there skips nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bring_up_to_date()
        failure = self._writer.close()
        if failure and self._practice is not None:
            name = name_to_call(self._routine, self._library)
            say(
                f"{failure}\nSo this session is not in your practice log. To add it then: "
                f"{command_to_add(self._practice, name)}"
            )

    @property
    def has_practice(self) -> bool:
        """Whether anything was done whose effort and pain one can tell."""
        return self._practice is not None and self._practice.exercises_done > 0

    def show(self, now: NowPlaying) -> None:
        """Write down each exercise as it begins, and again when its work does."""
        moment = now.moment
        if moment is None or not moment.exercise_number:
            return
        if now.mode not in (Mode.PLAYING, Mode.WAITING):
            return
        index = moment.segment_index
        news = index != self._index
        self._index = index
        if moment.phase is Phase.WORK and index not in self._worked:
            self._worked.add(index)
            news = True
        elif moment.phase is Phase.REST and not moment.set_number:
            self._over.add(index)
        if not news:
            return
        if self._practice is None:
            self._practice = self._begun()
        self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Write down how far the session has come; nothing before its first exercise."""
        live = self.live
        if self._practice is None or live is None:
            return
        self._write(
            replace(
                self._practice,
                seconds=round(live.seconds_played, 1),
                exercises_done=len(self._over | (self._worked - live.skipped)),
                finished=live.finished,
            )
        )

    def rate(self, *, effort: int | None = None, pain: bool | None = None) -> None:
        """Write down how it was; None leaves what was said before."""
        if self._practice is None:
            return
        effort = self._practice.effort if effort is None else effort
        pain = self._practice.pain if pain is None else pain
        self._write(replace(self._practice, effort=effort, pain=pain))

    def _write(self, practice: Practice) -> None:
        self._practice = practice
        if practice != self._written:
            self._written = practice
            self._writer.write(practice)

    def _begun(self) -> Practice:
        return Practice.of(
            self._routine,
            session_id=new_session_id(),
            begun_at=local_now(),
            seconds=0.0,
            exercises_done=0,
            finished=False,
            level=self._level,
        )


def history_if_any() -> tuple[Practice, ...]:
    """Return all sessions of the log, oldest first; say so and return none if it is unreadable."""
    from voicecoach.practice.log import load_history

    try:
        return load_history()
    except PracticeLogError as error:  # no reason not to exercise
        say(f"{error}\nSo nobody knows here what you practised, or whether something hurt.")
        return ()


def name_to_call(routine: Routine, library: Library) -> str:
    """Return the name that finds a routine again from here, or its path where no name does."""
    if routine.path is None:
        return routine.slug
    try:
        if library.find_routine(routine.slug).resolve() == routine.path.resolve():
            return routine.slug
    except RoutineError:
        pass
    return lasting_name(routine.path)


def command_to_add(practice: Practice, name: str) -> str:
    """Return the command that writes a session into the log by hand."""
    words = ["voicecoach", "log", "--add", name, "--on", f"{practice.begun_at:%Y-%m-%dT%H:%M}"]
    words += ["--minutes", str(max(1, round(practice.seconds / 60)))]
    if not practice.finished or practice.exercises_done < practice.exercises:
        words += ["--done", str(practice.exercises_done)]
    if practice.level != "standard":
        words += ["--level", practice.level]
    if practice.effort is not None:
        words += ["--effort", str(practice.effort)]
    if practice.pain is not None:
        words += ["--pain", "yes" if practice.pain else "no"]
    return shlex.join(words)
