from .fit import personalise as personalise
from .lengths import minutes_of as minutes_of
from .wishes import Wishes as Wishes
