"""The pictures of the guides are what the program draws today."""

from __future__ import annotations

import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest


@pytest.fixture(scope="module")
def made(top: Path) -> dict[str, str]:
    """Return the pictures as they are made now, by file name."""
    pictures: dict[str, str] = runpy.run_path(str(top / "docs" / "pictures" / "make.py"))["pictures"]()
    return pictures


def test_every_picture_is_the_one_the_program_draws(top: Path, made: dict[str, str]) -> None:
    stored = {path.name: path.read_text(encoding="utf-8") for path in (top / "docs" / "pictures").glob("*.svg")}
    assert stored == made, "draw them anew: python docs/pictures/make.py"


def test_every_picture_stands_alone(made: dict[str, str]) -> None:
    for name, text in made.items():
        root = ET.fromstring(text)  # noqa: S314 - our own picture
        assert root.tag == "{http://www.w3.org/2000/svg}svg", name
        assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), name
        assert not list(root.iter("{http://www.w3.org/2000/svg}script")), name


def test_every_picture_is_shown_in_a_guide(top: Path, made: dict[str, str]) -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in (top / "docs").glob("*.md"))
    assert {name for name in made if f"](pictures/{name})" in guides} == set(made)
