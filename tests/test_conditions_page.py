"""Conditions as people read them: sentences in each language, a frame, CSV, and a page that holds text only."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from micro import read_tables

from sequencer.answers.conditions import checked, decided, moved, page, sentence, text
from sequencer.answers.conditions import conditions as frame_of
from sequencer.answers.conditions import deciders as deciders_frame
from sequencer.compile import compile_instance
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.problem import Cell
from sequencer.reasons.conditions import Condition, Kind, conditions
from sequencer.reasons.deciders import Decider, Move, Proven, deciders
from sequencer.vocabulary import MONTH, Event, Origin

CALENDAR = Calendar(2027, 1)
TABLES = {
    "plan": 'months = 24 | hold = 3 | mandate_end = "2031-06"',
    "places": "place,region,population | aileu,west,2000",
    "functions": "function,sector,joint_months,mentored_months,advisory_months | policing,security,1,2,1",
    "packages": "place,function,institution | aileu,policing,police",
    "criteria": "packages,criterion,event,threshold | policing,logistics,transfer,60",
    "readiness": "packages,criterion,score,low,high,assessor,growth,confidence,source"
    " | aileu/policing,logistics,59.5,51.5,64,UNPOL,0.5,judgement,visit",
    "threat": "places,level | aileu,2",
    "limits": "packages,event,limit,trend | policing,transfer,3,1",
}
#: What a page may be made of: nothing that runs or is fetched.
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "table", "thead", "tbody", "tr", "th", "td"}
HOSTILE = ("<script>alert(1)", "=cmd()", '"><img src=x onerror=y>', "{month}", "@SUM(A1)")


def asked(tables: Mapping[str, str], month: int = 14) -> tuple[Instance, tuple[Condition, ...], tuple[Decider, ...]]:
    """Return an instance, and the conditions and deciders of a plan in which its package transfers in a month."""
    instance = read_tables(tables)
    problem = compile_instance(instance)
    cells = {name: Cell(0, month) for name in problem.paths}
    return instance, conditions(instance, problem, cells), deciders(instance, problem, cells)


def test_a_score_is_said_with_all_that_is_asked_of_it() -> None:
    instance, found, _ = asked(TABLES)
    score = next(each for each in found if each.kind is Kind.READINESS)
    # Grown by half a point a month for 11 months, in the first month tested it is 65; 54.5 would be 60.
    assert sentence(score, instance.calendar, Phrasebook.of("en")) == (
        "Policing, aileu: the transfer in March 2031 holds with logistics at 60 points or more from December 2030 to"
        " March 2031 (65 expected; the date falls if the assessment was below 54.5)."
    )
    assert checked(score, Phrasebook.of("en")) == "Checked by: UNPOL."
    assert sentence(score, instance.calendar, Phrasebook.of("fr")) == (
        "Policing, aileu : la date (transfert, mars 2031) tient avec logistics à 60 points ou plus entre décembre 2030"
        " et mars 2031 (65 attendus ; la date tombe si l'évaluation était en dessous de 54,5)."
    )


def test_the_frame_has_values_with_their_units_beside_them() -> None:
    instance, found, _ = asked(TABLES)
    frame = frame_of(instance.calendar, found).set_index("kind")
    score, mandate = frame.loc["readiness"], frame.loc["mandate"]
    assert (score.needed, score.expected, score.value, score.stands, score.falls) == (60, 65, 59.5, 54.5, 54.499)
    assert (score.unit, score.slack, score.slack_unit, score.by, score.until) == (
        "points", 5, "points", "2030-12", "2031-03",
    )  # fmt: skip
    assert (score.packages, score.event, score.date) == ("aileu/policing", "transfer", "2031-03")
    assert (score.checked_by, score.confidence, score.source) == ("UNPOL", "judgement", "visit")
    assert score["rows"] == "criteria.csv row 2 | readiness.csv row 2"
    assert (mandate.needed, mandate.expected, mandate.slack, mandate.slack_unit) == ("2031-06", "2031-06", 0, "months")
    assert frame.index.tolist() == ["trend", "mandate", "readiness", "threat"]
    rows = list(csv.DictReader(io.StringIO(text(frame.reset_index()))))
    assert (rows[2]["at_least"], rows[2]["falls"], rows[1]["falls"]) == ("yes", "54.499", "2031-05")


def test_what_cannot_fall_has_no_value_at_which_it_does() -> None:
    instance, found, _ = asked(
        TABLES | {"criteria": "packages,criterion,event,threshold | policing,logistics,transfer,0"}
    )
    score = next(each for each in found if each.kind is Kind.READINESS)
    frame = frame_of(instance.calendar, [score])
    assert frame[["stands", "falls", "slack", "room"]].isna().all(axis=None)
    assert "no assessment lets the date fall" in frame.condition[0]


def test_who_decides_is_said_and_listed() -> None:
    instance, _, (decider,) = asked(TABLES)
    book = Phrasebook.of("en")
    assert decided(decider, instance.calendar, book) == (
        "Policing, aileu: UNPOL rates logistics 59.5, between 51.5 and 64. With 51.5 the transfer in March 2031 falls."
        " With 64 1 earlier month opens, April 2030."
    )
    proof = Proven(decider, Move.WORSE, Move.NONE)
    assert moved(proof, book) == "With 51.5 the best plan is worse (proven). With 64 the plan stays the best (proven)."
    frame = deciders_frame(instance.calendar, [decider], [proof])
    assert frame.columns.tolist()[0] == "decides"
    assert frame.decides[0].endswith("With 64 the plan stays the best (proven).")
    assert (frame.low_moves[0], frame.high_moves[0], frame.stands_at_low[0]) == ("worse", "none", False)


class Parsed(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def hostile(name: str) -> dict[str, str]:
    """Return the tables with a hostile name wherever a planner may write one freely."""
    quoted = '"' + name.replace('"', '""') + '"'
    readiness = TABLES["readiness"].replace("UNPOL", quoted).replace("visit", quoted).replace("logistics", quoted)
    return TABLES | {
        "readiness": readiness,
        "criteria": TABLES["criteria"].replace("logistics", quoted),
        "calendar": f"name,events,from,to | {quoted},transfer,2030-02,2030-03",
    }


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_planners_write_stays_text(name: str, language: str) -> None:
    instance, found, (decider,) = asked(hostile(name))
    parsed = Parsed(page(instance, found, language))
    assert not parsed.open
    assert set(parsed.tags) <= TAGS
    assert parsed.attributes <= {"lang", "charset", "scope", "colspan", "class"}
    assert parsed.text.count(name) >= 4  # a score's sentence, assessor and source, and the closure
    for frame in (frame_of(instance.calendar, found, language), deciders_frame(instance.calendar, [decider])):
        for row in csv.reader(io.StringIO(text(frame))):
            assert not any(
                cell.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-?[0-9.]+", cell) for cell in row
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_groups_by_what_is_to_spare_and_counts_what_it_leaves_out(language: str) -> None:
    instance, found, _ = asked(TABLES)
    book = Phrasebook.of(language)
    whole = Parsed(page(instance, found, language)).text
    places = [whole.index(book.say(f"conditions.page.room_{name}")) for name in ("none", "little", "more")]
    assert places == sorted(places)
    assert book.say("conditions.page.inputs", total=10, parts="").partition(" ")[0] in whole
    assert book.say("conditions.page.rest", count=2) in Parsed(page(instance, found, language, most=2)).text
    assert book.say("conditions.page.nothing") in Parsed(page(instance, [], language)).text


def every(kind: Kind, falls: int | None, *, sooner: bool) -> Condition:
    """Return a condition of a kind."""
    dated = kind in {Kind.LINK, Kind.GATE, Kind.WIDTH, Kind.PLEDGE, Kind.MANDATE}
    return Condition(
        kind=kind,
        rule="W1",
        packages=("aileu/policing", "dili/border_control", "dili/courts", "dili/water", "dili/power"),
        about="dili/water_supply",
        pool="north_side",
        event=None if kind is Kind.FACTOR or (kind is Kind.CLOSURE and sooner) else Event.TRANSFER,
        month=14,
        first=10,
        last=14,
        needed=12,
        expected=15,
        at_least=True,
        unit=MONTH if dated else "months" if kind is Kind.CLOSURE else "teams",
        scale=1000 if kind in {Kind.READINESS, Kind.FACTOR} else 1,
        value=15,
        stands=None if falls is None else falls - 1,
        falls=falls,
        sooner=sooner,
        checker="UNPOL",
        origins=(Origin("plan.toml"),),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("falls", "sooner"), [(12, False), (-12, True), (None, False)])
def test_every_kind_can_be_said(kind: Kind, falls: int | None, sooner: bool, language: str) -> None:
    said = sentence(every(kind, falls, sooner=sooner), CALENDAR, Phrasebook.of(language))
    assert said.startswith("Policing, aileu; border control, dili; courts, dili; 2 ")
    assert said.endswith(".")
    assert not re.search(r"[{}_]|\bNone\b", said)


SECTIONS = ("conditions.", "deciders.")


def test_the_languages_say_the_same_things() -> None:
    english = {name: said for name, said in Phrasebook.of("en").templates.items() if name.startswith(SECTIONS)}
    for language in LANGUAGES:
        templates = {
            name: said for name, said in Phrasebook.of(language).templates.items() if name.startswith(SECTIONS)
        }
        assert templates.keys() == english.keys()
        for name, said in templates.items():
            fields = set(re.findall(r"{(\w+)}", said))
            assert fields == set(re.findall(r"{(\w+)}", english[name])), name


def test_no_sentence_uses_the_words_of_analysts() -> None:
    words = re.compile(r"\b(cells?|levers?|buckets?|cores?|MUS|gaps?|lexicographic)\b", re.IGNORECASE)
    templates = Phrasebook.of("en").templates
    assert not [name for name, said in templates.items() if name.startswith(SECTIONS) and words.search(said)]
