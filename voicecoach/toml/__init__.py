"""TOML from strangers: text, places, and values checked by tables of fields."""
