"""What happened, given in Python: it means what the same row of a file means, and is refused where that would be."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_replan import ARDEN, BELMONT, BEST, LIMITS

from sequencer import Instance, InstanceError, Replan, read, replan
from sequencer.replanning.actuals import Actual
from sequencer.replanning.settling import Standing
from sequencer.vocabulary import Origin, Stage


@pytest.fixture
def instance(worked: Path) -> Instance:
    """Return the worked example."""
    return read(worked)


def said(package: str, transfer: int | None = None, stage: Stage | None = None, since: int | None = None) -> Actual:
    """Return what happened to a package, with its published option."""
    option = BEST[package].option
    return Actual(
        package=package,
        option=option,
        named=False,
        transfer=transfer,
        stage=stage,
        since=since,
        origin=Origin("told"),
    )


def again(instance: Instance, as_of: str, actual: Actual, key: str = "") -> Replan:
    """Plan the worked example again with one thing that happened."""
    return replan(instance, BEST, as_of, {key or actual.package: actual}, limits=LIMITS, engine="cpsat")


def test_of_which_nothing_is_said_goes_as_published(instance: Instance) -> None:
    """Belmont is under way in 2030-07: it does not begin anew because a record of it is empty."""
    found = again(instance, "2030-07", said(BELMONT))
    assert found.outcome.choices == BEST
    assert (found.standing[BELMONT].standing, found.standing[BELMONT].assumed) == (Standing.UNDER_WAY, True)


@pytest.mark.parametrize(
    ("actual", "key", "column"),
    [
        (said(ARDEN), "", "transfer"),  # it was to be handed over by now
        (said(ARDEN, stage=Stage.MENTORED), "", "since"),
        (said(ARDEN, since=4), "", "stage"),
        (said(BELMONT, transfer=8), "", "transfer"),
        (said(ARDEN, transfer=4), BELMONT, "package"),
    ],
)
def test_what_a_file_may_not_say_is_refused(instance: Instance, actual: Actual, key: str, column: str) -> None:
    with pytest.raises(InstanceError) as caught:
        again(instance, "2030-07", actual, key)
    assert column in {fault.column for fault in caught.value.faults}


def test_a_new_start_is_one_if_it_is_said(instance: Instance) -> None:
    found = again(instance, "2030-06", said(ARDEN, stage=Stage.INTERNATIONAL))
    assert found.standing[ARDEN].standing is Standing.OPEN
