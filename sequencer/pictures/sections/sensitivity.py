"""What-if studies and trials in scenarios, where they are given: a section for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sequencer.pictures.studies import curve as curves
from sequencer.pictures.studies import dates as chances
from sequencer.pictures.studies import front as fronts
from sequencer.pictures.studies import heat as maps
from sequencer.pictures.studies import tornado as tornados
from sequencer.pictures.studies.kinds import Curve, Dates, Front, Heat, Tornado
from sequencer.pictures.told import Told

S = TypeVar("S", Curve, Dates, Front)


def tornado(told: Told) -> Mapping[str, Any] | None:
    """Return what turning each number alone does, as far as it may be told; None without such a study."""
    whole = [study for study in told.studies if isinstance(study, Tornado)]
    shown = [replace(each, bars=tuple(bar for bar in each.bars if told.seen.factor(bar.factor))) for each in whole]
    hidden = sum(len(each.bars) for each in whole) - sum(len(each.bars) for each in shown)
    return _made([tornados.drawn(each, told) for each in shown], hidden, told)


def heat(told: Told) -> Mapping[str, Any] | None:
    """Return terms by one or two numbers, if they may be told; None without such a study."""
    whole = [study for study in told.studies if isinstance(study, Heat)]
    shown = [each for each in whole if all(map(told.seen.factor, filter(None, (each.across, each.up))))]
    return _made([maps.drawn(each, told) for each in shown], len(whole) - len(shown), told)


def curve(told: Told) -> Mapping[str, Any] | None:
    """Return when the plan ends over scenarios; None without such a trial."""
    return _charts(told, Curve, curves.drawn)


def dates(told: Told) -> Mapping[str, Any] | None:
    """Return how sure each date is over scenarios; None without such a trial."""
    return _charts(told, Dates, chances.drawn)


def front(told: Told) -> Mapping[str, Any] | None:
    """Return what one term costs in another; None without such a study."""
    return _charts(told, Front, fronts.drawn)


def _charts(told: Told, kind: type[S], drawn: Callable[[S, Told], dict[str, Any]]) -> Mapping[str, Any] | None:
    return _made([drawn(study, told) for study in told.studies if isinstance(study, kind)], 0, told)


def _made(charts: list[dict[str, Any]], hidden: int, told: Told) -> Mapping[str, Any] | None:
    """Return charts, and how much more there is that the audience may not read."""
    withheld = told.book.say("summary.withheld", count=hidden) if hidden else ""
    return {"charts": charts, "withheld": withheld} if charts or hidden else None
