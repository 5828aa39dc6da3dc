"""What a MILP search claims: never more than is proven, whatever the solver says, and nothing that is wrong."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulp
import pytest
from audit_cases import capacity, case, function, need, package, phase, place, resource
from milp_rows import admitted_by_milp
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_plan

from sequencer import Disagreement, Limits, Status, UsageError, read, solve
from sequencer.binaries.money import settled
from sequencer.binaries.rows import Var
from sequencer.binaries.sums import once
from sequencer.compile import compile_instance
from sequencer.engine.run import Run
from sequencer.instance.instance import Instance
from sequencer.milp import highs, judge, search
from sequencer.milp.answer import Answer, Solver, Verdict, Watch
from sequencer.milp.engine import Milp
from sequencer.milp.rows import Rows
from sequencer.problem import Problem, Schedule
from sequencer.vocabulary import Stage

HAS_CBC = hasattr(pulp, "PULP_CBC_CMD")
SOON = 30.0  # seconds within which a search that is told to stop has stopped, on a busy machine


@pytest.fixture(scope="module")
def example(worked: Path) -> Instance:
    return read(worked)


@pytest.fixture(scope="module")
def halvara(top: Path) -> Problem:
    return compile_instance(read(top / "instances" / "national" / "halvara"))


def run(problem: Problem, term: str, solver: Solver = highs.solve, limits: Limits | None = None) -> Run:
    """Minimise a term with nothing to start from."""
    stop = threading.Event()
    return search.run(solver, problem, problem.terms[term], [], None, limits=limits or Limits(), stop=stop)


def test_a_deterministic_solve_is_refused(example: Instance) -> None:
    with pytest.raises(UsageError, match="no repeatable clock"):
        solve(example, engine="milp", limits=Limits(deterministic=True))


def test_a_search_out_of_time_claims_nothing_it_has_not_proven(halvara: Problem) -> None:
    """The least risk of the national instance takes far longer: by then a plan is known, or a bound, or nothing."""
    for seconds in (0.01, 2.0):
        found = run(halvara, "risk", limits=Limits(seconds=seconds))
        assert found.status in {Status.FEASIBLE, Status.UNKNOWN}
        assert (found.cells is None) == (found.status is Status.UNKNOWN)
        if found.cells is not None and found.bound is not None:
            assert found.bound < halvara.value(halvara.terms["risk"], found.cells)


def stopped_soon(engine: Milp, problem: Problem) -> None:
    """Stop a search that would take minutes."""
    stop, began = threading.Event(), time.monotonic()
    timer = threading.Timer(2.0, stop.set)
    timer.start()
    found = engine.run(problem, problem.terms["risk"], [], None, limits=Limits(seconds=300), stop=stop)
    timer.join()
    assert time.monotonic() - began < SOON
    assert found.status in {Status.FEASIBLE, Status.UNKNOWN}


def test_a_search_stops_when_told_to(halvara: Problem) -> None:
    stopped_soon(Milp(), halvara)


def test_a_search_stopped_before_it_begins_knows_nothing(example: Instance) -> None:
    stop, problem = threading.Event(), compile_instance(example)
    stop.set()
    found = Milp().run(problem, problem.terms["exit"], [], None, limits=Limits(), stop=stop)
    assert (found.status, found.cells, found.bound) == (Status.UNKNOWN, None, None)


def test_a_hint_is_where_the_search_begins(example: Instance, tmp_path: Path) -> None:
    """HiGHS itself says that what it was given is a solution, of the value of the plan."""
    problem = compile_instance(example)
    worst = max(
        (dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem)),
        key=lambda plan: problem.value(problem.terms["early_transfer"], plan),
    )
    told = search.tell(problem, problem.terms["early_transfer"], [])
    assert told is not None
    log = tmp_path / "log"
    model = highs.build(pulp.HiGHS(msg=True, log_to_console=False, log_file=str(log)), told.rows)
    highs.begin(model, told.rows, told.model.start(worst))
    model.run()
    said = re.search(r"MIP start solution is feasible, objective value is (\S+)", log.read_text())
    assert said
    assert told.least + told.unit * float(said[1]) == problem.value(problem.terms["early_transfer"], worst)


def test_the_number_of_workers_may_change_within_a_process(example: Instance) -> None:
    problem = compile_instance(example)
    for workers in (1, 3, 2):
        found = run(problem, "early_transfer", limits=Limits(workers=workers))
        assert (found.status, found.bound) == (Status.OPTIMAL, 31)


def test_progress_ends_at_the_value_found(timor: Path) -> None:
    problem, told = compile_instance(read(timor)), list[tuple[int | None, int | None]]()
    term = problem.terms["early_transfer"]

    def note(value: int | None, bound: int | None) -> None:
        told.append((value, bound))

    found = Milp().run(problem, term, [], None, limits=Limits(), stop=threading.Event(), progress=note)
    assert found.cells is not None
    value = problem.value(term, found.cells)
    values = [reached for reached, _ in told if reached is not None]
    assert values
    assert values == sorted(values, reverse=True)
    assert values[-1] >= value
    assert all(bound <= value for _, bound in told if bound is not None)


def test_a_plan_that_floating_point_got_wrong_is_withheld(example: Instance) -> None:
    """Every package takes its first open cell, which breaks a rule, and the solver calls that optimal."""
    problem = compile_instance(example)

    def wrong(rows: Rows, *_: object, **__: object) -> Answer:
        return Answer(Verdict.OPTIMAL, [1.0] * rows.count, 0.0)

    found = run(problem, "exit", wrong)
    assert (found.status, found.cells, found.note) == (Status.UNKNOWN, None, search.WRONG)


def test_a_plan_above_a_cap_is_withheld(example: Instance) -> None:
    problem = compile_instance(example)
    plan = next(iter(every_plan(problem)))
    cells = dict(zip(problem.paths, plan, strict=True))
    value = problem.value(problem.terms["cost"], cells)
    assert judge.keeps(problem, [(problem.terms["cost"], value)], cells, {})
    assert not judge.keeps(problem, [(problem.terms["cost"], value - 1)], cells, {})


def test_a_proof_is_a_bound_that_meets_the_plan(example: Instance) -> None:
    """A solver that stops short of the value has not proven it; one that goes beyond it contradicts itself."""
    problem = compile_instance(example)

    def claiming(offset: float) -> Solver:
        def claim(
            rows: Rows,
            start: Mapping[Var, int],
            *,
            limits: Limits,
            stop: threading.Event,
            watch: Watch | None,
        ) -> Answer:
            answer = highs.solve(rows, start, limits=limits, stop=stop, watch=watch)
            assert answer.verdict is Verdict.OPTIMAL
            assert answer.bound is not None
            return replace(answer, bound=answer.bound + offset)

        return claim

    for offset in (0.0, -0.5, 1e-7):
        found = run(problem, "early_transfer", claiming(offset))
        assert (found.status, found.bound) == (Status.OPTIMAL, 31)
    found = run(problem, "early_transfer", claiming(-1.5))
    assert (found.status, found.bound) == (Status.FEASIBLE, 30)
    with pytest.raises(Disagreement, match="a bound of 32, and a plan of value 31"):
        run(problem, "early_transfer", claiming(0.5))


def test_a_search_that_was_stopped_has_proven_nothing_best(example: Instance) -> None:
    """Not even where its bound has reached the value of its plan."""
    problem = compile_instance(example)

    def stopped(rows: Rows, start: Mapping[Var, int], **asked: Any) -> Answer:  # noqa: ANN401
        return replace(highs.solve(rows, start, **asked), verdict=Verdict.STOPPED)

    found = run(problem, "early_transfer", stopped)
    assert (found.status, found.bound) == (Status.FEASIBLE, 31)


def test_whether_money_suffices_is_judged_in_whole_units() -> None:
    """Where payments are continuous, a flow of whole units exists if and only if trying payments out finds some."""
    found = {True: 0, False: 0}
    for drawn in range(700):
        instance, choices, _ = draw_plan(drawn)
        problem = compile_instance(instance)
        if problem.bridge is None or not settled(problem.bridge):
            continue
        schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
        payable = MoneyOracle(instance).uses(choices) is not None
        assert judge.payable(problem.bridge, schedule) == payable
        found[payable] += 1
    assert min(found.values()) > 10, found


def test_large_numbers_are_still_right() -> None:
    """Two teams of a billion, and a billion and one at hand: never both at once."""
    large = 10**9 + 1
    packages = tuple(package(name=f"{where}/policing") for where in ("arden", "belmont"))
    instance = case(
        packages=packages,
        places=(place("arden"), place("belmont")),
        functions=(function(joint=0, mentored=3, advisory=0),),
        phases=(phase("all", 0, 23),),
        resources=(resource(),),
        capacity=(capacity(large),),
        needs=(need(Stage.MENTORED, large - 1),),
    )
    problem = compile_instance(instance)
    assert admitted_by_milp(problem) == set(every_plan(problem))


def test_numbers_too_large_for_floating_point_are_refused() -> None:
    rows = Rows()
    one, other = rows.variable("a", 1), rows.variable("b", 1)
    rows.at_most("fits", once(one, 10**15) + once(other, 10**15), 10**15)  # divided by what divides it
    with pytest.raises(UsageError, match="too large for a solver that reckons in floating point"):
        rows.at_most("does_not_fit", once(one, 10**15) + once(other, 10**15 + 1), 10**15)


@pytest.mark.skipif(not HAS_CBC, reason="this PuLP brings no CBC")
def test_cbc_stops_when_told_to_and_leaves_no_files(
    halvara: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    stopped_soon(Milp("cbc"), halvara)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(HAS_CBC, reason="this PuLP brings CBC")
def test_a_pulp_without_cbc_says_so() -> None:
    with pytest.raises(UsageError, match="brings no CBC"):
        Milp("cbc")
