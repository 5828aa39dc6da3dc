"""Draws of what is said about single packages: places, functions, options, readiness gates, threat and its limits."""

from __future__ import annotations

from sequencer.instance import facts
from sequencer.vocabulary import Event, Stage
from strategies.chance import EVENTS, HERE, REGIONS, Chance

BEGUN = [Stage.SUPPORT, Stage.PROVING, Stage.JOINT, Stage.MENTORED, Stage.ADVISORY, Stage.AUTONOMOUS]
FRAGILE = [Stage.JOINT, Stage.MENTORED, Stage.ADVISORY]


def places(chance: Chance) -> tuple[facts.Place, ...]:
    """Draw one to three places in two regions."""
    random = chance.random
    return tuple(
        facts.Place(name=name, region=random.choice(REGIONS), population=random.randint(0, 3000), origin=HERE)
        for name in ["ada", "bor", "cim"][: random.randint(1, 3)]
    )


def functions(chance: Chance) -> tuple[facts.Function, ...]:
    """Draw one or two functions, fragile in some stages."""
    random = chance.random
    return tuple(
        facts.Function(
            name=name,
            sector="s",
            joint=random.randint(0, 2),
            mentored=random.randint(0, 2),
            advisory=random.randint(0, 1),
            fragile=frozenset(random.choice([FRAGILE, FRAGILE, FRAGILE[:1], FRAGILE[1:]])),
            weight=random.randint(0, 3),
            origin=HERE,
        )
        for name in ["policing", "clinics"][: random.randint(1, 2)]
    )


def options(chance: Chance, name: str) -> list[facts.Option]:
    """Draw no options, or one or two."""
    random = chance.random
    return [
        facts.Option(
            package=name,
            name=option,
            support=random.randint(0, 2),
            cost=random.randint(0, 1 if chance.funded else 9),
            joint=random.choice([None, 0, 1]),
            mentored=random.choice([None, 1]),
            advisory=random.choice([None, 0]),
            origin=HERE,
        )
        for option in ["light", "intensive"][: random.randint(0, 2)]
    ]


def package(chance: Chance, place: str, function: str, offered: list[facts.Option]) -> facts.Package:
    """Draw a package: mostly open, sometimes fixed, midway or already handed over."""
    random = chance.random
    kind = random.choices(["open", "fixed", "past", "begun", "noted"], [30, 4, 4, 7, 1])[0]
    named = offered[0].name if offered else "none"
    earliest = random.randint(0, chance.months) if chance.maybe(0.3) else None
    latest = random.randint(0, chance.months) if chance.maybe(0.3) else None
    if chance.long and kind in {"open", "noted"}:
        earliest = random.randint(1, chance.months - 4)
        latest = earliest + random.randint(1, 6)
    stage = {"begun": random.choice(BEGUN), "noted": Stage.INTERNATIONAL}.get(kind)
    return facts.Package(
        name=f"{place}/{function}",
        place=place,
        function=function,
        weight=random.choice([None, 0, 2]),
        earliest=earliest,
        latest=latest,
        fixed={"fixed": random.randrange(chance.months), "past": -random.randint(1, 4)}.get(kind),
        option=named if kind in {"past", "begun"} else random.choice([None, None, None, named]),
        current_stage=stage,
        since=None if stage is None or random.random() < 0.4 * (kind == "noted") else -random.randint(0, 3),
        recurrent_cost=random.choice([0, 0, 1]) if chance.funded else random.randint(0, 5),
        holding_cost=random.randint(0, 5),
        handover_cost=random.randint(0, 5),
        origin=HERE,
    )


def gates(
    chance: Chance, names: list[str], offered: list[facts.Option]
) -> tuple[tuple[facts.Criterion, ...], tuple[facts.Readiness, ...], tuple[facts.Gain, ...]]:
    """Draw readiness gates with their scores and gains."""
    random = chance.random
    criteria, gains = [], []
    readiness = [_score(chance, name, kind) for name in names for kind in ["staff", "law"] if chance.maybe(0.6)]
    for score in readiness:
        criteria += [
            facts.Criterion(
                package=score.package,
                criterion=score.criterion,
                event=event,
                threshold=random.randint(45, 80) * 1000,
                hold=random.choice([None, 0, 1, 3]),
                origin=HERE,
            )
            for event in random.choice([[Event.TRANSFER], [Event.EXIT], [Event.TRANSFER, Event.EXIT]])
        ]
        gains += [
            facts.Gain(
                package=score.package,
                option=option.name,
                criterion=score.criterion,
                gain=random.choice([-3000, 9000]),
                origin=HERE,
            )
            for option in offered
            if option.package == score.package and random.random() < 0.6
        ]
    return tuple(criteria), tuple(readiness), tuple(gains)


def _score(chance: Chance, name: str, criterion: str) -> facts.Readiness:
    random = chance.random
    score = random.randint(40, 90) * 1000
    return facts.Readiness(
        package=name,
        criterion=criterion,
        score=score,
        low=score - random.choice([0, 5500]),
        high=score,
        assessed=random.randint(-3, 3),
        growth=random.choice([-500, 0, 1000, 3333]),
        growth_after=random.choice([-2000, 0, 500]),
        origin=HERE,
    )


def threat(chance: Chance, place: str) -> list[facts.Threat]:
    """Draw threat rows of a place: apart, with gaps, reaching before and beyond the plan."""
    random = chance.random
    rows, month = [], -random.randint(0, 4)
    for _ in range(random.randint(1, 4)):
        end = month + random.randint(0, 4)
        rows.append(facts.Threat(place=place, start=month, end=end, level=random.randint(1, 5), origin=HERE))
        month = end + random.randint(1, 4)
    if random.random() < 0.5:
        rows.append(facts.Threat(place=place, start=month, end=None, level=random.randint(1, 5), origin=HERE))
    return rows


def limits(chance: Chance, names: list[str]) -> tuple[facts.Limit, ...]:
    """Draw threat limits and trends."""
    random = chance.random
    return tuple(
        facts.Limit(
            package=name,
            event=event,
            limit=random.choice([None, 3, 4, 5]),
            trend=random.choice([0, 0, 1, 3]),
            origin=HERE,
        )
        for name in names
        for event in EVENTS
        if chance.maybe(0.12)
    )
