"""One preview after the other, played or written, at every save, until nobody wants another."""

from __future__ import annotations

import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from voicecoach.authoring.lints import findings_in_segment
from voicecoach.authoring.watching import Watch, Watcher
from voicecoach.cli.clock import local_now
from voicecoach.cli.options import chosen, in_language_of, open_wished
from voicecoach.cli.output import harmless, progress_bars, say, say_error
from voicecoach.cli.playing.ending import terminated_gently
from voicecoach.cli.playing.keys import SingleKeys
from voicecoach.cli.tracks import account_of, inputs_of, summary_of
from voicecoach.errors import Problem, RoutineError, SpeechError, VoicecoachError
from voicecoach.library.extending import files_of
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.messages import whole_clock
from voicecoach.play.live import LivePlay
from voicecoach.play.transport import Command, ExcerptTransport, Mode
from voicecoach.script.cue_sheet import cue_line
from voicecoach.session.departure import Departure
from voicecoach.session.excerpt import (
    Excerpt,
    NamedSegment,
    changed_places,
    departure_at,
    find_place,
    named_segments,
    place_after_change,
)
from voicecoach.speech import open_narrator

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.cli.playing.speakers import Speakers
    from voicecoach.fitting.wishes import Wishes
    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.play.players import Player
    from voicecoach.routine.anchors import Anchor
    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session
    from voicecoach.speech import Narrator

KEYS_LINE = "Keys: space pause, left and right 15 s, Enter again, n next, b before, q quit."

_WAIT_SECONDS = 0.5
"""How often a wait lets Ctrl-C through, where the system does not."""


@dataclass(frozen=True)
class How:
    """How a preview is made."""

    wishes: Wishes
    lead_in_only: bool = False
    anchor: Anchor | None = None
    """The moment of the work that it begins at; None for the start of the step."""
    output: Path | None = None
    """The track to write; None to play it."""
    force: bool = False
    watches: bool = False
    """Whether every save makes another."""


class Asked(Enum):
    """What may be asked for while a preview plays, and after it."""

    AGAIN = auto()
    NEXT = auto()
    BEFORE = auto()
    CHANGED = auto()
    QUIT = auto()


_KEYS = {
    **dict.fromkeys(("r", "\r", "\n"), Asked.AGAIN),
    "n": Asked.NEXT,
    "b": Asked.BEFORE,
    "q": Asked.QUIT,
}
_COMMANDS = {
    " ": Command.PAUSE,
    "left": Command.REWIND,
    "right": Command.FORWARD,
    **dict.fromkeys(("up", "+", "="), Command.LOUDER),
    **dict.fromkeys(("down", "-"), Command.QUIETER),
}


class Previews:
    """The previews of one file."""

    def __init__(self, path: Path, how: How, speakers: Speakers) -> None:
        self._path = path
        self._how = how
        self._speakers = speakers
        self._library = Library()
        self._routine: Routine | None = None
        """As the file says, when it was last without a mistake."""
        self._fitted: Routine | None = None
        """The same as it is wished."""
        self._place: NamedSegment | None = None
        """What is previewed, in what was last without a mistake."""
        self._narrator: Narrator | None = None
        self._player: Player | None = None
        self._live: LivePlay | None = None
        self._asked: SimpleQueue[Asked] = SimpleQueue()
        self._asking = threading.Lock()
        self._told_keys = False

    def run(self, called: str | None) -> None:
        """Preview the step that is called so, and whatever is asked for after it.

        Without a name, which is for watching, it is each time the step that has changed. Raises
        what is wrong, or prints it and goes on while it watches.
        """
        keyboard = SingleKeys(self._on_key)
        stays = self._how.watches or (self._how.output is None and keyboard.works)
        with ExitStack() as stack:
            stack.enter_context(terminated_gently())
            stack.callback(self._close_narrator)
            if self._how.output is None:
                stack.enter_context(keyboard)
            if self._how.watches:
                watch = Watch(lambda: files_of(self._path, self._library))
                stack.enter_context(Watcher(watch, lambda: self._ask(Asked.CHANGED)))
            try:
                self._go_on(called, stays=stays, has_keys=keyboard.works)
            except KeyboardInterrupt:
                if not self._how.watches:
                    raise
                say()
                say("No longer watching.")

    def _go_on(self, called: str | None, *, stays: bool, has_keys: bool) -> None:
        asked = Asked.CHANGED
        while asked is not Asked.QUIT:
            try:
                if self._is_wanted(asked, called):
                    self._give(has_keys=has_keys, stays=stays)
            except VoicecoachError as error:
                if not self._how.watches:
                    raise
                say_error(str(error))
                if isinstance(error, SpeechError):
                    self._close_narrator()
            if not stays:
                return
            if self._how.watches and self._asked.empty():
                say(f"Watching {self._path}. Ctrl-C ends.")
            asked = self._wait()

    # What is asked for

    def _on_key(self, key: str) -> None:
        key = key.lower()
        if key in _KEYS:
            self._ask(_KEYS[key])
        elif key in _COMMANDS:
            with self._asking:
                if self._live is not None:
                    self._live.command(_COMMANDS[key])

    def _ask(self, asked: Asked) -> None:
        """Stop the preview that plays at once for what is asked; from any thread."""
        with self._asking:
            self._asked.put(asked)
            if self._live is not None:
                self._live.command(Command.QUIT)

    def _wait(self) -> Asked:
        while True:
            with suppress(Empty):
                return self._asked.get(timeout=_WAIT_SECONDS)

    # What is previewed

    def _is_wanted(self, asked: Asked, called: str | None) -> bool:
        if asked is Asked.CHANGED:
            return self._read(called)
        if self._place is None or self._fitted is None:
            return False
        if asked is not Asked.AGAIN:
            there = named_segments(self._fitted)
            at = self._place.index + (1 if asked is Asked.NEXT else -1)
            if not 0 <= at < len(there):
                side = "after" if asked is Asked.NEXT else "before"
                say(f"There is no step {side} this one.")
                return False
            self._place = there[at]
        return True

    def _read(self, called: str | None) -> bool:
        before, place = self._routine, self._place
        self._library = Library()
        language = in_language_of(self._how.wishes, self._path, self._library)
        routine, problems = check_routine(self._path, self._library, language=language)
        if routine is None:
            raise RoutineError(self._path, problems)
        fitted = chosen(routine, self._how.wishes)
        fitted_before, self._fitted, self._routine = self._fitted, fitted, routine
        if called is None:
            return self._found_changed(before, routine, fitted)
        if place is None or fitted_before is None:
            self._place = find_place(fitted, called)
            return True
        now = place_after_change(place, fitted_before, fitted)
        if now is None:
            say(f"{place} is gone; it is played when it is there again.")
            self._fitted = fitted_before  # what it is looked for in, whenever that will be
            return False
        if str(now) != str(place):
            say(f"What was {place} is {now} now.")
        self._place = now
        return True

    def _found_changed(self, before: Routine | None, routine: Routine, fitted: Routine) -> bool:
        """Find the step that a change has changed; before the first change there is none."""
        if before is None:
            names = ", ".join(str(place) for place in named_segments(fitted))
            say(f"{routine.title}: {names}.")
            say("Save a change, and the step that it is in is played.")
            return False
        slugs = {(place.slug, bool(place.number)) for place in changed_places(before, routine)}
        changed = [one for one in named_segments(fitted) if (one.slug, bool(one.number)) in slugs]
        if not changed:
            say("What is said has not changed.")
            return False
        self._place = changed[0]
        if len(changed) > 1:
            others = ", ".join(str(place) for place in changed[1:])
            say(f"Changed as well: {others}.")
        return True

    # Playing and writing

    def _give(self, *, has_keys: bool, stays: bool) -> None:
        how, place, fitted = self._how, self._place, self._fitted
        assert place is not None  # noqa: S101  (_is_wanted() has set them)
        assert fitted is not None  # noqa: S101
        if how.output is None and self._player is None:
            self._player = self._speakers.open()
        excerpt = Excerpt(place.index, how.lead_in_only)
        narrator = self._voice(fitted) if stays else None
        with open_wished(
            fitted, how.wishes, self._library, excerpt=excerpt, narrator=narrator
        ) as session:
            length = whole_clock(session.nominal.duration_seconds)
            say(f"{fitted.title}, {place}, about {length}")
            if how.output is not None:
                self._write(session, how.output)
                self._tell_findings(session, place)
                return
            departure = self._departure(session, place)
            self._tell_findings(session, place)
            if has_keys and not self._told_keys:
                self._told_keys = True
                say(KEYS_LINE)
            self._play(session, departure, has_keys=has_keys)

    def _departure(self, session: Session, place: NamedSegment) -> Departure:
        if self._how.anchor is None:
            return Departure(place.index)
        segment = session.segment(place.index)
        found = departure_at(session.routine, place.index, segment, self._how.anchor)
        if found is None:
            message = f'{place} has no moment "{self._how.anchor}"'
            raise RoutineError(self._path, [Problem(0, 0, "", message)])
        return found

    def _play(self, session: Session, departure: Departure, *, has_keys: bool) -> None:
        assert self._player is not None  # noqa: S101  (_give() has opened it)
        live = LivePlay(
            session,
            self._player,
            rate=self._how.wishes.speech_rate,
            find_speakers=self._speakers.finder(),
            show=CuesAsTheyCome(session).show,
            has_keys=has_keys,
            transport=ExcerptTransport(session.routine, session.segment),
        )
        with self._asking:
            if not self._asked.empty():
                return
            self._live = live
        try:
            live.run(departure)
        finally:
            with self._asking:
                self._live = None
            self._player = live.player

    def _write(self, session: Session, output: Path) -> None:
        from voicecoach.export.formats import Quality, format_of
        from voicecoach.export.making import Making, check_place_for, make

        routine = session.routine
        making = Making(
            format_of(output),
            Quality.PHONE,
            force=self._how.force,
            date=local_now().date().isoformat(),
        )
        inputs = inputs_of(routine, self._library, self._how.wishes)
        check_place_for(output, making, inputs)
        with progress_bars() as bars:
            made = make(session, output, making, inputs=inputs, begin=bars(output.name))
        say(summary_of(account_of(made, output, session)))

    def _tell_findings(self, session: Session, place: NamedSegment) -> None:
        if not place.number:
            return
        for finding in findings_in_segment(session, place.index):
            if finding.slug == place.slug:
                say_error(finding.listed(self._path))

    def _voice(self, routine: Routine) -> Narrator:
        """Return the narrator: the one of the preview before, which is awake, if it is right."""
        wishes = self._how.wishes
        narrator = open_narrator(
            wishes.voice,
            audience=routine.audience,
            language=routine.language,
            rate=wishes.speech_rate,
            lexicon=self._library.lexicon(),
        )
        if self._narrator is not None and self._narrator.made_from == narrator.made_from:
            narrator.close()
        else:
            self._close_narrator()
            self._narrator = narrator
        return self._narrator

    def _close_narrator(self) -> None:
        if self._narrator is not None:
            self._narrator.close()
            self._narrator = None


class CuesAsTheyCome:
    """Prints each cue when it sounds, as the cue sheet has it; times begin with the step."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._legs: object = None
        self._printed = 0
        """Cues of the present stream that have been printed."""
        self._mode: Mode | None = None
        self._message = ""

    def show(self, now: NowPlaying) -> None:
        """Print what has come since the last call."""
        if now.mode is not self._mode:
            self._mode = now.mode
            if now.mode is Mode.PAUSED:
                say("Paused.")
            elif now.mode is Mode.NO_SPEAKERS:
                say("No speakers. It goes on when there are some.")
        if now.message != self._message:
            self._message = now.message
            if now.message:
                say(now.message)
        if now.mode in (Mode.PLAYING, Mode.ENDED):
            self._print_cues(now.position_seconds)

    def _print_cues(self, position_seconds: float) -> None:
        legs = self._session.legs
        if legs is not self._legs:
            self._legs, self._printed = legs, 0
        if not legs:
            return
        leg = legs[-1]
        start = leg.start_frame / self._session.sample_rate
        for cue in leg.segment.cues[self._printed :]:
            if start + cue.start_seconds > position_seconds:
                return
            self._printed += 1
            print(harmless(cue_line(max(0.0, start + cue.start_seconds), cue)), flush=True)
