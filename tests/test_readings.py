"""Two independent readings of the same instance, rules and audit, accept the same timetables at the same price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, seed, settings
from strategies import plans

from sequencer.audit import audit, price
from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice

SEEN: Counter[str] = Counter()


def compare(drawn: tuple[Instance, dict[str, Choice]]) -> None:
    """Compare both readings: the rules broken, by whom and how far, and every price."""
    instance, choices = drawn
    problem = compile_instance(instance)
    cells = problem.cells(choices)
    assert all(choices[name].transfer in path.months for name, path in problem.paths.items())
    breaches, findings = list(problem.breaches(cells)), audit(instance, choices)
    SEEN.update({breach.rule for breach in breaches} or {"kept"})
    assert {breach.rule for breach in breaches} == {finding.rule for finding in findings}
    assert worst((b.rule, b.about[0], b.amount) for b in breaches) == worst(
        (f.rule, f.about, f.amount) for f in findings
    )
    assert problem.values(cells) == price(instance, choices)


def worst(broken: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    """Return the largest amount by which each package breaks each rule about it alone."""
    found: dict[tuple[str, str], int] = {}
    for rule, package, amount in broken:
        if rule[0] in "PW":
            found[rule, package] = max(amount, found.get((rule, package), 0))
    return found


@seed(1)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_rules_and_audit_accept_the_same_timetables(drawn: tuple[Instance, dict[str, Choice]]) -> None:
    compare(drawn)


@pytest.mark.slow
@seed(2)
@settings(max_examples=8000, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_rules_and_audit_accept_the_same_timetables_in_many_draws(drawn: tuple[Instance, dict[str, Choice]]) -> None:
    compare(drawn)
