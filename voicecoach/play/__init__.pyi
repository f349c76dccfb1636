from .live import LivePlay as LivePlay
from .now_playing import NowPlaying as NowPlaying
from .players import Player as Player
from .players import open_player as open_player
from .resuming import (
    ResumePoint as ResumePoint,
)
from .resuming import (
    load_resume_point as load_resume_point,
)
from .resuming import (
    save_resume_point as save_resume_point,
)
from .transport import Command as Command
from .transport import Mode as Mode
from .transport import Transport as Transport
