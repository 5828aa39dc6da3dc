"""How sure it is that a plan is the best, said plainly; and what a later exit would bring."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.outcome import CHECKED, Haste, Level, Status
from sequencer.pictures.summed.block import Block, block, points
from sequencer.pictures.told import Told
from sequencer.vocabulary import MONTH


def sure(told: Told) -> Block | None:
    """Return what is proven of the answer, and of each thing that the plan aims at."""
    return block(told.book.say("summary.sure"), _lines(told))


def _lines(told: Told) -> Iterator[str]:
    outcome, say = told.outcome, told.book.say
    is_checked = outcome.engine == CHECKED
    names = {
        Status.OPTIMAL: "optimal_within" if any(level.tolerance for level in outcome.levels) else "optimal",
        Status.FEASIBLE: "checked" if is_checked else "feasible",
        Status.INFEASIBLE: "infeasible",
        Status.UNKNOWN: "unknown",
    }
    yield say(f"summary.status.{names[outcome.status]}")
    if outcome.interrupted:
        yield say("summary.interrupted")
    if outcome.choices is not None:
        places = ("then" if position else "first" for position in range(len(outcome.levels)))
        yield from points(_level(told, level, place) for level, place in zip(outcome.levels, places, strict=True))
    if outcome.verified is not None:
        confirmed = sum(claim.confirmed for claim in outcome.verified)
        name = "none" if not outcome.verified else "all" if confirmed == len(outcome.verified) else "some"
        yield say(f"summary.verified.{name}", confirmed=confirmed, claims=len(outcome.verified))


def _level(told: Told, level: Level, place: str) -> str:
    """Return what is known of one thing that the plan aims at; of a later one, with those before it as they are."""
    book, term = told.book, told.book.say(f"term.{level.term}")
    if level.value is None:
        return book.sentence("summary.level.none", term=term)
    value = valued(told, level.value, level.unit)
    if level.proven:
        name = "proven" if level.proof == "exact" else "numeric"
        said = book.sentence(f"summary.level.{place}.{name}", term=term, value=value)
    elif level.bound is None:
        said = book.sentence("summary.level.open", term=term, value=value)
    else:
        less = book.amount(level.value - level.bound, level.unit)
        bound = valued(told, level.bound, level.unit)
        name = f"summary.level.{place}.between{'_date' if level.unit == MONTH else ''}"
        said = book.sentence(name, term=term, value=value, bound=bound, less=less)
    if level.achieved is not None and level.achieved > level.value:
        achieved, tolerance = valued(told, level.achieved, level.unit), book.amount(level.tolerance, level.unit)
        said += " " + book.say("summary.level.allowed", achieved=achieved, tolerance=tolerance)
    return said


def valued(told: Told, value: int, unit: str) -> str:
    """Return the value of a term: a month, or a number with its unit."""
    return told.book.month(told.calendar, value) if unit == MONTH else told.book.amount(value, unit)


def haste(told: Told) -> Block | None:
    """Return what risk and cost would be if the exit came later; None without a plan."""
    if told.outcome.choices is None:
        return None
    return block(told.book.say("summary.haste"), _hastes(told))


def _hastes(told: Told) -> Iterator[str]:
    book = told.book
    now, *later = told.outcome.haste or (None,)
    if now is None or not later:
        yield book.say("summary.later.unasked")
        return
    prices = _prices(now)
    if not prices:
        yield book.say("summary.later.unknown")
        return
    has = [
        book.say("summary.later.has", term=_term(told, name), value=_priced(told, name, n))
        for name, n in prices.items()
    ]
    yield book.say("summary.later.now", month=book.month(told.calendar, now.exit), prices=book.many(has))
    for then in {each.exit: each for each in later if each.exit > now.exit}.values():  # not beyond the end of the plan
        months = book.say("word.months", count=then.exit - now.exit)
        month = book.month(told.calendar, then.exit)
        changes = book.say("earlier.between").join(_changes(told, now, then))
        yield f"- {book.say('summary.later.then', months=months, month=month, changes=changes)}"


def _changes(told: Told, now: Haste, then: Haste) -> Iterator[str]:
    """Yield what a plan with a later exit would have instead of what this plan has."""
    book = told.book
    if then.achieved is None:
        yield book.say("summary.later.none")
        return
    before, after = _prices(now), _prices(then)
    for name in (name for name in before if name in after):
        yield _change(told, name, before[name], after[name])
    if then.achieved != then.exit:
        yield book.say("summary.later.achieved", month=book.month(told.calendar, then.achieved))
    if not then.proven:
        yield book.say("summary.later.unproven")
    elif not then.cheapest and then.cost is not None:
        yield book.say("summary.later.cheaper")


def _change(told: Told, name: str, before: int, after: int) -> str:
    book, term = told.book, _term(told, name)
    if before == after:
        return book.say("summary.later.same", term=term)
    value = _priced(told, name, after)
    if before == 0:
        return book.say("summary.later.instead", term=term, value=value)
    share = book.decimal(round(1000 * abs(after - before) / before), 10)
    return book.say(f"summary.later.{'less' if after < before else 'more'}", term=term, share=share, value=value)


def _prices(entry: Haste) -> dict[str, int]:
    """Return risk and cost, unless there are no data for them."""
    prices = {"risk": entry.risk, "cost": entry.cost}
    return {name: value for name, value in prices.items() if value is not None}


def _term(told: Told, name: str) -> str:
    return told.book.say(f"term.{name}")


def _priced(told: Told, name: str, value: int) -> str:
    return told.book.amount(value, told.outcome.problem.terms[name].unit)
