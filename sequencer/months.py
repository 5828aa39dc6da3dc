"""Months as whole numbers from the start of the plan, and as the dates people write.

Inside the program a month is an ``int``: 0 is the first month of the plan, negative numbers lie before it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns month numbers into dates and back.

    Attributes
    ----------
    year, month : int
        The first month of the plan, ``month`` in 1..12.
    fiscal_start : int
        The calendar month, 1..12, that opens a fiscal year. A fiscal year is named after the year it ends in.
    """

    year: int
    month: int
    fiscal_start: int = 1

    def number(self, year: int, month: int) -> int:
        """Return the month number of a calendar month (1..12) of a year."""
        return (year - self.year) * 12 + month - self.month

    def label(self, number: int) -> str:
        """Return a month number as ``YYYY-MM``."""
        year, month = divmod(self.year * 12 + self.month - 1 + number, 12)
        return f"{year:04d}-{month + 1:02d}"

    def fiscal_year(self, number: int) -> int:
        """Return the year in which the fiscal year holding this month ends."""
        year, month = divmod(self.year * 12 + self.month - 1 + number, 12)
        return year + 1 if self.fiscal_start > 1 and month + 1 >= self.fiscal_start else year

    def opening(self, year: int) -> int:
        """Return the first month of the fiscal year that ends in this year."""
        return self.number(year - (self.fiscal_start > 1), self.fiscal_start)

    def span(self, first: int, last: int | None) -> str:
        """Return ``YYYY-MM..YYYY-MM``, both ends included; an open end is left out."""
        return f"{self.label(first)}..{'' if last is None else self.label(last)}"
