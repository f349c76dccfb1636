"""The session on the bus, in the words of MPRIS 2.2 (specifications.freedesktop.org/mpris-spec).

The one gate to dbus-fast, which not everybody has: import this module where it is needed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

from dbus_fast import NameFlag, PropertyAccess, RequestNameReply, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusDict,
    DBusDouble,
    DBusInt64,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from voicecoach.play.desktop.state import Shown
from voicecoach.play.transport import Command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voicecoach.play.desktop.state import PlaybackState

BUS_NAME: Final = "org.mpris.MediaPlayer2.voicecoach"
PATH: Final = "/org/mpris/MediaPlayer2"
TRACK: Final = "/voicecoach/session"
"""The whole session is one track; its title is that of the exercise."""

STEP_US: Final = 15_000_000
_MOST_STEPS: Final = 40

_SETTLE_SECONDS: Final = 1.0
"""How long it may take until a command shows in the state."""

# Nothing of this may appear in a terminal that shows a session.
logging.getLogger("dbus_fast").addHandler(logging.NullHandler())

_DBusStrings = Annotated[list[str], DBusSignature("as")]
_DBusNothing = Annotated[None, DBusSignature("")]
_read = PropertyAccess.READ


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[MessageBus]:
    """Lend a connection to the bus."""
    bus = await MessageBus(bus_address=address).connect()
    try:
        yield bus
    finally:
        bus.disconnect()


class Controls:
    """A session on the bus."""

    def __init__(
        self, bus: MessageBus, state: PlaybackState, on_command: Callable[[Command], None]
    ) -> None:
        self._bus = bus
        self._state = state
        self._application = _Application(on_command)
        self._player = _Player(state, on_command)
        self._begun = asyncio.Event()

    async def serve(self) -> None:
        """Be there from the first thing that is shown until the bus has gone, or cancellation."""
        if self._state.shown is None:
            await self._begun.wait()
        self._bus.export(PATH, self._application)
        self._bus.export(PATH, self._player)
        self._player.update()
        # The first player has the plain name; more of them add what tells them apart.
        for name in (BUS_NAME, f"{BUS_NAME}.instance{os.getpid()}"):
            reply = await self._bus.request_name(name, NameFlag.DO_NOT_QUEUE)
            if reply is RequestNameReply.PRIMARY_OWNER:
                break
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call, unused-ignore]

    def update(self) -> None:
        """Announce what has changed in the state."""
        self._begun.set()
        self._player.update()


def _fixed(name: str, kind: Any, value: object) -> Any:
    """Return a property that never changes; the attribute that holds it must bear its name."""

    def get(_interface: ServiceInterface) -> Any:
        return value

    # The library reads the signature from the annotation and the value from the named attribute.
    get.__annotations__["return"] = kind
    get.__name__ = name
    return dbus_property(_read, name=name)(get)


class _Application(ServiceInterface):
    """The program: what it is, and how to end it."""

    CanQuit = _fixed("CanQuit", DBusBool, True)
    CanRaise = _fixed("CanRaise", DBusBool, False)
    HasTrackList = _fixed("HasTrackList", DBusBool, False)
    Identity = _fixed("Identity", DBusStr, "voicecoach")
    # Nothing can be opened from outside.
    SupportedUriSchemes = _fixed("SupportedUriSchemes", _DBusStrings, [])
    SupportedMimeTypes = _fixed("SupportedMimeTypes", _DBusStrings, [])

    def __init__(self, on_command: Callable[[Command], None]) -> None:
        super().__init__("org.mpris.MediaPlayer2")
        self._on_command = on_command

    @dbus_method(name="Raise")
    def raise_window(self) -> _DBusNothing:
        """Do nothing: there is no window."""

    @dbus_method(name="Quit")
    def quit(self) -> _DBusNothing:
        """End the session; its place is kept."""
        self._on_command(Command.QUIT)


class _Player(ServiceInterface):
    """The session: how it stands, and the buttons."""

    CanGoNext = _fixed("CanGoNext", DBusBool, True)
    CanGoPrevious = _fixed("CanGoPrevious", DBusBool, True)
    CanPlay = _fixed("CanPlay", DBusBool, True)
    CanPause = _fixed("CanPause", DBusBool, True)
    CanSeek = _fixed("CanSeek", DBusBool, True)
    CanControl = _fixed("CanControl", DBusBool, True)
    # The clock runs at one pace only.
    Rate = _fixed("Rate", DBusDouble, 1.0)
    MinimumRate = _fixed("MinimumRate", DBusDouble, 1.0)
    MaximumRate = _fixed("MaximumRate", DBusDouble, 1.0)

    def __init__(self, state: PlaybackState, on_command: Callable[[Command], None]) -> None:
        super().__init__("org.mpris.MediaPlayer2.Player")
        self._state = state
        self._on_command = on_command
        self._announced: dict[str, Any] = {}
        self._jumps = state.jumps
        # When each was asked for last.
        self._paused_at_seconds = float("-inf")
        self._played_at_seconds = float("-inf")

    @property
    def _shown(self) -> Shown:
        return self._state.shown or Shown()

    def update(self) -> None:
        now = {
            "PlaybackStatus": self._shown.status,
            "Metadata": _metadata(self._shown),
            "Volume": self._shown.volume,
        }
        changed = {name: value for name, value in now.items() if self._announced.get(name) != value}
        if changed:
            self._announced = now
            self.emit_properties_changed(changed)
        if self._jumps != self._state.jumps:
            self._jumps = self._state.jumps
            self.seeked()

    @dbus_signal(name="Seeked")
    def seeked(self) -> DBusInt64:
        """Announce a position that nobody could foresee."""
        return self._position_us()

    # Buttons

    @dbus_method(name="PlayPause")
    def play_pause(self) -> _DBusNothing:
        self._on_command(Command.PAUSE)

    @dbus_method(name="Play")
    def play(self) -> _DBusNothing:
        """Go on; nothing where it plays."""
        self._played_at_seconds = time.monotonic()
        self._on_command(Command.PLAY)

    @dbus_method(name="Pause")
    def pause(self) -> _DBusNothing:
        # The command goes to and fro, so it must not be given twice before its effect is seen.
        now = time.monotonic()
        plays = self._shown.status == "Playing"
        if now - max(self._played_at_seconds, self._paused_at_seconds) < _SETTLE_SECONDS:
            plays = self._played_at_seconds > self._paused_at_seconds
        if plays:
            self._paused_at_seconds = now
            self._on_command(Command.PAUSE)

    @dbus_method(name="Stop")
    def stop(self) -> _DBusNothing:
        """Pause: headphones may say "stop" when someone takes them off, which must lose nothing."""
        self.pause()

    @dbus_method(name="Next")
    def next(self) -> _DBusNothing:
        self._on_command(Command.NEXT)

    @dbus_method(name="Previous")
    def previous(self) -> _DBusNothing:
        self._on_command(Command.BACK)

    @dbus_method(name="Seek")
    def seek(self, offset_us: DBusInt64) -> _DBusNothing:
        """Go forward or back in the steps that the transport has; at least one."""
        steps = max(1, round(abs(offset_us) / STEP_US)) if offset_us else 0
        for _ in range(min(steps, _MOST_STEPS)):
            self._on_command(Command.FORWARD if offset_us > 0 else Command.REWIND)

    @dbus_method(name="SetPosition")
    def set_position(self, track: DBusObjectPath, position_us: DBusInt64) -> _DBusNothing:
        """Go near a position, unless it is another track's or less than half a step away."""
        offset_us = position_us - self._position_us()
        inside = 0 <= position_us <= self._shown.total_seconds * 1_000_000
        if track == TRACK and inside and abs(offset_us) > STEP_US // 2:
            self.seek(offset_us)

    @dbus_method(name="OpenUri")
    def open_uri(self, uri: DBusStr) -> _DBusNothing:
        """Do nothing: nobody may start something else on the mat."""

    # How things stand

    @dbus_property(_read, name="PlaybackStatus")
    def playback_status(self) -> DBusStr:
        return self._shown.status

    @dbus_property(_read, name="Metadata")
    def metadata(self) -> DBusDict:
        return _metadata(self._shown)

    @dbus_property(_read, name="Position")
    def position(self) -> DBusInt64:
        return self._position_us()

    @dbus_property(_read, name="Volume")
    def volume(self) -> DBusDouble:
        return self._shown.volume

    def _position_us(self) -> int:
        return round(self._state.position_seconds(time.monotonic()) * 1_000_000)


def _metadata(shown: Shown) -> dict[str, Variant]:
    metadata = {
        "mpris:trackid": Variant("o", TRACK),
        "mpris:length": Variant("x", shown.total_seconds * 1_000_000),
        "xesam:title": Variant("s", shown.title),
        "xesam:album": Variant("s", shown.routine),
        # Some desktops show no album.
        "xesam:artist": Variant("as", [shown.routine]),
    }
    if shown.exercise_number:
        metadata["xesam:trackNumber"] = Variant("i", shown.exercise_number)
    return metadata
