"""Routine files into Routines: where they lie, their format and rules, and every mistake with its place."""
