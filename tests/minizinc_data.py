"""An instance as data of ``models/handover.mzn``.

The data are what the planner said, table by table and column by column, with patterns resolved as in ``Instance``;
nothing is compiled. Names carry their kind, since a place and a function may be called alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Bucket, Event, Per, Stage

Data: TypeAlias = dict[str, Any]
F = TypeVar("F")

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
        **_resources(instance),
        **_reserve(instance),
        **_money(instance),
    }


def question(minimise: str = "exit", caps: Mapping[str, int] | None = None, *, every_plan: bool = False) -> Data:
    """Return what is asked: the term to minimise with others at most so large, or every plan."""
    known = caps or {}
    return {
        "minimise": TERMS[minimise],
        "at_most": [_maybe(known.get(term)) for term in TERMS],
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


def option_name(option: facts.Option) -> str:
    """Return the name of an option of one package."""
    return f"{option.package}:{option.name}"


def _table(name: str, rows: Sequence[F], /, **columns: Callable[[F], Any]) -> Data:
    """Return the columns of a table."""
    return {f"{name}_{column}": [value(row) for row in rows] for column, value in columns.items()}


def _named(kind: str, name: str) -> Data:
    """Return a name with its kind; a blank stays blank."""
    return _maybe(f"{kind}:{name}" if name else None)


def _names(kind: str, names: Iterable[str]) -> Data:
    """Return a set of names, each with its kind."""
    return _set(f"{kind}:{name}" for name in sorted(names))


def _set(names: Iterable[str]) -> Data:
    """Return a set of names of the model, or of packages."""
    return {"set": [{"e": name} for name in names]}


def _maybe(value: int | str | None) -> Data:
    """Return what may be blank as a set of at most one number or name."""
    if value is None:
        return _set([])
    return _set([value]) if isinstance(value, str) else {"set": [value]}


def _in_order(kind: type[Stage | Event], some: Iterable[str]) -> Data:
    return _set(word.value for word in kind if word in set(some))


def _everybody(instance: Instance, serves: frozenset[str] | None) -> Data:
    """Return the packages served; a blank means all."""
    return _set(package.name for package in instance.packages if serves is None or package.name in serves)


def _levels(levels: frozenset[int] | None) -> Data:
    """Return the levels at which a need is felt; none means any."""
    assert levels is None or levels
    return {"set": sorted(levels or ())}


def _plan(instance: Instance) -> Data:
    plan, calendar = instance.plan, instance.calendar
    return {
        "months": plan.months,
        "plan_hold": plan.hold,
        "risk_margin": plan.risk_margin,
        "risk_months": plan.risk_months,
        "mandate_end": _maybe(plan.mandate_end),
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
        **_table(
            "place",
            instance.places,
            region=lambda row: _named("region", row.region),
            population=lambda row: _maybe(row.population),
        ),
        "FUNCTION": [f"function:{function.name}" for function in instance.functions],
        **_table(
            "function",
            instance.functions,
            joint=lambda row: row.joint,
            mentored=lambda row: row.mentored,
            advisory=lambda row: row.advisory,
            fragile=lambda row: _in_order(Stage, row.fragile),
            weight=lambda row: row.weight,
        ),
    }


def _packages(instance: Instance) -> Data:
    options = [option for package in instance.packages for option in instance.options_of[package.name]]
    published = {row.package: row.transfer for row in instance.published}
    return {
        "PACKAGE": [package.name for package in instance.packages],
        "OPTION": [option_name(option) for option in options],
        **_table(
            "package",
            instance.packages,
            place=lambda row: f"place:{row.place}",
            function=lambda row: f"function:{row.function}",
            weight=lambda row: _maybe(row.weight),
            earliest=lambda row: _maybe(row.earliest),
            latest=lambda row: _maybe(row.latest),
            fixed=lambda row: _maybe(row.fixed),
            option=lambda row: _maybe(None if row.option is None else f"{row.name}:{row.option}"),
            stage=lambda row: _maybe(row.current_stage),
            since=lambda row: _maybe(row.since),
            recurrent=lambda row: row.recurrent_cost,
            holding=lambda row: row.holding_cost,
            handover=lambda row: row.handover_cost,
            revenue=lambda row: row.revenue,
            published=lambda row: _maybe(published.get(row.name)),
        ),
        **_table(
            "option",
            options,
            package=lambda row: row.package,
            support=lambda row: row.support,
            cost=lambda row: row.cost,
            joint=lambda row: _maybe(row.joint),
            mentored=lambda row: _maybe(row.mentored),
            advisory=lambda row: _maybe(row.advisory),
        ),
    }


def _readiness(instance: Instance) -> Data:
    tested, scored = (row.criterion for row in instance.criteria), (row.criterion for row in instance.readiness)
    criteria = dict.fromkeys([*tested, *scored, *(row.criterion for row in instance.gains)])
    return {
        "CRITERION": [f"criterion:{criterion}" for criterion in criteria],
        **_table(
            "gain",
            instance.gains,
            option=lambda row: f"{row.package}:{row.option}",
            criterion=lambda row: f"criterion:{row.criterion}",
            points=lambda row: row.gain,
        ),
        **_table(
            "criterion",
            instance.criteria,
            package=lambda row: row.package,
            name=lambda row: f"criterion:{row.criterion}",
            event=lambda row: row.event,
            threshold=lambda row: row.threshold,
            hold=lambda row: _maybe(row.hold),
        ),
        **_table(
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
        **_table(
            "threat",
            instance.threat,
            place=lambda row: f"place:{row.place}",
            **_span(),
            level=lambda row: row.level,
        ),
        **_table(
            "limit",
            instance.limits,
            package=lambda row: row.package,
            event=lambda row: row.event,
            level=lambda row: _maybe(row.limit),
            trend=lambda row: row.trend,
        ),
    }


def _span(*, ends: bool = False) -> dict[str, Callable[[Any], Any]]:
    """Return the columns of the months in which a row holds; the last may be blank unless every row ends."""
    return {"from": lambda row: row.start, "to": lambda row: row.end if ends else _maybe(row.end)}


def _calendar(instance: Instance) -> Data:
    functions = frozenset(function.name for function in instance.functions)
    return {
        **_table(
            "phase",
            instance.phases,
            **_span(ends=True),
            admits=lambda row: _names("function", functions if row.admits is None else row.admits),
            months=lambda row: {
                "set": sorted(range(row.start, row.end + 1) if row.months is None else row.months),
            },
        ),
        **_table(
            "closure",
            [row for row in instance.calendar_events if row.events],
            places=lambda row: _names("place", row.places),
            functions=lambda row: _names("function", row.functions),
            events=lambda row: _in_order(Event, row.events),
            **_span(ends=True),
            yearly=lambda row: row.yearly,
        ),
    }


def _links(instance: Instance) -> Data:
    members = [(i, *member) for i, width in enumerate(instance.widths, 1) for member in width.members]
    phases = {phase.name: i for i, phase in enumerate(instance.phases, 1)}
    return {
        **_table(
            "link",
            instance.links,
            before=lambda row: row.before,
            before_event=lambda row: row.before_event,
            after=lambda row: row.after,
            after_event=lambda row: row.after_event,
            minimum=lambda row: _maybe(row.minimum),
            maximum=lambda row: _maybe(row.maximum),
        ),
        **_table("width", instance.widths, months=lambda row: row.width),
        **_table("member", members, width=lambda row: row[0], package=lambda row: row[1], event=lambda row: row[2]),
        **_table(
            "gate",
            instance.gates,
            phase=lambda row: phases[row.phase],
            waiting=lambda row: _everybody(instance, row.waiting),
            before=lambda row: _everybody(instance, frozenset(row.before)),
            event=lambda row: row.event,
            minimum=lambda row: row.minimum,
        ),
    }


def _resources(instance: Instance) -> Data:
    buckets = {Bucket.PLAN: "plan", Bucket.PHASE: "phase", Bucket.MONTH: "month", Bucket.FISCAL_YEAR: "fiscal_year"}
    per = {row.name: row.per for row in instance.resources}

    def pool(resource: str, kind: Per, name: str) -> Data:
        return _named(kind.value, name if per[resource] is kind else "")

    return {
        "RESOURCE": [f"resource:{row.name}" for row in instance.resources],
        **_table(
            "resource",
            instance.resources,
            bucket=lambda row: buckets[row.bucket],
            of_mission=lambda row: row.owner == "mission",
        ),
        **_table(
            "need",
            instance.needs,
            package=lambda row: row.package,
            resource=lambda row: f"resource:{row.resource}",
            stage=lambda row: _maybe(row.stage),
            event=lambda row: _maybe(row.event),
            months=lambda row: _maybe(row.months),
            levels=lambda row: _levels(row.levels),
            amount=lambda row: row.amount,
            per_people=lambda row: _maybe(row.per_people),
        ),
        **_table(
            "capacity",
            instance.capacity,
            resource=lambda row: f"resource:{row.resource}",
            place=lambda row: pool(row.resource, Per.PLACE, row.pool),
            region=lambda row: pool(row.resource, Per.REGION, row.pool),
            serves=lambda row: _everybody(instance, row.serves),
            **_span(),
            amount=lambda row: row.amount,
        ),
        **_table(
            "presence",
            [row for row in instance.guarantees if not row.scope],
            resource=lambda row: f"resource:{row.resource}",
            covers=lambda row: _names("place", row.covers),
            **_span(),
            people=lambda row: row.people,
        ),
        **_table(
            "factor",
            [row for row in instance.calendar_events if row.factor is not None],
            resource=lambda row: f"resource:{row.resource}",
            everywhere=lambda row: row.pools is None,
            places=lambda row: _names("place", (row.pools or ()) if per[row.resource] is Per.PLACE else ()),
            regions=lambda row: _names("region", (row.pools or ()) if per[row.resource] is Per.REGION else ()),
            **_span(ends=True),
            yearly=lambda row: row.yearly,
            thousandths=lambda row: row.factor,
        ),
    }


def _reserve(instance: Instance) -> Data:
    def scope(name: str) -> Data:
        return _named("region", "" if name == facts.COUNTRY else name)

    return {
        **_table("reserve", instance.reserves, scope=lambda row: scope(row.scope), relapses=lambda row: row.k),
        **_table(
            "force",
            [row for row in instance.guarantees if row.scope],
            scope=lambda row: scope(row.scope),
            **_span(),
            people=lambda row: row.people,
        ),
        **_table(
            "relapse",
            instance.relapses,
            package=lambda row: row.package,
            levels=lambda row: _levels(row.levels),
            amount=lambda row: row.amount,
            per_people=lambda row: _maybe(row.per_people),
        ),
    }


def _money(instance: Instance) -> Data:
    funded = bool(instance.budget or instance.pledges)
    paying = {row.name: row.revenue_to for row in instance.packages if row.revenue and funded}
    lines = dict.fromkeys([*(row.line for row in instance.budget), *paying.values()])
    lines |= dict.fromkeys(row.line for row in instance.pledges)
    steps: dict[str, Callable[[Any], Any]] = {
        "growth": lambda row: _maybe(row.max_growth),
        "fall": lambda row: _maybe(row.max_fall),
        "base": lambda row: _maybe(row.base),
    }
    return {
        "DONOR": [f"donor:{row.name}" for row in instance.donors],
        "LINE": [f"line:{line}" for line in lines],
        **_table(
            "donor", instance.donors, share=lambda row: _maybe(row.max_share), sunset=lambda row: _maybe(row.sunset)
        ),
        **_table("package", instance.packages, revenue_to=lambda row: _named("line", paying.get(row.name, ""))),
        **_table(
            "budget",
            instance.budget,
            line=lambda row: f"line:{row.line}",
            year=lambda row: row.year,
            amount=lambda row: row.amount,
            **steps,
        ),
        **_table(
            "pledge",
            instance.pledges,
            line=lambda row: f"line:{row.line}",
            donor=lambda row: f"donor:{row.donor}",
            **_span(),
            amount=lambda row: row.amount,
            confirmed=lambda row: row.confirmed,
            serves=lambda row: _everybody(instance, row.serves),
            carry_until=lambda row: _maybe(row.carry_until),
            condition=lambda row: _maybe(None if row.condition is None else row.condition[0]),
            condition_event=lambda row: _maybe(None if row.condition is None else row.condition[1]),
            **steps,
        ),
    }
