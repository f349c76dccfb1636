"""Live play, on speakers whose clock the test drives: commands, losses and what is heard of them."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.building import MAT, routine, step
from voicecoach.errors import PlayerUnavailableError, SpeechError
from voicecoach.library.library import Library
from voicecoach.play.live import LivePlay
from voicecoach.play.players import DeviceLostError, SleptError
from voicecoach.play.transport import Command, Mode
from voicecoach.routine.model import Silence, Spoken
from voicecoach.script.phases import Phase
from voicecoach.session.departure import Departure
from voicecoach.session.session import Session, open_session
from voicecoach.sound.clip import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.routine.model import Routine
    from voicecoach.sound.mixdown import Block

TICK_FRAMES = SAMPLE_RATE // 20


@dataclass
class Speakers:
    """Speakers that sound a stream as fast as they are given it, and tell where it is at every tick."""

    events: dict[float, Callable[[], None]] = field(default_factory=dict)
    """What happens when so many seconds have sounded in all; an event may raise what a device raises."""
    sounded_seconds: float = 0.0
    position_frames: int = 0
    volume_db: float = 0.0
    underruns: int = 0
    device_description: str = "the speakers of the test"
    streams: list[int] = field(default_factory=list)
    """The first frame of each stream."""
    stopping: bool = False
    opens: bool = True

    def stop(self) -> None:
        """End the stream."""
        self.stopping = True

    def play(
        self,
        blocks: Iterable[Block],
        *,
        sample_rate: int,
        channels: int,
        on_position: Callable[[int], None],
    ) -> None:
        """Sound a stream, tick by tick."""
        if not self.opens:
            raise PlayerUnavailableError("unplugged")
        self.stopping = False
        is_first = True
        for block in blocks:
            if is_first:
                self.streams.append(block.start_frame)
                is_first = False
            for start in range(block.start_frame, block.end_frame, TICK_FRAMES):
                if self.stopping:
                    return
                self.position_frames = start
                self._happen()
                on_position(start)
                self.sounded_seconds += (
                    min(start + TICK_FRAMES, block.end_frame) - start
                ) / sample_rate
            if self.stopping:
                return

    def _happen(self) -> None:
        due = [moment for moment in self.events if moment <= self.sounded_seconds]
        for moment in sorted(due):
            self.events.pop(moment)()


def plan(count: int = 4, dose: str = "hold 30s", **more: object) -> Routine:
    """Return a routine of equal steps, each with a lead-in of 20 s and a rest of 15 s."""
    steps = [
        step(
            f"step-{number}",
            dose,
            setup_seconds=20.0,
            rest_after_seconds=15.0,
            equipment=(MAT,),
            **more,
        )
        for number in range(1, count + 1)
    ]
    return routine(
        *steps, opening="Welcome to this. Take your time.", closing="Well done. Goodbye."
    )


@dataclass
class Stage:
    """A session on the speakers of the test, with all that was shown of it."""

    session: Session
    speakers: Speakers
    has_keys: bool = True
    waits: Callable[[int], bool] | None = None
    shown: list[NowPlaying] = field(default_factory=list)

    def __post_init__(self) -> None:
        # What lengths are by the table and as measured differs by some tenths of a second.
        self.starts = [self.session.start_seconds(index) for index in self._measured()]
        self.replacement = self.speakers
        self.searches = 0
        self.live = LivePlay(
            self.session, self.speakers, find_speakers=self._find, show=self.shown.append,  # type: ignore[arg-type]
            waits=self.waits, has_keys=self.has_keys,
        )  # fmt: skip

    def _measured(self) -> range:
        indices = range(len(self.session.nominal.segments))
        for index in indices:
            self.session.segment(index)
        return indices

    def _find(self) -> Speakers:
        self.searches += 1
        if not self.replacement.opens:
            raise PlayerUnavailableError("unplugged")
        return self.replacement

    def at(self, seconds: float, *commands: Command) -> None:
        """Give commands when so many seconds have sounded in all."""
        self.speakers.events[seconds] = lambda: (
            [self.live.command(one) for one in commands] and None
        )

    def run(self, departure: Departure | None = None) -> LivePlay:
        """Play to the end."""
        self.live.run(departure or Departure(0))
        return self.live

    @property
    def captions(self) -> list[str]:
        """Return the sentences as they were shown, each once in a row."""
        return self._in_turn(now.moment.caption for now in self.shown if now.moment)

    @property
    def exercises(self) -> list[str]:
        """Return the exercises as they were shown, each once in a row."""
        return self._in_turn(
            now.moment.slug or now.moment.title for now in self.shown if now.moment
        )

    @staticmethod
    def _in_turn(texts: Iterable[str]) -> list[str]:
        found: list[str] = []
        for text in texts:
            if text and (not found or found[-1] != text):
                found.append(text)
        return found


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.play.live.SEARCH_SECONDS", 0.001)
    monkeypatch.setattr("voicecoach.play.live.PAUSE_TICK_SECONDS", 0.001)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Return a function that puts a routine on the stage, with the silent voice."""
    opened = []

    def put(what: Routine, **more: object) -> Stage:
        session = open_session(what, Library(tmp_path), voice="silent")
        opened.append(session)
        return Stage(session, Speakers(), **more)  # type: ignore[arg-type]

    yield put
    for session in opened:
        session.close()


def test_a_session_left_alone_is_played_whole(stage: Callable[..., Stage]) -> None:
    """Without a command every frame sounds once, and the screen ends with the session's end."""
    on = stage(plan())
    live = on.run()
    assert live.finished
    assert on.speakers.streams == [0]
    assert on.speakers.sounded_seconds == pytest.approx(on.session.duration_seconds, abs=1e-6)
    assert on.exercises == ["Opening", "step-1", "step-2", "step-3", "step-4", "Closing"]
    assert on.shown[-1].mode is Mode.ENDED
    assert on.shown[-1].total_seconds == pytest.approx(on.session.duration_seconds, abs=0.1)
    assert on.shown[-1].total_is_exact


def test_a_pause_is_carried_on_at_the_start_of_the_hold(stage: Callable[..., Stage]) -> None:
    """Twelve seconds into a hold, paused and resumed: carried on, counted in, and the hold is whole."""
    on = stage(plan(1))
    start = on.starts[1] + 20.0
    on.at(start + 12.0, Command.PAUSE, Command.PLAY)
    on.run()
    _, again = on.speakers.streams
    pickup_seconds = start - again / SAMPLE_RATE
    assert 3.5 < pickup_seconds < 6.0
    whole = on.session.duration_seconds
    assert on.speakers.sounded_seconds == pytest.approx(whole + 12.0 + pickup_seconds, abs=0.11)
    assert "Carrying on." in on.captions
    holds = [
        now.moment.remaining_seconds
        for now in on.shown
        if now.moment and now.moment.phase is Phase.WORK
    ]
    (from_new,) = [later for earlier, later in pairwise(holds) if later > earlier]
    assert from_new == pytest.approx(30.0, abs=0.1)


def test_ten_pauses_lose_nothing(stage: Callable[..., Stage]) -> None:
    """Pauses one after another, in every phase, end where the session ends, each exercise done whole."""
    on = stage(plan(2, "4 reps, tempo 2-1-2"))
    for number in range(10):
        on.at(3.0 + number * 13.7, Command.PAUSE, Command.PAUSE)
    live = on.run()
    assert live.finished
    assert on.exercises == ["Opening", "step-1", "step-2", "Closing"]
    assert len(on.speakers.streams) == 11
    for slug in ("step-1", "step-2"):
        reps = {now.moment.rep for now in on.shown if now.moment and now.moment.slug == slug}
        assert reps >= {1, 2, 3, 4}


LINES = [f"This is line {number}." for number in range(1, 13)]


def with_long_opening() -> Routine:
    """Return a routine whose opening is spoken line by line, with a silence in its middle."""
    opening = [Spoken(line) for line in LINES]
    return replace(plan(1), opening=(*opening[:6], Silence(8.0), *opening[6:]))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "commands",
    [
        (Command.PAUSE, Command.PLAY),
        (Command.REPEAT,),
        (Command.FASTER, Command.PAUSE, Command.PLAY),
        (Command.SLOWER, Command.PAUSE, Command.PLAY, Command.PAUSE, Command.PLAY),
        (Command.FASTER, Command.FASTER),
        (Command.SLOWER, Command.SLOWER),
    ],
)
@pytest.mark.parametrize("seconds", [0.5, 4.0, 17.0])
def test_commands_in_the_opening_lose_and_double_no_line(
    stage: Callable[..., Stage], seconds: float, commands: tuple[Command, ...]
) -> None:
    """While the first lines of an opening are heard, its last have not been spoken yet."""
    on = stage(with_long_opening())
    on.at(seconds, *commands)
    assert on.run().finished
    heard = [text for text in on.captions if text in LINES]
    assert [text for at, text in enumerate(heard) if text not in heard[:at]] == LINES
    assert len(heard) <= len(LINES) + 1  # the one that was cut, again


def test_a_late_stop_does_not_end_the_session(stage: Callable[..., Stage]) -> None:
    """The thread of the keys may be held up between giving a command and stopping the sound for it."""
    on = stage(plan(3))
    stop = on.speakers.stop

    def stop_late() -> None:
        until = time.monotonic() + 0.3
        while threading.current_thread() is not threading.main_thread():
            if len(on.speakers.streams) > 1 or time.monotonic() > until:
                break
            time.sleep(0.001)
        stop()

    on.speakers.stop = stop_late  # type: ignore[method-assign]
    keys = threading.Thread(target=on.live.command, args=(Command.NEXT,))
    on.speakers.events[on.starts[1] + 5.0] = keys.start
    assert on.run().finished
    keys.join()
    assert on.exercises == ["Opening", "step-1", "step-2", "step-3", "Closing"]


def test_a_skip_says_so_and_announces_the_next(stage: Callable[..., Stage]) -> None:
    """From the work, next goes to the lead-in of the next exercise, with its name and its equipment."""
    on = stage(plan())
    on.at(on.starts[1] + 5.0, Command.NEXT)
    on.run()
    captions = on.captions
    here = captions.index("Skipping that one.")
    assert captions[here + 1 : here + 4] == ["Next: step 2.", "You need a mat.", "Hold still."]


def test_a_burst_of_commands_makes_one_stream(stage: Callable[..., Stage]) -> None:
    """Three times next in one breath is one jump over three exercises, and one announcement."""
    on = stage(plan(5))
    on.at(on.starts[1] + 25.0, Command.NEXT, Command.NEXT, Command.NEXT)
    on.run()
    assert on.exercises == ["Opening", "step-1", "step-4", "step-5", "Closing"]
    assert len(on.speakers.streams) == 2
    assert on.captions.count("Skipping that one.") == 1


def test_next_after_the_last_words_is_the_end(stage: Callable[..., Stage]) -> None:
    """Skipping the closing finishes the session; there is nothing to go on with."""
    on = stage(plan(1))
    on.at(on.starts[2] + 0.3, Command.NEXT)
    assert on.run().finished


def test_quitting_is_not_finishing(stage: Callable[..., Stage]) -> None:
    """After quit the place is kept."""
    on = stage(plan())
    on.at(30.0, Command.QUIT)
    live = on.run()
    assert not live.finished
    assert on.speakers.sounded_seconds == pytest.approx(30.0, abs=0.11)
    assert on.shown[-1].mode is Mode.ENDED


def test_a_ready_key_does_not_disturb(stage: Callable[..., Stage]) -> None:
    """A key that means nothing now, and a play key while it plays, leave the stream alone."""
    on = stage(plan(1))
    for seconds in (1.0, 9.0, 30.0):
        on.at(seconds, Command.READY, Command.PLAY)
    assert on.run().finished
    assert on.speakers.streams == [0]


def test_an_exercise_waits_until_the_person_is_ready(stage: Callable[..., Stage]) -> None:
    """It stands still with reminders however long that takes; then comes the countdown at once."""
    on = stage(plan(2), waits=lambda index: index == 2)
    begin = on.starts[2]
    on.at(begin + 300.0, Command.READY)
    live = on.run()
    assert live.finished
    waiting = [now for now in on.shown if now.mode is Mode.WAITING]
    assert 285 < len(waiting) / 20 < 300
    assert {round(now.position_seconds, 3) for now in waiting} == {
        round(waiting[0].position_seconds, 3)
    }
    assert waiting[0].moment is not None
    assert waiting[0].moment.slug == "step-2"
    countdown = (begin + 20.0 - 3.0) * SAMPLE_RATE
    assert on.speakers.streams == [0, round(countdown)]


def test_lost_speakers_are_waited_for(stage: Callable[..., Stage]) -> None:
    """The session stands still while there are none, says so, and goes on when others are there."""
    on = stage(plan(2))
    others = Speakers(opens=False, device_description="others")
    on.replacement = others

    def lose() -> None:
        on.speakers.opens = False
        raise DeviceLostError("the plug was pulled")

    lost_at = on.starts[1] + 32.0
    on.speakers.events[lost_at] = lose
    shown = on.shown.append

    def show(now: NowPlaying) -> None:
        shown(now)
        if now.mode is Mode.NO_SPEAKERS and on.searches > 20:
            others.opens = True

    on.live._show = show
    on.speakers.volume_db = -8.0
    live = on.run()
    assert live.finished
    assert live.player is others  # type: ignore[comparison-overlap]
    assert others.volume_db == -8.0
    assert on.exercises == ["Opening", "step-1", "step-2", "Closing"]
    assert others.streams[0] < (lost_at - 12.0) * SAMPLE_RATE  # counted in again, before the hold
    assert "Carrying on." in on.captions
    assert [now.mode for now in on.shown].count(Mode.NO_SPEAKERS) > 10


def test_a_jump_without_speakers_counts(stage: Callable[..., Stage]) -> None:
    """What is asked for while there are no speakers is done when there are."""
    on = stage(plan(4))

    def lose() -> None:
        on.speakers.opens = False
        raise DeviceLostError("gone")

    on.speakers.events[40.0] = lose
    asked: list[Command] = []

    def show(now: NowPlaying) -> None:
        on.shown.append(now)
        if now.mode is Mode.NO_SPEAKERS and on.searches == 3 and not asked:
            asked.append(Command.NEXT)
            on.live.command(Command.NEXT)
        if on.searches > 6:
            on.speakers.opens = True

    on.live._show = show
    assert on.run().finished
    assert on.exercises == ["Opening", "step-1", "step-2", "step-3", "step-4", "Closing"]
    assert "Skipping that one." in on.captions


@pytest.mark.parametrize("has_keys", [True, False])
def test_a_machine_that_slept_waits_for_a_key(stage: Callable[..., Stage], has_keys: bool) -> None:
    """Sound that starts by itself in the morning wakes the house; without keys there is no other way."""
    on = stage(plan(1), has_keys=has_keys)

    def sleep() -> None:
        raise SleptError("slept")

    on.speakers.events[35.0] = sleep
    paused = []

    def show(now: NowPlaying) -> None:
        on.shown.append(now)
        if now.mode is Mode.PAUSED:
            paused.append(now)
            on.live.command(Command.PLAY)

    on.live._show = show
    assert on.run().finished
    assert bool(paused) == has_keys
    assert len(on.speakers.streams) == 2
    assert Mode.NO_SPEAKERS not in {now.mode for now in on.shown}  # they were there all the time


def test_what_the_voice_cannot_say_ends_it_aloud(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the stream comes out of run(), with its step."""
    on = stage(plan(1))

    def fail(*_: object, **__: object) -> float:
        raise SpeechError("no voice left", engine="silent", text="Hold still.")

    monkeypatch.setattr(on.session.narrator, "seconds", fail)
    with pytest.raises(SpeechError, match="no voice left"):
        on.run()
    assert not on.live.finished


def test_the_volume_and_the_pace_are_turned_while_it_plays(stage: Callable[..., Stage]) -> None:
    """Neither ends the stream; the pace changes the words from the next exercise on, never the work."""
    on = stage(plan(3))
    on.at(30.0, Command.QUIETER, Command.QUIETER, Command.FASTER)
    assert on.run().finished
    assert on.speakers.streams == [0]
    assert on.speakers.volume_db == pytest.approx(-8.0)
    assert on.shown[-1].rate == 1.1
    last = on.session.segment(3)
    words = {cue.text: cue.duration_seconds for cue in last.cues if cue.kind == "speech"}
    assert words["Hold still."] == pytest.approx(0.8 / 1.1, abs=1e-4)
    assert [block.duration_seconds for block in last.work_blocks] == [30.0]
    assert on.shown[-1].total_seconds == pytest.approx(on.speakers.sounded_seconds, abs=0.1)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(5))
def test_200_random_commands_end_in_the_right_place(seed: int, stage: Callable[..., Stage]) -> None:
    """A model that knows nothing but the order of the exercises says where each command leads."""
    dice = random.Random(seed)
    count = 12
    on = stage(plan(count, "hold 3000s"))
    where, since, clock = 0, 0.0, 0.0  # segment, seconds since it began, seconds in all
    last = count + 1
    choices = [Command.NEXT, Command.BACK, Command.PAUSE, Command.FORWARD, Command.REPEAT, Command.LOUDER,
               Command.READY, Command.FASTER, Command.SLOWER, Command.PLAY]  # fmt: skip
    for _ in range(200):
        clock += (wait := dice.uniform(0.05, 3.0))
        since += wait
        command = dice.choice(choices)
        if command is Command.NEXT and where == last - 1:
            command = Command.BACK
        if command is Command.BACK and not (since < 4.0 or 6.5 < since < 1000.0):
            command = Command.LOUDER  # nobody can tell whether that is soon after the start
        on.at(clock, *([command] * (2 if command is Command.PAUSE else 1)))
        if command is Command.NEXT:
            where, since = where + 1, 0.0
        elif command is Command.BACK:
            where, since = (where if since > 5.0 or where == 0 else where - 1), 0.0
        elif command in (Command.FORWARD, Command.PAUSE, Command.REPEAT):
            since = 1000.0
        if where == 0:  # it would go by by itself
            clock += 0.5
            on.at(clock, Command.NEXT)
            where, since = 1, 0.0
    on.at(clock + 0.5, Command.QUIT)
    on.run()
    final = on.shown[-1].moment
    assert final is not None
    assert final.segment_index == where
    assert np.isfinite(final.remaining_seconds)


# ------------------------------------------------------------------------------ what is counted of it


def test_seconds_are_those_that_it_played(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to now at any moment; neither a pause is counted nor the time in which it waits for the person."""
    on = stage(plan(2), waits=lambda index: index == 2)
    away_seconds = 0.0
    monkeypatch.setattr(
        "voicecoach.play.live.time",
        SimpleNamespace(monotonic=lambda: on.speakers.sounded_seconds + away_seconds),
    )
    seen: list[float] = []
    on.speakers.events[4.0] = lambda: seen.append(on.live.seconds_played)
    on.at(on.starts[1] + 1.0, Command.PAUSE)
    on.at(on.starts[2] + 400.0, Command.READY)

    def show(now: NowPlaying) -> None:
        nonlocal away_seconds
        if now.mode is Mode.PAUSED:
            away_seconds += 1000.0
            on.live.command(Command.PLAY)

    monkeypatch.setattr(on.live, "_show", show)
    on.run()
    assert away_seconds >= 1000.0
    assert seen == [pytest.approx(4.0, abs=0.2)]
    assert on.live.seconds_played == pytest.approx(on.session.duration_seconds, abs=20.0)
