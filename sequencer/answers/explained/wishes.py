"""What came of wishes in sentences, in the language of a phrasebook."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.answers.explained.repairs import Says
from sequencer.answers.explained.sentences import conflict
from sequencer.outcome import Outcome
from sequencer.phrases import Phrasebook
from sequencer.questions.repairs import Repairs
from sequencer.questions.why import Price, Tier, Why
from sequencer.vocabulary import MONTH

NAMED = 8  # packages that move, before the rest is counted


def why(answer: Why, outcome: Outcome, book: Phrasebook) -> Iterator[str]:
    """Yield what came of a wish: the tier, then reasons or prices and who moves."""
    name = {Tier.CANNOT: "cannot", Tier.COULD: "could", Tier.FREE: "free", Tier.UNKNOWN: "unknown"}[answer.tier]
    yield book.say(f"why.{name}", wish=answer.wish)
    if answer.tier is Tier.CANNOT and not answer.conflicts:
        yield book.say("conflict.none")
    for found in answer.conflicts:
        yield from conflict(found, answer.problem, book)
    if answer.tier is Tier.COULD:
        yield from (f"- {price_line(price, outcome, book)}" for price in answer.prices)
    if answer.tier in {Tier.COULD, Tier.FREE}:
        yield moves_line(answer, book)
    if answer.tier in {Tier.CANNOT, Tier.COULD}:
        yield book.say(f"why.{name}_proven" if answer.proven else "why.unproven")
    yield from _changes(answer, outcome, book)


def _changes(answer: Why, outcome: Outcome, book: Phrasebook) -> Iterator[str]:
    """Yield what would have to change in the data for the wish to be possible, and for it to cost nothing.

    What makes it cost nothing is said alone where it is the same.
    """
    possible, fits = answer.possible, answer.compatible
    is_same = possible and fits and [r.changes for r in possible.found] == [r.changes for r in fits.found]
    says = Says(outcome.instance, book)
    if possible is not None and not is_same:
        yield from changes_lines(possible, says, book, "possible")
    if fits is not None:
        yield from changes_lines(fits, says, book, "fits")


def changes_lines(found: Repairs, says: Says, book: Phrasebook, kind: str) -> Iterator[str]:
    """Yield what would have to change for a wish (``possible``), or for it to cost nothing (``fits``), and how sure."""
    for repair in found.found:
        name = f"why.{kind}_risk" if repair.accepts_risk else f"why.{kind}"
        yield book.sentence(name, changes=says.repair(repair))
    if not found.found:
        yield book.say(f"why.{kind}_never" if found.complete else f"why.{kind}_unknown")
    if not all(repair.minimal for repair in found.found):
        yield book.say("repairs.not_minimal")
    if not all(repair.cheapest for repair in found.found):
        yield book.say("repairs.not_cheapest")


def price_line(price: Price, outcome: Outcome, book: Phrasebook) -> str:
    """Return what a wish costs in one term of the objective."""
    term = book.say(f"term.{price.term}")
    if price.after == price.before:
        return book.sentence("why.same", term=term)

    def shown(value: int) -> str:
        if price.unit == MONTH:
            return book.month(outcome.instance.calendar, value)
        return book.amount(value, price.unit)

    name = "why.worse" if price.after > price.before else "why.better"
    said = book.sentence(name, term=term, after=shown(price.after), before=shown(price.before))
    return said if price.proven or price.after < price.before else book.say("why.at_most", price=said)


def moves_line(answer: Why, book: Phrasebook) -> str:
    """Return which packages move, and how far, in the plan that has a wish."""
    if not answer.moved:
        return book.sentence("why.stays")
    said = []
    for name, months in sorted(answer.moved.items(), key=lambda move: -abs(move[1])):
        way = "later" if months > 0 else "earlier" if months < 0 else "option"
        lag = book.say("word.months", count=abs(months))
        said.append(book.say(f"why.{way}", package=book.package(name), months=lag))
    return book.sentence("why.moves", moves=book.many(said, NAMED))
