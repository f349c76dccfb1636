"""The address that phones of the house find: never one of the open internet."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from voicecoach.errors import ServeError
from voicecoach.serve import lan


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["8.8.8.8", "192.168.1.20"], "192.168.1.20"),
        (["127.0.0.1", "10.0.0.7"], "10.0.0.7"),
        (["8.8.8.8"], "open internet"),
        (["127.0.0.1"], "no local network"),
        ([], "no local network"),
    ],
)
def test_an_address_of_the_house_is_taken(
    monkeypatch: pytest.MonkeyPatch, found: list[str], expected: str
) -> None:
    """The first private one; where there is none, it is refused with the reason."""
    ways = iter([*map(IPv4Address, found), *[None] * 4])
    monkeypatch.setattr(lan, "_address_towards", lambda _place: next(ways))
    if expected[0].isdigit():
        assert lan.lan_address() == expected
        return
    with pytest.raises(ServeError, match=expected):
        lan.lan_address()
