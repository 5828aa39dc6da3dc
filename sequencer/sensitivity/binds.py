"""What binds each run: what cannot all be kept with a better value, by place and resource."""

from __future__ import annotations

import threading

from sequencer.answers.explained.holding import groups_of
from sequencer.outcome import Limits, Outcome, Status
from sequencer.phrases import Phrasebook
from sequencer.questions.levels.asking import Asking
from sequencer.questions.worth import Reason

#: By term: what stands against a better value; None where no contradiction was proven twice in time.
Binds = dict[str, "tuple[str, ...] | None"]


def binds(outcome: Outcome, limits: Limits, language: str = "en") -> Binds:
    """Return what stands against a better value of each term, earlier ones held; nothing if it is not proven best.

    Parameters
    ----------
    outcome : Outcome
    limits : Limits
        Of each term.
    language : str
        Of the names.
    """
    if outcome.status is not Status.OPTIMAL:
        return {}
    book, found = Phrasebook.of(language), Binds()
    for position, level in enumerate(outcome.levels):
        least = Asking(outcome, position, limits, threading.Event()).reason()
        if least is None:
            found[level.term] = None
            continue
        reason = Reason(
            term=level.term,
            unit=level.unit,
            value=level.value or 0,
            parts=least.parts,
            groups=tuple(
                tuple(sorted(group, key=lambda part: (part.position, str(part.at)))) for group in least.groups
            ),
            sure=least.sure,
            together=(),
            alone=(),
            lifted={},
        )
        named = tuple(dict.fromkeys(groups_of(reason, outcome.problem, book)))
        found[level.term] = named or (book.say("binding.definition"),)
    return found
