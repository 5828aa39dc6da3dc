"""Timetables written by hand, and the schema that the reader follows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from sequencer.errors import InstanceError
from sequencer.instance.instance import Instance
from sequencer.tables import schema
from sequencer.tables.cells import READERS
from sequencer.tables.read import read
from sequencer.tables.timetable import read_timetable
from sequencer.timetable import Choice
from sequencer.vocabulary import Stage

GOOD = (
    "Aileu/policing,light,2010-06",
    "Baucau/policing,light,Aug-10",
    "Aileu/clinics,,2010-08",
    "national/clinics,none,2008-05",
)
PLACES = ("Aileu", "Aileu", "", "national")
FUNCTIONS = ("policing", "policing", "clinics", "policing")


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the plain instance."""
    return read(Path(__file__).parent / "odd" / "plain")


def written(folder: Path, rows: Iterable[str], header: str = "package,option,transfer") -> Path:
    """Write a timetable."""
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def faults(path: Path, instance: Instance) -> list[str]:
    """Return the faults of a timetable."""
    with pytest.raises(InstanceError) as caught:
        read_timetable(path, instance)
    return [str(fault) for fault in caught.value.faults]


def test_choices(tmp_path: Path, instance: Instance) -> None:
    assert read_timetable(written(tmp_path, reversed(GOOD)), instance) == {
        "Aileu/policing": Choice("light", 17),
        "Baucau/policing": Choice("light", 19),
        "Aileu/clinics": Choice("none", 19),
        "national/clinics": Choice("none", -8),
    }


def test_reading_is_as_forgiving_as_elsewhere(tmp_path: Path, instance: Instance) -> None:
    path = written(tmp_path, [row.replace(",", " ; ") for row in GOOD], "sep=;\r\nPackage;Option;Transfer")
    assert read_timetable(path, instance) == read_timetable(written(tmp_path, GOOD), instance)


def test_dates_that_follow_may_be_given(tmp_path: Path, instance: Instance) -> None:
    """Aileu/policing: support 4, joint 3; Baucau/policing: support 6, joint 2 and a hold of 3, so 1 of proving."""
    header = "place,function,package,option,transfer,phase,support_start,joint_start,exit"
    rows = [
        "Aileu,policing,Aileu/policing,light,2010-06,second,2009-11,2010-03,2011-12",
        "Baucau,policing,Baucau/policing,light,2010-08,second,2009-11,2010-06,2012-02",
        "Aileu,clinics,Aileu/clinics,none,2010-08,second,,,2011-05",
        "national,clinics,national/clinics,none,2008-05,,,,",
    ]
    assert len(read_timetable(written(tmp_path, rows, header), instance)) == 4
    rows[1] = rows[1].replace("2009-11", "2009-12")
    (found,) = faults(written(tmp_path, rows, header), instance)
    assert found.startswith('mine.csv, row 3, column support_start: found "2009-12"; needed: 2009-11, which follows')


def test_notes_are_ignored(tmp_path: Path, instance: Instance) -> None:
    rows = [f"{row},agreed,{row.replace(',', ' ')},minutes of May,sure" for row in GOOD]
    path = written(tmp_path, rows, "package,option,transfer,Note,comment,source,confidence")
    assert read_timetable(path, instance) == read_timetable(written(tmp_path, GOOD), instance)


def test_place_and_function_agree_with_the_package(tmp_path: Path, instance: Instance) -> None:
    rows = [f"{row},{place},{function}" for row, place, function in zip(GOOD, PLACES, FUNCTIONS, strict=True)]
    assert faults(written(tmp_path, rows, "package,option,transfer,place,function"), instance) == [
        'mine.csv, row 3, column place: found "Aileu"; needed: Baucau, as package says, or a blank cell',
        'mine.csv, row 5, column function: found "policing"; needed: clinics, as package says, or a blank cell',
    ]


def test_text_guarded_as_in_our_own_files_is_read(tmp_path: Path, instance: Instance) -> None:
    """An export writes an apostrophe before text that a spreadsheet would take for a formula."""
    renamed = replace(
        instance,
        places=tuple(replace(place, name=formula(place.name)) for place in instance.places),
        packages=tuple(replace(p, name=formula(p.name), place=formula(p.place)) for p in instance.packages),
        options=tuple(replace(o, name=f"-{o.name}", package=formula(o.package)) for o in instance.options),
    )
    rows = [
        "'=Aileu/policing,'-light,2010-06,'=Aileu,=x", "=Baucau/policing,-light,2010-08,=Baucau,'@",
        "'=Aileu/clinics,,2010-08,,", "'=national/clinics,,2008-05,,",
    ]  # fmt: skip
    choices = read_timetable(written(tmp_path, rows, "package,option,transfer,place,note"), renamed)
    assert choices["=Aileu/policing"] == Choice("-light", 17)


def formula(name: str) -> str:
    """Return a name that a spreadsheet would take for a formula."""
    return f"={name}"


def test_every_fault_at_once(tmp_path: Path, instance: Instance) -> None:
    rows = [
        "Aileu/polcing,light,2010-06",
        "Baucau/policing,ligth,2010-08",
        "Aileu/clinics,,soon",
        "Aileu/clinics,,2010-08",
        "Aileu/policing,,",
    ]
    found = faults(written(tmp_path, rows), instance)
    assert [line.partition(";")[0] for line in found] == [
        'mine.csv, row 2, column package: found "Aileu/polcing"',
        'mine.csv, row 3, column option: found "ligth"',
        'mine.csv, row 4, column transfer: found "soon"',
        'mine.csv, row 5, column package: found "Aileu/clinics" again',
        "mine.csv, row 6, column option: found nothing",
        "mine.csv, row 6, column transfer: found nothing",
    ]
    assert found[0].endswith("(nearest: Aileu/policing)")
    assert found[1].endswith("(nearest: light)")


def test_missing_packages_columns_and_files(tmp_path: Path, instance: Instance) -> None:
    assert faults(written(tmp_path, GOOD[:2]), instance) == [
        "mine.csv, column package: found no row for Aileu/clinics, national/clinics; needed: one row for each package"
    ]
    (found,) = faults(written(tmp_path, ["a"], "package,trnsfer"), instance)
    assert found.endswith('found the heading "trnsfer"; needed: a column of this table (nearest: transfer)')
    assert faults(tmp_path / "none.csv", instance) == ["none.csv: found no such file; needed: a file that can be read"]


def test_the_schema_is_json_that_the_reader_understands() -> None:
    declared = json.loads(schema.text())
    assert [entry["name"] for entry in declared["resources"]] == list(schema.tables())
    for table in schema.tables().values():
        assert {column.role for column in table.columns} <= set(READERS)
        assert set(table.key) | set(table.references) <= {column.name for column in table.columns}
        assert set(table.references.values()) <= set(schema.tables())
        assert all(column.description for column in table.columns)
        assert table.ignored.isdisjoint(table.headings())


def test_columns_carry_their_constraints() -> None:
    packages = {column.name: column for column in schema.tables()["packages"].columns}
    assert packages["place"].required
    assert packages["current_stage"].choices == tuple(Stage)
    assert (packages["weight"].minimum, packages["weight"].maximum, packages["weight"].unit) == (0, 1_000_000, "weight")
    assert schema.tables()["functions"].columns[5].many
    assert schema.tables()["budget"].headings()["line"].default == "host"
