"""Money by hand: whether a timetable can be paid for, found by trying every payment of every fiscal year.

Written from models/problem.md, 4.7 and 5.3, for small amounts; it shares nothing with the program but the instance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice, Choices, Uses
from sequencer.vocabulary import Event

YEAR = 12
#: What is paid from each line in one fiscal year, in the order of the lines.
Payment: TypeAlias = tuple[int, ...]
#: How many years are paid, and what may matter later: the payment of the last, and all that was paid from some lines.
State: TypeAlias = tuple[int, Payment, Payment]
#: Of each fiscal year, what each package needs and what each line holds.
Accounts: TypeAlias = tuple[tuple[Payment, Payment], ...]


@dataclass(frozen=True)
class Line:
    """One source of money: the rows that give its years, whom it serves, and until when it keeps what is left over."""

    name: str
    rows: tuple[facts.Budget | facts.Pledge | None, ...]
    base: int | None
    serves: frozenset[str] | None
    carry_until: int | None
    donor: str


def dates(instance: Instance, name: str, choice: Choice) -> dict[Event, int]:
    """Return the month of each event of a package."""
    package = instance.package[name]
    function = instance.function[package.function]
    option = next(option for option in instance.options_of[name] if option.name == choice.option)
    joint = function.joint if option.joint is None else option.joint
    mentored = function.mentored if option.mentored is None else option.mentored
    advisory = function.advisory if option.advisory is None else option.advisory
    gates = [gate for gate in instance.criteria_of.get(name, ()) if gate.event is Event.TRANSFER]
    hold = max((instance.plan.hold if gate.hold is None else gate.hold for gate in gates), default=instance.plan.hold)
    begin = choice.transfer - max(hold, joint)
    return {
        Event.SUPPORT_START: begin - option.support,
        Event.SUPPORT_END: begin,
        Event.JOINT_START: choice.transfer - joint,
        Event.TRANSFER: choice.transfer,
        Event.ADVISORY_START: choice.transfer + mentored,
        Event.EXIT: choice.transfer + mentored + advisory,
    }


class MoneyOracle:
    """Tries payments for the timetables of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        months = range(instance.plan.months)
        by_year: dict[int, list[int]] = {}
        for month in months:
            by_year.setdefault(instance.calendar.fiscal_year(month), []).append(month)
        self.years = list(by_year.values())
        self.lines = [self._line(name, list(by_year)) for name in instance.money_lines]
        self.packages = [package.name for package in instance.packages]
        self.first_whole = next((b for b, year in enumerate(self.years) if len(year) == YEAR), None)
        self._found: dict[Accounts, tuple[Payment, ...] | None] = {}

    def uses(self, choices: Choices) -> Uses | None:
        """Return what may be paid from each line in each year; None if a timetable cannot be paid for."""
        if not self.instance.funded:
            return {}
        accounts = self._accounts(choices)
        if accounts not in self._found:
            self._found[accounts] = self._search(accounts)
        payments = self._found[accounts]
        if payments is None:
            return None
        return {line.name: tuple(paid[j] for paid in payments) for j, line in enumerate(self.lines)}

    def _line(self, name: str, years: list[int]) -> Line:
        budget = [row for row in self.instance.budget if row.line == name]
        pledge = [row for row in self.instance.counted_pledges if row.line == name]
        rows: list[facts.Budget | facts.Pledge | None] = []
        for year, months in zip(years, self.years, strict=True):
            giving: list[facts.Budget | facts.Pledge | None] = [row for row in budget if row.year == year]
            giving += [row for row in pledge if row.start <= months[0] and (row.end is None or months[0] <= row.end)]
            (row,) = giving or [None]
            rows.append(row)
        bases = [base for base in (*(row.base for row in budget), *(row.base for row in pledge)) if base is not None]
        return Line(
            name=name,
            rows=tuple(rows),
            base=bases[0] if bases else None,
            serves=pledge[0].serves if pledge else None,
            carry_until=pledge[0].carry_until if pledge else None,
            donor=pledge[0].donor if pledge else "",
        )

    def _accounts(self, choices: Choices) -> Accounts:
        """Return what is needed and what is held in each year."""
        events = {name: dates(self.instance, name, choices[name]) for name in self.packages}
        return tuple(
            (
                tuple(sum(self._need(name, choices[name], events[name], m) for m in year) for name in self.packages),
                tuple(self._held(line, b, events) for line in self.lines),
            )
            for b, year in enumerate(self.years)
        )

    def _need(self, name: str, choice: Choice, events: dict[Event, int], month: int) -> int:
        package = self.instance.package[name]
        option = next(option for option in self.instance.options_of[name] if option.name == choice.option)
        supported = events[Event.SUPPORT_START] <= month < events[Event.SUPPORT_END]
        return (
            package.recurrent_cost * (month >= choice.transfer)
            + package.handover_cost * (month == choice.transfer)
            + option.cost * supported
        )

    def _held(self, line: Line, b: int, events: dict[str, dict[Event, int]]) -> int:
        """Return the amount of a year if its condition is met, and the revenue paid into the line (S6, S7)."""
        year, row = self.years[b], line.rows[b]
        held = row.amount if row else 0
        if isinstance(row, facts.Pledge) and row.condition:
            name, event = row.condition
            held *= events[name][event] <= year[0]
        for package in self.instance.packages:
            if package.revenue_to == line.name:
                held += package.revenue * sum(month >= events[package.name][Event.TRANSFER] for month in year)
        return held

    def _search(self, accounts: Accounts) -> tuple[Payment, ...] | None:
        """Return payments of all years that break nothing, tried year by year; no state is gone through twice."""
        seen: set[State] = set()

        def further(payments: tuple[Payment, ...]) -> tuple[Payment, ...] | None:
            b = len(payments)
            state = self._state(payments)
            if b == len(accounts) or state in seen:
                return payments if b == len(accounts) else None
            seen.add(state)
            needs, held = accounts[b]
            left = [sum(had) for had in zip(*(held for _, held in accounts[:b]), strict=True)] or [0] * len(held)
            paid = [sum(used) for used in zip(*payments, strict=True)] or [0] * len(held)
            most = tuple(
                held[j] + (left[j] - paid[j] if self._kept(line, b) else 0) for j, line in enumerate(self.lines)
            )
            tried = (payment for payment in self._payments(needs, most) if self._steps(b, payments, payment))
            found = (further((*payments, payment)) for payment in tried)
            return next((all_years for all_years in found if all_years is not None), None)

        return further(())

    def _state(self, payments: tuple[Payment, ...]) -> State:
        """Return what later years depend on: the last use of lines that bind it, all use of lines that carry over."""
        b = len(payments)
        bound = tuple(
            payments[-1][j] if b and any(row and _limits(row) for row in line.rows[b - 1 : b + 1]) else 0
            for j, line in enumerate(self.lines)
        )
        summed = tuple(
            sum(paid[j] for paid in payments) if line.carry_until is not None else 0
            for j, line in enumerate(self.lines)
        )
        return b, bound, summed

    def _kept(self, line: Line, b: int) -> bool:
        """Return whether what was left over before may be used in a year (S3)."""
        return line.carry_until is not None and self.years[b][0] <= line.carry_until

    def _payments(self, needs: Payment, most: Payment) -> Iterator[Payment]:
        """Yield the ways to pay all needs of a year (S1 with what is left over, S2, S4)."""
        total = sum(needs)
        for payment in _parts(total, most):
            if self._shares(payment, total) and self._split(needs, payment):
                yield payment

    def _shares(self, payment: Payment, total: int) -> bool:
        for donor in self.instance.donors:
            given = sum(paid for line, paid in zip(self.lines, payment, strict=True) if line.donor == donor.name)
            if donor.max_share is not None and 1000 * given > donor.max_share * total:
                return False
        return True

    def _split(self, needs: Payment, payment: Payment) -> bool:
        """Return whether a payment can be handed out so that each package gets its need from lines that serve it."""
        serving = tuple(
            tuple(line.serves is None or package in line.serves for line in self.lines) for package in self.packages
        )
        return _handed_out(needs, serving, payment)

    def _steps(self, b: int, payments: tuple[Payment, ...], payment: Payment) -> bool:
        """Return whether payments grow and fall no more than their rows allow (S5)."""
        before = payments[-1] if payments else payment
        return all(self._step(line, b, before[j], payment[j]) for j, line in enumerate(self.lines))

    def _step(self, line: Line, b: int, before: int, now: int) -> bool:
        row = line.rows[b]
        if len(self.years[b]) < YEAR:
            return True
        if b == self.first_whole:
            if row and line.base is not None and not _within(row.max_growth, row.max_fall, line.base, now):
                return False
        else:
            earlier = line.rows[b - 1]
            if not _within(row.max_growth if row else None, earlier.max_fall if earlier else None, before, now):
                return False
        ends = isinstance(row, facts.Pledge) and row.end is not None and row.end < self.instance.plan.months
        last = b == len(self.years) - 1
        return not (last and ends and row and row.max_fall is not None and now > row.max_fall)


def _limits(row: facts.Budget | facts.Pledge) -> bool:
    return row.max_growth is not None or row.max_fall is not None


def _within(growth: int | None, fall: int | None, before: int, now: int) -> bool:
    return (growth is None or now - before <= growth) and (fall is None or before - now <= fall)


def _parts(total: int, most: Payment) -> Iterator[Payment]:
    """Yield every way to write a total as a sum of so many parts, each within its bound."""
    if not most:
        if total == 0:
            yield ()
        return
    for part in range(min(total, most[0]) + 1):
        if total - part <= sum(most[1:]):
            yield from ((part, *rest) for rest in _parts(total - part, most[1:]))


@cache
def _handed_out(needs: Payment, serving: tuple[tuple[bool, ...], ...], left: Payment) -> bool:
    """Return whether needs can be met from what is left, package by package in every way."""
    if not needs:
        return not any(left)
    most = tuple(amount if may else 0 for amount, may in zip(left, serving[0], strict=True))
    return any(
        _handed_out(needs[1:], serving[1:], tuple(a - b for a, b in zip(left, part, strict=True)))
        for part in _parts(needs[0], most)
    )
