"""A stage recorded to begin in the very month as of which is planned may meet a promise: the answer says what to do."""

from __future__ import annotations

import pytest
from micro import read_tables

from sequencer import Limits, Replan, Status, replan
from sequencer.answers.replanned import notes
from sequencer.replanning.actuals import Actual
from sequencer.timetable import Choice
from sequencer.vocabulary import Origin, Stage

TABLES = {
    "plan": "months = 24",
    "places": "place | a | b",
    "functions": "function,joint_months,mentored_months,advisory_months | f,1,3,1",
    "packages": "place,function | a,f | b,f",
}
RAIN = {"calendar": "name,from,to | rain,2030-07,2030-07"}
PUBLISHED = {"a/f": Choice("none", 4), "b/f": Choice("none", 9)}


def fallen(since: int, tables: dict[str, str]) -> Replan:
    """Plan again as of 2030-07, where a fell back to the mentored stage."""
    row = Actual(
        package="a/f",
        option="none",
        named=False,
        transfer=None,
        stage=Stage.MENTORED,
        since=since,
        origin=Origin("told"),
    )
    return replan(
        read_tables(tables), PUBLISHED, "2030-07", {"a/f": row}, limits=Limits(workers=1, seconds=60), engine="cpsat"
    )


def test_a_stage_that_may_not_begin_now_is_told_with_the_way_out() -> None:
    found = fallen(6, TABLES | RAIN)
    assert found.outcome.status is Status.INFEASIBLE
    (said,) = (note for note in notes(found) if note.startswith("a/f"))
    assert "a/f, mentored since 2030-07: what begins in that month is still tested like a plan" in said
    assert "rain: no transfer from 2030-07 to 2030-07" in said
    assert "write 2030-06 as since" in said
    assert fallen(5, TABLES | RAIN).outcome.status is Status.OPTIMAL


@pytest.mark.parametrize("tables", [{}, {"packages": "place,function,latest | a,f, | b,f,2030-07"}])
def test_nothing_is_said_where_the_month_is_not_in_the_way(tables: dict[str, str]) -> None:
    assert not [note for note in notes(fallen(6, TABLES | tables)) if "still tested" in note]
