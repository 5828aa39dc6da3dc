"""How numbers and units are said."""

from __future__ import annotations

import pytest

from sequencer import words
from sequencer.problem import Link
from sequencer.vocabulary import MONTH, RISK, Event


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1, "teams", "1 team"),
        (2, "teams", "2 teams"),
        (0, "teams", "0 teams"),
        (1, "person-months", "1 person-month"),
        (1, "thousand USD", "1 thousand USD"),
        (1, "staff", "1 staff"),
        (1, "crews on a bus", "1 crews on a bus"),
        (1234567, "USD", "1 234 567 USD"),
        (1, MONTH, "1 month"),
        (3, MONTH, "3 months"),
        (1_500_000, RISK, "1 500 people x level x points"),
    ],
)
def test_an_amount_is_said_with_its_unit(value: int, unit: str, said: str) -> None:
    assert words.amount(value, unit) == said


@pytest.mark.parametrize(
    ("rule", "bound", "said"),
    [
        ("L1", 3, "b exit comes at least 3 months after a joint start"),
        ("L1", 1, "b exit comes at least 1 month after a joint start"),
        ("L1", 0, "b exit comes no earlier than a joint start"),
        ("L2", 0, "b exit comes no later than a joint start"),
        ("L2", -2, "b exit comes at most -2 months after a joint start"),
    ],
)
def test_a_lag_is_said_as_people_say_it(rule: str, bound: int, said: str) -> None:
    link = Link("a", Event.JOINT_START, "b", Event.EXIT, bound, bound)
    assert link.sentence(rule) == said
