"""The donor bridge as rows: what each line pays in each year for each kind of package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sequencer.milp.rows import Rows, Terms, Var
from sequencer.problem import Bridge, Demand, Step
from sequencer.timetable import Uses
from sequencer.vocabulary import Event

#: By line and year: what the line pays, and what it has, as a sum and a number.
Paid: TypeAlias = list[list[list[tuple[Var, int]]]]
Held: TypeAlias = list[list[tuple[Terms, int]]]


class PostedBridge:
    """The bridge, told by sums of needs and by what has come by a month.

    Attributes
    ----------
    uses : list of list of Terms
        What each line pays in each year.
    """

    def __init__(
        self,
        rows: Rows,
        rule: Bridge,
        sums: Callable[[Sequence[Demand], Sequence[range]], list[Terms]],
        come_by: Callable[[str, Event, int], Terms],
    ) -> None:
        self._rows = rows
        self._rule = rule
        years = range(len(rule.buckets))
        self.uses: Paid = [[[] for _ in years] for _ in rule.lines]
        needs = [
            sums([demand for name in names for demand in rule.demands_of[name]], rule.buckets)
            for names in rule.kinds.values()
        ]
        for kind, (lines, need) in enumerate(zip(rule.kinds, needs, strict=True)):
            self._pay(kind, lines, need)
        self._keep(self._held(sums, come_by))
        self._share([[entry for need in needs for entry in need[b]] for b in years])
        for j, line in enumerate(rule.lines):
            for step in line.steps:
                self._step(j, step)

    def rounded(self, values: Sequence[float]) -> Uses:
        """Return what each line pays in each year in a solution, payments rounded to whole units."""
        return {
            line.name: tuple(sum(round(values[var]) for var, _ in year) for year in use)
            for line, use in zip(self._rule.lines, self.uses, strict=True)
        }

    def _pay(self, kind: int, lines: frozenset[int], needs: Sequence[Terms]) -> None:
        """Every need is paid for (S2), in whole units where proposition 3 does not make them so."""
        whole = not settled(self._rule)
        for b, (most, need) in enumerate(zip(self._rule.most(self._rule.kinds[lines]), needs, strict=True)):
            paid = [(j, self._rows.variable(f"y_k{kind}_l{j}_b{b}", most, whole=whole)) for j in sorted(lines)]
            for j, var in paid:
                self.uses[j][b].append((var, 1))
            self._rows.equal(f"S2_k{kind}_b{b}", [*((var, 1) for _, var in paid), *_negative(need)], 0)

    def _held(
        self,
        sums: Callable[[Sequence[Demand], Sequence[range]], list[Terms]],
        come_by: Callable[[str, Event, int], Terms],
    ) -> Held:
        """Return what each line has in each year: amounts whose condition is met (S6), and revenue (S7)."""
        found: Held = []
        for line in self._rule.lines:
            row: list[tuple[Terms, int]] = []
            revenue = sums(line.revenue, self._rule.buckets)
            for b, (amount, condition) in enumerate(zip(line.amounts, line.conditions, strict=True)):
                if condition is None:
                    row.append((revenue[b], amount))
                else:
                    come = come_by(*condition, self._rule.buckets[b].start)
                    row.append(([*revenue[b], *((var, amount) for var, _ in come)], 0))
            found.append(row)
        return found

    def _keep(self, held: Held) -> None:
        """No line pays more than it has (S1), or has kept (S3)."""
        for j, (line, use, there) in enumerate(zip(self._rule.lines, self.uses, held, strict=True)):
            for b in range(len(use)):
                since = 0 if b < line.carried else b
                pays = [entry for year in use[since : b + 1] for entry in year]
                has = [entry for terms, _ in there[since : b + 1] for entry in terms]
                name = f"{'S3' if b < line.carried else 'S1'}_l{j}_b{b}"
                self._rows.at_most(name, [*pays, *_negative(has)], sum(amount for _, amount in there[since : b + 1]))

    def _share(self, totals: Sequence[Terms]) -> None:
        """No donor pays more than its share of a year (S4)."""
        for d, share in enumerate(self._rule.shares):
            for b, total in enumerate(totals):
                pays = [(var, 1000) for j in share.lines for var, _ in self.uses[j][b]]
                may = [(var, -share.thousandths * value) for var, value in total]
                self._rows.at_most(f"S4_d{d}_b{b}", [*pays, *may], 0)

    def _step(self, j: int, step: Step) -> None:
        """Use of a line rises and falls no more than it may from one year to the next (S5)."""
        use = self.uses[j]
        before = [] if step.before is None else use[step.before]
        after = [] if step.after is None else use[step.after]
        base = step.base if step.before is None else 0
        name = f"S5_l{j}_{'base' if step.before is None else f'b{step.before}'}"
        if step.growth is not None:
            self._rows.at_most(f"{name}_growth", [*after, *_negative(before)], step.growth + base)
        if step.fall is not None:
            self._rows.at_most(f"{name}_fall", [*before, *_negative(after)], step.fall - base)


def settled(rule: Bridge) -> bool:
    """Return whether payments in fractions are enough: whole ones then exist, too (proposition 3)."""
    return not rule.shares and not any(line.steps for line in rule.lines)


def _negative(terms: Terms) -> Terms:
    return [(var, -value) for var, value in terms]
