"""Which row speaks: the most specific one, fact by fact and month by month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeAlias, TypeVar

from sequencer.errors import Fault
from sequencer.months import Calendar
from sequencer.tables.faults import Faults
from sequencer.tables.names import Names
from sequencer.tables.patterns import Rank, beats
from sequencer.tables.rows import Row

K = TypeVar("K", bound=Hashable)

#: Rows of which none beats another, with how specifically they mean a package.
Contenders: TypeAlias = tuple[tuple[Rank, Row], ...]

FOREVER = 10**9  # later than any month
NEEDED = "one row more specific than the other"


def winners(
    rows: Iterable[Row], keys: Callable[[Row, str], Iterable[K]], names: Names, faults: Faults
) -> Iterator[tuple[Row, dict[str, list[K]]]]:
    """Expand wildcards into packages and let the most specific row win, key by key.

    Parameters
    ----------
    rows : iterable of Row
        Rows with a column ``packages``.
    keys : callable
        What a row says about packages of a function: two rows with one key in common override each other there.
    names : Names
        Tells what a pattern stands for.
    faults : Faults
        Takes each pair of rows of which neither is the more specific.

    Yields
    ------
    tuple
        A row, and the keys for which it speaks by package; in the order of rows, packages in the order of their file.
        Rows of the library come last, and speak where no row of the folder does.
    """
    best: dict[K, dict[str, Contenders]] = {}
    for row in rows:
        about: dict[str, list[dict[str, Contenders]]] = {}
        for pattern in row["packages"]:
            here = (pattern.rank, row)
            after: dict[Contenders, Contenders] = {}  # packages with the same rows so far have them after it, too
            for package in names.matching(pattern):
                function = names.packages[package][1]
                if function not in about:
                    about[function] = [best.setdefault(key, {}) for key in keys(row, function)]
                for of_key in about[function]:
                    before = of_key.get(package, ())
                    if before not in after:
                        after[before] = _kept(before, here)
                    of_key[package] = after[before]
    _report_ties(best, faults)
    spoken: dict[Row, dict[str, list[K]]] = {}
    for key, of_key in best.items():
        for package, contenders in of_key.items():
            spoken.setdefault(contenders[0][1], {}).setdefault(package, []).append(key)
    for row in sorted(spoken, key=_order):
        yield row, {package: spoken[row][package] for package in names.ordered(spoken[row])}


def _order(row: Row) -> tuple[bool, str, int]:
    return row.shipped, row.file, row.number


def _kept(contenders: Contenders, here: tuple[Rank, Row]) -> Contenders:
    """Return those contenders, the new one among them, that no other beats; the library's give way to all others."""
    rank, row = here
    if any(beats(other, rank) or (row.shipped and not another.shipped) for other, another in contenders):
        return contenders
    return (*(entry for entry in contenders if not beats(rank, entry[0])), here)


def _report_ties(best: Mapping[K, Mapping[str, Contenders]], faults: Faults) -> None:
    """Note each pair of rows that tie, once, with the first package for which they do."""
    ties: dict[tuple[Row, Row], str] = {}
    for of_key in best.values():
        for package, ((_, row), *others) in of_key.items():
            for _, other in others:
                if other is not row:
                    ties.setdefault((row, other), package)
    for (row, other), package in ties.items():
        first = f"row {row.number}" if row.file == other.file else f"{row.file} row {row.number}"
        found = f"{first} and row {other.number} both for {package}"
        faults.add(Fault(other.file, other.number, "packages", found, NEEDED))


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that speaks about the months ``start..end``, both included, of one place or pool."""

    rank: int
    start: int
    end: int
    row: Row


class Timelines(Generic[K]):
    """Lays claims on the months of places or pools; of rows that tie, each pair is a fault once."""

    def __init__(self, calendar: Calendar, faults: Faults) -> None:
        self.calendar = calendar
        self.faults = faults
        self.claims: dict[K, list[Claim]] = {}
        self._tied: set[tuple[int, int]] = set()

    def claim(self, about: K, rank: int, row: Row) -> None:
        """Let a row with columns ``from`` and ``to`` speak about a place or pool."""
        end = FOREVER if row["to"] is None else row["to"]
        self.claims.setdefault(about, []).append(Claim(rank, row["from"] or 0, end, row))

    def settled(self, about: K, what: str, hint: str = "") -> Iterator[tuple[int, int | None, Row]]:
        """Let the most specific row win, month by month.

        Parameters
        ----------
        about : hashable
            The place or pool.
        what : str
            Its name for faults.
        hint : str
            How rows that tie could be told apart otherwise.

        Yields
        ------
        tuple
            Disjoint stretches in the order of months: first month, last month (None: open), and the row that speaks.
            Months that no row covers are left out.
        """
        stretches: list[tuple[int, int, Row]] = []
        ties: dict[tuple[int, int], tuple[int, int, Row]] = {}
        for start, end, top in _layers(self.claims.get(about, ())):
            row, *others = top
            for other in others:
                pair = row.number, other.number
                ties[pair] = (ties[pair][0] if pair in ties else start, end, other)
            goes_on = stretches and stretches[-1][2] is row and stretches[-1][1] == start - 1
            stretches.append((stretches.pop()[0] if goes_on else start, end, row))
        self._report(ties, what, hint)
        for start, end, row in stretches:
            yield start, None if end >= FOREVER else end, row

    def _report(self, ties: dict[tuple[int, int], tuple[int, int, Row]], what: str, hint: str) -> None:
        for pair, (start, end, row) in ties.items():
            if pair not in self._tied:
                self._tied.add(pair)
                months = self.calendar.span(start, None if end >= FOREVER else end)
                found = f"row {pair[0]} and row {pair[1]} both for {what} in {months}"
                self.faults.add(Fault(row.file, row.number, "", found, NEEDED, hint))


def _layers(claims: Collection[Claim]) -> Iterator[tuple[int, int, list[Row]]]:
    """Yield each stretch of months in which the same claims hold, with the rows of highest rank."""
    waiting = sorted(claims, key=lambda claim: claim.start, reverse=True)
    active: list[Claim] = []
    for start, after in pairwise(sorted({month for claim in claims for month in (claim.start, claim.end + 1)})):
        active = [claim for claim in active if claim.end >= start]
        while waiting and waiting[-1].start == start:
            active.append(waiting.pop())
        if active:
            top = max(claim.rank for claim in active)
            rows = (claim.row for claim in active if claim.rank == top)
            yield start, after - 1, sorted(rows, key=lambda row: row.number)
