"""The text of a folder: rows as written, months as numbers, patterns, and which row speaks (statement, 1 and 7)."""

from __future__ import annotations

import csv
import itertools
import tomllib
from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

Row: TypeAlias = dict[str, str]
Rank: TypeAlias = tuple[int, ...]
#: Place and function.
Package: TypeAlias = tuple[str, str]
K = TypeVar("K", bound=Hashable)

EVENTS = ("support_start", "support_end", "joint_start", "transfer", "advisory_start", "exit")
STAGES = ("international", "support", "proving", "joint", "mentored", "advisory", "autonomous")
#: How the name of a file begins that has the scores of one function, a column for each criterion.
WIDE = "readiness_"
#: Columns in which packages are meant by patterns.
PATTERNS = ("packages", "before", "after", "except", "earmark")
FOREVER = 10**6


class RefusedError(Exception):
    """The statement calls this input faulty."""


def points(text: str) -> int:
    """Return points as thousandths of a point; blank is 0."""
    return int(Decimal(text or "0") * 1000)


def tenths(text: str) -> int | None:
    """Return a percentage as thousandths; None for a blank."""
    return int(Decimal(text) * 10) if text else None


def number(text: str) -> int | None:
    """Return a whole number; None for a blank."""
    return int(text) if text else None


def whole(text: str, blank: int = 0) -> int:
    """Return a whole number."""
    return int(text) if text else blank


def listed(text: str) -> list[str]:
    """Return the parts of a cell that are separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


class Folder:
    """All files of an instance folder; a table that is absent has no rows, a column that is absent is blank."""

    def __init__(self, path: Path) -> None:
        self.plan: dict[str, Any] = tomllib.loads((path / "plan.toml").read_text(encoding="utf-8"))
        self._tables = {file.stem: _rows(file) for file in path.glob("*.csv") if not file.stem.startswith(WIDE)}
        for file in path.glob(f"{WIDE}*.csv"):
            self._tables.setdefault("readiness", []).extend(_scores(file))
        self._first = _months_since_christ(self.plan["first_month"])
        self.months: int = self.plan["months"]
        self.hold: int = self.plan.get("hold", 0)
        self.mandate_end = self.month(self.plan.get("mandate_end", ""))
        self.region = {row["place"]: row.get("region", "") for row in self.rows("places")}
        self.sector = {row["function"]: row.get("sector", "") for row in self.rows("functions")}
        self.packages: list[Package] = [(row["place"], row["function"]) for row in self.rows("packages")]
        self._check_names()

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table."""
        return self._tables.get(table, [])

    def month(self, text: str) -> int | None:
        """Return a month counted from the first of the plan; None for a blank."""
        if not text:
            return None
        return self.mandate_end if text == "mandate_end" else _months_since_christ(text) - self._first

    def span(self, row: Row) -> tuple[int, int]:
        """Return first and last month of a row: a blank ``from`` is the first of the plan, a blank ``to`` no end."""
        start, end = self.month(row.get("from", "")), self.month(row.get("to", ""))
        return start or 0, FOREVER if end is None else end

    def fiscal_year(self, month: int) -> int:
        """Return the calendar year in which the fiscal year of a month ends."""
        year, month_of_year = divmod(self._first + month, 12)
        begins = self.plan.get("fiscal_year_start", 1)
        return year if begins == 1 or month_of_year + 1 < begins else year + 1

    def place_rank(self, segment: str, place: str) -> int | None:
        """Return how specifically a segment means a place; None if it does not."""
        return _rank(segment, place, f"region:{self.region[place]}" if self.region[place] else "")

    def function_rank(self, segment: str, function: str) -> int | None:
        """Return how specifically a segment means a function; None if it does not."""
        return _rank(segment, function, f"sector:{self.sector[function]}" if self.sector[function] else "")

    def pattern_rank(self, pattern: str, package: Package) -> Rank | None:
        """Return how specifically a pattern means a package, segment by segment; None if it does not."""
        of_place, of_function = segments(pattern)
        place, function = self.place_rank(of_place, package[0]), self.function_rank(of_function, package[1])
        return None if place is None or function is None else (place, function)

    def matching(self, pattern: str) -> list[Package]:
        """Return the packages that a pattern stands for; none at all is a fault."""
        found = [package for package in self.packages if self.pattern_rank(pattern, package) is not None]
        if not found:
            raise RefusedError(f"{pattern} matches no package")
        return found

    def means(self, patterns: str, package: Package) -> bool:
        """Return whether one of a list of patterns means a package."""
        return any(self.pattern_rank(pattern, package) is not None for pattern in listed(patterns))

    def guarded(self, place: str) -> bool:
        """Return whether a relapse in a place must be answerable."""
        asked = {row["scope"] for row in self.rows("reserve") if int(row["k"])}
        return not asked.isdisjoint({"country", self.region[place]})

    def fiscal_years(self) -> list[list[int]]:
        """Return the months of each fiscal year of the plan, in order."""
        return [list(year) for _, year in itertools.groupby(range(self.months), self.fiscal_year)]

    def in_places(self, text: str, place: str) -> bool:
        """Return whether a list of place segments means a place."""
        return any(self.place_rank(segment, place) is not None for segment in listed(text))

    def in_functions(self, text: str, function: str) -> bool:
        """Return whether a list of function segments means a function."""
        return any(self.function_rank(segment, function) is not None for segment in listed(text))

    def speakers(self, table: str, package: Package, keys: Callable[[Row], Iterable[K]]) -> dict[K, Row]:
        """Return the row that speaks for a package about each key; rows with one key in common compete for it."""
        claims: dict[K, list[tuple[Rank, Row]]] = {}
        for row in self.rows(table):
            for pattern in listed(row["packages"]):
                rank = self.pattern_rank(pattern, package)
                for key in () if rank is None else keys(row):
                    claims.setdefault(key, []).append((rank or (), row))
        return {key: speaker(rows) for key, rows in claims.items()}

    def _check_names(self) -> None:
        for table, rows in self._tables.items():
            for row in rows:
                patterns = [row.get(column) or "" for column in PATTERNS]
                for pattern in listed(";".join(patterns)):
                    self.matching(pattern)
                for column in () if table == "places" else ("places", "covers"):
                    for segment in listed(row.get(column, "")):
                        if not any(self.place_rank(segment, place) is not None for place in self.region):
                            raise RefusedError(f"{segment} is no place")
                for column in ("functions", "admits"):
                    for segment in listed(row.get(column, "")):
                        if not any(self.function_rank(segment, function) is not None for function in self.sector):
                            raise RefusedError(f"{segment} is no function")


def segments(pattern: str) -> tuple[str, str]:
    """Return the place and the function segment of a pattern; a function alone means it in every place."""
    place, slash, function = pattern.partition("/")
    return (place, function) if slash else ("*", place)


def speaker(claims: Iterable[tuple[Rank, Row]]) -> Row:
    """Return the row that no other beats; two of them are a fault."""
    claims = list(claims)
    unbeaten = {id(row): row for rank, row in claims if not any(_beats(other, rank) for other, _ in claims)}
    if len(unbeaten) > 1:
        raise RefusedError(f"{len(unbeaten)} rows of which none beats the other: {list(unbeaten.values())}")
    return next(iter(unbeaten.values()))


def _beats(one: Rank, other: Rank) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _rank(segment: str, name: str, group: str) -> int | None:
    """Return 0 for a star, 1 for the group of a name, 2 for the name itself, None for anything else."""
    return 0 if segment == "*" else 2 if segment == name else 1 if segment == group else None


def _months_since_christ(text: str) -> int:
    year, month = text.split("-")
    return 12 * int(year) + int(month) - 1


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [{column: cell.strip() for column, cell in row.items()} for row in csv.DictReader(lines)]


def _scores(file: Path) -> Iterator[Row]:
    """Yield a row for each score of a wide file; a blank cell is none."""
    function = file.stem.removeprefix(WIDE)
    for row in _rows(file):
        packages = ";".join(f"{segment}/{function}" for segment in listed(row["place"]))
        same: Row = {column: row[column] for column in ("assessed", "growth", "growth_after") if column in row}
        for criterion in row.keys() - {"place", *same}:
            if row[criterion]:
                yield {"packages": packages, "criterion": criterion, "score": row[criterion], **same}
