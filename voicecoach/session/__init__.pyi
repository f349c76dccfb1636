from .departure import Departure as Departure
from .excerpt import Excerpt as Excerpt
from .excerpt import find_place as find_place
from .session import Session as Session
from .session import open_session as open_session
