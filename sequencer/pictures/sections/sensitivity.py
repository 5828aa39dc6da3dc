"""What-if studies and trials in scenarios, where they are given: a section for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sequencer.pictures.studies import curve as curves
from sequencer.pictures.studies import dates as chances
from sequencer.pictures.studies import front as fronts
from sequencer.pictures.studies import heat as maps
from sequencer.pictures.studies import tornado as tornados
from sequencer.pictures.studies.kinds import Curve, Dates, Front, Heat, Tornado
from sequencer.pictures.told import Told

S = TypeVar("S", Tornado, Heat, Curve, Dates, Front)


def tornado(told: Told) -> Mapping[str, Any] | None:
    """Return what turning each number alone does; None without such a study."""
    return _charts(told, Tornado, tornados.drawn)


def heat(told: Told) -> Mapping[str, Any] | None:
    """Return terms by one or two numbers; None without such a study."""
    return _charts(told, Heat, maps.drawn)


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
    charts = [drawn(study, told) for study in told.studies if isinstance(study, kind)]
    return {"charts": charts} if charts else None
