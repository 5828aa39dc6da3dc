"""CBC on a PuLP problem, where PuLP brings it: a program of its own that reads and writes files."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pulp

from sequencer.binaries.rows import Var
from sequencer.errors import UsageError
from sequencer.milp.answer import GAP, Answer, Verdict, Watch
from sequencer.milp.rows import Rows
from sequencer.outcome import Limits

PAUSE = 0.02  # seconds between two looks at it
PATIENCE = 5.0  # seconds that CBC gets to end by itself once it should have


def program() -> Path:
    """Return the program that PuLP brings.

    Raises
    ------
    UsageError
        If it brings none.
    """
    if not hasattr(pulp, "PULP_CBC_CMD") or not Path(pulp.PULP_CBC_CMD.pulp_cbc_path).exists():
        raise UsageError(f"this PuLP ({pulp.__version__}) brings no CBC: take the engine milp, which asks HiGHS")
    return Path(pulp.PULP_CBC_CMD.pulp_cbc_path)


def solve(
    rows: Rows,
    start: Mapping[Var, int],  # noqa: ARG001 - CBC wants a complete solution to start from
    *,
    limits: Limits,
    stop: threading.Event,
    watch: Watch | None,  # noqa: ARG001 - it reports nothing but its log
) -> Answer:
    """Minimise the objective of a problem; see ``Solver``. It gives a bound only with a proof."""
    cbc = program()
    options = {
        "ratio": 0,
        "allow": GAP,
        "threads": limits.workers or os.cpu_count() or 1,
        "timeMode": "elapsed",
        "sec": limits.seconds,
        "randomCbcSeed": limits.seed,
    }
    with TemporaryDirectory(prefix="sequencer-") as folder:
        model, found = Path(folder) / "model.mps", Path(folder) / "found.sol"
        kept, names, row_names, _ = rows.problem.writeMPS(str(model), rename=1)
        told = [part for name, value in options.items() for part in (f"-{name}", str(value))]
        told += ["-solve", "-printingOptions", "all", "-solution", str(found)]
        _run([str(cbc), str(model), *told], limits.seconds, stop)
        if not found.exists():
            return Answer(Verdict.STOPPED, None, None, "" if stop.is_set() else "CBC ended without an answer")
        reader = pulp.COIN_CMD(path=str(cbc), msg=False)
        said, values, _, _, _, status = reader.readsol_MPS(str(found), rows.problem, kept, names, row_names)
    if pulp.LpStatusInfeasible == said or status == pulp.LpSolutionInfeasible:  # each misses one of CBC's two wordings
        return Answer(Verdict.INFEASIBLE, None, None)
    if status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        return Answer(Verdict.STOPPED, None, None)
    solution = [values[variable.name] for variable in rows.listed]
    if status == pulp.LpSolutionIntegerFeasible:
        return Answer(Verdict.STOPPED, solution, None)
    return Answer(Verdict.OPTIMAL, solution, rows.counted(solution))


def _run(command: list[str], seconds: float, stop: threading.Event) -> None:
    """Run CBC until it ends, is asked to, or does not heed its limit on time.

    It is heard by nobody and hears no Ctrl-C itself: its files are its own, and so is its group of processes.
    """
    late = time.monotonic() + seconds + PATIENCE
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:  # noqa: S603
        try:
            while process.poll() is None and not stop.is_set() and time.monotonic() < late:
                stop.wait(PAUSE)
            if process.poll() is None:
                process.send_signal(signal.SIGINT)  # it then writes the best it has
                process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass  # it is killed below, and what it knows is lost
        finally:
            process.kill()
