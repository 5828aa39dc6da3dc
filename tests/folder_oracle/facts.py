"""What the rows say about one package: its options, gates, limits, needs and past (statement, 2, 3 and 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from folder_oracle.tables import Folder, Package, RefusedError, Row, listed, points, speaker, whole

#: Option and transfer month.
Cell: TypeAlias = tuple[str, int]
#: Resource, stage or event, and the set of levels: need rows that agree in all three compete.
NeedKey: TypeAlias = tuple[str, str, frozenset[int]]

SEARCHED = 200  # months in either direction; rows of a small folder lie nearer


@dataclass(frozen=True)
class Option:
    """One way to prepare a package: lengths in months, cost for each month of support."""

    joint: int
    mentored: int
    advisory: int
    support: int = 0
    cost: int = 0


@dataclass(frozen=True)
class Gate:
    """A criterion that is tested at an event."""

    criterion: str
    event: str
    threshold: int
    hold: int


@dataclass(frozen=True)
class Score:
    """A readiness row, in thousandths of a point."""

    score: int
    low: int
    assessed: int
    growth: int
    growth_after: int


@dataclass(frozen=True)
class Need:
    """What one row needs of a resource in each month of a stage, or in some months from an event on.

    A need at a ``relapse`` names no resource.
    """

    resource: str
    when: str
    levels: frozenset[int]
    months: int
    amount: int


class Threat:
    """The threat level of every place and month (statement, 4.2)."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._rows = folder.rows("threat")
        self.known = {place for place in folder.region if any(folder.in_places(r["places"], place) for r in self._rows)}
        self._levels: dict[tuple[str, int], int] = {}
        for place in self.known:
            for month in range(-SEARCHED, SEARCHED):
                self._stated(place, month)  # two equals are a fault, whether or not the month is ever asked for

    def level(self, place: str, month: int) -> int:
        """Return the level of the most specific row, or of the nearest month that is covered, the higher of two."""
        if (place, month) not in self._levels:
            near = (
                [level for m in {month - away, month + away} if (level := self._stated(place, m)) is not None]
                for away in range(SEARCHED)
            )
            self._levels[place, month] = max(next(filter(None, near)))
        return self._levels[place, month]

    def _stated(self, place: str, month: int) -> int | None:
        claims = []
        for row in self._rows:
            start, end = self.folder.span(row)
            ranks = [self.folder.place_rank(segment, place) for segment in listed(row["places"])]
            if start <= month <= end:
                claims += [((rank,), row) for rank in ranks if rank is not None]
        return int(speaker(claims)["level"]) if claims else None


class Facts:
    """Everything the rows say about one package."""

    def __init__(self, folder: Folder, package: Package) -> None:
        self.folder = folder
        self.package = package
        self.place, function = package
        self.row = next(row for row in folder.rows("packages") if (row["place"], row["function"]) == package)
        self.function = next(row for row in folder.rows("functions") if row["function"] == function)
        site = next(row for row in folder.rows("places") if row["place"] == self.place)
        self.people = int(site["population"]) if site.get("population") else None
        self.options = self._options()
        gains = folder.speakers("gains", package, lambda row: [(row["option"], row["criterion"])])
        self.gains = {key: points(row["gain"]) for key, row in gains.items()}
        self.gates = list(self._gates())
        self.scores = self._scores()
        limits = folder.speakers("limits", package, lambda row: [row.get("event") or "transfer"])
        self.fragile = listed(self.function.get("fragile", "")) or ["joint", "mentored", "advisory"]
        self.limits = {event: (whole(r.get("limit", ""), 99), whole(r.get("trend", ""))) for event, r in limits.items()}
        self.needs = list(self._needs())
        published = [row for row in folder.rows("published") if (row["place"], row["function"]) == package]
        self.published = folder.month(published[0]["transfer"]) if published else None
        self.weight = whole(self.get("weight"), whole(self.function.get("weight", ""), 1))
        self.fixed = folder.month(self.get("fixed"))
        self.stage = self.get("current_stage")
        self.since = folder.month(self.get("since"))
        self.named = self._named()
        self.past = self._past()

    def get(self, column: str) -> str:
        """Return a cell of the package's own row."""
        return self.row.get(column) or ""

    @property
    def midway(self) -> bool:
        """Whether the package is in a stage already, in an option that is known."""
        return self.stage not in {"", "international"} and self.named is not None

    def hold(self, event: str) -> int:
        """Return the longest hold among the criteria of an event, or the plan's."""
        return max((gate.hold for gate in self.gates if gate.event == event), default=self.folder.hold)

    def proving(self, option: str) -> int:
        """Return the months of proving that an option needs before its joint stage."""
        return max(0, self.hold("transfer") - self.options[option].joint)

    def _options(self) -> dict[str, Option]:
        lengths = {length: whole(self.function.get(f"{length}_months", "")) for length in LENGTHS}
        rows = self.folder.speakers("options", self.package, lambda row: [row["option"]])
        found = {}
        for name, row in rows.items():
            own = {length: whole(row.get(f"{length}_months", ""), lengths[length]) for length in LENGTHS}
            support, cost = whole(row.get("support_months", "")), whole(row.get("support_cost", ""))
            found[name] = Option(**own, support=support, cost=cost)
        return found or {"none": Option(**lengths)}

    def _gates(self) -> Iterator[Gate]:
        rows = self.folder.speakers("criteria", self.package, lambda row: [(row["criterion"], _event(row))])
        for (criterion, event), row in rows.items():
            hold = whole(row.get("hold", ""), self.folder.hold)
            yield Gate(criterion, event, points(row["threshold"]), hold)

    def _scores(self) -> dict[str, Score]:
        rows = self.folder.speakers("readiness", self.package, lambda row: [row["criterion"]])
        if missing := {gate.criterion for gate in self.gates} - rows.keys():
            raise RefusedError(f"{self.package} has no readiness in {missing}")
        return {
            criterion: Score(
                score=points(row["score"]),
                low=points(row.get("low") or row["score"]),
                assessed=self.folder.month(row.get("assessed", "")) or 0,
                growth=points(row.get("growth", "")),
                growth_after=points(row.get("growth_after", "")),
            )
            for criterion, row in rows.items()
        }

    def _needs(self) -> Iterator[Need]:
        guarded = self.folder.guarded(self.place)
        for (resource, when, levels), row in self.folder.speakers("needs", self.package, self._need_keys).items():
            if when == "relapse" and not guarded:
                continue  # nobody asks
            amount, people = int(row["amount"]), whole(row.get("per_people", ""))
            if people and amount:
                if self.people is None:
                    raise RefusedError(f"a need asks for the population of {self.place}")
                amount = -(-amount * self.people // people)
            yield Need(resource, when, levels, whole(row.get("months", ""), 1), amount)

    def _need_keys(self, row: Row) -> list[NeedKey]:
        """Return a key for each stage that a need row lists, or for its event; its months are no part of it."""
        levels = frozenset(map(int, listed(row.get("threat", ""))))
        named = listed(row.get("stages", ""))
        stages = {stage for name in named for stage in (self.fragile if name == "fragile" else [name])}
        return [(row.get("resource", ""), when, levels) for when in (sorted(stages) or [row["event"]])]

    def _named(self) -> str | None:
        """Return the option that is settled: the one named, or the only one."""
        if name := self.get("option"):
            if name not in self.options:
                raise RefusedError(f"{self.package} has no option {name}")
            return name
        return next(iter(self.options)) if len(self.options) == 1 else None

    def _past(self) -> Cell | None:
        """Return the one cell of a package handed over before month 0 (statement, 3.2)."""
        alone = bool(self.stage) != (self.since is not None) and (self.stage != "international")
        if alone or (self.since or 0) > 0:
            raise RefusedError(f"{self.package}: a stage and the month it began in, not after the first of the plan")
        settled = {name: self._handed_over(option) for name, option in self.options.items()}
        if self.named is not None:
            settled = {self.named: settled[self.named]}
        begun = self.fixed is not None and self.fixed < 0
        if not begun and not any(month is not None and month < 0 for month in settled.values()):
            return None
        if self.named is None:
            raise RefusedError(f"{self.package} is past, in one of several options")
        months = {month for month in (settled[self.named], self.fixed) if month is not None}
        if len(months) > 1:
            raise RefusedError(f"{self.package}: fixed and since disagree")
        return self.named, months.pop()

    def _handed_over(self, option: Option) -> int | None:
        """Return the transfer month that a current stage after the transfer tells."""
        before = {"mentored": 0, "advisory": option.mentored, "autonomous": option.mentored + option.advisory}
        return None if self.since is None or self.stage not in before else self.since - before[self.stage]


LENGTHS = ("joint", "mentored", "advisory")


def _event(row: Row) -> str:
    return row.get("event") or "transfer"
