"""One short text for all that a thing is made from: the same text, the same thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

_DIGITS = 32
_READ_BYTES = 1 << 20


def fingerprint(*ingredients: object) -> str:
    """Return the fingerprint of values: numbers, texts, lists, mappings, dataclasses, files.

    A path counts as the content of its file, so that a copy is the same.
    """
    plain = json.dumps(_plain(ingredients), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(plain.encode("ascii")).hexdigest()[:_DIGITS]


def _plain(value: Any) -> Any:
    """Return a value as JSON can write it, the same for the same value in every process."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Path):
        return _content(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.compare
        }
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no fingerprint")


def _content(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()
