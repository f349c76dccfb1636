"""What is drawn and printed: letters, the cover, the chart of a session, the sheet."""
