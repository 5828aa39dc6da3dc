"""An engine that is told what is known already: plans found elsewhere, and how small terms are proven not to be."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Caps, Engine, Progress, Run
from sequencer.engine.steps import Step
from sequencer.errors import Disagreement, SequencerError
from sequencer.outcome import Level, Limits, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.solving.sources import told
from sequencer.timetable import Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """No plan that keeps some caps has a smaller value of a term.

    Attributes
    ----------
    term : str
    caps : sequence of (str, int)
        Terms, and the most each may reach; what keeps tighter ones keeps these.
    bound : int
    proof : str
        ``exact`` or ``numeric``.
    by : str
        Where it was proven, in words.
    """

    term: str
    caps: Sequence[tuple[str, int]]
    bound: int
    proof: str
    by: str

    def covers(self, term: Term, caps: Caps) -> bool:
        """Return whether it says something of all plans that keep some caps."""
        most: dict[str, int] = {}
        for held, value in caps:
            most[held.name] = min(value, most.get(held.name, value))
        return term.name == self.term and keep(most, self.caps)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an instance before it is solved.

    Attributes
    ----------
    leasts : sequence of Least
        Proven of it, or of one whose rules are no harder to keep and whose values are no larger.
    plans : sequence of (str, mapping of str to Choice)
        Timetables to begin from where they are plans, each with where it comes from, in words.
    """

    leasts: Sequence[Least] = ()
    plans: Sequence[tuple[str, Choices]] = ()


def keep(most: Mapping[str, int], caps: Iterable[tuple[str, int]]) -> bool:
    """Return whether all that keeps the one also keeps the other: the most that terms may reach, by name."""
    return all(name in most and most[name] <= value for name, value in caps)


def proven(levels: Iterable[Level], by: str, caps: Sequence[tuple[str, int]] = ()) -> tuple[Least, ...]:
    """Return what an answer, found under caps, proves of its instance, level by level.

    A bound in floating point counts only where its level is proven best: else it may be one of a tree, which closes no
    level elsewhere, either.
    """
    held = list(caps)
    found = []
    for level in levels:
        if level.bound is not None and level.proof is not None and (level.proof == "exact" or level.proven):
            found.append(Least(term=level.term, caps=tuple(held), bound=level.bound, proof=level.proof, by=by))
        if level.value is None:
            break
        held.append((level.term, level.value + level.tolerance))
    return tuple(found)


@dataclass
class Informed:
    """An engine with what is known of the one problem that it is asked about; see ``Engine``.

    Raises
    ------
    Disagreement
        If a plan lies below what was proven to be the least.
    """

    engine: Engine
    known: Known
    _plans: list[tuple[str, Mapping[str, Cell]]] | None = field(init=False, default=None)

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    @property
    def proof(self) -> str:
        """The engine's."""
        return self.engine.proof

    def begin(self, problem: Problem, term: Term, caps: Caps) -> str:
        """Hear which level comes next."""
        return self.engine.begin(problem, term, caps)

    def run(
        self,
        problem: Problem,
        term: Term | None,
        caps: Caps,
        hint: Mapping[str, Cell] | None,
        *,
        limits: Limits,
        stop: threading.Event,
        progress: Progress | None = None,
    ) -> Run:
        """Minimise a term; without a search where a known plan is proven best, and from the best one known else."""
        began = None if limits.deterministic else time.monotonic()
        whence, begin = self._best(problem, term, caps, hint)
        least = None if term is None else self._least(term, caps)
        steps: tuple[Step, ...] = ()
        if term is not None and begin is not None and begin is not hint:
            steps = (Step(whence, None if began is None else 0.0, problem.value(term, begin), None),)
        if term is None or least is None:
            run = self.engine.run(problem, term, caps, begin, limits=limits, stop=stop, progress=progress)
            return self._after(steps, run, problem, term, began)
        if begin is not None and problem.value(term, begin) <= least.bound:
            return _settled(Run(Status.FEASIBLE, begin, None, 0.0, steps=steps), problem.value(term, begin), least)
        reached = _Reached(stop)
        hear = partial(_hear, reached, least.bound, progress)
        until = stop if limits.deterministic else reached  # what was searched in vain must repeat itself, too
        run = self.engine.run(problem, term, caps, begin, limits=limits, stop=until, progress=hear)
        run = self._after(steps, run, problem, term, began)
        return run if run.cells is None else _settled(run, problem.value(term, run.cells), least)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: threading.Event) -> Run:
        """Look for a plan that keeps caps, first among those known."""
        whence, begin = self._best(problem, None, caps, None)
        if begin is not None:
            return Run(Status.FEASIBLE, begin, None, 0.0, by=whence)
        return self.engine.find(problem, caps, limits=limits, stop=stop)

    def others(
        self, problem: Problem, term: Term | None, caps: Caps, *, limits: Limits, stop: threading.Event
    ) -> Iterator[tuple[str, Run]]:
        """Ask in other ways, which know nothing: they are second proofs."""
        return self.engine.others(problem, term, caps, limits=limits, stop=stop)

    def _after(
        self, steps: tuple[Step, ...], run: Run, problem: Problem, term: Term | None, began: float | None
    ) -> Run:
        """Return a run with the steps that came before its own."""
        if not steps:
            return run
        seconds = None if began is None else round(time.monotonic() - began, 3)
        value = None if term is None or run.cells is None else problem.value(term, run.cells)
        run = told(run, self.engine, seconds, value, steps[-1].value)
        return replace(run, steps=(*steps, *run.steps))

    def _least(self, term: Term, caps: Caps) -> Least | None:
        """Return the largest bound known of a term under caps."""
        covering = [least for least in self.known.leasts if least.covers(term, caps)]
        return max(covering, key=lambda least: (least.bound, least.proof == "exact"), default=None)

    def _best(
        self, problem: Problem, term: Term | None, caps: Caps, hint: Mapping[str, Cell] | None
    ) -> tuple[str, Mapping[str, Cell] | None]:
        """Return the best plan that keeps caps, of those known and a hint, with where it comes from."""
        if self._plans is None:
            self._plans = [(by, cells) for by, choices in self.known.plans if (cells := _cells(problem, choices))]
        keeping = [
            (by, cells) for by, cells in self._plans if all(problem.value(held, cells) <= most for held, most in caps)
        ]
        best = min(keeping, key=lambda plan: 0 if term is None else problem.value(term, plan[1]), default=("", None))
        if hint is not None and (
            term is None or best[1] is None or problem.value(term, hint) <= problem.value(term, best[1])
        ):
            return "", hint
        return best


class _Reached(threading.Event):
    """Set when another one is, or of its own; what sets it from outside sets the other one."""

    def __init__(self, outer: threading.Event) -> None:
        super().__init__()
        self._outer = outer

    def is_set(self) -> bool:
        """Return whether either is set."""
        return super().is_set() or self._outer.is_set()

    def set(self) -> None:
        """Set the other one."""
        self._outer.set()

    def reach(self) -> None:
        """Set this one alone."""
        super().set()


def _hear(reached: _Reached, least: int, progress: Progress | None, value: int | None, bound: int | None) -> None:
    """Pass on progress, and end the search where nothing can be better."""
    if progress is not None:
        progress(value, bound)
    if value is not None and value <= least:
        reached.reach()


def _cells(problem: Problem, choices: Choices) -> Mapping[str, Cell] | None:
    """Return a timetable as cells if it is a plan."""
    try:
        cells = problem.cells(choices)
    except (KeyError, ValueError):  # a package or an option that this instance has not
        return None
    if not all(cell.transfer in problem.paths[name].months for name, cell in cells.items()):
        return None
    try:
        uses = allot(problem, cells)
    except SequencerError:  # who pays was not settled in time: it is not known to be a plan
        return None
    return None if any(problem.breaches(cells, uses)) else cells


def _settled(run: Run, value: int, least: Least) -> Run:
    """Return a run with the larger of its bound and one that is known; raises ``Disagreement`` if its plan is below."""
    if value < least.bound:
        raise Disagreement(f"{least.term}: a plan has the value {value}, but {least.by} proves at least {least.bound}")
    if run.bound is not None and run.bound >= least.bound:
        return run
    step = Step(least.by, None, None, least.bound)
    status = Status.OPTIMAL if value == least.bound else run.status
    return replace(run, status=status, bound=least.bound, proof=least.proof, steps=(*run.steps, step))
