"""Where the shipped instances are, for every test; and what tests tell about their draws."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent

for wish in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(wish, None)  # what whoever runs the tests wants of terminals is no matter of theirs


@pytest.fixture(scope="session")
def top() -> Path:
    """Return the folder of the project."""
    return TOP


@pytest.fixture(scope="session")
def timor(top: Path) -> Path:
    """Return the folder of the historical instance."""
    return top / "instances" / "historical" / "timor-leste-2009"


@pytest.fixture(scope="session")
def worked(top: Path) -> Path:
    """Return the folder of the worked example of models/problem.md."""
    return top / "instances" / "tiny" / "worked-example"


@pytest.fixture
def folder(worked: Path, tmp_path: Path) -> Path:
    """Return a copy of the worked example to change."""
    return Path(shutil.copytree(worked, tmp_path / "instance"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run what tests told about their random draws."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [(report.nodeid, said) for report in reports for name, said in report.user_properties if name == "draws"]
    if told:
        terminalreporter.section("random draws")
    for test, said in sorted(told):
        terminalreporter.line(f"{test}: {said}")
