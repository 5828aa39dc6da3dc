"""An instance as data of ``models/handover.mzn``.

The data are what the planner said, table by table and column by column, with patterns resolved as in ``Instance``;
nothing is compiled. Names carry their kind, since a place and a function may be called alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from minizinc_supplies import money, reserve, resources
from minizinc_words import Data, everybody, in_order, maybe, named, names, option_name, span, table

from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage

#: The terms by the ids that the statement and the model give them.
TERMS = {"exit": "T1", "departure": "T2", "risk": "T3", "early_transfer": "T4", "cost": "T5", "change": "T6"}

#: The largest number in 32 bits, with which MiniZinc reads JSON and Gecode counts.
LARGEST = 2**31 - 1


class OutOfRangeError(Exception):
    """A number is too large for MiniZinc or Gecode: nothing is known about the instance."""


def data(instance: Instance) -> Data:
    """Return what an instance says; what is asked of it is added by ``question``."""
    return {
        **_plan(instance),
        **_places(instance),
        **_packages(instance),
        **_readiness(instance),
        **_calendar(instance),
        **_links(instance),
        **resources(instance),
        **reserve(instance),
        **money(instance),
    }


def question(minimise: str = "exit", caps: Mapping[str, int] | None = None, *, every_plan: bool = False) -> Data:
    """Return what is asked: the term to minimise with others at most so large, or every plan."""
    known = caps or {}
    return {
        "minimise": TERMS[minimise],
        "at_most": [maybe(known.get(term)) for term in TERMS],
        "every_plan": every_plan,
    }


def text(told: Data) -> str:
    """Return data as JSON that can be read, a line for each parameter.

    Raises
    ------
    OutOfRangeError
        If a number is too large for MiniZinc, which would read another one in its place.
    """
    for name, value in told.items():
        largest = max(map(abs, _numbers(value)), default=0)
        if largest > LARGEST:
            raise OutOfRangeError(f"out of range: {name} up to {largest}, but {LARGEST} is the most")
    lines = (f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _numbers(value: object) -> Iterator[int]:
    """Yield every number in a value."""
    match value:
        case int():
            yield value
        case list():
            for item in value:
                yield from _numbers(item)
        case dict():
            for item in value.values():
                yield from _numbers(item)


def _plan(instance: Instance) -> Data:
    plan, calendar = instance.plan, instance.calendar
    return {
        "months": plan.months,
        "plan_hold": plan.hold,
        "as_of": plan.as_of,
        "risk_margin": plan.risk_margin,
        "risk_months": plan.risk_months,
        "mandate_end": maybe(plan.mandate_end),
        "mandate_requires": plan.mandate_requires,
        "first_year": calendar.year,
        "first_month": calendar.month,
        "fiscal_start": calendar.fiscal_start,
        "announced_pledges": plan.announced_pledges,
    }


def _places(instance: Instance) -> Data:
    regions = dict.fromkeys(place.region for place in instance.places if place.region)
    return {
        "REGION": [f"region:{region}" for region in regions],
        "PLACE": [f"place:{place.name}" for place in instance.places],
        **table(
            "place",
            instance.places,
            region=lambda row: named("region", row.region),
            population=lambda row: maybe(row.population),
        ),
        "FUNCTION": [f"function:{function.name}" for function in instance.functions],
        **table(
            "function",
            instance.functions,
            joint=lambda row: row.joint,
            mentored=lambda row: row.mentored,
            advisory=lambda row: row.advisory,
            fragile=lambda row: in_order(Stage, row.fragile),
            weight=lambda row: row.weight,
        ),
    }


def _packages(instance: Instance) -> Data:
    options = [option for package in instance.packages for option in instance.options_of[package.name]]
    published = {row.package: row.transfer for row in instance.published}
    return {
        "PACKAGE": [package.name for package in instance.packages],
        "OPTION": [option_name(option) for option in options],
        **table(
            "package",
            instance.packages,
            place=lambda row: f"place:{row.place}",
            function=lambda row: f"function:{row.function}",
            weight=lambda row: maybe(row.weight),
            earliest=lambda row: maybe(row.earliest),
            latest=lambda row: maybe(row.latest),
            fixed=lambda row: maybe(row.fixed),
            option=lambda row: maybe(None if row.option is None else f"{row.name}:{row.option}"),
            stage=lambda row: maybe(row.current_stage),
            since=lambda row: maybe(row.since),
            recurrent=lambda row: row.recurrent_cost,
            holding=lambda row: row.holding_cost,
            handover=lambda row: row.handover_cost,
            revenue=lambda row: row.revenue,
            published=lambda row: maybe(published.get(row.name)),
        ),
        **table(
            "option",
            options,
            package=lambda row: row.package,
            support=lambda row: row.support,
            cost=lambda row: row.cost,
            joint=lambda row: maybe(row.joint),
            mentored=lambda row: maybe(row.mentored),
            advisory=lambda row: maybe(row.advisory),
        ),
    }


def _readiness(instance: Instance) -> Data:
    tested, scored = (row.criterion for row in instance.criteria), (row.criterion for row in instance.readiness)
    criteria = dict.fromkeys([*tested, *scored, *(row.criterion for row in instance.gains)])
    return {
        "CRITERION": [f"criterion:{criterion}" for criterion in criteria],
        **table(
            "gain",
            instance.gains,
            option=lambda row: f"{row.package}:{row.option}",
            criterion=lambda row: f"criterion:{row.criterion}",
            points=lambda row: row.gain,
        ),
        **table(
            "criterion",
            instance.criteria,
            package=lambda row: row.package,
            name=lambda row: f"criterion:{row.criterion}",
            event=lambda row: row.event,
            threshold=lambda row: row.threshold,
            hold=lambda row: maybe(row.hold),
        ),
        **table(
            "readiness",
            instance.readiness,
            package=lambda row: row.package,
            criterion=lambda row: f"criterion:{row.criterion}",
            score=lambda row: row.score,
            low=lambda row: row.low,
            assessed=lambda row: row.assessed,
            growth=lambda row: row.growth,
            growth_after=lambda row: row.growth_after,
        ),
        **table(
            "threat",
            instance.threat,
            place=lambda row: f"place:{row.place}",
            **span(),
            level=lambda row: row.level,
        ),
        **table(
            "limit",
            instance.limits,
            package=lambda row: row.package,
            event=lambda row: row.event,
            level=lambda row: maybe(row.limit),
            trend=lambda row: row.trend,
        ),
    }


def _calendar(instance: Instance) -> Data:
    functions = frozenset(function.name for function in instance.functions)
    return {
        **table(
            "phase",
            instance.phases,
            **span(ends=True),
            admits=lambda row: names("function", functions if row.admits is None else row.admits),
            months=lambda row: {
                "set": sorted(range(row.start, row.end + 1) if row.months is None else row.months),
            },
        ),
        **table(
            "closure",
            [row for row in instance.calendar_events if row.events],
            places=lambda row: names("place", row.places),
            functions=lambda row: names("function", row.functions),
            events=lambda row: in_order(Event, row.events),
            **span(ends=True),
            yearly=lambda row: row.yearly,
        ),
    }


def _links(instance: Instance) -> Data:
    members = [(i, *member) for i, width in enumerate(instance.widths, 1) for member in width.members]
    phases = {phase.name: i for i, phase in enumerate(instance.phases, 1)}
    return {
        **table(
            "link",
            instance.links,
            before=lambda row: row.before,
            before_event=lambda row: row.before_event,
            after=lambda row: row.after,
            after_event=lambda row: row.after_event,
            minimum=lambda row: maybe(row.minimum),
            maximum=lambda row: maybe(row.maximum),
        ),
        **table("width", instance.widths, months=lambda row: row.width),
        **table("member", members, width=lambda row: row[0], package=lambda row: row[1], event=lambda row: row[2]),
        **table(
            "gate",
            instance.gates,
            phase=lambda row: phases[row.phase],
            waiting=lambda row: everybody(instance, row.waiting),
            before=lambda row: everybody(instance, frozenset(row.before)),
            event=lambda row: row.event,
            minimum=lambda row: row.minimum,
        ),
    }
