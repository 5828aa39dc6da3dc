"""What stands against a package, each thing in half a sentence, in the language of a phrasebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from sequencer import words
from sequencer.months import Calendar
from sequencer.phrases import Phrasebook
from sequencer.problem import Closing, Supply
from sequencer.reasons.local.obstacles import (
    Apart,
    Begins,
    Closed,
    Dated,
    Obstacle,
    Short,
    Spread,
    Unanswered,
    Unopened,
    Unpaid,
    User,
    Worse,
)
from sequencer.vocabulary import RISK, SCORE, Event

NAMED = 3  # packages that a sentence names before it counts the rest
LISTED = 6  # functions or months

#: What is promised through a hold is said otherwise where there is none.
HELD = frozenset({Closing.READINESS, Closing.THREAT})
#: What is promised about an event of the package whose month is told with it.
DATED = frozenset({Closing.MANDATE, Closing.READINESS, Closing.THREAT, Closing.TREND})


class Clauses:
    """Says what stands against one package.

    Parameters
    ----------
    package : str
        It is called "it".
    horizon : int
        Months of the plan.
    """

    def __init__(self, package: str, calendar: Calendar, horizon: int, book: Phrasebook) -> None:
        self._package = package
        self._calendar = calendar
        self._horizon = horizon
        self._book = book

    def obstacle(self, obstacle: Obstacle) -> str:
        """Say what a promise that is not about money has against it."""
        match obstacle:
            case Begins():
                said = self._book.say("obstacle.closed.begins", month=self.month(obstacle.month))
            case Closed():
                said = self._closed(obstacle)
            case Apart():
                said = self._apart(obstacle)
            case Spread():
                first, last = self._event(obstacle.first), self._event(obstacle.last)
                width = self._months(obstacle.promise.width)
                said = self._book.say("obstacle.width", first=first, last=last, width=width)
            case Unopened():
                said = self._unopened(obstacle)
            case Short():
                said = self._short(obstacle)
            case Unanswered():
                said = self._unanswered(obstacle)
            case _:
                assert_never(obstacle)
        return said

    def unpaid(self, unpaid: Unpaid) -> str:
        """Say what could not be paid for."""
        if unpaid.rule != "S2":
            return self._book.say("obstacle.paid_unevenly", when=self.when(unpaid.months))
        amount = words.amount(unpaid.amount, unpaid.unit)
        return self._book.say("obstacle.unpaid", amount=amount, when=self.when(unpaid.months))

    def worse(self, worse: Worse) -> str:
        """Say which term of the objective would exceed what it may reach, and by how much."""
        term, over = worse.promise, worse.amount
        amount = words.number(round(over / SCORE) if term.unit == RISK else over)
        money = words.amount(over, term.unit)
        return self._book.say(f"obstacle.worse.{term.name}", months=self._months(over), amount=amount, money=money)

    def month(self, number: int) -> str:
        """Say a month."""
        return self._book.month(self._calendar, number)

    def when(self, months: range) -> str:
        """Say in which months something is so."""
        if months == range(self._horizon):
            return self._book.say("earlier.when.plan")
        first, last = self.month(months.start), self.month(months.stop - 1)
        if len(months) == 1:
            return self._book.say("earlier.when.month", first=first)
        return self._book.say("earlier.when.months", first=first, last=last)

    def amount(self, amount: int, supply: Supply) -> str:
        """Say so much of what a pool holds."""
        resource, unit = words.spaced(supply.resource), supply.unit
        named = not unit or resource.endswith(unit)
        unit = words.singular(resource if named else unit) if amount == 1 else resource if named else unit
        of = ", ".join(filter(None, ("" if named else resource, words.spaced(supply.pool))))
        name = "obstacle.amount_of" if of else "obstacle.amount"
        return self._book.say(name, amount=amount, unit=unit, resource=of)

    def _months(self, count: int) -> str:
        return self._book.say("word.months", count=count)

    def _listed(self, said: Sequence[str], most: int = NAMED) -> str:
        """Return things as a list, cut short with a count, and never for the sake of only one."""
        return self._book.many(said, len(said) if len(said) == most + 1 else most)

    def _event(self, dated: Dated) -> str:
        """Say an event with its month, that of the package itself as its own."""
        if dated.package == self._package:
            return self._own(dated.event, dated.month)
        package, month = self._book.package(dated.package), self.month(dated.month)
        return self._book.say(f"obstacle.the.{dated.event.value}", package=package, month=month)

    def _own(self, event: Event, month: int) -> str:
        return self._book.say(f"obstacle.its.{event.value}", month=self.month(month))

    def _closed(self, closed: Closed) -> str:
        clause, book = closed.promise.clause, self._book
        event = clause.event or Event.TRANSFER
        months = [self.month(month) for month in clause.months]
        listed = [words.spaced(name) for name in clause.names] or months
        scale = 1 if closed.promise.measure is None else closed.promise.measure.scale
        found, needed = ("" if value is None else book.decimal(value, scale) for value in (closed.found, closed.needed))
        return book.say(
            f"obstacle.closed.{clause.kind.value}{'_held' if clause.kind in HELD and clause.length else ''}",
            subject=words.spaced(clause.subject),
            stage=book.say(f"obstacle.stage.{clause.subject}") if clause.kind is Closing.STAGE else "",
            event=self._own(event, closed.date) if clause.kind in DATED else book.say(f"event.{event.value}"),
            date=self.month(closed.date),
            month=months[0] if months else "",
            names=self._listed(listed, LISTED) if listed else "",
            length=self._months(clause.length),
            found=found,
            needed=needed,
            worst="" if closed.worst is None else self.month(closed.worst),
        )

    def _apart(self, apart: Apart) -> str:
        bound = {"L1": "least", "L2": "most"}[apart.rule]
        way = "later" if apart.lag > 0 else "earlier" if apart.lag < 0 else "same"
        before, after, lag = self._event(apart.before), self._event(apart.after), self._months(abs(apart.lag))
        return self._book.say(f"obstacle.link.{bound}_{way}", before=before, after=after, lag=lag)

    def _unopened(self, gate: Unopened) -> str:
        longer, awaited = "_longer" if gate.promise.minimum else "", gate.waits[0].awaited
        phase, lag = words.spaced(gate.promise.phase), self._months(gate.promise.minimum)
        if gate.holds_up:
            dated = [(self._book.package(wait.package), self.month(wait.transfer)) for wait in gate.waits]
            waiting = self._listed([self._book.say("obstacle.dated", package=p, month=m) for p, m in dated])
            event, name = self._event(awaited), f"obstacle.gate.holds_up{longer}"
            return self._book.say(name, phase=phase, lag=lag, event=event, packages=waiting)
        events = self._listed([self._event(wait.awaited) for wait in gate.waits])
        return self._book.say(f"obstacle.gate.waits{longer}", phase=phase, lag=lag, events=events)

    def _short(self, short: Short) -> str:
        supply, when = short.promise, self.when(short.months)
        capacity, need = self.amount(short.capacity, supply), self.amount(short.need, supply)
        if not short.used:
            said = self._book.say("obstacle.supply.alone", need=need, when=when, capacity=short.capacity)
        else:
            full = short.used == short.capacity
            said = self._book.say(
                f"obstacle.supply.{'full' if full else 'part'}",
                count=short.used,
                capacity=capacity,
                when=when,
                users=self._users(short.users),
                need=short.need,
            )
        others = [supply.buckets[b] for b in short.buckets[1:]]
        if not others:
            return said
        months, last = sum(map(len, others)), self.month(others[-1].stop - 1)
        return self._book.say("obstacle.supply.longer", said=said, count=months, last=last)

    def _users(self, users: Iterable[User]) -> str:
        return self._listed(
            [
                self._book.say("obstacle.user", package=self._book.package(user.package), amount=user.amount)
                for user in users
            ]
        )

    def _unanswered(self, reserve: Unanswered) -> str:
        month, needed = self.month(reserve.months[0]), reserve.need + sum(user.amount for user in reserve.users)
        return self._book.say(
            f"obstacle.reserve.{'others' if reserve.users else 'alone'}",
            scope=self._book.scope(reserve.promise.scope),
            people=reserve.people,
            month=month,
            need=reserve.need,
            users=self._users(reserve.users) if reserve.users else "",
            needed=needed,
        )
