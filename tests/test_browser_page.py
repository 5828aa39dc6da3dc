"""The page as a reader has it: in Chromium, by pointer and by keyboard, on paper, and to a screen reader."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import browser as chromium
import pictured
import pytest

from sequencer import read, solve
from sequencer.answers.discretion import Audience
from sequencer.outcome import Limits
from sequencer.phrases import LANGUAGES
from sequencer.pictures.page import page
from sequencer.questions.explaining import Explanation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.outside

FOCUSED, FRAME = "document.activeElement", "requestAnimationFrame"
PLACES, FUNCTIONS = 420, 12  # of a crowded page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium.require()
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the page of a plan in each language, and with hostile names."""
    top = tmp_path_factory.mktemp("pages")
    plain = pictured.explained(top / "plain")
    texts = {language: page(plain, Audience.MISSION, language) for language in LANGUAGES}
    texts["hostile"] = page(pictured.explained(top / "hostile", pictured.HOSTILE), Audience.MISSION)
    for name, text in texts.items():
        (top / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: top / f"{name}.html" for name in texts}


@pytest.fixture
def english(browser: Browser, files: dict[str, Path]) -> Iterator[Page]:
    with chromium.opened(browser, files["en"]) as found:
        yield found.page


def headings(page: Page) -> list[str]:
    return list(page.locator("#gantt h3").all_text_contents())


def labels(page: Page) -> list[str]:
    return list(page.locator("#gantt .label").all_text_contents())


def test_packages_are_grouped_by_place_or_by_function_and_sorted_by_transfer(english: Page) -> None:
    assert headings(english) == ["arden", "belmont"]
    assert labels(english) == ["policing", "clinics", "policing"]
    english.check("input[value=f]")
    assert headings(english) == ["clinics", "policing"]
    assert labels(english) == ["arden", "arden", "belmont"]
    english.check("input[value=p]")
    assert (headings(english), labels(english)) == (["arden", "belmont"], ["policing", "clinics", "policing"])


def test_what_is_chosen_is_left_in_chart_and_map_and_its_number_is_said(english: Page) -> None:
    english.select_option("select[name=f]", label="clinics")
    assert headings(english) == ["arden"]
    assert english.locator("#shown").inner_text() == "1 of 3 packages shown"
    assert english.locator("#shown").get_attribute("aria-live") == "polite"
    assert english.locator("#map tr:visible").count() == 1
    english.select_option("select[name=f]", label="all")
    english.select_option("select[name=p]", label="belmont")
    english.select_option("select[name=h]", label="first")
    assert english.locator("#gantt .row").count() == 0
    assert english.locator("#shown").inner_text() == "0 of 3 packages shown"
    english.select_option("select[name=h]", label="then")
    assert labels(english) == ["policing"]


def test_the_pointer_shows_dates_and_what_holds_a_package(english: Page) -> None:
    assert english.locator("#said").is_hidden()
    english.locator("#gantt .row").nth(1).hover()
    said = english.locator("#said").inner_text()
    assert said == "clinics, arden: transfer in October 2030, exit in January 2031. Held by limited means"


def test_the_keyboard_reaches_every_package_opens_its_explanation_and_comes_back(english: Page) -> None:
    english.locator(".box").first.focus()
    english.keyboard.press("Tab")
    assert english.evaluate(f"{FOCUSED}.id") == "r1"
    english.keyboard.press("ArrowDown")
    english.keyboard.press("ArrowDown")
    assert english.evaluate(f"{FOCUSED}.id") == "r3"
    assert english.locator("#said").inner_text().startswith("policing, belmont: transfer in August 2030")
    english.keyboard.press("Enter")
    assert english.evaluate(f"{FOCUSED}.tagName") == "SUMMARY"
    assert english.locator("#w3").get_attribute("open") is not None
    assert "belmont" in english.locator("#w3 p").nth(1).inner_text()
    english.keyboard.press("Escape")
    assert english.evaluate(f"{FOCUSED}.id") == "r3"
    english.keyboard.press("Home")
    assert english.evaluate(f"{FOCUSED}.id") == "r1"
    assert english.locator("#gantt [tabindex='0']").count() == 1


def test_a_click_opens_the_explanation_and_the_link_leads_back_even_to_a_row_left_out(english: Page) -> None:
    english.locator("#gantt .row").nth(0).click()
    assert english.locator("#w1 p").nth(1).is_visible()
    english.locator("#w1 .back").click()
    assert english.evaluate(f"{FOCUSED}.id") == "r1"
    for leave in ("link", "key"):
        english.select_option("select[name=p]", label="belmont")
        if leave == "link":
            english.locator("#w1 .back").click()
        else:
            english.locator("#w1 summary").press("Escape")
        assert english.evaluate(f"{FOCUSED}.id") == "r1"
        assert english.locator("#gantt .row").count() == 3


def test_supplies_and_money_are_one_stop_of_the_tab_key_each_and_told_by_arrow_keys(english: Page) -> None:
    drawings = english.locator("svg.drawing.roves")
    assert drawings.count() == 3
    for position in range(3):
        drawing = drawings.nth(position)
        assert drawing.locator("[tabindex='0']").count() == 1
        drawing.locator("[tabindex='0']").focus()
        first = english.locator("#said").inner_text()
        english.keyboard.press("ArrowRight")
        assert english.locator("#said").inner_text() != first
        english.keyboard.press("End")
        assert english.evaluate(f"{FOCUSED} === {FOCUSED}.parentNode.lastElementChild")
    assert english.locator("#said").inner_text().startswith("FY2031: 46 money needed")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", [*LANGUAGES, "hostile"])
def test_nothing_bars_those_who_hear_or_key_the_page(
    browser: Browser, files: dict[str, Path], name: str, *, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - not everybody has it

    with chromium.opened(browser, files[name], dark=dark, policy=False) as found:
        found.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        found.page.locator("#gantt .row").first.hover()
        report = Axe().run(found.page)
        assert report.response["violations"] == [], report.generate_report()


def test_it_prints_on_landscape_pages_with_all_explanations(browser: Browser, files: dict[str, Path]) -> None:
    with chromium.opened(browser, files["en"], dark=True) as found:
        printed = found.page.pdf(prefer_css_page_size=True, print_background=True)
        found.page.emulate_media(media="print", color_scheme="dark")
        assert found.page.locator("#w1 p").first.is_visible()
        assert found.page.locator(".choose").is_hidden()
        assert found.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    assert boxes
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(842, 595)}  # points of A4


def test_hostile_names_are_shown_and_neither_run_nor_push_the_page_apart(
    browser: Browser, files: dict[str, Path]
) -> None:
    with chromium.opened(browser, files["hostile"]) as found:
        title = pictured.HOSTILE["The worked example of the model page"].encode("ascii", "backslashreplace").decode()
        assert found.page.title() == title
        assert found.page.locator("h1").inner_text() == title
        assert found.page.locator("img, iframe, script:not(:last-child)").count() == 0
        assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found.page.check("input[value=f]")
        assert pictured.HOSTILE["clinics"] in headings(found.page)
        ends = found.page.locator("#gantt .label").evaluate_all(
            "all => all.map(one => one.getBBox().x + one.getBBox().width)"
        )
        assert max(ends) <= 200  # before the signs of what holds a package
        names = found.page.locator("#gantt .row title").all_text_contents()
        assert any(pictured.HOSTILE["belmont"] in name for name in names)
        found.page.check("input[value=p]")
        assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_of_five_thousand_packages_opens_and_can_be_used(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times are told, not judged: they are the machine's."""
    file = tmp_path / "crowd.html"
    file.write_text(pictured.crowd(pictured.explained(tmp_path / "plain"), PLACES, FUNCTIONS), encoding="utf-8")
    assert file.stat().st_size <= 15_000_000
    times = {}
    with chromium.opened(browser, file) as found:
        page = found.page
        times["open and ready"] = page.evaluate(f"new Promise(done => {FRAME}(() => done(performance.now())))")
        assert page.locator("#gantt .row").count() == PLACES * FUNCTIONS
        for what in ("input[value=f]", "input[value=p]"):
            began = time.monotonic()
            page.check(what)
            page.evaluate(f"new Promise(done => {FRAME}(() => {FRAME}(done)))")
            times[f"regrouped, {what}"] = 1000 * (time.monotonic() - began)
        assert len(headings(page)) == PLACES
        page.locator("#r4321").focus()
        page.keyboard.press("Enter")
        assert page.locator("#w4321 p").first.is_visible()
        assert page.locator("#gantt thead svg").evaluate("one => one.getBoundingClientRect().height") > 0
    with capsys.disabled():
        told = "; ".join(f"{what}: {round(each)} ms" for what, each in times.items())
        print(f"\n{file.stat().st_size / 1e6:.1f} MB; {told}")  # noqa: T201 - it is the measurement


def test_a_page_without_a_plan_complains_of_nothing(browser: Browser, tmp_path: Path, top: Path) -> None:
    file = tmp_path / "none.html"
    outcome = solve(read(top / "instances" / "infeasible" / "fixed-dates-clash"), haste=False)
    file.write_text(page(Explanation(outcome=outcome, limits=Limits())), encoding="utf-8")
    with chromium.opened(browser, file) as found:
        assert found.page.locator("#gantt").count() == 0
        found.page.locator("h1").hover()
        found.page.keyboard.press("ArrowDown")
        found.page.keyboard.press("Escape")
        assert found.page.locator("#said").is_hidden()
