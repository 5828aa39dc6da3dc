"""The results as a table, the share caught, and why mistakes survive."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .judge import Trial, Verdict
from .places import Mutant

COLUMNS = ("mutant", "function", "before", "after", "verdict", "by", "seconds")

#: What tells a mistake from others though lines have moved: file, function, operator, before and after.
Key: TypeAlias = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Notes:
    """Why mistakes survive that do."""

    said: Mapping[Key, str]

    @classmethod
    def read(cls, path: Path) -> Notes:
        """Read notes; there need not be any."""
        if not path.exists():
            return cls({})
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        keys = ((row["file"], row["function"], row["operator"], row["before"], row["after"]) for row in rows)
        return cls({key: f"{row['kind']}: {row['why']}" for key, row in zip(keys, rows, strict=True)})

    def of(self, mutant: Mutant) -> str | None:
        """Return why a mistake survives, if it is said."""
        return self.said.get((mutant.file, mutant.function, mutant.operator, mutant.before, mutant.after))


def write(path: Path, trials: Iterable[Trial], notes: Notes) -> None:
    """Write one row for each mistake, in the order of the files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for trial in sorted(trials, key=lambda trial: (trial.mutant.file, trial.mutant.number)):
            mutant = trial.mutant
            by = notes.of(mutant) or trial.by if trial.verdict is Verdict.SURVIVED else trial.by
            changed = (mutant.id, mutant.function, mutant.before, mutant.after)
            rows.writerow([*changed, trial.verdict, by, f"{trial.seconds:.1f}"])


def caught(path: Path, chosen: Iterable[Mutant]) -> list[Trial]:
    """Return what a table says of those of some mistakes that it has as caught."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {(row["mutant"], row["before"], row["after"]): row for row in csv.DictReader(file)}
    known = ((mutant, rows.get((mutant.id, mutant.before, mutant.after))) for mutant in chosen)
    trials = (
        Trial(m, Verdict(row["verdict"]), row["by"], float(row["seconds"])) for m, row in known if row is not None
    )
    return [trial for trial in trials if trial.verdict is not Verdict.SURVIVED]


def shares(trials: Sequence[Trial]) -> str:
    """Return the share caught in each package and in all, as lines."""
    counted: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for trial in trials:
        counted[trial.mutant.package][trial.verdict] += 1
        counted["all"][trial.verdict] += 1
    lines = [f"{'package':20} {'planted':>8} {'caught':>8} {'time-out':>8} {'survived':>8} {'share':>8}"]
    for package, found in sorted(counted.items(), key=lambda entry: (entry[0] == "all", entry[0])):
        numbers = (found.total(), found[Verdict.CAUGHT], found[Verdict.TIME_OUT], found[Verdict.SURVIVED])
        share = 1 - found[Verdict.SURVIVED] / found.total()
        lines.append(f"{package:20} " + " ".join(f"{number:>8}" for number in numbers) + f" {share:>8.1%}")
    return "\n".join(lines)
