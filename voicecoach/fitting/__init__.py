"""A Routine and a person's wishes into the Routine that is done."""
