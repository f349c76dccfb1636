"""One voice at the session's pace: sentences as written -> clips ready to be placed.

A sentence becomes speakable text, then raw speech of the worker, then a clip, trimmed, levelled and
as long as the coach's pace wants it. The cache keeps it, so the same sentence is spoken once.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import threading
from collections import OrderedDict, deque
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

from voicecoach.errors import EngineUnavailableError, SpeechError
from voicecoach.language.speakable import SPEAKABLE_VERSION, make_speakable
from voicecoach.routine.model import Audience
from voicecoach.script.durations import nominal_seconds, word_seconds
from voicecoach.sound.clip import SAMPLE_RATE, Clip, from_pcm16, resample, to_pcm16
from voicecoach.speech import levelling, pace
from voicecoach.speech.cache import key
from voicecoach.speech.casting import Candidate, next_part
from voicecoach.speech.engines import AUTO, ENGINES
from voicecoach.speech.process import EngineProcess
from voicecoach.speech.silent import NAME as SILENT
from voicecoach.speech.silent import silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from voicecoach.speech.cache import ClipCache
    from voicecoach.speech.pace import Speech, SpeechTarget

PAUSE_SECONDS = (0.4, 0.8)
"""Shortest and longest silence between the sentences of one utterance."""

FEWEST_PACED_WORDS = 4
"""Counts, countdowns and calls have no pace; they are spoken as they are understood best."""

# What the silence around a sentence makes up of its nominal length. A whole number of sentences
# then keeps the pace with pauses inside PAUSE_SECONDS, and so does one long sentence alone.
_SILENCE_SHARE_SECONDS = 0.3
_ROOM_SECONDS = levelling.BEFORE_SECONDS + levelling.AFTER_SECONDS

_LONGEST_INNER_PAUSE_SECONDS = 0.45
_LONGEST_INNER_PAUSE_CHILD_SECONDS = 0.7

# A clip outside these bounds is not the sentence: cut off, or a loop of nonsense.
_SHORTEST_CLIP_SECONDS = 0.1
_SHORTEST_SHARE, _LONGEST_SHARE = 0.2, 10.0

_MEMORY_BYTES = 48_000_000
"""Clips remembered where nothing else keeps them: eight minutes of speech."""
_KEPT_MEMORY_BYTES = 12_000_000
"""Clips remembered where the cache has them too, from which one takes a millisecond."""
_AHEAD_SHARE = 2 / 3
"""The most of it for clips that nobody has asked for yet: more would displace one another."""

_PREFETCH_THREADS = 2

_Wanted = tuple[str, float, float]
"""A sentence, the factor on its pace, and the rate of the session."""

_WORD_OR_DIGIT = re.compile(r"\d|[^\W\d_]+")


class Narrator:
    """Speaks the sentences of one session; usable from any thread, and a context manager."""

    pause_seconds = PAUSE_SECONDS

    def __init__(
        self,
        part: Candidate,
        *,
        may_change: bool,
        audience: Audience,
        language: str,
        rate: float,
        cache: ClipCache | None,
        lexicon: Mapping[str, str] | None = None,
    ) -> None:
        self.audience = audience
        self.language = language
        self.rate = rate
        """The pace of speech by default; 1.0 is the audience's usual one."""
        self._word_seconds = word_seconds(audience, language=language)
        self._part = part
        self._is_auto = may_change
        # Somebody else may take over while nobody has been heard yet.
        self._may_change = may_change
        self._cache = cache
        self._lexicon = lexicon
        self._process = EngineProcess(self._part.engine, ENGINES[self._part.engine].module)
        self._lock = threading.Condition()
        self._clips: OrderedDict[_Wanted, Clip] = OrderedDict()
        self._clip_bytes = 0
        self._ahead: dict[_Wanted, int] = {}
        """Bytes of the clips that were made ahead and not asked for yet."""
        self._places: dict[_Wanted, int] = {}
        """The order of all that is to be made ahead, in which not all is made."""
        self._is_kept = cache is not None
        """Whether the cache takes what is spoken, as far as is known."""
        self._seconds: dict[_Wanted, float] = {}
        self._failed: dict[_Wanted, SpeechError] = {}
        self.failure: SpeechError | None = None
        """Why a sentence could not be spoken ahead, the first such; None as long as all could.

        A player can stop now, rather than when that sentence is due.
        """
        self._being_made: set[_Wanted] = set()
        self._wanted: deque[_Wanted] = deque()
        self._threads: list[threading.Thread] = []
        self._closed = False

    @property
    def description(self) -> str:
        """The voice, and why no better one speaks, for people."""
        return self._part.description

    @property
    def why(self) -> str:
        """The reason why a better engine was skipped; empty where none was."""
        return self._part.why

    @property
    def made_from(self) -> tuple[object, ...]:
        """Return all that the sound of a sentence depends on, beside its words."""
        part = self._part
        return (
            part.engine,
            part.voice.name,
            part.identity,
            self.audience,
            self.language,
            self.rate,
            self._lexicon or {},
            SPEAKABLE_VERSION,
            pace.VERSION,
            levelling.VERSION,
        )

    def speakable(self, sentence: str) -> str:
        """Return the text that the engine gets for a sentence; empty where it has no words."""
        return make_speakable(sentence, self.language, self._lexicon)

    def clip(self, sentence: str, speed: float = 1.0, *, rate: float | None = None) -> Clip:
        """Return a sentence as it is played; raises SpeechError where it cannot be spoken.

        `speed` is a factor on the session's pace, for cues that would not fit otherwise. `rate` is
        that pace, where it is not the one that the narrator was opened with.
        """
        wanted = self._key(sentence, speed, rate)
        clip = self._clip(wanted)
        with self._lock:
            if wanted in self._ahead:
                self._reach(wanted)
                self._lock.notify_all()
        return clip

    def _reach(self, wanted: _Wanted) -> None:
        """Count what was made ahead, up to and with this sentence, as heard or passed over."""
        # What was begun for an earlier prefetch has no place any more, and is passed over first.
        for one in sorted(self._ahead, key=lambda one: self._places.get(one, -1)):
            del self._ahead[one]
            self._clips.move_to_end(one)
            if one == wanted:
                break

    def _clip(self, wanted: _Wanted) -> Clip:
        with self._lock:
            while True:
                if self._closed:
                    engine = self._part.engine
                    raise SpeechError("the voice is closed", engine=engine, text=wanted[0])
                if wanted in self._clips:
                    self._clips.move_to_end(wanted)
                    return self._clips[wanted]
                if wanted in self._failed:
                    # Trying again could take a whole deadline again, for the same end.
                    raise self._failed[wanted].with_traceback(None)
                if wanted not in self._being_made:
                    break
                self._lock.wait()
            self._being_made.add(wanted)
        with self._making(wanted):
            clip = self._make(*wanted)
            with self._lock:
                self._remember(wanted, clip)
        return clip

    @contextmanager
    def _making(self, wanted: _Wanted) -> Iterator[None]:
        """Tell those who wait for a clip that it is there, or that it cannot be made."""
        try:
            yield
        except SpeechError as error:
            with self._lock:
                # What ends because the voice is closed has not failed.
                if not self._closed:
                    self._failed[wanted] = error
            raise
        finally:
            with self._lock:
                self._being_made.discard(wanted)
                self._lock.notify_all()

    def seconds(self, sentence: str, speed: float = 1.0, *, rate: float | None = None) -> float:
        """Return the length of the same `clip`; remembered when the clip no longer is."""
        wanted = self._key(sentence, speed, rate)
        known = self._seconds.get(wanted)
        # Measuring a clip does not count as asking for it.
        return self._clip(wanted).duration_seconds if known is None else known

    def _key(self, sentence: str, speed: float, rate: float | None) -> _Wanted:
        return sentence, round(speed, 4), round(self.rate if rate is None else rate, 4)

    def prefetch(self, wanted: Iterable[tuple[str, float]], *, rate: float | None = None) -> None:
        """Begin to make clips of sentences at their speeds, in order; return at once.

        A failure is raised when somebody asks for the clip; until then, only `failure` tells.
        """
        if self._part.engine == SILENT:
            return
        new = dict.fromkeys(self._key(sentence, speed, rate) for sentence, speed in wanted)
        with self._lock:
            later = [one for one in self._wanted if one not in new]
            self._places = {one: place for place, one in enumerate([*new, *later])}
            at_hand = self._seconds if self._is_kept else self._clips
            self._wanted = deque([*(one for one in new if one not in at_hand), *later])
            self._ahead = {
                one: self._clips[one].samples.nbytes
                for one in itertools.takewhile(self._clips.__contains__, new)
            }
            self._lock.notify_all()
            for _ in range(min(_PREFETCH_THREADS, len(self._wanted)) - len(self._threads)):
                thread = threading.Thread(target=self._make_ahead, daemon=True)
                self._threads.append(thread)
                thread.start()

    def close(self) -> None:
        """End the worker and whatever is still being made, and forget the clips."""
        with self._lock:
            self._closed = True
            self._wanted.clear()
            self._clips.clear()
            self._ahead.clear()
            self._clip_bytes = 0
            self._lock.notify_all()
            threads = list(self._threads)
            process = self._process
        process.close()
        for thread in threads:
            thread.join(5.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _remember(self, wanted: _Wanted, clip: Clip) -> None:
        """Keep a clip in memory, and drop those unused for longest."""
        self._seconds[wanted] = clip.duration_seconds
        if self._closed:
            return
        self._clips[wanted] = clip
        self._clip_bytes += clip.samples.nbytes
        while self._clip_bytes > self._memory_bytes and len(self._clips) > 1:
            # What was made ahead is needed next, though it was not asked for for longest.
            heard = (one for one in self._clips if one not in self._ahead and one != wanted)
            dropped = next(heard, next(iter(self._clips)))
            self._clip_bytes -= self._clips.pop(dropped).samples.nbytes
            self._ahead.pop(dropped, None)

    def _make_ahead(self) -> None:
        """Make wanted clips until none is left; `clip` raises what went wrong."""
        this = threading.current_thread()
        try:
            while True:
                with self._lock:
                    # Without a cache, memory has no place for more until somebody asks for a clip.
                    while self._wanted and self._is_far and not self._is_kept:
                        self._lock.wait()
                    if self._closed or not self._wanted:
                        # Under the same lock, so that `prefetch` starts another in time.
                        self._threads.remove(this)
                        return
                    wanted = self._wanted.popleft()
                with contextlib.suppress(Exception):
                    self._make_one_ahead(wanted)
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._threads.remove(this)

    @property
    def _memory_bytes(self) -> int:
        return _KEPT_MEMORY_BYTES if self._is_kept else _MEMORY_BYTES

    @property
    def _is_far(self) -> bool:
        """True if memory holds its share of what nobody has asked for yet."""
        return sum(self._ahead.values()) > _AHEAD_SHARE * self._memory_bytes

    def _make_one_ahead(self, wanted: _Wanted) -> None:
        with self._lock:
            if wanted in self._clips or wanted in self._being_made:
                return
            if wanted in self._failed:
                self.failure = self.failure or self._failed[wanted]
                return
            self._being_made.add(wanted)
            is_far = self._is_far
        try:
            with self._making(wanted):
                clip, is_kept = self._spoken(*wanted)
                with self._lock:
                    # Far ahead, what the cache keeps need not lie in memory, too.
                    if not (is_far and is_kept) and not self._closed:
                        self._remember(wanted, clip)
                        self._ahead[wanted] = clip.samples.nbytes
        except SpeechError as error:
            with self._lock:
                if self.failure is None and not self._closed:
                    self.failure = error

    def _make(self, sentence: str, speed: float, rate: float) -> Clip:
        if self._part.engine == SILENT:
            return silence(sentence, word_seconds(self.audience, rate, self.language), speed)
        return self._spoken(sentence, speed, rate)[0]

    def _spoken(self, sentence: str, speed: float, rate: float) -> tuple[Clip, bool]:
        """Return the clip of a sentence, and whether it is in the cache now."""
        text = self.speakable(sentence)
        if not text:
            message = f"there is nothing to say in {sentence!r}; write a word"
            raise SpeechError(message, text=sentence)
        try:
            return self._kept_or_spoken(text, self._wish(text, speed, rate))
        except SpeechError as error:
            error.text = sentence
            raise

    def _wish(self, text: str, speed: float, rate: float) -> SpeechTarget:
        factor = round(rate * speed, 4)
        if len(_WORD_OR_DIGIT.findall(text)) < FEWEST_PACED_WORDS:
            # Slower than this they are understood no better, and a countdown has one second a word.
            return pace.SpeechTarget(factor=max(1.0, factor), language=self.language)
        share = _SILENCE_SHARE_SECONDS / rate
        nominal = nominal_seconds(text, word_seconds(self.audience, rate, self.language))
        length = (nominal - share) / speed - _ROOM_SECONDS
        child = self.audience is Audience.CHILD
        pause = _LONGEST_INNER_PAUSE_CHILD_SECONDS if child else _LONGEST_INNER_PAUSE_SECONDS
        return pace.SpeechTarget(factor, round(length, 4), round(pause / factor, 4), self.language)

    def _kept_or_spoken(self, text: str, wish: SpeechTarget) -> tuple[Clip, bool]:
        """Return the clip of a text, and whether it is in the cache now."""
        while True:
            with self._lock:
                part, process = self._part, self._process
            entry = key(
                {
                    "engine": part.engine,
                    "voice": part.voice.name,
                    "identity": part.identity,
                    "pace": pace.VERSION,
                    "level": levelling.VERSION,
                    "wish": asdict(wish),
                    "front end": SPEAKABLE_VERSION,
                    "text": text,
                }
            )
            clip = self._cache.get(entry) if self._cache else None
            is_kept = clip is not None
            if clip is None:
                try:
                    speech = self._plausible_speech(process, part, text, wish)
                except EngineUnavailableError as error:
                    if self._changed(part, error):
                        continue
                    raise self._with_another(part, error) from None
                clip = _finished(speech, wish)
                if self._cache:
                    is_kept = self._is_kept = self._cache.put(entry, clip)
            self._may_change = False
            return clip, is_kept

    def _with_another(
        self, failed: Candidate, error: EngineUnavailableError
    ) -> EngineUnavailableError:
        """Name the engine to choose, if it is only too late to change to it."""
        later = AUTO[AUTO.index(failed.engine) + 1 :] if failed.engine in AUTO else ()
        if self._may_change or not self._is_auto or not later:
            return error
        return EngineUnavailableError(
            f"{error}; choose another: --voice {later[0]} (see voicecoach doctor)",
            engine=failed.engine,
        )

    def _plausible_speech(
        self, process: EngineProcess, part: Candidate, text: str, wish: SpeechTarget
    ) -> Speech:
        words = max(1, len(_WORD_OR_DIGIT.findall(text)))
        expected = max(0.5, self._word_seconds * words) / wish.factor
        seconds = 0.0
        for _ in range(2):
            speech = process.speak(text, part.voice.name, wish)
            seconds = pace.speech_seconds(speech)
            shortest = max(_SHORTEST_CLIP_SECONDS, _SHORTEST_SHARE * expected)
            if shortest <= seconds <= _LONGEST_SHARE * expected:
                return speech
        raise SpeechError(
            f"{part.engine} spoke “{text}” in {seconds:.2f} s, which cannot be right "
            f"(about {expected:.1f} s were expected); change the words, or choose another --voice",
            engine=part.engine,
        )

    def _changed(self, failed: Candidate, error: EngineUnavailableError) -> bool:
        """Let the next engine take over; False if none can."""
        with self._lock:
            if self._part is not failed:
                return True
            if self._closed or not self._may_change:
                return False
            audience, language, cache = self.audience, self.language, self._cache
            reason = str(error)
            part = next_part(failed, reason, audience=audience, language=language, cache=cache)
            if part is None:
                return False
            self._process.close()
            self._part = part
            # The new one may be able to say it.
            self._failed.clear()
            self.failure = None
            self._process = EngineProcess(part.engine, ENGINES[part.engine].module)
            return True


def _finished(speech: Speech, wish: SpeechTarget) -> Clip:
    frames = (pause.frame for pause in speech.pauses)
    places = zip(frames, pace.pause_frames(speech, wish), strict=True)
    samples = levelling.with_silence(from_pcm16(speech.samples), speech.sample_rate, places)
    spoken = resample(Clip(samples.reshape(-1, 1), speech.sample_rate), SAMPLE_RATE)
    clip = levelling.finish(spoken.samples[:, 0], SAMPLE_RATE)
    # As it comes out of the cache: the first time sounds like any other.
    return Clip(from_pcm16(to_pcm16(clip.samples)), SAMPLE_RATE)
