"""Where a level's value and bound come from: who found them, when, and what proves them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sequencer.engine.run import WRONG, Engine, Run
from sequencer.engine.steps import BEFORE, Step
from sequencer.outcome import Level
from sequencer.places.certificate import Certificate, Price
from sequencer.problem import Term

ALONE = "the package that must be last"  # it bounds a maximum without any search


@dataclass(frozen=True, slots=True)
class Source:
    """How what is known of a level came to be known; see ``Level``."""

    steps: tuple[Step, ...]
    found_by: str | None
    bounded_by: str | None
    proof: str | None
    certificate: Certificate | None
    prices: tuple[Price, ...]

    def level(self, term: Term, tolerance: int, value: int | None, bound: int | None, achieved: int | None) -> Level:
        """Return what is known of a level, with where it comes from."""
        return Level(
            term=term.name,
            unit=term.unit,
            value=value,
            bound=bound,
            tolerance=tolerance,
            achieved=achieved,
            **{field.name: getattr(self, field.name) for field in fields(self)},
        )

    def improved(self, by: str | None) -> Source:
        """Return the source where a later level has found a better plan."""
        return replace(self, found_by=by)

    def unbounded(self) -> Source:
        """Return the source where the bound is no longer proven."""
        return replace(self, bounded_by=None, proof=None, certificate=None, prices=())

    def certified(self) -> Source:
        """Return the source where nothing is left of the bound but what prices prove."""
        if self.certificate is None:
            return self.unbounded()
        steps = tuple(step for step in self.steps if step.bound is None or step.bound <= self.certificate.bound)
        by = next((step.by for step in reversed(steps) if step.bound is not None), self.bounded_by)
        return replace(self, steps=steps, bounded_by=by, proof="exact")


NOBODY = Source((), None, None, None, None, ())


def proof_of(run: Run, engine: Engine) -> str:
    """Return what the bound of a run is: ``exact`` or ``numeric``."""
    return engine.proof if run.proof is None else run.proof


def told(run: Run, engine: Engine, seconds: float | None, value: int | None, before: int | None) -> Run:
    """Return a run with steps: where it has none, one search did it all.

    Parameters
    ----------
    seconds : float or None
        How long it took; None where the same bytes are wanted every time.
    value, before : int or None
        The value of the plan that it found, and of the best one known before.
    """
    if run.steps:
        return run
    better = value if before is None or (value is not None and value < before) else None
    if better is None and run.bound is None:
        return run
    return replace(run, steps=(Step(run.by or engine.name, seconds, better, run.bound),))


def joined(asked: Run, run: Run, value: int | None) -> Run:
    """Return a run that looked for any plan, with what was proven by the one before it, which found none.

    Parameters
    ----------
    asked, run : Run
        Both with their steps.
    value : int or None
        The value of the plan that was found. A bound of floating point above it is left out: what prices prove remains.
    """
    bound, proof, certificate = asked.bound, asked.proof, asked.certificate
    if bound is not None and value is not None and bound > value and proof == "numeric":
        bound, proof = (None, None) if certificate is None else (certificate.bound, "exact")
        run = replace(run, note=WRONG)
    steps = (*asked.steps, *run.steps)
    return replace(run, bound=bound, proof=proof, certificate=certificate, prices=asked.prices, steps=steps)


def source(run: Run, engine: Engine, value: int, bound: int | None) -> Source:
    """Return where the value and the bound of a level come from, after the run that found them, with its steps."""
    found = next((step.by for step in run.steps if step.value == value), BEFORE)
    bounded = next((step.by for step in reversed(run.steps) if step.bound == bound), run.by or engine.name)
    known = bound is not None
    return Source(
        steps=run.steps,
        found_by=found,
        bounded_by=bounded if known else None,
        proof=proof_of(run, engine) if known else None,
        certificate=run.certificate if known else None,
        prices=run.prices if known else (),
    )
