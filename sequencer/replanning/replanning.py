"""Planning again in the middle of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Outcome
from sequencer.problem import Breach, Rule
from sequencer.replanning.actuals import Actual, checked_actuals, read_actuals
from sequencer.replanning.moves import Move, moves
from sequencer.replanning.settling import Begun, Settled, begin
from sequencer.solving.checker import judge
from sequencer.solving.levels import Progress
from sequencer.solving.solver import solve
from sequencer.tables import dates
from sequencer.tables.faults import CellError, shown
from sequencer.tables.timetable import read_timetable
from sequencer.timetable import Choice, Choices

CHANGE = "change"
TIMETABLE = "timetable.csv"
PUBLISHED = "the published plan"
EACH = "one choice for each package of the instance"


@dataclass(frozen=True, kw_only=True)
class Replan:
    """A plan for what is left of an earlier one.

    Attributes
    ----------
    outcome : Outcome
        The answer; its instance has begun: what has happened is settled in it.
    published : mapping of str to Choice
        The earlier plan.
    as_of : int
        The month before which all has happened.
    standing : mapping of str to Settled
        How far each package had got, and which source says so.
    broken : tuple of Breach
        The promises that the published plan breaks with what has happened; a package whose published month is none of
        the plan stands in it where it is now.
    diff : tuple of Move
        Every package in both plans, in order of the new transfer; empty without a plan.
    most_change : int or None
        By how many months transfers to come were allowed to move in all.
    """

    outcome: Outcome
    published: Choices
    as_of: int
    standing: Mapping[str, Settled]
    broken: tuple[Breach, ...]
    diff: tuple[Move, ...]
    most_change: int | None = None

    @property
    def assumed(self) -> tuple[str, ...]:
        """The packages that are taken to have gone, or to go on, as published, since nothing else is recorded."""
        return tuple(name for name, settled in self.standing.items() if settled.assumed)

    @property
    def moved(self) -> tuple[Move, ...]:
        """The packages whose transfer or option is another than published."""
        return tuple(move for move in self.diff if move.moved)

    @property
    def months(self) -> int:
        """How many months transfers have moved in all, earlier or later; what has happened is counted, too."""
        return sum(abs(move.months) for move in self.diff)

    @property
    def phases(self) -> int:
        """How many packages transfer in another phase than published."""
        return sum(move.before.phase != move.after.phase for move in self.diff)


def replan(
    instance: Instance,
    published: str | Path | Choices,
    as_of: str | int,
    actuals: str | Path | Mapping[str, Actual] | None = None,
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits | None = None,
    most_change: int | None = None,
    engine: str = "auto",
    progress: Callable[[Progress], None] | None = None,
) -> Replan:
    """Plan again what is left of a plan: what has happened is fixed, what has begun goes on, the rest may move.

    Parameters
    ----------
    instance : Instance
        As things stand now; left unchanged.
    published : str, Path or mapping of str to Choice
        The earlier plan: a timetable as CSV, a folder of ``solve --out``, or choices.
    as_of : str or int
        The month, ``YYYY-MM`` or counted from the first, before which all has happened.
    actuals : str, Path or mapping of str to Actual, optional
        What really happened; a package that is not named, or of which nothing is said, went as published.
    objective : sequence of Goal or str, optional
        Terms in order. Default: those of the plan, with ``change`` after the first if it is not among them.
    limits : Limits, optional
    most_change : int, optional
        By how many months all transfers together may move that have not happened yet.
    engine : str
    progress : callable, optional
        See ``solve``.

    Returns
    -------
    Replan

    Raises
    ------
    InstanceError
        If the timetable or the actuals are wrong; it holds every fault found in them.
    UsageError
        If the month is none of the plan, or lies before one up to which all has happened already; if ``most_change`` is
        negative, or as ``solve`` says.
    """
    month = _month(as_of, instance)
    if most_change is not None and most_change < 0:
        raise UsageError(f"the months that transfers may move are 0 or more, not {most_change}")
    chosen, called = _read(published, instance)
    if actuals is None or isinstance(actuals, Mapping):
        happened = checked_actuals(actuals or {}, instance, chosen, month)
    else:
        happened = read_actuals(actuals, instance, chosen, month)
    begun = begin(instance, chosen, month, happened, called)
    outcome = solve(
        begun.instance,
        objective=_objective(instance) if objective is None else objective,
        limits=limits,
        near=chosen,
        nearest=True,
        haste=False,
        engine=engine,
        caps=None if most_change is None else {CHANGE: most_change + _slipped(begun, chosen)},
        progress=progress,
    )
    broken = _broken(begun, chosen, outcome)
    return Replan(
        outcome=outcome,
        published=chosen,
        as_of=month,
        standing=begun.standing,
        broken=tuple(breach for _, breach in broken),
        most_change=most_change,
        diff=() if outcome.choices is None else moves(outcome, chosen, begun.standing, broken),
    )


def _month(as_of: str | int, instance: Instance) -> int:
    """Return the month from which on is planned again."""
    calendar, last = instance.calendar, instance.plan.months - 1
    try:
        month = as_of if isinstance(as_of, int) else calendar.number(*dates.year_month(as_of.strip(), calendar.year))
    except CellError as bad:
        raise UsageError(f"as-of needs {bad.needed}, not {shown(str(as_of))}") from None
    if not 0 <= month <= last:
        span = f"{calendar.label(0)} to {calendar.label(last)}"
        raise UsageError(f"as-of needs a month of the plan, {span}, not {calendar.label(month)}")
    if month < instance.plan.as_of:
        already = calendar.label(instance.plan.as_of)
        raise UsageError(f"plan.toml says that all before {already} has happened; as-of cannot lie before it")
    return month


def _read(published: str | Path | Choices, instance: Instance) -> tuple[dict[str, Choice], str]:
    """Return the published choices, and what they are called in reasons."""
    if isinstance(published, Mapping):
        return _complete(published, instance), PUBLISHED
    path = Path(published)
    file = path / TIMETABLE if path.is_dir() else path
    return read_timetable(file, instance), file.name


def _complete(published: Choices, instance: Instance) -> dict[str, Choice]:
    """Return choices in the order of the instance, once there is one for each package, of an option it has."""
    faults = [
        Fault(PUBLISHED, 0, "package", f"{'no choice for' if name in instance.package else 'unknown:'} {name}", EACH)
        for name in sorted(published.keys() ^ instance.package.keys())
    ]
    for name in sorted(published.keys() & instance.package.keys()):
        options, option = [option.name for option in instance.options_of[name]], published[name].option
        if option not in options:
            faults.append(Fault(PUBLISHED, 0, "option", f"{option!r} for {name}", f"one of {', '.join(options)}"))
    if faults:
        raise InstanceError(faults)
    return {name: published[name] for name in instance.package}


def _objective(instance: Instance) -> list[Goal]:
    """Return the terms of the plan, with little movement next to the first: what was announced is worth keeping."""
    first, *others = instance.plan.objective
    if CHANGE in {goal.term for goal in instance.plan.objective}:
        return [first, *others]
    return [first, Goal(term=CHANGE), *others]


def _slipped(begun: Begun, published: Choices) -> int:
    """Return by how many months transfers differ from those published because of what has happened."""
    return sum(abs(choice.transfer - published[name].transfer) for name, choice in begun.known.items())


def _broken(begun: Begun, published: Choices, outcome: Outcome) -> tuple[tuple[Rule, Breach], ...]:
    """Return what the published plan breaks, with what has happened; nothing if a month of it is none of the plan."""
    kept = {**published, **begun.known}
    for name, path in outcome.problem.paths.items():
        if kept[name].transfer not in path.months:
            if outcome.choices is None:
                return ()
            kept[name] = outcome.choices[name]
    return judge(begun.instance, kept).broken
