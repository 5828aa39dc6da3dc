"""A plan as Microsoft Project XML (MSPDI), which ProjectLibre and others read, too.

The schema is a sequence: Project refuses or ignores elements out of order, so each function below writes them in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET  # only written here, never parsed

from sequencer.exports.shown import Shown
from sequencer.exports.tasks import Network, Task, network
from sequencer.exports.teams import Assignment
from sequencer.exports.text import first_day, legal
from sequencer.exports.ties import Tie, by_task
from sequencer.vocabulary import Event

SPACE = "http://schemas.microsoft.com/project"
BEGINS, ENDS = "08:00:00", "17:00:00"  # of a working day: days then show as the whole days they are
HOURS = 8
CALENDAR = 1
FINISH_START, START_START = 1, 3
ELAPSED_DAYS = 8  # the lag's format; lags count whole days, nights and all
TENTHS = 24 * 60 * 10  # tenths of minutes in an elapsed day
DAYS = 7  # the format of durations
NOT_EARLIER = 4  # constraint: start no earlier than
FIXED_DURATION = 1
#: Columns of text for a package, by the number Project gives the field.
TEXTS = (
    (188743731, "Text1", "Phase", "phase"),
    (188743734, "Text2", "Function", "function"),
    (188743737, "Text3", "Institution", "institution"),
    (188743740, "Text4", "Receiver", "receiver"),
    (188743743, "Text5", "Option", "option"),
)


def project(shown: Shown) -> bytes:
    """Return a plan as Microsoft Project XML.

    Parameters
    ----------
    shown : Shown

    Returns
    -------
    bytes
        Places, in them packages, in them stages from the first day of their first month to the last day of their last,
        and the milestones transfer and exit; links as predecessors with lags in elapsed days; teams and what they work
        on. Tasks are scheduled manually on a calendar without days off, so that Project does not move them.
    """
    made, plan = network(shown), shown.instance.plan
    root = ET.Element("Project", xmlns=SPACE)
    start, finish = (first_day(shown.calendar, month) for month in (0, plan.months))
    _put(root, SaveVersion=14, Name=legal(plan.title) or "plan", Title=legal(plan.title), ScheduleFromStart=1)
    _put(root, StartDate=_begins(start), FinishDate=_ends(finish), FYStartDate=shown.calendar.fiscal_start)
    _put(root, CalendarUID=CALENDAR, DefaultStartTime=BEGINS, DefaultFinishTime=ENDS, MinutesPerDay=60 * HOURS)
    _put(root, MinutesPerWeek=7 * 60 * HOURS, DaysPerMonth=30, DefaultTaskType=FIXED_DURATION, DurationFormat=DAYS)
    _put(root, HonorConstraints=1, NewTasksEffortDriven=0, WeekStartDay=1, Autolink=0, NewTasksAreManual=1)
    fields = ET.SubElement(root, "ExtendedAttributes")
    for number, name, alias, _ in TEXTS:
        _put(ET.SubElement(fields, "ExtendedAttribute"), FieldID=number, FieldName=name, Alias=alias)
    _calendar(ET.SubElement(root, "Calendars"))
    _tasks(ET.SubElement(root, "Tasks"), made, legal(plan.title) or "plan", start, finish)
    resources = ET.SubElement(root, "Resources")
    for team in made.teams:
        there = ET.SubElement(resources, "Resource")
        _put(there, UID=team.uid, ID=team.uid, Name=legal(team.name), Type=1, IsNull=0, Group=legal(team.unit))
        _put(there, MaxUnits=team.most, CalendarUID=CALENDAR)
    assignments = ET.SubElement(root, "Assignments")
    for uid, assignment in enumerate(made.assignments, start=1):
        _assignment(ET.SubElement(assignments, "Assignment"), uid, assignment)
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _calendar(there: ET.Element) -> None:
    """Write a calendar in which every day is worked."""
    calendar = ET.SubElement(there, "Calendar")
    _put(calendar, UID=CALENDAR, Name="Every day", IsBaseCalendar=1, BaseCalendarUID=-1)
    days = ET.SubElement(calendar, "WeekDays")
    for number in range(1, 8):
        day = ET.SubElement(days, "WeekDay")
        _put(day, DayType=number, DayWorking=1)
        times = ET.SubElement(day, "WorkingTimes")
        for first, last in ((BEGINS, "12:00:00"), ("13:00:00", ENDS)):
            _put(ET.SubElement(times, "WorkingTime"), FromTime=first, ToTime=last)


def _tasks(there: ET.Element, made: Network, title: str, start: date, finish: date) -> None:
    """Write the whole as task 0, then the outline."""
    whole = ET.SubElement(there, "Task")
    _put(whole, UID=0, ID=0, Name=title, Active=1, Manual=0, Type=FIXED_DURATION, IsNull=0, OutlineNumber="0")
    first = min([start, *(task.start for task in made.tasks)])
    last = max([finish, *(task.end for task in made.tasks)])
    _put(whole, OutlineLevel=0, Start=_begins(first), Finish=_ends(last), Duration=_hours((last - first).days))
    _put(whole, DurationFormat=DAYS, Milestone=0, Summary=1)
    tied = by_task(made.ties)
    for task in made.tasks:
        _task(ET.SubElement(there, "Task"), task, tied.get(task.uid, ()), made.left_out)


def _task(there: ET.Element, task: Task, tied: Sequence[Tie], left_out: Mapping[str, tuple[str, ...]]) -> None:
    summary, milestone = task.part is None, isinstance(task.part, Event)
    start = _begins(task.start)
    finish = _ends(task.end) if task.days else start
    duration = _hours(task.days)
    _put(there, UID=task.uid, ID=task.uid, Name=task.name, Active=1, Manual=int(not summary), Type=FIXED_DURATION)
    number = ".".join(map(str, task.outline))
    _put(there, IsNull=0, WBS=number, OutlineNumber=number, OutlineLevel=len(task.outline), Priority=500)
    _put(there, Start=start, Finish=finish, Duration=duration)
    if not summary:
        _put(there, ManualStart=start, ManualFinish=finish, ManualDuration=duration)
    _put(there, DurationFormat=DAYS, EffortDriven=0, Estimated=0, Milestone=int(milestone), Summary=int(summary))
    if not summary:  # for programs that know no manual scheduling
        _put(there, ConstraintType=NOT_EARLIER, CalendarUID=CALENDAR, ConstraintDate=start)
    notes = left_out.get(task.line.package, ()) if task.line is not None and summary else ()
    if notes:
        _put(there, Notes=legal("; ".join(notes)))
    for tie in tied:
        kind = FINISH_START if tie.milestone else START_START
        link = ET.SubElement(there, "PredecessorLink")
        _put(link, PredecessorUID=tie.before, Type=kind, CrossProject=0)
        _put(link, LinkLag=tie.days * TENTHS, LagFormat=ELAPSED_DAYS)
    for field, _, _, attribute in TEXTS if task.line is not None else ():
        if value := legal(getattr(task.line, attribute)):
            _put(ET.SubElement(there, "ExtendedAttribute"), FieldID=field, Value=value)


def _assignment(there: ET.Element, uid: int, assignment: Assignment) -> None:
    work = _hours((assignment.end - assignment.start).days * assignment.units)
    _put(there, UID=uid, TaskUID=assignment.task, ResourceUID=assignment.team, Finish=_ends(assignment.end))
    _put(there, RemainingWork=work, Start=_begins(assignment.start), Units=assignment.units, Work=work)


def _put(there: ET.Element, **values: str | int) -> None:
    """Add an element for each value, in their order."""
    for name, value in values.items():
        ET.SubElement(there, name).text = str(value)


def _begins(day: date) -> str:
    return f"{day.isoformat()}T{BEGINS}"


def _ends(after: date) -> str:
    """Return the end of the day before."""
    return f"{(after - timedelta(days=1)).isoformat()}T{ENDS}"


def _hours(days: int) -> str:
    return f"PT{days * HOURS}H0M0S"
