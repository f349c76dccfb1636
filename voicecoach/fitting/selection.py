"""Which steps of a routine are done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.errors import Problem, RoutineError
from voicecoach.messages import nearest, quoted
from voicecoach.routine.model import Silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.fitting.wishes import Wishes
    from voicecoach.routine.model import Routine, Spoken, Step


def select_steps(routine: Routine, wishes: Wishes) -> Routine:
    """Return the routine with the steps that are wished; checks and closing stay.

    Steps that belong together come together: naming one of them names them all, and a start in the
    middle of them moves to the first. Raises RoutineError for a name that no step has, and where no
    step is left.
    """
    steps = list(routine.steps)
    if wishes.start:
        steps = steps[_first_of_group(routine, _position(routine, wishes.start)) :]
    if wishes.only:
        named = _named(routine, wishes.only)
        steps = [step for step in steps if step.slug in named]
        if not steps:
            message = f"none of {_listed(wishes.only)} comes at or after {quoted(wishes.start)}"
            raise _refusal(routine, message, code="no-steps")
    if wishes.skip:
        named = _named(routine, wishes.skip)
        steps = [step for step in steps if step.slug not in named]
        if not steps:
            message = f"without {_listed(wishes.skip)} nothing is left to do"
            raise _refusal(routine, message, code="no-steps")
    return with_steps(routine, steps)


def with_steps(routine: Routine, steps: Sequence[Step]) -> Routine:
    """Return the routine with these of its steps; nothing mentions the others any more."""
    slugs = {step.slug for step in steps}

    def true(items: Sequence[Spoken | Silence]) -> tuple[Spoken | Silence, ...]:
        return tuple(
            item for item in items if isinstance(item, Silence) or slugs.issuperset(item.steps)
        )

    return replace(
        routine, steps=tuple(steps), opening=true(routine.opening), closing=true(routine.closing)
    )


def _named(routine: Routine, names: Sequence[str]) -> set[str]:
    """Return the slugs of the steps with these names, and of those in the same groups."""
    chosen = [routine.steps[_position(routine, name)] for name in names]
    # A step that is called by its name in the file is meant in all its rounds.
    chosen += [step for step in routine.steps if step.round_of in names]
    groups = {step.together for step in chosen if step.together}
    return {step.slug for step in routine.steps if step in chosen or step.together in groups}


def _position(routine: Routine, name: str) -> int:
    """Return the position of the step with that slug or number, from 0."""
    slugs = [step.slug for step in routine.steps]
    if name in slugs:
        return slugs.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(slugs):
        return int(name) - 1
    message = f"there is no step {quoted(name)}"
    raise _refusal(routine, message, near=nearest(name, slugs), code="unknown-name")


def _first_of_group(routine: Routine, position: int) -> int:
    group = routine.steps[position].together
    while group and position > 0 and routine.steps[position - 1].together == group:
        position -= 1
    return position


def _listed(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _refusal(routine: Routine, message: str, *, code: str, near: str = "") -> RoutineError:
    steps = ", ".join(f"{number} {step.slug}" for number, step in enumerate(routine.steps, 1))
    fix = f'did you mean "{near}"? Its steps are {steps}' if near else f"its steps are {steps}"
    return RoutineError(routine.slug, [Problem(0, 0, "", message, fix, code)])
