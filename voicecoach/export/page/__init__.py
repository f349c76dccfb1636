"""The session page: one HTML file that plays a session, with a large timer and the words.

`model` says what is on it and when, `as_html` makes the file. What runs in the browser stands
beside them: `page.html.j2`, `page.css`, `player.js`.
"""

from __future__ import annotations

from pathlib import Path


def page_files() -> list[Path]:
    """Return the files that decide what a page looks like: all that stand here."""
    return sorted(path for path in Path(__file__).parent.iterdir() if path.is_file())
