"""The time where the person is."""

from __future__ import annotations

from datetime import UTC, datetime


def local_now() -> datetime:
    """Return the time, in the zone of this computer's clock."""
    return datetime.now(UTC).astimezone()
