"""One run, from a task to a row: started as a process of its own, watched, and recorded whatever becomes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sequencer.bench.sets import Entry
from sequencer.bench.trace import Trace
from sequencer.bench.versions import Versions

COLUMNS = (
    "set", "instance", "digest", "engine", "objective", "seed", "seconds", "workers", "status", "values", "bounds",
    "gaps", "gap", "best_gap", "first_s", "one_percent_s", "tenth_percent_s", "proof_s", "wall_s", "cpu_s", "peak_mib",
    "note", "commit", "versions", "python", "machine",
)  # fmt: skip
KEY = ("digest", "engine", "objective", "seed", "seconds", "workers", "commit")
DEFAULT = "default"  # the objective of plan.toml

GRACE = 60.0  # seconds, and as long again as the limit, that a run may take beyond it before it is ended
LOOK = 0.1  # seconds between two looks at the memory of a run

CRASHED, OVERRAN, MEMORY, REFUSED = "CRASHED", "OVERRAN", "MEMORY", "REFUSED"

Row = dict[str, str]


@dataclass(frozen=True)
class Task:
    """One run to make.

    Attributes
    ----------
    entry : Entry
        The instance.
    engine : str
    objective : tuple of str
        Terms in order; empty: the plan's own.
    seed, workers : int
    seconds : float
    memory : int
        MiB that the process may hold; 0: any.
    """

    entry: Entry
    engine: str
    objective: tuple[str, ...]
    seed: int
    seconds: float
    workers: int
    memory: int = 0

    def key(self, versions: Versions) -> tuple[str, ...]:
        """Return what makes a recorded row this run's."""
        row = self.row(versions)
        return tuple(row[column] for column in KEY)

    def row(self, versions: Versions) -> Row:
        """Return the row of this run, without results."""
        told: dict[str, object] = {
            "set": self.entry.set,
            "instance": self.entry.name,
            "digest": self.entry.digest,
            "engine": self.engine,
            "objective": "+".join(self.objective) or DEFAULT,
            "seed": self.seed,
            "seconds": f"{self.seconds:g}",
            "workers": self.workers,
            "commit": versions.commit,
            "versions": versions.parts,
            "python": versions.python,
            "machine": versions.machine,
        }
        return dict.fromkeys(COLUMNS, "") | {key: str(value) for key, value in told.items()}


@dataclass
class _Heard:
    """What a process has said so far."""

    trace: Trace
    status: str = ""
    note: str = ""
    peak: int = 0
    wall: float = 0.0
    processor: float | None = None
    seen: int = 0  # MiB, from outside
    ended: str = ""

    def event(self, told: dict[str, Any], hear: Callable[[str], None]) -> None:
        """Take in one line."""
        seconds = float(told["seconds"])
        self.wall = seconds
        match told["event"]:
            case "ready":
                self.trace.terms = told["terms"]
            case "better":
                self.trace.hear(seconds, told["term"], told["value"], told["bound"])
                hear(f"{seconds:.0f} s  {told['term']} {told['value']} / {told['bound']}")
            case "reply":
                self.status, self.note, self.peak = told["status"], told["note"], told["peak_mib"]
                self.processor = told["cpu_s"]
                self.trace.settle([tuple(level) for level in told["levels"]], seconds)


def measure(task: Task, versions: Versions, hear: Callable[[str], None] = lambda _: None) -> Row:
    """Make one run and return its row; a run that crashes, overruns or takes too much memory is a row, too.

    Parameters
    ----------
    hear : callable
        Told in words how far the run has come.
    """
    heard = _Heard(Trace(task.objective))
    command = [sys.executable, "-m", "sequencer.bench.child"]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:  # noqa: S603
        try:
            _converse(process, task, heard, hear)
        except BaseException:
            process.kill()
            raise
    return _row(task, versions, heard, process.returncode)


def _converse(process: subprocess.Popen[str], task: Task, heard: _Heard, hear: Callable[[str], None]) -> None:
    asked = {
        "path": str(task.entry.path.absolute()), "engine": task.engine, "objective": task.objective,
        "seconds": task.seconds, "workers": task.workers, "seed": task.seed,
    }  # fmt: skip
    errors: list[str] = []
    drain = threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True)
    watch = threading.Thread(target=_watch, args=(process, task, heard), daemon=True)
    drain.start()
    watch.start()
    try:
        with process.stdin or _nothing() as stream:
            json.dump(asked, stream)
    except BrokenPipeError:
        pass  # it has ended already; what it said on stderr tells why
    for line in process.stdout or ():
        heard.event(json.loads(line), hear)
    process.wait()
    watch.join()
    drain.join()
    if not heard.status and not heard.note:
        heard.note = errors[-1].strip() if errors else ""


def _nothing() -> IO[str]:
    raise RuntimeError("the process has no standard input")


def _watch(process: subprocess.Popen[str], task: Task, heard: _Heard) -> None:
    """End a process that takes too long or too much memory, and see how much it holds."""
    deadline = time.monotonic() + 2 * task.seconds + GRACE
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            words = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), "").split()
        except OSError:
            words = []  # it has just ended, or this is not Linux
        heard.seen = max(heard.seen, int(words[1]) // 1024 if words else 0)
        if task.memory and heard.seen > task.memory:
            heard.ended = MEMORY
        elif time.monotonic() > deadline:
            heard.ended = OVERRAN
        if heard.ended:
            process.kill()
            return
        time.sleep(LOOK)


def _row(task: Task, versions: Versions, heard: _Heard, code: int) -> Row:
    """Return the row of a run that has ended."""
    status, note = heard.status, heard.note
    if not status:
        refused = "UsageError" in note
        status = heard.ended or (REFUSED if refused else CRASHED)
        note = note if refused else f"exit status {code}; {note}".strip("; ")
    trace = heard.trace
    gap = trace.gap
    found: dict[str, object] = {
        "status": status,
        "values": ";".join(f"{term}={_word(value)}" for term, (value, _) in trace.known.items()),
        "bounds": ";".join(f"{term}={_word(bound)}" for term, (_, bound) in trace.known.items()),
        "gaps": ";".join(f"{term}={_word(Trace([term], known=trace.known).gap)}" for term in trace.known),
        "gap": gap,
        "first_s": trace.first,
        "one_percent_s": trace.reached.get(0.01),
        "tenth_percent_s": trace.reached.get(0.001),
        "proof_s": trace.reached.get(0.0) if status == "OPTIMAL" else None,
        "wall_s": heard.wall,
        "cpu_s": heard.processor,
        "peak_mib": heard.peak or heard.seen or None,
        "note": " ".join(note.split())[:300],
    }
    return task.row(versions) | {key: _word(value) for key, value in found.items()}


def _word(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
