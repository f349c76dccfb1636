"""The maker and the shelf: few orders wait, failures are told, room is made, an end is an end."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from voicecoach.errors import ExportError, WishError
from voicecoach.serve.catalogue import Order
from voicecoach.serve.maker import MOST_WAITING, Maker, OrderState
from voicecoach.serve.shelf import Kept, Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.session.session import Session


def name_of(number: int) -> str:
    """Return the name of an order."""
    return f"{number:032x}"


class Opening:
    """Orders whose sessions cannot be opened before somebody says so, and then fail."""

    def __init__(self, error: Exception) -> None:
        self.may_open = threading.Event()
        self.opened = 0
        self._error = error

    def order(self, number: int) -> Order:
        """Return an order."""
        return Order(name_of(number), f"order {number}", "/audio/x.mp3", "", self._open)

    def _open(self) -> Session:
        self.opened += 1
        self.may_open.wait(10)
        raise self._error


def wait_for_state(maker: Maker, name: str, state: OrderState) -> None:
    """Wait until an order is so far."""
    until = time.monotonic() + 10
    while maker.progress(name).state is not state:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_few_orders_wait_and_the_same_is_one(tmp_path: Path) -> None:
    """One is made, eight wait, one more is turned away; who asks again waits for the same."""
    told: list[str] = []
    opening = Opening(ExportError("no room"))
    maker = Maker(Shelf(tmp_path / "kept", limit_bytes=1), report=told.append)
    assert all(maker.ask(opening.order(number)) for number in range(1 + MOST_WAITING))
    wait_for_state(maker, name_of(0), OrderState.MAKING)
    assert not maker.ask(opening.order(99))
    assert all(maker.ask(opening.order(number)) for number in range(1 + MOST_WAITING))
    assert maker.progress(name_of(3)).before == 3
    opening.may_open.set()
    wait_for_state(maker, name_of(MOST_WAITING), OrderState.FAILED)
    assert opening.opened == 1 + MOST_WAITING
    assert told[0] == "order 0: no room"
    assert not [path for path in (tmp_path / "kept").iterdir() if path.suffix in (".mp3", ".html")]
    assert maker.ask(opening.order(99))
    maker.end()


def test_failures_are_told_and_bugs_stop_nothing(tmp_path: Path) -> None:
    """What nobody foresaw is told as well, and the next order is looked at."""
    told: list[str] = []
    maker = Maker(Shelf(tmp_path / "kept", limit_bytes=1), report=told.append)
    for number, error in enumerate((ZeroDivisionError("x"), WishError("no", nearest_minutes=7))):
        opening = Opening(error)
        opening.may_open.set()
        assert maker.ask(opening.order(number))
        wait_for_state(maker, name_of(number), OrderState.FAILED)
    assert maker.progress(name_of(1)).nearest_minutes == 7
    assert "ZeroDivisionError" in told[0]
    maker.end()


def test_end_leaves_nothing(tmp_path: Path) -> None:
    """What is being made is dropped, what waits is not begun, and nobody can ask any more."""
    opening = Opening(ExportError("late"))
    maker = Maker(Shelf(tmp_path / "kept", limit_bytes=1), report=lambda _line: None)
    assert maker.ask(opening.order(0))
    assert maker.ask(opening.order(1))
    deadline = time.monotonic() + 10
    while not opening.opened and time.monotonic() < deadline:
        time.sleep(0.01)
    threading.Timer(0.2, opening.may_open.set).start()
    maker.end()
    assert opening.opened == 1
    assert not maker.ask(opening.order(2))
    assert not list((tmp_path / "kept").iterdir())


def put(shelf: Shelf, number: int, size: int) -> None:
    """Keep a session of some bytes."""

    def make(kept: Kept) -> None:
        kept.audio.write_bytes(b"a" * size)
        kept.page.write_bytes(b"p")

    shelf.put(name_of(number), make)


def test_oldest_use_goes_first(tmp_path: Path) -> None:
    """What was played lately stays; the newest stays even if it is too large alone."""
    shelf = Shelf(tmp_path, limit_bytes=250)
    for number, age in ((1, 500), (2, 400)):
        put(shelf, number, 100)
        for path in (tmp_path / f"{name_of(number)}.mp3", tmp_path / f"{name_of(number)}.html"):
            os.utime(path, (time.time() - age,) * 2)
    assert shelf.find(name_of(1))  # used just now
    put(shelf, 3, 100)
    assert [bool(shelf.find(name_of(number))) for number in (1, 2, 3)] == [True, False, True]
    put(shelf, 4, 1000)
    assert [bool(shelf.find(name_of(number))) for number in (1, 3, 4)] == [False, False, True]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "name",
    ["", "..", "../x", "A" * 32, "0" * 31, "0" * 33, "0" * 31 + "/", "0" * 32 + "\n", "٠" * 32],
)
def test_names_are_fingerprints(tmp_path: Path, name: str) -> None:
    """Nothing else is looked for, and nothing else kept."""
    shelf = Shelf(tmp_path, limit_bytes=250)
    assert shelf.find(name) is None
    with pytest.raises(ValueError, match="no fingerprint"):
        shelf.put(name, lambda _kept: None)


def test_half_a_session_is_none(tmp_path: Path) -> None:
    """A page without its audio, or the other way round, is not offered."""
    shelf = Shelf(tmp_path, limit_bytes=1000)
    put(shelf, 1, 10)
    put(shelf, 2, 10)
    (tmp_path / f"{name_of(1)}.mp3").unlink()
    (tmp_path / f"{name_of(2)}.html").unlink()
    assert shelf.find(name_of(1)) is None
    assert shelf.find(name_of(2)) is None
