"""Makes sessions for the shelf, one by one, in a thread: an order becomes audio and a page.

Making takes a core for a while, so there is one maker, and few orders wait; the same order again is
the same making. What went wrong is remembered for those who wait for it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from voicecoach.errors import VoicecoachError, WishError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.serve.catalogue import Order
    from voicecoach.serve.shelf import Kept, Shelf
    from voicecoach.session.session import Session

MOST_WAITING: Final = 8
_MOST_FAILURES: Final = 32
_END_SECONDS: Final = 2.0
"""The wait until a session under way has stopped; the next start clears away what it leaves."""


class OrderState(Enum):
    """How far an order is."""

    UNKNOWN = "unknown"
    """Nobody has asked for it."""
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """How far an order is, for those who wait for it."""

    state: OrderState
    percent: int = 0
    """Of the making, 0 to 100."""
    before: int = 0
    """How many others are made before it, while it waits."""
    nearest_minutes: int = 0
    """Where it failed because it cannot last as long as was wished: how long it can; else 0."""


class _StoppedError(Exception):
    """The server ends while a session is being made."""


class Maker:
    """The one that makes sessions; usable from any thread."""

    def __init__(self, shelf: Shelf, *, report: Callable[[str], object]) -> None:
        """Make for a shelf; `report` hears, in a line, what was made and what failed."""
        self._shelf = shelf
        self._report = report
        self._change = threading.Condition()
        self._orders: OrderedDict[str, Order] = OrderedDict()
        """By name: what is being made first, then those that wait."""
        self._failures: OrderedDict[str, Progress] = OrderedDict()
        self._percent = 0
        self._session: Session | None = None
        self._is_over = False
        self._thread: threading.Thread | None = None

    def ask(self, order: Order) -> bool:
        """Have a session made, unless it is there or on its way; False without room for it."""
        if self._shelf.find(order.name):
            return True
        with self._change:
            if order.name in self._orders:
                return True
            if len(self._orders) > MOST_WAITING or self._is_over:  # one of them is being made
                return False
            self._failures.pop(order.name, None)
            self._orders[order.name] = order
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="maker", daemon=True)
                self._thread.start()
            self._change.notify()
        return True

    def progress(self, name: str) -> Progress:
        """Return the progress of an order, whether or not anybody has placed it."""
        with self._change:
            if name in self._orders:
                before = list(self._orders).index(name)
                if before:
                    return Progress(OrderState.WAITING, before=before)
                return Progress(OrderState.MAKING, self._percent)
        if self._shelf.find(name):
            return Progress(OrderState.READY, 100)
        with self._change:
            return self._failures.get(name, Progress(OrderState.UNKNOWN))

    def end(self) -> None:
        """Make nothing more; what is being made is dropped."""
        with self._change:
            self._is_over = True
            session, thread = self._session, self._thread
            self._change.notify()
        if session is not None:
            session.close()
        if thread is not None:
            thread.join(_END_SECONDS)

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._orders and not self._is_over:
                    self._change.wait()
                if self._is_over:
                    return
                self._percent = 0
                name, order = next(iter(self._orders.items()))
            failure = self._try(order)
            with self._change:
                if failure is not None:
                    self._failures[name] = failure
                    if len(self._failures) > _MOST_FAILURES:
                        self._failures.popitem(last=False)
                del self._orders[name]

    def _try(self, order: Order) -> Progress | None:
        """Make a session; return the failure, None where there is none."""
        try:
            self._shelf.put(order.name, lambda kept: self._make(order, kept))
        except WishError as error:
            self._report(f"{order.about}: {error}")
            return Progress(OrderState.FAILED, nearest_minutes=error.nearest_minutes)
        except Exception as error:  # noqa: BLE001  (whatever it was, the next order is made)
            if self._is_over:  # the voice was taken away under it
                return None
            told = isinstance(error, VoicecoachError | OSError)
            self._report(f"{order.about}: {error if told else repr(error)}")
            return Progress(OrderState.FAILED)
        self._report(f"{order.about} is ready.")
        return None

    def _make(self, order: Order, kept: Kept) -> None:
        from voicecoach.export.formats import FORMATS, Quality
        from voicecoach.export.making import Making, make
        from voicecoach.export.page.as_html import render
        from voicecoach.export.page.model import page_of

        making = Making(FORMATS["mp3"], Quality.PHONE, date=order.date)
        with order.open() as session:
            with self._change:
                if self._is_over:
                    raise _StoppedError
                self._session = session
            try:
                make(session, kept.audio, making, begin=lambda _what: self._tell)
                page = page_of(session.script)
            finally:
                with self._change:
                    self._session = None
        kept.page.write_bytes(render(page, audio=order.audio_address, made_from=order.name))

    def _tell(self, done: int, total: int) -> None:
        if self._is_over:
            raise _StoppedError
        with self._change:
            self._percent = min(99, 100 * done // max(1, total))
