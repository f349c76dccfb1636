"""`voicecoach schema`: what editors need to complete and check routine files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from voicecoach.cli.options import Force
from voicecoach.cli.output import harmless, say


class SchemaKind(StrEnum):
    """The files that there are schemas of."""

    ROUTINE = "routine"
    SHARED = "shared"


def schema(
    kind: Annotated[
        SchemaKind, typer.Argument(help="Of routines, or of what they share (scripts/shared/).")
    ] = SchemaKind.ROUTINE,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="A file for it, such as scripts/routine.schema.json."),
    ] = None,
    force: Force = False,
) -> None:
    """Print the JSON Schema of routine files, with the names of the blocks and STOP lines you have.

    Editors with taplo (Even Better TOML) complete, explain and check a routine whose first line is
    `#:schema ./routine.schema.json`.
    """
    from voicecoach.authoring.schema import (
        is_our_schema,
        routine_schema,
        schema_text,
        shared_schema,
    )
    from voicecoach.files.replacing import FileKind
    from voicecoach.library.library import Library

    library = Library()
    made = routine_schema(library) if kind is SchemaKind.ROUTINE else shared_schema(library)
    text = schema_text(made)
    if output is None:
        if force:
            raise typer.BadParameter("it goes with -o FILE", param_hint="--force")
        # Bytes, as a file has them: a pipe on Windows would get other letters and line ends.
        typer.echo(text.encode(), nl=False)
        return
    FileKind("the schema", is_our_schema).write(output, text.encode(), force=force)
    say(harmless(str(output)))
