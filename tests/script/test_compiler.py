"""The script engine: the worked examples to the tenth of a second, and each rule of the timing."""

from __future__ import annotations

import math
import re

import pytest

from tests.support.building import (
    DUMBBELLS,
    MAT,
    STOP_LINE,
    compiled,
    cue,
    heard,
    routine,
    spoken,
    step,
)
from voicecoach.errors import RoutineError
from voicecoach.language.phrases import load_phrases
from voicecoach.routine.model import Silence, Spoken
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations
from voicecoach.script.model import NoteKind

FIRST = step("first", rest_after_seconds=5.0, equipment=(MAT,))


def sheet(text: str) -> list[tuple[float, str]]:
    """Read a sheet of `time words` lines; more times may stand on a line, before a number each."""
    cues = []
    for line in text.strip().splitlines():
        for time, words in re.findall(r"(\d+\.\d)\s+((?:(?!\s{2,}\d+\.\d).)+)", line):
            cues.append((float(time), words.strip()))
    return cues


STRAIGHT_LEG_HOLD = """
  0.0  Straight-leg lift and hold.
  2.4  Straighten your right leg and lift it fifteen to twenty centimetres, about the length of your hand. Hold it there and keep breathing.
 12.0  If anything hurts or feels unpleasant, stop and rest.
 17.0  Three.   18.0  Two.   19.0  One.
 20.0  <start>  20.0  Go.
 28.0  If you need to, lower, breathe and lift again.
 35.0  Halfway. Tummy firm, keep breathing.
 45.0  Five more seconds.
 50.0  <end>
 50.6  Lower slowly. Bend that knee, straighten your left leg and lift it to the same height.
 61.0  Three.   62.0  Two.   63.0  One.
 64.0  <start>  64.0  Go.
 79.0  Halfway. Tummy firm, keep breathing.
 89.0  Five more seconds.
 94.0  <end>
 94.6  And rest. Breathe slowly.
 97.0  Next: both knees up and hold.
"""

SHRUG = """
  0.0  Dumbbell shrug.
  1.2  Breathe out and lift both shoulders straight up towards your ears. Pause, then lower them slowly.
  8.0  If anything hurts or feels unpleasant, stop and rest.
 13.0  Three.   14.0  Two.   15.0  One.
 16.0  <start>  16.0  One.   22.0  Two.   28.0  Three.   34.0  Four.
 37.0  Halfway. Breathe out as you lift.
 40.0  Five.    46.0  Six.   52.0  Last two.   58.0  Eight.
 64.0  <end>
 64.6  And rest. Breathe slowly.
 67.0  Put the dumbbells down if your hands are tired.
 88.4  Second set, same again.
 91.0  Three.   92.0  Two.   93.0  One.
 94.0  <start>  94.0  One.   100.0  Two.   106.0  Three.   112.0  Four.
115.0  Halfway. Breathe out as you lift.
118.0  Five.    124.0  Six.  130.0  Last two.  136.0  Eight.
142.0  <end>
142.6  And rest. Breathe slowly.
145.0  Next: soft-knee row.
"""

AIRPLANE = """
  0.0  Airplane!
  0.9  Stand up and spread your arms like airplane wings, back long, leaning forward a little. Fly around the room until I call landing!
 22.0  Ready.   23.0  Steady.
 24.0  <start>  24.0  Engines on, brrrm, and take off!
 39.0  Wings wide! Turn to the left.
 52.0  Now turn to the right.
 64.0  Fly over the clouds, up on your tiptoes.
 76.0  Landing! Slow down, bend your knees and stop.
 84.0  <end>
 84.6  And rest. Breathe slowly.
 87.0  Next: Woodcutter!
"""


def test_worked_example_of_a_hold_on_each_side() -> None:
    """A hold of both sides comes out to the tenth of a second as the timing rules work it out."""
    hold = step(
        "straight-leg-hold",
        "hold 30s each side, change 14s",
        cue("8s", "If you need to, lower, breathe and lift again.", side="first"),
        cue("halfway", "Halfway. Tummy firm, keep breathing."),
        cue("change", "Lower slowly. Bend that knee, straighten your $side leg and lift it to the same height."),
        spoken="straight-leg lift and hold",
        say="Straighten your $side leg and lift it fifteen to twenty centimetres, about the length "
        "of your hand. Hold it there and keep breathing.",
        setup_seconds=20.0, rest_after_seconds=20.0, stop_line=STOP_LINE, equipment=(MAT,),
    )  # fmt: skip
    script = compiled(routine(FIRST, hold, step(spoken="both knees up and hold", equipment=(MAT,))))
    assert heard(script, 1) == sheet(STRAIGHT_LEG_HOLD)
    assert script.segments[1].duration_seconds == 114.0
    assert [note for note in script.notes if note.step == "straight-leg-hold"] == []


def test_worked_example_of_two_sets_of_reps() -> None:
    """Two sets of counted reps come out to the tenth of a second as worked out."""
    shrug = step(
        "shrug",
        "2 x 8 reps, tempo 2-1-3, rest 30s",
        cue("halfway", "Halfway. Breathe out as you lift."),
        cue("rest", "Put the dumbbells down if your hands are tired."),
        spoken="dumbbell shrug",
        say="Breathe out and lift both shoulders straight up towards your ears. Pause, then lower them slowly.",
        setup_seconds=16.0, rest_after_seconds=30.0, stop_line=STOP_LINE, equipment=(MAT,),
    )  # fmt: skip
    script = compiled(routine(FIRST, shrug, step(spoken="soft-knee row", equipment=(MAT,))))
    assert heard(script, 1) == sheet(SHRUG)
    assert script.segments[1].duration_seconds == 172.0


def test_worked_example_of_a_game() -> None:
    """A timed game for children comes out to the tenth of a second as worked out."""
    game = step(
        "airplane-game",
        "for 60s",
        cue("0s", "Engines on, brrrm, and take off!"),
        cue("15s", "Wings wide! Turn to the left."),
        cue("28s", "Now turn to the right."),
        cue("40s", "Fly over the clouds, up on your tiptoes."),
        cue("52s", "Landing! Slow down, bend your knees and stop."),
        spoken="Airplane!",
        say="Stand up and spread your arms like airplane wings, back long, leaning forward a little. "
        "Fly around the room until I call landing!",
        setup_seconds=24.0, rest_after_seconds=15.0,
    )  # fmt: skip
    first = step("first", rest_after_seconds=5.0)
    script = compiled(routine(first, game, step(spoken="Woodcutter!"), audience="child"))
    assert heard(script, 1) == sheet(AIRPLANE)
    assert script.segments[1].duration_seconds == 99.0


# --- Lead-in -------------------------------------------------------------------------------------------


def test_lead_in_without_a_rest_before_says_next() -> None:
    """After a step without a rest nobody has announced the exercise, so its lead-in does."""
    script = compiled(routine(step("one"), step("two", rest_after_seconds=3.0), step("three")))
    assert [words for _, words in (heard(script, part)[0] for part in range(3))] == [
        "Next: one.",
        "Next: two.",
        "Three.",
    ]


def test_lead_in_names_only_new_equipment() -> None:
    """Equipment is asked for when the step before did not use it."""
    script = compiled(
        routine(
            step("one", equipment=(MAT,)),
            step("two", equipment=(MAT, DUMBBELLS)),
            step("three", equipment=(MAT,)),
        )
    )
    assert [cue.text for cue in spoken(script, "equipment")] == [
        "You need a mat.",
        "You need your dumbbells.",
    ]


def test_setup_grows_for_words_that_need_more() -> None:
    """Words, one second of quiet and the countdown always fit before the work."""
    script = compiled(
        routine(step(say="This is a sentence of exactly nine words, truly.", setup_seconds=4.0))
    )
    segment = script.segments[0]
    # "Next: plank." 0.8 + 0.4 + nine words 3.6 = 4.8; one second; three of countdown
    assert segment.work_blocks[0].start_seconds == 8.8


def test_flow_has_no_name_no_countdown_and_no_go() -> None:
    """In a flow step the words are spoken straight on and the tones stand alone."""
    script = compiled(
        routine(FIRST, step("hang", "hold 30s", flow=True, setup_seconds=7.0, equipment=(MAT,)))
    )
    assert heard(script, 1)[:3] == [(0.0, "Hold still."), (7.0, "<start>"), (22.0, "Halfway.")]


def test_flow_counts_its_reps() -> None:
    """A flow step of reps starts with its first number, not with a countdown."""
    script = compiled(routine(FIRST, step("pull", "3 reps", flow=True, equipment=(MAT,))))
    assert [words for _, words in heard(script, 1)] == [
        "Hold still.", "<start>", "One.", "Two.", "Three.", "<end>",
    ]  # fmt: skip


# --- Gaps ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["1s", "1.1s", "1.2s", "2s"])
def test_and_go_stands_clear_of_both_tones_or_is_not_said(rest: str) -> None:
    """However short a rest is: the words lie within it, a fifth of a second from either end."""
    script = compiled(routine(step("plank", f"2 x hold 10s, rest {rest}")))
    first, second = script.segments[0].work_blocks
    said = [item for item in spoken(script, "go") if item.text == "And go."]
    assert len(said) == (rest != "1s")
    for item in said:
        assert item.start_seconds >= first.end_seconds + 0.2 - 1e-6
        assert item.end_seconds <= second.start_seconds - 0.2 + 1e-6


def test_short_change_ends_with_and_go() -> None:
    """Under eight seconds there is no countdown: "And go." ends just before the start tone."""
    script = compiled(routine(step("twist", "hold 8s each side, change 6s")))
    cues = {item.text: item for item in script.segments[0].cues}
    block = script.segments[0].work_blocks[1]
    assert block.start_seconds - cues["And go."].end_seconds == pytest.approx(0.2)
    assert cues["Change sides."].start_seconds == pytest.approx(block.start_seconds - 6 + 0.6)
    assert [item.text for item in spoken(script, "go")] == ["Go.", "And go."]


def test_change_that_cannot_fit_is_an_error_that_says_what_to_write() -> None:
    """The side is never dropped: words too long for their change are refused, with the length needed."""
    long = cue(
        "change", "Come back to the middle very slowly and then turn over to your other side now."
    )
    with pytest.raises(
        RoutineError, match=r"step 1 \"Twist\": change 6s is too short .* at least (\d+)s"
    ) as e:
        compiled(routine(step("twist", "hold 8s each side, change 6s", long)))
    needed = re.search(r"at least (\d+)s", str(e.value))
    assert needed
    compiled(routine(step("twist", f"hold 8s each side, change {needed[1]}s", long)))


def test_all_places_that_do_not_fit_are_reported_at_once() -> None:
    """Two bad steps give two problems."""
    long = cue(
        "change", "Come back to the middle very slowly and then turn over to your other side now."
    )
    bad = [step(name, "hold 8s each side, change 3s", long) for name in ("one", "two")]
    with pytest.raises(RoutineError) as caught:
        compiled(routine(*bad))
    assert [problem.step for problem in caught.value.problems] == ['step 1 "One"', 'step 2 "Two"']


def test_words_before_a_set_replace_the_standard_words() -> None:
    """An author's words before a set end one second before its countdown."""
    bicycle = step("bicycle", "2 x for 20s, rest 10s", cue("before set 2", "Now pedal backwards!"))
    script = compiled(routine(bicycle, audience="child"))
    words = next(item for item in script.segments[0].cues if item.text == "Now pedal backwards!")
    second = script.segments[0].work_blocks[1]
    assert words.end_seconds == pytest.approx(second.start_seconds - 2 - 1)
    assert not any("same again" in item.text for item in script.segments[0].cues)


def test_end_cue_is_said_in_place_of_and_rest_after_each_set() -> None:
    """`end` comes 0.6 s after each end tone; "Last one." before the last set only."""
    knees = step(
        "knees",
        "4 x hold 10s, rest 10s",
        cue("end", "Lower both feet gently and rest."),
        cue("before last set", "Last one."),
        rest_after_seconds=20.0,
    )
    script = compiled(routine(knees, step("next-one")))
    ends = [item for item in script.segments[0].cues if item.text.startswith("Lower both")]
    assert [round(item.start_seconds - 0.6, 6) for item in ends] == [
        block.start_seconds + 10 for block in script.segments[0].work_blocks
    ]
    assert [item.set_number for item in spoken(script, "set")] == [4]
    assert spoken(script, "rest") == []


# --- Rest after -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (2.0, [(0.6, "And rest.")]),
        (10.0, [(0.6, "And rest.")]),
        (15.0, [(0.6, "And rest. Breathe slowly."), (3.0, "Next: two.")]),
        # 12 s leave 4.0 s: the long words would end at 2.2, "Next: two." takes 0.8
        (12.0, [(0.6, "And rest. Breathe slowly."), (3.0, "Next: two.")]),
        # 11 s leave 3.0 s: only the short words leave room
        (10.5, [(0.6, "And rest."), (1.7, "Next: two.")]),
        (0.0, []),
        (0.5, []),
    ],
)
def test_rest_after(rest: float, words: list[tuple[float, str]]) -> None:
    """What is said in a rest depends on its length; the announcement ends 8 s before the rest does."""
    script = compiled(routine(step("one", rest_after_seconds=rest), step("two")))
    end = script.segments[0].work_blocks[0].start_seconds + 10
    after = [
        (round(item.start_seconds - end, 3), item.text)
        for item in script.segments[0].cues
        if item.start_seconds > end
    ]
    assert after == words
    assert script.segments[0].duration_seconds == end + rest


def test_rest_without_room_for_the_announcement_is_an_error() -> None:
    """A rest of 10.1 s with a long name is refused with what to write instead."""
    with pytest.raises(
        RoutineError, match=r"rest_after = 10.1 leaves no room .* write at least 12, or 10 or less"
    ):
        compiled(
            routine(
                step("one", rest_after_seconds=10.1), step(spoken="a very long name of an exercise")
            )
        )


def test_rest_cue_with_one_set_is_said_in_the_rest_after() -> None:
    """With one set an author's rest cue comes before the announcement of what is next."""
    pullover = step("pull", "3 reps", cue("rest", "Lower the dumbbells."), rest_after_seconds=40.0)
    script = compiled(routine(pullover, step("two", equipment=(MAT,))))
    end = script.segments[0].work_blocks[0].start_seconds + 15
    after = [
        (round(c.start_seconds - end, 1), c.text)
        for c in script.segments[0].cues
        if c.start_seconds > end
    ]
    assert after == [
        (0.6, "And rest. Breathe slowly."),
        (3.0, "Lower the dumbbells."),
        (5.0, "Next: two. You need a mat."),
    ]


# --- Work ---------------------------------------------------------------------------------------------------


def numbers(dose: str, *cues: object, **more: object) -> list[tuple[float, str]]:
    """Return what is said in the first work block, from its start."""
    script = compiled(routine(step("work", dose, *cues, **more)))  # type: ignore[arg-type]
    block = script.segments[0].work_blocks[0]
    return [
        (round(item.start_seconds - block.start_seconds, 2), item.text)
        for item in script.segments[0].cues
        if item.kind == "speech"
        and 0 <= item.start_seconds - block.start_seconds < block.duration_seconds
    ]


def test_numbers_are_spoken_on_the_effort() -> None:
    """With the effort on the way back the number waits for the return phase."""
    assert numbers("3 reps, tempo 2-1-3") == [(0, "One."), (6, "Two."), (12, "Three.")]
    assert numbers("3 reps, tempo 2-1-3", effort_on_return=True) == [
        (3, "One."),
        (9, "Two."),
        (15, "Three."),
    ]


def test_cue_at_a_rep_starts_with_it_wherever_its_number_is() -> None:
    """With the effort on the way back a cue at a rep still starts with the rep, for its number."""
    said = numbers("3 reps, tempo 2-1-3", cue("rep 2", "Breathe in."), effort_on_return=True)
    assert said == [(3, "One."), (6, "Breathe in."), (15, "Three.")]


def test_after_rep_takes_the_next_number_where_the_return_is_too_short() -> None:
    """The words "Halfway…" of ten reps does not fit into a return of two seconds, so it replaces "Six."."""
    said = numbers("10 reps, tempo 2-1-2", cue("halfway", "Halfway. Breathe out as you pull."))
    assert (25, "Halfway. Breathe out as you pull.") in said
    assert "Six." not in [words for _, words in said]
    assert [words for _, words in said][-2:] == ["Last two.", "Ten."]


def test_alternating_counts_every_move_and_knows_its_side() -> None:
    """Ten each side, alternating, is twenty moves, right first, and texts know the side of their rep."""
    said = numbers(
        "10 reps each side, alternating",
        cue("rep 1", "$side."),
        cue("rep 4", "$side, $reps_left left."),
    )
    assert said[0] == (0, "Right.")
    assert (15, "Left, seventeen left.") in said
    assert said[-1] == (95, "Twenty.")


def test_last_number_is_never_dropped() -> None:
    """A cue anchored at the last rep gives way to its number."""
    said = numbers("3 reps, tempo 2-1-4", cue("rep 3", "A few words here."))
    assert (14, "Three.") in said


def test_a_cue_gives_the_standard_phrase_its_place() -> None:
    """The word "Halfway." stays away from an author's cue that sounds within five seconds of it."""
    assert (10, "Halfway.") in numbers("hold 20s")
    assert (10, "Halfway.") not in numbers("hold 20s", cue("6s", "Breathe."))
    assert (10, "Halfway.") in numbers("hold 20s", cue("4.5s", "Breathe."))
    assert numbers("hold 19s") == [(0, "Go.")]


def test_cue_too_long_for_its_rep_is_sped_up_and_said_so() -> None:
    """Speech is hurried only as far as it must be, and the note says how far."""
    fast = cue("rep 2", "Keep both of your elbows close now.")  # 7 words, 2.8 s; room 3.0 - 0.2
    script = compiled(routine(step("row", "5 reps, tempo 1-1-1", fast)))
    assert [note.kind for note in script.notes] == []
    faster = cue("rep 2", "Keep both of your elbows close right now.")  # 8 words, 3.2 s
    script = compiled(routine(step("row", "5 reps, tempo 1-1-1", faster)))
    assert [(note.kind, note.detail) for note in script.notes] == [
        (NoteKind.SPED_UP, "to 1.2 times the pace")
    ]


def test_cue_that_fits_nowhere_is_dropped_and_the_number_is_said() -> None:
    """Nothing vanishes without a note, and the beat goes on."""
    long = cue(
        "rep 2", "This is a very long sentence that can never fit into a single quick rep of work."
    )
    script = compiled(routine(step("row", "4 reps, tempo 1-0-1", long)))
    assert [note.kind for note in script.notes] == [NoteKind.DROPPED]
    assert [item.text for item in spoken(script, "count")] == ["One.", "Two.", "Three.", "Four."]


def test_phrases_in_work_keep_five_seconds_apart() -> None:
    """A cue three seconds after another moves by two."""
    said = numbers("for 19s", cue("5s", "Lift."), cue("8s", "Lower."))
    assert (10, "Lower.") in said


def test_praise_gives_way_to_standard_phrases() -> None:
    """Encouragement is the first to go."""
    script = compiled(routine(step("hold", "hold 20s", cue("10s", "Lovely.", praise=True))))
    assert [item.text for item in spoken(script, "halfway")] == ["Halfway."]
    assert [(note.kind, note.text) for note in script.notes] == [(NoteKind.DROPPED, "Lovely.")]


def test_cue_limited_to_a_side_or_a_set() -> None:
    """`side` and `set` choose the work blocks that a cue belongs to."""
    script = compiled(
        routine(
            step(
                "both", "2 x hold 10s each side",
                cue("3s", "First side.", side="first"), cue("3s", "Second side, set two.", side="second", set_number=2),
            )
        )
    )  # fmt: skip
    assert [(item.text, item.side, item.set_number) for item in spoken(script, "cue")] == [
        ("First side.", "right", 1),
        ("First side.", "right", 2),
        ("Second side, set two.", "left", 2),
    ]


def test_standard_phrases_are_dropped_where_numbers_leave_no_room() -> None:
    """Fast beats keep every number that fits and the last one always."""
    said = numbers("12 reps, tempo 1-0-0")
    assert [words for _, words in said][-1] == "Twelve."
    assert [time for time, _ in said] == sorted({time for time, _ in said})


class _QuickVoice(NominalDurations):
    """A voice that needs only part of the nominal length, so that pauses have to keep the pace."""

    def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
        """Return 1.5 s for every sentence."""
        return 1.5 / speed


@pytest.mark.parametrize(
    ("say", "pause"),
    [
        ("Lift both your arms. Lower them slowly now.", 0.4),  # eight words, 3.2 s: 0.2 would do
        ("Lift both of your arms. Lower them slowly now.", 0.6),  # nine words, 3.6 s
        (
            "Lift both of your long arms up. Lower them slowly all the way.",
            0.8,
        ),  # 13 words: 2.2 wanted
    ],
)
def test_pauses_between_sentences_keep_the_pace(say: str, pause: float) -> None:
    """A quick voice pauses longer, within bounds, so that the words come at the coach's pace."""
    plan = routine(FIRST, step(say=say, equipment=(MAT,)))
    durations = _QuickVoice(0.4, (0.4, 0.8))
    script = compile_script(plan, load_phrases("en", plan.audience), durations)
    spoken_cue = script.segments[1].cues[1]
    assert spoken_cue.text == say
    assert spoken_cue.duration_seconds == pytest.approx(3.0 + pause)
    assert [part.offset_seconds for part in spoken_cue.sentences] == pytest.approx(
        [0.0, 1.5 + pause]
    )


# --- The whole -------------------------------------------------------------------------------------------------


def test_opening_keeps_its_lines_apart_and_its_silences() -> None:
    """Half a second lies between lines, and a silence is counted from the last word."""
    opening = (Spoken("Welcome here."), Spoken("Mind the floor.", "SC-A"), Silence(5.0))
    script = compiled(routine(step(), opening=opening))
    assert heard(script) == [(0.0, "Welcome here."), (1.3, "Mind the floor.")]
    assert script.segments[0].duration_seconds == 7.5


def test_minutes_are_whole_and_settle() -> None:
    """The spoken number of minutes is that of the compiled session."""
    script = compiled(routine(step(dose="for 170s"), opening="It takes $minutes minutes."))
    assert heard(script)[0] == (0.0, "It takes three minutes.")
    assert script.duration_seconds == pytest.approx(180, abs=5)


def test_total_is_the_end_of_the_last_sound() -> None:
    """After the last sound there is nothing, and the last segment ends with it."""
    script = compiled(routine(step(rest_after_seconds=30.0)))
    assert script.segments[-1].cues[-1].end_seconds == script.segments[-1].duration_seconds
    closing = compiled(routine(step(), closing="Well done."))
    assert closing.duration_seconds == math.fsum(s.duration_seconds for s in closing.segments)
    assert closing.segments[-1].cues[0].start_seconds == 0.6  # the end tone has its own moment


def test_starts_are_exact_sums() -> None:
    """Segments follow each other without a gap."""
    script = compiled(routine(*[step(f"s{n}", rest_after_seconds=0.1) for n in range(1, 9)]))
    for position, start in enumerate(script.starts_seconds):
        assert start == math.fsum(s.duration_seconds for s in script.segments[:position])


# --- Faults that were found by reading -----------------------------------------------------------------


def texts_of(what: object, role: str = "cue") -> list[str]:
    """Return what is said in a role."""
    return [item.text for item in spoken(compiled(what), role)]  # type: ignore[arg-type]


def notes_of(what: object) -> list[tuple[str, str]]:
    """Return the notes: what was done, and to which words."""
    return [(str(note.kind), note.text) for note in compiled(what).notes]  # type: ignore[arg-type]


def test_a_closing_of_silence_alone_is_not_heard() -> None:
    """The session ends with its last sound."""
    script = compiled(routine(step(), closing=(Silence(5.0),)))
    assert script.segments[-1].kind == "exercise"
    assert script.segments[-1].cues[-1].end_seconds == script.segments[-1].duration_seconds


def test_words_after_the_work_speak_of_what_was_done() -> None:
    """After the work the last side has been worked, and nothing is left to do."""
    both = step(
        "both", "2 x hold 10s each side, change 10s, rest 20s", cue("end", "Lower your $side leg.")
    )
    assert texts_of(routine(both)) == ["Lower your left leg."]
    rest = cue("rest", "$reps_done done, $reps_left left.")
    reps = step("reps", "2 x 8 reps, rest 30s", rest)
    assert texts_of(routine(reps)) == ["Eight done, zero left."]


def test_seconds_left_are_said_where_they_are_true_or_not_at_all() -> None:
    """Words with `$seconds_left` take no other spot than their own."""
    late = step(
        "row", "8 reps", cue("after rep 4", "You have exactly $seconds_left seconds left now.")
    )
    assert texts_of(routine(late)) == []
    assert [kind for kind, _ in notes_of(routine(late))] == ["dropped"]


def test_words_about_a_rep_or_its_side_stay_in_their_rep() -> None:
    """What names a side or a number is not moved into another rep."""
    for at, say, rep in (
        ("14s", "That is your $side leg, $reps_left to go from here.", 3),
        ("after rep 4", "That was for sure the $side leg now.", 4),
    ):
        script = compiled(routine(step("row", "8 reps each side, alternating", cue(at, say))))
        for said in spoken(script, "cue"):
            begin = said.start_seconds - script.segments[0].work_blocks[0].start_seconds
            assert 5 * (rep - 1) <= begin < 5 * rep
            assert said.side in said.text


def test_words_that_only_the_table_finds_too_long_are_no_error() -> None:
    """What the voice can say in time is compiled, whatever the nominal lengths would need."""

    class Quick(NominalDurations):
        def sentence_seconds(self, sentence: str, speed: float = 1.0) -> float:
            return super().sentence_seconds(sentence, speed) * 0.75

    turn = cue("change", "Turn over now, slowly, and bend your other knee up there.")
    plan = routine(step("turn", "hold 10s each side, change 8s", turn), opening="$minutes minutes.")
    with pytest.raises(RoutineError, match="change 8s is too short"):
        compiled(plan)
    script = compile_script(plan, load_phrases("en", plan.audience), Quick(0.4))
    assert [item.text for item in spoken(script, "change")] == [turn.text]


def test_all_words_before_a_set_are_said() -> None:
    """`before set 2` and `before last set` may be the same moment."""
    deeper = (cue("before set 2", "Deeper now."), cue("before last set", "The last set."))
    assert texts_of(routine(step("hold", "2 x hold 10s, rest 20s", *deeper)), "set") == [
        "Deeper now. The last set."
    ]
    assert texts_of(routine(step("hold", "3 x hold 10s, rest 20s", *deeper)), "set") == [
        "Deeper now.",
        "The last set.",
    ]


def test_rest_words_move_by_two_seconds_at_most_and_say_so() -> None:
    """After a long announcement an author's rest words are dropped with a note, not said much later."""
    long_name = "both knees up and hold them there for a very long time"
    words = cue("rest", "Shake both of your arms out and let them hang for a while.")
    plan = routine(
        step("row", "3 reps", words, rest_after_seconds=18.0), step("two", spoken=long_name)
    )
    assert notes_of(plan) == [("dropped", words.text)]
    more = (cue("rest", "Shake your arms."), cue("rest", "Drink."))
    plan = routine(step("row", "3 reps", *more, rest_after_seconds=40.0), step("two"))
    assert texts_of(plan) == ["Shake your arms.", "Drink."]


def test_nothing_but_a_cue_at_zero_takes_the_place_of_go() -> None:
    """A cue right after the start moves out of the way of "Go."."""
    said = numbers("hold 10s", cue("0.5s", "Breathe."))
    assert said == [(0, "Go."), (0.7, "Breathe.")]


@pytest.mark.parametrize(
    ("dose", "cues", "lost"),
    [
        (
            "hold 10s each side, change 5s",
            [cue("change", "Turn over on the other side, knees bent there, arms up.")],
            "And go.",
        ),
        ("2 x hold 10s, rest 3s", [], "Second set, same again."),
        ("2 x hold 10s, rest 1.5s", [], "And rest."),
    ],
)
def test_lost_words_of_the_coach_are_noted(dose: str, cues: list[object], lost: str) -> None:
    """What a short gap has no room for does not vanish unseen."""
    assert ("dropped", lost) in notes_of(routine(step("short", dose, *cues)))  # type: ignore[arg-type]


def test_a_cue_on_the_beat_takes_the_number() -> None:
    """`10s` of five-second reps is the start of rep 3."""
    said = numbers("8 reps", cue("10s", "Breathe."))
    assert (10, "Breathe.") in said
    assert "Three." not in [words for _, words in said]


def test_praise_keeps_its_distance_from_standard_phrases() -> None:
    """Praise within five seconds of "Halfway." is dropped, not the other way round."""
    praise = cue("9.5s", "You are doing this really well, keep it up.", praise=True)
    plan = routine(step("hold", "hold 30s", praise))
    assert texts_of(plan) == []
    assert texts_of(plan, "halfway") == ["Halfway."]


def test_side_of_a_set_is_said_where_own_words_have_no_room() -> None:
    """Without it nobody knows how to lie; what is left out is told."""
    words = "Now do the very same thing once more from the very beginning."
    script = compiled(
        routine(
            step("a", "2 x hold 9s each side, change 8s, rest 4s", cue("before set 2", words)),
            step("b"),
        )
    )
    assert [one.text for one in spoken(script, "set")] == [load_phrases().on_side("right")]
    assert [(note.kind, note.text) for note in script.notes if note.role == "set"] == [
        (NoteKind.DROPPED, words)
    ]


def test_end_words_stay_and_rest_words_follow_where_the_announcement_leaves_no_room() -> None:
    """The announcement comes first, then what ends the work; an author's rest words may come last."""
    plan = routine(
        step(
            "a",
            "hold 9s",
            cue("end", "Well done, all of you."),
            cue("rest", "Shake out both your arms."),
            setup_seconds=20,
            rest_after_seconds=12,
        ),
        step("b"),
    )
    script = compiled(plan)
    rest = [text for start, text in heard(script) if start > 29]
    assert rest == ["Well done, all of you.", "Next: b.", "Shake out both your arms."]
    assert [note.kind for note in script.notes] == []


def test_words_of_a_rest_give_way_to_own_words_before_the_set() -> None:
    """In a short rest the author's words are said instead of "And rest.", as for every standard phrase."""
    own = cue("before set 2", "Once more. Left knee first, right hand there.")
    plan = routine(step("knee", "2 x hold 10s, rest 8s", own))
    assert notes_of(plan) == []
    assert texts_of(plan, "rest") == []
    assert texts_of(plan, "set") == [own.text]


def test_every_return_is_told_on_its_beat() -> None:
    """Words for the way back of each rep start with it, and the numbers stay."""
    hold = step("bridge", "3 reps, hold 6s", cue("every return", "And lower."))
    (segment,) = compiled(routine(hold)).segments
    start = segment.work_blocks[0].start_seconds
    told = [
        (item.text, round(item.start_seconds - start, 1))
        for item in segment.cues
        if item.role in ("count", "cue")
    ]
    assert told == [
        ("One.", 0.0), ("And lower.", 8.0), ("Two.", 10.0), ("And lower.", 18.0), ("Three.", 20.0),
        ("And lower.", 28.0),
    ]  # fmt: skip
    assert not segment.notes


def test_another_cue_takes_the_place_of_one_return() -> None:
    """An author's own words at one of the returns are said there, and the others stay."""
    cues = (cue("every return", "And lower."), cue("after rep 2", "Lower. One more."))
    (segment,) = compiled(routine(step("bridge", "3 reps, hold 6s", *cues))).segments
    said = [item.text for item in segment.cues if item.role == "cue"]
    assert said == ["And lower.", "Lower. One more.", "And lower."]
    assert not segment.notes


def test_what_is_to_come_is_not_told_with_the_last_return() -> None:
    """After the last rep there is no other side any more; each return before names the one that comes."""
    rolls = step(
        "rolls", "2 reps each side, alternating, hold 4s", cue("every return", "Now $other_side.")
    )
    (segment,) = compiled(routine(rolls)).segments
    said = [item.text for item in segment.cues if item.role == "cue"]
    assert said == ["Now left.", "Now right.", "Now left."]


def test_a_return_that_is_too_short_for_its_words_is_noted() -> None:
    """Nothing is said over a number; each place without room is told."""
    words = "Let it sink down as slowly as you can."
    (segment,) = compiled(routine(step("curl", "3 reps", cue("every return", words)))).segments
    assert not [item for item in segment.cues if item.role == "cue"]
    assert [(note.kind, note.text) for note in segment.notes] == [(NoteKind.DROPPED, words)] * 3
