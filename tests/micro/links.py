"""L1 to L4: lags, widths and gates."""

from __future__ import annotations

from micro.case import Micro, micro

LAG = "before,before_event,after,after_event,minimum,maximum"
THREE = "place,function | arden,policing | arden,clinics | belmont,clinics"

CASES: list[Micro] = [
    micro("a minimum lag", "L1", {"links": ""}, links=f"{LAG} | arden/policing,,arden/clinics,,2,"),
    micro("a negative minimum lag", "L1", {"links": ""}, links=f"{LAG} | arden/policing,,arden/clinics,,-2,"),
    micro("a blank minimum is 0", "L1", {"links": ""}, links=f"{LAG} | arden/policing,,arden/clinics,,,"),
    micro("a maximum lag", "L2", {"links": ""}, links=f"{LAG} | arden/policing,,arden/clinics,,any,2"),
    micro("a lag between bounds", "L1 L2", {"links": ""}, links=f"{LAG} | arden/policing,exit,arden/clinics,,-2,1"),
    micro(
        "a star on both sides links packages of one place",
        "L1",
        {"links": f"{LAG} | policing,,belmont/clinics,,2, | policing,,arden/clinics,,2,"},
        plan="months = 7",
        packages=THREE,
        links=f"{LAG} | */policing,,*/clinics,,2,",
    ),
    micro(
        "a star on one side links all",
        "L1",
        {"links": f"{LAG} | */policing,,*/clinics,,2,"},
        plan="months = 7",
        packages=THREE,
        links=f"{LAG} | arden/policing,,*/clinics,,2,",
    ),
    micro(
        "a link between two other events",
        "L1 L2",
        {"links": f"{LAG} | */policing,exit,*/clinics,exit,0,2"},
        links=f"{LAG} | */policing,advisory_start,*/clinics,exit,0,2",
    ),
    micro(
        "a link between two events of one package",
        "L2",
        {"links": ""},
        options="packages,option,support_months | policing,short,1 | policing,long,3",
        links=f"{LAG} | arden/policing,support_start,arden/policing,transfer,any,2",
    ),
    micro(
        "a link between two dates before the plan is exempt",
        "L1",
        {"packages": "place,function,fixed | arden,policing,2029-12 | arden,clinics,"},
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics,2029-11 | belmont,clinics,",
        links=f"{LAG} | arden/policing,,*/clinics,,3,",
    ),
    micro(
        "events lie close together",
        "L3",
        {"links": "before,before_event,after,after_event,width | *,transfer,,,3"},
        links="before,before_event,after,after_event,width | *,transfer,,,2",
        plan="months = 7",
    ),
    micro(
        "a width is about sets of each place",
        "L3",
        {"links": "before,before_event,after,after_event,width | arden/policing,exit,*/clinics,transfer,2"},
        plan="months = 6",
        packages="place,function,latest | arden,policing, | arden,clinics, | belmont,clinics,2030-02",
        links="before,before_event,after,after_event,width | */policing,exit,*/clinics,transfer,2",
    ),
    micro(
        "a width leaves out events before the plan",
        "L3",
        {"packages": "place,function,fixed | arden,policing,2030-01 | arden,clinics, | belmont,clinics,"},
        plan="months = 6",
        functions="function,joint_months,mentored_months,advisory_months | policing,0,0,0 | clinics,0,1,1",
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics, | belmont,clinics,",
        links="before,width | *,1",
    ),
    micro(
        "a gate waits for all but who is exempt",
        "L4",
        {"links": "before,before_event,gate,minimum,except | */policing,exit,late,1,"},
        plan="months = 7",
        packages=THREE,
        phases="phase,from,to | early,,2030-03 | late,2030-04,",
        links="before,before_event,gate,minimum,except | */policing,exit,late,1,belmont/clinics",
    ),
    micro(
        "nobody waits for its own event at a gate",
        "L4",
        {"links": ""},
        phases="phase,from,to | early,,2030-03 | late,2030-04,",
        links="before,before_event,gate | *,advisory_start,late",
    ),
    micro(
        "a past package does not wait at a gate but is waited for",
        "L4",
        {"packages": "place,function,fixed | arden,policing,2029-10 | arden,clinics, | belmont,clinics,2029-12"},
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics, | belmont,clinics,2029-12",
        phases="phase,from,to | early,, ",
        links="before,before_event,gate,minimum | arden/policing,exit,early,3",
    ),
]
