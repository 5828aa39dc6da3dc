"""Names as they are spelt: two spellings of one name, and totals among the places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sequencer.errors import Fault
from sequencer.tables.faults import Faults, shown
from sequencer.tables.references import ELSEWHERE
from sequencer.tables.rows import Row, Rows
from sequencer.tables.text import JOINERS

TOTALS = frozenset({"total", "totals", "sum", "summe", "grandtotal", "subtotal"})
#: Blanks, but those between two digits, and joiners.
UNSEEN = re.compile(rf"(?<!\d)\s+|\s+(?!\d)|[{JOINERS}]")


def check_spellings(read: Mapping[str, Rows], faults: Faults) -> None:
    """Note names that differ only by case or blanks from an earlier one, and totals in the rows of places.

    Parameters
    ----------
    read : mapping of Rows
        All tables by name; totals are marked bad.
    faults : Faults
        Takes what is wrong.
    """
    for row in read["places"]:
        if "place" not in row.bad and folded(row["place"]) in TOTALS:
            row.fault(faults, "place", shown(row["place"]), "a place", "a total, not a place")
    for rows, column in _homes(read):
        first: dict[str, tuple[str, Row]] = {}
        for name, row in rows.names(column).items():
            other, where = first.setdefault(folded(name), (name, row))
            if name != other:  # the row is not marked: both names go on being known
                found = f"{shown(name)}, but {shown(other)} in row {where.number}"
                hint = "names that differ by case or blanks alone are two names"
                faults.add(Fault(row.file, row.number, column, found, "one spelling of each name", hint))


def _homes(read: Mapping[str, Rows]) -> Iterator[tuple[Rows, str]]:
    """Yield the columns in which names are given; elsewhere another spelling is an unknown name."""
    used = {(table, column) for table, column, _ in ELSEWHERE}
    for name, rows in read.items():
        for column in rows.table.columns:
            if column.role == "name" and column.name not in rows.table.references and (name, column.name) not in used:
                yield rows, column.name


def folded(name: str) -> str:
    """Return a name in the form in which spellings are compared."""
    return UNSEEN.sub("", name).casefold()
