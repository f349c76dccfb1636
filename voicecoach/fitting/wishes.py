"""What a person wishes of a session, beside the routine itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voicecoach.routine.model import Audience, Level, Pace, Talk

if TYPE_CHECKING:
    from datetime import date

    from voicecoach.routine.model import Routine

SPEECH_RATES: Final = {Pace.CALM: 0.9, Pace.NORMAL: 1.0, Pace.BRISK: 1.1}
"""How fast the coach speaks at a pace, against its usual one."""
MOST_MINUTES: Final = 720
"""A session lasts half a day at most."""
OUR_MUSIC: Final = ("waves", "pad", "bowls")
"""The names of our own beds, as in `music.our_beds.BEDS`."""
NO_MUSIC: Final = "none"
"""What to say where there shall be no music, as to a session that had some."""
USUAL_SEED: Final = 7
"""The playful words that children hear where nobody chose others, so that a track stays the same."""


@dataclass(frozen=True)
class Wishes:
    """All that can be wished of a session; without any, it is what the routine file says."""

    level: Level = Level.STANDARD
    minutes: int | None = None
    """How long it shall last, 1 to `MOST_MINUTES`; None for as long as it does."""
    minutes_roughly: bool = False
    """Where it cannot last so long, as near as can be will do: nobody has named the minutes for it."""
    pace: Pace = Pace.NORMAL
    talk: Talk | None = None
    """None for full, or in live play for what suits somebody who knows the routine so well."""
    skip: tuple[str, ...] = ()
    """Steps that are left out, by slug or number."""
    only: tuple[str, ...] = ()
    """The only steps that are done; empty for all."""
    start: str = ""
    """The step that it begins with; empty for the first."""
    left_first: bool = False
    """Begin with the left side where there are two."""
    seed: int | None = None
    """Which playful words a child hears, 0 or more; None for the usual ones, or in live play for today's."""
    language: str = ""
    """Tag of the language that it is in, of those the routine has; empty for the file's own."""
    language_roughly: bool = False
    """Where the routine does not have it, the file's own will do: nobody has named it for this one."""
    voice: str = "auto"
    """`auto`, `ENGINE` or `ENGINE:VOICE`."""
    rate: float | None = None
    """Pace of the speech alone, 0.8 to 1.2; None for that of `pace`."""
    music: str = ""
    """The name of a bed, or the absolute path of a music file; empty for none."""
    music_gain: float = 0.0
    """dB, -30 to 12."""

    @property
    def speech_rate(self) -> float:
        """Return the pace of the speech, 1.0 being usual."""
        return self.rate if self.rate is not None else SPEECH_RATES[self.pace]


def wishes_of_today(wishes: Wishes, routine: Routine, today: date) -> Wishes:
    """Return the wishes of live play: where nobody chose, a child hears other words than yesterday."""
    if routine.audience is not Audience.CHILD or wishes.seed is not None:
        return wishes
    return replace(wishes, seed=today.toordinal())


def play_seed(wishes: Wishes, routine: Routine) -> int | None:
    """Return what chooses the playful words; None for adults, whose words are always the same."""
    if routine.audience is not Audience.CHILD:
        return None
    return USUAL_SEED if wishes.seed is None else wishes.seed
