"""The documents tell the truth: their commands exist, their examples work, their lists are complete."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import shlex
import subprocess
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

import voicecoach
from tests.support.checkout import CHECKOUT
from voicecoach import errors
from voicecoach.cli import app
from voicecoach.cli.commands.config import _shown
from voicecoach.cli.settings.table import BY_NAME, SETTINGS, read_settings
from voicecoach.language.phrases import VARIABLES
from voicecoach.library.format import ROUTINE_FIELDS, STEP_FIELDS
from voicecoach.library.library import Library
from voicecoach.library.reading import check_routine
from voicecoach.routine.anchors import ANCHORS
from voicecoach.routine.dose_line import parse_dose
from voicecoach.routine.model import Spoken

README = (CHECKOUT / "README.md").read_text("utf-8")
ARCHITECTURE = (CHECKOUT / "ARCHITECTURE.md").read_text("utf-8")
DOCS = ("docs/design.md", "docs/writing-routines.md")
PYPROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]


def blocks(language: str, text: str = README) -> list[str]:
    """Return the fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def section(heading: str, text: str = README) -> str:
    """Return what stands under a heading of the second level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found, f"no section {heading!r}"
    return found[1]


def documented_commands() -> list[str]:
    """Return every voicecoach command line in the README's shell blocks, without the comments."""
    lines = [
        part.strip().removeprefix(".venv/bin/")
        for block in blocks("sh")
        for line in block.splitlines()
        for part in line.split("&&")
    ]
    return [line for line in lines if line.startswith("voicecoach ")]


@cache
def command_tree() -> Any:
    """Return the command line as a tree of commands."""
    return typer.main.get_command(app)


def command_paths(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return every command by its words: ("cache", "clear")."""
    found = []
    for name, command in tree.commands.items():
        found.append((*path, name))
        if hasattr(command, "commands"):
            found += command_paths(command, (*path, name))
    return found


# ----------------------------------------------------------------------------------------- set-up


def test_there_are_exactly_two_set_up_commands() -> None:
    """One command makes an environment, installs and exports; one installs and passes the tests."""
    install_lines = [
        line for block in blocks("sh") for line in block.splitlines() if "pip install" in line
    ]
    first, second = install_lines
    assert first in section("Set up")
    assert second in section("Set up")
    assert first.startswith("python3 -m venv .venv && ")
    assert first.endswith(".venv/bin/voicecoach export relaxation")
    assert second.endswith(".venv/bin/pytest")
    after_first = README.partition(first)[2]
    assert blocks("sh", after_first)[0].strip() == ".venv/bin/voicecoach play relaxation"


def test_ci_gives_both_set_up_commands_on_a_bare_machine() -> None:
    """It takes them from the README, in order, and runs them where nothing but Python is found."""
    script = (CHECKOUT / ".ci" / "run").read_text("utf-8")
    (start,) = re.findall(
        r"^mapfile -t commands < <\(grep '\^(.*)' README\.md\)$", script, re.MULTILINE
    )
    taken = [line for line in README.splitlines() if line.startswith(start)]
    assert len(taken) == 2
    assert taken == re.findall(r"^.*pip install.*&&.*$", section("Set up"), re.MULTILINE)
    assert '.ci/bare sh -c "$command"' in script
    assert script.index(".ci/bare") < script.index("VOICECOACH_TEST_ALL")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """What continuous integration runs is what the README says, with nothing skipped."""
    script = (CHECKOUT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^export VOICECOACH_TEST_ALL=1$", script, re.MULTILINE)
    runs = re.findall(r'^pytest (.*) "\$@" \|\| (\w+)=\$\?$', script, re.MULTILINE)
    assert runs == [
        ('-n 2 -m "live or timed"', "recorded"),
        ('-n 3 -m "not (live or timed)"', "others"),
    ]
    assert script.rstrip().endswith("exit $((recorded > others ? recorded : others))")
    assert ".[test," in script


# --------------------------------------------------------------------------------------- commands


@pytest.mark.parametrize("line", documented_commands())
def test_documented_command_can_be_given(line: str) -> None:
    """Each command line of the README is understood: command, options, values, routine and steps."""
    words = shlex.split(line, comments=True)[1:]
    tree = command_tree()
    if words[0].startswith("--"):
        assert CliRunner().invoke(app, [*words[:1], "--help"]).exit_code == 0
        return
    command, name = tree, ""
    while words and hasattr(command, "commands") and words[0] in command.commands:
        name = words.pop(0)
        command = command.commands[name]
    assert command is not tree, f"there is no command {words[0]}"
    context = command.make_context(name, list(words), resilient_parsing=False)
    check_routine_and_steps(context.params)


def check_routine_and_steps(given: dict[str, Any]) -> None:
    """Check that the routine named in a command is bundled and has the steps that are named."""
    from voicecoach.fitting.selection import select_steps
    from voicecoach.fitting.wishes import Wishes
    from voicecoach.library.reading import load_routine
    from voicecoach.session.excerpt import find_place

    # What is new has a name that nobody else has, and may be a copy.
    routine_name = (given["copied"] or None) if "copied" in given else given.get("name")
    if routine_name is None or routine_name == "evening-shoulders":  # the example of the README
        return
    library = Library(CHECKOUT)
    routine = load_routine(library.find_routine(routine_name), library)
    if given.get("step"):
        assert find_place(routine, given["step"])
    only = tuple(step for step in (given.get("only") or "").split(",") if step)
    assert select_steps(routine, Wishes(only=only, start=given.get("start") or "")).steps


@pytest.mark.parametrize("path", command_paths(command_tree()), ids=" ".join)
def test_every_command_has_help_and_is_in_the_readme(path: tuple[str, ...]) -> None:
    """`COMMAND --help` answers with a sentence, and the README shows or names the command."""
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0
    assert re.search(r"^  [A-Z].*[a-z]", shown.stdout.partition("Usage:")[2], re.MULTILINE)
    assert f"voicecoach {' '.join(path)}" in README


def test_every_option_has_help() -> None:
    """No option of any command leaves people guessing."""
    tree = command_tree()
    for path in command_paths(tree):
        command = tree
        for word in path:
            command = command.commands[word]
        for option in command.params:
            assert getattr(option, "help", None), f"{' '.join(path)} {option.name}"


# --------------------------------------------------------------------------------------- examples


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the README's routine as a file in a working folder of its own."""
    text, _ = blocks("toml", section("Write your own routine"))
    path = tmp_path / "scripts" / "evening-shoulders.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return path


def test_example_routine_is_good(example: Path) -> None:
    """The routine in the README has no mistakes, and nothing in it has to give way."""
    routine, problems = check_routine(example, Library(example.parent.parent))
    assert not problems
    assert routine is not None
    checked = CliRunner().invoke(app, ["check", str(example), "--voice", "silent"])
    assert checked.exit_code == 0, checked.output
    assert checked.stdout.splitlines() == [checked.stdout.strip()], "a cue had to give way"


def test_example_of_extending_is_good(tmp_path: Path) -> None:
    """The second routine in the README extends the bundled one as the text says."""
    _, text = blocks("toml", section("Write your own routine"))
    path = tmp_path / "scripts" / "anna.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    routine, problems = check_routine(path, Library(tmp_path))
    assert not problems
    assert routine is not None
    assert routine.opening[0] == Spoken("Hello Anna.")


def test_cue_sheet_in_the_readme_is_real() -> None:
    """The lines of the cue sheet stand in the real one, with the same times between them.

    Where they begin depends on the words before them, and on the voice.
    """
    (excerpt,) = blocks("text")
    shown = CliRunner().invoke(app, ["show", "preliminary", "--voice", "silent"])
    assert shown.exit_code == 0, shown.output
    expected = timed_lines(excerpt)
    real = timed_lines(shown.stdout)
    texts = [text for _, text in real]
    first = texts.index(expected[0][1])
    found = real[first : first + len(expected)]
    assert [text for _, text in found] == [text for _, text in expected]
    shifts = [there - here for (there, _), (here, _) in zip(found, expected, strict=True)]
    assert max(shifts) - min(shifts) < 0.15  # tenths are rounded


def timed_lines(sheet: str) -> list[tuple[float, str]]:
    """Return the cues of a cue sheet with their times in seconds."""
    lines = re.findall(r"^ +(\d+):([\d.]+)  ((?:say|tone)  .*)$", sheet, re.MULTILINE)
    return [(60 * int(minutes) + float(seconds), text) for minutes, seconds, text in lines]


def test_table_of_routines_is_that_of_list() -> None:
    """The README's table has every bundled routine, with its audience, minutes and equipment."""
    shown = CliRunner().invoke(app, ["list", "--json"])
    people = {"adult": "adults", "child": "children, with a grown-up"}
    rows = {
        f"| `{routine['name']}` | {people[routine['audience']]} | {routine['minutes']} "
        f"| {', '.join(routine['equipment'])} |"
        for routine in json.loads(shown.stdout)
    }
    assert set(re.findall(r"^\| `.*", section("The routines"), re.MULTILINE)) == rows


def test_doses_in_the_readme_can_be_read() -> None:
    """Every dose in the table of doses is one."""
    table = section("Write your own routine").partition("| Written |")[2].partition("\n\n")[0]
    doses = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(doses) > 5
    for dose in doses:
        assert parse_dose(dose)


def test_fields_anchors_and_variables_are_all_told() -> None:
    """The README names every field of the format, every kind of anchor and every variable."""
    text = section("Write your own routine")
    for field in (*ROUTINE_FIELDS, *STEP_FIELDS):
        assert f"`{field.key}`" in text, field.key
    for variable in VARIABLES:
        assert f"`${variable}`" in text, variable
    for kind in ANCHORS:
        assert re.search("`" + re.sub(r"\d+", r"\\d+", kind.example), text), kind


def test_settings_are_all_told() -> None:
    """The README's table is that of the code, and its example has no mistakes."""
    rows = [
        f"| `{each.name}` | {each.help} | `{each.example}` | {each.without or _shown(each.default)} "
        f"| {', '.join(each.commands)} |"
        for each in SETTINGS
    ]
    told = section("Settings")
    assert re.findall(r"^\| `.*", told, re.MULTILINE) == rows
    (example,) = blocks("toml", told)
    path = Path(os.environ["VOICECOACH_CONFIG"], "settings.toml")
    path.parent.mkdir()
    path.write_text(example, "utf-8")
    settings = read_settings()
    settings.check(BY_NAME)
    assert len(settings.in_file) == 3


def test_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's Python example does what it says (without a voice, to be quick)."""
    (shown,) = blocks("python")
    source = shown.replace(
        "open_session(routine, library)", 'open_session(routine, library, voice="silent")'
    )
    assert source != shown
    monkeypatch.chdir(tmp_path)
    exec(compile(source, "README.md", "exec"), {})  # noqa: S102  (our own page)
    assert (tmp_path / "desk-break.wav").stat().st_size > 1_000_000


# --------------------------------------------------------------------------- lists that are complete


def test_error_family_is_drawn_in_full() -> None:
    """Every error in errors.py stands in the tree of its docstring, under its base."""
    assert errors.__doc__
    tree = re.findall(r"^ {4}([│ ]*[├└]── )?(\w+Error)\b", errors.__doc__, re.MULTILINE)
    drawn: dict[str, str] = {}
    ancestors: list[str] = []
    for branch, name in tree:
        depth = len(branch) // 4
        ancestors[depth:] = [name]
        drawn[name] = ancestors[depth - 1] if depth else "Exception"
    real = {
        name: member.__base__.__name__
        for name, member in vars(errors).items()
        if inspect.isclass(member)
        and issubclass(member, Exception)
        and member.__module__ == errors.__name__
    }
    assert drawn == real


def test_architecture_has_one_line_for_each_room() -> None:
    """The rooms of its table are the folders of the package, in the order in which they may import."""
    package = CHECKOUT / "voicecoach"
    rooms = re.findall(r"^\| `(\w+)/`", section("Rooms", ARCHITECTURE), re.MULTILINE)
    assert sorted(rooms) == sorted(path.parent.name for path in package.glob("[a-z]*/__init__.py"))
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    floor = {
        room: index for index, layer in enumerate(layers) for room in re.findall(r"\w+", layer)
    }
    assert [floor[room] for room in rooms] == sorted((floor[room] for room in rooms), reverse=True)
    beside = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    assert floor.keys() == {*rooms, *beside}


def declared_requirements() -> set[str]:
    """Return the names of all packages in pyproject.toml, extras included, but those for developing."""
    lists = [PROJECT["dependencies"]] + [
        needs
        for extra, needs in PROJECT["optional-dependencies"].items()
        if extra not in {"test", "lint", "fuzz"}
    ]
    return {re.split(r"[^\w-]", need)[0] for needs in lists for need in needs}


def is_installed(package: str) -> bool:
    """Return whether a package is here; extras and other systems' packages need not be."""
    try:
        return bool(metadata.metadata(package))
    except metadata.PackageNotFoundError:
        return False


def documented_licences() -> dict[str, str]:
    """Return the licence that ARCHITECTURE.md gives for each dependency."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \|", section("Dependencies", ARCHITECTURE), re.MULTILINE
    )
    return {name.strip(" `"): licence.strip() for name, licence in rows[1:]}


def test_every_dependency_is_told_with_its_licence() -> None:
    """ARCHITECTURE.md has a row for each dependency and for nothing else."""
    assert set(documented_licences()) == declared_requirements()


@pytest.mark.parametrize("name", sorted(filter(is_installed, declared_requirements())))
def test_licences_are_those_of_the_packages(name: str) -> None:
    """The licence in ARCHITECTURE.md is the one that the installed package states, if it states one."""
    about = metadata.metadata(name)
    stated = about.get("License-Expression") or about.get("License") or ""
    classifiers = " ".join(entry for entry in about.get_all("Classifier", []) if "License" in entry)
    documented = documented_licences()[name]
    if not stated and not classifiers:
        assert "states none" in documented
        return
    family = documented.split("-")[0].split()[0]
    assert family in stated + classifiers, f"{name}: {stated or classifiers}"


def test_changelog_has_the_current_version() -> None:
    """The version of the package has its entry, dated."""
    changelog = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(
        rf"^## \[{re.escape(voicecoach.__version__)}\] - \d{{4}}-\d\d-\d\d$",
        changelog,
        re.MULTILINE,
    )


def test_readme_carries_the_disclaimer() -> None:
    """The sentences that say what voicecoach is not are all there."""
    safety = section("Safety")
    for sentence in (
        "general exercise guidance for healthy people",
        "not medical advice, diagnosis or treatment",
        "Ask a doctor, midwife or physiotherapist before starting",
        "may stop at any time",
        "call the emergency number",
    ):
        assert sentence in safety


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link of the documents leads to what is there, and to a heading where it names one."""
    for page in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", *DOCS):
        text = (CHECKOUT / page).read_text("utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
            path, _, heading = target.partition("#")
            linked = (CHECKOUT / page).parent / path if path else CHECKOUT / page
            assert linked.exists(), f"{page}: {target}"
            if heading:
                headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
                assert heading in [name.lower().replace(" ", "-") for name in headings]


# ------------------------------------------------------------------------------- what must not stand


def tracked_files() -> list[Path]:
    """Return the files under version control; skip where this is no checkout."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [
        path for name in listed.stdout.split("\0") if name and (path := CHECKOUT / name).is_file()
    ]


# In pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            "/" + "work/",
            "/" + "tmp/w/",
            "/" + "root/",
            r"\bTIM" + r"ING\b",
            r"\bDES" + r"IGN\b",
            r"seed-" + "routines",
        ]
    )
)


def test_no_path_of_a_build_machine_is_left_behind() -> None:
    """No tracked file names a folder or a paper that only its author has."""
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()}")
    assert not found, "\n".join(found)


def test_modules_say_what_they_are_for() -> None:
    """Every module of the package opens with a docstring."""
    for path in (CHECKOUT / "voicecoach").rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
