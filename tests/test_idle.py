"""Rows that say nothing about the plan are told, one line each; rows that do are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sequencer import read
from sequencer.cli import main
from sequencer.instance.idle import idle

WHOLE = Path(__file__).parent / "whole"


@pytest.mark.parametrize(
    ("file", "row", "said"),
    [
        ("budget.csv", {"fiscal_year": "FY1999", "amount": "5"}, "FY1999 is no fiscal year of the plan"),
        ("calendar.csv", {"name": "jubilee", "from": "1999-01"}, "jubilee, 1999-01..1999-01, lies outside the plan"),
        ("places.csv", {"place": "nowhere"}, "nothing is handed over in nowhere"),
        ("donors.csv", {"donor": "silence"}, "silence pledges nothing"),
    ],
)
def test_a_row_without_effect_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, row: dict[str, str], said: str
) -> None:
    folder = tmp_path / "whole"
    shutil.copytree(WHOLE, folder)
    before = idle(read(folder))
    lines = (folder / file).read_text(encoding="utf-8-sig").rstrip().splitlines()
    lines.append(",".join(row.get(heading.strip(), "") for heading in lines[0].split(",")))
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (told,) = set(idle(read(folder))) - set(before)
    assert told == f"{file} row {len(lines)}: {said}"
    main(["validate", str(folder)])
    assert told in capsys.readouterr().out


def test_pledges_that_do_not_count_are_told(top: Path) -> None:
    announced = [line for line in idle(read(top / "instances" / "national" / "halvara")) if "announced" in line]
    assert announced
    assert all(line.startswith("pledges.csv row ") for line in announced)


def test_every_row_of_a_small_instance_has_an_effect(top: Path) -> None:
    assert idle(read(top / "instances" / "tiny" / "worked-example")) == ()
