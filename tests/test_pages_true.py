"""What pages say is what is known: no proof, month, share or sum is claimed beyond it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from test_briefs import LIMITS, outcome, text
from test_report_words import lines, told
from test_studies import changed, shown, svgs, written

from sequencer import Outcome, explain, words
from sequencer.answers.discretion import Audience
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.pictures import studies
from sequencer.pictures.briefs.command import brief
from sequencer.pictures.page import TEMPLATES
from sequencer.pictures.scene import Year
from sequencer.pictures.sections.decisions import decisions
from sequencer.pictures.sections.money import _falls
from sequencer.pictures.studies.kinds import Curve, State
from sequencer.pictures.summed.rests import untested
from sequencer.pictures.summed.sure import sure
from sequencer.pictures.told import Told

WORKED = "tiny/worked-example"


@cache
def numeric() -> Outcome:
    """Return the answer of the worked example as if its proofs rested on floating point."""
    found = outcome(WORKED)
    return replace(found, levels=tuple(replace(level, proof="numeric") for level in found.levels))


def test_a_later_aim_is_proven_only_with_those_before_it_as_they_are() -> None:
    # With the exit two months later the risk is less than half: "nothing better exists" would be false of it.
    found = outcome(WORKED)
    _, first, second, third = lines(sure(told(found)))
    assert first.endswith("Proven: nothing better exists.")
    assert all(said.endswith("nothing better exists, unless what stands above gets worse.") for said in (second, third))
    assert found.levels[1].value is not None
    open_ = replace(found.levels[1], bound=found.levels[1].value - 1000)
    said = lines(sure(told(replace(found, levels=(found.levels[0], open_)))))[2]
    assert said.endswith("is possible, unless what stands above gets worse.")
    assert "sauf à dégrader ce qui précède" in lines(sure(told(found, language="fr")))[2]


def test_a_brief_calls_nothing_proven_that_rests_on_floating_point() -> None:
    said = text(brief(numeric(), "minister"))
    assert "proven" not in said
    assert said.count("as far as calculation with decimals can be trusted") == len(numeric().levels)


def test_a_brief_tells_a_later_end_by_the_months_there_are() -> None:
    # The exit is month 12 of a plan of 14: 3 and 6 months later are both 2 months later, and told once.
    said = text(brief(outcome(WORKED), "minister"))
    assert re.findall(r"If the end came (\d+ months?) later", said) == ["2 months"]
    now, *_ = outcome(WORKED).haste
    last = replace(outcome(WORKED), haste=(now, replace(now, later=3), replace(now, later=6)))
    assert "No end later than this one was tried." in text(brief(last, "minister"))


def test_a_brief_names_the_month_from_which_nobody_helps() -> None:
    # The last advisory month is December 2030, the exit January 2031.
    assert "From January 2031 on, all functions work without help." in text(brief(outcome(WORKED), "minister"))


@pytest.mark.parametrize("kind", ["tornado", "sweep", "front"])
def test_only_a_trial_in_scenarios_tests_robustness(tmp_path: Path, kind: str) -> None:
    found = outcome(WORKED)
    with_study = replace(told(found), studies=(studies.read(written(kind, tmp_path), found.instance),))
    assert any("robustness" in line for line in lines(untested(with_study)))
    tried = studies.read(written("exits", tmp_path), found.instance)
    assert isinstance(tried, Curve)
    assert not any("robustness" in line for line in lines(untested(replace(told(found), studies=(tried,)))))


def test_a_fall_is_marked_from_just_above_its_limit() -> None:
    def years(after: int) -> list[Year]:
        return [Year(2030 + at, 12 * at, (), there, 0) for at, there in enumerate((1000, after))]

    assert _falls(years(750)) == {}
    assert _falls(years(745)) == {2031: 26}  # 25.5 %
    assert _falls(years(0)) == {2031: 100}


def test_money_that_was_kept_is_there_in_the_year_after() -> None:
    # The pledge of 2030 is not used up: what is left of it is there in 2031.
    found = outcome("tiny/bridge-carry-over")
    scene = Told(explain(found), Audience.PUBLIC, Phrasebook.of("en")).scene
    first, second, *_ = scene.years
    assert (first.there, second.there) == (30, 30 - first.need + 36)
    assert all(year.need <= year.there for year in scene.years)


def test_little_is_not_called_nothing_and_nearly_all_not_all() -> None:
    shares = [(0, 200), (1, 201), (1, 3), (200, 201), (201, 201), (0, 0)]
    assert [words.percent(*share) for share in shares] == ["0 %", "< 1 %", "33 %", "> 99 %", "100 %", "0 %"]


def test_what_a_donor_buys_is_not_called_local_before_it_is() -> None:
    said = text(brief(outcome("tiny/bridge-taper"), "donor", donor_name="north", limits=LIMITS))
    assert "Pays 18 money over the whole plan: 35 % of all that is paid for these functions." in said
    assert "from support to work in local hands" in said


def test_a_later_term_has_no_limit_where_one_before_it_is_not_proven(tmp_path: Path) -> None:
    path = changed(written("sweep", tmp_path), {(3, "status"): "FEASIBLE", (3, "exit_bound"): "11"})
    found = studies.read(path, outcome(WORKED).instance)
    assert isinstance(found, studies.Heat)
    states = [{known.state for row in rows for known in row} for rows in found.cells.values()]
    assert [State.FOUND in each for each in states] == [True, *(False for _ in states[1:])]
    assert [State.LATER in each for each in states] == [False, *(True for _ in states[1:])]
    assert all("≤" not in each for each in svgs(shown(path))[1:])


def test_a_term_at_its_bound_is_proven_though_a_later_one_is_not(tmp_path: Path) -> None:
    path = changed(written("sweep", tmp_path), {(3, "status"): "FEASIBLE", (3, "risk_bound"): "0"})
    found = studies.read(path, outcome(WORKED).instance)
    assert isinstance(found, studies.Heat)
    exits, risks, *_ = ({known.state for row in rows for known in row} for rows in found.cells.values())
    assert State.FOUND not in exits
    assert State.FOUND in risks


def test_text_of_charts_is_styled_where_it_is_used_again() -> None:
    # Inside what <use> repeats, a selector finds no <svg> above: dates would be black and as large as text.
    style = (TEMPLATES / "charts.css").read_text(encoding="utf-8")
    assert "text { fill: var(--ink); font-size: 11px; }" in style
    assert not re.search(r"svg\s+(text|\.)", style)


def test_the_budget_of_the_host_is_said_as_each_language_does() -> None:
    found = explain(outcome("tiny/bridge-taper"))
    said = {}
    for language in LANGUAGES:
        shown_ = decisions(Told(found, Audience.PUBLIC, Phrasebook.of(language)))
        assert shown_ is not None
        said[language] = " ".join(what for _, what, _ in shown_["table"].rows)
    assert "The budget of the host country for the fiscal year 2031 must be voted" in said["en"]
    assert "Le budget du pays hôte pour l'exercice 2031 doit être voté" in said["fr"]
