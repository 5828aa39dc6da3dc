"""Studies as pandas frames: one row for each run, nothing averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.sensitivity.answer import Answer
from sequencer.words import MONTHS_OF

if TYPE_CHECKING:
    from sequencer.sensitivity.sweep import Run


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
        last), seconds. Months count from the start of the plan, as in ``outcome.json``.
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
    table = pd.DataFrame(rows, columns=columns)
    whole = ["moved", *(f"{goal.term}{end}" for goal in objective for end in ("", "_bound"))]
    return table.astype(dict.fromkeys(whole, "Int64"))
