"""The MiniZinc reading of the model admits exactly the plans that enumeration finds, and finds the same best values.

``models/handover.mzn`` is written from the statement and fed with what planners say, so that it shares neither compiled
tables nor a solver with the program.
"""

from __future__ import annotations

import csv
import math
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import minizinc
import pytest
from audit_cases import CLINICS, budget, capacity, case, need, package, pair, relapse, reserve, resource, standby
from minizinc import admitted, levels, lexicographic
from minizinc_data import TERMS, OutOfRangeError, data, question, text
from money_oracle import MoneyOracle
from oracles import best, cells_of, every_plan
from strategies import draw_instance
from test_cpsat import ORDERS, SMALL

from sequencer import read
from sequencer.audit import audit
from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.problem import Cell
from sequencer.vocabulary import Bucket, Stage

if not minizinc.present() and os.environ.get("REQUIRE_MINIZINC") != "1":
    pytest.skip("minizinc is not on the PATH: its reading of the model is not tested", allow_module_level=True)

TOP = Path(__file__).parent.parent
TINY = TOP / "instances" / "tiny"
#: Tiny instances whose plans are gone through one by one in everyday tests: they show rules that draws seldom meet.
FEW = (
    "bridge-carry-over",
    "bridge-condition",
    "bridge-revenue",
    "bridge-share",
    "bridge-taper",
    "mandate-departure",
    "under-way-stages",
    "window-threat",
    "worked-example",
)


def open_timetables(instance: Instance) -> int:
    """Return how many timetables no window closes."""
    problem = compile_instance(instance)
    return math.prod(int(problem.open_cells(name).sum()) for name in problem.paths)


def agrees(instance: Instance, order: Iterable[tuple[str, int]]) -> bool:
    """Return whether an instance has a plan; the plans and the best values are those of enumeration.

    The best plans are audited with what each line of money pays in them.
    """
    problem = compile_instance(instance)
    assert len(cells_of(problem)) == len(problem.paths)
    plans = list(every_plan(problem, MoneyOracle(instance)))
    goals = [goal for goal in order if goal[0] in problem.terms]
    assert admitted(instance) == set(plans)
    found = levels(instance, goals)
    assert [plan.values[term] for plan, (term, _) in zip(found, goals, strict=bool(plans))] == (
        best(problem, plans, goals) if plans else []
    )
    for plan in found:
        cells = dict(zip(problem.paths, plan.plan, strict=True))
        assert plan.values.items() >= problem.values(cells).items()
        assert list(audit(instance, problem.choices(cells), plan.uses)) == []
    return bool(plans)


def agree_on_draws(seeds: Iterable[int]) -> None:
    """Compare what is found for the draws of these seeds, with the orders of objectives in turn."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        instance = draw_instance(seed)
        if open_timetables(instance) > SMALL:
            answers["not compared"] += 1
            continue
        order = [(term, seed % 3) for term in ORDERS[seed % len(ORDERS)]]
        try:
            answers["feasible" if agrees(instance, order) else "infeasible"] += 1
        except (AssertionError, RuntimeError) as error:
            raise AssertionError(f"draw_instance({seed}), {order}: {error}") from error
    compared = answers["feasible"] + answers["infeasible"]
    print(f"{answers['infeasible'] / compared:.0%} of {compared} draws are infeasible")  # noqa: T201 - shown by pytest -rP
    assert compared > 0.9 * answers.total()
    assert 0.2 < answers["infeasible"] / compared < 0.8


def test_minizinc_is_there() -> None:
    """Where it must be there, its absence is a failure and not a skip."""
    assert minizinc.present()


def test_the_worked_example_is_solved_as_by_hand(worked: Path) -> None:
    instance = read(worked)
    plans = admitted(instance)
    assert len(plans) == 27
    # arden/policing intensive in month 4, arden/clinics in 9, belmont/policing in 7
    first = tuple(
        {"arden/policing": Cell(1, 4), "arden/clinics": Cell(0, 9), "belmont/policing": Cell(0, 7)}[p.name]
        for p in instance.packages
    )
    assert first in plans
    goals = [("exit", 0), ("risk", 0), ("early_transfer", 0)]
    assert lexicographic(instance, goals) == (Status.OPTIMAL, [12, 118_000_000, 31])
    assert lexicographic(instance, [*goals, ("departure", 0), ("cost", 0)])[1] == [12, 118_000_000, 31, 11, 595]


def test_the_data_shipped_are_the_worked_example_and_its_last_level(worked: Path) -> None:
    shown = (TOP / "models" / "worked-example.json").read_text(encoding="utf-8")
    last = question("early_transfer", {"exit": 12, "risk": 118_000_000})
    assert shown == text({**data(read(worked)), **last})


def test_the_model_names_every_rule_and_term(top: Path) -> None:
    told = (top / "models" / "handover.mzn").read_text(encoding="utf-8")
    counted = {"P": 1, "W": 10, "L": 4, "S": 7, "R": 1, "T": len(TERMS)}
    ids = [f"{letter}{number}" for letter, most in counted.items() for number in range(1, most + 1)]
    assert [name for name in ids if name not in told] == []


def test_the_data_share_nothing_with_the_program_but_the_instance() -> None:
    files = [TOP / "tests" / f"minizinc_{part}.py" for part in ("data", "supplies", "words")]
    told = "\n".join(file.read_text(encoding="utf-8") for file in files)
    shared = {"sequencer.instance", "sequencer.instance.instance", "sequencer.vocabulary"}
    assert set(re.findall(r"^\s*(?:from|import) (sequencer[\w.]*)", told, re.MULTILINE)) == shared


@pytest.mark.parametrize("name", FEW)
def test_tiny_instances_have_the_plans_of_enumeration(name: str) -> None:
    instance = read(TINY / name)
    assert agrees(instance, [(goal.term, goal.tolerance) for goal in instance.plan.objective])


@pytest.mark.slow
@pytest.mark.parametrize("folder", sorted(path.parent for path in TINY.glob("*/plan.toml")), ids=lambda path: path.name)
def test_every_tiny_instance_has_the_plans_of_enumeration(folder: Path) -> None:
    instance = read(folder)
    if open_timetables(instance) <= SMALL:
        assert agrees(instance, [(goal.term, goal.tolerance) for goal in instance.plan.objective])


@pytest.mark.slow
def test_the_best_values_on_record_are_found() -> None:
    record: dict[tuple[str, str], list[tuple[str, int]]] = {}
    with (TINY / "best.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            record.setdefault((row["instance"], row["objective"]), []).append((row["term"], int(row["value"])))
    for (name, _), proven in record.items():
        instance = read(TINY / name)
        tolerances = {goal.term: goal.tolerance for goal in instance.plan.objective}
        goals = [(term, tolerances.get(term, 0)) for term, _ in proven]
        assert lexicographic(instance, goals) == (Status.OPTIMAL, [value for _, value in proven]), name


def test_draws_have_the_plans_and_the_best_values_of_enumeration() -> None:
    agree_on_draws(range(20))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(20, 620, 100))
def test_many_draws_have_the_plans_and_the_best_values_of_enumeration(first: int) -> None:
    agree_on_draws(range(first, first + 100))


MANY = 2 * 10**9  # Gecode can count so far, but not twice as far
EACH = (package(handover_cost=MANY), package(CLINICS, handover_cost=MANY))
TOO_LARGE = {
    "number": case(capacity=(capacity(2 * MANY),), resources=(resource(),), needs=(need(Stage.MENTORED, 1),)),
    "need": pair(
        capacity=(capacity(MANY),),
        resources=(resource(Bucket.PLAN),),
        needs=(need(Stage.MENTORED, MANY), need(Stage.MENTORED, MANY, CLINICS)),
    ),
    "money": pair(budget=(budget(2030, MANY), budget(2031, MANY)), packages=EACH),
    "line": case(budget=(budget(2030, MANY), budget(2031, MANY), budget(2032, MANY))),
    "relapses": pair(
        relapses=(relapse(MANY), relapse(MANY, CLINICS)),
        reserves=(reserve(2),),
        guarantees=(standby(MANY),),
    ),
}


@pytest.mark.parametrize("instance", TOO_LARGE.values(), ids=TOO_LARGE)
def test_numbers_too_large_to_count_are_refused(instance: Instance) -> None:
    with pytest.raises(OutOfRangeError, match="out of range"):
        lexicographic(instance, [("exit", 0)])


def test_a_term_too_large_to_count_is_refused_only_where_it_is_asked_for() -> None:
    instance = pair(packages=(package(holding_cost=MANY), package(CLINICS, holding_cost=MANY - 1)))
    assert lexicographic(instance, [("exit", 0)]) == (Status.OPTIMAL, [6])
    with pytest.raises(OutOfRangeError, match="T5"):
        lexicographic(instance, [("cost", 0)])


def test_large_values_that_are_far_apart_are_exact(worked: Path) -> None:
    """Sums are counted from their least entries on, in the largest unit that divides the rest."""
    instance = read(worked)
    people = tuple(replace(row, population=1000 * (row.population or 0)) for row in instance.places)
    goals = [("exit", 0), ("risk", 0), ("early_transfer", 0)]
    expected = (Status.OPTIMAL, [12, 118_000_000_000, 31])
    assert lexicographic(replace(instance, places=people), goals) == expected


def test_a_search_that_is_cut_off_is_an_error_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an instance that the search would not come to an end of in days."""
    monkeypatch.setattr(minizinc, "SECONDS", 0.2)
    with pytest.raises(RuntimeError, match="ended with"):
        lexicographic(read(TOP / "instances" / "historical" / "timor-leste-2009"), [("early_transfer", 0)])


def test_what_the_model_leaves_undefined_is_an_error_and_no_answer() -> None:
    """A criterion without a score has no readiness to test: a fault, which readers refuse."""
    unscored = replace(case(), criteria=read(TINY / "window-readiness").criteria[:1])
    unscored = replace(unscored, criteria=tuple(replace(row, package="arden/policing") for row in unscored.criteria))
    with pytest.raises(RuntimeError):
        lexicographic(unscored, [("exit", 0)])
