"""Random resources: who needs them, in which pools they lie, and how much of them there is."""

from __future__ import annotations

from folder_oracle.pencil import Pencil
from folder_oracle.tables import EVENTS, STAGES

RESOURCES = ("team", "convoy", "desk")
#: How much a bucket of each kind holds where a month holds five; the month is the default.
BUCKETS = {"month": 5, "": 5, "phase": 25, "fiscal_year": 30, "plan": 60}
LEVELS = ("", "", "2;3", "3", "1;2;4", "4;5")


def draw_resources(pencil: Pencil) -> None:
    """Draw resources that packages need in stages and at events, each with its pools."""
    random = pencil.random
    for resource in random.sample(RESOURCES, random.choice([0, 1, 1, 2])):
        bucket, per = random.choice(["month", "month", *BUCKETS]), random.choice(["", "all", "place", "region"])
        owner = random.choice(["mission", "mission", "host", ""])
        pencil.owned = pencil.owned or owner == "mission"
        pencil.row("resources", resource=resource, bucket=bucket, owner=owner, per=per)
        _draw_needs(pencil, resource, 1)
        _draw_capacity(pencil, resource, per, bucket)


def draw_forces(pencil: Pencil) -> None:
    """Draw presence forces that cover overlapping places."""
    random = pencil.random
    if random.random() < 0.7:
        return
    bucket, owner = random.choice(["month", "month", "phase"]), random.choice(["mission", "host"])
    pencil.owned = pencil.owned or owner == "mission"
    pencil.row("resources", resource="presence", bucket=bucket, owner=owner, per="")
    _draw_needs(pencil, "presence", 10)
    for number in range(random.randint(1, 3)):
        start = random.randint(-2, 2) if bucket == "month" else random.randint(-3, 0)
        pencil.row(
            "guarantees",
            force=f"force {number}",
            role=random.choice(["", "presence"]),
            resource=random.choice(["", "presence"]),
            covers="*" if number == 0 and random.random() < 0.9 else pencil.places(),
            **pencil.span(random.choice([None, None, start]), random.choice([None, None, start + 5])),
            people=random.randint(2, 8) * 10 * (1 if bucket == "month" else 5),
        )


def _draw_needs(pencil: Pencil, resource: str, unit: int) -> None:
    """Draw need rows; those for the same stage or event and the same levels override each other."""
    random = pencil.random
    for levels in random.sample(LEVELS, random.randint(1, 3)):
        stages = ";".join(random.sample([*STAGES, "fragile"], random.randint(1, 3)))
        event = random.choice(EVENTS) if random.random() < 0.35 else ""
        for pattern in pencil.patterns():
            pencil.row(
                "needs",
                packages=pattern,
                stages="" if event else random.choice([stages, stages, "proving"]),
                event=event,
                months=random.choice(["", 1, 2, 3]) if event else "",
                threat=levels,
                resource=resource,
                amount=random.randint(0, 3) * unit,
                per_people=random.choice(["", "", "", 1000, 700]) if unit == 1 else "",
            )


def _draw_capacity(pencil: Pencil, resource: str, per: str, bucket: str) -> None:
    """Draw one or more sources: one for each pool, one that changes, or one for all and perhaps others for some."""
    random = pencil.random
    typical = BUCKETS[bucket] * random.choice([0.5, 1, 2, 4, 6])

    def add(source: str, places: str, start: int | None = None, end: int | None = None, functions: str = "") -> None:
        amount = int(typical * random.uniform(0.5, 1.5))
        whose = {"resource": resource, "source": source, "places": places, "functions": functions}
        pencil.row("capacity", **whose, **pencil.span(start, end), amount=amount)

    change = random.randint(1, pencil.months - 1)
    own = sorted({place for place, _ in pencil.packages})
    each = (
        own if per == "place" else sorted({f"region:{pencil.region[place]}" for place in own if pencil.region[place]})
    )
    if per in {"place", "region"} and random.random() < 0.6:
        for number, owner in enumerate(each):
            add(f"source {number}", owner)
    elif random.random() < (0.5 if bucket in {"", "month"} else 0.15):
        add("first", "", end=change - 1)
        add("first", "", change)
    else:
        add("", random.choice(["", "", "*"]))
        if random.random() < 0.4:
            second = "second" if random.random() < 0.9 else ""  # the same source twice is a fault
            add(second, "", random.choice([None, random.randint(-2, 0)]), random.choice([None, change + 2]))
        if each and per in {"place", "region"} and random.random() < 0.4:
            start = random.choice([None, change]) if bucket in {"", "month"} else None
            add("", random.choice(each), start)  # beats the row for all pools
    if random.random() < 0.4:
        (place, function), everywhere = random.choice(pencil.packages), per in {"place", "region"}
        places = "" if everywhere else random.choice(["", place, f"{place};belmont", "*"])
        add("third", places, functions=random.choice(["", function, f"sector:{pencil.sector[function]}"]))


def draw_reserve(pencil: Pencil) -> None:
    """Draw scopes in which relapses must be answerable, with their forces and what a relapse needs."""
    random = pencil.random
    scopes = [scope for scope in ["country", *pencil.regions()] if pencil.maybe(0.4)]
    for scope in scopes:
        pencil.row("reserve", scope=scope.removeprefix("region:"), k=random.choice([0, 1, 1, 2, 3]))
        change = random.randint(1, pencil.months - 1)
        spans: list[tuple[int | None, int | None]] = [(None, change - 1), (change, None)]
        for start, end in spans if random.random() < 0.5 else [(None, None)]:
            if random.random() < 0.02:
                continue  # a scope without a force is a fault
            pencil.row(
                "guarantees",
                force=f"reserve of {scope.removeprefix('region:')}",
                role="reserve",
                covers="*" if scope == "country" else scope,
                **pencil.span(start, end),
                people=random.randint(2, 12),
            )
    for levels in random.sample(LEVELS, random.randint(1, 2)) if scopes else []:
        for pattern in pencil.patterns():
            pencil.row(
                "needs",
                packages=pattern,
                event="relapse",
                threat=levels,
                amount=random.randint(0, 5),
                per_people=random.choice(["", "", 1000]),
            )
