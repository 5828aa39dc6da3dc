"""An instance: everything a planner said, resolved, frozen and indexed by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sequencer.instance import facts
from sequencer.months import Calendar

if TYPE_CHECKING:
    from sequencer.instance.changes import Value

F = TypeVar("F", bound=facts.Fact)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """What is to be planned. Made by ``sequencer.read``; changed copies are made by ``but``.

    Every field but ``calendar``, ``plan`` and ``changes`` is a table of facts in the order of the files, wildcards
    expanded. ``changes`` says what ``but`` has changed, a line each.
    Lookups by name are computed once and raise ``KeyError`` for unknown names: readers check references before.
    """

    calendar: Calendar
    plan: facts.Plan
    phases: tuple[facts.Phase, ...]
    places: tuple[facts.Place, ...]
    functions: tuple[facts.Function, ...]
    packages: tuple[facts.Package, ...]
    options: tuple[facts.Option, ...] = ()
    gains: tuple[facts.Gain, ...] = ()
    criteria: tuple[facts.Criterion, ...] = ()
    readiness: tuple[facts.Readiness, ...] = ()
    threat: tuple[facts.Threat, ...] = ()
    limits: tuple[facts.Limit, ...] = ()
    resources: tuple[facts.Resource, ...] = ()
    capacity: tuple[facts.Capacity, ...] = ()
    needs: tuple[facts.Need, ...] = ()
    guarantees: tuple[facts.Guarantee, ...] = ()
    links: tuple[facts.Link, ...] = ()
    widths: tuple[facts.Width, ...] = ()
    gates: tuple[facts.Gate, ...] = ()
    calendar_events: tuple[facts.Closure, ...] = ()
    budget: tuple[facts.Budget, ...] = ()
    donors: tuple[facts.Donor, ...] = ()
    pledges: tuple[facts.Pledge, ...] = ()
    reserves: tuple[facts.Reserve, ...] = ()
    relapses: tuple[facts.Relapse, ...] = ()
    published: tuple[facts.Published, ...] = ()
    changes: tuple[str, ...] = ()

    def but(self, changes: Mapping[str, Value]) -> Instance:
        """Return a copy with some numbers changed; this instance is left as it is.

        Parameters
        ----------
        changes : mapping of str to int, float or str
            By address (see ``sequencer levers``): the new value in the unit shown; a change to it as text with its
            sign, such as ``"+1"`` (``"=-1"`` is a negative value); a month as ``"2010-05"``; ``"none"`` takes an
            optional value away. A ``*`` in an address means every address it fits; one without its months means all
            its rows. Changes are made in order.

        Raises
        ------
        UsageError
            If an address is unknown (the nearest are named), a value makes no sense, or rows would contradict.
        """
        from sequencer.instance.changes import but  # noqa: PLC0415 - changes need this class

        return but(self, changes.items())

    @cached_property
    def place(self) -> Mapping[str, facts.Place]:
        """Places by name."""
        return {fact.name: fact for fact in self.places}

    @cached_property
    def function(self) -> Mapping[str, facts.Function]:
        """Functions by name."""
        return {fact.name: fact for fact in self.functions}

    @cached_property
    def package(self) -> Mapping[str, facts.Package]:
        """Packages by name, ``place/function``."""
        return {fact.name: fact for fact in self.packages}

    @cached_property
    def resource(self) -> Mapping[str, facts.Resource]:
        """Resources by name."""
        return {fact.name: fact for fact in self.resources}

    @cached_property
    def options_of(self) -> Mapping[str, tuple[facts.Option, ...]]:
        """The options of each package, at least one."""
        written = grouped(self.options, "package")
        return {
            p.name: written.get(p.name) or (facts.Option(package=p.name, name="none", origin=p.origin),)
            for p in self.packages
        }

    @cached_property
    def criteria_of(self) -> Mapping[str, tuple[facts.Criterion, ...]]:
        """Readiness gates by package; a package without gates is left out."""
        return grouped(self.criteria, "package")

    @cached_property
    def score_of(self) -> Mapping[tuple[str, str], facts.Readiness]:
        """Readiness by package and criterion."""
        return {(fact.package, fact.criterion): fact for fact in self.readiness}

    @cached_property
    def gain_of(self) -> Mapping[tuple[str, str, str], facts.Gain]:
        """Gains by package, option and criterion."""
        return {(fact.package, fact.option, fact.criterion): fact for fact in self.gains}

    @cached_property
    def threat_of(self) -> Mapping[str, tuple[facts.Threat, ...]]:
        """Threat rows by place; a place without rows is left out."""
        return grouped(self.threat, "place")

    @cached_property
    def limits_of(self) -> Mapping[str, tuple[facts.Limit, ...]]:
        """Threat limits by package; a package without limits is left out."""
        return grouped(self.limits, "package")

    @cached_property
    def needs_of(self) -> Mapping[str, tuple[facts.Need, ...]]:
        """Needs by resource; a resource without needs is left out."""
        return grouped(self.needs, "resource")

    @property
    def funded(self) -> bool:
        """Whether there is a money rule: a budget or a pledge, be it only announced."""
        return bool(self.budget or self.pledges)

    @cached_property
    def counted_pledges(self) -> tuple[facts.Pledge, ...]:
        """The pledges that count: the confirmed ones, and the announced ones where the plan says so."""
        return tuple(fact for fact in self.pledges if self.counts(fact))

    def counts(self, pledge: facts.Pledge) -> bool:
        """Return whether a pledge counts: confirmed, or announced where the plan says that this is enough."""
        return pledge.confirmed or self.plan.announced_pledges

    @cached_property
    def money_lines(self) -> tuple[str, ...]:
        """The sources of money in a fixed order: budget lines, those that only revenue feeds, pledges that count."""
        revenue = [fact.revenue_to for fact in self.packages if fact.revenue]
        lines = [*(fact.line for fact in self.budget), *revenue, *(fact.line for fact in self.counted_pledges)]
        return tuple(dict.fromkeys(lines)) if self.funded else ()


def grouped(table: Iterable[F], name: str) -> dict[str, tuple[F, ...]]:
    """Return the facts of a table by the value of one field, keeping their order."""
    groups: dict[str, list[F]] = {}
    for fact in table:
        groups.setdefault(getattr(fact, name), []).append(fact)
    return {key: tuple(rows) for key, rows in groups.items()}
