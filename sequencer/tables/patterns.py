"""Wildcards: which packages or places a cell speaks of, and which of two rows is the more specific."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from sequencer.tables.faults import CellError
from sequencer.tables.text import is_odd

#: How specific each segment is: a name 2, ``region:`` or ``sector:`` 1, a star 0.
Rank: TypeAlias = tuple[int, ...]

FORM = "PLACE/FUNCTION, each a name, `*`, region:NAME or sector:NAME"
FORBIDDEN = frozenset("/;*:,")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Pattern:
    """``place`` is a name, ``*`` or ``region:NAME``; ``function`` a name, ``*`` or ``sector:NAME``."""

    place: str
    function: str

    def __str__(self) -> str:
        return f"{self.place}/{self.function}"

    @property
    def rank(self) -> Rank:
        """How specific the pattern is, segment by segment."""
        return rank(self.place), rank(self.function)


def rank(segment: str) -> int:
    """Return how specific one segment is."""
    return 0 if segment == "*" else 1 if ":" in segment else 2


def beats(one: Rank, other: Rank) -> bool:
    """Return whether ``one`` is the more specific: nowhere less and somewhere more."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def name(text: str) -> str:
    """Return a name as it stands; raise `CellError` if it looks like a pattern or a list, or cannot be printed."""
    if signs := FORBIDDEN.intersection(text):
        hint = "separate several with ;" if "," in signs else ""
        raise CellError(f"a name without {' '.join(sorted(signs))}", hint)
    if odd := next(filter(is_odd, text), ""):
        said = " ".join(filter(None, (f"U+{ord(odd):04X}", unicodedata.name(odd, ""))))
        raise CellError("a name on one line, without invisible characters", f"it holds {said}; type it anew")
    if len(text) > LONGEST:
        raise CellError(f"a name of at most {LONGEST} characters")
    return text


def segment(text: str, group: str) -> str:
    """Return one segment in its plain form.

    Parameters
    ----------
    text : str
        A name, ``*`` or ``GROUP:NAME``.
    group : str
        The group that may be named: ``region`` or ``sector``.

    Returns
    -------
    str
        The segment without blanks inside ``GROUP:NAME``.

    Raises
    ------
    CellError
        If it is none of the three.
    """
    text = text.strip()
    if text == "*":
        return text
    before, colon, after = (part.strip() for part in text.partition(":"))
    if not colon and before:
        return name(before)
    if before.casefold() != group or not after:
        raise CellError(f"a name, `*` or {group}:NAME")
    return f"{group}:{name(after)}"


def pattern(text: str) -> Pattern:
    """Return the pattern that a cell, or one part of it, stands for; raise `CellError` if it is none."""
    if text == "*":
        return Pattern("*", "*")
    if "/" not in text:
        if text.casefold().startswith("region:"):
            return Pattern(segment(text, "region"), "*")
        return Pattern("*", segment(text, "sector"))
    place, _, function = text.partition("/")
    if "/" in function or not place.strip() or not function.strip():
        raise CellError(FORM)
    return Pattern(segment(place, "region"), segment(function, "sector"))
