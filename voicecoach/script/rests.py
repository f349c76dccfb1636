"""The words between the work of an exercise and after it: changes of side, sets, what is next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voicecoach.language.phrases import names_side
from voicecoach.messages import quoted
from voicecoach.routine.anchors import Occasion
from voicecoach.routine.dose import Sides
from voicecoach.routine.model import Talk
from voicecoach.script.coach import sides_of
from voicecoach.script.model import NoteKind
from voicecoach.script.timing import (
    AFTER_TONE_SECONDS,
    BEFORE_COUNTDOWN_SECONDS,
    CLEAR_SECONDS,
    COUNTDOWN_GAP_SECONDS,
    CUE_MOVE_SECONDS,
    FIT_SPEEDS,
    GAP_SECONDS,
    LONG_REST_SECONDS,
    MOVE_STEP_SECONDS,
    NEXT_BEFORE_END_SECONDS,
    PHRASE_SPACING_SECONDS,
    SECOND_WORDS_SECONDS,
    TOLERANCE_SECONDS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicecoach.routine.model import AuthorCue
    from voicecoach.script.coach import Coach, Draft, Said

_NO_ROOM = "the rest is too short for it"


class RestWords:
    """Places words in the gaps of one exercise and in the rest after it.

    All times here are from the start of its segment; a gap starts when the work before it ends.
    """

    def __init__(self, coach: Coach, draft: Draft, index: int) -> None:
        """`index` is that of the step in the routine."""
        self.coach = coach
        self.phrases = coach.phrases
        self.in_tones = coach.routine.talk is Talk.TONES
        self.draft = draft
        self.index = index
        self.step = coach.routine.steps[index]

    # Between two work blocks

    def between(self, start: float, set_number: int, side_index: int) -> bool:
        """Speak the gap before a work block; return True if it ends with a countdown.

        `set_number` and `side_index` are those of the block that comes.
        """
        dose = self.step.dose
        gap = dose.change_seconds if side_index else dose.rest_seconds
        end = start + gap
        counted = gap >= COUNTDOWN_GAP_SECONDS and not self.step.flow
        and_go = None
        if counted:
            self.coach.count_down(self.draft, end)
            deadline = end - len(self.phrases.countdown) - BEFORE_COUNTDOWN_SECONDS
        else:
            deadline = end - CLEAR_SECONDS
            if not self.in_tones:
                and_go = self.coach.within(self.phrases.and_go, gap - 2 * CLEAR_SECONDS)
            if and_go:
                go_start = deadline - and_go.duration_seconds
                deadline = go_start - CLEAR_SECONDS
        if side_index:
            if and_go and not self._change_fits(set_number, deadline - start):
                and_go, deadline = None, end - CLEAR_SECONDS
                text, detail = self.phrases.and_go, "the change is too short for it"
                self.draft.note(NoteKind.DROPPED, text, detail, go_start, "go")
            self._change(start, deadline, set_number, gap)
        else:
            self._set_rest(start, deadline, gap, set_number)
        if and_go:
            self.draft.speak(and_go, go_start, "go")
        return counted

    def _own_change(self, set_number: int) -> list[AuthorCue]:
        return [] if self.in_tones else self._own(Occasion.CHANGE, set_number)

    def _change_text(self, set_number: int) -> str:
        side = sides_of(self.step)[1]
        if self.in_tones:
            return f"{self.phrases.change} {self.phrases.on_side(side)}"
        own = self._own_change(set_number)
        if not own:
            return self.phrases.change
        return self._filled(own, self.coach.values(self.step, set=set_number, side_name=side))

    def _change_fits(self, set_number: int, seconds: float) -> bool:
        text = self._change_text(set_number)
        return self.coach.within(text, seconds - AFTER_TONE_SECONDS) is not None

    def _change(self, start: float, deadline: float, set_number: int, gap: float) -> None:
        text, own = self._change_text(set_number), tuple(self._own_change(set_number))
        words_start = start + AFTER_TONE_SECONDS
        room = deadline - words_start
        said = self.coach.within(text, room)
        if said is None:
            shortest = self.coach.say(text, FIT_SPEEDS[-1], tight=True).duration_seconds
            raise self.coach.no_room(
                self.index,
                "dose",
                text,
                "change",
                detail="the change is too short for it",
                room=room,
                own=own,
                message=f"change {gap:g}s is too short for the words {quoted(text)}",
                fix=f"write at least {math.ceil(gap + shortest - room)}s, or say it in fewer words",
            )
        side = sides_of(self.step)[1]
        self.draft.speak(said, words_start, "change", side, set_number, own=own)

    def _set_rest(self, start: float, deadline: float, gap: float, set_number: int) -> None:
        # Words take their room in the order in which a listener needs them: those that lead to the
        # set, those that end the work, the author's in the rest, the standard ones for the set.
        first = start + AFTER_TONE_SECONDS
        done = self._values_after(set_number - 1)
        own_set = self._own(Occasion.BEFORE_SET, set_number)
        side = self._side_before(own_set)
        if own_set or side:
            self._speak_before_set(own_set, side, first, deadline, set_number)
        end_words = self._end_words(set_number - 1, gap, done)
        own_end = tuple(self._own(Occasion.END, set_number - 1))
        # The author's words before the set come before the standard words of the rest: these make
        # no note where there is no room for both.
        end = self._speak_first_that_fits(
            end_words, first, deadline, own_end, may_give_way=bool(own_set)
        )
        for cue in self._own(Occasion.REST, set_number - 1):
            text = self.phrases.fill(cue.text, done)
            end = self._speak_in_rest(text, start, end, deadline, cue)
        if not own_set and not side and not self.in_tones:
            self._speak_set_again(start, end, deadline, set_number)

    def _side_before(self, own_words: Sequence[AuthorCue]) -> str:
        """Return the words for the side that a set begins with; empty where it needs no naming."""
        if self.step.dose.sides is not Sides.ONE_AT_A_TIME:
            return ""
        named = any(names_side(cue.text) for cue in own_words)
        return "" if named else self.phrases.on_side(self.step.dose.first_side)

    def _speak_before_set(
        self, own: Sequence[AuthorCue], side: str, first: float, deadline: float, set_number: int
    ) -> None:
        """Speak the author's words before a set, or the standard ones, and the side."""
        if own:
            words = self._filled(own, self.coach.values(self.step, set=set_number))
        else:
            words = "" if self.in_tones else self.phrases.set_again(set_number)
        whole = " ".join(filter(None, (words, side)))
        room = deadline - first
        said = self.coach.within(whole, room)
        is_whole = said is not None
        if said is None and side:  # without it nobody knows how to lie or stand
            said = self.coach.within(side, room)
        if said is not None:
            begin = deadline - said.duration_seconds
            self.draft.speak(said, begin, "set", set_number=set_number, own=tuple(own))
        if not is_whole:
            needed = self.coach.say(whole).duration_seconds
            lost = whole if said is None else words
            self._note_dropped(lost, first, "set", own, needed=needed, room=room)

    def _speak_set_again(
        self, start: float, after: float, deadline: float, set_number: int
    ) -> None:
        """Speak the number of a set right before it, unless an author's words are near."""
        first = start + AFTER_TONE_SECONDS
        text = self.phrases.set_again(set_number)
        said = self.coach.say(text)
        begin = deadline - said.duration_seconds
        if any(
            cue.role == "cue"
            and cue.start_seconds >= start - TOLERANCE_SECONDS
            and cue.end_seconds + PHRASE_SPACING_SECONDS > begin + TOLERANCE_SECONDS
            for cue in self.draft.cues
        ):
            return
        if self.draft.is_free(begin, deadline) and begin >= first:
            self.draft.speak(said, begin, "set", set_number=set_number)
        else:
            room = deadline - after - CLEAR_SECONDS
            self._note_dropped(text, max(first, begin), "set", room=room)

    # After the work

    def after(self, start: float) -> None:
        """Speak the rest after the last set."""
        step, rest = self.step, self.step.rest_after_seconds
        last_set = step.dose.sets
        values = self._values_after(last_set)
        end_words = self._end_words(last_set, rest, values)
        own_end = tuple(self._own(Occasion.END, last_set))
        if not rest:
            if end_words and end_words[0][0] == "cue":
                detail = "there is no rest after the step to say it in"
                self._note_dropped(end_words[0][1], start, "cue", own_end, detail=detail)
            return
        own = self._own(Occasion.REST, last_set)
        if self._is_followed and rest > LONG_REST_SECONDS:
            self._announced_rest(start, end_words, own)
            return
        first, deadline = start + AFTER_TONE_SECONDS, start + rest - CLEAR_SECONDS
        end = self._speak_first_that_fits(end_words, first, deadline, own_end)
        for cue in own:
            text = self.phrases.fill(cue.text, values)
            end = self._speak_in_rest(text, start, end, deadline, cue)

    @property
    def _is_followed(self) -> bool:
        return self.index + 1 < len(self.coach.routine.steps)

    @property
    def _announcement(self) -> str:
        following = self.index + 1
        name = self.phrases.next(self.coach.routine.steps[following].spoken_name)
        return " ".join(filter(None, [name, self.coach.new_equipment(following)]))

    @property
    def announced_seconds(self) -> int:
        """The least rest after the step in which the next one can be announced; 0 for the last."""
        if not self._is_followed:
            return 0
        said = self.coach.say(self._announcement)
        return math.ceil(NEXT_BEFORE_END_SECONDS + AFTER_TONE_SECONDS + said.duration_seconds)

    def _announced_rest(
        self, start: float, end_words: Sequence[tuple[str, str]], own: Sequence[AuthorCue]
    ) -> None:
        """Speak a rest that ends with the announcement of the next exercise."""
        step = self.step
        rest_end = start + step.rest_after_seconds
        deadline = rest_end - NEXT_BEFORE_END_SECONDS
        text = self._announcement
        values = self._values_after(step.dose.sets)
        own_texts = [self.phrases.fill(cue.text, values) for cue in own]
        # All words; without the author's; with shorter end words; the announcement alone. Before it
        # is spoken faster, other words are left out: so each of its ways is tried with all plans.
        plans = [(end_words[:1], own_texts), (end_words[:1], []), (end_words[1:], []), ([], [])]
        for said_next, (ends, texts) in (
            (way, plan) for way in self.coach.ways(text) for plan in plans
        ):
            before = self._in_turn(start, [*ends, *(("cue", own_text) for own_text in texts)])
            begin_next = _announcement_start(start, before, deadline - said_next.duration_seconds)
            if begin_next is not None:
                break
        else:
            raise self.coach.no_room(
                self.index,
                "rest_after",
                text,
                "next",
                detail=_NO_ROOM,
                room=deadline - start - AFTER_TONE_SECONDS,
                message=f"rest_after = {step.rest_after_seconds:g} leaves no room "
                f"for {quoted(text)}, "
                f"which ends {NEXT_BEFORE_END_SECONDS:g} s before the rest does",
                fix=f"write at least {self.announced_seconds}, "
                f"or {LONG_REST_SECONDS:g} or less (the name is then said after the rest)",
            )
        for said, begin, role in before:
            self.draft.speak(said, begin, role)
        end = self.draft.speak(said_next, begin_next, "next")
        if not ends and end_words and end_words[0][0] == "cue":
            first = start + AFTER_TONE_SECONDS
            own_end = self._own(Occasion.END, step.dose.sets)
            room = begin_next - CLEAR_SECONDS - first
            self._note_dropped(end_words[0][1], first, "cue", own_end, room=room)
        if not texts:  # an author's words may still have room after the announcement
            for cue, own_text in zip(own, own_texts, strict=True):
                end = self._speak_in_rest(own_text, start, end, rest_end - CLEAR_SECONDS, cue)

    def _in_turn(
        self, start: float, words: Sequence[tuple[str, str]]
    ) -> list[tuple[Said, float, str]]:
        """Return words one after the other, each with its start and its role."""
        placed: list[tuple[Said, float, str]] = []
        begin = start + AFTER_TONE_SECONDS
        for role, text in words:
            said = self.coach.say(text)
            placed.append((said, begin, role))
            begin = max(start + SECOND_WORDS_SECONDS, begin + said.duration_seconds + CLEAR_SECONDS)
        return placed

    # In any rest

    def _own(self, occasion: Occasion, set_number: int) -> list[AuthorCue]:
        sets = self.step.dose.sets
        return [
            cue
            for cue in self.step.cues
            if cue.anchor.occasion is occasion
            and cue.anchor.is_for(set_number, sets, cue.set_number)
        ]

    def _filled(self, cues: Sequence[AuthorCue], values: Mapping[str, str | float]) -> str:
        return " ".join(self.phrases.fill(cue.text, values) for cue in cues)

    def _values_after(self, set_number: int) -> Mapping[str, str | float]:
        """Return the values of `$variables` at the end of a set, on its last side."""
        dose = self.step.dose
        two_sided = dose.sides is not Sides.NONE
        more: dict[str, str | float] = {"side_name": dose.second_side} if two_sided else {}
        moves = dose.moves(set_number)
        return self.coach.values(
            self.step, set=set_number, reps_done=moves, reps_left=0, seconds_left=0, **more
        )

    def _end_words(
        self, set_number: int, gap: float, values: Mapping[str, str | float]
    ) -> list[tuple[str, str]]:
        """Return the wordings for the end of work, best first, each with its role."""
        if self.in_tones:
            return []
        own = self._own(Occasion.END, set_number)
        if own:
            return [("cue", self._filled(own, values))]
        words = [("rest", self.phrases.rest)]
        return [("rest", self.phrases.long_rest), *words] if gap > LONG_REST_SECONDS else words

    def _speak_first_that_fits(
        self,
        choices: Sequence[tuple[str, str]],
        start: float,
        deadline: float,
        own: tuple[AuthorCue, ...],
        *,
        may_give_way: bool = False,
    ) -> float:
        """Speak the first of some wordings that fits, which may say `own` cues; return its end."""
        for role, text in choices:
            mine = own if role == "cue" else ()
            ways = [self.coach.say(text)] if role == "rest" else self.coach.ways(text)
            for said in ways:
                end = start + said.duration_seconds
                if end <= deadline + TOLERANCE_SECONDS and self.draft.is_free(start, end):
                    return self.draft.speak(said, start, role, own=mine)
            if role == "cue" or ((role, text) == choices[-1] and not may_give_way):
                room = self.draft.room(start, deadline)
                self._note_dropped(text, start, role, mine, room=room)
        return start - CLEAR_SECONDS

    def _speak_in_rest(
        self, text: str, start: float, after: float, deadline: float, own: AuthorCue
    ) -> float:
        """Speak an author's words in a rest, moved if need be; return the end of speech."""
        second = any(cue.role == "cue" and cue.start_seconds > start for cue in self.draft.cues)
        usual = start + SECOND_WORDS_SECONDS
        wanted = max(usual, after + CLEAR_SECONDS) if second else usual
        earliest = max(after + CLEAR_SECONDS, wanted - CUE_MOVE_SECONDS)
        steps = range(round(CUE_MOVE_SECONDS / MOVE_STEP_SECONDS) + 1)
        moves = [wanted + sign * step * MOVE_STEP_SECONDS for sign in (-1, 1) for step in steps]
        for said in self.coach.ways(text):
            for position in moves:
                end = position + said.duration_seconds
                fits = (
                    earliest - TOLERANCE_SECONDS <= position and end <= deadline + TOLERANCE_SECONDS
                )
                if fits and self.draft.is_free(position, end):
                    self.draft.note_move(text, position, position - wanted, "cue", (own,))
                    return self.draft.speak(said, position, "cue", own=(own,))
        rooms = (self.draft.room(begin, deadline) for begin in moves if begin >= earliest)
        self._note_dropped(text, usual, "cue", (own,), room=max(rooms, default=0.0))
        return after

    def _note_dropped(
        self,
        text: str,
        start: float,
        role: str,
        own: Sequence[AuthorCue] = (),
        *,
        room: float = 0.0,
        needed: float | None = None,
        detail: str = _NO_ROOM,
    ) -> None:
        """Note words without room in a rest; by default they need the length of `text`."""
        if needed is None:
            needed = self.coach.say(text).duration_seconds
        self.draft.note(
            NoteKind.DROPPED, text, detail, start, role, tuple(own), needed=needed, room=room
        )


def _announcement_start(
    start: float, before: Sequence[tuple[Said, float, str]], latest: float
) -> float | None:
    """Return the start of the announcement after the words before it; None without room."""
    if not before:
        wanted = earliest = start + AFTER_TONE_SECONDS
    else:
        said, begin, _ = before[-1]
        end = begin + said.duration_seconds
        calm = 2 * GAP_SECONDS if len(before) > 1 else CLEAR_SECONDS
        wanted = max(start + SECOND_WORDS_SECONDS, end + calm)
        earliest = end + CLEAR_SECONDS
    announced = min(wanted, latest)
    return announced if announced + TOLERANCE_SECONDS >= earliest else None
