"""Departures: what is heard where a stream begins, in the words and to the tenth of a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.building import DUMBBELLS, MAT, STOP_LINE, compiled, cue, routine, step
from voicecoach.language.phrases import load_phrases
from voicecoach.play.transport import Command, Mode, PlayPosition, Response, Transport
from voicecoach.routine.model import Routine, Silence, Spoken
from voicecoach.script.durations import NominalDurations, word_seconds
from voicecoach.session.departure import (
    Departure,
    may_wait,
    pickup_sentences,
    ready_seconds,
    take_up,
    waiting,
)

if TYPE_CHECKING:
    from voicecoach.script.model import Segment

Heard = list[tuple[float, str]]


class Person:
    """Somebody at a moment of a routine, who presses keys."""

    def __init__(self, what: Routine, index: int, seconds: float) -> None:
        self.routine = what
        self.script = compiled(what)
        self.transport = Transport(what, lambda at: self.script.segments[at])
        self.mode = Mode.PLAYING
        self.spot = PlayPosition(index, self.script.segments[index], seconds, Departure(index))

    def press(self, *commands: Command) -> Response:
        """Press keys, one after the other, and hear nothing between them."""
        for command in commands:
            outcome = self.transport.command(self.mode, self.spot, command)
            self.mode = outcome.mode
            if outcome.departure is not None:
                self.spot = PlayPosition(outcome.departure.index, None, 0.0, outcome.departure)
        return outcome

    def hear(self, seconds: float) -> None:
        """Listen to what begins at the departure."""
        self.spot = PlayPosition(self.spot.index, self.segment, seconds, self.spot.departure)

    @property
    def segment(self) -> Segment:
        """What is heard from the departure on."""
        what = self.routine
        phrases = load_phrases(what.language, what.audience)
        durations = NominalDurations(word_seconds(what.audience))
        return take_up(self.spot.departure, what, phrases, durations)

    def heard(self, count: int | None = None) -> Heard:
        """Return what sounds, as (seconds, words or <tone>)."""
        cues = self.segment.cues[:count]
        return [
            (round(item.start_seconds, 2), f"<{item.text}>" if item.kind == "sound" else item.text)
            for item in cues
        ]


def at(what: Routine, seconds: float, *commands: Command, index: int = 0) -> Person:
    """Return a person who has pressed these keys at a moment of a segment."""
    person = Person(what, index, seconds)
    person.press(*commands)
    return person


def pausing(what: Routine, seconds: float, index: int = 0) -> Person:
    """Return a person who has paused and gone on."""
    return at(what, seconds, Command.PAUSE, Command.PLAY, index=index)


SHRUG = step(
    "shrug",
    "2 x 8 reps, tempo 2-1-3, rest 30s",
    say="Breathe out and lift both shoulders. Pause, then lower them slowly.",
    setup_seconds=16.0,
    rest_after_seconds=30.0,
    stop_line=STOP_LINE,
)
LEG = step(
    "leg-hold",
    "hold 30s each side, change 14s",
    cue("change", "Lower slowly. Now the $side leg."),
    say="Straighten your $side leg and lift it.",
    setup_seconds=20.0,
    rest_after_seconds=20.0,
    equipment=(MAT,),
)
ROW = step("row", "4 reps, tempo 2-1-2", equipment=(DUMBBELLS,), rest_after_seconds=5.0)
LONG = step("march", "for 120s", cue("40s", "Lift your knees a little higher now."))
DOWN = step("roll-down", "for 10s", say="Lean forward.", together="roll")
HANG = step("hang", "hold 30s", say="Stay here.", together="roll", flow=True)
UP = step("roll-up", "for 12s", say="Come up.", together="roll", flow=True, rest_after_seconds=10.0)
OPENING = (
    Spoken("Welcome to this. Clear the floor, please."),
    Silence(12.0),
    Spoken("Let us begin."),
)
WHOLE = routine(
    SHRUG,
    LEG,
    ROW,
    LONG,
    DOWN,
    HANG,
    UP,
    opening=OPENING,
    closing="Well done.",
    equipment=(MAT, DUMBBELLS),
)
# Segments: 0 opening, 1 shrug, 2 leg, 3 row, 4 march, 5-7 roll, 8 closing.


# --------------------------------------------------------------------------------- after a pause


def test_reps_go_on_with_the_rep_that_was_going_on() -> None:
    """Carrying on, counted in, with a start tone, at the rep's start; the work ends as it would have."""
    person = pausing(WHOLE, 16.0 + 3 * 6 + 4.9, index=1)
    assert person.heard(7) == [
        (0.0, "Carrying on."),
        (1.8, "Three."), (2.8, "Two."), (3.8, "One."), (4.8, "<start>"),
        (4.8, "Four."), (10.8, "Five."),
    ]  # fmt: skip
    block = person.segment.work_blocks[0]
    assert block.start_seconds == pytest.approx(4.8 - 18)
    assert block.end_seconds == pytest.approx(4.8 + 30)
    assert person.segment.pickup_seconds == pytest.approx(4.8)


def test_a_hold_is_done_again_and_its_side_is_said() -> None:
    """A hold of half a minute is held whole again, on the side that it was."""
    person = pausing(WHOLE, 20.0 + 30 + 14 + 29.5, index=2)
    assert person.heard(7) == [
        (0.0, "Carrying on."), (1.2, "Left side."),
        (3.0, "Three."), (4.0, "Two."), (5.0, "One."), (6.0, "<start>"), (6.0, "Go."),
    ]  # fmt: skip
    assert person.segment.work_blocks[1].end_seconds == pytest.approx(36.0)


def test_long_work_goes_on_where_it_was() -> None:
    """Two minutes are not begun anew; words that were cut are said again."""
    start = compiled(WHOLE).segments[4].work_blocks[0].start_seconds
    person = pausing(WHOLE, start + 70, index=4)
    assert person.segment.work_blocks[
        0
    ].end_seconds - person.segment.pickup_seconds == pytest.approx(50)
    person = pausing(WHOLE, start + 41, index=4)
    assert person.heard()[5] == (4.8, "Lift your knees a little higher now.")


@pytest.mark.parametrize(
    ("seconds", "first", "then"),
    [
        (0.3, (1.2, "Shrug."), (2.1, "Breathe out and lift both shoulders. Pause, then lower them slowly.")),
        (5.0, (1.2, "Breathe out and lift both shoulders. Pause, then lower them slowly."), None),
        (14.2, (1.8, "Three."), (2.8, "Two.")),
        (15.9, (1.8, "Three."), (2.8, "Two.")),
    ],
)  # fmt: skip
def test_words_and_countdowns_are_heard_whole(
    seconds: float, first: tuple[float, str], then: tuple[float, str] | None
) -> None:
    """What was being said is said again from its start; the three, two, one too."""
    lead_in = routine(ROW, SHRUG)
    person = pausing(lead_in, seconds, index=1)
    heard = person.heard(3)
    assert heard[0] == (0.0, "Carrying on.")
    assert heard[1][1] == first[1]
    assert heard[1][0] == pytest.approx(first[0])
    assert then is None or heard[2][1] == then[1]


def test_an_opening_goes_on_with_its_sentence() -> None:
    """Long lines are not begun anew: only the sentence that was cut."""
    person = pausing(WHOLE, 2.0)
    assert person.heard(2) == [(0.0, "Carrying on."), (1.2, "Clear the floor, please.")]


def test_a_rest_goes_on_where_it_was() -> None:
    """The rest is as long as it would have been."""
    end = compiled(WHOLE).segments[1].work_blocks[-1].end_seconds
    person = pausing(WHOLE, end + 12.5, index=1)
    assert person.heard() == [(0.0, "Carrying on.")]
    assert person.segment.duration_seconds == pytest.approx(1.2 + 30 - 12.5)


def test_a_flow_step_is_taken_up_after_a_breath() -> None:
    """It has no countdown: carrying on, what to do, a breath, the tone."""
    start = compiled(WHOLE).segments[6].work_blocks[0].start_seconds
    person = pausing(WHOLE, start + 12, index=6)
    assert person.heard(3) == [(0.0, "Carrying on."), (1.2, "Stay here."), (3.0, "<start>")]


@pytest.mark.parametrize("seconds", [0.1, 1.0, 2.3, 4.7])
@pytest.mark.parametrize("place", [3.0, 15.9, 40.0, 64.3, 150.0])
def test_pausing_ten_times_is_pausing_once(place: float, seconds: float) -> None:
    """In the words that lead back nothing drifts, is lost, or piles up."""
    person = pausing(WHOLE, place, index=1)
    once = person.heard()
    pickup = person.segment.pickup_seconds
    for _ in range(10):
        person.hear(min(seconds, pickup - 0.01))
        person.press(Command.PAUSE, Command.PLAY)
        assert person.heard() == once


@pytest.mark.parametrize("rep", range(1, 21))
def test_a_pause_on_the_beat_goes_on_with_that_beat(rep: int) -> None:
    """Lengths that no binary fraction meets do not lead a rep back."""
    what = routine(step("tap", "20 reps, tempo 1.1-0.1-1.1"))
    block = compiled(what).segments[0].work_blocks[0]
    person = pausing(what, block.start_seconds + (rep - 1) * block.rep_seconds)
    said = load_phrases().count(rep) if rep != 19 else "Last two."
    assert person.heard(6)[5] == (4.8, said)


def test_equipment_that_is_about_to_be_announced_is_announced_once() -> None:
    """A pause in the name: the name, then the equipment, as it would have been."""
    said = [text for _, text in pausing(WHOLE, 0.3, index=2).heard(4)]
    assert said == [
        "Carrying on.",
        "Leg hold.",
        "You need a mat.",
        "Straighten your right leg and lift it.",
    ]


# ------------------------------------------------------------------------------------ next and back


def test_skipping_says_so_and_announces_the_next_properly() -> None:
    """From work: the skip, the name, what is not in hand, the instruction, the countdown."""
    person = at(WHOLE, 30.0, Command.NEXT, index=1)
    assert person.heard(4) == [
        (0.0, "Skipping that one."), (1.6, "Next: leg hold."), (3.2, "You need a mat."),
        (5.2, "Straighten your right leg and lift it."),
    ]  # fmt: skip


def test_next_in_a_rest_or_the_opening_skips_nothing() -> None:
    """Work that is done, and words, are no exercise that is skipped."""
    assert at(WHOLE, 150.0, Command.NEXT, index=1).heard(1) == [(0.0, "Next: leg hold.")]
    assert at(WHOLE, 1.0, Command.NEXT).heard(1) == [(0.0, "Next: shrug.")]


def test_next_leads_through_the_closing_to_the_end() -> None:
    """After the last exercise come the closing words, then the end."""
    person = at(WHOLE, 3.0, Command.NEXT, index=7)
    assert [text for _, text in person.heard()] == ["Skipping that one.", "Well done."]
    assert person.press(Command.NEXT) == Response(Mode.ENDED)


def test_a_burst_of_nexts_counts_every_one() -> None:
    """Three presses in a moment pass three exercises; equipment of none of them is in hand."""
    person = at(WHOLE, 1.0, Command.NEXT, Command.NEXT, Command.NEXT)
    assert person.heard(3)[1:] == [(1.6, "Next: row."), (2.8, "You need your dumbbells.")]


def test_equipment_in_hand_is_not_announced_again() -> None:
    """Once the work with a thing has begun, it is in hand, also on the way back."""
    person = at(WHOLE, 30.0, Command.BACK, index=2)
    assert person.heard(2) == [
        (0.0, "Once more: leg hold."),
        (2.0, "Straighten your right leg and lift it."),
    ]


def test_back_twice_is_the_one_before() -> None:
    """First the start of this exercise; soon after that, the one before."""
    person = at(WHOLE, 30.0, Command.BACK, index=2)
    person.hear(4.9)
    person.press(Command.BACK)
    assert person.heard(1) == [(0.0, "Back to: shrug.")]
    person.hear(5.1)
    person.press(Command.BACK)
    assert person.heard(1) == [(0.0, "Once more: shrug.")]


def test_steps_that_belong_together_are_passed_as_one() -> None:
    """From inside, next leads behind them and back to the first of them; from behind, back to the first."""
    assert at(WHOLE, 9.0, Command.NEXT, index=5).spot.index == 8
    assert at(WHOLE, 9.0, Command.BACK, index=6).heard(1) == [(0.0, "Once more: roll down.")]
    assert at(WHOLE, 0.5, Command.BACK, index=8).heard(1) == [(0.0, "Back to: roll down.")]
    assert at(WHOLE, 1.0, Command.BACK, index=5).heard(1) == [(0.0, "Back to: march.")]


def test_a_flow_step_that_one_jumps_to_is_named() -> None:
    """Its body is not in place then."""
    what = routine(SHRUG, step("hang", "hold 30s", say="Stay here.", flow=True))
    assert at(what, 20.0, Command.NEXT).heard(3)[1:] == [(1.6, "Next: hang."), (2.8, "Stay here.")]


# ----------------------------------------------------------------------------------------- repeat


def test_repeat_in_work_says_the_instruction_for_the_side_that_is_worked() -> None:
    """Then it counts in, as after a pause."""
    person = at(WHOLE, 70.0, Command.REPEAT, index=2)
    assert person.heard(2) == [(0.0, "Straighten your left leg and lift it."), (3.8, "Three.")]
    assert person.segment.work_blocks[1].start_seconds == pytest.approx(6.8)


def test_repeat_says_what_was_said_last() -> None:
    """In a lead-in the instruction, in a change the change, in a rest what is next, else the line."""
    assert at(WHOLE, 12.0, Command.REPEAT, index=1).heard(1)[0][1].startswith("Breathe out")
    assert at(WHOLE, 56.0, Command.REPEAT, index=2).heard(1) == [
        (0.0, "Lower slowly. Now the left leg.")
    ]
    assert at(WHOLE, 160.0, Command.REPEAT, index=1).heard(1) == [
        (0.0, "Next: leg hold. You need a mat.")
    ]
    assert at(WHOLE, 6.0, Command.REPEAT).heard(1) == [(0.0, OPENING[0].text)]  # type: ignore[union-attr]


# ------------------------------------------------------------------------------ forward and rewind


@pytest.mark.parametrize(
    ("index", "seconds", "lands"),
    [
        (0, 0.5, (0, 14.8)),  # over a sentence that it would cut: to its start
        (0, 2.8, (1, 0.0)),  # over the end: to the start of the next, no further
        (1, 2.0, (1, 13.0)),  # never past a countdown
        (1, 14.0, (1, 16.0)),  # in the countdown: the work, now
        (1, 20.0, (1, 34.0)),  # in reps: to the start of a rep
        (1, 60.0, (1, 75.0)),
        (1, 85.0, (1, 91.0)),
        (1, 165.0, (2, 0.0)),
        (2, 20.2, (2, 35.0)),  # "Halfway." begins at 35.0
        (2, 22.0, (2, 37.0)),  # in a hold: there
        (2, 45.0, (2, 50.6)),  # never past the words to change sides
        (2, 52.0, (2, 61.0)),
        (8, 0.7, None),
    ],
)
def test_forward(index: int, seconds: float, lands: tuple[int, float] | None) -> None:
    """Fifteen seconds on, but no word cut, no rep in its middle, and no work missed."""
    person = Person(WHOLE, index, seconds)
    departure = person.press(Command.FORWARD).departure
    assert (departure and (departure.index, pytest.approx(departure.from_seconds))) == lands
    assert departure is None or not departure.opener


@pytest.mark.parametrize(
    ("index", "seconds", "lands", "counts_in"),
    [
        (0, 5.0, (0, 0.0), False),
        (1, 1.0, (0, 1.2), False),  # in the opening, at the start of the sentence
        (1, 20.0, (1, 1.2), False),  # the instruction from its start
        (1, 60.0, (1, 40.0), False),  # at the start of a rep, and straight on
        (1, 70.0, (1, 52.0), True),  # into work from outside: counted in
        (1, 100.0, (1, 85.0), False),
        (2, 45.0, (2, 30.0), False),  # in a hold: there
        (2, 60.0, (2, 20.0), True),  # into a hold from outside: all of it
        (2, 3.0, (1, 160.0), False),
    ],
)
def test_rewind(index: int, seconds: float, lands: tuple[int, float], counts_in: bool) -> None:
    """Fifteen seconds back, or as far further as there is a sensible place."""
    departure = Person(WHOLE, index, seconds).press(Command.REWIND).departure
    assert departure is not None
    assert (departure.index, pytest.approx(departure.from_seconds)) == lands
    assert departure.counts_in == counts_in
    assert not departure.opener


def test_a_long_rep_is_left_by_forward() -> None:
    """A rep of twenty seconds is not begun anew by going forward."""
    what = routine(step("reach", "3 reps, hold 16s"), closing="Well done.")
    start = compiled(what).segments[0].work_blocks[0].start_seconds
    for seconds, lands in [(1.0, 20.0), (19.0, 20.0), (21.0, 40.0)]:
        departure = Person(what, 0, start + seconds).press(Command.FORWARD).departure
        assert departure is not None
        assert departure.from_seconds == pytest.approx(start + lands)


def test_equipment_that_forward_leaps_over_is_announced() -> None:
    """Nobody starts to count reps with nothing in hand."""
    person = at(WHOLE, 0.1, Command.FORWARD, index=3)
    assert person.heard(2) == [(0.0, "You need your dumbbells."), (2.6, "Three.")]


def test_what_is_in_hand_is_known_on_the_way_back() -> None:
    """Whoever rewinds out of work and further has its things in hand, and needs the others again."""
    what = routine(
        step("row", "hold 10s", equipment=(DUMBBELLS,)),
        step("lie", "hold 30s", equipment=(MAT,), setup_seconds=25.0),
    )
    person = at(what, 27.0, Command.REWIND, Command.REWIND, index=1)
    assert person.spot.index == 0
    assert person.heard(1) == [(0.0, "You need your dumbbells.")]


def test_a_burst_into_work_is_counted_in() -> None:
    """Two keys at once that end in work that was not going on: three, two, one before it."""
    person = at(WHOLE, 70.0, Command.REWIND, Command.REWIND, index=1)
    assert person.heard(4)[0] == (0.0, "Three.")
    assert person.spot.departure.from_seconds == pytest.approx(34.0)


@pytest.mark.parametrize(
    ("seconds", "lands"), [(0.1, 1.2), (1.3, 81.2), (16.1, 81.2), (63.99, 81.2)]
)
def test_forward_in_a_long_sentence_never_leads_back(seconds: float, lands: float) -> None:
    """From before it, to its start; from within it, to its end."""
    what = routine(step("lie", "hold 30s", say=" ".join(["Breathe"] + ["slowly"] * 199) + "."))
    departure = Person(what, 0, seconds).press(Command.FORWARD).departure
    assert departure is not None
    assert departure.from_seconds == pytest.approx(lands)


def test_the_announcement_of_a_skip_does_not_count_for_back() -> None:
    """Five seconds from the name on, however long the words before it."""
    person = at(WHOLE, 30.0, Command.NEXT, index=1)
    person.hear(person.segment.pickup_seconds + 4.5)
    person.press(Command.BACK)
    assert person.heard(1) == [(0.0, "Back to: shrug.")]


def test_a_pause_in_a_skip_does_not_say_it_again() -> None:
    """Carrying on with the name, not with another skip; a repeated instruction is begun again."""
    person = at(WHOLE, 30.0, Command.NEXT, index=1)
    person.hear(0.7)
    person.press(Command.PAUSE, Command.PLAY)
    assert person.heard(2) == [(0.0, "Carrying on."), (1.2, "Next: leg hold.")]
    person = at(WHOLE, 70.0, Command.REPEAT, index=2)
    person.hear(1.0)
    person.press(Command.PAUSE, Command.PLAY)
    assert person.heard(2)[1] == (1.2, "Straighten your left leg and lift it.")


def test_alternating_sides_are_said_too() -> None:
    """Rep 6 of an alternating set is on the left; its number alone would not tell."""
    what = routine(step("arms", "5 reps each side, alternating, tempo 2-1-2"))
    start = compiled(what).segments[0].work_blocks[0].start_seconds
    assert pausing(what, start + 27).heard(2)[1] == (1.2, "Left side.")


# ---------------------------------------------------------------------------------------- waiting


def test_waiting_is_the_words_then_a_reminder_now_and_then() -> None:
    """The words of the lead-in, the invitation, then a calm reminder every half minute."""
    whole = compiled(WHOLE).segments[2]
    phrases = load_phrases()
    words, hold, reminder = waiting(whole, phrases, NominalDurations())
    assert [item.role for item in words.cues] == ["name", "equipment", "instruction"]
    assert words.duration_seconds == pytest.approx(words.cues[-1].end_seconds + 0.4)
    assert [item.text for item in hold.cues] == ["Press space when you are ready."]
    assert [item.text for item in reminder.cues] == [
        "Take your time. Press space when you are ready."
    ]
    assert hold.duration_seconds == reminder.duration_seconds == 30.0


def test_ready_departs_at_the_countdown_and_no_longer_waits() -> None:
    """Press a key: three, two, one; a flow step begins at once."""
    person = Person(WHOLE, 2, 300.0)
    person.mode = Mode.WAITING
    person.spot = PlayPosition(2, person.spot.segment, 300.0, person.spot.departure, waits=True)
    person.press(Command.READY)
    assert person.heard(2) == [(0.0, "Three."), (1.0, "Two.")]
    assert not may_wait(person.spot.departure)
    hang = compiled(WHOLE).segments[6]
    assert ready_seconds(hang) == hang.work_blocks[0].start_seconds


def test_speakers_that_vanish_while_we_wait_leave_us_waiting() -> None:
    """However long the hold has lasted, going on means waiting on."""
    person = Person(WHOLE, 2, 0.0)
    spot = PlayPosition(2, person.spot.segment, 300.0, person.spot.departure, waits=True)
    departure = person.transport.resume(spot)
    assert may_wait(departure)
    assert departure.from_seconds < ready_seconds(compiled(WHOLE).segments[2])


def test_ready_means_nothing_where_nobody_waits() -> None:
    """Any key is "ready"; while it plays or is paused nothing happens."""
    person = Person(WHOLE, 1, 30.0)
    for mode in (Mode.PLAYING, Mode.PAUSED, Mode.STARTING, Mode.NO_SPEAKERS):
        assert person.transport.command(mode, person.spot, Command.READY) == Response(mode)


# --------------------------------------------------------------------------------------- the rest


def test_modes() -> None:
    """Play only goes on, pause goes both ways, a moving key plays, nothing wakes the dead."""
    person = Person(WHOLE, 1, 30.0)
    command = person.transport.command
    assert command(Mode.PLAYING, person.spot, Command.PLAY) == Response(Mode.PLAYING)
    assert command(Mode.PLAYING, person.spot, Command.PAUSE) == Response(Mode.PAUSED)
    assert command(Mode.NO_SPEAKERS, person.spot, Command.PAUSE) == Response(Mode.PAUSED)
    for mode in (Mode.PAUSED, Mode.NO_SPEAKERS):
        assert command(mode, person.spot, Command.PLAY).mode is Mode.PLAYING
    assert command(Mode.PAUSED, person.spot, Command.NEXT).mode is Mode.PLAYING
    assert command(Mode.PAUSED, person.spot, Command.LOUDER) == Response(Mode.PAUSED)
    assert command(Mode.PAUSED, person.spot, Command.QUIT) == Response(Mode.ENDED)
    assert command(Mode.ENDED, person.spot, Command.BACK) == Response(Mode.ENDED)


def test_a_session_that_was_interrupted_begins_again_with_its_exercise() -> None:
    """Carrying on, the name, all equipment; a group from its start; the opening as it is."""
    person = Person(WHOLE, 0, 0.0)
    begin = person.transport.begin
    person.spot = PlayPosition(3, None, 0.0, begin(3))
    assert person.heard(3) == [
        (0.0, "Carrying on."),
        (1.2, "Row."),
        (2.1, "You need your dumbbells."),
    ]
    assert begin(6).index == 5
    assert begin(0) == Departure(0)


def test_a_burst_of_keys_makes_no_segment() -> None:
    """Next, back, pause and quit are decided at once, even where a segment would take time to be spoken."""

    def never(index: int) -> Segment:
        raise AssertionError(index)

    transport = Transport(WHOLE, never)
    spot = PlayPosition(0, None, 0.0, Departure(0))
    for command in (
        Command.NEXT,
        Command.NEXT,
        Command.REPEAT,
        Command.BACK,
        Command.PAUSE,
        Command.PLAY,
    ):
        outcome = transport.command(Mode.PLAYING, spot, command)
        if outcome.departure:
            spot = PlayPosition(outcome.departure.index, None, 0.0, outcome.departure)
    assert spot.index == 1


def test_everything_a_departure_may_say_is_spoken_ahead() -> None:
    """Every sentence that keys can bring about is in the list or in the script, the commonest first."""
    known = pickup_sentences(WHOLE, load_phrases())
    assert known[0] == "Carrying on."
    assert len(known) == len(set(known))
    script = compiled(WHOLE)
    known += [part.text for one in script.segments for item in one.cues for part in item.sentences]
    for index, segment in enumerate(script.segments):
        for seconds in range(0, int(segment.duration_seconds), 7):
            for command in (
                Command.NEXT,
                Command.BACK,
                Command.REPEAT,
                Command.FORWARD,
                Command.REWIND,
            ):
                person = at(WHOLE, float(seconds), command, index=index)
                if person.mode is Mode.ENDED:
                    continue
                said = [part.text for item in person.segment.cues for part in item.sentences]
                assert set(said) <= set(known)
