"""The rules of what sounds when, in seconds: everything about the timing that is tuned."""

GAP_SECONDS = 0.4
"""Silence between the utterances of a lead-in."""
LINE_GAP_SECONDS = 0.5
"""Silence between the lines of an opening or a closing."""
AFTER_TONE_SECONDS = 0.6
"""From an end tone to the first words."""
SECOND_WORDS_SECONDS = 3.0
"""From an end tone to the words after "And rest."."""
CLEAR_SECONDS = 0.2
"""Least silence between two utterances anywhere."""
BEFORE_COUNTDOWN_SECONDS = 1.0
"""Least silence before a countdown."""
COUNTDOWN_GAP_SECONDS = 8.0
"""A gap this long or longer ends with the countdown."""
LONG_REST_SECONDS = 10.0
"""A rest longer than this has the longer words and the announcement of what is next."""
NEXT_BEFORE_END_SECONDS = 8.0
"""The announcement has ended this long before the rest ends."""
LONG_WORK_SECONDS = 20.0
"""Holds and timed work this long or longer have "Halfway." and "Five more seconds."."""
MANY_REPS = 8
"""Sets of this many reps or more have "Last two."."""
PHRASE_SPACING_SECONDS = 5.0
"""Least time from the start of a phrase in work to the start of the next."""
CUE_MOVE_SECONDS = 2.0
"""How far an author's cue may move."""
HALFWAY_MOVE_SECONDS = 1.0
"""How far a standard phrase may move."""
FIT_SPEEDS = (1.1, 1.2)
"""How speech may be sped up where it would not fit, least first."""

REPEATED_HOLD_SECONDS = 60.0
"""After a pause, a hold or timed work of at most this length is done again from its start."""
SAME_START_SECONDS = 5.0
"""Going back so soon after the start of an exercise goes to the one before."""
LEAP_SECONDS = 15.0
"""How far forward and rewind go."""
REMINDER_SECONDS = 30.0
"""While the coach waits for the person, it speaks this often."""

TOLERANCE_SECONDS = 1e-6
"""Times closer than this are the same."""
MOVE_STEP_SECONDS = 0.1
"""Words are moved by multiples of this."""
