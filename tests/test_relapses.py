"""Any k relapses at once (R1): every formulation admits what counting admits, whatever k is."""

from __future__ import annotations

import math
from random import Random

import pytest
from audit_cases import case, function, package, phase, place, plan, relapse, reserve, standby, threat
from milp_rows import admitted_by_milp
from oracles import Plan, admitted_by_cpsat, every_plan

from sequencer.compile import compile_instance
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.instance.instance import Instance
from sequencer.problem import Cell, Problem
from sequencer.vocabulary import Stage

MONTHS = 6
MOST = 250  # plans that a search finds one by one in a moment


def drawn(random: Random) -> Instance:
    """Return three to six packages with few open months, and a reserve that is often too small."""
    names = [f"place{i}/f{random.randrange(2)}" for i in range(random.randint(3, 6))]
    earliest = {name: random.randint(0, MONTHS - 2) for name in names}
    stages = [Stage.JOINT, Stage.MENTORED, Stage.ADVISORY]
    return case(
        plan=plan(months=MONTHS),
        places=tuple(place(name.split("/")[0]) for name in names),
        functions=tuple(
            function(
                f"f{i}",
                joint=random.randint(0, 1),
                mentored=random.randint(0, 2),
                advisory=random.randint(0, 1),
                fragile=frozenset(random.sample(stages, random.randint(1, 3))),
            )
            for i in range(2)
        ),
        packages=tuple(
            package(name, earliest=first, latest=first + random.randint(1, 2)) for name, first in earliest.items()
        ),
        phases=(phase("all", 0, MONTHS - 1),),
        threat=tuple(threat(random.randint(1, 5), place=name.split("/")[0]) for name in names),
        reserves=(reserve(random.randint(1, 5)),),
        relapses=tuple(
            relapse(random.randint(0, 6), name, levels=random.choice([None, None, frozenset({3, 4, 5})]))
            for name in names
        ),
        guarantees=(standby(random.randint(2, 14)),),
    )


def admitted(problem: Problem, formulation: type[OverCells | OverDates] | None, most: int) -> set[Plan]:
    """Return what a formulation admits; None stands for that of the MILP."""
    return admitted_by_milp(problem) if formulation is None else admitted_by_cpsat(problem, formulation, most)


EVERY = pytest.mark.parametrize("formulation", [OverCells, OverDates, None], ids=["cells", "dates", "milp"])


@EVERY
def test_two_that_fit_together_may_relapse_at_once_where_a_third_is_too_large_for_either(
    formulation: type[OverCells | OverDates] | None,
) -> None:
    needs = {"a/f": 4, "b/f": 4, "c/f": 7}
    instance = case(
        plan=plan(months=3),
        places=tuple(place(name[0]) for name in needs),
        functions=(function("f", joint=0, mentored=1, advisory=0),),
        packages=tuple(package(name, latest=1) for name in needs),
        phases=(phase("all", 0, 2),),
        reserves=(reserve(2),),
        relapses=tuple(relapse(need, name) for name, need in needs.items()),
        guarantees=(standby(10),),
    )
    problem = compile_instance(instance)
    plans = set(every_plan(problem))
    together = tuple(Cell(0, month) for month in (0, 0, 1))
    assert together in plans
    assert len(plans) == 2
    assert admitted(problem, formulation, 3) == plans


@EVERY
def test_every_formulation_admits_what_counting_admits(formulation: type[OverCells | OverDates] | None) -> None:
    tried = dict.fromkeys(range(1, 6), 0)
    binding = dict.fromkeys(tried, 0)
    for seed in range(150):
        instance = drawn(Random(seed))  # noqa: S311 - to be drawn again the same
        problem = compile_instance(instance)
        plans = set(every_plan(problem))
        if len(plans) > MOST:
            continue
        assert admitted(problem, formulation, len(plans) + 1) == plans, seed
        (scope,) = instance.reserves
        tried[scope.k] += 1
        binding[scope.k] += len(plans) < math.prod(int(problem.open_cells(name).sum()) for name in problem.paths)
    assert min(tried.values()) >= 5
    assert min(binding.values()) >= 3, (tried, binding)
