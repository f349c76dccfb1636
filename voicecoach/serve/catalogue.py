"""The library as a browser sees it, and wishes that were checked against it.

A wish comes in as texts from anybody. It becomes an order only if its routine is one of the library
and each of its values one of a few; so nothing of it is ever a path, or more than a key of a table.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voicecoach import __version__
from voicecoach.errors import VoicecoachError, WishError
from voicecoach.export.page import page_files
from voicecoach.files.fingerprint import fingerprint
from voicecoach.library.library import Library
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voicecoach.fitting.wishes import Wishes
    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session

MOST_MINUTES: Final = 90
"""The longest wish; a routine that is longer by itself can be had as it is."""
_MINUTES: Final = frozenset(map(str, range(1, MOST_MINUTES + 1)))
_LOOK_AGAIN_SECONDS: Final = 2.0
_MOST_ORDERS: Final = 256
"""Orders that are remembered; each is small, and made again in a moment."""
_MOST_COVERS: Final = 128
"""Pictures that are kept, of less than 100 kB each."""


class NoSuchChoiceError(Exception):
    """Somebody asked for something that is not there; `str()` is the text for them."""


@dataclass(frozen=True)
class Choice:
    """What a visitor has chosen, in the list and for a routine."""

    audience: Audience | None = None
    minutes: int | None = None
    """1 to `MOST_MINUTES`; None for as long as it is."""
    language: str = ""
    """Tag; empty for each routine's own."""

    @staticmethod
    def of(audience: str, minutes: str, language: str) -> Choice:
        """Return the choice that texts from a browser mean; NoSuchChoiceError if they mean none."""
        if audience not in ("", *Audience):
            raise NoSuchChoiceError("Routines are for an adult or for a child.")
        if minutes and (minutes not in _MINUTES):
            raise NoSuchChoiceError(f"Choose 1 to {MOST_MINUTES} whole minutes.")
        return Choice(
            Audience(audience) if audience else None, int(minutes) if minutes else None, language
        )


@dataclass(frozen=True)
class Offer:
    """A routine in one language, as it is offered."""

    routine: Routine
    minutes: int
    """As long as it is by itself."""


@dataclass(frozen=True)
class Order:
    """A session that is to be made."""

    name: str
    """The fingerprint of all that it is made from."""
    about: str
    """For the terminal: which routine, how long."""
    audio_address: str
    """Where its page finds its audio."""
    date: str
    """Day of making, as `2026-11-25`."""
    open: Callable[[], Session]
    """Fits the routine to the wishes and opens it; raises what that raises."""


class Catalogue:
    """The library, read again when its files have changed; usable from any thread."""

    def __init__(
        self,
        wishes: Wishes,
        *,
        open_library: Callable[[], Library] = Library,
        today: Callable[[], str],
    ) -> None:
        """Offer a library; `wishes` hold for every session, but for what a visitor chooses."""
        self._wishes = wishes
        self._open_library = open_library
        self._today = today
        self._lock = threading.Lock()
        self._snapshot: _Snapshot | None = None
        self._looked_at = 0.0

    def offers(self, choice: Choice) -> list[Offer]:
        """Return the offers for an audience and in a language, by title."""
        found = [
            offer
            for offer in self._now().offers(choice.language)
            if choice.audience in (None, offer.routine.audience)
        ]
        return sorted(found, key=lambda offer: offer.routine.title.casefold())

    def languages(self) -> list[str]:
        """Return all languages that a routine has texts in, those of most routines first."""
        return self._now().languages()

    def offer(self, slug: str, language: str) -> Offer:
        """Return a routine; NoSuchChoiceError if there is none, or not in that language."""
        return self._now().offer(slug, language)

    def minutes_range(self, offer: Offer) -> tuple[int, int] | None:
        """Return the least and the most minutes of a routine; None where nothing can be fitted."""
        return self._now().minutes_range(offer.routine, self._wishes)

    def cover(self, slug: str, choice: Choice) -> bytes:
        """Return the picture of a routine, a JPEG; NoSuchChoiceError where there is none."""
        return self._now().cover(slug, choice)

    def order(self, slug: str, choice: Choice) -> Order:
        """Return the order that a choice means; NoSuchChoiceError if there is no such routine."""
        return self._now().order(slug, choice, self._wishes, self._today())

    def _now(self) -> _Snapshot:
        """Return the library as it was at most two seconds ago."""
        with self._lock:
            if self._snapshot is None or time.monotonic() - self._looked_at > _LOOK_AGAIN_SECONDS:
                library = self._open_library()
                looks = _looks_of(library)
                if self._snapshot is None or self._snapshot.looks != looks:
                    self._snapshot = _Snapshot(library, looks)
                self._looked_at = time.monotonic()
            return self._snapshot


class _Snapshot:
    """The library as its files were at one moment."""

    def __init__(self, library: Library, looks: frozenset[tuple[str, int, int]]) -> None:
        self.looks = looks
        self._library = library
        self._lock = threading.RLock()
        self._fitting = threading.Lock()
        """Fitting takes long, and nobody else need wait for it."""
        self._drawing = threading.Lock()
        self._covers: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._paths = {entry.name: entry.path for entry in library.routines() if not entry.error}
        self._offers: dict[tuple[str, str], Offer | None] = {}
        """By slug and language; None for what cannot be read."""
        self._ranges: dict[tuple[str, str], tuple[int, int] | None] = {}
        self._orders: OrderedDict[tuple[str, Choice], Order] = OrderedDict()

    def offers(self, language: str) -> Iterator[Offer]:
        """Yield all routines that a language has, by name; for none, each in its own."""
        for slug in self._paths:
            if offer := self._offer(slug, language):
                yield offer

    def offer(self, slug: str, language: str) -> Offer:
        if slug not in self._paths:
            raise NoSuchChoiceError("There is no such routine. Go back to the list.")
        offer = self._offer(slug, language)
        if offer is None:
            if self._offer(slug, ""):
                raise NoSuchChoiceError("This routine is not there in that language.")
            raise NoSuchChoiceError(
                "There is a mistake in the file of this routine; `voicecoach check` tells which."
            )
        return offer

    def languages(self) -> list[str]:
        counts: dict[str, int] = {}
        for offer in self.offers(""):
            for tag in _languages_of(offer.routine):
                counts[tag] = counts.get(tag, 0) + 1
        return sorted(counts, key=lambda tag: (-counts[tag], tag))

    def minutes_range(self, routine: Routine, wishes: Wishes) -> tuple[int, int] | None:
        """Return as `Catalogue.minutes_range` does; it takes a moment, once."""
        key = (routine.slug, routine.language)
        with self._fitting:
            if key not in self._ranges:
                least = _nearest_to(1, routine, wishes)
                most = _nearest_to(MOST_MINUTES, routine, wishes)
                self._ranges[key] = (least, most) if 0 < least <= most else None
            return self._ranges[key]

    def cover(self, slug: str, choice: Choice) -> bytes:
        """Return as `Catalogue.cover` does; it takes a moment, once."""
        from voicecoach.drawing.cover import draw_cover

        offer = self.offer(slug, choice.language)
        routine, minutes = offer.routine, choice.minutes or offer.minutes
        key = (slug, routine.language, minutes)
        with self._drawing:
            if key not in self._covers:
                self._covers[key] = draw_cover(
                    routine.title, routine.audience, minutes, routine.language, slug=slug
                )
                while len(self._covers) > _MOST_COVERS:
                    self._covers.popitem(last=False)
            self._covers.move_to_end(key)
            return self._covers[key]

    def order(self, slug: str, choice: Choice, wishes: Wishes, date: str) -> Order:
        key = (slug, replace(choice, audience=None))
        with self._lock:
            if key not in self._orders:
                self._orders[key] = self._new_order(slug, choice, wishes, date)
                while len(self._orders) > _MOST_ORDERS:
                    self._orders.popitem(last=False)
            self._orders.move_to_end(key)
            return self._orders[key]

    def _offer(self, slug: str, language: str) -> Offer | None:
        """Return a routine in a language that it has, for none in its own."""
        with self._lock:
            if language:
                own = self._offer(slug, "")
                # This comes first, so that nobody's made-up language is remembered.
                if own is None or language not in _languages_of(own.routine):
                    return None
            if (slug, language) not in self._offers:
                try:
                    self._offers[slug, language] = self._read(slug, language)
                except VoicecoachError:
                    self._offers[slug, language] = None
            return self._offers[slug, language]

    def _read(self, slug: str, language: str) -> Offer:
        from voicecoach.language.phrases import load_phrases
        from voicecoach.library.reading import load_routine
        from voicecoach.script.compiler import nominal_minutes

        routine = load_routine(self._paths[slug], self._library, language=language or None)
        phrases = load_phrases(routine.language, routine.audience)
        return Offer(routine, nominal_minutes(routine, phrases, phrases.word_seconds))

    def _new_order(self, slug: str, choice: Choice, wishes: Wishes, date: str) -> Order:
        from voicecoach.fitting.fit import personalise
        from voicecoach.session.session import open_session

        routine = self.offer(slug, choice.language).routine
        wished = replace(wishes, minutes=choice.minutes)

        def open_unfitted(plan: Routine) -> Session:
            return open_session(
                plan,
                self._library,
                voice=wished.voice,
                rate=wished.speech_rate,
                music=wished.music,
                music_gain_db=wished.music_gain,
            )

        with open_unfitted(routine) as session:
            # Fitting takes long and follows from the routine and the wishes, so the name needs
            # none: an address that nobody has asked for costs no fitting.
            name = fingerprint(__version__, session.made_from, wished, page_files())
        length = f", {choice.minutes} minutes" if choice.minutes else ""
        return Order(
            name,
            about=f"{slug} ({routine.language}{length})",
            audio_address=audio_address(name),
            date=date,
            open=lambda: open_unfitted(personalise(routine, wished)),
        )


def _languages_of(routine: Routine) -> tuple[str, ...]:
    return routine.languages or (routine.language,)


def _nearest_to(minutes: int, routine: Routine, wishes: Wishes) -> int:
    """Return the length of a routine that comes as near to the minutes as it can; 0 if unknown."""
    from voicecoach.fitting.fit import personalise

    try:
        personalise(routine, replace(wishes, minutes=minutes))
    except WishError as error:
        return error.nearest_minutes
    except VoicecoachError:
        return 0
    return minutes


def audio_address(name: str) -> str:
    """Return the address of a session's audio on the server."""
    return f"/audio/{name}.mp3"


def _looks_of(library: Library) -> frozenset[tuple[str, int, int]]:
    """Return a value that changes with every file that routines are made from."""
    looks: set[tuple[str, int, int]] = set()
    for folder in library.folders.values():
        for place in ("scripts", "scripts/shared", "audio/sounds"):
            with suppress(OSError):  # no such folder
                looks.update(map(_look_of, (folder / place).iterdir()))
    looks.update(map(_look_of, library.lexicon_files))
    return frozenset(looks)


def _look_of(path: Path) -> tuple[str, int, int]:
    """Return the name, the time of the last change in ns, and the size of a file."""
    try:
        about = path.stat()
    except OSError:  # it has just gone, or leads nowhere
        return str(path), 0, 0
    return str(path), about.st_mtime_ns, about.st_size
