"""What is known already changes no answer, spares the search of what it settles, and is not believed against a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from engines import available, open_timetables
from strategies import draw_instance
from test_cpsat import ORDERS, SMALL
from test_optima import PROMISES, without

from sequencer import Disagreement, Instance, Limits, Outcome, Status, solve
from sequencer.compile import compile_instance
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Run
from sequencer.instance.facts import Goal
from sequencer.problem import Problem, Term
from sequencer.solving.informed import Known, Least, proven
from sequencer.solving.sources import ALONE

SEEDS = range(60)


@cache
def asked(seed: int) -> tuple[Instance, tuple[Goal, ...], Outcome] | None:
    """Return an instance, an objective and the answer; None where there is no plan or too much to search."""
    random = Random(seed)  # noqa: S311 - tests
    instance = without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.5))
    goals = available(instance, [(term, random.choice([0, 0, 2])) for term in random.choice(ORDERS)])
    if not goals or open_timetables(instance) > SMALL:
        return None
    objective = tuple(Goal(term=term, tolerance=tolerance) for term, tolerance in goals)
    outcome = answer(instance, objective)
    return (instance, objective, outcome) if outcome.status is Status.OPTIMAL else None


def answer(instance: Instance, objective: tuple[Goal, ...], known: Known | None = None) -> Outcome:
    limits = Limits(seconds=60, workers=1)
    return solve(instance, objective=objective, limits=limits, engine="cpsat", haste=False, known=known)


CASES = [seed for seed in SEEDS if asked(seed) is not None]


def case(seed: int) -> tuple[Instance, tuple[Goal, ...], Outcome]:
    found = asked(seed)
    assert found is not None
    return found


def reached(outcome: Outcome) -> list[tuple[int | None, int | None]]:
    return [(level.value, level.bound) for level in outcome.levels]


def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that will hold the term of each search, of ties, too."""
    terms: list[str] = []
    run = CpSat.run

    def noted(self: CpSat, problem: Problem, term: Term | None, caps: Caps, hint: Any, **others: Any) -> Run:  # noqa: ANN401
        terms.append("" if term is None else term.name)
        return run(self, problem, term, caps, hint, **others)

    monkeypatch.setattr(CpSat, "run", noted)
    return terms


@pytest.mark.parametrize("seed", CASES)
def test_what_is_known_changes_no_answer_and_is_not_searched(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    instance, objective, outcome = case(seed)
    assert outcome.choices is not None
    leasts, plans = proven(outcome.levels, "another run"), [("a plan", outcome.choices)]
    assert len(leasts) == len(objective)
    names = {goal.term for goal in objective}
    terms = searched(monkeypatch)
    for known in (Known(leasts=leasts), Known(plans=plans)):
        assert reached(answer(instance, objective, known)) == reached(outcome)
    terms.clear()
    again = answer(instance, objective, Known(leasts=leasts, plans=plans))
    assert (again.status, reached(again)) == (Status.OPTIMAL, reached(outcome))
    if all(goal.tolerance == 0 for goal in objective):
        assert names.isdisjoint(terms)
        assert {level.bounded_by for level in again.levels} <= {"another run", ALONE}


@pytest.mark.parametrize("seed", CASES[::4])
def test_a_plan_below_what_is_said_to_be_proven_is_a_disagreement(seed: int) -> None:
    instance, objective, outcome = case(seed)
    assert outcome.choices is not None
    if outcome.levels[0].bounded_by == ALONE:  # that is not asked about
        return
    first = proven(outcome.levels, "a liar")[0]
    known = Known(leasts=[replace(first, bound=first.bound + 1)], plans=[("a plan", outcome.choices)])
    with pytest.raises(Disagreement, match="a liar"):
        answer(instance, objective, known)


@pytest.mark.parametrize("seed", CASES[::4])
def test_what_is_no_plan_here_is_left_out(seed: int) -> None:
    instance, objective, outcome = case(seed)
    assert outcome.choices is not None
    name, choice = next(iter(outcome.choices.items()))
    others: list[Mapping[str, Any]] = [
        {},
        {**outcome.choices, name: replace(choice, option="no such option")},
        {**outcome.choices, name: replace(choice, transfer=choice.transfer + 10**6)},
        {**outcome.choices, name: replace(choice, transfer=-(10**6))},
    ]
    again = answer(instance, objective, Known(plans=[("no plan", other) for other in others]))
    assert (again.status, reached(again)) == (Status.OPTIMAL, reached(outcome))


def test_what_is_proven_under_caps_holds_under_tighter_ones() -> None:
    instance, *_ = case(CASES[0])
    terms = compile_instance(instance).terms
    cost, transfers = terms["cost"], terms["early_transfer"]
    least = Least(term="cost", caps=(("early_transfer", 10),), bound=3, proof="exact", by="a run")
    assert least.covers(cost, [(transfers, 10)])
    assert least.covers(cost, [(transfers, 12), (transfers, 9)])
    assert not least.covers(cost, [(transfers, 11)])
    assert not least.covers(cost, [])
    assert not least.covers(cost, [(cost, 5)])
    assert not least.covers(transfers, [(transfers, 10)])


def test_floating_point_is_believed_elsewhere_only_of_what_is_proven_best() -> None:
    *_, outcome = case(CASES[0])
    level = outcome.levels[0]
    assert level.value is not None
    below = [replace(level, bound=level.value - 1, proof=proof) for proof in ("exact", "numeric")]
    assert [[least.proof for least in proven([each], "a run")] for each in below] == [["exact"], []]
    assert [least.bound for least in proven([replace(level, proof="numeric")], "a run")] == [level.value]
