"""Who pays in each fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sequencer.pictures.told import Told


def money(told: Told) -> Mapping[str, Any] | None:
    """Return what each line pays in each year; None without a plan or a money rule."""
    if told.outcome.choices is None or not told.scene.years:
        return None
    years = told.scene.years
    return {"years": years, "lines": [name for name, _ in years[0].paid]}
