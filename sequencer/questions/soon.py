"""Repairs of large instances soon: any that work at first, then smaller ones, for as long as there is time.

Numbers are turned as far as they go, family by family: all amounts of a resource, all money of a line. The plan found
then needs less of most numbers: they are turned back to what it needs. Then it is looked for plans with less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sequencer.instance.levers import PLAN
from sequencer.questions.fitting import fitted
from sequencer.questions.trials import Trials, Vector, lessened, within, without
from sequencer.questions.ways import Way

#: The part of all time, and the seconds at least, that one search may take.
PART, LEAST = 0.1, 2.0


@dataclass
class Soon:
    """A search for repairs that work.

    Attributes
    ----------
    trials : Trials
    most : int
        Repairs that are looked for; none of them turns only families that one found before turns.
    risky : bool
        Whether protections that are negotiable are turned, too.
    found : list of tuple of int
        Steps that work, the latest and smallest of each repair.
    """

    trials: Trials
    most: int
    risky: bool = False
    found: list[Vector] = field(default_factory=list)
    vain: list[Vector] = field(default_factory=list)

    def run(self) -> list[Vector]:
        """Return repairs, as small as time allowed; whatever was found by then is kept when it is over."""
        families = self._families()
        barred: list[frozenset[str]] = [frozenset()]
        for out in barred:  # grows while it is walked
            if len(self.found) >= self.most or self.trials.left <= 0:
                break
            kept = {name: family for name, family in families.items() if name not in out}
            vector = self._top(kept.values())
            if self._works(vector):
                self.found.append(fitted(self.trials, vector))
                vector = without(vector, [*kept.values()], self._works)
                turned = [name for name, family in kept.items() if any(vector[i] for i in family)]
                barred += [out | {name} for name in turned if out | {name} not in barred]
                self._lessen(fitted(self.trials, vector))
        return self.found

    def _works(self, vector: Vector) -> bool:
        """Return whether some steps work, as far as a search of some seconds shows."""
        if not any(vector) or self.trials.left <= 0 or any(within(vector, more) for more in self.vain):
            return False
        if self.trials.holds(vector, max(LEAST, PART * self.trials.limits.seconds)):
            return True
        self.vain.append(vector)
        return False

    def _families(self) -> dict[str, list[int]]:
        """Return numbers that are turned together at first; those with most numbers, which nobody can read, first."""
        found: dict[str, list[int]] = {}
        for i, way in enumerate(self.trials.ways):
            if self.risky or not way.risky:
                found.setdefault(family(self.trials, way), []).append(i)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))

    def _top(self, families: Iterable[Sequence[int]]) -> Vector:
        chosen = {i for family in families for i in family}
        return tuple(way.most if i in chosen else 0 for i, way in enumerate(self.trials.ways))

    def _lessen(self, vector: Vector) -> None:
        """Take a repair for the last, and look for smaller ones: by parts of all its steps, then number by number."""
        self.found[-1] = vector
        part = 2
        while self.trials.left > 0:
            fewer = tuple(n - -(-n // part) if n else 0 for n in vector)
            if self._works(fewer):
                vector = self.found[-1] = fitted(self.trials, fewer)
            elif all(n <= part for n in vector):
                break
            else:
                part *= 2
        dear = sorted((i for i, n in enumerate(vector) if n), key=lambda i: -self._cost(vector, i))

        def works(fewer: Vector) -> bool:
            if not self._works(fewer):
                return False
            self.found[-1] = fewer
            return True

        self.found[-1] = lessened(vector, [[i] for i in dear], works)

    def _cost(self, vector: Vector, position: int) -> float:
        return float(self.trials.ways[position].cost * vector[position])


def family(trials: Trials, way: Way) -> str:
    """Return what a number is turned together with: its resource, its line of money, or its kind."""
    lever = way.lever
    if lever.attribute == PLAN:
        return lever.field
    fact = getattr(trials.instance, lever.attribute)[lever.position]
    name = next((getattr(fact, key) for key in ("resource", "line", "criterion") if getattr(fact, key, "")), "")
    return f"{lever.attribute}.{name}.{lever.field}"
