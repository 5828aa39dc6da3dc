"""A page to print: what must be true, the closest to falling first. One file, without scripts or anything to fetch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from sequencer import words
from sequencer.answers.conditions.sentences import sentence, value
from sequencer.answers.evidence import UNSAID, evidence
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.phrases import Phrasebook
from sequencer.reasons.conditions import Condition, Kind

MOST = 200  # rows: more than anybody reads; all are in the CSV file
LITTLE, SOME = 0.1, 0.25  # room up to which little, or some, is to spare

#: Templates that say the unit of a value, by kind.
UNITS = {Kind.READINESS: "points", Kind.THREAT: "level", Kind.TREND: "level", Kind.FACTOR: "times"}

COLUMNS = ("condition", "by", "needed", "expected", "falls", "checker", "sure")

STYLE = """
body { font-family: sans-serif; margin: 2em; color: #111; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #bbb; padding: 0.3em 0.5em; text-align: left; vertical-align: top; }
th { background: #eee; }
tbody th { background: #ddd; }
td.number { white-space: nowrap; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
@media print { body { margin: 0; font-size: 9pt; } }
"""


def page(instance: Instance, found: Sequence[Condition], language: str = "en", most: int = MOST) -> str:
    """Return a page of HTML with the conditions of a plan.

    Parameters
    ----------
    instance : Instance
    found : sequence of Condition
        In their order; grouped by how much there is to spare.
    language : str
        Two letters.
    most : int
        Rows shown; the rest are counted.

    Returns
    -------
    str
        All of a file: nothing in it is run or fetched, and whatever planners wrote is text.
    """
    book = Phrasebook.of(language)
    title = _text(book.say("conditions.page.title", plan=instance.plan.title))
    said = [book.say("conditions.page.intro"), book.say("conditions.page.measure"), _inputs(instance, book)]
    paragraphs = "\n".join(f"<p>{_text(paragraph)}</p>" for paragraph in said)
    shown = found[:most]
    table = _table(shown, instance.calendar, book) if shown else f"<p>{_text(book.say('conditions.page.nothing'))}</p>"
    rest = len(found) - len(shown)
    more = f"<p>{_text(book.say('conditions.page.rest', count=rest))}</p>\n" if rest else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(language)}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{paragraphs}\n{table}\n{more}</body>\n</html>\n"
    )


def _table(shown: Sequence[Condition], calendar: Calendar, book: Phrasebook) -> str:
    heads = "".join(f'<th scope="col">{_text(book.say(f"conditions.page.{name}"))}</th>' for name in COLUMNS)
    bodies = "\n".join(_groups(shown, calendar, book))
    return f"<table>\n<thead>\n<tr>{heads}</tr>\n</thead>\n{bodies}\n</table>"


def _groups(shown: Sequence[Condition], calendar: Calendar, book: Phrasebook) -> Iterator[str]:
    """Yield the rows of conditions with alike room, under a heading."""
    for name, conditions in groupby(shown, _room):
        heading = _text(book.say(f"conditions.page.room_{name}"))
        yield f'<tbody>\n<tr><th scope="rowgroup" colspan="{len(COLUMNS)}">{heading}</th></tr>'
        yield from (_row(condition, calendar, book) for condition in conditions)
        yield "</tbody>"


def _room(condition: Condition) -> str:
    """Return how much there is to spare, in a word."""
    if condition.room is None:
        return "free"
    if not condition.room:
        return "none"
    return "little" if condition.room < LITTLE else "some" if condition.room < SOME else "more"


def _row(condition: Condition, calendar: Calendar, book: Phrasebook) -> str:
    sure = [word for origin in condition.origins for word in (origin.confidence, origin.source, origin.note) if word]
    texts = (
        sentence(condition, calendar, book),
        book.month(calendar, condition.first),
        measured(condition, condition.needed, calendar, book),
        measured(condition, condition.expected, calendar, book),
        falls_at(condition, calendar, book),
        condition.checker,
        "; ".join(dict.fromkeys(sure)),
    )
    cells = (
        f'<td class="number">{_text(said)}</td>' if name in {"by", "needed", "expected"} else f"<td>{_text(said)}</td>"
        for name, said in zip(COLUMNS, texts, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def falls_at(condition: Condition, calendar: Calendar, book: Phrasebook) -> str:
    """Return the value at which a date falls; of a score, below which."""
    if condition.falls is None or condition.stands is None:
        return book.say("conditions.page.never")
    if condition.kind is Kind.READINESS:
        return book.say("conditions.page.below", value=measured(condition, condition.stands, calendar, book))
    falls = measured(condition, condition.falls, calendar, book)
    if condition.kind is Kind.CLOSURE:
        return book.say(f"conditions.page.{'later' if condition.falls > 0 else 'earlier'}", months=falls)
    return falls


def measured(condition: Condition, stored: int, calendar: Calendar, book: Phrasebook) -> str:
    """Return a value with its unit, which sentences say in words of their own."""
    said, unit = value(condition, stored, calendar, book), UNITS.get(condition.kind)
    return book.say(f"conditions.page.{unit}", value=said) if unit else said


def _inputs(instance: Instance, book: Phrasebook) -> str:
    """Return how sure the inputs are, in a sentence."""
    counts = evidence(instance)
    unsaid = book.say("conditions.page.unsaid")
    parts = [
        book.say("conditions.page.input", rows=count, word=unsaid if word == UNSAID else word)
        for word, count in counts.items()
    ]
    return book.say("conditions.page.inputs", total=sum(counts.values()), parts=", ".join(parts))


def _text(said: str) -> str:
    """Return text as HTML that holds it as it is, whatever it is made of."""
    return escape(words.plain(said))
