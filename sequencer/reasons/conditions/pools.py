"""What there is: rows of capacity and forces, and how much less of each would still do.

Where several sources with different tasks share the needs, the pools of ``sequencer.compile.pools`` say when these can
be met: a row must give what is missing in the tightest bucket of any pool that it belongs to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from sequencer.compile.pools import there
from sequencer.instance import facts
from sequencer.reasons.conditions.asked import Asked, HeldPool
from sequencer.reasons.conditions.condition import Condition, Kind

Row: TypeAlias = facts.Capacity | facts.Guarantee


@dataclass(frozen=True, slots=True)
class Tightest:
    """The bucket of a pool in which a row must give most, and how much that is: ``least``."""

    least: int
    held: HeldPool
    bucket: int


def supplies(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each row of capacity or presence without which the needs of some bucket were not met."""
    tightest: dict[int, tuple[Row, Tightest]] = {}
    for pools in asked.held.values():
        for held in pools:
            for row in held.pool.rows:
                found = _tightest(row, held)
                if found is not None and (id(row) not in tightest or found.least > tightest[id(row)][1].least):
                    tightest[id(row)] = row, found
    for row, found in tightest.values():
        yield _condition(asked, row, found)


def _condition(asked: Asked, row: Row, tightest: Tightest) -> Condition:
    held, bucket = tightest.held, tightest.bucket
    months = held.months[bucket]
    if isinstance(row, facts.Capacity):
        kind, about, amount, address = Kind.SUPPLY, row.resource, row.amount, asked.addresses.of("capacity", row)
        pool, checker, unit = held.pool.label, held.resource.owner, held.resource.unit
    else:
        kind, about, amount, address = Kind.PRESENCE, row.force, row.people, asked.addresses.of("guarantees", row)
        pool, checker, unit = "", row.owner, "people"
    return Condition(
        kind=kind,
        rule="S1",
        packages=asked.open(held.users(bucket)),
        about=about,
        pool=pool,
        first=months.start,
        last=months[-1],
        needed=tightest.least,
        expected=amount,
        at_least=True,
        unit=unit,
        address=address,
        value=amount,
        stands=tightest.least,
        falls=tightest.least - 1,
        checker=checker,
        origins=held.pool.held(months.start)[1],
    )


def _tightest(row: Row, held: HeldPool) -> Tightest | None:
    """Return the bucket of a pool in which a row must give most; None if the pool would do without it."""
    found: Tightest | None = None
    alone = replace(held.pool, rows=(row,))
    for bucket, months in enumerate(held.months):
        if bucket >= held.ended and held.totals[bucket] and there(row, months.start):
            others = held.capacity[bucket] - alone.held(months.start)[0]
            least = _least(row, held, months.start, held.totals[bucket] - others)
            if least > (found.least if found else 0):
                found = Tightest(least, held, bucket)
    return found


def _least(row: Row, held: HeldPool, month: int, missing: int) -> int:
    """Return the least amount of a row that gives what is missing in the bucket that begins in a month."""
    if missing <= 0 or not held.pool.factors:
        return missing
    amounts = range(row.amount + 1 if isinstance(row, facts.Capacity) else row.people + 1)
    return bisect_left(
        amounts, missing, key=lambda amount: replace(held.pool, rows=(_but(row, amount),)).held(month)[0]
    )


def _but(row: Row, amount: int) -> Row:
    return replace(row, amount=amount) if isinstance(row, facts.Capacity) else replace(row, people=amount)


def reserves(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each row of a reserve force without which some relapses could not be answered."""
    for rule in asked.problem.reserves:
        worst = [rule.worst(needs) for needs in rule.needs(asked.schedule)]
        for force in asked.instance.guarantees:
            if force.scope != rule.scope:
                continue
            missing = [
                (sum(need for need, _ in worst[month]) - (people - force.people), -month)
                for month, people in enumerate(rule.people)
                if month >= rule.as_of and there(force, month)
            ]
            least, month = max(missing, default=(0, 0))
            if least > 0:
                yield Condition(
                    kind=Kind.RESERVE,
                    rule="R1",
                    packages=asked.open(name for _, name in worst[-month]),
                    about=force.force,
                    pool=rule.scope,
                    first=-month,
                    last=-month,
                    needed=least,
                    expected=force.people,
                    at_least=True,
                    unit="people",
                    address=asked.addresses.of("guarantees", force),
                    value=force.people,
                    stands=least,
                    falls=least - 1,
                    checker=force.owner,
                    origins=rule.origins[-month],
                )
