"""The page: sections in one file that fetches nothing and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sequencer import words
from sequencer.answers.discretion import Audience
from sequencer.phrases import Phrasebook
from sequencer.pictures import palette
from sequencer.pictures.sections.binding import binding
from sequencer.pictures.sections.communities import communities
from sequencer.pictures.sections.conditions import conditions
from sequencer.pictures.sections.decisions import decisions
from sequencer.pictures.sections.gantt import gantt
from sequencer.pictures.sections.map import responsible
from sequencer.pictures.sections.money import money
from sequencer.pictures.sections.sensitivity import curve, dates, front, heat, tornado
from sequencer.pictures.sections.summary import summary
from sequencer.pictures.sections.supplies import supplies
from sequencer.pictures.studies.kinds import Study
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation

TEMPLATES = Path(__file__).parent / "templates"

#: By the name of the template of each, in the order of the page.
SECTIONS: Mapping[str, Callable[[Told], Mapping[str, Any] | None]] = {
    "summary": summary,
    "gantt": gantt,
    "supplies": supplies,
    "money": money,
    "map": responsible,
    "binding": binding,
    "conditions": conditions,
    "decisions": decisions,
    "communities": communities,
    "tornado": tornado,
    "heat": heat,
    "curve": curve,
    "dates": dates,
    "front": front,
}

STYLES = ("charts.css", "page.css", "studies.css")


def page(
    explanation: Explanation,
    audience: Audience = Audience.PUBLIC,
    language: str = "en",
    studies: Sequence[Study] = (),
) -> str:
    """Return a report as one HTML file.

    Parameters
    ----------
    explanation : Explanation
        Of an outcome, with a plan or without.
    audience : Audience
        Who it is for: to others than the mission it leaves out threat, forces, reserves and who assessed.
    language : str
        Two letters.
    studies : sequence of Study
        What-if studies and trials of this plan; see ``sequencer.pictures.studies.read``.

    Returns
    -------
    str
        Text from files is escaped; a content-security policy forbids all but this file's own style and script.
    """
    told = Told(explanation, audience, Phrasebook.of(language), tuple(studies))
    found = {name: section(told) for name, section in SECTIONS.items()}
    return render("report.html", told, sections={name: each for name, each in found.items() if each is not None})


def styles(names: Sequence[str] = STYLES) -> str:
    """Return style sheets as one, with the colours they name."""
    return palette.variables() + "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)


def render(
    template: str,
    told: Told,
    style: str | None = None,
    **values: Any,  # noqa: ANN401 - whatever the template wants
) -> str:
    """Return a page from a template, with the style and the script of all pages and a policy that allows no others."""
    style = styles() if style is None else style
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    hashes = {"style_hash": _hash(style), "script_hash": _hash(script)}
    return _filled(template, told, style=style, script=script, **hashes, **values)


def pictured(name: str, told: Told) -> str:
    """Return the charts of one section: its template in ``images`` if there is one, else all of the section.

    A page may cut a chart into pieces; a template in ``images`` is told the same and draws it as one. Empty where the
    section has nothing to show.
    """
    found = SECTIONS[name](told)
    whole = (TEMPLATES / "images" / f"{name}.html").is_file()
    return "" if found is None else _filled(f"{'images' if whole else 'sections'}/{name}.html", told, it=found)


def _filled(template: str, told: Told, **values: Any) -> str:  # noqa: ANN401 - whatever the template wants
    """Return a template filled in with what all templates may ask for, and more."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return env.get_template(template).render(
        language=told.book.language,
        title=words.plain(told.instance.plan.title),
        say=told.book.say,
        number=words.number,
        frame=told.frame if told.outcome.choices is not None else None,
        **values,
    )


def _hash(text: str) -> str:
    """Return what a content-security policy names text by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
