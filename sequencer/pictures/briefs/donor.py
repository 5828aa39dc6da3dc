"""A donor's brief: what its money buys, what its pledges wait for, and what moves if it withdraws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sequencer import words
from sequencer.answers.explained.wishes import why
from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.pictures.briefs import short
from sequencer.pictures.briefs.spread import Part, parts
from sequencer.pictures.told import Told
from sequencer.problem import Bridge, Line, Schedule
from sequencer.questions.why import Tier, why_not
from sequencer.reasons.conditions import Condition, Kind
from sequencer.vocabulary import Event

FUNCTIONS, YEARS, LISTED = 8, 12, 5  # rows of each table, and sentences


def known(instance: Instance, name: str | None) -> str:
    """Return the name of a donor with a pledge.

    Raises
    ------
    UsageError
        If there is none of this name; with those that there are.
    """
    names = sorted({pledge.donor for pledge in instance.pledges})
    if not names:
        raise UsageError("no donor pledges anything here: there is no brief for one")
    if name not in names:
        asked = "a donor's brief needs --donor NAME" if name is None else f"there is no donor {name!r} with a pledge"
        raise UsageError(f"{asked}; there are {', '.join(names)}")
    return name


def donor(told: Told, name: str, limits: Limits) -> dict[str, Any]:
    """Return what stands on the page; asks what moves without the donor within the limits."""
    outcome, bridge = told.outcome, told.outcome.problem.bridge
    pledges = [pledge for pledge in told.instance.pledges if pledge.donor == name]
    counted = {pledge.line for pledge in pledges if told.instance.counts(pledge)}
    page: dict[str, Any] = {"donor": words.plain(words.spaced(name)), "years": [], "functions": [], "more": 0}
    page |= {"asks": list(_asks(told, name, pledges)), "buys": [], "unit": "", "rests": []}
    if not counted or bridge is None:
        return page | {"withdraws": [told.book.say("briefs.donor.announced")], "sure": ""}
    problem = outcome.problem
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(outcome.choices or {}), outcome.uses or {})
    lines = [line for line in bridge.lines if line.name in counted]
    found = parts(bridge, schedule, lines)
    functions = _functions(told, found)
    page["unit"] = words.plain(bridge.unit)
    page["buys"] = list(_buys(told, bridge, schedule, lines, found))
    page["years"] = list(_years(bridge, schedule, lines))[:YEARS]
    page["functions"], page["more"] = functions[:FUNCTIONS], max(0, len(functions) - FUNCTIONS)
    page["rests"] = [short.said(each, told) for each in short.shown(told) if _is_of(each, counted)][:LISTED]
    return page | {"withdraws": list(_withdraws(told, name, limits)), "sure": told.book.say("briefs.donor.spread")}


def _is_of(condition: Condition, lines: set[str]) -> bool:
    name = condition.pool if condition.kind is Kind.PLEDGE else condition.about
    return condition.kind in {Kind.PLEDGE, Kind.MONEY} and name in lines


def _buys(
    told: Told, bridge: Bridge, schedule: Schedule, lines: Sequence[Line], found: Sequence[Part]
) -> Iterator[str]:
    paid, whole = sum(sum(schedule.uses[line.name]) for line in lines), sum(bridge.totals(schedule))
    share = words.percent(paid, whole)
    yield words.plain(told.book.say("briefs.donor.pays", amount=words.amount(paid, bridge.unit), share=share))
    if found:
        months = round(sum(part.months for part in found))
        places = len({told.instance.package[part.package].place for part in found})
        yield told.book.say("briefs.donor.buys", count=len(found), places=places, months=months)


def _years(bridge: Bridge, schedule: Schedule, lines: Sequence[Line]) -> Iterator[tuple[str, str, str, str]]:
    """Yield each year in which the donor gives or pays: what is there, what it pays, and its part of the year."""
    held = dict(zip((line.name for line in bridge.lines), bridge.capacities(schedule), strict=True))
    totals = bridge.totals(schedule)
    for b, label in enumerate(bridge.labels):
        there, pays = (sum(of[line.name][b] for line in lines) for of in (held, schedule.uses))
        if there or pays:
            part = words.percent(pays, totals[b]) if totals[b] else ""
            yield label, words.number(there), words.number(pays), part


def _functions(told: Told, found: Sequence[Part]) -> list[tuple[str, str, str, str]]:
    """Return for each function how many packages, months of them and how much money, the most first."""
    by: dict[str, list[Part]] = {}
    for part in found:
        by.setdefault(told.instance.package[part.package].function, []).append(part)
    ranked = sorted(by.items(), key=lambda entry: -sum(part.amount for part in entry[1]))
    return [
        (
            words.plain(words.spaced(function)),
            words.number(len(mine)),
            words.number(round(sum(part.months for part in mine))),
            words.number(round(sum(part.amount for part in mine))),
        )
        for function, mine in ranked
    ]


def _asks(told: Told, name: str, pledges: Sequence[facts.Pledge]) -> Iterator[str]:
    """Yield what the donor asks for, pledge by pledge."""
    say, unit = told.book.say, told.instance.plan.money_unit
    found = []
    for pledge in pledges:
        line = words.spaced(pledge.line)
        if not pledge.confirmed:
            found.append(say("briefs.donor.unconfirmed", line=line))
        if pledge.condition is not None:
            package, event = pledge.condition
            found.append(_waits(told, line, package, event))
        if pledge.serves is not None:
            found.append(say("briefs.donor.earmarked", line=line, count=len(pledge.serves)))
        for key, limit in (("growth", pledge.max_growth), ("fall", pledge.max_fall)):
            if limit is not None:
                found.append(say(f"briefs.donor.{key}", line=line, amount=words.amount(limit, unit)))
    share = next((one.max_share for one in told.instance.donors if one.name == name), None)
    if share is not None:
        found.append(say("briefs.donor.share", share=told.book.decimal(share, 10)))
    yield from list(dict.fromkeys(map(short.cut, found)))[: LISTED + 1]


def _waits(told: Told, line: str, package: str, event: Event) -> str:
    problem = told.outcome.problem
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(told.outcome.choices or {}))
    return told.book.say(
        "briefs.donor.waits",
        line=line,
        event=told.book.say(f"event.{event.value}"),
        package=told.book.package(package),
        month=told.book.month(told.calendar, schedule.date(package, event)),
    )


def _withdraws(told: Told, name: str, limits: Limits) -> Iterator[str]:
    """Yield what came of asking for a plan without the donor, and how sure that is."""
    found, say = why_not(told.outcome, f"without donor {name}", limits=limits), told.book.say
    tier = {Tier.CANNOT: "cannot", Tier.COULD: "could", Tier.FREE: "free", Tier.UNKNOWN: "unknown"}[found.tier]
    yield say(f"briefs.without.{tier}")
    lines = list(why(found, told.outcome, told.book))[1:]  # after what was wished, in the words of wishes
    if found.tier is Tier.COULD:
        yield from (short.cut(line.removeprefix("- ")) for line in lines[:-1])
        yield say("briefs.without.proven" if found.proven else "briefs.without.unproven")
    if found.tier is Tier.FREE and found.moved:
        yield from map(short.cut, lines)
