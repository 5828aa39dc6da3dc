"""The facts that do not depend on the hidden plan: who must be handed over, what readies them, what closes months."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from sequencer.bench.draw.kinds import CRITERIA, FUNCTIONS, MONTHS, Country
from sequencer.bench.draw.sheets import Row, Sheets

PLAN = """\
title = "Drawn at random: {kind} of {places} places, seed {seed}"
first_month = "{first}"
months = {months}
fiscal_year_start = {fiscal}
hold = 2
{mandate}risk_margin = 10
risk_months = 24
objective = ["exit", "risk", "early_transfer"]
"""
MANDATE = 'mandate_end = "{end}"\nmandate_requires = "exit"\n'
MANDATE_END = 58  # month by which every package has its exit, where the mandate ends within the plan

PACKAGES = (
    "place,function,institution,receiver,weight,earliest,latest,fixed,option,current_stage,since,"
    "recurrent_cost,holding_cost,handover_cost,revenue,revenue_to"
)
EARLIEST, PAST, BEGUN, WEIGHTED = 0.08, 0.02, 0.03, 0.2  # parts of the packages
CALM = 30  # from this month on no place is too dangerous for a transfer: a plan must exist


def facts(country: Country) -> Sheets:
    """Return the tables that are settled before there is a plan."""
    shape = country.shape
    mandate = MANDATE.format(end=country.label(MANDATE_END)) if shape.full else ""
    sheets = Sheets(
        PLAN.format(
            kind=shape.kind,
            places=shape.places,
            seed=shape.seed,
            first=country.label(0),
            months=MONTHS,
            fiscal=country.calendar.fiscal_start,
            mandate=mandate,
        )
    )
    sheets.put("places", "place,region,population", (
        (place, country.region_of[place], country.people[place]) for place in country.places
    ))  # fmt: skip
    sheets.put("functions", "function,sector,joint_months,mentored_months,advisory_months,weight", _functions(country))
    sheets.put("packages", PACKAGES, _packages(country))
    _preparation(sheets, country)
    sheets.put("threat", "places,from,to,level", _threat(country))
    sheets.put("limits", "packages,event,limit,trend", (
        ("*/*", "transfer", 4, 0), ("sector:security", "transfer", 3, 1),
        *((("sector:fiscal", "joint_start", 3, 0), ("courts", "exit", 4, "")) if shape.full else ()),
    ))  # fmt: skip
    sheets.put("calendar", "name,places,functions,events,from,to,yearly,resource,capacity_factor", _calendar(country))
    sheets.put("links", "before,before_event,after,after_event,minimum,maximum,width,gate,except", _links(country))
    if shape.full:
        sheets.put("phases", "phase,from,admits,months", _phases(country))
    return sheets


def _functions(country: Country) -> Iterator[Row]:
    random = country.shape.random("functions")
    for name, lengths in FUNCTIONS.items():
        yield name, *lengths, random.randint(2, 9)


def _packages(country: Country) -> Iterator[Row]:
    """Yield the packages; costs grow with the people of the place, and the cheap ones are not the important ones."""
    random, full = country.shape.random("packages"), country.shape.full
    settled = set(random.sample(country.places, max(1, country.shape.places // 30))) if full else set()
    for place, function in country.packages:
        sector = FUNCTIONS[function][0]
        earliest = country.label(random.randint(4, 18)) if random.random() < EARLIEST else ""
        weight = random.randint(1, 10) if random.random() < WEIGHTED else ""
        size = 4 + country.people[place] // 8_000
        recurrent = max(1, size * random.randint(60, 140) // 100)
        costs = (recurrent, recurrent * random.randint(15, 35) // 10, recurrent * random.randint(2, 6))
        revenue = (recurrent * random.randint(8, 16) // 10, "host") if sector == "fiscal" else ("", "")
        fixed = option = stage = since = ""
        draw = random.random()
        if full and place not in settled:
            if function == "registry" and draw < PAST * len(FUNCTIONS):
                fixed, option, earliest = country.label(-random.randint(1, 6)), "none", ""
            elif function == "taxes" and draw < BEGUN * len(FUNCTIONS):
                stage, since, option, earliest = "mentored", country.label(-1), "light", ""
        yield (
            place, function, f"office of {function}", "government", weight, earliest, "", fixed, option, stage, since,
            *costs, *revenue,
        )  # fmt: skip


def _preparation(sheets: Sheets, country: Country) -> None:
    """Set options, gains, criteria and scores. Support costs trainers and money and saves months and mentors."""
    random = country.shape.random("preparation")
    sheets.put("options", "packages,option,support_months,support_cost,mentored_months", (
        ("*/*", "none", 0, 0, ""), ("*/*", "light", 3, 12, ""), ("*/*", "intensive", 6, 24, ""),
        *((name, "none", 0, 0, lengths[2] + 2) for name, lengths in FUNCTIONS.items()),
        *((name, "intensive", 8 if lengths[0] in {"security", "justice"} else 5, 30, max(1, lengths[2] - 2))
          for name, lengths in FUNCTIONS.items()),
    ))  # fmt: skip
    sheets.put("gains", "packages,option,criterion,gain", (
        *((function, "light", name, random.randint(6, 14) / 2) for function in FUNCTIONS for name in CRITERIA),
        *((function, "intensive", name, random.randint(16, 30) / 2) for function in FUNCTIONS for name in CRITERIA),
    ))  # fmt: skip
    needed = {(function, name): random.randint(60, 75) for function in FUNCTIONS for name in CRITERIA}
    sheets.put("criteria", "packages,criterion,event,threshold,hold", (
        *((function, name, "transfer", least, ("", 1, 3)[CRITERIA.index(name)])
          for (function, name), least in needed.items()),
        *((("policing", "capability", "exit", needed["policing", "capability"] - 2, 1),) if country.shape.full else ()),
    ))  # fmt: skip
    heading = "packages,criterion,score,low,high,assessed,assessor,growth,growth_after,source,confidence,note"
    sheets.put("readiness", heading, _scores(country, needed))


def _scores(country: Country, needed: dict[tuple[str, str], int]) -> Iterator[Row]:
    """Yield scores such that a package is ready, without support, about a month that varies by place and function."""
    random = country.shape.random("scores")
    slower = {place: random.triangular(-8, 10) for place in country.places}
    harder = {function: random.triangular(-5, 7) for function in FUNCTIONS}
    for place, function in country.packages:
        ready = country.shape.ready + slower[place] + harder[function] + random.triangular(-6, 8)
        ready = min(40.0, max(1.0, ready))
        last = random.choice(CRITERIA)
        for name in CRITERIA:
            growth = random.choice((1, 1, 1, 2, 2))  # halves of a point
            wait = ready if name == last else ready * random.random()
            score = max(2 * 5, 2 * needed[function, name] - round(growth * wait))
            spread = random.randint(0, 12)
            after = random.choice((0, 0, 1)) if function == "policing" else random.choice((-2, -1, -1, 0))
            numbers = (score, max(0, score - spread), min(200, score + spread), growth, after)
            found, low, high, rise, later = (f"{halves / 2:g}" for halves in numbers)
            package = f"{place}/{function}"
            yield package, name, found, low, high, country.label(0), "joint team", rise, later, "", "synthetic", ""


def _threat(country: Country) -> Iterator[Row]:
    """Yield the stretches of threat of each place: some places are calm, others flare up until late."""
    random = country.shape.random("threat")
    for place in country.places:
        worse, month = random.random(), 0
        while month < MONTHS:
            end = min(MONTHS, month + random.randint(4, 12))
            level = _level(random, worse)
            yield place, country.label(month), country.label(end - 1), level if month < CALM else min(level, 3)
            month = end


def _level(random: Random, worse: float) -> int:
    return random.choices((1, 2, 3, 4, 5), (4 - 3 * worse, 4, 3, 2 * worse, worse / 2))[0]


def _calendar(country: Country) -> Iterator[Row]:
    regions = country.regions
    wet = ";".join(f"region:{name}" for name in regions[: max(1, len(regions) // 2)])
    yield "rains", wet, "sector:service;policing", "transfer", "2030-07", "2030-08", "yes", "", ""
    yield "elections", "", "", "transfer;joint_start", "2032-04", "2032-05", "", "", ""
    if country.shape.full:
        yield "harvest", f"region:{regions[-1]}", "schools;taxes", "", "2030-10", "", "yes", "", ""
        yield "roads under water", "", "", "", "2030-07", "2030-08", "yes", "convoys", 0.8


def _links(country: Country) -> Iterator[Row]:
    """Yield what waits for what: inside a place, and where every kind of rule is drawn, between places, too."""
    yield "*/policing", "transfer", "*/sector:service", "transfer", 2, "", "", "", ""
    yield "*/policing", "transfer", "*/courts", "transfer", 1, "", "", "", ""
    yield "*/courts", "transfer", "*/prisons", "transfer", 0, 14, "", "", ""
    yield "*/border", "transfer", "*/customs", "transfer", 0, 18, "", "", ""
    yield "*/registry", "exit", "*/elections", "transfer", -3, "", "", "", ""
    if not country.shape.full:
        return
    first, second = country.regions[0], country.regions[1]
    capitals = [(country.capital(name), name) for name in country.regions]
    yield f"{capitals[0][0]}/customs", "transfer", "*/customs", "transfer", 0, "", "", "", ""
    for place, region in capitals:
        yield f"{place}/courts", "transfer", f"region:{region}/courts", "transfer", 1, "", "", "", ""
    yield f"region:{second}/elections", "transfer", "", "", "", "", 12, "", ""
    yield f"region:{first}/policing", "transfer", "", "", 1, "", "", "closing", "sector:security"


def _phases(country: Country) -> Iterator[Row]:
    yield "opening", "", "sector:security;sector:service;sector:civil", ""
    yield "main", country.label(12), "", ""
    tranches = ";".join(country.label(month) for month in range(40, MONTHS) if month % 3)
    yield "closing", country.label(40), "", tranches
