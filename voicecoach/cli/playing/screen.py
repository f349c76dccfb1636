"""What is going on, on the terminal: a screen that is read from the mat, or plain lines.

The screen is drawn in place, on the terminal as it is, without a second screen and with the cursor
to be seen: a program that is killed cannot put the terminal back.
"""

from __future__ import annotations

import math
import signal
import sys
import threading
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from voicecoach.cli.output import harmless, say
from voicecoach.cli.playing import big_letters
from voicecoach.cli.playing.keys import has_terminal, keys_line
from voicecoach.messages import whole_clock
from voicecoach.play.now_playing import NowPlaying
from voicecoach.play.transport import Mode
from voicecoach.script.moments import Moment
from voicecoach.script.phases import Phase

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

COLOURS = {
    Phase.OPENING: "#6a6fd8",
    Phase.GET_READY: "#b06500",
    Phase.WORK: "#0a8a2a",
    Phase.CHANGE: "#b06500",
    Phase.REST: "#1a7fc0",
    Phase.CLOSING: "#6a6fd8",
}
"""All can be read on black and on white; none says what no word says."""
ALARM_COLOUR = "#dd3333"

_LARGEST_LETTERS, _LARGEST_DIGITS = 3, 9
_HEADING_LINES = 3
_GAP_COLUMNS = 3
"""Between the number and what stands beside it."""
_LONG_SECONDS = 100
"""From here on seconds are shown as minutes and seconds."""


class Display(Protocol):
    """Something that shows what is going on while it is entered."""

    def show(self, now: NowPlaying) -> None:
        """Show what is going on; call it as often as you like."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was found."""


def open_screen(*, plain: bool = False) -> Display:
    """Return the screen; plain lines where they are wished for, or where nothing can be redrawn."""
    if plain or not sys.stderr.isatty() or not has_terminal(sys.stderr.fileno()):
        return PlainLines()
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    return PlainLines() if console.is_dumb_terminal else Screen(console)


def _number(now: NowPlaying) -> tuple[str, str]:
    """Return the number that matters now, and its widest form in this phase; empty for none."""
    moment = now.moment
    if moment is None or now.mode in (Mode.WAITING, Mode.ENDED):
        return "", ""
    if moment.rep:
        return f"{moment.rep}/{moment.reps}", f"{moment.reps}/{moment.reps}"
    return _seconds(moment.remaining_seconds), _seconds(moment.phase_seconds)


def _seconds(seconds: float) -> str:
    whole = math.ceil(seconds)
    return whole_clock(whole) if whole >= _LONG_SECONDS else str(whole)


def _labels(now: NowPlaying) -> list[str]:
    """Return the words beside the number, the most important first."""
    moment = now.moment
    match now.mode:
        case Mode.PAUSED:
            return ["paused", *_labels_of_work(moment)]
        case Mode.NO_SPEAKERS:
            return ["no speakers", *_labels_of_work(moment)]
        case Mode.WAITING:
            return ["ready?", "press space"]
        case Mode.ENDED:
            return ["the end"]
    if moment is None:
        return ["one moment"]
    match moment.phase:
        case Phase.OPENING:
            return ["welcome"]
        case Phase.CLOSING:
            return ["well done"]
        case Phase.WORK:
            return _labels_of_work(moment) if moment.side else ["go", *_labels_of_work(moment)]
        case Phase.CHANGE if not moment.countdown:
            return ["change", f"to {moment.next_side}" if moment.next_side else "sides"]
        case Phase.REST if not moment.countdown:
            then = f"then set {moment.set_number}" if moment.set_number else ""
            return [label for label in ("rest", then, moment.next_side) if label]
    return ["get ready", *_labels_of_work(moment)]


def _labels_of_work(moment: Moment | None) -> list[str]:
    if moment is None:
        return []
    side = moment.side or moment.next_side
    several = moment.sets > 1 and moment.set_number
    return [
        *([side] if side else []),
        *([f"set {moment.set_number} of {moment.sets}"] if several else []),
    ]


def _is_over(moment: Moment) -> bool:
    """Return True if the work of an exercise is done, so that the next one counts."""
    return moment.phase is Phase.REST and not moment.set_number


def _heading(now: NowPlaying) -> str:
    moment = now.moment
    if moment is None or not moment.exercise_number:
        return now.title
    return (
        f"Next: {moment.next_heading}"
        if _is_over(moment) and moment.next_heading
        else moment.heading
    )


def _details(moment: Moment | None) -> str:
    if moment is None or moment.phase is not Phase.GET_READY:
        return ""
    return ", ".join(part for part in (moment.position, _amount(moment)) if part)


def _amount(moment: Moment) -> str:
    return f"{moment.reps} reps" if moment.reps > 1 else ""


def _caption(now: NowPlaying) -> str:
    if now.mode is Mode.PAUSED:
        return "Press space to go on."
    if now.mode is Mode.NO_SPEAKERS:
        return "Connect speakers or headphones: it goes on by itself."
    return now.moment.caption if now.moment else ""


def _next_line(moment: Moment | None) -> str:
    if moment is None or _is_over(moment) or moment.phase is Phase.CLOSING:
        return ""
    return f"Next: {moment.next_heading}" if moment.next_heading else "This is the last one."


def _where(now: NowPlaying) -> str:
    moment = now.moment
    parts = []
    if moment is not None and moment.exercise_number:
        parts.append(f"{moment.exercise_number} of {moment.exercise_count}")
    if now.rate != 1:
        parts.append(f"voice {now.rate:g}")
    if now.volume_percent != 100:
        parts.append(f"volume {now.volume_percent} %")
    return "   ".join(reversed(parts))


@dataclass(frozen=True)
class Canvas:
    """Room for a frame."""

    columns: int
    lines: int
    ascii_only: bool = False

    @property
    def overflow(self) -> Literal["crop", "ellipsis"]:
        """The cut of a text that is too long."""
        return "crop" if self.ascii_only else "ellipsis"

    def big(self, text: str, scale: int) -> tuple[str, ...]:
        """Return a text in big letters."""
        return big_letters.draw(text, scale, ascii_only=self.ascii_only)

    def width(self, text: str, scale: int) -> int:
        """Return the number of columns that big letters take."""
        return big_letters.width(text, scale, ascii_only=self.ascii_only)

    def wrap(self, text: str, columns: int, scale: int) -> list[str] | None:
        """Return a text as lines that fit in big letters; None where they cannot."""
        return big_letters.wrap(text, columns, scale, ascii_only=self.ascii_only)

    def height(self, scale: int) -> int:
        """Return the number of lines that big letters take."""
        return big_letters.height(scale, ascii_only=self.ascii_only)


def frame(now: NowPlaying, canvas: Canvas) -> list[Text]:
    """Return the lines of the screen: as many as there is room for, none longer than there is."""
    from rich.text import Text

    colour = _colour(now)
    lines = canvas.lines
    above: list[Text] = []
    below: list[Text] = []
    if lines >= 12:
        above.append(_two_ends(now.title, _where(now), canvas))
    captions = 2 if lines >= 18 else 1 if lines >= 10 else 0
    long_message = captions and len(now.message) > canvas.columns
    caption = Text(now.message, "bold") if long_message else Text(_caption(now), "italic")
    below += _fitted(caption, captions, canvas.columns)
    if lines >= 12:
        below.append(Text(_next_line(now.moment), "bold"))
    if lines >= 3:
        below.append(_bar(now, canvas))
    if lines >= 5:
        message = Text("" if long_message else now.message, "bold")
        below.append(message or Text(keys_line(canvas.columns, ascii_only=canvas.ascii_only)))
    room = lines - len(above) - len(below)
    heading = _heading_lines(now, canvas, room, colour)
    hero = _hero_lines(now, canvas, room - len(heading), colour)
    spare = room - len(heading) - len(hero)
    middle = -(-spare // 3)
    bottom = -(-(spare - middle) // 2)
    all_lines = [*above, *_blank(spare - middle - bottom), *heading]
    all_lines += [*_blank(middle), *hero, *_blank(bottom), *below]
    for line in all_lines:
        line.no_wrap = True
        line.truncate(canvas.columns, overflow=canvas.overflow)
    return all_lines[:lines]


def _colour(now: NowPlaying) -> str:
    if now.mode is Mode.NO_SPEAKERS:
        return ALARM_COLOUR
    if now.moment is None or now.mode in (Mode.PAUSED, Mode.WAITING, Mode.ENDED):
        return ""
    phase = Phase.GET_READY if now.moment.countdown else now.moment.phase
    return COLOURS[phase]


def _blank(count: int) -> list[Text]:
    from rich.text import Text

    return [Text() for _ in range(count)]


def _two_ends(left: str, right: str, canvas: Canvas) -> Text:
    from rich.text import Text

    start = Text(left)
    room = max(0, canvas.columns - len(right) - 2)
    start.truncate(room, overflow=canvas.overflow, pad=True)
    return Text("  ").join([start, Text(right, "bold")])


def _fitted(text: Text, count: int, columns: int) -> list[Text]:
    """Return a text on exactly `count` lines, cut where they do not suffice."""
    from rich.console import Console

    if not count:
        return []
    wrapped = list(text.wrap(Console(width=columns), columns))[:count]
    return [*wrapped, *_blank(count - len(wrapped))]


def _bar(now: NowPlaying, canvas: Canvas) -> Text:
    from rich.text import Text

    done = whole_clock(now.position_seconds)
    total = whole_clock(now.total_seconds)
    total = total if now.total_is_exact else f"about {total}"
    room = canvas.columns - len(done) - len(total) - 2
    if room < 5:
        return Text(f"{done} of {total}")
    share = min(1.0, now.position_seconds / now.total_seconds) if now.total_seconds else 0.0
    filled = round(room * share)
    full, empty = ("#", "-") if canvas.ascii_only else ("█", "░")
    return Text(f"{done} {full * filled}{empty * (room - filled)} {total}")


def _heading_lines(now: NowPlaying, canvas: Canvas, room: int, colour: str) -> list[Text]:
    """Return the exercise in letters as big as fit; most of the room is for the number."""
    from rich.text import Text

    heading = _heading(now)
    details = _details(now.moment)
    small = [Text(details)] if details and room >= 10 else []
    most = room * 9 // 20 - len(small)
    for scale in range(_LARGEST_LETTERS, 0, -1):
        if not big_letters.can_draw(heading):
            break
        parts = canvas.wrap(heading, canvas.columns, scale)
        if parts is None or len(parts) > _HEADING_LINES:
            continue
        if len(parts) * canvas.height(scale) <= most:
            drawn = [line for part in parts for line in canvas.big(part, scale)]
            return [*(Text(line) for line in drawn), *small]
    return [Text(heading, style=f"bold {colour}"), *small]


def _hero_lines(now: NowPlaying, canvas: Canvas, room: int, colour: str) -> list[Text]:
    """Return the number in digits as big as fit, with its labels beside it."""
    from rich.text import Text

    labels = _labels(now)
    number, widest = _number(now)
    for big in (True, False):
        for scale in range(_LARGEST_DIGITS if number else 1, 0, -1):
            left = canvas.width(widest, scale) + _GAP_COLUMNS if number else 0
            high = canvas.height(scale) if number else room
            beside = _label_lines(labels, canvas, canvas.columns - left, high, all_big=big)
            if high > room or beside is None:
                continue
            digits = canvas.big(number, scale) if number else ("",) * high
            columns = max(0, left - _GAP_COLUMNS)
            parted = " " * (left - columns)
            return [
                Text(f"{digit:>{columns}}{parted}{label}", f"bold {colour}")
                for digit, label in zip(digits, beside, strict=True)
            ]
    return [Text("  ".join([number, *labels]).strip(), f"bold {colour}")]


def _label_lines(
    labels: list[str], canvas: Canvas, columns: int, count: int, *, all_big: bool
) -> list[str] | None:
    """Return labels on exactly `count` lines, as big as fit; None where none fit."""
    # At the larger sizes all labels are big; at the smallest some may be small, the last ones
    # first.
    small = [label.upper() for label in labels]
    for scale in range(_LARGEST_LETTERS, 0, -1):
        wrapped = [canvas.wrap(label, columns, scale) for label in labels]
        choices = product((True, False), repeat=len(labels))
        for choice in sorted(choices, key=sum, reverse=True):
            if not all(choice) and (all_big or scale > 1):
                break
            lines: list[str] = []
            for is_big, parts, label in zip(choice, wrapped, small, strict=True):
                if not is_big and len(label) <= columns:
                    lines.append(label)
                elif is_big and parts:
                    lines += [line for part in parts for line in canvas.big(part, scale)]
                else:
                    break
            else:
                if len(lines) <= count:
                    above = (count - len(lines)) // 2
                    return [""] * above + lines + [""] * (count - len(lines) - above)
    return None


class Screen:
    """The big screen, redrawn in place whenever what it shows has changed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._shown: tuple[NowPlaying, Canvas] | None = None
        self._disturbed = False
        """Whether a shell has used the terminal since we drew on it."""
        self._handler_before: Any = None

    def __enter__(self) -> Self:
        """Begin; nothing is drawn before there is something to show."""
        # Only the main thread may ask for a signal.
        if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
            self._handler_before = signal.signal(signal.SIGCONT, self._continued)
        return self

    def __exit__(self, *_: object) -> None:
        """Take the screen away; what was on the terminal before is there again."""
        if sys.platform != "win32" and self._handler_before is not None:
            signal.signal(signal.SIGCONT, self._handler_before)
        self._end()

    def show(self, now: NowPlaying) -> None:
        """Show what is going on, if it is not shown already; from any thread, one at a time."""
        if not self._is_ours():
            self._disturbed = True
            return
        columns, lines = self._console.size
        canvas = Canvas(columns, lines - 1, self._console.options.ascii_only)
        shown = (as_shown(now), canvas)
        if shown == self._shown and not self._disturbed:
            return
        if self._shown is not None and (self._disturbed or self._shown[1] != canvas):
            self._end()  # nobody knows where the old lines are now; the new ones fill the window
        self._disturbed = False
        self._shown = shown
        self._draw(*shown)

    def _draw(self, now: NowPlaying, canvas: Canvas) -> None:
        from rich.live import Live
        from rich.text import Text

        # The last line stays empty for the cursor, or for the prompt if we are killed.
        text = Text("\n").join([*frame(now, canvas), Text()])
        text.no_wrap = True
        if self._live is None:
            self._live = Live(
                console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop"
            )
            self._live.start()
            self._console.show_cursor()  # Live hides it, and so it would stay if we were killed
        self._live.update(text, refresh=True)

    def _end(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _is_ours(self) -> bool:
        """Return True if we may draw: not from the background, into somebody else's lines."""
        if not self._console.file.isatty() or sys.platform == "win32":
            return True
        return has_terminal(self._console.file.fileno())

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        self._disturbed = True


def as_shown(now: NowPlaying) -> NowPlaying:
    """Return what the screen tells: rounded, and without characters that act on a terminal."""
    moment = now.moment
    position = math.floor(now.position_seconds)
    if moment is not None:
        counts_seconds = not moment.rep
        left = math.ceil(moment.remaining_seconds) if counts_seconds else 0
        if counts_seconds:  # the clock below moves with the big one: one redraw a second, not two
            position = max(0, round(now.position_seconds + moment.remaining_seconds - left))
        moment = replace(
            moment,
            remaining_seconds=left,
            heading=_one_line(moment.heading),
            next_heading=_one_line(moment.next_heading),
            position=_one_line(moment.position),
            caption=_one_line(moment.caption),
        )
    return replace(
        now,
        title=_one_line(now.title),
        moment=moment,
        position_seconds=position,
        total_seconds=round(now.total_seconds),
        message=_one_line(now.message),
    )


def _one_line(text: str) -> str:
    return " ".join(harmless(text).split())


class PlainLines:
    """One line for each event, with the time of the session: for screen readers and logs."""

    def __init__(self) -> None:
        self._mode: Mode | None = None
        self._message = ""
        self._stage: tuple[object, ...] | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End; there is nothing to tidy up."""

    def show(self, now: NowPlaying) -> None:
        """Print what has happened since the last call."""
        for line in self._events(now):
            say(f"{whole_clock(math.floor(now.position_seconds)):>5}  {_one_line(line)}")

    def _events(self, now: NowPlaying) -> list[str]:
        events = []
        if now.mode is not self._mode:
            events += _event_of_mode(now.mode, self._mode)
        if now.message and now.message != self._message:
            events.append(now.message)
        stage = _stage(now.moment)
        if now.moment is not None and stage != self._stage and now.mode is not Mode.ENDED:
            is_new = self._stage is None or self._stage[0] != stage[0]
            events += _event_of_stage(now.moment, is_new=is_new)
            self._stage = stage
        self._mode, self._message = now.mode, now.message
        return events


def _stage(moment: Moment | None) -> tuple[object, ...]:
    """Return a value that changes with each event, and with nothing else."""
    if moment is None:
        return ()
    return (moment.segment_index, moment.phase, moment.set_number, moment.next_side)


def _event_of_mode(mode: Mode, before: Mode | None) -> list[str]:
    match mode:
        case Mode.PAUSED:
            return ["Paused."]
        case Mode.NO_SPEAKERS:
            return ["No speakers. It goes on when there are some."]
        case Mode.WAITING:
            return ["Press space when you are ready."]
        case Mode.PLAYING if before in (Mode.PAUSED, Mode.NO_SPEAKERS):
            return ["Carrying on."]
    return []


def _event_of_stage(moment: Moment, *, is_new: bool) -> list[str]:
    what = moment.title
    side = moment.side or moment.next_side
    where = (f", {side} side" if side else "") + (
        f", set {moment.set_number} of {moment.sets}" if moment.sets > 1 else ""
    )
    seconds = math.ceil(moment.phase_seconds)
    long = "1 second" if seconds == 1 else f"{seconds} seconds"
    events = []
    if is_new and moment.exercise_number:
        events.append(f"Exercise {moment.exercise_number} of {moment.exercise_count}: {what}.")
    match moment.phase:
        case Phase.OPENING | Phase.CLOSING:
            events.append(f"{what}.")
        case Phase.GET_READY if not is_new:
            events.append(f"Get ready: {what}{where}.")
        case Phase.WORK:
            events.append(f"Go: {_amount(moment) or long}{where}.")
        case Phase.CHANGE:
            events.append(f"Change sides, {long}{where}.")
        case Phase.REST if moment.set_number:
            events.append(f"Rest, {long}, then set {moment.set_number} of {moment.sets}.")
        case Phase.REST:
            then = f" Next: {moment.next_title}." if moment.next_title else ""
            events.append(f"Rest, {long}.{then}" if seconds else then.strip())
    return [event for event in events if event]
