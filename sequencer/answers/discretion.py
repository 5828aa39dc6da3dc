"""What an audience may read, told by the kind of a fact and never by its words, so that no page is a list of targets.

Everything that is handed out follows this one table: the report, its charts as images, briefs and exports.

=============  ========  ========  =======
shown          public    partners  mission
=============  ========  ========  =======
dates, money   yes       yes       yes
supplies       yes       yes       yes
readiness      no        yes       yes
threat         no        no        yes
forces         no        no        yes
reserves       no        no        yes
assessors      no        no        yes
=============  ========  ========  =======

Only what is named here as open is shown: a kind of fact that is new is shown to the mission alone until it stands here.
A resource is a force if guarantees.csv names it, or if the mission owns it and it is counted in people (``PEOPLE``);
what is counted in teams is not. The planner's own words in titles and names are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from sequencer.answers.evidence import CHANGED, UNSAID
from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.changes import meant
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, addresses
from sequencer.problem import Bridge, Closing, Gate, Link, Problem, Rule, Supply, Width, Window
from sequencer.reasons.conditions import Condition, Kind
from sequencer.reasons.local.obstacles import Apart, Begins, Closed, Obstacle, Short, Spread, Unanswered, Unopened
from sequencer.reasons.local.tight import Tight
from sequencer.reasons.parts import Part
from sequencer.vocabulary import TERMS


class Audience(StrEnum):
    """Who something is for. What only ``MISSION`` may read would make a list of targets of it."""

    PUBLIC = "public"
    PARTNERS = "partners"
    MISSION = "mission"


MISSION = "mission"  # the owner of a resource

#: Words in the unit of a resource, in lower case, by which it counts people; a unit that is not given is the name.
PEOPLE = frozenset(
    {
        *("person", "persons", "people", "personnel", "men", "women", "force", "forces", "military", "peacekeepers"),
        *("officer", "officers", "police", "soldier", "soldiers", "troop", "troops", "gendarmes"),
        *("observer", "observers", "monitor", "monitors", "guards"),
        *("personne", "personnes", "soldat", "soldats", "troupe", "troupes", "militaires", "policiers"),
        *("observateur", "observateurs", "officiers"),
    }
)

#: Windows that say nothing of readiness, threat or forces.
OPEN_WINDOWS = frozenset(
    {
        *(Closing.OPTION, Closing.BEGINNING, Closing.END, Closing.PAST, Closing.BEGUN, Closing.DONE, Closing.FIXED),
        *(Closing.STAGE, Closing.EARLIEST, Closing.LATEST, Closing.MANDATE, Closing.DEPARTURE, Closing.FUNCTIONS),
        *(Closing.TRANCHES, Closing.CALENDAR, Closing.WISH),
    }
)

#: What holds a package without being a rule: the beginning of the plan, what has happened, and what the plan aims at.
OPEN_FACTS = frozenset({"P1", "W7", *TERMS})

#: Conditions about dates, money and supplies.
OPEN_KINDS = frozenset(
    {
        Kind.SUPPLY,
        Kind.MONEY,
        Kind.PLEDGE,
        Kind.LINK,
        Kind.GATE,
        Kind.WIDTH,
        Kind.CLOSURE,
        Kind.FACTOR,
        Kind.MANDATE,
    }
)

#: The first words of the addresses of numbers that all may read, and of those that partners may.
OPEN_TABLES = frozenset(
    {
        *("phases", "places", "functions", "packages", "options", "capacity", "needs", "links", "widths", "gates"),
        *("calendar", "budget", "donors", "pledge", "published", PLAN),
    }
)
READINESS_TABLES = frozenset({"readiness", "criteria", "gains"})

#: What is said of a row's confidence in a word of its own; other words might name somebody.
CONFIDENCE = frozenset(
    {
        *("judgement", "judgment", "synthetic", "source-based", "verified", "partly verified", "unverified"),
        *("record", "measured", "estimate", "estimated", "assumed", "assumption", "high", "medium", "low"),
        *(CHANGED, UNSAID),
    }
)
ELSE = "something else"  # what other words are called


def forces(instance: Instance) -> frozenset[str]:
    """Return the resources that are forces: those of guarantees.csv, and people whom the mission has."""
    named = {fact.resource for fact in instance.guarantees} - {""}
    people = {fact.name for fact in instance.resources if fact.owner == MISSION and _counts_people(fact)}
    return frozenset(named | people)


def _counts_people(resource: facts.Resource) -> bool:
    words = re.findall(r"[^\W_]+", (resource.unit.strip() or resource.name).casefold())
    return not PEOPLE.isdisjoint(words)


class Discretion:
    """What of an instance an audience may read.

    Parameters
    ----------
    instance : Instance
    problem : Problem
        The one of which the parts are that are asked about.
    audience : Audience

    Attributes
    ----------
    all : bool
        Whether it may read everything.
    forces : frozenset of str
        The resources that are forces.
    """

    def __init__(self, instance: Instance, problem: Problem, audience: Audience) -> None:
        self._instance = instance
        self._problem = problem
        self.all = audience is Audience.MISSION
        self._readiness = audience is not Audience.PUBLIC
        self.forces = forces(instance)
        events = (fact for fact in instance.calendar_events if fact.resource in self.forces)
        self._events = frozenset(fact.name for fact in events)

    def rule(self, rule: Rule) -> bool:
        """Return whether a rule may be told."""
        if self.all:
            return True
        match rule:
            case Window(clause=clause):
                if clause.kind is Closing.READINESS:
                    return self._readiness
                return clause.kind in OPEN_WINDOWS and not (
                    clause.kind is Closing.CALENDAR and clause.subject in self._events
                )
            case Supply(resource=resource):
                return resource not in self.forces
            case Link() | Width() | Gate() | Bridge():
                return True
            case _:
                return False

    def tight(self, tight: Tight) -> bool:
        """Return whether it may be told what holds a package: by the promise itself, not by what is said of it."""
        if tight.promise is None:
            return self.all or tight.rule in OPEN_FACTS
        return self.rule(tight.promise)

    def part(self, part: Part) -> bool:
        """Return whether a part of a rule may be told."""
        return self.rule(self._problem.rules[part.position])

    def parts(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """Return those of some parts that may be told."""
        return tuple(part for part in parts if self.part(part))

    def obstacle(self, obstacle: Obstacle) -> bool:
        """Return whether it may be told what stands against a month."""
        if self.all:
            return True
        match obstacle:
            case Begins():
                return True
            case Unanswered():
                return False
            case Closed() | Apart() | Spread() | Unopened() | Short():
                return self.rule(obstacle.promise)

    def condition(self, condition: Condition) -> bool:
        """Return whether a condition may be told."""
        if self.all:
            return True
        if condition.kind is Kind.READINESS:
            return self._readiness
        if condition.kind in {Kind.CLOSURE, Kind.FACTOR} and condition.about in self._events:
            return False
        return condition.kind in OPEN_KINDS and not (condition.kind is Kind.SUPPLY and condition.about in self.forces)

    def checker(self, condition: Condition) -> str:
        """Return who finds out whether a condition holds, unless that is who assessed."""
        return condition.checker if self.all or condition.kind is not Kind.READINESS else ""

    def closure(self, closure: facts.Closure) -> bool:
        """Return whether an event of the calendar may be told."""
        return self.all or closure.name not in self._events

    def address(self, address: str) -> bool:
        """Return whether a number may be told, by its address or that of some of its months."""
        if self.all:
            return True
        table = address.partition(".")[0]
        if table in READINESS_TABLES:
            return self._readiness
        if table not in OPEN_TABLES:
            return False
        return table == PLAN or self._fact(address)

    def factor(self, factor: str) -> bool:
        """Return whether all numbers that a study turned as one may be told; those not of this instance may not."""
        if self.all:
            return True
        try:
            return all(self.address(lever.address) for lever in meant(self._instance, factor))
        except UsageError:
            return False  # nothing is known of it that would open it

    def _fact(self, address: str) -> bool:
        """Return whether the row of an address may be told; one that is not found may not."""
        rows = self._rows.get(address.partition("@")[0], ())
        return bool(rows) and not any(self._secret(row) for row in rows)

    def _secret(self, row: Any) -> bool:  # noqa: ANN401 - any kind of fact
        if isinstance(row, facts.Closure):
            return not self.closure(row)
        return getattr(row, "resource", "") in self.forces or getattr(row, "levels", None) is not None

    @cached_property
    def _rows(self) -> dict[str, list[Any]]:
        """The rows of each address without its months."""
        found: dict[str, list[Any]] = {}
        for name, lever in addresses(self._instance).items():
            if lever.attribute != PLAN:
                row = getattr(self._instance, lever.attribute)[lever.position]
                found.setdefault(name.partition("@")[0], []).append(row)
        return found

    def changes(self) -> tuple[str, ...]:
        """Return the changes made for a run that may be told, a line each."""
        return tuple(line for line in self._instance.changes if self.address(line.partition(": ")[0]))

    def confidence(self, word: str) -> bool:
        """Return whether what is said of how sure rows are may be told in its own words."""
        return self.all or word in CONFIDENCE

    def evidence(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return how many rows are how sure, those whose words might name somebody together as ``ELSE``."""
        found: dict[str, int] = {}
        for word, count in counts.items():
            known = word if self.confidence(word) else ELSE
            found[known] = found.get(known, 0) + count
        return found
