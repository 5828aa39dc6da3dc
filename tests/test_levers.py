"""Levers: every number has an address, and turning it gives a checked copy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sequencer import UsageError, read
from sequencer.instance import facts
from sequencer.instance.changes import Value
from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES, addresses


@pytest.fixture(scope="module")
def plan() -> Instance:
    return read(Path(__file__).parent.parent / "instances" / "historical" / "timor-leste-2009")


@pytest.fixture(scope="module")
def everything() -> Instance:
    """Return an instance with a fact of every kind."""
    return read(Path(__file__).parent / "whole")


#: Whole numbers that are no levers: parts of an address, and what no rule reads.
NO_LEVERS = {
    ("Threat", "start"), ("Threat", "end"), ("Capacity", "start"), ("Capacity", "end"), ("Guarantee", "start"),
    ("Guarantee", "end"), ("Pledge", "start"), ("Pledge", "end"), ("Budget", "year"), ("Guarantee", "response_hours"),
    ("Plan", "as_of"),
}  # fmt: skip


def kinds() -> list[type[facts.Fact]]:
    """Return every kind of fact."""
    return [kind for kind in vars(facts).values() if isinstance(kind, type) and issubclass(kind, facts.Fact)]


def test_every_whole_number_of_every_fact_is_a_lever_with_a_unit_and_a_direction() -> None:
    for kind in kinds():
        for field in dataclasses.fields(kind):
            if str(field.type) in ("int", "int | None"):
                said = set(field.metadata) >= {"unit", "relax", "scale", "low", "high", "optional"}
                assert said != ((kind.__name__, field.name) in NO_LEVERS), (kind, field.name)
                assert not said or (field.metadata["unit"] and field.metadata["relax"] in {-1, 0, 1})


def numbers(fact: facts.Fact) -> int:
    """Return how many numbers a fact has that can be turned."""
    fields = [field for field in dataclasses.fields(fact) if "unit" in field.metadata]
    said = [field for field in fields if field.metadata["optional"] or getattr(fact, field.name) is not None]
    return len(said) - (isinstance(fact, facts.Closure) and not fact.resource)  # its factor has nothing to multiply


@pytest.mark.parametrize("name", ["plan", "everything"])
def test_every_number_of_every_table_has_an_address(name: str, request: pytest.FixtureRequest) -> None:
    plan: Instance = request.getfixturevalue(name)
    levers = addresses(plan)
    tables = {field.name for field in dataclasses.fields(Instance)} - {"calendar", "plan", "changes"}
    covered = {table.attribute for table in TABLES.values()}
    assert tables - covered == {"resources"}  # which have no numbers
    of_facts = sum(numbers(fact) for attribute in covered for fact in getattr(plan, attribute))
    scalars = sum("unit" in field.metadata for field in dataclasses.fields(facts.Plan))
    assert len(levers) == of_facts + scalars + len(plan.calendar_events)
    assert all(lever.unit and lever.relax in {-1, 0, 1} for lever in levers.values())


def test_the_folder_with_everything_has_a_fact_of_every_kind(everything: Instance) -> None:
    tables = [getattr(everything, field.name) for field in dataclasses.fields(Instance)]
    found = {type(fact) for table in tables if isinstance(table, tuple) for fact in table}
    assert set(kinds()) - found == {facts.Fact, facts.Plan}


@pytest.mark.parametrize(
    ("address", "value", "shown"),
    [
        ("widths.arden/policing.transfer--arden/clinics.exit", "+2", "8"),
        ("gates.second.exit", "=-1", "-1"),
        ("calendar.monsoon.factor", 0.25, "0.25"),
        ("budget.host@FY2028", "+5", "125"),
        ("budget.host@FY2026.max_fall", "none", ""),
        ("donors.japan.max_share", 33.5, "33.5"),
        ("reserves.country", "+1", "3"),
        ("relapse.arden/policing.threat4+5", 60, "60"),
        ("published.arden/policing", "2026-07", "2026-07"),
        ("pledge.japan/fund@2026-01..2027-06.carry_until", "2028-03", "2028-03"),
        ("pledge.japan/fund@FY2028", 70, "70"),
    ],
)
def test_new_tables_have_levers(everything: Instance, address: str, value: Value, shown: str) -> None:
    assert addresses(everything.but({address: value}))[address].shown(everything.calendar) == shown


@pytest.mark.parametrize("address", ["pledge.japan/fund@2027-07..2028-06", "pledge.japan/fund@fy2028..FY2028"])
def test_a_range_may_be_named_by_months_or_by_years(everything: Instance, address: str) -> None:
    assert everything.but({address: 70}).pledges == everything.but({"pledge.japan/fund@FY2028": 70}).pledges


def test_a_range_of_fiscal_years_cuts_a_row(everything: Instance) -> None:
    changed = everything.but({"capacity.mentor_team.a@FY2027": 9, "pledge.japan/fund@FY2026": 1})
    rows = [(row.start, row.end, row.amount) for row in changed.capacity if row.source == "a"]
    assert rows == [(0, 5, 1), (6, 17, 9), (18, None, 1)]
    fund = [(row.start, row.end, row.amount, row.base) for row in changed.pledges if row.name == "fund"]
    assert fund == [(0, 5, 1, 40), (6, 17, 50, None), (18, 29, 60, None)]


def test_pledges_end_with_the_sunset_of_their_donor(everything: Instance) -> None:
    changed = everything.but({"donors.japan.sunset": "-2"})
    assert [row.end for row in changed.pledges if row.donor == "japan"] == [17, 27, 27]


def test_many_levers_turn_in_one_go(everything: Instance) -> None:
    changes: dict[str, Value] = {f"packages.{package.name}.recurrent_cost": "+1" for package in everything.packages}
    changes["packages.*.recurrent_cost"] = "+1"
    before = {package.name: package.recurrent_cost for package in everything.packages}
    assert {p.name: p.recurrent_cost - before[p.name] for p in everything.but(changes).packages} == dict.fromkeys(
        before, 2
    )


@pytest.mark.parametrize(
    ("address", "value", "shown"),
    [
        ("plan.hold", "+1", "4"),
        ("plan.mandate_end", "+2", "2013-02"),
        ("plan.mandate_end", "2012-11", "2012-11"),
        ("plan.mandate_end", "none", ""),
        ("places.dili.population", 240000, "240000"),
        ("capacity.trainers@2009-03..2009-12", "+1", "3"),
        ("readiness.dili/policing.certification", "-2.5", None),
        ("packages.dili/policing.latest", "2012-01", "2012-01"),
        ("readiness.dili/policing.certification.growth_after", "=-2.5", "-2.5"),
    ],
)
def test_a_lever_is_set_or_moved(plan: Instance, address: str, value: Value, shown: str | None) -> None:
    before = addresses(plan)[address]
    after = addresses(plan.but({address: value}))[address]
    if shown is None:
        assert before.value is not None
        assert after.value == before.value - 2500
    else:
        assert after.shown(plan.calendar) == shown


def test_the_original_stays_as_it_was(plan: Instance) -> None:
    before = addresses(plan)
    plan.but({"plan.hold": 1})
    assert addresses(plan) == before


def test_a_part_of_a_range_can_be_named(plan: Instance) -> None:
    changed = plan.but({"capacity.trainers@2009-05..2009-06": "+3"})
    rows = [row for row in changed.capacity if row.resource == "trainers" and row.start < 10]
    assert [(row.start, row.end, row.amount) for row in rows] == [(0, 1, 2), (2, 3, 5), (4, 9, 2)]


def test_a_star_means_every_address_it_fits(plan: Instance) -> None:
    changed = plan.but({"readiness.*.certification": "+1"})
    old = {row.package: row.score for row in plan.readiness if row.criterion == "certification"}
    new = {row.package: row.score for row in changed.readiness if row.criterion == "certification"}
    assert new == {name: score + 1000 for name, score in old.items()}
    untouched = [row for row in changed.readiness if row.criterion != "certification"]
    assert untouched == [row for row in plan.readiness if row.criterion != "certification"]


def test_a_score_takes_its_range_along(top: Path) -> None:
    plan = read(top / "instances" / "tiny" / "window-readiness")
    row = next(row for row in plan.readiness if row.low == row.score == row.high)
    changed = plan.but({f"readiness.{row.package}.{row.criterion}": "+1"})
    moved = changed.score_of[row.package, row.criterion]
    assert (moved.low, moved.score, moved.high) == (row.score + 1000,) * 3


def test_a_calendar_event_is_shifted_as_a_whole(plan: Instance) -> None:
    event = plan.calendar_events[-1]
    changed = plan.but({f"calendar.{event.name}.shift": "+2"}).calendar_events[-1]
    assert (changed.start, changed.end) == (event.start + 2, event.end + 2)


def test_a_longer_plan_lengthens_its_last_phase(plan: Instance) -> None:
    assert plan.but({"plan.months": "+3"}).phases[-1].end == plan.phases[-1].end + 3


@pytest.mark.parametrize(
    ("address", "value", "message"),
    [
        ("capacity.trainer@2009-03..2009-12", 1, "capacity.trainers@2009-03..2009-12"),
        ("nonsense", 1, "sequencer levers"),
        ("plan.hold", "x", "needs a whole number"),
        ("plan.hold", "1.5", "needs a whole number"),
        ("plan.hold", -1, "between 0 and 600"),
        ("plan.hold", "none", "cannot be without"),
        ("plan.months", 0, "between 1 and 600"),
        ("plan.mandate_end", 5, "is a month"),
        ("plan.mandate_end", "2012-13", "is no month"),
        ("readiness.dili/policing.certification", "0.0001", "at most three decimals"),
        ("readiness.dili/policing.certification", "nan", "at most three decimals"),
        ("readiness.dili/policing.certification", 101, "between 0 and 100"),
        ("readiness.dili/policing.certification.low", 99, "must be in order"),
        ("phases.further districts.start", "+1", "without gap or overlap"),
        ("phases.completion.end", "2011-06", "would not end with the plan"),
        ("plan.mandate_end", "2009-01", "before the plan begins"),
        ("packages.dili/policing.fixed", "2009-01", "its option must be named"),
        ("links.*", "none", "cannot be without|neither minimum nor maximum"),
        ("links.*.minimum", 99, "the minimum would exceed the maximum"),
        ("plan.hold", "1e2", "needs a whole number"),
        ("plan.hold", "٣", "needs a whole number"),
        ("packages.dili/policing.since", "2009-01", "no number has the address"),
        ("packages.dili/policing.latest", "+1", "says nothing yet"),
        ("threat.*", 6, "between 1 and 5"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(plan: Instance, address: str, value: Value, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        plan.but({address: value})


@pytest.mark.parametrize(
    ("address", "value", "message"),
    [
        ("budget.host@FY2028.base", 5, "the base of host would be stated twice"),
        ("donors.japan.sunset", "2027-01", "pledges.csv row 2: japan/fund would be pledged beyond the donor's sunset"),
        ("reserves.east", 1, "reserves.east: no reserve force"),
        ("links.carden/schools.transfer--arden/policing.transfer.minimum", 5, "a cycle of links"),
        ("calendar.election.factor", 1, "no number has the address"),
        ("calendar.monsoon.factor", 11, "between 0 and 10"),
        ("donors.japan.max_share", 0.25, "a number with at most"),
        ("widths.*", -1, "between 0 and 600"),
        ("pledge.japan/fund@FY2031", 1, "no number has the address"),
    ],
)
def test_new_facts_are_kept_from_contradicting(everything: Instance, address: str, value: Value, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        everything.but({address: value})


def test_dates_that_contradict_each_other_are_refused_together(plan: Instance) -> None:
    with pytest.raises(UsageError, match=r"fixed would come before earliest; .*latest would come before"):
        plan.but(
            {
                "packages.dili/policing.earliest": "2010-05",
                "packages.dili/policing.latest": "2010-04",
                "packages.baucau/policing.earliest": "2010-05",
                "packages.baucau/policing.fixed": "2010-04",
            }
        )


def test_a_change_is_told_and_marks_the_row_it_overrides(plan: Instance) -> None:
    changed = plan.but({"capacity.trainers@2009-03..2009-12": "+1"})
    assert changed.changes == ("capacity.trainers@2009-03..2009-12: 2 -> 3",)
    row = next(row for row in changed.capacity if row.resource == "trainers" and row.start == 0)
    assert row.origin.confidence == "changed to 3 for this run"
    assert plan.changes == ()


def test_all_rows_of_a_pledge_carry_over_alike(everything: Instance) -> None:
    changed = everything.but({"pledge.japan/fund@2026-01..2027-06.carry_until": "none"})
    assert {row.carry_until for row in changed.pledges if row.name == "fund"} == {None}


@pytest.mark.parametrize(
    ("file", "listed"),
    [("pledges.japan/fund@FY2028", "pledge.japan/fund@FY2028"), ("reserve.country", "reserves.country")],
)
def test_an_address_may_begin_with_the_name_of_the_file(everything: Instance, file: str, listed: str) -> None:
    assert everything.but({file: "+1"}).changes == everything.but({listed: "+1"}).changes
