"""The program and an independent reading of the same CSV files give the same answers; see ``folder_oracle``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from folder_oracle import Cell, Draw, Folder, Oracle, Package, RefusedError

from sequencer import Choice, Fault, Instance, InstanceError, Limits, Outcome, check, read, solve
from sequencer.audit import RULES

HERE = Path(__file__).parent
REFUSED, STRICT = "refused by both", "refused by the program alone"
TIMETABLES = 6  # for each folder, besides the one the program returns

#: Kinds of faults that the statement does not speak of: file, column, and how what is needed begins.
STRICTER = (
    ("capacity.csv", "from", "a range in which a bucket"),  # a row without effect
    ("guarantees.csv", "from", "a range in which a bucket"),
    ("pledges.csv", "from", "a range in which a bucket"),
    ("guarantees.csv", "covers", "presence for every place that needs it"),
    ("needs.csv", "resource", "a row for each pool"),
    ("budget.csv", "fiscal_year", "a year, or one of the plan that no other row gives"),
    ("gains.csv", "option", "an option of"),
    ("packages.csv", "option", "one of its options"),
    ("packages.csv", "latest", "a month from earliest"),
    ("packages.csv", "revenue_to", "a line of budget.csv"),
    ("packages.csv", "since", "the month that follows from the fixed transfer"),  # also of packages still to transfer
    ("plan.toml", "mandate_requires", "a resource in resources.csv that the mission owns"),
    ("links.csv", "after", "another package or another event"),
    ("links.csv", "before", "sides that stand for at least two events"),
    ("links.csv", "except", "a pattern that leaves at least one package waiting"),
    ("capacity.csv", "places", "functions and places of at least one package"),
    ("capacity.csv", "functions", "functions and places of at least one package"),
)

#: Kinds of faults that are said of a folder only if it has no plan.
IMPOSSIBLE = (
    ("links.csv", "after", "links that can all be kept"),
    ("packages.csv", "fixed", "a month that is open"),
)

#: Each is broken by some timetable; ``S`` stands for all about supplies and money.
PROMISES = {rule for rule in RULES if not rule.startswith("S")} | {"S"}

EVERYDAY = range(100)
MANY = range(1000, 3500)
PARTS = 5

Timetable: TypeAlias = dict[Package, Cell]


def compare(path: Path, seed: int, broken: Counter[str]) -> str:
    """Compare all answers about one folder, count the promises broken, and return what kind of answer they are."""
    oracle, faults = _oracle(path), _faults(path)
    if isinstance(oracle, RefusedError):
        assert faults, f"only the oracle refuses: {oracle}"
        return REFUSED
    if faults:
        unknown = [str(fault) for fault in faults if not _known(fault, STRICTER + IMPOSSIBLE)]
        assert not unknown, f"only the program refuses: {unknown}"
        possible = [str(fault) for fault in faults if _known(fault, IMPOSSIBLE)] if oracle.admitted() else []
        assert not possible, f"there is a plan in spite of {possible}"
        return STRICT
    instance, admitted = read(path), oracle.admitted()
    outcome = solve(instance, limits=Limits(workers=1))
    compare_answers(oracle, admitted, outcome)
    for timetable in timetables(oracle, admitted, Random(seed)):  # noqa: S311 - tests
        broken.update(compare_judgements(oracle, instance, timetable))
    return outcome.status.value


def compare_answers(oracle: Oracle, admitted: list[Timetable], outcome: Outcome) -> None:
    """Compare status, levels, plan and prices of an answer with every timetable that the oracle admits."""
    assert outcome.status.value == ("OPTIMAL" if admitted else "INFEASIBLE")
    if outcome.choices is None or outcome.values is None:
        return
    best = oracle.best(admitted)
    assert [(level.term, level.tolerance) for level in outcome.levels] == oracle.goals
    assert [level.value for level in outcome.levels] == best
    chosen = {_package(name): (choice.option, choice.transfer) for name, choice in outcome.choices.items()}
    assert chosen in admitted
    assert set(outcome.uses or {}) == {line.name for line in oracle.money.lines}
    assert not oracle.unpaid(chosen, outcome.uses or {})
    values = oracle.values(chosen)
    assert dict(outcome.values) == values
    assert [level.achieved for level in outcome.levels] == [values[term] for term, _ in oracle.goals]
    caps = zip(oracle.goals, best, strict=True)
    assert all(values[term] <= value + tolerance for (term, tolerance), value in caps)
    assert values[oracle.goals[-1][0]] == best[-1]


def compare_judgements(oracle: Oracle, instance: Instance, timetable: Timetable) -> set[str]:
    """Compare which promises a timetable breaks, and return them."""
    choices = {"/".join(package): Choice(option, month) for package, (option, month) in timetable.items()}
    breaches = check(instance, choices)
    said = {"S" if breach.rule.startswith("S") else breach.rule for breach in breaches}
    assert said == oracle.broken(timetable), choices
    return said


def timetables(oracle: Oracle, admitted: list[Timetable], random: Random) -> Iterator[Timetable]:
    """Yield some timetables: any at all, ones that are admitted, and those with one package moved."""
    cells = {package: list(judged) for package, judged in oracle.cells.items()}
    for number in range(TIMETABLES):
        timetable = {package: random.choice(of_package) for package, of_package in cells.items()}
        if admitted and number % 3:
            moved = random.choice(list(cells)) if number % 3 == 1 else None
            timetable = {**random.choice(admitted), **({moved: timetable[moved]} if moved else {})}
        yield timetable


def _oracle(path: Path) -> Oracle | RefusedError:
    try:
        return Oracle(Folder(path))
    except RefusedError as refusal:
        return refusal


def _faults(path: Path) -> tuple[Fault, ...]:
    try:
        read(path)
    except InstanceError as error:
        return error.faults
    return ()


def _package(name: str) -> Package:
    place, function = name.split("/")
    return place, function


def _known(fault: Fault, kinds: Iterable[tuple[str, str, str]]) -> bool:
    return any((fault.file, fault.column) == kind[:2] and fault.needed.startswith(kind[2]) for kind in kinds)


def compare_all(seeds: Iterable[int], folder: Path) -> Counter[str]:
    """Compare all answers about the folders of these seeds; return how many answers there are of each kind."""
    answers: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for seed in seeds:
        path = folder / str(seed)
        Draw(seed).write(path)
        try:
            answers[compare(path, seed, broken)] += 1
        except Exception as error:
            raise AssertionError(f"folder {path} of seed {seed}: {type(error).__name__} {error}") from error
    assert set(broken) == PROMISES, broken
    return answers


def check_shares(answers: Counter[str]) -> None:
    """Check that the folders are worth comparing: many with a plan, some without, few refused."""
    shares = {kind: answers[kind] / answers.total() for kind in ("OPTIMAL", "INFEASIBLE", REFUSED, STRICT)}
    told = f"{answers.total()} folders: " + ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items())
    print(told)  # noqa: T201 - shown with -s or -rP
    assert shares["OPTIMAL"] > 0.3, told
    assert shares["INFEASIBLE"] > 0.1, told
    assert 0.02 < shares[REFUSED] < 0.3, told
    assert shares[STRICT] < 0.1, told


def test_the_oracle_does_not_import_the_program() -> None:
    for path in (HERE / "folder_oracle").glob("*.py"):
        imported = [line for line in path.read_text(encoding="utf-8").splitlines() if "import" in line.split()]
        assert not [line for line in imported if "sequencer" in line], path


def test_program_and_oracle_give_the_same_answers(tmp_path: Path) -> None:
    check_shares(compare_all(EVERYDAY, tmp_path))


def test_a_folder_on_which_cpsat_aborted_is_answered(tmp_path: Path) -> None:
    """With an equation for all options and one for each, an internal check of CP-SAT 9.15 ended the process."""
    Draw(2395).write(tmp_path / "2395")
    assert compare(tmp_path / "2395", 2395, Counter()) == "OPTIMAL"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_program_and_oracle_give_the_same_answers_about_many_folders(part: int, tmp_path: Path) -> None:
    check_shares(compare_all(MANY[part::PARTS], tmp_path))
