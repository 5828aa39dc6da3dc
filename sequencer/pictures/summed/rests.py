"""What the inputs rest on, and what was not tested."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.answers.evidence import UNSAID, evidence
from sequencer.instance.idle import idle
from sequencer.pictures.studies.kinds import Curve, Dates
from sequencer.pictures.summed.block import Block, block, points
from sequencer.pictures.told import Told

WORDS = 5  # of confidence that are told apart
CHANGES = 12  # made for this run, before the rest is counted
VERIFY = "--verify"


def rests(told: Told) -> Block | None:
    """Return how sure the planner is of the rows that the answer rests on."""
    return block(told.book.say("summary.rests"), _inputs(told))


def _inputs(told: Told) -> Iterator[str]:
    counts, say = evidence(told.instance), told.book.say
    total, silent = sum(counts.values()), counts.get(UNSAID, 0)
    named = [word for word in counts if word != UNSAID and told.seen.confidence(word)][:WORDS]
    said = [say("summary.input", count=counts[word], total=total, word=word) for word in named]
    rest = total - silent - sum(counts[word] for word in named)
    said += [say("summary.worded", count=rest, total=total)] * bool(rest)
    said += [say("summary.silent", count=silent, total=total)] * bool(silent)
    yield from points(said)
    if unused := len(idle(told.instance)):
        yield say("summary.idle", count=unused)


def untested(told: Told) -> Block | None:
    """Return what nobody has tested or proven again, what was changed, and how far off dates were before."""
    return block(told.book.say("summary.untested"), _untested(told))


def _untested(told: Told) -> Iterator[str]:
    outcome, say = told.outcome, told.book.say
    said = []
    if outcome.choices is not None and not any(isinstance(study, Curve | Dates) for study in told.studies):
        said.append(say("summary.robustness"))
    if outcome.verified is None and any(level.proven for level in outcome.levels):
        said.append(say("summary.unverified", option=VERIFY))
    yield from points(said)
    yield from _slips(told)
    shown, made = told.seen.changes()[:CHANGES], len(told.instance.changes)
    if made:
        yield say("summary.changed", count=made)
        yield from points(shown)
    if made > len(shown):
        yield say("summary.unlisted", count=made - len(shown))


def _slips(told: Told) -> Iterator[str]:
    """Yield how far from the published plan the functions came that were handed over already."""
    choices, plan = told.outcome.choices or {}, told.instance.plan
    slips = [
        choices[fact.package].transfer - fact.transfer
        for fact in told.instance.published
        if fact.package in choices and choices[fact.package].transfer < plan.as_of
    ]
    if slips:
        book = told.book
        least, most = (book.say("word.months", count=months) for months in (min(slips), max(slips)))
        late = sum(months > 0 for months in slips)
        yield book.say("summary.slips", count=len(slips), late=late, least=least, most=most)
