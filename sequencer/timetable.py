"""A timetable as two choices per package, the only decisions of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided for one package: its option, and the month of its transfer counted from the start of the plan."""

    option: str
    transfer: int


#: The choice made for each package, by name.
Choices: TypeAlias = Mapping[str, Choice]

#: What is paid from each line of money (see ``Instance.money_lines``) in each fiscal year of the plan, in order.
Uses: TypeAlias = Mapping[str, tuple[int, ...]]
