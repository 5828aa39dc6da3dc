"""The engine that combines: what it answers is what enumeration finds, however found, and it says who found it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from pricing import questions
from test_optima import agree_on_folders, agree_on_instances, tell

from sequencer import Limits, Status, read, solve
from sequencer.auto import combined, priced, relaxing, squeeze, sums
from sequencer.auto.blackboard import Blackboard
from sequencer.auto.engine import LARGEST, Auto, too_large
from sequencer.auto.remaining import Again, Remaining
from sequencer.cli import main
from sequencer.compile import compile_instance
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import WRONG, Run
from sequencer.milp import linear
from sequencer.milp.linear import Searched
from sequencer.places.prices import Pricer
from sequencer.problem import Cell, Term
from sequencer.rebuild.admit import admits
from sequencer.rebuild.search import Rebuilder

NEVER = threading.Event()
LIMITS = Limits(seconds=60, workers=1)


@pytest.fixture
def no_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even the smallest sums be priced, rebuilt and searched, and none be left to CP-SAT."""
    monkeypatch.setattr(sums, "SMALL", 0)


@pytest.mark.usefixtures("no_small")
def test_prices_and_searches_agree_with_enumeration(request: pytest.FixtureRequest) -> None:
    tell(agree_on_instances("auto", range(60, 84)), request)


@pytest.mark.usefixtures("no_small")
@pytest.mark.parametrize("drawn", [range(100, 112), pytest.param(range(112, 160), marks=pytest.mark.slow)], ids=str)
def test_prices_of_the_climbed_dual_agree_with_enumeration(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, drawn: range
) -> None:
    """As where a program is too large for simplex; links alone may then show that there is no plan."""
    monkeypatch.setattr(relaxing, "AT_ONCE", 0)
    monkeypatch.setattr(relaxing, "WHOLE", 0)
    tell(agree_on_instances("auto", drawn), request)


@pytest.mark.usefixtures("no_small")
def test_prices_and_searches_agree_with_enumeration_on_folders(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    tell(agree_on_folders("auto", range(60, 84), tmp_path), request)


@pytest.mark.slow
@pytest.mark.usefixtures("no_small")
def test_prices_and_searches_agree_with_enumeration_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(agree_on_instances("auto", range(2000, 2600)), request)


def test_what_branch_and_bound_loses_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS 1.14 has called a plan the best while there was a better one: nothing is proven on its word."""
    monkeypatch.setattr(linear, "search", lambda part, *_, **__: Searched(None, float(part.cost.sum()), done=True))
    asked = 0
    for question in questions(range(30)):
        program = question.program
        board = Blackboard(program.problem, program.term, None)
        cells, objective = max(question.plans, key=lambda plan: plan[1])
        board.offer(combined.FINDER, cells)
        board.raise_bound(combined.PRICES, program.value(0), exact=True)
        told = (program.problem, program.term, program.caps, board, LIMITS, NEVER, time.monotonic() + 60)
        search = priced._Search(*told, program=program)
        start = program.vector(cells)
        part = Remaining.of(program, np.zeros(len(start), np.bool_), program.objective(board.value or 0), whole=True)
        begin = start[part.columns], np.ones(len(part.columns), np.bool_)
        assert search._branch(part, begin, Again(NEVER, 1, lambda: 1), 60)
        best = program.value(min(objective for _, objective in question.plans))
        assert (board.value, board.bound, board.exact) == (best, best, True)
        asked += program.value(objective) > best
    assert asked > 5


@pytest.mark.usefixtures("no_small")
def test_steps_tell_how_plan_and_bound_met() -> None:
    """Values fall, bounds rise, they meet in the end, and what the answer says is what the steps say."""
    for question in questions(range(12)):
        program = question.program
        run = Auto().run(program.problem, program.term, program.caps, None, limits=LIMITS, stop=NEVER)
        values = [step.value for step in run.steps if step.value is not None]
        bounds = [step.bound for step in run.steps if step.bound is not None]
        assert values == sorted(set(values), reverse=True)
        assert bounds == sorted(set(bounds))
        assert run.cells is not None
        assert admits(program, run.cells)
        best = program.value(min(objective for _, objective in question.plans))
        assert (run.status, run.bound, values[-1], bounds[-1]) == (Status.OPTIMAL, best, best, best)
        assert run.proof == "exact"
        assert not any(step.by == combined.TREE and step.bound is not None for step in run.steps)
        assert run.certificate is not None
        assert run.certificate.bound <= best


@pytest.mark.usefixtures("no_small")
def test_a_known_plan_is_never_lost() -> None:
    """Not even where there is no time at all; and it is said that it was known."""
    question = next(iter(questions(range(5))))
    program, (plan, _) = question.program, question.plans[0]
    stop = threading.Event()
    stop.set()
    run = Auto().run(program.problem, program.term, program.caps, plan, limits=LIMITS, stop=stop)
    assert run.cells is not None
    assert program.problem.value(program.term, run.cells) <= program.problem.value(program.term, plan)
    assert run.steps[0].by == "the level before"


@pytest.mark.usefixtures("no_small")
def test_that_there_is_no_plan_is_found_out(worked: Path) -> None:
    outcome = solve(read(worked).but({"links.*.minimum": "8"}), objective=["risk"], engine="auto", limits=LIMITS)
    assert outcome.status is Status.INFEASIBLE


@pytest.mark.parametrize("engine", ["auto", "cpsat", "milp"])
def test_levels_say_who_found_and_who_bounded(worked: Path, engine: str) -> None:
    outcome = solve(read(worked), engine=engine, limits=LIMITS, haste=False)
    name = "CP-SAT" if engine == "auto" else engine
    assert outcome.levels[0].found_by == name
    assert all(level.found_by in {name, "the level before"} for level in outcome.levels)  # of equally good plans, any
    assert all(level.bounded_by == name for level in outcome.levels)
    assert [level.steps[-1].bound for level in outcome.levels] == [level.bound for level in outcome.levels]


@pytest.mark.usefixtures("no_small")
def test_a_level_has_the_proof_of_the_search_that_proved_it(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tree says is proven by CP-SAT where prices are too weak; a second proof is by another solver."""
    prove = Pricer.prove
    monkeypatch.setattr(Pricer, "prove", lambda self, prices: prove(self, 0 * prices))
    outcome = solve(read(worked), objective=["early_transfer"], engine="auto", limits=LIMITS, haste=False, verify=True)
    (level,) = outcome.levels
    assert (level.bound, level.bounded_by, level.proof) == (level.value, combined.CPSAT, "exact")
    assert level.certificate is not None
    assert level.value is not None
    assert level.certificate.bound < level.value
    assert [(claim.by, claim.confirmed) for claim in outcome.verified or ()] == [("HiGHS over cells", True)]


def test_time_and_interrupts_end_it_with_what_is_known(top: Path) -> None:
    """On an instance too large to be solved at once: it stops soon after it is told to, with bound and plan so far."""
    problem = compile_instance(read(next((top / "bench" / "province").glob("*/plan.toml")).parent))
    term, began = problem.terms["early_transfer"], time.monotonic()
    limited = Auto().run(problem, term, [], None, limits=Limits(seconds=4, workers=1), stop=NEVER)
    assert time.monotonic() - began < 20
    assert_known(limited, term)
    stop = threading.Event()
    timer = threading.Timer(4.0, stop.set)
    timer.start()
    began = time.monotonic()
    stopped = Auto().run(problem, term, [], None, limits=Limits(seconds=600, workers=1), stop=stop)
    assert time.monotonic() - began < 20
    assert_known(stopped, term)


def assert_known(run: Run, term: Term) -> None:
    """Check that a search that was ended knows what it says."""
    assert run.status in {Status.FEASIBLE, Status.OPTIMAL, Status.UNKNOWN}
    values = [step.value for step in run.steps if step.value is not None]
    assert bool(values) == (run.cells is not None) == (run.status is not Status.UNKNOWN), term.name
    assert run.bound is None or not values or run.bound <= values[-1]


@pytest.mark.usefixtures("no_small")
def test_ctrl_c_keeps_the_best_plan(worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed with the first bound known: the answer is written, and says that it was interrupted."""
    certify = Blackboard.certify

    def pressed(self: Blackboard, *arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        certify(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Blackboard, "certify", pressed)
    out = tmp_path / "plan"
    assert main(["solve", str(worked), "--engine", "auto", "--out", str(out), "--quiet"]) == 130
    answer = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    assert answer["interrupted"]
    assert answer["timetable"]


def test_sums_too_large_for_exact_prices_are_left_to_cpsat(worked: Path) -> None:
    terms = compile_instance(read(worked)).terms
    assert not too_large(terms["cost"])
    span = max(int(table.max() - table.min()) for table in terms["cost"].tables.values())
    rows = terms["cost"].tables.items()
    for factor, more, is_too_large in ((int(LARGEST) // span, 0, False), (1, int(LARGEST), False), (1, 0, True)):
        tables = {name: table * factor + more for name, table in rows}
        if is_too_large:
            for table in tables.values():
                table[0, 0] += int(LARGEST)
        assert too_large(Term("cost", "money", maximum=False, tables=tables)) == is_too_large


def test_sums_that_are_large_only_as_they_are_counted_are_priced(worked: Path) -> None:
    problem = compile_instance(read(worked))
    tables = {name: table * int(LARGEST) for name, table in problem.terms["cost"].tables.items()}
    large = Term("cost", "money", maximum=False, tables=tables)
    run = Auto().run(problem, large, [], None, limits=Limits(seconds=20, workers=2), stop=threading.Event())
    small = Auto().run(
        problem, problem.terms["cost"], [], None, limits=Limits(seconds=20, workers=2), stop=threading.Event()
    )
    assert small.bound is not None
    assert (run.status, run.bound) == (small.status, small.bound * int(LARGEST)) == (Status.OPTIMAL, run.bound)


def test_deterministic_answers_are_the_same_bytes(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["solve", str(worked), "--deterministic", "--engine", "auto", "--json", "--quiet"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    steps = [step for level in json.loads(printed[0])["levels"] for step in level["steps"]]
    assert {step["seconds"] for step in steps} == {None}


class Ends(combined.Combined):
    """A search that finds a plan, and ends with an error or a wrong bound."""

    plan: Mapping[str, Cell]
    error: BaseException | None = None

    def find(self) -> None:
        """Find nothing."""
        self.over.wait(10)

    def prove(self) -> None:
        """Tell of a plan, then end."""
        self.board.raise_bound("whole numbers", 1, exact=True)
        self.board.offer("somebody", self.plan)
        if self.error is not None:
            raise self.error
        self.board.raise_bound("floating point", 10**9, exact=False)


def ending(worked: Path, error: BaseException | None) -> Ends:
    outcome = solve(read(worked), objective=["early_transfer"], haste=False)
    assert outcome.choices is not None
    problem = outcome.problem
    term = problem.terms["early_transfer"]
    board = Blackboard(problem, term, None)
    ends = Ends(problem, term, [], board, Limits(), threading.Event(), time.monotonic() + 10)
    ends.plan, ends.error = problem.cells(outcome.choices), error
    return ends


def test_a_plan_outlives_memory_that_runs_out(worked: Path) -> None:
    ends = ending(worked, MemoryError())
    ends.run()
    run = ends.answer(time.monotonic())
    assert (run.cells, run.bound, run.note) == (ends.plan, 1, combined.MEMORY)
    assert not ends.stop.is_set()


def test_a_plan_outlives_a_second_ctrl_c(worked: Path) -> None:
    ends = ending(worked, KeyboardInterrupt())
    ends.run()
    assert ends.answer(time.monotonic()).cells == ends.plan
    assert ends.stop.is_set()


def test_other_errors_are_not_hidden_behind_a_plan(worked: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        ending(worked, ZeroDivisionError()).run()


def test_a_bound_of_floating_point_above_a_plan_is_left_out(worked: Path) -> None:
    ends = ending(worked, None)
    ends.run()
    run = ends.answer(time.monotonic())
    assert (run.status, run.bound, run.proof, run.note) == (Status.FEASIBLE, 1, "exact", WRONG)


@pytest.mark.parametrize("kind", ["sum", "maximum"])
def test_with_one_worker_cpsat_and_the_finder_take_turns(
    worked: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """They worked at the same time; now neither begins before the other is done, nor waits for ever."""
    busy, seen = threading.Lock(), set()

    def alone(real: Callable[..., Run | None]) -> Callable[..., Run | None]:
        def wrapped(self: object, *args: object, **kwargs: object) -> Run | None:
            assert busy.acquire(blocking=False)
            try:
                seen.add(type(self))
                return real(self, *args, **kwargs)
            finally:
                busy.release()

        return wrapped

    monkeypatch.setattr(Rebuilder, "work", alone(lambda _: time.sleep(0.02)))
    monkeypatch.setattr(CpSat, "find", alone(CpSat.find))
    monkeypatch.setattr(CpSat, "run", alone(CpSat.run))
    monkeypatch.setattr(priced, "PATIENCE", 0.1)
    monkeypatch.setattr(squeeze._Squeeze, "_raise_bound", lambda _: time.sleep(0.3))  # until the finder works
    monkeypatch.setattr(squeeze._Squeeze, "_reach", lambda *_: None)  # it would end the search
    terms = (problem := compile_instance(read(worked))).terms
    if kind == "sum":
        run = priced.run(problem, terms["early_transfer"], [], None, limits=LIMITS, stop=NEVER, progress=None)
    else:
        run = squeeze.run(problem, terms["exit"], [], None, limits=LIMITS, stop=NEVER, progress=None)
    assert run.status is Status.OPTIMAL
    assert seen == {Rebuilder, CpSat}


def test_a_plan_at_the_bound_of_a_maximum_is_found_by_branch_and_bound(
    worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With neither ruin and recreate nor CP-SAT; and what it does not find, with too little time, proves nothing."""
    monkeypatch.setattr(squeeze._Squeeze, "find", lambda _: None)
    monkeypatch.setattr(squeeze._Squeeze, "_ask_cpsat", lambda *_: True)
    problem = compile_instance(read(worked))
    best = CpSat().run(problem, problem.terms["exit"], [], None, limits=LIMITS, stop=NEVER)
    assert best.cells is not None
    for seconds in (20.0, 0.05):
        limits = Limits(seconds=seconds, workers=2)
        run = squeeze.run(problem, problem.terms["exit"], [], None, limits=limits, stop=NEVER, progress=None)
        assert run.bound is None or run.bound <= problem.value(problem.terms["exit"], best.cells)
        if seconds > 1:
            assert run.status is Status.OPTIMAL
            assert {step.by for step in run.steps if step.value is not None} == {combined.TREE}


@pytest.mark.parametrize("alone", ["find", "_reach"])
@pytest.mark.parametrize("entries", [0, relaxing.WHOLE])
def test_fractions_lead_to_a_plan_at_the_bound_of_a_maximum(
    worked: Path, monkeypatch: pytest.MonkeyPatch, alone: str, entries: int
) -> None:
    """With either of two searches that rebuild, and whether simplex takes the program as a whole or not."""
    other = "_reach" if alone == "find" else "find"
    monkeypatch.setattr(squeeze._Squeeze, other, lambda *_: None)
    monkeypatch.setattr(squeeze._Squeeze, "_ask_cpsat", lambda *_: True)
    monkeypatch.setattr(squeeze, "AT_ONCE", 0)
    monkeypatch.setattr(relaxing, "AT_ONCE", 0)
    monkeypatch.setattr(relaxing, "WHOLE", entries)
    problem = compile_instance(read(worked))
    best = CpSat().run(problem, problem.terms["exit"], [], None, limits=LIMITS, stop=NEVER)
    limits = Limits(seconds=30.0, workers=2)
    run = squeeze.run(problem, problem.terms["exit"], [], None, limits=limits, stop=NEVER, progress=None)
    assert (run.status, run.bound) == (Status.OPTIMAL, best.bound)
    assert {step.by for step in run.steps if step.value is not None} == {combined.FINDER}


def test_a_maximum_without_a_plan_in_fractions_is_left_to_cpsat(worked: Path) -> None:
    """Fractions raise the bound above all there is; that there is no plan is proven in integers."""
    problem = compile_instance(read(worked).but({"links.*.minimum": "8"}))
    run = squeeze.run(problem, problem.terms["exit"], [], None, limits=LIMITS, stop=NEVER, progress=None)
    assert run.status is Status.INFEASIBLE


@pytest.mark.parametrize(("part", "dearest"), [(0.3, 0.0), (1.0, 2.0), (4.0, 2.0)])
def test_cells_in_no_plan_do_not_count_among_the_cheapest(part: float, dearest: float) -> None:
    through = np.array([0.0, np.inf, np.inf, 2.0, np.inf, np.inf, np.inf])
    assert relaxing.dearest(through, part) == dearest
