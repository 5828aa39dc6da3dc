"""Resources, the reserve and money of an instance as data of ``models/handover.mzn``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minizinc_words import Data, everybody, levels, maybe, named, names, span, table

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Bucket, Per


def resources(instance: Instance) -> Data:
    buckets = {Bucket.PLAN: "plan", Bucket.PHASE: "phase", Bucket.MONTH: "month", Bucket.FISCAL_YEAR: "fiscal_year"}
    per = {row.name: row.per for row in instance.resources}

    def pool(resource: str, kind: Per, name: str) -> Data:
        return named(kind.value, name if per[resource] is kind else "")

    return {
        "RESOURCE": [f"resource:{row.name}" for row in instance.resources],
        **table(
            "resource",
            instance.resources,
            bucket=lambda row: buckets[row.bucket],
            of_mission=lambda row: row.owner == "mission",
        ),
        **table(
            "need",
            instance.needs,
            package=lambda row: row.package,
            resource=lambda row: f"resource:{row.resource}",
            stage=lambda row: maybe(row.stage),
            event=lambda row: maybe(row.event),
            months=lambda row: maybe(row.months),
            levels=lambda row: levels(row.levels),
            amount=lambda row: row.amount,
            per_people=lambda row: maybe(row.per_people),
        ),
        **table(
            "capacity",
            instance.capacity,
            resource=lambda row: f"resource:{row.resource}",
            place=lambda row: pool(row.resource, Per.PLACE, row.pool),
            region=lambda row: pool(row.resource, Per.REGION, row.pool),
            serves=lambda row: everybody(instance, row.serves),
            **span(),
            amount=lambda row: row.amount,
        ),
        **table(
            "presence",
            [row for row in instance.guarantees if not row.scope],
            resource=lambda row: f"resource:{row.resource}",
            covers=lambda row: names("place", row.covers),
            **span(),
            people=lambda row: row.people,
        ),
        **table(
            "factor",
            [row for row in instance.calendar_events if row.factor is not None],
            resource=lambda row: f"resource:{row.resource}",
            everywhere=lambda row: row.pools is None,
            places=lambda row: names("place", (row.pools or ()) if per[row.resource] is Per.PLACE else ()),
            regions=lambda row: names("region", (row.pools or ()) if per[row.resource] is Per.REGION else ()),
            **span(ends=True),
            yearly=lambda row: row.yearly,
            thousandths=lambda row: row.factor,
        ),
    }


def reserve(instance: Instance) -> Data:
    def scope(name: str) -> Data:
        return named("region", "" if name == facts.COUNTRY else name)

    return {
        **table("reserve", instance.reserves, scope=lambda row: scope(row.scope), relapses=lambda row: row.k),
        **table(
            "force",
            [row for row in instance.guarantees if row.scope],
            scope=lambda row: scope(row.scope),
            **span(),
            people=lambda row: row.people,
        ),
        **table(
            "relapse",
            instance.relapses,
            package=lambda row: row.package,
            levels=lambda row: levels(row.levels),
            amount=lambda row: row.amount,
            per_people=lambda row: maybe(row.per_people),
        ),
    }


def money(instance: Instance) -> Data:
    funded = bool(instance.budget or instance.pledges)
    paying = {row.name: row.revenue_to for row in instance.packages if row.revenue and funded}
    lines = dict.fromkeys([*(row.line for row in instance.budget), *paying.values()])
    lines |= dict.fromkeys(row.line for row in instance.pledges)
    steps: dict[str, Callable[[Any], Any]] = {
        "growth": lambda row: maybe(row.max_growth),
        "fall": lambda row: maybe(row.max_fall),
        "base": lambda row: maybe(row.base),
    }
    return {
        "DONOR": [f"donor:{row.name}" for row in instance.donors],
        "LINE": [f"line:{line}" for line in lines],
        **table("donor", instance.donors, share=lambda row: maybe(row.max_share), sunset=lambda row: maybe(row.sunset)),
        **table("package", instance.packages, revenue_to=lambda row: named("line", paying.get(row.name, ""))),
        **table(
            "budget",
            instance.budget,
            line=lambda row: f"line:{row.line}",
            year=lambda row: row.year,
            amount=lambda row: row.amount,
            **steps,
        ),
        **table(
            "pledge",
            instance.pledges,
            line=lambda row: f"line:{row.line}",
            donor=lambda row: f"donor:{row.donor}",
            **span(),
            amount=lambda row: row.amount,
            confirmed=lambda row: row.confirmed,
            serves=lambda row: everybody(instance, row.serves),
            carry_until=lambda row: maybe(row.carry_until),
            condition=lambda row: maybe(None if row.condition is None else row.condition[0]),
            condition_event=lambda row: maybe(None if row.condition is None else row.condition[1]),
            **steps,
        ),
    }
