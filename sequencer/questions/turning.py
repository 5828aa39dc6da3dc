"""Which numbers a planner could turn to relax which promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from sequencer.explain.parts import Part
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, Lever, addresses

#: Numbers that protect people: tables and fields. They are turned only where the planner says so.
PROTECTED = frozenset({("criteria", "threshold"), ("limits", "limit"), ("limits", "trend"), ("reserves", "k")})


@dataclass(frozen=True)
class Turning:
    """The numbers of an instance that have a direction in which rules become easier to keep, by the rows they are in.

    Attributes
    ----------
    instance : Instance
    """

    instance: Instance

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """Every such number by address, protections left out; in the order of ``sequencer levers``."""
        return {
            address: lever
            for address, lever in addresses(self.instance).items()
            if lever.relax and (lever.attribute, lever.field) not in PROTECTED
        }

    def place(self, lever: Lever) -> str:
        """Return file and row of a number."""
        if lever.attribute == PLAN:
            return self.instance.plan.origin.place
        return str(getattr(self.instance, lever.attribute)[lever.position].origin.place)

    @cached_property
    def _of_place(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for address, lever in self.levers.items():
            found.setdefault(self.place(lever), []).append(address)
        return found

    def of(self, parts: Iterable[Part]) -> tuple[str, ...]:
        """Return the addresses of numbers in the rows that parts rest on: a superset of those that could relax them."""
        places = dict.fromkeys(origin.place for part in parts for origin in part.origins)
        return tuple(dict.fromkeys(address for place in places for address in self._of_place.get(place, ())))

    def idle(self, parts: Collection[Part]) -> tuple[str, ...]:
        """Return the addresses of numbers in rows that none of these parts rests on."""
        touched = set(self.of(parts))
        return tuple(address for address in self.levers if address not in touched)
