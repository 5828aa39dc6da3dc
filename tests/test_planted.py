"""What planted bugs showed to be untested: bounds that are reached exactly, and cases that no draw happens to make."""

from __future__ import annotations

import pytest
from audit_cases import budget, case, need, package, place, resource

from sequencer.compile import compile_instance
from sequencer.errors import InstanceError
from sequencer.vocabulary import Stage


def test_money_is_exact_up_to_a_sum_that_counts_costs_revenue_and_lines() -> None:
    """24 months of 3 a month in costs, 24 of 2 in revenue, and the budget of three fiscal years."""
    payer = package(recurrent_cost=3, revenue=2)
    largest = 2**50 - 24 * (3 + 2) - 10 - 20

    def compiled(amount: int) -> None:
        rows = (budget(2030, 10), budget(2031, 20), budget(2032, amount))
        compile_instance(case(packages=(payer,), budget=rows))

    compiled(largest - 1)
    with pytest.raises(InstanceError, match="state money in thousands"):
        compiled(largest)
