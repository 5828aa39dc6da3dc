"""W1 to W9: readiness, threat, calendar, dates, the mandate and phases."""

from __future__ import annotations

from micro.case import Micro, micro

CRITERIA = "packages,criterion,event,threshold,hold"
READINESS = "packages,criterion,score,assessed,growth,growth_after"
MONITORS = {
    "resources": "resource,owner | teams,mission",
    "capacity": "resource,amount | teams,9",
    "needs": "packages,stages,event,months,resource,amount | policing,mentored,,,teams,1 | clinics,,transfer,4,teams,1",
}


def held(hold: int) -> Micro:
    """Return a readiness gate with a hold."""
    return micro(
        f"a score holds for {hold} months before the transfer",
        "W1",
        {"criteria": f"{CRITERIA} | policing,staff,transfer,56,{hold + 1}"},
        criteria=f"{CRITERIA} | policing,staff,transfer,56,{hold}",
        readiness=f"{READINESS} | policing,staff,50,,3,",
        plan="months = 9",
    )


def gained(assessed: str, lifted: str) -> Micro:
    """Return options of which one adds to a score assessed in a month."""
    tables = f"{READINESS} | policing,staff,50,%s,1,"
    return micro(
        f"support adds to the score assessed in {assessed}",
        "W1",
        {"readiness": tables % lifted} if lifted else {"gains": ""},
        criteria=f"{CRITERIA} | policing,staff,transfer,60,1",
        readiness=tables % assessed,
        options="packages,option,support_months | policing,none,0 | policing,supported,2",
        gains="packages,option,criterion,gain | policing,supported,staff,7",
        plan="months = 12",
    )


def mandate(requires: str, end: str, later: str) -> Micro:
    """Return a mandate that ends."""
    plan = f'months = 10 | mandate_requires = "{requires}" | mandate_end = "%s"'
    return micro(
        f"the mandate ends and asks for the {requires}", "W8", {"plan": plan % later}, **MONITORS, plan=plan % end
    )


CASES: list[Micro] = [
    *map(held, (0, 1, 2)),
    micro(
        "the plan's hold is that of criteria without one",
        "W1",
        {"plan": "months = 9"},
        plan="months = 9 | hold = 1",
        criteria=f"{CRITERIA} | policing,staff,transfer,56,",
        readiness=f"{READINESS} | policing,staff,50,,3,",
    ),
    micro(
        "a criterion may be tested at the exit",
        "W1",
        {"criteria": f"{CRITERIA} | policing,staff,exit,0,1"},
        criteria=f"{CRITERIA} | policing,staff,exit,60,1",
        readiness=f"{READINESS} | policing,staff,55,,2,0.5",
    ),
    micro(
        "only holds at the transfer are proven before the joint stage",
        "P1",
        {"criteria": f"{CRITERIA} | policing,staff,transfer,40,3"},
        criteria=f"{CRITERIA} | policing,staff,exit,40,3",
        readiness=f"{READINESS} | policing,staff,50,,,",
    ),
    micro(
        "from the transfer on a score decays",
        "W1",
        {"readiness": f"{READINESS} | policing,staff,55,,2,"},
        criteria=f"{CRITERIA} | policing,staff,exit,60,0",
        readiness=f"{READINESS} | policing,staff,55,,2,-1.5",
    ),
    micro(
        "a score grows from its assessment on",
        "W1",
        {"readiness": f"{READINESS} | policing,staff,50,,2.5,"},
        criteria=f"{CRITERIA} | policing,staff,transfer,60,0",
        readiness=f"{READINESS} | policing,staff,50,2029-11,2.5,",
    ),
    micro(
        "an assessment may lie in the months of the plan, and even after the transfer",
        "W1",
        {"readiness": f"{READINESS} | policing,staff,62,,2,-3"},
        criteria=f"{CRITERIA} | policing,staff,exit,60,0 | policing,staff,transfer,62,0",
        readiness=f"{READINESS} | policing,staff,62,2030-05,2,-3",
    ),
    micro(
        "a score stops at 100",
        "W1",
        {"readiness": f"{READINESS} | policing,staff,99,,4,-9"},
        options="packages,option,mentored_months | policing,long, | policing,short,1",
        criteria=f"{CRITERIA} | policing,staff,exit,72,0",
        readiness=f"{READINESS} | policing,staff,99,,4,-9.5",
    ),
    gained("2029-12", ""),
    gained("2030-04", "2029-12"),
    micro(
        "the threat is low through the hold at the transfer",
        "W2",
        {"limits": ""},
        plan="months = 11 | hold = 1",
        limits="packages,event,limit | policing,,3",
        threat="places,from,to,level | arden,,2030-05,2 | arden,2030-06,2030-06,4 | arden,2030-07,,3",
    ),
    micro(
        "a score that falls after the transfer counts from its assessment, also where that is still to come",
        "W1",
        {"readiness": f"{READINESS} | policing,staff,50,2030-01,,-3"},
        criteria=f"{CRITERIA} | policing,staff,exit,53,0",
        readiness=f"{READINESS} | policing,staff,50,2030-06,,-3",
    ),
    micro(
        "the threat is low through the hold at the exit",
        "W2",
        {"criteria": f"{CRITERIA} | policing,staff,exit,0,0"},
        plan="months = 11",
        criteria=f"{CRITERIA} | policing,staff,exit,0,2",
        readiness=f"{READINESS} | policing,staff,50,,,",
        limits="packages,event,limit | policing,exit,3",
        threat="places,from,to,level | arden,,2030-05,2 | arden,2030-06,2030-06,4 | arden,2030-07,,3",
    ),
    micro(
        "the threat is low in the month of another event alone",
        "W2",
        {"limits": "packages,event,limit | policing,transfer,3"},
        plan="months = 9 | hold = 2",
        limits="packages,event,limit | policing,joint_start,3",
        threat="places,from,to,level | arden,,2030-04,2 | arden,2030-05,2030-05,4 | arden,2030-06,,3",
    ),
    micro(
        "the threat does not rise before the transfer",
        "W3",
        {"limits": "packages,event,trend | policing,,1"},
        plan="months = 10",
        limits="packages,event,trend | policing,,2",
        threat="places,from,to,level | arden,,2030-04,2 | arden,2030-05,,3",
    ),
    micro(
        "the threat does not rise before the exit, also from before the plan",
        "W3",
        {"limits": "packages,event,trend | policing,exit,3"},
        limits="packages,event,trend | policing,exit,5",
        threat="places,from,to,level | arden,2029-11,2029-12,2 | arden,2030-01,,3",
    ),
    micro(
        "a month without a threat has that of the nearest, the higher of two",
        "W2",
        {"threat": "places,from,to,level | arden,,2030-03,2 | arden,2030-08,,4"},
        plan="months = 12",
        limits="packages,limit | policing,3",
        threat="places,from,to,level | arden,,2030-03,2 | arden,2030-07,,4",
    ),
    micro(
        "the threat of a place overrides that of its region",
        "W2",
        {"threat": "places,from,level | region:north,,2"},
        limits="packages,limit | *,4",
        threat="places,from,to,level | region:north,,,2 | arden,2030-04,2030-05,5",
    ),
    micro(
        "the calendar closes events",
        "W4",
        {"calendar": ""},
        calendar="name,places,functions,events,from,to | vote,arden,policing,transfer;exit,2030-05,2030-06",
    ),
    micro(
        "a closure holds in a region, for the functions of a sector",
        "W4",
        {"calendar": "name,places,functions,from,to | vote,region:north,,2030-03,2030-05"},
        packages="place,function | arden,policing | belmont,policing | arden,clinics",
        plan="months = 7",
        calendar="name,places,functions,from,to | vote,region:north,sector:security,2030-03,2030-05",
    ),
    micro(
        "a closure holds again each year",
        "W4",
        {"calendar": "name,from,to,yearly | rains,2029-03,2029-04,no"},
        calendar="name,from,to,yearly | rains,2029-03,2029-04,yes",
    ),
    micro(
        "no transfer before the earliest month",
        "W5",
        {"packages": "place,function | arden,policing | arden,clinics"},
        packages="place,function,earliest | arden,policing,2030-04 | arden,clinics,",
    ),
    micro(
        "no transfer after the latest month",
        "W6",
        {"packages": "place,function | arden,policing | arden,clinics"},
        packages="place,function,latest | arden,policing,2030-04 | arden,clinics,",
    ),
    micro(
        "a transfer is fixed",
        "W7",
        {"packages": "place,function | arden,policing | arden,clinics"},
        packages="place,function,fixed | arden,policing,2030-04 | arden,clinics,",
    ),
    mandate("transfer", "2030-05", "2030-06"),
    mandate("exit", "2030-07", "2030-08"),
    mandate("departure", "2030-08", "2030-09"),
    micro(
        "a phase admits some functions",
        "W9",
        {"phases": ""},
        phases="phase,from,to,admits | first,,2030-04,sector:security | second,2030-05,,policing;clinics",
    ),
    micro(
        "a phase names its months",
        "W9",
        {"phases": "phase,from,to | first,,2030-04 | second,2030-05,"},
        phases="phase,from,to,months | first,,2030-04,2030-02;2030-04 | second,2030-05,,",
    ),
]
