"""Bounds with the prices that prove them, as a file."""

from __future__ import annotations

import json

from sequencer.instance.digest import digest
from sequencer.outcome import Outcome


def certified(outcome: Outcome) -> str:
    """Return the certificates of all levels that have one, as JSON; see ``sequencer.places.claims`` for the keys."""
    levels = [
        {
            "term": told.term,
            "caps": [{"term": term, "most": most} for term, most in told.caps],
            "parts": told.parts,
            "bound": told.bound,
            "prices": [[name, position, price] for (name, position), price in told.prices.items()],
        }
        for told in (level.certificate for level in outcome.levels)
        if told is not None
    ]
    return json.dumps({"digest": digest(outcome.instance), "levels": levels}, ensure_ascii=False) + "\n"
