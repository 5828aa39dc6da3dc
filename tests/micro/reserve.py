"""R1: any k relapses can be answered at once."""

from __future__ import annotations

from micro.case import Micro, micro

THREE = "place,function | arden,policing | arden,clinics | belmont,clinics"
NEEDS = "packages,event,threat,amount,per_people"
RELAPSES = f"{NEEDS} | arden/policing,relapse,,4, | arden/clinics,relapse,,3, | belmont/clinics,relapse,,2,"
FORCES = "force,role,covers,from,to,people"


def largest(k: int, people: int) -> Micro:
    """Return a reserve that answers so many relapses at once."""
    return micro(
        f"the reserve answers {k} of three at once",
        "R1",
        {"guarantees": f"{FORCES} | company,reserve,*,,,{people + 1}"},
        plan="months = 6",
        packages=THREE,
        reserve=f"scope,k | country,{k}",
        guarantees=f"{FORCES} | company,reserve,*,,,{people}",
        needs=RELAPSES,
    )


CASES: list[Micro] = [
    micro(
        "the reserve answers one relapse, and in some months none",
        "R1",
        {"guarantees": f"{FORCES} | company,reserve,*,,,2"},
        reserve="scope,k | country,1",
        guarantees=f"{FORCES} | company,reserve,*,,2030-04,2 | company,reserve,*,2030-06,,2",
        needs=f"{NEEDS} | *,relapse,,2,",
    ),
    micro(
        "the reserve answers 1 of three at once",
        "R1",
        {"guarantees": f"{FORCES} | company,reserve,*,,,4"},
        plan="months = 6",
        packages=THREE,
        reserve="scope,k | country,1",
        guarantees=f"{FORCES} | company,reserve,*,,2030-01,3 | company,reserve,*,2030-02,,4",
        needs=RELAPSES,
    ),
    largest(2, 6),
    largest(3, 8),
    micro(
        "the reserve of a region answers relapses there",
        "R1",
        {"guarantees": f"{FORCES} | company,reserve,*,,,7 | platoon,reserve,region:north,,,7"},
        plan="months = 6",
        packages=THREE,
        reserve="scope,k | country,2 | north,2",
        guarantees=f"{FORCES} | company,reserve,*,,,7 | platoon,reserve,region:north,,,5",
        needs=f"{NEEDS} | policing,relapse,,4, | clinics,relapse,,3,",
    ),
    micro(
        "a relapse needs more at some threat levels, and per people",
        "R1",
        {"threat": "places,from,to,level | *,,,2"},
        plan="months = 7",
        packages="place,function | arden,policing | belmont,clinics",
        threat="places,from,to,level | *,,2030-03,2 | *,2030-04,2030-04,4 | *,2030-05,,2",
        reserve="scope,k | country,2",
        guarantees=f"{FORCES} | company,reserve,*,,,4",
        needs=f"{NEEDS} | *,relapse,,1,1000 | *,relapse,4,1,",
    ),
    micro(
        "only fragile stages count for the reserve",
        "R1",
        {"functions": "function,joint_months,mentored_months,advisory_months | policing,1,2,1 | clinics,0,1,1"},
        functions="function,joint_months,mentored_months,advisory_months,fragile | policing,1,2,1,mentored"
        " | clinics,0,1,1,joint;mentored",
        reserve="scope,k | country,2",
        guarantees=f"{FORCES} | company,reserve,*,,,3",
        needs=f"{NEEDS} | *,relapse,,2,",
    ),
    micro(
        "a past package counts for the reserve",
        "R1",
        {"packages": "place,function,fixed | arden,policing,2029-09 | arden,clinics,"},
        packages="place,function,fixed | arden,policing,2029-12 | arden,clinics,",
        reserve="scope,k | country,2",
        guarantees=f"{FORCES} | company,reserve,*,,,3",
        needs=f"{NEEDS} | *,relapse,,2,",
    ),
]
