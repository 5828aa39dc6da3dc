"""One package, one cell: dates, scores, needs, the windows it breaks and what it is worth (statement, 3.1, 4 to 6)."""

from __future__ import annotations

from collections.abc import Iterator

from folder_oracle.facts import Cell, Facts, Threat
from folder_oracle.tables import EVENTS, FOREVER, STAGES, Folder, listed, points, whole

#: The event with which each stage but the first begins.
BEGINS = dict(zip(STAGES[1:], EVENTS, strict=True))
AGES = 600  # months; longer than from the first closure to the end of a small folder
TOP = 100_000  # thousandths of a point


class Judged:
    """One cell of a package, judged and priced."""

    def __init__(self, folder: Folder, threat: Threat, facts: Facts, cell: Cell) -> None:
        self.folder = folder
        self.threat = threat
        self.facts = facts
        self.name, self.transfer = cell
        self.option = facts.options[self.name]
        self.dates = self._dates()
        stages = [self._stage(month) for month in range(folder.months)]
        self.needs = {row["resource"]: self._needed(row["resource"], stages) for row in folder.rows("resources")}
        self.relapse = self._relapse(stages)
        self.money = [self._paid(month) for month in range(folder.months)]
        self.revenue = [whole(facts.get("revenue")) * (month >= self.transfer) for month in range(folder.months)]
        self.departure = self._departure()
        self.broken = set(self._broken_by_anyone() if facts.past else self._broken())

    def _dates(self) -> dict[str, int]:
        option, transfer = self.option, self.transfer
        joint = transfer - option.joint
        support_end = joint - self.facts.proving(self.name)
        advisory = transfer + option.mentored
        months = (support_end - option.support, support_end, joint, transfer, advisory, advisory + option.advisory)
        return dict(zip(EVENTS, months, strict=True))

    def _stage(self, month: int) -> str:
        return next((s for s, event in zip(STAGES, EVENTS, strict=False) if month < self.dates[event]), STAGES[-1])

    def _needed(self, resource: str, stages: list[str]) -> list[int]:
        """Return the need of each month of the plan; proving needs what international does unless rows name it."""
        needs = [need for need in self.facts.needs if need.resource == resource and need.amount]
        own = any(need.when == "proving" for need in self.facts.needs if need.resource == resource)
        amounts = [0] * self.folder.months
        for month, actual in enumerate(stages):
            stage = "international" if actual == "proving" and not own else actual
            for need in needs:
                start = self.dates.get(need.when, FOREVER)
                acts = need.when == stage or start <= month < start + need.months
                if acts and (not need.levels or self.threat.level(self.facts.place, month) in need.levels):
                    amounts[month] += need.amount
        return amounts

    def _relapse(self, stages: list[str]) -> list[int]:
        """Return what a relapse would need of the reserve in each month; nothing in months that are not fragile."""
        rows, place = [need for need in self.facts.needs if need.when == "relapse" and need.amount], self.facts.place
        return [
            sum(n.amount for n in rows if not n.levels or self.threat.level(place, month) in n.levels)
            if stage in self.facts.fragile
            else 0
            for month, stage in enumerate(stages)
        ]

    def _paid(self, month: int) -> int:
        """Return what the lines of money must pay in a month."""
        facts, supported = self.facts, self.dates["support_start"] <= month < self.dates["support_end"]
        return (
            whole(facts.get("recurrent_cost")) * (month >= self.transfer)
            + whole(facts.get("handover_cost")) * (month == self.transfer)
            + self.option.cost * supported
        )

    def _departure(self) -> int:
        owned = [row["resource"] for row in self.folder.rows("resources") if row.get("owner") == "mission"]
        needed = (m + 1 for name in owned for m, amount in enumerate(self.needs[name]) if amount)
        return max(needed, default=0)

    def score(self, criterion: str, month: int, *, low: bool = False) -> int:
        """Return the score, or the low score, in a month."""
        fact = self.facts.scores[criterion]
        gain = self.facts.gains.get((self.name, criterion), 0)

        def before(month: int) -> int:
            counts = fact.assessed < self.dates["support_end"] <= month
            grown = fact.growth * max(0, month - fact.assessed)
            return min(TOP, (fact.low if low else fact.score) + grown + (gain if counts else 0))

        if month < self.transfer:
            return before(month)
        grown = fact.growth_after * (month - max(self.transfer, fact.assessed))
        return min(TOP, max(0, before(self.transfer) + grown))

    def _broken(self) -> Iterator[str]:
        """Yield the id of every promise about a package by itself that the cell breaks."""
        yield from self._broken_by_anyone()
        folder, facts, transfer = self.folder, self.facts, self.transfer
        early = not facts.midway and self.dates["support_start"] < 0
        other = facts.get("option") not in {"", self.name}
        if not 0 <= transfer < folder.months or self.dates["exit"] > folder.months or early or other:
            yield "P1"
        if any(self._short(gate.criterion, gate.event, gate.hold, gate.threshold) for gate in facts.gates):
            yield "W1"
        yield from self._broken_limits()
        if self._in_closure():
            yield "W4"
        earliest, latest = folder.month(facts.get("earliest")), folder.month(facts.get("latest"))
        if earliest is not None and transfer < earliest:
            yield "W5"
        if latest is not None and transfer > latest:
            yield "W6"
        done = {**self.dates, "departure": self.departure}[folder.plan.get("mandate_requires", "exit")]
        if folder.mandate_end is not None and done > folder.mandate_end:
            yield "W8"
        if not self._admitted_by_phase():
            yield "W9"

    def _broken_by_anyone(self) -> Iterator[str]:
        """Yield the promises that bind past packages, too: the month fixed, and the stage it is in."""
        facts, option = self.facts, self.option
        if facts.fixed not in {None, self.transfer}:
            yield "W7"
        if facts.stage in BEGINS:
            lengths = {
                "support": option.support,
                "proving": facts.proving(self.name),
                "joint": option.joint,
                "mentored": option.mentored,
                "advisory": option.advisory,
                "autonomous": 1,
            }
            if lengths[facts.stage] < 1 or self.dates[BEGINS[facts.stage]] != facts.since:
                yield "W10"

    def _short(self, criterion: str, event: str, hold: int, threshold: int) -> bool:
        month = self.dates[event]
        return any(self.score(criterion, m) < threshold for m in range(month - hold, month + 1))

    def _broken_limits(self) -> Iterator[str]:
        level, place = self.threat.level, self.facts.place
        for event, (limit, trend) in self.facts.limits.items():
            month = self.dates[event]
            if self.facts.midway and month < 0:
                continue
            hold = self.facts.hold(event) if event in {"transfer", "exit"} else 0
            if any(level(place, m) > limit for m in range(month - hold, month + 1)):
                yield "W2"
            if any(level(place, m) > level(place, m - 1) for m in range(month - trend + 1, month + 1)):
                yield "W3"

    def _in_closure(self) -> bool:
        folder, (place, function) = self.folder, self.facts.package
        for row in folder.rows("calendar"):
            places, functions = row.get("places") or "*", row.get("functions") or "*"
            if not folder.in_places(places, place) or not folder.in_functions(functions, function):
                continue
            start = folder.month(row["from"]) or 0
            end = folder.month(row.get("to") or row["from"]) or 0
            years = range(0, AGES if row.get("yearly") == "yes" else 1, 12)
            closed = listed(row.get("events", "")) or ([] if row.get("capacity_factor") else ["transfer"])
            for month in (self.dates[event] for event in closed):
                done = self.facts.midway and month < 0
                if not done and any(start + year <= month <= end + year for year in years):
                    return True
        return False

    def _admitted_by_phase(self) -> bool:
        for row in self.folder.rows("phases"):
            start, end = self.folder.span(row)
            if start <= self.transfer <= end:
                months = [self.folder.month(month) for month in listed(row.get("months", ""))]
                admits = row.get("admits") or "*"
                return self.folder.in_functions(admits, self.facts.package[1]) and self.transfer in (
                    months or [self.transfer]
                )
        return True

    def value(self, term: str) -> int:
        """Return what the cell adds to a sum, or the entry of a maximum."""
        match term:
            case "exit":
                return self.dates["exit"]
            case "departure":
                return self.departure
            case "early_transfer":
                return self.facts.weight * self.transfer
            case "cost":
                return self._cost()
            case "change":
                return 0 if self.facts.published is None else abs(self.transfer - self.facts.published)
            case _:
                return self._risk()

    def _cost(self) -> int:
        facts, dates, total = self.facts, self.dates, 0
        for month in range(self.folder.months):
            total += whole(facts.get("holding_cost")) * (month < self.transfer)
            total += whole(facts.get("handover_cost")) * (month == self.transfer)
            total += whole(facts.get("recurrent_cost")) * (self.transfer <= month < dates["exit"])
            total += self.option.cost * (dates["support_start"] <= month < dates["support_end"])
        return total

    def _risk(self) -> int:
        plan, facts, total = self.folder.plan, self.facts, 0
        margin, gates = points(str(plan.get("risk_margin", 0))), [g for g in facts.gates if g.event == "transfer"]
        if not gates:
            return 0
        for month in range(max(self.transfer, 0), self.transfer + plan.get("risk_months", 24)):
            short = sum(max(0, g.threshold + margin - self.score(g.criterion, month, low=True)) for g in gates)
            total += (facts.people or 0) * self.threat.level(facts.place, month) * short
        return total
