"""Two independent readings of the same instance, rules and audit, accept the same timetables at the same price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import pytest
from audit_cases import capacity, case, choices, need, phase, resource
from strategies import draw_plan

from sequencer.audit import RULES, Finding, audit, price
from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.problem import Breach
from sequencer.timetable import Choice, Uses
from sequencer.vocabulary import Stage

K = TypeVar("K", bound=Hashable)
EVERYDAY, MANY = range(1000), range(2000, 14000)
PARTS = 4


def compare(drawn: tuple[Instance, dict[str, Choice], Uses]) -> set[str]:
    """Compare both readings: the rules broken, by whom and how far, and every price; return the rules broken."""
    instance, timetable, uses = drawn
    problem = compile_instance(instance)
    cells = problem.cells(timetable)
    assert all(timetable[name].transfer in path.months for name, path in problem.paths.items())
    breaches, findings = list(problem.breaches(cells, uses)), audit(instance, timetable, uses)
    assert {breach.rule for breach in breaches} == {finding.rule for finding in findings}
    assert worst((b.rule, b.about[0], b.amount) for b in breaches if b.rule[0] in "PW") == worst(
        (f.rule, f.about, f.amount) for f in findings if f.rule[0] in "PW"
    )
    compare_lacks(breaches, findings)
    assert each((b.rule, b.amount) for b in breaches) == each((f.rule, f.amount) for f in findings)
    assert problem.values(cells) == price(instance, timetable)
    return {breach.rule for breach in breaches}


def compare_lacks(breaches: Sequence[Breach], findings: Sequence[Finding]) -> None:
    """Compare what is lacking in each month.

    One reading names it for every set of packages that lacks something, all together among them; the other divides it
    among packages that have no source in common.
    """
    sets: dict[tuple[str, int | None], int] = worst((b.rule, b.month, b.amount) for b in breaches if b.rule == "S1")
    parts = [(f.rule, f.month, f.amount) for f in findings if f.rule == "S1"]
    assert sets.keys() == worst(parts).keys()
    for key, amount in worst(parts).items():
        assert amount <= sets[key] <= sum(part for *where, part in parts if tuple(where) == key)


def worst(broken: Iterable[tuple[str, K, int]]) -> dict[tuple[str, K], int]:
    """Return the largest amount by which a rule is broken by each package, or in each month."""
    found: dict[tuple[str, K], int] = {}
    for rule, key, amount in broken:
        found[rule, key] = max(amount, found.get((rule, key), 0))
    return found


def each(broken: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return by how much every other rule is broken, each time it is."""
    return sorted((rule, amount) for rule, amount in broken if rule[0] not in "PW" and rule != "S1")


def compare_all(seeds: Iterable[int]) -> None:
    """Compare both readings of the draws of these seeds; every rule must be broken in some, and none in others."""
    broken: Counter[str] = Counter()
    for seed in seeds:
        try:
            broken.update(compare(draw_plan(seed)) or {"kept"})
        except Exception as error:
            raise AssertionError(f"draw_plan({seed}): {type(error).__name__} {error}") from error
    assert set(broken) == {*RULES, "kept"}
    assert min(broken.values()) > broken.total() / 200, broken
    assert broken["kept"] > len(list(seeds)) / 8, broken


def test_rules_and_audit_accept_the_same_timetables() -> None:
    compare_all(EVERYDAY)


def test_a_need_of_nothing_asks_for_no_threat() -> None:
    nothing = need(Stage.MENTORED, 0, levels=frozenset({3}))
    phases = (phase("all", 0, 23),)
    instance = case(phases=phases, resources=(resource(),), capacity=(capacity(0),), needs=(nothing,))
    assert compare((instance, dict(choices(5)), {})) == set()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_rules_and_audit_accept_the_same_timetables_in_many_draws(part: int) -> None:
    compare_all(MANY[part::PARTS])
