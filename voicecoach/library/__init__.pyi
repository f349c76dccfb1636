from .library import Library as Library
from .library import RoutineEntry as RoutineEntry
from .reading import check_routine as check_routine
from .reading import load_routine as load_routine
