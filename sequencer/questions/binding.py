"""What binds the optimum: what one, two or three units more of each number would bring, earlier terms held.

The reason for an optimum is a few parts of rules that cannot all be kept together with a value that is better by one,
earlier terms held at what they may reach. A number that could relax none of them, and that no term reads, is worth
nothing, nor are all such numbers together: whoever turns them still faces the same contradiction. For the others the
prices of the level's relaxation say at once how much they could bring at most, which ranks them and settles many; the
rest are asked one after the other. Values need not be concave: one unit may be worth nothing, three much.

Of a level whose value is not proven best, nothing can be called a number's value. What prices prove of it is told.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from sequencer.outcome import Limits, Outcome
from sequencer.questions.levels.asking import Asking
from sequencer.questions.levels.level import Level as Level
from sequencer.questions.levels.mosts import Mosts, farthest
from sequencer.questions.turning import Turning
from sequencer.questions.worth import Binding as Binding
from sequencer.questions.worth import Joint as Joint
from sequencer.questions.worth import Lifted as Lifted
from sequencer.questions.worth import Reason as Reason
from sequencer.questions.worth import Sure as Sure
from sequencer.questions.worth import Within as Within
from sequencer.questions.worth import Worth as Worth

UNITS = 3  # that are asked about


def binding(
    outcome: Outcome,
    *,
    units: int = UNITS,
    limits: Limits | None = None,
    stop: threading.Event | None = None,
) -> Binding:
    """Return what more of each number would bring to each term of the objective, earlier ones held as they are.

    Protections are left out: thresholds, holds, threat limits and how many relapses can be answered at once.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    units : int
        The most units to ask about.
    limits : Limits, optional
        Of each level. Default: a minute.
    stop : threading.Event, optional
        Ends searches soon after it is set; what is known then is returned.

    Raises
    ------
    ValueError
        If the outcome has no plan.
    Disagreement
        If a value proven best turns out not to be, or a plan does not pass the re-check.
    """
    if outcome.choices is None:
        raise ValueError(f"no plan was found: the status is {outcome.status}")
    limits, stop = limits or Limits(seconds=60.0), stop or threading.Event()
    turning = Turning(outcome.instance)
    rows: list[Worth] = []
    reasons: list[Reason] = []
    within: list[Within] = []
    for position, level in enumerate(outcome.levels):
        if level.value is None:
            continue
        asking = Asking(outcome, position, limits, stop)
        if level.proven:
            asked = Level(asking, turning, units)
            reasons.append(asked.run())
            rows += asked.rows()
        else:
            within += _within(asking, turning, units)
    return Binding(
        rows=tuple(rows),
        reasons=tuple(reasons),
        unproven=tuple(level.term for level in outcome.levels if not level.proven),
        units=units,
        limits=limits,
        within=tuple(within),
    )


def _within(asking: Asking, turning: Turning, units: int) -> Iterator[Within]:
    """Yield what numbers could bring to a level that is not proven, where that is more than nothing turned may."""
    levers = {name: lever for name, lever in turning.levers.items() if farthest(lever, 1)}
    mosts, level = Mosts(asking, levers), asking.level
    without = mosts.without
    if without is None:
        return
    mosts.look(levers, units)
    told = min(without, without if level.bound is None else asking.value - level.bound)
    found = [
        Within(
            address=name,
            unit=levers[name].unit,
            units=count,
            term=level.term,
            of=level.unit,
            most=most,
            without=told,
        )
        for name in levers
        for count in range(1, units + 1)
        if (most := mosts.of(name, count)) is not None and most > without
    ]
    first: dict[str, int] = {}
    for row in found:
        first.setdefault(row.address, row.most)
    yield from sorted(found, key=lambda row: (-first[row.address], row.address, row.units))
