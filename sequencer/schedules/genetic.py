"""A genetic search over orders of tasks and their options, compiled; every child is justified."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sequencer.engine.compiled import copy, kernel, part
from sequencer.schedules.kernels import below, forward, hasten, justify, order_by_start
from sequencer.schedules.tasks import NEVER, Ints, Tasks

TOURNAMENT = 3
SWAP = 8  # one neighbour in so many changes places
PENALTY = 1_000_000  # for a unit too many, or a month too late; more than any month
SWITCH = 15  # one option in so many changes
LEAST = 10  # a tenth of the order at least comes from the father,
MORE = 3  # and up to a third more


class Ground(NamedTuple):
    """What all individuals have in common.

    Attributes
    ----------
    tasks : Tasks
        Stretched, so that schedules that come too late exist.
    topological : int array, shape (n,)
        An order in which no arc points backwards.
    possible : int array, shape (n, K)
        1 for options that can be taken at all.
    closing : int array, shape (n, K)
        The last open month of each option.
    urgency : int array, shape (n,)
        The month by which a package must have come for the term to be what it can be at most.
    """

    tasks: Tasks
    topological: Ints
    possible: Ints
    closing: Ints
    urgency: Ints


class Herd(NamedTuple):
    """The individuals, a row for each.

    Attributes
    ----------
    orders, options, starts : int array, shape (N, n)
    values : int array, shape (N,)
        The term, and ``PENALTY`` for each unit beyond a pool of the whole plan and each month after ``closing``.
    """

    orders: Ints
    options: Ints
    starts: Ints
    values: Ints


@part
def excess(tasks: Tasks, option: Ints) -> int:
    """Return by how much options exceed the pools of the whole plan, in all."""
    over = 0
    for r in range(len(tasks.limit)):
        taken = 0
        for p in range(len(option)):
            taken += tasks.taken[p, option[p], r]
        over += max(0, taken - tasks.limit[r])
    return over


@part
def repair(tasks: Tasks, possible: Ints, option: Ints, state: Ints) -> None:
    """Change options of random tasks as long as that brings what is taken nearer to the limits."""
    over = excess(tasks, option)
    count = len(option)
    for _ in range(6 * count):
        if not over:
            return
        p = below(state, count)
        before = option[p]
        for k in range(possible.shape[1]):
            if possible[p, k] and k != option[p]:
                kept = option[p]
                option[p] = k
                now = excess(tasks, option)
                if now < over or (now == over and kept == before):
                    over = now
                else:
                    option[p] = kept


@kernel
def draw_order(tasks: Tasks, urgency: Ints, noise: int, order: Ints, state: Ints) -> bool:
    """Draw an order: among tasks that wait for nothing, one of small ``urgency`` plus noise comes next.

    False if arcs form a circle, so that no order is complete.
    """
    count = len(order)
    waits = np.zeros(count, dtype=np.int64)
    for p in range(count):
        waits[p] = tasks.into_at[p + 1] - tasks.into_at[p]
    ready = np.empty(count, dtype=np.int64)
    held = 0
    for p in range(count):
        if not waits[p]:
            ready[held] = p
            held += 1
    for at in range(count):
        if not held:
            return False
        best, least = 0, NEVER
        for i in range(held):
            score = urgency[ready[i]] + (below(state, noise) if noise else 0)
            if score < least:
                best, least = i, score
        p = ready[best]
        held -= 1
        ready[best] = ready[held]
        order[at] = p
        for j in range(tasks.out_at[p], tasks.out_at[p + 1]):
            q = tasks.arc_to[tasks.out[j]]
            waits[q] -= 1
            if not waits[q]:
                ready[held] = q
                held += 1
    return True


@part
def _cross(mother: Ints, father: Ints, child: Ints, first: int, second: int) -> None:
    """Take the mother's beginning, then the father's order up to ``second``, then the mother's again."""
    count = len(child)
    taken = np.zeros(count, dtype=np.bool_)
    for at in range(first):
        child[at] = mother[at]
        taken[mother[at]] = True
    at = first
    for p in father:
        if at == second:
            break
        if not taken[p]:
            child[at] = p
            taken[p] = True
            at += 1
    for p in mother:
        if not taken[p]:
            child[at] = p
            at += 1


@part
def _swap(tasks: Tasks, order: Ints, state: Ints) -> None:
    """Let neighbours change places here and there, where no arc forbids it."""
    for at in range(len(order) - 1):
        if below(state, SWAP):
            continue
        p, q = order[at], order[at + 1]
        tied = False
        for j in range(tasks.into_at[q], tasks.into_at[q + 1]):
            tied |= tasks.arc_from[tasks.into[j]] == p
        if not tied:
            order[at], order[at + 1] = q, p


@part
def _chosen(values: Ints, state: Ints) -> int:
    """Return the best of a few random individuals."""
    best = below(state, len(values))
    for _ in range(TOURNAMENT - 1):
        other = below(state, len(values))
        if values[other] < values[best]:
            best = other
    return best


@part
def _known(herd: Herd, start: Ints, option: Ints, value: int) -> bool:
    """Return whether a schedule is among the individuals."""
    for i in range(len(herd.values)):
        if herd.values[i] != value:
            continue
        p = 0
        while p < len(start) and herd.starts[i, p] == start[p] and herd.options[i, p] == option[p]:
            p += 1
        if p == len(start):
            return True
    return False


@kernel
def evolve(ground: Ground, herd: Herd, children: int, target: int, state: Ints) -> None:
    """Breed children; each takes its mother's place if it is no worse and no copy. Stop at a value of ``target``.

    Most of a child is its mother's: so the herd remains diverse while it gets better.
    """
    size, count = herd.orders.shape
    order, option, start = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    free = np.empty_like(ground.tasks.capacity)
    if herd.values.min() <= target:
        return
    for _ in range(children):
        mother, father = below(state, size), _chosen(herd.values, state)
        first = below(state, count)
        second = min(count, first + 1 + count // LEAST + below(state, count // MORE + 1))
        _cross(herd.orders[mother], herd.orders[father], order, first, second)
        copy(herd.options[mother], option)
        for at in range(first, second):
            option[order[at]] = herd.options[father, order[at]]
        _swap(ground.tasks, order, state)
        _switch(ground.possible, option, state)
        value = settle(ground, order, option, start, free, state)
        if value > herd.values[mother] or _known(herd, start, option, value):
            continue
        for p in range(count):
            herd.orders[mother, p], herd.options[mother, p], herd.starts[mother, p] = order[p], option[p], start[p]
        herd.values[mother] = value
        if value <= target:
            return


@part
def _switch(possible: Ints, option: Ints, state: Ints) -> None:
    """Change options here and there."""
    most = possible.shape[1]
    if most == 1:
        return
    for p in range(len(option)):
        if not below(state, SWITCH):
            k = below(state, most)
            if possible[p, k]:
                option[p] = k


@kernel
def settle(ground: Ground, order: Ints, option: Ints, start: Ints, free: Ints, state: Ints) -> int:  # noqa: PLR0917
    """Repair the options of an individual, schedule it, and return its value."""
    over = 0
    if len(ground.tasks.limit):
        repair(ground.tasks, ground.possible, option, state)
        over = excess(ground.tasks, option)
    value = justify(ground.tasks, ground.topological, order, option, start, free)
    if value >= NEVER:
        return NEVER
    if ground.possible.shape[1] > 1 and hasten(ground.tasks, ground.possible, order, option, start, free):
        order_by_start(ground.tasks, ground.topological, start, order)
        value = forward(ground.tasks, order, option, start, free)
        order_by_start(ground.tasks, ground.topological, start, order)
    for p in range(len(start)):
        over += max(0, start[p] - ground.closing[p, option[p]])
    return value + over * PENALTY


@kernel
def populate(ground: Ground, herd: Herd, first: int, state: Ints) -> None:
    """Draw the individuals from ``first`` on: the very first by urgency alone, the others with much noise."""
    size, count = herd.orders.shape
    free = np.empty_like(ground.tasks.capacity)
    spread = max(1, int(ground.urgency.max() - ground.urgency.min()))
    for i in range(first, size):
        draw_order(ground.tasks, ground.urgency, spread if i else 0, herd.orders[i], state)
        for p in range(count):
            if i or not ground.possible[p, herd.options[i, p]]:
                k = below(state, ground.possible.shape[1])
                while not ground.possible[p, k]:
                    k = below(state, ground.possible.shape[1])
                herd.options[i, p] = k
        herd.values[i] = settle(ground, herd.orders[i], herd.options[i], herd.starts[i], free, state)
