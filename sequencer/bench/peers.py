"""Who can be asked in a benchmark: the program's own engines, and peers to set beside them.

A contender is a function of a ``Question`` that tells of every better value and bound as it goes, and returns a
``Reply``. Peers are imported only when they are asked for, in the process that runs them.

- ``auto``, ``cpsat``, ``milp``, ``milp-cbc``: the program's own engines, through ``sequencer.solve``.
- ``intervals``: CP-SAT on interval variables over dates for every term, as a scheduling tutorial would state it.
- ``highs``: PuLP with HiGHS on the cells, gap 0, everything else as HiGHS sets it (presolve on).
- ``cbc``: PuLP with CBC on the same cells.
- ``pyjobshop``: PyJobShop on CP-SAT, for files of the PSPLIB only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sequencer.errors import Disagreement, UsageError
from sequencer.outcome import Limits

if TYPE_CHECKING:
    from sequencer.engine.run import Engine
    from sequencer.instance.instance import Instance
    from sequencer.outcome import Level

#: Told whenever it is known better: the term, its value and its bound, each None while unknown.
Tell: TypeAlias = Callable[[str, int | None, int | None], None]

PSPLIB = (".sm", ".mm", ".sch")  # suffixes of files that are imported before they are solved


@dataclass(frozen=True, slots=True)
class Question:
    """What a contender is asked.

    Attributes
    ----------
    path : Path
        An instance folder, or a file of the PSPLIB.
    objective : tuple of str
        Terms in order of importance, lexicographic; empty: the plan's own.
    limits : Limits
        Seconds of wall time for everything after reading, workers and seed.
    begin : callable
        To be called once, when the instance is read, with the terms of the objective: from then on the clock runs.
    """

    path: Path
    objective: tuple[str, ...]
    limits: Limits
    begin: Callable[[Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a contender answers.

    Attributes
    ----------
    status : str
        OPTIMAL only if every level is proven; FEASIBLE, INFEASIBLE, UNKNOWN.
    levels : tuple of (str, int or None, int or None)
        Term, value and bound of each level, in the units of ``sequencer``'s terms.
    note : str
        What else must be said; may be empty.
    """

    status: str
    levels: tuple[tuple[str, int | None, int | None], ...]
    note: str = ""


Contender: TypeAlias = Callable[[Question, Tell], Reply]


def own(question: Question, tell: Tell, *, engine: str) -> Reply:
    """Ask one of the program's engines."""
    from sequencer.solving.engines import by_name  # noqa: PLC0415 - what is heavy is imported where it is used
    from sequencer.solving.solver import solve  # noqa: PLC0415

    by_name(engine)  # imports it, which is not to be timed, and refuses a name that there is not
    instance = instance_of(question.path)
    question.begin(_terms(question, instance))
    outcome = solve(
        instance,
        objective=list(question.objective) or None,
        limits=question.limits,
        haste=False,
        engine=engine,
        progress=lambda progress: tell(progress.term, progress.value, progress.bound),
    )
    return Reply(outcome.status, _levels(outcome.levels), "; ".join(outcome.notes))


def peer(question: Question, tell: Tell, *, make: Callable[[], Engine]) -> Reply:
    """Ask an engine that the program does not offer: level after level, its plan checked by the rules."""
    from sequencer.compile import compile_instance  # noqa: PLC0415
    from sequencer.cpsat.allotment import allot  # noqa: PLC0415
    from sequencer.interrupt import listening  # noqa: PLC0415
    from sequencer.solving.levels import Levels  # noqa: PLC0415
    from sequencer.solving.objective import goals  # noqa: PLC0415

    instance, engine = instance_of(question.path), make()
    question.begin(_terms(question, instance))
    with listening() as stop:
        problem = compile_instance(instance)
        wanted = goals(problem, list(question.objective) or instance.plan.objective)
        levels = Levels(
            problem,
            engine,
            wanted,
            question.limits,
            lambda progress: tell(progress.term, progress.value, progress.bound),
            stop,
        )
        status = levels.run()
    values = None
    if levels.cells is not None:
        for breach in problem.breaches(levels.cells, allot(problem, levels.cells)):
            raise Disagreement(f"the peer's plan breaks a rule: {breach}")
        values = problem.values(levels.cells)
    return Reply(status, _levels(levels.levels(values)), "; ".join(levels.notes))


def instance_of(path: Path) -> Instance:
    """Return the instance of a folder, or of a file of the PSPLIB."""
    from sequencer.tables.read import read  # noqa: PLC0415

    if path.is_dir():
        return read(path)
    from sequencer.importing.folder import write_folder  # noqa: PLC0415
    from sequencer.importing.psplib import read_project  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        write_folder(read_project(path), Path(name), overwrite=True)
        return read(name)


def pyjobshop(question: Question, tell: Tell) -> Reply:
    """Ask PyJobShop; it tells nothing before it ends."""
    from sequencer.bench.pyjobshop import solve_project  # noqa: PLC0415
    from sequencer.importing.psplib import read_project  # noqa: PLC0415

    if question.path.is_dir() or question.objective not in {(), ("exit",)}:
        raise UsageError("the peer pyjobshop reads files of the PSPLIB only, and minimises the exit only")
    import_module("pyjobshop")  # takes a second, which is not to be timed
    project = read_project(question.path)
    question.begin(("exit",))
    limits = question.limits
    answer = solve_project(project, seconds=limits.seconds, workers=limits.workers, seed=limits.seed)
    if answer.value is not None:
        tell("exit", answer.value, answer.bound)
    return Reply(answer.status, (("exit", answer.value, answer.bound),))


def _terms(question: Question, instance: Instance) -> Sequence[str]:
    return question.objective or [goal.term for goal in instance.plan.objective]


def _levels(levels: Sequence[Level]) -> tuple[tuple[str, int | None, int | None], ...]:
    return tuple((level.term, level.value, level.bound) for level in levels)


def _intervals() -> Engine:
    from sequencer.bench.plain import Intervals  # noqa: PLC0415

    return Intervals()


def _milp(solver: str) -> Engine:
    from sequencer.bench.plain import PlainHighs  # noqa: PLC0415
    from sequencer.milp.engine import Milp  # noqa: PLC0415

    return PlainHighs() if solver == "highs" else Milp(solver)


PEERS: dict[str, Contender] = {
    "intervals": partial(peer, make=_intervals),
    "highs": partial(peer, make=partial(_milp, "highs")),
    "cbc": partial(peer, make=partial(_milp, "cbc")),
    "pyjobshop": pyjobshop,
}


def contender(name: str) -> Contender:
    """Return a peer, or else the program's own engine of that name; whether there is one shows when it is asked."""
    return PEERS.get(name) or partial(own, engine=name)
