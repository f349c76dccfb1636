"""The user's folders, as the environment or else the system names them, and the bundled one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal


def user_folder(kind: Literal["config", "data", "state"], variable: str) -> Path | None:
    """Return the user's folder of a kind: the one that the variable names, else the system's.

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


def home_folder() -> Path | None:
    """Return VOICECOACH_HOME or the user's data folder: for routines, languages and voices."""
    return user_folder("data", "VOICECOACH_HOME")


def state_folder() -> Path | None:
    """Return VOICECOACH_STATE or the user's state folder, as `user_folder` does."""
    return user_folder("state", "VOICECOACH_STATE")


def cache_folder() -> Path:
    """Return the cache folder: VOICECOACH_CACHE, or the user's cache folder of this system."""
    if chosen := os.environ.get("VOICECOACH_CACHE"):
        return Path(chosen)
    import platformdirs

    return platformdirs.user_cache_path("voicecoach", appauthor=False)


def data_folder() -> Path | None:
    """Return VOICECOACH_DATA or the user's data folder, as `user_folder` does."""
    return user_folder("data", "VOICECOACH_DATA")


def bundled_folder() -> Path:
    """Return the folder with the bundled scripts/ and audio/."""
    package = Path(__file__).parent.parent
    # A wheel carries them in _bundled/; a checkout uses its own folders, so that edits are seen.
    installed = package / "_bundled"
    return installed if (installed / "scripts").is_dir() else package.parent
