"""What drawings of all studies share: how values are said, how runs are counted, and where numbers stand on an axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sequencer import words
from sequencer.errors import UsageError
from sequencer.pictures.studies.kinds import Known, State
from sequencer.pictures.told import Told
from sequencer.vocabulary import MONTH, RISK, SCORE

LEFT, RIGHT, WIDTH = 250.0, 735.0, 760.0  # room for names, the end of an axis, and of a drawing
LINE = 22.0  # height of a row
NAMED = 40  # characters of a name that fit beside a drawing
TICKS = 6
LISTED = 200  # rows of a table beneath a drawing


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole numbers from ``low`` to ``high`` between two places of a drawing."""

    low: int
    high: int
    first: float = LEFT
    last: float = RIGHT

    @classmethod
    def over(cls, values: Iterable[int], first: float = LEFT, last: float = RIGHT) -> Axis:
        """Return an axis that holds values with a little room on both sides."""
        found = sorted(values)
        low, high = (found[0], found[-1]) if found else (0, 1)
        room = max(1, (high - low) // 20)
        return cls(low - room, high + room, first, last)

    def at(self, value: float) -> float:
        """Return where a value stands, rounded to a tenth."""
        return round(self.first + (self.last - self.first) * (value - self.low) / (self.high - self.low), 1)

    def ticks(self, most: int = TICKS) -> list[int]:
        """Return at most so many round numbers on the axis."""
        span = self.high - self.low
        steps = (digit * 10**power for power in range(len(str(span)) + 1) for digit in (1, 2, 5))
        step = next(step for step in steps if span // step < most)
        return list(range(-(-self.low // step) * step, self.high + 1, step))


class Said:
    """How values of a term are said."""

    def __init__(self, told: Told, name: str, term: str) -> None:
        """Say values of a term in a study; UsageError if the plan has no data for the term."""
        known = told.outcome.problem.terms.get(term)
        if known is None:
            raise UsageError(f"{name} tells of {term}, for which {told.instance.plan.title!r} has no data")
        self._told, self.unit, self.term = told, known.unit, words.plain(told.book.say(f"term.{term}"))

    @property
    def axis(self) -> str:
        """The term with its unit, as beside an axis."""
        say = self._told.book.say
        if self.unit == MONTH:
            return self.term
        unit = say("studies.risk") if self.unit == RISK else self.unit
        unit = say("studies.weighted") if unit == "weighted months" else unit
        return words.plain(say("studies.axis", term=self.term, unit=unit))

    def short(self, value: int) -> str:
        """Return a value without its unit."""
        if self.unit == MONTH:
            return self._told.calendar.label(value)
        return words.number(round(value / SCORE) if self.unit == RISK else value)

    def long(self, value: int) -> str:
        """Return a value with its unit."""
        book = self._told.book
        return book.month(self._told.calendar, value) if self.unit == MONTH else book.amount(value, self.unit)

    def swing(self, value: int) -> str:
        """Return a difference with its unit."""
        return self._told.book.amount(value, self.unit)

    def mark(self, known: Known) -> str:
        """Return what is known of a run in a word or two."""
        value = "" if known.value is None else self.short(known.value)
        return self._told.book.say(f"studies.mark.{known.state.value}", value=value)

    def known(self, known: Known) -> str:
        """Return what is known of a run."""
        say = self._told.book.say
        value = "" if known.value is None else self.long(known.value)
        if known.state is State.FOUND and known.bound is not None:
            return words.plain(say("studies.bounded", value=value, bound=self.long(known.bound)))
        return words.plain(say(f"studies.known.{known.state.value}", value=value))


def counted(told: Told, states: Iterable[State]) -> str:
    """Return in a sentence how many runs there are, and how much is known of how many."""
    many, say = Counter(states), told.book.say
    parts = [say(f"studies.count.{state.value}", number=many[state]) for state in State if many[state]]
    return say("studies.runs", count=many.total(), parts=", ".join(parts))


def cut(name: str) -> str:
    """Return a name as it fits beside a drawing; its whole text is to stand elsewhere."""
    return name if len(name) <= NAMED else name[: NAMED - 1] + "…"
