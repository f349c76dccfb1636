"""Media keys, headset buttons and the lock screen: the controls of Linux desktops, known as MPRIS.

    with Desktop(on_command) as desktop:
        desktop.show(now_playing)

A desktop is a convenience: where the library (dbus-fast) or the session bus is missing, where the
bus dies or answers slowly, nothing is said, nothing waits and playing goes on. `examine` says why.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from voicecoach.errors import DesktopUnavailableError
from voicecoach.play.desktop.state import PlaybackState

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.play.transport import Command

__all__ = ["Desktop", "examine"]

_CLOSE_SECONDS = 0.3
_EXAMINE_SECONDS = 2.0


class Desktop:
    """The session as the desktop sees it, and the desktop's buttons as commands.

    `on_command` is called from a thread of its own.
    """

    def __init__(self, on_command: Callable[[Command], None]) -> None:
        self._on_command = on_command
        self._state = PlaybackState()
        self._thread: threading.Thread | None = None
        # Guards the next two: the session may end while the thread comes to life.
        self._starting = threading.Lock()
        self._closed = False
        self._running: tuple[asyncio.AbstractEventLoop, Callable[[], object]] | None = None
        self._update: Callable[[], None] | None = None

    def show(self, now: NowPlaying) -> None:
        """Let the desktop know how things stand; cheap, from any thread, as often as one likes."""
        if self._state.show(now, time.monotonic()):
            self._in_thread(self._update)

    def __enter__(self) -> Self:
        with suppress(DesktopUnavailableError):
            address = bus_address()
            self._thread = threading.Thread(
                target=self._run, args=(address,), name="voicecoach desktop", daemon=True
            )
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._starting:
            self._closed = True
            running = self._running
        if running:
            self._in_thread(running[1])
        if self._thread:
            self._thread.join(_CLOSE_SECONDS)

    def _in_thread(self, function: Callable[[], object] | None) -> None:
        running = self._running
        if running and function:
            with suppress(RuntimeError):  # the bus has died, and the loop with it
                running[0].call_soon_threadsafe(function)

    def _run(self, address: str) -> None:
        # Whatever is wrong with a bus or with its library, the session must not hear of it.
        with suppress(Exception):
            import asyncio

            asyncio.run(self._serve(address))

    async def _serve(self, address: str) -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, _context: None)
        with self._starting:
            if self._closed:
                return
            talk = asyncio.create_task(self._talk(address))
            self._running = (loop, talk.cancel)
        with suppress(asyncio.CancelledError):
            await talk

    async def _talk(self, address: str) -> None:
        from voicecoach.play.desktop.bus import Controls, connected

        async with connected(address) as bus:
            controls = Controls(bus, self._state, self._on_command)
            self._update = controls.update
            await controls.serve()


def bus_address() -> str:
    """Return the address of the session bus; DesktopUnavailableError where there is none.

    Only a socket of this computer: voicecoach opens no network connection.
    """
    default = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / "bus"
    named = os.environ.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={default}"
    local = [address for address in named.split(";") if address.startswith("unix:")]
    if not local or (named == f"unix:path={default}" and not default.exists()):
        raise DesktopUnavailableError("there is no session bus here; a desktop has one")
    return ";".join(local)


def examine() -> str:
    """Return the source of media keys, or raise DesktopUnavailableError with reason and remedy."""
    import asyncio

    address = bus_address()
    try:
        from voicecoach.play.desktop.bus import connected
    except ImportError as error:
        raise DesktopUnavailableError(
            'dbus-fast is not installed; pip install "voicecoach[desktop]"'
        ) from error

    async def connect() -> None:
        async with connected(address):
            pass

    try:
        asyncio.run(asyncio.wait_for(connect(), _EXAMINE_SECONDS))
    except Exception as error:
        # Whatever a bus and its library come up with is the same to the person: no media keys.
        reason = str(error) or "it does not answer"
        raise DesktopUnavailableError(
            f"the session bus {address} cannot be used: {reason}"
        ) from error
    return f"the session bus, {address}"
