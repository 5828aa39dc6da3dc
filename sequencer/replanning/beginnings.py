"""Stages that are recorded to begin in the very month from which on is planned: they are tested like plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.problem import Problem
from sequencer.vocabulary import OPENS


def forbidden(instance: Instance, problem: Problem) -> Iterator[str]:
    """Yield the packages that no plan can have where they are said to be, but that it could one month sooner.

    Parameters
    ----------
    instance : Instance
        That has begun.
    problem : Problem
        As compiled from it.

    Yields
    ------
    str
        A package whose stage begins in the month ``as_of`` and against whose every cell some promise about it alone
        stands, while none would stand against some cell if the stage had begun in the month before.
    """
    as_of = instance.plan.as_of
    for package in instance.packages:
        stage = package.current_stage
        if stage is None or OPENS[stage] is None or package.since != as_of or problem.open_cells(package.name).any():
            continue
        sooner = replace(package, since=as_of - 1)
        packages = tuple(sooner if other is package else other for other in instance.packages)
        if compile_instance(replace(instance, packages=packages)).open_cells(package.name).any():
            yield package.name
