"""A plan, and what stands against each of its packages moving alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sequencer.engine.tables import NeedTables
from sequencer.problem import Cell, Problem, Schedule, Width
from sequencer.reasons.local.obstacles import Obstacle, Unpaid, Worse
from sequencer.reasons.local.purse import Purse
from sequencer.reasons.local.room import Answering, Pool
from sequencer.reasons.local.standing import Held, Opening, Together, links, windows
from sequencer.reasons.local.worth import Worth


class Around:
    """A plan, and what stands against each of its packages moving alone.

    Parameters
    ----------
    problem : Problem
    cells : mapping of str to Cell
        A plan: it breaches nothing.
    caps : sequence of (str, int)
        The terms the plan was made for, in order, and the most each may reach.
    """

    def __init__(self, problem: Problem, cells: Mapping[str, Cell], caps: Sequence[tuple[str, int]] = ()) -> None:
        self.problem = problem
        self.schedule = schedule = Schedule(problem.calendar, problem.paths, cells)
        tables = NeedTables()
        self._rooms: dict[str, list[Pool | Answering]] = {name: [] for name in cells}
        for supply in problem.supplies:
            pool = Pool(supply, schedule, tables)
            for name in supply.demands_of:
                self._rooms[name].append(pool)
        for reserve in problem.reserves:
            scope = Answering(reserve, schedule, tables)
            for name in reserve.demands_of:
                self._rooms[name].append(scope)
        self._widths = {id(rule): Together(rule, schedule) for rule in problem.rules if isinstance(rule, Width)}
        self._gates = [Opening(gate, schedule) for gate in problem.gates]
        self.worth = Worth(problem, schedule, caps)
        self._purse = None if problem.bridge is None else Purse(problem, problem.bridge, schedule)

    def against(self, name: str, cell: Cell) -> tuple[Obstacle, ...]:
        """Return what stands against a package in a cell of its path, all others staying; money is not asked."""
        path = self.problem.paths[name]
        column = path.column(cell.transfer)
        held = self.held(name, column + 1)
        return tuple(one.tell(cell) for one in held if one.against[cell.option, column])

    def unpaid(self, name: str, cell: Cell) -> Unpaid | None:
        """Return what could not be paid for if a package moved alone to a cell; takes some milliseconds."""
        return None if self._purse is None else self._purse.unpaid(name, cell)

    def unpriced(self, name: str, cell: Cell) -> bool:
        """Return whether money says nothing about a package moving alone to a cell."""
        return self._purse is None or self._purse.untouched(name, cell)

    def worse(self, name: str, cell: Cell) -> Worse | None:
        """Return the first term of the objective that would exceed what it may reach."""
        column = self.problem.paths[name].column(cell.transfer)
        first, amount = self.worth.over(name, column + 1)
        return self.worth.worse(int(first[cell.option, column]), int(amount[cell.option, column]))

    def held(self, name: str, stop: int) -> Iterator[Held]:
        """Yield every promise about a package, not about money, that may stand against one of its first months.

        ``stop``: how many months of its path count.
        """
        path, problem = self.problem.paths[name], self.problem
        yield from windows(problem.windows[name], path, stop)
        together = problem.together_of.get(name, ())
        yield from links(together, self.schedule, name, stop)
        for rule in together:
            if isinstance(rule, Width):
                yield self._widths[id(rule)].held(name, stop)
        for gate in self._gates:
            yield from gate.held(name, stop)
        for room in self._rooms[name]:
            yield room.held(name, stop)
