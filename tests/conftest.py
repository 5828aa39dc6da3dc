"""Where the shipped instances are, for every test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


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
