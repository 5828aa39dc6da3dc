"""The page as text: what each instance shows, that nothing in it runs or is fetched, and charts as pictures alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pictured
import pytest
from defusedxml.ElementTree import fromstring
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sequencer import explain, read, solve
from sequencer.answers.discretion import Audience
from sequencer.months import Calendar
from sequencer.outcome import Limits
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.pictures import shapes
from sequencer.pictures.page import SECTIONS, TEMPLATES, page
from sequencer.pictures.scene import Steps
from sequencer.pictures.shapes import Frame
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    return pictured.explained(tmp_path_factory.mktemp("page") / "plain")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    return pictured.explained(tmp_path_factory.mktemp("page") / "hostile", pictured.HOSTILE)


def test_nothing_but_the_page_s_own_style_and_script_is_allowed(explained: Explanation) -> None:
    text = page(explained, Audience.MISSION)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1] or f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert not re.search(r"<[^>]* style=|<[^>]* on[a-z]+=|https?://(?!www\.w3\.org/2000/svg)", text)


def test_names_are_text_wherever_they_stand(hostile: Explanation) -> None:
    for language in LANGUAGES:
        text = page(hostile, Audience.MISSION, language)
        assert len(re.findall(r"<script", text)) == len(re.findall(r"<style", text)) == 1
        assert not re.search(r"<(img|iframe)", text)
        assert "\u202e" not in text
        assert "{{7+7}}" in text


@pytest.mark.parametrize("audience", list(Audience))
def test_an_audience_reads_nothing_it_may_not(explained: Explanation, audience: Audience) -> None:
    told = Told(explained, audience, Phrasebook.of("en"))
    charts = str([SECTIONS[name](told) for name in ("gantt", "supplies", "money", "map")])
    for word in ("threat", "reserve", "rapid", "Reserve"):
        assert (word in charts) <= (audience is Audience.MISSION)


def test_without_money_or_phases_or_a_plan_there_are_no_such_charts(top: Path, worked: Path) -> None:
    def charts(folder: Path) -> str:
        return page(Explanation(outcome=solve(read(folder), haste=False), limits=Limits()))

    text = charts(worked)
    assert 'id="gantt-title"' in text
    assert 'id="map-title"' in text
    assert 'id="money-title"' not in text
    assert 'id="money-title"' in charts(top / "instances" / "tiny" / "bridge-taper")
    none = page(explain(solve(read(top / "instances" / "infeasible" / "fixed-dates-clash"), haste=False)))
    assert "<h1>" in none
    assert 'id="gantt' not in none


def test_a_long_plan_with_one_package_is_a_page(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        if path.name not in {"packages.csv", "functions.csv", "places.csv"}:
            path.unlink()
    (folder / "packages.csv").write_text("place,function\nbelmont,policing\n")
    plan = (folder / "plan.toml").read_text().replace("months = 14", "months = 150").replace('"risk", ', "")
    (folder / "plan.toml").write_text(plan)
    text = page(Explanation(outcome=solve(read(folder), haste=False), limits=Limits()))
    assert text.count('class="row tells"') == 1
    assert ">2042<" in text


def _picture(chart: str, it: Mapping[str, Any], *more: str) -> str:
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    drawing = getattr(env.get_template(f"charts/{chart}.html").module, "drawing")  # noqa: B009 - a macro
    return str(drawing(it, *more))


@pytest.mark.parametrize("names", ["explained", "hostile"])
def test_each_chart_is_a_picture_alone_with_a_title(names: str, request: pytest.FixtureRequest) -> None:
    explanation = request.getfixturevalue(names)
    told = Told(explanation, Audience.MISSION, Phrasebook.of("en"))
    found = {name: SECTIONS[name](told) or {} for name in ("gantt", "supplies", "money", "map")}
    pictures = [
        _picture("gantt", found["gantt"], "Gantt"),
        _picture("map", found["map"], "Map"),
        _picture("years", found["money"]),
        *(_picture("steps", chart) for chart in found["supplies"]["first"]),
    ]
    for text in pictures:
        picture = fromstring(text)
        assert picture.tag == f"{SVG}svg"
        assert picture[0].tag == f"{SVG}title"
        assert picture[0].text
        assert picture.get("viewBox") == f"0 0 {picture.get('width')} {picture.get('height')}"
        assert not re.search(r'href="#(?!hatch)', text)  # nothing of the page around it
    words = "".join(fromstring(pictures[0]).itertext())
    assert words.count("policing, ") == 2


def test_the_money_chart_says_where_money_falls_away(explained: Explanation) -> None:
    found = SECTIONS["money"](Told(explained, Audience.MISSION, Phrasebook.of("en"))) or {}
    assert found["falls"] == {2031: 85}  # from 400 and 200 to 90
    assert [column["fall"] for column in found["columns"]] == [None, 85]
    assert found["columns"][1]["said"].endswith("; what there is falls by 85 %")


def test_sources_beyond_the_colours_are_drawn_together_and_told_apart_in_the_table(explained: Explanation) -> None:
    told = Told(explained, Audience.MISSION, Phrasebook.of("en"))
    paid = tuple((f"donor-{number}", 100 - number) for number in range(12))
    years = (replace(told.scene.years[0], paid=paid, need=sum(amount for _, amount in paid), there=2000),)
    told.__dict__["scene"] = replace(told.scene, years=years)
    found = SECTIONS["money"](told) or {}
    assert found["names"] == [*(f"donor-{number}" for number in range(7)), "other sources"]
    assert len(found["lines"]) == 12
    parts = found["columns"][0]["parts"]
    assert [number for number, _, _ in parts] == list(range(8))
    top = found["marks"][-1][1].replace(" ", "")
    assert sum(tall for _, _, tall in parts) == pytest.approx(found["height"] * 1134 / int(top), abs=0.5)


def test_names_are_cut_to_their_room() -> None:
    assert shapes.cut("policing", 156) == "policing"
    assert shapes.cut("p" * 300, 156) == "p" * 22 + "…"
    assert len(shapes.cut("境" * 300, 156)) < len(shapes.cut("p" * 300, 156)) / 1.8
    assert shapes.cut("policing", 0) == "…"


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (1, (0, 1)),
        (4, (0, 1, 2, 3, 4)),
        (5, (0, 2, 4, 6)),
        (40, (0, 10, 20, 30, 40)),
        (34_428, (0, 10_000, 20_000, 30_000, 40_000)),
    ],
)
def test_axes_have_round_numbers(most: int, marks: tuple[int, ...]) -> None:
    assert shapes.nice(most) == marks


@pytest.mark.parametrize("most", range(1, 3000, 7))
def test_axes_end_above_the_largest_amount(most: int) -> None:
    marks = shapes.nice(most)
    assert marks[0] == 0
    assert marks[-1] >= most > marks[-2]
    assert 2 <= len(marks) <= 5


def test_dates_stand_where_there_is_room_for_them() -> None:
    def dates(months: int) -> list[str]:
        return [date for _, date in Frame.of(months).ticks(Calendar(2030, 3))]

    assert dates(6) == ["2030-03", "2030-04", "2030-05", "2030-06", "2030-07", "2030-08"]
    assert dates(40)[:2] == ["2030-04", "2030-07"]
    assert dates(150) == [str(year) for year in range(2031, 2043)]
    for months in range(1, 400, 13):
        frame = Frame.of(months)
        places = [x for x, _ in frame.ticks(Calendar(2030, 3))]
        assert all(other - one >= 6 * shapes.LETTER for one, other in pairwise(places))


def test_steps_go_up_and_down_where_their_months_begin() -> None:
    steps = Steps("team", "", "teams", (0, 3), (2, 4), (4, 4), ((), ()))
    frame = Frame(6, 10)
    assert shapes.stairs(steps.need, steps, frame, 40, 4) == "M230 20H260L260 0H290"
    assert shapes.stairs(steps.need, steps, frame, 40, 4, closed=True) == "M230 40L230 20H260L260 0H290V40z"


def test_where_every_place_has_one_package_they_stand_in_one_group_by_transfer(explained: Explanation) -> None:
    told = Told(explained, Audience.MISSION, Phrasebook.of("en"))
    assert [short for short, _, _ in (SECTIONS["gantt"](told) or {})["groups"]] == ["arden", "belmont"]
    told.__dict__["scene"] = replace(told.scene, rows=(told.scene.rows[2], told.scene.rows[0]))
    groups = (SECTIONS["gantt"](told) or {})["groups"]
    assert [(short, [lane["name"] for lane in lanes]) for short, _, lanes in groups] == [
        ("policing", ["arden", "belmont"])
    ]
