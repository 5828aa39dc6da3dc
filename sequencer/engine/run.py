"""The question put to an engine and its answer: the least value of one term while others are held."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from sequencer.engine.steps import Step
from sequencer.outcome import Limits, Status
from sequencer.places.certificate import Certificate, Price
from sequencer.problem import Cell, Problem, Term

#: Terms to hold, and the most each may reach.
Caps: TypeAlias = Sequence[tuple[Term, int]]

#: Said where a bound of floating point was left out, since a plan is one: it was judged in whole numbers.
WRONG = "floating point proved a bound that a plan lies below: it is left out"

#: Called with the best value and the bound, each None while unknown, whenever one of them improves.
Progress: TypeAlias = Callable[[int | None, int | None], None]


class Stoppable(Protocol):
    """Something that says whether to stop, such as an event."""

    def is_set(self) -> bool:
        """Return whether to stop."""


@dataclass(frozen=True, slots=True)
class Until:
    """Says when a search should stop."""

    ask: Callable[[], bool]

    def is_set(self) -> bool:
        """Return whether to stop."""
        return self.ask()


@dataclass(frozen=True, slots=True)
class Run:
    """What one solve found.

    Attributes
    ----------
    status : Status
        OPTIMAL only if the plan is proven best; FEASIBLE with any other plan.
    cells : mapping of str to Cell, or None
        The cells of its best plan.
    bound : int or None
        No plan has a smaller value of the term that was minimised.
    spent : float
        How much of the limit was used up.
    note : str
        What else must be said of it; may be empty.
    proof : str or None
        ``exact`` or ``numeric``, of the bound; None: as the engine says of all its bounds.
    steps : tuple of Step
        Who found what when; empty where one search did it all.
    certificate : Certificate or None
        The best bound that prices prove in whole numbers, with these; None where there are none.
    by : str or None
        Who found all of it, where that is not the engine itself and there are no steps.
    prices : tuple of Price
        What the rules cost in the relaxation, by those prices, the dearest first.
    """

    status: Status
    cells: Mapping[str, Cell] | None
    bound: int | None
    spent: float
    note: str = ""
    proof: str | None = None
    steps: tuple[Step, ...] = ()
    certificate: Certificate | None = None
    by: str | None = None
    prices: tuple[Price, ...] = ()


class Engine(Protocol):
    """A solver that problems are told to.

    Attributes
    ----------
    name : str
        As it is asked for.
    proof : str
        What its bounds are: ``exact`` where they are proven in integers, ``numeric`` where they rest on floating point.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class

    @property
    def proof(self) -> str: ...  # noqa: D102 - see the class

    def begin(self, problem: Problem, term: Term, caps: Caps) -> str:
        """Hear which level comes next, before it is solved: an engine that writes its model to a file does so here.

        Returns
        -------
        str
            What must be said if it could not; empty if there is nothing to say.
        """

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
        """Minimise a term while others stay at most at given values.

        Parameters
        ----------
        problem : Problem
        term : Term or None
            None: find any plan.
        caps : sequence of (Term, int)
            Terms to hold, and the most each may reach.
        hint : mapping of str to Cell, or None
            A schedule to begin from; the best one known keeps every cap.
        limits : Limits
            For this solve alone.
        stop : threading.Event
            Ends the search soon after it is set; the best plan so far is returned.
        progress : callable, optional
            May run on a thread of the solver.

        Raises
        ------
        Disagreement
            If the solver contradicts itself.
        """

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: threading.Event) -> Run:
        """Look for a plan that keeps caps as tight as they can be, in the way that finds one soonest."""

    def others(
        self, problem: Problem, term: Term | None, caps: Caps, *, limits: Limits, stop: threading.Event
    ) -> Iterator[tuple[str, Run]]:
        """Ask whether any plan keeps some caps, in other ways than ``run`` would for a term: for second proofs.

        Yields
        ------
        str, Run
            How it was asked, in words, and the answer; the next way is tried when the next item is asked for.
        """
