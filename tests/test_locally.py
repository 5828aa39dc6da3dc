"""Month by month and with every option: what holds a package, what stands behind, and the nearest month without."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alone import Broken, Promise, broken, drawn, earlier, flat, position, promises

from sequencer.cpsat.allotment import allot
from sequencer.problem import Cell, Problem, Schedule
from sequencer.reasons.local.locally import Local, Way, locally
from sequencer.reasons.local.obstacles import Begins, Worse


@dataclass(frozen=True)
class Shown:
    """A plan of a problem, what its terms may reach, and by package and earlier cell which promises it breaks there."""

    problem: Problem
    plan: Mapping[str, Cell]
    caps: Sequence[tuple[str, int]]
    standing: Mapping[tuple[str, Cell], frozenset[Promise]]

    @classmethod
    def of(cls, problem: Problem, plan: Mapping[str, Cell]) -> Shown:
        """Return a plan whose terms may be as they are and no worse, or that comes too late now and then."""
        now = problem.values(plan)
        caps = [
            ("exit", now["exit"] - now["cost"] % 2),
            ("cost", now["cost"]),
            ("early_transfer", now["early_transfer"]),
        ]
        standing = {(name, cell): promises(problem, moved, name) for name, cell, moved in earlier(problem, plan)}
        return cls(problem, plan, caps, standing)

    def exceeding(self, name: str, cell: Cell) -> tuple[str, int] | None:
        """Return the first term that exceeds what it may reach if a package moves alone, and by how much."""
        values = self.problem.values({**self.plan, name: cell})
        return next(((term, values[term] - most) for term, most in self.caps if values[term] > most), None)

    def months(self, name: str, k: int) -> list[int]:
        """Return the earlier months of a package, the latest first."""
        months = (cell.transfer for other, cell in self.standing if other == name and cell.option == k)
        return sorted(months, reverse=True)


def told_of(worse: Worse | None) -> tuple[str, int] | None:
    return None if worse is None else (worse.promise.name, worse.amount)


def test_locally_every_month_is_told_and_what_stands_behind() -> None:
    met = Counter[str]()
    for _, problem, plan in drawn(range(300), range(25), range(120)):
        shown = Shown.of(problem, plan)
        short = {local.package: local for local in locally(problem, plan, shown.caps, every_option=False)}
        for local in locally(problem, plan, shown.caps):
            path, cell = problem.paths[local.package], plan[local.package]
            options = [option.name for option in path.options]
            assert (local.transfer, local.option) == (cell.transfer, options[cell.option])
            assert [way.option for way in local.ways] == sorted(options, key=lambda option: option != local.option)
            if cell.transfer < problem.as_of or cell.transfer == (problem.as_of or path.months.start):
                assert local.first == ((Begins(cell.transfer),) if cell.transfer >= problem.as_of else ())
                assert (local.behind, local.nearest) == (None, None)
                continue
            for way, told in zip(local.ways, short[local.package].ways, strict=True):
                assert told == replace(way, stretches=way.stretches if way is local.ways[0] else ())
                covered(shown, local.package, options.index(way.option), way)
            months = shown.months(local.package, cell.option)
            before = {month: shown.standing[local.package, Cell(cell.option, month)] for month in months}
            assert {position(problem, one) for one in local.first} == before[cell.transfer - 1]
            behind(problem, local, before)
            assert local.unpriced == paid_as_now(shown, local.package, Cell(cell.option, cell.transfer - 1))
            met["behind"] += local.behind is not None and bool(local.behind.obstacles)
            met[nearest(shown, local)] += 1
    assert met.keys() == {"behind", "none", "unpaid", "worse", "free"}


def covered(shown: Shown, name: str, k: int, way: Way) -> None:
    """Check that the stretches of an option tell every earlier month once, and no more often than things change."""
    assert way.before == way.stretches[0]
    assert way.free == next((stretch for stretch in way.stretches if not stretch.obstacles), None)
    months: list[int] = []
    turns = []
    for stretch in way.stretches:
        here = range(stretch.first, stretch.last + 1)
        months += reversed(here)
        said = {position(shown.problem, one) for one in stretch.obstacles}
        assert {shown.standing[name, Cell(k, month)] for month in here} == {frozenset(said)}
        last = {**shown.plan, name: Cell(k, stretch.last)}
        flattened = Counter(entry for obstacle in stretch.obstacles for entry in flat(obstacle))
        assert flattened == broken(shown.problem, Schedule(shown.problem.calendar, shown.problem.paths, last))
        terms = [None if said else shown.exceeding(name, Cell(k, month)) for month in here]
        assert told_of(stretch.worse) == terms[-1]
        assert len({term and term[0] for term in terms}) == 1
        turns.append((said, stretch.worse and stretch.worse.promise.name))
    assert months == shown.months(name, k)
    assert all(a != b for a, b in itertools.pairwise(turns))
    path, is_open = shown.problem.paths[name], shown.problem.open_cells(name)[k]
    assert way.earliest == next((month for month in reversed(months) if is_open[path.column(month)]), None)


def behind(problem: Problem, local: Local, before: Mapping[int, frozenset[Promise]]) -> None:
    """Walk back month by month with all lifted that stands against the month right before."""
    lifted, month = before[local.transfer - 1], local.transfer - 1
    while month - 1 in before and before[month - 1] <= lifted:
        month -= 1
    assert local.behind is not None
    assert local.behind.reach == month
    assert {position(problem, one) for one in local.behind.obstacles} == before.get(month - 1, lifted) - lifted


def paid_as_now(shown: Shown, name: str, cell: Cell) -> bool:
    """Return whether money has nothing to say about a package moving alone."""
    bridge, problem = shown.problem.bridge, shown.problem
    now = Schedule(problem.calendar, problem.paths, shown.plan)
    then = Schedule(problem.calendar, problem.paths, {**shown.plan, name: cell})
    return bridge is None or (bridge.needs(now), bridge.capacities(now)) == (
        bridge.needs(then),
        bridge.capacities(then),
    )


def nearest(shown: Shown, local: Local) -> str:
    """Look for the nearest month against which nothing stands; return what is said of the one that is told."""
    own, path = shown.plan[local.package], shown.problem.paths[local.package]
    free = [cell for (name, cell), stands in shown.standing.items() if name == local.package and not stands]
    if not free:
        assert local.nearest is None
        return "none"
    cell = min(free, key=lambda cell: (cell.option != own.option, cell.option, -cell.transfer))
    found, unpaid = local.nearest, first_unpaid(shown.problem, {**shown.plan, local.package: cell})
    term = shown.exceeding(local.package, cell)
    assert found is not None
    assert (found.option, found.month, found.asked) == (path.options[cell.option].name, cell.transfer, True)
    said = found.unpaid and (found.unpaid.rule, found.unpaid.months.start, found.unpaid.amount, found.unpaid.unit)
    assert said == unpaid
    assert told_of(found.worse) == (None if unpaid else term)
    again = locally(shown.problem, shown.plan, shown.caps, packages=[local.package], money=False)[0].nearest
    assert again is not None
    assert (again.asked, again.unpaid, told_of(again.worse)) == (False, None, term)
    return "unpaid" if unpaid else "worse" if term else "free"


def first_unpaid(problem: Problem, moved: Mapping[str, Cell]) -> Broken | None:
    if problem.bridge is None:
        return None
    paid = Schedule(problem.calendar, problem.paths, moved, allot(problem, moved))
    breaches = problem.bridge.breaches(paid)
    return next(((b.rule, b.month, b.amount, b.unit) for b in breaches), None)
