"""Small drawn instances with scenarios of them, and timetables to try in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from strategies import draw_instance
from test_optima import PROMISES, without

from sequencer import Choice, Instance, UsageError, check
from sequencer.compile import compile_instance
from sequencer.instance.changes import but
from sequencer.instance.facts import Threat
from sequencer.scenarios import Failing, Scenario, Uncertainty, draw

TRIES = 25


def uncertainty(instance: Instance) -> Uncertainty:
    """Return an uncertainty in which all that can be drawn is."""
    return Uncertainty(
        spread=12,
        growth=0.5,
        agreement=0.3,
        reliability=0.6,
        failing=tuple(Failing),
        threat=0.5,
        threat_months=4,
        slips={"*": 3} if instance.calendar_events else {},
    )


def world(seed: int, count: int) -> tuple[Instance, tuple[Scenario, ...]] | None:
    """Return an instance with some of its promises, and scenarios; None if rows contradict or nothing is uncertain."""
    random = Random(seed)  # noqa: S311 - tests
    instance = covered(without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.4)))
    try:
        but(instance, ())
        return instance, draw(instance, uncertainty(instance), count, seed)
    except UsageError:
        return None


def covered(instance: Instance) -> Instance:
    """Return an instance whose rows of threat follow each other without a gap and have no end."""
    rows = list[Threat]()
    for of in instance.threat_of.values():
        order = sorted(of, key=lambda row: row.start)
        starts = [min(0, order[0].start), *(row.start for row in order[1:])]
        ends = [*(start - 1 for start in starts[1:]), None]
        rows += [replace(row, start=a, end=b) for row, a, b in zip(order, starts, ends, strict=True)]
    return replace(instance, threat=tuple(rows))


def timetable(instance: Instance, seed: int) -> Mapping[str, Choice]:
    """Return a timetable that keeps every promise if one of some tries does, else one of open cells if any."""
    random, problem = Random(seed), compile_instance(instance)  # noqa: S311 - tests
    for _ in range(TRIES):
        choices = {}
        for name, path in problem.paths.items():
            cells = list(zip(*problem.open_cells(name).nonzero(), strict=True)) or [(0, 0)]
            k, i = random.choice(cells)
            choices[name] = Choice(path.options[k].name, path.months[i])
        if not check(instance, choices):
            break
    return choices
