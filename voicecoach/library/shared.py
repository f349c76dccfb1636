"""What routines share, by name: blocks, STOP lines, contraindications and variables."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from voicecoach.language.phrases import VARIABLES
from voicecoach.library.texts import own_words, words
from voicecoach.messages import instead, quoted
from voicecoach.toml.document import Document, Spot, TooManyMistakesError
from voicecoach.toml.fields import Field, Reader, attempt, read_table, schema_of_table, takes
from voicecoach.toml.readers import (
    boolean,
    by_name,
    choice,
    language_tag,
    list_of,
    name_of,
    table,
    tag,
    whole_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = dict[str, str]
"""A text by language tag."""

SHARED_FORMAT: Final = 1
BLOCK_VARIABLES: Final = ("minutes", "equipment")
"""What texts outside steps may hold after a `$`."""
OWN_WORDS: Final = own_words({*VARIABLES, "name"})
"""Reads an author's own variables."""
STRENGTHS: Final = ("contraindicated", "undesirable", "not recommended")


@dataclass(frozen=True)
class SharedContraindication:
    """A reason not to do a routine, in all its languages."""

    key: str
    """Stable name, such as `high-blood-pressure`."""
    name: Words
    """As its source calls it."""
    strength: str
    """One of `STRENGTHS`."""
    say: Words


@dataclass(frozen=True)
class BlockLine:
    """An item of a shared block: a text, or a list of contraindications in its place."""

    say: Words
    """Empty where a list takes the place of words."""
    contraindications: str = ""
    """Name of the list; empty where `say` holds the words."""
    stop: bool = False
    """The words tell people to stop when something hurts."""


@dataclass(frozen=True)
class Shared:
    """All that shared files hold, by name."""

    blocks: dict[str, tuple[BlockLine, ...]] = field(default_factory=dict)
    """Texts of the opening, such as `SC-A`."""
    stop: dict[str, Words] = field(default_factory=dict)
    """Stop-on-pain sentences, such as `STOP-A1`."""
    contraindications: dict[str, tuple[SharedContraindication, ...]] = field(default_factory=dict)
    """Lists of reasons not to do a routine."""
    variables: dict[str, Words] = field(default_factory=dict)
    """The values of an author's own `$variables`."""

    def over(self, farther: Shared) -> Shared:
        """Return all that both hold; a name of this one hides that of the farther one."""
        return Shared(**{table: vars(farther)[table] | mine for table, mine in vars(self).items()})


def merge(folders: Iterable[list[Document]]) -> Shared:
    """Merge the files of all folders; a name in a nearer folder hides farther ones."""
    places = [list(documents) for documents in folders]
    own_words = _variables(places)
    merged = Shared()
    read: list[tuple[Document, Shared]] = []
    for documents in places:
        nearer = {table: set(names) for table, names in vars(merged).items()}
        for document in documents:
            document.take_own_words(own_words)
            shared = _read_shared(document)
            read.append((document, shared))
            _take(merged, shared, document, nearer)
    # A block may name a list of another file, so this is seen only when all are read.
    for document, shared in read:
        with document.checked():
            check_lists(document.spot(), shared.blocks, merged)
    return merged


def _variables(places: list[list[Document]]) -> dict[str, Words]:
    # Of all files, because any text of any file may hold them.
    found: dict[str, Words] = {}
    for document in (document for documents in reversed(places) for document in documents):
        if "variables" in document.root:  # what is wrong with them is told when all is read
            with suppress(TooManyMistakesError):
                for own in attempt(OWN_WORDS, document.spot().child("variables")):
                    found |= own
    return found


def _take(merged: Shared, shared: Shared, document: Document, nearer: dict[str, set[str]]) -> None:
    with document.checked():
        for table, theirs in vars(shared).items():
            mine = vars(merged)[table]
            for key, value in theirs.items():
                if key in nearer[table]:
                    continue
                if key in mine:
                    spot = document.spot().child(table).child(key)
                    message = f"{key} is in another file of this folder, too"
                    fix = "keep one of the two"
                    spot.refuse(message, fix=fix, code="duplicate-name", place="key")
                mine[key] = value


def check_lists(spot: Spot, blocks: dict[str, tuple[BlockLine, ...]], shared: Shared) -> None:
    """Refuse a list of contraindications in a block of a file that is not among the shared ones."""
    for block, lines in blocks.items():
        for index, line in enumerate(lines):
            wanted = line.contraindications
            if wanted and wanted not in shared.contraindications:
                place = spot.child("blocks").child(block).child("say").child(index)
                message = f"no list of contraindications {quoted(wanted)}"
                fix = instead(wanted, shared.contraindications)
                place.refuse(message, fix=fix, code="unknown-name")


def _read_shared(document: Document) -> Shared:
    with document.checked():
        values = read_table(document.spot(), SHARED_FIELDS)
    return Shared(**{table: values[table] for table in vars(Shared())})


def translated(shared: Shared, documents: Iterable[Document]) -> Shared:
    """Return what routines share with the texts of further files, each in its own language.

    These may only say what is there by the same names; raises RoutineError for anything else.
    """
    for document in documents:
        theirs = _read_shared(document)
        tables = dict(vars(shared))
        with document.checked():
            for table in ("blocks", "stop", "contraindications"):
                for name, value in vars(theirs)[table].items():
                    spot = document.spot().child(table).child(name)
                    for both in attempt(
                        partial(_translated, mine=tables[table], theirs=value), spot
                    ):
                        tables[table] = tables[table] | {name: both}
        shared = Shared(**tables)
    return shared


def _translated(spot: Spot, mine: dict[str, Any], theirs: Any) -> Any:
    """Return the thing that a place names, with the texts of another language."""
    name = str(spot.path[-1])
    if name not in mine:
        message = f"there is no {quoted(name)} to say in this language"
        raise spot.refuse(message, fix=instead(name, mine), code="unknown-name", place="key")
    if isinstance(theirs, dict):
        return mine[name] | theirs
    if [_kind(item) for item in theirs] != [_kind(item) for item in mine[name]]:
        message = f"{quoted(name)} is not made as it is in the other languages"
        fix = f"write its {len(mine[name])} items, each as it is there"
        raise spot.refuse(message, fix=fix, code="untranslated", place="key")
    return tuple(map(_with_text, mine[name], theirs))


def _kind(item: BlockLine | SharedContraindication) -> tuple[str, str | bool]:
    if isinstance(item, BlockLine):
        return item.contraindications, item.stop
    return item.key, item.strength


def _with_text(mine: Any, theirs: Any) -> BlockLine | SharedContraindication:
    texts = ("name", "say") if isinstance(mine, SharedContraindication) else ("say",)
    both: BlockLine | SharedContraindication = replace(
        mine, **{text: getattr(mine, text) | getattr(theirs, text) for text in texts}
    )
    return both


@takes({"type": "integer", "const": SHARED_FORMAT})
def _format(spot: Spot) -> None:
    if spot.value != SHARED_FORMAT or isinstance(spot.value, bool):
        message = f"voicecoach_shared is {SHARED_FORMAT} here, got {quoted(spot.value)}"
        fix = f"write {SHARED_FORMAT}, or update voicecoach if the file is newer"
        raise spot.refuse(message, fix=fix, code="file-format")


_SAY: Final = words(variables=BLOCK_VARIABLES)
_STOP: Final = words(variables=())


def _block_line(spot: Spot) -> BlockLine:
    if isinstance(spot.value, dict) and "contraindications" in spot.value:
        values = read_table(spot, _LIST)
        return BlockLine({}, values.get("contraindications", ""))
    if isinstance(spot.value, dict) and "say" in spot.value:
        values = read_table(spot, _LINE)
        return BlockLine(values.get("say", {}), stop=values.get("stop", False))
    return BlockLine(_SAY(spot))


_LIST: Final = (
    Field("contraindications", name_of("contraindications"), '"dumbbells"', required=True).means(
        "A list of reasons against the exercise, by its name: all their sentences stand here."
    ),
)
_LINE: Final = (
    Field("say", _SAY, '"If anything hurts, stop."', required=True, about="What the coach says."),
    Field("stop", boolean, "true", default=False).means(
        "The words tell people to stop when something hurts. "
        "No session goes for more than four minutes without such words."
    ),
)
_LINES: Final = list_of(
    Reader(_block_line, {"anyOf": [_SAY.schema, schema_of_table(_LINE), schema_of_table(_LIST)]}),
    "a list of texts",
    most=100,
    item_example='"…"',
)
_BLOCK_FIELDS: Final = (
    Field("say", _LINES, '["…", "…"]', required=True).means(
        "The sentences of the block, in their order, half a second apart."
    ),
)
_CONTRAINDICATION: Final = (
    Field("key", tag, '"high-blood-pressure"', required=True).means(
        "The name of the reason: lower-case words joined by hyphens. It never changes."
    ),
    Field("name", words(one_line=True), '"Hypertension"', required=True).means(
        "What the reason is called in its source."
    ),
    Field("strength", choice(STRENGTHS), '"contraindicated"', required=True).means(
        "How strong the advice against it is in its source."
    ),
    Field("say", _STOP, '"Skip it if you have high blood pressure."', required=True).means(
        "The sentence that the coach says."
    ),
)

_REASON: Final = whole_table(
    _CONTRAINDICATION,
    SharedContraindication,
    '{ key = "…", name = "…", strength = "…", say = "…" }',
)
_REASONS: Final = list_of(_REASON, "a list of tables", most=100)
_BLOCK: Final = table(_BLOCK_FIELDS, '{ say = ["…"] }')
_BLOCKS: Final = by_name(Reader(lambda spot: tuple(_BLOCK(spot).get("say", ())), _BLOCK.schema))
OWN_FIELDS: Final = (
    Field("blocks", _BLOCKS, "{ SC-A = … }", {}).means(
        "Sentences for an opening or a closing, such as a health check, by the name of their block."
    ),
    Field("stop", by_name(_STOP), '{ STOP-A1 = "…" }', {}).means(
        "Sentences that say when to stop, by their names, for `stop` in a step."
    ),
    Field("contraindications", by_name(_REASONS), "{ dumbbells = [ … ] }", {}).means(
        "Lists of reasons not to do a routine, by their names."
    ),
    Field("variables", OWN_WORDS, '{ patient = "Anna" }', {}).means(
        "Words of your own: `patient` here is `$patient` in any text."
    ),
)
"""What shared files hold, and a routine may hold for itself."""
SHARED_FIELDS: Final = (
    Field("voicecoach_shared", _format, str(SHARED_FORMAT), required=True).means(
        "The file holds what routines share, written in this format."
    ),
    Field("language", language_tag, '"en"', "en").means(
        "The language of all texts that do not name their own."
    ),
    *OWN_FIELDS,
)
