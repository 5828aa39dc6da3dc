"""Links: a minimum and a maximum lag between two events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sequencer import words
from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.vocabulary import Event, Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Link:
    """L1, L2: month of ``after_event`` - month of ``before_event`` lies between ``minimum`` and ``maximum``.

    None: no such bound. A link whose two events both lie before the month ``as_of`` is dropped: they have happened.
    """

    before: str
    before_event: Event
    after: str
    after_event: Event
    minimum: int | None
    maximum: int | None
    origins: tuple[Origin, ...] = ()
    as_of: int = 0

    @property
    def about(self) -> tuple[str, ...]:
        """The packages it binds."""
        return (self.before,) if self.before == self.after else (self.before, self.after)

    @property
    def _bounds(self) -> dict[str, int | None]:
        return {"L1": self.minimum, "L2": self.maximum}

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each bound that does not hold."""
        first = schedule.date(self.before, self.before_event)
        second = schedule.date(self.after, self.after_event)
        if first < self.as_of and second < self.as_of:
            return
        dates = f"({schedule.calendar.label(first)}, {schedule.calendar.label(second)})"
        if self.minimum is not None and second - first < self.minimum:
            short = self.minimum - (second - first)
            text = f"{self.sentence('L1')} {dates}: {words.count(short, 'month')} too early"
            yield Breach("L1", self.about, second, short, "months", text, self.origins)
        if self.maximum is not None and second - first > self.maximum:
            over = second - first - self.maximum
            text = f"{self.sentence('L2')} {dates}: {words.count(over, 'month')} too late"
            yield Breach("L2", self.about, second, over, "months", text, self.origins)

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        return "; ".join(self.sentence(rule) for rule, bound in self._bounds.items() if bound is not None)

    def sentence(self, rule: str) -> str:
        """Say one of the two bounds, L1 or L2."""
        sense, months = {"L1": "at least", "L2": "at most"}[rule], self._bounds[rule] or 0
        after, before = f"{self.after} {_words(self.after_event)}", f"{self.before} {_words(self.before_event)}"
        if months == 0:
            return f"{after} comes no {'earlier' if rule == 'L1' else 'later'} than {before}"
        return f"{after} comes {sense} {words.count(months, 'month')} after {before}"


def _words(event: Event) -> str:
    return event.value.replace("_", " ")
