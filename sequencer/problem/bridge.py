"""The donor bridge: what packages cost is paid, year by year, by the host's budget and by pledges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from sequencer import words
from sequencer.months import Calendar
from sequencer.problem.breach import Breach, some
from sequencer.problem.demand import Demand, Drawn
from sequencer.problem.flow import served
from sequencer.vocabulary import Event, Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule

#: A package and the event of it that money waits for.
Condition: TypeAlias = tuple[str, Event]


@dataclass(frozen=True, slots=True)
class Step:
    """S5: from one whole year to the next, use of a line rises by at most ``growth`` and falls by at most ``fall``.

    ``before`` and ``after`` are years; None: ``base`` before the plan, nothing after the line has ended.
    """

    before: int | None
    after: int | None
    base: int
    growth: int | None
    fall: int | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Line:
    """One source of money: a budget line of the host, or a donor's pledge.

    Attributes
    ----------
    name : str
    amounts : tuple of int, length B
        What its rows give in each year.
    origins : tuple of tuple of Origin, length B
        Those rows.
    serves : frozenset of str, or None
        The packages it may pay for; None: all.
    conditions : tuple of Condition or None, length B
        What must have happened by the beginning of each year for its amount to be there.
    carried : int
        In the first so many years, what is left over is kept for the next.
    steps : tuple of Step
    revenue : tuple of Demand
        What packages pay into it.
    """

    name: str
    amounts: tuple[int, ...]
    origins: tuple[tuple[Origin, ...], ...]
    serves: frozenset[str] | None = None
    conditions: tuple[Condition | None, ...]
    carried: int = 0
    steps: tuple[Step, ...] = ()
    revenue: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """S4: the ``lines`` (positions) of a donor pay at most so many ``thousandths`` of all that is needed in a year."""

    donor: str
    lines: tuple[int, ...]
    thousandths: int
    origin: Origin


@dataclass(frozen=True, eq=False, kw_only=True)
class Bridge(Drawn):
    """S1-S7: every fiscal year, what packages cost is paid from lines of money.

    A schedule says what each line pays (``Schedule.uses``), and is judged by that.

    Attributes
    ----------
    lines : tuple of Line
    shares : tuple of Share
    announced : tuple of Origin
        The rows of pledges that are only announced, and do not count.
    """

    lines: tuple[Line, ...]
    shares: tuple[Share, ...]
    announced: tuple[Origin, ...] = ()

    @cached_property
    def kinds(self) -> Mapping[frozenset[int], tuple[str, ...]]:
        """The packages that need money, by the positions of the lines that may pay for them."""
        found: dict[frozenset[int], list[str]] = {}
        for name in self.demands_of:
            lines = (j for j, line in enumerate(self.lines) if line.serves is None or name in line.serves)
            found.setdefault(frozenset(lines), []).append(name)
        return {kind: tuple(names) for kind, names in found.items()}

    def capacities(self, schedule: Schedule) -> list[list[int]]:
        """Return what each line has in each year: its amounts where conditions are met, and revenue."""
        found = []
        for line in self.lines:
            row = [
                amount if condition is None or schedule.date(*condition) <= months.start else 0
                for amount, condition, months in zip(line.amounts, line.conditions, self.buckets, strict=True)
            ]
            for demand in line.revenue:
                path, cell = schedule.paths[demand.package], schedule.cells[demand.package]
                row = [a + b for a, b in zip(row, self.summed([demand], path, cell), strict=True)]
            found.append(row)
        return found

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each line, donor or year in which the uses of the schedule are not as they must be.

        Raises
        ------
        ValueError
            If the schedule does not say what each line pays.
        """
        if set(schedule.uses) != {line.name for line in self.lines}:
            message = "a plan with money must say what each line pays"
            raise ValueError(message)
        uses, held = [schedule.uses[line.name] for line in self.lines], self.capacities(schedule)
        for line, use, there in zip(self.lines, uses, held, strict=True):
            yield from self._kept(line, use, there)
            for step in line.steps:
                yield from self._step(line, step, use)
        needs = self.needs(schedule)
        totals = [sum(need[b] for need in needs.values()) for b in range(len(self.buckets))]
        for share in self.shares:
            yield from self._share(share, uses, totals)
        for b in range(len(self.buckets)):
            yield from self._served(b, uses, needs, held)

    def _kept(self, line: Line, use: tuple[int, ...], there: list[int]) -> Iterator[Breach]:
        """Yield a breach for each year in which a line pays more than it has (S1), or has kept (S3)."""
        used, held = list(accumulate(use)), list(accumulate(there))
        for b, months in enumerate(self.buckets):
            carried = b < line.carried
            over = used[b] - held[b] if carried else use[b] - there[b]
            if over > 0:
                has, pays = (held[b], used[b]) if carried else (there[b], use[b])
                upto = "up to and with " if carried else "in "
                text = f"{line.name} has {has} {self.unit} {upto}{self.labels[b]} and pays {pays}"
                yield Breach("S3" if carried else "S1", (), months.start, over, self.unit, text, line.origins[b])

    def _step(self, line: Line, step: Step, use: tuple[int, ...]) -> Iterator[Breach]:
        before = step.base if step.before is None else use[step.before]
        after = 0 if step.after is None else use[step.after]
        year = step.after if step.after is not None else step.before
        month, label = self.buckets[year or 0].start, self.labels[year or 0]
        for limit, change, word in ((step.growth, after - before, "rise"), (step.fall, before - after, "fall")):
            if limit is not None and change > limit:
                sense = "into" if step.after is not None else "after"
                text = f"{line.name} may {word} by {limit} {self.unit} {sense} {label} and does so by {change}"
                yield Breach("S5", (), month, change - limit, self.unit, text, step.origins)

    def _share(self, share: Share, uses: list[tuple[int, ...]], totals: list[int]) -> Iterator[Breach]:
        for b, months in enumerate(self.buckets):
            pays = sum(uses[j][b] for j in share.lines)
            over = 1000 * pays - share.thousandths * totals[b]
            if over > 0:
                text = (
                    f"{share.donor} may pay {share.thousandths / 10:g} % of the {totals[b]} {self.unit} needed in"
                    f" {self.labels[b]} and pays {pays}"
                )
                yield Breach("S4", (), months.start, over, f"thousandths of {self.unit}", text, (share.origin,))

    def _served(
        self, b: int, uses: list[tuple[int, ...]], needs: Mapping[str, list[int]], held: list[list[int]]
    ) -> Iterator[Breach]:
        """Yield the breach if what the lines pay in a year is not what the packages need (S2)."""
        wanted = {kind: sum(needs[name][b] for name in names) for kind, names in self.kinds.items()}
        pays = [use[b] for use in uses]
        total, spent = sum(wanted.values()), sum(pays)
        short, idle = total - served(wanted, pays), max(0, spent - total)
        if short or idle:
            users = tuple(name for name, need in needs.items() if need[b])
            text = f"money in {self.labels[b]}: {total} {self.unit} needed by {some(users)}, "
            text += f"{short} without a line that could pay" if short else f"{spent} paid"
            rows = [origin for line in self.lines for origin in line.origins[b]]
            for reason, origins in self._held_back(b, uses, total, held) if short else ():
                text += f"; {reason}"
                rows += origins
            yield Breach("S2", users, self.buckets[b].start, short + idle, self.unit, text, tuple(dict.fromkeys(rows)))

    def _held_back(
        self, b: int, uses: list[tuple[int, ...]], total: int, held: list[list[int]]
    ) -> Iterator[tuple[str, tuple[Origin, ...]]]:
        """Yield what keeps lines that have something left in a year from paying more, and the rows that say so."""
        left = self._left(uses, held)
        for share in self.shares:
            pays = sum(uses[j][b] for j in share.lines)
            if 1000 * (pays + 1) > share.thousandths * total and any(left[j][b] for j in share.lines):
                yield f"{share.donor} may pay no more than {share.thousandths / 10:g} % of a year", (share.origin,)
        for line, use, spare, there in zip(self.lines, uses, left, held, strict=True):
            condition = line.conditions[b]
            if condition is not None and there[b] < line.amounts[b]:
                name, event = condition
                yield f"{line.name} waits for the {event.value.replace('_', ' ')} of {name}", line.origins[b]
            for step in line.steps if spare[b] else ():
                before = step.base if step.before is None else use[step.before]
                after = 0 if step.after is None else use[step.after]
                if step.after == b and step.growth is not None and after - before >= step.growth:
                    yield f"{line.name} may pay only {step.growth} more than the year before", step.origins
                if step.before == b and step.fall is not None and before - after >= step.fall:
                    yield f"{line.name} may pay only {step.fall} less in the year after", step.origins
        for origin in self.announced:
            yield f"the pledge of {origin.place} is only announced and does not count", (origin,)

    def _left(self, uses: list[tuple[int, ...]], held: list[list[int]]) -> list[list[int]]:
        """Return what each line could still pay in each year, as far as its own money goes."""
        found = []
        for line, use, there in zip(self.lines, uses, held, strict=True):
            kept = [has - used for has, used in zip(accumulate(there), accumulate(use), strict=True)]
            pairs = enumerate(zip(there, use, strict=True))
            found.append([min(kept[b : line.carried]) if b < line.carried else has - pays for b, (has, pays) in pairs])
        return found

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        lines = "; ".join(f"{line.name} {sum(line.amounts)} {self.unit}" for line in self.lines) or "no line at all"
        who = words.count(len(self.demands_of), "package")
        return f"money: the cost of {who} is paid each fiscal year, over the whole plan from {lines}"

    @property
    def rows(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        rows = [origin for line in self.lines for origins in line.origins for origin in origins]
        return tuple(dict.fromkeys([*rows, *(share.origin for share in self.shares), *self.announced]))
