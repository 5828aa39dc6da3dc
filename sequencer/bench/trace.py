"""When what was known: times to a plan, to a gap and to proof, from everything a run told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Trace:
    """What a run has told of each level so far, and when what was first reached.

    A lexicographic run has reached a gap when every level has been begun and has at most that gap; the gap of a level
    is (value - bound) / max(1, abs(value)), with what this run itself has found and proven.

    Attributes
    ----------
    terms : sequence of str
        The levels in order.
    reached : dict of float to float
        By gap, 0 for proof: seconds after which it was first reached.
    first : float or None
        Seconds until the first plan.
    known : dict of str to (int or None, int or None)
        By term: best value and bound.
    """

    terms: Sequence[str]
    first: float | None = None
    reached: dict[float, float] = field(default_factory=dict)
    known: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    GAPS = (0.01, 0.001, 0.0)

    def hear(self, seconds: float, term: str, value: int | None, bound: int | None) -> None:
        """Take in what was told of a term."""
        best, least = self.known.get(term, (None, None))
        value = best if value is None else value if best is None else min(best, value)
        bound = least if bound is None else bound if least is None else max(least, bound)
        self.known[term] = (value, bound)
        if value is not None and self.first is None:
            self.first = seconds
        worst = self.gap
        for gap in self.GAPS:
            if worst is not None and worst <= gap:
                self.reached.setdefault(gap, seconds)

    @property
    def gap(self) -> float | None:
        """The largest gap of all levels; None while one is unknown."""
        return largest(self.known, self.terms)

    def settle(self, levels: Sequence[tuple[str, int | None, int | None]], seconds: float) -> None:
        """Take in the levels of the answer, which are right where what was told on the way was too hopeful."""
        self.terms = [term for term, _, _ in levels]
        self.known = {
            term: (value, self.known.get(term, (None, None))[1] if bound is None and value is None else bound)
            for term, value, bound in levels
        }
        final = self.gap
        for gap in self.GAPS:
            if final is None or final > gap:
                self.reached.pop(gap, None)
            else:
                self.reached.setdefault(gap, seconds)
        if any(value is not None for _, value, _ in levels) and self.first is None:
            self.first = seconds


def gap_of(value: int | None, bound: int | None) -> float | None:
    """Return (value - bound) / max(1, abs(value)); None where either is unknown."""
    return None if value is None or bound is None else max(0, value - bound) / max(1, abs(value))


def largest(known: Mapping[str, tuple[int | None, int | None]], terms: Sequence[str]) -> float | None:
    """Return the largest gap of some terms; None where one is unknown, or there is none."""
    gaps = [gap_of(*known.get(term, (None, None))) for term in terms]
    found = [gap for gap in gaps if gap is not None]
    return max(found) if found and len(found) == len(gaps) else None
