"""A plan as a file of GanttProject, which is free and runs everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET  # only written here, never parsed

from sequencer.exports.shown import Shown
from sequencer.exports.tasks import Network, Task, network
from sequencer.exports.text import first_day, legal
from sequencer.exports.ties import Tie, by_task
from sequencer.vocabulary import Event, Stage

START_START, FINISH_START = 1, 2
#: Colours of stages, told apart by lightness, too.
COLOURS = {
    Stage.SUPPORT: "#d9d9d9",
    Stage.PROVING: "#fdd49e",
    Stage.JOINT: "#fc8d59",
    Stage.MENTORED: "#4292c6",
    Stage.ADVISORY: "#9ecae1",
}
PLAIN = "#8cb6ce"
WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
PHASE = "tpc0"  # the id of a column of our own


def gantt_project(shown: Shown) -> bytes:
    """Return a plan as a file of GanttProject (.gan).

    Parameters
    ----------
    shown : Shown

    Returns
    -------
    bytes
        The outline, ties, teams and assignments of ``sequencer.exports.tasks.network``; lags are whole days of a
        calendar without days off, loads percent of one unit.
    """
    made, plan = network(shown), shown.instance.plan
    start = first_day(shown.calendar, 0).isoformat()
    told = {"company": "", "webLink": "", "view-date": start, "view-index": "0", "version": "3.2.3200", "locale": "en"}
    root = ET.Element("project", {"name": legal(plan.title), **told})
    ET.SubElement(root, "description")
    ET.SubElement(root, "view", {"zooming-state": "default:6", "id": "gantt-chart"})
    _calendar(ET.SubElement(root, "calendars", {"base-id": "none"}))
    tasks = ET.SubElement(root, "tasks", {"empty-milestones": "true"})
    _columns(ET.SubElement(tasks, "taskproperties"))
    _tasks(tasks, made)
    resources = ET.SubElement(root, "resources")
    for team in made.teams:
        values = {"id": str(team.uid), "name": legal(team.name), "function": "Default:0", "contacts": "", "phone": ""}
        ET.SubElement(resources, "resource", values)
    allocations = ET.SubElement(root, "allocations")
    for assignment in made.assignments:
        ids = {"task-id": str(assignment.task), "resource-id": str(assignment.team)}
        values = {"function": "Default:0", "responsible": "false", "load": f"{100 * assignment.units}.0"}
        ET.SubElement(allocations, "allocation", ids | values)
    for name in ("vacations", "previous", "roles"):
        ET.SubElement(root, name, {"roleset-name": "Default"} if name == "roles" else {})
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _calendar(there: ET.Element) -> None:
    """Write a calendar in which every day is worked."""
    types = ET.SubElement(there, "day-types")
    for number in ("0", "1"):
        ET.SubElement(types, "day-type", {"id": number})
    ET.SubElement(types, "default-week", {"id": "1", "name": "default", **dict.fromkeys(WEEK, "0")})
    ET.SubElement(types, "only-show-weekends", {"value": "false"})
    ET.SubElement(types, "overriden-day-types")  # spelt so by GanttProject
    ET.SubElement(types, "days")


def _columns(there: ET.Element) -> None:
    """Write the columns GanttProject always has, and that of the phase."""
    kinds = {
        "type": "icon",
        "priority": "icon",
        "info": "icon",
        "name": "text",
        "begindate": "date",
        "enddate": "date",
        "duration": "int",
        "completion": "int",
        "coordinator": "text",
        "predecessorsr": "text",
    }
    for number, (name, kind) in enumerate(kinds.items()):
        values = {"id": f"tpd{number}", "name": name, "type": "default", "valuetype": kind}
        ET.SubElement(there, "taskproperty", values)
    ET.SubElement(there, "taskproperty", {"id": PHASE, "name": "phase", "type": "custom", "valuetype": "text"})


def _tasks(there: ET.Element, made: Network) -> None:
    """Write the outline, each task inside that above it, with the ties to those that wait for it."""
    waiting: dict[int, list[Tie]] = {}
    for tie in (tie for ties in by_task(made.ties).values() for tie in ties):
        waiting.setdefault(tie.before, []).append(tie)
    above = [there]
    for task in made.tasks:
        above[len(task.outline) :] = [_task(above[len(task.outline) - 1], task, waiting.get(task.uid, ()))]
        notes = made.left_out.get(task.line.package, ()) if task.line is not None and task.part is None else ()
        if notes:
            ET.SubElement(above[-1], "notes").text = legal("; ".join(notes))


def _task(there: ET.Element, task: Task, waiting: Sequence[Tie]) -> ET.Element:
    values = {
        "id": str(task.uid),
        "name": task.name,
        "color": COLOURS[task.part] if isinstance(task.part, Stage) else PLAIN,
        "meeting": str(isinstance(task.part, Event)).lower(),
        "start": task.start.isoformat(),
        "duration": str(task.days),
        "complete": "0",
        "expand": "true",
    }
    made = ET.SubElement(there, "task", values)
    for tie in waiting:
        kind = FINISH_START if tie.milestone else START_START
        told = {"id": str(tie.after), "type": str(kind), "difference": str(tie.days), "hardness": "Rubber"}
        ET.SubElement(made, "depend", told)  # rubber: it may come later
    if task.line is not None and (phase := legal(task.line.phase)):
        ET.SubElement(made, "customproperty", {"taskproperty-id": PHASE, "value": phase})
    return made
