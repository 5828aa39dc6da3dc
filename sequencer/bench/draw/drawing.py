"""Draws an instance: facts, a hidden plan, and then supplies and money from what that plan uses."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sequencer.bench.draw import aims
from sequencer.bench.draw.amounts import amounts
from sequencer.bench.draw.facts import PACKAGES, facts
from sequencer.bench.draw.kinds import KINDS, LEAST, Country, Shape
from sequencer.bench.draw.loads import Load, Watchmen, empty_loads
from sequencer.bench.draw.money import PACE, Money, money
from sequencer.bench.draw.needs import needs
from sequencer.bench.draw.plant import NoRoomError, Planting
from sequencer.bench.draw.sheets import Sheets, digest
from sequencer.compile import compile_instance
from sequencer.errors import Disagreement, UsageError
from sequencer.problem import Cell, Problem
from sequencer.tables.read import read
from sequencer.timetable import Choices

ATTEMPTS = 20
SETTLED, LATEST = 0.01, 0.08  # parts of the packages whose month is settled, or bounded, near the hidden plan's
EARLIER = 9  # months by which the published plan is at most more hopeful than the hidden one


@dataclass(frozen=True)
class Drawn:
    """What was drawn.

    Attributes
    ----------
    digest : str
        SHA-256 of the files, in hexadecimal; the same for the same kind, places and seed.
    choices : mapping of str to Choice
        The hidden plan.
    binding : float
        Part of the months in which some monthly supply has no more than a unit or a twentieth left under the hidden
        plan.
    """

    digest: str
    choices: Choices
    binding: float


def draw(kind: str, folder: Path, seed: int, places: int | None = None) -> Drawn:
    """Write an instance into a folder; the same arguments give the same bytes.

    Parameters
    ----------
    kind : str
        ``province`` (some kinds of rule), ``national`` or ``district`` (every kind of rule).
    folder : Path
        Is made; files of an earlier draw are replaced.
    seed : int
        Also sets the difficulty: how much supplies exceed what is needed, and when packages become ready.
    places : int, optional
        Default: 5, 30 or 400, by kind.

    Raises
    ------
    UsageError
        If there is no such kind, or too few places for its regions.
    Disagreement
        If the rules reject the plan that the instance was made from.
    """
    if kind not in KINDS:
        raise UsageError(f"no kind {kind!r} of instance; there is: {', '.join(KINDS)}")
    shape = Shape(kind, KINDS[kind][0] if places is None else places, seed)
    if shape.places < LEAST[kind]:
        raise UsageError(f"a {kind} instance needs at least {LEAST[kind]} places, not {shape.places}")
    for attempt in range(ATTEMPTS):
        try:
            return _draw(folder, replace(shape, attempt=attempt))
        except NoRoomError:
            shutil.rmtree(folder, ignore_errors=True)
    raise Disagreement(f"no plan could be planted in {ATTEMPTS} draws of {kind}, seed {seed}")


def _draw(folder: Path, shape: Shape) -> Drawn:
    country = Country.draw(shape)
    sheets = facts(country)
    needs(sheets, country)
    sheets.write(folder)
    problem = compile_instance(read(folder))
    cells, loads, reserves = _planted(problem, country)
    amounts(sheets, country, loads, reserves)
    uses: dict[str, tuple[int, ...]] = {}
    if problem.bridge is not None:
        uses = money(sheets, Money(country, problem.bridge, problem, cells))
    _near_plan(sheets, country, cells, problem)
    sheets.write(folder)
    final = compile_instance(read(folder))
    for breach in final.breaches(cells, uses):
        raise Disagreement(f"the plan that {shape.kind} {shape.seed} was made from breaks a rule: {breach}")
    return Drawn(digest(folder), final.choices(cells), _binding(final, cells))


def _planted(problem: Problem, country: Country) -> tuple[dict[str, Cell], dict[tuple[str, str], Load], list[Watchmen]]:
    """Return a plan and what it uses: planted once without regard to money, and then again with somewhat less of it."""
    loads = empty_loads(problem)
    aims.aim(problem, country, loads)
    first = Planting(problem, loads, aims.reserves(problem, country))
    first.grow(country.shape.random("order"))
    again = empty_loads(problem)
    for key, load in loads.items():
        again[key].aim = load.aim
    if ("money", "") in loads:
        random = country.shape.random("pace")
        used = loads["money", ""].used
        pace = np.array([random.uniform(*PACE) for _ in used])
        again["money", ""].aim = np.round(used * pace)
    reserves = aims.reserves(problem, country)
    second = Planting(problem, again, reserves)
    second.grow(country.shape.random("order"))
    return second.cells, again, reserves


def _near_plan(sheets: Sheets, country: Country, cells: Mapping[str, Cell], problem: Problem) -> None:
    """Set what only a plan makes possible: settled months, last months, and a published plan that was too hopeful."""
    random = country.shape.random("near")
    changes: dict[tuple[object, ...], dict[str, object]] = {}
    published = []
    heading = PACKAGES.split(",")
    for row in sheets.tables["packages"][1]:
        package = dict(zip(heading, row, strict=True))
        name = f"{package['place']}/{package['function']}"
        month, draw_ = cells[name].transfer, random.random()
        hoped, later = random.randint(-2, EARLIER), random.randint(0, 6)
        published.append((row[0], row[1], country.label(min(59, max(0, month - hoped)))))
        if package["fixed"] or package["current_stage"]:
            continue
        if country.shape.full and draw_ < SETTLED:
            option = problem.paths[name].options[cells[name].option].name
            changes[row[0], row[1]] = {"fixed": country.label(month), "option": option, "earliest": ""}
        elif draw_ < SETTLED + LATEST:
            changes[row[0], row[1]] = {"latest": country.label(min(59, month + later))}
    sheets.change("packages", changes)
    sheets.put("published", "place,function,transfer", published)


def _binding(problem: Problem, cells: Mapping[str, Cell]) -> float:
    """Return in what part of the months some supply by the month has next to nothing left."""
    full = np.zeros(problem.horizon, dtype=bool)
    for rule in problem.supplies:
        if len(rule.buckets) == problem.horizon and rule.resource != "changes":
            used = np.zeros(problem.horizon, dtype=np.int64)
            for name in rule.demands_of:
                used += np.array(rule.need(name, problem.paths[name], cells[name]))
            capacity = np.array(rule.capacity)
            full |= (capacity - used <= np.maximum(1, capacity // 20)) & (used > 0)
    return float(full.mean())
