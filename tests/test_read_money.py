"""Money, reserves, eligible sources and factors, as they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.tables.read import read
from sequencer.vocabulary import Event

BASE = {
    "plan.toml": 'first_month = "2009-03"\nmonths = 24\nfiscal_year_start = 7\nobjective = ["exit"]\n',
    "places.csv": "place,region,population\nA,west,1000\nB,west,2000\nC,east,3000\n",
    "functions.csv": "function,sector\npolicing,security\nclinics,service\n",
    "packages.csv": "place,function\nA,policing\nB,policing\nA,clinics\nC,clinics\n",
}


def reading(folder: Path, **tables: str) -> Instance:
    """Read the base folder with some tables replaced or added."""
    for name, text in {**BASE, **{f"{table}.csv": text for table, text in tables.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read(folder)


def budget(instance: Instance) -> list[tuple[str, int, int, int | None]]:
    """Return line, year, amount and base of each fact."""
    return [(fact.line, fact.year, fact.amount, fact.base) for fact in instance.budget]


def test_a_row_without_years_gives_those_its_line_leaves_out(tmp_path: Path) -> None:
    rows = "line,fiscal_year,amount,base\n,,5,4\nhost,FY2010; 2031,6,\ncustoms,,0,\n"
    assert budget(reading(tmp_path, budget=rows)) == [
        ("host", 2009, 5, 4), ("host", 2011, 5, None), ("host", 2010, 6, None), ("host", 2031, 6, None),
        ("customs", 2009, 0, None), ("customs", 2010, 0, None), ("customs", 2011, 0, None),
    ]  # fmt: skip


def test_a_pledge_ends_with_its_donor(tmp_path: Path) -> None:
    instance = reading(
        tmp_path,
        donors="donor,max_share,reliability,sunset\njapan,40 %,92.5,2010-06\nnorway,,,\n",
        pledges="donor,pledge,from,to,amount,status,earmark,carry_over,condition,condition_event\n"
        "japan,,,,5,announced,,no,,\nnorway,fund,2009-07,,6,,policing;C/*,yes,A/policing,exit\n"
        "norway,,,2010-01,7,,,2010-07,C/clinics,\n",
    )
    assert [(fact.max_share, fact.reliability, fact.sunset) for fact in instance.donors] == [
        (400, 925, 15),
        (None, None, None),
    ]
    japan, fund, norway = instance.pledges
    assert (japan.line, japan.end, japan.confirmed, japan.serves, japan.carry_until) == ("japan", 15, False, None, None)
    assert (fund.line, fund.start, fund.end, fund.carry_until) == ("norway/fund", 4, None, 23)
    assert fund.serves == frozenset({"A/policing", "B/policing", "C/clinics"})
    assert fund.condition == ("A/policing", Event.EXIT)
    assert (norway.end, norway.carry_until, norway.condition) == (10, 16, ("C/clinics", Event.TRANSFER))
    assert instance.money_lines == ("norway/fund", "norway")


def test_whether_announced_pledges_count_is_said_in_the_plan(tmp_path: Path) -> None:
    (tmp_path / "donors.csv").write_text("donor\njapan\n")
    (tmp_path / "pledges.csv").write_text("donor,amount,status\njapan,5,announced\n")
    assert reading(tmp_path).counted_pledges == ()
    (tmp_path / "plan.toml").write_text(f"{BASE['plan.toml']}announced_pledges = true\n")
    assert len(read(tmp_path).counted_pledges) == 1


def test_revenue_goes_to_the_host_unless_a_line_is_named(tmp_path: Path) -> None:
    packages = "place,function,revenue,revenue_to\nA,policing,5,\nB,policing,6,japan/fund\nA,clinics,,customs\n"
    instance = reading(
        tmp_path,
        packages=packages,
        budget="line,amount\ncustoms,0\n",
        donors="donor\njapan\n",
        pledges="donor,pledge,amount\njapan,fund,5\n",
    )
    assert [(fact.revenue, fact.revenue_to) for fact in instance.packages] == [
        (5, "host"), (6, "japan/fund"), (0, "customs"),
    ]  # fmt: skip


def test_a_reserve_force_answers_in_its_scope(tmp_path: Path) -> None:
    instance = reading(
        tmp_path,
        reserve="scope,k\ncountry,2\nwest,1\neast,0\n",
        guarantees="force,role,covers,people\nq,reserve,*,9\nw,Reserve,region:west,5\n",
        needs="packages,event,amount,threat,per_people\npolicing,relapse,9,,\nA/policing,relapse,8,,\n"
        "policing,relapse,1,4;5,100\n",
        threat="places,level\n*,2\n",
    )
    assert [(force.scope, force.resource, force.people) for force in instance.guarantees] == [
        ("country", "", 9),
        ("west", "", 5),
    ]
    assert [(fact.package, fact.amount, fact.levels, fact.per_people) for fact in instance.relapses] == [
        ("B/policing", 9, None, None),
        ("A/policing", 8, None, None),
        ("A/policing", 1, {4, 5}, 100),
        ("B/policing", 1, {4, 5}, 100),
    ]
    assert not instance.needs


CAPACITY = [
    ("", "", None),
    ("*", "", None),
    ("", "*", None),
    ("region:west", "", {"A/policing", "B/policing", "A/clinics"}),
    ("", "sector:service", {"A/clinics", "C/clinics"}),
    ("A;C", "clinics", {"A/clinics", "C/clinics"}),
]


@pytest.mark.parametrize(("places", "functions", "serves"), CAPACITY)
def test_who_may_draw_on_a_row_of_one_pool(
    tmp_path: Path, places: str, functions: str, serves: set[str] | None
) -> None:
    rows = f"resource,source,places,functions,amount\nteams,a,{places},{functions},2\nteams,b,{places},{functions},2\n"
    first, second = reading(tmp_path, resources="resource\nteams\n", capacity=rows).capacity
    assert (first.pool, first.serves) == ("", serves)
    assert first.serves is second.serves  # one set, however many rows


def test_who_may_draw_on_a_row_of_pools(tmp_path: Path) -> None:
    rows = "resource,source,places,functions,amount\ntrucks,,A,,2\ntrucks,,,clinics,1\n"
    instance = reading(tmp_path, resources="resource,per\ntrucks,place\n", capacity=rows)
    assert [(fact.pool, fact.serves, fact.amount) for fact in instance.capacity] == [
        ("A", None, 2),
        ("B", {"A/clinics", "C/clinics"}, 1),
        ("C", {"A/clinics", "C/clinics"}, 1),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("x,,,,teams,0.5", (frozenset(), "teams", None, 500)),
        ("x,*,,,teams,2", (frozenset(), "teams", None, 2000)),
        ("x,A;C,,,trucks,0.125", (frozenset(), "trucks", {"A", "C"}, 125)),
        ("x,A;B,,,medics,0", (frozenset(), "medics", {"west"}, 0)),
        ("x,region:east,policing,exit,medics,1", ({Event.EXIT}, "medics", {"east"}, 1000)),
        ("x,,,,,", ({Event.TRANSFER}, "", None, None)),
    ],
)
def test_a_factor_touches_pools_and_closes_nothing_by_itself(
    tmp_path: Path, row: str, expected: tuple[object, ...]
) -> None:
    instance = reading(
        tmp_path,
        resources="resource,per\nteams,all\ntrucks,place\nmedics,region\n",
        calendar=f"name,places,functions,events,resource,capacity_factor,from\n{row},2009-05\n",
    )
    (closure,) = instance.calendar_events
    assert (closure.events, closure.resource, closure.pools, closure.factor) == expected


def test_a_timetable_serves_as_the_published_plan(tmp_path: Path) -> None:
    rows = (
        "package,place,function,institution,receiver,option,phase,support_start,joint_start,transfer,exit\n"
        "A/policing,A,policing,'=x,,none,first,2009-05,2009-05,2009-06,2009-08\nC/clinics,C,clinics,,,,,,,2008-12,\n"
    )
    assert reading(tmp_path, published=rows).published == (
        facts.Published(package="A/policing", transfer=3, origin=read(tmp_path).published[0].origin),
        facts.Published(package="C/clinics", transfer=-3, origin=read(tmp_path).published[1].origin),
    )


def test_a_package_may_be_at_either_end_of_its_path(tmp_path: Path) -> None:
    packages = "place,function,current_stage,since\nA,policing,international,\nB,policing,autonomous,2008-05\n"
    instance = reading(tmp_path, packages=packages)
    assert [(fact.current_stage, fact.since) for fact in instance.packages] == [
        ("international", None),
        ("autonomous", -10),
    ]


def test_international_leaves_the_option_open(tmp_path: Path) -> None:
    packages = "place,function,current_stage\nA,policing,international\n"
    options = "packages,option\n*/*,none\n*/*,support\n"
    assert reading(tmp_path, packages=packages, options=options).packages[0].option is None
