"""The summary, in words that a minister reads: when, how sure, what holds the dates, and what was not tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sequencer.pictures.summed.binds import binds, helps
from sequencer.pictures.summed.block import Block
from sequencer.pictures.summed.missing import missing, ways
from sequencer.pictures.summed.rests import rests, untested
from sequencer.pictures.summed.sure import haste, sure
from sequencer.pictures.summed.when import when
from sequencer.pictures.told import Told

BLOCKS: tuple[Callable[[Told], Block | None], ...] = (
    when,
    sure,
    missing,
    ways,
    binds,
    helps,
    haste,
    rests,
    untested,
)


def summary(told: Told) -> Mapping[str, Any] | None:
    """Return what a minister reads first, block by block, and for whom the page is."""
    blocks = [found for part in BLOCKS if (found := part(told)) is not None]
    return {"edition": told.book.say(f"summary.edition.{told.audience.value}"), "blocks": blocks}
