"""Studies as files: recognised by their columns, drawn with what is known of each run, refused where they are none."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from sequencer import Limits, UsageError, cli, explain, read, sensitivity, solve
from sequencer.answers.discretion import Audience
from sequencer.answers.export import csv_text
from sequencer.instance.instance import Instance
from sequencer.phrases import LANGUAGES
from sequencer.pictures import studies
from sequencer.pictures.page import page
from sequencer.pictures.studies.drawing import Axis
from sequencer.questions.explaining import Explanation
from sequencer.scenarios import Scenario, Stress, stress
from sequencer.sensitivity.command import write

WORKED = Path(__file__).parent.parent / "instances" / "tiny" / "worked-example"
LIMITS = Limits(seconds=10, workers=1, deterministic=True)
TEAM = "capacity.mentor_team.pool"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=y>'


@cache
def worked() -> Instance:
    return read(WORKED)


@cache
def explained() -> Explanation:
    found: Explanation = explain(solve(worked(), haste=False, limits=LIMITS), limits=LIMITS)
    return found


@cache
def frames() -> dict[str, pd.DataFrame]:
    """Return what the program says of each kind of study."""
    with ThreadPoolExecutor(1) as here:
        turned = sensitivity.tornado(worked(), [TEAM, "plan.months"], term="exit", limits=LIMITS, executor=here)
        both = {TEAM: [0, 1, 2], "plan.months": [12, 14]}
        swept = sensitivity.sweep(worked(), both, limits=LIMITS, executor=here)
        front = sensitivity.front(worked(), ["exit", "early_transfer"], points=3, limits=LIMITS, executor=here)
    tried = trial()
    return {
        "tornado": turned.frame,
        "sweep": swept.frame,
        "front": front.frame,
        "dates": tried.packages,
        "exits": tried.scenarios,
    }


@cache
def trial() -> Stress:
    choices = explained().outcome.choices
    assert choices is not None
    slower = {"readiness.arden/policing.capability.growth": "=0.5"}
    return stress(worked(), choices, [Scenario.of(1, {}), Scenario.of(2, slower), Scenario.of(3, {})])


def written(kind: str, folder: Path) -> Path:
    path = folder / f"{kind}.csv"
    write(frames()[kind], path)
    return path


def changed(path: Path, change: dict[tuple[int, str], str]) -> Path:
    """Write other text into cells, by row of the file below its header and column."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for (row, column), text in change.items():
        rows[row][column] = text
    path.write_text(csv_text(pd.DataFrame(rows)), encoding="utf-8")
    return path


def shown(path: Path, language: str = "en") -> str:
    """Return the part of a page that shows a study."""
    whole = page(explained(), Audience.MISSION, language, [studies.read(path, worked())])
    assert "default-src 'none'" in whole
    return whole[whole.index('<section class="study"') : whole.index("</main>")]


def svgs(html: str) -> list[str]:
    return re.findall(r"<svg role=.*?</svg>", html, re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("tornado", studies.Tornado),
        ("sweep", studies.Heat),
        ("front", studies.Front),
        ("dates", studies.Dates),
        ("exits", studies.Curve),
    ],
)
def test_each_file_is_recognised_however_pandas_wrote_it(kind: str, made: type, tmp_path: Path) -> None:
    path = written(kind, tmp_path)
    found = studies.read(path, worked())
    assert isinstance(found, made)
    frames()[kind].to_csv(path)  # with its index
    assert studies.read(path, worked()) == found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["tornado", "sweep", "front", "dates", "exits"])
def test_each_is_drawn_as_plain_svg_with_a_table(kind: str, language: str, tmp_path: Path) -> None:
    html = shown(written(kind, tmp_path), language)
    assert svgs(html)
    assert "<table>" in html
    assert " style=" not in html  # classes alone: the policy allows no more
    for svg in svgs(html):
        tree = ElementTree.fromstring(svg)  # noqa: S314 - our own output
        marks = [each for each in tree.iter() if each.get("class", "").split(" ")[0] in {"bar", "cell", "point"}]
        assert marks
        titles = sum(each.tag == "title" for each in tree.iter())
        assert titles >= len(marks)


def test_a_tornado_draws_what_is_proven_and_says_the_rest_in_words(tmp_path: Path) -> None:
    path = written("tornado", tmp_path)
    html = shown(path)
    assert "4 runs: 3 proven best, 1 proven to have no plan." in html
    assert html.count('class="bar unproven" x="1"') == 1  # of the key alone
    assert "-1: no plan" in html
    changed(path, {(0, "high_status"): "FEASIBLE", (0, "high_bound"): "11", (1, "low_status"): "NOT RUN"})
    drawn = svgs(shown(path))[0]
    assert drawn.count("bar unproven") == 1
    assert "not run" in drawn


def test_a_tornado_of_an_unproven_base_has_no_filled_bar(tmp_path: Path) -> None:
    cells = {(row, "base_status"): "FEASIBLE" for row in range(2)}
    drawn = svgs(shown(changed(written("tornado", tmp_path), cells)))[0]
    assert 'class="bar low"' not in drawn
    assert 'class="bar high"' not in drawn


def test_a_map_shades_only_what_is_proven(tmp_path: Path) -> None:
    path = written("sweep", tmp_path)
    first = svgs(shown(path))[0]
    assert (first.count("cell shade-"), first.count("cell none")) == (4, 2)
    change = {
        (3, "status"): "FEASIBLE",
        (3, "exit_bound"): "11",
        (4, "status"): "UNKNOWN",
        (5, "status"): "NOT RUN",
        (6, "status"): "LOST",
    }
    html = shown(changed(path, change))
    first = svgs(html)[0]
    counts = [first.count(f'class="cell {kind}') for kind in ("shade-", "found", "none", "unknown", "not_run")]
    assert counts == [0, 1, 2, 1, 2]
    assert "≤ 2031-01" in first
    assert "6 runs: 1 found, not proven best, 2 proven to have no plan, 1 not known, 2 not run." in html


def test_one_number_varied_is_a_map_of_one_row(tmp_path: Path) -> None:
    frame = frames()["sweep"].drop(columns="plan.months")
    write(frame[frame["run"].isin([0, 2, 4, 6])], tmp_path / "one.csv")
    found = studies.read(tmp_path / "one.csv", worked())
    assert isinstance(found, studies.Heat)
    assert (found.columns, found.rows) == (("0", "1", "2"), ("",))
    assert svgs(shown(tmp_path / "one.csv"))[0].count('class="cell ') == 3


def test_the_curve_says_quantiles_as_the_trial_does_and_counts_what_does_not_end(tmp_path: Path) -> None:
    path = written("exits", tmp_path)
    html = shown(path)
    month = worked().calendar.label(trial().exit(0.5) or 0)
    assert month == "2031-01"
    assert "P50: by January 2031 in 50 % of the scenarios" in html
    assert "3 scenarios were tried." in html
    blank = {(1, column): "" for column in ("exit", "exit_date", "delay")}
    html = shown(changed(path, blank))
    assert "P80: not within the plan" in html
    assert "1 does not end within the plan" in html


def test_a_front_tells_points_apart(tmp_path: Path) -> None:
    frame = frames()["front"]
    more = pd.concat([frame, frame, frame], ignore_index=True)
    more["early_transfer"] += [0, 1, 2]
    more["proven"] = [True, False, False]
    more["dominated"] = [False, False, True]
    write(more.astype({"proven": str, "dominated": str}), tmp_path / "front.csv")
    html = shown(tmp_path / "front.csv")
    kinds = re.findall(r'circle class="([^"]+)"', svgs(html)[0])
    assert kinds == ["point", "point unproven", "point dominated"]
    assert f"3 timetables from {frame['runs'][0]} runs, 1 proven" in html


def test_dates_are_drawn_the_least_sure_first(tmp_path: Path) -> None:
    html = shown(written("dates", tmp_path))
    names = re.findall(r"<text x=\"4\"[^>]*>([^<]+)</text>", svgs(html)[0])
    least = trial().packages.sort_values("holds", kind="stable")["holds"].iloc[0]
    assert len(names) == len(worked().packages)
    assert f"{100 * least:.0f} %" in html
    assert "3 scenarios were tried." in html


@pytest.mark.parametrize("kind", ["tornado", "dates"])
def test_text_in_a_file_is_only_ever_text(kind: str, tmp_path: Path) -> None:
    column = {"tornado": "factor", "dates": "package"}[kind]
    path = changed(written(kind, tmp_path), {(0, column): f"{HOSTILE}\x1b[31m"})
    html = shown(path)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "\x1b" not in html


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("tornado", {(0, "high_value"): "1e9"}, "needed: a whole number"),
        ("tornado", {(0, "high_value"): "9" * 30}, "needed: a whole number"),
        ("tornado", {(0, "low_status"): "BEST"}, "needed: one of OPTIMAL"),
        ("tornado", {(0, "high_value"): ""}, "OPTIMAL without a value"),
        ("tornado", {(0, "term"): "fame"}, "one term for all rows"),
        ("sweep", {(1, "plan.months"): "14"}, "two runs have the same values"),
        ("sweep", {(0, "run"): "7"}, "needed: run 0"),
        ("sweep", {(3, "exit_date"): "1999-01"}, "in this plan that is 2031-01"),
        ("dates", {(0, "holds"): "nan"}, "a share from 0 to 1"),
        ("dates", {(0, "holds_low"): "-0.1"}, "a share from 0 to 1"),
        ("exits", {(0, "delay"): "5"}, "several plans"),
        ("front", {(0, "proven"): "perhaps"}, "True or False"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(
    kind: str, change: dict[tuple[int, str], str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        studies.read(changed(written(kind, tmp_path), change), worked())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no study"),
        (b"a,b\n1,2\n", "is no study"),
        (b"\xff\xfe\x00", "is no CSV file in UTF-8"),
        (b'a,"b\n', "is no CSV file"),
        (b"a,a\n1,2\n", "names a column twice"),
        (b"a,b\n1\n", "row 2: found 1 cells; needed: 2"),
        (b"package,transfer,holds,holds_low,holds_high,scenarios,tried\n", "holds no run"),
        (b"x" * 2001 + b"\n", "more than 2000 characters"),
    ],
)
def test_another_file_is_refused_with_what_is_needed(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=re.escape(said)):
        studies.read(path, worked())


def test_three_numbers_and_too_many_values_are_refused(tmp_path: Path) -> None:
    frame = frames()["sweep"].copy()
    frame.insert(2, "plan.hold", [None, *range(len(frame) - 1)])
    write(frame, tmp_path / "three.csv")
    with pytest.raises(UsageError, match="one or two"):
        studies.read(tmp_path / "three.csv", worked())
    one = pd.concat([frame.iloc[[0]], *[frame.iloc[[1]]] * 41], ignore_index=True)
    one["run"], one["plan.hold"] = range(42), [None, *range(41)]
    write(one.drop(columns=[TEAM, "plan.months"]), tmp_path / "wide.csv")
    with pytest.raises(UsageError, match="at most 40"):
        studies.read(tmp_path / "wide.csv", worked())


def test_a_file_that_is_not_there_and_a_term_without_data_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        studies.read(tmp_path / "none.csv", worked())
    path = changed(written("tornado", tmp_path), {(row, "term"): "change" for row in range(2)})
    with pytest.raises(UsageError, match="has no data"):
        shown(path)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 1), (3, 17), (-5, 400_000), (0, 10**15)])
def test_an_axis_holds_its_values_and_has_few_ticks(low: int, high: int) -> None:
    axis = Axis.over([low, high])
    assert axis.first <= axis.at(low) <= axis.at(high) <= axis.last
    assert 1 <= len(axis.ticks()) <= 7
    assert all(axis.first <= axis.at(tick) <= axis.last for tick in axis.ticks())


def test_the_command_stress_writes_a_file_for_the_curve(tmp_path: Path) -> None:
    choices = explained().outcome.timetable
    (tmp_path / "plan.csv").write_text(csv_text(choices), encoding="utf-8")
    exits = tmp_path / "exits.csv"
    given = [str(WORKED), str(tmp_path / "plan.csv"), "--growth", "20", "--scenarios", "5", "--exits", str(exits)]
    assert cli.main(["stress", *given, "--quiet"]) == 0
    found = studies.read(exits, worked())
    assert isinstance(found, studies.Curve)
    assert len(found.exits) == 5
    assert cli.main(["stress", *given, "--quiet"]) == 2  # nothing is overwritten unasked
