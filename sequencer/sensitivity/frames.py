"""Studies as pandas frames: one row for each run, nothing averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.sensitivity.answer import Answer

if TYPE_CHECKING:
    from sequencer.sensitivity.sweeps import Run


def frame(instance: Instance, objective: Sequence[Goal], runs: Sequence[Run]) -> pd.DataFrame:
    """Return runs as a table.

    Returns
    -------
    DataFrame, one row for each run
        Columns run (0: the instance as it is), one for each number turned, by address (empty where it was left as it
        is), status; for each term of the objective, by its name, its best value, ``_bound`` and ``_gap`` (of an
        unproven run the value is an upper limit of the optimum and the bound a lower one; empty where unknown);
        exit_date (``YYYY-MM``: from then on nobody is needed) and moved (packages whose option or transfer differs from
        the timetable of run 0; another as good may move fewer) of the timetable found; last (the packages that exit
        last), binds (what stands against a better value, by term; empty where it was not asked or is not proven best),
        seconds. Months count from the start of the plan, as in ``outcome.json``.
    """
    addresses = list(dict.fromkeys(address for run in runs for address in run.factors))
    base = runs[0].answer
    rows = [
        {
            "run": run.number,
            **{address: run.factors.get(address) for address in addresses},
            "status": run.status,
            **_levels(objective, run.answer),
            **_plan(instance, run.answer, base),
        }
        for run in runs
    ]
    columns = ["run", *addresses, "status", *_levels(objective, None), *_plan(instance, None, None)]
    table = pd.DataFrame(rows, columns=columns, dtype=object)  # a value is as it was given, 4 and not 4.0
    whole = ["moved", *(f"{goal.term}{end}" for goal in objective for end in ("", "_bound"))]
    kinds: dict[str, str] = {"run": "int64", "seconds": "float64"}
    kinds |= dict.fromkeys([f"{goal.term}_gap" for goal in objective], "float64")
    return table.astype(kinds | dict.fromkeys(whole, "Int64"))


def _levels(objective: Sequence[Goal], answer: Answer | None) -> dict[str, Any]:
    """Return what is known of each term."""
    known = {} if answer is None else {level.term: level for level in answer.levels}
    cells: dict[str, Any] = {}
    for goal in objective:
        level = known.get(goal.term)
        cells[goal.term] = None if level is None else level.value
        cells[f"{goal.term}_bound"] = None if level is None else level.bound
        cells[f"{goal.term}_gap"] = None if level is None else level.gap
    return cells


def _plan(instance: Instance, answer: Answer | None, base: Answer | None) -> dict[str, Any]:
    """Return what there is to say of a timetable; nothing without one."""
    cells: dict[str, Any] = {"exit_date": None, "moved": None, "last": None, "binds": None, "seconds": None}
    if answer is not None:
        cells["seconds"] = answer.seconds
        cells["binds"] = " | ".join(map(_bound, answer.binds.items())) or None
    if answer is None or answer.choices is None:
        return cells
    last = max(answer.exits.values(), default=0)
    cells["exit_date"] = instance.calendar.label(last)
    cells["last"] = " | ".join(name for name, month in answer.exits.items() if month == last)
    if base is not None and base.choices is not None:
        cells["moved"] = sum(choice != base.choices.get(name) for name, choice in answer.choices.items())
    return cells


def _bound(told: tuple[str, tuple[str, ...] | None]) -> str:
    term, named = told
    return f"{term}: " + ("not proven in time" if named is None else "; ".join(named))
