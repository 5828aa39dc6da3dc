"""Conflicts and wishes in sentences, in the language of a phrasebook."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer import words
from sequencer.outcome import Outcome
from sequencer.phrases import Phrasebook
from sequencer.problem import Problem
from sequencer.questions.why import Price, Tier, Why
from sequencer.reasons.conflicts import Conflict
from sequencer.reasons.promises import Promises
from sequencer.vocabulary import MONTH

NAMED = 8  # packages that move, before the rest is counted


def conflict(found: Conflict, problem: Problem, book: Phrasebook) -> Iterator[str]:
    """Yield what contradicts each other, a line for each promise, and how sure that is."""
    if not found.parts:
        yield book.say("conflict.nothing")
        return
    yield book.say("conflict.place", place=found.scope) if found.scope else book.say("conflict.country")
    yield from (f"- {line}" for line in Promises(problem, book).lines(found.parts))
    yield book.say("conflict.sure" if found.sure else "conflict.unsure")
    if not found.confirmed:
        yield book.say("conflict.unconfirmed")


def why(answer: Why, outcome: Outcome, book: Phrasebook) -> Iterator[str]:
    """Yield what came of a wish: the tier, then reasons or prices and who moves."""
    name = {Tier.CANNOT: "cannot", Tier.COULD: "could", Tier.FREE: "free", Tier.UNKNOWN: "unknown"}[answer.tier]
    yield book.say(f"why.{name}", wish=answer.wish)
    if answer.tier is Tier.CANNOT and not answer.conflicts:
        yield book.say("conflict.none")
    for found in answer.conflicts:
        yield from conflict(found, answer.problem, book)
    if answer.tier is Tier.COULD:
        yield from (f"- {_price(price, outcome, book)}" for price in answer.prices)
    if answer.tier in {Tier.COULD, Tier.FREE}:
        yield _moves(answer, book)


def _price(price: Price, outcome: Outcome, book: Phrasebook) -> str:
    term = book.say(f"term.{price.term}")
    if price.after == price.before:
        return book.sentence("why.same", term=term)

    def shown(value: int) -> str:
        if price.unit == MONTH:
            return book.month(outcome.instance.calendar, value)
        return words.amount(value, price.unit)

    name = "why.worse" if price.after > price.before else "why.better"
    said = book.sentence(name, term=term, after=shown(price.after), before=shown(price.before))
    return said if price.proven or price.after < price.before else book.say("why.at_most", price=said)


def _moves(answer: Why, book: Phrasebook) -> str:
    if not answer.moved:
        return book.sentence("why.stays")
    said = []
    for name, months in sorted(answer.moved.items(), key=lambda move: -abs(move[1])):
        way = "later" if months > 0 else "earlier" if months < 0 else "option"
        lag = book.say("word.months", count=abs(months))
        said.append(book.say(f"why.{way}", package=book.package(name), months=lag))
    return book.sentence("why.moves", moves=book.many(said, NAMED))
