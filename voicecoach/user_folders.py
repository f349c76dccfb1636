"""Where things of the user are kept: an environment variable, or what the system has for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal


def user_folder(kind: Literal["config", "data", "state"], variable: str) -> Path | None:
    """Return the user's folder of a kind: that which the environment variable names, else the system's.

    None for a user without a home, as in a container. The folder need not be there.
    """
    if chosen := os.environ.get(variable):
        return Path(chosen)
    import platformdirs

    paths = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "state": platformdirs.user_state_path,
    }
    try:
        return paths[kind]("voicecoach", appauthor=False)
    except RuntimeError:
        return None
