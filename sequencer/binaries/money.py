"""The donor bridge as rows: what each line pays in each year for each kind of package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sequencer.binaries.rows import Rows
from sequencer.binaries.sums import Sum, added, once
from sequencer.problem import Bridge, Demand, Step
from sequencer.timetable import Uses
from sequencer.vocabulary import Event

#: By line and year: what the line has, as a sum and a number.
Held: TypeAlias = list[list[tuple[Sum, int]]]

NOTHING = added([])


class PostedBridge:
    """The bridge, told by sums of needs and by what has come by a month.

    Attributes
    ----------
    uses : list of list of Sum
        What each line pays in each year.
    """

    def __init__(
        self,
        rows: Rows,
        rule: Bridge,
        sums: Callable[[Sequence[Demand], Sequence[range]], list[Sum]],
        come_by: Callable[[str, Event, int], Sum],
    ) -> None:
        self._rows = rows
        self._rule = rule
        years = range(len(rule.buckets))
        self.uses: list[list[Sum]] = [[NOTHING for _ in years] for _ in rule.lines]
        needs = [
            sums([demand for name in names for demand in rule.demands_of[name]], rule.buckets)
            for names in rule.kinds.values()
        ]
        for kind, (lines, need) in enumerate(zip(rule.kinds, needs, strict=True)):
            self._pay(kind, lines, need)
        self._keep(self._held(sums, come_by))
        self._share([added(need[b] for need in needs) for b in years])
        for j, line in enumerate(rule.lines):
            for step in line.steps:
                self._step(j, step)

    def rounded(self, values: Sequence[float]) -> Uses:
        """Return what each line pays in each year in a solution, payments rounded to whole units."""
        return {
            line.name: tuple(sum(round(values[var]) for var in year.vars.tolist()) for year in use)
            for line, use in zip(self._rule.lines, self.uses, strict=True)
        }

    def _pay(self, kind: int, lines: frozenset[int], needs: Sequence[Sum]) -> None:
        """Every need is paid for (S2), in whole units where proposition 3 does not make them so."""
        whole = not settled(self._rule)
        for b, (most, need) in enumerate(zip(self._rule.most(self._rule.kinds[lines]), needs, strict=True)):
            paid = [(j, self._rows.variable(f"y_k{kind}_l{j}_b{b}", most, whole=whole)) for j in sorted(lines)]
            for j, var in paid:
                self.uses[j][b] += once(var)
            self._rows.equal(f"S2_k{kind}_b{b}", added([*(once(var) for _, var in paid), -need]), 0)

    def _held(
        self,
        sums: Callable[[Sequence[Demand], Sequence[range]], list[Sum]],
        come_by: Callable[[str, Event, int], Sum],
    ) -> Held:
        """Return what each line has in each year: amounts whose condition is met (S6), and revenue (S7)."""
        found: Held = []
        for line in self._rule.lines:
            row: list[tuple[Sum, int]] = []
            revenue = sums(line.revenue, self._rule.buckets)
            for b, (amount, condition) in enumerate(zip(line.amounts, line.conditions, strict=True)):
                if condition is None:
                    row.append((revenue[b], amount))
                else:
                    come = come_by(*condition, self._rule.buckets[b].start)
                    row.append((revenue[b] + come * amount, 0))
            found.append(row)
        return found

    def _keep(self, held: Held) -> None:
        """No line pays more than it has (S1), or has kept (S3)."""
        for j, (line, use, there) in enumerate(zip(self._rule.lines, self.uses, held, strict=True)):
            for b in range(len(use)):
                since = 0 if b < line.carried else b
                pays, has = added(use[since : b + 1]), added(terms for terms, _ in there[since : b + 1])
                name = f"{'S3' if b < line.carried else 'S1'}_l{j}_b{b}"
                self._rows.at_most(name, pays + -has, sum(amount for _, amount in there[since : b + 1]))

    def _share(self, totals: Sequence[Sum]) -> None:
        """No donor pays more than its share of a year (S4)."""
        for d, share in enumerate(self._rule.shares):
            for b, total in enumerate(totals):
                pays = added(self.uses[j][b] for j in share.lines)
                self._rows.at_most(f"S4_d{d}_b{b}", pays * 1000 + total * -share.thousandths, 0)

    def _step(self, j: int, step: Step) -> None:
        """Use of a line rises and falls no more than it may from one year to the next (S5)."""
        use = self.uses[j]
        before = NOTHING if step.before is None else use[step.before]
        after = NOTHING if step.after is None else use[step.after]
        base = step.base if step.before is None else 0
        name = f"S5_l{j}_{'base' if step.before is None else f'b{step.before}'}"
        if step.growth is not None:
            self._rows.at_most(f"{name}_growth", after + -before, step.growth + base)
        if step.fall is not None:
            self._rows.at_most(f"{name}_fall", before + -after, step.fall - base)


def settled(rule: Bridge) -> bool:
    """Return whether payments in fractions are enough: whole ones then exist, too (proposition 3)."""
    return not rule.shares and not any(line.steps for line in rule.lines)
