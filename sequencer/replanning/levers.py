"""The addresses of numbers that stand in the rows a reason rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES, addresses
from sequencer.vocabulary import Origin

MOST = 3  # addresses of one reason
#: The number of a row that a rule is about, where the table has none of its own.
FIELDS = {"L1": "minimum", "L2": "maximum", "W5": "earliest", "W6": "latest", "W7": "fixed"}
SCALARS = {"W8": "plan.mandate_end"}


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a fact: its address and field, and the months the fact is about, if it is about some."""

    address: str
    field: str
    is_main: bool
    start: int | None
    end: int | None

    def covers(self, month: int | None) -> bool:
        """Return whether the fact is about a month, as far as is known."""
        if month is None or self.start is None:
            return True
        return self.start <= month and (self.end is None or month <= self.end)


class Levers:
    """Finds the numbers of an instance by the rows they stand in."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    @cached_property
    def _by_place(self) -> dict[str, list[_Number]]:
        """The numbers of each row."""
        found: dict[str, list[_Number]] = {}
        for word, table in TABLES.items():
            facts = getattr(self._instance, table.attribute)
            for address, lever in addresses(self._instance, word).items():
                fact = facts[lever.position]
                months = (fact.start, fact.end) if table.ranged else (None, None)
                number = _Number(address, lever.field, lever.field == table.main, *months)
                found.setdefault(fact.origin.place, []).append(number)
        return found

    def behind(self, rule: str, origins: Iterable[Origin], package: str, month: int | None = None) -> tuple[str, ...]:
        """Return the addresses of numbers behind a reason, those that name the package before all others of a row.

        A row that was cut into several is named by the part that is about the ``month``, where that is known.
        """
        found = [SCALARS[rule]] if rule in SCALARS else []
        for origin in origins:
            mine = [
                number.address
                for number in self._by_place.get(origin.place, ())
                if (number.is_main or number.field == FIELDS.get(rule)) and number.covers(month)
            ]
            named = [address for address in mine if f".{package}" in address]
            found += named or mine
        return tuple(dict.fromkeys(found))[:MOST]
