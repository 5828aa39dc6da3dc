"""What moved between two plans, package by package, and what speaks against each package staying where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sequencer.instance.dates import events
from sequencer.instance.instance import Instance
from sequencer.outcome import Outcome
from sequencer.problem import Breach, Bridge, Cell, Rule, Schedule
from sequencer.reasons.local.around import Around
from sequencer.reasons.local.tight import against
from sequencer.replanning.levers import Levers
from sequencer.replanning.settling import Settled, Standing
from sequencer.solving.checker import uses_of
from sequencer.timetable import Choice, Choices
from sequencer.vocabulary import Event, Origin

OF_ONE = frozenset("PW")  # what ids of rules begin with that are about one package
OF_DATES = frozenset({"L1", "L2", "L3", "L4"})


class Kind(StrEnum):
    """How it is known what speaks against the published month.

    RECORDED: what has happened is otherwise. BROKEN: the published month breaks this promise, in the published plan
    with what has happened, and if it is about several packages, also with all others where they are now. TOGETHER: the
    published plan, with what has happened, breaks this promise about several packages, but going back alone would not;
    that this package had to move is not proven. ALONE: with all others where they are now, going back alone would break
    it, or make a term worse; that the package had to move is not proven. OTHER: nothing speaks against going back
    alone; others moved with it, or another plan is as good, which is not proven either.
    """

    RECORDED = "recorded"
    BROKEN = "broken"
    TOGETHER = "together"
    ALONE = "alone"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that speaks against a published month.

    Attributes
    ----------
    kind : Kind
    rule : str
        Id of the rule in ``models/problem.md``, or the name of an objective term; empty where there is none.
    text : str
    origins : tuple of Origin
        The rows it rests on.
    levers : tuple of str
        Addresses of numbers in these rows, the first few.
    """

    kind: Kind
    rule: str
    text: str
    origins: tuple[Origin, ...]
    levers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """Option, phase (empty: none), and the months of transfer and exit."""

    option: str
    phase: str
    transfer: int
    exit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One package in both plans.

    Attributes
    ----------
    package : str
    settled : Settled
        How far it had got, and which source says so (empty: it had not begun).
    before, after : Dated
        As published, and now.
    reasons : tuple of Reason
        Empty if it has not moved.
    """

    package: str
    settled: Settled
    before: Dated
    after: Dated
    reasons: tuple[Reason, ...] = ()

    @property
    def months(self) -> int:
        """How many months later it transfers than was published; negative: earlier."""
        return self.after.transfer - self.before.transfer

    @property
    def moved(self) -> bool:
        """Whether transfer or option are others than published."""
        return bool(self.months) or self.before.option != self.after.option


def moves(
    outcome: Outcome, published: Choices, standing: Mapping[str, Settled], broken: tuple[tuple[Rule, Breach], ...]
) -> tuple[Move, ...]:
    """Return every package in both plans, in order of the new transfer, with reasons for those that moved.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    published : mapping of str to Choice
        The plan published before.
    standing : mapping of str to Settled
    broken : tuple of (Rule, Breach)
        What the published plan breaks, with what has happened, and the rule that says so.
    """
    choices = outcome.choices or {}
    speaker = _Speaker(outcome, choices, broken)
    found = []
    for name in sorted(choices, key=lambda name: (choices[name].transfer, name)):
        before, after = (dated(outcome.instance, name, plan[name]) for plan in (published, choices))
        move = Move(package=name, settled=standing[name], before=before, after=after)
        reasons = tuple(speaker.reasons(move)) if move.moved else ()
        found.append(Move(package=name, settled=standing[name], before=before, after=after, reasons=reasons))
    return tuple(found)


def dated(instance: Instance, name: str, choice: Choice) -> Dated:
    """Return what is shown of a choice."""
    option = next(option for option in instance.options_of[name] if option.name == choice.option)
    phase = next((phase.name for phase in instance.phases if phase.start <= choice.transfer <= phase.end), "")
    return Dated(choice.option, phase, choice.transfer, events(instance, option, choice.transfer)[Event.EXIT])


class _Speaker:
    """Finds what speaks against published months."""

    def __init__(self, outcome: Outcome, choices: Choices, broken: tuple[tuple[Rule, Breach], ...]) -> None:
        self._outcome = outcome
        self._problem = outcome.problem
        self._cells = outcome.problem.cells(choices)
        self._broken = broken
        self._around: Around | None = None
        self._levers = Levers(outcome.instance)

    def reasons(self, move: Move) -> Iterator[Reason]:
        """Yield what speaks against the published month of a package that moved."""
        if move.settled.source:
            yield self._recorded(move)
            return
        if move.before.transfer not in self._problem.paths[move.package].months:
            text = "its published month lies outside the plan"
            yield Reason(kind=Kind.BROKEN, rule="P1", text=text, origins=(self._outcome.instance.plan.origin,))
            return
        told = sorted(self._told(move).values(), key=lambda entry: entry[0] is not Kind.BROKEN)
        for kind, breach in told:
            levers = self._levers.behind(breach.rule, breach.origins, move.package, breach.month)
            yield Reason(kind=kind, rule=breach.rule, text=breach.text, origins=breach.origins, levers=levers)
        if not told or told[0][0] is not Kind.BROKEN:
            yield from self._alone(move)

    def _told(self, move: Move) -> dict[str, tuple[Kind, Breach]]:
        """Return by its text each thing that the published plan breaks with a package, and how far that is its own."""
        return {
            breach.text: (Kind.BROKEN if self._is_own(move, rule, breach) else Kind.TOGETHER, breach)
            for rule, breach in self._broken
            if move.package in breach.about
        }

    def _is_own(self, move: Move, rule: Rule, breach: Breach) -> bool:
        """Return whether a package breaks a promise that the published plan breaks also where all others are now."""
        if breach.rule[:1] in OF_ONE:
            return True
        cells = {**self._cells, move.package: self._back(move)}
        uses = uses_of(self._problem, cells) if isinstance(rule, Bridge) else {}
        schedule = Schedule(self._problem.calendar, self._problem.paths, cells, uses)
        return any(
            again.rule == breach.rule
            and move.package in again.about
            and (again.about == breach.about if breach.rule in OF_DATES else again.month == breach.month)
            for again in rule.breaches(schedule)
        )

    def _back(self, move: Move) -> Cell:
        """Return the cell in which a package was published."""
        options = [option.name for option in self._problem.paths[move.package].options]
        return Cell(options.index(move.before.option), move.before.transfer)

    def _recorded(self, move: Move) -> Reason:
        label, source = self._problem.calendar.label, move.settled.source
        text = {
            Standing.HAPPENED: f"it was handed over in {label(move.after.transfer)}",
            Standing.UNDER_WAY: f"it is under way, to be handed over in {label(move.after.transfer)}",
            Standing.OPEN: "it begins anew",
        }[move.settled.standing]
        return Reason(kind=Kind.RECORDED, rule="", text=f"{text}, as {source} says", origins=())

    def _alone(self, move: Move) -> Iterator[Reason]:
        """Yield what going back alone would break, or make worse."""
        name, back = move.package, self._back(move)
        if self._around is None:
            self._around = Around(self._problem, self._cells, self._outcome.caps())
        found = [
            Reason(
                kind=Kind.ALONE,
                rule=held.rule,
                text=held.text,
                origins=held.origins,
                levers=self._levers.behind(held.rule, held.origins, name),
            )
            for held in against(self._around, self._cells, name, back)
        ]
        text = "nothing speaks against its going back alone: others moved with it, or another plan is as good"
        yield from found or [Reason(kind=Kind.OTHER, rule="", text=text, origins=())]
