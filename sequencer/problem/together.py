"""Rules about the dates of many packages: events close together, and phases that wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sequencer import words
from sequencer.months import Calendar
from sequencer.problem.breach import Breach, some
from sequencer.vocabulary import Event, Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Width:
    """L3: the events of the members, each a package and an event, lie within ``width`` months of each other.

    Events before the month ``as_of`` are left out: they have happened.
    """

    members: tuple[tuple[str, Event], ...]
    width: int
    origins: tuple[Origin, ...] = ()
    as_of: int = 0

    @property
    def about(self) -> tuple[str, ...]:
        """The packages it binds."""
        return tuple(dict.fromkeys(name for name, _ in self.members))

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield the breach, named after the first and the last of the events."""
        dated = [(schedule.date(name, event), name, event) for name, event in self.members]
        counted = [entry for entry in dated if entry[0] >= self.as_of]
        if not counted:
            return
        (first, early, _), (last, late, _) = min(counted), max(counted)
        over = last - first - self.width
        if over > 0:
            label = schedule.calendar.label
            text = f"{self.sentence()}; {early} comes in {label(first)} and {late} in {label(last)}: {over} too many"
            yield Breach("L3", tuple(dict.fromkeys((early, late))), last, over, "months", text, self.origins)

    def sentence(self) -> str:
        """Say the rule."""
        events = " or ".join(dict.fromkeys(event.value.replace("_", " ") for _, event in self.members))
        return f"{some(self.about)}: {events} within {words.count(self.width, 'month')} of each other"

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        return self.sentence()


@dataclass(frozen=True, slots=True)
class Gate:
    """L4: whoever of ``waiting`` transfers in the ``months`` of a phase waits for an event of all of ``before``.

    The transfer comes at least ``minimum`` months after that event; nobody waits for its own.
    """

    phase: str
    months: range
    waiting: frozenset[str]
    before: tuple[str, ...]
    event: Event
    minimum: int
    origins: tuple[Origin, ...] = ()

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each package that transfers in the phase and each it does not wait for."""
        for name in schedule.cells:
            yield from self.unopened(schedule, name)

    def unopened(self, schedule: Schedule, name: str) -> Iterator[Breach]:
        """Yield a breach for each package that one package should wait for and does not."""
        label, transfer = schedule.calendar.label, schedule.date(name, Event.TRANSFER)
        if name not in self.waiting or transfer not in self.months:
            return
        for other in self.before:
            short = schedule.date(other, self.event) + self.minimum - transfer
            if other != name and short > 0:
                early = words.count(short, "month")
                text = f"{name} transfers in {label(transfer)}; {self.sentence(other)}: {early} too early"
                yield Breach("L4", (other, name), transfer, short, "months", text, self.origins)

    def sentence(self, other: str) -> str:
        """Say the rule for one of the packages waited for."""
        event = self.event.value.replace("_", " ")
        after = f"{words.count(self.minimum, 'month')} after " if self.minimum else "after "
        return f"transfers in phase {self.phase} come {after}the {event} of {other}"

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        return self.sentence(some(self.before))
