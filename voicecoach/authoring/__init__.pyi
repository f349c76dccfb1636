from .formatting import laid_out as laid_out
from .lints import findings_in as findings_in
from .lints import findings_of as findings_of
from .new_routine import copy_of as copy_of
from .new_routine import draft_of as draft_of
from .schema import schema_text as schema_text
