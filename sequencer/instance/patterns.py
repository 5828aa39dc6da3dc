"""Addresses with stars: whether one names a number."""

from __future__ import annotations

import re
from functools import cache


def fits(pattern: str, address: str) -> bool:
    """Return whether an address is one that a pattern names; ``*`` stands for anything."""
    return _compiled(pattern).fullmatch(address) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))
