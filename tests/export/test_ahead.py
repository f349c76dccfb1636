"""Items made ahead in a thread: all of them, in order, with their failures, and no more than asked for."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from voicecoach.export.ahead import made_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_all_come_in_order() -> None:
    """Many items, none, and items that look like nothing."""
    with made_ahead(iter(range(1000))) as items:
        assert list(items) == list(range(1000))
    with made_ahead(iter(())) as items:
        assert list(items) == []
    with made_ahead(iter([None, 0, ""])) as items:
        assert list(items) == [None, 0, ""]


def test_making_and_taking_go_on_at_once() -> None:
    """Each takes a while; together they take little more than one."""

    def slow() -> Iterator[int]:
        for number in range(10):
            time.sleep(0.05)
            yield number

    began = time.monotonic()
    with made_ahead(slow()) as items:
        for _ in items:
            time.sleep(0.05)
    assert time.monotonic() - began < 0.85


def test_what_fails_is_raised_where_it_would_have_come() -> None:
    """The very same error, behind the items before it."""
    error = KeyboardInterrupt("stop")

    def failing() -> Iterator[int]:
        yield 1
        raise error

    with made_ahead(failing()) as items:
        assert next(items) == 1
        with pytest.raises(KeyboardInterrupt) as caught:
            next(items)
    assert caught.value is error


def test_a_taker_that_gives_up_ends_the_maker() -> None:
    """Nothing is made any more, and no thread is left."""
    made = []

    def endless() -> Iterator[int]:
        number = 0
        while True:
            made.append(number)
            yield number
            number += 1

    with made_ahead(endless()) as items:
        assert next(items) == 0
    count = len(made)
    time.sleep(0.3)
    assert len(made) == count < 20
    assert not [one for one in threading.enumerate() if one.name == "voicecoach session"]
