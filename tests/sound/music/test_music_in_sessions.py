"""Sessions with music: the same words at the same times, over a bed that makes room for them."""

from __future__ import annotations

import gc
import itertools
import subprocess
import wave
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.building import cue, routine, step
from tests.support.needs import requires_program
from voicecoach.errors import SoundError
from voicecoach.export import TrackTags, export_track
from voicecoach.files.fingerprint import fingerprint
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.players.keep_alive import bed_in_silence
from voicecoach.routine.model import Silence, Spoken
from voicecoach.session.departure import Departure, Opener
from voicecoach.session.session import open_session
from voicecoach.sound import music as music_module
from voicecoach.sound.clip import SAMPLE_RATE, db_to_gain, seconds_to_frames
from voicecoach.sound.mixdown import mix
from voicecoach.sound.music.accompaniment import (
    ATTACK_SECONDS,
    CEILING_DB,
    DUCKED_DB,
    FADE_IN_SECONDS,
    HOLD_SECONDS,
    RELEASE_SECONDS,
)
from voicecoach.sound.music.our_beds import SAMPLE_RATE as MUSIC_RATE
from voicecoach.sound.music.reading import read_music
from voicecoach.sound.timeline import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session
    from voicecoach.sound.mixdown import Block, Span
    from voicecoach.sound.timeline import Placement

BUNDLED = (
    "relaxation", "preliminary", "main", "dumbbells", "children", "desk-break", "posture-play",
)  # fmt: skip


def small() -> Routine:
    """Return two exercises with an opening, a flow step and a closing."""
    return routine(
        step("reach", "hold 20s", cue("8s", "Keep breathing."), say="Reach up.", rest_after_seconds=12.0),
        step("sway", "for 8s", say="Sway.", flow=True, rest_after_seconds=6.0),
        step("press", "4 reps, tempo 2-1-2", say="Press your hands together."),
        opening=(Spoken("Welcome."), Silence(4.0), Spoken("Mind the floor.")),
        closing=(Spoken("Well done."), Silence(3.0), Spoken("Goodbye.")),
    )  # fmt: skip


def frames(seconds: float) -> int:
    """Return a moment in frames of a session with music."""
    return seconds_to_frames(seconds, MUSIC_RATE)


def rendered(blocks: Iterable[Block]) -> NDArray[np.float32]:
    """Return all samples."""
    return np.concatenate([block.samples for block in blocks])


def placed(session: Session) -> list[Placement]:
    """Return all that sounds in a session."""
    script = session.script
    pairs = zip(script.starts_seconds, script.segments, strict=True)
    parts = [place(segment, start, session.clips, MUSIC_RATE) for start, segment in pairs]
    return list(itertools.chain.from_iterable(parts))


def level_db(samples: NDArray[np.float64]) -> float:
    """Return the level of a stretch."""
    return float(10 * np.log10((samples**2).mean() + 1e-12))


@pytest.mark.parametrize("voice", ["silent", "auto"])
def test_music_makes_room_for_every_sentence(voice: str, tmp_path: Path) -> None:
    """Less all that is spoken, the bed is left: down under each sentence, before it begins."""
    with open_session(small(), Library(tmp_path), voice=voice, music="pad") as session:
        assert (session.sample_rate, session.channels) == (44_100, 2)
        sounds = placed(session)
        samples = rendered(session.blocks())
        bed = samples.astype(np.float64)
        for sound in sounds:
            bed[sound.start_frame : sound.end_frame] -= sound.clip.samples
        own = session.bed
        assert own is not None
        plain = own.samples(0, len(bed)).astype(np.float64)
        busy = np.zeros(len(bed), bool)
        for sound in sounds:
            first = max(0, sound.start_frame - frames(ATTACK_SECONDS))
            busy[first : sound.end_frame + frames(HOLD_SECONDS + RELEASE_SECONDS)] = True
        quiet = ~busy
        quiet[: frames(FADE_IN_SECONDS)] = False
        quiet[-frames(5) :] = False
        assert quiet.mean() > 0.2
        assert np.abs(bed - plain)[quiet].max() < 1e-6
        late = [s for s in sounds if frames(3) < s.start_frame < len(bed) - frames(8)]
        assert len([s for s in late if s.cue.kind == "speech"]) > 15
        for sound in late:
            before = slice(sound.start_frame - 200, sound.start_frame)
            under = slice(sound.start_frame, sound.end_frame)
            for part in (before, under):
                assert level_db(bed[part]) < level_db(plain[part]) - 10.5, sound.sentence
        assert np.abs(samples).max() <= max(db_to_gain(CEILING_DB), np.abs(samples - bed).max())


def test_speech_stands_as_far_above_the_bed_as_it_should(tmp_path: Path) -> None:
    """The bed in the breaks is some 10 LU below the words, and some 21 under them."""
    from tests.support.lufs import integrated_lufs
    from voicecoach.sound.clip import Clip

    with open_session(small(), Library(tmp_path), music="waves") as session:
        words = [s.clip.samples for s in placed(session) if s.cue.kind == "speech"]
        speech = np.repeat(np.concatenate(words), 2, axis=1)
        assert session.bed is not None
        bed = session.bed.samples(0, 30 * MUSIC_RATE)
        above = integrated_lufs(Clip(speech, MUSIC_RATE)) - integrated_lufs(Clip(bed, MUSIC_RATE))
    assert 9 < above < 11
    assert DUCKED_DB == -11


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", BUNDLED)
def test_music_moves_nothing(name: str, tmp_path: Path) -> None:
    """With music a routine has the times and the length that it has without."""
    library = Library(tmp_path)
    what = load_routine(library.find_routine(name), library)
    with (
        open_session(what, library, voice="silent") as plain,
        open_session(what, library, voice="silent", music="pad") as with_music,
    ):
        assert (plain.sample_rate, plain.channels, plain.bed) == (24_000, 1, None)
        assert with_music.script == plain.script
        assert with_music.duration_seconds == pytest.approx(
            plain.duration_seconds, abs=1 / SAMPLE_RATE
        )
        frames_mixed = sum(block.length_frames for block in with_music.blocks())
        assert frames_mixed == with_music.total_frames
        assert_foretold(list(with_music.spans()), MUSIC_RATE)


def assert_foretold(spans: Sequence[Span], sample_rate: int) -> None:
    """Check that each span tells when the next begins to sound, wherever music has to know."""
    sounded = -sample_rate
    for span, after in itertools.pairwise(spans):
        assert span.end_frame is not None
        sounded = max([sounded, *(sound.end_frame for sound in span.placements)])
        first = min((sound.start_frame for sound in after.placements), default=None)
        if span.next_sound_frame is not None:
            assert first is None or span.next_sound_frame == first
            continue
        if first is None:
            continue
        attack = round(ATTACK_SECONDS * sample_rate)
        assert first - attack >= min(span.end_frame, sounded + round(HOLD_SECONDS * sample_rate))


def test_played_as_it_comes_or_measured_before_it_is_the_same_sound(tmp_path: Path) -> None:
    """The opening comes line by line when nothing has been measured, and the bed does not tell."""
    with open_session(small(), Library(tmp_path), voice="silent", music="waves") as session:
        spans = list(session.spans())
        assert_foretold(spans, MUSIC_RATE)
        lazily = rendered(mix(iter(spans), MUSIC_RATE, 2, bed=session.bed))
        session.measure(lambda _done, _total: None)
        assert len(list(session.spans())) < len(spans)
        assert np.array_equal(lazily, rendered(session.blocks()))
        assert len(lazily) == session.total_frames
        assert not lazily[-1].any()


@pytest.mark.parametrize("index", [1, 2, 3])
def test_a_stream_from_an_exercise_on_is_the_rest_of_the_track(tmp_path: Path, index: int) -> None:
    """But for the fade-in, what is played after a skip is what stands in the track there."""
    with open_session(small(), Library(tmp_path), voice="silent", music="pad") as session:
        whole = rendered(session.blocks())
        start = frames(session.start_seconds(index))
        stream = rendered(session.blocks(Departure(index)))
        assert len(stream) == len(whole) - start
        faded = frames(FADE_IN_SECONDS)
        assert np.array_equal(stream[faded:], whole[start + faded :])
        assert not stream[0].any()
        assert np.array_equal(stream, rendered(session.blocks(Departure(index))))


def test_a_tail_has_the_music_of_its_place(tmp_path: Path) -> None:
    """After a pause the pickup lies over music, and from where it leads to all is as in the track."""
    with open_session(small(), Library(tmp_path), voice="silent", music="pad") as session:
        whole = rendered(session.blocks())
        segment = session.segment(1)
        departure = Departure(1, segment, 12.0, Opener.CARRYING_ON, counts_in=True)
        stream = rendered(session.blocks(departure))
        leg = session.legs[0]
        faded = frames(
            max(FADE_IN_SECONDS, leg.segment.pickup_seconds + HOLD_SECONDS + RELEASE_SECONDS)
        )
        assert leg.start_frame + faded < frames(session.start_seconds(2))
        assert len(stream) == len(whole) - leg.start_frame
        assert np.array_equal(stream[faded:], whole[leg.start_frame + faded :])


def test_in_a_hold_the_music_goes_on_and_makes_room_for_the_reminders(tmp_path: Path) -> None:
    """A hold has no end: neither has the music, nor is there a jump in it."""
    with open_session(small(), Library(tmp_path), voice="silent", music="pad") as session:
        waits = {1}.__contains__
        spans = list(itertools.islice(session.spans(Departure(1), waits=waits), 6))
        assert_foretold(spans, MUSIC_RATE)
        stream = mix(iter(spans), MUSIC_RATE, 2, bed=session.bed)
        samples = rendered(stream)
        first = spans[0].start_frame
        assert session.bed is not None
        plain = session.bed.samples(first, first + len(samples))
        for span in spans[2:5]:
            (reminder, *_) = span.placements
            word = reminder.start_frame - first
            half = word + frames(10)
            assert (
                level_db(samples[word : word + 2_000]) < level_db(plain[word : word + 2_000]) - 10.5
            )
            assert np.array_equal(samples[half : half + 2_000], plain[half : half + 2_000])


def test_speakers_need_no_other_bed_under_music(tmp_path: Path) -> None:
    """What keeps speakers awake lies in digital silence, of which music leaves next to nothing."""
    from voicecoach.sound.clip import to_pcm16

    with open_session(small(), Library(tmp_path), voice="silent", music="pad") as session:
        pcm = to_pcm16(rendered(session.blocks()))
    kept_awake = bed_in_silence(pcm, 0)
    changed = np.flatnonzero((kept_awake != pcm).any(axis=1))
    assert len(changed) < frames(0.5)


@pytest.mark.parametrize(
    "encoder", ["lameenc", pytest.param("pydub", marks=requires_program("ffmpeg"))]
)
@requires_program("ffprobe", "ffmpeg")
def test_a_track_with_music_is_44100_hz_stereo(tmp_path: Path, encoder: str) -> None:
    """As MP3, with both encoders, and as long as the session."""
    target = tmp_path / "track.mp3"
    with open_session(small(), Library(tmp_path), voice="silent", music="bowls") as session:
        export_track(
            session.blocks(), target, total_frames=session.total_frames,
            sample_rate=session.sample_rate, channels=session.channels,
            tags=TrackTags("Test"), encoder=encoder,
        )  # fmt: skip
        samples, seconds = rendered(session.blocks()), session.duration_seconds
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", target, "-f", "f32le", "-"],
        check=True, capture_output=True, timeout=120,
    ).stdout  # fmt: skip
    heard = np.frombuffer(decoded, np.float32).reshape(-1, 2)
    assert len(heard) / 44_100 == pytest.approx(seconds, abs=0.03)
    middle = slice(len(samples) // 2, len(samples) // 2 + 4 * MUSIC_RATE)
    assert np.corrcoef(heard[middle, 0], samples[middle, 0])[0, 1] > 0.99


def test_another_pace_in_the_middle_of_a_stream_does_not_disturb_the_music(tmp_path: Path) -> None:
    """What follows is made anew; the span before it still knows when it begins to sound."""
    with open_session(small(), Library(tmp_path), voice="silent", music="pad") as session:
        stream = session.spans()
        spans = list(itertools.islice(stream, 3))
        session.change_rate(0.8, 2)
        spans += stream
    assert_foretold(spans, MUSIC_RATE)


def write_tune(path: Path, seconds: int = 20) -> Path:
    """Write a WAV file of music."""
    notes = 8_000 * np.sin(2 * np.pi * 220 * np.arange(seconds * MUSIC_RATE) / MUSIC_RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MUSIC_RATE)
        file.writeframes(np.rint(notes).astype("<i2").tobytes())
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the music files that are read, as they are."""
    paths: list[Path] = []

    def note(path: Path) -> NDArray[np.int16]:
        paths.append(path)
        return read_music(path)

    monkeypatch.setattr(music_module, "read_music", note)
    return paths


def test_music_is_read_when_it_is_to_be_heard(tmp_path: Path, read: list[Path]) -> None:
    """A look at a session, or at what its track is made from, does not read an hour of music."""
    tune = write_tune(tmp_path / "tune.wav")
    with open_session(small(), Library(tmp_path), voice="silent", music=str(tune)) as session:
        before = fingerprint(session.made_from)
        assert (session.sample_rate, session.channels, session.minutes) == (44_100, 2, 2)
        assert session.script.chapters
        assert read == []
        next(session.blocks())
        assert read == [tune]
        assert fingerprint(session.made_from) == before
        tune.write_bytes(tune.read_bytes()[:-2] + b"\1\1")
        assert fingerprint(session.made_from) != before


def test_sessions_that_are_open_together_read_their_music_once(
    tmp_path: Path, read: list[Path]
) -> None:
    """In whatever thread they are; a file that has changed is other music."""
    tune = write_tune(tmp_path / "tune.wav")
    with ExitStack() as stack, ThreadPoolExecutor(4) as threads:
        sessions = [
            stack.enter_context(
                open_session(small(), Library(tmp_path), voice="silent", music=str(tune))
            )
            for _ in range(4)
        ]
        beds = list(threads.map(lambda session: session.bed, sessions))
        assert read == [tune]
        assert len(set(map(id, beds))) == 1
        write_tune(tune, 10)
        other = open_session(small(), Library(tmp_path), voice="silent", music=str(tune))
        stack.enter_context(other)
        assert other.bed is not beds[0]
        assert read == [tune, tune]


def test_music_that_cannot_be_played_is_told_before_anything_is_spoken(tmp_path: Path) -> None:
    """Whoever begins the long work hears of it at once."""
    short = write_tune(tmp_path / "short.wav", 0)
    with open_session(small(), Library(tmp_path), music=str(short)) as session:
        for begin in (session.speak_ahead, lambda: session.measure(lambda *_: None)):
            with pytest.raises(SoundError, match=r"short\.wav: lasts 0\.0 s"):
                begin()
        assert session.narrator._process._worker is None
    for gain_db in (-31.0, 13.0):
        with pytest.raises(ValueError, match="the gain of music is -30 to 12 dB"):
            open_session(small(), Library(tmp_path), music="pad", music_gain_db=gain_db)


def test_a_closed_session_holds_no_sound(tmp_path: Path) -> None:
    """Neither its words, nor its music, on whose place on the disk nobody sits any more."""
    tune = write_tune(tmp_path / "tune.wav")
    session = open_session(small(), Library(tmp_path), voice="pyttsx3", music=str(tune))
    for _ in session.blocks():
        pass
    assert session.bed is not None
    held = [
        weakref.ref(session.bed),
        weakref.ref(session.narrator.clip("Welcome.")),
        weakref.ref(session.clips.sentence("Welcome.")),
    ]
    session.close()
    gc.collect()
    assert [one() for one in held] == [None, None, None]
