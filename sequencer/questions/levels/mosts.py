"""By how much each number can make a level better at most, at once: many numbers are turned in one instance.

Numbers of different packages that change only what is said of their own package are turned together, and each is
judged by its package alone. Others are turned all at once first: where even that changes nothing in what prices prove,
none of them does; else they are halved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sequencer.instance.levers import Lever
from sequencer.problem import Problem
from sequencer.questions.levels.asking import Asking
from sequencer.questions.turned import Turned

#: Numbers that change windows and entries of their own package, and nothing else: tables and fields.
OWN = frozenset(
    {
        ("readiness", "score"),
        ("readiness", "growth"),
        ("gains", "gain"),
        ("packages", "earliest"),
        ("packages", "latest"),
    }
)


def farthest(lever: Lever, units: int) -> int:
    """Return by how many units, of so many at most, a number can be turned within the values that make sense for it."""
    if lever.value is None:
        return 0
    end = lever.high if lever.relax > 0 else lever.low
    return units if end is None else min(units, abs(end * lever.scale - lever.value) // lever.scale)


class Mosts:
    """By how much numbers can make a level better at most.

    Parameters
    ----------
    asking : Asking
    levers : mapping of str to Lever
    """

    def __init__(self, asking: Asking, levers: Mapping[str, Lever]) -> None:
        self._asking = asking
        self._levers = levers
        bounds = asking.bounds
        least = None if bounds is None else bounds.least(bounds.base)
        #: By how much the level could be better with nothing turned, for all that prices say; None if they say nothing.
        self.without = None if least is None else max(0, asking.value - least)
        self._known: dict[tuple[str, int], int] = {}

    def of(self, address: str, units: int) -> int | None:
        """Return what so many units can bring at most, as far as it was looked into."""
        return self._known.get((address, units))

    def look(self, addresses: Iterable[str], units: int) -> None:
        """Look into 1, 2, … units of numbers, or as many as they can be turned by.

        Where as many as are asked about could bring no more than none, fewer cannot either.
        """
        if self.without is None:
            return
        listed = [a for a in addresses if farthest(self._levers[a], 1)]
        for count in range(units, 0, -1):
            known = {a: self._known.get((a, count + 1)) for a in listed}
            flat = {a: most for a, most in known.items() if most is not None and most <= self.without}
            self._known.update({(a, count): most for a, most in flat.items()})
            self._look([a for a in listed if a not in flat and farthest(self._levers[a], count) == count], count)

    def _look(self, addresses: Sequence[str], count: int) -> None:
        own = [a for a in addresses if self._kind(a) in OWN]
        of_package: dict[str, list[str]] = {}
        for address in own:
            of_package.setdefault(self._package(address), []).append(address)
        for place in range(max(map(len, of_package.values()), default=0)):
            chosen = {name: listed[place] for name, listed in of_package.items() if place < len(listed)}
            self._apart(chosen, count)
        others: dict[tuple[str, str], list[str]] = {}
        for address in addresses:
            if self._kind(address) not in OWN:
                others.setdefault(self._kind(address), []).append(address)
        for group in others.values():
            self._halve(group, count)

    def _apart(self, chosen: Mapping[str, str], count: int) -> None:
        """Turn one number of each of several packages at once, and judge each by its package."""
        if not chosen or not self._asking.is_going:
            return
        problem = self._turned(list(chosen.values()), count)
        if problem is None and len(chosen) > 1:
            for name, address in chosen.items():
                self._apart({name: address}, count)
        elif problem is not None:
            for name, address in chosen.items():
                self._hear([address], count, self._asking.most(problem, {name}))

    def _halve(self, group: Sequence[str], count: int) -> None:
        """Turn many numbers at once; where that could bring more than nothing turned does, halve them."""
        if not group or not self._asking.is_going:
            return
        problem = self._turned(group, count)
        most = None if problem is None else self._asking.most(problem)
        if len(group) == 1 or (most is not None and self.without is not None and most <= self.without):
            self._hear(group, count, most)
            return
        half = len(group) // 2
        self._halve(group[:half], count)
        self._halve(group[half:], count)

    def _turned(self, addresses: Sequence[str], count: int) -> Problem | None:
        turned = Turned.by(self._asking.outcome.instance, dict.fromkeys(addresses, count), self._levers)
        return None if turned is None else turned.problem

    def _hear(self, addresses: Iterable[str], count: int, most: int | None) -> None:
        for address in addresses:
            more = self._known.get((address, count + 1))
            known = [number for number in (most, more) if number is not None]
            if known:
                self._known[address, count] = min(known)

    def _kind(self, address: str) -> tuple[str, str]:
        return self._levers[address].attribute, self._levers[address].field

    def _package(self, address: str) -> str:
        lever = self._levers[address]
        fact = getattr(self._asking.outcome.instance, lever.attribute)[lever.position]
        return str(fact.name if lever.attribute == "packages" else fact.package)
