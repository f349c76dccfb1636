"""What trainers write in German, Spanish and Russian is said in words of that language, once and for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.language.speakable import make_speakable, split_sentences

WRITTEN_FORMS = {
    "de": {
        "Halte z.B. 30 s": "Halte zum Beispiel 30 Sekunden.",
        "z. B. Wasser": "Zum Beispiel Wasser.",
        "Halte 30 s. Dann ruh.": "Halte 30 Sekunden. Dann ruh.",
        "1 min": "Eine Minute.",
        "1:30 min": "Eine Minute 30 Sekunden.",
        "0:45": "45 Sekunden.",
        "1½ min": "1,5 Minuten.",
        "3x10": "3 Sätze mit je 10.",
        "3 × 10 Wdh.": "3 Sätze mit je 10 Wiederholungen.",
        "8-10 Wdh.": "8 bis 10 Wiederholungen.",
        "10 - 5 je Seite": "10, 5 je Seite.",
        "Hebe 15–20 cm": "Hebe 15 bis 20 Zentimeter.",
        "4 x 30 s": "4 mal 30 Sekunden.",
        "10x": "10 Mal.",
        "1x": "Ein Mal.",
        "1 kg": "Ein Kilogramm.",
        "2,5 kg": "2,5 Kilogramm.",
        "ca. 5 min": "Etwa 5 Minuten.",
        "min. 5, max. 10": "Mindestens 5, maximal 10.",
        "Nr. 5": "Nummer 5.",
        "10 Wdh./Seite": "10 Wiederholungen je Seite.",
        "auf/ab": "Auf oder ab.",
        "50 %": "50 Prozent.",
        "Arme, Beine usw. und atmen": "Arme, Beine und so weiter und atmen.",
        "erst li., dann re.": "Erst links, dann rechts.",
        "3-1-3": "3, 1, 3.",
        "Kraft & Ruhe": "Kraft und Ruhe.",
    },
    "es": {
        "Mantén 30 s": "Mantén 30 segundos.",
        "1 s": "Un segundo.",
        "21 s": "Veintiún segundos.",
        "3x10": "3 series de 10.",
        "8-10 reps": "8 a 10 repeticiones.",
        "15–20 cm": "15 a 20 centímetros.",
        "4 x 30 s": "4 por 30 segundos.",
        "10x": "10 veces.",
        "1x": "Una vez.",
        "aprox. 5 min": "Aproximadamente 5 minutos.",
        "p. ej. agua": "Por ejemplo agua.",
        "núm. 5": "Número 5.",
        "10 reps/lado": "10 repeticiones por lado.",
        "arriba/abajo": "Arriba o abajo.",
        "½ min": "0,5 minutos.",
        "la pierna izq. arriba": "La pierna izquierda arriba.",
    },
    "ru": {
        "Держите 30 с.": "Держите 30 секунд.",
        "30с отдыха": "30 секунд отдыха.",
        "Возьмите 5 с собой": "Возьмите 5 с собой.",
        "1 сек": "Одна секунда.",
        "2 сек": "Две секунды.",
        "21 мин": "Двадцать одна минута.",
        "5 сек": "5 секунд.",
        "3x10": "3 подхода по 10.",
        "5х10": "5 подходов по 10.",
        "8-10 раз": "От 8 до 10 раз.",
        "от 8-10 раз": "От 8 до 10 раз.",
        "15–20 см": "От 15 до 20 сантиметров.",
        "10x": "10 раз.",
        "2x": "2 раза.",
        "2,5 кг": "2,5 килограмма.",
        "ок. 5 мин": "Около 5 минут.",
        "№ 5": "Номер 5.",
        "т.е. медленно": "То есть медленно.",
        "руки, ноги и т.д.": "Руки, ноги и так далее.",
        "вверх/вниз": "Вверх или вниз.",
    },
}
CASES = [(tag, *pair) for tag, forms in WRITTEN_FORMS.items() for pair in forms.items()]


@pytest.mark.parametrize(("language", "written", "spoken"), CASES)
def test_written_forms_are_said(language: str, written: str, spoken: str) -> None:
    """As a coach would say them, and saying them again changes nothing."""
    assert make_speakable(written, language) == spoken
    assert make_speakable(spoken, language) == spoken


PIECES = st.sampled_from(
    [
        "1",
        "2",
        "5",
        "21",
        "30",
        "3x10",
        "8-10",
        "15–20",
        "2,5",
        "1:30",
        "0:45",
        "½",
        "×",
        "x",
        "s",
        "с",
        "min",
        "мин",
        "min.",
        "мин.",
        "cm",
        "см",
        "kg",
        "кг",
        "%",
        "°",
        "z.B.",
        "ca.",
        "p.",
        "ej.",
        "т.е.",
        "№",
        "#",
        "/",
        "&",
        "+",
        "-",
        "–",
        ".",
        ",",
        "!",
        "?",
        "„",
        "“",
        "«",
        "»",
        "¿",
        "¡",
        "(",
        ")",
        "Bein",
        "pierna",
        "нога",
        "от",
        "bis",
        "a",
        "до",
    ]
)


@tries(150, soak=3000)
@given(st.sampled_from(["de", "es", "ru"]), st.lists(st.tuples(PIECES, st.booleans()), max_size=9))
def test_saying_it_twice_changes_nothing(language: str, pieces: list[tuple[str, bool]]) -> None:
    """However the written forms stand together, the rules find nothing more to do the second time."""
    text = "".join(piece + (" " if spaced else "") for piece, spaced in pieces)
    spoken = make_speakable(text, language)
    assert make_speakable(spoken, language) == spoken


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Nimm z. B. Wasser. Dann los.", ("Nimm z. B. Wasser.", "Dann los.")),
        ("Halte ca. 5 Sekunden. Dann ruh.", ("Halte ca. 5 Sekunden.", "Dann ruh.")),
        ("Sag: „Los!“ Dann geh.", ("Sag: „Los!“", "Dann geh.")),
        ("Gut. „Ja.“ Weiter.", ("Gut.", "„Ja.“", "Weiter.")),
        ("¡Ya! ¿Listo? Así no. Otra vez.", ("¡Ya!", "¿Listo?", "Así no.", "Otra vez.")),
        ("Usa p. ej. Agua. Fin.", ("Usa p. ej. Agua.", "Fin.")),
        ("Держите, т. е. Не роняйте. «Да.» Всё.", ("Держите, т. е. Не роняйте.", "«Да.»", "Всё.")),
        ("См. рис. 5. Дальше.", ("См. рис. 5.", "Дальше.")),
        ("Пять см. Потом отдых.", ("Пять см.", "Потом отдых.")),
        ("Halte 5 s. Dann los.", ("Halte 5 s.", "Dann los.")),
    ],
)
def test_sentences_end_where_they_do_in_that_language(
    text: str, sentences: tuple[str, ...]
) -> None:
    """Abbreviations do not end a sentence, and quotation marks of the language belong to it."""
    assert split_sentences(text) == sentences
