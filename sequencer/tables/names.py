"""The names an instance knows, and what a wildcard among them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from sequencer.tables.patterns import Pattern, Rank, rank
from sequencer.tables.rows import Rows

REGION, SECTOR = "region", "sector"


class Names:
    """Places, functions and packages by name and group.

    Attributes
    ----------
    region : dict
        The region of each place; may be empty.
    sector : dict
        The sector of each function; may be empty.
    place_sets, function_sets : dict
        What each segment of a pattern stands for: a name, a group, or ``*``.
    packages : dict
        Place and function of each package.
    """

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self.region = {name: row["region"] or "" for name, row in tables["places"].names("place").items()}
        self.sector = {name: row["sector"] or "" for name, row in tables["functions"].names("function").items()}
        self.place_sets = _sets(self.region, REGION)
        self.function_sets = _sets(self.sector, SECTOR)
        self.packages: dict[str, tuple[str, str]] = {}
        for row in tables["packages"]:
            if not row.bad & {"place", "function"}:
                self.packages[f"{row['place']}/{row['function']}"] = (row["place"], row["function"])
        self._order = {name: number for number, name in enumerate(self.packages)}
        self._matched: dict[Pattern, tuple[str, ...]] = {}

    def matching(self, pattern: Pattern) -> tuple[str, ...]:
        """Return the packages that a pattern stands for, in the order of ``packages.csv``."""
        name = f"{pattern.place}/{pattern.function}"
        if name in self._order:
            return (name,)
        if pattern not in self._matched:
            self._matched[pattern] = self._match(pattern)
        return self._matched[pattern]

    def _match(self, pattern: Pattern) -> tuple[str, ...]:
        places = self.place_sets.get(pattern.place, ())
        functions = self.function_sets.get(pattern.function, ())
        if len(places) * len(functions) < len(self.packages):
            pairs = (f"{place}/{function}" for place, function in product(places, functions))
            return tuple(self.ordered(name for name in pairs if name in self._order))
        here, what = set(places), set(functions)
        return tuple(name for name, (place, function) in self.packages.items() if place in here and function in what)

    def ordered(self, packages: Iterable[str]) -> list[str]:
        """Return packages in the order of ``packages.csv``."""
        return sorted(packages, key=self._order.__getitem__)

    def ranked(self, patterns: Iterable[Pattern]) -> dict[str, set[Rank]]:
        """Return the packages that any of these patterns stands for, with how specifically each is meant."""
        ranks: dict[str, set[Rank]] = {}
        for pattern in patterns:
            for package in self.matching(pattern):
                ranks.setdefault(package, set()).add(pattern.rank)
        return ranks

    def places(self, segments: Iterable[str]) -> dict[str, int]:
        """Return the places that any of these segments stands for, with how specifically each is meant."""
        ranks: dict[str, int] = {}
        for segment in segments:
            for place in self.place_sets.get(segment, ()):
                ranks[place] = max(rank(segment), ranks.get(place, 0))
        return ranks

    def functions(self, segments: Iterable[str]) -> frozenset[str]:
        """Return the functions that any of these segments stands for."""
        return frozenset(name for segment in segments for name in self.function_sets.get(segment, ()))


def _sets(groups: Mapping[str, str], word: str) -> dict[str, tuple[str, ...]]:
    sets: dict[str, list[str]] = {"*": list(groups)}
    for name, group in groups.items():
        sets[name] = [name]
        if group:
            sets.setdefault(f"{word}:{group}", []).append(name)
    return {segment: tuple(names) for segment, names in sets.items()}
