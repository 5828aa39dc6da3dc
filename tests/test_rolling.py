"""A plan followed and made again period by period, in a scenario that shows itself only in time."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_replan import ARDEN, BELMONT, BEST, CLINICS, LIMITS

from sequencer import Instance, UsageError, read
from sequencer.replanning.actuals import Actual
from sequencer.replanning.rolling import rolling
from sequencer.timetable import Choices
from sequencer.vocabulary import Origin, Stage

TEAM = "capacity.mentor_team.pool@2030-10..2030-10"


def test_a_plan_that_nothing_disturbs_is_followed_to_its_end(worked: Path) -> None:
    rolled = rolling(lambda _: read(worked), BEST, every=3, limits=LIMITS, engine="cpsat")
    assert [step.as_of for step in rolled.steps] == [3, 6, 9, 12]
    assert (rolled.choices, rolled.months, rolled.failed) == (BEST, 0, None)


def test_what_shows_itself_is_planned_for_only_then(worked: Path) -> None:
    """The team of 2030-10 is known to be missing from month 8 on: belmont has gone as planned by then."""
    instance = read(worked)

    def seen(month: int) -> Instance:
        return instance.but({TEAM: 0}) if month >= 8 else instance

    rolled = rolling(seen, BEST, every=4, limits=LIMITS, engine="cpsat")
    assert [step.months for step in rolled.steps] == [0, 1, 0]
    assert rolled.choices is not None
    assert {name: choice.transfer for name, choice in rolled.choices.items()} == {ARDEN: 4, BELMONT: 7, CLINICS: 10}


def test_it_ends_where_no_plan_is_left(worked: Path) -> None:
    def fallen(month: int, plan: Choices) -> dict[str, Actual]:
        option = plan[ARDEN].option
        row = Actual(
            package=ARDEN,
            option=option,
            named=False,
            transfer=None,
            stage=Stage.INTERNATIONAL,
            since=None,
            origin=Origin("scenario"),
        )
        return {ARDEN: row} if month == 12 else {}

    rolled = rolling(lambda _: read(worked), BEST, every=6, happened=fallen, limits=LIMITS, engine="cpsat")
    assert [step.as_of for step in rolled.steps] == [6, 12]
    assert (rolled.choices, rolled.failed) == (None, 12)


def test_a_period_of_no_month_is_refused(worked: Path) -> None:
    with pytest.raises(UsageError, match="not 0"):
        rolling(lambda _: read(worked), BEST, every=0)
