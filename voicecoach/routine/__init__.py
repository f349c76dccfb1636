"""What is to be done: the types of a routine, doses, and the moments that cues name."""

import lazy_loader

# Names come from the stub beside this file; a module is imported when one of its names is wanted.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
