"""Circuits: steps that are done one after the other, round after round.

A file has each step once and how many rounds there are. The reader makes a step of every round, so
that lengths, fitting, chapters, places and the log know nothing of rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

from voicecoach.messages import instead, quoted
from voicecoach.toml.document import Spot, shown_key
from voicecoach.toml.fields import Field, takes
from voicecoach.toml.readers import boolean, by_name, number, whole_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voicecoach.routine.model import Step

MAX_ROUNDS: Final = 20
MAX_ROUND_REST_SECONDS: Final = 3600


@dataclass(frozen=True)
class Circuit:
    """The rounds in which some steps are done."""

    rounds: int
    """2–20."""
    rest_seconds: float | None = None
    """Exact rest between two rounds; None for that of the last step."""
    alternating: bool = False
    """The sides take turns, round by round, and both have the same number of rounds."""


CIRCUIT_FIELDS: Final = (
    Field("rounds", number(2, MAX_ROUNDS, "rounds", whole=True), "3", required=True).means(
        "How often its steps are done, one after the other."
    ),
    Field("rest", number(0, MAX_ROUND_REST_SECONDS), "60", into="rest_seconds").means(
        "The rest between two rounds, in seconds, kept exactly. Left out: that of its last step."
    ),
    Field("alternating", boolean, "true", default=False).means(
        "The sides take turns by rounds: `$side` is right in the first, left in the second."
    ),
)

_WHOLE: Final = whole_table(CIRCUIT_FIELDS, Circuit, "{ rounds = 3 }")


@takes(_WHOLE.schema)
def _circuit(spot: Spot) -> Circuit:
    circuit = _WHOLE(spot)
    if circuit.alternating and circuit.rounds % 2:
        raise spot.child("rounds").refuse(
            f"{circuit.rounds} rounds with alternating sides leave one side with less",
            fix=f"write {circuit.rounds - 1} or {circuit.rounds + 1}",
            code="out-of-range",
        )
    return circuit


read_circuits: Final = by_name(_circuit)


def circuit_at(spot: Spot) -> Circuit | None:
    """Return the circuit of a step in a file, as far as it can be read; None without one."""
    name = spot.text_at("circuit")
    for document in (spot.document, *spot.document.bases):
        written: Any = document.root.get("circuits")
        found = written.get(name) if isinstance(written, dict) else None
        if isinstance(found, dict):
            break
    else:
        return None
    rounds, alternating = found.get("rounds"), found.get("alternating")
    if not isinstance(rounds, int) or not 2 <= rounds <= MAX_ROUNDS:
        return None
    return Circuit(rounds, alternating=alternating is True)


def check_circuits(
    spot: Spot, circuits: Mapping[str, Circuit], steps: Sequence[Spot], most_steps: int
) -> None:
    """Refuse circuits without steps, and steps of unknown circuits or too far apart."""
    written: Any = cast("dict[str, object]", spot.value).get("circuits")
    known = written if isinstance(written, dict) else {}
    names = [step.text_at("circuit") for step in steps]
    ended: set[str] = set()
    for step, name, previous in zip(steps, names, ["", *names], strict=False):
        if name != previous:
            ended.add(previous)
        if name and name not in known:
            header = f"[circuits.{shown_key(name)}]"
            fix = instead(name, known) if known else f"write {header}, and rounds below it"
            step.child("circuit").refuse(f"no circuit {quoted(name)}", fix=fix, code="unknown-name")
        elif name and name != previous and name in ended:
            step.child("circuit").refuse(
                f"circuit = {quoted(name)}: the steps of a circuit have to be neighbours",
                fix="put them one after the other, or name another circuit",
                code="apart",
            )
    for name in circuits:
        if name not in names:
            place = spot.child("circuits").child(name)
            fix = f"write circuit = {quoted(name)} into each of its steps"
            place.refuse(
                f"no step is in this circuit: {name}", fix=fix, code="unknown-name", place="key"
            )
    slugs = [step.text_at("slug") for step in steps]
    for slug, name in zip(slugs, names, strict=True):
        for number_ in range(2, circuits[name].rounds + 1 if name in circuits else 2):
            if (taken := _slug_in_round(slug, number_)) in slugs:
                steps[slugs.index(taken)].child("slug").refuse(
                    f"slug {quoted(taken)} is that of round {number_} of {quoted(slug)}",
                    fix="choose another",
                    code="duplicate-name",
                )
    total = sum(circuits[name].rounds if name in circuits else 1 for name in names)
    if total > most_steps:
        message = f"the rounds come to {total} steps, at most {most_steps} are allowed"
        spot.child("circuits").refuse(
            message, fix="write fewer rounds", code="too-many", place="key"
        )


def _slug_in_round(slug: str, number_: int) -> str:
    return f"{slug}-round-{number_}" if number_ > 1 else slug


def in_rounds(steps: Sequence[Step], circuits: Mapping[str, Circuit]) -> Iterator[Step]:
    """Yield the steps as they are done: those of a circuit round after round.

    From the second round on the short form of the instruction is said, where there is one, and no
    STOP line: sessions that go on for long get theirs in any case.
    """
    for name, group in groupby(steps, key=lambda step: step.circuit):
        members = list(group)
        if name not in circuits:
            yield from members
            continue
        circuit = circuits[name]
        for number_ in range(1, circuit.rounds + 1):
            for step in members:
                done = _in_round(step, number_, circuit)
                between = step is members[-1] and number_ < circuit.rounds
                if between and circuit.rest_seconds is not None:
                    done = replace(done, rest_after_seconds=circuit.rest_seconds)
                yield done


def _in_round(step: Step, number_: int, circuit: Circuit) -> Step:
    again = number_ > 1
    return replace(
        step,
        slug=_slug_in_round(step.slug, number_),
        name=f"{step.name} ({number_}/{circuit.rounds})",
        instruction=step.brief if again and step.brief else step.instruction,
        stop_line="" if again else step.stop_line,
        together=f"{step.together} {number_}" if step.together else "",
        round_of=step.slug,
        round_number=number_,
        round_side=("left" if number_ % 2 == 0 else "right") if circuit.alternating else "",
    )
