"""What is drawn: sizes, difficulty by seed, and the institutions of an invented country."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sequencer.months import Calendar

MONTHS = 60  # of every drawn plan

#: Function: sector, and months of the stages joint, mentored and advisory.
FUNCTIONS = {
    "policing": ("security", 2, 5, 4),
    "border": ("security", 1, 5, 4),
    "courts": ("justice", 1, 4, 4),
    "prisons": ("justice", 1, 4, 4),
    "clinics": ("service", 0, 4, 4),
    "schools": ("service", 0, 3, 3),
    "water": ("service", 0, 3, 3),
    "roads": ("service", 0, 2, 2),
    "customs": ("fiscal", 1, 4, 4),
    "taxes": ("fiscal", 1, 4, 4),
    "registry": ("civil", 0, 3, 3),
    "elections": ("civil", 1, 5, 3),
}
CRITERIA = ("capability", "staffing", "accountability")

#: Kind: places, and whether every kind of rule is drawn.
LEAST = {"province": 1, "national": 8, "district": 8}  # places; where every kind of rule is drawn, of four regions
KINDS = {"province": (5, False), "national": (30, True), "district": (400, True)}


@dataclass(frozen=True)
class Shape:
    """One instance to draw.

    Attributes
    ----------
    kind : str
        One of ``KINDS``: its usual number of places, and which rules are drawn.
    places : int
        Number of places; each has all functions.
    seed : int
        The same seed gives the same bytes. It also sets the difficulty, so that the seeds of a set differ.
    attempt : int
        Counted up when a draw leaves a package without a month; part of what is drawn from.
    """

    kind: str
    places: int
    seed: int
    attempt: int = 0

    @property
    def full(self) -> bool:
        """Whether every kind of rule is drawn."""
        return KINDS[self.kind][1]

    @property
    def slack(self) -> float:
        """The most that a supply exceeds what the hidden plan uses, as a part: 3, 5, 8 or 10 %, rounded up."""
        return (0.05, 0.08, 0.03, 0.10)[self.seed % 4]

    @property
    def ready(self) -> int:
        """The month around which packages become ready without support: early, middling or late."""
        return (8, 12, 17)[self.seed % 3]

    @property
    def regions(self) -> int:
        """Number of regions: one for a province, else one for each 25 places, at least five if it can be."""
        return max(min(5, self.places // 2), self.places // 25) if self.full else 1

    def random(self, part: str) -> Random:
        """Return a source of random numbers for one part of the draw, so that parts do not disturb each other."""
        return Random(f"{self.kind}/{self.places}/{self.seed}/{self.attempt}/{part}")  # noqa: S311 - drawn again the same


@dataclass(frozen=True)
class Country:
    """The places of an instance, their regions and people, and its calendar."""

    shape: Shape
    calendar: Calendar
    places: tuple[str, ...]
    region_of: dict[str, str]
    people: dict[str, int]

    @classmethod
    def draw(cls, shape: Shape) -> Country:
        """Draw the places; neighbouring numbers lie in one region."""
        random = shape.random("places")
        places = tuple(f"district-{n:03d}" for n in range(1, shape.places + 1))
        regions = {place: f"region-{1 + n * shape.regions // shape.places:02d}" for n, place in enumerate(places)}
        people = {place: 1_000 * random.randint(8, 120) for place in places}
        return cls(shape, Calendar(2030, 1, 7 if shape.full and shape.seed % 2 else 1), places, regions, people)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions in order."""
        return tuple(dict.fromkeys(self.region_of.values()))

    @property
    def packages(self) -> list[tuple[str, str]]:
        """Every place with every function."""
        return [(place, function) for place in self.places for function in FUNCTIONS]

    def capital(self, region: str) -> str:
        """Return the first place of a region."""
        return next(place for place in self.places if self.region_of[place] == region)

    def label(self, month: int) -> str:
        """Return a month as ``YYYY-MM``."""
        return self.calendar.label(month)
