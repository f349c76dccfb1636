"""No session mixes languages: what is said, shown, printed and tagged is in the language that was asked for."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from tests.cli.conftest import run
from voicecoach.cli.playing.precautions import with_disclaimer
from voicecoach.drawing.sheet.model import Sheet, sheet_of
from voicecoach.errors import RoutineError
from voicecoach.export import to_audio_segment
from voicecoach.export.labels import track_tags
from voicecoach.fitting.fit import personalise
from voicecoach.fitting.selection import select_steps
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.language import PHRASES, model
from voicecoach.language.phrases import load_phrases
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.routine.model import Level, Routine, Spoken, Step, Talk
from voicecoach.script.captions import captions
from voicecoach.script.compiler import compile_script
from voicecoach.script.durations import NominalDurations
from voicecoach.session.departure import pickup_sentences
from voicecoach.session.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.script.model import Script

LATIN = re.compile(r"[A-Za-z]+")
BRAND = "voicecoach"

# -------------------------------------------------------------------------- a language of our own

_ASCII = "abcdefghijklmnopqrstuvwxyz"
_OTHER = "абвгдежзийклмнопрстуфхцчшщ"  # a letter for each, so that no two words become one
_TO_OTHER = str.maketrans(_ASCII + _ASCII.upper(), _OTHER + _OTHER.upper())
_KEPT = re.compile(r"(\$\{?[a-z_]+\}?)")
_NAMES_OF_RULES = {"plural", "thousand_form", "number"}


def marked(text: str) -> str:
    """Return an English text in letters of which English has none; $variables stay."""
    parts = _KEPT.split(text)
    return "".join(part if part.startswith("$") else part.translate(_TO_OTHER) for part in parts)


def marked_table(value: Any, key: str = "") -> Any:
    """Return a phrases file with every text marked."""
    if isinstance(value, dict):
        return {name: marked_table(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [marked_table(each) for each in value]
    return marked(value) if isinstance(value, str) and key not in _NAMES_OF_RULES else value


def marked_routine(routine: Routine) -> Routine:
    """Return a routine with every text that a person meets marked."""

    def texts(value: Any, *names: str) -> Any:
        return replace(value, **{name: marked(getattr(value, name)) for name in names})

    def step(one: Step) -> Step:
        changed: Step = texts(
            one,
            "name",
            "spoken_name",
            "instruction",
            "brief",
            "position",
            "stop_line",
            "safety_note",
        )
        return replace(
            changed,
            cues=tuple(texts(cue, "text") for cue in one.cues),
            equipment=tuple(texts(thing, "spoken") for thing in one.equipment),
        )

    changed: Routine = texts(routine, "title", "summary", "about", "level")
    return replace(
        changed,
        language="xx",
        equipment=tuple(texts(thing, "spoken") for thing in routine.equipment),
        opening=tuple(texts(i, "text") if isinstance(i, Spoken) else i for i in routine.opening),
        closing=tuple(texts(i, "text") if isinstance(i, Spoken) else i for i in routine.closing),
        steps=tuple(step(one) for one in routine.steps),
        contraindications=tuple(texts(r, "name", "spoken") for r in routine.contraindications),
    )


@pytest.fixture
def other_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the coach speak the language "xx": English in other letters, in a folder of the user's."""
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    folder = tmp_path / "home" / "languages" / "xx"
    folder.mkdir(parents=True)
    phrases = tomlkit.dumps(marked_table(model().table(PHRASES)))
    (folder / PHRASES).write_text(phrases, "utf-8")


def compiled(routine: Routine) -> Script:
    """Return the script of a routine by the table of lengths."""
    phrases = load_phrases(routine.language, routine.audience)
    return compile_script(routine, phrases, NominalDurations(phrases.word_seconds))


def bundled(slug: str, language: str | None = None) -> Routine:
    """Return a bundled routine in a language."""
    library = Library()
    return load_routine(library.find_routine(slug), library, language=language)


def met_in(script: Script) -> Iterator[str]:
    """Yield every text of a session that somebody hears, or sees in a player."""
    tags = track_tags(script)
    yield from (tags.title, tags.album.replace(BRAND, ""), tags.comment)
    yield from (caption.text for caption in captions(script))
    for segment in script.segments:
        yield segment.title
        yield from (cue.text for cue in segment.cues if cue.kind == "speech")
        yield from (part.text for cue in segment.cues for part in cue.sentences)
    yield from (chapter.title for chapter in script.chapters)


def printed_on(sheet: Sheet) -> Iterator[str]:
    """Yield every text of a sheet."""
    values = dataclasses.asdict(sheet)
    del values["language"], values["accent"]
    waiting = list(values.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value


ROUTINES = ["preliminary", "dumbbells", "main", "desk-break", "children", "posture-play"]


@pytest.mark.usefixtures("other_language")
@pytest.mark.parametrize("slug", ROUTINES)
def test_a_session_in_another_language_has_no_english_left(slug: str) -> None:
    """At every level and talk, for adults and children, with words of several days, said and printed."""
    routine = marked_routine(bundled(slug))
    texts: list[str] = list(printed_on(sheet_of(personalise(routine, Wishes()))))
    for level, talk in itertools.product(Level, Talk):
        wishes = Wishes(level=level, talk=talk, seed=list(Level).index(level) + 5)
        made = personalise(routine, wishes)
        texts += met_in(compiled(made))
        texts += pickup_sentences(made, load_phrases("xx", made.audience))
    texts += met_in(compiled(with_disclaimer(personalise(routine, Wishes(left_first=True)))))
    plain = replace(routine, opening=(), closing=())  # the coach has checks of its own for it
    texts += met_in(compiled(personalise(plain, Wishes())))
    texts += met_in(compiled(personalise(replace(routine, steps=routine.steps[:1]), Wishes())))
    left = sorted({text for text in texts if LATIN.search(text)})
    assert left == []
    assert len(set(texts)) > 60


# --------------------------------------------------------------------- a routine in three languages

ENGLISH = re.compile(
    r"\b(?:the|and|your|you|of|to|with|hold|rest|breathe|next|halfway|left|right|seconds|minutes|stop|set|"
    r"knee|back|opening|closing|for|is|it|more|change|sides)\b",
    re.IGNORECASE,
)


def all_texts(routine: Routine) -> list[str]:
    """Return what is met of a routine in all its forms."""
    texts = list(printed_on(sheet_of(personalise(routine, Wishes()))))
    for level, talk in itertools.product(Level, Talk):
        script = compiled(personalise(routine, Wishes(level=level, talk=talk)))
        texts += met_in(script)
    return texts


def test_the_russian_routine_has_no_latin_letters() -> None:
    """Not one, in all that is said, shown and printed."""
    assert (
        sorted({text for text in all_texts(bundled("preliminary", "ru")) if LATIN.search(text)})
        == []
    )


def test_the_german_routine_has_no_english_words() -> None:
    """None of the words that English cannot do without."""
    texts = all_texts(bundled("preliminary", "de"))
    assert sorted({text for text in texts if ENGLISH.search(text)}) == []
    english = all_texts(bundled("preliminary"))
    assert sum(bool(ENGLISH.search(text)) for text in english) > len(english) / 3


@pytest.mark.parametrize("language", ["de", "ru"])
def test_nothing_is_dropped_or_hurried_in_a_translation(language: str) -> None:
    """What fits in English fits in every language of the routine, at every level, either side first."""
    for level, first in itertools.product(Level, [False, True]):
        wishes = Wishes(level=level, left_first=first)
        script = compiled(personalise(bundled("preliminary", language), wishes))
        assert [note for note in script.notes if note.kind.value != "moved"] == []


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", ["Streck dein rechtes Bein", "streck dein linkes Bein", "Knie rechts, Kopf links.",
                "Umfass dein linkes Knie mit der rechten Hand", "Linkes Knie, rechte Hand."]),
        ("ru", ["Выпрямите правую ногу", "выпрямите левую ногу", "Колени вправо, голова влево.",
                "Обхватите левое колено правой рукой", "Левое колено, правая рука.", "десять минут"]),
    ],
)  # fmt: skip
def test_sides_and_numbers_stand_in_the_right_form(language: str, wanted: list[str]) -> None:
    """Each side is named in the case that its sentence wants, and changes with --left-first."""
    said = " ".join(met_in(compiled(personalise(bundled("preliminary", language), Wishes()))))
    assert [words for words in wanted if words not in said] == []
    left = personalise(bundled("preliminary", language), Wishes(left_first=True))
    first = {"de": "Streck dein linkes Bein", "ru": "Выпрямите левую ногу"}[language]
    assert first in " ".join(met_in(compiled(left)))


def test_the_safety_blocks_are_as_long_in_every_language() -> None:
    """Each language of the coach has every line, and as many of them."""
    library = Library()
    for lines in library.shared.blocks.values():
        for line in lines:
            assert not line.say or set(line.say) == {"en", "de", "es", "ru"}
    for line in library.shared.stop.values():
        assert set(line) == {"en", "de", "es", "ru"}
    (reasons,) = library.shared.contraindications.values()
    assert len(reasons) == 9
    begins = {
        "en": "Skip it if ",
        "de": "Lass es aus, wenn ",
        "es": "Sáltatela si ",
        "ru": "Пропустите, если ",
    }
    for reason in reasons:
        assert set(reason.name) == set(begins)
        assert {
            tag: reason.say[tag].startswith(start) for tag, start in begins.items()
        } == dict.fromkeys(begins, True)


# --------------------------------------------------------------------------------- the voice itself


@pytest.mark.parametrize(("language", "voice"), [("de", "de"), ("ru", "ru")])
def test_the_voice_of_the_language_speaks_all_of_it(language: str, voice: str) -> None:
    """The rendered sound of some steps is as long as the script says, and nothing is dropped."""
    library = Library()
    routine = select_steps(bundled("preliminary", language), Wishes(only=("straight-leg-hold",)))
    routine = replace(routine, opening=routine.opening[:1], closing=routine.closing[:1])
    with open_session(routine, library, voice="pyttsx3") as session:
        assert session.narrator._part.voice.language.partition("-")[0] == voice
        script = session.script
        assert [note for note in script.notes if note.kind.value != "moved"] == []
        sound = to_audio_segment(session)
        assert sound.frame_count() / sound.frame_rate == pytest.approx(
            script.duration_seconds, abs=0.001
        )
        exercise = script.segments[1]
        assert [block.duration_seconds for block in exercise.work_blocks] == [30, 30]
        start = script.starts_seconds[1]
        for cue in exercise.cues:
            if cue.kind == "speech":
                begin = round((start + cue.start_seconds) * 1000)
                spoken = sound[begin : begin + round(cue.duration_seconds * 1000)]
                assert spoken.dBFS > -40, cue.text


_PHONEMES = """
import ctypes, json, sys
import espeakng_loader
espeak = ctypes.CDLL(espeakng_loader.get_library_path())
espeak.espeak_Initialize(1, 0, espeakng_loader.get_data_path().encode(), 0)
espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
said = []
for voice, text in json.load(sys.stdin):
    espeak.espeak_SetVoiceByName(voice.encode())
    rest = ctypes.c_char_p(text.encode())
    parts = []
    while rest.value:
        parts.append(espeak.espeak_TextToPhonemes(ctypes.byref(rest), 1, 2).decode())
    said.append(" ".join(parts))
print(json.dumps(said))
"""


def phonemes(wanted: list[tuple[str, str]]) -> list[str]:
    """Return how eSpeak NG reads texts, in IPA; a switch to another language stands in brackets."""
    done = subprocess.run(
        [sys.executable, "-c", _PHONEMES], input=json.dumps(wanted),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    said: list[str] = json.loads(done.stdout)
    return said


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG comes along on Linux")
def test_numbers_and_sides_are_read_as_words_of_the_language() -> None:
    """The voice reads them as one word each, in its own language, none of it letter by letter."""
    said = dict(zip(
        ["twenty-one", "right", "leg", "веса", "две минуты", "вправо", "veintiún"],
        phonemes([
            ("de", load_phrases("de").number(21)), ("de", "rechts"), ("de", "linkes Bein"),
            ("ru", load_phrases("ru").number(21)), ("ru", load_phrases("ru").duration(120)),
            ("ru", "вправо"), ("es", load_phrases("es").duration(21)),
        ]),
        strict=True,
    ))  # fmt: skip
    plain = {key: re.sub("[ˈˌː]", "", value) for key, value in said.items()}
    assert "tsvantsɪç" in plain["twenty-one"]
    assert "ɾɛçts" in plain["right"].replace("r", "ɾ")
    assert "baɪn" in plain["leg"]
    assert plain["веса"].count(" ") == 1
    assert "mʲinut" in plain["две минуты"]
    assert plain["вправо"].startswith(("f", "v"))
    assert "seɣund" in plain["veintiún"]


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG comes along on Linux")
@pytest.mark.parametrize("language", ["de", "ru"])
def test_the_voice_never_falls_back_on_another_language(language: str) -> None:
    """Nothing in the whole session makes the voice change its language, as a foreign word would."""
    script = compiled(personalise(bundled("preliminary", language), Wishes()))
    texts = sorted(
        {cue.text for part in script.segments for cue in part.cues if cue.kind == "speech"}
    )
    switched = [text for text, said in zip(texts, phonemes([(language, text) for text in texts]), strict=True)
                if "(" in said]  # fmt: skip
    assert switched == []


# ------------------------------------------------------------------------------ the command line


def test_language_is_a_wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`show` tells it in that language, a language that is not there names those that are."""
    monkeypatch.chdir(tmp_path)
    shown = json.loads(
        run("show", "preliminary", "--language", "de", "--voice", "silent", "--json")[0]
    )
    assert (shown["language"], shown["chapters"][0]["title"]) == ("de", "Begrüßung")
    plain = json.loads(run("show", "preliminary", "--voice", "silent", "--json")[0])
    assert (plain["language"], plain["chapters"][0]["title"]) == ("en", "Opening")
    _, told = run("show", "preliminary", "--language", "fr", "--voice", "silent", expect=1)
    assert 'there are no texts in "fr": choose "en", "de" or "ru", which this file is in' in told


def test_the_setting_is_taken_where_a_routine_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting never stands in the way: a routine without that language is played in its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICECOACH_LANGUAGE", "ru")
    for name, language in (("preliminary", "ru"), ("relaxation", "en")):
        shown = json.loads(run("show", name, "--voice", "silent", "--json")[0])
        assert shown["language"] == language
    run("check", "preliminary", "--voice", "silent")


def test_tracks_in_two_languages_do_not_collide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The track in the file's own language has its plain name, another one tells its language."""
    monkeypatch.chdir(tmp_path)
    for more in ([], ["--language", "de"], ["--language", "en-GB"]):
        run(
            "export",
            "preliminary",
            "--only",
            "quiet-finish",
            "--voice",
            "silent",
            "--format",
            "wav",
            *more,
        )
    tracks = sorted(path.name for path in (tmp_path / "audio").iterdir())
    assert tracks == ["preliminary-de.wav", "preliminary.wav"]


def test_list_tells_the_languages() -> None:
    """`list --language` has those routines that are in it, with the words of that language."""
    (german,) = json.loads(run("list", "--language", "de", "--json")[0])
    assert (german["name"], german["equipment"]) == ("preliminary", ["eine Matte"])
    assert german["languages"] == ["en", "de", "ru"]


def test_a_wrong_form_in_a_translation_is_told_with_its_place(tmp_path: Path) -> None:
    """Even in a language that is not read just now."""
    path = tmp_path / "mix.toml"
    path.write_text(
        'voicecoach = 1\ntitle = "A"\naudience = "adult"\n[[steps]]\nslug = "a"\nname = "A"\n'
        'say = { en = "Do it.", ru = "Ещё $reps(раз, раза)." }\ndose = "4 reps"\n', "utf-8",
    )  # fmt: skip
    with pytest.raises(RoutineError) as caught:
        load_routine(path, Library())
    (problem,) = caught.value.problems
    assert problem.message.startswith('$reps has 3 forms in "ru", got 2')
    assert (problem.line, problem.column) == (7, 34)
    path.write_text(path.read_text("utf-8").replace("(раз, раза).", "(раз, раза, раз."), "utf-8")
    with pytest.raises(RoutineError, match=r"the bracket after \$reps is not closed"):
        load_routine(path, Library())
