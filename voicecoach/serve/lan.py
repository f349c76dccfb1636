"""The address of this computer in the local network, and the code by which a phone gets there."""

from __future__ import annotations

import io
import socket
from ipaddress import IPv4Address
from typing import Final

from voicecoach.errors import ServeError

_SOMEWHERE: Final = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
"""Addresses to ask the way to: one of no network at all, and far ends of those that homes have."""

_BORDER: Final = 2
"""Modules of white around the code; two are enough for phones, and leave room in a small window."""
_WHITE_ON_BLACK: Final = "\x1b[38;5;231;48;5;16m"
_USUAL_COLOURS: Final = "\x1b[0m"


def lan_address() -> str:
    """Return the address of this computer in the local network.

    This sends nothing: the system says from which of its addresses it would send.
    Raises ServeError where there is none, or where it is one of the open internet.
    """
    found = [address for place in _SOMEWHERE if (address := _address_towards(place))]
    usable = [address for address in found if not address.is_loopback]
    for address in usable:
        if address.is_private:
            return str(address)
    if usable:
        raise ServeError(
            f"{usable[0]}: this computer stands in the open internet, not in a local network, and "
            "what --lan shows is not meant for all the world; leave --lan out"
        )
    raise ServeError(
        "no local network was found; join the Wi-Fi that the phone is in, then try again, "
        "or leave --lan out"
    )


def _address_towards(place: str) -> IPv4Address | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((place, 9))  # of a datagram socket: nothing is sent
            return IPv4Address(asking.getsockname()[0])
        except OSError:  # there is no way to there
            return None


def code(address: str) -> str:
    """Return the QR code of an address as lines for a terminal.

    It names both colours: not every phone reads a code that is light on dark, as many terminals
    show it.
    """
    import segno

    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, border=_BORDER, compact=True)
    return "".join(
        f"{_WHITE_ON_BLACK}{line}{_USUAL_COLOURS}\n" for line in drawn.getvalue().splitlines()
    )
