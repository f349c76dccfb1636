"""A stream of rendered blocks becomes sound: the players there are, and which of them works here.

    player = open_player("auto")
    player.play(session.blocks(), sample_rate=24_000, channels=1)

Every player is one module with one function, `open_here(device)`, which returns a player whose
device was opened just now, or raises PlayerUnavailableError with the reason in one short line.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.errors import PlayerUnavailableError
from voicecoach.play.players.player import Abilities, DeviceLostError, Player, SleptError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "PLAYERS",
    "Abilities",
    "Device",
    "DeviceLostError",
    "Player",
    "PlayerChoice",
    "SleptError",
    "devices",
    "open_player",
]

AUTO = "auto"


@dataclass(frozen=True)
class PlayerChoice:
    """One line of the table of players."""

    module: str
    install: str
    """What a person does to have it."""


# In the order in which "auto" tries them.
PLAYERS: dict[str, PlayerChoice] = {
    "miniaudio": PlayerChoice(
        module="voicecoach.play.players.miniaudio_player",
        install="pip install miniaudio (on Linux for ARM it needs a C compiler)",
    ),
    "simpleaudio": PlayerChoice(
        module="voicecoach.play.players.simpleaudio_player",
        install='pip install "voicecoach[simpleaudio]"',
    ),
    "pipe": PlayerChoice(
        module="voicecoach.play.players.pipe_player",
        install="install pipewire-bin, pulseaudio-utils or alsa-utils; macOS has afplay",
    ),
}


class _NotInstalledError(PlayerUnavailableError):
    """The package of a player is missing, which says nothing about speakers."""


@dataclass(frozen=True)
class Device:
    """Something that sound can be sent to."""

    name: str
    is_default: bool


def open_player(name: str = AUTO, device: str | None = None, *, keep_alive: bool = False) -> Player:
    """Return a player that works here; `device` is a device's name or a part that no other has.

    "auto" takes the first of PLAYERS whose device opens. PlayerUnavailableError says what was
    tried. `keep_alive` is that of Player.
    """
    player = _open_first(name, device)
    player.keep_alive = keep_alive
    return player


def _open_first(name: str, device: str | None) -> Player:
    if name == AUTO:
        reasons = []
        for candidate in PLAYERS:
            try:
                return _open_one(candidate, device)
            except PlayerUnavailableError as error:
                reasons.append(str(error))
        raise PlayerUnavailableError(_nothing_found(reasons, device))
    if name not in PLAYERS:
        raise PlayerUnavailableError(
            f'there is no player "{name}"; there are: {", ".join((AUTO, *PLAYERS))}'
        )
    try:
        return _open_one(name, device)
    except _NotInstalledError as error:
        raise PlayerUnavailableError(
            f"{error}; or let another player play: --player auto"
        ) from error
    except PlayerUnavailableError as error:
        raise PlayerUnavailableError(_nothing_found([str(error)], device)) from error


def devices() -> list[Device]:
    """Return the devices that miniaudio finds; none where it is not installed or finds none."""
    try:
        from voicecoach.play.players.miniaudio_player import device_names

        return [Device(name, is_default) for name, is_default in device_names()]
    except ImportError:
        return []


def _open_one(name: str, device: str | None) -> Player:
    choice = PLAYERS[name]
    open_here: Callable[[str | None], Player] = importlib.import_module(choice.module).open_here
    try:
        return open_here(device)
    except ImportError as error:
        raise _NotInstalledError(f"{name}: not installed ({choice.install})") from error


def _nothing_found(reasons: list[str], device: str | None) -> str:
    tried = "".join(f"\n  {reason}" for reason in reasons)
    missing = "no speakers found here" if device is None else f'cannot play on "{device}"'
    return (
        f"{missing}; tried:{tried}\n"
        "Connect or switch on speakers or headphones and try again, or make a track that plays on"
        " any phone: voicecoach export"
    )
