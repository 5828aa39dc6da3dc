"""Packages alike are compiled together; each must come out as the audit reads it, which looks at one after another."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_readings import worst

from sequencer import read
from sequencer.audit import audit, price
from sequencer.compile import compile_instance
from sequencer.compile.supplies import buckets
from sequencer.timetable import Choice
from sequencer.vocabulary import Bucket

PACKAGES, MONTHS = 500, 40  # more of each function than are compiled at once


@pytest.mark.parametrize("drawn", range(3))
def test_rules_and_audit_agree_about_hundreds_of_packages(
    drawn: int, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(top / "bench")
    from generate import Writer  # noqa: PLC0415 - found there

    Writer(tmp_path, PACKAGES, MONTHS, drawn).write()
    instance = read(tmp_path)
    problem = compile_instance(instance)
    draw = random.Random(drawn)  # noqa: S311 - to be drawn again the same
    choices = {
        name: Choice(draw.choice(path.options).name, draw.choice(path.months)) for name, path in problem.paths.items()
    }
    uses = {line: (0,) * len(buckets(instance, Bucket.FISCAL_YEAR)) for line in instance.money_lines}
    cells = problem.cells(choices)
    broken = [(b.rule, b.about[0], b.amount) for b in problem.breaches(cells, uses) if b.rule[0] in "PW"]
    found = [(f.rule, f.about, f.amount) for f in audit(instance, choices, uses) if f.rule[0] in "PW"]
    assert {"P1", "W1", "W2", "W3", "W4", "W5", "W9"} <= {rule for rule, _, _ in broken}
    assert worst(broken) == worst(found)
    assert problem.values(cells) == price(instance, choices)
