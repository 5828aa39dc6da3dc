"""Plants mistakes in the program, one at a time, and reports the share that the tests catch.

    python -m tests.mutation [--sample N] [--seed N] [--only FOLDER ...] [--jobs N] [--out FILE]

See tests/mutation/README.md.
"""

from __future__ import annotations

import argparse
import ast
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .judge import Patience, Verdict, judge
from .operators import Words
from .places import Mutant, mutants
from .reach import record
from .session import warm
from .table import Notes, caught, shares, write

TOP = Path(__file__).parents[2]
HERE = "tests/mutation"

PACKAGES = tuple(f"sequencer/{name}" for name in ("problem", "compile", "engine", "audit", "cpsat", "binaries", "milp"))

#: Enumerations whose neighbours are easily confused.
ENUMERATIONS = ("Stage", "Event", "Bucket", "Per")

#: Tests that are not asked here, a file or one of it, and why.
UNUSED = {
    "tests/test_cli_processes.py": "runs the program as a process, in which nothing is planted",
    "tests/test_imports.py": "runs processes, and reads the text of the files",
    "tests/test_readme.py": "runs the commands of the README as processes",
    "tests/test_models.py": "compares the text of pages and files",
    "tests/test_mutation.py": "tests this very machinery",
    "tests/test_minizinc.py": "compares the statement in MiniZinc with enumeration",
    "tests/test_optima.py": "asks MiniZinc again and again: too slow to be tried for each mistake",
    "tests/test_instances.py": "solves large instances: too slow to be tried for each mistake",
    "tests/test_folders.py": "solves hundreds of folders: too slow to be tried for each mistake",
    "tests/test_large.py": "measures time",
    "tests/test_solver.py::test_among_equally_good_plans_the_cheapest_is_chosen": "takes half a minute",
    "tests/test_solver.py::test_a_level_that_runs_out_of_time_keeps_the_plan_of_the_level_before": "waits for a limit",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if every mistake that survived is explained, else 1."""
    given = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was begun is ended
    root = given.root.resolve()
    words, notes = enumerations(root), Notes.read(given.notes)
    packages = [package for package in given.only or PACKAGES if (root / package).is_dir()]
    found = [mutant for package in packages for mutant in planted_in(root, package, words)]
    chosen = sampled(found, given.sample, given.seed)
    print(f"{len(chosen)} of {len(found)} mistakes in {', '.join(packages)}", flush=True)  # noqa: T201
    warm()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        files = [path.relative_to(root).as_posix() for path in sorted((root / "tests").rglob("test_*.py"))]
        used = [file for file in files if file not in UNUSED]
        alone = [test for test in UNUSED if "::" in test]
        reach = record(root, packages, used, unused=alone, jobs=given.jobs, scratch=scratch, kept=given.records)
        slow = sorted(test for test, seconds in reach.seconds.items() if seconds > given.slowest)
        print(f"{len(reach.seconds)} tests; too slow: {', '.join(slow) or 'none'}", flush=True)  # noqa: T201
        trials = caught(given.out, chosen) if given.again else []
        known = {trial.mutant for trial in trials}
        tests = {m: reach.tests(m.file, m.lines, given.slowest) for m in chosen if m not in known}
        patience = Patience(reach.seconds, given.least)
        for trial in judge(root, tests, words=words, patience=patience, jobs=given.jobs, scratch=scratch):
            trials.append(trial)
            print(f"{len(trials)}/{len(chosen)} {trial.verdict} {trial.mutant.id} {trial.by}", flush=True)  # noqa: T201
    if given.out is not None:
        write(given.out, trials, notes)
    print(shares(trials))  # noqa: T201
    survivors = (trial.mutant for trial in trials if trial.verdict is Verdict.SURVIVED)
    unexplained = [mutant for mutant in survivors if notes.of(mutant) is None]
    for mutant in sorted(unexplained, key=lambda mutant: (mutant.file, mutant.number)):
        print(f"not explained: {mutant.id} in {mutant.function}: {mutant.before} -> {mutant.after}")  # noqa: T201
    return 1 if unexplained else 0


def planted_in(root: Path, package: str, words: Words) -> Iterator[Mutant]:
    """Yield every mistake that can be planted in a folder."""
    for path in sorted((root / package).glob("*.py")):
        yield from mutants(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"), words)


def sampled(found: Sequence[Mutant], size: int | None, seed: int) -> list[Mutant]:
    """Return so many mistakes (None: all), the first of an order given by the seed: a larger sample has them, too."""
    return sorted(found, key=lambda mutant: mutant.rank(seed))[:size]


def enumerations(root: Path) -> Words:
    """Return the members of the enumerations that have an order, read without importing the program."""
    tree = ast.parse((root / "sequencer" / "vocabulary.py").read_text(encoding="utf-8"))
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in ENUMERATIONS)
    return {
        node.name: [
            target.id
            for line in node.body
            if isinstance(line, ast.Assign)
            for target in line.targets
            if isinstance(target, ast.Name)
        ]
        for node in classes
    }


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.splitlines()[0])
    made.add_argument("--sample", type=int, help="so many mistakes (default: all)")
    made.add_argument("--seed", type=int, default=1, help="which ones (default: 1)")
    made.add_argument("--only", action="append", metavar="FOLDER", help="mistakes in this folder; may be repeated")
    made.add_argument("--jobs", type=int, default=1, help="how many at once (default: 1)")
    made.add_argument("--slowest", type=float, default=40.0, help="leave out tests that take longer to record, in s")
    made.add_argument(
        "--least", type=float, default=5.0, help="seconds that every test may take, whatever it usually does"
    )
    made.add_argument("--records", type=Path, help="keep what the tests reach in this file, and use what it still says")
    made.add_argument("--out", type=Path, help="write the results to this file")
    made.add_argument("--again", action="store_true", help="try only what that file does not have as caught")
    made.add_argument("--notes", type=Path, default=TOP / HERE / "survivors.csv", help="why mistakes survive")
    made.add_argument("--root", type=Path, default=TOP, help="the project whose tests are tried")
    return made


if __name__ == "__main__":
    sys.exit(main())
