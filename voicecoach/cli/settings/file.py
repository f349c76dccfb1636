"""Changes the settings file: one setting at a time, its comments and its order as they were."""

from __future__ import annotations

import errno
import tomllib
from typing import TYPE_CHECKING, Any, Final

from voicecoach.cli.settings.table import settings_path
from voicecoach.errors import RoutineError, SettingsError
from voicecoach.files.atomic import with_modes_of, write_atomically
from voicecoach.messages import choose_from
from voicecoach.toml.text import parse_toml, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tomlkit import TOMLDocument

_HEADER: Final = (
    "What voicecoach does unless the command line or an environment variable says otherwise.",
    "`voicecoach config` shows all that can stand here, and where each value comes from.",
)


def save_setting(name: str, value: Any) -> Path:
    """Write a setting into the file, which is made where there is none; return the file.

    The value is a right one, as `settings.read_words` returns it. Raises SettingsError where the
    file is no TOML or cannot be written: it is as it was then.
    """
    path = changeable_path()

    def put(document: TOMLDocument) -> None:
        document[name] = value

    _change(path, put, lambda values: {**values, name: value})
    return path


def remove_setting(name: str) -> Path:
    """Take any key, setting or not, out of the file; return the file. Raises as `save_setting`."""
    path = changeable_path()

    def take_out(document: TOMLDocument) -> None:
        del document[name]

    def without(values: dict[str, Any]) -> dict[str, Any]:
        if name not in values:
            there = choose_from(name, list(values))
            raise SettingsError(f"{path}: nothing to take out: no {there}")
        return {key: value for key, value in values.items() if key != name}

    _change(path, take_out, without)
    return path


def changeable_path() -> Path:
    """Return the settings file; raise SettingsError for a user who has no place for one."""
    path = settings_path()
    if path is None:
        raise SettingsError(
            "this user has no home folder, so there is no settings file; "
            "set VOICECOACH_CONFIG to the folder that shall have one"
        )
    return path


def _change(
    path: Path,
    change: Callable[[TOMLDocument], None],
    expect: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """Change a file as a person would in an editor; `expect` returns its values after that."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        target = path.resolve(strict=path.is_symlink())  # a link stays one
        text = read_text(target) if target.exists() else ""
        before = parse_toml(path, text) if text.strip() else {}
    except RoutineError as error:
        raise SettingsError(
            f"{error}\nNothing was changed: mend that in an editor first"
        ) from error
    except (OSError, RuntimeError) as error:
        raise _not_saved(path, error) from error
    after = expect(before)
    try:
        document = tomlkit.parse(text)
        if not text.strip():
            for line in _HEADER:
                document.add(tomlkit.comment(line))
            document.add(tomlkit.nl())
        change(document)
        written = tomlkit.dumps(document)
        is_right = tomllib.loads(written) == after
    except (TOMLKitError, ValueError, KeyError):
        is_right = False
    if not is_right:
        raise SettingsError(
            f"{path}: this file has to be changed in an editor; nothing was changed"
        )
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(target, written.encode(), prepare=with_modes_of(target)).close()
    except OSError as error:
        raise _not_saved(path, error) from error


def _not_saved(path: Path, error: OSError | RuntimeError) -> SettingsError:
    reason = getattr(error, "strerror", None) or str(error)
    number = getattr(error, "errno", None)
    if path.is_symlink() and number == errno.ENOENT:
        reason, advice = "it is a link to a file that is not there", "mend the link"
    elif number in (errno.ENOSPC, errno.EDQUOT):
        advice = "make room on the disk"
    elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = f"make {path.parent} writable, or name another folder with VOICECOACH_CONFIG"
    else:
        advice = "name another folder with VOICECOACH_CONFIG"
    return SettingsError(f"{path}: the settings are as they were ({reason}); {advice}")
