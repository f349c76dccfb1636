"""The coach's own sentences, and `$variables` filled in as spoken words.

Wording is in the phrases file of a language, which has to be as complete as the English one (see
`completeness`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from voicecoach.errors import PhraseError
from voicecoach.language.completeness import phrase_faults
from voicecoach.language.language import (
    PHRASES,
    Language,
    available_languages,
    language_of,
    model,
    own_languages_folder,
)
from voicecoach.language.numbers import Numbers
from voicecoach.routine.model import Audience, Spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIDES: Final = ("side", "other_side")
"""The variables that are words for a side."""
_AMOUNTS: Final = ("minutes", "reps", "reps_left", "reps_done", "set", "sets")
_TIMES: Final = ("seconds", "seconds_left")
# Numbers in texts are variables: a fixed number goes stale when somebody changes the dose.
NUMBERS: Final = (*_AMOUNTS, *_TIMES)
"""The variables that are numbers."""
VARIABLES: Final = (*_AMOUNTS, *SIDES, *_TIMES, "duration", "equipment")
"""What the texts of a step may hold after a `$`, in the order of messages."""

_VARIABLE = re.compile(r"\$(?:(\$)|([a-z_]+)(?:\(([^()]*)\))?)")
_FOLLOWING = re.compile(r" ([\w-]+)")
_OPENERS = " ¡¿«„“\"'("
"""The marks that may be between the end of a sentence and the first word of the next."""
_SENTENCE_END = (".", "!", "?", "…")


def names_side(text: str) -> bool:
    """Return True if a text has a variable for a side."""
    return not set(SIDES).isdisjoint(variables_in(text))


def variables_in(text: str) -> tuple[str, ...]:
    """Return the names of the `$variables` in a text, in order, known or not."""
    return tuple(match[2] for match in _VARIABLE.finditer(text) if match[2])


def forms_of(written: str) -> tuple[str, ...]:
    """Return the forms in brackets after a variable, one by one."""
    # Authors write forms where they need them: a grammar that guessed cases would be wrong now and
    # then, and nobody would hear it before a patient does.
    return tuple(" ".join(form.split()) for form in written.split(","))


def forms_problem(name: str, written: str, language: str) -> tuple[str, str]:
    """Return the mistake in the forms of a variable, and what to do; two empty texts for none.

    In a language without phrases nobody knows how many forms a noun has, so only sides are judged.
    """
    forms = forms_of(written)
    if name in SIDES:
        if len(forms) == 2 and all(forms):
            return "", ""
        return f"${name} has two forms, for right and for left", f"write ${name}(right, left)"
    if name not in NUMBERS:
        return f"${name} is a text, and has no forms", f"write ${name} alone"
    known = language_of(language)
    if known is None:
        return "", ""
    names = numbers_of(known).plural_names
    if len(forms) == len(names) and all(forms):
        return "", ""
    listed = ", ".join(names)
    return (
        f'${name} has {len(names)} forms in "{known.tag}", got {len(forms)}',
        f"write ${name}({listed}) with the forms of the noun",
    )


def capitalise(text: str) -> str:
    """Return the text with its first letter made a capital; the rest stays as it is."""
    for index, character in enumerate(text):
        if character.isalnum():
            return text[:index] + character.upper() + text[index + 1 :]
    return text


def as_sentence(text: str) -> str:
    """Return a name as a sentence: a capital first, and a full stop unless it has its own."""
    return capitalise(text) + ("" if text.endswith(_SENTENCE_END) else ".")


@dataclass(frozen=True)
class Phrases:
    """The coach's sentences in one language, for one audience."""

    language: str
    word_seconds: float
    """Length of a spoken word at the coach's own pace, pauses included."""
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
    _coach: Mapping[str, str]
    _words: Mapping[str, Any]
    _numbers: Numbers = field(compare=False, repr=False)
    """Made from `_words`."""

    def next(self, spoken_name: str) -> str:
        """Return the announcement of the next exercise."""
        return self.heading(Heading.NEXT, spoken_name)

    def heading(self, heading: Heading, spoken_name: str) -> str:
        """Return the sentence that names an exercise in its lead-in; a usual one is the next."""
        own = {Heading.AGAIN: self.once_more, Heading.BACK: self.back_to, Heading.NAME: "$name"}
        return as_sentence(own.get(heading, self._coach["next"]).replace("$name", spoken_name))

    def need(self, equipment: Sequence[str]) -> str:
        """Return the sentence that says what to have at hand."""
        return self._coach["need"].replace("$equipment", self.listing(equipment))

    def set_again(self, number: int) -> str:
        """Return the words before a further set, from 2."""
        ordinals = self._words["words"]["ordinals"]
        if number <= len(ordinals):
            pattern, word, value = self._coach["set"], "$ordinal", ordinals[number - 1]
        else:
            later = self._words["words"]["later_set"]
            pattern, word, value = later, "$number", self.number(number)
        return capitalise(str(pattern).replace(word, value))

    def round(self, number: int) -> str:
        """Return the words before a further round of a circuit, from 2."""
        return capitalise(self._coach["round"].replace("$number", self.number(number)))

    def listing(self, things: Sequence[str]) -> str:
        """Return things as one speaks them: `a mat, a wall and your dumbbells`."""
        comma, last = str(self._words["words"]["comma"]), str(self._words["words"]["and"])
        return last.join(filter(None, [comma.join(things[:-1]), *things[-1:]]))

    def side(self, side: str) -> str:
        """Return the word for `left` or `right`; nothing for no side."""
        return str(self._words["words"][side]) if side else ""

    def on_side(self, side: str) -> str:
        """Return the words that remind of a side: `Left side.`."""
        return self._fill(self._coach["on_side"], {"side": self.side(side)})

    def chapter(self, kind: str) -> str:
        """Return the title of a chapter that is no exercise: `opening` or `closing`."""
        return str(self._words["chapters"][kind])

    def print(self, key: str, **values: object) -> str:
        """Return a printed text with its `$values` filled in as they are: numbers in figures."""

        def written(found: re.Match[str]) -> str:
            value = values[found[2]]
            if found[3] is None or not isinstance(value, (int, float)):
                return str(value)
            return f"{value} {forms_of(found[3])[self._numbers.plural(value)]}"

        return _VARIABLE.sub(written, str(self._words["print"][key]))

    def printed(self, beginning: str) -> dict[str, str]:
        """Return the printed texts of all keys with a beginning, by the rest of the key."""
        return {
            key.removeprefix(beginning): str(text)
            for key, text in self._words["print"].items()
            if key.startswith(beginning)
        }

    def printed_forms(self, key: str) -> dict[str, str]:
        """Return the printed forms of a noun by the plural category (CLDR) of the number."""
        forms = forms_of(str(self._words["print"][key]))
        return dict(zip(self._numbers.plural_names, forms, strict=True))

    def days(self) -> tuple[str, ...]:
        """Return the printed short names of the days of a week."""
        return tuple(self._words["print"]["days"])

    def number(self, value: float) -> str:
        """Return a number of 0 or more, below 100,000, in words."""
        return self._numbers.words(value)

    def count(self, number: int) -> str:
        """Return a number as the coach counts it: `Twelve.`."""
        return as_sentence(self._numbers.counted(number))

    def duration(self, seconds: float) -> str:
        """Return a length in spoken words: `half a minute`, `forty seconds`, `two minutes`."""
        table = self._words["durations"]
        own_words = table.get(f"{seconds:g}")
        if own_words:
            return str(own_words)
        minutes, left = divmod(seconds, 60)
        key = "seconds" if not minutes else "minutes" if not left else "minutes_and_seconds"
        return self._fill(
            table[key], {"minutes": int(minutes), "seconds": left}, starts_sentence=False
        )

    def fill(self, text: str, values: Mapping[str, str | float]) -> str:
        """Return a routine's text with its `$variables` in words.

        A number goes with the noun after it, where that is one the coach knows (`one minutes`
        becomes `one minute`) or its forms stand in brackets: `$reps_left(swing, swings)`. A side
        has two forms: `$side(right, left)`. A variable at the start of a sentence gets its capital.
        Raises PhraseError for a variable that has no value here.
        """
        return self._fill(text, values)

    def _fill(
        self, text: str, values: Mapping[str, str | float], *, starts_sentence: bool = True
    ) -> str:
        filled = ""
        position = 0
        for match in _VARIABLE.finditer(text):
            filled += text[position : match.start()]
            position = match.end()
            if match[1]:
                filled += "$"
                continue
            name, value = match[2], values.get(match[2])
            if value is None:
                known = ", ".join(f"${known}" for known in sorted(values))
                raise PhraseError(f'"{text}": ${name} has no value here; it may use {known}')
            if match[3] is not None:
                said = self._in_form(value, forms_of(match[3]))
            elif isinstance(value, str):
                said = value
            else:
                noun = _FOLLOWING.match(text, position)
                together = self._numbers.with_noun(value, noun[1]) if noun else None
                said = " ".join(together) if together else self.number(value)
                if noun and together:
                    position = noun.end()
            before = filled.rstrip(_OPENERS)
            at_start = before.endswith(_SENTENCE_END) if before else starts_sentence
            filled += capitalise(said) if at_start else said
        return filled + text[position:]

    def _in_form(self, value: str | float, forms: Sequence[str]) -> str:
        """Return a number with the right form of a noun, or the right one of the two for a side."""
        if not isinstance(value, str):
            return self._numbers.with_forms(value, forms)
        return forms[0] if value == self.side("right") else forms[1] if value else ""


@cache
def numbers_of(language: Language) -> Numbers:
    """Return the number words of a language."""
    words = _table_of(language)
    return Numbers(words["numbers"], words["nouns"])


def speaks(language: str) -> bool:
    """Return True if the coach has phrases in a language, or in that of a regional tag."""
    return language_of(language) is not None


def language_name(tag: str) -> str:
    """Return the name of a language in that language; the tag where there are no phrases."""
    known = language_of(tag)
    return str(_table_of(known)["name"]) if known else tag


def three_letters(tag: str) -> str:
    """Return the three-letter code of a language (ISO 639-2); empty where there are no phrases."""
    known = language_of(tag)
    return str(_table_of(known)["three_letters"]) if known else ""


@cache
def _table_of(language: Language) -> dict[str, Any]:
    words = language.table(PHRASES)
    if language.is_own:
        language.check_names()
        if faults := phrase_faults(words, model().table(PHRASES)):
            raise language.error(PHRASES, faults)
    return words


def load_phrases(language: str = "en", audience: Audience = Audience.ADULT) -> Phrases:
    """Return the phrases of a language for an audience; raises PhraseError where there are none."""
    known = language_of(language)
    if known is None:
        own = own_languages_folder()
        place = f": {own / language}" if own and language.isalnum() else ""
        raise PhraseError(
            f'the coach has no phrases in the language "{language}"; there are: '
            f"{', '.join(available_languages())}. "
            f"A new language is one folder, with a {PHRASES} in it{place}"
        )
    return _phrases_of(known, audience)


@cache
def _phrases_of(language: Language, audience: Audience) -> Phrases:
    words = _table_of(language)
    own = words[audience.value]
    coach: dict[str, str] = words["coach"] | own.get("coach", {})
    return Phrases(
        language=language.tag,
        word_seconds=words["pace"][audience.value],
        countdown=tuple(own["countdown"]),
        go=own["go"],
        stop=own["stop"],
        disclaimer=own["disclaimer"],
        playful=own.get("playful", {}),
        checks=tuple(
            Spoken(line["say"], stop=line.get("stop", False))
            for line in words["checks"][audience.value]
        ),
        grown_up=words["words"]["grown_up"],
        **{name: text for name, text in coach.items() if name in Phrases.__dataclass_fields__},
        _coach=coach,
        # A track is made again when these change; what the language is called is not said in it.
        _words={name: table for name, table in words.items() if isinstance(table, dict)},
        _numbers=numbers_of(language),
    )


class Heading(StrEnum):
    """How the lead-in of an exercise names it."""

    USUAL = "usual"
    """By its name alone after a rest, else as the next; a flow step not at all."""
    NAME = "name"
    """By its name alone."""
    NEXT = "next"
    """As in "Next: plank"."""
    AGAIN = "again"
    """As in "Once more: plank"."""
    BACK = "back"
    """As in "Back to: plank"."""
