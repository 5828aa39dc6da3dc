"""Prices that prove a shortfall, or plans of places that fit together, found by column generation."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Self, TypeAlias

import numpy as np

from sequencer.engine.run import Caps, Stoppable
from sequencer.problem import Cell, Problem
from sequencer.reasons.parts import Part
from sequencer.reasons.scarcity.kept import Kept
from sequencer.reasons.scarcity.resting import rests_on
from sequencer.reasons.scarcity.shortfall import Bools, Floats, Ints, Prices, Shortfall

ROUNDS = 200  # of plans for each place
ENOUGH = 0.9  # of what is missing at most is proven by prices that are gone on with
NEAR = 1e-7  # what is missing less than this is not
WHOLE = 1.0  # seconds for plans that fit together
LATEST = 3  # proofs that are tried again

#: Prices prove a contradiction; a timetable may keep all; None: neither is found.
Answer: TypeAlias = Prices | Mapping[str, Cell] | None


class Pricing:
    """Asks whether some dates can be kept with some of what places share.

    Plans of places are remembered with the windows and links they break, and are mixed again wherever these are lifted.

    Parameters
    ----------
    shortfall : Shortfall
    parts : collection of Part
        That may be kept.
    """

    def __init__(self, shortfall: Shortfall, parts: Collection[Part]) -> None:
        self.shortfall = shortfall
        self.kept = Kept(shortfall, parts)
        from sequencer.milp.master import Master  # noqa: PLC0415 - HiGHS is loaded only where prices are asked

        places = shortfall.places
        split = places.split
        self._master = Master(places.sides, places.equalities, split.others, split.tops, places.count)
        of = {(part.position, part.at): part for part in parts}
        rules = shortfall.problem.rules
        self.rests = [
            [of.get((at, spot)) for spot in rests_on(rules[at], name)]
            for at, name in zip(shortfall.rules.tolist(), shortfall.names, strict=True)
        ]
        self._known: dict[tuple[int, tuple[int, ...]], frozenset[Part]] = {}
        self._proofs: list[Floats] = []

    @classmethod
    def of(cls, problem: Problem, caps: Caps, parts: Collection[Part]) -> Self | None:
        """Return a pricing of a problem; None if nothing is shared or a package has no cell."""
        shortfall = Shortfall.of(problem, caps)
        return None if shortfall is None else cls(shortfall, parts)

    def rows(self, kept: Collection[Part]) -> Bools:
        """Return which rows hold if some parts are kept: those that rest on no others."""
        return np.array([all(part in kept for part in parts) for parts in self.rests], np.bool_)

    def ask(self, kept: Collection[Part], seconds: float, stop: Stoppable) -> Answer:
        """Return prices that prove that parts contradict each other, or a timetable that may keep them all.

        None if neither is found. Prices are a proof; a timetable must be looked at again.
        """
        kept = frozenset(kept)
        self.kept.only(kept)
        rows = self.rows(kept)
        for prices in reversed(self._proofs[-LATEST:]):
            told = self._proof(np.where(rows, prices, 0.0))
            if told is not None:
                return told
        return self._mix(kept, rows, time.monotonic() + seconds, stop)

    def beyond(self, told: Prices) -> float:
        """Return by how much the cheapest plans of all places exceed what there is, at some prices, in parts."""
        totals, _ = self.kept.plans(told.cost)
        return float(totals.sum()) - told.there

    def _proof(self, prices: Floats) -> Prices | None:
        told = self.shortfall.round(prices)
        beyond = self.beyond(told)
        return told if np.isfinite(beyond) and beyond > 0 else None

    def _mix(
        self, kept: frozenset[Part], rows: Bools, until: float, stop: Stoppable
    ) -> Prices | Mapping[str, Cell] | None:
        self._master.ask(rows)
        self._master.allow(np.array([broken.isdisjoint(kept) for broken in self._known.values()], np.bool_))
        found, best, prices = None, 0.0, np.zeros(len(rows))
        for _ in range(ROUNDS):
            told = self.shortfall.round(np.where(rows, prices, 0.0))
            totals, chosen = self.kept.plans(told.cost)
            if not np.isfinite(totals).all():
                return None  # a place has no plan at all: that is no matter of what is shared
            beyond = (float(totals.sum()) - told.there) / told.fine
            if beyond > best:
                found, best = told, beyond
                self._proofs.append(prices)
            self._learn(chosen)
            left = until - time.monotonic()
            solved = self._master.solve(left) if left > 0 and not stop.is_set() else None
            if solved is None:
                return found
            missing, prices = solved
            if found is not None and best >= ENOUGH * missing:
                return found
            if missing < NEAR:
                return found or self._whole(min(left, WHOLE))
        return found

    def _learn(self, chosen: Ints) -> None:
        """Add the plan of each place to those that are mixed."""
        places = self.shortfall.places
        cells, begin = places.split.cells, places.forest.places
        for place in range(places.count):
            taken = tuple(chosen[begin[place] : begin[place + 1]].tolist())
            if (place, taken) in self._known:
                continue
            self._known[place, taken] = self.kept.broken(place, taken)
            at = np.concatenate([np.arange(*cells.at[j : j + 2]) for j in taken])
            taking = np.bincount(cells.row[at], cells.entry[at], len(places.sides)).astype(np.float64)
            self._master.add(place, taking)

    def _whole(self, seconds: float) -> Mapping[str, Cell] | None:
        """Return plans of places that fit together in floating point."""
        found = self._master.whole(seconds)
        if found is None:
            return None
        known, places = list(self._known), self.shortfall.places
        cells: dict[str, Cell] = {}
        for column in found.tolist():
            place, taken = known[column]
            names: Sequence[str] = places.names[places.forest.places[place] : places.forest.places[place + 1]]
            for name, j in zip(names, taken, strict=True):
                cells[name] = Cell(int(places.option[j]), int(places.transfer[j]))
        return cells if len(cells) == len(places.names) else None
