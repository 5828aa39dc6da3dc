"""What lies before ``as_of`` is a fact in every scenario, and a threat that rises falls again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from here import Here
from written import written

from sequencer import Choice, Instance, Limits, UsageError, solve
from sequencer.compile import compile_instance
from sequencer.compile.series import ThreatLevels
from sequencer.scenarios import Failing, Kind, Scenario, Shock, Uncertainty, draw, reoptimise, secured, staged, stress
from sequencer.scenarios.slack import critical

LIMITS = Limits(seconds=60, workers=1, deterministic=True)
LENGTHS = "function,joint_months,mentored_months,advisory_months f,1,1,1"
NOW = 'as_of = "2031-03"'  # month 14


def paid(folder: Path) -> Instance:
    """Return an instance with a donor who is never certain to pay; FY2030 has ended, FY2031 runs."""
    return written(
        folder,
        NOW,
        places="place a b",
        functions=LENGTHS,
        packages="place,function,fixed,option,recurrent_cost a,f,2030-06,none,10 b,f,,,10",
        budget="fiscal_year,amount FY2030,0 FY2031,1000 FY2032,1000",
        donors="donor,reliability d,50",
        pledges="donor,from,to,amount,status d,2030-01,2032-12,200,confirmed",
    )


def closed(folder: Path, calendar: str, threat: str = "places,from,to,level *,2030-01,,2") -> Instance:
    """Return an instance with calendar events and threat, one of its packages midway."""
    return written(
        folder,
        NOW,
        places="place,population a,10 b,10",
        functions=LENGTHS,
        packages="place,function,fixed,option,current_stage,since a,f,2030-06,none,, b,f,,none,joint,2031-02",
        threat=threat,
        limits="packages,event,limit */*,transfer,2",
        calendar=calendar,
    )


def drawn(instance: Instance, kind: Kind, count: int = 60, **uncertain: object) -> Iterator[tuple[Scenario, Shock]]:
    """Yield the assumptions of a kind in scenarios of an instance."""
    for scenario in draw(instance, Uncertainty(**uncertain), count, seed=3):  # type: ignore[arg-type]
        yield from ((scenario, shock) for shock in scenario.shocks if shock.kind is kind)


def test_money_of_years_that_have_ended_is_not_drawn_again(tmp_path: Path) -> None:
    instance = paid(tmp_path)
    found = {shock.about for _, shock in drawn(instance, Kind.PLEDGE, failing=tuple(Failing))}
    assert found == {"d FY2031", "d FY2032"}  # the year that runs is not over
    scenarios = draw(instance, Uncertainty(), 8, seed=3)
    plan = solve(instance, limits=LIMITS, haste=False)
    assert plan.choices is not None
    assert stress(instance, plan.choices, scenarios).scenarios["holds"].all()  # the budget is enough from FY2031 on
    safe = secured(instance, scenarios, 1.0)
    assert [row.amount for row in safe.pledges if row.start == 0] == [200]
    again = reoptimise(instance, scenarios, limits=LIMITS, executor=Here())
    assert list(again.terms["proven"]) == [8, 8]
    assert again.critical.set_index("package").loc["a/f", "critical"] == 0


def test_what_was_handed_over_before_as_of_is_never_critical(tmp_path: Path) -> None:
    problem = compile_instance(paid(tmp_path))
    cells = problem.cells({"a/f": Choice("none", 5), "b/f": Choice("none", 15)})
    assert set(critical(problem, cells, problem.terms["early_transfer"])) == {"b/f"}


def test_calendar_events_that_have_begun_do_not_slip(tmp_path: Path) -> None:
    rows = "name,places,from,to el,,2030-12,2031-01 el,,2031-02,2031-04 el,,2031-03,2031-03 el,,2032-01,2032-02"
    instance = closed(tmp_path, rows)
    for scenario, shock in drawn(instance, Kind.CALENDAR, slips={"el": 3}):
        events = scenario.instance(instance).calendar_events
        months = int(shock.changes[0][1])
        assert [row.start for row in events] == [11, 13, 14 + months, 24 + months]


def test_a_plan_is_not_broken_by_what_has_happened(tmp_path: Path) -> None:
    instance = closed(tmp_path, "name,places,from,to el,,2030-12,2031-02 votes,,2032-08,2032-08")
    plan = solve(instance, limits=LIMITS, haste=False)
    assert plan.choices is not None
    assert plan.choices["b/f"].transfer == 14
    tried = stress(instance, plan.choices, draw(instance, Uncertainty(slips={"*": 3}), 20, seed=3))
    assert tried.scenarios["holds"].all()


def test_a_closure_of_each_year_slips_where_none_that_began_does(tmp_path: Path) -> None:
    instance = closed(
        tmp_path, "name,places,from,to,yearly rains,,2030-10,2030-11,yes"
    )  # the last one ended in month 10
    months = {shock.changes[0][1] for _, shock in drawn(instance, Kind.CALENDAR, slips={"rains": 3})}
    assert months == {"+1", "+2", "+3"}
    with pytest.raises(UsageError, match="rains began before 2031-03, and a slip of 4 months would move"):
        draw(instance, Uncertainty(slips={"rains": 4}), 1, 0)


def test_threat_rises_from_as_of_on(tmp_path: Path) -> None:
    instance = closed(tmp_path, "name,places,from,to el,,2032-12,2032-12")
    months, starts = np.arange(48), set()
    for scenario, shock in drawn(instance, Kind.THREAT, threat=1.0, threat_months=3):
        more = ThreatLevels(scenario.instance(instance)).at(shock.about, months) - 2
        starts.add(int(np.flatnonzero(more)[0]))
        assert int(more.sum()) == min(3, 36 - min(np.flatnonzero(more)))
        assert set(more.tolist()) == {0, 1}
    assert (min(starts), max(starts)) == (14, 35)


@pytest.mark.parametrize(
    ("rows", "month"),
    [
        ("*,2030-01,2031-06,2", "2031-07"),
        ("*,2030-01,2032-12,2", "2033-01"),  # risk is read beyond the plan
        ("*,2030-01,2031-06,2 *,2031-09,,2", "2031-07"),
        ("*,2031-06,,2", "2031-03"),
    ],
)
def test_a_rise_that_could_not_end_is_refused(tmp_path: Path, rows: str, month: str) -> None:
    instance = closed(tmp_path, "name,places,from,to el,,2032-12,2032-12", f"places,from,to,level {rows}")
    said = f"no rise of the threat in a can be drawn: no row of threat.csv gives its level in {month}"
    with pytest.raises(UsageError, match=re.escape(said)):
        draw(instance, Uncertainty(threat=0.5), 1, 0)


def test_gaps_before_as_of_are_of_no_account(tmp_path: Path) -> None:
    rows = "places,from,to,level *,2030-01,2030-06,2 *,2030-09,,2"
    assert draw(closed(tmp_path, "name,places,from,to el,,2032-12,2032-12", rows), Uncertainty(threat=0.5), 1, 0)


def test_the_first_phase_is_the_first_that_is_not_over(tmp_path: Path) -> None:
    instance = written(
        tmp_path,
        NOW,
        places="place a b",
        functions=LENGTHS,
        packages="place,function,fixed,option a,f,2030-06,none b,f,,",
        phases="phase,from,to one,2030-01,2030-12 two,2031-01,2031-12 three,2032-01,2032-12",
    )
    assert staged(instance, [Scenario.of(1, {})], limits=LIMITS).until == 24


def test_money_delayed_into_a_year_that_is_withdrawn_is_lost(tmp_path: Path) -> None:
    instance, seen = paid(tmp_path), 0
    for scenario in draw(instance, Uncertainty(failing=(Failing.DELAYED, Failing.WITHDRAWN)), 60, seed=3):
        told = {shock.about[-6:]: shock.how for shock in scenario.shocks}
        if told.get("FY2032") == "the pledge is withdrawn" and told.get("FY2031", "").startswith("it "):
            seen += 1
            assert told["FY2031"] == "it would come a year later, but by then the pledge is withdrawn"
        if told.get("FY2032") == "the pledge is withdrawn":
            rows = scenario.instance(instance).pledges
            assert [row.amount for row in rows if row.end is None or row.end > 23] == [0]
    assert seen > 3
