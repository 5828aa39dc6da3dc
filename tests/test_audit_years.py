"""Money from year to year: carry-over (S3), shares of donors (S4), growth and fall (S5).

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, joint 2, mentored 3, advisory 1, hold 0. Here the plan has 30
months. Fiscal years from July: FY2030 is months 0..5, FY2031 and FY2032 are the whole years 6..17 and 18..29.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    broken,
    budget,
    case,
    choices,
    donor,
    only,
    package,
    pair,
    plan,
    pledge,
)

from sequencer.audit import Finding, audit
from sequencer.instance import facts
from sequencer.vocabulary import Event

REST = "rest"  # a line that pays whatever is needed and binds nobody
Found = list[tuple[str, int | None, int]]


def judged(used: Sequence[int], *rows: facts.Pledge | facts.Budget, clinics: int = 8, **tables: object) -> Found:
    """Return what is broken if so much is used of one line in each year, and all else is paid from another.

    Past policing needs 100 in every month. Clinics transfer in the month given and cost nothing.
    """
    years = (2030, 2031, 2032)
    instance = pair(
        plan=plan(months=30),
        budget=(
            *(budget(year, 9999, line=REST) for year in years),
            *(row for row in rows if isinstance(row, facts.Budget)),
        ),
        pledges=tuple(row for row in rows if isinstance(row, facts.Pledge)),
        **({"packages": (package(recurrent_cost=100, fixed=-1), package(CLINICS))} | tables),
    )
    (line,) = {row.line for row in rows}
    rest = tuple(need - use for need, use in zip((600, 1200, 1200), used, strict=True))
    return broken(instance, choices(-1, clinics), {line: tuple(used), REST: rest})


# S3


def test_s3_what_is_left_over_is_used_later() -> None:
    # 10 in each of the three years.
    kept = pledge("EU", 10, carry_until=29)
    for used in ((0, 0, 30), (10, 10, 10), (4, 16, 10), (0, 20, 0)):
        assert judged(used, kept) == []
    assert judged((0, 0, 31), kept) == [("S3", 18, 1)]
    # What comes later may not be used before; what is used too early lacks until it has come in.
    assert judged((11, 9, 10), kept) == [("S3", 0, 1)]
    assert judged((12, 9, 10), kept) == [("S3", 0, 2), ("S3", 6, 1), ("S3", 18, 1)]
    # Without carry-over each year stands alone.
    assert judged((4, 16, 10), pledge("EU", 10)) == [("S1", 6, 6)]


def test_s3_carries_over_into_the_years_that_begin_up_to_a_month() -> None:
    # FY2032 begins in 18. Until 17 it stands alone, with nothing left over.
    assert judged((0, 20, 10), pledge("EU", 10, carry_until=17)) == []
    assert judged((0, 0, 11), pledge("EU", 10, carry_until=17)) == [("S1", 18, 1)]
    assert judged((0, 0, 30), pledge("EU", 10, carry_until=18)) == []
    # What was used too early burdens no year that stands alone.
    assert judged((0, 21, 10), pledge("EU", 10, carry_until=17)) == [("S3", 6, 1)]
    assert judged((0, 11, 0), pledge("EU", 10, carry_until=5)) == [("S1", 6, 1)]
    assert judged((11, 0, 0), pledge("EU", 10, carry_until=0)) == [("S3", 0, 1)]
    # A month before the plan carries nothing.
    assert judged((11, 0, 0), pledge("EU", 10, carry_until=-1)) == [("S1", 0, 1)]


def test_s3_carries_over_after_the_pledge_has_ended() -> None:
    kept = pledge("EU", 10, end=17, carry_until=29)
    assert judged((0, 5, 15), kept) == []
    assert judged((0, 5, 16), kept) == [("S3", 18, 1)]


def test_s3_what_a_condition_withholds_is_lost_for_later_years_too() -> None:
    # The clinics' transfer is met in FY2031 if it comes by month 6, in FY2032 by 18.
    kept = pledge("EU", 10, carry_until=29, condition=(CLINICS, Event.TRANSFER))
    assert judged((0, 0, 20), kept, clinics=6) == []
    assert judged((0, 0, 20), kept, clinics=7) == [("S3", 18, 10)]
    assert judged((0, 0, 10), kept, clinics=18) == []
    assert judged((0, 0, 10), kept, clinics=19) == [("S3", 18, 10)]


def test_s3_revenue_is_carried_over_like_the_rest() -> None:
    # 1 a month from month 16 on: 2 in FY2031, 12 in FY2032.
    packages = (package(recurrent_cost=100, fixed=-1), package(CLINICS, revenue=1, revenue_to="EU"))
    kept = pledge("EU", 10, end=6, carry_until=29)
    assert judged((0, 22, 12), kept, clinics=16, packages=packages) == []
    assert judged((0, 0, 34), kept, clinics=16, packages=packages) == []
    assert judged((0, 0, 35), kept, clinics=16, packages=packages) == [("S3", 18, 1)]


def test_s3_says_what_is_there_in_all() -> None:
    instance = case(packages=(package(handover_cost=25),), pledges=(pledge("EU", 10, name="first", carry_until=29),))
    finding = only(instance, choices(6), {"EU/first": (0, 25, 0)})
    assert finding == Finding(
        "S3",
        "money (EU/first)",
        6,
        5,
        "EUR",
        "money of EU/first in FY2031 (2030-07..2031-06): 25 EUR used in all up to then, 20 there, 5 missing"
        " [made.csv row 7].",
    )


# S4


def sharing(need: int, *used: int, shares: tuple[int | None, ...] = (400, 400, 400)) -> list[tuple[str, int]]:
    """Return what is broken if three donors pay so much of a need in FY2031."""
    names = ("EU", "UN", "US")
    instance = case(
        packages=(package(handover_cost=need),),
        donors=tuple(donor(name, share) for name, share in zip(names, shares, strict=True)),
        pledges=tuple(pledge(name, 99) for name in names),
    )
    found = audit(instance, choices(6), {name: (0, paid, 0) for name, paid in zip(names, used, strict=True)})
    return [(finding.rule, finding.amount) for finding in found]


def test_s4_a_need_of_7_among_three_donors_of_40_percent() -> None:
    # 40 % of 7 are 2.8, so nobody may pay 3: that is 200 thousandths too much.
    assert sharing(7, 2, 2, 2) == [("S2", 1)]
    assert sharing(7, 3, 2, 2) == [("S4", 200)]
    assert sharing(7, 3, 3, 1) == [("S4", 200), ("S4", 200)]
    # A need of 5 can be shared: 40 % are 2.
    assert sharing(5, 2, 2, 1) == []
    assert sharing(5, 3, 2, 0) == [("S4", 1000)]


def test_s4_shares_are_of_what_is_needed() -> None:
    assert sharing(10, 4, 6, 0, shares=(400, None, None)) == []
    assert sharing(10, 4, 6, 0, shares=(399, None, None)) == [("S4", 10)]
    assert sharing(10, 0, 10, 0, shares=(0, 1000, 0)) == []
    # Nothing is needed: nothing may be paid.
    assert sharing(0, 1, 0, 0) == [("S2", 1), ("S4", 1000)]


def test_s4_adds_up_the_pledges_of_a_donor() -> None:
    instance = case(
        packages=(package(handover_cost=10),),
        budget=(budget(2031, 99),),
        donors=(donor("EU", 333),),
        pledges=(pledge("EU", 9), pledge("EU", 9, name="roads"), pledge("EU", 9, name="schools", confirmed=False)),
    )
    assert broken(instance, choices(6), {"host": (0, 7, 0), "EU": (0, 1, 0), "EU/roads": (0, 2, 0)}) == []
    finding = only(instance, choices(6), {"host": (0, 6, 0), "EU": (0, 2, 0), "EU/roads": (0, 2, 0)})
    assert finding == Finding(
        "S4",
        "money (EU)",
        6,
        4000 - 3330,
        "thousandths of EUR",
        "EU pays 4 of the 10 EUR needed in FY2031 (2030-07..2031-06), but may pay 33.3 % of them at most"
        " [made.csv row 7].",
    )


# S5


def years(*most: tuple[int | None, int | None], **changes: object) -> tuple[facts.Budget, ...]:
    """Return a budget of 99 in each year, that may grow and fall by so much."""
    return tuple(
        budget(2030 + index, 99, max_growth=growth, max_fall=fall, **changes)
        for index, (growth, fall) in enumerate(most)
    )


ANY = (None, None)


def test_s5_growth_is_limited_by_the_row_that_gives_the_year() -> None:
    rows = years(ANY, (1, None), (5, None))
    assert judged((0, 10, 15), *rows) == []
    assert judged((0, 10, 16), *rows) == [("S5", 18, 1)]
    assert judged((0, 16, 10), *rows) == []


def test_s5_fall_is_limited_by_the_row_that_gives_the_year_before() -> None:
    rows = years(ANY, (None, 5), (None, 1))
    assert judged((0, 15, 10), *rows) == []
    assert judged((0, 16, 10), *rows) == [("S5", 18, 1)]
    assert judged((0, 10, 90), *rows) == []


def test_s5_years_cut_off_by_the_horizon_are_no_steps() -> None:
    # From FY2030, of which the plan holds half, to FY2031 anything goes.
    still = years((0, 0), (0, 0), (0, 0))
    assert judged((50, 20, 20), *still) == []
    assert judged((0, 20, 20), *still) == []
    # In a plan of 29 months FY2032 is cut off, too.
    for months, found in ((29, []), (30, [("S5", 18, 10)])):
        packages = (package(handover_cost=20), package(CLINICS, handover_cost=10))
        instance = pair(plan=plan(months=months), packages=packages, budget=still)
        assert broken(instance, choices(6, 18), {"host": (0, 20, 10)}) == found


def test_s5_the_base_stands_before_the_first_whole_year() -> None:
    # 7 before FY2031, whatever is used in the half of FY2030; the row of FY2031 limits both ways.
    rows = (budget(2031, 99, max_growth=3, max_fall=2, base=7), budget(2032, 99), budget(2030, 99))
    assert judged((90, 10, 90), *rows) == judged((0, 5, 3), *rows) == []
    assert judged((0, 11, 9), *rows) == [("S5", 6, 1)]
    assert judged((0, 4, 2), *rows) == [("S5", 6, 1)]
    # It may be stated in any row of the line, and the other rows' limits count elsewhere.
    rows = (budget(2031, 99, max_growth=3), budget(2032, 99, base=7), budget(2030, 99, max_growth=0, max_fall=0))
    assert judged((0, 11, 0), *rows) == [("S5", 6, 1)]
    assert judged((0, 0, 0), *rows) == []
    # A base of 0 is a base.
    assert judged((0, 4, 0), *years(ANY, (3, None), ANY, base=0)) == [("S5", 6, 1)]
    # Nothing gives FY2031: then nothing limits it, in or out.
    gap = (budget(2030, 99, max_growth=0, max_fall=0, base=7), budget(2032, 99, max_fall=0))
    assert judged((0, 0, 50), *gap) == []


def test_s5_fall_after_a_pledge_that_ends_inside_the_plan() -> None:
    # Given in FY2031 and no more in FY2032, where what is left over may be used.
    ended = pledge("EU", 20, end=17, max_fall=5, carry_until=29)
    assert judged((0, 5, 0), ended) == []
    assert judged((0, 6, 0), ended) == [("S5", 18, 1)]
    assert judged((0, 20, 15), ended) == []
    # Growth into a year that no row gives is free.
    assert judged((0, 5, 30), pledge("EU", 20, end=17, max_growth=0, carry_until=29)) == []


@pytest.mark.parametrize(
    ("end", "sunset", "counts"),
    [(29, None, True), (18, None, True), (30, None, False), (None, None, False), (None, 29, True), (40, 20, True)],
)
def test_s5_fall_after_a_pledge_that_ends_with_the_plan(end: int | None, sunset: int | None, counts: bool) -> None:
    row = pledge("EU", 20, end=end, max_fall=5)
    donors = (donor("EU", sunset=sunset),)
    assert judged((0, 0, 5), row, donors=donors) == []
    assert judged((0, 0, 6), row, donors=donors) == ([("S5", 30, 1)] if counts else [])


def test_s5_no_fall_after_a_budget_nor_after_a_year_cut_off() -> None:
    assert judged((0, 90, 90), *years(ANY, (None, 0), (None, 0))) == []
    instance = case(
        plan=plan(months=29), packages=(package(handover_cost=20),), pledges=(pledge("EU", 20, end=28, max_fall=0),)
    )
    assert broken(instance, choices(18), {"EU": (0, 0, 20)}) == []


def test_s5_says_how_far_use_rises_and_falls() -> None:
    instance = case(
        packages=(package(handover_cost=20),),
        plan=plan(months=18),
        pledges=(pledge("EU", 20, end=17, max_growth=12, max_fall=15, base=3),),
    )
    rises, falls = audit(instance, choices(8), {"EU": (0, 20)})
    assert rises.text == (
        "what is used of EU rises from 3 to 20 EUR in FY2031 (2030-07..2031-06), by 17, but may by 12 at most"
        " [made.csv row 7]."
    )
    assert falls.text == (
        "what is used of EU falls from 20 to 0 EUR in the year after the plan, by 20, but may by 15 at most"
        " [made.csv row 7]."
    )


# Rows that contradict each other


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ((pledge("EU", 1, end=6), pledge("EU", 1, start=6)), "two rows of EU give FY2031"),
        ((budget(2031, 1), budget(2031, 1)), "two rows of host give FY2031"),
        (
            (pledge("EU", 1, end=5, carry_until=9), pledge("EU", 1, start=6)),
            "rows of EU contradict each other in carry",
        ),
        ((pledge("EU", 1, end=5, serves=frozenset({NAME})), pledge("EU", 1, start=6)), "in what it is earmarked for"),
        ((budget(2031, 1, base=1), budget(2032, 1, base=2)), "rows of host contradict each other in its base"),
    ],
)
def test_rows_of_a_line_agree(rows: tuple[facts.Pledge | facts.Budget, ...], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        judged((0, 0, 0), *rows)
