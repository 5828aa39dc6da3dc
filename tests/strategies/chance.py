"""What all draws share: a source of randomness, the length of the plan, and how many rules there are to be."""

from __future__ import annotations

from random import Random

from sequencer.vocabulary import Event, Origin

HERE = Origin("test.csv", 2)
EVENTS = list(Event)
REGIONS = ("east", "west")
YEAR = 12


class Chance:
    """A source of randomness with the size of the instance to be drawn.

    Attributes
    ----------
    funded : bool
        Whether there is money. The plan is then mostly so long that it has whole fiscal years, and its packages may
        transfer in few months only, so that timetables can still be tried one after the other.
    strict : float
        Few rules are drawn where it is small, so that many instances have a plan.
    """

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - tests
        self.funded = random.random() < 0.4
        self.long = self.funded and random.random() < 0.7
        self.months = random.randint(24, 28) if self.long else random.randint(5, 13)
        self.strict = random.choice([0.15, 0.4, 1.0])

    def maybe(self, chance: float) -> bool:
        """Return True about so often, more seldom where few rules are drawn."""
        return self.random.random() < chance * self.strict

    def some(self, names: list[str], chance: float = 0.7) -> frozenset[str]:
        """Return some of the names, at least one."""
        return frozenset(name for name in names if self.random.random() < chance) or frozenset(names[:1])
