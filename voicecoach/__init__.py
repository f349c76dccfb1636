"""Turns exercise routines into timed, spoken sessions: played live or exported as tracks."""

__version__ = "0.1.0"
