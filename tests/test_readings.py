"""Two independent readings of the same instance, rules and audit, accept the same timetables at the same price."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings
from strategies import plans

from sequencer.audit import audit, price
from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice

SEEN: Counter[str] = Counter()


def compare(drawn: tuple[Instance, dict[str, Choice]]) -> None:
    """Compare both readings: the rules broken, about whom, and every price."""
    instance, choices = drawn
    problem = compile_instance(instance)
    cells = problem.cells(choices)
    assume_months(drawn)
    breaches = {breach.rule for breach in problem.breaches(cells)}
    findings = {finding.rule for finding in audit(instance, choices)}
    SEEN.update(breaches or {"kept"})
    assert breaches == findings
    assert problem.values(cells) == price(instance, choices)


def assume_months(drawn: tuple[Instance, dict[str, Choice]]) -> None:
    """Make sure the drawn months are ones the rules have an opinion on."""
    instance, choices = drawn
    problem = compile_instance(instance)
    assert all(choices[name].transfer in path.months for name, path in problem.paths.items())


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
