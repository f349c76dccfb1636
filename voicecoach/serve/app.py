"""The answers of the server: what there is at which address.

/                        the library; ?for=child&minutes=10&language=de
/routine/SLUG            a routine, and how far its session is; POST has it made
/play/NAME               the page that plays a session
/audio/NAME.mp3          its audio; ?save=1 to keep it
/page/NAME.html          both in one file, to keep
/cover/SLUG.jpg          its picture
/k/KEY                   where the key of a locked door is spent
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from anyio import sleep, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from voicecoach.export.page.as_html import with_audio
from voicecoach.serve import pages
from voicecoach.serve.catalogue import MOST_MINUTES, Choice, NoSuchChoiceError, audio_address
from voicecoach.serve.door import WrongKeys
from voicecoach.serve.guard import KEY_PATH, Guard
from voicecoach.serve.maker import OrderState
from voicecoach.serve.ranges import answer_with

if TYPE_CHECKING:
    from starlette.requests import Request

    from voicecoach.serve.catalogue import Catalogue, Offer
    from voicecoach.serve.door import Door
    from voicecoach.serve.maker import Maker
    from voicecoach.serve.shelf import Kept, Shelf

MINUTES: Final = (5, 10, 15, 20, 30, 45)
"""Lengths that are one tap away; all others can be typed in."""
REFRESH_SECONDS: Final = 2
_WRONG_KEY_SECONDS: Final = 1.0
_POLICY_OF_PAGE: Final = re.compile(
    rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">'
)
_LOOK_FOR_POLICY_BYTES: Final = 4096


class _Answers:
    """The answers, and what they are taken from."""

    def __init__(self, catalogue: Catalogue, maker: Maker, shelf: Shelf, door: Door) -> None:
        self._catalogue = catalogue
        self._maker = maker
        self._shelf = shelf
        self._door = door
        self._wrong_keys = WrongKeys()

    async def library(self, request: Request) -> Response:
        return await to_thread.run_sync(self._library, _choice(request))

    def _library(self, choice: Choice) -> Response:
        languages = self._catalogue.languages()
        if choice.language and choice.language not in languages:
            raise NoSuchChoiceError("No routine is there in that language.")
        cards = [self._card(offer, choice) for offer in self._catalogue.offers(choice)]
        cards.sort(key=lambda card: card["minutes"] != choice.minutes and bool(choice.minutes))
        return pages.page(
            "library.html.j2",
            choice=choice,
            cards=cards,
            languages=languages,
            usual_minutes=MINUTES,
            most_minutes=MOST_MINUTES,
            address=_address,
        )

    def _card(self, offer: Offer, choice: Choice) -> dict[str, Any]:
        """Return a routine as the list shows it: as near to the minutes as it can be."""
        minutes = offer.minutes
        if choice.minutes:
            minutes = _nearest(choice.minutes, self._catalogue.minutes_range(offer)) or minutes
        wished = choice.minutes and minutes
        return {
            "routine": offer.routine,
            "minutes": minutes,
            "fits": not choice.minutes or minutes == choice.minutes,
            "address": _routine_address(offer, Choice(None, wished or None, choice.language)),
            "picture": _picture_address(offer, minutes),
        }

    async def style(self, request: Request) -> Response:
        tag = f'"{pages.style_tag()}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=3600"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(pages.style_sheet(), media_type="text/css", headers=headers)

    async def cover(self, request: Request) -> Response:
        slug, choice = request.path_params["slug"], _choice(request)
        picture = await to_thread.run_sync(self._catalogue.cover, slug, choice)
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(picture, media_type="image/jpeg", headers=headers)

    async def routine(self, request: Request) -> Response:
        """Answer with a routine; have its session made if a form of ours asks for it."""
        answer = self._make if request.method == "POST" else self._routine
        return await to_thread.run_sync(answer, request.path_params["slug"], _choice(request))

    def _chosen(self, slug: str, choice: Choice) -> tuple[Offer, tuple[int, int] | None]:
        """Return a routine and its range of minutes; NoSuchChoiceError if the choice is outside."""
        offer = self._catalogue.offer(slug, choice.language)
        between = self._catalogue.minutes_range(offer)
        if choice.minutes and _nearest(choice.minutes, between) != choice.minutes:
            raise NoSuchChoiceError(_out_of_range(choice.minutes, between))
        return offer, between

    def _routine(self, slug: str, choice: Choice) -> Response:
        offer, between = self._chosen(slug, choice)
        order = self._catalogue.order(slug, choice)
        progress = self._maker.progress(order.name)
        least, most = between or (0, 0)
        return pages.page(
            "routine.html.j2",
            offer=offer,
            routine=offer.routine,
            choice=choice,
            minutes=choice.minutes or offer.minutes,
            between=between,
            usual_minutes=[one for one in MINUTES if least <= one <= most],
            order=order,
            progress=progress,
            OrderState=OrderState,
            refresh_seconds=REFRESH_SECONDS,
            here=_routine_address(offer, choice),
            picture=_picture_address(offer, choice.minutes or offer.minutes),
            address=lambda **changes: _routine_address(offer, replace(choice, **changes)),
        )

    def _make(self, slug: str, choice: Choice) -> Response:
        offer, _ = self._chosen(slug, choice)
        if not self._maker.ask(self._catalogue.order(slug, choice)):
            text = "Many sessions are being made just now. Go back and try again in some minutes."
            busy = pages.message(503, "One moment", text)
            busy.headers["Retry-After"] = "60"
            return busy
        return RedirectResponse(_routine_address(offer, choice), 303)

    async def play(self, request: Request) -> Response:
        kept = await self._find(request.path_params["name"])
        policy = await to_thread.run_sync(_policy_of, kept)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        }
        return await answer_with(kept.page, request.headers, headers, method=request.method)

    async def audio(self, request: Request) -> Response:
        kept = await self._find(request.path_params["name"])
        headers = {"Content-Type": "audio/mpeg"}
        if request.query_params.get("save"):
            headers["Content-Disposition"] = "attachment"  # the link says under which name
        return await answer_with(kept.audio, request.headers, headers, method=request.method)

    async def page(self, request: Request) -> Response:
        """Answer with the page as one file that needs no server, in constant memory."""
        name = request.path_params["name"]
        kept = await self._find(name)
        document = await to_thread.run_sync(kept.page.read_bytes)
        headers = {"Content-Disposition": "attachment"}  # the link says under which name
        pieces = with_audio(document, audio_address(name), kept.audio)
        return StreamingResponse(pieces, media_type="text/html", headers=headers)

    async def _find(self, name: str) -> Kept:
        kept = await to_thread.run_sync(self._shelf.find, name)
        if kept is None:
            raise FileNotFoundError
        return kept

    async def key(self, request: Request) -> Response:
        """Show that a key fits, or spend it.

        Messengers that preview and scanners open what they find, so only a POST spends the key.
        """
        address = request.client.host if request.client else ""
        if not self._door.locked:
            return RedirectResponse("/", 303)
        if self._wrong_keys.too_many(address):
            text = "Wait a minute, then scan the code that voicecoach shows in the terminal."
            return pages.message(429, "Too many wrong keys", text, home=False)
        shown = request.path_params["key"]
        if request.method == "POST":
            if given := self._door.spend(shown):
                guard: Guard = request.state.guard
                answer = RedirectResponse("/", 303)
                answer.headers["Set-Cookie"] = guard.cookie_header(given)
                return answer
        elif self._door.fits(shown):
            return pages.doorway()
        self._wrong_keys.add(address)
        await sleep(_WRONG_KEY_SECONDS)
        text = (
            "Each code opens for one device."
            " Scan the one that voicecoach shows in the terminal now."
        )
        return pages.message(403, "This key does not fit", text, home=False)


def make_app(
    catalogue: Catalogue,
    maker: Maker,
    shelf: Shelf,
    door: Door,
    *,
    names: frozenset[str],
    port: int,
) -> Guard:
    """Return the whole application, behind its guard."""
    answers = _Answers(catalogue, maker, shelf, door)
    routes = [
        Route("/", answers.library),
        Route("/style.css", answers.style),
        Route("/cover/{slug}.jpg", answers.cover),
        Route("/routine/{slug}", answers.routine, methods=["GET", "POST"]),
        Route("/play/{name}", answers.play),
        Route("/audio/{name}.mp3", answers.audio),
        Route("/page/{name}.html", answers.page),
        Route(KEY_PATH + "{key}", answers.key, methods=["GET", "POST"]),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            NoSuchChoiceError: _no_such_choice,
            FileNotFoundError: _gone,
            Exception: _bug,
        },
    )
    app.router.redirect_slashes = False
    return Guard(app, names=names, port=port, door=door)


def _choice(request: Request) -> Choice:
    asked = request.query_params
    return Choice.of(asked.get("for", ""), asked.get("minutes", ""), asked.get("language", ""))


def _query(choice: Choice) -> str:
    asked = {"for": choice.audience, "minutes": choice.minutes, "language": choice.language}
    chosen = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def _address(choice: Choice, **changes: Any) -> str:
    return f"/{_query(replace(choice, **changes))}"


def _routine_address(offer: Offer, choice: Choice) -> str:
    return f"/routine/{quote(offer.routine.slug, safe='')}{_query(replace(choice, audience=None))}"


def _picture_address(offer: Offer, minutes: int) -> str:
    asked = {"language": offer.routine.language}
    if minutes != offer.minutes:
        asked["minutes"] = str(minutes)
    return f"/cover/{quote(offer.routine.slug, safe='')}.jpg?{urlencode(asked)}"


def _nearest(minutes: int, between: tuple[int, int] | None) -> int:
    """Return the minutes nearest to the wished ones; 0 for a routine that cannot be fitted."""
    if between is None:
        return 0
    least, most = between
    return min(max(minutes, least), most)


def _out_of_range(minutes: int, between: tuple[int, int] | None) -> str:
    if between is None:
        return "This routine lasts as long as it is."
    return f"It cannot last {minutes} minutes, but anything from {between[0]} to {between[1]}."


def _policy_of(kept: Kept) -> str:
    with kept.page.open("rb") as file:
        found = _POLICY_OF_PAGE.search(file.read(_LOOK_FOR_POLICY_BYTES))
    return html.unescape(found[1].decode()) if found else pages.POLICY


async def _http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    titles = {404: "There is nothing here", 405: "This cannot be done here"}
    answer = pages.message(status, titles.get(status, "That did not work"), "Go back to the list.")
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def _no_such_choice(_request: Request, error: Exception) -> Response:
    return pages.message(404, "There is no such thing", str(error))


async def _gone(_request: Request, _error: Exception) -> Response:
    text = (
        "This session is not kept any more. Choose the routine in the list, and it is made again."
    )
    return pages.message(404, "Not here any more", text)


async def _bug(_request: Request, _error: Exception) -> Response:
    text = "This is a mistake in voicecoach; what happened stands in its terminal."
    return pages.message(500, "That did not work", text)
