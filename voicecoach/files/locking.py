"""A lock on a file that goes with the process, however that ends."""

from __future__ import annotations

import sys
from typing import BinaryIO


def lock(file: BinaryIO, *, if_unknown: bool = True) -> bool:
    """Lock an open file as long as this process keeps it open; return whether nobody else holds it.

    `if_unknown` is the answer where the file system knows no locks.
    """
    if sys.platform == "win32":
        return True  # an open file can be neither removed nor replaced there: that is lock enough
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return if_unknown
    return True
