"""Wildcards: what they stand for, which row wins, and where two rows tie."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.errors import InstanceError
from sequencer.instance.instance import Instance
from sequencer.tables.faults import CellError
from sequencer.tables.patterns import Pattern, beats, pattern
from sequencer.tables.read import read
from sequencer.vocabulary import Event, Stage

BASE = {
    "plan.toml": 'first_month = "2009-01"\nmonths = 24\nobjective = ["exit"]\n',
    "places.csv": "place,region,population\nA,west,1000\nB,west,2000\nC,east,3000\nN,,9000\n",
    "functions.csv": "function,sector,fragile\npolicing,security,\nborder,security,joint\nclinics,service,\n",
    "packages.csv": "place,function\nA,policing\nB,policing\nC,policing\nA,border\nA,clinics\nC,clinics\nN,clinics\n",
    "resources.csv": "resource,per\nmentors,all\nmonitors,place\ntrucks,region\n",
    "capacity.csv": "resource,places,amount\nmentors,,9\nmonitors,*,9\ntrucks,*,9\n",
    "threat.csv": "places,level\n*,2\n",
}


def reading(folder: Path, **tables: str) -> Instance:
    """Read the base folder with some tables replaced."""
    for name, text in {**BASE, **{f"{table}.csv": text for table, text in tables.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read(folder)


def faults(folder: Path, **tables: str) -> list[str]:
    """Return the faults of the base folder with some tables replaced."""
    with pytest.raises(InstanceError) as caught:
        reading(folder, **tables)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "place", "function"),
    [
        ("A/policing", "A", "policing"),
        ("policing", "*", "policing"),
        ("*", "*", "*"),
        ("*/*", "*", "*"),
        ("sector:security", "*", "sector:security"),
        ("region:west", "region:west", "*"),
        ("Region: west / Sector: security", "region:west", "sector:security"),
    ],
)
def test_forms_of_a_pattern(text: str, place: str, function: str) -> None:
    assert pattern(text) == Pattern(place, function)


@pytest.mark.parametrize("text", ["a/b/c", "/b", "a/", "sector:x/b", "a/region:x", "region:/b", "a/*b", "a:b", "a,b"])
def test_malformed_patterns(text: str) -> None:
    with pytest.raises(CellError):
        pattern(text)


def test_a_pattern_beats_another_when_nowhere_less_and_somewhere_more_specific() -> None:
    by_rank = {text: pattern(text).rank for text in ("*", "policing", "A/*", "A/policing", "region:west/policing")}
    assert beats(by_rank["policing"], by_rank["*"])
    assert beats(by_rank["A/policing"], by_rank["A/*"])
    assert beats(by_rank["region:west/policing"], by_rank["policing"])
    assert not beats(by_rank["A/*"], by_rank["policing"])
    assert not beats(by_rank["policing"], by_rank["A/*"])
    assert not beats(by_rank["*"], by_rank["*"])


@pytest.mark.parametrize(
    ("cell", "packages"),
    [
        ("policing", ["A/policing", "B/policing", "C/policing"]),
        ("A/*", ["A/policing", "A/border", "A/clinics"]),
        ("region:west/*", ["A/policing", "B/policing", "A/border", "A/clinics"]),
        ("region:west/sector:service", ["A/clinics"]),
        ("N/*;A/border", ["A/border", "N/clinics"]),
        ("sector:security", ["A/policing", "B/policing", "C/policing", "A/border"]),
    ],
)
def test_what_a_pattern_stands_for(tmp_path: Path, cell: str, packages: list[str]) -> None:
    instance = reading(tmp_path, options=f"packages,option\n{cell},light\n")
    assert sorted(option.package for option in instance.options) == sorted(packages)


def test_the_most_specific_row_wins(tmp_path: Path) -> None:
    rows = "*,light,1\npolicing,light,2\nregion:west/policing,light,3\nA/policing,light,4\nA/policing,full,9\n"
    instance = reading(tmp_path, options=f"packages,option,support_months\n{rows}")
    assert {(o.package, o.name): o.support for o in instance.options} == {
        ("A/policing", "light"): 4, ("A/policing", "full"): 9, ("B/policing", "light"): 3, ("C/policing", "light"): 2,
        ("A/border", "light"): 1, ("A/clinics", "light"): 1, ("C/clinics", "light"): 1, ("N/clinics", "light"): 1,
    }  # fmt: skip


def test_a_third_row_settles_a_tie(tmp_path: Path) -> None:
    tie = "packages,option,support_months\nA/*,light,1\npolicing,light,2\n"
    (found,) = faults(tmp_path, options=tie)
    assert found.startswith("options.csv, row 3, column packages: found row 2 and row 3 both for A/policing")
    instance = reading(tmp_path, options=tie + "A/policing,light,3\n")
    assert next(o.support for o in instance.options if o.package == "A/policing") == 3


def test_patterns_of_one_row_do_not_tie(tmp_path: Path) -> None:
    instance = reading(tmp_path, options="packages,option\nA/*;policing,light\n")
    assert [o.package for o in instance.options].count("A/policing") == 1


def test_needs_override_stage_by_stage_and_otherwise_add(tmp_path: Path) -> None:
    instance = reading(
        tmp_path,
        needs="packages,stages,event,months,threat,resource,amount\n"
        "policing,joint;mentored,,,,mentors,5\n"
        "A/policing,mentored,,,,mentors,7\n"
        "policing,,transfer,3,,mentors,1\n"
        "A/policing,,transfer,2,,mentors,2\n"
        "A/policing,mentored,,,3;4,mentors,1\n",
    )
    assert [
        (need.stage, need.event, need.months, need.levels, need.amount)
        for need in instance.needs
        if need.package == "A/policing"
    ] == [
        (Stage.JOINT, None, None, None, 5),
        (Stage.MENTORED, None, None, None, 7),
        (None, Event.TRANSFER, 2, None, 2),
        (Stage.MENTORED, None, None, frozenset({3, 4}), 1),
    ]


def test_needs_at_another_set_of_threat_levels_add(tmp_path: Path) -> None:
    """At level 5 both rows hold: 14 in all. A row with the very same levels overrides."""
    rows = "packages,stages,threat,resource,amount\nborder,joint,3;4;5,mentors,5\nA/border,joint,5,mentors,9\n"
    instance = reading(tmp_path, needs=rows)
    needs = [(need.levels, need.amount) for need in instance.needs if need.package == "A/border"]
    assert needs == [(frozenset({3, 4, 5}), 5), (frozenset({5}), 9)]
    instance = reading(tmp_path, needs=rows.replace("joint,5,", "joint,5;4;3,"))
    needs = [(need.levels, need.amount) for need in instance.needs if need.package == "A/border"]
    assert needs == [(frozenset({3, 4, 5}), 9)]


def test_fragile_stands_for_the_stages_of_each_function(tmp_path: Path) -> None:
    instance = reading(
        tmp_path, needs="packages,stages,resource,amount\nA/*,fragile,mentors,1\nA/border,joint,mentors,4\n"
    )
    found = {(need.package, need.stage): need.amount for need in instance.needs}
    three = (Stage.JOINT, Stage.MENTORED, Stage.ADVISORY)
    assert found == {
        **{("A/policing", stage): 1 for stage in three},
        **{("A/clinics", stage): 1 for stage in three},
        ("A/border", Stage.JOINT): 4,
    }


def test_threat_is_settled_month_by_month(tmp_path: Path) -> None:
    instance = reading(
        tmp_path,
        threat="places,from,to,level\n*,,,2\nregion:west,2009-03,2009-08,3\nA,2009-05,2009-05,5\nA,2010-01,,1\n",
    )
    assert {
        place: [(fact.start, fact.end, fact.level) for fact in rows] for place, rows in instance.threat_of.items()
    } == {
        "A": [(0, 1, 2), (2, 3, 3), (4, 4, 5), (5, 7, 3), (8, 11, 2), (12, None, 1)],
        "B": [(0, 1, 2), (2, 7, 3), (8, None, 2)],
        "C": [(0, None, 2)],
        "N": [(0, None, 2)],
    }


def test_hidden_ties_of_threat_do_not_matter(tmp_path: Path) -> None:
    rows = "region:west,2009-01,2009-06,3\nregion:west,2009-06,2009-12,4\n"
    instance = reading(tmp_path, threat=f"places,from,to,level\n{rows}A;B,2009-05,2009-07,5\n")
    assert [(fact.start, fact.end, fact.level) for fact in instance.threat_of["B"]] == [
        (0, 3, 3),
        (4, 6, 5),
        (7, 11, 4),
    ]


def test_pools_of_places_and_regions(tmp_path: Path) -> None:
    instance = reading(
        tmp_path,
        capacity="resource,source,places,from,to,amount\n"
        "mentors,police,,,,9\nmonitors,,region:west,,,3\nmonitors,,A,2009-07,,5\n"
        "trucks,,,,,2\ntrucks,,A;region:west,2010-01,,6\ntrucks,hired,C,,,1\n",
    )
    assert [(row.resource, row.pool, row.source, row.start, row.end, row.amount) for row in instance.capacity] == [
        ("mentors", "", "police", 0, None, 9),
        ("monitors", "A", "", 0, 5, 3),
        ("monitors", "A", "", 6, None, 5),
        ("monitors", "B", "", 0, None, 3),
        ("trucks", "west", "", 0, 11, 2),
        ("trucks", "west", "", 12, None, 6),
        ("trucks", "east", "", 0, None, 2),
        ("trucks", "east", "hired", 0, None, 1),
    ]


LINKS = [
    ("*/policing", "*/clinics", {("A", "A"), ("C", "C")}),
    ("policing", "clinics", {("A", "A"), ("C", "C")}),
    ("N/clinics", "*/policing", {("N", "A"), ("N", "B"), ("N", "C")}),
    ("policing", "region:west/policing", {("A", "B"), ("B", "A"), ("C", "A"), ("C", "B")}),
    ("region:west/policing", "region:west/clinics", {("A", "A"), ("B", "A")}),
    ("A/policing", "C/clinics", {("A", "C")}),
]


@pytest.mark.parametrize(("before", "after", "places"), LINKS)
def test_a_star_on_both_sides_stands_for_the_same_name(
    tmp_path: Path, before: str, after: str, places: set[tuple[str, str]]
) -> None:
    instance = reading(tmp_path, links=f"before,after,minimum\n{before},{after},0\n")
    assert {(link.before.partition("/")[0], link.after.partition("/")[0]) for link in instance.links} == places


def test_a_star_on_one_side_leaves_out_the_package_itself(tmp_path: Path) -> None:
    instance = reading(tmp_path, links="before,after,minimum\n*/policing,*/*,1\n")
    pairs = [(link.before, link.after) for link in instance.links]
    assert pairs == [("A/policing", "A/border"), ("A/policing", "A/clinics"), ("C/policing", "C/clinics")]


def test_events_of_one_package_may_be_linked(tmp_path: Path) -> None:
    instance = reading(tmp_path, links="before,before_event,after,after_event,maximum\npolicing,,policing,exit,9\n")
    assert [(link.before, link.after, link.minimum, link.maximum) for link in instance.links] == [
        (name, name, 0, 9) for name in ("A/policing", "B/policing", "C/policing")
    ]


def test_lags(tmp_path: Path) -> None:
    rows = "A/policing,A/clinics,,\nA/policing,A/clinics,any,4\nA/policing,A/clinics,-3,any\n"
    instance = reading(tmp_path, links=f"before,after,minimum,maximum\n{rows}")
    assert [(link.minimum, link.maximum) for link in instance.links] == [(0, None), (None, 4), (-3, None)]


def test_a_wildcard_gain_leaves_out_packages_without_the_option(tmp_path: Path) -> None:
    """That one of them has it is enough; a package without support has nothing to gain."""
    instance = reading(
        tmp_path,
        options="packages,option\nA/policing,light\n",
        criteria="packages,criterion,threshold\npolicing,logistics,60\n",
        readiness="packages,criterion,score\npolicing,logistics,50\n",
        gains="packages,option,criterion,gain\npolicing,light,logistics,5\n",
    )
    assert [gain.package for gain in instance.gains] == ["A/policing"]
