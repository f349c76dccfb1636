"""The coach's own sentences, and `$variables` filled in as spoken words.

Wording lives in one TOML file a language beside this module; a new language is one more file.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from voicecoach.errors import PhraseError
from voicecoach.routine import Audience, Spoken
from voicecoach.script import Heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLES = (
    "minutes",
    "reps",
    "reps_done",
    "reps_left",
    "set",
    "sets",
    "side",
    "other_side",
    "seconds",
    "seconds_left",
    "duration",
    "equipment",
)
"""What a text of a routine may hold after a dollar sign."""

_VARIABLE = re.compile(r"\$(?:(\$)|([a-z_]+))")
_SENTENCE_END = (".", "!", "?", "…")


def variables_in(text: str) -> tuple[str, ...]:
    """Return the names of the `$variables` in a text, in order, known or not."""
    return tuple(match[2] for match in _VARIABLE.finditer(text) if match[2])


def capitalise(text: str) -> str:
    """Return the text with its first letter made a capital; the rest stays as it is."""
    for index, character in enumerate(text):
        if character.isalnum():
            return text[:index] + character.upper() + text[index + 1 :]
    return text


def as_sentence(text: str) -> str:
    """Return a name as a sentence of its own: a capital first, a full stop unless it has its own."""
    return capitalise(text) + ("" if text.endswith(_SENTENCE_END) else ".")


@dataclass(frozen=True)
class Phrases:
    """The coach's sentences in one language, for one audience."""

    language: str
    countdown: tuple[str, ...]
    """One word a second, the last of them 1 s before the start."""
    go: str
    and_go: str
    """Ends a gap that is too short for the countdown."""
    halfway: str
    five_seconds: str
    last_two: str
    change: str
    rest: str
    """For rests of 10 s or less."""
    long_rest: str
    carrying_on: str
    """After a pause."""
    skipping: str
    """When the person goes on before an exercise is done."""
    once_more: str
    """Before the exercise that was going on; holds `$name`, as does the next."""
    back_to: str
    """Before an exercise that lies behind."""
    ready: str
    """Once, when the coach begins to wait for the person."""
    ready_reminder: str
    """Now and then while the coach waits."""
    stop: str
    """Where a session would go on for long without a stop-on-pain line of its own."""
    disclaimer: str
    """Once, before the first session of all."""
    less: str
    """Before an exercise that is easier than its source asks for."""
    playful: Mapping[str, Any]
    """Other wordings for children, by moment (see `playful`); empty where there are none."""
    checks: tuple[Spoken, ...]
    """What is said first where a routine has no check of its own."""
    grown_up: str
    """What the coach calls a grown-up."""
    _words: Mapping[str, Any]

    def next(self, spoken_name: str) -> str:
        """Return the announcement of the next exercise."""
        return as_sentence(str(self._words["coach"]["next"]).replace("$name", spoken_name))

    def heading(self, heading: Heading, spoken_name: str) -> str:
        """Return the sentence that names an exercise in its lead-in."""
        match heading:
            case Heading.AGAIN:
                pattern = self.once_more
            case Heading.BACK:
                pattern = self.back_to
            case Heading.NAME:
                pattern = "$name"
            case _:
                return self.next(spoken_name)
        return as_sentence(pattern.replace("$name", spoken_name))

    def need(self, equipment: Sequence[str]) -> str:
        """Return the sentence that says what to have at hand."""
        return str(self._words["coach"]["need"]).replace("$equipment", self.listing(equipment))

    def set_again(self, number: int) -> str:
        """Return the words before a further set, from 2."""
        ordinals = self._words["words"]["ordinals"]
        if number <= len(ordinals):
            pattern, word, value = self._words["coach"]["set"], "$ordinal", ordinals[number - 1]
        else:
            pattern, word, value = self._words["words"]["later_set"], "$number", self.number(number)
        return capitalise(str(pattern).replace(word, value))

    def round(self, number: int) -> str:
        """Return the words before a further round of a circuit, from 2."""
        return capitalise(
            str(self._words["coach"]["round"]).replace("$number", self.number(number))
        )

    def listing(self, things: Sequence[str]) -> str:
        """Return things as one speaks them: `a mat, a wall and your dumbbells`."""
        comma, last = self._words["words"]["comma"], self._words["words"]["and"]
        if len(things) < 2:
            return "".join(things)
        return str(comma).join(things[:-1]) + str(last) + things[-1]

    def side(self, side: str) -> str:
        """Return the word for `left` or `right`; nothing for no side."""
        return str(self._words["words"][side]) if side else ""

    def on_side(self, side: str) -> str:
        """Return the words that remind of a side: `Left side.`."""
        return capitalise(str(self._words["coach"]["on_side"]).replace("$side", self.side(side)))

    def print(self, key: str, **values: object) -> str:
        """Return what is printed under that key, with its `$values` filled in as they are."""
        pattern = str(self._words["print"][key])
        return _VARIABLE.sub(lambda found: str(values[found[2]]), pattern)

    def days(self) -> tuple[str, ...]:
        """Return the short names of the days of a week, as they are printed."""
        return tuple(self._words["print"]["days"])

    def number(self, value: float) -> str:
        """Return a number of 0 or more, below 100,000, in words."""
        table = self._words["numbers"]
        if value != int(value):
            whole, _, part = f"{value:g}".partition(".")
            digits = " ".join(self.number(int(digit)) for digit in part)
            return _fill_in(table["point"], whole=self.number(int(whole)), part=digits)
        whole_number = int(value)
        if whole_number < 20:
            return str(table["small"][whole_number])
        if whole_number < 100:
            ten, one = divmod(whole_number, 10)
            ten_word = str(table["tens"][ten])
            return (
                _fill_in(table["ten_and_one"], ten=ten_word, one=self.number(one))
                if one
                else ten_word
            )
        if whole_number >= 1000:
            thousand, rest = divmod(whole_number, 1000)
            pattern = table["thousands_and_rest"] if rest else table["thousands"]
            rest_words = self.number(rest) if rest else ""
            return _fill_in(pattern, thousand=self.number(thousand), rest=rest_words)
        hundred, rest = divmod(whole_number, 100)
        pattern = table["hundreds_and_rest"] if rest else table["hundreds"]
        return _fill_in(
            pattern, hundred=self.number(hundred), rest=self.number(rest) if rest else ""
        )

    def count(self, number: int) -> str:
        """Return a number as the coach counts it: `Twelve.`."""
        return as_sentence(self.number(number))

    def duration(self, seconds: float) -> str:
        """Return a length in spoken words: `half a minute`, `forty seconds`, `two minutes`."""
        table = self._words["durations"]
        own_words = table.get(f"{seconds:g}")
        if own_words:
            return str(own_words)
        minutes, left = divmod(seconds, 60)
        key = "seconds" if not minutes else "minutes" if not left else "minutes_and_seconds"
        return self._fill(
            table[key],
            {"minutes": self.number(int(minutes)), "seconds": self.number(left)},
            starts_sentence=False,
        )

    def fill(self, text: str, values: Mapping[str, str | float]) -> str:
        """Return a routine's text with its `$variables` in words.

        Numbers become words, `one minutes` becomes `one minute`, and a variable at the start of a
        sentence gets its capital. Raises PhraseError for a variable that has no value here.
        """
        words = {
            name: self.number(value) if isinstance(value, (int, float)) else value
            for name, value in values.items()
        }
        return self._fill(text, words)

    def _fill(self, text: str, words: Mapping[str, str], *, starts_sentence: bool = True) -> str:
        filled = ""
        position = 0
        one = self._words["numbers"]["small"][1]
        for match in _VARIABLE.finditer(text):
            filled += text[position : match.start()]
            position = match.end()
            if match[1]:
                filled += "$"
                continue
            name = match[2]
            if name not in words:
                known = ", ".join(f"${known}" for known in sorted(words))
                raise PhraseError(f'"{text}": ${name} has no value here; it may use {known}')
            before = filled.rstrip()
            at_start = before.endswith(_SENTENCE_END) if before else starts_sentence
            filled += capitalise(words[name]) if at_start else words[name]
            if words[name] == one:
                following = re.match(r" (\w+)", text[position:])
                singular = self._words["singular"].get(following[1]) if following else None
                if following and singular:
                    filled += f" {singular}"
                    position += following.end()
        return filled + text[position:]


def _fill_in(pattern: str, **words: str) -> str:
    for name, word in words.items():
        pattern = pattern.replace(f"${name}", word)
    return pattern


@cache
def available_languages() -> tuple[str, ...]:
    """Return the language tags there are phrases for."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name[:-5] for file in files if file.name.endswith(".toml")))


@cache
def load_phrases(language: str = "en", audience: Audience = Audience.ADULT) -> Phrases:
    """Return the phrases of a language for an audience; raises PhraseError where there are none."""
    tag = language.replace("_", "-").lower()
    tag = tag if tag in available_languages() else tag.split("-")[0]
    if tag not in available_languages():
        known = ", ".join(available_languages())
        raise PhraseError(
            f'the coach has no phrases in the language "{language}"; there are: {known}. '
            f"A new language is one file beside phrases/en.toml"
        )
    words = tomllib.loads((resources.files(__name__) / f"{tag}.toml").read_text("utf-8"))
    coach, own = words["coach"], words[audience.value]
    return Phrases(
        language=tag,
        countdown=tuple(own["countdown"]),
        go=own["go"],
        and_go=coach["and_go"],
        halfway=coach["halfway"],
        five_seconds=coach["five_seconds"],
        last_two=coach["last_two"],
        change=coach["change"],
        rest=coach["rest"],
        long_rest=coach["long_rest"],
        carrying_on=coach["carrying_on"],
        skipping=coach["skipping"],
        once_more=coach["once_more"],
        back_to=coach["back_to"],
        ready=coach["ready"],
        ready_reminder=coach["ready_reminder"],
        stop=own["stop"],
        disclaimer=own["disclaimer"],
        less=coach["less"],
        playful=own.get("playful", {}),
        checks=tuple(
            Spoken(line["say"], stop=line.get("stop", False))
            for line in words["checks"][audience.value]
        ),
        grown_up=words["words"]["grown_up"],
        _words=words,
    )
