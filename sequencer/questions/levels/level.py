"""One level of an objective: which numbers are worth nothing, and what the others bring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sequencer.instance.levers import Lever
from sequencer.outcome import Status
from sequencer.questions.levels.asking import Asking, Found
from sequencer.questions.levels.joint import joint
from sequencer.questions.levels.mosts import Mosts, farthest
from sequencer.questions.turned import Turned
from sequencer.questions.turning import Turning
from sequencer.questions.worth import Lifted, Reason, Sure, Worth
from sequencer.reasons.parts import Part

SIFTED = 5  # groups for which the time should suffice

#: The terms that read a number, so that turning it changes more than rules: by table and field.
READ_BY = {
    ("readiness", "score"): "risk",
    ("readiness", "growth"): "risk",
    ("gains", "gain"): "risk",
}


class Level:
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
        self._mosts = Mosts(asking, self._levers)
        self._touched: set[str] = set()
        self._open: list[str] = []
        self._rows: dict[tuple[str, int], Found] = {}

    def run(self) -> Reason:
        """Return why the value is no better, and which numbers that clears; the others are asked about."""
        found, level = self._asking.reason(), self._asking.level
        self._touched = set(self._could if found is None else self._turning.of(found.parts)) & set(self._levers)
        read = [a for a in self._levers if a in self._read and a not in self._touched]
        touched = [a for a in self._levers if a in self._touched]
        self._mosts.look([*touched, *read], self._units)
        nothing = {a for a in (*touched, *read) if self._most(a, farthest(self._levers[a], self._units)) == 0}
        nothing |= self._flat([a for a in (*touched, *read) if a not in nothing])
        known = {} if found is None else self._gained(touched)
        nothing |= {a for a in touched if a not in self._read and a in known and known[a][0] is Status.INFEASIBLE}
        self._open = [a for a in (*touched, *read) if a not in nothing]
        nothing |= self._ask()
        groups = joint(self._asking, self._levers, self._could, self._nothing(nothing), self._units)
        return Reason(
            term=level.term,
            unit=level.unit,
            value=self._asking.value,
            parts=None if found is None else found.parts,
            groups=() if found is None else tuple(tuple(sorted(group, key=_order)) for group in found.groups),
            sure=found is not None and found.sure,
            together=tuple(a for a in self._levers if a not in self._touched and a not in self._read),
            alone=tuple(a for a in self._levers if a in nothing),
            lifted={a: self._lifted(a, *said) for a, said in known.items()},
            joint=groups.found,
            nothing=groups.nothing,
        )

    def _flat(self, addresses: Sequence[str]) -> set[str]:
        """Return numbers that are worth nothing, of those that prices give no more than nothing turned.

        They are expected to be worth nothing: all of them are turned at once.
        """
        without = self._mosts.without
        if without is None:
            return set()
        last = {a: self._most(a, farthest(self._levers[a], self._units)) for a in addresses}
        flat = [a for a, most in last.items() if most is not None and most <= without]
        return self._sift([flat] if flat else [])

    def _gained(self, addresses: Sequence[str]) -> dict[str, tuple[Status, int]]:
        """Return what comes of lifting all that each number could relax, as far as there is time for it."""
        of_parts: dict[frozenset[Part], tuple[Status, int]] = {}
        for address in addresses:
            parts = frozenset(self._could[address])
            if parts not in of_parts:
                is_early = self._asking.is_early
                of_parts[parts] = self._asking.gained(parts) if is_early else (Status.UNKNOWN, 0)
        return {address: of_parts[frozenset(self._could[address])] for address in addresses}

    def _nothing(self, cleared: Collection[str]) -> list[str]:
        """Return the numbers that could relax the reason, but are proven to be worth nothing by themselves."""
        units = {a: farthest(self._levers[a], self._units) for a in self._open}
        rows = {a for a in self._open if all(self._is_nothing(a, count) for count in range(1, units[a] + 1))}
        return [a for a in self._levers if a in self._touched and (a in cleared or a in rows)]

    def _is_nothing(self, address: str, units: int) -> bool:
        found = self._rows.get((address, units))
        return found is not None and found.proven and found.improvement <= 0

    def _lifted(self, address: str, status: Status, improvement: int) -> Lifted:
        """Return what lifting brings: at least what any units bring, unless a term reads the number itself."""
        if address not in self._read:
            rows = [self._rows[key].improvement for key in self._rows if key[0] == address]
            improvement = max(improvement, *rows, 0)
        if improvement > 0:
            return Lifted(better=True, improvement=improvement)
        return Lifted(better={Status.INFEASIBLE: False, Status.FEASIBLE: True}.get(status), improvement=0)

    def _most(self, address: str, units: int) -> int | None:
        return self._mosts.of(address, units)

    def _ask(self) -> set[str]:
        """Ask about the numbers that remain: first what is quickly known, then many at once, then one by one.

        What could bring most is asked about first. Those that are proven to be worth nothing even together with others
        are returned.
        """
        for address in self._open:
            found = self._quick(address)
            if found is not None:
                self._rows[address, 1] = found
        known, rows, without = [a for a in self._open if (a, 1) in self._rows], self._rows, self._mosts.without
        places = {origin.place for held in self._asking.outcome.held for origin in held.origins}
        near = {a for a in known if self._turning.place(self._levers[a]) in places}
        ranked = sorted(known, key=lambda a: (-(self._most(a, 1) or 0), a not in near))
        if without is None:
            self._search([(a, 1) for a in ranked if a in near], 2)
        nothing: set[str] = set()
        left = [a for a in ranked if rows[a, 1].improvement <= 0]
        if without is None:
            nothing = self._sift(self._kinds([a for a in left if a not in near or rows[a, 1].proven]))
        self._open = [a for a in self._open if a not in nothing]
        ranked = [a for a in ranked if a not in nothing]
        self._search([(a, units) for units in range(1, self._units + 1) for a in ranked], 1)
        self._share(ranked)
        return nothing

    def _share(self, addresses: Sequence[str]) -> None:
        """Try plans of other numbers: one can only be a plan where the number could relax all that it breaks."""
        better = self._asking.better()
        for address in addresses:
            if not any(broken <= self._could.get(address, set()) for _, broken in better):
                continue
            for units in range(1, self._units + 1):
                known = self._rows.get((address, units))
                if self._asking.is_going and (known is None or not known.proven):
                    found = self._found([address], units, None)
                    if found is not None and not self._is_known(address, units, found):
                        self._rows[address, units] = found

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
        if address in self._read and self._asking.is_going:
            return self._found([address], 1, None)
        most, shown = self._most(address, 1), self._asking.outcome.choices or {}
        if most is not None:  # it has been turned
            return Found(0, most, shown)
        turned = Turned.by(self._asking.outcome.instance, {address: 1}, self._levers)
        return None if turned is None else Found(0, None, shown)

    def _kinds(self, addresses: Sequence[str]) -> list[Sequence[str]]:
        """Return numbers by kind: mostly a kind is worth nothing as a whole, or many of it are worth something."""
        kinds: dict[tuple[str, str], list[str]] = {}
        for address in addresses:
            kinds.setdefault((self._levers[address].attribute, self._levers[address].field), []).append(address)
        return sorted(kinds.values(), key=len, reverse=True)

    def _sift(self, groups: list[Sequence[str]]) -> set[str]:
        """Return numbers that are worth nothing although all of a group are turned; other groups are halved."""
        nothing: set[str] = set()
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
        most = self._most(next(iter(addresses)), units) if len(addresses) == 1 else None
        return self._asking.turned(turned, seconds, is_clear=self._touched.isdisjoint(addresses), most=most)

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


def _order(part: Part) -> tuple[int, int]:
    return part.position, -1 if part.month is None else part.month
