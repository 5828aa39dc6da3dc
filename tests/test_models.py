"""The statement, the rules and the audit speak of the same rules by the same names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sequencer import read, solve
from sequencer.audit import RULES

ID = re.compile(r"\"([PWLSR]\d+)\"")


@pytest.fixture(scope="module")
def statement() -> str:
    return (Path(__file__).parent.parent / "models" / "problem.md").read_text(encoding="utf-8")


def enforced(statement: str) -> set[str]:
    """Return the rules that section 8 says are enforced."""
    section = statement[statement.index("## 8. ") : statement.index("## 9. ")]
    rows = re.findall(r"^\| ([^|]+) \| yes", section, re.MULTILINE)
    return {rule.strip() for ids in rows for rule in ids.split(",")}


def in_code(top: Path, *folders: str) -> set[str]:
    """Return the rule ids that the code of some folders names."""
    files = [path for folder in folders for path in (top / "sequencer" / folder).glob("*.py")]
    return {found for path in files for found in ID.findall(path.read_text(encoding="utf-8"))}


def test_every_rule_that_is_enforced_is_stated(statement: str) -> None:
    stated = set(re.findall(r"^- \*\*([PWLSR]\d+) \S ", statement, re.MULTILINE))
    assert {rule for rule in enforced(statement) if not rule.startswith("T")} <= stated


def test_rules_and_audit_enforce_what_the_statement_says(statement: str, top: Path) -> None:
    """S2 is enforced as inequalities of S1 (proposition 5)."""
    rules = {rule for rule in enforced(statement) if not rule.startswith("T")} - {"S2"}
    assert in_code(top, "problem", "compile") == rules
    assert in_code(top, "audit") == rules
    assert set(RULES) == rules


def test_every_term_that_is_enforced_can_be_solved_for(statement: str, worked: Path) -> None:
    ids = {rule for rule in enforced(statement) if rule.startswith("T")}
    names = dict(re.findall(r"^\| \*\*(T\d)\*\* \| `(\w+)`", statement, re.MULTILINE))
    outcome = solve(read(worked), objective=[names[term] for term in sorted(ids)])
    assert {level.term for level in outcome.levels} == {"exit", "departure", "risk", "early_transfer", "cost"}


def test_the_worked_example_prints_the_values_of_the_program(statement: str, worked: Path) -> None:
    outcome = solve(read(worked))
    assert outcome.values is not None
    printed = dict(re.findall(r"^\| T\d (\w+) \| (\d+) \|", statement, re.MULTILINE))
    assert {name: int(value) for name, value in printed.items()} == outcome.values
