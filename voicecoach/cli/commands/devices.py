"""`voicecoach devices`: what sound can be sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.cli.options import Json
from voicecoach.cli.output import harmless, print_json, print_table, say

if TYPE_CHECKING:
    from voicecoach.play.players import Player


def devices(as_json: Json = False) -> None:
    """List the speakers and headphones there are, and say how to choose one."""
    from voicecoach.errors import PlayerUnavailableError
    from voicecoach.play import players as playback

    found: list[playback.Device] = []
    try:
        player = playback.open_player()
        found = playback.devices()
        advice = _advice(player) if not found else _CHOOSE
    except PlayerUnavailableError as error:
        # What a sound system lists while it is not running cannot be played on.
        advice = str(error)
    if as_json:
        print_json([{"name": device.name, "default": device.is_default} for device in found])
        return
    rows = [[harmless(device.name), "default" if device.is_default else ""] for device in found]
    if rows:
        print_table(("Device", ""), rows)
    say(advice)


_CHOOSE = 'Play on one: voicecoach play --device "NAME" (a part that no other name has will do)'


def _advice(player: Player) -> str:
    where = f"Devices cannot be listed here; {player.name} plays on {player.device_description}."
    if player.abilities.device_choice:
        return (
            f"{where} --device takes a name as the sound system has it: "
            "`pactl list short sinks` or `aplay -L` shows them"
        )
    return f"{where} Choose others in the settings of the system"
