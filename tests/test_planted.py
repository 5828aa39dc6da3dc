"""What planted bugs showed to be untested: bounds that are reached exactly, and cases that no draw happens to make."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Mapping

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    POINT,
    budget,
    capacity,
    case,
    choices,
    criterion,
    donor,
    need,
    package,
    pair,
    phase,
    place,
    plan,
    pledge,
    readiness,
    relapse,
    reserve,
    resource,
    standby,
    threat,
)
from milp_rows import admitted_by_milp
from oracles import admitted_by_cpsat, cells_of, every_plan

from sequencer.audit import audit, price
from sequencer.binaries.sums import once
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.tables import open_masks
from sequencer.errors import InstanceError
from sequencer.instance.instance import Instance
from sequencer.milp import search as milp_search
from sequencer.milp.engine import Milp
from sequencer.milp.judge import keeps
from sequencer.milp.rows import Rows
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, PathOption
from sequencer.timetable import Choice, Uses
from sequencer.vocabulary import Event, Stage


def both(instance: Instance, timetable: Mapping[str, Choice], uses: Uses | None = None) -> list[tuple[str, int, int]]:
    """Return rule, month and amount of what is broken, on which rules and audit agree."""
    problem = compile_instance(instance)
    breaches = [(b.rule, b.month, b.amount) for b in problem.breaches(problem.cells(timetable), uses)]
    assert sorted((rule, amount) for rule, _, amount in breaches) == sorted(
        (finding.rule, finding.amount) for finding in audit(instance, timetable, uses)
    )
    return breaches


def test_money_is_exact_up_to_a_sum_that_counts_costs_revenue_and_lines() -> None:
    """24 months of 3 a month in costs, 24 of 2 in revenue, and the budget of three fiscal years."""
    payer = package(recurrent_cost=3, revenue=2)
    largest = 2**50 - 24 * (3 + 2) - 10 - 20

    def compiled(amount: int) -> None:
        rows = (budget(2030, 10), budget(2031, 20), budget(2032, amount))
        compile_instance(case(packages=(payer,), budget=rows))

    compiled(largest - 1)
    with pytest.raises(InstanceError, match="state money in thousands"):
        compiled(largest)


def test_a_score_that_falls_to_the_bottom_falls_no_further() -> None:
    """From 70 points at the transfer, 50 less each month: 20, then 0 at the exit and the months before."""
    scored = readiness(70, assessed=0, growth=0, growth_after=-50_000)
    instance = case(phases=(phase("all", 0, 23),), criteria=(criterion(60, event=Event.EXIT),), readiness=(scored,))
    assert both(instance, choices(5)) == [("W1", 5, 60_000)]


def test_growth_is_told_in_the_year_that_grows() -> None:
    """Fiscal years from July: 6 months, a whole year, 6 months; the step from the base leads into the whole one."""
    growing = budget(2031, 100, base=10, max_growth=20)
    instance = case(packages=(package(recurrent_cost=5),), phases=(phase("all", 0, 23),), budget=(growing,))
    uses = {"host": (0, 60, 0)}
    found = [entry for entry in both(instance, choices(6), uses) if entry[0] == "S5"]
    assert found == [("S5", 6, 30)]


def test_the_search_over_dates_finds_the_first_departure_of_all() -> None:
    """The mission is needed in months of high threat only, so that the departure is no date of the path."""
    instance = case(
        phases=(phase("all", 0, 23),),
        threat=(threat(4, 0, 6), threat(2, 7, 9), threat(4, 10, 12), threat(2, 13)),
        resources=(resource(),),
        capacity=(capacity(9),),
        needs=(
            need(Stage.INTERNATIONAL, 1, levels=frozenset({4})),
            need(Stage.MENTORED, 1, levels=frozenset({4})),
        ),
    )
    problem = compile_instance(instance)
    departure = problem.terms["departure"]
    mask = problem.open_cells(NAME)
    path = problem.paths[NAME]
    values = {
        problem.value(departure, {NAME: cell})
        for (cell,) in itertools.product(*cells_of(problem))
        if mask[cell.option, path.column(cell.transfer)]
    }
    assert len(values) > 1
    told: list[int | None] = []
    run = search.run(
        problem,
        departure,
        [],
        None,
        limits=Limits(workers=1, seconds=60),
        stop=threading.Event(),
        progress=lambda value, _: told.append(value),
        formulation=OverDates,
    )
    assert run.status is Status.OPTIMAL
    assert run.bound == min(values)
    assert run.cells is not None
    assert problem.value(departure, run.cells) == min(values)
    assert told[-1] == min(values)


def test_a_bound_that_is_not_known_yet_is_told_as_none() -> None:
    told: list[tuple[int | None, int | None]] = []
    one = compile_instance(case(phases=(phase("all", 0, 23),)))
    formulation = OverDates(one, open_masks(one, []))
    watch = search._Watch(formulation, lambda value, bound: told.append((value, bound)), None, unit=3)
    for bound in (-math.inf, math.inf, 2.0**53, 4.2, 5.0, 5.0 + 1e-9):
        watch.on_bound(bound)
    assert told == [(None, None), (None, None), (None, None), (None, 15), (None, 15), (None, 15)]


@pytest.mark.parametrize(("amount", "enough"), [(10, True), (9, False)])
def test_what_is_carried_over_pays_later_and_for_nobody_else(amount: int, enough: bool) -> None:
    """Of two pledges the one for clinics has plenty in the last year; that for policing only what it kept."""
    instance = pair(
        packages=(package(handover_cost=10), package(CLINICS)),
        phases=(phase("all", 0, 23),),
        donors=(donor("late"), donor("early")),
        pledges=(
            pledge("late", 100, start=18, serves=frozenset({CLINICS})),
            pledge("early", amount, start=0, end=5, serves=frozenset({NAME}), carry_until=23),
        ),
    )
    problem = compile_instance(instance)
    assert keeps(problem, [], problem.cells(choices(20, 20)), {}) is enough


@pytest.mark.parametrize(("transfer", "enough"), [(10, True), (18, False)])
def test_what_is_carried_over_is_lost_with_the_end_of_the_carry_over(transfer: int, enough: bool) -> None:
    """It is kept into the year that begins in month 6, and not into the one that begins in month 18."""
    instance = case(
        packages=(package(handover_cost=10),),
        phases=(phase("all", 0, 23),),
        donors=(donor("early"),),
        pledges=(pledge("early", 10, start=0, end=5, carry_until=11),),
    )
    problem = compile_instance(instance)
    assert keeps(problem, [], problem.cells(choices(transfer)), {}) is enough
    assert ((Cell(0, transfer),) in admitted_by_milp(problem)) is enough


def test_a_population_that_makes_the_risk_inexact_is_refused() -> None:
    """At most 2^62: people times level 5, 60 points and a year."""
    most = (2**62 - 1) // (5 * 12 * 60 * POINT)

    def crowded(people: int) -> Instance:
        return case(
            plan=plan(risk_months=12),
            places=(place(population=people),),
            phases=(phase("all", 0, 23),),
            criteria=(criterion(60),),
            readiness=(readiness(70),),
            threat=(threat(2),),
        )

    assert compile_instance(crowded(most)).terms["risk"].tables
    with pytest.raises(InstanceError, match="a number the risk can be exact with"):
        compile_instance(crowded(most + 1))


def test_a_score_that_grows_after_the_transfer_ends_at_a_hundred_points() -> None:
    """The line of the risk is 105 points: 5 are missing from the second month on, 9 in the first."""
    instance = case(
        plan=plan(risk_margin=10 * POINT, risk_months=4),
        phases=(phase("all", 0, 23),),
        criteria=(criterion(95),),
        readiness=(readiness(96, growth_after=50 * POINT),),
        threat=(threat(2),),
    )
    problem = compile_instance(instance)
    value = problem.values(problem.cells(choices(5)))["risk"]
    assert value == price(instance, choices(5))["risk"] == 2000 * 2 * (9 + 5 + 5 + 5) * POINT


@pytest.mark.parametrize(("max_fall", "plans"), [(10, True), (9, False)])
def test_a_promise_that_no_choice_can_keep_leaves_no_plan(max_fall: int, plans: bool) -> None:
    """Nothing costs anything, so that the line falls from 10 to 0 whatever is chosen."""
    instance = case(phases=(phase("all", 0, 23),), budget=(budget(2031, 0, base=10, max_fall=max_fall),))
    assert bool(admitted_by_milp(compile_instance(instance))) is plans


def test_a_stage_is_as_long_as_it_is_said_to_be() -> None:
    option = PathOption("none", support=1, proving=2, joint=3, mentored=4, advisory=5)
    assert [option.length(stage) for stage in Stage] == [None, 1, 2, 3, 4, 5, None]


@pytest.mark.parametrize("formulation", [OverCells, OverDates])
def test_what_lasts_for_the_whole_plan_is_needed_in_every_month(formulation: type[OverCells | OverDates]) -> None:
    """Handed over 4 months before the plan, it is autonomous from its first month to its last."""
    instance = case(
        packages=(package(fixed=-4),),
        phases=(phase("all", 0, 23),),
        resources=(resource(),),
        capacity=(capacity(1),),
        needs=(need(Stage.AUTONOMOUS, 1),),
    )
    problem = compile_instance(instance)
    plans = {(Cell(0, -4),)}
    assert set(every_plan(problem)) == admitted_by_cpsat(problem, formulation, most=1) == plans


def test_what_highs_tells_on_its_way_is_counted_as_the_term_counts() -> None:
    """Transfers weigh 2 each month and the first that fits is in month 2: 4, and 2 for every unit beyond."""
    problem = compile_instance(case(packages=(package(weight=2),), phases=(phase("all", 0, 23),)))
    model = milp_search.tell(problem, problem.terms["early_transfer"], [])
    assert model is not None
    told: list[tuple[int | None, int | None]] = []
    watch = milp_search._watch(lambda value, bound: told.append((value, bound)), model)
    watch(3.0, 1.5)
    watch(None, None)
    assert told == [(10, 8), (None, None)]


def test_relapses_are_bounded_in_each_month_by_the_force_of_that_month() -> None:
    """A force of 4 answers no relapse that needs 5, one of 7 a single one: other months, other plans."""
    instance = pair(
        phases=(phase("all", 0, 23),),
        reserves=(reserve(2),),
        relapses=(relapse(5), relapse(5, CLINICS)),
        guarantees=(standby(4, end=5), standby(7, start=6)),
    )
    problem = compile_instance(instance)
    assert admitted_by_milp(problem) == set(every_plan(problem)) != set()


def test_rows_of_one_name_are_told_apart() -> None:
    rows = Rows()
    both_vars = once(rows.variable("one", 1)) + once(rows.variable("other", 1))
    for _ in range(3):
        rows.at_most("same", both_vars, 1)
    assert len({row.name for row in rows.problem.constraints()}) == 3


def test_a_run_says_how_much_of_its_limit_it_used_up() -> None:
    problem = compile_instance(case(phases=(phase("all", 0, 23),)))
    limits = Limits(workers=1, seconds=60)
    run = Milp().run(problem, problem.terms["exit"], [], None, limits=limits, stop=threading.Event())
    assert run.status is Status.OPTIMAL
    assert 0 < run.spent < 60


def test_growth_binds_the_line_it_is_said_of() -> None:
    """In the one whole year the host pays 5 at most and the town has 4: too little for a handover that costs 10."""
    host = (budget(2030, 100), budget(2031, 100, base=0, max_growth=5), budget(2032, 100))
    town = tuple(budget(year, 4, line="town") for year in (2030, 2031, 2032))
    instance = case(packages=(package(handover_cost=10),), phases=(phase("all", 0, 23),), budget=(*host, *town))
    plans = {(Cell(0, month),) for month in (*range(2, 6), *range(18, 21))}
    assert admitted_by_milp(compile_instance(instance)) == plans
