"""What the builders of facts share: the tables as read, the names, the scalars, and the faults so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sequencer.tables.faults import Faults
from sequencer.tables.names import Names
from sequencer.tables.plan import Scalars
from sequencer.tables.rows import Row, Rows


@dataclass(frozen=True, slots=True)
class Reading:
    """One folder while it is being read."""

    tables: Mapping[str, Rows]
    names: Names
    scalars: Scalars
    faults: Faults

    def sound(self, table: str) -> Iterator[Row]:
        """Return the rows of a table of which facts can be made."""
        return self.tables[table].sound()

    def usable(self, table: str, *columns: str) -> Iterator[Row]:
        """Return the rows of a table in which these columns have no fault, whatever others have."""
        return (row for row in self.tables[table] if row.bad.isdisjoint(("", *columns)))


def stretch(row: Row) -> dict[str, Any]:
    """Return the fields ``start`` and ``end`` of a row with columns ``from`` and ``to``."""
    return {"start": row["from"] or 0, "end": row["to"]}
