"""One plan in scenarios: where its dates, supplies and money hold, what breaks it first, and when it would end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from sequencer.errors import UsageError
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.problem import Breach, Rule, Schedule, Window
from sequencer.running.bar import Bar
from sequencer.scenarios import frames
from sequencer.scenarios.blame import Cause, Pool, Promise, cause, pool_of, promise
from sequencer.scenarios.scenario import Scenario
from sequencer.scenarios.shares import quantile
from sequencer.scenarios.shift import shift
from sequencer.solving.checker import Judged, judge
from sequencer.timetable import Choices, Uses

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A line of money and the position of a fiscal year.
LineYear: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise broken in a scenario.

    Attributes
    ----------
    pool : Pool or None
        What was to be shared out; None where it is about dates.
    month : int
        The month of the event that may not take place then, or of the bucket that lacks something.
    breach : Breach
    """

    pool: Pool | None
    month: int
    breach: Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A plan in one scenario.

    Attributes
    ----------
    scenario : Scenario
    broken : tuple of Broken
        Every promise the plan breaks there.
    causes : tuple of Cause
        Of the promises broken in the first month in which any is, why.
    short : mapping of LineYear to int
        By how much each line has less than the plan as it is draws from it; only where it has.
    exit : int or None
        The exit if the plan is shifted right (see ``scenarios.shift``); None: not within the plan.
    stuck : str or None
        The package that then finds no month.
    """

    scenario: Scenario
    broken: tuple[Broken, ...]
    causes: tuple[Cause, ...]
    short: Mapping[LineYear, int]
    exit: int | None
    stuck: str | None

    @property
    def dates(self) -> frozenset[str]:
        """The packages whose dates do not hold: a window, link, width or gate of their own is broken."""
        return frozenset(name for each in self.broken if each.pool is None for name in each.breach.about)

    @property
    def first(self) -> int | None:
        """The first month in which a promise is broken."""
        return min((each.month for each in self.broken), default=None)

    def of(self, pool: Pool) -> list[Breach]:
        """Return the breaches of what is shared out."""
        return [each.breach for each in self.broken if each.pool == pool]


@dataclass(frozen=True)
class Stress:
    """A plan in many scenarios: shares of them, each with the number it rests on.

    Attributes
    ----------
    instance : Instance
        As it is.
    choices : mapping of str to Choice
        The plan.
    base : Judged
        The plan in the instance as it is.
    held : tuple of Held, one for each scenario
    waiting : int
        Scenarios that were not tried, since it was interrupted; all shares are of those that were.
    """

    instance: Instance
    choices: Choices
    base: Judged
    held: tuple[Held, ...]
    waiting: int = 0

    @property
    def planned(self) -> int:
        """The exit planned, in months from the start of the plan."""
        return self.base.problem.value(self.base.problem.terms["exit"], self.base.cells)

    @property
    def outside(self) -> int:
        """The number of scenarios in which a package finds no month within the plan."""
        return sum(each.exit is None for each in self.held)

    def exit(self, share: float) -> int | None:
        """Return the month by which at least a share of scenarios have ended; None: not within the plan."""
        return quantile([each.exit for each in self.held], share)

    @cached_property
    def packages(self) -> pd.DataFrame:
        """One row for each package; see ``scenarios.frames.packages``."""
        return frames.packages(self)

    @cached_property
    def supplies(self) -> pd.DataFrame:
        """One row for each supply and reserve; see ``scenarios.frames.supplies``."""
        return frames.supplies(self)

    @cached_property
    def money(self) -> pd.DataFrame:
        """One row for each fiscal year and line of money; see ``scenarios.frames.money``."""
        return frames.money(self)

    @cached_property
    def breaches(self) -> pd.DataFrame:
        """One row for each rule; see ``scenarios.frames.breaches``."""
        return frames.breaches(self)

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """One row for each scenario; see ``scenarios.frames.scenarios``."""
        return frames.scenarios(self)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """One row for each assumption that breaks the plan first; see ``scenarios.frames.assumptions``."""
        return frames.assumptions(self)

    @cached_property
    def exits(self) -> pd.DataFrame:
        """Exits by which 50, 80 and 95 % of scenarios have ended; see ``scenarios.frames.exits``."""
        return frames.exits(self)

    @cached_property
    def s_curve(self) -> pd.DataFrame:
        """The share of scenarios that have ended by each month; see ``scenarios.frames.s_curve``."""
        return frames.s_curve(self)

    def plot_s_curve(self, ax: Axes | None = None) -> Axes:
        """Draw the S-curve; see ``scenarios.plots.s_curve``."""
        from sequencer.scenarios.plots import s_curve  # noqa: PLC0415 - wanted by few

        return s_curve(self, ax)

    @property
    def firsts(self) -> Counter[str]:
        """In how many scenarios each assumption breaks the plan first; one may count several."""
        return Counter(name for each in self.held for name in {name for why in each.causes for name in why.names})


def stress(
    instance: Instance,
    choices: Choices,
    scenarios: Iterable[Scenario],
    *,
    executor: Executor | None = None,
    bar: bool = False,
) -> Stress:
    """Try a plan in scenarios, without planning anew.

    Parameters
    ----------
    instance : Instance
    choices : mapping of str to Choice
        The plan. It may break promises in the instance as it is; these are then told apart.
    scenarios : iterable of Scenario
        Drawn (``draw``) or stated (``Scenario.of``); shares weigh each alike.
    executor : Executor, optional
        What does the work. Default: this process, one scenario after the other.
    bar : bool
        Whether progress is shown on stderr.

    Returns
    -------
    Stress
        After Ctrl-C with the scenarios that were done, which are the first ones.

    Raises
    ------
    UsageError
        If there is no scenario, or two have one number, or one changes what cannot be.
    InstanceError
        If the choices are no timetable of the instance.
    KeyboardInterrupt
        By Ctrl-C before any scenario was done.
    """
    given = tuple(scenarios)
    if not given or len({each.number for each in given}) < len(given):
        raise UsageError("at least one scenario is needed, each with a number of its own")
    base = judge(instance, choices)
    work = partial(hold, instance, choices, base.uses, frozenset(promise(*each) for each in base.broken))
    held = tuple(_each((map if executor is None else executor.map)(work, given), len(given), bar=bar))
    if not held:
        raise KeyboardInterrupt
    return Stress(instance, choices, base, held, len(given) - len(held))


def _each(results: Iterator[Held], count: int, *, bar: bool) -> Iterator[Held]:
    """Yield results as they come, until it is interrupted."""
    with listening() as stop, Bar("scenarios") if bar else nullcontext() as hear:
        for done, each in enumerate(results, 1):
            yield each
            if hear is not None:
                hear(done, count)
            if stop.is_set():
                return


def hold(instance: Instance, choices: Choices, planned: Uses, before: frozenset[Promise], scenario: Scenario) -> Held:
    """Try a plan in one scenario.

    ``planned`` is what lines of money pay in the instance as it is, ``before`` the promises broken there.
    """
    judged = judge(scenario.instance(instance), choices)
    found = [(rule, breach, dated(judged, rule, breach)) for rule, breach in judged.broken]
    first = min((month for *_, month in found), default=None)
    shifted = shift(judged.problem, judged.cells)
    return Held(
        scenario=scenario,
        broken=tuple(Broken(pool_of(rule), month, breach) for rule, breach, month in found),
        causes=tuple(
            cause(instance, choices, scenario, rule, breach, before=promise(rule, breach) in before)
            for rule, breach, month in found
            if month == first
        ),
        short=_short(judged, planned),
        exit=None if shifted.cells is None else judged.problem.value(judged.problem.terms["exit"], shifted.cells),
        stuck=shifted.stuck,
    )


def dated(judged: Judged, rule: Rule, breach: Breach) -> int:
    """Return when a promise is broken: a window in the month of the event it forbids, not of the transfer."""
    if not isinstance(rule, Window) or rule.clause.event is None:
        return breach.month
    return judged.problem.paths[rule.package].date(judged.cells[rule.package], rule.clause.event)


def _short(judged: Judged, planned: Uses) -> dict[LineYear, int]:
    """Return by how much lines have less than is to be drawn from them, in the years in which they run out."""
    bridge = judged.problem.bridge
    if bridge is None:
        return {}
    schedule = Schedule(judged.problem.calendar, judged.problem.paths, judged.cells)
    found = {}
    for line, there in zip(bridge.lines, bridge.capacities(schedule), strict=True):
        left = 0
        for b, (use, has) in enumerate(zip(planned[line.name], there, strict=True)):
            kept = left if b < line.carried else 0
            if use > kept + has:
                found[line.name, b] = use - kept - has
            left = max(0, kept + has - use)
    return found
