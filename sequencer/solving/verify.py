"""The second proof: every claim of an answer, asked again in another way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Run
from sequencer.engine.tables import open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Reproof, Status
from sequencer.problem import Term
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels
from sequencer.solving.sources import NOBODY


@dataclass(frozen=True, slots=True)
class Claim:
    """That no plan keeps some caps: those of the earlier levels, and a term better than its least value by one.

    Without a term, that there is no plan at all. ``proof`` says how that was proven: ``exact`` or ``numeric``.
    """

    term: Term | None
    value: int | None
    caps: Caps
    proof: str

    def __str__(self) -> str:
        return "a plan" if self.term is None else f"a plan with {self.term.name} below {self.value}"


def prove_again(levels: Levels, status: Status) -> tuple[Reproof, ...]:
    """Return, for each claim, whether it could be proven a second time.

    All claims together get as long as the solve was allowed; what one leaves over is the others'.

    Raises
    ------
    Disagreement
        If a plan is found that must not exist.
    """
    claims, left, found = list(_claims(levels, status)), levels.limits.seconds, []
    for position, claim in enumerate(claims):
        began = time.monotonic()
        limits = replace(levels.limits, seconds=max(0.01, left / (len(claims) - position)))
        reproof, spent = _prove(levels, claim, limits)
        found.append(reproof)
        left -= spent if limits.deterministic else time.monotonic() - began
    return tuple(found)


def _claims(levels: Levels, status: Status) -> Iterator[Claim]:
    """Yield what is claimed: that there is no plan, or that no plan is better in a level."""
    if status is Status.INFEASIBLE:
        yield Claim(None, None, levels.frozen, levels.engine.proof)
    for position, ((term, _), (value, bound)) in enumerate(zip(levels.goals, levels.found, strict=False)):
        if bound == value and term.tables:  # what counts nothing claims nothing
            proof = levels.sources.get(position, NOBODY).proof or levels.engine.proof
            yield Claim(term, value, [*levels.caps(position), (term, value - 1)], proof)


def _prove(levels: Levels, claim: Claim, limits: Limits) -> tuple[Reproof, float]:
    """Return whether some way of asking confirms a claim, and how much of the limit was used up."""
    confirmed, spent, asked = False, 0.0, []
    with levels.keeping():
        for by, run in _ways(levels, claim, limits):
            spent += run.spent
            asked.append(by)
            if run.cells is not None:
                raise Disagreement(f"{by} finds {claim}, although {levels.engine.name} reports that there is none")
            confirmed = run.status is Status.INFEASIBLE
            if confirmed or levels.stop.is_set():
                break
    name = None if claim.term is None else claim.term.name
    by = asked[-1] if confirmed else " and ".join(dict.fromkeys(asked))
    return Reproof(term=name, value=claim.value, confirmed=confirmed, by=by), spent


def _ways(levels: Levels, claim: Claim, limits: Limits) -> Iterator[tuple[str, Run]]:
    """Ask in other ways than the engine did.

    A numeric claim is checked by an exact search, CP-SAT by its other formulation. HiGHS is asked before that
    where a sum is to be bounded, since the other formulation is weak there, and where there is to be no plan at all,
    since both formulations have said so already.
    """
    masks = open_masks(levels.problem, claim.caps)
    if not all(mask.any() for mask in masks.values()):
        yield "its months: a package has none left", Run(Status.INFEASIBLE, None, None, 0.0)
    half = replace(limits, seconds=limits.seconds / 2)
    if claim.proof == "numeric":
        yield "CP-SAT over cells", CpSat().find(levels.problem, claim.caps, limits=half, stop=levels.stop)
    elif (claim.term is None or not claim.term.maximum) and not limits.deterministic:
        run = by_name("milp").run(levels.problem, None, claim.caps, None, limits=half, stop=levels.stop)
        yield "HiGHS over cells", run
    yield from CpSat().others(levels.problem, claim.term, claim.caps, limits=half, stop=levels.stop)
