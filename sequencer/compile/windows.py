"""Windows from promises: every rule about one package alone becomes a mask over its cells, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.compile.paths import BEGINS, held, hold_of
from sequencer.compile.readiness import worst_scores
from sequencer.compile.series import Months, ThreatLevels, Worst
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Clause, Closing, Measure, Path, Window
from sequencer.vocabulary import Event, Origin, Stage

Mask = NDArray[np.bool_]
Maker: TypeAlias = Callable[[facts.Package, Path], Iterator[Window]]

#: Events whose threat limits are tested through a hold, that of the readiness gates of the same event.
GATED = frozenset({Event.TRANSFER, Event.EXIT})

HANDED_OVER = frozenset({Stage.MENTORED, Stage.ADVISORY, Stage.AUTONOMOUS})


class WindowCompiler:
    """Makes the windows of one package after another; all masks and tables have the shape (K, T) of its path.

    Packages alike share tables: none may be changed in place.
    """

    def __init__(self, instance: Instance, paths: Mapping[str, Path], threat: ThreatLevels) -> None:
        self._instance = instance
        self._threat = threat
        self._label = instance.calendar.label
        self._as_of = instance.plan.as_of
        self._worst_scores = worst_scores(instance, paths)
        self._calendar = {
            place.name: tuple(i for i, fact in enumerate(instance.calendar_events) if place.name in fact.places)
            for place in instance.places
        }
        self._found: dict[Hashable, list[Window]] = {}

    def windows(self, package: facts.Package, path: Path) -> Iterator[Window]:
        """Yield the windows of a package that close at least one cell (departure excepted: it needs the demands).

        A package handed over already is exempt from all but those that settle its one cell.
        """
        exempt = past(self._instance, package, path)
        yield from _closing(self._settled(package, path))
        promises = _closing(self._promises(package, path))
        if exempt.any():
            promises = _closing(replace(window, over=np.where(exempt, 0, window.over)) for window in promises)
        yield from promises

    def _settled(self, package: facts.Package, path: Path) -> Iterator[Window]:
        """Yield what the planner has settled: the option, the transfer, the beginning of the current stage."""
        name, here = package.name, (package.origin,)
        if package.option is not None:
            other = np.array([[int(option.name != package.option)] for option in path.options])
            text = f"the option is settled: {package.option}"
            clause = Clause(Closing.OPTION, package.option)
            yield Window("P1", name, np.broadcast_to(other, path.shape), "option", text, clause, here)
        if package.fixed is not None:
            text = f"the transfer is fixed for {self._label(package.fixed)}"
            clause = Clause(Closing.FIXED, months=(package.fixed,))
            yield Window("W7", name, abs(path.dates(Event.TRANSFER) - package.fixed), "months", text, clause, here)
        if package.current_stage in BEGINS and package.since is not None:
            off = abs(path.dates(BEGINS[package.current_stage]) - package.since)
            empty = np.array([[option.length(package.current_stage) == 0] for option in path.options])
            stage, since = package.current_stage, self._label(package.since)
            text = f"it has been in the stage {stage} since {since}, and the option must have that stage"
            clause = Clause(Closing.STAGE, stage, months=(package.since,))
            yield Window("W10", name, np.maximum(off, empty), "months", text, clause, here)

    def _promises(self, package: facts.Package, path: Path) -> Iterator[Window]:
        """Yield the windows from which a package handed over already is exempt."""
        yield from self._alike(self._path, package, path)
        yield from self._bounds(package, path)
        yield from self._alike(self._phases, package, path)
        yield from self._alike(self._closures, package, path, self._calendar[package.place])
        yield from self._readiness(package)
        for limit in self._instance.limits_of.get(package.name, ()):
            yield from self._limit(package, path, limit)

    def _alike(
        self,
        make: Callable[[facts.Package, Path], Iterator[Window]],
        package: facts.Package,
        path: Path,
        *also: Hashable,
    ) -> Iterator[Window]:
        """Yield the windows that close a cell, made once for all packages alike: in function, cells and ``also``."""
        key = (make, package.function, path.options, path.months, midway(package, path), *also)
        if key not in self._found:
            self._found[key] = list(_closing(make(package, path)))
        for window in self._found[key]:
            said = window.text, window.clause
            yield Window(window.id, package.name, window.over, window.unit, *said, window.origins)

    def _path(self, package: facts.Package, path: Path) -> Iterator[Window]:
        name, plan = package.name, (self._instance.plan.origin,)
        if not midway(package, path):
            text = f"preparation would have to start before {self._begins()}"
            kind = Closing.BEGUN if self._as_of else Closing.BEGINNING
            clause = Clause(kind, event=Event.SUPPORT_START, months=(self._as_of,))
            early = self._as_of - path.dates(Event.SUPPORT_START)
            yield Window("P1", name, early, "months", text, clause, plan)
        end = self._instance.plan.months
        text = f"the exit would come after the end of the plan ({self._label(end)})"
        clause = Clause(Closing.END, event=Event.EXIT, months=(end,))
        yield Window("P1", name, path.dates(Event.EXIT) - end, "months", text, clause, plan)
        if path.months.start < self._as_of:
            text = f"only a transfer that is settled can lie before {self._begins(short=True)}"
            clause = Clause(Closing.DONE if self._as_of else Closing.PAST, months=(self._as_of,))
            yield Window("P1", name, self._as_of - path.dates(Event.TRANSFER), "months", text, clause, plan)

    def _begins(self, *, short: bool = False) -> str:
        """Say what nothing may lie before that has not happened: the plan, or the month up to which it has."""
        label = self._label(self._as_of)
        if self._as_of:
            return f"{label}, up to which all has happened"
        return f"the plan ({label})" if short else f"the plan does ({label})"

    def _bounds(self, package: facts.Package, path: Path) -> Iterator[Window]:
        transfer, plan, here = path.dates(Event.TRANSFER), self._instance.plan, (package.origin,)
        if package.earliest is not None:
            text = f"not before {self._label(package.earliest)}"
            clause = Clause(Closing.EARLIEST, months=(package.earliest,))
            yield Window("W5", package.name, package.earliest - transfer, "months", text, clause, here)
        if package.latest is not None:
            text = f"not after {self._label(package.latest)}"
            clause = Clause(Closing.LATEST, months=(package.latest,))
            yield Window("W6", package.name, transfer - package.latest, "months", text, clause, here)
        if plan.mandate_end is not None and plan.mandate_requires != "departure":
            event = Event(plan.mandate_requires)
            text = f"the mandate ends in {self._label(plan.mandate_end)}; the {event} must have come by then"
            clause = Clause(Closing.MANDATE, event=event, months=(plan.mandate_end,))
            over = path.dates(event) - plan.mandate_end
            yield Window("W8", package.name, over, "months", text, clause, (plan.origin,))

    def _phases(self, package: facts.Package, path: Path) -> Iterator[Window]:
        transfer = path.dates(Event.TRANSFER)
        for phase in self._instance.phases:
            within = (transfer >= phase.start) & (transfer <= phase.end)
            if phase.admits is not None and package.function not in phase.admits:
                functions = tuple(sorted(phase.admits))
                text = f"phase {phase.name} admits only {', '.join(functions)}"
                clause = Clause(Closing.FUNCTIONS, phase.name, names=functions)
                yield _either(("W9", "package"), package.name, within, (text, clause), phase.origin)
            if phase.months is not None:
                months = tuple(sorted(phase.months))
                text = f"phase {phase.name} admits transfers only in {', '.join(map(self._label, months))}"
                closed = within & ~np.isin(transfer, months)
                clause = Clause(Closing.TRANCHES, phase.name, months=months)
                yield _either(("W9", "package"), package.name, closed, (text, clause), phase.origin)

    def _closures(self, package: facts.Package, path: Path) -> Iterator[Window]:
        for fact in map(self._instance.calendar_events.__getitem__, self._calendar[package.place]):
            if package.function not in fact.functions:
                continue
            for event in sorted(fact.events):
                when = path.dates(event) - fact.start
                if fact.yearly:
                    when = np.where(when >= 0, when % 12, when)
                closed = (when >= 0) & (when <= fact.end - fact.start) & ~_happened(self._as_of, package, path, event)
                yearly = " every year" if fact.yearly else ""
                span = f"{self._label(fact.start)} to {self._label(fact.end)}{yearly}"
                text = f"{fact.name}: no {event.value.replace('_', ' ')} from {span}"
                clause = Clause(Closing.CALENDAR, fact.name, event, (fact.start, fact.end), yearly=fact.yearly)
                yield _either(("W4", "event"), package.name, closed, (text, clause), fact.origin)

    def _readiness(self, package: facts.Package) -> Iterator[Window]:
        for criterion in self._instance.criteria_of.get(package.name, ()):
            fact = self._instance.score_of[package.name, criterion.criterion]
            found, month = self._worst_scores[package.name, criterion.criterion, criterion.event]
            hold = held(self._instance, criterion)
            measure = Measure(found, month, criterion.threshold, at_least=True, unit="points", scale=facts.SCORE)
            text, rows = f"{criterion.criterion} {_hold(hold)}at the {criterion.event}", (criterion.origin, fact.origin)
            clause = Clause(Closing.READINESS, criterion.criterion, criterion.event, length=hold)
            yield Window("W1", package.name, measure.over, "thousandths of a point", text, clause, rows, measure)

    def _limit(self, package: facts.Package, path: Path, limit: facts.Limit) -> Iterator[Window]:
        place, here = package.place, (limit.origin,)
        if limit.limit is not None:
            hold = hold_of(self._instance, package.name, limit.event) if limit.event in GATED else 0
            highest = self._threat.highest(place, hold + 1)
            if highest.found.max() > limit.limit:
                text = f"threat in {place} {_hold(hold)}at the {limit.event.value.replace('_', ' ')}"
                over, measure = self._worst_threat(package, path, limit, highest, limit.limit)
                clause = Clause(Closing.THREAT, place, limit.event, length=hold)
                yield Window("W2", package.name, over, "levels", text, clause, here, measure)
        if limit.trend:
            steepest = self._threat.steepest(place, limit.trend)
            if steepest.found.max() > 0:
                text = f"rise of the threat in {place} in the last {_months(limit.trend)} up to the {limit.event}"
                over, measure = self._worst_threat(package, path, limit, steepest, 0)
                clause = Clause(Closing.TREND, place, limit.event, length=limit.trend)
                yield Window("W3", package.name, over, "levels", text, clause, here, measure)

    def _worst_threat(
        self, package: facts.Package, path: Path, limit: facts.Limit, worst: Worst, most: int
    ) -> tuple[Months, Measure]:
        """Return how far each cell exceeds the most allowed, and the highest value with the threat row behind it."""
        found, month = worst.at(path.dates(limit.event))
        origins = tuple(fact.origin for fact in self._instance.threat_of[package.place])
        which = self._threat.row(package.place, month)
        measure = Measure(found, month, most, at_least=False, unit="(threat level)", origins=origins, which=which)
        return np.where(_happened(self._as_of, package, path, limit.event), 0, measure.over), measure


def past(instance: Instance, package: facts.Package, path: Path) -> Mask:
    """Return the cells, shape (K, T), in which a package was handed over before the month ``as_of`` of the plan."""
    as_of = instance.plan.as_of
    settled = np.full((len(path.options), 1), package.fixed is not None and package.fixed < as_of)
    if package.current_stage in HANDED_OVER and package.since is not None:
        begins = BEGINS[package.current_stage]
        settled |= np.array([[package.since - option.offset(begins) < as_of] for option in path.options])
    before = path.dates(Event.TRANSFER) < as_of
    handed_over: Mask = before & settled
    return handed_over


def midway(package: facts.Package, path: Path) -> bool:
    """Return whether a package is on its path already, and by which option is settled, too."""
    return package.current_stage in BEGINS and (package.option is not None or len(path.options) == 1)


def _happened(as_of: int, package: facts.Package, path: Path, event: Event) -> Mask:
    """Return the cells of a package midway on its path in which an event lies before a month and is done."""
    return (path.dates(event) < as_of) & midway(package, path)


def _closing(windows: Iterable[Window]) -> Iterator[Window]:
    """Yield the windows that close at least one cell."""
    return (window for window in windows if window.closed.any())


def _either(rule: tuple[str, str], package: str, closed: Mask, said: tuple[str, Clause], origin: Origin) -> Window:
    """Return a window that is broken or kept, nothing between; ``rule`` is its id and what it counts."""
    return Window(rule[0], package, closed.astype(np.int64), rule[1], *said, (origin,))


def _hold(months: int) -> str:
    return f"in the {_months(months)} before and " if months else ""


def _months(number: int) -> str:
    return "month" if number == 1 else f"{number} months"
