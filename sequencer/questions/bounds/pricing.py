"""The prices of a level's relaxation, from its certificate or found anew."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from sequencer.auto.engine import too_large
from sequencer.auto.relaxing import Relaxing
from sequencer.binaries.program import Program, tell
from sequencer.engine.run import Caps, Stoppable
from sequencer.errors import UsageError
from sequencer.places.certificate import Certificate
from sequencer.places.divide import divide
from sequencer.places.prices import NoPlanError, Pricer
from sequencer.problem import Cell, Problem, Term
from sequencer.questions.bounds.bounds import Bounds
from sequencer.questions.bounds.weights import Floats, keys


def priced(
    problem: Problem,
    term: Term,
    caps: Caps,
    plan: Mapping[str, Cell],
    certificate: Certificate | None,
    *,
    seconds: float,
    stop: Stoppable,
) -> Bounds | None:
    """Return bounds by the prices of a sum's relaxation; None where there are none in time, or they would not be exact.

    Parameters
    ----------
    plan : mapping of str to Cell
        One that is known: few cells beside its own are enough for a solution.
    certificate : Certificate or None
        Prices that are known, of the same level under the same caps.
    """
    if term.maximum or not term.tables or too_large(term):
        return None
    program = tell(problem, term, caps)
    if program is None:
        return None
    held = tuple((capped.name, int(most)) for capped, most in caps)
    prices = None
    if certificate is not None and certificate.term == term.name and certificate.caps == held:
        prices = _certified(program, certificate)
    try:
        prices = _relaxed(program, plan, seconds, stop) if prices is None else prices
    except (NoPlanError, UsageError):
        return None
    if prices is None:
        return None
    told = zip(keys(program.names), prices.tolist(), program.units.tolist(), strict=True)
    return Bounds(problem, term, held, {key: (price * program.unit, unit) for key, price, unit in told if price})


def _certified(program: Program, certificate: Certificate) -> Floats | None:
    """Return the prices of a certificate; None where it is about other rows."""
    prices = np.zeros(len(program.names))
    for (name, row), price in certificate.prices.items():
        if row >= len(prices) or program.names[row] != name:
            return None
        prices[row] = price / certificate.parts
    return prices


def _relaxed(program: Program, plan: Mapping[str, Cell], seconds: float, stop: Stoppable) -> Floats | None:
    until = time.monotonic() + seconds
    found = Relaxing(
        pricer=Pricer(program, divide(program)),
        stop=stop,
        left=lambda: max(0.01, until - time.monotonic()),
        prove=lambda _: None,
        hear=lambda _: None,
        plan=lambda: plan,
    ).run()
    return None if found is None else found.prices
