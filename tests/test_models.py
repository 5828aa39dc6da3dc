"""The statement and all that follows it speak of the same rules, and solve its worked example alike."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from oracles import best, every_plan

from sequencer import Choice, read, solve
from sequencer.audit import RULES
from sequencer.compile import compile_instance
from sequencer.vocabulary import TERMS

ID = re.compile(r"\"([PWLSR]\d+)\"")
TOLD = ("cpsat.md", "milp.md", "handover.mzn", "README.md")
COLUMNS = ("compile", "problem", "cpsat", "binaries", "audit")  # of the table of rules in models/README.md, in order


@pytest.fixture(scope="module")
def statement() -> str:
    return (Path(__file__).parent.parent / "models" / "problem.md").read_text(encoding="utf-8")


def stated(statement: str) -> set[str]:
    """Return the ids of the rules stated; S6 and S7 only say what there is for S1 and S3 to keep to."""
    return set(re.findall(r"^- \*\*([PWLSR]\d+) \S ", statement, re.MULTILINE)) - {"S6", "S7"}


def in_code(top: Path, *folders: str) -> set[str]:
    """Return the rule ids that the code of some folders names."""
    files = [path for folder in folders for path in (top / "sequencer" / folder).glob("*.py")]
    return {found for path in files for found in ID.findall(path.read_text(encoding="utf-8"))}


def test_rules_and_audit_enforce_what_the_statement_says(statement: str, top: Path) -> None:
    rules = stated(statement)
    assert len(rules) == 1 + 10 + 4 + 5 + 1  # P, W, L, S, R
    assert in_code(top, "problem", "compile") == rules
    assert in_code(top, "audit") == rules
    assert set(RULES) == rules


def test_every_term_that_is_stated_can_be_asked_for(statement: str, worked: Path, top: Path) -> None:
    names = set(re.findall(r"^\| \*\*T\d\*\* \| `(\w+)`", statement, re.MULTILINE))
    assert names == set(TERMS)
    terms = sorted(names - {"change"})
    assert [level.term for level in solve(read(worked), objective=terms, haste=False).levels] == terms
    published = read(top / "instances" / "tiny" / "change")
    assert solve(published, objective=["change"], haste=False).levels[0].proven


def test_the_worked_example_prints_the_values_of_the_program(statement: str, worked: Path) -> None:
    outcome = solve(read(worked))
    assert outcome.values is not None
    printed = dict(re.findall(r"^\| T\d (\w+) \| (\d+) \|", statement, re.MULTILINE))
    assert {name: int(value) for name, value in printed.items()} == outcome.values


@pytest.mark.parametrize("name", TOLD)
def test_every_rule_and_term_that_is_stated_is_told_everywhere(name: str, statement: str, top: Path) -> None:
    ids = set(re.findall(r"^(?:- \*\*|\| \*\*)([PWLSRT]\d+)\b", statement, re.MULTILINE))
    assert len(ids) == 1 + 10 + 4 + 7 + 1 + 6  # P, W, L, S, R, T
    said = set(re.findall(r"\b[PWLSRT]\d+\b", ranges_spelt_out((top / "models" / name).read_text(encoding="utf-8"))))
    assert said == ids, "missing and unknown"


def ranges_spelt_out(text: str) -> str:
    """Return a text in which W1-W3 names W2, too."""
    ranges = re.compile(r"\b([PWLSRT])(\d+)(?:-|\u2013| to )\1(\d+)\b")
    return ranges.sub(lambda r: " ".join(f"{r[1]}{number}" for number in range(int(r[2]), int(r[3]) + 1)), text)


def test_the_table_of_rules_names_what_is_there(statement: str, top: Path) -> None:
    text = (top / "models" / "README.md").read_text(encoding="utf-8")
    rows = {row[0]: row for row in (line.strip("| ").split(" | ") for line in text.splitlines()) if row[0] in {*NAMED}}
    assert set(rows) == stated(statement) | {"S6", "S7"}
    for rule, (_, _, section, *columns, tests) in rows.items():
        assert section.lstrip("[").startswith({"P": "5.1", "W": "5.1", "L": "5.2", "S": "5.3", "R": "5.4"}[rule[0]])
        for folder, column in zip(COLUMNS, columns, strict=True):
            for name in re.findall(r"`([^`]+)`", column):
                assert (top / "sequencer" / folder / name).is_file(), f"{rule}: {folder}/{name}"
        for name in re.findall(r"`([^`]+)`", tests):
            path = top / name if name.startswith("tests/") else top / "tests" / "micro" / name
            assert rule in ranges_spelt_out(path.read_text(encoding="utf-8")), f"{rule}: {path} does not speak of it"


NAMED = [
    f"{kind}{number}"
    for kind, count in (("P", 1), ("W", 10), ("L", 4), ("S", 7), ("R", 1))
    for number in range(1, count + 1)
]


@pytest.mark.parametrize("engine", ["cpsat", "milp"])
def test_every_engine_reproduces_the_worked_example(engine: str, statement: str, worked: Path) -> None:
    """The timetable and the values of section 9; ``test_minizinc.py`` does the same for the twin."""
    outcome = solve(read(worked), engine=engine, haste=False)
    dates = re.findall(
        r"^\| (\w+/\w+) \| (\w+) \|.* (\d+) · [\d-]+ \| \d+ · [\d-]+ \| \d+ · [\d-]+ \|$", statement, re.MULTILINE
    )
    assert outcome.choices == {name: Choice(option, int(month)) for name, option, month in dates}
    assert [(level.term, level.value, level.bound) for level in outcome.levels] == [
        (term, int(value), int(value))
        for term, value in re.findall(r"^\| T\d (\w+) \| (\d+) \|.*level", statement, re.MULTILINE)
    ]


def test_enumeration_reproduces_the_worked_example(statement: str, worked: Path) -> None:
    problem = compile_instance(read(worked))
    plans = list(every_plan(problem))
    combinations, admitted = re.findall(r"= (\d+)\$ combinations; (\d+) obey", statement)[0]
    assert math.prod(int(problem.open_cells(name).sum()) for name in problem.paths) == int(combinations)
    assert len(plans) == int(admitted)
    assert best(problem, plans, [("exit", 0), ("risk", 0), ("early_transfer", 0)]) == [12, 118_000_000, 31]
