"""`voicecoach play`: a session on the speakers, hands-free, and in control when a hand is free."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.clock import local_now
from voicecoach.cli.options import (
    Device,
    For,
    KeepAlive,
    MaybeRoutineName,
    PlayerName,
    check_music,
    chosen,
    find_routine,
    open_wished,
    options_given,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import say
from voicecoach.cli.playing.choosing import choose
from voicecoach.cli.playing.ending import terminated_gently
from voicecoach.cli.playing.precautions import (
    FirstSession,
    has_heard_disclaimer,
    may_play,
    with_disclaimer,
)
from voicecoach.cli.playing.speakers import Speakers
from voicecoach.cli.settings.table import BY_NAME
from voicecoach.errors import PlaybackError
from voicecoach.fitting.wishes import WISHES, Wishes, wished_anew, wishes_of_today
from voicecoach.routine.model import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.cli.playing.logbook import Logbook
    from voicecoach.library.library import Library
    from voicecoach.play.live import LivePlay
    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.play.players import Player
    from voicecoach.play.resuming import ResumePoint
    from voicecoach.play.transport import Command
    from voicecoach.practice.record import Practice
    from voicecoach.routine.model import Audience, Routine
    from voicecoach.session.departure import Departure
    from voicecoach.session.session import Session


@dataclass(frozen=True)
class _Manner:
    """How a session is played, whatever is heard in it."""

    speakers: Speakers
    wait: bool
    plain: bool
    """Whether there is one line for each event instead of the big screen."""
    asks: bool
    """Whether a person at the terminal is asked how it was."""
    resumed: ResumePoint | None = None
    """The place that is gone on from."""

    def resuming(self, place: ResumePoint, given: set[str]) -> _Manner:
        """Return the manner of the session that was left, but for the options that were `given`."""
        speakers = self.speakers
        if not given & {"player_name", "device"}:  # a device is one of a player
            speakers = replace(speakers, name=place.player, device=place.device or None)
        wait = self.wait if "wait" in given else place.wait
        return replace(self, speakers=speakers, wait=wait, resumed=place)


@takes_wishes()
def play(
    context: typer.Context,
    wishes: Wishes,
    name: MaybeRoutineName = None,
    for_whom: For = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on where a session was left: the last, or ROUTINE's."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help=BY_NAME["wait"].help)] = False,
    plain: Annotated[bool, typer.Option("--plain/--no-plain", help=BY_NAME["plain"].help)] = False,
    player_name: PlayerName = "auto",
    device: Device = None,
    keep_alive: KeepAlive = True,
    fade: Annotated[bool, typer.Option("--fade/--no-fade", help=BY_NAME["fade"].help)] = True,
    log: Annotated[
        bool, typer.Option("--log/--no-log", help="Keep this session in your practice log.")
    ] = True,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            help="Ask nothing: the reasons against weights are read, or nobody is there to answer."
            " After a yes to them, and after pain, weights are refused all the same.",
        ),
    ] = False,
    ask_again: Annotated[
        bool,
        typer.Option(
            "--ask-again", help="Ask about the reasons against weights within the year, too."
        ),
    ] = False,
) -> None:
    """Play a routine on the speakers, hands-free from the first word to the last.

    Without a name you choose among the routines for you, your plan's next being the first; with
    --yes, or where nobody is at a terminal, it is played. On a terminal single keys pause, skip and
    repeat; they are shown on the screen. Ctrl-C stops at once. When it is over you may say how it
    was, one key each; the practice log keeps it.
    """
    from voicecoach.cli.playing.logbook import Logbook, history_if_any, name_to_call
    from voicecoach.library.library import Library

    history = cache(history_if_any)  # read once, where it is needed
    speakers = Speakers(player_name, device or None, keep_alive)
    library = Library()
    manner = _Manner(speakers, wait, plain, asks=not yes)
    given = options_given(context)
    place = None
    if resume:
        place = _place_to_resume(name, library)
        name = place.routine
        wishes = _wishes_to_resume(place, wishes, given)
        manner = manner.resuming(place, given)
    elif name is None:
        is_named = "level" in given
        choice = choose(for_whom, library, wishes.level, is_named=is_named, asks=not yes)
        if choice is None:
            return
        name = choice.name
        wishes = replace(wishes, level=choice.level)
    check_music(wishes)
    routine = find_routine(name, for_whom, library, wishes)
    before = routine
    if fade and place is None and wishes.talk is None:  # what is gone on with keeps its words
        wishes = _faded(wishes, routine, history)
        before = replace(routine, talk=wishes.talk or Talk.FULL)  # which has been told
    if place is None:
        wishes = wishes_of_today(wishes, routine, local_now().date())
    fitted = chosen(routine, wishes)
    if not may_play(routine, name_to_call(routine, library), history, yes=yes, again=ask_again):
        return
    say_changes(before, fitted)
    is_first = place is None and not has_heard_disclaimer()
    if is_first:
        fitted = with_disclaimer(fitted)
    with open_wished(fitted, wishes, library) as session:
        _ = session.bed  # music that cannot be played is told before anything sounds
        logbook = Logbook(session.routine, wishes.level, library) if log else None
        _play(session, wishes, manner, logbook, is_first=is_first)


def _faded(wishes: Wishes, routine: Routine, history: Callable[[], Sequence[Practice]]) -> Wishes:
    """Return the wishes with as many words as suit somebody who has heard the routine before."""
    from voicecoach.practice.statistics import knows_well

    if not knows_well(history(), routine.slug, local_now(), exercises=len(routine.steps)):
        return replace(wishes, talk=Talk.FULL)
    say("You know this one, so the instructions are short. All of them: --talk full")
    return replace(wishes, talk=Talk.BRIEF)


def _place_to_resume(name: str | None, library: Library) -> ResumePoint:
    from voicecoach.cli.playing.diary import lasting_name
    from voicecoach.play.resuming import load_resume_point

    path = None if name is None else library.find_routine(name)
    place = load_resume_point(None if path is None else lasting_name(path))
    if place is None:
        of_it = f" of {name}" if name else ""
        raise PlaybackError(
            f"no session{of_it} was left to go on with; start one: "
            f"voicecoach play {name or ''}".strip()
        )
    return place


def _wishes_to_resume(place: ResumePoint, wishes: Wishes, given: set[str]) -> Wishes:
    for wish in WISHES.values():
        if wish.changes_exercises and wish.name in given:
            raise typer.BadParameter(
                "--resume goes on with the exercises of the session that was left; leave one of the"
                " two out",
                param_hint=wish.option,
            )
    return wished_anew(wishes, given, place.wishes)


def _play(
    session: Session, wishes: Wishes, manner: _Manner, logbook: Logbook | None, *, is_first: bool
) -> None:
    """Play a session with all that belongs to it: keys, screen, desktop, its place and the log.

    `is_first` is a session that begins with the disclaimer.
    """
    from voicecoach.cli.playing.diary import Diary
    from voicecoach.cli.playing.keys import Keyboard, keys_line
    from voicecoach.cli.playing.screen import open_screen
    from voicecoach.play.desktop import Desktop
    from voicecoach.play.live import LivePlay

    departure = _departure(session, manner.resumed)
    player = manner.speakers.open()
    _introduce(session, player, manner.resumed)

    # Keys and shows need the live play, which needs them: so these two look for it when called.
    def obey(command: Command) -> None:
        live.command(command)

    def show(now: NowPlaying) -> None:
        for show_it in shows:
            show_it(now)

    keyboard = Keyboard(obey)
    if manner.plain and keyboard.works:
        say(f"Keys: {keys_line(1000, ascii_only=True).replace('   ', ', ')}.")
    diary = Diary(session, wishes, manner.speakers, wait=manner.wait)
    with ExitStack() as whole:
        whole.enter_context(terminated_gently())
        shows: list[Callable[[NowPlaying], None]] = [diary.show]
        if logbook is not None:
            shows.append(whole.enter_context(logbook).show)
        if is_first:
            shows.append(whole.enter_context(FirstSession()).show)
        live = LivePlay(
            session,
            player,
            rate=wishes.speech_rate,
            find_speakers=manner.speakers.finder(),
            show=show,
            waits=_waits(session.routine, everywhere=manner.wait) if keyboard.works else None,
            has_keys=keyboard.works,
        )
        diary.live = live
        if logbook is not None:
            logbook.live = live
        with ExitStack() as stack:
            stack.callback(diary.say_how_to_go_on)
            stack.enter_context(diary)
            shows.append(stack.enter_context(Desktop(live.command)).show)
            shows.append(stack.enter_context(open_screen(plain=manner.plain)).show)
            stack.enter_context(keyboard)
            live.run(departure)
        _end(live, logbook, session.routine.audience, asks=manner.asks and keyboard.works)


def _end(live: LivePlay, logbook: Logbook | None, audience: Audience, *, asks: bool) -> None:
    """Say how a session ended, write it down and, if it `asks`, let the person say how it was."""
    from voicecoach.cli.playing.afterwards import ask_how_it_was

    say("Done." if live.finished else "Stopped.")
    if live.underruns:
        times = "once" if live.underruns == 1 else f"{live.underruns} times"
        say(f"The sound had to wait {times}, for the voice or for a busy computer.")
    if logbook is not None:
        logbook.bring_up_to_date()
        if asks and logbook.has_practice and sys.stderr.isatty():
            ask_how_it_was(audience, logbook.rate)


def _departure(session: Session, resumed: ResumePoint | None) -> Departure:
    from voicecoach.play.transport import Transport
    from voicecoach.session.departure import Departure

    if resumed is None or not resumed.step:
        return Departure(0)
    index = _index_of(resumed, session.routine)
    return Transport(session.routine, session.segment).begin(index)


def _index_of(place: ResumePoint, routine: Routine) -> int:
    slugs = [step.slug for step in routine.steps]
    if place.step in slugs:
        position = slugs.index(place.step)
    else:
        position = min(max(place.exercise_number, 1), len(slugs)) - 1
        say(
            f"{routine.title} has been changed since. Where you stopped there is now: "
            f"{routine.steps[position].name}."
        )
    return bool(routine.opening) + position


def _waits(routine: Routine, *, everywhere: bool) -> Callable[[int], bool]:
    """Return a test for the segments that hold until the person is ready.

    In the middle of one movement nobody gets ready: not in a flow step, nor inside of a group.
    """
    held = set()
    group = ""
    for index, step in enumerate(routine.steps, bool(routine.opening)):
        inside = bool(step.together) and step.together == group
        group = step.together
        if (everywhere or step.wait) and not step.flow and not inside:
            held.add(index)
    return held.__contains__


def _introduce(session: Session, player: Player, resumed: ResumePoint | None) -> None:
    from voicecoach.play.resuming import load_resume_point

    routine = session.routine
    now = local_now()
    if resumed is not None:
        say(f"Going on with {resumed.describe(now)}.")
    elif (left := load_resume_point()) is not None and Path(left.routine).exists():
        say(f"Not finished: {left.describe(now)}. To go on there: voicecoach play --resume")
    minutes = max(1, round(session.nominal.duration_seconds / 60))
    about = "one minute" if minutes == 1 else f"{minutes} minutes"
    say(f"{routine.title}, about {about}, on {player.device_description}.")
    say(session.narrator.description)
    if session.bed is not None:
        say(f"Music: {session.bed.name}.")
    for limit in _limits(player, with_music=session.bed is not None):
        say(limit)
    if routine.adult_nearby:
        say("A grown-up stays close, please.")


def _limits(player: Player, *, with_music: bool) -> list[str]:
    missing = [
        what
        for can, what in (
            (player.abilities.exact_pause, "pause exactly"),
            (player.abilities.volume, "change the volume at once"),
            (player.abilities.device_choice, "choose the speakers"),
            (player.abilities.seamless or not with_music, "play music without seams everywhere"),
        )
        if not can
    ]
    return [f"The player {player.name} cannot {', or '.join(missing)}."] if missing else []
