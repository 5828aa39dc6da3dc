"""All plans of an instance with what they are worth, by name: for comparing instances that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from engines import open_timetables
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_instance

from sequencer import Choice, Instance
from sequencer.compile import compile_instance

SMALL = 600  # open timetables

#: A plan by names, and the value of every term.
Plans: TypeAlias = dict[frozenset[tuple[str, Choice]], Mapping[str, int]]


def plans(instance: Instance) -> Plans:
    """Return every plan with its values, by enumeration."""
    problem = compile_instance(instance)
    found: Plans = {}
    for plan in every_plan(problem, MoneyOracle(instance)):
        cells = dict(zip(problem.paths, plan, strict=True))
        found[frozenset(problem.choices(cells).items())] = problem.values(cells)
    return found


def renamed(found: Plans, names: Mapping[str, str]) -> Plans:
    """Return plans with new names."""

    def package(name: str) -> str:
        return "/".join(names.get(part, part) for part in name.split("/"))

    def choice(chosen: Choice) -> Choice:
        return Choice(names.get(chosen.option, chosen.option), chosen.transfer)

    return {frozenset((package(name), choice(c)) for name, c in plan): values for plan, values in found.items()}


def drawn(seeds: Iterable[int]) -> Iterator[tuple[str, Instance]]:
    """Yield random instances with few open timetables, and how each is drawn."""
    for seed in seeds:
        instance = draw_instance(seed)
        if open_timetables(instance) <= SMALL:
            yield f"draw_instance({seed})", instance
