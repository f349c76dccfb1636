"""What the coach works out beside the words."""

from __future__ import annotations

import pytest

from voicecoach.script.coach import up_to_tenth


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, 0.0), (1.0, 1.0), (1.01, 1.1), (1.0999, 1.1), (0.1 + 0.2, 0.3)]
)
def test_a_time_never_comes_before_what_it_waits_for(seconds: float, expected: float) -> None:
    """It is rounded up, and a whole tenth stays what it is however it was added up."""
    assert up_to_tenth(seconds) == pytest.approx(expected)
