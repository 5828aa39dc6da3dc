"""A small plan with something of all that is drawn, under names of any kind."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sequencer import explain, read, solve
from sequencer.answers.discretion import Audience
from sequencer.phrases import Phrasebook
from sequencer.pictures.page import SECTIONS, render
from sequencer.pictures.scene import Row
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation
from sequencer.reasons.local.locally import Local

WORKED = Path(__file__).parent.parent / "instances" / "tiny" / "worked-example"

#: Names that would do harm, or break a layout, where they are not taken as text.
HOSTILE = {
    "arden": '"><img src=x onerror=document.title=1>',
    "belmont": "b" * 100 + " " + "é" * 99,  # as long as a name may be
    "clinics": "{{7+7}}${7+7}<%= 7+7 %>",
    "first": "<script>document.title=2<\\script>",
    "then": "<iframe srcdoc='x'>",
    "harvest": "<svg onload=document.title=3>",
    "north": "=cmd|' C calc'!A0",
    "team": "</title></svg><script>document.title=4</script>",
    "The worked example of the model page": "\u202eeltit\u202c </style></script><script>document.title=5</script>"
    + "t" * 240,
}

#: Files beside those of the worked example.
MORE = {
    "phases.csv": [["phase", "from", "to"], ["first", "2030-01", "2030-06"], ["then", "2030-07", "2031-02"]],
    "calendar.csv": [
        ["name", "places", "functions", "events", "from", "to"],
        ["harvest", "arden", "policing", "transfer", "2030-01", "2030-02"],
        ["election", "", "", "transfer", "2031-02", "2031-02"],
    ],
    "budget.csv": [["fiscal_year", "amount"], ["2030", "400"], ["2031", "90"]],
    "donors.csv": [["donor"], ["north"]],
    "pledges.csv": [["donor", "from", "to", "amount", "status"], ["north", "2030-01", "2030-12", "200", "confirmed"]],
    "guarantees.csv": [
        ["force", "role", "owner", "home", "covers", "from", "to", "people"],
        ["rapid", "reserve", "mission", "arden", "*", "2030-01", "", "9"],
    ],
    "reserve.csv": [["scope", "k"], ["country", "1"]],
}


def explained(folder: Path, names: Mapping[str, str] | None = None) -> Explanation:
    """Return the explanation of the worked example with phases, money, a reserve and a calendar, names replaced."""
    shutil.copytree(WORKED, folder)
    tables = {
        path.name: list(csv.reader(path.read_text(encoding="utf-8").splitlines())) for path in folder.glob("*.csv")
    } | MORE
    tables["needs.csv"] = [[*row, ""] for row in tables["needs.csv"]]
    tables["needs.csv"][0][-1] = "event"
    tables["needs.csv"].append(["*/policing", "", "", "9", "relapse"])
    for name, rows in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([[_named(cell, names or {}) for cell in row] for row in rows])
        (folder / name).write_text(text.getvalue(), encoding="utf-8")
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    for old, new in (names or {}).items():
        plan = plan.replace(f'"{old}"', json.dumps(new))
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    found: Explanation = explain(solve(read(folder), haste=False))
    return found


def _named(cell: str, names: Mapping[str, str]) -> str:
    """Return a cell with the names in it replaced, also in a package's: ``place/function``."""
    return "/".join(names.get(part, part) for part in cell.split("/"))


def crowd(explanation: Explanation, places: int, functions: int) -> str:
    """Return the page of a plan with so many places and functions, each package drawn and explained like one given."""
    told = Told(explanation, Audience.MISSION, Phrasebook.of("en"))
    small, local = told.scene, {one.package: one for one in explanation.local}
    rows, why = list[Row](), list[Local]()
    for number in range(places * functions):
        place, function = f"district-{number // functions:03d}", f"function-{number % functions:02d}"
        like = small.rows[number % len(small.rows)]
        rows.append(replace(like, package=f"{place}/{function}", place=place, function=function))
        why.append(replace(local[like.package], package=f"{place}/{function}"))
    names = tuple(row.package for row in rows)
    supplies = tuple(replace(each, behind=(names,) * len(each.need)) for each in small.supplies)
    grounds = tuple(
        replace(small.places[number % len(small.places)], place=f"district-{number:03d}") for number in range(places)
    )
    crowded = Told(replace(explanation, local=tuple(why)), Audience.MISSION, told.book)
    crowded.__dict__["scene"] = replace(small, rows=tuple(rows), supplies=supplies * 100, places=grounds)
    found = {name: section(crowded) for name, section in SECTIONS.items()}
    return render("report.html", crowded, sections={name: each for name, each in found.items() if each is not None})
