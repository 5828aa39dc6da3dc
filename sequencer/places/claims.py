"""Bounds that somebody claims, read from a file and evaluated again in whole numbers, without a solver.

The file is one JSON object: ``digest`` of the instance, and ``levels``, each with ``term``, ``caps`` (``term``,
``most``), ``parts``, ``bound`` and ``prices`` (a list of name, position and price of a row); see ``Certificate``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sequencer.binaries.program import Program, tell
from sequencer.compile import compile_instance
from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.instance.digest import digest
from sequencer.instance.instance import Instance
from sequencer.places.certificate import Certificate
from sequencer.places.divide import divide
from sequencer.places.prices import EXACT, Floats, NoPlanError, Pricer
from sequencer.problem import Problem

LEVEL = ("term", "caps", "parts", "bound", "prices")
LARGEST = 2**62  # of a value that is claimed
SHOWN = 60  # letters of what was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A claim, and what came of evaluating it.

    Attributes
    ----------
    term, unit : str
    caps : tuple of (str, int)
        Terms that are held, and the most each may reach.
    claimed : int
        What no plan is said to be below, in the unit of the term.
    proven : int or None
        What the prices prove; None where windows, caps and links leave no plan, so that every bound holds.
    """

    term: str
    unit: str
    caps: tuple[tuple[str, int], ...]
    claimed: int
    proven: int | None

    @property
    def confirmed(self) -> bool:
        """Whether the prices prove at least what is claimed."""
        return self.proven is None or self.claimed <= self.proven


class BadClaimError(Exception):
    """Says what was found in the file, and what is needed there."""

    def __init__(self, column: str, found: object, needed: str) -> None:
        text = found if isinstance(found, str) else repr(found)
        self.column, self.found, self.needed = column, text[:SHOWN], needed


def recheck(instance: Instance, path: Path | str) -> tuple[Bound, ...]:
    """Evaluate every claim of a file.

    Raises
    ------
    InstanceError
        If the file cannot be read, is about another instance, or its prices cannot be evaluated.
    """
    path = Path(path)
    try:
        levels, problem = _levels(path, instance), compile_instance(instance)
        claims = [_claim(told, f"levels[{i}]", problem) for i, told in enumerate(levels)]
        return tuple(_evaluated(claim, f"levels[{i}]", problem) for i, claim in enumerate(claims))
    except BadClaimError as bad:
        raise InstanceError([Fault(path.name, 0, bad.column, bad.found, bad.needed)]) from None


def _levels(path: Path, instance: Instance) -> list[Any]:
    """Return what a file says of each level, if it is about an instance."""
    record = _object(_loaded(path), "", ("digest", "levels"))
    if record["digest"] != digest(instance):
        raise BadClaimError("digest", record["digest"], f"{digest(instance)}, that of the instance")
    levels = _list(record["levels"], "levels")
    if not levels:
        raise BadClaimError("levels", "none", "a bound to check")
    return levels


def _loaded(path: Path) -> Any:  # noqa: ANN401 - whatever stands there
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadClaimError("", error.strerror or str(error), "a file written by solve --out") from None
    except (ValueError, RecursionError) as error:
        raise BadClaimError("", f"no JSON: {error}", "a file written by solve --out") from None


def _claim(told: object, at: str, problem: Problem) -> Certificate:
    """Return a claim whose every part is of its kind."""
    record = _object(told, at, LEVEL)
    caps = [_object(cap, f"{at}.caps", ("term", "most")) for cap in _list(record["caps"], f"{at}.caps")]
    held = [(_term(cap["term"], f"{at}.caps", problem), _whole(cap["most"], f"{at}.caps", LARGEST)) for cap in caps]
    name = _term(record["term"], f"{at}.term", problem)
    if problem.terms[name].maximum or not problem.terms[name].tables:
        raise BadClaimError(f"{at}.term", name, "a term that is a sum")
    if len({term for term, _ in held} | {name}) <= len(held):
        raise BadClaimError(f"{at}.caps", "a term twice", "each term once")
    parts = _whole(record["parts"], f"{at}.parts", int(EXACT))
    if parts < 1:
        raise BadClaimError(f"{at}.parts", parts, "a whole number of 1 or more")
    prices = dict(_prices(record["prices"], f"{at}.prices"))
    if len(prices) < len(record["prices"]):
        raise BadClaimError(f"{at}.prices", "a row twice", "one price for each row")
    bound = _whole(record["bound"], f"{at}.bound", LARGEST)
    return Certificate(term=name, caps=tuple(held), parts=parts, prices=prices, bound=bound)


def _prices(told: object, at: str) -> Iterator[tuple[tuple[str, int], int]]:
    for entry in _list(told, at):
        match entry:
            case [str() as name, position, price]:
                yield (name, _whole(position, at, LARGEST)), _whole(price, at, int(EXACT))
            case _:
                raise BadClaimError(at, entry, "lists of name, position and price of a row")


def _evaluated(claim: Certificate, at: str, problem: Problem) -> Bound:
    """Return a claim with what its prices prove."""
    term, caps = problem.terms[claim.term], [(problem.terms[name], most) for name, most in claim.caps]
    program = tell(problem, term, caps)
    proven = None
    if program is not None:
        told = _told(claim, at, program)
        try:
            proven = program.value(Pricer(program, divide(program)).evaluate(told, claim.parts).least)
        except NoPlanError:
            proven = None
        except UsageError as error:
            raise BadClaimError(f"{at}.prices", str(error), "prices that can be evaluated exactly") from None
    return Bound(term=term.name, unit=term.unit, caps=claim.caps, claimed=claim.bound, proven=proven)


def _told(claim: Certificate, at: str, program: Program) -> Floats:
    """Return the prices of all rows."""
    found = np.zeros(len(program.names))
    for (name, position), price in claim.prices.items():
        if not 0 <= position < len(program.names) or program.names[position] != name:
            raise BadClaimError(f"{at}.prices", f"{name}, {position}", "rows of this instance")
        found[position] = price
    return found


def _object(value: object, at: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadClaimError(at, value, f"an object with {', '.join(keys)}")
    missing = [key for key in keys if key not in value]
    if missing:
        raise BadClaimError(at, f"no {', '.join(missing)}", f"an object with {', '.join(keys)}")
    return value


def _list(value: object, at: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadClaimError(at, value, "a list")
    return value


def _term(value: object, at: str, problem: Problem) -> str:
    if not isinstance(value, str) or value not in problem.terms:
        raise BadClaimError(at, value, f"one of {', '.join(sorted(problem.terms))}")
    return value


def _whole(value: object, at: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > most:
        raise BadClaimError(at, value, f"a whole number of at most {most}")
    return value
