"""How many examples a property is tried with: few at every change, many where all must hold."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

from tests.support.figures import SOAK

THOROUGH = os.environ.get("VOICECOACH_TEST_ALL") == "1"
"""Whether continuous integration runs: every test, nothing skipped, with all examples."""

FEWEST = 5
"""A tenth of the examples is enough at every change, but no property is tried with fewer than these."""


def tries(usual: int, *, soak: int = 0) -> settings:
    """Return the settings of a property that is tried `usual` times, and `soak` times in the long form.

    At every change it is a tenth of that, each time with the same examples: a change that breaks
    nothing finds nothing by chance. What is random is looked for where all tests run.
    """
    if SOAK:
        examples = soak or usual
    elif THOROUGH:
        examples = usual
    else:
        examples = min(usual, max(FEWEST, usual // 10))
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=not (SOAK or THOROUGH),
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in Phase if phase is not Phase.explain],
    )


settings.register_profile("voicecoach", tries(100))  # where a property says nothing else
settings.load_profile("voicecoach")
