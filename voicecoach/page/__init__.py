"""The session page: one HTML file that plays a session, with a large timer and the words.

`model` says what is on it and when, `as_html` makes the file. What runs in the browser stands beside
them: `page.html.j2`, `page.css`, `player.js`.
"""
