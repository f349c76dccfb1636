"""The transport: every key, at every moment, leads to a sensible place, and says what a person needs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.script.test_compiler_properties import SlowVoice, compiled, routines
from tests.support import building
from tests.support.examples import tries
from tests.support.listener import Listener
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.transport import Command, ExcerptTransport, Mode, PlayPosition
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.timing import LEAP_SECONDS
from voicecoach.session.departure import Departure

if TYPE_CHECKING:
    from voicecoach.routine.model import Routine

BUNDLED = (
    "children",
    "desk-break",
    "dumbbells",
    "main",
    "posture-play",
    "preliminary",
    "relaxation",
)
KEYS = [command for command in Command if command is not Command.QUIT]


@cache
def bundled(slug: str) -> Routine:
    """Return a bundled routine."""
    library = Library()
    return load_routine(library.find_routine(slug), library)


def presses() -> st.SearchStrategy[list[tuple[float, Command]]]:
    """Return up to 200 commands, each with how long one listened before it."""
    # In whole milliseconds: nearer to a cue than that, it is a matter of rounding whether it was heard.
    pauses = st.one_of(st.just(0.0), st.floats(0.0, 3.0), st.floats(0.0, 60.0)).map(
        lambda seconds: round(seconds, 3)
    )
    key = st.sampled_from([*KEYS, *(key for key in KEYS if key is not Command.NEXT)])
    press = st.tuples(pauses, key)
    return st.integers(1, 200).flatmap(
        lambda count: st.lists(press, min_size=count, max_size=count)
    )


def play(
    what: Routine, keys: list[tuple[float, Command]], *, waits: bool, slow: bool = False
) -> None:
    """Listen and press, again from the beginning where it ends; then let it play to its end."""
    seconds_a_word = word_seconds(what.audience)
    durations = (SlowVoice if slow else NominalDurations)(
        seconds_a_word, (0.4, 0.8) if slow else (0.0, 0.0)
    )
    listener = Listener(what, durations, waits=waits)
    for seconds, command in keys:
        listener.hear(seconds)
        listener.press(command)
        if listener.mode is Mode.ENDED:
            listener = Listener(what, durations, waits=waits)
    for _ in range(2 * len(what.steps) + 4):
        if listener.mode in {Mode.PAUSED, Mode.WAITING}:
            listener.press(Command.PLAY)
        listener.hear(7200)
    assert listener.mode is Mode.ENDED


@pytest.mark.sampled(4)
@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("slug", BUNDLED)
@tries(3, soak=400)
@given(keys=presses())
def test_any_keys_in_any_bundled_routine(
    slug: str, waits: bool, keys: list[tuple[float, Command]]
) -> None:
    """200 commands at random moments: each leads where it must, and the session comes to its end."""
    play(bundled(slug), keys, waits=waits)


@st.composite
def grouped_routines(draw: st.DrawFn) -> Routine:
    """Return routines of all kinds, some of whose neighbours belong together."""
    what = draw(routines())
    groups = draw(st.lists(st.sampled_from(["", "", "a", "b"]), min_size=4, max_size=4))
    steps = [replace(one, together=group) for one, group in zip(what.steps, groups, strict=False)]
    return replace(what, steps=tuple(steps))


@tries(60, soak=8000)
@given(what=grouped_routines(), keys=presses(), waits=st.booleans(), slow=st.booleans())
def test_any_keys_in_any_routine(
    what: Routine, keys: list[tuple[float, Command]], waits: bool, slow: bool
) -> None:
    """The same in routines that nobody has tried."""
    assume(compiled(what, slow=slow) is not None)  # else its words do not fit
    play(what, keys, waits=waits, slow=slow)


@pytest.mark.parametrize("slug", ["main", "children"])
def test_an_excerpt_is_never_left(slug: str) -> None:
    """Whatever is asked for, at any moment of a step: it goes on in that step, or ends."""
    routine = bundled(slug)
    script = building.compiled(routine)
    for index, segment in enumerate(script.segments):
        transport = ExcerptTransport(routine, script.segments.__getitem__)
        for tenths in range(0, round(segment.duration_seconds * 10), 37):
            spot = PlayPosition(index, segment, tenths / 10, Departure(index))
            for command in KEYS:
                there = transport.command(Mode.PLAYING, spot, command)
                assert there.departure is None or there.departure.index == index
            assert transport.command(Mode.PLAYING, spot, Command.NEXT).mode is Mode.ENDED
            back = transport.command(Mode.PLAYING, spot, Command.BACK).departure
            rewound = transport.command(Mode.PLAYING, spot, Command.REWIND).departure
            assert back == Departure(index)
            assert (rewound == Departure(index)) == (tenths < LEAP_SECONDS * 10)
