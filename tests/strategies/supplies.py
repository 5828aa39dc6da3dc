"""Draws of resources and who needs them, of presence forces, and of the reserve that answers relapses."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.vocabulary import Bucket, Event, Per, Stage
from strategies.chance import EVENTS, HERE, Chance

#: The threat levels of the relapse rows of a package; None is any level.
LEVELS: list[list[frozenset[int] | None]] = [[None], [None], [frozenset({3, 4, 5})], [None, frozenset({2, 3})], []]


def resources(
    chance: Chance, places: tuple[facts.Place, ...], names: list[str]
) -> tuple[tuple[facts.Resource, ...], tuple[facts.Capacity, ...]]:
    """Draw resources of every bucket and pool, with sources that change and serve all packages or some."""
    random = chance.random
    found: list[facts.Resource] = []
    capacity: list[facts.Capacity] = []
    for name in ["teams", "handovers", "vehicles"][: random.randint(0, 2 if chance.funded else 3)]:
        per = random.choice(list(Per))
        found.append(
            facts.Resource(
                name=name,
                bucket=random.choice([Bucket.MONTH, *Bucket]),
                unit="units",
                owner=random.choice(["mission", "host", ""]),
                per=per,
                origin=HERE,
            )
        )
        pools = {Per.ALL: [""], Per.PLACE: [p.name for p in places], Per.REGION: sorted({p.region for p in places})}[
            per
        ]
        for pool in pools:
            for source in ["", "b", "c"][: random.randint(1, 3 if per is Per.ALL else 2)]:
                capacity += _source(chance, name, pool, source, names)
    return tuple(found), tuple(capacity)


def _source(chance: Chance, resource: str, pool: str, source: str, names: list[str]) -> Iterator[facts.Capacity]:
    """Draw the two rows of a source, before and after a change."""
    random = chance.random
    change = random.randint(1, chance.months)
    serves = chance.some(names) if chance.maybe(0.6) else None
    for start, end in ((0, change - 1), (change, None)):
        yield facts.Capacity(
            resource=resource,
            pool=pool,
            source=source,
            serves=chance.some(names) if serves and random.random() < 0.3 else serves,
            start=start,
            end=end,
            amount=random.randint(0, 9),
            origin=HERE,
        )


def presence(
    chance: Chance, places: tuple[facts.Place, ...]
) -> tuple[tuple[facts.Resource, ...], tuple[facts.Guarantee, ...]]:
    """Draw presence forces that cover overlapping places, or none."""
    random = chance.random
    if not chance.maybe(0.4):
        return (), ()
    forces = [
        facts.Guarantee(
            force=force,
            resource="presence",
            covers=frozenset(place.name for place in places if random.random() < 0.7),
            start=random.choice([0, 0, chance.months // 2]),
            people=random.randint(0, 6),
            origin=HERE,
        )
        for force in ["first", "second", "third"][: random.randint(1, 3)]
    ]
    return (facts.Resource(name="presence", bucket=Bucket.MONTH, owner="mission", origin=HERE),), tuple(forces)


def needs(chance: Chance, names: list[str], resources: list[str]) -> tuple[facts.Need, ...]:
    """Draw needs by stage and at events, some only at some threat levels, some per people.

    Those of a steady resource are the same in every month and at every level.
    """
    random = chance.random
    found = []
    steady = {resource for resource in resources if random.random() < 0.4}
    for name in names:
        for resource in resources:
            levels: list[frozenset[int] | None] = [None, None, frozenset({3, 4, 5}), frozenset({1})]
            levels = [None] if resource in steady else levels
            stages = [stage for stage in random.sample(list(Stage), 3) if chance.maybe(0.6)]
            found += [_need(chance, name, resource, stage=stage, levels=random.choice(levels)) for stage in stages]
            for event in random.sample(EVENTS, random.randint(0, 1 - (resource in steady))):
                months = random.choice([None, 1, 3])
                found.append(_need(chance, name, resource, event=event, months=months, levels=random.choice(levels)))
    return tuple(found)


def _need(
    chance: Chance,
    name: str,
    resource: str,
    *,
    stage: Stage | None = None,
    event: Event | None = None,
    months: int | None = None,
    levels: frozenset[int] | None,
) -> facts.Need:
    return facts.Need(
        package=name,
        resource=resource,
        stage=stage,
        event=event,
        months=months,
        levels=levels,
        amount=chance.random.randint(0, 3),
        per_people=chance.random.choice([None, None, 1000]),
        origin=HERE,
    )


def reserve(
    chance: Chance, places: tuple[facts.Place, ...], names: list[str]
) -> tuple[tuple[facts.Reserve, ...], tuple[facts.Relapse, ...], tuple[facts.Guarantee, ...]]:
    """Draw how many relapses must be answerable at once, what each needs, and the forces of each scope."""
    random = chance.random
    scopes = [scope for scope in (facts.COUNTRY, *sorted({place.region for place in places})) if chance.maybe(0.4)]
    reserves = tuple(facts.Reserve(scope=scope, k=random.choice([0, 1, 1, 2, 3]), origin=HERE) for scope in scopes)
    relapses = tuple(
        facts.Relapse(
            package=name,
            levels=levels,
            amount=random.randint(0, 3),
            per_people=random.choice([None, None, 1000]),
            origin=HERE,
        )
        for name in (names if scopes else [])
        for levels in random.choice(LEVELS)
    )
    return reserves, relapses, tuple(force for scope in scopes for force in _forces(chance, places, scope))


def _forces(chance: Chance, places: tuple[facts.Place, ...], scope: str) -> Iterator[facts.Guarantee]:
    """Draw the reserve force of a scope: it grows or shrinks once, and a second may join it."""
    random = chance.random
    change = random.randint(1, chance.months)
    spans: list[tuple[str, int, int | None]] = [("standby", 0, change - 1), ("standby", change, None)]
    for force, start, end in [*spans, *([("second", change, None)] if random.random() < 0.2 else [])]:
        yield facts.Guarantee(
            force=f"{force} {scope}",
            resource="",
            covers=frozenset(place.name for place in places if scope in {facts.COUNTRY, place.region}),
            scope=scope,
            start=start,
            end=end,
            people=random.randint(0, 9),
            origin=HERE,
        )


def published(chance: Chance, names: list[str]) -> tuple[facts.Published, ...]:
    """Draw the transfer months of a plan published before, for all packages or some."""
    random = chance.random
    if random.random() < 0.6:
        return ()
    told = chance.some(names)
    return tuple(
        facts.Published(package=name, transfer=random.randint(-1, chance.months), origin=HERE)
        for name in names
        if name in told
    )
