"""The script engine: a Routine into segments of timed cues; pure."""
