"""What `play` and `preview` need at the terminal: screen, keys, questions, the log."""
