"""Every language says the same: the same templates with the same fields, all used, and names come as they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.phrases.phrasebook import FOLDER
from sequencer.problem import Closing
from sequencer.reasons.local.clauses import HELD
from sequencer.vocabulary import RISK, TERMS, Event, Stage

#: Words of analysts, which nobody else has to know.
UNSAID = re.compile(
    r"\b(cells?|levers?|buckets?|cores?|MUS|gaps?|lexicographic|binding|leviers?|lexicographique)\b", re.I
)
FILE = re.compile(r"\.(css|csv|html|json)$")  # named like a section
HOSTILE = ["{0.__class__}", "{package.__init__.__globals__}", "{", "}{", "%s", "{{month}}", "\\N{BULLET}", "$name"]

BOOKS = [Phrasebook.of(language) for language in LANGUAGES]


def fields(template: str) -> set[str]:
    """Return the names of the fields of a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_there_are_two_languages() -> None:
    assert {"en", "fr"} <= set(LANGUAGES)
    files = [{path.name for path in (FOLDER / language).glob("*.toml")} for language in LANGUAGES]
    assert all(names == files[0] for names in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_stands_in_two_files(language: str) -> None:
    count = sum(len(_templates(path)) for path in (FOLDER / language).glob("*.toml"))
    assert count == len(Phrasebook.of(language).templates)


def _templates(path: Path) -> list[str]:
    """Return the names of the templates of a file, as they stand in it."""
    section, found = "", list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif " = " in line and section != "grammar":
            found.append(f"{section}.{line.partition(' = ')[0]}")
    return found


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_every_language_has_the_same_templates_with_the_same_fields(book: Phrasebook) -> None:
    first = {name: fields(template) for name, template in BOOKS[0].templates.items()}
    assert {name: fields(template) for name, template in book.templates.items()} == first
    assert len(book.months) == 12


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_fields_are_names_and_nothing_is_looked_up_in_them(book: Phrasebook) -> None:
    assert all(name.isidentifier() for template in book.templates.values() for name in fields(template))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_counted_templates_have_both_forms(book: Phrasebook) -> None:
    counted = {name.removesuffix(".other") for name in book.templates if name.endswith(".other")}
    assert counted
    assert all(f"{name}.one" in book.templates and name not in book.templates for name in counted)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_no_template_has_words_of_analysts(book: Phrasebook) -> None:
    assert {name: template for name, template in book.templates.items() if UNSAID.search(template)} == {}


def asked(top: Path) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for each text in the source that may name a template."""
    for file in (top / "sequencer").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in node.values)
                yield re.compile("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                yield re.compile(re.escape(node.value))
    for page in (top / "sequencer").rglob("*.html"):  # say("report.all"), say("report.stage." ~ stage)
        for text, more in re.findall(r'say\("([^"]+)"( ~)?', page.read_text(encoding="utf-8")):
            yield re.compile(re.escape(text) + (".*" if more else ""))


def test_every_template_is_used_and_every_name_of_one_is_known(top: Path) -> None:
    templates = BOOKS[0].templates
    counted = {name.removesuffix(".other") for name in templates if name.endswith(".other")}
    forms = {f"{name}.{form}": name for name in counted for form in ("one", "other")}
    names = {forms.get(name, name) for name in templates}
    sections = {name.partition(".")[0] for name in names}
    begins = re.compile(rf"(?:{'|'.join(sections)})\\\.")
    patterns = {pattern for pattern in asked(top) if begins.match(pattern.pattern)}
    assert [name for name in names if not any(pattern.fullmatch(name) for pattern in patterns)] == []
    unknown = {p.pattern for p in patterns if not any(p.fullmatch(name) for name in names)}
    assert {text for text in unknown if not FILE.search(text)} == set()


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_what_is_looked_up_by_a_word_of_the_model_is_there_and_nothing_else(book: Phrasebook) -> None:
    def under(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in book.templates if name.startswith(prefix)}

    closed = {kind.value for kind in Closing} | {f"{kind.value}_held" for kind in HELD} | {"begins"}
    assert under("obstacle.closed.") == closed
    assert under("obstacle.stage.") == {stage.value for stage in Stage}
    assert under("obstacle.worse.") == set(TERMS)
    events = {event.value for event in Event}
    assert under("event.") == under("obstacle.its.") == under("obstacle.the.") == events


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)
def test_values_are_never_read_as_templates(book: Phrasebook, name: str) -> None:
    for key, template in book.templates.items():
        said = book.say(key, **dict.fromkeys(fields(template), name))
        assert said == Formatter().vformat(template, (), dict.fromkeys(fields(template), name))
        assert said.count(name) >= len(fields(template))
    assert book.package(f"{name}/{name}").count(name.replace("_", " ")) == 2


@pytest.mark.parametrize(
    ("value", "scale", "said"), [(59600, 1000, "59.6"), (60000, 1000, "60"), (-500, 1000, "-0.5"), (3, 1, "3")]
)
def test_decimals_are_said_as_the_language_writes_them(value: int, scale: int, said: str) -> None:
    assert Phrasebook.of("en").decimal(value, scale) == said
    assert Phrasebook.of("fr").decimal(value, scale) == said.replace(".", ",")


def test_units_of_the_program_are_said_in_each_language_and_those_of_planners_as_they_are() -> None:
    english, french = Phrasebook.of("en"), Phrasebook.of("fr")
    assert [english.amount(n, "weighted months") for n in (1, 31)] == ["1 weighted month", "31 weighted months"]
    assert [french.amount(n, "weighted months") for n in (1, 31)] == ["1 mois pondéré", "31 mois pondérés"]
    assert french.amount(118_000_000, RISK) == "118 000 personnes x niveau x points"
    assert french.amount(2, "months") == "2 mois"
    assert french.amount(2, "thousand USD") == english.amount(2, "thousand USD") == "2 thousand USD"
