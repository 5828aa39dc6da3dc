"""A project of the scheduling literature as an instance folder: makespan becomes latest exit.

An activity is a package that lies in one place, each a function of its own. With one mode it starts at its transfer and
lasts as long as *mentored*. With several, each mode is an option, and each has a stage of its own, the only one that is
not empty when the option is taken; so a need that depends on the mode is the need of a stage. What a mode takes of a
non-renewable resource, whatever its duration, is spread over the months of its stage: all amounts of such a resource
are counted in parts, as many to a unit as every duration divides.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.importing.project import Mode, Project
from sequencer.months import Calendar

FIRST = (2000, 1)  # the month that stands for period 0
LONGEST = 600  # months that a plan can have
PLACE = "project"

#: The stages that stand for the first, second, … mode of an activity with so many; all can be empty.
STAGES = {
    1: ("mentored",),
    2: ("joint", "mentored"),
    3: ("joint", "mentored", "advisory"),
    4: ("support", "joint", "mentored", "advisory"),
}

Row: TypeAlias = Mapping[str, str | int]


def write_folder(project: Project, folder: Path, *, overwrite: bool = False) -> tuple[str, ...]:
    """Write a project as an instance folder.

    Parameters
    ----------
    project : Project
    folder : Path
        Made where it is not there.
    overwrite : bool
        Whether files of the same names may be replaced.

    Returns
    -------
    tuple of str
        What must be said of the result; mostly nothing.

    Raises
    ------
    UsageError
        If the folder holds files and ``overwrite`` is off, or cannot be written.
    InstanceError
        If the project has what rows cannot say.
    """
    files, notes = tables(project)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = sorted(path.name for path in folder.iterdir())
        if present and not overwrite:
            raise UsageError(f"{folder} holds {present[0]}: name an empty folder, or add --overwrite")
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
    return notes


def tables(project: Project) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the text of each file of the folder by its name, and what must be said of the result.

    Raises
    ------
    InstanceError
        If an activity has more modes than stages can stand for, or one without duration takes more of a non-renewable
        resource than another.
    """
    _check(project)
    needed = project.horizon + 1  # events in the last period, too, must come before the end of the plan
    months = min(LONGEST, max(1, needed))
    notes: tuple[str, ...] = ()
    if months < needed:
        notes = (
            f"{project.name}: schedules longer than {months} periods are left out; a shortest one could need more",
        )
    units = _parts(project)
    kept = [i for i in range(len(project.activities)) if _is_kept(project, i)]
    rows: dict[str, list[Row]] = {
        "places": [{"place": PLACE}],
        "functions": [{"function": _name(project, i), **_stages(project.activities[i])} for i in kept],
        "packages": [{"place": PLACE, "function": _name(project, i), **_window(project, i, months)} for i in kept],
        "options": list(_options(project, kept)),
        "links": list(_links(project, kept)),
        "resources": [
            {
                "resource": resource.name,
                "bucket": "month" if resource.renewable else "plan",
                "unit": "units" if units[r] == 1 else f"parts of 1/{units[r]}",
                "owner": "mission",
                "per": "all",
            }
            for r, resource in enumerate(project.resources)
        ],
        "capacity": [
            {"resource": resource.name, "amount": resource.capacity * units[r]}
            for r, resource in enumerate(project.resources)
        ],
        "needs": list(_needs(project, kept, units)),
    }
    files = {f"{name}.csv": _csv(lines) for name, lines in rows.items() if lines}
    return {"plan.toml": _plan(project, months), **files}, notes


def _plan(project: Project, months: int) -> str:
    title = "".join(c if c.isalnum() or c in "._- " else "_" for c in project.name)
    first = "{:04d}-{:02d}".format(*FIRST)
    return f'title = "{title}"\nfirst_month = "{first}"\nmonths = {months}\nobjective = ["exit"]\n'


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _name(project: Project, activity: int) -> str:
    """Return the function that stands for an activity, by the number it has in the file."""
    return f"activity-{activity + project.first}"


def _check(project: Project) -> None:
    faults = []
    for i, modes in enumerate(project.activities):
        most = max(STAGES)
        if len(modes) > most:
            found = f"{len(modes)} modes of {_name(project, i)}"
            faults.append(Fault(project.name, 0, "", found, f"at most {most}: each needs a stage of its own"))
            continue
        for r, resource in enumerate(project.resources):
            if not resource.renewable and any(mode.needs[r] > _least(modes, r) for mode in modes if not mode.duration):
                found = f"a mode of {_name(project, i)} without duration that needs {resource.name}"
                faults.append(Fault(project.name, 0, "", found, "a duration, or no more need than other modes have"))
    if faults:
        raise InstanceError(faults)


def _is_kept(project: Project, activity: int) -> bool:
    """Return whether an activity becomes a package; the dummy start never does, the dummy end if it waits for more.

    It is kept where a lag to it is longer than what it follows, or anything hangs on it: then it is itself part of the
    makespan, or bounds it.
    """
    if activity == 0:
        return False
    if activity < project.end:
        return True
    modes = project.activities[activity]
    idle = all(not mode.duration and not any(mode.needs) for mode in modes)
    hangs = any(
        lag.before == activity or (lag.after == activity and lag.periods > project.activities[lag.before][0].duration)
        for lag in project.lags
    )
    return hangs or not idle


def _stages(modes: Sequence[Mode]) -> dict[str, int]:
    """Return the lengths of the stages of a function; options override those of an activity with several modes."""
    return {"joint_months": 0, "mentored_months": modes[0].duration if len(modes) == 1 else 0, "advisory_months": 0}


def _window(project: Project, activity: int, months: int) -> dict[str, str]:
    """Return the bounds on the start of an activity that lags from and to the dummy start make."""
    calendar = Calendar(*FIRST)
    from_start = [lag.periods for lag in project.lags if lag.before == 0 and lag.after == activity]
    to_start = [-lag.periods for lag in project.lags if lag.after == 0 and lag.before == activity]
    earliest, latest = max(from_start, default=0), min(to_start, default=months)
    found = {"earliest": "", "latest": ""}
    if earliest > 0:
        found["earliest"] = calendar.label(min(earliest, LONGEST))
    if latest < months:
        found["latest"] = calendar.label(latest)
    return found


def _options(project: Project, kept: Sequence[int]) -> Iterator[Row]:
    for i in kept:
        modes = project.activities[i]
        if len(modes) == 1:
            continue
        for k, (mode, stage) in enumerate(zip(modes, STAGES[len(modes)], strict=True)):
            lengths = {f"{name}_months": mode.duration if name == stage else 0 for name in STAGES[4]}
            yield {"packages": _name(project, i), "option": f"mode-{k + 1}", **lengths}


def _begin(modes: Sequence[Mode]) -> str:
    """Return the event at which an activity starts, whatever its mode."""
    return {1: "transfer", 2: "joint_start", 3: "joint_start", 4: "support_start"}[len(modes)]


def _links(project: Project, kept: Sequence[int]) -> Iterator[Row]:
    there = set(kept)
    for first, second in dict.fromkeys(project.precedences):
        if {first, second} <= there:
            begin = _begin(project.activities[second])
            yield _link(project, (first, "exit"), (second, begin), minimum=0)
    for lag in dict.fromkeys(project.lags):
        if not {lag.before, lag.after} <= there:
            continue
        if lag.periods >= 0:
            yield _link(project, (lag.before, "transfer"), (lag.after, "transfer"), minimum=lag.periods)
        else:
            yield _link(project, (lag.after, "transfer"), (lag.before, "transfer"), maximum=-lag.periods)


def _link(
    project: Project,
    before: tuple[int, str],
    after: tuple[int, str],
    minimum: int | None = None,
    maximum: int | None = None,
) -> Row:
    return {
        "before": _name(project, before[0]),
        "before_event": before[1],
        "after": _name(project, after[0]),
        "after_event": after[1],
        "minimum": "any" if minimum is None else minimum,
        "maximum": "" if maximum is None else maximum,
    }


def _least(modes: Sequence[Mode], resource: int) -> int:
    """Return what an activity takes of a non-renewable resource in any mode."""
    return min(mode.needs[resource] for mode in modes)


def _parts(project: Project) -> list[int]:
    """Return, for each resource, in how many parts a unit is counted."""
    return [
        1
        if resource.renewable
        else math.lcm(
            *(mode.duration for modes in project.activities for mode in modes if mode.needs[r] > _least(modes, r))
        )
        for r, resource in enumerate(project.resources)
    ]


def _needs(project: Project, kept: Sequence[int], units: Sequence[int]) -> Iterator[Row]:
    for i in kept:
        modes, name = project.activities[i], _name(project, i)
        for r, resource in enumerate(project.resources):
            always = 0 if resource.renewable else _least(modes, r)
            if always:
                yield _need(name, resource.name, always * units[r], event="transfer")
            for mode, stage in zip(modes, STAGES[len(modes)], strict=True):
                if mode.needs[r] > always:
                    more = mode.needs[r] - always
                    amount = more if resource.renewable else more * units[r] // mode.duration
                    yield _need(name, resource.name, amount, stages=stage)


def _need(name: str, resource: str, amount: int, *, stages: str = "", event: str = "") -> Row:
    return {"packages": name, "stages": stages, "event": event, "resource": resource, "amount": amount}
