"""Micro instances: the smallest plans that show one kind of rule, or one turn of it, each.

They are written as a planner would write them, as tables, and read like any folder. Of each it is known which rules
bite, so that no rule is there without effect; and what it shows is gone in a second instance beside it.
"""

from micro import links, money, path, reserve, supplies, windows
from micro.case import Micro, read_tables

CASES: list[Micro] = [*path.CASES, *windows.CASES, *links.CASES, *supplies.CASES, *money.CASES, *reserve.CASES]

__all__ = ["CASES", "Micro", "read_tables"]
