"""The cheapest repairs: steps that go beyond all that is known to fail are tried, the cheapest first.

Numbers are turned only in directions in which rules become easier to keep, so steps that leave no plan say the same of
fewer steps. The cheapest steps that go beyond all that is known to fail are tried; where they fail, too, they are
raised as far as they still fail, and the next ones must go beyond that. The first that work are the cheapest there are,
and nothing of them is needless: any part of them would be cheaper. Further repairs may not contain any found before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from sequencer.questions.trying.hitting import TooManyError, cheapest
from sequencer.questions.trying.steps import Vector
from sequencer.questions.trying.trials import Trials

#: Numbers of which one must be turned: with more, what that costs at least is not combined with others.
SHORT = 60

#: States that are looked at for what repairs cost at least.
FEW = 20_000


@dataclass
class Exact:
    """A search for the cheapest repairs.

    Attributes
    ----------
    trials : Trials
    most : int
        Repairs that are looked for at a time.
    found : list of (tuple of int, bool)
        Steps that work, the cheapest first, and whether they are named: not where less risk does as well.
    sure : bool
        Whether there was time enough.
    """

    trials: Trials
    most: int
    found: list[tuple[Vector, bool]] = field(default_factory=list)
    sure: bool = True

    def run(self, *, risky: bool) -> bool:
        """Look for repairs, with or without risk; return whether there are no more, none being left out."""
        chosen = [i for i, way in enumerate(self.trials.ways) if risky or not way.risky]
        wanted = [{i: 1 for i in chosen if self.trials.ways[i].risky}] if risky else []
        costs, until = [way.cost for way in self.trials.ways], len(self.found) + self.most
        while len(self.found) < until:
            clauses = [{i: n for i, n in clause.items() if i in chosen} for clause in self._clauses()]
            blocked = [{i: n for i, n in enumerate(vector) if n} for vector, _ in self.found]
            try:
                steps = cheapest(costs, [*clauses, *wanted], blocked)
            except TooManyError:
                self.sure = False
                return False
            if steps is None:
                return True
            known = dict(steps)
            if not self._try(tuple(known.get(i, 0) for i in range(len(costs))), risky=risky):
                self.sure = False
                return False
        return False

    def _try(self, vector: Vector, *, risky: bool) -> bool:
        """Take steps as a repair if they work, else learn why not; return whether there was time for it."""
        if risky:
            pure = tuple(0 if way.risky else n for way, n in zip(self.trials.ways, vector, strict=True))
            works = self.trials.holds(pure, self._share)
            if works is None:
                return False
            if works:  # no risk has to be taken: it is a repair of the other kind, or contains one
                self.found.append((pure, False))
                return True
        works = self.trials.holds(vector, self._share)
        if works:
            self.found.append((vector, True))
        elif works is False:
            self.trials.refuse(self.trials.grown(vector))
        return works is not None

    @property
    def _share(self) -> float | None:
        """The seconds that one search may take: of a large instance one that takes long mostly ends with nothing."""
        return self.trials.left / 2 if self.trials.is_large else None

    def _clauses(self) -> list[dict[int, int]]:
        """Return what every repair must do: go beyond each of the steps that fail somewhere."""
        limits = self.trials.top()
        return [{i: n + 1 for i, n in enumerate(top) if n < limits[i]} for top in self.trials.fails]

    def least(self) -> Fraction:
        """Return what every repair without risk costs at least, by what is known to fail."""
        ways = self.trials.ways
        pure = [{i: n for i, n in clause.items() if not ways[i].risky} for clause in self._clauses()]
        pure.sort(key=len)
        short = [clause for place, clause in enumerate(pure) if not place or len(clause) <= SHORT]
        try:
            steps = cheapest([way.cost for way in ways], short, [], FEW)
        except TooManyError:
            steps = cheapest([way.cost for way in ways], short[:1], [], FEW)
        return Fraction(0) if steps is None else sum((ways[i].cost * n for i, n in steps), Fraction(0))
