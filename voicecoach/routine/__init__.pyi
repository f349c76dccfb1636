from .anchors import (
    Anchor as Anchor,
)
from .anchors import (
    AnchorError as AnchorError,
)
from .anchors import (
    Occasion as Occasion,
)
from .anchors import (
    parse_anchor as parse_anchor,
)
from .dose import Dose as Dose
from .dose import Sides as Sides
from .dose import Tempo as Tempo
from .dose_line import DoseError as DoseError
from .dose_line import parse_dose as parse_dose
from .model import (
    Audience as Audience,
)
from .model import (
    AuthorCue as AuthorCue,
)
from .model import (
    Contraindication as Contraindication,
)
from .model import (
    Equipment as Equipment,
)
from .model import (
    Level as Level,
)
from .model import (
    Location as Location,
)
from .model import (
    Pace as Pace,
)
from .model import (
    Routine as Routine,
)
from .model import (
    Silence as Silence,
)
from .model import (
    Spoken as Spoken,
)
from .model import (
    Step as Step,
)
from .model import (
    Talk as Talk,
)
from .redosing import with_dose as with_dose
