"""P1 and W10: the path of a package, and where it is when the plan begins."""

from __future__ import annotations

from micro.case import Micro, micro

OPTIONS = "packages,option,support_months | policing,none,0 | policing,supported,2"
STARTED = "place,function,option,current_stage,since"

CASES: list[Micro] = [
    micro(
        "the path fits the plan",
        "P1",
        {"functions": "function,joint_months,mentored_months,advisory_months | policing,0,0,0 | clinics,0,1,1"},
    ),
    micro(
        "the option is the one named",
        "P1",
        {"packages": "place,function | arden,policing | arden,clinics"},
        options=OPTIONS,
        packages="place,function,option | arden,policing,supported | arden,clinics,",
    ),
    micro(
        "an option has stage lengths of its own",
        "P1 L2",
        {"options": OPTIONS},
        options="packages,option,support_months,joint_months,mentored_months,advisory_months"
        " | policing,none,0,,, | policing,supported,2,0,1,2",
        links="before,before_event,after,after_event,minimum,maximum | */policing,exit,*/clinics,transfer,any,-1",
    ),
    micro(
        "a stage of no length has its events",
        "L1",
        {"links": ""},
        links="before,before_event,after,after_event | */policing,transfer,*/clinics,joint_start",
    ),
    micro(
        "a hold longer than the joint stage is proven before it",
        "P1",
        {"plan": "months = 8 | hold = 1"},
        plan="months = 8 | hold = 3",
    ),
    micro(
        "a past package needs what its stages need from the first month on",
        "S1",
        {"packages": "place,function,fixed | arden,policing,2029-09 | arden,clinics,"},
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics,",
        resources="resource | teams",
        capacity="resource,amount | teams,1",
        needs="packages,stages,resource,amount | *,mentored,teams,1",
    ),
    micro(
        "a package is past by the stage it is in",
        "L1",
        {"packages": "place,function,current_stage,since | arden,policing,mentored,2029-12 | arden,clinics,,"},
        packages="place,function,current_stage,since | arden,policing,advisory,2029-12 | arden,clinics,,",
        links="before,before_event,after,after_event,minimum | */policing,transfer,*/clinics,transfer,4",
    ),
    micro(
        "a past package belongs to no phase and is exempt from the calendar",
        "W4 W9",
        {"phases": "", "calendar": ""},
        packages="place,function,fixed | arden,policing,2029-11 | arden,clinics,",
        phases="phase,from,to,admits | first,,2030-04,clinics | second,2030-05,,policing",
        calendar="name,from,to,yearly | rains,2029-10,2029-12,yes | vote,2030-02,,",
    ),
    micro(
        "a package midway is where it is",
        "W10",
        {"packages": "place,function,option,current_stage,since | arden,policing,supported,,| arden,clinics,,,"},
        packages=f"{STARTED} | arden,policing,supported,support,2029-12 | arden,clinics,,,",
        options=OPTIONS,
    ),
    micro(
        "a package midway may be in its joint stage",
        "W10",
        {"packages": f"{STARTED} | arden,policing,none,support,2030-01 | arden,clinics,,,"},
        packages=f"{STARTED} | arden,policing,supported,joint,2029-12 | arden,clinics,,,",
        functions="function,joint_months,mentored_months,advisory_months | policing,3,2,1 | clinics,0,1,1",
        options="packages,option,support_months | policing,none,2 | policing,supported,2",
    ),
    micro(
        "what a package midway has behind it is not tested",
        "W2 W3 W4 W10",
        {"calendar": "", "limits": ""},
        plan="months = 14",
        packages=f"{STARTED} | arden,policing,supported,support,2029-12 | arden,clinics,,international,",
        options=OPTIONS,
        calendar="name,from,events,yearly | rains,2029-12,support_start,yes",
        limits="packages,event,limit,trend | *,support_start,3,1",
        threat="places,from,to,level | *,2029-11,2029-12,4 | *,,2030-03,5 | *,2030-04,2030-07,2 | *,2030-08,,3",
    ),
]
