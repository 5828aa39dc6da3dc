"""An explanation as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sequencer.answers import statements
from sequencer.answers.conditions import checked, decided, moved, sentence
from sequencer.answers.evidence import evidence
from sequencer.answers.explained.binding import sentences
from sequencer.answers.explained.holding import held
from sequencer.answers.explained.repairs import repairs_lines
from sequencer.answers.explained.sentences import conflict
from sequencer.answers.explained.wishes import why
from sequencer.answers.terminal import Terminal
from sequencer.outcome import Status
from sequencer.phrases import Phrasebook
from sequencer.questions.explaining import Explanation
from sequencer.reasons.local.earlier import answer

NEAREST = 12  # conditions that are printed; conditions.csv has them all


def show(explanation: Explanation, language: str = "en") -> None:
    """Print an explanation.

    Parameters
    ----------
    explanation : Explanation
    language : str
        ``en`` or ``fr``.
    """
    book, outcome = Phrasebook.of(language), explanation.outcome
    out = Terminal()
    out.say(outcome.instance.plan.title, "title")
    out.verdict(outcome.status.value, statements.headline(outcome))
    for level in outcome.levels:
        out.say(f"  {statements.level(level, outcome.instance.calendar)}")
    out.say(statements.evidence(evidence(outcome.instance)))
    for lines in (*_without_plan(explanation, book), *_asked(explanation, book, language), *_dates(explanation, book)):
        out.say("")
        for count, line in enumerate(lines):
            out.say(line, "" if count else "title")  # what is asked, then what is known of it


def _without_plan(explanation: Explanation, book: Phrasebook) -> Iterator[Iterable[str]]:
    """Yield what to say of an instance without a plan: conflicts, and what would cure them."""
    outcome = explanation.outcome
    for found in explanation.conflicts:
        yield conflict(found, outcome.problem, book)
    if outcome.status is Status.INFEASIBLE and not explanation.conflicts:
        yield [book.say("conflict.none")]
    if explanation.repairs is not None:
        is_proven = outcome.status is Status.INFEASIBLE
        yield repairs_lines(explanation.repairs, outcome.instance, book, is_proven=is_proven)


def _asked(explanation: Explanation, book: Phrasebook, language: str) -> Iterator[Iterable[str]]:
    """Yield what came of wishes, and what more of each number would bring."""
    for told in explanation.why:
        yield why(told, explanation.outcome, book)
    if explanation.binding is not None:
        said = sentences(explanation.outcome.instance, explanation.binding, language)
        yield _titled(book.say("explain.binding"), said)
        for reason in explanation.binding.reasons:
            yield held(reason, explanation.outcome.problem, book)


def _dates(explanation: Explanation, book: Phrasebook) -> Iterator[Iterable[str]]:
    """Yield what stands against earlier dates, what the dates rest on, and whose scores decide."""
    outcome, calendar = explanation.outcome, explanation.outcome.instance.calendar
    if explanation.local:
        said = [str(answer(one, outcome.problem, book)) for one in explanation.local]
        yield _titled(book.say("explain.earlier"), said)
    if explanation.earlier:
        yield [book.say("explain.earlier_proven")]
    for told in explanation.earlier:
        yield why(told, outcome, book)
    if explanation.conditions:
        nearest = explanation.conditions[:NEAREST]
        said = [" ".join(filter(None, (sentence(one, calendar, book), checked(one, book)))) for one in nearest]
        yield _titled(book.say("explain.conditions", count=len(nearest)), said)
    if explanation.deciders:
        known = {proof.decider.address: moved(proof, book) for proof in explanation.proofs}
        scores = [one for one in explanation.deciders if one.decides or one.address in known]
        said = [" ".join(filter(None, (decided(one, calendar, book), known.get(one.address)))) for one in scores]
        if rest := len(explanation.deciders) - len(said):
            said.append(book.say("explain.undecided", count=rest))
        yield _titled(book.say("explain.deciders"), said)


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield title
    yield from (f"- {line}" for line in lines)
