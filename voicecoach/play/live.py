"""A session on the speakers with a hand on it: it pauses, skips, waits, and never loses its place.

One primitive carries all of it: a command stops the stream that plays, the transport says where to
depart from, and a new stream begins there, so that a pause cannot lose the place, nor a skip the
next announcement. Speakers that vanish are the same as a pause that nobody asked for. Commands may
come from any thread; everything else happens on the one that called `run`.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import dropwhile
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from voicecoach.errors import PlayerUnavailableError
from voicecoach.play.now_playing import NowPlaying
from voicecoach.play.players import DeviceLostError, SleptError
from voicecoach.play.transport import Command, Mode, PlayPosition, Transport
from voicecoach.script.moments import moment_at
from voicecoach.session.departure import Departure, Opener

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.play.players import Player
    from voicecoach.script.moments import Moment
    from voicecoach.session.session import Session

VOLUME_STEP_PERCENT = 10
DB_A_PERCENT = 0.4
"""From loudest to quietest it is 40 dB."""
RATE_STEP = 0.1
SLOWEST_RATE, FASTEST_RATE = 0.8, 1.2

SEARCH_SECONDS = 0.5
MESSAGE_SECONDS = 5.0
PAUSE_TICK_SECONDS = 0.5

_STOPPING = {
    Command.PAUSE,
    Command.NEXT,
    Command.BACK,
    Command.REPEAT,
    Command.FORWARD,
    Command.REWIND,
    Command.QUIT,
}
"""Commands that end the stream that plays; silence comes before the decision where to go on."""

_GOING_ON = {Command.PLAY, Command.READY}
"""Commands that mean nothing while it plays."""

_DIALS = {Command.LOUDER, Command.QUIETER, Command.FASTER, Command.SLOWER}
"""Commands that move nothing."""


class LivePlay:
    """Plays one session, obeying commands, until its end or until somebody quits."""

    def __init__(
        self,
        session: Session,
        player: Player,
        *,
        rate: float = 1.0,
        find_speakers: Callable[[], Player],
        show: Callable[[NowPlaying], None],
        waits: Callable[[int], bool] | None = None,
        has_keys: bool = False,
        transport: Transport | None = None,
    ) -> None:
        """`find_speakers` returns a player that works now, or raises PlayerUnavailableError.

        `show` is called some twenty times a second with what is going on. `waits` tells which
        segments hold until the person is ready, and `has_keys` whether somebody can press one.
        `transport` decides where it goes on, if not the one of a whole session.
        """
        self._session = session
        self._player = player
        self._rate = rate
        self._find_speakers = find_speakers
        self._show = show
        self._waits = waits
        self._has_keys = has_keys
        self._transport = transport or Transport(session.routine, session.segment)
        self._commands: SimpleQueue[Command] = SimpleQueue()
        # No command is taken before its stop is done: a late stop would end the next stream.
        self._commanding = threading.Lock()
        self._pending: list[Command] = []
        """Commands that move, taken from the queue and not yet obeyed."""
        self._mode = Mode.STARTING
        self._spot = _start_of(Departure(0))
        """Where in the session we are; until `run`, where a whole session begins."""
        self._sounds = False
        """Whether the present stream has begun to sound."""
        self._position_seconds = 0.0
        self._volume_percent = 100
        self._message = ""
        self._message_until = 0.0
        self.finished = False
        self.underruns = 0
        self.seconds_played = 0.0
        """For how long it has played up to now; pauses and waiting for the person do not count."""
        self._counted_at = 0.0
        """Up to when that is counted, on the monotonic clock."""
        self.skipped: set[int] = set()
        """The segments that were skipped before their work was over, and not played since."""

    @property
    def player(self) -> Player:
        """Return the player that plays now, or played last."""
        return self._player

    def command(self, command: Command) -> None:
        """Do what a person asks for; returns at once, from any thread."""
        with self._commanding:
            self._commands.put(command)
            if command in _STOPPING:
                self._player.stop()

    def run(self, departure: Departure) -> None:
        """Play from a departure on; returns at the end of the session, or when somebody has quit.

        Raises what the session or a player raises, but waits for speakers that are lost.
        """
        self._depart(departure, Mode.STARTING)
        while self._mode is not Mode.ENDED:
            if self._mode is Mode.PAUSED:
                self._rest(PAUSE_TICK_SECONDS)
            elif self._mode is Mode.NO_SPEAKERS:
                self._search()
            else:
                self._play()
        self._tell()

    # The three things that it may be doing

    def _play(self) -> None:
        self._take_commands()
        if self._pending:
            self._obey()
            return
        departure = self._spot.departure
        self._counted_at = time.monotonic()
        self._sounds = False
        self._tell()
        try:
            self._player.play(
                self._session.blocks(departure, waits=self._waits),
                sample_rate=self._session.sample_rate,
                channels=self._session.channels,
                on_position=self._heard,
            )
        except (DeviceLostError, PlayerUnavailableError) as lost:
            self._hear_the_last()
            self._lose_speakers(slept=isinstance(lost, SleptError))
        else:
            self._take_commands()
            if self._pending:
                self._hear_the_last()
                self._obey()
                is_unmoved = self._spot.departure is departure
                if is_unmoved and self._mode in (Mode.PLAYING, Mode.WAITING):
                    # What was asked for moves nothing here, but the stream has ended for it.
                    self._depart(self._transport.resume(self._spot), Mode.PLAYING)
            else:
                self.finished = True
                self._mode = Mode.ENDED
        finally:
            self.underruns += self._player.underruns
            self._count_seconds()

    def _rest(self, seconds: float) -> None:
        self._tell()
        with suppress(Empty):
            self._pending.append(self._commands.get(timeout=seconds))
        self._take_commands()
        self._obey()

    def _search(self) -> None:
        self._rest(SEARCH_SECONDS)
        if self._mode is not Mode.NO_SPEAKERS:
            return
        try:
            player = self._find_speakers()
        except PlayerUnavailableError:
            return
        player.volume_db = self._player.volume_db
        self._player = player
        self._say(f"There are speakers again: {player.device_description}.")
        self._depart(self._transport.resume(self._spot), Mode.PLAYING)

    def _count_seconds(self) -> None:
        """Count the time since the last look, unless it was spent waiting for the person."""
        now = time.monotonic()
        if self._mode is not Mode.WAITING:
            self.seconds_played += now - self._counted_at
        self._counted_at = now

    # Where we are

    def _depart(self, departure: Departure, mode: Mode) -> None:
        self._spot = _start_of(departure)
        self._mode = mode

    def _heard(self, position_frames: int) -> None:
        self._sounds = True
        self._count_seconds()
        self._hear(position_frames)
        self._tell()
        self._take_commands()
        if self._pending:
            self._player.stop()

    def _hear_the_last(self) -> None:
        """Work out where a stream ended; at its departure, where nothing of it had come yet."""
        if self._sounds:
            self._hear(self._player.position_frames)

    def _hear(self, position_frames: int) -> None:
        session = self._session
        leg = session.leg_at(position_frames)
        if leg is None:
            return
        seconds = leg.stands_at_seconds
        waits = seconds is not None
        if seconds is None:
            seconds = (position_frames - leg.start_frame) / session.sample_rate
        self._spot = PlayPosition(leg.index, leg.segment, seconds, self._spot.departure, waits)
        self._mode = Mode.WAITING if waits else Mode.PLAYING
        self.skipped.discard(leg.index)
        reached_frames = leg.start_frame if waits else position_frames
        self._position_seconds = max(0.0, reached_frames / session.sample_rate)

    # Commands

    def _take_commands(self) -> None:
        """Turn the dials that were turned, and keep the commands that move."""
        with self._commanding, suppress(Empty):
            while True:
                self._pending.append(self._commands.get_nowait())
        dials = [command for command in self._pending if command in _DIALS]
        self._pending = [command for command in self._pending if command not in _DIALS]
        if self._mode in (Mode.STARTING, Mode.PLAYING):
            # A key that says "go on" must not disturb what goes on.
            self._pending = list(dropwhile(_GOING_ON.__contains__, self._pending))
        for command in dials:
            self._turn(command)

    def _obey(self) -> None:
        """Do all that was asked for, in order, as if each had been done before the next."""
        pending, self._pending = self._pending, []
        for command in pending:
            here = self._spot.index
            step = self._transport.command(self._mode, self._spot, command)
            there = step.departure
            if command is Command.NEXT and (there is None or there.opener is Opener.SKIPPING):
                self.skipped.update(range(here, here + 1 if there is None else there.index))
            if step.departure is not None:
                self._depart(step.departure, step.mode)
            self._mode = step.mode
            if step.mode is Mode.ENDED:
                self.finished = command is not Command.QUIT  # or skipped the last words
                return

    def _turn(self, command: Command) -> None:
        if command in (Command.LOUDER, Command.QUIETER):
            percent = VOLUME_STEP_PERCENT if command is Command.LOUDER else -VOLUME_STEP_PERCENT
            self._volume_percent = max(0, min(100, self._volume_percent + percent))
            self._player.volume_db = (self._volume_percent - 100) * DB_A_PERCENT
            self._say(f"Volume {self._volume_percent} %.")
            return
        step = RATE_STEP if command is Command.FASTER else -RATE_STEP
        rate = round(max(SLOWEST_RATE, min(FASTEST_RATE, self._rate + step)), 2)
        if rate == self._rate:
            self._say(f"The voice is as {'fast' if rate > 1 else 'slow'} as it can be.")
            return
        self._rate = rate
        self._session.change_rate(rate, self._spot.index + 1)
        pace = "its usual pace" if rate == 1 else f"{rate:g} times its usual pace"
        self._say(f"The voice goes at {pace} from the next exercise on.")

    # Speakers that go

    def _lose_speakers(self, *, slept: bool) -> None:
        if not slept:
            self._mode = Mode.NO_SPEAKERS
            return
        self._say("The computer was asleep.")
        if self._has_keys:
            self._mode = Mode.PAUSED
        else:
            self._depart(self._transport.resume(self._spot), Mode.PLAYING)

    # What people see

    def _say(self, message: str) -> None:
        self._message = message
        self._message_until = time.monotonic() + MESSAGE_SECONDS

    def _moment(self) -> Moment:
        """Return the moment where we are; before it sounds, the one that is about to."""
        spot = self._spot
        segment, seconds = spot.segment, spot.offset_seconds
        if segment is None:
            segment, seconds = spot.departure.segment, spot.departure.from_seconds
        if segment is None:
            segment = self._session.outline.segments[spot.index]
        return moment_at(segment, seconds, index=spot.index, routine=self._session.routine)

    def _tell(self) -> None:
        session = self._session
        if time.monotonic() > self._message_until:
            self._message = ""
        self._show(
            NowPlaying(
                title=session.routine.title,
                mode=self._mode,
                moment=self._moment(),
                position_seconds=self._position_seconds,
                total_seconds=session.about_seconds,
                total_is_exact=session.is_exact,
                volume_percent=self._volume_percent,
                rate=self._rate,
                speakers=self._player.device_description,
                message=self._message,
            )
        )


def _start_of(departure: Departure) -> PlayPosition:
    return PlayPosition(departure.index, None, 0.0, departure)
