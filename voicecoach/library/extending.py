"""A routine that extends another: two TOML files as one table, in which each value keeps its place.

This is done before anything is read: so the readers and their rules see one routine, and a mistake
is reported with the file and the line that it is in.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from voicecoach.errors import Problem, RoutineError
from voicecoach.messages import instead, quoted
from voicecoach.toml.document import Document, LayeredList, LayeredTable, Spot, TooManyMistakesError
from voicecoach.toml.fields import attempt
from voicecoach.toml.readers import tag

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.library.library import Library

FORMAT: Final = 1
"""Of routine files; written in their first line."""
MAX_EXTENDED: Final = 5
"""The routines behind one: A extends B, B extends C, and so on."""

OWN_KEYS: Final = frozenset({"voicecoach", "title"})
"""The keys that a routine does not take from the one that it extends."""
_OWN: Final = frozenset({"extends", "without", "changes"})
"""The keys that say how another routine is extended."""
_BY_NAME: Final = frozenset(
    {"equipment", "variables", "blocks", "stop", "contraindications", "circuits"}
)
"""Tables of names: a name in both is the extending routine's."""
_WITH_DOSE: Final = ("levels", "basis")
"""The keys of a step that go with its dose."""


def whole_routine(document: Document, library: Library) -> Spot:
    """Return all that a file says, with what it takes from the routine that it extends.

    The extended files become `document.bases`. Raises RoutineError for a file that cannot be read.
    """
    return _whole(document, library, [document.path])


def files_of(path: Path, library: Library) -> tuple[Path, ...]:
    """Return the files that decide what a routine says; some may not be there yet."""
    behind: tuple[Path, ...] = ()
    with suppress(RoutineError, TooManyMistakesError):
        document = library.document(path)
        whole_routine(document, library)
        behind = tuple(base.path for base in document.bases)
    return (path, *behind, *library.files_beside())


def _check_format(document: Document) -> None:
    """Refuse a file of another kind or of a later format, before all else is found unknown."""
    root = document.root
    if "voicecoach" not in root:
        message, fix = "voicecoach is missing", f"write voicecoach = {FORMAT} in the first line"
        if "voicecoach_shared" in root:
            message = "this file holds what routines share, it is no routine itself"
            fix = "name a routine that uses it"
        problem = Problem(1, 0, "", message, fix, "file-format")
        raise RoutineError(document.path, [problem])
    spot = document.spot().child("voicecoach", example=str(FORMAT))
    if not isinstance(spot.value, int) or isinstance(spot.value, bool):
        spot.refuse_type("the number of the file's format")
    elif spot.value != FORMAT:
        message = (
            f"this file is in format {quoted(spot.value)}; this voicecoach reads format {FORMAT}"
        )
        fix = "update voicecoach" if spot.value > FORMAT else f"write voicecoach = {FORMAT}"
        spot.refuse(message, fix=fix, code="file-format")
        raise RoutineError(document.path, document.problems())


def _whole(document: Document, library: Library, behind: list[Path]) -> Spot:
    _check_format(document)
    root = document.spot()
    if "extends" not in document.root:
        for key in _OWN & document.root.keys():
            root.child(key).refuse(
                f"{key} goes with extends",
                fix='write extends = "…", the routine that is changed, above the first [header]',
                code="extends",
                place="key",
            )
        return root
    base = _base(root.child("extends", example='"relaxation"'), library, behind)
    return _Composition(root, base).root() if base else root


def _base(spot: Spot, library: Library, behind: list[Path]) -> Spot | None:
    """Return all that the extended routine says; None if there is no such routine."""
    document = spot.document
    names = attempt(tag, spot)
    if not names:
        return None
    found = [document.path.with_name(f"{names[0]}.toml"), *library.routines_named(names[0])]
    found = [path for path in found if path.is_file()]  # beside it, then where routines are found
    # A routine may extend the one that it hides: scripts/relaxation.toml that of the bundle.
    path = next((path for path in found if not _same(path, behind[-1])), None)
    if path is None:
        if found:
            message, fix = "this routine cannot extend itself", "name another one"
            spot.refuse(message, fix=fix, code="extends")
        else:
            others = [
                entry.name for entry in library.routines() if not _same(entry.path, behind[0])
            ]
            message, fix = f"no routine {quoted(names[0])}", instead(names[0], others)
            spot.refuse(message, fix=fix, code="unknown-name")
        return None
    if any(_same(path, other) for other in behind):
        message = f"{names[0]} extends this routine, and so they go round in a ring"
        spot.refuse(message, fix="write the steps themselves into one of them", code="extends")
        return None
    if len(behind) > MAX_EXTENDED:
        spot.refuse(
            f"more than {MAX_EXTENDED} routines extend each other here",
            fix="write the steps themselves into one of them",
            code="extends",
        )
        return None
    is_said = document.is_language_wished or "language" in document.root
    base = library.document(path, language=document.language if is_said else None)
    whole = _whole(base, library, [*behind, path])
    document.take_as_base(base)
    return whole


def _same(path: Path, other: Path) -> bool:
    try:
        return path.resolve() == other.resolve()
    except (OSError, RuntimeError):
        return path == other


class _Composition:
    """What a routine and the one that it extends say together."""

    def __init__(self, own: Spot, base: Spot) -> None:
        self._own, self._base = own, base

    def root(self) -> Spot:
        own, base = _children(self._own), _children(self._base)
        layers = {key: spot for key, spot in base.items() if key not in _OWN | OWN_KEYS}
        layers |= {key: spot for key, spot in own.items() if key not in _OWN - {"extends"}}
        for key in _BY_NAME & own.keys() & base.keys():
            layers[key] = _joined(own[key], base[key])
        for key in ("opening", "closing"):
            if key in own:
                layers[key] = self._items(own[key], base.get(key))
        if (steps := self._steps(own)) is not None:
            layers["steps"] = steps
        return self._own.with_value(LayeredTable(layers))

    def _items(self, own: Spot, base: Spot | None) -> Spot:
        """Return an opening or closing, with the extended one's for each `{ inherited = true }`."""
        if not isinstance(own.value, list):
            return own
        items: list[Spot] = []
        for index, item in enumerate(own.value):
            if item == {"inherited": True}:
                items += _items_of(base)
            else:
                items.append(own.child(index))
        return own.with_value(LayeredList(items))

    def _steps(self, own: dict[str, Spot]) -> Spot | None:
        base = _children(self._base).get("steps")
        steps = _items_of(base)
        names = [spot.text_at("slug") for spot in steps]
        without = self._left_out(own.get("without"), names)
        changes = self._changes(own.get("changes"), names, without)
        kept = [
            _changed(spot, changes[name]) if name in changes else spot
            for spot, name in zip(steps, names, strict=True)
            if name not in without
        ]
        added = own.get("steps")
        if added is not None and not isinstance(added.value, list):
            return added  # the reader says what is wrong with it
        for spot in _items_of(added):
            _insert(kept, spot)
        if base is None or kept:
            return (added or base or self._own).with_value(LayeredList(kept)) if kept else None
        self._own.child("without").refuse(
            "no step is left of the routine that this one extends",
            fix="leave out fewer, or add [[steps]]",
            code="extends",
        )
        return base

    def _left_out(self, spot: Spot | None, names: list[str]) -> set[str]:
        if spot is None:
            return set()
        if not isinstance(spot.value, list):
            spot.refuse_type("a list of slugs", '["roll-down"]')
            return set()
        return {
            item.value
            for item in map(spot.child, range(len(spot.value)))
            if _is_step(item, item.value, names) and isinstance(item.value, str)
        }

    def _changes(self, spot: Spot | None, names: list[str], without: set[str]) -> dict[str, Spot]:
        if spot is None:
            return {}
        if not isinstance(spot.value, dict):
            spot.refuse_type("a table", '{ roll-down = { dose = "5 reps" } }')
            return {}
        changes = {}
        for name, change in _children(spot).items():
            if not _is_step(change, name, names, place="key"):
                continue
            if not isinstance(change.value, dict):
                change.refuse_type("a table", '{ dose = "5 reps" }')
            elif name in without:
                change.refuse(
                    f"{quoted(name)} is left out by without",
                    fix="keep one of the two",
                    code="extends",
                    place="key",
                )
            else:
                for key in {"slug", "after", "before"} & change.value.keys():
                    change.child(key).refuse(
                        f"{key} of a step cannot be changed",
                        fix="leave the step out with without, and add it anew below [[steps]]",
                        code="extends",
                        place="key",
                    )
                changes[name] = change
        return changes


def _is_step(spot: Spot, name: object, names: list[str], *, place: Any = "value") -> bool:
    if name in names:
        return True
    fix = instead(name, names) if isinstance(name, str) else "write the slug of one"
    spot.refuse(f"no step {quoted(name)}", fix=fix, code="unknown-name", place=place)
    return False


def _insert(steps: list[Spot], spot: Spot) -> None:
    """Put a step where it says that it belongs, else at the end."""
    value = spot.value if isinstance(spot.value, dict) else {}
    where = [key for key in ("after", "before") if isinstance(value.get(key), str)]
    if len(where) > 1:
        spot.child("before").refuse(
            "a step is after another or before one", fix="keep one of the two", code="extends"
        )
    if not where:
        steps.append(spot)
        return
    names = [step.text_at("slug") for step in steps]
    key = where[0]
    if not _is_step(spot.child(key), value[key], names):
        steps.append(spot)
        return
    index = names.index(value[key])
    if key == "after":
        index += 1
        while index < len(steps) and steps[index].text_at("after") == value[key]:
            index += 1  # those that were added after the same step stay in the order of the file
    steps.insert(index, spot)


def _changed(step: Spot, change: Spot) -> Spot:
    fields, own = _children(step), _children(change)
    if "dose" in own:
        fields = {key: spot for key, spot in fields.items() if key not in _WITH_DOSE}
    former = fields.get("dose") if "dose" in own and "cues" not in own else None
    return step.with_value(LayeredTable(fields | own, former_dose=former))


def _joined(own: Spot, base: Spot) -> Spot:
    if not isinstance(own.value, dict) or not isinstance(base.value, dict):
        return own
    return own.with_value(LayeredTable(_children(base) | _children(own)))


def _children(spot: Spot) -> dict[str, Spot]:
    return {key: spot.child(key) for key in cast("dict[str, object]", spot.value)}


def _items_of(spot: Spot | None) -> list[Spot]:
    if spot is None or not isinstance(spot.value, list):
        return []
    return [spot.child(index) for index in range(len(spot.value))]
