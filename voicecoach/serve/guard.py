"""The guard before the app: it refuses requests that are none of the app's business.

Browsers let any page send requests to any address. So the guard lets an answer out only under a
name that this server has (a stranger's name that leads here is DNS rebinding), nothing of it can be
put into pages of others, and what changes something has to come from a page of ours, with a cookie
that only goes along with our own pages. Where a pass is needed, no path does without one, not even
that of the style.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser

from voicecoach.serve import pages

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from voicecoach.serve.door import Door

MOST_BODY_BYTES: Final = 4096
KEY_PATH: Final = "/k/"
"""Where a key is shown; the one place that those without a pass may see."""

HEADERS: Final = {
    "Content-Security-Policy": pages.POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": then browsers say `Origin: null` in a form of ours, and on plain http in a
    # local network they send nothing else that would tell it from a form of others.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On every answer that does not say otherwise."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    title: str
    message: str


_NOT_OUR_NAME: Final = Refusal(
    421, "Wrong address", "Open the address that voicecoach shows in the terminal."
)
_FROM_ELSEWHERE: Final = Refusal(
    403, "Not from here", "Another site asked for this. Open the address of voicecoach yourself."
)
_LOCKED: Final = Refusal(
    403,
    "Locked",
    "Scan the code that voicecoach shows in the terminal, or open the address below it. "
    "If this device was in already, type the address anew instead of following a link.",
)
_NO_PASS: Final = Refusal(
    403,
    "That page was too old",
    "voicecoach was started anew, or your browser keeps no cookies."
    " Go back to the list and try again.",
)
_TOO_LARGE: Final = Refusal(413, "Too much", "No form here is as large as that.")


class Guard:
    """Passes on to the app what may come in."""

    def __init__(self, app: ASGIApp, *, names: frozenset[str], port: int, door: Door) -> None:
        """`names` are the names and addresses of this server, with the port where it is not 80."""
        self._app = app
        self._names = names
        self._door = door
        # Cookies do not know ports: another server on this computer must not undo ours.
        self.cookie = f"voicecoach-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        knows = self._door.knows(cookie_parser(headers.get("cookie", "")).get(self.cookie, ""))
        gives = "" if knows else self._door.open_pass
        scope["state"] = {**scope.get("state", {}), "guard": self}

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
                if gives and refusal in (None, _NO_PASS):
                    answer.append("set-cookie", self.cookie_header(gives))
            await send(message)

        refusal = self._refusal(scope, headers, knows=knows)
        if refusal is None:
            await self._app(scope, receive, send_guarded)
            return
        home = not self._door.locked
        answer = pages.message(refusal.status, refusal.title, refusal.message, home=home)
        await answer(scope, receive, send_guarded)

    def cookie_header(self, given: str) -> str:
        """Return the cookie that holds a pass."""
        return f"{self.cookie}={given}; Path=/; HttpOnly; SameSite=Strict"

    def _refusal(self, scope: Scope, headers: Headers, *, knows: bool) -> Refusal | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._names:
            return _NOT_OUR_NAME
        if _is_from_elsewhere(headers):
            return _FROM_ELSEWHERE
        at_the_key = scope["path"].startswith(KEY_PATH)
        if self._door.locked and not knows and not at_the_key:
            return _LOCKED
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:9]) > MOST_BODY_BYTES:
            return _TOO_LARGE
        if scope["method"] in ("GET", "HEAD"):
            return None
        if not _is_from_here(headers):
            return _FROM_ELSEWHERE
        return None if knows or (self._door.locked and at_the_key) else _NO_PASS


def _is_from_here(headers: Headers) -> bool:
    """Return True if a page of ours sent this: only browsers say so, and nobody else needs to."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "same-origin"
    return origin.lower() == f"http://{headers['host'].lower()}"


def _is_from_elsewhere(headers: Headers) -> bool:
    """Return True if another site's page wants this as a part of itself; a link is no part."""
    site = headers.get("sec-fetch-site", "none")
    if site in ("none", "same-origin"):
        return False
    wanted = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    return wanted != ("navigate", "document")
