"""The statement, the rules and the audit speak of the same rules by the same names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sequencer import read, solve
from sequencer.audit import RULES
from sequencer.tables.plan import TERMS

ID = re.compile(r"\"([PWLSR]\d+)\"")


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
