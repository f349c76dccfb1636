"""The process that speaks, as the system knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.speech.process import EngineProcess


def pid_of(process: EngineProcess) -> int | None:
    """Return the id of the worker process; None where none runs."""
    worker = process._worker
    return worker._process.pid if worker and worker.alive else None
