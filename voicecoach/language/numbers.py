"""Numbers in words, and the forms that nouns have after them, by the tables of a language.

The tables stand in its phrases file: `[numbers]` and `[nouns]`. A *form* of a number is what it
becomes before a noun of some gender ("una", "одну"); it is called by a name that the file chooses.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST: Final = 99_999
"""The greatest number that has words."""

_INSIDE: Final = "joined"
"""The form that a number has inside a longer word: "ein" in "einundzwanzig"."""


def _one_few_many(value: float) -> int:
    whole = int(value)
    if whole != value:
        return 1  # "семь с половиной секунды"
    last, last_two = whole % 10, whole % 100
    if last == 1 and last_two != 11:
        return 0
    return 1 if 2 <= last <= 4 and not 12 <= last_two <= 14 else 2


PLURALS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[float], int]]]] = {
    "one-other": (("one", "other"), lambda value: int(value != 1)),
    "one-few-many": (("one", "few", "many"), _one_few_many),
}
"""The plural rules: the forms by their names in Unicode's CLDR, and the one that a number takes.

Amounts with a fraction take the last of two forms, and the second of three. Babel has these rules,
too, but would bring every locale there is.
"""


class Numbers:
    """The number words of one language."""

    def __init__(
        self, table: Mapping[str, Any], nouns: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self._table = table
        self._small: Sequence[str] = table["small"]
        self._forms: Mapping[str, Mapping[str, Any]] = table.get("forms", {})
        self.plural_names, self.plural = PLURALS[table["plural"]]
        self._nouns: dict[str, tuple[Sequence[str], str]] = {}
        for noun in (nouns or {}).values():
            for form in noun["forms"]:
                self._nouns.setdefault(form, (noun["forms"], noun.get("number", "")))

    def words(self, value: float, form: str = "") -> str:
        """Return a number from 0 to `MOST` in words; `form` is one that a noun asks for."""
        whole = int(value)
        if value == whole:
            if self._table.get("forms_alone") and whole > 1:
                form = ""
            return self._whole(whole, form)
        part = f"{value:g}".partition(".")[2]
        if part == "5" and whole and "half" in self._table:
            return _fill_in(self._table["half"], whole=self.words(whole, form))
        digits = " ".join(self._whole(int(digit)) for digit in part)
        return _fill_in(self._table["point"], whole=self._whole(whole), part=digits)

    def counted(self, number: int) -> str:
        """Return a number as one counts: "раз", not "один"."""
        return str(self._table.get("counting", {}).get(str(number)) or self._whole(number))

    def with_noun(self, value: float, noun: str) -> tuple[str, str] | None:
        """Return the number and the noun as they go together; None for a noun that is not known."""
        forms, number = self._nouns.get(noun, ((), ""))
        if not forms:
            return None
        return self.words(value, number), forms[self.plural(value)]

    def with_forms(self, value: float, forms: Sequence[str]) -> str:
        """Return the number with a noun in the form that goes with it.

        A form that begins with the number itself, as "eine Bahn", is said as it is.
        """
        form = forms[self.plural(value)]
        first = form.partition(" ")[0].lower()
        if first in {self.words(value, name) for name in ("", *self._forms)}:
            return form
        _, number = self._nouns.get(forms[0], ((), self._by_ending(forms[0])))
        return f"{self.words(value, number)} {form}"

    def _by_ending(self, noun: str) -> str:
        endings: Mapping[str, str] = self._table.get("endings", {})
        noun = noun.partition(" ")[0].lower()
        return next((form for end, form in endings.items() if noun.endswith(end)), "")

    def _whole(self, number: int, form: str = "") -> str:
        own = self._forms.get(form, {})
        table = self._table
        if number < len(self._small):
            return str(own.get(str(number)) or self._small[number])
        if number < 100:
            ten, one = divmod(number, 10)
            word = str(table["tens"][ten])
            if not one:
                return word
            inside = _INSIDE if _INSIDE in self._forms else form
            return _fill_in(table["ten_and_one"], ten=word, one=self._whole(one, inside))
        if number < 1000:
            hundred, rest = divmod(number, 100)
            if not rest and hundred == 1 and "hundred_alone" in table:
                return str(table["hundred_alone"])
            word = str(own.get("hundreds", table["hundreds"])[hundred])
            if not rest:
                return word
            return _fill_in(table["hundreds_and_rest"], hundred=word, rest=self._whole(rest, form))
        thousand, rest = divmod(number, 1000)
        if thousand == 1 and "one_thousand" in table:
            word = str(table["one_thousand"])
        else:
            amount = self._whole(thousand, table.get("thousand_form", ""))
            word = _fill_in(table["thousands"][self.plural(thousand)], thousand=amount)
        if not rest:
            return word
        return _fill_in(table["thousands_and_rest"], thousands=word, rest=self._whole(rest, form))


def _fill_in(pattern: str, **words: str) -> str:
    return Template(pattern).substitute(words)
