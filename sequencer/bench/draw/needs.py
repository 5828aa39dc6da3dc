"""What packages need while they are handed over, and, until the plan is there, an abundance of it."""

from __future__ import annotations

from sequencer.bench.draw.kinds import MONTHS, Country
from sequencer.bench.draw.sheets import Sheets

PLENTY = 10**8  # of everything, until a plan says how much is needed

RESOURCES = "resource,bucket,unit,owner,per"
CAPACITY = "resource,source,places,functions,from,to,amount"
GUARANTEES = "force,role,resource,owner,covers,from,to,people"
BUDGET = "line,fiscal_year,amount,max_growth,base"

#: Resources of every instance, and those only there where every kind of rule is drawn.
ALWAYS = (
    ("mentors", "month", "teams", "mission", "region"),
    ("trainers", "month", "teams", "mission", "all"),
    ("monitors", "month", "people", "mission", "region"),
    ("officers", "month", "people", "mission", "all"),
    ("changes", "month", "units", "host", "place"),
    ("handovers", "month", "handovers", "host", "all"),
    ("ceremonies", "fiscal_year", "handovers", "host", "all"),
    ("courses", "plan", "team months", "donor", "all"),
)
FULL = (
    ("phase_handovers", "phase", "handovers", "host", "all"),
    ("convoys", "month", "convoys", "mission", "region"),
    ("presence", "month", "people", "mission", "all"),
)


def needs(sheets: Sheets, country: Country) -> None:
    """Set resources and needs, and more than enough of everything, so that the rules can be compiled for planting."""
    full = country.shape.full
    resources = [*ALWAYS, *(FULL if full else ())]
    sheets.put("resources", RESOURCES, resources)
    sheets.put("needs", "packages,stages,event,threat,months,resource,amount,per_people", (
        ("*/*", "joint;mentored", "", "", "", "mentors", 1, ""),
        ("sector:security", "joint;mentored", "", "", "", "mentors", 2, ""),
        ("*/*", "support", "", "", "", "trainers", 1, ""),
        ("*/*", "support", "", "", "", "courses", 1, ""),
        ("*/*", "advisory", "", "", "", "monitors", 1, ""),
        ("sector:security", "international", "", "1;2", "", "officers", 5, ""),
        ("sector:security", "international", "", "3;4;5", "", "officers", 8, ""),
        ("sector:security", "joint;mentored", "", "", "", "officers", 3, ""),
        ("*/*", "joint;mentored", "", "", "", "changes", 1, ""),
        ("*/*", "", "transfer", "", "", "handovers", 1, ""), ("*/*", "", "transfer", "", "", "ceremonies", 1, ""),
        *((("*/*", "", "transfer", "", "", "phase_handovers", 1, ""),
           ("*/*", "", "transfer", "", 2, "convoys", 1, ""),
           ("sector:security", "fragile", "", "3;4;5", "", "presence", 2, 10_000)) if full else ()),
        ("*/*", "", "relapse", "", "", "", 10, ""), ("sector:security", "", "relapse", "", "", "", 1, 2_000),
        ("sector:justice", "", "relapse", "", "", "", 1, 4_000),
    ))  # fmt: skip
    ample = [(name, "", "", "", "", "", PLENTY) for name, *_ in resources if name not in {"trainers", "presence"}]
    ample.append(("trainers", "core", "", "", "", "", PLENTY))
    if full:
        ample.append(("trainers", "police academy", "", "sector:security", "", "", PLENTY))
    sheets.put("capacity", CAPACITY, ample)
    presence = [
        (force, "presence", "presence", "mission", covers, "", "", PLENTY)
        for force, covers in (forces(country) if full else {}).items()
    ]
    scopes = {"country": 3, **({country.regions[0]: 1, country.regions[1]: 2} if full else {})}
    reserve = [(scope, "reserve", "", "mission", _covers(scope), "", "", PLENTY) for scope in scopes]
    sheets.put("guarantees", GUARANTEES, [*presence, *reserve])
    sheets.put("reserve", "scope,k", scopes.items())
    years = range(country.calendar.fiscal_year(0), country.calendar.fiscal_year(MONTHS - 1) + 1)
    sheets.put("budget", BUDGET, (("host", year, PLENTY, "", "") for year in years))


def forces(country: Country) -> dict[str, str]:
    """Return the presence forces and the regions that each covers: one for each region, and one that moves between two.

    The last region has no force of its own and shares that of its neighbour.
    """
    regions = country.regions
    own = {f"battalion {name}": f"region:{name}" for name in regions[:-1]}
    own[f"battalion {regions[-2]}"] += f";region:{regions[-1]}"
    return {**own, "mobile company": f"region:{regions[0]};region:{regions[1]}"}


def _covers(scope: str) -> str:
    return "*" if scope == "country" else f"region:{scope}"
