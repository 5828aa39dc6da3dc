"""Files for project tools, read again by MPXJ: a reader by others of both formats, and of Project's own schema."""

from __future__ import annotations

import importlib.util
import os
import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring
from exporting import HOSTILE, called, shown

from sequencer.exports import Shown, gantt_project, project
from sequencer.exports.mspdi import SPACE
from sequencer.exports.tasks import network
from sequencer.vocabulary import Event

PRESENT = bool(shutil.which("java")) and all(importlib.util.find_spec(name) for name in ("mpxj", "jpype"))
pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(
        not PRESENT and os.environ.get("REQUIRE_OUTSIDE") != "1", reason="MPXJ or Java is not installed"
    ),
    pytest.mark.filterwarnings("default"),  # of the bridge to Java
]

PLANS = ("worked-example", "supply-presence", "supply-per-place", "under-way-stages", "link-lag", "bridge-carry-over")
SCHEMA = "org.mpxj.mspdi.schema."
#: The schema class of each kind of element that is written.
CLASSES = {
    ".": "Project",
    "ExtendedAttributes/ExtendedAttribute": "Project$ExtendedAttributes$ExtendedAttribute",
    "Calendars/Calendar": "Project$Calendars$Calendar",
    "Tasks/Task": "Project$Tasks$Task",
    "Tasks/Task/PredecessorLink": "Project$Tasks$Task$PredecessorLink",
    "Tasks/Task/ExtendedAttribute": "Project$Tasks$Task$ExtendedAttribute",
    "Resources/Resource": "Project$Resources$Resource",
    "Assignments/Assignment": "Project$Assignments$Assignment",
}
#: Where Project itself writes these; MPXJ declares them at the end of a task.
MANUAL = ["ManualStart", "ManualFinish", "ManualDuration"]


@cache
def java() -> Any:  # noqa: ANN401 - the bridge to Java has no types
    """Return the bridge to Java, started."""
    import jpype  # noqa: PLC0415 - only here
    import mpxj  # noqa: F401, PLC0415 - puts MPXJ where Java looks for it

    if not jpype.isJVMStarted():
        jpype.startJVM()
    return jpype


def opened(data: bytes, path: Path) -> Any:  # noqa: ANN401
    """Return a file as MPXJ reads it."""
    path.write_bytes(data)
    read = java().JClass("org.mpxj.reader.UniversalProjectReader")().read(str(path))
    assert read is not None, "MPXJ does not know the format"
    return read


def both(plan: Shown, folder: Path) -> list[tuple[str, Any]]:
    """Return the two files of a plan as MPXJ reads them."""
    return [
        ("project", opened(project(plan), folder / "plan.xml")),
        ("ganttproject", opened(gantt_project(plan), folder / "plan.gan")),
    ]


def real(read: Any) -> dict[int, Any]:  # noqa: ANN401
    """Return the tasks that stand for ours, by our numbers; GanttProject's are read one higher."""
    found = [task for task in read.getTasks() if int(str(task.getID())) > 0]
    return dict(enumerate(found, start=1))


@pytest.mark.parametrize("name", PLANS)
def test_names_dates_and_hierarchy_are_equal(name: str, tmp_path: Path) -> None:
    made = network(shown(name))
    for kind, read in both(shown(name), tmp_path):
        found = real(read)
        assert len(found) == len(made.tasks), kind
        for task in made.tasks:
            there = found[task.uid]
            last = task.end - timedelta(days=bool(task.days))
            assert str(there.getName()) == task.name
            assert int(str(there.getOutlineLevel())) == len(task.outline)
            assert str(there.getStart())[:10] == task.start.isoformat()
            assert str(there.getFinish())[:10] == last.isoformat(), (kind, task)
            assert bool(there.getMilestone()) == isinstance(task.part, Event)
            if len(task.outline) > 1:
                above = next(one for one in made.tasks if one.outline == task.outline[:-1])
                assert str(there.getParentTask().getName()) == above.name


@pytest.mark.parametrize("name", PLANS)
def test_ties_and_their_lags_are_equal(name: str, tmp_path: Path) -> None:
    made = network(shown(name))
    files = {"ed": (project(shown(name)), "plan.xml"), "d": (flat(gantt_project(shown(name))), "plan.gan")}
    for unit, (data, file) in files.items():
        found = real(opened(data, tmp_path / file))
        number = {str(task.getUniqueID()): uid for uid, task in found.items()}
        ties = set()
        for uid, task in found.items():
            for relation in task.getPredecessors():
                before, lag = relation.getPredecessorTask(), relation.getLag()
                assert str(lag.getUnits()) == unit
                ties.add((number[str(before.getUniqueID())], uid, str(relation.getType()), float(lag.getDuration())))
        wanted = {(tie.before, tie.after, "FS" if tie.milestone else "SS", float(tie.days)) for tie in made.ties}
        assert ties == wanted, file


def flat(data: bytes) -> bytes:
    """Return a file of GanttProject without its hierarchy: MPXJ reads ties of the uppermost tasks only."""
    root: ET.Element = fromstring(data)
    tasks = root.find("tasks")
    assert tasks is not None
    every = list(tasks.iter("task"))
    for task in [tasks, *every]:
        for child in task.findall("task"):
            task.remove(child)
    tasks.extend(every)
    return bytes(ET.tostring(root))


@pytest.mark.parametrize("name", PLANS)
def test_teams_and_their_work_are_equal(name: str, tmp_path: Path) -> None:
    made = network(shown(name))
    names = {team.uid: team.name for team in made.teams}
    for _, read in both(shown(name), tmp_path):
        there = {str(resource.getName()) for resource in read.getResources() if resource.getName() is not None}
        assert there == set(names.values())
        found = {
            (uid, str(each.getResource().getName()), float(each.getUnits().doubleValue()))
            for uid, task in real(read).items()
            for each in task.getResourceAssignments()
        }
        assert found == {(each.task, names[each.team], 100.0 * each.units) for each in made.assignments}


def test_project_does_not_move_tasks_and_knows_the_phase(tmp_path: Path) -> None:
    read = opened(project(shown()), tmp_path / "plan.xml")
    made = network(shown())
    for uid, task in real(read).items():
        ours = made.tasks[uid - 1]
        assert str(task.getTaskMode()) == ("AUTO_SCHEDULED" if ours.part is None else "MANUALLY_SCHEDULED")
        if ours.line is not None:
            assert str(task.getText(1)) == ours.line.phase
            assert str(task.getText(2)) == ours.line.function
        if ours.part is not None:
            assert float(task.getDuration().getDuration()) == 8 * ours.days or str(task.getDuration().getUnits()) == "d"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_read(text: str, tmp_path: Path) -> None:
    for _, read in both(called(text), tmp_path):
        assert len(real(read)) == len(network(called(text)).tasks)


def order(name: str) -> list[str]:
    """Return the elements of a class of Project's schema in their order."""
    bridge = java()
    annotation = "jakarta.xml.bind.annotation."
    kind, element = bridge.JClass(f"{annotation}XmlType"), bridge.JClass(f"{annotation}XmlElement")
    declared = bridge.JClass("java.lang.Class").forName(SCHEMA + name)
    fields = {str(field.getName()).lower().strip("_"): field for field in declared.getDeclaredFields()}
    found = []
    for member in declared.getAnnotation(kind).propOrder():
        field = fields.get(str(member).lower())
        said = None if field is None else field.getAnnotation(element)
        found.append(str(member) if said is None or str(said.name()).startswith("##") else str(said.name()))
    return found


@pytest.mark.parametrize("path", CLASSES)
@pytest.mark.parametrize("name", PLANS)
def test_elements_stand_in_the_order_of_the_schema(path: str, name: str) -> None:
    root: ET.Element = fromstring(project(shown(name)))
    wanted = order(CLASSES[path])
    if "ManualStart" in wanted:
        wanted = [each for each in wanted if each not in MANUAL]
        after = wanted.index("Duration") + 1
        wanted[after:after] = MANUAL
    found = root.findall("/".join(f"{{{SPACE}}}{step}" if step != "." else step for step in path.split("/")))
    for element in found:
        names = [child.tag.removeprefix(f"{{{SPACE}}}") for child in element]
        assert set(names) <= set(wanted)
        assert [wanted.index(each) for each in names] == sorted(wanted.index(each) for each in names)
