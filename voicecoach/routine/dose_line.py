"""A dose as one line of text: what it looks like, its parser, and its mistakes."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from voicecoach.messages import escaped
from voicecoach.routine.dose import (
    DEFAULT_CHANGE_SECONDS,
    DEFAULT_REST_SECONDS,
    DEFAULT_TEMPO,
    MAX_BLOCK_SECONDS,
    MAX_GAP_SECONDS,
    MAX_REPS,
    MAX_SETS,
    MAX_TEMPO_PART_SECONDS,
    MIN_REP_SECONDS,
    MIN_SECONDS,
    Dose,
    Hold,
    Reps,
    Sides,
    Tempo,
    Timed,
    decimal_text,
    reps_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class DoseError(ValueError):
    """A dose that cannot be read."""

    def __init__(self, message: str, fix: str, column: int, *, code: str = "dose") -> None:
        super().__init__(f"column {column}: {message}: {fix}")
        self.message = message
        """What is wrong; no full stop at the end."""
        self.fix = fix
        """What to write instead; no full stop at the end."""
        self.column = column
        """Where in the text, from 1."""
        self.code = code
        """What kind of mistake it is, as in `findings`."""


DOSE_MEANINGS: Final = {
    "hold 30s": "A position, held for exactly that long.",
    "for 60s": "An activity, for exactly that long.",
    "8 reps, tempo 2-1-3": "Eight reps of 2 s away, 1 s pause and 3 s back. Without a tempo 2-1-2.",
    "6 reps, hold 10s": "Six reps, each held for 10 s.",
    "2 x 8 reps, rest 30s": "Two sets of eight reps, with an exact rest between them.",
    "6-4-2 reps, hold 10s, rest 20s": "Sets of six, four and two reps.",
    "hold 30s each side, change 14s": "One side, then the other. "
    "Right first, unless `left first` is said.",
    "10 reps each side, alternating": "Twenty moves, side by side.",
}
"""Doses of each kind, and what each means."""

DOSE_PATTERN: Final = (
    r"^\s*(?:[0-9.]+\s*[xX×]\s*)?"
    r"(?:(?i:hold|for)\s*[0-9.]+\s*(?i::|s|min)[^,]*"
    r"|[0-9.]+(?:\s*[-–−]\s*[0-9.]+)*\s*(?i:reps?(?:\s*each\s+side)?))"
    r"(?:\s*,\s*(?i:each|tempo|hold|rest|change|alternating|left|right)[^,]*)*\s*$"
)
"""What all doses look like, for programs that have nothing but regular expressions.

It refuses no right dose, and is short enough to be shown to somebody who wrote a wrong one.
"""


def parse_dose(text: str) -> Dose:
    """Return the dose that one line means; raise DoseError with the column of the first mistake."""
    return _Parser(text).dose()


def tidy_dose(text: str) -> str:
    """Return a dose in the usual spelling: `2X8 Reps,rest 30 sec` as `2 x 8 reps, rest 30s`.

    What the author left to the defaults stays left out. Raises DoseError as `parse_dose` does.
    """
    parse_dose(text)
    written, before = "", ""
    for token in _tokens(text)[:-1]:
        word = token.text
        if word in _SECOND_WORDS:
            word = "s"
        elif word in _MINUTE_WORDS:
            word = "min"
        is_joined = token.kind in ("-", ":", ",") or before in ("", "-", ":") or word == "s"
        written += word if is_joined else f" {word}"
        before = word
    return written


class _Token(NamedTuple):
    kind: Literal["number", "word", "x", "-", ":", ",", "end"]
    text: str
    column: int


_TOKEN: Final = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<x>×|[xX](?![^\W\d_]))|(?P<word>[^\W\d_]+)|[-–−:,]"
)
_ALIKE: Final = {"×": "x", "–": "-", "−": "-"}
_MAX_NUMBER_LENGTH: Final = 9
_MINUTE_WORDS: Final = frozenset({"min", "mins", "minute", "minutes"})
_SECOND_WORDS: Final = frozenset({"s", "sec", "secs", "second", "seconds"})
_CLAUSE_WORDS: Final = ("tempo", "hold", "rest", "change", "alternating", "each", "left", "right")
_CLAUSES_ALLOWED: Final = (
    '"each side", "tempo 2-1-3", "hold 10s", "rest 30s", "change 14s", "alternating" '
    'or "left first"'
)
_WORK_ALLOWED: Final = '"hold 30s", "for 60s" or "8 reps"'
_SIDE_STARTERS: Final = frozenset({"per", "both", "on", "either", "every"})
_SIDE_NOUNS: Final = frozenset(
    "side sides leg legs arm arms hand hands foot feet knee knees way".split()  # noqa: SIM905
)
_UNIT_SYNONYMS: Final = {"m": "min", "h": "min", "hr": "min", "hour": "min", "hours": "min"}
_REPS_SYNONYMS: Final = {"times": "reps", "repetition": "reps", "repetitions": "reps"}
_CLAUSE_SYNONYMS: Final = {
    "alternate": "alternating",
    "alternately": "alternating",
    "alternated": "alternating",
    "pause": "rest",
    "break": "rest",
    "speed": "tempo",
    "switch": "change",
    "swap": "change",
}


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        column = position + 1
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            message = f"{_quoted(text[position])} has no meaning in a dose"
            raise DoseError(message, "leave it out", column)
        position = match.end()
        if match["number"] and len(match[0]) > _MAX_NUMBER_LENGTH:
            message = f"{_quoted(match[0])} is too long for a number"
            raise DoseError(message, "write a smaller one", column, code="out-of-range")
        found = _ALIKE.get(match[0], match[0].lower())
        kind: Any = match.lastgroup or found  # a mark is its own kind
        tokens.append(_Token(kind, found, column))
    tokens.append(_Token("end", "", max(1, len(text))))
    return tokens


def _quoted(text: str) -> str:
    """Return a piece of the line for a message, in which it has less room than a value has."""
    return f'"{escaped(text if len(text) <= 24 else f"{text[:23]}…")}"'


class _Parser:
    """One pass over the tokens, left to right; the rules between the parts come at the end."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._index = 0
        self._columns: dict[str, int] = {}
        self._durations: dict[str, float] = {}
        self._tempo: Tempo | None = None
        self._first_side: Literal["right", "left"] = "right"
        self._kind: type[Dose] = Hold
        self._seconds = 0.0
        self._reps: tuple[int, ...] = ()
        self._sets = 1
        self._sets_column = 0
        self._work_column = 1

    def _peek(self, distance: int = 0) -> _Token:
        return self._tokens[min(self._index + distance, len(self._tokens) - 1)]

    def _take(self) -> _Token:
        token = self._peek()
        if token.kind != "end":
            self._index += 1
        return token

    def _words(self, count: int) -> list[str]:
        return [self._peek(distance).text for distance in range(count)]

    def dose(self) -> Dose:
        if self._peek().kind == "end":
            raise DoseError("the dose is empty", f"write how much, such as {_WORK_ALLOWED}", 1)
        self._sets_prefix()
        self._work()
        self._each_side()
        while self._peek().kind != "end":
            self._comma()
            self._clause()
        return self._checked()

    # The parts in the order of the line

    def _sets_prefix(self) -> None:
        if self._peek().kind != "number" or self._peek(1).kind != "x":
            if self._peek().kind == "number" and self._peek(1).text in {"set", "sets"}:
                fix = f'write "{self._peek().text} x 8 reps"'
                message = "sets are a number before the work"
                raise DoseError(message, fix, self._peek(1).column)
            return
        token = self._take()
        self._take()
        self._sets = _whole_number(token, "the number of sets", MAX_SETS)
        self._sets_column = token.column

    def _work(self) -> None:
        token = self._peek()
        self._work_column = token.column
        if token.text in {"hold", "for"}:
            self._take()
            if token.text == "hold" and self._peek().text == "for":
                message = '"hold" and "for" are two kinds of work'
                raise DoseError(message, 'leave out "for": "hold 30s"', self._peek().column)
            name = "hold" if token.text == "hold" else "the time after for"
            self._kind = Hold if token.text == "hold" else Timed
            self._seconds = self._duration(name, MAX_BLOCK_SECONDS)
            return
        if token.kind in {"number", "-"}:
            self._rep_counts()
            return
        if token.kind == "end" and self._sets_column:
            fix = f'write "{self._sets} x 8 reps" or "{self._sets} x hold 10s"'
            raise DoseError("it is not said what is done in each set", fix, token.column)
        fix = self._fix(token, ("hold", "for", "reps"), _WORK_ALLOWED)
        raise DoseError("a dose begins with the work", fix, token.column)

    def _rep_counts(self) -> None:
        if self._peek().kind == "-":
            message = "the number of reps must be 1 or more"
            raise DoseError(
                message, 'write such as "8 reps"', self._peek().column, code="out-of-range"
            )
        self._refuse_duration_first()
        numbers = [self._take()]
        while self._peek().kind == "-":
            self._take()
            if self._peek().kind != "number":
                fix = 'write such as "8-6-4 reps", or leave out the "-"'
                raise DoseError('a number is missing after "-"', fix, self._peek().column)
            numbers.append(self._take())
        written = "-".join(number.text for number in numbers)
        unit = self._take()
        if unit.text not in {"rep", "reps"}:
            self._refuse_unit(unit, written)
        if len(numbers) > MAX_SETS:
            message = f"at most {MAX_SETS} sets, got {len(numbers)}"
            raise DoseError(message, "write fewer", numbers[0].column, code="out-of-range")
        self._kind = Reps
        self._reps = tuple(_whole_number(n, "the number of reps", MAX_REPS) for n in numbers)
        if len(numbers) == 1:
            self._reps *= self._sets
            return
        if self._sets_column:
            message = f'"{written} reps" is {len(numbers)} sets already'
            raise DoseError(message, f'leave out "{self._sets} x"', self._sets_column)
        self._sets = len(numbers)

    def _refuse_duration_first(self) -> None:
        number, unit = self._peek(), self._peek(1)
        if unit.text in _SECOND_WORDS | _MINUTE_WORDS or unit.kind == ":":
            fix = 'write "hold 30s" to hold still, "for 30s" to keep moving'
            raise DoseError("a time needs a word before it", fix, number.column)

    def _refuse_unit(self, unit: _Token, written: str) -> None:
        if unit.kind == "end" and self._sets_column:
            fix = f'write "{self._sets} x {written} reps" or "{self._sets} x hold 10s"'
            raise DoseError("it is not said what is counted", fix, unit.column)
        if unit.kind in {"end", ","}:
            fix = f'write "{written} reps", "hold {written}s" or "for {written}s"'
            raise DoseError("it is not said what is counted", fix, unit.column)
        fix = self._fix(unit, ("reps", "sets"), f'"{written} reps"', _REPS_SYNONYMS)
        message = f'expected "reps" after {written}, got {_quoted(unit.text)}'
        raise DoseError(message, fix, unit.column)

    def _each_side(self) -> bool:
        token = self._peek()
        after = self._peek(1)
        if token.text == "each" and after.text == "side":
            self._once("each side", token)
            self._take()
            self._take()
            return True
        words = self._words(3)
        starts = token.text in _SIDE_STARTERS or (token.text == "each" and after.kind == "word")
        if starts and _SIDE_NOUNS & set(words):
            message = "this is not how sides are written"
            raise DoseError(message, 'write "each side"', token.column)
        if token.text == "each":
            message = '"each" wants "side" after it'
            raise DoseError(message, 'write "each side"', token.column)
        return False

    def _comma(self) -> None:
        token = self._peek()
        if token.kind == ",":
            self._take()
            if self._peek().kind in {"end", ","}:
                fix = f"leave it out, or write {_CLAUSES_ALLOWED}"
                raise DoseError("nothing stands after the comma", fix, token.column)
            return
        if token.kind == "x":
            message = "the number of sets comes first"
            raise DoseError(message, 'write "2 x 8 reps"', token.column)
        if token.kind == "word":
            has_sides = "each side" in self._columns or any(t.text == "each" for t in self._tokens)
            if token.text == "alternating" and self._kind.is_counted and not has_sides:
                raise self._alternating_without_sides(token.column)
            if token.text in _CLAUSE_WORDS:
                fix = f"put a comma before {_quoted(token.text)}"
                raise DoseError("a comma is missing", fix, token.column)
        allowed = f"after a comma {_CLAUSES_ALLOWED}"
        fix = self._fix(token, _CLAUSE_WORDS, allowed, _CLAUSE_SYNONYMS)
        raise DoseError(f"{_quoted(token.text)} is not understood here", fix, token.column)

    def _clause(self) -> None:
        if self._each_side():
            return
        token = self._take()
        match token.text:
            case "tempo":
                self._once("tempo", token)
                self._tempo = self._tempo_parts()
            case "hold" | "rest" | "change":
                self._once(token.text, token)
                limit = MAX_TEMPO_PART_SECONDS if token.text == "hold" else MAX_GAP_SECONDS
                if token.text == "hold" and not self._kind.is_counted:
                    message = '"hold" after a comma belongs to reps ("6 reps, hold 10s")'
                    raise DoseError(message, "leave it out here", token.column)
                self._durations[token.text] = self._duration(token.text, limit)
            case "alternating":
                self._once("alternating", token)
            case "left" | "right":
                if self._peek().text != "first":
                    message = f'"{token.text}" wants "first" after it'
                    raise DoseError(message, f'write "{token.text} first"', token.column)
                self._take()
                self._once("first side", token)
                self._first_side = "left" if token.text == "left" else "right"
            case "for" if self._kind.is_counted:
                fix = 'leave out "for", or write "for 60s" alone'
                raise DoseError("the tempo says how long reps last", fix, token.column)
            case _:
                fix = self._fix(token, _CLAUSE_WORDS, _CLAUSES_ALLOWED, _CLAUSE_SYNONYMS)
                message = f"{_quoted(token.text)} is not understood here"
                raise DoseError(message, fix, token.column)

    def _once(self, clause: str, token: _Token) -> None:
        if clause in self._columns:
            raise DoseError(f'"{clause}" is said twice', "leave one out", token.column)
        self._columns[clause] = token.column

    # Numbers

    def _duration(self, name: str, limit_seconds: float) -> float:
        start = self._peek()
        if start.kind == "-" and self._peek(1).kind == "number":
            got = _quoted(f"-{self._peek(1).text}{self._peek(2).text}").strip('"')
            message = f"{name} must be longer than 0 s, got {got}"
            raise DoseError(message, "write 1s or more", start.column, code="out-of-range")
        if start.kind != "number":
            word = name if name in _CLAUSE_WORDS else "for"
            fix = f"write a time such as 30s or 2 min after {word}"
            raise DoseError("it is not said how long", fix, start.column)
        number = self._take()
        unit = self._peek()
        if unit.kind == ":":
            self._take()
            seconds = self._clock_seconds(number)
        elif unit.text in _SECOND_WORDS:
            self._take()
            seconds = _decimal(number)
        elif unit.text in _MINUTE_WORDS:
            self._take()
            seconds = 60 * _decimal(number) + self._seconds_after_minutes()
        else:
            self._refuse_time_unit(number, unit)
        if seconds <= 0:
            message = f"{name} must be longer than 0 s, got {_seconds_text(seconds)}"
            raise DoseError(message, "write 1s or more", start.column, code="out-of-range")
        if seconds < Decimal(MIN_SECONDS):
            message = f"{name} must be at least {MIN_SECONDS:g} s, got {_seconds_text(seconds)}"
            raise DoseError(message, "write 1s or more", start.column, code="out-of-range")
        if seconds > Decimal(limit_seconds):
            limit = _limit_text(limit_seconds)
            message = f"{name} may last at most {limit}, got {_seconds_text(seconds)}"
            raise DoseError(message, "write less", start.column, code="out-of-range")
        return float(seconds)

    def _refuse_time_unit(self, number: _Token, unit: _Token) -> None:
        is_attached = unit.column == number.column + len(number.text)
        if unit.kind == "word" and (is_attached or unit.text in _UNIT_SYNONYMS):
            fix = self._fix(unit, ("s", "sec", "min"), "30s or 2 min", _UNIT_SYNONYMS)
            raise DoseError(f"{_quoted(unit.text)} is not a unit here", fix, unit.column)
        raise DoseError("the unit is missing", f"write {number.text}s", number.column)

    def _clock_seconds(self, minutes: _Token) -> Decimal:
        seconds = self._take()
        digits = re.fullmatch(r"[0-5][0-9]", seconds.text)
        if digits is None or "." in minutes.text:
            message = "this is no time in minutes and seconds"
            raise DoseError(message, "write it as 1:30", minutes.column)
        if self._peek().kind == ":":
            fix = "write minutes and seconds as 1:30"
            raise DoseError("hours are too long for a dose", fix, self._peek().column)
        return 60 * _decimal(minutes) + _decimal(seconds)

    def _seconds_after_minutes(self) -> Decimal:
        if self._peek().kind != "number":
            return Decimal(0)
        number = self._take()
        if self._peek().text not in _SECOND_WORDS:
            raise DoseError("the unit is missing", f"write {number.text}s", number.column)
        self._take()
        if _decimal(number) >= 60:
            message = "after minutes come fewer than 60 seconds"
            raise DoseError(message, 'write such as "1 min 30s"', number.column)
        return _decimal(number)

    def _tempo_parts(self) -> Tempo:
        start = self._peek()
        parts: list[_Token] = []
        while self._peek().kind == "number":
            parts.append(self._take())
            if self._peek().kind != "-":
                break
            self._take()
        if len(parts) != 3 or self._peek().kind not in {"end", ",", "word"}:
            message = "a tempo is three numbers, away-pause-back"
            raise DoseError(message, 'write such as "tempo 2-1-3"', start.column)
        if self._peek().text in _SECOND_WORDS:
            fix = f'leave out "{self._peek().text}"'
            raise DoseError("a tempo is in seconds already", fix, self._peek().column)
        for part in parts:
            if _decimal(part) > Decimal(MAX_TEMPO_PART_SECONDS):
                limit = f"{MAX_TEMPO_PART_SECONDS:g}"
                message = f"a part of the tempo is 0 to {limit} s, got {part.text}"
                raise DoseError(message, "write less", part.column, code="out-of-range")
        away, pause, back = (float(_decimal(part)) for part in parts)
        return Tempo(away, pause, back)

    # Rules between the parts

    def _checked(self) -> Dose:
        tempo = self._checked_tempo()
        sides = self._checked_sides()
        if "rest" in self._columns and self._sets == 1:
            message = "a rest in the dose lies between sets"
            fix = 'write "2 x …", or put it in rest_after'
            raise DoseError(message, fix, self._columns["rest"])
        if "change" in self._columns and sides is Sides.ALTERNATING:
            message = "sides that alternate have no change"
            raise DoseError(message, 'leave out "change"', self._columns["change"])
        if "change" in self._columns and sides is Sides.NONE:
            message = '"change" wants sides'
            raise DoseError(message, 'add "each side"', self._columns["change"])
        ascending_pair = len(self._reps) == 2 and self._reps[0] < self._reps[1]
        if ascending_pair and "rest" not in self._columns:
            raise self._range_of_reps()
        rest = self._durations.get("rest", DEFAULT_REST_SECONDS)
        change = self._durations.get("change", DEFAULT_CHANGE_SECONDS)
        dose = self._kind(
            seconds=self._seconds,
            reps=self._reps,
            sets=self._sets,
            tempo=tempo,
            sides=sides,
            first_side=self._first_side,
            rest_seconds=rest if self._sets > 1 else 0.0,
            change_seconds=change if sides is Sides.ONE_AT_A_TIME else 0.0,
        )
        longest = dose.longest_block_seconds
        if longest > MAX_BLOCK_SECONDS:
            got = _seconds_text(Decimal(f"{longest:.3f}"))
            message = f"one set may last at most {_limit_text(MAX_BLOCK_SECONDS)}, got {got}"
            fix = "write less, or several sets"
            raise DoseError(message, fix, self._work_column, code="out-of-range")
        return dose

    def _checked_tempo(self) -> Tempo | None:
        if not self._kind.is_counted:
            if "tempo" in self._columns:
                fix = 'leave it out, or write "8 reps, tempo 2-1-3"'
                raise DoseError("a tempo belongs to reps", fix, self._columns["tempo"])
            return None
        tempo = self._tempo or DEFAULT_TEMPO
        pause = self._durations.get("hold")
        if pause is not None and self._tempo is None:
            tempo = Tempo(DEFAULT_TEMPO.away_seconds, pause, DEFAULT_TEMPO.back_seconds)
        elif pause is not None and pause != tempo.pause_seconds:
            held = decimal_text(pause)
            better = Tempo(tempo.away_seconds, pause, tempo.back_seconds)
            message = f'"hold {held}s" and the pause of "tempo {tempo}" differ'
            raise DoseError(message, f'write "tempo {better}"', self._columns["hold"])
        if tempo.rep_seconds < MIN_REP_SECONDS:
            message = f"a rep must last at least {MIN_REP_SECONDS:g} s, tempo {tempo} is shorter"
            fix = "write a slower tempo"
            raise DoseError(message, fix, self._columns["tempo"], code="out-of-range")
        return tempo

    def _checked_sides(self) -> Sides:
        has_sides = "each side" in self._columns
        if "alternating" in self._columns:
            column = self._columns["alternating"]
            if not self._kind.is_counted:
                message = '"alternating" wants counted moves ("10 reps each side, alternating")'
                raise DoseError(message, 'write "each side" alone here', column)
            if not has_sides:
                raise self._alternating_without_sides(column)
            return Sides.ALTERNATING
        if not has_sides and "first side" in self._columns:
            column = self._columns["first side"]
            raise DoseError(f'"{self._first_side} first" wants sides', 'add "each side"', column)
        return Sides.ONE_AT_A_TIME if has_sides else Sides.NONE

    def _alternating_without_sides(self, column: int) -> DoseError:
        """Return the refusal of a count that may mean either reading, with both written out."""

        def suggestion(counts: Sequence[int]) -> str:
            same = len(set(counts)) == 1
            prefix = f"{self._sets} x " if same and self._sets > 1 else ""
            shown = counts[:1] if same else counts
            moves = ", ".join(str(2 * count) for count in shown)
            return f'"{prefix}{reps_text(shown)} each side, alternating" ({moves} moves)'

        fix = f"write {suggestion(self._reps)}"
        if all(count % 2 == 0 for count in self._reps):
            fix += f" or {suggestion([count // 2 for count in self._reps])}"
        return DoseError('"alternating" does not say how often each side moves', fix, column)

    def _range_of_reps(self) -> DoseError:
        low, high = self._reps
        message = f'"{low}-{high} reps" may mean two sets or a range'
        fix = (
            f'write one number ("{high} reps"), or two sets with their rest '
            f'("{low}-{high} reps, rest 30s")'
        )
        return DoseError(message, fix, self._work_column)

    @staticmethod
    def _fix(
        token: _Token, words: Sequence[str], allowed: str, synonyms: dict[str, str] | None = None
    ) -> str:
        known = (synonyms or {}).get(token.text)
        matches = [known] if known else get_close_matches(token.text[:64], words, n=1, cutoff=0.6)
        return f'did you mean "{matches[0]}"? Write {allowed}' if matches else f"write {allowed}"


def _decimal(token: _Token) -> Decimal:
    number = Decimal(token.text)
    if number != round(number, 3):
        message = f"at most three digits after the point, got {token.text}"
        raise DoseError(message, "round it", token.column)
    return number


def _whole_number(token: _Token, name: str, limit: int) -> int:
    number = Decimal(token.text)
    if number != int(number):
        fix = f"write {max(1, int(number))}"
        raise DoseError(f"{name} must be a whole number, got {token.text}", fix, token.column)
    if not 1 <= number <= limit:
        fix = f"write {limit} or less" if number > limit else "write 1 or more"
        message = f"{name} must be 1 to {limit}, got {token.text}"
        raise DoseError(message, fix, token.column, code="out-of-range")
    return int(number)


def _seconds_text(seconds: Decimal) -> str:
    return f"{seconds.normalize():f}s"


def _limit_text(seconds: float) -> str:
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds:g} s"
