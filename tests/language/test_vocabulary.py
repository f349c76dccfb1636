"""What words mean, by language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.written import check, file, step
from voicecoach.language.completeness import speakable_faults, vocabulary_faults
from voicecoach.language.language import (
    SPEAKABLE,
    VOCABULARY,
    available_languages,
    language_of,
    model,
)
from voicecoach.language.phrases import numbers_of
from voicecoach.language.vocabulary import Position, Vocabulary, known_vocabularies, vocabulary_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path


def words_of(language: str) -> Vocabulary:
    """Return the vocabulary of a language that has one."""
    words = vocabulary_of(language)
    assert words is not None
    return words


def patterns_of(words: Vocabulary) -> Iterator[tuple[tuple[str, ...], re.Pattern[str]]]:
    """Yield every pattern of a vocabulary, by its keys."""
    for key, value in words._table.items():
        for keys in [(key,)] if isinstance(value, list) else [(key, each) for each in value]:
            yield keys, words.pattern(*keys, number="7")


@pytest.mark.parametrize("language", available_languages())
def test_every_pattern_can_be_searched_with(language: str) -> None:
    """No list of words is empty, finds nothing at all, or finds everything."""
    words = words_of(language)
    assert vocabulary_faults(words._table, model().table(VOCABULARY)) == []
    for keys, pattern in patterns_of(words):
        assert words.words(*keys)
        assert pattern.search("") is None, keys
    assert list(words._table["positions"]) == [position.key for position in Position]
    for key in ("remaining", "amount", "minutes"):
        assert all("{number}" in one for one in words.words(key))
    for thing in words.things:
        assert words.pattern("things", thing).search(thing), thing


@pytest.mark.parametrize("language", ["de", "es", "ru"])
def test_every_language_has_its_written_forms(language: str) -> None:
    """As whole as those of a user's own have to be."""
    known = language_of(language)
    assert known
    forms = len(numbers_of(known).plural_names)
    assert speakable_faults(known.table(SPEAKABLE), model().table(SPEAKABLE), forms) == []


def test_regions_share_the_vocabulary_of_their_language() -> None:
    """`de-AT` is German, and what nobody wrote down is nothing."""
    assert known_vocabularies() == ("de", "en", "es", "ru")
    assert vocabulary_of("de-AT") is vocabulary_of("de")
    assert vocabulary_of("en_GB") is vocabulary_of("en")
    assert vocabulary_of("fr") is None


BAD = {
    "de": [
        ("needs-eyes", step("Hebe die Arme §wie gezeigt.")),
        ("needs-eyes", step("§Schau mir zu und §folge mir.")),
        ("held-breath", step("§Halte die Luft an.")),
        ("held-breath", step("Und jetzt §nicht atmen.")),
        ("side-alone", step("Hebe das §rechte Bein.")),
        ("side-unsaid", step("§Hebe ein Bein.", "hold 20s each side")),
        ("side-contradicted", step("Hebe das §linke Bein.", "hold 20s each side")),
        ("side-fixed", step("Hebe das §rechte Bein.", "hold 20s each side")),
        ("position-unexplained", step("§Hebe beide Knie.", position="Rückenlage")),
        ("equipment-unlisted", step("Setz dich auf den §Stuhl.")),
        ("weights-without-reasons", step("Nimm die §Hanteln.")),
        ("fixed-number", step("Hebe.", "10 reps", "rep 5 | §Noch 5.")),
    ],
    "es": [
        ("needs-eyes", step("Levanta los brazos §como se muestra.")),
        ("needs-eyes", step("§Mírame y §sígueme.")),
        ("held-breath", step("§Aguanta la respiración.")),
        ("held-breath", step("Ahora §no respires.")),
        ("side-alone", step("Levanta la §pierna derecha.")),
        ("side-unsaid", step("§Levanta una pierna.", "hold 20s each side")),
        ("side-contradicted", step("Levanta la §pierna izquierda.", "hold 20s each side")),
        ("side-fixed", step("Levanta la §pierna derecha.", "hold 20s each side")),
        ("position-unexplained", step("§Levanta las rodillas.", position="tumbado boca arriba")),
        ("equipment-unlisted", step("Apoya las manos en la §pared.")),
        ("weights-without-reasons", step("Toma las §mancuernas.")),
        ("fixed-number", step("Levanta.", "10 reps", "rep 5 | §5 más.")),
    ],
    "ru": [
        ("needs-eyes", step("Поднимите руки, §как показано.")),
        ("needs-eyes", step("§Смотрите на меня. §Повторяйте за мной.")),
        ("held-breath", step("§Задержите дыхание.")),
        ("held-breath", step("А теперь §не дышите.")),
        ("side-alone", step("Поднимите §правую ногу.")),
        ("side-unsaid", step("§Поднимите ногу.", "hold 20s each side")),
        ("side-contradicted", step("Поднимите §левую ногу.", "hold 20s each side")),
        ("side-fixed", step("Поднимите §правую ногу.", "hold 20s each side")),
        ("position-unexplained", step("§Поднимите колени.", position="лёжа на спине")),
        ("equipment-unlisted", step("Сядьте на §стул.")),
        ("weights-without-reasons", step("Возьмите §гантели.")),
        ("fixed-number", step("Поднимите.", "10 reps", "rep 5 | §Ещё 5.")),
    ],
}
GOOD = {
    "de": [
        ("needs-eyes", step("Schau geradeaus und folge meiner Stimme.")),
        ("held-breath", step("Halte nie den Atem an. Halte die Arme an der Seite.")),
        ("side-alone", step("Hebe das rechte Bein, dann das linke Bein.")),
        ("side-unsaid", step("Hebe das $side Bein.", "hold 20s each side")),
        ("side-contradicted", step("Hebe das rechte Bein.", "hold 20s each side")),
        ("side-fixed", step("Hebe das $side Bein.", "hold 20s each side")),
        ("position-unexplained", step("Leg dich auf den Rücken.", position="Rückenlage")),
        ("equipment-unlisted", step("Mach den Rücken flach wie ein Tisch.")),
        ("weights-without-reasons", step("Verlagere dein Gewicht, ohne Gewichte.")),
        ("fixed-number", step("Hebe.", "10 reps", "rep 5 | Noch $reps_left.")),
    ],
    "es": [
        ("needs-eyes", step("Mira al frente y sigue mi voz.")),
        ("held-breath", step("No aguantes la respiración. Mantén los brazos arriba.")),
        ("side-alone", step("Levanta la pierna derecha y la pierna izquierda.")),
        ("side-unsaid", step("Levanta la pierna $side.", "hold 20s each side")),
        ("side-contradicted", step("Mantén la espalda derecha.", "hold 20s each side, left first")),
        ("side-fixed", step("Levanta la pierna $side.", "hold 20s each side")),
        ("position-unexplained", step("Túmbate boca arriba.", position="boca arriba")),
        ("equipment-unlisted", step("La espalda plana como una mesa.")),
        ("weights-without-reasons", step("Siente cuánto pesa tu pierna.")),
        ("fixed-number", step("Levanta.", "10 reps", "rep 5 | $reps_left más.")),
    ],
    "ru": [
        ("needs-eyes", step("Смотрите прямо перед собой и дышите.")),
        ("held-breath", step("Не задерживайте дыхание. Задержитесь наверху.")),
        ("side-alone", step("Поднимите правую ногу, потом левую ногу. Дышите правильно.")),
        ("side-unsaid", step("Поднимите $side ногу.", "hold 20s each side")),
        ("side-contradicted", step("Поднимите правую ногу.", "hold 20s each side")),
        ("side-fixed", step("Поднимите $side ногу.", "hold 20s each side")),
        ("position-unexplained", step("Ложитесь на спину.", position="лёжа на спине")),
        ("equipment-unlisted", step("Спина плоская, словно стол.")),
        ("weights-without-reasons", step("Перенесите вес на пятки.")),
        ("fixed-number", step("Поднимите.", "10 reps", "rep 5 | Ещё $reps_left.")),
    ],
}
CASES = [
    (language, code, one)
    for cases in (BAD, GOOD)
    for language, examples in cases.items()
    for code, one in examples
]


@pytest.mark.parametrize(("language", "code", "one"), CASES)
def test_other_languages(language: str, code: str, one: str, tmp_path: Path) -> None:
    """What is found in English is found in German, Spanish and Russian, and nothing else."""
    check(code, file(one, language=language), tmp_path)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Das dauert §5 Minuten, nicht $minutes Minuten oder 60 Minuten."),
        ("es", "Dura §cinco minutos, no $minutes minutos ni 60 minutos."),
        ("ru", "Это займёт §5 минут, не $minutes минут и не 60 минут."),
    ],
)
def test_minutes_of_other_languages(language: str, said: str, tmp_path: Path) -> None:
    """A length that is written out is found in each language."""
    text = file(step(dose="for 5 min"), language=language, opening=f'["{said}"]')
    check("fixed-number", text, tmp_path)


@pytest.mark.parametrize(
    ("language", "text", "positions"),
    [
        ("en", "standing, hands on lower back", {Position.STANDING}),
        ("en", "sitting, hands on knees", {Position.SITTING}),
        ("en", "standing, back against wall", {Position.STANDING}),
        ("en", "lying on back on fitball, two stools or mat", {Position.BACK}),
        ("en", "Stand tall with your hands on your tummy.", {Position.STANDING}),
        ("en", "hands and knees", {Position.HANDS_AND_KNEES}),
        ("en", "Do ten sit-ups.", set()),
        ("en", "side plank", {Position.SIDE}),
        ("de", "Lege die Hände auf den Bauch.", set()),
        ("de", "Bauchlage", {Position.FRONT}),
        ("es", "de pie, pies separados", {Position.STANDING}),
        ("ru", "стоя, ноги на ширине плеч", {Position.STANDING}),
        ("ru", "на четвереньках", {Position.HANDS_AND_KNEES}),
    ],
)
def test_positions(language: str, text: str, positions: set[Position]) -> None:
    """A position is what the whole body is in, not where a hand lies."""
    assert words_of(language).positions_in(text) == positions


def test_nothing_takes_long() -> None:
    """No pattern needs more than a moment for the longest text that a file may have."""
    import time

    text = "and now lie down slowly, " * 90
    for language in available_languages():
        begin = time.perf_counter()
        for _, pattern in patterns_of(words_of(language)):
            pattern.findall(text)
        assert time.perf_counter() - begin < 1.0
