"""The page: a scene and its explanations, in one file that fetches nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sequencer import words
from sequencer.answers import statements
from sequencer.answers.conditions import sentence
from sequencer.answers.evidence import evidence
from sequencer.phrases import Phrasebook
from sequencer.pictures import shapes
from sequencer.pictures.scene import DRAWN, Audience, Scene, Steps, scene
from sequencer.questions.explaining import Explanation
from sequencer.reasons.conditions import Kind
from sequencer.reasons.local.earlier import answer

TEMPLATES = Path(__file__).parent / "templates"
NEAREST = 30  # conditions that are told; conditions.csv has them all
HEIGHT = 80.0  # of a step chart

#: Conditions that only the mission may read: they say where it is weak.
HIDDEN = frozenset({Kind.THREAT, Kind.TREND})


def page(explanation: Explanation, audience: Audience = Audience.PUBLIC, language: str = "en") -> str:
    """Return a report as one HTML file.

    Parameters
    ----------
    explanation : Explanation
        Of an outcome, with a plan or without.
    audience : Audience
        Who it is for: to others than the mission it leaves out threat, forces, reserves and who assessed.
    language : str
        Two letters.

    Returns
    -------
    str
        Text from files is escaped; a content-security policy forbids all but this file's own style and script.
    """
    book, outcome = Phrasebook.of(language), explanation.outcome
    style, script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    told: dict[str, Any] = {
        "language": language,
        "title": words.plain(outcome.instance.plan.title),
        "summary": [words.plain(line) for line in _summary(explanation)],
        "say": book.say,
        "number": words.number,
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "lanes": (),
        "conditions": [
            words.plain(sentence(each, outcome.instance.calendar, book))
            for each in explanation.conditions
            if audience is Audience.MISSION or each.kind not in HIDDEN
        ][:NEAREST],
    }
    if outcome.choices is not None:
        told |= _drawn(explanation, audience, book)
    return env.get_template("page.html").render(told)


def _hash(text: str) -> str:
    """Return what a content-security policy names text by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _summary(explanation: Explanation) -> Iterator[str]:
    outcome = explanation.outcome
    yield statements.headline(outcome)
    for level in outcome.levels:
        yield statements.level(level, outcome.instance.calendar)
    yield statements.evidence(evidence(outcome.instance))


def _drawn(explanation: Explanation, audience: Audience, book: Phrasebook) -> dict[str, Any]:
    """Return what is drawn of a plan, and what is said of each package."""
    outcome = explanation.outcome
    instance, problem, calendar = outcome.instance, outcome.problem, outcome.instance.calendar
    rules = {each.package: each.rule for each in outcome.held}
    drawn = scene(instance, problem, outcome.choices or {}, outcome.uses, rules, audience)
    frame = shapes.Frame.of(drawn.months)
    lanes, headings, height = shapes.lanes(drawn, frame)
    why = {one.package: words.plain(str(answer(one, problem, book))) for one in explanation.local}
    mission = audience is Audience.MISSION
    return {
        "frame": frame,
        "height": height,
        "headings": [(words.plain(place), y) for place, y in headings],
        "stages": [str(stage) for stage in DRAWN],
        "lanes": [
            {
                "row": lane.row, "y": lane.y, "bars": lane.bars, "mark": lane.mark,
                "name": words.plain(words.spaced(lane.row.function)),
                "phase": next((p.name for p in instance.phases if p.start <= lane.row.transfer <= p.end), ""),
                "told": words.plain(book.say(
                    "report.told", package=book.package(lane.row.package), transfer=book.month(calendar, lane.row.transfer),
                    exit=book.month(calendar, lane.row.exit),
                )),
                "why": why.get(lane.row.package, "") if mission else "",
            }
            for lane in lanes
        ],
        "bands": [
            {"kind": "band" if n % 2 else "", "x": frame.x(p.start), "width": round((p.end - p.start + 1) * frame.month, 1),
             "name": words.plain(p.name)}
            for n, p in enumerate(instance.phases)
        ],
        "ticks": [(frame.x(m), calendar.label(m)[:4]) for m in range(drawn.months) if calendar.label(m).endswith("-01")],
        "filters": [
            (name, sorted({getattr(row, name) for row in drawn.rows})) for name in ("place", "function")
        ] + [("phase", [p.name for p in instance.phases])],
        "supplies": [_chart(steps, frame, book, calendar.label) for steps in drawn.supplies],
        "years": drawn.years,
        "lines": [name for name, _ in drawn.years[0].paid] if drawn.years else [],
        "grid": list(_grid(drawn, frame, calendar.label)),
    }  # fmt: skip


def _chart(steps: Steps, frame: shapes.Frame, book: Phrasebook, label: Any) -> dict[str, Any]:  # noqa: ANN401 - a callable
    """Return a step chart of a supply."""
    name = words.spaced(steps.resource) + (f", {words.spaced(steps.pool)}" if steps.pool else "")
    ends = [*steps.firsts[1:], frame.months]
    buckets = [
        (
            frame.x(first), round((end - first) * frame.month, 1),
            words.plain(book.say("report.bucket", when=label(first), need=need, there=there, who=", ".join(who[:12]))),
        )
        for first, end, need, there, who in zip(steps.firsts, ends, steps.need, steps.there, steps.behind, strict=True)
    ]  # fmt: skip
    return {
        "name": words.plain(f"{name} ({steps.unit})" if steps.unit else name),
        "told": words.plain(book.say("report.chart", what=name, most=max(steps.need))),
        "top": max(*steps.need, *steps.there, 1),
        "need": shapes.stairs(steps.need, steps, frame, HEIGHT),
        "there": shapes.stairs(steps.there, steps, frame, HEIGHT),
        "buckets": buckets,
    }


def _grid(drawn: Scene, frame: shapes.Frame, label: Any) -> Iterator[tuple[str, list[tuple[float, float, float, str]]]]:  # noqa: ANN401
    """Yield for each place stretches of months with the same share of packages in local hands."""
    for place, shares in drawn.responsible:
        cells, first = list[tuple[float, float, float, str]](), 0
        for month in range(1, len(shares) + 1):
            if month == len(shares) or shares[month] != shares[first]:
                width = round((month - first) * frame.month, 1)
                told = f"{label(first)}: {shares[first]} %"
                cells.append((frame.x(first), width, round(0.06 + 0.94 * shares[first] / 100, 2), told))
                first = month
        yield words.plain(place), cells
