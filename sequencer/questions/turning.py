"""Which numbers a planner could turn to relax which promises."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sequencer.compile import compile_instance
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, Lever, addresses
from sequencer.instance.patterns import fits
from sequencer.problem import Bridge, Closing, Problem, Reserve, Rule, Supply, Window
from sequencer.reasons.parts import Part, Side

#: Numbers that protect people: tables and fields. They are turned only where the planner says so. What packages and
#: relapses need is the floor of service: nothing tells the guards of a district from those who train them. Holds
#: protect people, too, but have no direction in which rules are sure to become easier to keep.
PROTECTED = frozenset(
    {
        ("criteria", "threshold"),
        ("limits", "limit"),
        ("limits", "trend"),
        ("needs", "amount"),
        ("relapses", "amount"),
        ("reserves", "k"),
    }
)


def protects(lever: Lever) -> bool:
    """Return whether a number protects people: it is relaxed in no value and no repair unless it is negotiable."""
    return (lever.attribute, lever.field) in PROTECTED


def is_negotiable(instance: Instance, lever: Lever) -> bool:
    """Return whether the plan says that a number may be turned although it protects people."""
    return any(fits(pattern, lever.address) for pattern in instance.plan.negotiable)


@dataclass(frozen=True)
class Turning:
    """The numbers of an instance that have a direction in which rules become easier to keep, by what rests on them.

    Mostly a part names the row of each number that could relax it. Some numbers relax parts that do not name them:

    - a gain raises the score behind a window of readiness;
    - what a package needs is part of what draws on a pool, and of what the mission's departure waits for;
    - what a relapse needs is part of what a reserve answers;
    - a revenue, and the month until which a pledge is carried over, change what a line gives in many years; a revenue
      may even open a line.

    Attributes
    ----------
    instance : Instance
    risky : bool
        Whether protections that are negotiable are among them.
    """

    instance: Instance
    risky: bool = False

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """Every such number by address, in the order of ``sequencer levers``; without protections, or some of them."""
        return {
            address: lever
            for address, lever in addresses(self.instance).items()
            if lever.relax and (not protects(lever) or (self.risky and is_negotiable(self.instance, lever)))
        }

    @cached_property
    def problem(self) -> Problem:
        """That of which the parts are; rules that were added to it, such as those of a wish, rest on no number."""
        return compile_instance(self.instance)

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

    @cached_property
    def _unnamed(self) -> dict[tuple[str, ...], list[str]]:
        """The numbers that parts do not name, by what they are about."""
        found: dict[tuple[str, ...], list[str]] = {}
        for address, lever in self.levers.items():
            fact = None if lever.attribute == PLAN else getattr(self.instance, lever.attribute)[lever.position]
            keys: list[tuple[str, ...]] = []
            match fact:
                case facts.Gain():
                    keys = [("gain", fact.package, fact.criterion)]
                case facts.Need():
                    keys = [("need", fact.resource, fact.package), ("need", fact.package)]
                case facts.Relapse():
                    keys = [("relapse", fact.package)]
                case _:
                    keys = [("money",)] if lever.field in {"revenue", "carry_until"} else []
            for key in keys:
                found.setdefault(key, []).append(address)
        return found

    def of(self, parts: Iterable[Part]) -> tuple[str, ...]:
        """Return the addresses of the numbers that could relax parts, and of some others in the same rows.

        However far all other numbers are turned, a timetable that breaks one of these parts still breaks one of them.
        """
        found: dict[str, None] = {}
        for part in parts:
            if part.side is not Side.DEFINITION:
                for origin in part.origins:
                    found.update(dict.fromkeys(self._of_place.get(origin.place, ())))
                for key in self._keys(part):
                    found.update(dict.fromkeys(self._unnamed.get(key, ())))
        return tuple(found)

    def _keys(self, part: Part) -> Iterator[tuple[str, ...]]:
        if part.position >= len(self.problem.rules):
            return
        yield from _about(self.problem.rules[part.position])

    def idle(self, parts: Collection[Part]) -> tuple[str, ...]:
        """Return the addresses of numbers that could relax none of these parts."""
        touched = set(self.of(parts))
        return tuple(address for address in self.levers if address not in touched)


def _about(rule: Rule) -> Iterator[tuple[str, ...]]:
    """Yield what the numbers are about that parts of a rule rest on without naming them."""
    match rule:
        case Window() if rule.clause.kind is Closing.READINESS:
            yield ("gain", rule.package, rule.clause.subject)
        case Window() if rule.clause.kind is Closing.DEPARTURE:
            yield ("need", rule.package)
        case Supply():
            yield from (("need", rule.resource, name) for name in rule.demands_of)
        case Reserve():
            yield from (("relapse", name) for name in rule.demands_of)
        case Bridge():
            yield ("money",)
        case _:
            pass
