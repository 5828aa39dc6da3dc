"""What an audience may see: only what is named here as open; what is new is the mission's until it stands here.

Dates, money and supplies are open to all, readiness to partners; threat, forces, reserves and who assessed are the
mission's alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from sequencer.answers.evidence import CHANGED, UNSAID
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.pictures.scene import Audience
from sequencer.reasons.local.tight import Tight
from sequencer.vocabulary import TERMS

#: Rules that say nothing of readiness, threat and reserves, as models/problem.md names them, and aims.
OPEN_RULES = frozenset(
    {
        *("P1", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "L1", "L2", "L3", "L4"),
        *("S1", "S2", "S3", "S4", "S5", "S6", "S7", *TERMS),
    }
)
READINESS_RULES = frozenset({"W1"})

#: The first words of addresses.
OPEN_TABLES = frozenset(
    {
        *("plan", "phases", "places", "functions", "packages", "options", "capacity", "needs", "links", "widths"),
        *("gates", "calendar", "budget", "donors", "pledge", "published"),
    }
)
READINESS_TABLES = frozenset({"readiness", "criteria", "gains"})

#: Words on how sure a row is that name nobody.
CONFIDENCE = frozenset(
    {
        *("judgement", "judgment", "synthetic", "source-based", "verified", "partly verified", "unverified", "record"),
        *("measured", "estimate", "estimated", "assumed", "assumption", "high", "medium", "low", CHANGED, UNSAID),
    }
)
ELSE = "something else"


class Seen:
    """What of an instance an audience may see.

    Parameters
    ----------
    instance : Instance
    audience : Audience

    Attributes
    ----------
    all : bool
        Whether it may see everything.
    forces : frozenset of str
        The resources that presence forces supply.
    """

    def __init__(self, instance: Instance, audience: Audience) -> None:
        self.all = audience is Audience.MISSION
        self.forces = frozenset(fact.resource for fact in instance.guarantees) - {""}
        partly = audience is Audience.PARTNERS
        self._rules = OPEN_RULES | (READINESS_RULES if partly else set())
        self._tables = OPEN_TABLES | (READINESS_TABLES if partly else set())
        events = [fact for fact in instance.calendar_events if fact.resource in self.forces]
        self._events = frozenset(fact.name for fact in events)
        tables: tuple[tuple[facts.Fact, ...], ...] = (
            *(instance.threat, instance.limits, instance.guarantees, instance.reserves, instance.relapses),
            tuple(events),
        )
        self._secret = frozenset(fact.origin for table in tables for fact in table)

    def resource(self, name: str) -> bool:
        """Return whether a resource may be shown."""
        return self.all or name not in self.forces

    def promise(self, promise: Tight) -> bool:
        """Return whether what holds a package may be shown: by its rule, its rows, and the resource it names."""
        named = any(promise.text.startswith((f"{force}:", f"{force} (")) for force in self.forces)
        return self.all or (promise.rule in self._rules and not named and self._secret.isdisjoint(promise.origins))

    def address(self, address: str) -> bool:
        """Return whether a number may be shown, by its address."""
        table, _, name = address.partition(".")
        secret = any(f".{force}" in address for force in self.forces) or (table == "needs" and ".threat" in name)
        event = table == "calendar" and any(name.startswith(f"{event}.") for event in self._events)
        return self.all or (table in self._tables and not secret and not event)

    def evidence(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return how many rows are how sure; to others than the mission without words that might name somebody."""
        if self.all:
            return dict(counts)
        found: dict[str, int] = {}
        for word, count in counts.items():
            known = word if word in CONFIDENCE else ELSE
            found[known] = found.get(known, 0) + count
        return found
