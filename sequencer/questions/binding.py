"""What binds the optimum: what one, two or three units more of each number would bring, earlier terms held.

The reason for an optimum is a few parts of rules that cannot all be kept together with a value that is better by one,
earlier terms held at what they may reach. A number that could relax none of them, and that no term reads, is worth
nothing, nor are all such numbers together: whoever turns them still faces the same contradiction. Others are asked one
after the other: first whether the value would be better with all they could relax lifted, then what it is when they are
turned. Values need not be concave: one unit may be worth nothing where three are worth much.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sequencer.explain.parts import Part
from sequencer.instance.levers import Lever
from sequencer.outcome import Limits, Outcome, Status
from sequencer.questions.asking import Asking, Found
from sequencer.questions.turned import Turned
from sequencer.questions.turning import Turning
from sequencer.timetable import Choices

UNITS = 3  # that are asked about
SIFTED = 20  # groups for which the time should suffice

#: The terms that read a number, so that turning it changes more than rules: by table and field.
READ_BY = {
    ("readiness", "score"): "risk",
    ("readiness", "growth"): "risk",
    ("gains", "gain"): "risk",
    ("needs", "amount"): "departure",
}


class Sure(StrEnum):
    """How sure an improvement is.

    PROVEN: no plan brings more. AT_LEAST: a plan brings it, a better one is not ruled out. UNKNOWN: no plan was found
    that is better, and it is not proven that there is none.
    """

    PROVEN = "proven"
    AT_LEAST = "at least"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What more of a number would bring.

    Attributes
    ----------
    address, unit : str
        The number, and its unit.
    units : int
        By how many units of the value shown it is turned, in the direction in which rules become easier to keep.
    term, of : str
        The term that becomes better, earlier ones held at what they may reach, and the unit of its value.
    improvement : int
        By how much it becomes smaller in the best plan found; 0 where none is better.
    most : int or None
        No plan improves it by more, where that is known.
    sure : Sure
    choices : mapping of str to Choice, or None
        A plan of the instance so changed that attains a positive improvement.
    """

    address: str
    unit: str
    units: int
    term: str
    of: str
    improvement: int
    most: int | None
    sure: Sure
    choices: Choices | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What holds a term at its best value.

    Attributes
    ----------
    term, unit : str
    value : int
        The best value, proven.
    parts : tuple of Part
        What cannot all be kept with a value that is better by one; parts of what holds by definition where it alone
        stands against that. None where no contradiction was proven twice in time.
    sure : bool
        Whether it is proven that none of them is needless.
    together : tuple of str
        The numbers that are worth nothing by themselves or together, up to the units asked about.
    alone : tuple of str
        Those that are worth nothing by themselves, up to the units asked about.
    lifted : tuple of str
        Those of the numbers that could relax the reason with which the value is proven to become better where all that
        they could relax is lifted.
    """

    term: str
    unit: str
    value: int
    parts: tuple[Part, ...] | None
    sure: bool
    together: tuple[str, ...]
    alone: tuple[str, ...]
    lifted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What binds each term of an objective.

    Attributes
    ----------
    rows : tuple of Worth
        Level after level, for each number that is not proven to be worth nothing: what 1, 2, … units bring. Where time
        ran out, the last units are missing.
    reasons : tuple of Reason
        One for each level that is proven; of others nothing can be said.
    unproven : tuple of str
        The terms whose value is not proven best.
    units : int
        The most units that were asked about.
    limits : Limits
        Of each level.
    """

    rows: tuple[Worth, ...]
    reasons: tuple[Reason, ...]
    unproven: tuple[str, ...]
    units: int
    limits: Limits

    def at(self, term: str) -> tuple[Worth, ...]:
        """Return what brings something to a term: the most by one unit first, then by two, three …"""
        own = [row for row in self.rows if row.term == term and row.improvement > 0]
        gains: dict[str, list[int]] = {}
        for row in sorted(own, key=lambda row: row.units):
            gains.setdefault(row.address, [0] * self.units)[row.units - 1] = -row.improvement
        return tuple(sorted(own, key=lambda row: (gains[row.address], row.address, row.units)))


def binding(
    outcome: Outcome,
    *,
    units: int = UNITS,
    limits: Limits | None = None,
    stop: threading.Event | None = None,
) -> Binding:
    """Return what more of each number would bring to each term of the objective, earlier ones held as they are.

    Protections are left out: thresholds, holds, threat limits and how many relapses can be answered at once.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    units : int
        The most units to ask about.
    limits : Limits, optional
        Of each level. Default: a minute.
    stop : threading.Event, optional
        Ends searches soon after it is set; what is known then is returned.

    Raises
    ------
    ValueError
        If the outcome has no plan.
    Disagreement
        If a value proven best turns out not to be, or a plan does not pass the re-check.
    """
    if outcome.choices is None:
        raise ValueError(f"no plan was found: the status is {outcome.status}")
    limits, stop = limits or Limits(seconds=60.0), stop or threading.Event()
    turning = Turning(outcome.instance)
    rows: list[Worth] = []
    reasons: list[Reason] = []
    for position, level in enumerate(outcome.levels):
        if level.proven:
            asked = _Level(Asking(outcome, position, limits, stop), turning, units)
            reasons.append(asked.run())
            rows += asked.rows()
    unproven = tuple(level.term for level in outcome.levels if not level.proven)
    return Binding(rows=tuple(rows), reasons=tuple(reasons), unproven=unproven, units=units, limits=limits)


class _Level:
    """One level: what is cleared, and what remains to be asked."""

    def __init__(self, asking: Asking, turning: Turning, units: int) -> None:
        self._asking = asking
        self._turning = turning
        self._units = units
        self._levers = {name: lever for name, lever in turning.levers.items() if farthest(lever, 1)}
        self._could: dict[str, set[Part]] = {}  # the parts that a number could relax
        for part in asking.parts:
            for address in turning.of([part]):
                self._could.setdefault(address, set()).add(part)
        self._read = self._entering()
        self._touched: set[str] = set()
        self._open: list[str] = []
        self._rows: dict[tuple[str, int], Found] = {}

    def run(self) -> Reason:
        """Return why the value is no better, and which numbers that clears; the others are asked one after the other."""
        found, level = self._asking.reason(), self._asking.level
        self._touched = set(self._could if found is None else self._turning.of(found.parts)) & set(self._levers)
        read = [a for a in self._levers if a in self._read and a not in self._touched]
        touched = [a for a in self._levers if a in self._touched]
        lifted = {} if found is None else {a: self._asking.lifted(self._could[a]) for a in touched}
        nothing = {a for a in touched if a not in self._read and lifted.get(a) is Status.INFEASIBLE}
        self._open = [a for a in (*touched, *read) if a not in nothing]
        nothing |= self._ask()
        return Reason(
            term=level.term,
            unit=level.unit,
            value=self._asking.value,
            parts=None if found is None else found.parts,
            sure=found is not None and found.sure,
            together=tuple(a for a in self._levers if a not in self._touched and a not in self._read),
            alone=tuple(a for a in self._levers if a in nothing),
            lifted=tuple(a for a in touched if lifted.get(a) is Status.FEASIBLE),
        )

    def _ask(self) -> set[str]:
        """Ask about the numbers that remain: first what is quickly known, then many at once, then one by one.

        Those that are proven to be worth nothing even together with others are returned.
        """
        for address in self._open:
            found = self._found([address], 1, None)
            if found is not None:
                self._rows[address, 1] = found
        known = [a for a in self._open if (a, 1) in self._rows]
        nothing = self._sift([a for a in known if self._rows[a, 1].improvement <= 0])
        self._open = [a for a in known if a not in nothing]
        asked = [(a, units) for units in range(1, self._units + 1) for a in self._open]
        asked = [key for key in asked if key not in self._rows or not self._rows[key].proven]
        for i, (address, units) in enumerate(asked):
            seconds = self._asking.share(len(asked) - i)
            found = None if seconds is None else self._found([address], units, seconds)
            if found is not None:
                self._rows[address, units] = found
        return nothing

    def _sift(self, addresses: Sequence[str]) -> set[str]:
        """Return numbers that are worth nothing although all of a group are turned; other groups are halved."""
        nothing: set[str] = set()
        groups = [addresses] if addresses else []
        while groups and self._asking.is_early:
            group = groups.pop(0)
            found = self._found(group, self._units, self._asking.share(SIFTED))
            if found is not None and found.proven and found.improvement <= 0:
                nothing.update(group)
            elif len(group) > 1:
                half = len(group) // 2
                groups += [group[:half], group[half:]]
        return nothing

    def rows(self) -> Iterator[Worth]:
        """Yield what the numbers that remain bring."""
        for address in self._open:
            for units in range(1, self._units + 1):
                if (address, units) in self._rows:
                    yield self._worth(self._levers[address], units, self._rows[address, units])

    def _found(self, addresses: Collection[str], units: int, seconds: float | None) -> Found | None:
        """Return what so many units bring, by what is known already or by a search; None if that cannot be.

        Where there are several numbers, those that have not so many units are turned as far as they can be.
        """
        counts = {a: units if len(addresses) == 1 else farthest(self._levers[a], units) for a in addresses}
        turned = Turned.by(self._asking.outcome.instance, counts, self._levers)
        if turned is None:
            return None
        return self._asking.turned(turned, seconds, is_clear=self._touched.isdisjoint(addresses))

    def _worth(self, lever: Lever, units: int, found: Found) -> Worth:
        level, improvement = self._asking.level, max(0, found.improvement)
        return Worth(
            address=lever.address,
            unit=lever.unit,
            units=units,
            term=level.term,
            of=level.unit,
            improvement=improvement,
            most=found.most,
            sure=Sure.PROVEN if found.proven else Sure.AT_LEAST if improvement else Sure.UNKNOWN,
            choices=found.choices if improvement else None,
        )

    def _entering(self) -> set[str]:
        """Return the numbers that terms read here: those of packages whose entries change when all are turned.

        A number that changes no entry although all are turned as far as is asked about changes none by itself.
        """
        instance, base = self._asking.outcome.instance, self._asking.outcome.problem
        read: dict[str, str] = {}
        for address, lever in self._levers.items():
            term = READ_BY.get((lever.attribute, lever.field))
            if term in self._asking.terms:
                read[address] = getattr(instance, lever.attribute)[lever.position].package
        farthest_all = {address: farthest(self._levers[address], self._units) for address in read}
        turned = Turned.by(instance, farthest_all, self._levers)
        if turned is None:
            return set(read)
        changed = turned.changed(base, self._asking.terms)
        return {address for address, package in read.items() if package in changed}


def farthest(lever: Lever, units: int) -> int:
    """Return by how many units, of so many at most, a number can be turned within the values that make sense for it."""
    if lever.value is None:
        return 0
    end = lever.high if lever.relax > 0 else lever.low
    return units if end is None else min(units, abs(end * lever.scale - lever.value) // lever.scale)
