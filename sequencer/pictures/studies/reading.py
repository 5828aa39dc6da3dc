"""Reads a CSV file of a study that this program wrote; anything else is refused. What it holds is only ever text."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sequencer import words
from sequencer.answers.export import FORMULA
from sequencer.errors import UsageError
from sequencer.instance.instance import Instance
from sequencer.pictures.studies.kinds import Bar, Curve, Dates, Front, Heat, Known, Point, State, Study, Sure, Tornado
from sequencer.vocabulary import TERMS

LARGEST = 16 * 2**20  # bytes of a file: far more than the largest study that anybody would look at
WIDEST = 40  # values of a number side by side
LONGEST = 2000  # characters of a cell: addresses are shorter

EXPECTED = (
    "one of sequencer sweep --out (one or two numbers varied), sequencer stress --out or --exits, or the frame of a "
    "tornado or a front as CSV"
)
STATES = {
    "OPTIMAL": State.PROVEN,
    "FEASIBLE": State.FOUND,
    "INFEASIBLE": State.NONE,
    "UNKNOWN": State.UNKNOWN,
    "LOST": State.NOT_RUN,
    "NOT RUN": State.NOT_RUN,
}
WHOLE = re.compile(r"-?[0-9]{1,15}(\.0)?")
BOOLS = {"True": True, "False": False}
SWEPT = ("exit_date", "moved", "last", "binds", "seconds")
ENDS = ("low", "low_status", "low_value", "low_bound", "high", "high_status", "high_value", "high_bound")
TORNADO = ("factor", *ENDS, "base", "swing", "term", "base_status", "base_bound")
POINTS = ("proven", "dominated", "exit_date", "caps", "runs", "without", "waiting")
CHANCES = ("package", "transfer", "holds", "holds_low", "holds_high", "scenarios", "tried")
BROKEN = ("breaches", "dates", "first_month", "rules", "because")
SCENARIOS = ("scenario", "holds", *BROKEN, "exit", "exit_date", "delay", "stuck")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: where it stands, its columns, and its rows by column."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: str | Path, instance: Instance) -> Study:
    """Return the study in a CSV file that this program wrote, recognised by its columns.

    Parameters
    ----------
    path : str or Path
    instance : Instance
        Whose plan is told of; dates in the file must be months of it as the file counts them.

    Raises
    ------
    UsageError
        If there is no such file, it is none of those that are known, or a cell cannot be.
    """
    table = _table(Path(path))
    make = next((make for fits, make in KINDS if fits(table.columns)), None)
    if make is None:
        raise UsageError(f"{path} is no study that can be shown; needed is {EXPECTED}")
    if not table.rows:
        raise UsageError(f"{path} holds no run: there is nothing to show")
    try:
        study = make(table)
        _of(table, instance)
    except ValueError as error:
        raise UsageError(f"{path} is not as the program wrote it: {error}") from None
    return study


def _table(path: Path) -> Table:
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is too large to be a study: more than {LARGEST // 2**20} MiB")
        text = path.read_bytes().decode("utf-8-sig")
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} is no CSV file in UTF-8; needed is {EXPECTED}") from None
    header, rows = (lines[0], lines[1:]) if lines else ([], [])
    if len(set(header)) < len(header):
        raise UsageError(f"{path} names a column twice; needed is {EXPECTED}")
    uneven = next((number for number, row in enumerate(rows, 2) if len(row) != len(header)), None)
    if uneven is not None:
        raise UsageError(f"{path}, row {uneven}: found {len(rows[uneven - 2])} cells; needed: {len(header)}")
    if any(len(cell) > LONGEST for row in lines for cell in row):
        raise UsageError(f"{path} holds a cell of more than {LONGEST} characters; needed is {EXPECTED}")
    columns = header[1:] if header[:1] == [""] else header  # the index that pandas writes unasked
    skipped = len(header) - len(columns)
    named = [dict(zip(columns, map(_text, row[skipped:]), strict=True)) for row in rows]
    return Table(path, tuple(columns), tuple(named))


def _text(cell: str) -> str:
    """Return a cell as it was before an apostrophe kept spreadsheets from taking it for a formula."""
    return words.plain(cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell).replace("\n", " ")


def _of(table: Table, instance: Instance) -> None:
    """Refuse a file whose dates are not those of this instance's months."""
    if not {"exit", "exit_date"} <= set(table.columns):
        return
    for number, row in enumerate(table.rows, 2):
        month = _whole(row["exit"])
        if month is not None and row["exit_date"] != instance.calendar.label(month):
            found = f"exit {month} as {row['exit_date']!r}"
            raise ValueError(f"row {number}: found {found}; in this plan that is {instance.calendar.label(month)}")


def _whole(cell: str) -> int | None:
    """Return a whole number; None for an empty cell."""
    if not cell:
        return None
    if not WHOLE.fullmatch(cell):
        raise ValueError(f"found {cell[:40]!r}; needed: a whole number")
    return int(cell.partition(".")[0])


def _needed(row: Row, column: str) -> int:
    found = _whole(row[column])
    if found is None:
        raise ValueError(f"column {column}: found nothing; needed: a whole number")
    return found


def _share(row: Row, column: str) -> float:
    try:
        found = float(row[column])
    except ValueError:
        found = math.nan
    if not 0 <= found <= 1:
        raise ValueError(f"column {column}: found {row[column][:40]!r}; needed: a share from 0 to 1")
    return found


def _state(cell: str) -> State:
    if cell not in STATES:
        raise ValueError(f"found {cell[:40]!r}; needed: one of {', '.join(STATES)}")
    return STATES[cell]


def _known(status: str, value: str, bound: str) -> Known:
    """Return what is known of a term; a plan is one only with a value."""
    known = Known(_state(status), _whole(value), _whole(bound))
    if known.state in {State.PROVEN, State.FOUND} and known.value is None:
        raise ValueError(f"found {status} without a value")
    return known if known.value is None or known.state in {State.PROVEN, State.FOUND} else Known(known.state)


def _is_tornado(columns: Sequence[str]) -> bool:
    return tuple(columns) == TORNADO


def _tornado(table: Table) -> Tornado:
    bars = []
    for row in table.rows:
        low, high = (_known(row[f"{s}_status"], row[f"{s}_value"], row[f"{s}_bound"]) for s in ("low", "high"))
        bars.append(Bar(row["factor"], (row["low"], row["high"]), (low, high)))
    first = table.rows[0]
    if first["term"] not in TERMS or any(row["term"] != first["term"] for row in table.rows):
        raise ValueError(f"found {first['term'][:40]!r}; needed: one term for all rows, of {', '.join(TERMS)}")
    base = _known(first["base_status"], first["base"], first["base_bound"])
    return Tornado(table.path.name, first["term"], base, tuple(bars))


def _swept(columns: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the addresses and terms that the columns of a sweep name; None if they are of something else."""
    if columns[:1] != ("run",) or "status" not in columns or tuple(columns[-len(SWEPT) :]) != SWEPT:
        return None
    at = columns.index("status")
    told = columns[at + 1 : -len(SWEPT)]
    terms = tuple(told[::3])
    if not terms or told != tuple(f"{term}{end}" for term in terms for end in ("", "_bound", "_gap")):
        return None
    return (tuple(columns[1:at]), terms) if set(terms) <= set(TERMS) else None


def _heat(table: Table) -> Heat:
    found = _swept(table.columns)
    addresses, terms = found or ((), ())
    if len(addresses) not in {1, 2}:
        raise ValueError(f"found {len(addresses)} numbers varied; needed: one or two, to be shown side by side")
    across, up = (*addresses, "")[:2]
    first, *runs = table.rows
    if first["run"] != "0" or any(first[address] for address in addresses):
        raise ValueError("row 2: needed: run 0, the instance as it is")
    columns, rows = (tuple(dict.fromkeys(run.get(name, "") for run in runs)) for name in (across, up))
    if len(columns) > WIDEST or len(rows) > WIDEST:
        raise ValueError(f"found {len(columns)} by {len(rows)} values; needed: at most {WIDEST} of each to be shown")
    at = {(run.get(up, ""), run[across]): run for run in runs}
    if len(at) < len(runs):
        raise ValueError("two runs have the same values")

    known = {values: _of_terms(run, terms) for values, run in at.items()}
    none = dict.fromkeys(terms, Known(State.NOT_RUN))
    cells = {term: tuple(tuple(known.get((y, x), none)[term] for x in columns) for y in rows) for term in terms}
    base = _of_terms(first, terms)
    return Heat(table.path.name, words.plain(across), words.plain(up), columns, rows, base, cells)


def _of_terms(run: Row, terms: Sequence[str]) -> dict[str, Known]:
    """Return what is known of each term: of a later one only as far as those before it are proven best."""
    found, is_open = dict[str, Known](), False
    for term in terms:
        known = _known(run["status"], run[term], run[f"{term}_bound"])
        if known.state is State.FOUND and is_open:
            known = Known(State.LATER, known.value)
        elif known.state is State.FOUND and known.value == known.bound:
            known = Known(State.PROVEN, known.value, known.bound)
        found[term], is_open = known, is_open or known.state is not State.PROVEN
    return found


def _is_front(columns: Sequence[str]) -> bool:
    terms = columns[: -len(POINTS)]
    return tuple(columns[-len(POINTS) :]) == POINTS and len(terms) in {2, 3} and set(terms) <= set(TERMS)


def _front(table: Table) -> Front:
    terms = table.columns[: -len(POINTS)]
    points = []
    for row in table.rows:
        if row["proven"] not in BOOLS or row["dominated"] not in BOOLS:
            raise ValueError("columns proven and dominated: needed: True or False")
        values = tuple(_needed(row, term) for term in terms)
        points.append(Point(values, BOOLS[row["proven"]], BOOLS[row["dominated"]], row["caps"]))
    runs, without, waiting = (_needed(table.rows[0], name) for name in ("runs", "without", "waiting"))
    return Front(table.path.name, terms, tuple(points), runs, without, waiting)


def _dates(table: Table) -> Dates:
    found = [
        Sure(
            package=row["package"],
            transfer=row["transfer"],
            holds=_share(row, "holds"),
            low=_share(row, "holds_low"),
            high=_share(row, "holds_high"),
            failed=_needed(row, "scenarios"),
        )
        for row in table.rows
    ]
    least = sorted(found, key=lambda sure: (sure.holds, sure.transfer))
    return Dates(table.path.name, _needed(table.rows[0], "tried"), tuple(least))


def _curve(table: Table) -> Curve:
    exits, planned = [], set[int]()
    for row in table.rows:
        exits.append(_whole(row["exit"]))
        if row["exit"]:
            planned.add(_needed(row, "exit") - _needed(row, "delay"))
    if len(planned) > 1:
        raise ValueError("exit and delay tell of several plans")
    return Curve(table.path.name, next(iter(planned), None), tuple(exits))


#: How each kind of study is recognised by its columns, and made.
KINDS: tuple[tuple[Callable[[tuple[str, ...]], bool], Callable[[Table], Study]], ...] = (
    (_is_tornado, _tornado),
    (lambda columns: _swept(columns) is not None, _heat),
    (lambda columns: columns == SCENARIOS, _curve),
    (lambda columns: columns == CHANCES, _dates),
    (_is_front, _front),
)
