"""What is proven of plans with a common beginning, where terms may be negative or the first phase is over."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from written import written

from sequencer import Instance, Limits, Status
from sequencer.compile import compile_instance
from sequencer.cpsat.joint import Joint
from sequencer.errors import Disagreement
from sequencer.scenarios import Scenario, staged
from sequencer.scenarios.staged import _told  # what the solver says is checked here

LIMITS = Limits(seconds=60, workers=1, deterministic=True)
LENGTHS = "function,joint_months,mentored_months,advisory_months f,1,1,1"


@pytest.fixture
def early(tmp_path: Path) -> Instance:
    """Return an instance whose first package was handed over, with all its weight, before the plan began."""
    return written(
        tmp_path,
        "",
        places="place a b",
        functions=LENGTHS,
        packages="place,function,fixed,option,weight a,f,2029-06,none,10 b,f,,,1",
        resources="resource,bucket,unit,owner team,month,team,mission",
        capacity="resource,source,from,to,amount team,pool,,,5",
        needs="packages,stages,resource,amount */*,mentored,team,1",
    )


@pytest.mark.parametrize("share", [1.0, 0.5, 0.34])
def test_terms_below_zero_are_minimised_too(early: Instance, share: float) -> None:
    given = [Scenario.of(1, {"capacity.team.pool": 4}), Scenario.of(2, {"capacity.team.pool": 3})]
    found = staged(early, given, share=share, until=1, objective=["early_transfer"], limits=LIMITS)
    (level,) = found.levels
    assert found.status is Status.OPTIMAL
    assert (level.value, level.bound, level.proven) == (-69, -69, True)  # 10 * -7, and 1 for the first month possible
    assert list(found.frame["early_transfer"]) == [-69, -69, -69]


@pytest.mark.parametrize(
    ("status", "bound", "fits"),
    [
        (Status.OPTIMAL, -138, True),
        (Status.OPTIMAL, -139, False),
        (Status.OPTIMAL, -137, False),
        (Status.FEASIBLE, -139, True),
        (Status.FEASIBLE, -137, False),
    ],
)
def test_a_bound_that_contradicts_the_plans_is_no_answer(
    early: Instance, status: Status, bound: int, *, fits: bool
) -> None:
    problem = compile_instance(early)
    cells = problem.cells(staged(early, [Scenario.of(1, {})], until=1, limits=LIMITS).choices or {})
    level = Joint(status, (cells, cells), bound, Fraction(2))
    if fits:
        told = _told([problem, problem], (cells, cells), ("early_transfer", Fraction(1)), level)
        assert (told.value, told.bound, told.proven) == (-69, bound / 2, status is Status.OPTIMAL)
    else:
        with pytest.raises(Disagreement, match="bounds early_transfer"):
            _told([problem, problem], (cells, cells), ("early_transfer", Fraction(1)), level)
