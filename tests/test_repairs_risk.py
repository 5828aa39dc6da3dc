"""Protections: which they are, and that repairs touch them only where they are negotiable, and then apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from repairing import (
    EVERYDAY,
    INFEASIBLE,
    LIMITS,
    SMALL,
    TOP,
    as_changes,
    is_right,
    of_folder,
    timetables,
    without_plan,
)
from strategies import draw_instance

from sequencer import Instance, Limits, read
from sequencer.answers.explained.repairs import repairs_lines
from sequencer.instance.digest import digest
from sequencer.instance.levers import addresses
from sequencer.phrases import Phrasebook
from sequencer.questions.repairs import repairs
from sequencer.questions.trying.ways import ways
from sequencer.questions.turning import PROTECTED, Turning, protects


def test_what_protects_is_the_same_for_repairs_and_for_what_binds() -> None:
    met = set[tuple[str, str]]()
    for seed in range(20):
        instance = draw_instance(seed)
        opened = negotiable(instance, "*")
        assert not any(protects(way.lever) or way.risky for way in ways(instance, {}))
        assert not any(map(protects, Turning(opened).levers.values()))
        turned = Turning(opened, risky=True).levers
        for way in ways(opened, {}):
            assert way.risky == protects(way.lever)
            assert way.lever.address in turned
        met |= {(lever.attribute, lever.field) for lever in turned.values() if protects(lever)}
    assert met == PROTECTED


def test_a_part_that_rests_on_no_number_that_may_be_turned_is_left_alone() -> None:
    instance = draw_instance(3)
    some = next(address for address, lever in addresses(instance).items() if protects(lever))
    assert some not in Turning(instance, risky=True).levers
    assert some in Turning(negotiable(instance, some), risky=True).levers


def negotiable(instance: Instance, *patterns: str) -> Instance:
    return replace(instance, plan=replace(instance.plan, negotiable=patterns))


def test_protections_are_touched_only_where_negotiable_and_then_apart() -> None:
    folder = TOP / "instances" / "infeasible" / "readiness-too-slow"
    instance = negotiable(read(folder), "criteria.*")
    found = repairs(instance, limits=LIMITS)
    pure = [repair for repair in found.found if not repair.accepts_risk]
    risky = [repair for repair in found.found if repair.accepts_risk]
    assert [as_changes(r) for r in pure] == [as_changes(r) for r in of_folder(folder).found]
    assert found.found == (*pure, *risky)
    assert as_changes(risky[0]) == {"criteria.arden/policing.capability.transfer": "-4"}
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines.index("Accept more risk: a plan exists with any one of these:") > lines.index(
        "A plan exists with any one of these:"
    )


def test_what_only_more_risk_cures_is_said_to_be_cured_by_nothing_else() -> None:
    base = read(TOP / "instances" / "infeasible" / "reserve-too-small")
    instance = negotiable(replace(base, guarantees=(replace(base.guarantees[0], people=0),)), "reserves.country")
    found = repairs(instance, {"people": 0.01}, limits=LIMITS)
    assert {"reserves.country": "-1"} in [as_changes(r) for r in found.found if r.accepts_risk]
    assert any(not r.accepts_risk for r in found.found)


@pytest.mark.parametrize("seed", EVERYDAY)
def test_repairs_that_accept_risk_work_and_need_it(seed: int) -> None:
    instance = without_plan(seed)
    if instance is None or timetables(instance) > SMALL // 4:
        return
    opened = negotiable(instance, "*")
    found = repairs(opened, most=1, limits=Limits(seconds=1, workers=1))
    for repair in found.found:
        is_right(opened, repair)
    if found.uncured:
        assert all(repair.accepts_risk for repair in found.found)


def test_what_is_negotiable_is_read_and_part_of_the_digest(tmp_path: Path) -> None:
    for file in INFEASIBLE[0].glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    plan = tmp_path / "plan.toml"
    plain = read(tmp_path)
    plan.write_text(plan.read_text() + 'negotiable = ["links.*", "plan.hold"]\n')
    assert read(tmp_path).plan.negotiable == ("links.*", "plan.hold")
    assert digest(read(tmp_path)) != digest(plain)
