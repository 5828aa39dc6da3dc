"""Which parts a proof by prices needs: dates are lifted as long as what they add still exceeds what is there."""

from __future__ import annotations

from collections.abc import Collection

from sequencer.reasons.parts import Part
from sequencer.reasons.scarcity.pricing import Pricing
from sequencer.reasons.scarcity.shortfall import Prices


def needed(pricing: Pricing, told: Prices) -> frozenset[Part]:
    """Return parts that contradict each other by the same prices; those of ``pricing`` that are kept are looked at.

    Whole places are lifted first, those that add least, then packages, then single parts: few places are easier to
    read than few parts. Nothing is lifted that would make the proof fail, so what is left is proven.
    """
    lifting = _Lifting(pricing, told)
    places = range(pricing.shortfall.places.count)
    of = {place: list(pricing.kept.of_place(place)) for place in places}
    order = sorted(places, key=lambda place: lifting.adds(place, [part for parts in of[place] for part in parts]))
    for place in order:
        lifting.lift(place, [part for parts in of[place] for part in parts])
    for place in order:
        for parts in of[place]:
            lifting.lift(place, parts)
    for place in order:
        for parts in of[place]:
            for part in reversed(parts):
                lifting.lift(place, [part])
    rests = {part for price, parts in zip(told.told.tolist(), pricing.rests, strict=True) if price for part in parts}
    return frozenset({part for part in rests if part is not None} | pricing.kept.now)


class _Lifting:
    """Lifts dates while a proof has something to spare."""

    def __init__(self, pricing: Pricing, told: Prices) -> None:
        self._kept, self._cost = pricing.kept, told.cost
        self._spare = pricing.beyond(told) - 1
        places = range(pricing.shortfall.places.count)
        self._costs = [self._kept.least(told.cost, place) for place in places]

    def adds(self, place: int, parts: Collection[Part]) -> float:
        """Return what parts of a place add to what it takes."""
        mine, less = self._without(place, parts)
        for part in mine:
            self._kept.keep(part)
        return self._costs[place] - less

    def lift(self, place: int, parts: Collection[Part]) -> None:
        """Lift parts of a place if what they add is no more than there is to spare."""
        mine, less = self._without(place, parts)
        if self._costs[place] - less <= self._spare:
            self._spare -= self._costs[place] - less
            self._costs[place] = less
        else:
            for part in mine:
                self._kept.keep(part)

    def _without(self, place: int, parts: Collection[Part]) -> tuple[list[Part], float]:
        """Lift parts; return those that were kept, and what the place takes without them."""
        mine = [part for part in parts if part in self._kept.now]
        for part in mine:
            self._kept.lift(part)
        return mine, self._kept.least(self._cost, place)
