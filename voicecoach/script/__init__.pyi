from .compiler import (
    compile_script as compile_script,
)
from .compiler import (
    compile_segment as compile_segment,
)
from .compiler import (
    outline_script as outline_script,
)
from .durations import Durations as Durations
from .durations import NominalDurations as NominalDurations
from .model import (
    Chapter as Chapter,
)
from .model import (
    Cue as Cue,
)
from .model import (
    Script as Script,
)
from .model import (
    Segment as Segment,
)
from .model import (
    WorkBlock as WorkBlock,
)
from .moments import Moment as Moment
from .moments import moment_at as moment_at
from .phases import Phase as Phase
