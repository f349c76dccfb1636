"""What people are told and asked before a session, for their safety: as they see, hear and answer it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from typer.testing import CliRunner

if sys.platform == "win32":
    pytest.skip("needs terminals of Linux or macOS", allow_module_level=True)

from tests.practice.log_here import a_session
from tests.support import recorder
from tests.support.terminal import CHECKOUT, Pty, in_pty
from voicecoach.cli import app
from voicecoach.cli.options import chosen, open_wished
from voicecoach.fitting.wishes import Wishes
from voicecoach.language.phrases import load_phrases
from voicecoach.language.speakable import split_sentences
from voicecoach.library.library import Library
from voicecoach.library.reading import load_routine
from voicecoach.play.players import PLAYERS, PlayerChoice
from voicecoach.practice.consents import Consents, load_consents, save_consents
from voicecoach.practice.log import load_history, log_path, save_practice
from voicecoach.routine.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from click.testing import Result

PLAY = ("tests.support.quick_play", "play")
SILENTLY = ("--voice", "silent", "--player", "quick", "--plain")
QUESTION = "Is one of these true for you? Type yes or no:"
AGAIN = "Please type yes or no, then press Enter."
SHORT = """
voicecoach = 1
title = "Short"
audience = "{audience}"
opening = [{opening}, "Welcome."]
closing = ["Well done."]
[[steps]]
slug = "reach"
name = "Reach"
say = "Reach up."
dose = "hold 4s"
[[steps]]
slug = "rest-now"
name = "Rest now"
say = "Let go."
dose = "hold 4s"
"""


def today() -> str:
    """Return the day."""
    return datetime.now(UTC).astimezone().date().isoformat()


def days_ago(days: int) -> str:
    """Return a day before today."""
    return (datetime.now(UTC).astimezone().date() - timedelta(days)).isoformat()


@pytest.fixture
def weights(tmp_path: Path) -> str:
    """Return the file of a routine with the nine reasons."""
    file = tmp_path / "lifting.toml"
    file.write_text(SHORT.format(audience="adult", opening='{ block = "SC-D" }'), "utf-8")
    return str(file)


def nine() -> tuple[str, ...]:
    """Return the nine reasons as they are spoken."""
    library = Library()
    reasons = load_routine(library.find_routine("dumbbells"), library).contraindications
    assert len(reasons) == 9
    return tuple(reason.spoken for reason in reasons)


def key_of_nine() -> str:
    """Return what the nine are known by."""
    library = Library()
    reasons = load_routine(library.find_routine("dumbbells"), library).contraindications
    return ",".join(sorted(reason.key for reason in reasons))


def played(path: str, *options: str) -> AbstractContextManager[Pty]:
    """Play in a terminal; nobody is asked how it was."""
    return in_pty(*PLAY, path, *SILENTLY, "--no-log", *options)


def run_play(*arguments: str, **streams: int) -> subprocess.CompletedProcess[str]:
    """Play without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", *PLAY, *arguments, *SILENTLY, "--no-log"], cwd=CHECKOUT, text=True,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
        timeout=60, check=False,
    )  # fmt: skip


def words(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


# ------------------------------------------------------------------------------------- the disclaimer


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a routine without reasons; for children where the test says so."""
    file = tmp_path / "short.toml"
    audience = getattr(request, "param", "adult")
    file.write_text(SHORT.format(audience=audience, opening='{ block = "SC-C" }'), "utf-8")
    return str(file)


def heard_and_shown(path: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, bool]:
    """Play with a voice, and return whether the disclaimer was the first that sounded, and was shown."""
    monkeypatch.setitem(PLAYERS, "recorder", PlayerChoice("tests.support.recorder", ""))
    library = Library()
    routine = load_routine(library.find_routine(path), library)
    phrases = load_phrases("en", routine.audience)
    sounds = ("--voice", "pyttsx3", "--player", "recorder", "--plain", "--no-log")
    result = CliRunner().invoke(app, ["play", path, *sounds])
    assert result.exit_code == 0, result.output
    assert "Done." in result.stderr
    sent = recorder.take()
    assert np.abs(sent).max() > 0.1
    wishes = Wishes(voice="pyttsx3")
    first = split_sentences(phrases.disclaimer)[0]
    with open_wished(chosen(routine, wishes), wishes, library) as session:
        clip = session.clips.sentence(first)
    begins = np.array_equal(sent[: clip.length_frames], clip.samples[:, 0])
    return begins, words(phrases.print("footer")) in words(result.stderr)


@pytest.mark.parametrize("path", ["adult", "child"], indirect=True)
def test_the_very_first_session_begins_with_the_disclaimer(
    path: str, consents_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the first that is heard, and is shown; later sessions know nothing of it."""
    assert heard_and_shown(path, monkeypatch) == (True, True)
    assert json.loads(consents_file.read_text("utf-8"))["disclaimer_on"] == today()
    assert heard_and_shown(path, monkeypatch) == (False, False)


def test_children_are_not_addressed_by_it() -> None:
    """It speaks to the grown-up, as the first words of every session for children do."""
    assert load_phrases("en", Audience.CHILD).disclaimer.startswith("Grown-up, ")
    assert "medical advice" in load_phrases("en", Audience.CHILD).disclaimer


@pytest.mark.slow
def test_who_leaves_in_the_opening_hears_it_again(path: str, consents_file: Path) -> None:
    """It counts as heard with the first exercise, whatever ends the session then."""
    with played(path, "--device", "1") as terminal:
        terminal.wait_for("Opening.")
        terminal.read(0.3)
        terminal.type("q")
        assert terminal.ended() == 0
    assert "not medical advice" in terminal.printed
    assert not consents_file.exists()
    with played(path, "--device", "10") as terminal:
        terminal.wait_for("Exercise 1 of 2")
        os.kill(terminal.process.pid, signal.SIGTERM)
        terminal.ended()
    assert "not medical advice" in terminal.printed
    assert load_consents().disclaimer_on == today()


def test_no_sound_no_hearing(path: str, consents_file: Path) -> None:
    """Where the session cannot begin it has not been heard."""
    nowhere = ["--player", "miniaudio", "--device", "speakers of then"]
    result = CliRunner().invoke(app, ["play", path, "--voice", "silent", *nowhere])
    assert result.exit_code == 1
    assert "medical advice" in words(result.stderr)
    assert not consents_file.exists()


@pytest.mark.slow
def test_a_session_that_goes_on_has_no_disclaimer(path: str, consents_file: Path) -> None:
    """Even if nobody knows whether it was heard."""
    with played(path, "--device", "10") as terminal:
        terminal.wait_for("Exercise 2 of 2")
        terminal.type("q")
        terminal.ended()
    consents_file.unlink()
    done = run_play(path, "--resume")
    assert "Done." in done.stderr
    assert "medical advice" not in done.stderr
    assert not consents_file.exists()


@pytest.mark.slow
def test_an_answer_does_not_make_the_disclaimer_heard(weights: str, consents_file: Path) -> None:
    """Both are kept in one file, and neither takes the place of the other."""
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("no\n")
        assert terminal.ended() == 0
    assert "not medical advice" in terminal.printed
    known = load_consents()
    assert (known.disclaimer_on, dict(known.none_applies_on)) == (today(), {key_of_nine(): today()})
    assert consents_file.exists()


# ---------------------------------------------------------------------------- the question about reasons


def test_the_nine_reasons_are_asked_before_weights(weights: str) -> None:
    """All nine, plainly and in short lines, before anything sounds; a no plays, and is remembered."""
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.read(0.5)
        before = terminal.printed
        assert "Opening." not in before
        terminal.type("no\n")
        assert terminal.ended() == 0
    for number, reason in enumerate(nine(), 1):
        assert f"  {number}. {reason}\r\n" in before
    assert all(len(line) <= 80 for line in before.splitlines())
    assert "Done." in terminal.printed
    assert "asked again in a year" in terminal.printed
    assert load_consents().none_applies_on == {key_of_nine(): today()}
    with played(weights) as terminal:
        assert terminal.ended() == 0
    assert QUESTION not in terminal.printed
    assert "Done." in terminal.printed
    assert "Done." in run_play(weights).stderr  # known to nobody who is there, too


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("days", "asks"), [(364, False), (365, True), (395, True), (-2, True)])
def test_a_no_is_remembered_for_a_year(weights: str, days: int, asks: bool) -> None:
    """For 12 months, not for 13, and not from the future."""
    save_consents(Consents(days_ago(1), {key_of_nine(): days_ago(days)}))
    with played(weights) as terminal:
        if asks:
            terminal.wait_for(QUESTION)
            terminal.type("NO\n")
        assert terminal.ended() == 0
    assert (QUESTION in terminal.printed) is asks
    assert "Done." in terminal.printed
    assert load_consents().none_applies_on == {key_of_nine(): today() if asks else days_ago(days)}


@pytest.mark.slow
def test_ask_again_asks_again(weights: str) -> None:
    """Within the year, too; with --yes it does not."""
    save_consents(Consents(days_ago(1), {key_of_nine(): days_ago(3)}))
    with played(weights, "--ask-again") as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("n\n")
        assert terminal.ended() == 0
    with played(weights, "--ask-again", "--yes") as terminal:
        assert terminal.ended() == 0
    assert QUESTION not in terminal.printed
    assert "Done." in terminal.printed


def test_a_changed_list_is_asked_about_anew(weights: str) -> None:
    """What was said of eight reasons is no answer about nine."""
    eight = key_of_nine().rpartition(",")[0]
    save_consents(Consents(days_ago(1), {eight: days_ago(1)}))
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("no\n")
        assert terminal.ended() == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("unclear", ["", "maybe", "yno", "ja", "\udcff\udcfe", "1", "no no"])
def test_only_a_clear_answer_is_taken(
    weights: str, unclear: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enter alone is none, nor what is no text at all; it says what is, and asks once more."""
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")  # strict, as in most places
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        os.write(terminal.master, unclear.encode("utf-8", "surrogateescape") + b"\n")
        terminal.wait_for(AGAIN)
        terminal.type("  No \n")
        assert terminal.ended() == 0
    assert terminal.printed.count(QUESTION) == 2
    assert "Traceback" not in terminal.printed
    assert "Done." in terminal.printed


def test_a_yes_stops_kindly_and_the_plan_has_no_weights(weights: str) -> None:
    """No sound, no error, words for what is good instead; a later no gives the weights back."""
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("yes\n")
        assert terminal.ended() == 0
    told = terminal.printed.partition(QUESTION)[2]
    assert "ask your doctor or midwife" in told
    assert "Good without weights: voicecoach play relaxation" in told
    assert "no weights from now on" in told
    assert "Opening." not in told
    assert "\x1b[31m" not in told  # it is no error
    assert all(len(line) <= 80 for line in told.replace(weights, "lifting").splitlines())
    assert load_consents().one_applies_on == {key_of_nine(): today()}
    plan = CliRunner().invoke(app, ["plan", "--weeks", "12"]).stdout
    assert "relaxation" in plan
    assert "dumbbells" not in plan
    assert "main" not in plan
    with played(weights) as terminal:  # is asked about at once
        terminal.wait_for(QUESTION)
        terminal.type("no\n")
        assert terminal.ended() == 0
    assert "Done." in terminal.printed
    assert "main" in CliRunner().invoke(app, ["plan", "--weeks", "12"]).stdout


def test_without_a_terminal_somebody_has_to_have_read_them(weights: str) -> None:
    """The refusal says what to do; doing that plays."""
    done = run_play(weights)
    assert done.returncode == 1
    assert "Opening." not in done.stderr
    told = words(done.stderr)
    assert f"Read the reasons: voicecoach show {weights}" in told
    assert "play it with --yes" in told
    shown = CliRunner().invoke(app, ["show", weights, "--voice", "silent"])
    assert all(reason in words(shown.stdout) for reason in nine())
    done = run_play(weights, "--yes")
    assert (done.returncode, "Done." in done.stderr) == (0, True)
    assert load_consents().none_applies_on == {}  # --yes answers for today alone


@pytest.mark.slow
def test_a_question_that_nobody_can_read_is_not_asked(weights: str) -> None:
    """A keyboard alone is no terminal to be asked at; neither is a closed input."""
    master, slave = os.openpty()
    try:
        done = run_play(weights, stdin=slave)
    finally:
        os.close(master)
        os.close(slave)
    assert "play it with --yes" in words(done.stderr)
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", *PLAY, weights, *SILENTLY],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (closed.returncode, "Traceback" in closed.stderr) == (1, False)
    assert "play it with --yes" in words(closed.stderr)


@pytest.mark.slow
def test_yes_asks_nothing_at_a_terminal_either(weights: str) -> None:
    """The coach speaks the reasons in any case."""
    with played(weights, "--yes") as terminal:
        assert terminal.ended() == 0
    assert QUESTION not in terminal.printed
    assert "Done." in terminal.printed


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("key", "status"), [("\x04", 1), ("\x03", 130)])
def test_leaving_at_the_question(weights: str, key: str, status: int) -> None:
    """Ctrl-D and Ctrl-C: nothing is played, nothing is kept, the next words have their own line."""
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type(key)
        assert terminal.ended() == status
        assert terminal.echoes()
    told = terminal.printed.partition(QUESTION)[2]
    assert "Traceback" not in told
    assert "Opening." not in told
    assert told.splitlines()[0].strip() in {"", "^C", "^D"}
    assert load_consents().none_applies_on == {}
    assert load_consents().one_applies_on == {}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("answer", ["no", "yes"])
def test_an_answer_that_cannot_be_kept(
    weights: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, nothing is promised, and the question comes again the next time."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("VOICECOACH_STATE", str(tmp_path / "file" / "state"))
    for _ in range(2):
        with played(weights) as terminal:
            terminal.wait_for(QUESTION)
            terminal.type(f"{answer}\n")
            assert terminal.ended() == 0
        assert "cannot be kept here, so you will be asked again" in terminal.printed
        assert "in a year" not in terminal.printed
        assert "from now on" not in terminal.printed
        assert ("Done." in terminal.printed) is (answer == "no")


@pytest.mark.slow
def test_a_broken_file_asks_again(weights: str, consents_file: Path) -> None:
    """And is replaced."""
    consents_file.write_text("{", "utf-8")
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("no\n")
        assert terminal.ended() == 0
    assert load_consents().none_applies_on == {key_of_nine(): today()}


@pytest.mark.slow
def test_wishes_that_cannot_be_are_told_before_the_question(weights: str) -> None:
    """Nobody answers in vain."""
    with played(weights, "--minutes", "90") as terminal:
        assert terminal.ended() == 1
    assert QUESTION not in terminal.printed
    assert "--minutes" in terminal.printed


def test_a_routine_without_weights_asks_nothing(path: str) -> None:
    """Whoever plays it."""
    with played(path) as terminal:
        assert terminal.ended() == 0
    assert "Type yes or no" not in terminal.printed


# ------------------------------------------------------------------------------ what speaks against weights


RELAX = "voicecoach play relaxation"
FLAGS = [
    ["--yes"],
    ["--yes", "--ask-again"],
    ["--yes", "--no-fade"],
    ["--yes", "--level", "easy"],
    [],
]
Sessions = list[tuple[int, bool | None]]


def logged(*sessions: tuple[int, bool | None], audience: Audience = Audience.ADULT) -> None:
    """Put complete sessions into the log: how many days ago, and whether something hurt."""
    for days, pain in sessions:
        number = len(load_history())
        begun_at = datetime.now(UTC).astimezone() - timedelta(days=days, seconds=-number / 1000)
        save_practice(
            a_session(
                number, routine="relaxation", begun_at=begun_at, audience=audience, weights=False,
                exercises=2, exercises_done=2, finished=True, effort=3, pain=pain,
            )
        )  # fmt: skip


@pytest.fixture
def play_quickly(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return what plays without a terminal, in no time."""
    monkeypatch.setitem(PLAYERS, "quick", PlayerChoice("tests.support.quick_play", ""))
    return lambda *arguments: CliRunner().invoke(app, ["play", *arguments, *SILENTLY, "--no-log"])


def check_refused(done: Result, *parts: str) -> None:
    """Check that nothing was played, and that it was told what is wrong, why and what to do."""
    told = words(done.stderr)
    assert done.exit_code == 1, told
    assert "Opening." not in told
    assert "Done." not in told
    assert "Short: not played, because " in told
    for part in (*parts, RELAX):
        assert part in told


@pytest.mark.parametrize("flags", FLAGS)
def test_a_reason_that_was_named_refuses_weights(
    weights: str, play_quickly: Callable[..., Result], flags: list[str]
) -> None:
    """With every flag, however old it is; it tells when it was said, and how to say that it has changed."""
    day = days_ago(800)
    save_consents(Consents(days_ago(900), {}, {key_of_nine(): day}))
    done = play_quickly(weights, *flags)
    check_refused(done, f"you said on {day}", f"voicecoach play {weights} --ask-again")
    assert load_consents().one_applies_on == {key_of_nine(): day}


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("known", [{}, {"none": True}])
def test_pain_refuses_weights(
    weights: str, play_quickly: Callable[..., Result], flags: list[str], known: dict[str, bool]
) -> None:
    """With every flag, and after a no to all reasons, too."""
    save_consents(Consents(days_ago(9), {key_of_nine(): days_ago(1)} if known else {}))
    logged((1, True))
    again = days_ago(-3)
    check_refused(play_quickly(weights, *flags), f"hurt on {days_ago(1)}", f"not before {again}")


def test_what_speaks_against_weights_refuses_to_go_on(
    weights: str, play_quickly: Callable[..., Result]
) -> None:
    """With --resume, too: what hurt may have been the session that was left. Its place stays."""
    with played(weights, "--yes", "--device", "10") as terminal:
        terminal.wait_for("Exercise 2 of 2")
        terminal.type("q")
        terminal.ended()
    before, log = load_consents(), log_path()
    assert log is not None
    logged((0, True))
    for flags in ([], ["--yes"]):
        check_refused(play_quickly("--resume", *flags), "hurt today")
    log.unlink()
    save_consents(Consents(today(), {}, {key_of_nine(): today()}))
    for flags in ([], ["--yes"]):
        check_refused(play_quickly("--resume", *flags), f"you said on {today()}")
    save_consents(before)
    done = play_quickly("--resume", "--yes")
    assert "Going on with" in done.stderr
    assert "Done." in done.stderr


@pytest.mark.parametrize(
    ("sessions", "parts"),
    [
        ([], ()),
        ([(0, False)], ()),
        ([(0, True)], ("hurt today", "Rest today", "voicecoach log --pain no")),
        ([(0, True), (0, False)], ("hurt today",)),
        ([(1, True)], ("the day after a session that does not hurt, but not before",)),
        ([(2, True), (1, False)], ("Weights come back on",)),
        ([(3, True), (2, None)], ("Weights come back tomorrow.",)),
        ([(4, True), (3, None)], ()),
        ([(4, True), (3, False)], ()),
        ([(9, True)], ("Weights come back the day after a session that does not hurt.",)),
        ([(9, True), (0, False)], ("Weights come back tomorrow.",)),
        ([(9, True), (1, False)], ()),
        ([(9, True), (8, True), (7, False), (6, False)], ("a doctor", "log --pain no")),
        ([(9, True), (8, True), (7, False), (6, False), (0, False)], ("a doctor",)),
        ([(9, True), (8, True), (7, None), (6, None), (5, None)], ("a doctor", "log --pain no")),
        ([(9, True), (8, True), (7, False), (6, False), (5, False)], ()),
        ([(9, True), (0, True)], ("a doctor", "Rest today")),
    ],
)
def test_pain_counts_as_long_as_in_the_plan(
    weights: str, play_quickly: Callable[..., Result], sessions: Sessions, parts: tuple[str, ...]
) -> None:
    """What ends it is told, and ends it."""
    logged(*sessions)
    done = play_quickly(weights, "--yes")
    if parts:
        check_refused(done, *parts)
    else:
        assert (done.exit_code, "Done." in done.stderr) == (0, True), done.stderr
    mistaken = bool(sessions) and bool(sessions[-1][1])
    assert ("did not hurt after all" in words(done.stderr)) is mistaken


def test_pain_that_was_no_pain(weights: str, play_quickly: Callable[..., Result]) -> None:
    """The command that the refusal names takes it back."""
    logged((1, False), (0, True))
    check_refused(play_quickly(weights, "--yes"), "voicecoach log --pain no")
    assert CliRunner().invoke(app, ["log", "--pain", "no"]).exit_code == 0
    assert "Done." in play_quickly(weights, "--yes").stderr


def test_the_pain_of_a_child_is_a_childs(weights: str, play_quickly: Callable[..., Result]) -> None:
    """It is no reason for a grown-up."""
    logged((0, True), audience=Audience.CHILD)
    assert "Done." in play_quickly(weights, "--yes").stderr


def test_what_has_no_weights_is_played(path: str, play_quickly: Callable[..., Result]) -> None:
    """Whatever speaks against weights."""
    save_consents(Consents(today(), {}, {key_of_nine(): today()}))
    logged((1, True))
    for flags in ([], ["--yes"]):
        assert "Done." in play_quickly(path, *flags).stderr


def test_a_log_that_cannot_be_read_refuses_nothing(
    weights: str, play_quickly: Callable[..., Result]
) -> None:
    """It is told that nobody knows what hurt; what is known of reasons counts all the same."""
    file = log_path()
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no log" * 1000)
    done = play_quickly(weights, "--yes")
    assert (done.exit_code, "Done." in done.stderr) == (0, True)
    assert words(done.stderr).count("practice log is damaged") == 1
    assert "whether something hurt" in words(done.stderr)
    save_consents(Consents(today(), {}, {key_of_nine(): today()}))
    check_refused(play_quickly(weights, "--yes"))


@pytest.mark.slow
def test_at_a_terminal_pain_is_told_before_the_question(weights: str) -> None:
    """Nobody answers in vain: no answer takes pain away."""
    logged((1, True))
    with played(weights, "--ask-again") as terminal:
        assert terminal.ended() == 1
    assert QUESTION not in terminal.printed
    assert "Short: not played, because something hurt" in words(terminal.printed)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("flags", [["--ask-again"], []])
def test_at_a_terminal_a_reason_can_be_taken_back(weights: str, flags: list[str]) -> None:
    """By a no, after which --yes plays; not by --yes."""
    save_consents(Consents(days_ago(1), {}, {key_of_nine(): days_ago(1)}))
    with played(weights, "--yes", *flags) as terminal:
        assert terminal.ended() == 1
    assert QUESTION not in terminal.printed
    with played(weights, *flags) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("no\n")
        assert terminal.ended() == 0
    assert "Done." in terminal.printed
    assert "Done." in run_play(weights, "--yes").stderr


@pytest.mark.sampled(1)
@pytest.mark.parametrize("answer", ["no", "yes"])
def test_a_reason_of_another_list_is_asked_about_too(weights: str, answer: str) -> None:
    """A no to nine other reasons alone would not take it back; there may be no such list any more."""
    save_consents(Consents(days_ago(2), {key_of_nine(): days_ago(1)}, {"a,b": days_ago(2)}))
    assert run_play(weights, "--yes").returncode == 1
    assert run_play(weights).returncode == 1
    with played(weights) as terminal:
        terminal.wait_for(QUESTION)
        told = words(terminal.printed)
        assert (
            f"10. Before another routine you said yes to this question, on {days_ago(2)}." in told
        )
        terminal.type(f"{answer}\n")
        assert terminal.ended() == 0
    assert ("Done." in terminal.printed) is (answer == "no")
    assert run_play(weights, "--yes").returncode == (0 if answer == "no" else 1)
    assert load_consents().allows_weights is (answer == "no")
