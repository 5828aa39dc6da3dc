"""Wide readiness files: ``readiness_FUNCTION.csv`` has a row for each place and a column for each criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sequencer.errors import Fault
from sequencer.tables.faults import shown
from sequencer.tables.patterns import Pattern
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row, read_rows
from sequencer.tables.schema import PLACE, WIDE, wide_readiness
from sequencer.tables.sources import Source
from sequencer.tables.text import heading

START, END = "readiness_", ".csv"
READINESS = "readiness.csv"


def add_wide(files: Mapping[str, Source], reading: Reading) -> None:
    """Add the scores of wide files to the rows of ``readiness.csv``, where they compete with the others.

    Parameters
    ----------
    files : mapping of Source
        Where each file is written, by name in lower case.
    reading : Reading
        Its faults take what is wrong; then ``readiness.csv`` counts as faulty, too, since scores may be missing.
    """
    for file, source in files.items():
        if file.startswith(START) and file.endswith(END):
            known = len(reading.faults.found)
            reading.tables["readiness"].rows.extend(_scores(file, source, reading))
            if len(reading.faults.found) > known:
                reading.faults.files.add(READINESS)


def _scores(file: str, source: Source, reading: Reading) -> Iterator[Row]:
    """Yield one row for each cell that holds a score, as if it stood in ``readiness.csv``."""
    function = _function(file, reading)
    if function is None:
        return
    criteria = _criteria(reading, function)
    unsure = reading.faults.touch("criteria.csv", "packages.csv")  # then a criterion may be missing only there
    table = wide_readiness(file, function, criteria, unsure=unsure)
    for row in read_rows(source, table, reading.scalars.setting, reading.faults):
        packages = _packages(row, function, reading)
        bad = row.bad - set(criteria)
        for criterion in criteria:
            if criterion in row.bad or row[criterion] is not None:
                values = row.values | {"packages": packages, "criterion": criterion, "score": row[criterion]}
                values |= {"low": None, "high": None}
                bad_here = bad | ({"score"} if criterion in row.bad else set())
                yield Row(row.file, row.number, values, bad_here, sheet=row.sheet)


def _function(file: str, reading: Reading) -> str | None:
    """Return the function that the name of a file means, whatever its case and blanks."""
    word = file.removeprefix(START).removesuffix(END)
    known = reading.names.sector
    meant = [name for name in known if heading(name) == heading(word)]
    if not meant and reading.tables["functions"].whole:
        hint = reading.faults.nearest(word, {heading(name) for name in known})
        needed = "the name of a function from functions.csv in that of the file"
        reading.faults.add(Fault(file, 0, "", f"scores of the function {shown(word)}", needed, hint))
    return next((name for name in meant if name.lower() == word), meant[0] if meant else None)


def _criteria(reading: Reading, function: str) -> list[str]:
    """Return the criteria that are tested for a function anywhere, in the order of the rows."""
    names = reading.names
    of_function = {package for package, (_, what) in names.packages.items() if what == function}
    rows = reading.usable("criteria", "packages", "criterion")
    tested = (row["criterion"] for row in rows if not of_function.isdisjoint(names.ranked(row["packages"])))
    return [name for name in dict.fromkeys(tested) if heading(name) not in (PLACE, *WIDE)]


def _packages(row: Row, function: str, reading: Reading) -> tuple[Pattern, ...]:
    """Return the packages that a row means; places that are unknown, or without the function, are faults."""
    names, faults = reading.names, reading.faults
    patterns = tuple(Pattern(segment, function) for segment in row["place"] or ())
    for pattern in patterns:
        if pattern.place not in names.place_sets:
            if reading.tables["places"].whole:
                hint = faults.nearest(pattern.place, names.place_sets.keys() - {"*"})
                row.fault(faults, "place", shown(pattern.place), "a name from places.csv", hint)
        elif not names.matching(pattern) and not faults.touch("packages.csv", "places.csv", "functions.csv"):
            row.fault(faults, "place", shown(pattern.place), f"places with a package {pattern}")
    if "place" in row.bad:
        row.bad.add("packages")
    return patterns
