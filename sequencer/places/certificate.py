"""A bound with the prices that prove it, so that anybody can evaluate them again without a solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Prices of rows, and what they prove (models/problem.md, proposition 17).

    Attributes
    ----------
    term : str
        The sum that is bounded.
    caps : tuple of (str, int)
        Terms that are held, and the most each may reach: the bound holds for plans that keep them.
    parts : int
        How many parts a unit of the objective has; the term is its unit times the objective, and a number.
    prices : mapping of (str, int) to int
        By name and position of a row, its price in parts of the objective for each unit of the row; others are 0.
    bound : int
        No such plan has a smaller value of the term, in the term's own unit.
    """

    term: str
    caps: tuple[tuple[str, int], ...]
    parts: int
    prices: Mapping[tuple[str, int], int]
    bound: int


@dataclass(frozen=True, slots=True)
class Price:
    """What an amount costs in the relaxation that proves a bound.

    Prices rank what binds; they are not what one more unit would bring.

    Attributes
    ----------
    what : str
        The resource, line of money, donor, reserve or term that is short.
    when : str
        The bucket; empty where the whole plan is meant.
    unit : str
        What the price counts, and for each unit of what.
    price : float
    """

    what: str
    when: str
    unit: str
    price: float
