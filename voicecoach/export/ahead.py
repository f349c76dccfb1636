"""Things made a little ahead of whoever takes them, in a thread of their own."""

from __future__ import annotations

import contextlib
import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

_DEPTH = 4
_LOOK_SECONDS = 0.2
_JOIN_SECONDS = 2.0
"""Whoever is in the middle of a sentence need not be waited for; nobody takes what comes of it."""


@contextmanager
def made_ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """Lend the items, of which a few are ready before they are asked for.

    What goes wrong with an item is raised where it would have been taken. Behind the block no more are
    made.
    """
    ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(_DEPTH)
    stopped = threading.Event()

    def put(item: T | None, failure: BaseException | None) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                ready.put((item, failure), timeout=_LOOK_SECONDS)
                return

    def make() -> None:
        try:
            for item in items:
                put(item, None)
                if stopped.is_set():
                    return
        except BaseException as failure:  # noqa: BLE001  (raised again, where the caller is)
            put(None, failure)
        else:
            put(None, StopIteration())

    def taken() -> Iterator[T]:
        while True:
            item, failure = ready.get()
            if isinstance(failure, StopIteration):
                return
            if failure is not None:
                raise failure
            yield item  # type: ignore[misc]  # with no failure there is an item

    maker = threading.Thread(target=make, name="voicecoach session", daemon=True)
    maker.start()
    try:
        yield taken()
    finally:
        stopped.set()
        maker.join(_JOIN_SECONDS)
