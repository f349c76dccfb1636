from .consents import (
    Consents as Consents,
)
from .consents import (
    load_consents as load_consents,
)
from .consents import (
    save_consents as save_consents,
)
from .log import load_history as load_history
from .log import save_practice as save_practice
from .plan import Suggestion as Suggestion
from .plan import suggest as suggest
from .record import Practice as Practice
from .refusing import refusal as refusal
