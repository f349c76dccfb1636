"""Written forms are said as a coach would say them, clean sentences stay, and nothing is changed twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.examples import tries
from voicecoach.errors import PhraseError
from voicecoach.language.language import language_of
from voicecoach.language.speakable import (
    _rules,
    load_lexicon,
    load_lexicons,
    make_speakable,
    split_sentences,
)

if TYPE_CHECKING:
    from pathlib import Path

# What a trainer may write, and what has to be heard.
WRITTEN_FORMS = {
    # ranges
    "15-20 cm": "15 to 20 centimetres.",
    "Lift it 15–20 cm off the floor.": "Lift it 15 to 20 centimetres off the floor.",
    "10–15 s": "10 to 15 seconds.",
    "10s-15s": "10 to 15 seconds.",
    "10 - 15 breaths": "10 to 15 breaths.",
    "0.5-2 kg in each hand": "0.5 to 2 kilograms in each hand.",
    "8–12x": "8 to 12 times.",
    "Monday–Friday, ten–fifteen minutes": "Monday to Friday, ten to fifteen minutes.",
    "Do 10 - 5 each side": "Do 10, 5 each side.",
    # sets and times
    "10x": "10 times.",
    "1x": "Once.",
    "x 12": "12 times.",
    "Squats x12": "Squats 12 times.",
    "3×10": "3 sets of 10.",
    "3 x 10": "3 sets of 10.",
    "3X10 reps": "3 sets of 10 reps.",
    "2 x 8-12 reps": "2 sets of 8 to 12 reps.",
    "3 sets x 10 reps": "3 sets of 10 reps.",
    "3*10": "3 sets of 10.",
    "1 x 10": "1 set of 10.",
    "4 x 30 s": "4 times 30 seconds.",
    "4 x hold 10s": "4 times hold 10 seconds.",
    "a space of 3 x 3 m": "A space of 3 by 3 metres.",
    "4 x 200 m": "4 times 200 metres.",
    # times and units
    "30s": "30 seconds.",
    "30 s": "30 seconds.",
    "30 sec": "30 seconds.",
    "Hold 30 sec. and rest.": "Hold 30 seconds and rest.",
    "Hold 30 sec. Then rest.": "Hold 30 seconds. Then rest.",
    "2 min": "2 minutes.",
    "1 min": "1 minute.",
    "5 MIN": "5 minutes.",
    '90"': "90 seconds.",
    "5'30\"": "5 minutes 30 seconds.",
    "1:30 min": "1 minute 30 seconds.",
    "2:00 min": "2 minutes.",
    "0:45": "45 seconds.",
    "Hold for 1:30": "Hold for 1 minute 30 seconds.",
    "1:02:30": "1 hour 2 minutes 30 seconds.",
    "We meet at 7:30 am.": "We meet at 7:30 am.",
    "2 kg": "2 kilograms.",
    "1 kg": "1 kilogram.",
    "2 kg dumbbells": "2 kilogram dumbbells.",
    "5 lb weights": "5 pound weights.",
    "5 lbs": "5 pounds.",
    "6 ft": "6 feet.",
    "2 km": "2 kilometres.",
    "200 m": "200 metres.",
    "1.5 l of water": "1.5 litres of water.",
    "5 km/h": "5 kilometres an hour.",
    "a 30 s hold": "A 30 second hold.",
    "a 10-min break": "A 10 minute break.",
    "for 30 s hold still": "For 30 seconds hold still.",
    "in your 30s": "In your 30s.",
    "the 1990s": "The 1990s.",
    "only a few mins": "Only a few minutes.",
    # sides and slashes
    "L/R": "Left and right.",
    "R/L": "Right and left.",
    "L then R": "Left then right.",
    "10 L, 10 R": "10 left, 10 right.",
    "Lift R leg.": "Lift right leg.",
    "Ask L. Smith.": "Ask L. Smith.",
    "in/out": "In and out.",
    "up/down": "Up and down.",
    "chair/stool": "Chair or stool.",
    "10 reps/side": "10 reps each side.",
    "3x/week": "3 times a week.",
    "pain 3/10": "Pain 3 out of 10.",
    "set 2/3": "Set 2 of 3.",
    # fractions
    "½": "Half.",
    "1½": "1 and a half.",
    "1/2 way": "Half way.",
    "1/2-way": "Half way.",
    "1½ min": "1 and a half minutes.",
    "1 1/2 min": "1 and a half minutes.",
    "½ min": "Half a minute.",
    "½ hour": "Half an hour.",
    "¾ of the way": "Three quarters of the way.",
    # shouted words
    "push-UPS": "Push-ups.",
    "3 SETS": "3 sets.",
    "REPS": "Reps.",
    "STOP. DON'T MOVE.": "Stop. Don't move.",
    "Watch TV, OK?": "Watch TV, OK?",
    # marks
    "**Keep** your _back_ `straight`": "Keep your back straight.",
    "# Warm-up": "Warm-up.",
    "# Warm-up\n- lie down\n- breathe": "Warm-up. lie down. breathe.",
    "See [the guide](https://example.org/a_b) first": "See the guide first.",
    "Well done 💪": "Well done.",
    "Great job 💪🔥 keep going": "Great job, keep going.",
    "1️⃣ Breathe": "1 Breathe.",
    # Roman numerals
    "Part II": "Part 2.",
    "Block IV of VI": "Block 4 of 6.",
    "Week IX": "Week 9.",
    "the part I like": "The part I like.",
    # abbreviations and symbols
    "Min. 5, max. 10": "Minimum 5, maximum 10.",
    "Approx. 10 reps": "About 10 reps.",
    "Rest 30 s btw sets": "Rest 30 seconds between sets.",
    "btw, keep breathing": "By the way, keep breathing.",
    "w/o weights": "Without weights.",
    "w/ a band": "With a band.",
    "BP > 140/90": "Blood pressure over 140 over 90.",
    "#5": "Number 5.",
    "a chair, e.g. a stool": "A chair, for example a stool.",
    "arms, legs, etc. and breathe": "Arms, legs, and so on and breathe.",
    "10+ reps & rest": "10 or more reps and rest.",
    "~5 min @ 50%": "About 5 minutes at 50 percent.",
    # tempo chains
    "3-1-3": "3, 1, 3.",
    "3-2-1": "3, 2, 1.",
    "tempo 3010": "Tempo 3, 0, 1, 0.",
    "6-4-2 reps": "6, 4, 2 reps.",
    # pauses and ends
    "Breathe — slowly": "Breathe, slowly.",
    "Breathe—slowly": "Breathe, slowly.",
    "Breathe – slowly": "Breathe, slowly.",
    "Lower (slowly) now": "Lower, slowly, now.",
    "Say “ha”": "Say ha.",
    "Don’t rush": "Don't rush.",
    "And… rest": "And, rest.",
    "Ready… Go": "Ready. Go.",
    "two": "Two.",
    "go!!": "Go!",
    "": "",
    "💪": "",
    "…": "",
}

# Sentences of the bundled routines, which are speakable as they stand.
CLEAN = """
Welcome to your relaxation routine. You need a mat and about nine minutes.
Stand with your feet shoulder-width apart and let your arms hang.
Grow tall through the top of your head and breathe slowly.
Soften your knees, breathe out and lean forward slowly.
Stay here for half a minute, loose like a rag doll, and keep breathing.
Nod your head gently, yes and no.
Five seconds more, then we come up slowly.
Uncurl bit by bit, from the hips upwards.
Come down to your mat, one knee at a time.
Breathe in through your nose, and out with a long sigh.
Breathe out and gently press your whole back into the floor, as if leaving a print in sand.
Go one leg at a time if that is easier.
Roll onto your tummy and put your hands beside your shoulders.
Only as high as feels easy.
Slide your hands along the floor towards your feet.
Practise this regularly, every day if you can.
A strong, supple back and tummy carry you better.
New here? Learn the relaxation routine first.
Straighten your right leg and lift it fifteen to twenty centimetres, about the length of your hand.
If you need to, lower, breathe and lift again.
Halfway. Tummy firm, keep breathing.
Five more seconds.
Lower both feet gently and rest.
Arms wide, knees together.
Let your knees tip to the right as your head turns left, then knees left and head right.
Clasp your left knee with your right hand and draw it gently towards you.
Once more. Left knee, right hand.
Roll onto your side, push up with your hands and stand up slowly.
Have two light dumbbells in front of you, and about eleven minutes.
Lift both dumbbells to your lower ribs, then lower slowly.
Halfway. Breathe out as you lift.
Last two.
Put the dumbbells down if your hands are tired.
Second set, same again.
Wrap your arms around your shoulders, give yourself a hug and breathe into your upper back.
Have your dumbbells, your mat, and your fitball or two stools ready.
Change hands. Left dumbbell up, right hand on your right thigh. Ten more.
Right arm back, left arm to your thigh.
Ten done, ten to go. Pause if you need a rest.
Hello, movers! Lie-down games first, then flying and wood chopping.
Pedal your magic bicycle round and round!
Up the hill, slow and strong!
Snip, snip, swing them like giant scissors!
Hello, snail! Two more.
Grown-up, come close for the next one.
Sit up, hug your knees, tuck in your chin and curl round like a little bun.
Fly around the room until I call landing!
Engines on, brrrm, and take off!
Landing! Slow down, bend your knees and stop.
Axe up, and chop! Ha!
Swing it down between your knees, say ha, then stand tall.
Blow up your tummy balloon slowly, then let the air out with a hiss.
Quick safety check: clear the floor around you and keep some water near.
Now the dumbbell check: nine reasons to skip this set.
Skip it if you have a cold, flu or other virus.
Skip it if you have a long-term illness.
If one of these is you, stop here and ask your doctor or midwife before using weights.
Young mover, if anything hurts, stop and tell your grown-up.
Working muscles are fine, but pain is not, so if it hurts, stop.
I give general exercise tips, not medical advice.
Next: both knees up and hold.
Next: soft-knee row. You need your dumbbells.
Airplane!
And rest. Breathe slowly.
Ready, steady, go!
Three, two, one, go.
Two.
Go.
Walk there and back!
Hello, explorer! Today you are a zoo full of animals and a superhero.
Lift your bottom like a castle bridge, let the boats go under, then lower.
""".strip().splitlines()

_SIGNS = """
0 1 10 12.5 1,000 140 s sec min m cm kg h x × X - – — … . , ; : ! ? ( ) [ ] { } " ' “ ” ‘ ’ * ** _ __
` # ## > < = >= ~ ~~ + & @ % ° / // \\ | L R I V IX of Part set e.g. etc. max. min. No. Dr. btw ½ ¾ → ->
💪 © <b> STOP push-UPS BP a the Go lie hold for tempo ß ŉ İ ǆ é ÉCOLE о 。 ؟ &amp; https://a.b/c_d
"""
_FRAGMENTS = (*WRITTEN_FORMS, *_SIGNS.split(), "\n", "\n\n", "\t", "\u200b", "\u00a0")
written_texts = st.lists(
    st.tuples(st.sampled_from(_FRAGMENTS), st.sampled_from(["", " ", "  "])), max_size=12
).map(lambda parts: "".join(fragment + space for fragment, space in parts))


@pytest.mark.parametrize("written", WRITTEN_FORMS)
def test_a_written_form_is_said_in_words(written: str) -> None:
    """Each form becomes exactly what has to be heard."""
    assert make_speakable(written) == WRITTEN_FORMS[written]


@pytest.mark.parametrize("sentence", CLEAN)
def test_a_clean_sentence_is_not_touched(sentence: str) -> None:
    """What reads well already stays as it is, letter for letter."""
    assert make_speakable(sentence) == sentence


@given(st.one_of(st.text(max_size=80), written_texts))
@example("Part I. of VI")
@example("1 1/2/3 -- … -5")
@tries(600)
def test_what_was_made_speakable_is_left_alone(text: str) -> None:
    """Making a text speakable twice is the same as once, and it ends as a sentence or says nothing."""
    once = make_speakable(text)
    assert make_speakable(once) == once
    assert once == "" or once[-1] in ".!?"
    assert (once == "") or any(character.isalnum() for character in once)


@given(written_texts)
@tries(300)
def test_no_mark_reaches_an_english_voice(text: str) -> None:
    """Nothing that a synthesiser would name or stumble over is left."""
    assert not set(make_speakable(text)) & set('*`~#_|<>=+@&\\^→…—–"“”()[]{}\n\t💪½×%°/')


@given(st.text(max_size=80))
@tries(300)
def test_other_languages_lose_marks_only(text: str) -> None:
    """A language without a table keeps its words; the result is settled after once there, too."""
    once = make_speakable(text, "de")
    assert make_speakable(once, "de") == once


def test_languages_are_not_mixed() -> None:
    """English words are put into English only, under any English tag."""
    assert make_speakable("**3 x 10** — 30 s", "pt") == "3 x 10, 30 s."
    assert make_speakable("**3 x 10** — 30 s", "en-GB") == "3 sets of 10, 30 seconds."


def test_every_rule_has_its_own_name() -> None:
    """A name points at one rule."""
    names = [rule.name for rule in _rules(language_of("en"))]
    assert sorted(set(names)) == sorted(names)


def test_a_cue_takes_less_than_a_millisecond() -> None:
    """The median cue, clean or not, is ready in under a millisecond of processor time."""
    seconds = []
    for text in [*CLEAN, *WRITTEN_FORMS] * 3:
        start = time.process_time_ns()
        make_speakable(text)
        seconds.append((time.process_time_ns() - start) / 1e9)
    assert sorted(seconds)[len(seconds) // 2] < 0.001


@pytest.mark.parametrize("character", "a1-_*. x/[<#\"'(½L💪\n")
def test_no_text_takes_long(character: str) -> None:
    """The longest text that a routine may hold, of one repeated character, takes no time worth noticing."""
    start = time.process_time()
    make_speakable(character * 1000)
    make_speakable(f"1{character}" * 500)
    make_speakable(f"a{character} " * 333)
    assert time.process_time() - start < 2


# ---- the user's lexicon ----------------------------------------------------------------------------


def test_the_lexicon_respells_whole_words_last() -> None:
    """Whole words in either case, longest entry first, capitals kept, after all other rules."""
    lexicon = {"clasp": "klasp", "left knee": "left nee", "centimetres": "sentimeters"}
    assert make_speakable("Clasp your left knee, 5 cm, unclasped", lexicon=lexicon) == (
        "Klasp your left nee, 5 sentimeters, unclasped."
    )


def test_a_respelling_is_not_looked_up_again() -> None:
    """Two words can be swapped."""
    assert make_speakable("row tow", lexicon={"row": "tow", "tow": "row"}) == "Tow row."


def test_a_respelling_keeps_what_an_engine_understands() -> None:
    """Phonemes in an engine's own notation go through."""
    lexicon = {"kolobok": "[kolobok](/kˌOləbˈɑk/)"}
    assert (
        make_speakable("Roll like a kolobok", lexicon=lexicon)
        == "Roll like a [kolobok](/kˌOləbˈɑk/)."
    )


def test_a_lexicon_is_toml_or_plain_lines(tmp_path: Path) -> None:
    """Quotation marks, comments and blank lines are as the user likes."""
    path = tmp_path / "lexicon.toml"
    path.write_text(
        '# my words\n\nKolobok = "collo-bock"  # a bun\nplie = plee-ay\n"knee rolls" = \'nee rolls\'\n'
        'caf\u00e9 = "ca\\u0066fay"\n',
        encoding="utf-8",
    )
    assert load_lexicon(path) == {
        "kolobok": "collo-bock",
        "plie": "plee-ay",
        "knee rolls": "nee rolls",
        "café": "caffay",
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('a = "b"\nkolobok collo-bock\n', ":2: write one entry a line"),
        ('kolobok = ""\n', ":1: the respelling needs a letter"),
        ('"!" = "bang"\n', ":1: the word needs a letter"),
        ('a = "b"\nA = "c"\n', ':2: "a" stands here for the second time'),
        ('a = ["b"]\n', ":1: the respelling|:1: write one entry"),
        ('[en]\na = "b"\n', ":1: write one entry a line"),
        ('a = "b\\q"\n', ":1: .*backslash"),
        ('a = "b\\u001bc"\n', ":1: the respelling may have 100 printable"),
        (f'a = "{"b" * 101}"\n', ":1: the respelling may have 100 printable"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: str, message: str) -> None:
    """The error says which line, and what to write there."""
    path = tmp_path / "lexicon.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PhraseError, match=message) as caught:
        load_lexicon(path)
    assert str(caught.value).startswith(str(path))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes, size and a folder in place of a file each have their own message."""
    path = tmp_path / "lexicon.toml"
    path.write_bytes(b"caf\xe9 = x\n")
    with pytest.raises(PhraseError, match="save it as UTF-8"):
        load_lexicon(path)
    path.write_bytes(b"#" * 300_000)
    with pytest.raises(PhraseError, match="256 KiB"):
        load_lexicon(path)
    with pytest.raises(PhraseError, match="cannot be read"):
        load_lexicon(tmp_path)


def test_the_first_folder_wins(tmp_path: Path) -> None:
    """The working folder's words go before the user's, and folders without a lexicon are fine."""
    for name, content in (("near", "a = near\n"), ("far", "a = far\nb = far\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lexicon.toml").write_text(content, encoding="utf-8")
    paths = [tmp_path / name / "lexicon.toml" for name in ("near", "missing", "far")]
    assert load_lexicons(paths) == {"a": "near", "b": "far"}


# ---- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Three, two, one, go.", ["Three, two, one, go."]),
        ("Engines on, brrrm, and take off!", ["Engines on, brrrm, and take off!"]),
        ("Axe up, and chop! Ha!", ["Axe up, and chop!", "Ha!"]),
        ("New here? Learn it first.", ["New here?", "Learn it first."]),
        ("Ready… Go!", ["Ready…", "Go!"]),
        ("And… rest.", ["And… rest."]),
        ("Say “ha.” Then stand.", ["Say “ha.”", "Then stand."]),
        ('Well done! "Great", they say.', ["Well done!", '"Great", they say.']),
        ("Breathe. 10 more.", ["Breathe.", "10 more."]),
        ("About 2.5 kilograms. Lift.", ["About 2.5 kilograms.", "Lift."]),
        ("Approx. Ten reps, e.g. Squats.", ["Approx. Ten reps, e.g. Squats."]),
        ("Min. 5, max. 10. Rest.", ["Min. 5, max. 10.", "Rest."]),
        ("Hold for 2 min. Then rest.", ["Hold for 2 min.", "Then rest."]),
        ("Ask Dr. Jones or J. Smith. Rest.", ["Ask Dr. Jones or J. Smith.", "Rest."]),
        ("So do I. Then rest.", ["So do I.", "Then rest."]),
        ("Do 10 L. Then 10 R. Rest.", ["Do 10 L.", "Then 10 R.", "Rest."]),
        ("no capital. here", ["no capital. here"]),
        ("  Two.  Go.  ", ["Two.", "Go."]),
        ("Что? Да.", ["Что?", "Да."]),
        ("吸って。吐いて。", ["吸って。", "吐いて。"]),
        ("", []),
    ],
)
def test_an_utterance_is_split_where_the_voice_would_stop(text: str, sentences: list[str]) -> None:
    """Sentences end before a capital, a digit or a quotation mark; not after abbreviations and initials."""
    assert split_sentences(text) == tuple(sentences)


@given(st.one_of(st.text(max_size=100), written_texts))
@tries(400)
def test_splitting_loses_nothing(text: str) -> None:
    """All characters but spaces are there, in order, and a sentence is not split again."""
    sentences = split_sentences(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(split_sentences(sentence) == (sentence,) for sentence in sentences)
    assert all(sentence == sentence.strip() != "" for sentence in sentences)
