"""Capacities and forces from what the hidden plan uses: constant over stretches, and just enough."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

import numpy as np

from sequencer.bench.draw.aims import stretches
from sequencer.bench.draw.kinds import MONTHS, Country
from sequencer.bench.draw.loads import Floats, Load, Watchmen
from sequencer.bench.draw.needs import CAPACITY, GUARANTEES, forces
from sequencer.bench.draw.sheets import Row, Sheets

WET = 0.8  # factor of the calendar on convoys
FALLING = 1.1  # of what the plan uses of something that no aim held down, what there is
MOBILE = 0.25  # part of a region's presence that the mobile company brings


def amounts(sheets: Sheets, country: Country, loads: dict[tuple[str, str], Load], reserves: list[Watchmen]) -> None:
    """Set capacity and forces."""
    draw = _Amounts(country)
    rows: list[Row] = []
    for resource in sorted({resource for resource, _ in loads} - {"money", "presence", "trainers"}):
        rows += draw.capacity(resource, {pool: load for (name, pool), load in loads.items() if name == resource})
    rows += draw.trainers({pool: load for (name, pool), load in loads.items() if name == "trainers"})
    sheets.put("capacity", CAPACITY, rows)
    presence = {pool: load for (name, pool), load in loads.items() if name == "presence"}
    sheets.put("guarantees", GUARANTEES, [*draw.presence(presence), *draw.reserves(reserves)])


class _Amounts:
    """Draws the slack and the stretches of each resource."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._shape = country.shape

    def _random(self, resource: str) -> Random:
        return self._shape.random(f"amounts {resource}")

    def _held(self, load: Load, scale: Floats | float = 1.0) -> Floats:
        """Return what must be there in each bucket: the aim, or the use where that is more."""
        aim = np.where(np.isfinite(load.aim), load.aim, 0)
        more = 1.0 if np.isfinite(load.aim).any() else FALLING
        held: Floats = np.ceil(np.maximum(aim, more * load.used) / scale)
        return held

    def _stretched(self, held: Floats, random: Random) -> Iterator[tuple[str, str, int]]:
        """Yield stretches, as their first and last month, and the amount that is enough in all of their months."""
        more = 1 + self._shape.slack * random.random()
        kept: list[tuple[range, int]] = []
        for months in stretches(random):
            amount = math.ceil(more * float(held[months.start : months.stop].max()))
            if kept and kept[-1][1] == amount:
                kept[-1] = (range(kept[-1][0].start, months.stop), amount)
            else:
                kept.append((months, amount))
        for months, amount in kept:
            first = self._country.label(months.start) if months.start else ""
            last = "" if months.stop >= MONTHS else self._country.label(months.stop - 1)
            yield first, last, amount

    def capacity(self, resource: str, pools: dict[str, Load]) -> Iterator[Row]:
        """Yield the rows of a resource with one source in each pool."""
        regions = set(self._country.regions)
        usual = _usual(pools) if resource == "changes" else None
        if usual is not None:
            yield resource, "", "", "", "", "", usual
        for pool, load in pools.items():
            random = self._random(f"{resource} {pool}")
            where = f"region:{pool}" if pool in regions else pool
            if usual is not None:
                most = int(self._held(load).max())
                if most != usual:
                    yield resource, "", where, "", "", "", most
            elif len(load.rule.buckets) == MONTHS:
                wet = np.array([WET if month % 12 in {6, 7} else 1.0 for month in range(MONTHS)])
                held = self._held(load, wet if resource == "convoys" else 1.0)
                for first, last, amount in self._stretched(held, random):
                    yield resource, "", where, "", first, last, amount
            else:
                more = 1 + self._shape.slack * random.random()
                for months, amount in zip(load.rule.buckets, self._held(load), strict=True):
                    ends = ("", "") if len(load.rule.buckets) == 1 else (months[0], months[-1])
                    first, last = (end if end == "" else self._country.label(int(end)) for end in ends)
                    yield resource, "", where, "", first, last, math.ceil(more * float(amount))

    def trainers(self, pools: dict[str, Load]) -> Iterator[Row]:
        """Yield the core of trainers, whom all may have, and those of the police academy."""
        random = self._random("trainers")
        everyone = max(pools.values(), key=lambda load: len(load.rule.demands_of))
        others = min(pools.values(), key=lambda load: len(load.rule.demands_of))
        if not self._shape.full:
            for first, last, amount in self._stretched(self._held(everyone), random):
                yield "trainers", "core", "", "", first, last, amount
            return
        core = math.ceil(0.75 * float(self._held(others).max()))
        core = max(core, int(others.used.max()))
        yield "trainers", "core", "", "", "", "", core
        rest = np.maximum(self._held(everyone) - core, 0)
        for first, last, amount in self._stretched(rest, random):
            yield "trainers", "police academy", "", "sector:security", first, last, amount

    def presence(self, pools: dict[str, Load]) -> Iterator[Row]:
        """Yield the presence forces, each region's and the one that two regions share."""
        mobile = 0
        for force, covers in forces(self._country).items() if pools else ():
            if force == "mobile company":
                yield force, "presence", "presence", "mission", covers, "", "", mobile
                continue
            load = next(load for pool, load in pools.items() if force in pool.split(" + ") and _smallest(pool, force))
            held = self._held(load)
            if "mobile company" in [name for pool in pools if force in pool for name in pool.split(" + ")]:
                part = math.ceil(MOBILE * float(held.max()))
                mobile, held = mobile + part, np.maximum(held - part, 0)
            for first, last, amount in self._stretched(held, self._random(force)):
                yield force, "presence", "presence", "mission", covers, first, last, amount

    def reserves(self, reserves: list[Watchmen]) -> Iterator[Row]:
        """Yield the reserve forces, the country's and those of regions."""
        for entry in reserves:
            scope = entry.rule.scope
            covers = "*" if scope == "country" else f"region:{scope}"
            random = self._random(f"reserve {scope}")
            held = np.maximum(np.full(MONTHS, math.ceil(entry.aim)), entry.people).astype(float)
            for first, last, amount in self._stretched(held, random):
                yield f"reserve of {scope}", "reserve", "", "mission", covers, first, last, amount


def _usual(pools: dict[str, Load]) -> int:
    most = [int(np.maximum(load.aim, load.used).max()) for load in pools.values()]
    return max(set(most), key=lambda amount: (most.count(amount), amount))


def _smallest(pool: str, force: str) -> bool:
    """Return whether a pool is that of the packages that a force, at most with the mobile company, serves alone."""
    return set(pool.split(" + ")) <= {force, "mobile company"}
