"""The addresses of numbers that stand in the rows a reason rests on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES, addresses
from sequencer.vocabulary import Origin

MOST = 3  # addresses of one reason
#: The number of a row that a rule is about, where the table has none of its own.
FIELDS = {"L1": "minimum", "L2": "maximum", "W5": "earliest", "W6": "latest", "W7": "fixed"}
SCALARS = {"W8": "plan.mandate_end"}


class Levers:
    """Finds the numbers of an instance by the rows they stand in."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    @cached_property
    def _by_place(self) -> dict[str, list[tuple[str, str, bool]]]:
        """The levers of each row: address, field, and whether it is the number the row is about."""
        found: dict[str, list[tuple[str, str, bool]]] = {}
        for word, table in TABLES.items():
            facts = getattr(self._instance, table.attribute)
            for address, lever in addresses(self._instance, word).items():
                entry = address, lever.field, lever.field == table.main
                found.setdefault(facts[lever.position].origin.place, []).append(entry)
        return found

    def behind(self, rule: str, origins: Iterable[Origin], package: str) -> tuple[str, ...]:
        """Return the addresses of numbers behind a reason, those that name the package before all others of a row."""
        found = [SCALARS[rule]] if rule in SCALARS else []
        for origin in origins:
            mine = [
                address
                for address, field, is_main in self._by_place.get(origin.place, ())
                if is_main or field == FIELDS.get(rule)
            ]
            named = [address for address in mine if f".{package}" in address]
            found += named or mine
        return tuple(dict.fromkeys(found))[:MOST]
