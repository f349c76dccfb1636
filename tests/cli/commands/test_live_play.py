"""`voicecoach play` in the hands of people: typed to, interrupted, killed, and always heard."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if sys.platform != "linux":
    pytest.skip("hears sessions from PulseAudio", allow_module_level=True)

from tests.support.figures import SOAK
from tests.support.live_play import (
    VOICE,
    Stage,
    as_sent,
    cue_sheet,
    is_said,
    opened,
    placements_of,
    play_command,
    rendered,
    sentence_in,
)
from tests.support.null_sink import NullSink
from tests.support.player_contract import NEEDS_SIMPLEAUDIO
from tests.support.stream import where, where_even_torn
from tests.support.terminal import in_pty
from voicecoach.play.players.keep_alive import BED_PEAK
from voicecoach.play.transport import Transport
from voicecoach.sound.clip import SAMPLE_RATE, to_pcm16

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tests.support.figures import RecordFigure
    from tests.support.null_sink import Recorder
    from tests.support.terminal import Pty

pytestmark = pytest.mark.live

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]  # fmt: skip
SHORT = """
voicecoach = 1
title = "Short"
audience = "adult"
opening = ["Welcome to a short one."]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall."
dose = "3 reps, tempo 1-1-1"
[[steps]]
slug = "hold"
name = "Hold"
say = "Stay there."
dose = "hold 3s"
"""


LONG_LOOP = """
[[steps]]
slug = "reach-{number}"
name = "Reach {word}"
say = "Stand tall and reach up with both arms."
dose = "8 reps, tempo 1-1-1"
rest_after = 3
[[steps]]
slug = "lean-{number}"
name = "Lean {word}"
say = "Lean over to the side and stay there."
dose = "hold 20s each side, change 5s"
rest_after = 15
"""


def long_routine() -> str:
    """Return a routine of more than 20 minutes, or of half a minute where that must do."""
    if not SOAK:
        return SHORT.replace("hold 3s", "hold 5s")
    head, _, _ = SHORT.partition("[[steps]]")
    return head + "".join(
        LONG_LOOP.format(number=number, word=number_word)
        for number, number_word in enumerate(NUMBERS)
    )


def cpu_seconds(process: int) -> float:
    """Return what a process, without its children, has used of a core."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.timeout(2400)
def test_a_session_is_exact_to_its_end_on_a_busy_computer(
    null_sink: NullSink,
    tmp_path: Path,
    keep_busy: Callable[[int], None],
    record_figure: RecordFigure,
) -> None:
    """With the screen on, and other programs that take all they get: every cue comes when the sheet says."""
    path = tmp_path / "long.toml"
    path.write_text(long_routine(), "utf-8")
    voice = "auto" if SOAK else VOICE
    with opened(path, voice=voice) as session:
        sent = as_sent(rendered(session))
        placements = placements_of(session)
    sheet = cue_sheet(str(path), "--voice", voice)
    seconds = len(sent) / SAMPLE_RATE
    quiet_seconds = seconds / 2 if SOAK else seconds - 10.0
    settling_seconds = 60.0 if SOAK else 3.0
    assert seconds > (1_200 if SOAK else 30)
    with (
        null_sink.record() as recorder,
        in_pty(
            "voicecoach", "play", str(path), "--voice", voice, "--yes", **null_sink.environment
        ) as terminal,
    ):
        terminal.wait_for("Welcome to a short one.", 60)
        began = time.monotonic()
        terminal.read(settling_seconds)
        used, since = cpu_seconds(terminal.process.pid), time.monotonic()
        terminal.read(began + quiet_seconds - since)
        used = cpu_seconds(terminal.process.pid) - used
        core_percent = used / (time.monotonic() - since) * 100
        keep_busy(2 if SOAK else 1)
        assert terminal.ended(seconds + 60) == 0
    assert "Done." in terminal.printed
    first_words = recorder.samples[: 60 * SAMPLE_RATE]
    begin = where(placements[0].clip.samples[:, 0], first_words)[0] - placements[0].start_frame
    late_ms = []
    firsts = {id(placed.cue): placed for placed in reversed(placements)}
    for cue, placed in zip(sheet, reversed(firsts.values()), strict=True):
        assert cue.get("text", cue.get("sound")) == placed.cue.text
        due = begin + float(cue["start_seconds"]) * SAMPLE_RATE
        at, _ = where(placed.clip.samples[:, 0], recorder.samples, round(due))
        late_ms.append((at - due) / SAMPLE_RATE * 1000)
    drift_ms = float(np.polyfit(np.linspace(0.0, 1.0, len(late_ms)), late_ms, 1)[0])
    record_figure("length", seconds, "s")
    record_figure("cues", len(late_ms), "")
    record_figure("worst cue", float(np.abs(late_ms).max()), "ms")
    record_figure("drift to the end", drift_ms, "ms")
    record_figure("processor, with the screen on", core_percent, "% of a core")
    assert np.abs(late_ms).max() < 20.0
    assert abs(drift_ms) < 5.0
    np.testing.assert_array_equal(recorder.samples[begin : begin + len(sent)], sent)
    assert "The sound had to wait" not in terminal.printed
    if SOAK:
        assert core_percent < 5.0


# ------------------------------------------------------------------------------ scenes side by side
#
# A session lasts as long as it lasts; those whose sound is not judged to the millisecond are played
# all at once, each on speakers of its own, and each test waits for its scene.

CURTAIN_SECONDS = 0.5
"""From the start of a scene to the next: a session that begins keeps a core busy for a while."""
_scenes: dict[str, Callable[[Stage], None]] = {}


def side_by_side(scene: Callable[[Stage], None]) -> Callable[[dict[str, Future[None]]], None]:
    """Make a test of a scene that is played while others are."""

    def test(scenes: dict[str, Future[None]]) -> None:
        scenes[scene.__name__].result()

    test.__doc__ = scene.__doc__
    _scenes[scene.__name__] = scene
    return test


@pytest.fixture(scope="module")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin all scenes that are wanted, and return what becomes of each."""
    wanted = [
        item.name
        for item in reversed(request.session.items)  # the last takes longest
        if item.name in _scenes and item.path == request.path and not _is_skipped(item)
    ]
    with ThreadPoolExecutor(len(wanted)) as pool:
        begun: dict[str, Future[None]] = {}
        for name in wanted:
            begun[name] = pool.submit(_on_stage, _scenes[name], tmp_path_factory.mktemp(name[:20]))
            time.sleep(CURTAIN_SECONDS)
        yield begun


def _is_skipped(item: pytest.Item) -> bool:
    return any(mark.args[0] for mark in item.iter_markers("skipif"))


def _on_stage(scene: Callable[[Stage], None], folder: Path) -> None:
    sink = NullSink()
    sink.start()
    try:
        stage = Stage(sink, folder)
        scene(stage)
        assert not stage.processes(), "a process was left behind"
    finally:
        sink.close()


def loud(samples: NDArray[np.int16]) -> NDArray[np.intp]:
    """Return where somebody hears something."""
    return np.flatnonzero(np.abs(samples) > BED_PEAK)


def assert_silent_since(recorder: Recorder, moment: float) -> None:
    """Fail where anything is heard later than a tenth of a second after a moment."""
    assert recorder.moment(int(loud(recorder.samples)[-1])) < moment + 0.1


@side_by_side
def test_speakers_that_die_are_waited_for_and_nothing_is_skipped(stage: Stage) -> None:
    """The sound server is killed in the second rep and started again: the words before and after are all."""
    path = stage.routine(SHORT)
    with contextlib.ExitStack() as playing:
        with stage.sink.record() as before:
            terminal = playing.enter_context(stage.play(path, "--voice", VOICE, "--plain"))
            terminal.wait_for("Go: 3 reps", 30)
            terminal.read(4.5)
            stage.sink.kill()
            killed_at = time.monotonic()
            terminal.wait_for("No speakers. It goes on when there are some.")
            assert time.monotonic() - killed_at < 4.0
            terminal.read(1.0)
        assert terminal.process.poll() is None
        assert "Carrying on." not in terminal.printed
        stage.sink.start()
        with stage.sink.record() as after:
            terminal.wait_for("There are speakers again")
            terminal.wait_for("Carrying on.")
            assert terminal.ended(40) == 0
    assert "Done." in terminal.printed
    assert not stage.places()
    with stage.opened(path) as session:
        placements, render = placements_of(session), rendered(session)
        carrying_on, likeness = sentence_in(after.samples, session, "Carrying on.")
        assert likeness > 0.9
    (again,) = [
        index
        for index, one in enumerate(placements)
        if (one.cue.role, one.sentence) == ("count", "Two.")
    ]
    # A computer may be too busy to begin without a gap: two of three sentences tell where that was.
    begins = [
        where(one.clip.samples[:, 0], before.samples)[0] - one.start_frame for one in placements[:3]
    ]
    begin = sorted(begins)[1]
    for one in placements[:again]:
        sound, due = render[one.start_frame : one.end_frame], begin + one.start_frame
        _, likeness = where_even_torn(sound, before.samples, due)
        assert likeness > 0.9, one
    last = placements[-1]
    begin = where(last.clip.samples[:, 0], after.samples)[0] - last.start_frame
    late = []
    for one in placements[again:]:
        sound, due = render[one.start_frame : one.end_frame], begin + one.start_frame
        at, likeness = where_even_torn(sound, after.samples, due)
        assert at > carrying_on
        assert likeness > 0.9, one
        late.append(at - due)
    assert np.median(np.abs(late)) < SAMPLE_RATE // 500


@side_by_side
def test_the_screen_tells_that_there_are_no_speakers(stage: Stage) -> None:
    """On the screen too a person sees what is wrong, and that nothing has to be done but connect them."""
    with stage.play(stage.routine(SHORT), "--voice", "silent") as terminal:
        terminal.wait_for("Stand tall.", 30)
        stage.sink.kill()
        terminal.wait_for("Connect speakers or headphones: it goes on by itself.")
        shown = len(terminal.printed)
        terminal.read(1.0)
        stage.sink.start()
        terminal.wait_for("There are speakers again")
        until = time.monotonic() + 15
        while "Carrying on." not in terminal.printed[shown:]:
            assert time.monotonic() < until
            terminal.read(0.1)
        terminal.type("q")
        assert terminal.ended() == 0


TWO_OF_THREE = """
voicecoach = 1
title = "Two of three"
audience = "adult"
opening = ["Welcome to three exercises."]
[[steps]]
slug = "reach"
name = "Reach up"
say = "Stand tall."
dose = "hold 1s"
[[steps]]
slug = "squeeze"
name = "Squeeze"
say = "Hold on."
dose = "hold 1s"
[[steps]]
slug = "open"
name = "Open wide"
say = "Open your arms."
dose = "hold 5s"
"""


@side_by_side
def test_a_killed_session_goes_on_at_its_exercise(stage: Stage) -> None:
    """Killed in the second of two exercises, soon after the voice was made faster: so it goes on there.

    The next play tells of it, and does not take the place away by being begun.
    """
    path, other = stage.routine(TWO_OF_THREE), stage.routine(SHORT, "other")
    chosen = ("--voice", VOICE, "--only", "reach,open", "--player", "miniaudio")
    with stage.play(path, *chosen, "--plain") as terminal:
        terminal.wait_for("Exercise 2 of 2: Open wide.", 40)
        terminal.wait_for("Go: 5 seconds")
        terminal.type("f")
        terminal.read(1.5)
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.ended()
    with stage.play(other, "--voice", "silent", "--plain") as terminal:
        terminal.wait_for("Not finished: Two of three, exercise 2 of 2 (Open wide), just now.")
        terminal.wait_for("To go on there: voicecoach play --resume")
        terminal.wait_for("Opening.")
        terminal.type("q")
        assert terminal.ended() == 0
    with stage.sink.record() as recorder, stage.play("--resume", "--plain") as terminal:
        assert terminal.ended(40) == 0
    assert "Going on with Two of three, exercise 2 of 2 (Open wide)" in terminal.printed
    assert "Exercise 2 of 2: Open wide." in terminal.printed
    assert "Reach up" not in terminal.printed
    with stage.opened(path, rate=1.1, only=("reach", "open")) as session:
        heard = recorder.samples
        carrying_on, likeness = sentence_in(heard, session, "Carrying on.")
        assert likeness > 0.99
        name, likeness = sentence_in(heard, session, "Open wide.")
        assert likeness > 0.99
        assert 0.3 < (name - carrying_on) / SAMPLE_RATE < 2.0
        assert not is_said(heard, session, "Welcome to three exercises.")
        departure = Transport(session.routine, session.segment).begin(2)
        sent = to_pcm16(rendered(session, departure))
        heard = heard[carrying_on:][: len(sent)]
        np.testing.assert_array_equal(np.where(sent, heard, 0), sent)
        assert np.abs(heard[sent == 0]).max() <= BED_PEAK
    assert not stage.places()
    with stage.play("--resume") as terminal:
        assert terminal.ended() == 1
        assert "no session was left to go on with" in terminal.printed
        assert "Usage" not in terminal.printed


@side_by_side
def test_after_a_sleep_it_goes_on_when_it_is_told_to(stage: Stage) -> None:
    """A session that was stopped for seconds in a rep stays silent until a key, and does that rep again."""
    path = stage.routine(SHORT)
    with stage.sink.record() as recorder, stage.play(path, "--voice", VOICE, "--plain") as terminal:
        terminal.wait_for("Go: 3 reps", 30)
        terminal.read(4.0)
        os.kill(terminal.process.pid, signal.SIGSTOP)
        terminal.read(4.0)
        slept = len(recorder.samples)
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait_for("Paused.", 3)
        woken = len(recorder.samples)
        terminal.read(2.0)
        going_on = len(recorder.samples)
        terminal.type(" ")
        terminal.wait_for("Carrying on.", 5)
        terminal.wait_for("Go: 3 seconds", 30)
        terminal.type("q")
        assert terminal.ended() == 0
    samples = recorder.samples
    assert not loud(samples[woken + SAMPLE_RATE // 5 : going_on]).size
    assert slept < woken
    with stage.opened(path) as session:
        carrying_on, likeness = sentence_in(samples, session, "Carrying on.", after=going_on)
        assert likeness > 0.99
        set_end = carrying_on + 10 * SAMPLE_RATE
        counted_in = carrying_on + 4 * SAMPLE_RATE
        two, likeness = sentence_in(samples[:set_end], session, "Two.", after=counted_in)
        assert likeness > 0.6  # the start tone lies over it
        three, likeness = sentence_in(samples[:set_end], session, "Three.", after=two)
        assert likeness > 0.99
        assert (three - two) / SAMPLE_RATE == pytest.approx(3.0, abs=0.001)


WAITING = """
voicecoach = 1
title = "Waiting"
audience = "adult"
[[steps]]
slug = "open"
name = "Open wide"
say = "Open your arms."
dose = "hold 1s"
"""


@side_by_side
def test_it_waits_until_a_key_is_pressed(stage: Stage) -> None:
    """With `--wait` it holds before the exercise and reminds every half a minute; any key goes on."""
    path = stage.routine(WAITING)
    with (
        stage.sink.record() as recorder,
        stage.play(path, "--voice", VOICE, "--wait", "--plain") as terminal,
    ):
        terminal.wait_for("Press space when you are ready.", 30)
        began = time.monotonic()
        terminal.read(34.0)
        assert "Go:" not in terminal.printed
        terminal.type("x")
        terminal.wait_for("Go: 1 second")
        assert time.monotonic() - began < 34.0 + 6.0
        assert terminal.ended() == 0
    assert terminal.printed.count("Open wide") == 1
    with stage.opened(path) as session:
        ready, likeness = sentence_in(recorder.samples, session, "Press space when you are ready.")
        assert likeness > 0.99
        reminder, likeness = sentence_in(recorder.samples, session, "Take your time.")
        assert likeness > 0.99
        assert (reminder - ready) / SAMPLE_RATE == pytest.approx(30.0, abs=0.001)
        three, likeness = sentence_in(recorder.samples, session, "Three.", after=reminder)
        assert likeness > 0.99
        assert 3.0 < (three - reminder) / SAMPLE_RATE < 8.0


@side_by_side
def test_without_a_terminal_it_plays_on(stage: Stage) -> None:
    """Nobody can press a key where there is no terminal, so nothing waits for one."""
    process = play_command(
        stage.routine(WAITING), "--voice", "silent", "--wait", **stage.environment
    )
    _, messages = process.communicate(timeout=40)
    assert process.returncode == 0, messages
    assert "Done." in messages
    assert "Press a key" not in messages


@side_by_side
def test_a_session_that_is_told_to_end_ends_in_order(stage: Stage) -> None:
    """Ctrl-C, SIGTERM, SIGHUP, the window closed: the place is kept, the terminal as it was, all silent."""
    path = stage.routine(SHORT)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, None):
        with stage.sink.record() as recorder, stage.play(path, "--voice", VOICE) as terminal:
            before = terminal.settings()
            terminal.wait_for("Stand tall.", 30)
            assert terminal.settings() != before
            ended_at = time.monotonic()
            if number is None:
                terminal.hang_up()
                assert terminal.process.wait(5) == 128 + signal.SIGHUP
            else:
                if number is signal.SIGINT:
                    terminal.type("\x03")
                else:
                    os.kill(terminal.process.pid, number)
                assert terminal.ended(5) == 128 + number
                assert terminal.settings() == before
                assert "Traceback" not in terminal.printed
            if number in (signal.SIGINT, signal.SIGTERM):
                assert "voicecoach play --resume" in terminal.printed
            ended_at = time.monotonic()
            time.sleep(0.3)
        assert_silent_since(recorder, ended_at)
        assert [place["step"] for place in stage.places()] == ["reach"]
        last_play = json.loads((stage.folder / "state" / "last-play.json").read_text("utf-8"))
        assert last_play["ending"] == "quit"
        assert not stage.processes()


def _played_with_few_abilities(stage: Stage, player: str) -> None:
    """Pause, go on and skip with a player, and hear it."""
    path = stage.routine(SHORT)
    with stage.sink.record() as recorder:
        with stage.play(path, "--voice", VOICE, "--plain", "--player", player) as terminal:
            terminal.wait_for("Go: 3 reps", 30)
            terminal.read(1.0)
            terminal.type(" ")
            terminal.wait_for("Paused.", 3)
            paused_at = time.monotonic()
            terminal.read(1.5)
            going_on_at = time.monotonic()
            terminal.type(" ")
            terminal.wait_for("Carrying on.", 5)
            terminal.read(6.0)
            terminal.type("n")
            terminal.wait_for("Exercise 2 of 2: Hold.", 5)
            terminal.wait_for("Go: 3 seconds", 15)
            terminal.type("q")
            assert terminal.ended() == 0
            ended_at = time.monotonic()
        time.sleep(0.5)
    assert "Traceback" not in terminal.printed
    moments = np.array([recorder.moment(0)]) + loud(recorder.samples) / SAMPLE_RATE
    assert not np.any((moments > paused_at + 0.5) & (moments < going_on_at)), "sound in a pause"
    assert moments[-1] < ended_at + 0.3
    with stage.opened(path) as session:
        places = []
        # Slices may part inside of "Next: hold."
        announced = [] if player == "simpleaudio" else ["Next: hold."]
        for sentence in ("Carrying on.", "Skipping that one.", *announced, "Stay there."):
            at, likeness = sentence_in(recorder.samples, session, sentence)
            assert likeness > 0.9, sentence
            places.append(at)
    assert places == sorted(places)
    assert [place["step"] for place in stage.places()] == ["hold"]


@NEEDS_SIMPLEAUDIO
@side_by_side
def test_simpleaudio_obeys(stage: Stage) -> None:
    """A player that cannot stop to the word pauses, goes on and skips all the same."""
    _played_with_few_abilities(stage, "simpleaudio")


@side_by_side
def test_a_pipe_obeys(stage: Stage) -> None:
    """A player that is another program pauses, goes on and skips all the same."""
    _played_with_few_abilities(stage, "pipe")


COUNT = 12
LEAD_SECONDS, HOLD_SECONDS, REST_SECONDS = 20.0, 2_400.0, 60.0
WHOLE_SECONDS = LEAD_SECONDS + HOLD_SECONDS + REST_SECONDS
COUNTDOWN_SECONDS = 3.0
LONG_HOLDS = 'voicecoach = 1\ntitle = "Long holds"\naudience = "adult"\n' + "".join(
    f"""
[[steps]]
slug = "{number}"
name = "Position {number}"
say = "Stay there."
dose = "hold {HOLD_SECONDS:g}s"
setup = {LEAD_SECONDS:g}
rest_after = {REST_SECONDS:g}
"""
    for number in NUMBERS
)


@dataclass
class Walk:
    """Which exercise a person must be in who presses keys; knows the routine and the rules, and no code.

    How far into the exercise that is depends on how soon sounds begin, so only bounds are known.
    """

    index: int = 0
    least_seconds: float = 0.0
    """How far into the exercise, at least."""
    most_seconds: float = 0.0
    paused: bool = False
    rate: float = 1.0
    volume_percent: int = 100
    _settling_seconds: float = 5.0
    """How long it may take until the clock moves on after a jump, with the words that lead back."""
    history: list[str] = field(default_factory=list)
    """Where each key was pressed."""

    def note(self, what: str) -> None:
        """Note what happens where, to tell it if the walk ends elsewhere."""
        where = f"{self.index + 1}, {self.least_seconds:.1f} to {self.most_seconds:.1f} s"
        self.history.append(f"{where}{', paused' if self.paused else ''}: {what}")

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        if self.paused:
            return
        settling = min(seconds, self._settling_seconds)
        self._settling_seconds -= settling
        self.least_seconds += seconds - settling
        self.most_seconds += seconds

    @property
    def rests(self) -> bool:
        """Return whether the work may be done."""
        return self.most_seconds > WHOLE_SECONDS - REST_SECONDS - 1.0

    def may_press(self, key: str) -> bool:
        """Return whether anybody can tell where a key leads."""
        hurries = self.most_seconds > WHOLE_SECONDS - 3.0 and not self.paused
        is_last = self.index == COUNT - 1
        match key:
            case "n":
                return not is_last
            case "b" | "left" if self.index == 0:  # not into the opening, which is no exercise
                return self.least_seconds > 15.5 and not hurries
            case "b":
                return self.most_seconds < 4.5 or self.least_seconds > 5.5
            case "right":
                return not self.rests
            case "left" if self.least_seconds > 15.5:
                return not hurries
            case "left":
                return self.most_seconds < 11.0
        return not hurries

    def press(self, key: str) -> None:
        """Press a key."""
        least, most = self.least_seconds, self.most_seconds
        match key:
            case "n":
                self._jump(self.index + 1, 0.0, 0.0)
            case "b":
                self._jump(self.index - (most < 5.0), 0.0, 0.0)
            case "r" if least < LEAD_SECONDS:  # from the instruction on
                self._jump(self.index, 0.0, most)
            case "r" if self.rests:
                self._jump(self.index, WHOLE_SECONDS - REST_SECONDS - 1.0, most)
            case "r":
                self._jump(self.index, max(0.0, least - 5.0), most)
            case "right" if least < LEAD_SECONDS:
                far = most > LEAD_SECONDS - COUNTDOWN_SECONDS - 1.0
                nearest = max(15.0, least) if least < 15.0 else least
                self._jump(self.index, nearest, max(most + 15.0, LEAD_SECONDS) if far else 17.5)
            case "right":
                self._jump(self.index, least + 10.0, most + 16.0)
            case "left" if least > 15.5:
                self._jump(self.index, max(0.0, least - 20.0), most - 14.5)
            case "left":
                self._jump(self.index - 1, WHOLE_SECONDS - 20.0, WHOLE_SECONDS - 15.0 + most)
            case " " if self.paused:
                self._jump(self.index, max(0.0, least - 5.0), most)
            case " ":
                self.paused = True
            case "up" | "+" | "down" | "-":
                change = 10 if key in ("up", "+") else -10
                self.volume_percent = max(0, min(100, self.volume_percent + change))
            case "f" | "s":
                change = 0.1 if key == "f" else -0.1
                self.rate = round(max(0.8, min(1.2, self.rate + change)), 1)

    def _jump(self, index: int, least_seconds: float, most_seconds: float) -> None:
        self.index, self.least_seconds, self.most_seconds = index, least_seconds, most_seconds
        self.paused = False
        self._settling_seconds = 15.0


SENT = {"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1bOD", "F5": "\x1b[15~"}
RANDOM_KEYS = [*"nnnbbb   rrfs+-x\r", "right", "right", "left", "left", "up", "down", "F5", "é"]


def _press_200_random_keys(stage: Stage, seed: int) -> None:
    path = stage.routine(LONG_HOLDS)
    dice = random.Random(seed)
    walk = Walk()
    with stage.sink.record() as recorder, stage.play(path, "--voice", VOICE) as terminal:
        before = terminal.settings()
        terminal.wait_for("Stay there.", 120)  # eight hours are planned first
        walk.wait(6.0)
        for _ in range(200):
            key = dice.choice([key for key in RANDOM_KEYS if walk.may_press(key)])
            walk.note(f"{key!r} while {_shown(terminal.printed[-9_000:])} is shown")
            terminal.type(SENT.get(key, key))
            walk.press(key)
            pressed_at = time.monotonic()
            terminal.read(dice.uniform(0.02, 0.3))
            walk.wait(time.monotonic() - pressed_at)
        terminal.read(1.5)
        _assert_shown(terminal, walk)
        if walk.paused:
            terminal.type(" ")
            walk.press(" ")
        if walk.least_seconds < LEAD_SECONDS:
            terminal.type(SENT["right"])
            walk.press("right")
        pressed = len(recorder.samples)
        terminal.type("b")
        terminal.read(6.0)
        _assert_shown(terminal, walk)
        terminal.type("q")
        assert terminal.ended() == 0
        ended_at = time.monotonic()
        time.sleep(0.3)
        assert "Traceback" not in terminal.printed
        assert terminal.settings() == before
    assert_silent_since(recorder, ended_at)
    (place,) = stage.places()
    assert (place["step"], place["wishes"]["rate"]) == (NUMBERS[walk.index], walk.rate)
    with stage.opened(path, rate=walk.rate) as session:
        said = [
            sentence_in(recorder.samples[pressed:], session, f"Once more: position {number}.")[1]
            for number in NUMBERS
        ]
    assert NUMBERS[int(np.argmax(said))] == NUMBERS[walk.index], said
    assert max(said) > 0.9


def _shown(printed: str) -> tuple[int, float, int, bool] | None:
    """Return what the last screen in what was printed shows: exercise, voice, volume, and if it is paused."""
    lines = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", printed)
    tops = list(re.finditer(r"(?:volume (\d+) %   )?(?:voice ([\d.]+)   )?(\d+) of 12", lines))
    if not tops:
        return None
    volume, rate, number = tops[-1].groups()
    paused = "Press space to go on." in lines[tops[-1].start() :]
    return int(number), float(rate or 1), int(volume or 100), paused


def _assert_shown(terminal: Pty, walk: Walk) -> None:
    """Hold the last screen to what it must show."""
    wanted = (walk.index + 1, walk.rate, walk.volume_percent, walk.paused)
    assert _shown(terminal.printed) == wanted, "\n".join(walk.history)


@side_by_side
def test_200_random_keys_end_in_the_right_place(stage: Stage) -> None:
    """A model that knows only the rules says which exercise it must be; screen, place and sound agree."""
    for seed in range(3 if SOAK else 1):
        _press_200_random_keys(stage, seed)
