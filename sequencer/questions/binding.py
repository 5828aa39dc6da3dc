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

from sequencer.instance.levers import Lever
from sequencer.outcome import Limits, Outcome, Status
from sequencer.questions.asking import Asking, Found
from sequencer.questions.turned import Turned
from sequencer.questions.turning import Turning
from sequencer.questions.worth import Binding as Binding
from sequencer.questions.worth import Reason as Reason
from sequencer.questions.worth import Sure as Sure
from sequencer.questions.worth import Worth as Worth
from sequencer.reasons.parts import Part

UNITS = 3  # that are asked about
SIFTED = 5  # groups for which the time should suffice

#: The terms that read a number, so that turning it changes more than rules: by table and field.
READ_BY = {
    ("readiness", "score"): "risk",
    ("readiness", "growth"): "risk",
    ("gains", "gain"): "risk",
    ("needs", "amount"): "departure",
}


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
        """Return why the value is no better, and which numbers that clears; the others are asked about."""
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

        What holds packages at their months in the plan shown is asked about before all else: it is the most promising.
        Those that are proven to be worth nothing even together with others are returned.
        """
        for address in self._open:
            found = self._quick(address)
            if found is not None:
                self._rows[address, 1] = found
        known = [a for a in self._open if (a, 1) in self._rows]
        places = {origin.place for held in self._asking.outcome.held for origin in held.origins}
        near = [a for a in known if self._turning.place(self._levers[a]) in places]
        self._search([(a, 1) for a in near], 2)
        rows = self._rows
        nothing = self._sift([a for a in known if rows[a, 1].improvement <= 0 and (a not in near or rows[a, 1].proven)])
        self._open = [a for a in known if a not in nothing]
        ranked = [*(a for a in near if a not in nothing), *(a for a in self._open if a not in near)]
        self._search([(a, units) for units in range(1, self._units + 1) for a in ranked], 1)
        return nothing

    def _search(self, asked: Sequence[tuple[str, int]], times: int) -> None:
        """Search for what numbers bring, so that so many times as many searches have their time."""
        asked = [key for key in asked if key not in self._rows or not self._rows[key].proven]
        for i, (address, units) in enumerate(asked):
            seconds = self._asking.share(times * (len(asked) - i))
            found = None if seconds is None else self._found([address], units, seconds)
            if found is not None and (found.proven or not self._is_known(address, units, found)):
                self._rows[address, units] = found

    def _is_known(self, address: str, units: int, found: Found) -> bool:
        """Return whether as much was known before: a search out of time may end with less than one before it."""
        before = self._rows.get((address, units))
        return before is not None and before.most is not None and before.improvement >= found.improvement

    def _quick(self, address: str) -> Found | None:
        """Return what the plan given says of one unit: where no term reads the number, its value is the same."""
        if address in self._read:
            return self._found([address], 1, None)
        turned = Turned.by(self._asking.outcome.instance, {address: 1}, self._levers)
        return None if turned is None else Found(0, None, self._asking.outcome.choices or {})

    def _sift(self, addresses: Sequence[str]) -> set[str]:
        """Return numbers that are worth nothing although all of a group are turned; other groups are halved.

        Numbers of one kind come first: mostly a kind is worth nothing as a whole, or many of it are worth something.
        """
        nothing: set[str] = set()
        kinds: dict[tuple[str, str], list[str]] = {}
        for address in addresses:
            kinds.setdefault((self._levers[address].attribute, self._levers[address].field), []).append(address)
        groups: list[Sequence[str]] = sorted(kinds.values(), key=len, reverse=True)
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
