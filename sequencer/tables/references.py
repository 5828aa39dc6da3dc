"""Names that must exist elsewhere, and keys that must not come twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sequencer.tables.faults import Faults, shown
from sequencer.tables.names import Names
from sequencer.tables.patterns import Pattern
from sequencer.tables.rows import Row, Rows
from sequencer.tables.schema import Column, tables

#: Names whose home is no table's key, so that the schema does not declare them as foreign keys.
NONE = "none"  # the option of packages without a row in options.csv
ELSEWHERE = (
    ("readiness", "criterion", "criteria"),
    ("gains", "criterion", "criteria"),
    ("gains", "option", "options"),
    ("packages", "option", "options"),
    ("guarantees", "home", "places"),
    ("links", "gate", "phases"),
    ("calendar", "resource", "resources"),
)


def check_references(read: Mapping[str, Rows], names: Names, faults: Faults) -> None:
    """Note every name that is unknown and every key that comes twice.

    Parameters
    ----------
    read : mapping of Rows
        All tables by name; the columns of unknown names are marked bad.
    names : Names
        What is known.
    faults : Faults
        Takes what is wrong.
    """
    declared = [(name, *pair) for name, table in tables().items() for pair in table.references.items()]
    for table, column, home in (*declared, *ELSEWHERE):
        _check_names(read[table], column, read[home], faults)
    wildcards = _Wildcards(read, names, faults)
    for rows in read.values():
        _check_keys(rows, faults)
        for meant in rows.table.columns:
            wildcards.check(rows, meant)


def _check_names(rows: Rows, column: str, home: Rows, faults: Faults) -> None:
    if not home.whole:
        return  # the name may stand in the part that could not be read
    key = home.table.key[0] if home.table.key else column
    known = home.names(key).keys() | ({NONE} if key == "option" else set())
    for row in rows:
        if column not in row.bad and row[column] and row[column] not in known:
            article = "an" if key[0] in "aeiou" else "a"
            needed = f"{article} {key} from {home.table.path}" if known else f"a row for it in {home.table.path}"
            row.fault(faults, column, shown(row[column]), needed, faults.nearest(row[column], known | home.offered))


def _check_keys(rows: Rows, faults: Faults) -> None:
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if not rows.table.key or not row.bad.isdisjoint(rows.table.key):
            continue
        key = tuple(row[column] for column in rows.table.key)
        if key in first:
            hint = f"first in row {first[key].number}"
            row.fault(faults, rows.table.key[-1], f"{shown('/'.join(key))} again", "one row for each", hint)
        first.setdefault(key, row)


class _Wildcards:
    """Checks cells that may name places, functions or packages, alone or by group."""

    def __init__(self, read: Mapping[str, Rows], names: Names, faults: Faults) -> None:
        self.read = read
        self.names = names
        self.faults = faults

    def check(self, rows: Rows, column: Column) -> None:
        if column.role not in ("pattern", "places", "functions"):
            return
        for row in rows:
            cell = () if column.name in row.bad or not row[column.name] else row[column.name]
            if column.role == "pattern":
                for pattern in cell if column.many or not cell else (cell,):
                    self._pattern(row, column.name, pattern)
            elif column.role == "places":
                self._segments(row, column.name, cell, self.names.place_sets, "places")
            else:
                self._segments(row, column.name, cell, self.names.function_sets, "functions")

    def _pattern(self, row: Row, column: str, pattern: Pattern) -> None:
        names, faults, meant = self.names, self.faults, pattern.function
        if pattern.place == "*" and meant in names.place_sets and meant not in names.function_sets:
            row.fault(faults, column, shown(meant), "a function, or PLACE/FUNCTION", f"all of it is {meant}/*")
            return
        known = self._segments(row, column, (pattern.place,), names.place_sets, "places")
        known &= self._segments(row, column, (meant,), names.function_sets, "functions")
        # A fault in a package's own row may be why the pattern does not find it.
        if known and not names.matching(pattern) and not faults.touch("packages.csv", "places.csv", "functions.csv"):
            hint = faults.nearest(str(pattern), names.packages)
            row.fault(faults, column, shown(str(pattern)), "a pattern that stands for at least one package", hint)

    def _segments(
        self, row: Row, column: str, segments: Collection[str], known: Mapping[str, object], home: str
    ) -> bool:
        """Return whether all of these segments are known; what is not is a fault if their table could be read."""
        unknown = [segment for segment in segments if segment not in known]
        for segment in unknown if self.read[home].whole else ():
            hint = self.faults.nearest(segment, known.keys() - {"*"})
            row.fault(self.faults, column, shown(segment), f"a name from {home}.csv", hint)
        return not unknown
