"""`voicecoach check`: everything that is found in routine files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicecoach.cli.options import (
    Json,
    chosen,
    complete_routine,
    in_language_of,
    open_wished,
    say_changes,
    takes_wishes,
)
from voicecoach.cli.output import harmless, print_json, say
from voicecoach.errors import (
    PhraseError,
    Problem,
    RoutineError,
    RoutineNotFoundError,
    Severity,
    SoundError,
    SoundNotFoundError,
    SpeechError,
)
from voicecoach.fitting.wishes import Wishes

if TYPE_CHECKING:
    from voicecoach.library.library import Library
    from voicecoach.routine.model import Routine
    from voicecoach.script.model import Script


@dataclass(frozen=True)
class _Checked:
    """A file and all that was found in it."""

    path: str
    findings: tuple[Problem, ...]
    """In the order of the file."""
    script: Script | None = None
    """None for a file that cannot be used."""
    is_measured: bool = False
    """Whether lengths are those of the voice; else they are those of the table."""

    @property
    def is_good(self) -> bool:
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


@takes_wishes()
def check(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help="Routine files, or names.", autocompletion=complete_routine
        ),
    ],
    wishes: Wishes,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail for warnings and advice, too.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check anew at every save, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check routine files: everything that is found, with its line, its code and what to do.

    Exit status 1 where a file cannot be used; with --strict where anything is found. Lengths are
    those of the voice, and those of the table where it is not here; `--voice silent` asks for the
    table. With --watch it is 0: the files may be mended meanwhile.
    """
    from voicecoach.cli.playing.replaying import at_every_save
    from voicecoach.library.library import Library

    if watch and as_json:
        raise typer.BadParameter("one document cannot grow: leave out --json", param_hint="--watch")
    if watch:
        library = Library()
        paths = [library.find_routine(name) for name in names]
        at_every_save(paths, lambda: _check_all([str(path) for path in paths], wishes))
        return
    found = _check_all(names, wishes, as_json=as_json)
    if found[Severity.ERROR] or (strict and found):
        raise typer.Exit(1)


def _check_all(names: list[str], wishes: Wishes, *, as_json: bool = False) -> Counter[Severity]:
    from voicecoach.library.library import Library

    library = Library()
    files = []
    for name in names:
        checked = _checked(name, library, wishes)
        files.append(checked)
        if not as_json:
            _print(checked)
    found = Counter(finding.severity for checked in files for finding in checked.findings)
    if as_json:
        print_json({"files": [_as_json(checked) for checked in files]})
    elif found:
        say(f"{_counted(found)} in {len(files)} file{'s' if len(files) > 1 else ''}")
    return found


def _checked(name: str, library: Library, wishes: Wishes) -> _Checked:
    from voicecoach.library.reading import check_routine

    path = Path(name)
    try:
        path = library.find_routine(name)
        routine, problems = check_routine(
            path, library, language=in_language_of(wishes, path, library)
        )
        if routine is not None:
            return _followed(routine, path, library, wishes)
    except RoutineNotFoundError as error:
        fix = "`voicecoach list` shows the names"
        problems = [Problem(0, 0, "", str(error), fix, "unreadable-file")]
    except RoutineError as error:  # of a shared file
        problems = [replace(one, path=one.path or Path(error.path)) for one in error.problems]
    return _Checked(str(path), _in_order(problems))


def _followed(routine: Routine, path: Path, library: Library, wishes: Wishes) -> _Checked:
    from voicecoach.authoring.lints import findings_in
    from voicecoach.language.phrases import speaks

    is_measured = wishes.voice != "silent"
    try:
        fitted = chosen(routine, wishes)
        say_changes(routine, fitted)
        try:
            with open_wished(fitted, wishes, library) as session:
                findings = findings_in(session, routine)
                script = None if _has_errors(findings) else session.script
        except (SpeechError, SoundError, SoundNotFoundError) as error:
            say(f"{path}: lengths are those of the table, for the voice cannot speak: {error}")
            findings, script = _by_the_table(routine, fitted, wishes)
            is_measured = False
    except RoutineError as error:
        return _Checked(str(path), _in_order(error.problems))
    except PhraseError as error:
        if speaks(routine.language):  # a file of that language is wrong, not the routine's
            raise
        problem = Problem(0, 0, "", str(error), "write it in one of these", "no-phrases")
        return _Checked(str(path), (problem,))
    return _Checked(str(path), _in_order(findings), script, is_measured)


def _by_the_table(
    routine: Routine, fitted: Routine, wishes: Wishes
) -> tuple[tuple[Problem, ...], Script | None]:
    from voicecoach.authoring.lints import findings_of
    from voicecoach.language.phrases import load_phrases
    from voicecoach.script.compiler import compile_script, nominal_minutes, outline_script
    from voicecoach.script.durations import NominalDurations

    phrases = load_phrases(fitted.language, fitted.audience)
    durations = NominalDurations(phrases.word_seconds / wishes.speech_rate)
    minutes = nominal_minutes(fitted, phrases, durations.word_seconds)
    outline = outline_script(fitted, phrases, durations, minutes=minutes)
    findings = findings_of(routine, outline, phrases, durations)
    if _has_errors(findings):
        return findings, None
    return findings, compile_script(fitted, phrases, durations, minutes=minutes)


def _has_errors(findings: tuple[Problem, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _in_order(problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.order))


def _print(checked: _Checked) -> None:
    from voicecoach.messages import escaped, whole_clock

    for finding in checked.findings:
        print(harmless(finding.listed(checked.path)))
    if checked.script is not None and checked.is_good:
        steps = len(checked.script.routine.steps)
        length = whole_clock(checked.script.duration_seconds)
        print(f"{escaped(checked.path)}: good: {steps} steps, {length}")


def _counted(found: Counter[Severity]) -> str:
    """Return `2 errors, 1 warning, 3 pieces of advice`."""
    names = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.ADVICE: ("piece of advice", "pieces of advice"),
    }
    return ", ".join(
        f"{found[severity]} {name[found[severity] > 1]}"
        for severity, name in names.items()
        if found[severity]
    )


def _as_json(checked: _Checked) -> dict[str, Any]:
    script = checked.script
    return {
        "path": checked.path,
        "findings": [
            {
                "path": str(finding.path or checked.path),
                "line": finding.line,
                "column": finding.column,
                "severity": finding.severity.value,
                "code": finding.code,
                "step": finding.step,
                "message": finding.message,
                "fix": finding.fix,
            }
            for finding in checked.findings
        ],
        "seconds": round(script.duration_seconds, 3) if script else None,
        "steps": len(script.routine.steps) if script else None,
        "measured": checked.is_measured,
    }
