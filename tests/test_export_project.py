"""What project tools are told: the outline, ties and teams; Project's XML in the order of its schema; GanttProject."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring
from exporting import HOSTILE, called, shown, solved

from sequencer.exports import Audience, Shown, gantt_project, project
from sequencer.exports.mspdi import SPACE
from sequencer.exports.tasks import Network, Task, network
from sequencer.exports.text import legal
from sequencer.exports.ties import Tie
from sequencer.instance.facts import Link
from sequencer.vocabulary import Event, Origin, Stage

#: The order of the schema (mspdi_pj15.xsd) for what is written, and what stands beside it.
TASK = (
    "UID",
    "ID",
    "Name",
    "Active",
    "Manual",
    "Type",
    "IsNull",
    "WBS",
    "OutlineNumber",
    "OutlineLevel",
    "Priority",
    "Start",
    "Finish",
    "Duration",
    "ManualStart",
    "ManualFinish",
    "ManualDuration",
    "DurationFormat",
    "EffortDriven",
    "Estimated",
    "Milestone",
    "Summary",
    "ConstraintType",
    "CalendarUID",
    "ConstraintDate",
    "Notes",
    "PredecessorLink",
    "ExtendedAttribute",
)
NS = {"p": SPACE}


def tasks(made: Network) -> dict[tuple[str, Stage | Event | None], Task]:
    """Return the tasks of packages, by package and part."""
    return {(task.line.package, task.part): task for task in made.tasks if task.line is not None}


def test_the_outline_is_place_package_and_stages_in_order_of_time() -> None:
    made = network(shown())
    assert [task.uid for task in made.tasks] == list(range(1, len(made.tasks) + 1))
    assert [task.name for task in made.tasks if len(task.outline) == 1] == ["arden", "belmont"]
    arden = [task.name for task in made.tasks if task.line is not None and task.line.package == "arden/policing"]
    assert arden == ["arden/policing", "support", "proving", "joint", "transfer", "mentored", "advisory", "exit"]
    for task in made.tasks:
        below = [other for other in made.tasks if other.outline[:-1] == task.outline]
        if below:
            assert task.start == min(other.start for other in below)
            assert task.end == max(other.end for other in below)


def test_stages_have_the_days_of_their_months_and_follow_each_other() -> None:
    found = tasks(network(shown()))
    assert (found["arden/policing", Stage.SUPPORT].start, found["arden/policing", Stage.SUPPORT].days) == (
        date(2030, 1, 1),
        59,
    )
    assert found["arden/policing", Event.TRANSFER].start == date(2030, 5, 1)
    assert found["arden/policing", Event.TRANSFER].days == 0
    stages = [
        task for (package, part), task in found.items() if package == "arden/policing" and isinstance(part, Stage)
    ]
    assert all(one.end == two.start for one, two in pairwise(stages))


def test_a_link_is_a_tie_whose_days_are_those_of_its_months() -> None:
    made = network(shown())
    found = tasks(made)
    before, after = found["arden/policing", Event.TRANSFER], found["arden/clinics", Event.TRANSFER]
    days = (date(2030, 8, 1) - date(2030, 5, 1)).days  # three months
    assert made.ties == (Tie(before.uid, after.uid, days, milestone=True),)


def linked(*links: tuple[str, Event, str, Event, int | None, int | None]) -> Network:
    """Return the network of the worked example with other links."""
    plan = solved("worked-example")
    facts = tuple(
        Link(before=b, before_event=be, after=a, after_event=ae, minimum=low, maximum=high, origin=Origin("links.csv"))
        for b, be, a, ae, low, high in links
    )
    instance = dataclasses.replace(plan.instance, links=facts)
    return network(Shown(dataclasses.replace(plan, instance=instance)))


def test_an_event_without_a_task_of_its_own_is_the_beginning_of_the_next() -> None:
    # clinics have no joint stage: joint work would begin with the transfer
    made = linked(("arden/policing", Event.SUPPORT_START, "arden/clinics", Event.JOINT_START, 2, None))
    found = tasks(made)
    begin, then = found["arden/policing", Stage.SUPPORT], found["arden/clinics", Event.TRANSFER]
    assert made.ties == (Tie(begin.uid, then.uid, 59, milestone=False),)


def test_circles_are_left_out_and_told_as_maximum_lags_are() -> None:
    one, two = "arden/policing", "arden/clinics"
    made = linked(
        (one, Event.TRANSFER, two, Event.TRANSFER, 0, 9),
        (two, Event.TRANSFER, one, Event.TRANSFER, -12, None),
    )
    found = tasks(made)
    assert [(tie.before, tie.after) for tie in made.ties] == [
        (found[one, Event.TRANSFER].uid, found[two, Event.TRANSFER].uid)
    ]
    assert made.left_out[two] == (f"{two} transfer comes at most 9 months after {one} transfer",)
    assert len(made.left_out[one]) == 1


def test_of_two_links_between_the_same_tasks_the_tighter_stays() -> None:
    one, two = "arden/policing", "arden/clinics"
    made = linked(
        (one, Event.TRANSFER, two, Event.TRANSFER, 1, None),
        (one, Event.TRANSFER, two, Event.JOINT_START, 2, None),
    )
    assert [tie.days for tie in made.ties] == [61]


def test_teams_are_what_is_needed_for_longer_than_a_month() -> None:
    made = network(shown())
    (team,) = made.teams
    assert (team.name, team.unit, team.most) == ("mentor_team", "team", 1)
    found = tasks(made)
    mentored = [found[line.package, Stage.MENTORED] for line in shown().lines]
    assert {(each.task, each.units, each.start, each.end) for each in made.assignments} == {
        (task.uid, 1, task.start, task.end) for task in mentored
    }


@pytest.mark.parametrize("audience", list(Audience))
def test_forces_are_teams_for_the_mission_only(audience: Audience) -> None:
    names = {team.name for team in network(shown("supply-presence", audience)).teams}
    assert names == ({"presence"} if audience is Audience.MISSION else set())


def test_each_place_has_its_own_team_where_resources_are_per_place() -> None:
    plan = shown("supply-per-place")
    (resource,) = (fact.name for fact in plan.instance.resources)
    places = {line.place for line in plan.lines}
    assert {team.name for team in network(plan).teams} == {f"{resource} ({place})" for place in places}


def test_elements_stand_in_the_order_of_the_schema() -> None:
    root = fromstring(project(shown()))
    found = root.findall("p:Tasks/p:Task", NS)
    assert len(found) == len(network(shown()).tasks) + 1
    for task in found:
        order = [TASK.index(child.tag.removeprefix(f"{{{SPACE}}}")) for child in task]
        assert order == sorted(order)


def test_tasks_stand_still_in_project() -> None:
    root = fromstring(project(shown()))
    for task in root.findall("p:Tasks/p:Task", NS):
        if task.findtext("p:Summary", None, NS) == "0":
            assert task.findtext("p:Manual", None, NS) == "1"
            assert task.findtext("p:ManualStart", None, NS) == task.findtext("p:Start", None, NS)
            assert task.findtext("p:ConstraintDate", None, NS) == task.findtext("p:Start", None, NS)
    week = root.findall("p:Calendars/p:Calendar/p:WeekDays/p:WeekDay", NS)
    assert [day.findtext("p:DayWorking", None, NS) for day in week] == ["1"] * 7


def test_lags_are_elapsed_days_in_tenths_of_minutes() -> None:
    (link,) = fromstring(project(shown())).findall(".//p:PredecessorLink", NS)
    assert {child.tag.removeprefix(f"{{{SPACE}}}"): child.text for child in link} == {
        "PredecessorUID": "6",
        "Type": "1",
        "CrossProject": "0",
        "LinkLag": str(92 * 24 * 60 * 10),
        "LagFormat": "8",
    }


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("maker", [project, gantt_project])
def test_any_text_comes_back_as_it_was(text: str, maker: Callable[[Shown], bytes]) -> None:
    root = fromstring(maker(called(text)))
    wanted = legal(text)
    if maker is project:
        said = {value.text for value in root.findall(".//p:Tasks/p:Task/p:ExtendedAttribute/p:Value", NS)}
        assert root.findtext("p:Title", None, NS) == wanted
    else:
        said = {each.get("value") for each in root.iter("customproperty")}
        assert root.get("name") == wanted
    assert said >= ({wanted} if wanted else set())


def test_ganttproject_nests_tasks_and_ties_them() -> None:
    root: ET.Element = fromstring(gantt_project(shown()))
    place, _ = root.findall("tasks/task")
    assert [task.get("name") for task in place.findall("task")] == ["arden/policing", "arden/clinics"]
    (tie,) = root.iter("depend")
    assert (tie.get("id"), tie.get("type"), tie.get("difference")) == ("12", "2", "92")
    meeting = [task.get("name") for task in root.iter("task") if task.get("meeting") == "true"]
    assert meeting.count("transfer") == meeting.count("exit") == 3
    assert [each.get("load") for each in root.iter("allocation")] == ["100.0"] * 3


@pytest.mark.parametrize("maker", [project, gantt_project])
def test_the_same_plan_gives_the_same_bytes(maker: Callable[[Shown], bytes]) -> None:
    assert maker(shown()) == maker(shown())
