"""A session: a routine with a voice. The one place that knows the whole chain.

    Routine -> segments of timed cues -> clips -> placements -> stream of rendered blocks

Everything that is shown, heard or written comes from one `Session`, and so has the same times.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from voicecoach.clip import CHANNELS, SAMPLE_RATE, seconds_to_frames
from voicecoach.compiler import compile_script, compile_segments, opening_cues, outline_script
from voicecoach.errors import SpeechError
from voicecoach.lengths import NominalDurations, word_seconds
from voicecoach.mixdown import Block, Span, mix
from voicecoach.phrases import load_phrases
from voicecoach.script import Script, Segment, running_total
from voicecoach.sounds import load_sound
from voicecoach.speech import open_narrator
from voicecoach.timeline import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from voicecoach.clip import Clip
    from voicecoach.library import Library
    from voicecoach.phrases import Phrases
    from voicecoach.routine import Routine
    from voicecoach.speech import Narrator


class MeasuredClips:
    """The clips of a session, and their lengths for the script engine: both from the same samples."""

    def __init__(self, narrator: Narrator, library: Library, seconds_a_word: float) -> None:
        self._narrator = narrator
        self._library = library
        self._sounds: dict[str, Clip] = {}
        self.word_seconds = seconds_a_word
        """Length of a spoken word, pauses included, that speech is paced to."""

    @property
    def pause_seconds(self) -> tuple[float, float]:
        """Return the shortest and the longest silence between the sentences of one utterance."""
        return self._narrator.pause_seconds

    def sentence(self, text: str, speed: float = 1.0) -> Clip:
        """Return a spoken sentence; waits until it has been synthesised."""
        return self._narrator.clip(text, speed)

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return the length of that clip."""
        return self._narrator.seconds(sentence, speed)

    def sound(self, name: str) -> Clip:
        """Return the sound of that name, the user's own before the bundled one."""
        if name not in self._sounds:
            self._sounds[name] = load_sound(self._library.find_sound(name), SAMPLE_RATE, CHANNELS)
        return self._sounds[name]

    def sound_seconds(self, name: str) -> float:
        """Return the length of that sound."""
        return self.sound(name).duration_seconds


class Session:
    """A routine with a voice, as a stream of rendered blocks; use it as a context manager."""

    def __init__(
        self, routine: Routine, phrases: Phrases, clips: MeasuredClips, narrator: Narrator
    ) -> None:
        self.routine = routine
        self.narrator = narrator
        """The voice; its `description` says which."""
        self.sample_rate = SAMPLE_RATE
        """Hz."""
        self.channels = CHANNELS
        self.chapter_frames: list[int] = []
        """Where each segment begins, in frames, as far as the stream has come."""
        self._phrases = phrases
        self._clips = clips

    @cached_property
    def nominal(self) -> Script:
        """The script by the table of lengths: at hand at once, for totals that are called "about"."""
        return outline_script(
            self.routine, self._phrases, NominalDurations(self._clips.word_seconds)
        )

    @cached_property
    def script(self) -> Script:
        """The script with measured lengths; speaks every sentence that is not cached."""
        self._begin_speaking()
        with self._naming_the_step():
            return compile_script(self.routine, self._phrases, self._clips)

    @property
    def _is_measured(self) -> bool:
        return "script" in self.__dict__

    @property
    def duration_seconds(self) -> float:
        """Return the exact length of the session: the end of its last sound."""
        return self.total_frames / self.sample_rate

    @property
    def total_frames(self) -> int:
        """Return how many frames `blocks` will yield."""
        script = self.script
        last_start = script.starts_seconds[-1]
        placements = place(script.segments[-1], last_start, self._clips, self.sample_rate)
        return max(placement.end_frame for placement in placements)

    def measure(self, progress: Callable[[int, int], None]) -> Script:
        """Speak every sentence that is not cached, telling how many of how many, and return `script`."""
        wanted = self._begin_speaking()
        with self._naming_the_step():
            for done, (text, speed) in enumerate(wanted, 1):
                self._clips.sentence_seconds(text, speed)
                progress(done, len(wanted))
        return self.script

    def segments(self) -> Iterator[Segment]:
        """Yield the segments one by one, each as soon as its own words have been spoken."""
        if self._is_measured:
            yield from self.script.segments
            return
        self._begin_speaking()
        with self._naming_the_step():
            yield from compile_segments(self.routine, self._phrases, self._clips)

    def spans(self) -> Iterator[Span]:
        """Yield what sounds, in order: the opening line by line, then one segment at a time."""
        count = len(self.nominal.segments)
        lengths: list[float] = []
        self.chapter_frames.clear()
        heard_frames = 0  # of the segment that has begun
        if not self._is_measured and self.routine.opening:
            self.chapter_frames.append(0)
            for span in self._opening_lines():
                heard_frames = span.end_frame or 0
                yield span
        for index, segment in enumerate(self.segments()):
            *_, start = running_total(lengths)
            lengths.append(segment.duration_seconds)
            *_, end = running_total(lengths)
            start_frame = seconds_to_frames(start, self.sample_rate)
            if index == len(self.chapter_frames):
                self.chapter_frames.append(start_frame)
            with self._naming_the_step():
                self._fail_early()
                placements = place(segment, start, self._clips, self.sample_rate)
            first_frame = max(start_frame, heard_frames)
            yield Span(
                index,
                first_frame,
                None if index == count - 1 else seconds_to_frames(end, self.sample_rate),
                [placed for placed in placements if placed.start_frame >= first_frame],
            )

    def _opening_lines(self) -> Iterator[Span]:
        """Yield the lines of the opening: the first sounds while the second is being spoken."""
        self._begin_speaking()
        position = 0
        with self._naming_the_step():
            for cue in opening_cues(self.routine, self._phrases, self._clips):
                self._fail_early()
                line = Segment("opening", "", cue.end_seconds, (cue,))
                placements = place(line, 0.0, self._clips, self.sample_rate)
                end = seconds_to_frames(cue.end_seconds, self.sample_rate)
                yield Span(0, position, end, placements)
                position = end

    def blocks(self) -> Iterator[Block]:
        """Yield the rendered session: what a player plays is what an encoder writes."""
        return mix(self.spans(), self.sample_rate, self.channels)

    def to_audio_segment(self) -> Any:
        """Return the whole session as a `pydub.AudioSegment` (16 bit), equal to the WAV export."""
        from voicecoach.export import to_audio_segment

        return to_audio_segment(self.blocks(), sample_rate=self.sample_rate, channels=self.channels)

    def close(self) -> None:
        """End the speech worker, if one was started."""
        self.narrator.close()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the session."""
        self.close()

    def _begin_speaking(self) -> list[tuple[str, float]]:
        """Ask for every sentence, with its speed, in the order of the session; they come behind our back."""
        wanted = {
            (sentence.text, cue.speed): None
            for segment in self.nominal.segments
            for cue in segment.cues
            for sentence in cue.sentences
        }
        self.narrator.prefetch(list(wanted))
        return list(wanted)

    def _fail_early(self) -> None:
        """Raise what synthesis ahead has failed at: better now than when its moment comes."""
        if self.narrator.failure is not None:
            raise self.narrator.failure

    @contextmanager
    def _naming_the_step(self) -> Iterator[None]:
        """Add to a SpeechError which step the sentence belongs to."""
        try:
            yield
        except SpeechError as error:
            for segment in self.nominal.segments:
                texts = {sentence.text for cue in segment.cues for sentence in cue.sentences}
                if not error.step and error.text in texts:
                    error.step = segment.title
                    break
            raise


def open_session(
    routine: Routine,
    library: Library,
    *,
    voice: str = "auto",
    rate: float = 1.0,
    use_cache: bool = True,
) -> Session:
    """Return a session of a routine.

    `voice` is `auto`, `ENGINE` or `ENGINE:VOICE`; `rate` (0.8 to 1.2) is the pace of speech, never of
    the exercise. Nothing is synthesised before the session is asked for something that sounds.
    Raises PhraseError or EngineUnavailableError where the language or the voice is not here.
    """
    phrases = load_phrases(routine.language, routine.audience)
    narrator = open_narrator(
        voice,
        audience=routine.audience,
        language=routine.language,
        rate=rate,
        use_cache=use_cache,
    )
    clips = MeasuredClips(narrator, library, word_seconds(routine.audience, rate))
    return Session(routine, phrases, clips, narrator)
