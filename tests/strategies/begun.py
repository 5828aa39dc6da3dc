"""Draws how far an instance has got: the month up to which all has happened, and what has."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Stage
from strategies.packages import BEGUN


def begin(instance: Instance, random: Random) -> Instance:
    """Return an instance of which some months are over: some of its packages are handed over, or on their way."""
    as_of = random.randint(1, max(1, instance.plan.months // 2))
    packages = tuple(_package(instance, package, as_of, random) for package in instance.packages)
    return replace(instance, plan=replace(instance.plan, as_of=as_of), packages=packages)


def _package(instance: Instance, package: facts.Package, as_of: int, random: Random) -> facts.Package:
    option = package.option or instance.options_of[package.name][0].name
    kind = random.choices(["as it is", "past", "begun"], [4, 2, 3])[0]
    if package.fixed is not None and package.fixed < as_of:
        return replace(package, option=option)
    if kind == "past":
        return replace(package, fixed=random.randrange(as_of), option=option, current_stage=None, since=None)
    if kind == "begun" or package.current_stage not in {None, Stage.INTERNATIONAL}:
        since = as_of - random.randint(0, 3)
        return replace(package, fixed=None, option=option, current_stage=random.choice(BEGUN), since=since)
    return package
