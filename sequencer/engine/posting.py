"""One place where every kind of rule is told apart; a formulation says how each is told to its solver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import assert_never

from sequencer.problem import Bridge, Gate, Link, Reserve, Rule, Supply, Width, Window


class Posting(ABC):
    """A formulation that rules can be posted to; one that leaves out a kind cannot be made."""

    def post(self, rule: Rule) -> None:
        """Add a rule."""
        match rule:
            case Window():
                pass  # its cells are closed: nothing is made for them
            case Link():
                self.post_link(rule)
            case Width():
                self.post_width(rule)
            case Gate():
                self.post_gate(rule)
            case Supply():
                self.post_supply(rule)
            case Bridge():
                self.post_bridge(rule)
            case Reserve():
                self.post_reserve(rule)
            case _:
                assert_never(rule)

    @abstractmethod
    def post_link(self, rule: Link) -> None:
        """Add L1 and L2."""

    @abstractmethod
    def post_width(self, rule: Width) -> None:
        """Add L3."""

    @abstractmethod
    def post_gate(self, rule: Gate) -> None:
        """Add L4."""

    @abstractmethod
    def post_supply(self, rule: Supply) -> None:
        """Add S1 and S2."""

    @abstractmethod
    def post_bridge(self, rule: Bridge) -> None:
        """Add S1 to S7 of money."""

    @abstractmethod
    def post_reserve(self, rule: Reserve) -> None:
        """Add R1."""
