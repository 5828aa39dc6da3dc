"""Links, widths and gates as rows: events that would come too far apart exclude one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sequencer.binaries.package_binaries import Dated, month
from sequencer.binaries.rows import Rows
from sequencer.binaries.sums import Integers, once, ones


def keep_near(rows: Rows, name: str, first: Dated, second: Dated, shift: int, *, as_of: int = 0) -> None:
    """Once ``first`` has come by a month, ``second`` has come by ``shift`` months later; not if both are in the past.

    The past is all before the month ``as_of``. One row for each month: whoever is first by then, and whoever is second
    too late for that, exclude one another.
    """
    past = bool(len(first.dates) and len(second.dates) and first.dates[0] < as_of)
    ahead = first.within(as_of, int(first.dates[-1])) if past else first
    months = _months(first, second, shift)
    stops = np.searchsorted(first.dates, months, side="right").tolist()
    begins = np.searchsorted(second.dates, months + shift, side="right").tolist()
    for at, stop, begin in zip(months.tolist(), stops, begins, strict=True):
        early, late = first.vars[:stop], second.vars[begin:]
        if past and second.dates[begin] < as_of:
            # a pair in the past excludes nothing: two rows without such pairs
            planned = second.after(max(as_of - 1, at + shift))
            for one, other in ((ahead.until(at), late), (early, planned)):
                if len(one) and len(other):
                    rows.exclude(f"{name}_{month(at)}", one, other)
        else:
            rows.exclude(f"{name}_{month(at)}", early, late)


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
    for at in _months(_merged(firsts), _merged(seconds), shift).tolist():
        begun = rows.variable(f"h_{name}_{month(at)}", 1, whole=False)
        for i, first in enumerate(firsts):
            early = first.until(at)
            if len(early):
                rows.at_most(f"{name}_first_{i}_{month(at)}", ones(early) + once(begun, -1), 0)
        for j, second in enumerate(seconds):
            late = second.after(at + shift)
            if len(late):
                rows.at_most(f"{name}_second_{j}_{month(at)}", ones(late) + once(begun), 1)


def _months(first: Dated, second: Dated, shift: int) -> Integers:
    """Return the months whose rows imply those of all months.

    From one month to the next the row of the later one is the stronger, unless some second is no longer too late.
    """
    starts = np.unique(first.dates)
    missing = len(second.dates) - np.searchsorted(second.dates, starts + shift, side="right")
    months: Integers = starts[missing > np.append(missing[1:], 0)]
    return months


def _merged(groups: Sequence[Dated]) -> Dated:
    dates = np.concatenate([dated.dates for dated in groups]) if groups else np.zeros(0, np.int64)
    return Dated(np.sort(dates), np.zeros(len(dates), np.int64))  # only the dates are asked for
