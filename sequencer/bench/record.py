"""Files of results: rows appended as they come, and the best values known of a set."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sequencer.bench.runs import COLUMNS, Row
from sequencer.bench.trace import gap_of
from sequencer.errors import UsageError

BEST = "best.csv"
BEST_COLUMNS = ("instance", "objective", "term", "value", "bound", "proof", "how")
KNOWN = "best_known.csv"  # of the PSPLIB: instance, lb, ub, of the makespan
PROVEN, NUMERIC = "exact", "numeric"
FLOATING = {"milp", "milp-cbc", "highs", "cbc"}  # engines whose proofs rest on floating point

#: By instance and objective: term, value and bound of each level, in order.
Levels = list[tuple[str, int | None, int | None]]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file of results; raises UsageError if it is none."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [row for row in reader if None not in row.values()]  # the last may have been cut off
            columns = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the results {path}: {error}") from None
    if columns != COLUMNS:
        raise UsageError(f"{path} is no file of results: its columns are {', '.join(columns) or 'none'}")
    return rows


class Results:
    """A file that rows are appended to one by one, each written at once.

    Parameters
    ----------
    path : Path or None
        None: nothing is written.

    Attributes
    ----------
    rows : list of Row
        Those that were there, and those added.
    """

    def __init__(self, path: Path | None) -> None:
        self.rows: list[Row] = []
        self._path = path
        if path is None:
            return
        if path.exists():
            self.rows = read_rows(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write()  # without a row that was cut off

    def _write(self) -> None:
        if self._path is not None:
            with self._path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.rows)

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(row)


def levels_of(row: Row) -> Levels:
    """Return term, value and bound of each level of a row."""
    values, bounds = (_numbers(row[column]) for column in ("values", "bounds"))
    return [(term, value, bounds.get(term)) for term, value in values.items()]


def _numbers(words: str) -> dict[str, int | None]:
    pairs = (word.partition("=") for word in words.split(";") if word)
    return {term: int(number) if number else None for term, _, number in pairs}


class Best:
    """The best values and bounds known of a set.

    ``best.csv`` in the folder of the set is read and written; ``best_known.csv`` of the PSPLIB is read only.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / BEST
        self._rows: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        if self._path.is_file():
            with self._path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    self._rows.setdefault((row["instance"], row["objective"]), {})[row["term"]] = row
        self._foreign: dict[str, str] = {}
        if (folder / KNOWN).is_file():
            with (folder / KNOWN).open(encoding="utf-8", newline="") as file:
                self._foreign = {Path(row["instance"]).stem: row["ub"] for row in csv.DictReader(file)}

    def value(self, instance: str, objective: str, term: str) -> int | None:
        """Return the best value known of a level."""
        row = self._rows.get((instance, objective), {}).get(term)
        if row is not None and row["value"]:
            return int(row["value"])
        known = self._foreign.get(instance, "") if term == "exit" else ""
        return int(known) if known.isdecimal() else None

    def gap(self, row: Row, objective: str) -> str:
        """Return how far the first level that is not as good as known lies above it, as a part of the known value."""
        for term, value, _ in levels_of(row):
            known = self.value(row["instance"], objective, term)
            if known is None or value is None:
                return ""
            if value != known:
                gap = gap_of(value, known) if value > known else (value - known) / max(1, abs(known))
                return f"{gap:.6g}"
        return "0" if row["values"] else ""

    def improve(self, row: Row, objective: str) -> bool:
        """Take in what a row knows better; return whether it did.

        A better value of a level replaces all levels after it, which were found under another cap. A bound of a level
        counts only while the levels before it are as good as known.
        """
        if "+" in row["commit"] or row["status"] not in {"OPTIMAL", "FEASIBLE", "UNKNOWN"}:
            return False
        levels = levels_of(row)
        old = self._rows.setdefault((row["instance"], objective), {})
        changed = False
        for i, (term, value, bound) in enumerate(levels):
            known = old.get(term)
            before = int(known["value"]) if known and known["value"] else None
            if value is not None and (before is None or value < before):
                for later, _, _ in levels[i:]:
                    old.pop(later, None)
                known = None
            least = int(known["bound"]) if known and known["bound"] else None
            better = known is None or (bound is not None and (least is None or bound > least))
            if better and (value is not None or bound is not None):
                kept = before if known is not None else value
                old[term] = self._told(row, objective, (term, kept, bound if bound is not None else least))
                changed = True
            if value is None or (before is not None and value > before and known is not None):
                break
        return changed

    def _told(self, row: Row, objective: str, level: tuple[str, int | None, int | None]) -> dict[str, str]:
        term, value, bound = level
        proof = "" if bound is None else NUMERIC if row["engine"] in FLOATING else PROVEN
        how = f"{row['engine']}, {row['seconds']} s, commit {row['commit']}: {row['versions']}"
        words = (row["instance"], objective, term, value, bound, proof, how)
        return {key: "" if word is None else str(word) for key, word in zip(BEST_COLUMNS, words, strict=True)}

    def write(self) -> None:
        """Write ``best.csv``, in order of the instances."""
        rows: list[Mapping[str, str]] = [level for key in sorted(self._rows) for level in self._rows[key].values()]
        with self._path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, BEST_COLUMNS, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)


def done(rows: Iterable[Row], key: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the keys of rows, by some columns."""
    return {tuple(row[column] for column in key) for row in rows}
