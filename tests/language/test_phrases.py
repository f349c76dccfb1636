"""The coach's own sentences: numbers and lengths in words, variables, and every language complete."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.errors import PhraseError
from voicecoach.language.completeness import phrase_faults
from voicecoach.language.language import PHRASES, available_languages, language_of
from voicecoach.language.phrases import (
    as_sentence,
    capitalise,
    forms_problem,
    load_phrases,
    variables_in,
)
from voicecoach.routine.model import Audience
from voicecoach.script.durations import word_seconds

COACH = load_phrases("en", Audience.ADULT)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"), (7, "seven"), (13, "thirteen"), (20, "twenty"), (21, "twenty-one"), (90, "ninety"),
        (100, "one hundred"), (105, "one hundred and five"), (342, "three hundred and forty-two"), (1000, "one thousand"), (7200, "seven thousand, two hundred"),
        (7.5, "seven point five"), (12.25, "twelve point two five"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: float, words: str) -> None:
    """Numbers are spoken as people say them."""
    assert COACH.number(number) == words


@given(st.integers(0, 9_999))
def test_every_number_has_words_of_its_own(number: int) -> None:
    """No two neighbours sound alike, and no digit is left over."""
    words = COACH.number(number)
    assert words != COACH.number(number + 1)
    assert not any(character.isdigit() for character in words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "half a minute"), (60, "one minute"), (90, "a minute and a half"), (20, "twenty seconds"),
        (1, "one second"), (120, "two minutes"), (7200, "two hours"), (75, "one minute and fifteen seconds"),
        (61, "one minute and one second"), (12.5, "twelve point five seconds"),
    ],
)  # fmt: skip
def test_lengths_in_words(seconds: float, words: str) -> None:
    """Lengths are said in people's own words, with the right plural."""
    assert COACH.duration(seconds) == words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It takes $minutes minutes.", "It takes one minute."),
        ("$reps_left more. Go on.", "Twelve more. Go on."),
        ("Good. $reps_left more.", "Good. Twelve more."),
        ("$side foot, then the $other_side one.", "Right foot, then the left one."),
        ("$$5 and $reps_left", "$5 and twelve"),
        ("No variable at all.", "No variable at all."),
    ],
)
def test_variables_are_filled_in_words(text: str, said: str) -> None:
    """Sentences begin with a capital and one is one."""
    values = {"minutes": 1, "reps_left": 12, "side": "right", "other_side": "left"}
    assert COACH.fill(text, values) == said


def test_printed_words_hold_figures_and_are_not_filled_twice() -> None:
    """What is filled in stands there as it is, even where it looks like a variable."""
    assert COACH.print("tempo_without_pause", away=2, back="$away") == "2 s there, $away s back"


def test_unknown_variable_names_those_there_are() -> None:
    """A variable without a value here is an error, not a hole in a sentence."""
    with pytest.raises(
        PhraseError, match=r"\$secs has no value here; it may use \$minutes, \$side"
    ):
        COACH.fill("Wait $secs.", {"minutes": 1, "side": "left"})
    assert variables_in("$minutes $$ $secs $Upper") == ("minutes", "secs")


def test_lists_and_names() -> None:
    """Things are joined as one speaks, and names keep their own punctuation."""
    assert COACH.need(["a mat"]) == "You need a mat."
    assert (
        COACH.need(["a mat", "a wall", "your dumbbells"])
        == "You need a mat, a wall and your dumbbells."
    )
    assert COACH.next("soft-knee row") == "Next: soft-knee row."
    assert COACH.next("Airplane!") == "Next: Airplane!"
    assert (as_sentence("shrug"), as_sentence("Airplane!")) == ("Shrug.", "Airplane!")
    assert capitalise("“hello”") == "“Hello”"
    assert (COACH.set_again(2), COACH.set_again(12)) == (
        "Second set, same again.",
        "Set twelve, same again.",
    )


def test_children_are_counted_in_with_energy() -> None:
    """Adults hear three, two, one; children ready, steady."""
    assert (COACH.countdown, COACH.go) == (("Three.", "Two.", "One."), "Go.")
    children = load_phrases("en", Audience.CHILD)
    assert (children.countdown, children.go) == (("Ready.", "Steady."), "Go!")


def test_regional_tags_find_their_language_and_others_are_refused() -> None:
    """`en-GB` is English; a language without phrases says which there are."""
    assert load_phrases("en-GB", Audience.ADULT).language == "en"
    with pytest.raises(
        PhraseError, match='no phrases in the language "xx"; there are: de, en, es, ru'
    ):
        load_phrases("xx", Audience.ADULT)


# ------------------------------------------------------------------------------------ all languages

WORDS = {
    "en": {1: "one", 21: "twenty-one", 100: "one hundred", 101: "one hundred and one", 555: "five hundred and fifty-five",
           1000: "one thousand", 1001: "one thousand, one", 99_999: "ninety-nine thousand, nine hundred and ninety-nine",
           0.5: "zero point five"},
    "de": {1: "eins", 16: "sechzehn", 17: "siebzehn", 21: "einundzwanzig", 30: "dreißig", 31: "einunddreißig", 66: "sechsundsechzig",
           70: "siebzig", 100: "einhundert", 101: "einhunderteins", 121: "einhunderteinundzwanzig",
           1000: "eintausend", 1101: "eintausendeinhunderteins", 21_000: "einundzwanzigtausend",
           7.5: "sieben Komma fünf"},
    "es": {1: "uno", 16: "dieciséis", 21: "veintiuno", 22: "veintidós", 30: "treinta", 31: "treinta y uno",
           100: "cien", 101: "ciento uno", 200: "doscientos", 500: "quinientos", 700: "setecientos",
           900: "novecientos", 1000: "mil", 1001: "mil uno", 2000: "dos mil", 21_000: "veintiún mil",
           31_000: "treinta y un mil", 100.5: "cien coma cinco"},
    "ru": {1: "один", 2: "два", 11: "одиннадцать", 40: "сорок", 50: "пятьдесят", 90: "девяносто", 99: "девяносто девять",
           100: "сто", 200: "двести", 345: "триста сорок пять", 500: "пятьсот", 1000: "одна тысяча",
           2000: "две тысячи", 5000: "пять тысяч", 11_000: "одиннадцать тысяч", 21_000: "двадцать одна тысяча",
           22_345: "двадцать две тысячи триста сорок пять", 7.5: "семь с половиной",
           0.25: "ноль запятая два пять"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [(tag, *pair) for tag, all_ in WORDS.items() for pair in all_.items()],
)
def test_each_language_has_its_number_words(language: str, number: float, words: str) -> None:
    """Numbers are said as people of that language say them."""
    assert load_phrases(language).number(number) == words


@pytest.mark.parametrize("language", available_languages())
@given(number=st.integers(0, 99_998))
def test_no_two_numbers_sound_alike_in_any_language(language: str, number: int) -> None:
    """Every number has words, none has a digit, and its neighbour has others."""
    phrases = load_phrases(language)
    words = phrases.number(number)
    assert words != phrases.number(number + 1)
    assert not any(character.isdigit() or character == "$" for character in words)
    assert "  " not in words


LENGTHS = {
    "de": {1: "eine Sekunde", 2: "zwei Sekunden", 21: "einundzwanzig Sekunden", 30: "eine halbe Minute",
           60: "eine Minute", 61: "eine Minute und eine Sekunde", 90: "anderthalb Minuten", 120: "zwei Minuten",
           7.5: "sieben Komma fünf Sekunden"},
    "es": {1: "un segundo", 21: "veintiún segundos", 31: "treinta y un segundos", 30: "medio minuto", 60: "un minuto",
           61: "un minuto y un segundo", 90: "un minuto y medio", 120: "dos minutos", 1260: "veintiún minutos"},
    "ru": {1: "одну секунду", 2: "две секунды", 5: "пять секунд", 11: "одиннадцать секунд", 12: "двенадцать секунд",
           21: "двадцать одну секунду", 22: "двадцать две секунды", 25: "двадцать пять секунд",
           30: "полминуты", 60: "одну минуту", 61: "одну минуту и одну секунду", 90: "полторы минуты",
           120: "две минуты", 300: "пять минут", 1260: "двадцать одну минуту", 7.5: "семь с половиной секунды"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [(tag, *pair) for tag, all_ in LENGTHS.items() for pair in all_.items()],
)
def test_lengths_agree_in_number_and_gender(language: str, seconds: float, words: str) -> None:
    """A length stands in the case in which a coach says it."""
    assert load_phrases(language).duration(seconds) == words


@pytest.mark.parametrize(
    ("language", "text", "number", "said"),
    [
        ("en", "Do $reps reps.", 1, "Do one rep."),
        ("en", "$reps(swing, swings) now.", 1, "One swing now."),
        ("en", "$reps(swing, swings) now.", 7, "Seven swings now."),
        ("de", "Noch $reps Wiederholungen.", 1, "Noch eine Wiederholung."),
        ("de", "Noch $reps Sätze.", 1, "Noch einen Satz."),
        ("de", "Noch $reps(Atemzug, Atemzüge).", 1, "Noch einen Atemzug."),
        ("de", "Noch $reps(Drehung, Drehungen).", 1, "Noch eine Drehung."),
        ("de", "Noch $reps(ein Bein, Beine).", 1, "Noch ein Bein."),
        ("de", "Noch $reps(ein Bein, Beine).", 2, "Noch zwei Beine."),
        ("de", "Noch $reps Male.", 1, "Noch ein Mal."),
        ("de", "$reps Sekunden.", 101, "Einhunderteins Sekunden."),
        ("es", "$reps repeticiones más.", 1, "Una repetición más."),
        ("es", "$reps repeticiones más.", 21, "Veintiuna repeticiones más."),
        ("es", "$reps repeticiones más.", 200, "Doscientas repeticiones más."),
        ("es", "¡$reps minutos!", 31, "¡Treinta y un minutos!"),
        ("es", "$reps(patada, patadas).", 1, "Una patada."),
        ("es", "$reps(giro, giros).", 21, "Veintiún giros."),
        ("ru", "Ещё $reps(повторение, повторения, повторений).", 1, "Ещё одно повторение."),
        ("ru", "Ещё $reps(повторение, повторения, повторений).", 2, "Ещё два повторения."),
        ("ru", "Ещё $reps(повторение, повторения, повторений).", 5, "Ещё пять повторений."),
        ("ru", "Ещё $reps повторений.", 21, "Ещё двадцать одно повторение."),
        ("ru", "Осталось $reps минут.", 2, "Осталось две минуты."),
        ("ru", "$reps(мах, маха, махов) ногой.", 12, "Двенадцать махов ногой."),
        ("ru", "Вытяните $reps(рука, руки, рук).", 1, "Вытяните одна рука."),
        ("ru", "Вытяните $reps(руку, руки, рук).", 1, "Вытяните одну руку."),
        ("ru", "Вытяните $reps(руку, руки, рук).", 2, "Вытяните две руки."),
    ],
)
def test_nouns_go_with_their_numbers(language: str, text: str, number: int, said: str) -> None:
    """Nouns that the coach knows agree by themselves, others by their forms in brackets."""
    assert load_phrases(language).fill(text, {"reps": number}) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "$side(right, left) foot.", "Left foot."),
        ("de", "Das $side(rechte, linke) Bein, nach $other_side.", "Das linke Bein, nach rechts."),
        ("es", "El brazo $side(derecho, izquierdo), la mano $other_side.", "El brazo izquierdo, la mano derecha."),
        ("ru", "$side(Правую, Левую) ногу $other_side(правой, левой) рукой.", "Левую ногу правой рукой."),
    ],
)  # fmt: skip
def test_sides_stand_in_the_form_that_the_sentence_wants(
    language: str, text: str, said: str
) -> None:
    """The first form is for right, the second for left."""
    phrases = load_phrases(language)
    values = {"side": phrases.side("left"), "other_side": phrases.side("right")}
    assert phrases.fill(text, values) == said


def test_counting_and_sides_alone() -> None:
    """One counts "раз", and a side is named in a sentence of its own."""
    ones = {tag: load_phrases(tag).count(1) for tag in available_languages()}
    assert ones == {"de": "Eins.", "en": "One.", "es": "Uno.", "ru": "Раз."}
    assert {load_phrases(tag).on_side("left") for tag in available_languages()} == {
        "Linke Seite.", "Left side.", "Lado izquierdo.", "Левая сторона.",
    }  # fmt: skip
    printed = [load_phrases("ru").print("times", number=number) for number in (1, 2, 5)]
    assert printed == ["1 раз", "2 раза", "5 раз"]


def test_children_are_called_otherwise_in_russian() -> None:
    """Adults hear "вы", children "ты"."""
    adults, children = (load_phrases("ru", audience) for audience in Audience)
    assert (adults.rest, children.rest) == ("И отдыхайте.", "И отдыхай.")
    assert (adults.need(["мат"]), children.need(["мат"])) == ("Приготовьте мат.", "Приготовь мат.")


@pytest.mark.parametrize(
    ("name", "written", "language", "message"),
    [
        ("reps", "раз, раза", "ru", '$reps has 3 forms in "ru", got 2: write $reps(one, few, many)'),
        ("reps", "a, b, c", "de-AT", '$reps has 2 forms in "de", got 3: write $reps(one, other)'),
        ("side", "rechts", "de", "$side has two forms, for right and for left"),
        ("side", "rechts, ", "de", "$side has two forms"),
        ("equipment", "a, b", "en", "$equipment is a text, and has no forms: write $equipment alone"),
    ],
)  # fmt: skip
def test_wrong_forms_are_told(name: str, written: str, language: str, message: str) -> None:
    """The message says how many forms the language has, and which."""
    assert ": ".join(forms_problem(name, written, language)).startswith(message)


def test_right_forms_are_fine() -> None:
    """So are those of a language that nobody knows."""
    assert forms_problem("reps", "раз, раза, раз", "ru") == ("", "")
    assert forms_problem("other_side", "a, b", "xx") == ("", "")
    assert forms_problem("reps", "a, b, c, d", "xx") == ("", "")


def table(tag: str) -> dict[str, Any]:
    """Return the phrases file of a language."""
    language = language_of(tag)
    assert language
    return deepcopy(language.table(PHRASES))


@pytest.mark.parametrize("language", available_languages())
def test_every_language_has_every_phrase(language: str) -> None:
    """A language file has the keys, the lists and the variables of the English one."""
    assert phrase_faults(table(language), table("en")) == []


@pytest.mark.parametrize(
    ("section", "key", "value", "told"),
    [
        ("coach", "rest", None, "coach.rest is missing"),
        ("coach", "extra", "Ja.", "coach.extra is unknown"),
        ("coach", "rest", "", "coach.rest is empty"),
        ("coach", "next", "Weiter.", "coach.next holds $name in English"),
        ("coach", "rest", "$name.", "coach.rest holds no variable in English"),
        ("coach", "rest", ["Pause."], "coach.rest is of another type than in English"),
        ("adult", "countdown", ["Zwei.", "Eins."], "adult.countdown has 2 items, in English 3"),
        ("print", "days", ["Mo"], "print.days has 1 items, in English 7"),
        ("words", "ordinals", ["erster"], "words.ordinals has 1 items, at least 4 are needed"),
        ("child", "coach", {"resst": "Pause."}, "child.coach.resst is unknown"),
        ("child", "coach", {"next": "Weiter."}, "child.coach.next holds $name in English"),
        ("numbers", "tens", ["zehn"], "numbers.tens has 1 items, 10 are needed"),
        ("numbers", "plural", "two", "numbers.plural is one of one-other, one-few-many"),
        ("numbers", "point", None, "numbers.point is missing"),
        ("nouns", "rep", {"forms": ["Mal"]}, "nouns.rep has 1 forms, 2 are needed"),
        ("nouns", "rep", {"forms": ["a", "b"], "number": "odd"}, "nouns.rep.number is no form of numbers: odd"),
        ("durations", "minutes", None, "durations.minutes is missing"),
        ("checks", "adult", [{"say": "Hör auf."}], "checks.adult[0].stop is not as in English"),
    ],
)  # fmt: skip
def test_what_a_phrases_file_lacks_is_told(section: str, key: str, value: Any, told: str) -> None:
    """Each kind of gap is found; no session falls back on English."""
    words = table("de")
    if value is None:
        del words[section][key]
    else:
        words[section][key] = value
    assert told in [str(fault) for fault in phrase_faults(words, table("en"))]


def test_words_and_their_pace() -> None:
    """Each language has a pace of its own, children a calmer one; what nobody speaks is paced like English."""
    seconds = {
        tag: word_seconds(Audience.ADULT, language=tag) for tag in ("en", "de", "es", "ru", "xx")
    }
    assert seconds == {"en": 0.40, "de": 0.46, "es": 0.43, "ru": 0.56, "xx": 0.40}
    assert word_seconds(Audience.CHILD, 1.15, "en") == pytest.approx(0.40)
    for tag in available_languages():
        assert 1.1 < load_phrases(tag, Audience.CHILD).word_seconds / seconds[tag] < 1.2
