"""Settings: the table of them, and the file that keeps them."""
