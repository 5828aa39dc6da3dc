"""S1 and S2 without money: pools, sources, forces, buckets and what is needed."""

from __future__ import annotations

from collections.abc import Mapping

from micro.case import Micro, micro

TWO = "place,function | arden,policing | arden,clinics"
PLACES = "place,function | arden,policing | belmont,clinics"
NEED = "packages,stages,event,months,threat,resource,amount,per_people"
POOL = {"resources": "resource | teams", "capacity": "resource,amount | teams,1"}
#: A source, and one that is away for a month; whom they serve is to be filled in.
SOURCES = (
    "resource,source,places,functions,from,to,amount"
    " | teams,north,%s,,,1 | teams,police,%s,,2030-03,1 | teams,police,%s,2030-05,,1"
)
#: A force, and one that is away for a month; where the first is is to be filled in.
FORCES = (
    "force,role,resource,covers,from,to,people"
    " | north,presence,troops,%s,,,2 | south,presence,troops,*,,2030-03,2 | south,presence,troops,*,2030-05,,2"
)
THREAT = "places,from,to,level | arden,,2030-03,2 | arden,2030-04,,4 | belmont,,,3"


def bucket(name: str, amount: int, month: str, **tables: str) -> Micro:
    """Return handovers that are counted in buckets; ``month`` is the bucket to compare with."""
    resources = "resource,bucket | teams,%s"
    needs = f"{NEED} | *,,transfer,,,teams,1, | policing,joint,,,,teams,1,"
    return micro(
        f"needs are summed over each {name}",
        "S1",
        {"resources": resources % month},
        resources=resources % name,
        capacity=f"resource,amount | teams,{amount}",
        needs=needs,
        **tables,
    )


def pools(per: str, lifted: str) -> Micro:
    """Return pools of places or regions."""
    capacity = {"place": "teams,arden,1 | teams,belmont,1", "region": "teams,region:north,1 | teams,region:south,1"}
    header = {"place": "resource,places,amount", "region": "resource,places,amount"}[per]
    return micro(
        f"each {per} has a pool of its own",
        "S1",
        {"resources": "resource | teams", "capacity": lifted},
        plan="months = 7",
        packages="place,function | arden,policing | arden,clinics | belmont,clinics",
        resources=f"resource,per | teams,{per}",
        capacity=f"{header} | {capacity[per]}",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
    )


def needing(name: str, needs: str, lifted: str, **tables: str) -> Micro:
    """Return needs that one pool must meet."""
    both: Mapping[str, str] = {**POOL, **tables}
    return micro(name, "S1", {"needs": f"{NEED} | {lifted}"}, **both, needs=f"{NEED} | {needs}")


CASES: list[Micro] = [
    needing("one pool serves all", "*,mentored,,,,teams,1,", "*,mentored,,,,teams,0,"),
    needing(
        "stages listed in a row need alike",
        "policing,joint;advisory,,,,teams,1, | clinics,mentored,,,,teams,1,",
        "policing,advisory,,,,teams,1, | clinics,mentored,,,,teams,1,",
    ),
    needing(
        "fragile stands for the fragile stages",
        "policing,fragile,,,,teams,1, | clinics,mentored,,,,teams,1,",
        "policing,mentored,,,,teams,1, | clinics,mentored,,,,teams,1,",
        functions="function,joint_months,mentored_months,advisory_months,fragile | policing,1,1,2,joint;advisory"
        " | clinics,0,1,1,",
    ),
    needing(
        "a proving package needs what an international one does",
        "policing,international,,,,teams,1, | clinics,advisory,,,,teams,1,",
        "policing,international,,,,teams,1, | policing,proving,,,,teams,0, | clinics,advisory,,,,teams,1,",
        plan="months = 10 | hold = 3",
    ),
    needing(
        "what a proving package needs stands instead of what an international one does",
        "policing,international,,,,teams,1, | policing,proving,,,,teams,2, | clinics,advisory,,,,teams,1,",
        "policing,international,,,,teams,1, | policing,proving,,,,teams,1, | clinics,advisory,,,,teams,1,",
        capacity="resource,amount | teams,2",
        plan="months = 10 | hold = 3",
    ),
    needing(
        "an autonomous package needs to the end of the plan",
        "policing,autonomous,,,,teams,1, | clinics,mentored,,,,teams,1,",
        "clinics,mentored,,,,teams,1,",
        plan="months = 9",
    ),
    needing(
        "an event needs once",
        "*,,transfer,,,teams,1,",
        "policing,,transfer,,,teams,1, | clinics,,transfer,2,,teams,1,",
    ),
    needing(
        "an event needs for months after it",
        "policing,,joint_start,3,,teams,1, | clinics,,exit,2,,teams,1,",
        "policing,,joint_start,1,,teams,1, | clinics,,exit,1,,teams,1,",
    ),
    needing(
        "an event before the plan needs for months within it",
        "policing,,transfer,3,,teams,1, | clinics,,transfer,,,teams,1,",
        "policing,,transfer,1,,teams,1, | clinics,,transfer,,,teams,1,",
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics,",
    ),
    needing(
        "a need at some threat levels only",
        "policing,mentored,,,4;5,teams,2,",
        "policing,mentored,,,,teams,2,",
        threat=THREAT,
    ),
    needing(
        "rows with different threat levels add up",
        "policing,mentored,,,2;4,teams,1, | policing,mentored,,,4,teams,1,",
        "policing,mentored,,,2,teams,1,",
        threat=THREAT,
    ),
    needing(
        "a need per people is rounded up",
        "*,mentored,,,,teams,1,1000",
        "*,mentored,,,,teams,1,",
        plan="months = 7",
        packages="place,function | arden,policing | belmont,clinics",
        capacity="resource,amount | teams,3",
    ),
    needing(
        "the row of a place speaks for its packages",
        "*,mentored,,,,teams,1, | arden/*,mentored,,,,teams,2,",
        "*,mentored,,,,teams,1,",
        packages=PLACES,
        capacity="resource,amount | teams,2",
    ),
    micro(
        "a source serves some functions only",
        "S1",
        {"capacity": "resource,source,functions,amount | teams,police,,1 | teams,all,,1"},
        plan="months = 7",
        packages="place,function | arden,policing | arden,clinics | belmont,clinics",
        resources="resource | teams",
        capacity="resource,source,functions,amount | teams,police,policing,1 | teams,all,,1",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
    ),
    micro(
        "sources serve sets that overlap",
        "S1",
        {"capacity": SOURCES % (",", ",", ",")},
        plan="months = 7",
        packages="place,function | arden,clinics | belmont,policing | arden,policing",
        resources="resource | teams",
        capacity=SOURCES % ("region:north,", ",policing", ",policing"),
        needs=f"{NEED} | *,mentored,,,,teams,1,",
    ),
    pools("place", "resource,amount | teams,2"),
    pools("region", "resource,amount | teams,2"),
    micro(
        "the row of a place beats that of all pools",
        "S1",
        {"capacity": "resource,places,from,amount | teams,,,2"},
        packages=TWO,
        resources="resource,per | teams,place",
        capacity="resource,places,from,to,amount | teams,,,,2 | teams,arden,2030-03,2030-05,1",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
    ),
    micro(
        "a capacity changes in the course of the plan",
        "S1",
        {"capacity": "resource,from,to,amount | teams,,,2"},
        packages=TWO,
        resources="resource | teams",
        capacity="resource,from,to,amount | teams,,2030-03,2 | teams,2030-04,2030-07,1",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
    ),
    micro(
        "forces serve the places they cover",
        "S1",
        {"guarantees": FORCES % "*"},
        plan="months = 7",
        packages="place,function | arden,policing | arden,clinics | belmont,clinics",
        resources="resource | troops",
        guarantees=FORCES % "region:north",
        needs=f"{NEED} | *,mentored,,,,troops,2,",
    ),
    micro(
        "a force leaves, and each is multiplied and rounded down by itself",
        "S1",
        {"calendar": ""},
        packages=PLACES,
        resources="resource | troops",
        guarantees="force,role,resource,covers,to,people | north,presence,troops,*,2030-06,3"
        " | south,presence,troops,*,,3",
        needs=f"{NEED} | *,mentored,,,,troops,2,",
        calendar="name,from,to,resource,capacity_factor | rains,2030-04,2030-04,troops,0.5",
    ),
    micro(
        "the calendar multiplies a capacity, rounded down, each year",
        "S1",
        {"calendar": "name,from,to,yearly,resource,capacity_factor | rains,2029-03,2029-05,no,teams,0.5"},
        packages=TWO,
        resources="resource | teams",
        capacity="resource,amount | teams,3",
        needs=f"{NEED} | *,mentored,,,,teams,1, | *,,transfer,,,teams,1,",
        calendar="name,from,to,yearly,resource,capacity_factor | rains,2029-03,2029-05,yes,teams,0.5",
    ),
    micro(
        "two factors multiply before the capacity is rounded down",
        "S1",
        {"calendar": "name,from,to,resource,capacity_factor | rains,2030-03,2030-06,teams,0.5"},
        packages=TWO,
        resources="resource | teams",
        capacity="resource,amount | teams,3",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
        calendar="name,from,to,resource,capacity_factor | rains,2030-03,2030-06,teams,0.5"
        " | relief,2030-04,2030-05,teams,1.5",
    ),
    micro(
        "a factor touches only the pools of its places",
        "S1",
        {"calendar": "name,places,from,to,resource,capacity_factor | rains,,2030-03,2030-06,teams,0.5"},
        plan="months = 7",
        packages="place,function | arden,policing | arden,clinics | belmont,clinics",
        resources="resource,per | teams,region",
        capacity="resource,places,amount | teams,region:north,2 | teams,region:south,1",
        needs=f"{NEED} | *,mentored,,,,teams,1,",
        calendar="name,places,from,to,resource,capacity_factor | rains,arden,2030-03,2030-06,teams,0.5",
    ),
    bucket("month", 1, "plan"),
    bucket("phase", 2, "month", phases="phase,from,to | first,,2030-04 | second,2030-05,"),
    bucket("fiscal_year", 2, "plan", plan="months = 9 | fiscal_year_start = 5"),
    bucket("plan", 2, "month", functions="function,joint_months,mentored_months,advisory_months,fragile"
           " | policing,1,2,1, | clinics,0,1,1,", options="packages,option,support_months,joint_months"
           " | policing,none,0,1 | policing,supported,1,0"),
    micro(
        "a row gives the buckets that begin in its months",
        "S1",
        {"capacity": "resource,from,to,amount | teams,,2030-05,2 | teams,2030-06,,1"},
        plan="months = 10",
        phases="phase,from,to | first,,2030-03 | second,2030-04,2030-07 | third,2030-08,",
        resources="resource,bucket | teams,phase",
        capacity="resource,from,to,amount | teams,,2030-03,2 | teams,2030-04,,1",
        needs=f"{NEED} | *,,transfer,,,teams,1,",
    ),
]  # fmt: skip
