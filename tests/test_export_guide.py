"""The guide on exports: what it shows runs, and it names every format, sheet and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from exporting import shown

from sequencer.exports import FORMATS
from sequencer.exports.schema import TABLES
from sequencer.exports.xlsx import workbook


@pytest.fixture(scope="module")
def guide(top: Path) -> str:
    """Return the guide."""
    return (top / "docs" / "exports.md").read_text(encoding="utf-8")


@pytest.fixture
def here(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder from which the instances can be seen."""
    (tmp_path / "instances").symlink_to(top / "instances")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_command_is_shown_for_every_format(guide: str) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)  # run by test_guides.py
    assert {line.split()[2] for line in block.splitlines()[1:]} == set(FORMATS)


def test_the_python_runs(guide: str, here: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    exec(compile(block, "docs/exports.md", "exec"), {})  # noqa: S102 - our own guide
    assert (here / "binding.xlsx").exists()


def test_every_format_sheet_table_and_column_is_described(guide: str) -> None:
    assert all(re.search(rf"^\| .*`{name}`.*\|", guide, re.MULTILINE) for name in FORMATS)
    assert workbook(shown())
    for sheet in ("about", "timetable", "phases", "supplies", "money", "binding", "tight"):
        assert f"| `{sheet}` |" in guide
    for name, table in TABLES.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*\| (package|month|level|resource|fiscal_year)(.*)\|$", guide, re.M)
        said = re.sub(r" \([^)]*\)", "", "".join(row)).strip().split(", ")
        assert said == [field.name for field in table.fields]
