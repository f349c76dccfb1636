"""Routine files into Routines: where they are found, their format, their rules, their mistakes."""

import lazy_loader

# Names come from the stub beside this file; a module is imported when one of its names is wanted.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
