"""Which assumption breaks a promise: the one whose undoing alone restores it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.problem import Breach, Bridge, Closing, Gate, Link, Reserve, Rule, Schedule, Supply, Width, Window
from sequencer.scenarios.scenario import Kind, Scenario, Shock
from sequencer.solving.checker import uses_of
from sequencer.timetable import Choices

#: What tells a promise of one plan from its others.
Promise: TypeAlias = tuple[str, tuple[str, ...], int, str]

#: A resource and one of its pools (empty: the only one); ``reserve`` and its scope; ``money``.
Pool: TypeAlias = tuple[str, str]

MONEY: Pool = ("money", "")

AS_IT_IS = "the plan as it is"
TOGETHER = "several together"


@dataclass(frozen=True, slots=True)
class Cause:
    """A promise that is broken, and why.

    Attributes
    ----------
    breach : Breach
    alone : tuple of Shock
        Each of these was undone by itself, and that alone restored the promise: it is *alone enough* to save it.
    before : bool
        Whether the plan breaks the promise in the instance as it is.
    """

    breach: Breach
    alone: tuple[Shock, ...]
    before: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The assumptions behind it, in words."""
        if self.before:
            return (AS_IT_IS,)
        return tuple(shock.name for shock in self.alone) or (TOGETHER,)


def pool_of(rule: Rule) -> Pool | None:
    """Return what a rule shares out; None for rules about dates."""
    match rule:
        case Supply():
            return rule.resource, rule.pool
        case Reserve():
            return "reserve", rule.scope
        case Bridge():
            return MONEY
        case _:
            return None


def promise(rule: Rule, breach: Breach) -> Promise:
    """Return which promise a breach breaks, whatever the amount, and whatever bound a scenario gives it."""
    match rule:
        case Window():
            name = f"{rule.clause.kind} {rule.clause.subject} {rule.clause.event}"  # its text may name other dates
        case Supply():
            name = rule.name
        case Reserve():
            name = rule.scope
        case Link():
            name = f"{rule.before_event} {rule.after_event} {_rows(rule)}"
        case Width():
            name = f"{' '.join(f'{package}.{event}' for package, event in rule.members)} {_rows(rule)}"
        case Gate():
            name = f"{rule.phase} {rule.event} {_rows(rule)}"
        case _:
            name = ""
    return breach.rule, breach.about, breach.month, name


def _rows(rule: Link | Width | Gate) -> str:
    """Return where a rule is written: of two on the same events, only their rows tell which is which."""
    return ", ".join(origin.place for origin in rule.origins)


def cause(
    instance: Instance, choices: Choices, scenario: Scenario, rule: Rule, breach: Breach, *, before: bool
) -> Cause:
    """Return why a promise is broken in a scenario; ``before``: whether it is so in the instance as it is."""
    alone = () if before else _suspects(scenario, rule)
    broken = promise(rule, breach)
    return Cause(
        breach,
        tuple(shock for shock in alone if broken not in _broken(instance, choices, scenario, shock, rule)),
        before,
    )


def _broken(instance: Instance, choices: Choices, scenario: Scenario, without: Shock, rule: Rule) -> set[Promise]:
    """Return which promises of the kind of a rule are broken in a scenario without one of its assumptions."""
    problem = compile_instance(scenario.instance(instance, [without]))
    cells = problem.cells(choices)
    uses = uses_of(problem, cells) if isinstance(rule, Bridge) else {}
    schedule = Schedule(problem.calendar, problem.paths, cells, uses)
    alike = (other for other in problem.rules if type(other) is type(rule))
    return {promise(other, breach) for other in alike for breach in other.breaches(schedule)}


def _suspects(scenario: Scenario, rule: Rule) -> tuple[Shock, ...]:
    """Return the assumptions a promise rests on while all dates stay; those that were stated may be any."""

    def rests(shock: Shock) -> bool:
        match rule:
            case _ if shock.kind is Kind.GIVEN:
                return True
            case Window():
                subject = rule.clause.subject
                return (shock.kind, shock.about) in {
                    (Kind.READINESS, f"{rule.package} {subject}"),
                    (Kind.GROWTH, f"{rule.package} {subject}"),
                    (Kind.THREAT, subject),
                    (Kind.CALENDAR, subject),
                } or (rule.clause.kind is Closing.DEPARTURE and shock.kind is Kind.THREAT)
            case Supply() | Reserve():
                return shock.kind in {Kind.THREAT, Kind.CALENDAR}
            case Bridge():
                return shock.kind is Kind.PLEDGE
            case _:
                return False

    return tuple(filter(rests, scenario.shocks))
