"""The individuals of a genetic search, and the clock they are bred by."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sequencer.problem import Cell
from sequencer.schedules import bounds, kernels
from sequencer.schedules.genetic import PENALTY, Ground, Herd, draw_order, evolve, populate, settle
from sequencer.schedules.tasks import NEVER, Ints, Reading, starts, stretched

SIZE = 120  # individuals
PATIENCE = 2  # generations for each package without a better plan, before all but the best are drawn anew
FIRST = 50  # children of the first, and shortest, breeding


@dataclass(eq=False)
class Population:
    """A herd, bred until a value that cannot be undercut is reached; made by ``of``.

    Attributes
    ----------
    target : int
        That value.
    state : int array, shape (1,)
        Of the random numbers.
    pace : float
        Children in a second, as far as known; 0 before the first.
    since : int
        Children since a plan better than all before, or since the herd was drawn.
    redrawn : int
        How often the herd was drawn anew since a better plan.
    """

    reading: Reading
    ground: Ground
    herd: Herd
    target: int
    state: Ints
    pace: float = 0.0
    since: int = 0
    redrawn: int = 0

    @classmethod
    def of(cls, reading: Reading, seed: int, target: int) -> Population | None:
        """Draw the first individuals; None if arcs form a circle, so that packages cannot be placed one by one."""
        tasks = reading.tasks
        count = len(reading.names)
        early = tasks.following[:, :, 0].copy()
        if not bounds.earliest(tasks, early):
            return None
        late = tasks.preceding[:, :, -1].copy()
        late[early >= NEVER] = -NEVER
        if not bounds.latest(tasks, early, NEVER, late):
            return None
        state = np.array([seed + 1], dtype=np.int64)
        topological = np.zeros(count, dtype=np.int64)
        if not draw_order(tasks, np.arange(count), 0, topological, state):
            return None
        possible = (late > -NEVER).astype(np.int64)
        longer = stretched(tasks)
        ground = Ground(longer, topological, possible, tasks.preceding[:, :, -1].copy(), late.max(axis=1))
        return cls(reading, ground, _drawn(ground, count, state), target, state)

    def another(self, seed: int) -> Population:
        """Return another herd for the same problem, drawn anew."""
        state = np.array([seed + 1], dtype=np.int64)
        return Population(self.reading, self.ground, _drawn(self.ground, self.count, state), self.target, state)

    @property
    def count(self) -> int:
        """The number of packages."""
        return len(self.reading.names)

    def add(self, cells: Mapping[str, Cell]) -> None:
        """Put a plan, justified, in the place of the worst individual."""
        herd, ground = self.herd, self.ground
        option, start = starts(self.reading, cells)
        worst = int(np.argmax(herd.values))
        herd.options[worst] = option
        kernels.order_by_start(ground.tasks, ground.topological, start, herd.orders[worst])
        free = np.empty_like(ground.tasks.capacity)
        herd.values[worst] = settle(
            ground, herd.orders[worst], herd.options[worst], herd.starts[worst], free, self.state
        )

    def breed(self, children: int) -> None:
        """Breed so many children; where no better plan comes, keep the best and draw the others anew."""
        before = self.herd.values.min()
        evolve(self.ground, self.herd, children, self.target, self.state)
        self.since += children
        if self.herd.values.min() < before:
            self.since = self.redrawn = 0
        if self.since > PATIENCE * self.count * SIZE:
            best = int(np.argmin(self.herd.values))
            for rows in self.herd:
                rows[0] = rows[best]
            populate(self.ground, self.herd, 1, self.state)
            self.since, self.redrawn = 0, self.redrawn + 1

    def breed_for(self, seconds: float) -> None:
        """Breed for about so many seconds."""
        children = max(1, int(self.pace * seconds)) if self.pace else FIRST
        began = time.monotonic()
        self.breed(children)
        self.pace = children / max(1e-6, time.monotonic() - began)

    def best(self) -> tuple[int, dict[str, Cell]] | None:
        """Return the best value and its schedule; None while no individual keeps every rule."""
        best = int(np.argmin(self.herd.values))
        value = int(self.herd.values[best])
        if value >= PENALTY:
            return None
        return value, self.reading.cells(self.herd.options[best], self.herd.starts[best])


def _drawn(ground: Ground, count: int, state: Ints) -> Herd:
    """Return the individuals that are there before any are bred."""
    orders, options, begun = (np.zeros((SIZE, count), dtype=np.int64) for _ in range(3))
    herd = Herd(orders, options, begun, np.full(SIZE, NEVER, dtype=np.int64))
    populate(ground, herd, 0, state)
    return herd
