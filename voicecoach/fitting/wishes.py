"""What a person wishes of a session, beside the routine itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_type_hints

from voicecoach.routine.model import Audience, Level, Pace, Talk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from voicecoach.routine.model import Routine

SPEECH_RATES: Final = {Pace.CALM: 0.9, Pace.NORMAL: 1.0, Pace.BRISK: 1.1}
MOST_MINUTES: Final = 720
"""A session lasts half a day at most."""
OUR_MUSIC: Final = ("waves", "pad", "bowls")
"""The names of our own beds, as in `music.our_beds.BEDS`."""
NO_MUSIC: Final = "none"
"""Says that there is no music, as for a session that had some."""
USUAL_SEED: Final = 7
"""The playful words where nobody chose others, so that a track stays the same."""
DRAFTS: Final = ("check", "preview")
"""The commands for somebody who writes a routine: they take it as its file has it."""


@dataclass(frozen=True)
class Wish:
    """How a person says one wish: all that the command line, the settings and a place need.

    It stands in the annotation of the field of `Wishes` that holds what was said; a further wish is
    one more field there, and what acts on it.
    """

    help: str
    commands: tuple[str, ...] = ("play", "export", "show", *DRAFTS, "serve")
    option: str = ""
    """Its name on the command line, if not that of the field."""
    metavar: str | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    """Of `least` and `most`; empty for a plain number."""
    changes_exercises: bool = False
    """Whether it changes the exercises, so that an old place would not be found."""
    goes_with: str = ""
    """Another wish that it means nothing without, and that it is resumed with."""
    example: str = ""
    """A right value, as TOML, of what may also be a setting; empty for one session's wish."""
    listed_help: str = ""
    """What it does, where the words of the option do not suit a list of settings."""
    without: str = ""
    """What holds without the setting, in words, where the default is None."""
    unless: tuple[str, ...] = ()
    """Options beside which the setting is not used."""
    for_drafts: bool = False
    """Whether the commands for drafts use the setting, too."""
    # What follows is taken from the field.
    name: str = ""
    kind: Any = str
    default: Any = None


_STEPS: Final = "STEP,…"
_ONE_ROUTINE: Final = ("play", "export", "show", "check")
_MUSICAL: Final = ("play", "export", "serve")


@dataclass(frozen=True)
class Wishes:
    """All the wishes for a session; without any, it is what the routine file says.

    The order is that of the options.
    """

    level: Annotated[
        Level,
        Wish(
            "How much of each exercise: easy, standard or strong.",
            changes_exercises=True,
            example='"easy"',
        ),
    ] = Level.STANDARD
    minutes: Annotated[
        int | None,
        Wish(
            "Make it last so long; what is done for it is told. 0: as long as it does.",
            commands=_ONE_ROUTINE,
            metavar="N",
            least=0,
            most=MOST_MINUTES,
            changes_exercises=True,
            example="10",
            listed_help="How long a session lasts; 0 for as long as the routine is.",
            without="as long as the routine is",
            unless=("--only", "--from", "--skip"),
        ),
    ] = None
    """1 to `MOST_MINUTES`; None for as long as it lasts."""
    minutes_roughly: bool = False
    """Whether the nearest possible will do, because nobody named the minutes for it."""
    pace: Annotated[
        Pace,
        Wish(
            "How fast the coach speaks and how long you have to get ready: calm, normal or brisk.",
            example='"calm"',
            for_drafts=True,
        ),
    ] = Pace.NORMAL
    talk: Annotated[
        Talk | None,
        Wish(
            "full: everything. brief: reminders instead. tones: names, sides, safety, ticks.",
            example='"brief"',
            listed_help="How much the coach says: full, brief or tones.",
            without="full; in live play what suits you",
        ),
    ] = None
    """None for full, or in live play for what suits somebody who knows the routine so well."""
    skip: Annotated[
        tuple[str, ...],
        Wish(
            "Leave these steps out: names or numbers.",
            commands=_ONE_ROUTINE,
            metavar=_STEPS,
            changes_exercises=True,
        ),
    ] = ()
    """By slug or number."""
    only: Annotated[
        tuple[str, ...],
        Wish(
            "Do only these steps: names or numbers.",
            commands=_ONE_ROUTINE,
            metavar=_STEPS,
            changes_exercises=True,
        ),
    ] = ()
    """By slug or number; empty for all."""
    start: Annotated[
        str,
        Wish(
            "Begin at this step: its name or its number.",
            commands=_ONE_ROUTINE,
            option="--from",
            metavar="STEP",
            changes_exercises=True,
        ),
    ] = ""
    """Empty for the first."""
    left_first: Annotated[
        bool, Wish("Begin with the left side where there are two.", example="true")
    ] = False
    language: Annotated[
        str | None,
        Wish(
            "The language, of those that the routine has: en, de, … The file's own without it.",
            commands=("play", "export", "show", *DRAFTS),
            metavar="TAG",
            example='"de"',
            listed_help="The language of a session, where the routine has it, by its tag.",
            without="that of the file",
            for_drafts=True,
        ),
    ] = None
    """A tag of those that the routine has; None for the file's own."""
    language_roughly: bool = False
    """Whether the file's own will do, because nobody named the language for it."""
    seed: Annotated[
        int | None,
        Wish(
            "For children: which of the coach's playful words; the same number, the same words.",
            metavar="N",
            least=0,
        ),
    ] = None
    """Which playful words a child hears; None for the usual ones, or in live play for today's."""
    voice: Annotated[
        str,
        Wish(
            "Who speaks; see `voicecoach voices`. `silent` gives lengths without a voice.",
            metavar="ENGINE[:VOICE]",
            example='"pyttsx3"',
            listed_help="Who speaks: ENGINE or ENGINE:VOICE, as `voicecoach voices` has them.",
            for_drafts=True,
        ),
    ] = "auto"
    """`auto`, `ENGINE` or `ENGINE:VOICE`."""
    rate: Annotated[
        float | None,
        Wish(
            "Pace of the speech alone, 1 being usual; the exercise keeps its own time.",
            least=0.8,
            most=1.2,
            example="0.9",
            listed_help="Pace of the speech alone, 0.8 to 1.2.",
            without="that of the pace",
            unless=("--pace",),
            for_drafts=True,
        ),
    ] = None
    """None for that of `pace`."""
    music: Annotated[
        str,
        Wish(
            "Music under the voice: waves, pad or bowls, which are ours, or a sound file; "
            "none for none.",
            commands=_MUSICAL,
            metavar="NAME|FILE",
            example='"waves"',
            listed_help="Music under the voice: waves, pad, bowls, none or a sound file.",
        ),
    ] = ""
    """The name of a bed, or the absolute path of a music file; empty for none."""
    music_gain: Annotated[
        float,
        Wish(
            "How much louder (or, below 0, quieter) the music is than usual.",
            commands=_MUSICAL,
            metavar="DB",
            least=-30.0,
            most=12.0,
            unit="dB",
            goes_with="music",
            example="-6",
            listed_help="How much louder (or, below 0, quieter) music is than usual, in dB.",
        ),
    ] = 0.0

    @property
    def speech_rate(self) -> float:
        """Return the pace of the speech, 1.0 being usual."""
        return self.rate if self.rate is not None else SPEECH_RATES[self.pace]


def _declared() -> Iterator[Wish]:
    annotated, plain = get_type_hints(Wishes, include_extras=True), get_type_hints(Wishes)
    for each in fields(Wishes):
        for wish in get_args(annotated[each.name]):
            if isinstance(wish, Wish):
                option = wish.option or f"--{each.name.replace('_', '-')}"
                yield replace(
                    wish, option=option, name=each.name, kind=plain[each.name], default=each.default
                )


WISHES: Final = {wish.name: wish for wish in _declared()}
"""All wishes that a person can name."""


def roughly(name: str) -> str:
    """Return the field that says that a wish was not named for this session; some have one."""
    return f"{name}_roughly"


def wished_anew(wishes: Wishes, names: Collection[str], former: Wishes) -> Wishes:
    """Return former wishes, but the named ones, and what goes with them, as they are now."""
    anew = {
        wish.name for wish in WISHES.values() if not {wish.name, wish.goes_with}.isdisjoint(names)
    }
    anew |= {each.name for each in fields(Wishes)} & set(map(roughly, anew))
    return replace(former, **{name: getattr(wishes, name) for name in anew})


def wishes_of_today(wishes: Wishes, routine: Routine, today: date) -> Wishes:
    """Return the wishes of live play: unless somebody chose, a child hears new words each day."""
    if routine.audience is not Audience.CHILD or wishes.seed is not None:
        return wishes
    return replace(wishes, seed=today.toordinal())


def play_seed(wishes: Wishes, routine: Routine) -> int | None:
    """Return the seed of the playful words; None for adults, whose words never change."""
    if routine.audience is not Audience.CHILD:
        return None
    return USUAL_SEED if wishes.seed is None else wishes.seed
