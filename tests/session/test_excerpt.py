"""One step alone: what it is called, where it is after a change, and how it sounds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.building import compiled, cue, routine, step
from voicecoach.cli.options import chosen, open_wished
from voicecoach.errors import RoutineError
from voicecoach.fitting.wishes import Wishes
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.anchors import parse_anchor
from voicecoach.routine.model import Spoken
from voicecoach.session.excerpt import (
    Excerpt,
    NamedSegment,
    changed_places,
    departure_at,
    find_place,
    named_segments,
    place_after_change,
)
from voicecoach.sound.clip import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.routine.model import Routine
    from voicecoach.session.session import Session

OPENING, CLOSING = (Spoken("Welcome."),), (Spoken("Well done."),)


def three() -> Routine:
    """Return a routine of three steps, with opening and closing."""
    plain = routine(
        step("plank", "hold 10s"),
        step("squat", "2 x 4 reps, tempo 1-1-1, rest 15s", rest_after_seconds=12.0),
        step("side-bend", "hold 10s each side, change 8s", name="Side bend"),
    )
    return replace(plain, opening=OPENING, closing=CLOSING)


# ------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("called", "index"),
    [
        ("opening", 0),
        ("plank", 1),
        ("1", 1),
        ("Side bend", 3),
        ("side BEND", 3),
        ("Side-Bend", 3),
        (" squat ", 2),
        ("closing", 4),
    ],
)
def test_a_step_is_found_by_what_people_call_it(called: str, index: int) -> None:
    """By slug, by number, by name, and the words before and after the steps."""
    assert find_place(three(), called).index == index


def test_without_an_opening_the_first_step_is_the_first_segment() -> None:
    """And there is no opening to be previewed."""
    bare = replace(three(), opening=())
    assert find_place(bare, "1").index == 0
    with pytest.raises(RoutineError, match="no step"):
        find_place(bare, "opening")


def test_a_name_that_there_is_not_is_told_with_those_there_are() -> None:
    """With the one that was probably meant."""
    with pytest.raises(RoutineError) as refused:
        find_place(three(), "sqat")
    said = str(refused.value)
    assert 'did you mean "squat"?' in said
    assert "opening, 1 plank, 2 squat, 3 side-bend, closing" in said


def test_a_step_may_be_called_opening() -> None:
    """Then the name is the step's."""
    odd = replace(three(), steps=(step("opening"),))
    assert find_place(odd, "opening").number == 1
    assert [place.slug for place in named_segments(odd)] == ["opening", "opening", "closing"]


# ----------------------------------------------------------------------------------------- changes


def test_a_step_is_followed_through_changes_of_the_file() -> None:
    """Moved, renamed, under another slug, and gone."""
    old = three()
    squat = find_place(old, "squat")
    first, second, third = old.steps
    moved = replace(old, steps=(second, first, third))
    assert place_after_change(squat, old, moved) == replace(squat, index=1, number=1)
    slug = replace(old, steps=(first, replace(second, slug="deep-squat"), third))
    assert place_after_change(squat, old, slug) == replace(squat, slug="deep-squat")
    both = replace(old, steps=(first, step("lunge", name="Lunge"), third))
    assert place_after_change(squat, old, both) == NamedSegment(2, "lunge", "Lunge", 2)
    gone = replace(old, steps=(first, third))
    assert place_after_change(squat, old, gone) is None
    silent = replace(old, opening=())
    assert place_after_change(find_place(old, "opening"), old, silent) is None
    assert place_after_change(squat, old, silent) == replace(squat, index=1)


def test_the_changed_steps_are_found() -> None:
    """Those with other words or another dose, new ones, and the words around them; not those that moved."""
    old = three()
    first, second, third = old.steps
    assert changed_places(old, old) == []
    assert changed_places(old, replace(old, steps=(third, second, first))) == []
    new = replace(
        old,
        steps=(first, step("lunge"), replace(second, instruction="Sit down."), third),
        closing=(Spoken("Bye."),),
    )
    assert [place.slug for place in changed_places(old, new)] == ["lunge", "squat", "closing"]


# ------------------------------------------------------------------------------------------ moments


@pytest.mark.parametrize(
    ("name", "moment", "expected"),
    [
        ("plank", "4s", 2.0),
        ("plank", "halfway", 3.0),
        ("plank", "3s before end", 5.0),
        ("plank", "end", 8.0),
        ("squat", "rep 3", 4.0),
        ("squat", "last 2 reps", 4.0),
        ("squat", "rest", 10.0),
        ("squat", "before set 2", 17.0),
        ("squat", "before last set", 17.0),
        ("side-bend", "change", 8.0),
        ("side-bend", "end", 26.0),
    ],
)
def test_an_excerpt_begins_a_little_before_a_moment(
    name: str, moment: str, expected: float
) -> None:
    """Two seconds before it, in words not before their start; from the start of the first work."""
    whole = three()
    index = find_place(whole, name).index
    segment = compiled(whole).segments[index]
    departure = departure_at(whole, index, segment, parse_anchor(moment))
    assert departure is not None
    start = departure.from_seconds - segment.work_blocks[0].start_seconds
    cut = [
        one
        for one in segment.cues
        if one.kind == "speech"
        and one.start_seconds < departure.from_seconds - 1e-6
        and one.end_seconds > departure.from_seconds + 1e-6
    ]
    assert not cut
    assert expected - 3.0 < start <= expected + 1e-6
    if not any(
        one.start_seconds < segment.work_blocks[0].start_seconds + expected < one.end_seconds
        for one in segment.cues
    ):
        assert start == pytest.approx(expected)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [("halfway", 43.0), ("after rep 5", 43.0), ("rep 5", 36.0), ("5s before end", 76.0)],
)
def test_an_excerpt_and_the_session_agree_on_a_moment(moment: str, seconds: float) -> None:
    """The excerpt begins two seconds before the cue of that moment is heard in the session."""
    whole = routine(step("squat", "9 reps, tempo 6-1-2", cue(moment, "Now.")))
    segment = compiled(whole).segments[0]
    start = segment.work_blocks[0].start_seconds
    (said,) = (one for one in segment.cues if one.text == "Now.")
    departure = departure_at(whole, 0, segment, parse_anchor(moment))
    assert departure is not None
    assert said.start_seconds - start == pytest.approx(seconds)
    assert departure.from_seconds - start == pytest.approx(seconds - 2)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("plank", "change"),
        ("plank", "rep 1"),
        ("plank", "10s"),
        ("plank", "every return"),
        ("plank", "before set 2"),
        ("squat", "rep 5"),
        ("squat", "before set 3"),
        ("opening", "halfway"),
    ],
)
def test_a_moment_that_a_step_has_not_is_none(name: str, moment: str) -> None:
    """Whoever asks for it is told."""
    whole = three()
    index = find_place(whole, name).index
    segment = compiled(whole).segments[index]
    assert departure_at(whole, index, segment, parse_anchor(moment)) is None


def test_the_lead_in_ends_with_the_start() -> None:
    """The start tone and "Go." are heard; no cue of the work is."""
    whole = replace(three(), steps=(step("plank", "hold 10s", cue("4s", "Breathe.")),))
    segment = compiled(whole).segments[1]
    heard = Excerpt(1, lead_in_only=True).of(segment)
    assert [one.text for one in heard.cues[-2:]] == ["start", "Go."]
    assert heard.duration_seconds == max(one.end_seconds for one in heard.cues)
    assert "Breathe." in [one.text for one in Excerpt(1).of(segment).cues]


# -------------------------------------------------------------------------------------------- sound


def rendered(session: Session) -> NDArray[np.float32]:
    """Return the samples of a session."""
    return np.concatenate([block.samples[:, 0] for block in session.blocks()])


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("slug", "voice"), [("children", "pyttsx3"), ("main", "pyttsx3")])
def test_an_excerpt_is_the_session_sample_for_sample(slug: str, voice: str) -> None:
    """Each step with a rest around it, opening and closing: names, equipment, playful words, the next."""
    library = Library()
    wishes = Wishes(voice=voice)
    fitted = chosen(load_routine(library.find_routine(slug), library), wishes)
    with open_wished(fitted, wishes, library) as session:
        whole, starts = rendered(session), session.script.starts_seconds
        lengths = [segment.duration_seconds for segment in session.script.segments]
    compared = 0
    for place in named_segments(fitted):
        # Where there is no rest, the last tone rings on into the next step.
        before = fitted.steps[place.number - 2] if place.number > 1 else None
        if place.slug == "closing" or (before is not None and not before.rest_after_seconds):
            continue
        after = fitted.steps[place.number - 1] if place.number else None
        if after is not None and not after.rest_after_seconds:
            continue
        excerpt = Excerpt(place.index)
        with open_wished(fitted, wishes, library, excerpt=excerpt) as session:
            part = rendered(session)
            assert session.total_frames == len(part)
            assert session.is_exact
            assert session.about_seconds == pytest.approx(len(part) / SAMPLE_RATE, abs=0.01)
        first = round(starts[place.index] * SAMPLE_RATE)
        np.testing.assert_array_equal(part, whole[first : first + len(part)])
        assert len(part) > 0.5 * lengths[place.index] * SAMPLE_RATE
        compared += 1
    assert compared >= 4


def test_an_excerpt_speaks_no_other_step(cold_cache: object) -> None:
    """So that it is heard at once: neither before it sounds nor behind it is anything else spoken."""
    library = Library()
    wishes = Wishes(voice="pyttsx3")
    fitted = chosen(load_routine(library.find_routine("main"), library), wishes)
    place = find_place(fitted, "shrug")
    with open_wished(fitted, wishes, library, excerpt=Excerpt(place.index)) as session:
        rendered(session)
        spoken = {text for text, _, _ in session.narrator._seconds}
    own = {sentence.text for one in session.script.segments[0].cues for sentence in one.sentences}
    assert own <= spoken
    assert "Next: soft-knee row." in spoken
    assert not any("march" in text for text in spoken)


def test_a_narrator_that_is_given_goes_on() -> None:
    """Closing a session leaves the voice of its caller awake, and closes its own."""
    from voicecoach.speech import open_narrator

    library = Library()
    wishes = Wishes(voice="pyttsx3")
    fitted = chosen(load_routine(library.find_routine("main"), library), wishes)
    with open_narrator("pyttsx3", audience=fitted.audience) as narrator:
        for _ in range(2):
            excerpt = Excerpt(find_place(fitted, "shrug").index, lead_in_only=True)
            with open_wished(
                fitted, wishes, library, excerpt=excerpt, narrator=narrator
            ) as session:
                assert len(rendered(session))
        assert narrator.clip("Still here.").length_frames
