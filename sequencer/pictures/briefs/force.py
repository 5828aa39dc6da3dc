"""The force brief, for the mission only: which forces stand where and until when, and where they are stretched most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sequencer import words
from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.pictures.scene import Steps
from sequencer.pictures.told import Told

LEFT, WIDTH, LINE = 210.0, 700.0, 18.0
FORCES, POOLS, BEHIND = 14, 14, 3  # rows, and packages named in one
NAMED, FITS = 32, 16.0  # characters of a name beside a bar; least width for a number in one
RESERVE = "reserve"  # what a scene calls the reserve of a scope


def force(told: Told) -> dict[str, Any]:
    """Return what stands on the page.

    Raises
    ------
    UsageError
        If the instance names no force.
    """
    guarantees = told.instance.guarantees
    if not guarantees:
        raise UsageError("no force is named here (guarantees.csv): there is no brief for one")
    forces: dict[tuple[str, str, str], list[facts.Guarantee]] = {}
    for row in guarantees:
        forces.setdefault((row.force, row.home, row.scope), []).append(row)
    pools = [steps for steps in told.scene.supplies if steps.resource in {*told.seen.forces, RESERVE}]
    stretched = sorted((_worst(steps, told) for steps in pools), key=lambda row: row["spare"])
    return {
        "forces": [_force(told, rows, at) for at, rows in enumerate(list(forces.values())[:FORCES])],
        "height": 22 + LINE * min(FORCES, len(forces)),
        "more": max(0, len(forces) - FORCES),
        "ticks": list(_ticks(told)),
        "pools": stretched[:POOLS],
        "more_pools": max(0, len(stretched) - POOLS),
        "answers": [
            told.book.say("briefs.force.reserve", scope=told.book.scope(each.scope), count=each.k)
            for each in told.instance.reserves
            if each.k
        ],
    }


def _x(told: Told, month: int) -> float:
    return round(LEFT + (WIDTH - LEFT) * month / told.instance.plan.months, 1)


def _ticks(told: Told) -> Iterator[tuple[float, str]]:
    label = told.calendar.label
    years = [month for month in range(told.instance.plan.months) if label(month).endswith("-01")]
    for month in years[:: len(years) // 12 + 1]:
        yield _x(told, month), label(month)[:4]


def _force(told: Told, rows: list[facts.Guarantee], at: int) -> dict[str, Any]:
    """Return a force: its base, what it covers, and how many people it has in which months."""
    first, say, y = rows[0], told.book.say, 20 + LINE * at
    bars = []
    for row in sorted(rows, key=lambda row: row.start):
        begin, end = max(0, row.start), min(told.instance.plan.months, 10**6 if row.end is None else row.end + 1)
        if begin < end:
            x, wide = _x(told, begin), round(_x(told, end) - _x(told, begin), 1)
            month = told.book.month
            dates = {"first": month(told.calendar, begin), "last": month(told.calendar, end - 1)}
            text = words.number(row.people) if wide >= FITS else ""
            said = words.plain(say("briefs.force.people", people=row.people, **dates))
            bars.append({"x": x, "width": wide, "middle": round(x + wide / 2, 1), "text": text, "told": said})
    scope = told.book.scope(first.scope) if first.scope else ""
    covers = ", ".join(sorted(map(words.spaced, first.covers)))
    name = words.plain(words.spaced(first.force))
    hours = [each.response_hours for each in rows if each.response_hours is not None]
    return {
        "name": name,
        "cut": name if len(name) <= NAMED else name[: NAMED - 1] + "…",
        "y": y,
        "bars": bars,
        "base": words.plain(words.spaced(first.home)),
        "role": say("briefs.force.in_reserve", scope=scope) if scope else say("briefs.force.presence"),
        "covers": words.plain(covers if len(covers) <= 3 * NAMED else covers[: 3 * NAMED - 1] + "…"),
        "hours": words.number(max(hours)) if hours else "",
    }


def _worst(steps: Steps, told: Told) -> dict[str, Any]:
    """Return the month in which a pool has least left, who needs it then, and until when it is needed at all."""
    left = [there - need for need, there in zip(steps.need, steps.there, strict=True)]
    needed = [b for b, need in enumerate(steps.need) if need]
    at = min(needed, key=lambda b: left[b])
    behind = [told.book.package(name) for name in steps.behind[at]]
    shown = "; ".join(behind[:BEHIND])
    more = len(behind) - BEHIND
    name = told.book.scope(steps.pool) if steps.resource == RESERVE else words.spaced(steps.pool)
    what = told.book.say("briefs.force.pool.reserve") if steps.resource == RESERVE else words.spaced(steps.resource)
    return {
        "name": words.plain(f"{what}: {name}" if name else what),
        "month": told.book.month(told.calendar, steps.firsts[at]),
        "need": words.number(steps.need[at]),
        "there": words.number(steps.there[at]),
        "spare": left[at],
        "left": words.number(left[at]),
        "behind": words.plain(shown + (f"; {told.book.say('word.more', count=more)}" if more > 0 else "")),
        "until": told.book.month(told.calendar, steps.firsts[needed[-1]]),
    }
