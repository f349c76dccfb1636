"""Routines to begin with, one for each audience and language; `new_routine` fills them in."""
