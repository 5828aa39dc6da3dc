"""Links that are no pairs: widths, gates, and circles of links."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sequencer.errors import InstanceError
from sequencer.instance.cycles import cycles
from sequencer.instance.instance import Instance
from sequencer.tables.read import read

BASE = {
    "plan.toml": 'first_month = "2009-01"\nmonths = 24\nobjective = ["exit"]\n',
    "places.csv": "place,region\nA,west\nB,west\nC,east\nN,\n",
    "functions.csv": "function,sector,joint_months,mentored_months\npolicing,security,1,2\nborder,security,1,2\n"
    "clinics,service,1,2\n",
    "packages.csv": "place,function\nA,policing\nB,policing\nC,policing\nA,border\nA,clinics\nC,clinics\nN,clinics\n",
    "phases.csv": "phase,from\nfirst,\nsecond,2010-01\n",
}


def reading(folder: Path, links: str, **tables: str) -> Instance:
    """Read the base folder with these rows of links, and some tables replaced."""
    heads = "before,before_event,after,after_event,minimum,maximum,width,gate,except\n"
    texts = {**BASE, "links.csv": heads + links, **{f"{table}.csv": text for table, text in tables.items()}}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read(folder)


def sets(instance: Instance) -> list[list[str]]:
    """Return the members of each width, with an event only where it is not the transfer."""
    return [
        [package if event == "transfer" else f"{package} {event}" for package, event in width.members]
        for width in instance.widths
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("*/policing,,,,,,3,,", [["A/policing", "B/policing", "C/policing"]]),
        ("*/policing,,*/clinics,,,,3,,", [["A/policing", "A/clinics"], ["C/policing", "C/clinics"]]),
        ("policing,,clinics,exit,,,3,,", [["A/policing", "A/clinics exit"], ["C/policing", "C/clinics exit"]]),
        ("A/*,,C/*,,,,3,,", [["A/policing", "C/policing"], ["A/clinics", "C/clinics"]]),
        ("*/sector:security,,*/clinics,,,,3,,", [["A/policing", "A/border", "A/clinics"], ["C/policing", "C/clinics"]]),
        ("region:west/policing,,C/clinics,,,,3,,", [["A/policing", "B/policing", "C/clinics"]]),
        ("A/policing,,A/policing,exit,,,3,,", [["A/policing", "A/policing exit"]]),
        ("A/policing,,policing,,,,3,,", [["A/policing", "B/policing", "C/policing"]]),
        (
            "*/*,,*/*,exit,,,9,,",
            [[name, f"{name} exit"] for name in (
                "A/policing", "B/policing", "C/policing", "A/border", "A/clinics", "C/clinics", "N/clinics"
            )],
        ),
    ],
)  # fmt: skip
def test_a_width_is_about_one_set_for_each_value_of_a_shared_star(
    tmp_path: Path, row: str, expected: list[list[str]]
) -> None:
    instance = reading(tmp_path, f"{row}\n")
    assert sets(instance) == expected
    assert not instance.links
    assert not instance.gates


def test_a_gate_names_who_waits_and_for_what(tmp_path: Path) -> None:
    instance = reading(tmp_path, "policing,exit,,,-2,,,second,A/*;N/clinics\nC/*,,,,,,,first,\n")
    first, second = instance.gates
    assert (first.phase, first.before, first.event, first.minimum) == (
        "second", ("A/policing", "B/policing", "C/policing"), "exit", -2,
    )  # fmt: skip
    assert first.waiting == {"B/policing", "C/policing", "C/clinics"}
    assert (second.before, second.event, second.minimum, len(second.waiting)) == (
        ("C/policing", "C/clinics"), "transfer", 0, 7,
    )  # fmt: skip


CIRCLES = [
    ("A/policing,,B/policing,,1,,,,\nB/policing,,A/policing,,0,,,,\n", True),
    ("A/policing,,B/policing,,1,,,,\nB/policing,,A/policing,,-1,,,,\n", False),
    ("A/policing,,B/policing,,0,,,,\nB/policing,,A/policing,,0,,,,\n", False),
    # Two months lie between transfer and advisory_start, whatever the option.
    ("A/policing,advisory_start,B/policing,,0,,,,\nB/policing,,A/policing,,-1,,,,\n", True),
    ("A/policing,advisory_start,B/policing,,0,,,,\nB/policing,,A/policing,,-2,,,,\n", False),
    ("A/policing,,B/policing,,3,,,,\nB/policing,,A/policing,advisory_start,0,,,,\n", True),
    ("A/policing,,B/policing,,2,,,,\nB/policing,,A/policing,advisory_start,0,,,,\n", False),
    ("A/policing,,B/policing,,any,3,,,\nB/policing,,A/policing,,1,,,,\n", False),
    ("A/policing,,B/policing,,2,,,,\nB/policing,,C/policing,,2,,,,\nC/policing,,A/policing,,-3,,,,\n", True),
    ("A/policing,,A/policing,exit,9,,,,\n", False),  # impossible, but no circle
]


@pytest.mark.parametrize(("rows", "circle"), CIRCLES)
def test_a_circle_of_links_whose_lags_add_up(tmp_path: Path, rows: str, circle: bool) -> None:
    if circle:
        with pytest.raises(InstanceError, match="a cycle of links: A/policing"):
            reading(tmp_path, rows)
    else:
        assert reading(tmp_path, rows).links


def test_options_decide_how_far_events_lie_apart(tmp_path: Path) -> None:
    """With one of the options the way round is short enough, so nothing is certain; with one option named it is."""
    rows = "A/policing,support_start,A/border,,4,,,,\nA/border,,A/policing,,0,,,,\n"
    options = "packages,option,support_months\nA/policing,short,2\nA/policing,long,5\n"
    assert reading(tmp_path, rows, options=options).links
    packages = BASE["packages.csv"].replace("place,function\nA,policing", "place,function,option\nA,policing,short")
    with pytest.raises(InstanceError, match="a cycle of links"):
        reading(tmp_path, rows, options=options, packages=packages)


def test_what_has_begun_already_waits_for_nothing(tmp_path: Path) -> None:
    packages = BASE["packages.csv"].replace("function\nA,policing", "function,fixed\nA,policing,2008-05")
    assert reading(tmp_path, CIRCLES[0][0], packages=packages).links


def test_many_links_in_a_knot_are_looked_through_at_once(tmp_path: Path) -> None:
    names = [f"P{number}" for number in range(200)]
    places = "place\n" + "\n".join(names)
    packages = "place,function\n" + "\n".join(f"{name},{what}" for name in names for what in ("policing", "clinics"))
    rows = (
        "policing,,clinics,,0,,,,\nclinics,,policing,,0,,,,\nP1/*,,*/policing,,0,,,,\n*/clinics,,P1/policing,,0,,,,\n"
    )
    instance = reading(tmp_path, rows, places=places, packages=packages)
    began = time.monotonic()
    assert cycles(instance) == []
    assert time.monotonic() - began < 5
