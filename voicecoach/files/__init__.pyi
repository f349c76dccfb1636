from .atomic import write_atomically as write_atomically
from .atomic import write_new as write_new
from .folders import (
    cache_folder as cache_folder,
)
from .folders import (
    data_folder as data_folder,
)
from .folders import (
    state_folder as state_folder,
)
from .folders import (
    user_folder as user_folder,
)
from .locking import lock as lock
from .replacing import FileKind as FileKind
from .replacing import workshop as workshop
