"""Timetables that break one part of a contradiction, made from one another, against trying all timetables."""

from __future__ import annotations

import threading
from collections import Counter

import numpy as np
import pytest
from conflicting import LIMITS, NEVER, infeasible, is_conflict, system_of
from lifted import Truth, spots

from sequencer.errors import Disagreement
from sequencer.outcome import Status
from sequencer.problem import Clause, Closing, Demand, Link, Path, PathOption, Problem, Supply, Window
from sequencer.reasons import conflicts as looked
from sequencer.reasons import shrink
from sequencer.reasons.conflicts import conflicts
from sequencer.reasons.parts import Side, parts_of
from sequencer.reasons.rotating import Rotating
from sequencer.reasons.system import System
from sequencer.vocabulary import Event, Origin

COUNT = 120


def contradictions() -> list[tuple[int, Problem, Truth, frozenset[tuple[int, tuple[str | int, ...]]]]]:
    """Return small problems whose windows, links and pools cannot hold together, with these parts, none needless."""
    found = []
    for seed, problem, _ in infeasible(COUNT):
        truth, kinds = Truth.of(problem), (Window, Link, Supply)
        parts = [p for p in parts_of(problem) if p.side is not Side.DEFINITION]
        said = spots(part for part in parts if isinstance(problem.rules[part.position], kinds))
        if truth.holds(said):
            continue
        for spot in sorted(said, key=str):
            said = said if truth.holds(said - {spot}) else said - {spot}
        found.append((seed, problem, truth, said))
    return found


def test_timetables_made_from_others_break_one_part_each() -> None:
    answers: Counter[str] = Counter()
    for seed, problem, truth, said in contradictions():
        every = parts_of(problem)
        parts = [part for part in every if (part.position, part.at) in said]
        always = [part for part in every if part.side is Side.DEFINITION]
        for first in parts:
            rotating = Rotating.of(problem, parts, always, ())
            assert rotating is not None
            shown = {first}
            for part, cells in rotating.others(first, next(truth.keeping(said - spots([first]))), NEVER):
                assert part not in shown, seed
                shown.add(part)
                alone = truth.only(cells)
                assert alone.holds(said - spots([part])), seed  # one of those that keep what holds by definition
                assert not alone.holds(said), seed
            answers["all" if len(shown) == len(parts) else "some" if len(shown) > 1 else "none"] += len(parts) > 1
    assert answers["all"] + answers["some"] > 3, answers


def test_other_rules_and_sums_are_left_alone() -> None:
    """Whatever is not looked at must not be broken unseen: then nothing is made from a timetable."""
    for _, problem, _ in infeasible(COUNT)[:10]:
        every = parts_of(problem)
        always = [part for part in every if part.side is Side.DEFINITION]
        others = [p for p in every if not isinstance(problem.rules[p.position], Window | Link | Supply)]
        caps = [(term, 0) for term in problem.terms.values() if not term.maximum]
        assert not others or Rotating.of(problem, others[:1], always, ()) is None
        assert not caps or Rotating.of(problem, [], always, caps) is None


def test_a_timetable_that_breaks_more_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes of moves is read again by the rules themselves."""
    _, problem, truth, said = next(entry for entry in contradictions() if len(entry[3]) > 1)
    system = system_of(problem)
    first, *others = (part for part in parts_of(problem) if (part.position, part.at) in said)
    assert system.ask(others) is Status.FEASIBLE
    witness = system.witness(others)
    assert witness is not None
    wrong = next(cells for cells, broken in truth.tried if len(broken & said) != 1)
    monkeypatch.setattr(Rotating, "others", lambda *_: iter([(others[0], wrong)]))
    with pytest.raises(Disagreement, match="breaks others, or none"):
        list(system.rotated(first, witness, others))


def test_a_cell_that_breaks_hundreds_of_parts_breaks_not_one_alone() -> None:
    """One package, 258 months without capacity: transfer in the first month breaks as many, later ones fewer."""
    _, other, _ = next(iter(infeasible(COUNT)))
    months = 258
    origin = Origin("capacity.csv", 2)
    path = Path("p/a", (PathOption("o", 0, 0, 0, 0, 0),), range(months))
    pool = Supply(
        resource="teams",
        unit="teams",
        owner="host",
        buckets=tuple(range(m, m + 1) for m in range(months)),
        labels=tuple(str(m) for m in range(months)),
        demands=(Demand("p/a", Event.TRANSFER, None, None, (1,) * months, "teams", origin),),
        pool="",
        capacity=(0,) * months,
        origins=((),) * months,
    )
    first = np.zeros((1, months), np.int64)
    first[0, 0] = 1
    window = Window("W1", "p/a", first, "months", "not in the first month", Clause(Closing.EARLIEST))
    problem = Problem(calendar=other.calendar, horizon=months, paths={"p/a": path}, rules=(window, pool), terms={})
    system = System(problem, LIMITS, NEVER)
    last = max((part for part in system.parts if part.position == 1), key=lambda part: part.at[1])
    others = [part for part in system.parts if part != last]
    assert system.ask(others) is Status.FEASIBLE
    witness = system.witness(others)
    assert witness is not None
    assert [part.position for part, _ in system.rotated(last, witness, others)] == []


def test_making_timetables_ends_when_told_to() -> None:
    over = threading.Event()
    over.set()
    for _, problem, truth, said in contradictions():
        every = parts_of(problem)
        parts = [part for part in every if (part.position, part.at) in said]
        rotating = Rotating.of(problem, parts, [part for part in every if part.side is Side.DEFINITION], ())
        assert rotating is not None
        assert not list(rotating.others(parts[0], next(truth.keeping(said - spots([parts[0]]))), over))


def test_conflicts_are_minimal_where_timetables_are_made_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small instances are sent that way, too, from two parts on."""
    monkeypatch.setattr(looked, "MANY", 0)
    monkeypatch.setattr(shrink, "ROTATED", 2)
    made: list[int] = []
    real = Rotating.others

    def counted(self: Rotating, *told: object) -> object:
        found = list(real(self, *told))  # type: ignore[arg-type]
        made.append(len(found))
        return iter(found)

    monkeypatch.setattr(Rotating, "others", counted)
    for seed, problem, scopes in infeasible(COUNT):
        for conflict in conflicts(problem, scopes, LIMITS, NEVER):
            assert conflict.sure, seed
            assert conflict.confirmed, seed
            assert is_conflict(problem, scopes, conflict, ()), seed
    assert sum(made) > 3
