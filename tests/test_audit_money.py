"""Money as it is allotted: needs, what there is under conditions and with revenue (S1, S6, S7), allocation (S2).

Every rule is kept by exactly its limit and broken by one; S3 to S5 are in ``test_audit_years``.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
Fiscal years from July: FY2030 is months 0..5, FY2031 the whole year 6..17, FY2032 months 18..23.
"""

from __future__ import annotations

import dataclasses
import itertools

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
    option,
    package,
    pair,
    plan,
    pledge,
)

from sequencer.audit import Finding, audit
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage


def host(*amounts: int, **changes: object) -> tuple[facts.Budget, ...]:
    """Return a budget of so much in FY2030 and the years after it."""
    return tuple(budget(2030 + index, amount, **changes) for index, amount in enumerate(amounts))


def paid(policing: int, clinics: int, **tables: object) -> Instance:
    """Return the pair, with so much to be paid once, at the transfer."""
    packages = (package(handover_cost=policing), package(CLINICS, handover_cost=clinics))
    return pair(packages=packages, **tables)


# Uses


def test_money_must_be_allotted_where_there_is_a_money_rule() -> None:
    for tables in ({"budget": host(1)}, {"pledges": (pledge("EU", 1, confirmed=False),)}):
        with pytest.raises(ValueError, match="money must be allotted first"):
            audit(case(**tables), choices(5))
    assert broken(case(), choices(5)) == broken(case(), choices(5), {}) == []


@pytest.mark.parametrize(
    ("uses", "match"),
    [
        ({}, "leave out lines of money: host"),
        ({"host": (0, 0, 0), "EU": (0, 0, 0)}, "does not have: EU"),
        ({"host": (0, 0)}, "the uses of host are 2, but the plan has 3 fiscal years"),
        ({"host": (0, 0, 0, 0)}, "the uses of host are 4"),
        ({"host": (0, -1, 0)}, "the uses of host fall to -1"),
    ],
)
def test_uses_name_every_line_and_year(uses: dict[str, tuple[int, ...]], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        audit(case(budget=host(0)), choices(5), uses)


def test_uses_without_a_money_rule_are_refused() -> None:
    with pytest.raises(ValueError, match="does not have: host"):
        audit(case(), choices(5), {"host": (0, 0, 0)})


# Needs


def test_what_a_package_needs_of_money() -> None:
    # Transfer 10: support 6..7 at 7, 11 in month 10, 3 a month from 10 on, autonomous or not; the holding cost is none.
    instance = case(
        options=(option(support=2, cost=7),),
        packages=(package(recurrent_cost=3, handover_cost=11, holding_cost=1000),),
        budget=host(0, 2 * 7 + 11 + 8 * 3, 6 * 3),
    )
    assert broken(instance, choices(10), {"host": (0, 49, 18)}) == []
    assert broken(instance, choices(10), {"host": (0, 48, 18)}) == [("S2", 6, 1)]
    assert broken(instance, choices(10), {"host": (0, 49, 17)}) == [("S2", 18, 1)]
    # A month later: one month of support stays in FY2031, and one of recurrent cost less.
    assert broken(instance, choices(11), {"host": (0, 46, 18)}) == []


def test_what_past_packages_need_of_money() -> None:
    # Transferred in -2: the handover is paid, the recurrent cost runs from month 0 on.
    past = case(packages=(package(fixed=-2, recurrent_cost=3, handover_cost=11),), budget=host(18, 36, 18))
    assert broken(past, choices(-2), {"host": (18, 36, 18)}) == []
    # Transferred in month 0 the handover counts.
    now = case(packages=(package(recurrent_cost=3, handover_cost=11, current_stage=Stage.JOINT, since=-2),))
    assert broken(dataclasses.replace(now, budget=host(29, 36, 18)), choices(0), {"host": (29, 36, 18)}) == []
    # Support of 4 months since -3 has one left, month 0.
    midway = case(
        options=(option(support=4, cost=7),),
        packages=(package(current_stage=Stage.SUPPORT, since=-3),),
        budget=host(7),
    )
    assert broken(midway, choices(3), {"host": (7, 0, 0)}) == []


# S1, with S6 and S7


def test_s1_no_more_is_used_than_is_there() -> None:
    # Years cut off by the horizon have their whole amount.
    instance = case(packages=(package(recurrent_cost=1, fixed=-1),), budget=host(6, 12, 6))
    assert broken(instance, choices(-1), {"host": (6, 12, 6)}) == []
    for index, month in enumerate((0, 6, 18)):
        fewer = [6, 12, 6]
        fewer[index] -= 1
        less = dataclasses.replace(instance, budget=host(*fewer))
        assert broken(less, choices(-1), {"host": (6, 12, 6)}) == [("S1", month, 1)]
    finding = only(dataclasses.replace(instance, budget=host(6, 12)), choices(-1), {"host": (6, 12, 6)})
    assert finding == Finding(
        "S1",
        "money (host)",
        18,
        6,
        "EUR",
        "money of host in FY2032 (2031-07..2031-12): 6 EUR used, 0 there, 6 missing [made.csv row 7].",
    )


def test_s1_a_pledge_gives_the_years_that_begin_in_its_months() -> None:
    # FY2031 begins in 6; FY2030 begins, in the plan, in 0; FY2032 in 18.
    def there(**changes: object) -> list[int]:
        instance = case(pledges=(pledge("EU", 9, **changes),))
        found = audit(instance, choices(5), {"EU": (10, 10, 10)})
        return [10 - finding.amount for finding in found if finding.rule == "S1"]

    assert there() == [9, 9, 9]
    assert there(start=-5) == [9, 9, 9]
    assert there(start=6) == [0, 9, 9]
    assert there(start=7) == [0, 0, 9]
    assert there(end=18) == [9, 9, 9]
    assert there(end=17) == [9, 9, 0]
    assert there(start=1, end=5) == [0, 0, 0]


@pytest.mark.parametrize(("sunset", "end", "there"), [(17, None, 0), (18, None, 9), (17, 20, 0), (20, 17, 0)])
def test_s1_a_pledge_ends_by_the_sunset_of_its_donor(sunset: int, end: int | None, there: int) -> None:
    instance = paid(
        9, 0, pledges=(pledge("EU", 9, end=end),), donors=(donor("UN", sunset=0), donor("EU", sunset=sunset))
    )
    found = [("S1", 18, 9 - there)] if there < 9 else []
    assert broken(instance, choices(18, 5), {"EU": (0, 0, 9)}) == found


def test_announced_pledges_count_where_the_plan_says_so() -> None:
    pledges = (pledge("EU", 5), pledge("UN", 4, confirmed=False))
    asked = paid(9, 0, pledges=pledges)
    with pytest.raises(ValueError, match="does not have: UN"):
        audit(asked, choices(6, 5), {"EU": (0, 5, 0), "UN": (0, 4, 0)})
    assert broken(asked, choices(6, 5), {"EU": (0, 5, 0)}) == [("S2", 6, 4)]
    counted = dataclasses.replace(asked, plan=plan(announced_pledges=True))
    assert broken(counted, choices(6, 5), {"EU": (0, 5, 0), "UN": (0, 4, 0)}) == []


def test_s6_a_condition_is_met_by_the_first_month_of_the_year() -> None:
    # Clinics exit in t + 4; FY2031 begins in 6.
    instance = paid(9, 0, pledges=(pledge("EU", 9, condition=(CLINICS, Event.EXIT)),))
    uses = {"EU": (0, 9, 0)}
    assert broken(instance, choices(6, 2), uses) == []
    finding = only(instance, choices(6, 3), uses)
    assert (finding.rule, finding.month, finding.amount) == ("S1", 6, 9)
    assert "9 EUR used, 0 there (9 more of this year if its condition were met), 9 missing" in finding.text
    # The next year it is there.
    assert broken(instance, choices(18, 3), {"EU": (0, 0, 9)}) == []


def test_s6_what_happened_before_the_plan_is_met_from_its_start() -> None:
    for since, met in ((-3, True), (0, True), (1, False)):
        clinics = package(CLINICS, fixed=since) if since < 0 else package(CLINICS, current_stage=Stage.JOINT, since=-2)
        rows = (pledge("EU", 9, condition=(CLINICS, Event.TRANSFER)),)
        instance = pair(packages=(package(handover_cost=9), clinics), pledges=rows)
        found = [finding.rule for finding in audit(instance, choices(5, since), {"EU": (9, 0, 0)})]
        assert ("S1" not in found) == met


def test_s6_each_row_has_a_condition_of_its_own() -> None:
    rows = (pledge("EU", 9, end=6), pledge("EU", 7, start=7, condition=(CLINICS, Event.TRANSFER)))
    instance = pair(
        packages=(package(recurrent_cost=1, fixed=-1), package(CLINICS)), pledges=rows, budget=host(0, 3, 6)
    )
    uses = {"EU": (6, 9, 6), "host": (0, 3, 0)}
    assert broken(instance, choices(-1, 18), uses) == []
    assert broken(instance, choices(-1, 19), uses) == [("S1", 18, 6)]


def test_s7_revenue_counts_from_the_month_of_the_transfer() -> None:
    # Clinics bring in 2 a month from month 10 on: 16 in 10..17, 12 in 18..23. Policing is paid out of it.
    def earning(to: str, transfer: int, *used: int, **tables: object) -> list[tuple[str, int | None, int]]:
        clinics = package(CLINICS, revenue=2, revenue_to=to, fixed=transfer)
        packages = (package(recurrent_cost=2, fixed=-1), clinics)
        rest = tuple(need - use for need, use in zip((12, 24, 12), used, strict=True))
        instance = pair(packages=packages, budget=host(*rest, line="other"), **tables)
        return broken(instance, choices(-1, transfer), {to: used, "other": rest})

    assert earning("customs", 10, 0, 16, 12) == []
    assert earning("customs", 11, 0, 16, 12) == [("S1", 6, 2)]
    assert earning("customs", 5, 2, 24, 12) == []
    assert earning("customs", -3, 12, 24, 12) == []
    # What is paid into a pledge adds to it, also where its condition is unmet.
    unmet = (pledge("EU", 8, condition=(CLINICS, Event.EXIT)),)
    assert earning("EU", 10, 0, 16, 12, pledges=unmet) == []
    assert earning("EU", 10, 0, 17, 12, pledges=unmet) == [("S1", 6, 1)]
    assert earning("EU", 10, 0, 24, 12, pledges=(pledge("EU", 8),)) == []


def test_s7_revenue_adds_to_the_budget_and_asks_for_a_money_rule() -> None:
    packages = (package(recurrent_cost=3, revenue=1),)
    # From 18 on: 18 needed, 6 of them brought in.
    instance = case(packages=packages, budget=host(0, 0, 12))
    assert broken(instance, choices(18), {"host": (0, 0, 18)}) == []
    assert broken(case(packages=packages), choices(18)) == []


# S2


def test_s2_total_used_is_total_needed() -> None:
    instance = paid(9, 0, budget=host(0, 99, 99))
    assert broken(instance, choices(6, 5), {"host": (0, 9, 0)}) == []
    assert broken(instance, choices(6, 5), {"host": (0, 8, 0)}) == [("S2", 6, 1)]
    assert broken(instance, choices(6, 5), {"host": (0, 9, 2)}) == [("S2", 18, 2)]
    finding = only(instance, choices(6, 5), {"host": (0, 11, 0)})
    assert finding == Finding(
        "S2", "money", 6, 2, "EUR", "money in FY2031 (2030-07..2031-06): 11 EUR used and 9 needed, 2 too many."
    )


def earmarked(policing: int, clinics: int, *names: str) -> Instance:
    """Return the pair with pledges for policing, for clinics and for both, and needs in FY2031."""
    pledges = (
        pledge("P", 99, serves=frozenset({NAME})),
        pledge("C", 99, serves=frozenset({CLINICS})),
        pledge("B", 99),
    )
    return paid(policing, clinics, pledges=tuple(row for row in pledges if row.donor in names or not names))


def test_s2_earmarks() -> None:
    instance = earmarked(3, 5, "P", "B")
    assert broken(instance, choices(6, 6), {"P": (0, 3, 0), "B": (0, 5, 0)}) == []
    assert broken(instance, choices(6, 6), {"P": (0, 2, 0), "B": (0, 6, 0)}) == []
    # As much is used as needed, but clinics lack 1 that policing may not take.
    finding = only(instance, choices(6, 6), {"P": (0, 4, 0), "B": (0, 4, 0)})
    assert (finding.rule, finding.month, finding.amount) == ("S2", 6, 1)
    assert finding.text == (
        "money in FY2031 (2030-07..2031-06): 5 EUR needed by arden/clinics, but 4 used of the lines that may pay for"
        " them (B), 1 unpaid."
    )
    # 1 unpaid, and 2 used beyond all needs.
    assert broken(instance, choices(6, 6), {"P": (0, 6, 0), "B": (0, 4, 0)}) == [("S2", 6, 3)]
    # Nobody may pay for the clinics.
    alone = only(earmarked(0, 5, "P"), choices(6, 6), {"P": (0, 0, 0)})
    assert (alone.amount, "lines that may pay for them (none)" in alone.text) == (5, True)


def test_s2_is_judged_year_by_year() -> None:
    instance = earmarked(3, 5, "P", "B")
    # Policing in FY2031, clinics in FY2032: what is used in the wrong year is too much there and lacks here.
    uses: dict[str, tuple[int, ...]] = {"P": (0, 3, 0), "B": (0, 1, 4)}
    assert broken(instance, choices(6, 18), uses) == [("S2", 6, 1), ("S2", 18, 1)]


def test_s2_is_what_no_way_to_split_the_uses_serves() -> None:
    for needs in itertools.product(range(4), range(4)):
        instance = earmarked(*needs)
        for p, c, b in itertools.product(range(3), range(3), range(4)):
            most = max(min(needs[0], p + part) + min(needs[1], c + b - part) for part in range(b + 1))
            amount = sum(needs) - most + max(0, p + c + b - sum(needs))
            found = broken(instance, choices(6, 6), {"P": (0, p, 0), "C": (0, c, 0), "B": (0, b, 0)})
            assert found == ([("S2", 6, amount)] if amount else [])
