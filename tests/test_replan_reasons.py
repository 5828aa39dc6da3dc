"""What is told of packages that moved in a new plan: a promise is a reason only where its own month breaks it."""

from __future__ import annotations

import pytest
from micro import read_tables

from sequencer import Limits, Replan, check, replan
from sequencer.answers import replanned
from sequencer.replanning.moves import Kind
from sequencer.timetable import Choice

LIMITS = Limits(workers=1, seconds=60)
TABLES = {
    "plan": "months = 24",
    "places": "place | a | b | c",
    "functions": "function,joint_months,mentored_months,advisory_months | f,1,1,1",
    "resources": "resource,bucket,unit,owner | team,month,team,mission",
    "needs": "packages,stages,resource,amount | */*,mentored,team,1",
}
PUBLISHED = {f"{place}/f": Choice("none", 9) for place in "abc"}


def three(capacity: int, objective: str, earliest: str = "2030-11") -> Replan:
    """Plan three packages of 2030-10 again, one of which may not come before a month later."""
    also = {
        "packages": f"place,function,earliest | a,f, | b,f,{earliest} | c,f,",
        "capacity": f"resource,source,from,to,amount | team,pool,,,{capacity}",
    }
    instance = read_tables(TABLES | also)
    return replan(instance, PUBLISHED, "2030-06", objective=[objective], limits=LIMITS, engine="cpsat")


def kinds(found: Replan) -> dict[str, set[tuple[Kind, str]]]:
    """Return how it is known what speaks against each package that moved, and the rule or term."""
    return {move.package: {(reason.kind, reason.rule) for reason in move.reasons} for move in found.moved}


def test_what_several_break_is_no_reason_for_one_that_could_go_back_alone(capsys: pytest.CaptureFixture[str]) -> None:
    found = three(2, "early_transfer")
    choices = found.outcome.choices
    assert choices is not None
    for name in ("a/f", "c/f"):
        assert check(found.outcome.instance, {**choices, name: PUBLISHED[name]}) == ()
        assert kinds(found)[name] == {(Kind.TOGETHER, "S1"), (Kind.ALONE, "early_transfer")}
    # b moves on because of its own month; with a and c gone the team would suffice
    assert kinds(found)["b/f"] == {(Kind.BROKEN, "W5"), (Kind.TOGETHER, "S1")}
    replanned.show(found)
    said = capsys.readouterr().out
    assert "not proven to be why; the published plan, with what has happened, breaks: team: 2 team in 2030-10" in said
    assert said.count("its published month would break: ") == 1


def test_what_several_break_is_a_reason_where_going_back_alone_breaks_it_too() -> None:
    found = three(2, "change", earliest="")
    (moved,) = found.moved
    assert kinds(found)[moved.package] == {(Kind.BROKEN, "S1")}
