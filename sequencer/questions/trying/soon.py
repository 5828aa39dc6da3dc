"""Repairs of large instances soon: any that work at first, then smaller ones, for as long as there is time.

Numbers are turned as far as they go, by families: all amounts of a resource, all money. The plan found then needs less
of most numbers: they are turned back to what it needs. Then it is looked for plans with less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sequencer.compile import compile_instance
from sequencer.engine.tables import open_masks
from sequencer.instance.levers import PLAN
from sequencer.problem import Bridge, Supply
from sequencer.questions.trying.fitting import MONEY, fitted
from sequencer.questions.trying.steps import Vector, lessened, within, without
from sequencer.questions.trying.trials import Trials
from sequencer.questions.trying.ways import Way
from sequencer.reasons.looks import tightness

#: Families of their own.
MANDATE, PAID = "mandate_end", "money"

#: The part of an amount which is needed at least where it is tried before the end of the mandate.
SCARCE = 0.8

#: The part of all time, and the seconds at least, that one search may take.
PART, LEAST = 0.15, 2.0

#: As many times as long as the first search took may each further one take.
PACE = 1.5


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
    pace: float = 0.0

    def run(self) -> list[Vector]:
        """Return repairs, as small as time allowed; whatever was found by then is kept when it is over.

        All numbers are turned at first, which shows soonest that there is a repair at all; then as few families as are
        enough: the first one, two, four … of them, and of these only those that are needed.
        """
        families = self._families()
        everything = self._top(families.values())
        before = self.trials.left
        can = self._works(everything, before / 2)
        self.pace = PACE * (before - self.trials.left)  # on a busy machine all takes longer
        barred: list[frozenset[str]] = [frozenset()]
        for out in barred:  # grows while it is walked
            kept = [name for name in families if name not in out]
            count = 1
            while self.trials.left > 0 and len(self.found) < self.most:
                some = {name: families[name] for name in kept[:count]}
                if self._works(self._top(some.values())):
                    turned = self._fewest(some)
                    barred += [out | {name} for name in turned if out | {name} not in barred]
                    break
                if count >= len(kept):
                    break
                count *= 2
        if can and not self.found:  # what few families are enough was not found: what the plan needs of all
            self.found.append(fitted(self.trials, everything))
        return self.found

    def _fewest(self, families: Mapping[str, Sequence[int]]) -> list[str]:
        """Keep a repair that turns as few of some families as are enough, and return these."""
        blocks = [*families.values()][::-1]
        vector = without(self._top(blocks), blocks, self._works)
        self.found.append(fitted(self.trials, vector))
        self._lessen(self.found[-1])
        return [name for name, family in families.items() if any(vector[i] for i in family)]

    def _works(self, vector: Vector, seconds: float = 0.0) -> bool:
        """Return whether some steps work, as far as a search of some seconds shows."""
        if not any(vector) or self.trials.left <= 0 or any(within(vector, more) for more in self.vain):
            return False
        if self.trials.holds(vector, max(LEAST, PART * self.trials.limits.seconds, seconds, self.pace), soon=True):
            return True
        self.vain.append(vector)
        return False

    def _families(self) -> dict[str, list[int]]:
        """Return numbers that are turned together at first, those first that are most likely to be enough.

        First amounts, the scarcer first, the end of the mandate after those of which nearly all is needed; of others,
        those with few numbers to read.
        """
        found: dict[str, list[int]] = {}
        for i, way in enumerate(self.trials.ways):
            if self.risky or not way.risky:
                found.setdefault(family(self.trials, way), []).append(i)
        scarce = self._scarce()
        return dict(sorted(found.items(), key=lambda item: (-scarce.get(item[0], 0.0), len(item[1]))))

    def _scarce(self) -> dict[str, float]:
        """Return how scarce amounts are, by family: what all need at least, by what there is."""
        problem = compile_instance(self.trials.instance)
        masks = open_masks(problem, [])
        found = {MANDATE: SCARCE}
        for position, rule in enumerate(problem.rules):
            names = []
            if isinstance(rule, Supply):
                names = [f"capacity.{rule.resource}.amount", f"guarantees.{rule.resource}.people"]
            elif isinstance(rule, Bridge):
                names = [PAID]
            for name in names:
                found[name] = max(found.get(name, 0.0), tightness(problem, position, masks))
        return found

    def _top(self, families: Iterable[Sequence[int]]) -> Vector:
        chosen = {i for family in families for i in family}
        return tuple(way.most if i in chosen else 0 for i, way in enumerate(self.trials.ways))

    def _lessen(self, vector: Vector) -> None:
        """Make the last repair smaller: by parts of all its steps, then number by number."""
        part = 2
        while self.trials.left > 0:
            fewer = tuple(n - -(-n // part) if n else 0 for n in vector)
            if self._works(fewer):
                vector = self.found[-1] = fitted(self.trials, fewer)
            elif all(n <= part for n in vector):
                break
            else:
                part *= 2
        dear = sorted((i for i, n in enumerate(vector) if n), key=lambda i: -self.trials.ways[i].cost * vector[i])

        def works(fewer: Vector) -> bool:
            if not self._works(fewer):
                return False
            self.found[-1] = fewer
            return True

        self.found[-1] = lessened(vector, [[i] for i in dear], works)


def family(trials: Trials, way: Way) -> str:
    """Return what a number is turned together with: all amounts of its resource, all money, or others of its kind."""
    lever = way.lever
    if lever.attribute == PLAN:
        return lever.field
    if lever.attribute in MONEY:
        return PAID
    fact = getattr(trials.instance, lever.attribute)[lever.position]
    name = next((getattr(fact, key) for key in ("resource", "criterion") if getattr(fact, key, "")), "")
    return f"{lever.attribute}.{name}.{lever.field}"
