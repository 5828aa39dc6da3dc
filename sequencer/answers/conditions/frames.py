"""Conditions, and who decides, as pandas frames; the same columns are written as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import pandas as pd

from sequencer.answers.conditions.sentences import decided, moved, sentence
from sequencer.answers.export import csv_text
from sequencer.months import Calendar
from sequencer.phrases import Phrasebook
from sequencer.reasons.conditions import Condition
from sequencer.reasons.conditions.condition import MONTHS
from sequencer.reasons.deciders import Decider, Proven
from sequencer.vocabulary import MONTH, SCORE

CONDITIONS = (
    "condition",
    "kind",
    "packages",
    "event",
    "date",
    "about",
    "needed",
    "at_least",
    "expected",
    "unit",
    "by",
    "until",
    "checked_by",
    "address",
    "value",
    "stands",
    "falls",
    "slack",
    "slack_unit",
    "room",
    "rows",
    "confidence",
    "source",
    "note",
)
DECIDERS = (
    "decides",
    "package",
    "criterion",
    "assessor",
    "score",
    "low",
    "high",
    "unit",
    "transfer",
    "stands_at_low",
    "earliest_at_high",
    "option_at_high",
    "months_opened",
    "low_moves",
    "high_moves",
    "address",
)

#: A number in the unit beside it, or a month as ``YYYY-MM``; None where there is none.
Shown: TypeAlias = int | float | str | None


def conditions(calendar: Calendar, found: Iterable[Condition], language: str = "en") -> pd.DataFrame:
    """Return what must be true for the dates of a plan to hold, one row for each condition in the order given.

    Parameters
    ----------
    calendar : Calendar
    found : iterable of Condition
    language : str
        Of the sentences.

    Returns
    -------
    DataFrame, shape (conditions, 24)
        condition (a sentence); kind; packages whose dates rest on it, separated by `` | ``; event and date (the first)
        of these; about; needed, expected: in ``unit``, a month as ``YYYY-MM`` where that is ``month``; at_least:
        whether ``needed`` is a floor; by, until: the months in which it must hold; checked_by; address of the number
        that says so, its value, the value up to which every date stands, and the next, at which one falls, in ``unit``;
        slack: how far the number can turn, in ``slack_unit``; room: that as a share (``Condition.room``); rows,
        confidence, source and note of the inputs, several separated by `` | ``. What is not known is empty.
    """
    book = Phrasebook.of(language)
    rows = [_row(condition, calendar, book) for condition in found]
    return pd.DataFrame(rows, columns=list(CONDITIONS), dtype=object)


def text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV that no spreadsheet takes for formulas, a truth value as ``yes`` or ``no``."""
    return csv_text(frame.map(lambda cell: ("no", "yes")[cell] if isinstance(cell, bool) else cell))


def _row(condition: Condition, calendar: Calendar, book: Phrasebook) -> tuple[object, ...]:
    label = calendar.label
    slack = None if condition.slack is None else _scaled(condition.slack, condition.scale)
    return (
        sentence(condition, calendar, book),
        condition.kind.value,
        " | ".join(condition.packages),
        "" if condition.event is None else condition.event.value,
        "" if condition.month is None else label(condition.month),
        f"{condition.about} ({condition.pool})" if condition.pool else condition.about,
        _shown(condition, condition.needed, calendar),
        condition.at_least,
        _shown(condition, condition.expected, calendar),
        condition.unit,
        label(condition.first),
        label(condition.last),
        condition.checker,
        condition.address,
        _shown(condition, condition.value, calendar),
        _shown(condition, condition.stands, calendar),
        _shown(condition, condition.falls, calendar),
        slack,
        MONTHS if condition.unit == MONTH else condition.unit,
        condition.room,
        *(
            " | ".join(dict.fromkeys(said for origin in condition.origins if (said := getattr(origin, field))))
            for field in ("place", "confidence", "source", "note")
        ),
    )


def _shown(condition: Condition, stored: int | None, calendar: Calendar) -> Shown:
    if stored is None:
        return None
    return calendar.label(stored) if condition.unit == MONTH else _scaled(stored, condition.scale)


def _scaled(stored: int, scale: int) -> int | float:
    return stored if scale == 1 else stored / scale


def deciders(
    calendar: Calendar, found: Iterable[Decider], proofs: Iterable[Proven] = (), language: str = "en"
) -> pd.DataFrame:
    """Return which scores decide, one row for each in the order given.

    Parameters
    ----------
    calendar : Calendar
    found : iterable of Decider
    proofs : iterable of Proven
        What was proven of some of them.
    language : str
        Of the sentences.

    Returns
    -------
    DataFrame, shape (scores, 16)
        decides (sentences); package, criterion, assessor; score, low, high in ``unit``; transfer: the date of the plan;
        stands_at_low; earliest_at_high, option_at_high: the first earlier month that opens, and with which option;
        months_opened; low_moves, high_moves: what is proven of the plan, empty where it was not asked; address.
    """
    book, known = Phrasebook.of(language), {proof.decider.address: proof for proof in proofs}
    rows = [_decider(decider, known.get(decider.address), calendar, book) for decider in found]
    return pd.DataFrame(rows, columns=list(DECIDERS), dtype=object)


def _decider(decider: Decider, proof: Proven | None, calendar: Calendar, book: Phrasebook) -> tuple[object, ...]:
    said = [decided(decider, calendar, book)]
    said += [] if proof is None else [moved(proof, book)]
    return (
        " ".join(said),
        decider.package,
        decider.criterion,
        decider.assessor,
        *(end / SCORE for end in (decider.score, decider.low, decider.high)),
        "points",
        calendar.label(decider.transfer),
        decider.stands,
        "" if decider.earliest is None else calendar.label(decider.earliest),
        decider.option,
        decider.opened,
        *("" if move is None else move.value for move in ((proof.low, proof.high) if proof else (None, None))),
        decider.address,
    )
