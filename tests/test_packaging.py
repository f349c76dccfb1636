"""What is built can be installed elsewhere and finds its routines and sounds there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import voicecoach
from tests.support.checkout import CHECKOUT

PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]

pytestmark = pytest.mark.slow

# Names that git ignores; a build from a lived-in checkout must not carry them.
IGNORED_ENDINGS = (".mp3", ".pyc", ".part")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the source archive, built from a lived-in checkout."""
    folder = tmp_path_factory.mktemp("dist")
    stray = CHECKOUT / "audio" / f"stray-{os.getpid()}.mp3"
    stray.write_bytes(b"an exported track")
    try:
        # What `pip wheel .` and `python -m build` run, without asking the network for hatchling.
        subprocess.run(
            [
                sys.executable,
                "-m",
                "hatchling",
                "build",
                "-t",
                "wheel",
                "-t",
                "sdist",
                "-d",
                folder,
            ],
            cwd=CHECKOUT,
            check=True,
            capture_output=True,
            timeout=60,
        )
    finally:
        stray.unlink()
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """Return the wheel."""
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def source_archive(built: Path) -> Path:
    """Return the source archive."""
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the wheel is installed into, away from the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--target",
            folder,
            wheel,
        ],
        check=True,
        timeout=60,
    )
    return folder


def run_installed(
    installed: Path, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed command from another folder; what it depends on comes from this environment."""
    return subprocess.run(
        [sys.executable, installed / "bin" / "voicecoach", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def names_in_wheel(wheel: Path) -> list[str]:
    """Return the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def names_in_source(source_archive: Path) -> list[str]:
    """Return the files in a source archive, without the folder that holds them all."""
    with tarfile.open(source_archive) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def bundled_files() -> set[str]:
    """Return the routines, shared blocks and sounds of the checkout, by their paths."""
    folders = (CHECKOUT / "scripts", CHECKOUT / "audio" / "sounds")
    return {
        path.relative_to(CHECKOUT).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_wheel_carries_routines_and_sounds(wheel: Path) -> None:
    """Every routine, shared block and sound is in the wheel, and so is every module."""
    names = set(names_in_wheel(wheel))
    assert {f"voicecoach/_bundled/{path}" for path in bundled_files()} <= names
    modules = {
        path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "voicecoach").rglob("*.py")
    }
    assert modules <= names
    assert {"voicecoach/py.typed", "voicecoach/language/languages/en/phrases.toml"} <= names
    assert {
        f"voicecoach/language/languages/{tag}/{name}.toml"
        for tag in ("de", "en", "es", "ru")
        for name in ("vocabulary", "speakable", "template-adult", "template-child")
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    """No export, cache, test or tool of a lived-in checkout is in the wheel."""
    for name in names_in_wheel(wheel):
        assert name.startswith(("voicecoach/", f"voicecoach-{voicecoach.__version__}.dist-info/"))
        assert not name.endswith(IGNORED_ENDINGS), name


def test_source_archive_is_complete_and_clean(source_archive: Path) -> None:
    """The source archive has all that is needed to build, test and read, and nothing git ignores."""
    names = set(names_in_source(source_archive))
    assert bundled_files() <= names
    assert {
        "pyproject.toml",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "LICENSE",
        ".ci/bare",
        ".ci/run",
        "tests/conftest.py",
        "tests/test_packaging.py",
    } <= names
    assert not [name for name in names if name.endswith(IGNORED_ENDINGS)]


def test_wheel_from_source_archive_is_the_same(
    source_archive: Path, wheel: Path, tmp_path: Path
) -> None:
    """A wheel built from the source archive, as packagers do, has the same files."""
    with tarfile.open(source_archive) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (again,) = (tmp_path / "again").glob("*.whl")
    assert sorted(names_in_wheel(again)) == sorted(names_in_wheel(wheel))


def test_installed_wheel_lists_the_bundled_routines(installed: Path, tmp_path: Path) -> None:
    """From an empty folder, `list` of an installed wheel names every bundled routine."""
    shown = run_installed(installed, tmp_path, "list")
    assert shown.returncode == 0, shown.stderr
    for path in (CHECKOUT / "scripts").glob("*.toml"):
        assert path.stem in shown.stdout


def test_installed_wheel_renders_a_bundled_routine(installed: Path, tmp_path: Path) -> None:
    """From an empty folder, an installed wheel makes a track with the bundled tones in it."""
    shown = run_installed(
        installed, tmp_path, "export", "desk-break", "--voice", "silent", "-o", "desk.wav"
    )
    assert shown.returncode == 0, shown.stderr
    from voicecoach.sound.clip import read_wav

    track = read_wav(tmp_path / "desk.wav")
    assert track.duration_seconds == pytest.approx(300, rel=0.05)
    assert track.peak > 0.1


def test_installed_wheel_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    """The tests above do not reach the checkout by accident."""
    where = subprocess.run(
        [sys.executable, "-c", "import voicecoach; print(voicecoach.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)


def test_version_is_the_same_everywhere(installed: Path, tmp_path: Path) -> None:
    """The package, its metadata and `--version` tell one version."""
    assert PROJECT["version"] == voicecoach.__version__
    shown = run_installed(installed, tmp_path, "--version")
    assert shown.returncode == 0, shown.stderr
    assert voicecoach.__version__ in shown.stdout
