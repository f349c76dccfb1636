"""`voicecoach cache`: the spoken sentences that are kept."""

from __future__ import annotations

import typer

from voicecoach.cli.options import Json
from voicecoach.cli.output import print_json, say

app = typer.Typer(
    add_completion=False,
    help="Show or clear the store of spoken sentences (each is spoken once and kept).",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def cache(ctx: typer.Context, as_json: Json = False) -> None:
    """Show where spoken sentences are kept, how many, and how large they are."""
    from voicecoach.speech.cache import ClipCache

    if ctx.invoked_subcommand is not None:
        return
    kept = ClipCache().statistics()
    if as_json:
        print_json(
            {"folder": str(kept.folder), "sentences": kept.entries, "bytes": kept.size_bytes}
        )
        return
    print(f"{kept.folder}: {kept.entries} sentences, {kept.size_bytes / 1e6:.1f} MB")
    say("They are kept so that nothing is spoken twice. To remove them: voicecoach cache clear")


@app.command()
def clear() -> None:
    """Remove all spoken sentences; they are spoken again when they are needed."""
    from voicecoach.speech.cache import ClipCache

    print(f"{ClipCache().clear()} sentences removed")
