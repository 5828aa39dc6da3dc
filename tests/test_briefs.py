"""Briefs: one page for one reader, with what that reader may read, in each language."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from sequencer import Limits, Outcome, UsageError, cli, read, solve
from sequencer.answers import export
from sequencer.answers.standing import standing
from sequencer.phrases import LANGUAGES
from sequencer.pictures.briefs.command import READERS, brief, default
from sequencer.pictures.briefs.spread import spread

TOP = Path(__file__).parent.parent / "instances"
LIMITS = Limits(seconds=10, workers=1, deterministic=True)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=y>'
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "div", "h1", "h2", "p", "ul"),
    *("ol", "li", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("svg", "path", "line", "rect", "text", "g"),
}


@cache
def outcome(name: str) -> Outcome:
    """Return a plan of a shipped instance."""
    return solve(read(TOP / name), limits=LIMITS, haste=name.endswith("worked-example"))


def text(html: str) -> str:
    """Return what can be read on a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html[html.index("<body>") :])))


class Tags(HTMLParser):
    """Collects what a page is made of, and what it would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.named = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.add(tag)
        self.named |= {name for name, _ in attrs}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_a_page_is_text_and_drawings_alone(reader: str, language: str) -> None:
    name = {"donor": "tiny/bridge-taper", "force": "tiny/reserve"}.get(reader, "tiny/worked-example")
    donor = "north" if reader == "donor" else None
    html = brief(outcome(name), reader, donor_name=donor, language=language, limits=LIMITS)
    tags = Tags()
    tags.feed(html)
    assert tags.tags <= TAGS
    assert not tags.named & {"style", "src", "href", "onload"}
    assert "default-src 'none'" in html
    assert "script-src" not in html
    assert f'<html lang="{language}">' in html


def test_the_minister_reads_when_how_sure_and_what_it_costs() -> None:
    said = text(brief(outcome("tiny/worked-example"), "minister"))
    assert "From January 2031 on, all functions work without help." in said
    assert "The last exit: January 2031. No plan that keeps every promise does better: proven." in said
    assert "No plan does better without doing worse in what stands above: proven." in said
    assert "If the end came 2 months later:" in said
    assert "was not tried for this page" in said


def test_what_was_not_asked_or_proven_is_said(tmp_path: Path) -> None:
    found = outcome("tiny/worked-example")
    export.write(found, tmp_path)
    alone = (tmp_path / "timetable.csv").rename(tmp_path / "alone.csv")  # nothing is on record of such a file
    plain = standing(found.instance, alone)
    said = text(brief(plain, "minister"))
    assert "Whether a plan does better is not known." in said
    assert "was not asked when this plan was made" in said
    assert "proven" not in said


@pytest.mark.parametrize("name", ["historical/timor-leste-2009", "tiny/window-threat", "tiny/reserve"])
def test_the_public_reads_nothing_of_scores_threat_forces_reserves_and_assessors(name: str) -> None:
    found = outcome(name)
    instance = found.instance
    said = text(brief(found, "minister")).casefold()
    secret = {row.force for row in instance.guarantees} | {row.assessor for row in instance.readiness}
    secret |= {row.criterion for row in instance.readiness}
    for word in {"threat", "reserve", "presence", *filter(None, secret)} - set(instance.plan.title.casefold().split()):
        body = said.replace(instance.plan.title.casefold(), "")
        assert not re.search(rf"\b{re.escape(word.casefold())}\b", body), word


def test_a_donor_reads_what_its_money_pays_and_what_moves_without_it() -> None:
    said = text(brief(outcome("tiny/bridge-taper"), "donor", donor_name="north", limits=LIMITS))
    assert "Pays 18 money over the whole plan: 35 % of all that is paid for these functions." in said
    assert "FY2030 (2030-01..2030-12) 12 12 100 %" in said
    assert "north: may fall by 6 money from one year to the next." in said
    assert "would be 38 weighted months instead of 20 weighted months" in said
    assert "That no plan without this money is as good as this one is proven." in said


def test_a_condition_is_said_with_the_month_it_has_in_the_plan() -> None:
    found = outcome("tiny/bridge-condition")
    pledge = next(pledge for pledge in found.instance.pledges if pledge.condition is not None)
    said = text(brief(found, "donor", donor_name=pledge.donor, limits=LIMITS))
    assert "there only after the" in said


def test_time_that_runs_out_is_never_a_no() -> None:
    said = text(brief(outcome("tiny/bridge-taper"), "donor", donor_name="north", limits=Limits(seconds=1e-6)))
    assert "no plan keeps every promise: proven" not in said


def test_money_is_spread_evenly_as_far_as_earmarks_allow() -> None:
    every = np.ones((2, 2), dtype=np.bool_)
    assert np.allclose(spread([6, 2], [4, 4], every), [[3, 3], [1, 1]])
    marked = np.array([[True, True], [False, True]])  # the second pays for the second alone
    found = spread([6, 2], [4, 4], marked)
    assert np.allclose(found, [[4, 2], [0, 2]])
    assert np.allclose(spread([0, 0], [0, 0], every), 0)
    forced = np.array([[True, False], [True, True]])
    assert np.array_equal(spread([4, 4], [4, 4], forced), [[4, 0], [0, 4]])  # the only way


def test_what_earmarks_leave_to_nobody_else_is_no_part_of_what_a_donor_buys() -> None:
    # The second and the third pay for all of the last two; the first has the others, though it may pay for all.
    may = np.array([[True, True, True, True], [False, False, True, False], [False, False, True, True]])
    found = spread([700, 200, 300], [300, 400, 250, 250], may)
    assert np.allclose(found.sum(axis=1), [700, 200, 300])
    assert np.allclose(found.sum(axis=0), [300, 400, 250, 250])
    assert np.array_equal(found[0], [300, 400, 0, 0])


@pytest.mark.parametrize("seed", range(20))
def test_a_spread_pays_what_is_needed_from_what_is_paid(seed: int) -> None:
    draw = np.random.default_rng(seed)
    may = draw.random((3, 5)) < 0.7
    paid = draw.integers(0, 9, (3, 5)) * may
    found = spread(paid.sum(axis=1).tolist(), paid.sum(axis=0).tolist(), may)
    assert np.allclose(found.sum(axis=0), paid.sum(axis=0), atol=0.05)
    assert np.allclose(found.sum(axis=1), paid.sum(axis=1), atol=0.05)
    assert not found[~may].any()


def test_the_force_brief_says_the_worst_month_of_each_pool() -> None:
    found = outcome("historical/timor-leste-2009")
    said = text(brief(found, "force"))
    assert "For the mission only" in said
    frame = found.supplies
    mine = frame[(frame["resource"] == "presence") & (frame["source"] == "western company") & (frame["need"] > 0)]
    least = mine.assign(left=mine["capacity"] - mine["need"])["left"].min()
    assert re.search(rf"presence: western company \w+ 20\d\d \d+ 40 {least} ", said)


@pytest.mark.parametrize(
    ("reader", "name", "donor", "needed"),
    [
        ("donor", "tiny/bridge-taper", "nobody", "there is no donor 'nobody' with a pledge; there are north"),
        ("donor", "tiny/bridge-taper", None, "needs --donor NAME; there are north"),
        ("donor", "tiny/worked-example", "north", "no donor pledges anything"),
        ("force", "tiny/bridge-taper", None, "no force is named here"),
    ],
)
def test_a_brief_that_cannot_be_is_refused(reader: str, name: str, donor: str | None, needed: str) -> None:
    with pytest.raises(UsageError, match=re.escape(needed)):
        brief(outcome(name), reader, donor_name=donor, limits=LIMITS)


def test_names_in_files_are_only_ever_text(folder: Path) -> None:
    plan = folder / "plan.toml"
    lines = plan.read_text(encoding="utf-8").splitlines()
    lines = [f"title = '{HOSTILE}'" if line.startswith("title") else line for line in lines]
    plan.write_text("\n".join(lines), encoding="utf-8")
    html = brief(solve(read(folder), limits=LIMITS, haste=False), "minister")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("donor", "name"),
    [
        ("north", "brief-donor-north.html"),
        ("../../etc/passwd", "brief-donor-etc-passwd.html"),
        ("Ünion & Co.", "brief-donor-nion-co.html"),
        ("<>", "brief-donor-unnamed.html"),
        ("x" * 300, f"brief-donor-{'x' * 60}.html"),
    ],
)
def test_a_donors_name_makes_a_safe_name_of_a_file(donor: str, name: str) -> None:
    assert default("donor", donor) == name


def test_the_command_writes_one_file_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = outcome("tiny/worked-example")
    export.write(found, tmp_path)
    monkeypatch.chdir(tmp_path)
    given = ["brief", "minister", str(TOP / "tiny" / "worked-example"), str(tmp_path)]
    assert cli.main(given) == 0
    assert "written: brief-minister.html" in capsys.readouterr().out
    first = (tmp_path / "brief-minister.html").read_text(encoding="utf-8")
    (tmp_path / "brief-minister.html").write_text("mine", encoding="utf-8")
    assert cli.main(given) == 2
    assert (tmp_path / "brief-minister.html").read_text(encoding="utf-8") == "mine"
    assert cli.main([*given, "--overwrite"]) == 0
    assert (tmp_path / "brief-minister.html").read_text(encoding="utf-8") == first
    for more in (["--donor", "north"], ["--out", str(tmp_path), "--overwrite"], ["--out", "brief-minister.html/p"]):
        assert cli.main([*given, *more]) == 2
    assert cli.main([*given, "--out", "new/folder/page.html"]) == 0
    assert (tmp_path / "new" / "folder" / "page.html").read_text(encoding="utf-8") == first
    assert cli.main(["brief", "force", *given[2:]]) == 2


def test_a_brief_of_changed_numbers_or_of_no_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    worked, clash = str(TOP / "tiny" / "worked-example"), str(TOP / "infeasible" / "fixed-dates-clash")
    more = ["--set", "capacity.mentor_team.pool@2030-01..=+1"]
    made, none = str(tmp_path / "made"), str(tmp_path / "none")
    assert cli.main(["solve", worked, "--out", made, "--quiet", "--no-haste", *more]) == 0
    assert cli.main(["brief", "minister", worked, made, "--out", str(tmp_path / "m.html"), *more]) == 0
    assert "proven" in (tmp_path / "m.html").read_text(encoding="utf-8")
    assert cli.main(["solve", clash, "--out", none, "--quiet"]) == 4
    capsys.readouterr()
    assert cli.main(["brief", "minister", clash, none, "--out", str(tmp_path / "n.html")]) == 2
    assert capsys.readouterr().err == "sequencer: there is no plan to write a brief of: the status is INFEASIBLE\n"


@pytest.mark.outside
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reader", "name", "donor"),
    [
        ("minister", "historical/timor-leste-2009", None),
        ("force", "historical/timor-leste-2009", None),
        ("donor", "tiny/bridge-share", "north"),
        ("donor", "tiny/bridge-taper", "north"),
    ],
)
def test_each_prints_on_one_sheet(reader: str, name: str, donor: str | None, language: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        assert os.environ.get("REQUIRE_OUTSIDE") != "1", "Chromium is missing"
        pytest.skip("Chromium is missing")
    html, pdf = tmp_path / "brief.html", tmp_path / "brief.pdf"
    html.write_text(brief(outcome(name), reader, donor_name=donor, language=language, limits=LIMITS), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
    subprocess.run([*command, html.as_uri()], check=True, capture_output=True, timeout=120)  # noqa: S603
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
