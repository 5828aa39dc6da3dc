"""Links, widths and gates as rows: events that would come too far apart exclude one another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from sequencer.milp.package_binaries import Dated, month
from sequencer.milp.rows import Rows, Terms


def keep_near(rows: Rows, name: str, first: Dated, second: Dated, shift: int) -> None:
    """Once ``first`` has come by a month, ``second`` has come by ``shift`` months later; not if both are in the past.

    One row for each month: whoever is first by then, and whoever is second too late for that, exclude one another.
    """
    for at in _months(first, second, shift):
        early = [entry for entry in first if entry[0] <= at]
        late = [entry for entry in second if entry[0] > at + shift]
        if early[0][0] < 0 and late[0][0] < 0:  # a pair in the past excludes nothing: two rows without such pairs
            for one, other in ((_planned(early), late), (early, _planned(late))):
                if one and other:
                    rows.at_most(f"{name}_{month(at)}", [*_ones(one), *_ones(other)], 1)
        else:
            rows.at_most(f"{name}_{month(at)}", [*_ones(early), *_ones(late)], 1)


def keep_all_near(rows: Rows, name: str, firsts: Sequence[Dated], seconds: Sequence[Dated], shift: int) -> None:
    """Do the same for each of ``firsts`` with each of ``seconds``; no first is in the past.

    Where that takes fewer rows, a helper for each month stands between: at least 1 once any first has come, at most 0
    while any second is missing.
    """
    if len(firsts) * len(seconds) <= len(firsts) + len(seconds):
        for i, first in enumerate(firsts):
            for j, second in enumerate(seconds):
                if first is not second:
                    keep_near(rows, f"{name}_{i}_{j}", first, second, shift)
        return
    for at in _months(_merged(firsts), _merged(seconds), shift):
        begun = rows.variable(f"h_{name}_{month(at)}", 1, whole=False)
        for i, first in enumerate(firsts):
            early = [entry for entry in first if entry[0] <= at]
            if early:
                rows.at_most(f"{name}_first_{i}_{month(at)}", [*_ones(early), (begun, -1)], 0)
        for j, second in enumerate(seconds):
            late = [entry for entry in second if entry[0] > at + shift]
            if late:
                rows.at_most(f"{name}_second_{j}_{month(at)}", [*_ones(late), (begun, 1)], 1)


def _months(first: Dated, second: Dated, shift: int) -> list[int]:
    """Return the months whose rows imply those of all months.

    From one month to the next the row of the later one is the stronger, unless some second is no longer too late.
    """
    starts, ends = sorted({date for date, _ in first}), sorted(date for date, _ in second)
    missing = [len(ends) - bisect_right(ends, start + shift) for start in starts]
    return [start for start, (now, then) in zip(starts, pairwise([*missing, 0]), strict=True) if now > then]


def _merged(groups: Sequence[Dated]) -> Dated:
    return sorted(entry for dated in groups for entry in dated)


def _planned(dated: Dated) -> Dated:
    return [entry for entry in dated if entry[0] >= 0]


def _ones(dated: Dated) -> Terms:
    return [(var, 1) for _, var in dated]
