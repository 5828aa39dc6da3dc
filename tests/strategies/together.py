"""Draws of what binds several packages by their dates: links, widths, gates, phases and the calendar."""

from __future__ import annotations

from sequencer.instance import facts
from sequencer.vocabulary import Bucket, Per
from strategies.chance import EVENTS, HERE, Chance


def links(chance: Chance, names: list[str]) -> tuple[facts.Link, ...]:
    """Draw links with a minimum, a maximum or both; also between two events of one package."""
    random = chance.random
    found = []
    for _ in range(2):
        if not chance.maybe(0.6):
            continue
        before, after = random.choice(names), random.choice(names)
        events = random.choice(EVENTS), random.choice(EVENTS)
        if before == after and events[0] is events[1]:
            continue
        minimum, maximum = random.choice([(0, None), (-2, None), (1, 4), (None, 3), (-3, 3)])
        found.append(
            facts.Link(
                before=before,
                before_event=events[0],
                after=after,
                after_event=events[1],
                minimum=minimum,
                maximum=maximum,
                origin=HERE,
            )
        )
    return tuple(found)


def widths(chance: Chance, names: list[str]) -> tuple[facts.Width, ...]:
    """Draw sets of events that lie close together; one package may stand in a set with two events."""
    random = chance.random
    found = []
    for _ in range(2):
        if not chance.maybe(0.3):
            continue
        events = random.choice(EVENTS), random.choice(EVENTS)
        sides = chance.some(names), chance.some(names, 0.3)
        said = [(name, event) for side, event in zip(sides, events, strict=True) for name in names if name in side]
        found.append(facts.Width(members=tuple(dict.fromkeys(said)), width=random.randint(0, 5), origin=HERE))
    return tuple(found)


def gates(chance: Chance, names: list[str], phases: tuple[facts.Phase, ...]) -> tuple[facts.Gate, ...]:
    """Draw phases that wait for events of some packages."""
    random = chance.random
    found = []
    for _ in range(2):
        if not chance.maybe(0.35):
            continue
        before = chance.some(names)
        found.append(
            facts.Gate(
                phase=random.choice(phases).name,
                waiting=chance.some(names, 0.8),
                before=tuple(name for name in names if name in before),
                event=random.choice(EVENTS),
                minimum=random.choice([0, 0, 2, -2]),
                origin=HERE,
            )
        )
    return tuple(found)


def phases(chance: Chance, functions: list[str]) -> tuple[facts.Phase, ...]:
    """Draw one phase, or two that admit only some functions or months."""
    random, months = chance.random, chance.months
    if not chance.maybe(0.5):
        return (facts.Phase(name="all", start=0, end=months - 1, origin=HERE),)
    cut = random.randint(1, months - 1)
    return tuple(
        facts.Phase(
            name=name,
            start=start,
            end=end,
            origin=HERE,
            admits=random.choice([None, None, frozenset(functions[:1])]),
            months=random.choice([None, None, frozenset({start, end})]),
        )
        for name, start, end in (("one", 0, cut - 1), ("two", cut, months - 1))
    )


def closures(
    chance: Chance,
    places: tuple[facts.Place, ...],
    functions: tuple[facts.Function, ...],
    resources: tuple[facts.Resource, ...],
) -> tuple[facts.Closure, ...]:
    """Draw months in which events may not take place, resources are scarce or plentiful, or both."""
    random = chance.random
    monthly = [resource for resource in resources if resource.bucket is Bucket.MONTH]
    found = []
    for name in ["rain", "vote", "harvest"]:
        if not chance.maybe(0.5):
            continue
        start = random.randint(-8, chance.months)
        resource = random.choice(monthly) if monthly and random.random() < 0.5 else None
        factor = random.choice([0, 333, 500, 1500, 2000])
        pools = _pools(chance, resource, places) if resource else None
        everywhere = resource is not None and pools is None
        found.append(
            facts.Closure(
                name=name,
                places=frozenset(p.name for p in places if everywhere or random.random() < 0.8),
                functions=frozenset(f.name for f in functions if random.random() < 0.8),
                events=frozenset(random.sample(EVENTS, random.randint(0 if resource else 1, 2))),
                start=start,
                end=start + random.randint(0, 2),
                yearly=random.random() < 0.5,
                resource=resource.name if resource else "",
                pools=pools,
                factor=factor if resource else None,
                origin=HERE,
            )
        )
    return tuple(found)


def _pools(chance: Chance, resource: facts.Resource, places: tuple[facts.Place, ...]) -> frozenset[str] | None:
    """Draw the pools that a factor touches: all, or those of some places or their regions."""
    if resource.per is Per.ALL or chance.random.random() < 0.3:
        return None
    names = [place.name if resource.per is Per.PLACE else place.region for place in places]
    return chance.some(names)
