"""`voicecoach serve`: the library in a browser, on this computer or on the phones of the house."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from voicecoach.cli.clock import local_now
from voicecoach.cli.options import check_music, takes_wishes
from voicecoach.cli.output import say, say_error
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

_MEGABYTE = 1_000_000


@takes_wishes()
def serve(
    wishes: Wishes,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where browsers find it; 0: any free.")
    ] = 8765,
    lan: Annotated[
        bool,
        typer.Option(
            "--lan",
            help="Also for phones in the same local network, each let in by a code that you show.",
        ),
    ] = False,
    cache_mb: Annotated[
        int,
        typer.Option(
            "--cache-mb",
            metavar="MB",
            min=20,
            max=1_000_000,
            help="How much room sessions that were made may take; the oldest go first.",
        ),
    ] = 500,
) -> None:
    """Show the library in a browser: choose a routine, fit it to your minutes, play it, download it.

    It is for this computer alone unless --lan is given; then a QR code lets one device in, and the
    next code is shown for the next. Sessions are made when somebody asks for them. Ctrl-C ends it.
    """  # noqa: E501  (people read it)
    from voicecoach.files.folders import cache_folder
    from voicecoach.serve.app import make_app
    from voicecoach.serve.catalogue import Catalogue
    from voicecoach.serve.door import Door
    from voicecoach.serve.lan import lan_address
    from voicecoach.serve.maker import Maker
    from voicecoach.serve.server import names_of, open_sockets, run
    from voicecoach.serve.shelf import Shelf

    check_music(wishes)
    addresses = ["127.0.0.1", *([lan_address()] if lan else [])]
    sockets = open_sockets(addresses, port)
    port = sockets[0].getsockname()[1]
    shelf = Shelf(cache_folder() / "sessions", limit_bytes=cache_mb * _MEGABYTE)
    maker = Maker(shelf, report=say)
    door = Door(locked=lan, show_key=_shower_of_keys(addresses[-1], port))
    catalogue = Catalogue(wishes, today=lambda: local_now().date().isoformat())
    app = make_app(catalogue, maker, shelf, door, names=names_of(addresses, port), port=port)
    if lan:
        door.new_key()
    else:
        print(f"http://127.0.0.1:{port}/", flush=True)
        say("Open this address in a browser on this computer. Ctrl-C ends it.")
    try:
        run(app, sockets)
    finally:
        maker.end()


def _shower_of_keys(address: str, port: int) -> Callable[[str], None]:
    """Return a function that shows a key: as a code where one can scan it, and as an address."""
    from voicecoach.serve.lan import code

    shown = 0

    def show(key: str) -> None:
        nonlocal shown
        shown += 1
        link = f"http://{address}:{port}/k/{key}"
        if shown > 1:
            say("A device was let in. The code for the next one:")
        try:
            if sys.stdout.isatty():
                print(f"\n{code(link)}")
            print(link, flush=True)
        except (OSError, ValueError):
            say_error("the terminal that showed the code is gone; end voicecoach and start it anew")
        if shown == 1:
            say("Scan the code with a phone in the same Wi-Fi, or open the address below it.")
            say("It lets one device in; then the next code is shown here. Ctrl-C ends it.")
            say("What goes through the network is not encrypted: use it at home.")

    return show
