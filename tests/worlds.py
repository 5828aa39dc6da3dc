"""Small drawn instances with scenarios of them, and timetables to try in them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from strategies import draw_instance

from sequencer import Choice, Instance, UsageError
from sequencer.compile import compile_instance
from sequencer.instance.changes import but
from sequencer.scenarios import Failing, Scenario, Uncertainty, draw


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
    """Return an instance and scenarios of it; None where its rows contradict or nothing in it is uncertain."""
    instance = draw_instance(seed)
    try:
        but(instance, ())
        return instance, draw(instance, uncertainty(instance), count, seed)
    except UsageError:
        return None


def timetable(instance: Instance, seed: int) -> Mapping[str, Choice]:
    """Return a timetable of open cells where a package has any, else of any."""
    random, problem = Random(seed), compile_instance(instance)  # noqa: S311 - tests
    choices = {}
    for name, path in problem.paths.items():
        mask = problem.open_cells(name)
        cells = [(k, i) for k, i in zip(*mask.nonzero(), strict=True)] or [(0, 0)]
        k, i = random.choice(cells)
        choices[name] = Choice(path.options[k].name, path.months[i])
    return choices
