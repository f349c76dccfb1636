"""Children's sessions in playful words: true, in time, the same for the same seed, and never the same two days."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.script.test_compiler_properties import SlowVoice, check_promises, compiled, routines
from tests.support.building import compiled as nominal_script
from tests.support.building import cue, heard, routine, spoken, step
from tests.support.examples import tries
from tests.support.figures import SOAK
from tests.support.listener import Listener
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import Heading, load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.transport import Command, Mode
from voicecoach.routine.model import Audience, Routine, Talk
from voicecoach.script.compiler import (
    compile_script,
    compile_segment,
    compile_segments,
    nominal_minutes,
    opening_cues,
)
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.script.playful import choose
from voicecoach.session.departure import Departure, pickup_sentences, take_up

if TYPE_CHECKING:
    from voicecoach.script.model import Script, Segment

CHILDRENS = ("children", "posture-play")
PHRASES = load_phrases("en", Audience.CHILD)
NUMBERS = {PHRASES.number(number): number for number in range(1, 100)}
NEAR = 1e-6
PRAISE = re.compile("|".join(PHRASES.playful["praise"]))
TODAY = 739_581
"""An ordinal of a date, as live play takes it."""


@cache
def bundled(slug: str) -> Routine:
    """Return a bundled routine, in plain words."""
    library = Library()
    return load_routine(library.find_routine(slug), library)


def script_of(what: Routine, seed: int | None, *, slow: bool = False) -> Script:
    """Return a routine compiled in the words of a seed."""
    seconds = word_seconds(what.audience)
    durations = SlowVoice(seconds, (0.4, 0.8)) if slow else NominalDurations(seconds)
    return compile_script(replace(what, play_seed=seed), PHRASES, durations)


def words(script: Script) -> list[str]:
    """Return all that is said, in order."""
    return [item.text for part in script.segments for item in part.cues if item.kind == "speech"]


def exercises(script: Script) -> list[Segment]:
    """Return the segments of exercises."""
    return [part for part in script.segments if part.kind == "exercise"]


def check_progress(script: Script) -> None:
    """Every exercise says once, before its work, which it is and of how many."""
    parts = exercises(script)
    for number, part in enumerate(parts, 1):
        told = [item for item in part.cues if item.role == "progress"]
        assert len(told) == 1
        assert told[0].end_seconds < part.work_blocks[0].start_seconds
        said = re.findall("[a-z-]+", told[0].text.lower())
        if len(parts) == 1:
            assert told[0].text == "Just this one."
        else:
            assert [NUMBERS[said[-3]], NUMBERS[said[-1]]] == [number, len(parts)]
            assert ("last" in said) == (number == len(parts))
        names = [item for item in part.cues if item.role == "name"]
        assert all(name.end_seconds <= told[0].start_seconds for name in names)
        first = names[0] if names else told[0]
        assert part.cues[0] == first


# ---------------------------------------------------------------------------------------- all routines


@pytest.mark.parametrize("slow", [False, True])
@tries(25, soak=1000)
@given(what=routines(), seed=st.integers(0, 10**9))
def test_playful_words_keep_every_promise_and_move_nothing(
    slow: bool, what: Routine, seed: int
) -> None:
    """The rules hold as ever; next to the plain words, only lead-ins last longer."""
    what = replace(what, audience=Audience.CHILD)
    plain = compiled(what, slow=slow)
    playful = compiled(replace(what, play_seed=seed), slow=slow)
    assert (plain is None) == (playful is None)
    if plain is None or playful is None:
        return
    check_promises(what, playful)
    check_progress(playful)
    for before, after in zip(exercises(plain), exercises(playful), strict=True):
        check_same_moments(before, after)


def check_same_moments(plain: Segment, playful: Segment) -> None:
    """From the start of the work on, each has the same cues at the same moments, and the author's words."""
    begins, later = (part.work_blocks[0].start_seconds for part in (plain, playful))
    assert later >= begins
    pairs = list(
        zip(
            [item for item in plain.cues if item.start_seconds >= begins - NEAR],
            [item for item in playful.cues if item.start_seconds >= later - NEAR],
            strict=True,
        )
    )
    for before, after in pairs:
        assert (after.role, after.kind, after.side) == (before.role, before.kind, before.side)
        assert after.start_seconds - later == pytest.approx(before.start_seconds - begins, abs=1e-5)
        if after.role in {"cue", "change", "set", "tone", "countdown"} or before.speed > 1:
            assert (after.text, after.speed) == (before.text, before.speed)
        if after.role == "count":
            assert after.text.rstrip("!.").split("!")[0] == before.text.rstrip(".")
        if after.role == "next":
            name = before.text.removeprefix("Next: ").lower()
            assert after.text.lower().endswith(name)
    for edge in (
        edge for block in playful.work_blocks for edge in (block.start_seconds, block.end_seconds)
    ):
        for before, after in pairs:
            if (
                after.kind == "speech"
                and after.text != before.text
                and after.start_seconds < edge - NEAR
            ):
                assert after.end_seconds <= edge - 0.2 + NEAR, "playful words last into a tone"
    assert [(note.kind, note.text) for note in playful.notes] == [
        (note.kind, note.text) for note in plain.notes
    ]


@tries(25, soak=1000)
@given(what=routines(), seed=st.integers(0, 10**9))
def test_adults_and_plain_routines_hear_plain_words(what: Routine, seed: int) -> None:
    """A seed changes nothing for adults, and without a seed nothing is playful for children."""
    adult = replace(what, audience=Audience.ADULT)
    assume((script := compiled(adult, slow=False)) is not None)
    assert script is not None
    seeded = compiled(replace(adult, play_seed=seed), slow=False)
    assert seeded is not None
    assert seeded.segments == script.segments
    child = compiled(replace(what, audience=Audience.CHILD), slow=False)
    if child is not None:
        assert not spoken(child, "progress")
        assert not any(PRAISE.search(item.text) for item in spoken(child, "rest"))


@pytest.mark.parametrize("slug", CHILDRENS)
def test_bundled_routines_stay_within_three_per_cent(slug: str) -> None:
    """With any seed nothing is moved, sped up or dropped, and the minutes that are said are true."""
    what = bundled(slug)
    plain = script_of(what, None).duration_seconds
    for seed in range(120 if SOAK else 40):
        seeded = replace(what, play_seed=seed)
        script = script_of(what, seed)
        assert script.notes == ()
        check_progress(script)
        assert plain < script.duration_seconds <= 1.03 * plain
        minutes = nominal_minutes(seeded, PHRASES, word_seconds(Audience.CHILD))
        assert minutes == round(script.duration_seconds / 60)
        said = " ".join(item.text for item in script.segments[0].cues).lower()
        assert f"{PHRASES.number(minutes)} minutes" in said
        assert f"{PHRASES.number(len(what.steps))} games" in said


# -------------------------------------------------------------------------------------------- the seed


@pytest.mark.parametrize("slug", CHILDRENS)
def test_every_day_has_other_words(slug: str) -> None:
    """Two days running never sound the same; each moment of a day has other words than the day before's."""
    texts = [words(script_of(bundled(slug), TODAY + day)) for day in range(200 if SOAK else 60)]
    same_moments = []
    for yesterday, today in itertools.pairwise(texts):
        assert yesterday != today
        plain = words(script_of(bundled(slug), None))
        playful = [(a, b) for a, b in zip(yesterday, today, strict=True) if a not in plain]
        same_moments.append(sum(a == b for a, b in playful if "!" in a) / len(playful))
    assert sum(same_moments) / len(same_moments) < 0.5


@given(
    st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=12, unique=True),
    st.integers(0, 10**9), st.integers(0, 200),
)  # fmt: skip
def test_neighbours_get_other_words(variants: list[str], seed: int, number: int) -> None:
    """The next exercise never has the same words, nor the next rest of one exercise."""
    chosen = choose(variants, seed, number)
    assert chosen in variants
    assert choose(variants, seed, number + 1) != chosen
    assert choose(variants, seed, number, turn=1) != chosen
    if len(variants) >= 4:
        assert choose(variants, seed, number + 1) != choose(variants, seed, number, turn=1)
    assert {choose(variants, seed, other) for other in range(len(variants))} == set(variants)


def test_the_next_day_differs_until_all_wordings_have_come_round() -> None:
    """The words go round from day to day, and then in another order."""
    variants = [f"word {number}" for number in range(5)]
    days = [choose(variants, seed, 0) for seed in range(100)]
    for start in range(0, 100, 5):
        assert set(days[start : start + 5]) == set(variants)
    assert len({tuple(days[start : start + 5]) for start in range(0, 100, 5)}) > 10


def test_same_seed_same_words_in_every_process() -> None:
    """Neither the process nor Python's hashes of texts have a say."""
    code = (
        "from tests.script.test_playful import *; import json; "
        f"print(json.dumps(words(script_of(bundled('children'), {TODAY}))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": hashes},
        ).stdout
        for hashes in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1
    assert words(script_of(bundled("children"), TODAY)) == words(
        script_of(bundled("children"), TODAY)
    )


# ------------------------------------------------------------------------------------------- the words


def test_last_number_is_on_its_beat_and_is_cheered() -> None:
    """The number comes first and stays where it was; the cheer follows it, if there is time."""
    script = script_of(routine(step("hop", "4 reps, tempo 2-1-2"), audience="child"), 3)
    counts = [(item.start_seconds, item.text) for item in spoken(script, "count")]
    start = script.segments[0].work_blocks[0].start_seconds
    assert [text for _, text in counts[:3]] == ["One!", "Two!", "Three!"]
    assert counts[3][0] == pytest.approx(start + 15)
    assert re.fullmatch(r"Four! [A-Z][a-z' ]+!", counts[3][1])
    fast = script_of(routine(step("hop", "4 reps, tempo 1-0-0"), audience="child"), 3)
    assert [item.text for item in spoken(fast, "count")] == ["One!", "Two!", "Three!", "Four!"]


def test_a_cue_near_the_last_number_leaves_it_plain() -> None:
    """An author's words after the last number are kept as they are, and the cheer gives way."""
    hop = step("hop", "4 reps, tempo 2-1-2", cue("4.2s before end", "Land softly."))
    script = script_of(routine(hop, audience="child"), 3)
    assert [text for _, text in heard(script)][-3:] == ["Four!", "Land softly.", "<end>"]


@pytest.mark.parametrize("rest", [1.5, 2, 3, 4, 6, 8, 10, 11, 15])
@pytest.mark.parametrize("slow", [False, True])
def test_praise_fits_into_every_rest(rest: float, slow: bool) -> None:
    """Praise comes before "And rest.", shorter where the rest is short; the next lead-in waits for it."""
    first = step("hop", "hold 10s", rest_after_seconds=float(rest))
    for seed in range(30):
        script = script_of(routine(first, step("jump"), audience="child"), seed, slow=slow)
        part = script.segments[0]
        said = [item for item in part.cues if item.role == "rest"]
        for item in said:
            assert item.end_seconds <= part.duration_seconds - 0.2 + NEAR
            assert item.text.endswith(("est.", "slowly."))
        if rest >= 3 + slow and rest != 11:  # there, the next exercise has to be announced at once
            assert PRAISE.match(said[0].text)


def test_long_rests_keep_the_breath() -> None:
    """Where a rest has room, praise does not take the place of "Breathe slowly."."""
    script = script_of(routine(step("hop", "2 x hold 10s, rest 20s"), audience="child"), 1)
    rest = next(item for item in script.segments[0].cues if item.role == "rest")
    assert re.fullmatch(r"[A-Z][a-z ]+! And rest\. Breathe slowly\.", rest.text)


def test_progress_is_that_of_the_steps_that_are_done() -> None:
    """What is left out is not counted."""
    what = bundled("children")
    two = script_of(select_steps(what, Wishes(only=("scissors", "balloon-breath"))), 5)
    assert [item.text for item in spoken(two, "progress")] == [
        "One of two.",
        "Last one, two of two!",
    ]
    rest = script_of(select_steps(what, Wishes(start="5")), 5)
    assert [item.text for item in spoken(rest, "progress")] == [
        "One of three.", "Two of three.", "Last one, three of three!",
    ]  # fmt: skip
    one = script_of(select_steps(what, Wishes(only=("2",))), 5)
    assert [item.text for item in spoken(one, "progress")] == ["Just this one."]
    assert "One game today!" in words(one)


def test_flow_steps_tell_it_too() -> None:
    """A flow step has no name, but says how far the session is."""
    script = script_of(routine(step("fly"), step("land", flow=True), audience="child"), 2)
    assert heard(script, 1)[0] == (0.0, "Last one, two of two!")


def test_tones_only_tells_how_far_it_is_and_praises_nobody() -> None:
    """Somebody who wants tones gets no words that he has not asked for."""
    what = replace(bundled("posture-play"), talk=Talk.TONES)
    script = script_of(what, 4)
    check_progress(script)
    assert not any(PRAISE.search(item.text) for item in spoken(script, "rest"))


def test_words_are_no_scores_and_urge_nobody() -> None:
    """Nothing in the playful words compares, counts points or tells a child that it must."""
    texts = " ".join(str(value) for value in PHRASES.playful.values()).lower()
    for wrong in (
        "score",
        "point",
        "win",
        "best",
        "better",
        "faster",
        "than",
        "must",
        "have to",
        "hurry",
    ):
        assert not re.search(rf"\b{wrong}\b", texts), wrong


# ------------------------------------------------------------------------------------------ departures


@pytest.mark.parametrize("slug", CHILDRENS)
@pytest.mark.parametrize("slow", [False, True])
def test_a_segment_by_itself_is_that_of_the_whole(slug: str, slow: bool) -> None:
    """Wherever a stream begins, the words are those of the track; the opening comes line by line."""
    what = replace(bundled(slug), play_seed=TODAY)
    seconds = word_seconds(Audience.CHILD)
    durations = SlowVoice(seconds, (0.4, 0.8)) if slow else NominalDurations(seconds)
    whole = list(compile_segments(what, PHRASES, durations))
    for index, segment in enumerate(whole):
        assert compile_segment(what, PHRASES, durations, index) == segment
        assert take_up(Departure(index), what, PHRASES, durations) == segment
    assert tuple(opening_cues(what, PHRASES, durations)) == whole[0].cues


def test_a_way_back_tells_how_far_it_is_and_speaks_the_same_words() -> None:
    """Once more and back to: another heading, then all as it was."""
    what = replace(bundled("children"), play_seed=TODAY)
    durations = NominalDurations(word_seconds(Audience.CHILD))
    usual = compile_segment(what, PHRASES, durations, 3)
    known = pickup_sentences(what, PHRASES)
    for heading, said in (
        (Heading.AGAIN, "Once more: Curly snail!"),
        (Heading.BACK, "Back to: Curly snail!"),
    ):
        part = compile_segment(what, PHRASES, durations, 3, heading=heading)
        assert [item.text for item in part.cues[:2]] == [said, "Three of seven."]
        assert [item.text for item in part.cues[1:]] == [item.text for item in usual.cues[1:]]
        assert said in known


@pytest.mark.parametrize("slug", CHILDRENS)
@pytest.mark.parametrize("slow", [False, True])
def test_any_keys_lead_where_they_must(slug: str, slow: bool) -> None:
    """A child's session obeys every command, and what is left of it is the whole's."""
    random = Random(f"{slug} {slow}")
    seconds = word_seconds(Audience.CHILD)
    durations = SlowVoice(seconds, (0.4, 0.8)) if slow else NominalDurations(seconds)
    keys = [command for command in Command if command is not Command.QUIT]
    for seed in range(3):
        what = replace(bundled(slug), play_seed=seed)
        listener = Listener(what, durations, waits=bool(seed % 2))
        for _ in range(60):
            listener.hear(random.choice([0.0, random.uniform(0, 4), random.uniform(0, 50)]))
            listener.press(random.choice(keys))
            if listener.mode is Mode.ENDED:
                break


def test_nominal_script_of_the_tests_is_playful_by_the_routine_alone() -> None:
    """The seed belongs to the routine: nothing else has to be told."""
    what = replace(routine(step("hop", "3 reps"), audience="child"), play_seed=0)
    assert spoken(nominal_script(what), "progress")
