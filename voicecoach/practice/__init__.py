"""Regular practice: what was done, and what comes next."""
