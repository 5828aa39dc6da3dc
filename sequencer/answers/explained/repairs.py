"""Repairs in sentences, in the language of a phrasebook, and as rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sequencer import words
from sequencer.answers.explained.sentences import conflict
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, Lever, addresses
from sequencer.phrases import Phrasebook
from sequencer.questions.repairs import Change, Repair, Repairs
from sequencer.vocabulary import MONTH, Event

_STEPS = frozenset({"max_growth", "max_fall"})
_POINTS = frozenset({"score", "growth", "gain", "threshold"})


def repairs_lines(found: Repairs, instance: Instance, book: Phrasebook, *, is_proven: bool = True) -> Iterator[str]:
    """Yield what would have to change for a plan to exist, a line for each way, and how sure that is.

    Parameters
    ----------
    found : Repairs
    instance : Instance
        The one that has no plan.
    book : Phrasebook
    is_proven : bool
        Whether it is proven that it has none.
    """
    if not is_proven and any(repair.changes for repair in found.found):
        yield book.say("repairs.unproven")
    says = Says(instance, book)
    for risky in (False, True):
        chosen = [repair for repair in found.found if repair.accepts_risk is risky]
        kind = "risk" if risky else "plan"
        said = [says.repair(repair) for repair in chosen]
        if len(said) == 1:
            yield book.say(f"repairs.{kind}", changes=said[0])
        elif said:
            yield book.say(f"repairs.{kind}_either")
            yield from (f"- {line[:1].upper()}{line[1:]}." for line in said)
        if found.uncured and not risky:
            yield book.say("repairs.uncured")
            for one in found.uncured:
                yield from conflict(one, found.problem, book)
    if not found.found and not found.uncured:
        yield book.say("repairs.none" if found.sure else "repairs.unknown")
    if any(repair.changes for repair in found.found):
        yield from _how_sure(found, book)
    elif found.found and found.complete and found.sure:
        yield book.say("repairs.complete")


def _how_sure(found: Repairs, book: Phrasebook) -> Iterator[str]:
    """Yield that repairs work, whether no part of them does, and whether nothing cheaper does."""
    minimal = [repair.minimal for repair in found.found]
    yield book.say("repairs.solved")
    yield book.say("repairs.minimal" if all(minimal) else "repairs.not_minimal")
    if all(repair.cheapest for repair in found.found):
        yield book.say("repairs.cheapest")
        if found.complete and found.sure:
            yield book.say("repairs.complete")
        return
    yield book.say("repairs.not_cheapest")
    pure = [repair.cost for repair in found.found if not repair.accepts_risk]
    if found.least and pure:
        least, cost = (book.decimal(round(amount * 1000), 1000) for amount in (found.least, pure[0]))
        yield book.say("repairs.least", least=least, cost=cost)


def as_rows(found: Repairs, instance: Instance) -> list[dict[str, Any]]:
    """Return repairs for JSON.

    Returns
    -------
    list of dict
        For each: ``changes`` (address, change, units, unit, cost), ``cost``, ``minimal``, ``cheapest``,
        ``accepts_risk`` and ``timetable`` (package, option, transfer).
    """
    return [
        {
            "changes": [dataclasses.asdict(change) for change in repair.changes],
            "cost": repair.cost,
            "minimal": repair.minimal,
            "cheapest": repair.cheapest,
            "accepts_risk": repair.accepts_risk,
            "timetable": [
                {"package": name, "option": choice.option, "transfer": instance.calendar.label(choice.transfer)}
                for name, choice in repair.choices.items()
            ],
        }
        for repair in found.found
    ]


class Says:
    """Says changes of the numbers of one instance."""

    def __init__(self, instance: Instance, book: Phrasebook) -> None:
        self._instance = instance
        self._book = book
        self._levers = addresses(instance)

    def repair(self, repair: Repair) -> str:
        """Return all changes of a repair, as parts of a sentence."""
        if not repair.changes:
            return self._book.say("repairs.nothing")
        return self._book.many([self.change(change) for change in repair.changes], len(repair.changes))

    def change(self, change: Change) -> str:
        """Return one change, as part of a sentence."""
        book, by = self._book, Decimal(change.change)
        lever, when = self._meant(change.address)
        kind, about = self._kind(lever, self._row(lever))
        if "unit" in about and abs(by) == 1:
            about["unit"] = words.singular(about["unit"])
        value = int((lever.value or 0) + by * lever.scale)
        amount = book.decimal(int(abs(by) * 1000), 1000)
        said = book.say(
            f"repairs.change.{kind}",
            amount=amount,
            money=words.amount(int(abs(by)), self._instance.plan.money_unit),
            months=book.say("word.months", count=int(abs(by))),
            month=book.month(self._instance.calendar, value) if lever.unit == MONTH else "",
            value=book.decimal(value, lever.scale),
            address=change.address,
            change=change.change,
            **about,
        )
        return f"{said} {when}" if when else said

    def _meant(self, address: str) -> tuple[Lever, str]:
        """Return the number that an address means, and for which months."""
        base, _, span = address.partition("@")
        if address in self._levers:
            lever = self._levers[address]
            stretch = self._stretch(lever)
            year = self._row(lever).year if lever.attribute == "budget" else 0
            if year:
                return lever, self._book.say("repairs.year", year=str(year))
            return lever, "" if stretch is None or stretch == self._whole else self._when(*stretch)
        first, last = (self._instance.calendar.number(*map(int, word.split("-"))) for word in span.split(".."))
        for name, lever in self._levers.items():
            stretch = self._stretch(lever) if name.partition("@")[0] == base else None
            if stretch is not None and stretch[0] <= first <= stretch[1]:
                return lever, self._when(first, last)
        raise KeyError(address)

    @property
    def _whole(self) -> tuple[int, int]:
        return 0, self._instance.plan.months - 1

    def _row(self, lever: Lever) -> Any:  # noqa: ANN401 - any kind of fact
        return (
            self._instance.plan if lever.attribute == PLAN else getattr(self._instance, lever.attribute)[lever.position]
        )

    def _stretch(self, lever: Lever) -> tuple[int, int] | None:
        """Return the months of the plan that a row is about; None for rows about no months."""
        fact, (_, last) = self._row(lever), self._whole
        if not isinstance(fact, facts.Capacity | facts.Guarantee | facts.Pledge):
            return None
        return max(0, fact.start), last if fact.end is None else min(fact.end, last)

    def _when(self, first: int, last: int) -> str:
        shown = [self._book.month(self._instance.calendar, month) for month in (first, last)]
        name = "month" if first == last else "months"
        return self._book.say(f"conditions.when.{name}", first=shown[0], last=shown[1])

    def _kind(self, lever: Lever, fact: facts.Fact) -> tuple[str, dict[str, str]]:  # noqa: C901, PLR0911 - one for each table
        """Return which sentence says a change of a number, and what it is about."""
        book = self._book
        match fact:
            case facts.Capacity(resource=resource):
                unit = self._instance.resource[resource].unit or resource
                kind = "supply" if unit != resource else "plain"
                return kind, {
                    "unit": words.spaced(unit),
                    "about": words.spaced(" ".join(filter(None, (resource, fact.pool)))),
                }
            case facts.Guarantee(force=force):
                return "people", {"about": words.spaced(force)}
            case facts.Budget(line=line) | facts.Pledge(line=line) if lever.field in {"amount", *_STEPS}:
                return f"money_{lever.field}", {"about": words.spaced(line)}
            case facts.Link():
                ends = ((fact.before, fact.before_event), (fact.after, fact.after_event))
                before, after = (self._event(package, event) for package, event in ends)
                return f"link_{lever.field}", {"before": before, "after": after}
            case facts.Width():
                names = [book.package(package) for package, _ in fact.members]
                return "width", {"about": book.many(names)}
            case facts.Gate(phase=phase):
                return "gate", {"about": words.spaced(phase)}
            case facts.Readiness() | facts.Gain() | facts.Criterion() if lever.field in _POINTS:
                return lever.field, {"about": book.package(fact.package), "criterion": words.spaced(fact.criterion)}
            case facts.Limit():
                return lever.field, {"about": book.package(fact.package)}
            case facts.Package() if lever.field in {"earliest", "latest"}:
                return lever.field, {"about": book.package(fact.name)}
            case facts.Donor(name=name) if lever.field == "max_share":
                return "share", {"about": words.spaced(name)}
            case facts.Reserve(scope=scope):
                return "reserve", {"about": words.spaced(scope)}
        return ("mandate" if lever.field == "mandate_end" else "address"), {}

    def _event(self, package: str, event: Event) -> str:
        named = self._book.say(f"event.{event.value}")
        return self._book.say("promise.event", event=named, package=self._book.package(package))
