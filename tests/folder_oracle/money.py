"""Money, year by year: whether lines can pay what packages cost, by building up payments (statement, 4.7 and 5.3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from folder_oracle.links import Plan
from folder_oracle.tables import Folder, Package, RefusedError, Row, listed, number, segments, tenths, whole

#: An amount for each line, in their order.
Amounts: TypeAlias = tuple[int, ...]
#: What every package needs, and what every line holds, in each fiscal year.
Accounts: TypeAlias = tuple[tuple[Amounts, Amounts], ...]
#: By line, what is paid in each fiscal year.
Uses: TypeAlias = Mapping[str, Sequence[int]]

YEAR = 12


@dataclass(frozen=True)
class Line:
    """One source of money, with the row that gives each fiscal year."""

    name: str
    donor: str
    rows: Sequence[Row]
    years: Sequence[Row | None]
    serves: frozenset[Package]
    carry: int | None

    @property
    def base(self) -> int | None:
        """What was used in the year before the first whole one."""
        return next((int(row["base"]) for row in self.rows if row.get("base")), None)


class Money:
    """The lines of a folder, and what is right to pay from them.

    Attributes
    ----------
    lines : list of Line
        Empty where there is no money rule.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.years = folder.fiscal_years()
        self.funded = bool(folder.rows("budget") or folder.rows("pledges"))
        self.shares = {row["donor"]: tenths(row.get("max_share", "")) for row in folder.rows("donors")}
        self.sunset = {row["donor"]: folder.month(row.get("sunset", "")) for row in folder.rows("donors")}
        self.paid_to = {
            (row["place"], row["function"]): row.get("revenue_to") or "host" for row in folder.rows("packages")
        }
        self._check()
        self.lines = [*self._budget(), *self._pledges()] if self.funded else []
        self.lines += self._fed_by_revenue() if self.funded else []
        self._known: dict[Accounts, list[Amounts] | None] = {}

    def _check(self) -> None:
        if self.funded and any(row["resource"] == "money" for row in self.folder.rows("resources")):
            raise RefusedError("a resource called money")
        for row in self.folder.rows("pledges"):
            start, end = self.folder.span(row)
            sunset = self.sunset.get(row["donor"])
            if row["donor"] not in self.shares:
                raise RefusedError(f"{row['donor']} is no donor")
            if row.get("condition") and segments(row["condition"]) not in self.folder.packages:
                raise RefusedError(f"{row['condition']} is no package")
            if sunset is not None and (start > sunset or (row.get("to") and end > sunset)):
                raise RefusedError(f"{row} goes on after the sunset of its donor")

    def _budget(self) -> Iterator[Line]:
        rows = self.folder.rows("budget")
        for name in dict.fromkeys(row.get("line") or "host" for row in rows):
            own = [row for row in rows if (row.get("line") or "host") == name]
            years = []
            for months in self.years:
                year = self.folder.fiscal_year(months[0])
                giving = [row for row in own if year in _years(row)]
                years.append(_only(giving or [row for row in own if not _years(row)]))
            for row, other in itertools.combinations(own, 2):
                if set(_years(row)) & set(_years(other)):
                    raise RefusedError(f"{row} and {other} give the same fiscal year")
            yield Line(name, "", own, years, frozenset(self.folder.packages), None)

    def _pledges(self) -> Iterator[Line]:
        rows = self.folder.rows("pledges")
        counted = self.folder.plan.get("announced_pledges", False)
        for donor, pledge in dict.fromkeys((row["donor"], row.get("pledge") or "") for row in rows):
            own = [row for row in rows if (row["donor"], row.get("pledge") or "") == (donor, pledge)]
            serves = {self._earmark(row) for row in own}
            carry = {self._carry(row) for row in own}
            if len(serves) > 1 or len(carry) > 1:
                raise RefusedError(f"rows of {donor}/{pledge} differ in earmark or carry-over")
            for months in self.years:
                _only([row for row in own if self._gives(row, months[0])])
            own = [row for row in own if counted or row.get("status") != "announced"]
            years = [_only([row for row in own if self._gives(row, months[0])]) for months in self.years]
            if own:
                yield Line(f"{donor}/{pledge}" if pledge else donor, donor, own, years, serves.pop(), carry.pop())

    def _fed_by_revenue(self) -> Iterator[Line]:
        """Yield lines that no row gives anything, but packages pay into."""
        told = {line.name for line in self.lines}
        paying = [row for row in self.folder.rows("packages") if whole(row.get("revenue", ""))]
        for name in dict.fromkeys(self.paid_to[row["place"], row["function"]] for row in paying):
            if name not in told:
                yield Line(name, "", [], [None for _ in self.years], frozenset(self.folder.packages), None)

    def _earmark(self, row: Row) -> frozenset[Package]:
        patterns = row.get("earmark") or "*/*"
        return frozenset(package for package in self.folder.packages if self.folder.means(patterns, package))

    def _carry(self, row: Row) -> int | None:
        said = row.get("carry_over") or "no"
        return {"no": None, "yes": self.folder.months}[said] if said in {"no", "yes"} else self.folder.month(said)

    def _last(self, row: Row) -> int | None:
        end = self.folder.month(row.get("to", ""))
        return self.sunset[row["donor"]] if end is None else end

    def _gives(self, row: Row, first: int) -> bool:
        last = self._last(row)
        return self.folder.span(row)[0] <= first and (last is None or first <= last)

    def uses(self, plan: Plan) -> Uses | None:
        """Return payments for a whole timetable that break nothing; None if there are none."""
        if not self.funded:
            return {}
        accounts = self._accounts(plan)
        if accounts not in self._known:
            self._known[accounts] = next(self._paid(accounts), None)
        found = self._known[accounts]
        return None if found is None else {line.name: [paid[j] for paid in found] for j, line in enumerate(self.lines)}

    def broken(self, plan: Plan, uses: Uses) -> bool:
        """Return whether payments for a whole timetable break anything."""
        if not self.funded:
            return False
        accounts = self._accounts(plan)
        paid: list[Amounts] = []
        for needs, _ in accounts:
            paid.append(tuple(uses[line.name][len(paid)] for line in self.lines))
            if paid[-1] not in self._handed_out(needs, paid[-1]) or not self._right(accounts, paid):
                return True
        return False

    def _accounts(self, plan: Plan) -> Accounts:
        def summed(amounts: Sequence[int], months: Iterable[int]) -> int:
            return sum(amounts[month] for month in months)

        accounts = []
        for b, months in enumerate(self.years):
            held = []
            for line in self.lines:
                paying = [judged for package, judged in plan.items() if self.paid_to[package] == line.name]
                held.append(self._amount(line, b, plan) + sum(summed(judged.revenue, months) for judged in paying))
            needs = tuple(summed(plan[package].money, months) for package in self.folder.packages)
            accounts.append((needs, tuple(held)))
        return tuple(accounts)

    def _amount(self, line: Line, b: int, plan: Plan) -> int:
        row = line.years[b]
        if row is None:
            return 0
        if row.get("condition"):
            month = plan[segments(row["condition"])].dates[row.get("condition_event") or "transfer"]
            return int(row["amount"]) if month <= self.years[b][0] else 0
        return int(row["amount"])

    def _paid(self, accounts: Accounts) -> Iterator[list[Amounts]]:
        """Yield payments of all years; what has led nowhere once is not gone through again."""
        seen: set[tuple[int, Amounts, Amounts]] = set()

        def further(paid: list[Amounts]) -> Iterator[list[Amounts]]:
            if len(paid) == len(accounts):
                yield paid
                return
            state = (len(paid), *self._matters(paid))
            if state in seen:
                return
            seen.add(state)
            needs = accounts[len(paid)][0]
            most = tuple(sum(held[j] for _, held in accounts[: len(paid) + 1]) for j in range(len(self.lines)))
            for payment in sorted(self._handed_out(needs, most)):
                if self._right(accounts, [*paid, payment]):
                    yield from further([*paid, payment])

        return further([])

    def _matters(self, paid: list[Amounts]) -> tuple[Amounts, Amounts]:
        """Return what later years depend on: the last use of lines that bind it, all use of lines that carry over."""
        bound = [any(row.get("max_growth") or row.get("max_fall") for row in line.rows) for line in self.lines]
        last = tuple(amounts * said for amounts, said in zip(paid[-1], bound, strict=True)) if paid else ()
        summed = (sum(amounts[j] for amounts in paid) * (line.carry is not None) for j, line in enumerate(self.lines))
        return last, tuple(summed)

    def _handed_out(self, needs: Amounts, most: Amounts) -> set[Amounts]:
        """Return what lines may pay in a year, within a bound, where each package is paid by lines that serve it."""
        reached = {tuple(0 for _ in self.lines)}
        for package, need in zip(self.folder.packages, needs, strict=True):
            may = [package in line.serves for line in self.lines]
            reached = {new for paid in reached for new in _more(paid, need, may, most)}
        return reached

    def _right(self, accounts: Accounts, paid: list[Amounts]) -> bool:
        """Return whether the payments of the last of some years are right, given those before."""
        b = len(paid) - 1
        needed = sum(accounts[b][0])
        for donor, share in self.shares.items():
            given = sum(amount for line, amount in zip(self.lines, paid[b], strict=True) if line.donor == donor)
            if share is not None and given * 1000 > share * needed:
                return False
        return all(
            self._covered(line, [held[j] for _, held in accounts], [amounts[j] for amounts in paid])
            and self._steady(line, [amounts[j] for amounts in paid])
            for j, line in enumerate(self.lines)
        )

    def _covered(self, line: Line, held: Sequence[int], used: Sequence[int]) -> bool:
        b = len(used) - 1
        if line.carry is not None and self.years[b][0] <= line.carry:
            return sum(used) <= sum(held[: b + 1])
        return used[b] <= held[b]

    def _steady(self, line: Line, used: Sequence[int]) -> bool:
        """Return whether use grows and falls no more than it may, into the last of some years and out of the plan."""
        b, row = len(used) - 1, line.years[len(used) - 1]
        whole_years = [len(months) == YEAR for months in self.years]
        if not whole_years[b]:
            return True
        steps = []
        if any(whole_years[:b]):
            earlier = line.years[b - 1]
            steps.append((used[b - 1], used[b], _cell(row, "max_growth"), _cell(earlier, "max_fall")))
        elif line.base is not None:
            steps.append((line.base, used[b], _cell(row, "max_growth"), _cell(row, "max_fall")))
        if row and line.donor and b == len(self.years) - 1:
            last = self._last(row)
            if last is not None and last < self.folder.months:
                steps.append((used[b], 0, None, _cell(row, "max_fall")))
        return all(
            (growth is None or after - before <= growth) and (fall is None or before - after <= fall)
            for before, after, growth, fall in steps
        )


def _more(paid: Amounts, need: int, may: Sequence[bool], most: Amounts) -> Iterator[Amounts]:
    """Yield what is paid when one more package gets its need."""
    if not may:
        yield from [()] if need == 0 else []
        return
    for part in range(min(need, most[0] - paid[0]) + 1 if may[0] else 1):
        for rest in _more(paid[1:], need - part, may[1:], most[1:]):
            yield (paid[0] + part, *rest)


def _years(row: Row) -> list[int]:
    return [int(year.removeprefix("FY")) for year in listed(row.get("fiscal_year", ""))]


def _only(rows: Sequence[Row]) -> Row | None:
    if len(rows) > 1:
        raise RefusedError(f"{rows} give the same fiscal year")
    return rows[0] if rows else None


def _cell(row: Row | None, column: str) -> int | None:
    return number(row.get(column, "")) if row else None
