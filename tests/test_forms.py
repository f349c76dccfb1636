"""The short form of the tests, for every change, and the long ones, for where all must hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import examples
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import pytest

@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", range(9))
def test_cases(case):
    print(f"<{case}>")

@pytest.fixture
def chromium():
    return ""

def test_browser(chromium):
    print("<browser>")
"""


@pytest.mark.parametrize(
    ("expression", "run"),
    [("not slow", "0 3 6"), ("", "0 1 2 3 4 5 6 7 8 browser")],
)
def test_few_cases_and_no_browser_at_every_change(
    expression: str, run: str, tmp_path: Path
) -> None:
    """Of what is sampled some cases from all over are run; everything is run where that is asked for."""
    (tmp_path / "test_one.py").write_text(TESTS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "tests.conftest", "-m", expression,
         "--rootdir", tmp_path, tmp_path],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "VOICECOACH_RESULTS": ""},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert re.findall(r"^\.?<(\w+)>", done.stdout, re.MULTILINE) == run.split()


def test_more_examples_where_all_must_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth at every change, the same ones each time; never none, and never more than was said."""
    monkeypatch.setattr(examples, "SOAK", False)
    monkeypatch.setattr(examples, "THOROUGH", False)
    assert [examples.tries(usual).max_examples for usual in (3, 10, 60, 300)] == [3, 5, 6, 30]
    assert examples.tries(300).derandomize
    monkeypatch.setattr(examples, "THOROUGH", True)
    assert examples.tries(300, soak=2000).max_examples == 300
    assert not examples.tries(300).derandomize
    monkeypatch.setattr(examples, "SOAK", True)
    assert examples.tries(300, soak=2000).max_examples == 2000
    assert examples.tries(300).max_examples == 300
