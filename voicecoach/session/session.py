"""A session: a routine with a voice. The one place that knows the whole chain.

    Routine -> segments of timed cues -> clips -> placements -> stream of rendered blocks

Everything that is shown, heard or written comes from one `Session`, and so has the same times.
"""

from __future__ import annotations

import itertools
import math
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from voicecoach.errors import spoken_in
from voicecoach.language.phrases import load_phrases
from voicecoach.script.compiler import compile_script, nominal_minutes, opening_cues, outline_script
from voicecoach.script.durations import NominalDurations
from voicecoach.script.model import Script, Segment, segment_steps
from voicecoach.session.clips import ClipsAtRate, MeasuredClips
from voicecoach.session.departure import Departure, may_wait, pickup_sentences, take_up, waiting
from voicecoach.session.legs import Leg, Legs
from voicecoach.session.lengths import Lengths
from voicecoach.sound.clip import CHANNELS, SAMPLE_RATE, seconds_to_frames
from voicecoach.sound.mixdown import Block, Span, mix
from voicecoach.sound.music import music_file, open_bed
from voicecoach.sound.music import our_beds as music_kind
from voicecoach.sound.music.bed import check_gain
from voicecoach.sound.timeline import place
from voicecoach.speech import open_narrator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from voicecoach.language.phrases import Phrases
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Cue
    from voicecoach.session.excerpt import Excerpt
    from voicecoach.sound.music.bed import Bed
    from voicecoach.speech import Narrator


class _Paced:
    """The scripts of a session at one pace of speech; another pace has others."""

    def __init__(
        self, routine: Routine, phrases: Phrases, clips: MeasuredClips, excerpt: Excerpt | None
    ) -> None:
        self._routine, self._phrases, self._excerpt = routine, phrases, excerpt
        self.clips = clips
        self.measured: Script | None = None
        """With measured lengths; None before."""

    @cached_property
    def outline(self) -> Script:
        """The script of the whole routine by the table of lengths."""
        nominal = NominalDurations(self.clips.word_seconds)
        return outline_script(self._routine, self._phrases, nominal, minutes=self.minutes)

    @cached_property
    def minutes(self) -> int:
        """As the coach says them at that pace."""
        return nominal_minutes(self._routine, self._phrases, self.clips.word_seconds)

    @cached_property
    def nominal(self) -> Script:
        """The script of what is heard, by the table of lengths."""
        if self._excerpt is None:
            return self.outline
        return self.alone(self._excerpt.of(self.outline.segments[self._excerpt.index]))

    def alone(self, segment: Segment) -> Script:
        title = f"{self._routine.title}: {segment.title}"
        return Script(replace(self._routine, title=title), (segment,))


class Session:
    """A routine with a voice, as a stream of rendered blocks; use it as a context manager."""

    def __init__(
        self,
        routine: Routine,
        phrases: Phrases,
        clips: MeasuredClips,
        narrator: Narrator,
        music: str = "",
        music_gain_db: float = 0.0,
        *,
        excerpt: Excerpt | None = None,
        keeps_narrator: bool = False,
    ) -> None:
        self.routine = routine
        self.excerpt = excerpt
        """The one segment that is heard; None for all of them. Its own times begin at 0."""
        whole = range(len(segment_steps(routine)))
        self._part = whole if excerpt is None else whole[excerpt.index : excerpt.index + 1]
        """The indices of the segments that are heard."""
        self._keeps_narrator = keeps_narrator
        """Whether the voice speaks for others when this session is closed."""
        self.narrator = narrator
        self._music, self._music_gain_db = music, music_gain_db
        self._bed: Bed | None = None
        self.sample_rate = music_kind.SAMPLE_RATE if music else SAMPLE_RATE
        """Hz; also of the clips."""
        self.channels = music_kind.CHANNELS if music else CHANNELS
        self.legs = Legs()
        """Of the present stream; another stream has others."""
        self.phrases = phrases
        self._paced = _Paced(routine, phrases, clips, excerpt)
        self._wanted_in: dict[str, Segment] = {}
        """The segment that each sentence spoken ahead is said in first."""

    @property
    def bed(self) -> Bed | None:
        """The music, if any, read when it is first asked for.

        Raises SoundError where the music cannot be played.
        """
        if self._bed is None and self._music:
            self._bed = open_bed(self._music, self._music_gain_db)
        return self._bed

    @property
    def clips(self) -> MeasuredClips:
        """Return the clips at the present pace, and with them their lengths."""
        return self._paced.clips

    @property
    def outline(self) -> Script:
        """Return the script of the whole routine by the table, however little is heard."""
        return self._paced.outline

    @property
    def nominal(self) -> Script:
        """Return the script by the table of lengths, at once, for totals that are "about"."""
        return self._paced.nominal

    @property
    def script(self) -> Script:
        """Return the script with measured lengths; speaks every sentence that is not cached."""
        paced = self._paced
        if paced.measured is None:
            self._begin_speaking()
            if self.excerpt is not None:
                script = paced.alone(self.segment(self.excerpt.index))
            else:
                clips, minutes = paced.clips, paced.minutes
                script = compile_script(self.routine, self.phrases, clips, minutes=minutes)
                for index, segment in enumerate(script.segments):
                    self._lengths.learn(index, segment, clips, keep=False)
            paced.measured = script
        return paced.measured

    def measured_outline(self) -> Script:
        """Return the measured script of the whole routine, even if words have no room.

        Nothing is raised for them: the notes of the segments tell of them. Speaks every sentence
        that is not cached.
        """
        self._begin_speaking()
        minutes = self._paced.minutes
        return outline_script(self.routine, self.phrases, self.clips, minutes=minutes)

    @cached_property
    def _lengths(self) -> Lengths:
        planned = [0.0] * len(self.outline.segments)
        for index, seconds in self._planned_seconds().items():
            planned[index] = seconds
        return Lengths(planned)

    def _planned_seconds(self) -> dict[int, float]:
        segments = zip(self._part, self.nominal.segments, strict=True)
        return {index: segment.duration_seconds for index, segment in segments}

    @property
    def minutes(self) -> int:
        """Return the length in whole minutes, as lists show it and the coach says it."""
        if self.excerpt is not None:
            return max(1, round(self.nominal.duration_seconds / 60))
        return self._paced.minutes

    @property
    def about_seconds(self) -> float:
        """Return the length of the session, as well as it is known."""
        return self._lengths.total_seconds

    @property
    def is_exact(self) -> bool:
        """True if every segment has been measured, so that `about_seconds` is exact."""
        return self._paced.measured is not None or self._lengths.are_known(self._part)

    @property
    def duration_seconds(self) -> float:
        """Return the exact length of the session: the end of its last sound."""
        return self.total_frames / self.sample_rate

    @property
    def total_frames(self) -> int:
        """Return the number of frames that `blocks` will yield."""
        script = self.script
        last_start = script.starts_seconds[-1]
        placements = place(script.segments[-1], last_start, self.clips, self.sample_rate)
        return max(placement.end_frame for placement in placements)

    @property
    def made_from(self) -> tuple[object, ...]:
        """Return all that the samples depend on; needs no voice and reads no music."""
        return (
            replace(self.routine, path=None),
            *([self.excerpt] if self.excerpt is not None else []),
            self.phrases,
            self.narrator.made_from,
            self.clips.sound_files,
            (music_file(self._music) or self._music, self._music_gain_db) if self._music else (),
        )

    def speak_ahead(self) -> None:
        """Have the whole session spoken in the background, once its music is read.

        Raises SoundError where the music cannot be played, before anything is spoken.
        """
        _ = self.bed
        self._begin_speaking()

    def measure(self, progress: Callable[[int, int], None]) -> Script:
        """Speak every sentence that is not cached, report progress, and return `script`.

        Raises SoundError where the music cannot be played, before anything is spoken.
        """
        _ = self.bed
        wanted = self._begin_speaking()
        for done, ((text, speed), segment) in enumerate(wanted.items(), 1):
            with _spoken_in(segment):
                self.clips.sentence_seconds(text, speed)
            progress(done, len(wanted))
        return self.script

    def segment(self, index: int) -> Segment:
        """Return one whole segment as the script has it; waits until its words have been spoken."""
        return self._taken_up(Departure(index))[0]

    def change_rate(self, rate: float, from_index: int) -> None:
        """Speak at another pace from a segment on; the exercise keeps its own time.

        What has been made of later segments is made anew when they are due.
        """
        clips = self.clips.at_rate(rate, self.phrases.word_seconds / rate)
        self._paced = _Paced(self.routine, self.phrases, clips, self.excerpt)
        planned = self._planned_seconds().items()
        self._lengths.plan({index: seconds for index, seconds in planned if index >= from_index})
        self._speak_ahead(from_index)

    def start_seconds(self, index: int) -> float:
        """Return the start of a segment in the session, as well as it is known."""
        return math.fsum(self._lengths.before(index))

    def leg_at(self, frame: int) -> Leg | None:
        """Return the leg of the present stream that a frame belongs to; None before the first."""
        return self.legs.at(frame)

    def spans(
        self, departure: Departure | None = None, *, waits: Callable[[int], bool] | None = None
    ) -> Iterator[Span]:
        """Yield the sounds from a departure on, or of the whole session, by segment.

        The opening comes line by line. An exercise for which `waits` is true ends the session's
        clock before its countdown: from there on it is a hold without an end.
        """
        self.legs = legs = Legs()
        if departure is None:
            self._begin_speaking()
            departure = Departure(self._part.start)
        else:
            self._speak_ahead(departure.index)
        # The stream's own: what others learn or change meanwhile must not move what follows in it.
        lengths_seconds = self._lengths.before(departure.index)
        heard_frames: int | None = None
        is_measured = self._paced.measured is not None
        if departure == Departure(0) and self.routine.opening and not is_measured:
            for span in self._opening_lines(legs):
                heard_frames = span.end_frame
                yield span
        last = self._part.stop - 1
        for index in range(departure.index, last + 1):
            departs = departure if index == departure.index else Departure(index)
            segment, clips = self._taken_up(departs)
            start = math.fsum(lengths_seconds)
            whole_seconds = (departs.segment or segment).duration_seconds
            lengths_seconds.append(whole_seconds)
            self._lengths.hear(index, whole_seconds)
            end = math.fsum(lengths_seconds)
            if departs.segment:  # a tail ends where the segment ends that it is a part of
                start = end - segment.duration_seconds
            start_frame = seconds_to_frames(start, self.sample_rate)
            legs.put(index - departure.index, Leg(start_frame, index, segment))
            first_frame = start_frame if heard_frames is None else heard_frames
            if waits is not None and waits(index) and may_wait(departs):
                yield from self._until_ready(segment, legs, start, first_frame, clips)
            end_frame = None if index == last else seconds_to_frames(end, self.sample_rate)
            following = None if index == last else self.outline.segments[index + 1]
            yield self._span(index, segment, start, first_frame, end_frame, clips, following)
            heard_frames = end_frame

    def _taken_up(self, departure: Departure) -> tuple[Segment, MeasuredClips]:
        """Return the segment of a stream at a departure, and the clips it was made with."""
        index, paced, lengths = departure.index, self._paced, self._lengths
        earlier = lengths.clips(index) or paced.clips
        is_as_scripted = departure == Departure(index)
        if is_as_scripted:
            if paced.measured is not None and index in self._part:
                return paced.measured.segments[index - self._part.start], earlier
            if (made := lengths.whole(index)) is not None:
                return made, earlier
        # A part keeps the pace of the whole, and an opening the one that it was begun with.
        is_opening = index == 0 and bool(self.routine.opening)
        keeps_pace = departure.segment is not None or (is_as_scripted and is_opening)
        clips = earlier if keeps_pace else paced.clips
        minutes = paced.minutes
        if clips is not paced.clips:
            minutes = nominal_minutes(self.routine, self.phrases, clips.word_seconds)
        with _spoken_in(self.outline.segments[index]):
            segment = take_up(departure, self.routine, self.phrases, clips, minutes=minutes)
        if departure.segment is None:
            if self.excerpt is not None:
                segment = self.excerpt.of(segment)
            lengths.learn(index, segment, clips, keep=is_as_scripted)
        return segment, clips

    def _span(
        self,
        index: int,
        segment: Segment,
        start_seconds: float,
        first_frame: int,
        end_frame: int | None,
        clips: MeasuredClips,
        following: Segment | None,
    ) -> Span:
        self._fail_early()
        with _spoken_in(segment):
            placements = place(segment, start_seconds, clips, self.sample_rate)
        sounding = [placed for placed in placements if placed.start_frame >= first_frame]
        next_sound: int | None = None
        if following is not None:
            # How long a segment is silent at first does not depend on the voice.
            silent = min((cue.start_seconds for cue in following.cues), default=0.0)
            next_second = start_seconds + segment.duration_seconds + silent
            next_sound = seconds_to_frames(next_second, self.sample_rate)
        return Span(index, first_frame, end_frame, sounding, next_sound)

    def _until_ready(
        self,
        segment: Segment,
        legs: Legs,
        start_seconds: float,
        first_frame: int,
        clips: MeasuredClips,
    ) -> Iterator[Span]:
        """Yield the words of an exercise, then reminders until another departure."""
        index = legs[-1].index
        with _spoken_in(segment):
            words, hold, reminder = waiting(segment, self.phrases, clips)
        start = start_seconds
        for part in itertools.chain([words, hold], itertools.repeat(reminder)):
            end_frame = seconds_to_frames(start + part.duration_seconds, self.sample_rate)
            following = hold if part is words else reminder
            yield self._span(index, part, start, first_frame, end_frame, clips, following)
            if part is words:
                stands_at = words.duration_seconds
                legs.put(len(legs), Leg(end_frame, index, segment, stands_at))
            start, first_frame = start + part.duration_seconds, end_frame

    def _opening_lines(self, legs: Legs) -> Iterator[Span]:
        """Yield the lines of the opening: the first sounds while the second is spoken."""
        position, clips = 0, self.clips
        self._lengths.begin(0, clips)
        (planned,) = self._lengths.before(1)
        title = self.outline.segments[0].title
        cues: list[Cue] = []
        for cue in opening_cues(self.routine, self.phrases, clips, minutes=self._paced.minutes):
            cues.append(cue)
            duration = max(planned, cue.end_seconds)
            legs.put(0, Leg(0, 0, Segment("opening", title, duration, tuple(cues))))
            line = Segment("opening", title, cue.end_seconds, (cue,))
            end = seconds_to_frames(cue.end_seconds, self.sample_rate)
            yield self._span(0, line, 0.0, position, end, clips, None)
            position = end

    def blocks(
        self, departure: Departure | None = None, *, waits: Callable[[int], bool] | None = None
    ) -> Iterator[Block]:
        """Yield the rendered session: what a player plays is what an encoder writes.

        With a `departure` it begins there; `waits` is for live play (see `spans`).
        """
        spans = self.spans(departure, waits=waits)
        return mix(spans, self.sample_rate, self.channels, bed=self.bed)

    def close(self) -> None:
        """End the speech worker, if one was started, and let go of the clips and the music."""
        if not self._keeps_narrator:
            self.narrator.close()
        self.clips.forget()
        self._bed = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin_speaking(self) -> dict[tuple[str, float], Segment]:
        """Ask for every sentence at its speed, in order; they are made in the background."""
        wanted = self._sentences(self.nominal.segments)
        self.clips.prefetch(wanted)
        return wanted

    def _speak_ahead(self, index: int) -> None:
        """Ask for the words of a stream: the next ones, then those of pickups, then the rest."""
        if self._paced.measured is not None:
            return
        pickups = [(sentence, 1.0) for sentence in self._pickups()]
        segments = self.nominal.segments[index - self._part.start :]
        soon, later = self._sentences(segments[:2]), self._sentences(segments[2:])
        self.clips.prefetch([*soon, *pickups, *later])

    def _pickups(self) -> list[str]:
        routine = self.routine
        if self.excerpt is not None:
            step = segment_steps(routine)[self.excerpt.index]
            if step is None:
                return [self.phrases.carrying_on, *self.phrases.countdown]
            routine = replace(routine, steps=(step,))
        return pickup_sentences(routine, self.phrases, minutes=self._paced.minutes)

    def _sentences(self, segments: Iterable[Segment]) -> dict[tuple[str, float], Segment]:
        """Return the sentences with their speeds and the segment where each comes first."""
        wanted: dict[tuple[str, float], Segment] = {}
        for segment in segments:
            for cue in segment.cues:
                for sentence in cue.sentences:
                    wanted.setdefault((sentence.text, cue.speed), segment)
                    self._wanted_in.setdefault(sentence.text, segment)
        return wanted

    def _fail_early(self) -> None:
        """Raise a failure of synthesis ahead now, rather than when its moment comes."""
        if (failure := self.narrator.failure) is not None:
            segment = self._wanted_in.get(failure.text)
            with nullcontext() if segment is None else _spoken_in(segment):
                raise failure


def _spoken_in(segment: Segment) -> AbstractContextManager[None]:
    return spoken_in(segment.title, segment.slug)


def open_session(
    routine: Routine,
    library: Library,
    *,
    voice: str = "auto",
    rate: float = 1.0,
    use_cache: bool = True,
    music: str = "",
    music_gain_db: float = 0.0,
    excerpt: Excerpt | None = None,
    narrator: Narrator | None = None,
) -> Session:
    """Return a session of a routine.

    `voice` is `auto`, `ENGINE` or `ENGINE:VOICE`; `rate` (0.8 to 1.2) is the pace of speech, never
    of the exercise. `music` is the name of a bed or a music file, and `music_gain_db` (-30 to 12)
    makes it quieter or louder; with music the session is 44.1 kHz stereo, at the same times. With
    `excerpt` only that segment of it is heard. A `narrator` that is given speaks in place of
    `voice`, and is not closed with the session. Nothing is synthesised, and no music read, before
    the session is asked for something that sounds. Raises PhraseError or EngineUnavailableError
    where the language or the voice is not here, and SoundNotFoundError or SoundError where there is
    no such music.
    """
    if music:
        music_file(music)
        check_gain(music_gain_db)
    phrases = load_phrases(routine.language, routine.audience)
    is_lent = narrator is not None
    if narrator is None:
        narrator = open_narrator(
            voice,
            audience=routine.audience,
            language=routine.language,
            rate=rate,
            use_cache=use_cache,
            lexicon=library.lexicon(),
        )
    seconds_a_word = phrases.word_seconds / rate
    at_rate = ClipsAtRate(music_kind.SAMPLE_RATE if music else SAMPLE_RATE)
    clips = MeasuredClips(narrator, library, seconds_a_word, at_rate=at_rate)
    tune = (music, music_gain_db)
    return Session(
        routine, phrases, clips, narrator, *tune, excerpt=excerpt, keeps_narrator=is_lent
    )
