"""The second proof: every claim of an answer, asked again in another way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Run
from sequencer.errors import Disagreement
from sequencer.outcome import Reproof, Status
from sequencer.problem import Term
from sequencer.solving.levels import Levels


def prove_again(levels: Levels, status: Status) -> tuple[Reproof, ...]:
    """Return, for each claim, whether it could be proven a second time.

    Where it is claimed that there is no plan, another formulation must find none. Where a level is claimed to be proven,
    it must find no plan that keeps the caps of the earlier levels and is better by one. All claims together get as long
    as the solve was allowed.

    Raises
    ------
    Disagreement
        If a plan is found that must not exist.
    """
    claims: list[tuple[Term | None, int | None, Caps]] = []
    if status is Status.INFEASIBLE:
        claims.append((None, None, []))
    for i, (value, bound) in enumerate(levels.found):
        term = levels.goals[i][0]
        if bound == value:
            held = [(goal, levels.found[j][0] + tol) for j, (goal, tol) in enumerate(levels.goals[:i])]
            claims.append((term, value, [*held, (term, value - 1)]))
    left, found = levels.limits.seconds, []
    for position, (term, value, caps) in enumerate(claims):
        began, spent = time.monotonic(), 0.0
        share = replace(levels, limits=replace(levels.limits, seconds=max(0.01, left / (len(claims) - position))))
        confirmed, by = False, "not begun"
        for by, run in _ways(share, term, caps):
            spent += run.spent
            if run.cells is not None:
                what = "a plan" if term is None else f"a plan with {term.name} below {value}"
                raise Disagreement(f"{by} finds {what}, although {levels.engine.name} reports that there is none")
            confirmed = run.status is Status.INFEASIBLE
            if confirmed or levels.stop.is_set():
                break
        found.append(Reproof(term=None if term is None else term.name, value=value, confirmed=confirmed, by=by))
        left -= spent if levels.limits.deterministic else time.monotonic() - began
    return tuple(found)


def _ways(levels: Levels, term: Term | None, caps: Caps) -> Iterator[tuple[str, Run]]:
    """Ask in other ways: a numeric engine is checked by an exact one, an exact one by its other formulation."""
    asked = {"limits": levels.limits, "stop": levels.stop}
    yield from CpSat().others(levels.problem, term, caps, limits=levels.limits, stop=levels.stop)
