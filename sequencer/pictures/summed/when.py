"""When: the first and the last transfer, the exit, and how many functions are in local hands on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer.pictures.summed.block import Block, Table, block, table
from sequencer.pictures.told import Told

DECEMBER = 12


def when(told: Told) -> Block | None:
    """Return when functions pass into local hands; None without a plan."""
    if told.outcome.choices is None:
        return None
    transfers = sorted(choice.transfer for choice in told.outcome.choices.values())
    return block(told.book.say("summary.when"), _lines(told, transfers), _years(told, transfers))


def _lines(told: Told, transfers: Sequence[int]) -> Iterator[str]:
    book, calendar, as_of = told.book, told.calendar, told.instance.plan.as_of
    coming = [month for month in transfers if month >= as_of]
    if coming:
        first, last = (book.month(calendar, month) for month in (coming[0], coming[-1]))
        yield book.say("summary.transfers", count=len(coming), first=first, last=last)
    if done := len(transfers) - len(coming):
        yield book.say("summary.done", count=done)
    leaves = max(row.exit for row in told.scene.rows)
    if leaves <= as_of:
        return
    yield book.say("summary.exit", exit=book.month(calendar, leaves))
    middle = leaves // 2
    local = sum(month <= middle for month in transfers)
    yield book.say("summary.midway", month=book.month(calendar, middle), local=local, total=len(transfers))


def _years(told: Told, transfers: Sequence[int]) -> Table | None:
    """Return how many functions are in local hands at the end of each year of the plan, until all are."""
    book, calendar = told.book, told.calendar
    last = int(calendar.label(max(0, transfers[-1]))[:4])
    ends = [(year, calendar.number(year, DECEMBER)) for year in range(calendar.year, last + 1)]
    rows = [
        (str(year), book.say("summary.of", local=sum(month <= end for month in transfers), total=len(transfers)))
        for year, end in ends
    ]
    heads = [book.say(f"summary.years.{name}") for name in ("year", "local")]
    return table(book.say("summary.years.caption"), heads, rows)
