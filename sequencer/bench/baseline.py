"""Whether results fall behind earlier ones: in quality by what was found, in speed by ratios to a reference engine.

Machines differ and are shared, so seconds are never compared between files. What is compared is how an engine does
beside another one that was measured in the same run, on the same instances: the geometric mean of the ratios of their
times, each with a second added, now and then. Runs that did not get there count with their limit; where the reference
itself mostly runs into the limit, the ratio says little, and a reference that finishes should be named instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sequencer.bench.record import levels_of
from sequencer.bench.runs import REFUSED, Row
from sequencer.bench.summary import FAILED, seconds, shifted_mean
from sequencer.bench.summary import SHIFT as SECOND
from sequencer.errors import UsageError

JUDGED = {"proof_s": "proof", "tenth_percent_s": "a gap of 0.1 %"}
SAME = ("digest", "engine", "objective", "seed", "seconds", "workers")


@dataclass(frozen=True)
class Margins:
    """How much worse results may be before they fall behind.

    Attributes
    ----------
    proven : float
        Part of the runs that may no longer be proven.
    gap : float
        By how much the mean gap may rise; a run without plan or bound has a gap of 1.
    speed : float
        By what part of itself a ratio to the reference may rise.
    """

    proven: float = 0.1
    gap: float = 0.005
    speed: float = 0.5


def regressions(now: Iterable[Row], before: Iterable[Row], margins: Margins, reference: str | None = None) -> list[str]:
    """Return in words where results fall behind; empty if nowhere.

    Only runs of the same instance, engine, objective, seed and limits are compared.

    Parameters
    ----------
    reference : str or None
        Engine whose times in the same file others are compared with; None: speed is not judged.

    Raises
    ------
    UsageError
        If the two have no run in common.
    """
    old = {_key(row): row for row in before if row["status"] != REFUSED}
    pairs = [(row, old[_key(row)]) for row in now if row["status"] != REFUSED and _key(row) in old]
    if not pairs:
        raise UsageError("the baseline has no run in common with these results: same instances, engines and limits")
    groups: dict[tuple[str, str, str], list[tuple[Row, Row]]] = {}
    for row, other in pairs:
        groups.setdefault((row["set"], row["objective"], row["engine"]), []).append((row, other))
    found = list(_contradictions(pairs))
    for (name, objective, engine), mine in sorted(groups.items()):
        where = f"{name}, {objective}, {engine}"
        found += [f"{where}: {words}" for words in _quality(mine, margins)]
        theirs = groups.get((name, objective, reference or ""), [])
        if engine != reference and theirs:
            found += [f"{where}: {words}" for words in _speed(mine, theirs, margins)]
    return found


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in SAME)


def _contradictions(pairs: Iterable[tuple[Row, Row]]) -> Iterator[str]:
    """Yield proven values that differ, which no margin excuses."""
    for row, other in pairs:
        if row["status"] == other["status"] == "OPTIMAL" and _values(row) != _values(other):
            yield (
                f"{row['set']}/{row['instance']}, {row['objective']}, {row['engine']}: proven {row['values']}, in the"
                f" baseline {other['values']}"
            )
        elif {row["status"], other["status"]} in ({"OPTIMAL", "INFEASIBLE"}, {"FEASIBLE", "INFEASIBLE"}):
            yield f"{row['set']}/{row['instance']}: {row['status']}, in the baseline {other['status']}"


def _values(row: Row) -> list[tuple[str, int | None]]:
    return [(term, value) for term, value, _ in levels_of(row)]


def _quality(pairs: Sequence[tuple[Row, Row]], margins: Margins) -> Iterator[str]:
    runs = len(pairs)
    now, before = (sum(pair[i]["status"] in {"OPTIMAL", "INFEASIBLE"} for pair in pairs) for i in (0, 1))
    if before - now > margins.proven * runs:
        yield f"{now} of {runs} runs proven, {before} in the baseline"
    gap, old = (sum(_gap(pair[i]) for pair in pairs) / runs for i in (0, 1))
    if gap - old > margins.gap:
        yield f"mean gap {100 * gap:.3g} %, {100 * old:.3g} % in the baseline"
    failed = [row["instance"] for row, other in pairs if row["status"] in FAILED and other["status"] not in FAILED]
    if failed:
        yield f"runs that fail and did not in the baseline: {', '.join(failed)}"


def _gap(row: Row) -> float:
    if row["status"] == "INFEASIBLE":
        return 0.0
    return min(1.0, float(row["gap"])) if row["gap"] else 1.0


def _speed(mine: Sequence[tuple[Row, Row]], theirs: Sequence[tuple[Row, Row]], margins: Margins) -> Iterator[str]:
    """Yield what takes longer, beside the reference on the same problems, than it did."""
    problems = {_problem(row) for row, _ in mine} & {_problem(row) for row, _ in theirs}
    mine = [pair for pair in mine if _problem(pair[0]) in problems]
    theirs = [pair for pair in theirs if _problem(pair[0]) in problems]
    for column, words in JUDGED.items() if problems else ():
        now, before = (_ratio(mine, theirs, column, i) for i in (0, 1))
        if now > before * (1 + margins.speed):
            yield f"to {words} {now:.2f} times the time of the reference, {before:.2f} times in the baseline"


def _ratio(mine: Sequence[tuple[Row, Row]], theirs: Sequence[tuple[Row, Row]], column: str, i: int) -> float:
    times = [shifted_mean([seconds(pair[i], column) for pair in pairs]) + SECOND for pairs in (mine, theirs)]
    return times[0] / times[1]


def _problem(row: Row) -> tuple[str, ...]:
    return row["digest"], row["seed"], row["seconds"]
