"""Who may come in: everybody with a pass, and at a locked door everybody who spends the key shown.

A pass is a random text in a cookie. Passes are in memory alone, so a server that was stopped knows
nobody any more.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

KEY_BYTES: Final = 16
"""128 bits: nobody guesses it, and the code to scan stays small."""
PASS_BYTES: Final = 32
MOST_PASSES: Final = 32
"""Devices that are in at a time; one more sends the first one out."""
WRONG_KEYS: Final = 10
"""Wrong keys that one address may try within `WRONG_KEYS_SECONDS`."""
WRONG_KEYS_SECONDS: Final = 60.0
_MOST_ADDRESSES: Final = 256


class Door:
    """A door; where it is not locked, everybody who looks in is given the same pass."""

    def __init__(
        self, *, locked: bool, show_key: Callable[[str], object] = lambda _key: None
    ) -> None:
        self.locked = locked
        """Whether one needs a pass to see anything at all."""
        self._show_key = show_key
        self._passes: deque[str] = deque(maxlen=MOST_PASSES)
        self._key = ""
        self.open_pass = "" if locked else self._new_pass()
        """What everybody gets; empty for a locked door."""

    def new_key(self) -> str:
        """Make the key for the next device, show it, and return it; the one before fits no more."""
        self._key = secrets.token_urlsafe(KEY_BYTES)
        self._show_key(self._key)
        return self._key

    def fits(self, key: str) -> bool:
        """Return True if a key would open the door now."""
        return bool(self._key) and _same(key, self._key)

    def spend(self, key: str) -> str:
        """Return a pass for the key, which fits no more from now on; empty for a wrong one."""
        if not self.fits(key):
            return ""
        given = self._new_pass()
        self.new_key()
        return given

    def knows(self, shown: str) -> bool:
        """Return True if this door gave that pass."""
        # All passes are compared, so that the time it takes tells nothing.
        known = [_same(shown, given) for given in self._passes]
        return any(known)

    def _new_pass(self) -> str:
        self._passes.append(secrets.token_urlsafe(PASS_BYTES))
        return self._passes[-1]


class WrongKeys:
    """Counts the wrong keys of each address, so that trying them out leads nowhere."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tried: OrderedDict[str, deque[float]] = OrderedDict()

    def add(self, address: str) -> None:
        """Remember one more wrong key."""
        self._tried.setdefault(address, deque(maxlen=WRONG_KEYS)).append(self._now())
        self._tried.move_to_end(address)
        while len(self._tried) > _MOST_ADDRESSES:
            self._tried.popitem(last=False)

    def too_many(self, address: str) -> bool:
        """Return True if an address has to wait before the door looks at its next key."""
        times = self._tried.get(address, deque())
        return len(times) == WRONG_KEYS and self._now() - times[0] < WRONG_KEYS_SECONDS


def _same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not tell how much of them is the same."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode())
