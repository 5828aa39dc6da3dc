"""Scenarios: what may come otherwise than an instance says, each deviation with what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sequencer.errors import UsageError
from sequencer.instance.changes import Value, but
from sequencer.instance.instance import Instance


class Kind(StrEnum):
    """What a deviation is one of. ``GIVEN``: none of those that are drawn, but stated by the analyst."""

    READINESS = "readiness"
    GROWTH = "growth"
    PLEDGE = "pledge"
    THREAT = "threat"
    CALENDAR = "calendar"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Shock:
    """One assumption that turns out otherwise.

    Attributes
    ----------
    kind : Kind
    about : str
        The assumption: ``aileu/policing logistics``, ``union/justice FY2031``, ``elections``.
    how : str
        What becomes of it, in words.
    changes : tuple of (str, value)
        Addresses and what they are changed to, in order; see ``Instance.but``.
    """

    kind: Kind
    about: str
    how: str
    changes: tuple[tuple[str, Value], ...]

    @property
    def name(self) -> str:
        """The assumption with its kind; the same in every scenario."""
        return f"{self.kind.value} {self.about}"

    def __str__(self) -> str:
        return f"{self.name}: {self.how}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A state of the world: every assumption that turns out otherwise than the instance says.

    Attributes
    ----------
    number : int
        From 1; 0 is left for the instance as it is.
    shocks : tuple of Shock
    """

    number: int
    shocks: tuple[Shock, ...]

    @classmethod
    def of(cls, number: int, changes: Mapping[str, Value]) -> Scenario:
        """Return a scenario that is stated, not drawn: each number is an assumption of its own."""
        shocks = (
            Shock(Kind.GIVEN, address, f"changed to {value}", ((address, value),)) for address, value in changes.items()
        )
        return cls(number, tuple(shocks))

    @property
    def factors(self) -> Mapping[str, Value]:
        """All it changes, by address: what ``sensitivity.study`` takes for a run.

        Raises
        ------
        UsageError
            If two assumptions give one number different values.
        """
        found: dict[str, Value] = {}
        for shock in self.shocks:
            for address, value in shock.changes:
                found[address] = _both(address, found[address], value) if address in found else value
        return found

    def instance(self, base: Instance, without: Iterable[Shock] = ()) -> Instance:
        """Return an instance as it is in this scenario, some assumptions left as they were."""
        left = set(without)
        kept = Scenario(self.number, tuple(shock for shock in self.shocks if shock not in left))
        return but(base, kept.factors.items())


def _both(address: str, first: Value, second: Value) -> Value:
    """Return two changes of one number as one: money of a year may be lost, and that of the year before come late."""
    if first == second:
        return first
    if all(isinstance(value, str) and value[:1] in {"+", "-"} for value in (first, second)):
        return f"{int(first) + int(second):+d}"
    raise UsageError(f"{address} would be both {first} and {second} in one scenario")
