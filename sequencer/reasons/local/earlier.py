"""Why not earlier, in sentences: what stands against a package moving alone, and what stands behind that.

The sentences say what one move would break while all others stay where they are. They never say that more of something
would make the plan better; where they say that some more would open a month, they mean that month and this move only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sequencer.phrases import Phrasebook
from sequencer.problem import Problem, Supply
from sequencer.reasons.local.clauses import Clauses
from sequencer.reasons.local.locally import Local, Nearest, Stretch, Way, enough
from sequencer.reasons.local.obstacles import Begins, Closed, Obstacle


@dataclass(frozen=True, slots=True)
class Answer:
    """Why one package does not come earlier, in sentences.

    Attributes
    ----------
    package : str
    first : str
        What stands against the month right before.
    behind : str
        What stands next; empty where that is not a question.
    suffices : str
        How much more of the one thing lacking would open that month to this move alone; empty where that is not known.
    other_months, other_options : tuple of str
        What there is to say of earlier months against which nothing stands, and of the other options.
    """

    package: str
    first: str
    behind: str = ""
    suffices: str = ""
    other_months: tuple[str, ...] = ()
    other_options: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = (self.first, self.behind, self.suffices, *self.other_months, *self.other_options)
        return " ".join(filter(None, said))


def answer(local: Local, problem: Problem, book: Phrasebook) -> Answer:
    """Return why one package does not come earlier, in the language of a phrasebook.

    Parameters
    ----------
    local : Local
        Made with the terms of the objective, without which nothing is known of what the plan aims at.
    """
    teller = _Teller(local, problem, book)
    if local.transfer < 0:
        return Answer(local.package, teller.sentence("earlier.past", rests=False))
    if local.transfer < problem.as_of:
        return Answer(local.package, teller.sentence("earlier.done", rests=False, month=teller.month(local.transfer)))
    if local.first and isinstance(local.first[0], Begins):
        name = "earlier.begun" if problem.as_of else "earlier.begins"
        return Answer(local.package, teller.sentence(name, rests=False, month=teller.month(local.transfer)))
    return Answer(
        package=local.package,
        first=teller.first(),
        behind=teller.behind(),
        suffices=teller.suffices(),
        other_months=tuple(teller.other_months()),
        other_options=tuple(teller.other_options()),
    )


class _Teller:
    """Tells of one package; that others stay is said in the first sentence that rests on them."""

    def __init__(self, local: Local, problem: Problem, book: Phrasebook) -> None:
        self._local = local
        self._book = book
        self._clauses = Clauses(local.package, problem.calendar, problem.horizon, book)
        self._funded = problem.bridge is not None
        self._others_said = False
        nearest = local.nearest
        self._nearest = nearest if nearest is not None and nearest.option == local.option else None

    def month(self, number: int) -> str:
        return self._clauses.month(number)

    def sentence(self, name: str, *, rests: bool, option: str | None = None, **values: str) -> str:
        """Return a sentence about the package; ``rests``: whether it is true only while others stay."""
        package = self._book.package(self._local.package)
        if len(self._local.ways) > 1:
            package = self._book.say("earlier.option", package=package, option=option or self._local.option)
        said = self._book.say(name, package=package, **values)
        if rests and not self._others_said:
            self._others_said = True
            return self._book.sentence("earlier.others", said=said)
        return said[:1].upper() + said[1:]

    def first(self) -> str:
        """Say what stands against the month right before."""
        local = self._local
        if self._nearest is not None and not local.first:
            return self._open(self._nearest, "earlier.not_then")
        stretches, reasons, rests = local.ways[0].stretches, self._reasons(local.first), _rests(local.first)
        if self._nearest is not None:
            return self.sentence("earlier.not_then", rests=rests, when=self._when(stretches[0]), reasons=reasons)
        rests = rests or not all(_closed(stretch.obstacles) for stretch in stretches)
        return self.sentence("earlier.cannot", rests=rests, month=self.month(local.transfer), reasons=reasons)

    def behind(self) -> str:
        """Say what stands next."""
        behind = self._local.behind
        if behind is None:
            return ""
        month = self.month(behind.reach)
        if not behind.obstacles:
            return self.sentence("earlier.behind_nothing", rests=True, month=month)
        reasons = self._reasons(behind.obstacles)
        return self.sentence("earlier.behind", rests=_rests(behind.obstacles), month=month, reasons=reasons)

    def suffices(self) -> str:
        """Say how much more would open the month right before to this one move."""
        found, clauses = enough(self._local), self._clauses
        if found is None:
            return ""
        when, month = clauses.when(found.months), self.month(self._local.transfer - 1)
        if isinstance(found.promise, Supply):
            amount = clauses.amount(found.amount, found.promise)
            return self._book.sentence("earlier.suffices.supply", amount=amount, when=when, month=month)
        scope, name = self._book.scope(found.promise.scope), "earlier.suffices.reserve"
        return self._book.sentence(name, people=found.amount, scope=scope, when=when, month=month)

    def other_months(self) -> Iterator[str]:
        """Say of the nearest month against which nothing stands with the same option, if it is not the one before."""
        if self._local.first and self._nearest is not None:
            yield self._open(self._nearest, "earlier.not_either")

    def other_options(self) -> Iterator[str]:
        """Say of each other option what stands against the month right before, or the nearest without."""
        for way in self._local.ways[1:]:
            nearest = self._nearest_of(way)
            if nearest is not None:
                yield self._open(nearest, "earlier.not_either")
            elif way.before is not None:
                against = way.before
                reasons, rests = self._reasons(against.obstacles), _rests(against.obstacles)
                when = self._when(against)
                yield self.sentence("earlier.not_either", rests=rests, option=way.option, when=when, reasons=reasons)

    def _nearest_of(self, way: Way) -> Nearest | None:
        """Return the nearest month of an option against which no promise stands; money may not have been asked."""
        known = self._local.nearest
        if known is not None and known.option == way.option:
            return known
        if way.free is None:
            return None
        return Nearest(way.option, way.free.last, not self._funded, None, way.free.worse)

    def _open(self, nearest: Nearest, name: str) -> str:
        """Say of a month against which no promise stands what money and the objective have against it."""
        month = self.month(nearest.month)
        if nearest.unpaid is not None:
            when = self._clauses.when(range(nearest.month, nearest.month + 1))
            reasons = self._clauses.unpaid(nearest.unpaid)
            return self.sentence(name, rests=True, option=nearest.option, when=when, reasons=reasons)
        unasked = "" if nearest.asked else "_unasked"
        if nearest.worse is None:
            return self.sentence(f"earlier.open.free{unasked}", rests=True, option=nearest.option, month=month)
        worse = self._clauses.worse(nearest.worse)
        return self.sentence(f"earlier.open.but{unasked}", rests=True, option=nearest.option, month=month, worse=worse)

    def _reasons(self, obstacles: Sequence[Obstacle]) -> str:
        return self._book.say("earlier.between").join(map(self._clauses.obstacle, obstacles))

    def _when(self, stretch: Stretch) -> str:
        return self._clauses.when(range(stretch.first, stretch.last + 1))


def _rests(obstacles: Sequence[Obstacle]) -> bool:
    """Return whether something stands against a month only because of where others are."""
    return not all(isinstance(obstacle, Closed) for obstacle in obstacles)


def _closed(obstacles: Sequence[Obstacle]) -> bool:
    """Return whether something stands against a month wherever others are."""
    return any(isinstance(obstacle, Closed) for obstacle in obstacles)
