"""The screen and the plain lines: what they tell, in rooms of every size, and the terminal left behind."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.support.building import compiled, routine, step
from tests.support.screen_here import load, now_at
from voicecoach.cli.playing import big_letters
from voicecoach.cli.playing.screen import (
    ALARM_COLOUR,
    COLOURS,
    Canvas,
    PlainLines,
    Screen,
    as_shown,
    frame,
    open_screen,
)
from voicecoach.library.library import Library
from voicecoach.play.transport import Mode

if sys.platform == "win32":
    pytest.skip("needs terminals of Linux or macOS", allow_module_level=True)

from tests.support.terminal import CHECKOUT, Shell, in_pty, in_tmux

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.play.now_playing import NowPlaying
    from voicecoach.script.model import Script

SHOW = "tests.support.screen_here"
SIZES = [(80, 24), (40, 10), (60, 15), (100, 30), (200, 60), (24, 6), (12, 3), (3, 2), (80, 1)]
BUNDLED = sorted(entry.name for entry in Library().routines())
SCRIPTS: dict[str, Script] = {}

SIDES = compiled(
    routine(
        step("leg-hold", "hold 30s each side, change 14s", setup_seconds=20, rest_after_seconds=20),
        step("shrug", "2 x 8 reps, tempo 2-1-3, rest 30s", setup_seconds=16),
        opening="Welcome to the test.",
        closing="Well done.",
    )
)
START = SIDES.starts_seconds


def script_of(name: str) -> Script:
    """Return a bundled routine, compiled once."""
    if name not in SCRIPTS:
        SCRIPTS[name] = load(name)
    return SCRIPTS[name]


def drawn(
    now: NowPlaying, columns: int = 80, lines: int = 24, *, ascii_only: bool = False
) -> list[str]:
    """Return the lines of a frame as text."""
    canvas = Canvas(columns, lines, ascii_only)
    return [line.plain for line in frame(as_shown(now), canvas)]


def tells(lines: list[str], words: str, *, ascii_only: bool = False) -> bool:
    """Return whether words stand in a frame, in letters of any size."""
    if words.upper() in "\n".join(lines).upper():
        return True
    return any(
        all(_has_big(lines, word, scale, ascii_only=ascii_only) for word in words.split())
        for scale in range(1, 10)
    )


def _has_big(lines: list[str], word: str, scale: int, *, ascii_only: bool) -> bool:
    rows = big_letters.draw(word, scale, ascii_only=ascii_only)
    padded = [line.ljust(200) for line in lines]
    return any(
        all(
            padded[top + place][column : column + len(row)] == row for place, row in enumerate(rows)
        )
        for top in range(len(lines) - len(rows) + 1)
        for column in (match.start() for match in re.finditer(re.escape(rows[0]), padded[top]))
    )


# ----------------------------------------------------------------------------------- what it tells


@pytest.mark.parametrize(
    ("index", "seconds", "mode", "words"),
    [
        (0, 0.5, Mode.PLAYING, ["2", "welcome", "Test", "Next: Leg hold"]),
        (1, 4, Mode.PLAYING, ["16", "get ready", "right", "Leg hold", "1 of 2", "Next: Shrug"]),
        (1, 18.1, Mode.PLAYING, ["2", "get ready", "right"]),
        (1, 27.2, Mode.PLAYING, ["23", "right", "Leg hold"]),
        (1, 55, Mode.PLAYING, ["9", "change", "to left", "Leg hold"]),
        (1, 62.1, Mode.PLAYING, ["2", "get ready", "left"]),
        (1, 70, Mode.PLAYING, ["24", "left"]),
        (1, 100, Mode.PLAYING, ["14", "rest", "Next: Shrug"]),
        (2, 35, Mode.PLAYING, ["4/8", "go", "set 1 of 2", "Shrug", "2 of 2", "This is the last"]),
        (2, 70, Mode.PLAYING, ["24", "rest", "then set 2", "Shrug"]),
        (2, 100, Mode.PAUSED, ["2/8", "paused", "set 2 of 2", "Press space to go on."]),
        (1, 10, Mode.WAITING, ["ready?", "press space", "Leg hold"]),
        (1, 70, Mode.NO_SPEAKERS, ["no speakers", "left", "24"]),
        (3, 0.1, Mode.PLAYING, ["well done", "Test"]),
        (3, 0.1, Mode.ENDED, ["the end"]),
    ],
)
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_screen_tells(
    index: int, seconds: float, mode: Mode, words: list[str], columns: int, lines: int,
    ascii_only: bool,
) -> None:  # fmt: skip
    """In each phase: the number, what to do, the side, the set, the exercise, what is next."""
    shown = drawn(
        now_at(SIDES, START[index] + seconds, mode), columns, lines, ascii_only=ascii_only
    )
    for part in words:
        assert tells(shown, part, ascii_only=ascii_only), "\n".join([f"no {part!r} in", *shown])
    if ascii_only:
        assert "\n".join(shown).isascii()


@pytest.mark.sampled(12)
@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("name", BUNDLED)
def test_frame_fits(name: str, columns: int, lines: int) -> None:
    """Whatever is shown, on whatever terminal, nothing is wider or higher than it; the number is there."""
    script = script_of(name)
    for seconds in range(0, int(script.duration_seconds), 23):
        for mode in (Mode.PLAYING, Mode.PAUSED, Mode.WAITING, Mode.NO_SPEAKERS):
            now = now_at(script, seconds, mode, "A message of some length " * (seconds % 5))
            shown = drawn(now, columns, lines)
            assert len(shown) <= lines
            assert max(map(cell_len, shown)) <= columns
    assert now.moment is not None


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize(("columns", "lines", "least"), [(40, 9, 1), (80, 23, 2), (120, 39, 3)])
def test_number_is_big_in_every_exercise(name: str, columns: int, lines: int, least: int) -> None:
    """No title, however long, takes the room of the number."""
    script = script_of(name)
    for segment, start in zip(script.segments, script.starts_seconds, strict=True):
        for block in segment.work_blocks:
            now = now_at(script, start + block.start_seconds + block.duration_seconds / 2)
            assert now.moment is not None
            left = now.moment.remaining_seconds
            number = f"{now.moment.rep}/{block.reps}" if block.reps else f"{-int(-left // 1)}"
            if not block.reps and left >= 100:
                continue
            shown = drawn(now, columns, lines)
            sizes = [
                scale for scale in range(1, 10) if _has_big(shown, number, scale, ascii_only=False)
            ]
            assert sizes, "\n".join(shown)
            assert max(sizes) >= least, "\n".join(shown)


def test_titles_of_strangers_reach_no_terminal() -> None:
    """Escape sequences, line breaks and letters without a shape of ours do no harm."""
    evil = "\x1b]0;owned\x07\x1b[2J\nÜbung 背\u0085"
    script = compiled(
        routine(step("x", name=evil, spoken=evil, position=evil, say=evil.replace("\n", " ")))
    )
    now = replace(now_at(script, 1.0), title=evil, message=evil)
    for columns, lines in SIZES:
        text = "\n".join(drawn(now, columns, lines))
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert len(text.splitlines()) <= lines
    assert "Übung 背" in "\n".join(drawn(now))


def test_long_message_is_told_whole() -> None:
    """What to do about lost speakers may take two lines."""
    message = (
        "The speakers are gone at 3:15: the device was unplugged. Plug it in, or choose others."
    )
    shown = drawn(replace(now_at(SIDES, 10, Mode.NO_SPEAKERS), message=message))
    assert message in " ".join(" ".join(shown).split())


def test_settings_are_shown_where_they_are_not_as_usual() -> None:
    """Volume and pace stand there only when somebody has changed them."""
    usual = now_at(SIDES, 10)
    assert "volume" not in drawn(usual)[0]
    changed = replace(usual, volume_percent=70, rate=0.9, total_is_exact=False)
    assert re.search(r"volume 70 % +voice 0\.9", drawn(changed)[0])
    assert "about" in "\n".join(drawn(changed))


@pytest.mark.parametrize("colour", sorted({*COLOURS.values(), ALARM_COLOUR}))
def test_colours_can_be_read_on_black_and_on_white(colour: str) -> None:
    """At least 4 to 1 in contrast, as big letters and more than those need."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance = sum(
        share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
    assert (luminance + 0.05) / 0.05 >= 4
    assert 1.05 / (luminance + 0.05) >= 4


def test_big_letters_have_shapes_of_their_own() -> None:
    """Five pixels high, each row as wide as the others, and no two alike but the O and the nought."""
    everything = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-+:.,!?'()"
    assert big_letters.can_draw(everything)
    shapes = ["\n".join(big_letters.draw(letter, 1)) for letter in everything]
    assert len(set(shapes)) == len(shapes)
    assert big_letters.draw("Hi!", 1) == ("█ █ █ █", "█▀█ █ ▀", "▀ ▀ ▀ ▀")
    for scale in (1, 2, 3):
        for ascii_only in (False, True):
            rows = big_letters.draw(everything, scale, ascii_only=ascii_only)
            assert len(rows) == big_letters.height(scale, ascii_only=ascii_only)
            wide = big_letters.width(everything, scale, ascii_only=ascii_only)
            assert {len(row) for row in rows} == {wide}


# ------------------------------------------------------------------------------------- redrawing


def on_paper(**options: object) -> tuple[Screen, io.StringIO]:
    """Return a screen that draws into memory."""
    paper = io.StringIO()
    given: dict[str, object] = {"force_terminal": True, "width": 80, "height": 24} | options
    return Screen(Console(file=paper, **given)), paper  # type: ignore[arg-type]


def test_it_is_redrawn_only_when_what_it_shows_has_changed() -> None:
    """Twenty calls a second make one picture a second, in a hold; in reps one more with each rep."""
    screen, paper = on_paper()
    written = []
    with screen:
        for tick in range(20 * 10):
            screen.show(now_at(SIDES, START[1] + 22.5 + tick / 20))
            written.append(paper.tell())
    assert 10 <= len(set(written)) <= 13  # ten seconds, and a caption


def test_no_color() -> None:
    """With NO_COLOR there is no colour, and the words say all there is to say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_COLOR", "1")
        screen, paper = on_paper(color_system="truecolor")
        with screen:
            screen.show(now_at(SIDES, START[1] + 100))
    assert not re.search(r"\x1b\[[0-9;]*[34]8;", paper.getvalue())
    screen, paper = on_paper(color_system="truecolor")
    with screen:
        screen.show(now_at(SIDES, START[1] + 100))
    assert re.search(r"\x1b\[[0-9;]*38;2;", paper.getvalue())


def test_what_others_print_stands_above() -> None:
    """A warning printed in the middle is not drawn over."""
    screen, paper = on_paper()
    with screen:
        screen.show(now_at(SIDES, START[1] + 22))
        sys.stderr.write("a warning\n")
        screen.show(now_at(SIDES, START[1] + 23))
    assert "a warning" in paper.getvalue()


# ------------------------------------------------------------------------------------- terminals


def test_terminal_is_left_as_it_was() -> None:
    """No second screen, and the cursor is there all the time but for an instant at the start."""
    with in_pty(
        SHOW, "preliminary", "--from", "100", "--until", "115", "--speed", "10"
    ) as terminal:
        before = terminal.settings()
        assert terminal.ended() == 0
        assert terminal.settings() == before
    assert "█" in terminal.printed
    assert "\x1b[?1049" not in terminal.printed
    cursor = re.findall(r"\x1b\[\?25([hl])", terminal.printed)
    assert cursor[:2] == ["l", "h"]
    assert set(cursor[2:]) == {"h"}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("how", ["end", "error", "interrupt", "terminate", "hang up", "kill"])
def test_shell_can_be_used_afterwards(tmp_path: Path, how: str) -> None:
    """However it ends, the cursor is visible, the prompt stands alone, and what was there before stays."""
    options = {"end": "--until 115", "error": "--until 115 --fail"}.get(how, "--freeze")
    with in_tmux(tmp_path) as shell:
        shell.line("echo before; echo pid $$")
        shell.wait_for("before\npid")
        shell.line(f"python -m {SHOW} preliminary --from 100 --speed 10 {options}")
        if how in ("interrupt", "terminate", "hang up", "kill"):
            shell.wait_for("space pause")
            assert shell.tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"
            sent = {
                "interrupt": signal.SIGINT, "terminate": signal.SIGTERM, "hang up": signal.SIGHUP,
                "kill": signal.SIGKILL,
            }[how]  # fmt: skip
            os.kill(child_of(shell), sent)
        if how == "kill":
            shell.wait_for("Killed\n$")
        time.sleep(0.3)
        shell.line("echo after $((6*7))")
        shell.wait_for("\nafter 42\n")
        assert shell.tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"
        assert "\nbefore\npid" in shell.screen("-S", "-100")
        if how in ("end", "error"):
            assert "█" not in shell.screen()


def child_of(shell: Shell) -> int:
    """Return the process that the shell runs."""
    parent = shell.tmux("display-message", "-p", "#{pane_pid}").strip()
    return int(subprocess.run(["pgrep", "-P", parent], capture_output=True, check=True).stdout)


@pytest.mark.timed
def test_window_may_change_its_size(tmp_path: Path) -> None:
    """Smaller, larger: the screen is that of the new size, with nothing left of the old one."""
    with in_tmux(tmp_path) as shell:
        shell.line(f"python -m {SHOW} preliminary --from 120 --freeze")
        shell.wait_for("space pause")
        for columns, lines in ((50, 16), (100, 30), (30, 8), (80, 24)):
            shell.tmux("resize-window", "-x", str(columns), "-y", str(lines))
            now = now_at(script_of("preliminary"), 120)
            wanted = "\n".join(line.rstrip() for line in drawn(now, columns, lines - 1))
            until = time.monotonic() + 10
            while shell.screen().rstrip() != wanted.rstrip():
                assert time.monotonic() < until, shell.screen()
                time.sleep(0.1)


@pytest.mark.slow
def test_it_does_not_draw_while_the_shell_has_the_terminal(tmp_path: Path) -> None:
    """Stopped and sent to the background it leaves the shell alone; in front again it is whole."""
    with in_tmux(tmp_path) as shell:
        shell.line(f"python -m {SHOW} preliminary --from 120 --freeze")
        shell.wait_for("space pause")
        shell.type("C-z")
        shell.wait_for("Stopped")
        shell.line("clear; bg; echo quiet")
        shell.wait_for("quiet")
        time.sleep(1)
        assert "█" not in shell.screen()
        shell.line("fg")
        wanted = [line.rstrip() for line in drawn(now_at(script_of("preliminary"), 120), 80, 23)]
        shell.wait_for("space pause")
        time.sleep(0.3)
        assert shell.screen().rstrip() == "\n".join(wanted).rstrip()


# ------------------------------------------------------------------------------------ plain lines


def lines_of(capsys: pytest.CaptureFixture[str], *shown: NowPlaying) -> list[str]:
    """Return what plain lines print."""
    with PlainLines() as lines:
        for now in shown:
            lines.show(now)
    captured = capsys.readouterr()
    assert not captured.out
    return captured.err.splitlines()


def test_plain_lines_of_a_session(capsys: pytest.CaptureFixture[str]) -> None:
    """Each event once, with the time of the session."""
    tenths = range(int(SIDES.duration_seconds * 10))
    shown = [now_at(SIDES, tenth / 10) for tenth in tenths]
    printed = lines_of(capsys, *shown, replace(shown[-1], mode=Mode.ENDED))
    assert printed == [
        " 0:00  Opening.",
        " 0:02  Exercise 1 of 2: Leg hold.",
        " 0:22  Go: 30 seconds, right side.",
        " 0:52  Change sides, 14 seconds, left side.",
        " 1:06  Go: 30 seconds, left side.",
        " 1:36  Rest, 20 seconds. Next: Shrug.",
        " 1:56  Exercise 2 of 2: Shrug.",
        " 2:12  Go: 8 reps, set 1 of 2.",
        " 3:00  Rest, 30 seconds, then set 2 of 2.",
        " 3:30  Go: 8 reps, set 2 of 2.",
        " 4:18  Closing.",
    ]


def test_plain_lines_of_a_pause_and_of_lost_speakers(capsys: pytest.CaptureFixture[str]) -> None:
    """What has happened, what to do, and that it goes on; messages once."""
    playing = now_at(SIDES, START[1] + 30)
    paused = replace(playing, mode=Mode.PAUSED)
    gone = replace(playing, mode=Mode.NO_SPEAKERS, message="Unplugged.\x1b[2J")
    ready = now_at(SIDES, START[1] + 5, Mode.WAITING)
    printed = lines_of(capsys, playing, paused, paused, playing, gone, gone, playing, ready)
    assert [line[7:] for line in printed] == [
        "Exercise 1 of 2: Leg hold.",
        "Go: 30 seconds, right side.",
        "Paused.",
        "Carrying on.",
        "No speakers. It goes on when there are some.",
        "Unplugged.�[2J",
        "Carrying on.",
        "Press space when you are ready.",
        "Get ready: Leg hold, right side.",
    ]


def test_plain_lines_where_nothing_can_be_redrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a pipe, on a dumb terminal and on wish there are lines; on a terminal there is the screen."""
    assert isinstance(open_screen(), PlainLines)
    show = (SHOW, "preliminary", "--from", "90", "--until", "110", "--speed", "20")
    piped = subprocess.run(
        [sys.executable, "-m", *show], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    assert "Exercise 2 of 6: Straight-leg lift and hold." in piped.stderr
    assert "\x1b" not in piped.stderr
    for options, environment in (((), {"TERM": "dumb"}), (("--plain",), {})):
        with in_pty(*show, *options, **environment) as terminal:
            terminal.wait_for("Exercise 2 of 6: Straight-leg lift and hold.")
            assert "\x1b" not in terminal.printed


def test_following_a_session_costs_next_to_nothing() -> None:
    """A minute of session, shown twenty times a second, takes less than 1 % of a core."""
    screen, _ = on_paper(width=100, height=30)
    with screen:
        screen.show(now_at(script_of("preliminary"), 99))
        shown = [now_at(script_of("preliminary"), 100 + tick / 20) for tick in range(60 * 20)]
        began = time.process_time()
        for now in shown:
            screen.show(now)
        spent_seconds = time.process_time() - began
    assert spent_seconds < 0.6
