"""The face of each room: the names that others take from it, and what they cost before they are taken."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from tests.support.checkout import CHECKOUT

ROOMS = sorted(path.parent.name for path in (CHECKOUT / "voicecoach").glob("[a-z]*/__init__.py"))
HEAVY = {
    "PIL",
    "fpdf",
    "mutagen",
    "numpy",
    "onnxruntime",
    "pydub",
    "rich",
    "starlette",
    "tree_sitter",
}


@pytest.mark.parametrize("room", ROOMS)
def test_each_name_of_a_face_is_there(room: str) -> None:
    """A stub that names something its module has lost would only be noticed by whoever wants it."""
    face = import_module(f"voicecoach.{room}")
    assert face.__all__
    assert [name for name in face.__all__ if getattr(face, name) is None] == []


def test_faces_cost_nothing_before_they_are_used() -> None:
    """Importing every room loads nothing heavy: a command pays for what it does alone."""
    code = (
        f"import sys; from importlib import import_module\n"
        f"for room in {ROOMS}: import_module(f'voicecoach.{{room}}')\n"
        f"print(sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
