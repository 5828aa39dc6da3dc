"""An explanation as text for the terminal."""

from __future__ import annotations

from sequencer.answers import statements
from sequencer.answers.conditions import checked, decided, sentence
from sequencer.answers.evidence import evidence
from sequencer.answers.explained.sentences import conflict, why
from sequencer.answers.terminal import Terminal
from sequencer.explain.earlier import answer
from sequencer.outcome import Status
from sequencer.phrases import Phrasebook
from sequencer.questions.explaining import Explanation

NEAREST = 12  # conditions that are printed; conditions.csv has them all


def show(explanation: Explanation, language: str = "en") -> None:
    """Print an explanation.

    Parameters
    ----------
    explanation : Explanation
    language : str
        ``en`` or ``fr``.
    """
    out, book, outcome = Terminal(), Phrasebook.of(language), explanation.outcome
    calendar = outcome.instance.calendar
    out.say(outcome.instance.plan.title)
    out.say(statements.headline(outcome))
    for level in outcome.levels:
        out.say(f"  {statements.level(level, calendar)}")
    out.say(statements.evidence(evidence(outcome.instance)))
    for found in explanation.conflicts:
        out.say("")
        for line in conflict(found, outcome.problem, book):
            out.say(line)
    if outcome.status is Status.INFEASIBLE and not explanation.conflicts:
        out.say(book.say("conflict.none"))
    for told in explanation.why:
        out.say("")
        for line in why(told, outcome, book):
            out.say(line)
    if explanation.local:
        _titled(
            out, book.say("explain.earlier"), [str(answer(one, outcome.problem, book)) for one in explanation.local]
        )
    if explanation.conditions:
        nearest = explanation.conditions[:NEAREST]
        said = [" ".join(filter(None, (sentence(one, calendar, book), checked(one, book)))) for one in nearest]
        _titled(out, book.say("explain.conditions", count=len(nearest)), said)
    if explanation.deciders:
        _titled(out, book.say("explain.deciders"), [decided(one, calendar, book) for one in explanation.deciders])


def _titled(out: Terminal, title: str, lines: list[str]) -> None:
    out.say("")
    out.say(title)
    for line in lines:
        out.say(f"- {line}")
