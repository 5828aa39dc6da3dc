"""The rules that both formulations tell in the same words: by what has come by a month, and by sums of needs."""

from __future__ import annotations

from sequencer.cpsat.formulation import Formulation
from sequencer.cpsat.money import post_bridge
from sequencer.cpsat.relapses import post_reserve
from sequencer.cpsat.together import post_gate
from sequencer.problem import Bridge, Gate, Reserve


class Shared(Formulation):
    """A formulation that says gates, money and reserves by ``come_by`` and ``sums``."""

    def post_gate(self, rule: Gate) -> None:
        """Add L4."""
        post_gate(self, rule)

    def post_bridge(self, rule: Bridge) -> None:
        """Add S1 to S7 of money."""
        post_bridge(self, rule)

    def post_reserve(self, rule: Reserve) -> None:
        """Add R1."""
        post_reserve(self, rule)
