"""One run of a benchmark in a process of its own: ``python -m sequencer.bench.child`` with the question on stdin.

It prints a JSON object on a line for everything that happens: ``ready`` when the clock starts, ``better`` for every
better value or bound, ``reply`` at the end. Whoever started it reads what there is, also when the process is killed.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from sequencer.bench.peers import Question, contender
from sequencer.outcome import Limits


def main() -> None:
    """Answer the question on stdin."""
    asked = json.load(sys.stdin)
    lock = threading.Lock()  # plans and bounds are told from different threads
    began, spent = time.monotonic(), 0.0

    def say(event: str, **what: object) -> None:
        with lock:
            print(json.dumps({"event": event, "seconds": time.monotonic() - began, **what}), flush=True)  # noqa: T201

    def begin(terms: Sequence[str]) -> None:
        nonlocal began, spent
        began, spent = time.monotonic(), processor()
        say("ready", terms=list(terms))

    question = Question(
        path=Path(asked["path"]),
        objective=tuple(asked["objective"]),
        limits=Limits(seconds=asked["seconds"], workers=asked["workers"], seed=asked["seed"]),
        begin=begin,
    )
    reply = contender(asked["engine"])(
        question, lambda term, value, bound: say("better", term=term, value=value, bound=bound)
    )
    used = {"peak_mib": peak_mib(), "cpu_s": processor() - spent}
    say("reply", status=str(reply.status), levels=reply.levels, note=reply.note, **used)


def processor() -> float:
    """Return the seconds of processor time that this process and those it started have used so far."""
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def peak_mib() -> int:
    """Return the most memory that this process, or one that it started, held at once, in MiB."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):  # elsewhere than on Linux; there the kernel counts what the parent had, too
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    return max(own, started) // 1024


if __name__ == "__main__":
    main()
