"""Runs the app on sockets until it is told to stop.

uvicorn speaks HTTP, and leaves it to a server in front of it to end connections that send a request
or take an answer too slowly, or that are too many. In a house there is none, so `Connection` does.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from voicecoach.errors import ServeError

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp

MOST_CONNECTIONS: Final = 512
"""Two hundred people with some connections each; more are hung up on at once."""
REQUEST_SECONDS: Final = 10.0
"""The longest time for a request to come in, and for a connection to be idle before one comes."""
STALL_SECONDS: Final = 120.0
"""The longest stop within an answer: a player that has enough for now waits a while."""
_MOST_HEADER_BYTES: Final = 16 * 1024
_BACKLOG: Final = 256
_USUAL_PORT: Final = 80


class Connection(H11Protocol):
    """A connection that does not wait for ever."""

    request_seconds = REQUEST_SECONDS
    stall_seconds = STALL_SECONDS
    most_connections = MOST_CONNECTIONS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; hang up where too many are there."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            transport.abort()
            return
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        for timer in (self._deadline, self._stall):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._expect_request()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the other side to take what was sent."""
        super().pause_writing()
        self._stall = self.loop.call_later(self.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait no more: the other side takes it."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no request, and nothing more."""
        if self.cycle is not None:  # its beginning was one, which is being answered
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):  # nothing was answered yet
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=msg.encode("ascii")),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect_request(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(self.request_seconds, self._hang_up_if_late)

    def _hang_up_if_late(self) -> None:
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.transport.abort()


class _Server(uvicorn.Server):
    """A server that ends at once: who plays has the audio already, or asks again."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await super().shutdown(sockets)


def open_sockets(addresses: list[str], port: int) -> list[socket.socket]:
    """Return sockets that listen at a port of these addresses, for port 0 at a free one.

    Raises ServeError where another program has the port.
    """
    opened: list[socket.socket] = []
    try:
        for address in addresses:
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            opened.append(listener)
            # On Windows, where others could share the port, the usual option means that they may.
            option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
            listener.setsockopt(socket.SOL_SOCKET, option, 1)
            listener.bind((address, port))
            listener.listen(_BACKLOG)
            port = listener.getsockname()[1]
    except OSError as error:
        for listener in opened:
            listener.close()
        raise ServeError(
            f"port {port} at {address}: {error.strerror or error}; "
            "choose another one, as with --port 8766, or end what has it"
        ) from error
    return opened


def run(app: ASGIApp, sockets: list[socket.socket], *, stop: threading.Event | None = None) -> None:
    """Answer until Ctrl-C, which raises KeyboardInterrupt, or until `stop` is set."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody stands between, so who says so is lying
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=int(REQUEST_SECONDS),
        timeout_graceful_shutdown=1,
        backlog=_BACKLOG,
    )
    server = _Server(config)
    if stop is not None:

        def end() -> None:
            stop.wait()
            server.should_exit = True

        threading.Thread(target=end, daemon=True).start()
    server.run(sockets)


def names_of(addresses: list[str], port: int) -> frozenset[str]:
    """Return the Host headers that mean this server: browsers leave port 80 out."""
    names = {*addresses, "localhost", "[::1]"}
    return frozenset(name if port == _USUAL_PORT else f"{name}:{port}" for name in names)
