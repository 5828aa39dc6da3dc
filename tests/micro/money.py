"""S1 to S7: lines of money, whole years of them, and few months to choose from."""

from __future__ import annotations

from micro.case import Micro, micro

HEAD = "place,function,earliest,latest,recurrent_cost,handover_cost,revenue,revenue_to"
POLICING = "arden,policing,2030-08,2030-12,1,0,,"
#: One package, 24 months: what it costs in the two years is 13 - t and 12.
ONE = {"plan": "months = 24", "packages": f"{HEAD} | {POLICING}"}
CLINICS = "arden,clinics,2030-09,2031-01,1,2,,"
TWO = {"plan": "months = 24", "packages": f"{HEAD} | {POLICING} | {CLINICS}"}
BUDGET = "line,fiscal_year,amount,max_growth,max_fall,base"
PLEDGES = "donor,pledge,from,to,amount,status,earmark,carry_over,condition,condition_event,max_growth,max_fall,base"
AMPLE = f"{BUDGET} | host,,30,,,"
DONORS = {"donors": "donor,max_share | bank, | fund, | union,"}


def shares(limit: str) -> str:
    """Return three donors with the same greatest share."""
    return f"donor,max_share | bank,{limit} | fund,{limit} | union,{limit}"


CASES: list[Micro] = [
    micro(
        "a budget pays for what packages cost each year",
        "S1",
        {"budget": AMPLE},
        **TWO,
        budget=f"{BUDGET} | host,2030,6,,, | host,2031,24,,,",
    ),
    micro(
        "support and the handover cost money, too",
        "S1",
        {"options": "packages,option,support_months,support_cost | policing,none,0,0 | policing,supported,2,0"},
        **TWO,
        options="packages,option,support_months,support_cost | policing,none,0,0 | policing,supported,2,2",
        budget=f"{BUDGET} | host,2030,8,,, | host,,25,,,",
    ),
    micro(
        "fiscal years may begin in July, and the plan may cut them",
        "S1",
        {"plan": "months = 24"},
        plan="months = 24 | fiscal_year_start = 7",
        packages=TWO["packages"],
        budget=f"{BUDGET} | host,2030,2,,, | host,2031,17,,, | host,2032,12,,,",
    ),
    micro(
        "what is left over pays later",
        "S3",
        {"pledges": f"{PLEDGES} | bank,,,2030-12,8,,,,,,,, | bank,,2031-01,,20,,,,,,,,"},
        **TWO,
        **DONORS,
        pledges=f"{PLEDGES} | bank,,,2030-12,8,,,yes,,,,, | bank,,2031-01,,20,,,yes,,,,,",
    ),
    micro(
        "what is left over pays up to a month",
        "S1 S3",
        {"pledges": f"{PLEDGES} | bank,,,2030-12,5,,,yes,,,,, | bank,,2031-01,,12,,,yes,,,,,"},
        plan="months = 36",
        packages=f"{HEAD} | {POLICING} | arden,clinics,2031-11,2032-02,0,1,,",
        **DONORS,
        pledges=f"{PLEDGES} | bank,,,2030-12,5,,,2031-06,,,,, | bank,,2031-01,,12,,,2031-06,,,,,",
    ),
    micro(
        "shares of donors are of whole units",
        "S4",
        {"donors": shares("45")},
        plan="months = 24",
        packages=f"{HEAD} | arden,policing,2030-04,2030-10,1,0,, | arden,clinics,2030-10,2030-12,0,1,,",
        donors=shares("40"),
        pledges=f"{PLEDGES} | bank,,,,20,,,,,,,, | fund,,,,20,,,,,,,, | union,,,,20,,,,,,,,",
    ),
    micro(
        "a share is of all that is needed, over all pledges of a donor",
        "S4",
        {"donors": "donor,max_share | bank,"},
        plan="months = 14",
        packages=f"{HEAD} | {POLICING}",
        donors="donor,max_share | bank,50",
        budget=f"{BUDGET} | host,,2,,,",
        pledges=f"{PLEDGES} | bank,one,,,2,,,,,,,, | bank,two,,,2,,,,,,,,",
    ),
    micro(
        "a budget grows from its base only so fast",
        "S5",
        {"budget": f"{BUDGET} | host,2030,30,2,, | host,2031,30,9,,"},
        **ONE,
        budget=f"{BUDGET} | host,2030,30,2,,1 | host,2031,30,9,,",
    ),
    micro(
        "a budget grows from year to year only so fast",
        "S5",
        {"budget": f"{BUDGET} | host,2030,30,,, | host,2031,30,,,"},
        **ONE,
        budget=f"{BUDGET} | host,2030,30,,, | host,2031,30,9,,",
    ),
    micro(
        "a budget falls only so fast",
        "S5",
        {"budget": f"{BUDGET} | host,2030,30,,, | host,2031,30,,,"},
        plan="months = 24",
        packages=f"{HEAD} | arden,policing,2030-10,2031-01,0,4,, | arden,clinics,2030-12,2031-02,0,4,,",
        budget=f"{BUDGET} | host,2030,30,,3, | host,2031,30,,,",
    ),
    micro(
        "a budget falls from its base only so fast",
        "S5",
        {"budget": f"{BUDGET} | host,2030,30,,4, | host,2031,30,,,"},
        **ONE,
        budget=f"{BUDGET} | host,2030,30,,4,7 | host,2031,30,,,",
    ),
    micro(
        "a pledge that ends within the plan falls to nothing",
        "S5",
        {"pledges": f"{PLEDGES} | bank,,,2032-01,30,,,,,,,12,"},
        plan="months = 24",
        packages=f"{HEAD} | arden,policing,2030-08,2030-12,1,0,, | arden,clinics,2030-11,2031-02,0,3,,",
        **DONORS,
        pledges=f"{PLEDGES} | bank,,,2031-12,30,,,,,,,12,",
    ),
    micro(
        "a year that the plan cuts is no step",
        "S5",
        {"plan": "months = 24", "budget": f"{BUDGET} | host,2030,30,1,,0 | host,2031,30,1,, | host,2032,30,1,,"},
        plan="months = 24 | fiscal_year_start = 7",
        packages=f"{HEAD} | arden,policing,2030-04,2030-11,1,0,,",
        budget=f"{BUDGET} | host,2030,30,1,, | host,2031,30,10,,0 | host,2032,30,1,,",
    ),
    micro(
        "a row without a year gives the years that others leave out",
        "S1",
        {"budget": f"{BUDGET} | host,2030,5,,, | host,2031,30,,,"},
        plan="months = 26",
        packages=TWO["packages"],
        budget=f"{BUDGET} | host,2030,5,,, | host,2031,30,,, | host,,4,,,",
    ),
    micro(
        "a pledge ends with the sunset of its donor",
        "S1",
        {"donors": "donor,sunset | bank,2031-01"},
        **TWO,
        donors="donor,sunset | bank,2030-12",
        budget=f"{BUDGET} | host,,24,,,",
        pledges=f"{PLEDGES} | bank,,,,9,,,,,,,,",
    ),
    micro(
        "money waits for an event",
        "S1",
        {"pledges": f"{PLEDGES} | bank,,,,12,,,,,,,,"},
        **TWO,
        **DONORS,
        budget=f"{BUDGET} | host,,12,,,",
        pledges=f"{PLEDGES} | bank,,,,12,,,,arden/policing,exit,,,",
    ),
    micro(
        "money whose event is late is lost, also for later years",
        "S3",
        {"pledges": f"{PLEDGES} | bank,,2031-01,2031-12,3,,,yes,,,,, | bank,,2032-01,,0,,,yes,,,,,"},
        plan="months = 36",
        packages=f"{HEAD} | arden,policing,2030-11,2031-03,1,0,,",
        **DONORS,
        budget=f"{BUDGET} | host,2032,9,,, | host,,12,,,",
        pledges=f"{PLEDGES} | bank,,2031-01,2031-12,3,,,yes,arden/policing,joint_start,,,"
        " | bank,,2032-01,,0,,,yes,,,,,",
    ),
    micro(
        "revenue is paid into the budget",
        "S1",
        {"packages": f"{HEAD} | {POLICING} | {CLINICS}"},
        plan="months = 24",
        packages=f"{HEAD} | {POLICING} | arden,clinics,2030-09,2031-01,1,2,1,",
        budget=f"{BUDGET} | host,2030,4,,, | host,2031,12,,,",
    ),
    micro(
        "revenue is paid into a pledge and carries over with it",
        "S3",
        {"packages": f"{HEAD} | arden,policing,2030-08,2030-12,1,0,1, | {CLINICS}"},
        plan="months = 24",
        packages=f"{HEAD} | arden,policing,2030-08,2030-12,1,0,1,bank | {CLINICS}",
        **DONORS,
        budget=f"{BUDGET} | host,,4,,,",
        pledges=f"{PLEDGES} | bank,,,,4,,,yes,,,,,",
    ),
    micro(
        "a pledge is earmarked",
        "S2",
        {"pledges": f"{PLEDGES} | bank,,,,14,,,,,,,,"},
        **TWO,
        **DONORS,
        budget=f"{BUDGET} | host,2030,3,,, | host,,12,,,",
        pledges=f"{PLEDGES} | bank,,,,14,,clinics,,,,,,",
    ),
    micro(
        "pledges are earmarked for sets that overlap",
        "S2",
        {"pledges": f"{PLEDGES} | bank,,,,9,,,,,,,, | fund,,,,3,,,,,,,,"},
        plan="months = 8 | fiscal_year_start = 7",
        packages=f"{HEAD} | arden,policing,2030-02,2030-05,1,0,, | arden,clinics,2030-02,2030-04,1,0,,"
        " | belmont,clinics,2030-03,2030-04,1,0,,",
        **DONORS,
        pledges=f"{PLEDGES} | bank,,,,9,,arden/*,,,,,, | fund,,,,3,,clinics,,,,,,",
    ),
    micro(
        "an announced pledge does not count",
        "S1",
        {"plan": "months = 24 | announced_pledges = true"},
        **TWO,
        **DONORS,
        budget=f"{BUDGET} | host,2030,5,,, | host,,24,,,",
        pledges=f"{PLEDGES} | bank,,,,12,announced,,,,,,,",
    ),
    micro(
        "an announced pledge counts where the plan says so",
        "S1",
        {"plan": "months = 24"},
        plan="months = 24 | announced_pledges = true",
        packages=TWO["packages"],
        **DONORS,
        budget=f"{BUDGET} | host,2030,5,,, | host,,24,,,",
        pledges=f"{PLEDGES} | bank,,,2030-12,3,announced,,,,,,, | bank,,2031-01,,3,announced,,,,,,,",
    ),
    micro(
        "a package handed over before the plan costs from the first month on",
        "S1",
        {"budget": AMPLE},
        plan="months = 14",
        packages="place,function,fixed,earliest,latest,recurrent_cost | arden,policing,2029-11,,,1"
        " | arden,clinics,,2030-08,2030-12,1",
        budget=f"{BUDGET} | host,,15,,,",
    ),
]
