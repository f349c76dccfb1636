"""Sessions: what is rendered sounds exactly where the script says, for every bundled routine."""

from __future__ import annotations

import itertools
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.building import routine, step
from tests.support.figures import SOAK, SPOKEN
from voicecoach.errors import SpeechError
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.minutes import is_near
from voicecoach.fitting.stop_lines import MOST_SECONDS, gaps
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Level, Silence, Spoken, Talk
from voicecoach.script.compiler import nominal_minutes
from voicecoach.session import clips as clips_module
from voicecoach.session.clips import ClipsAtRate, MeasuredClips
from voicecoach.session.departure import Departure
from voicecoach.session.session import Session, open_session
from voicecoach.sound.clip import SAMPLE_RATE, Clip, resample, seconds_to_frames
from voicecoach.sound.timeline import place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.language.phrases import Phrases
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script

BUNDLED = (
    "relaxation",
    "preliminary",
    "main",
    "dumbbells",
    "children",
    "desk-break",
    "posture-play",
)


def rendered(session: Session) -> NDArray[np.float32]:
    """Return all samples of a session, checking that its blocks follow each other."""
    parts, frame = [], 0
    for block in session.blocks():
        assert block.start_frame == frame
        frame += block.length_frames
        parts.append(block.samples)
    return np.concatenate(parts)[:, 0]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", BUNDLED)
def test_tones_of_every_routine_stand_at_their_frames(name: str, tmp_path: Path) -> None:
    """With the silent voice only tones sound: each hold and each set is exact to the frame."""
    library = Library(tmp_path)
    with open_session(
        load_routine(library.find_routine(name), library), library, voice="silent"
    ) as session:
        script, samples = session.script, rendered(session)
        expected = np.zeros_like(samples)
        sounds = MeasuredClips(session.narrator, library, 0.4)
        for start, segment in zip(script.starts_seconds, script.segments, strict=True):
            for block in segment.work_blocks:
                first = seconds_to_frames(start + block.start_seconds, SAMPLE_RATE)
                after = first + round(block.duration_seconds * SAMPLE_RATE)
                for frame, sound in ((first, "start"), (after, "end")):
                    clip = sounds.sound(sound).samples[:, 0]
                    expected[frame : frame + len(clip)] += clip[: len(expected) - frame]
        assert np.array_equal(samples, expected)
        assert len(samples) == session.total_frames
        assert session.duration_seconds == pytest.approx(
            script.duration_seconds, abs=1 / SAMPLE_RATE
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["relaxation", "children"] if SOAK else ["children"])
def test_every_sentence_sounds_where_the_script_says(name: str, tmp_path: Path) -> None:
    """With the natural voice the mix equals the clips put down one by one, to the sample."""
    library = Library(tmp_path)
    with open_session(load_routine(library.find_routine(name), library), library) as session:
        script, samples = session.script, rendered(session)
        left = samples.astype(np.float64)
        clips = session.clips
        ends = []
        for start, segment in zip(script.starts_seconds, script.segments, strict=True):
            for placed in place(segment, start, clips, SAMPLE_RATE):
                left[placed.start_frame : placed.end_frame] -= placed.clip.samples[:, 0]
                if placed.cue.kind == "speech":
                    ends.append((placed.start_frame, placed.end_frame))
        assert np.abs(left).max() < 1e-6
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(sorted(ends)))


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOKEN)
def test_with_the_natural_voice_nothing_is_dropped_or_hurried(name: str, tmp_path: Path) -> None:
    """The default voice fits into every bundled routine, within three percent of its planned length."""
    from tests.bundled.test_golden import TOTALS_SECONDS

    library = Library(tmp_path)
    with open_session(load_routine(library.find_routine(name), library), library) as session:
        script = session.script
        assert [note for note in script.notes if note.kind != "moved"] == []
        assert script.duration_seconds == pytest.approx(TOTALS_SECONDS[name], rel=0.03)
        assert vital(script) == vital(session.nominal)


@pytest.mark.slow
@pytest.mark.parametrize("name", SPOKEN if SOAK else ["desk-break"])
def test_a_fitted_session_fits_as_it_is_spoken(name: str, tmp_path: Path) -> None:
    """It is fitted by the table of lengths, and is as long and as safe with the natural voice."""
    library = Library(tmp_path)
    routine = load_routine(library.find_routine(name), library)
    usual = nominal_minutes(routine, load_phrases("en", routine.audience), 0.4)
    for wishes in (
        Wishes(),
        Wishes(minutes=round(1.4 * usual)),
        Wishes(minutes=math.ceil(0.8 * usual), talk=Talk.BRIEF, level=Level.EASY),
    ):
        fitted = personalise(routine, wishes)
        with open_session(fitted, library, rate=wishes.speech_rate) as session:
            script = session.script
        assert [note for note in script.notes if note.kind == "sped up"] == []
        assert wishes.minutes is None or is_near(script.duration_seconds, wishes.minutes)
        assert max(end - begin for begin, end in gaps(script)) <= MOST_SECONDS


def vital(script: Script) -> list[str]:
    """Return the words that no length may change."""
    free = {"count", "rest", "halfway", "five-seconds", "set", "tone"}
    return sorted(
        cue.text for segment in script.segments for cue in segment.cues if cue.role not in free
    )


class SlowNarrator:
    """A voice that counts what it is asked for, and can be told to fail."""

    pause_seconds = (0.4, 0.8)
    description = "a voice for tests"

    def __init__(self, fail_at: str = "") -> None:
        self.asked: list[str] = []
        self.fail_at = fail_at
        self.failure: SpeechError | None = None

    def prefetch(self, wanted: Sequence[tuple[str, float]], *, rate: float | None = None) -> None:
        """Take note of nothing: synthesis ahead is the narrator's own affair."""

    def clip(self, sentence: str, speed: float = 1.0, *, rate: float | None = None) -> Clip:
        """Return half a second of a steady level."""
        if sentence == self.fail_at:
            raise SpeechError("the engine has no voice left", engine="test", text=sentence)
        if sentence not in self.asked:
            self.asked.append(sentence)
        return Clip(np.full((SAMPLE_RATE // 2, 1), 0.1, np.float32), SAMPLE_RATE)

    def seconds(self, sentence: str, speed: float = 1.0, *, rate: float | None = None) -> float:
        """Return its length."""
        return self.clip(sentence, speed).duration_seconds

    def close(self) -> None:
        """Nothing to close."""


def session_with(narrator: SlowNarrator, tmp_path: Path) -> Session:
    """Return a session of three short steps with a closing."""
    from voicecoach.language.phrases import load_phrases

    plan = routine(
        *[step(name, say=f"Do {name} now.") for name in ("one", "two", "three")],
        opening=(Spoken("Welcome."), Spoken("Mind the floor."), Silence(1.0)), closing="Goodbye.",
    )  # fmt: skip
    clips = MeasuredClips(narrator, Library(tmp_path), 0.4)  # type: ignore[arg-type]
    return Session(plan, load_phrases("en", plan.audience), clips, narrator)  # type: ignore[arg-type]


def test_the_first_sound_does_not_wait_for_the_rest(tmp_path: Path) -> None:
    """The first line can be played when nothing but the first line has been spoken."""
    narrator = SlowNarrator()
    session = session_with(narrator, tmp_path)
    next(session.blocks())
    assert narrator.asked == ["Welcome."]
    assert [leg.start_frame for leg in session.legs] == [0]


def test_stream_is_the_same_lazily_and_measured(tmp_path: Path) -> None:
    """What is played is what is exported, sample for sample."""
    lazy = rendered(session_with(SlowNarrator(), tmp_path))
    session = session_with(SlowNarrator(), tmp_path)
    session.measure(lambda _done, _total: None)
    assert np.array_equal(lazy, rendered(session))
    assert len(lazy) == session.total_frames


def test_a_sentence_that_cannot_be_spoken_names_its_step(tmp_path: Path) -> None:
    """The session is not made, and the message says which step and what."""
    narrator = SlowNarrator(fail_at="Do two now.")
    for use in (rendered, lambda session: session.script, lambda session: session.measured_outline(),
                lambda session: session.measure(lambda _done, _total: None)):  # fmt: skip
        message = r"^\"Two\": the engine has no voice left"
        with pytest.raises(SpeechError, match=message) as caught:
            use(session_with(narrator, tmp_path))
        assert (caught.value.chapter, caught.value.slug) == ("Two", "two")


def test_a_sentence_of_every_step_that_cannot_be_spoken_names_the_step_that_wants_it(
    tmp_path: Path,
) -> None:
    """Where a stream begins in the last step, no one is told of the first."""
    session = session_with(SlowNarrator(fail_at="Three."), tmp_path)
    with pytest.raises(SpeechError) as caught:
        list(session.spans(Departure(3)))
    assert caught.value.slug == "three"


def test_a_session_stops_early_for_a_sentence_that_comes_late(tmp_path: Path) -> None:
    """What synthesis ahead could not speak ends the session before its moment comes."""
    narrator = SlowNarrator()
    blocks = session_with(narrator, tmp_path).blocks()
    next(blocks)
    narrator.failure = SpeechError("the engine has no voice left", engine="test", text="Goodbye.")
    with pytest.raises(SpeechError, match=r"^\"Closing\": the engine has no voice left"):
        list(blocks)
    assert "Goodbye." not in narrator.asked


def test_measuring_tells_how_far_it_is(tmp_path: Path) -> None:
    """Every sentence is counted, and the last count is the total."""
    heard: list[tuple[int, int]] = []
    session_with(SlowNarrator(), tmp_path).measure(lambda done, total: heard.append((done, total)))
    assert [done for done, _ in heard] == list(range(1, heard[0][1] + 1))


def test_audio_segment_equals_the_track_in_wav(tmp_path: Path) -> None:
    """Python users get the same samples from pydub as everybody else from the WAV file."""
    import wave

    from voicecoach.export import TrackTags, export_track, to_audio_segment

    session = session_with(SlowNarrator(), tmp_path)
    target = tmp_path / "track.wav"
    session.measure(lambda _done, _total: None)
    export_track(
        session.blocks(), target, total_frames=session.total_frames,
        sample_rate=session.sample_rate, channels=session.channels, tags=TrackTags("Test"),
    )  # fmt: skip
    with wave.open(str(target)) as file:
        written = file.readframes(file.getnframes())
    segment = to_audio_segment(session)
    assert segment.raw_data == written
    assert (segment.frame_rate, segment.channels, segment.sample_width) == (24_000, 1, 2)


def test_the_lexicon_is_that_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words are spoken as its own folder has them, whatever the working folder is."""
    theirs, here = tmp_path / "theirs", tmp_path / "here"
    for folder, respelling in ((theirs, "plee-ay"), (here, "ply")):
        (folder / "scripts").mkdir(parents=True)
        (folder / "scripts" / "lexicon.toml").write_text(f"plie = {respelling}\n", "utf-8")
    library = Library(theirs)
    for folder in (theirs, here, tmp_path):
        monkeypatch.chdir(folder)
        with open_session(routine(step("Plie")), library, voice="silent") as session:
            assert session.narrator.speakable("A plie.") == "A plee-ay."


@pytest.mark.sampled(2)
@pytest.mark.parametrize("rate", [0.8, 1.2])
@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_another_pace_moves_nothing_that_is_rendered(
    tmp_path: Path, rate: float, ahead: int
) -> None:
    """The stream is made some seconds ahead; what it holds by then stays, and the rest follows on it."""
    say = "Stand tall and breathe out slowly while you reach for the ceiling with both arms."
    what = routine(
        *(step(f"step-{number}", say=say, setup_seconds=0.0) for number in range(1, 6)),
        opening="Welcome.",
        closing="Well done. Goodbye.",
    )
    with open_session(what, Library(tmp_path), voice="silent") as session:
        stream = session.spans()
        spans = list(itertools.islice(stream, 2 + ahead))
        session.change_rate(rate, 2)
        spans += stream
        for before, after in itertools.pairwise(spans):
            assert before.end_frame == after.start_frame
        for leg, span in zip(session.legs, spans[-len(session.legs) :], strict=True):
            assert len(span.placements) >= len(leg.segment.cues) or leg.index == 0
            assert leg.start_frame == span.start_frame or leg.index == 0
        assert len(spans[-1].placements) == 2


def test_minutes_are_counted_once_for_each_pace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often streams, pickups and lists ask for them."""
    counted: list[float] = []

    def count(what: Routine, phrases: Phrases, seconds_a_word: float) -> int:
        counted.append(seconds_a_word)
        return nominal_minutes(what, phrases, seconds_a_word)

    for module in ("script.compiler", "session.session"):
        monkeypatch.setattr(f"voicecoach.{module}.nominal_minutes", count)
    what = routine(step("a"), step("b"), opening="It takes $minutes minutes.", closing="Goodbye.")
    with open_session(what, Library(tmp_path), voice="silent") as session:
        assert list(session.spans())
        assert session.minutes == 1
        session.change_rate(0.8, 2)
        into_work = Departure(2, session.segment(2), 5.0, counts_in=True)
        assert list(session.spans(into_work))
        assert session.script.segments
    assert counted == pytest.approx([0.4, 0.5])


def test_two_threads_bring_a_clip_to_the_rate_of_the_session_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streams that overlap for a moment have one clip, which is counted once."""
    both_are_at_it = threading.Barrier(2)

    def slowly(clip: Clip, sample_rate: int) -> Clip:
        both_are_at_it.wait(5.0)
        return resample(clip, sample_rate)

    monkeypatch.setattr(clips_module, "resample", slowly)
    clips = ClipsAtRate(44_100)
    clip = Clip(np.full((SAMPLE_RATE // 2, 1), 0.1, np.float32), SAMPLE_RATE)
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda _: clips.of("Go.", clip), range(2))
    assert one is other is clips.of("Go.", clip)
    assert clips._clip_bytes == one.samples.nbytes
