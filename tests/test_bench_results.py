"""What is made of the rows of a benchmark: means, tables, profiles, baselines and best values."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sequencer.bench.baseline import Margins, regressions
from sequencer.bench.profile import ratios, svg
from sequencer.bench.record import Best, Results, read_rows
from sequencer.bench.runs import COLUMNS, Row
from sequencer.bench.summary import shifted_mean, summaries, table
from sequencer.bench.trace import Trace
from sequencer.errors import UsageError


def row(engine: str = "auto", instance: str = "a", proof: float | None = 2.0, **other: str) -> Row:
    """Return a row of a run with a limit of 10 seconds, proven after ``proof``."""
    proven = {"status": "OPTIMAL", "gap": "0", "values": "exit=40", "bounds": "exit=40"}
    open_ = {"status": "FEASIBLE", "gap": "0.2", "values": "exit=50", "bounds": "exit=40"}
    times = {"first_s": "1", "one_percent_s": f"{proof or ''}", "tenth_percent_s": f"{proof or ''}"}
    told = {
        "set": "small", "instance": instance, "digest": f"digest of {instance}", "engine": engine, "objective": "exit",
        "seed": "0", "seconds": "10", "workers": "2", "proof_s": f"{proof or ''}", "peak_mib": "90", "commit": "abc",
        "versions": "sequencer 1",
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | times | told | (proven if proof else open_) | other


def test_the_shifted_mean_adds_a_second_and_takes_it_off_again() -> None:
    assert shifted_mean([0.0, 3.0]) == pytest.approx(1.0)  # the root of 1 x 4, less 1
    assert shifted_mean([7.0]) == pytest.approx(7.0)
    assert math.isnan(shifted_mean([]))


def test_summaries_count_and_score_time_outs_at_the_limit() -> None:
    rows = [
        row(proof=0.1),
        row(instance="b", proof=None),
        row(instance="c", proof=None, status="CRASHED", gap="", first_s=""),
    ]
    (found,) = summaries(rows)
    assert (found.runs, found.plans, found.one, found.tenth, found.proven, found.failed) == (3, 2, 1, 1, 1, 1)
    assert found.means["proof_s"] == pytest.approx((1.1 * 11 * 11) ** (1 / 3) - 1)
    assert (found.median, found.worst, found.gap, found.peak) == (10.0, 10.0, 0.2, 90)


def test_a_proof_after_the_limit_counts_as_the_limit() -> None:
    assert summaries([row(proof=11.0)])[0].means["proof_s"] == pytest.approx(10.0)


def test_refused_runs_are_left_out_and_groups_kept_apart() -> None:
    rows = [row(), row(engine="cbc", status="REFUSED"), row(objective="cost"), row(set="other")]
    assert [entry.group for entry in summaries(rows)] == [
        ("other", "exit", "auto"),
        ("small", "cost", "auto"),
        ("small", "exit", "auto"),
    ]


def test_the_table_is_aligned_markdown() -> None:
    lines = table(summaries([row(), row(engine="a-long-name", proof=None)])).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[2].split("|")][3:8] == ["a-long-name", "1", "1", "0", "0"]


def test_a_trace_reaches_a_gap_when_every_level_has() -> None:
    trace = Trace(["exit", "risk"])
    trace.hear(1.0, "exit", None, 40)
    assert trace.first is None
    trace.hear(2.0, "exit", 40, None)
    assert trace.first == 2.0
    assert trace.reached == {}  # nothing is known of the risk
    trace.hear(3.0, "risk", 1000, 995)
    assert trace.reached == {0.01: 3.0}
    trace.hear(4.0, "risk", None, 999)
    trace.hear(5.0, "risk", 1005, None)  # a worse value changes nothing
    assert trace.reached == {0.01: 3.0, 0.001: 4.0}
    trace.settle([("exit", 40, 40), ("risk", 1000, 1000)], 6.0)
    assert trace.reached == {0.01: 3.0, 0.001: 4.0, 0.0: 6.0}


def test_what_the_answer_takes_back_was_not_reached() -> None:
    trace = Trace(["exit"])
    trace.hear(1.0, "exit", 40, 40)
    trace.settle([("exit", 40, 30)], 2.0)
    assert trace.reached == {}
    assert trace.gap == pytest.approx(0.25)


def test_a_bound_without_a_plan_is_kept() -> None:
    trace = Trace(["exit"])
    trace.hear(1.0, "exit", None, 30)
    trace.settle([("exit", None, None)], 2.0)
    assert trace.known == {"exit": (None, 30)}


def test_profiles_compare_the_problems_that_all_were_asked() -> None:
    rows = [
        row("auto", proof=1.0), row("cpsat", proof=4.0), row("auto", "b", proof=None), row("cpsat", "b", proof=2.0),
        row("auto", "c", proof=None), row("cpsat", "c", proof=None), row("auto", "d"), row("auto", "e", proof=12.0),
        row("cpsat", "e", proof=0.01),
    ]  # fmt: skip
    found = ratios(rows)
    assert found == {"auto": [1.0, math.inf, math.inf, math.inf], "cpsat": [4.0, 1.0, math.inf, 1.0]}


def test_a_profile_is_well_formed_and_escaped() -> None:
    text = svg({"<b>&": [1.0, 8.0], "other": [math.inf, 1.0]}, 'A & "B" <c>')
    top = ET.fromstring(text)  # noqa: S314 - our own text
    words = "".join(top.itertext())
    assert 'A & "B" <c>' in words
    assert "<b>& (100 %)" in words
    assert "other (50 %)" in words
    numbers = [
        float(number)
        for path in top.iter("{http://www.w3.org/2000/svg}path")
        for number in re.findall(r"[\d.]+", path.attrib["d"])
    ]
    assert all(0 <= number <= 720 for number in numbers)


def test_an_empty_profile_is_well_formed() -> None:
    assert ET.fromstring(svg({}, "none")).tag.endswith("svg")  # noqa: S314


def judged(now: list[Row], before: list[Row], reference: str | None = "cpsat") -> list[str]:
    return regressions(now, before, Margins(), reference)


def both(auto: float | None, cpsat: float = 4.0, **other: str) -> list[Row]:
    return [row("auto", proof=auto, **other), row("cpsat", proof=cpsat)]


def test_the_same_results_are_not_behind_themselves() -> None:
    assert judged(both(2.0), both(2.0)) == []


def test_a_slower_machine_is_no_regression() -> None:
    assert judged(both(5.0, 9.0), both(2.0, 4.0)) == []  # 6/10 instead of 3/5


def test_a_slower_engine_is_one() -> None:
    (proof, tenth) = judged(both(5.0), both(2.0))  # 6/5 instead of 3/5
    assert "small, exit, auto: to proof 1.20 times the time of the reference, 0.60 times" in proof
    assert "0.1 %" in tenth
    assert judged(both(3.4), both(2.0)) == []  # within half as much again
    assert judged(both(5.0), both(2.0), reference=None) == []


def test_worse_quality_is_a_regression_whatever_the_machine() -> None:
    found = judged(both(None, 9.0), both(2.0), reference=None)
    assert any("0 of 1 runs proven, 1 in the baseline" in line for line in found)
    assert any("mean gap 20 %, 0 %" in line for line in found)


def test_a_proven_value_that_differs_is_never_excused() -> None:
    (line,) = judged(both(2.0, values="exit=41", bounds="exit=41"), both(2.0))
    assert "proven exit=41, in the baseline exit=40" in line
    assert judged(both(2.0, status="INFEASIBLE"), both(2.0))


def test_a_crash_is_a_regression() -> None:
    found = judged([row(proof=None, status="CRASHED", gap="")], [row(proof=None)], None)
    assert any("fail and did not in the baseline: a" in line for line in found)


def test_nothing_in_common_is_told() -> None:
    with pytest.raises(UsageError, match="no run in common"):
        judged([row()], [row(seconds="20")])


def test_results_are_appended_and_a_cut_row_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.csv"
    results = Results(path)
    results.add(row())
    results.add(row(instance="b"))
    assert read_rows(path) == [row(), row(instance="b")]
    path.write_text(path.read_text(encoding="utf-8") + "small,c,dig", encoding="utf-8")
    again = Results(path)
    again.add(row(instance="d"))
    assert [entry["instance"] for entry in read_rows(path)] == ["a", "b", "d"]


def test_a_file_that_is_no_file_of_results_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is no file of results"):
        Results(path)
    assert path.read_text(encoding="utf-8") == "a,b\n1,2\n"


def lexicographic(values: str, bounds: str) -> Row:
    return row(values=values, bounds=bounds, objective="default")


def best_rows(best: Best, folder: Path) -> list[str]:
    best.write()
    return [
        ",".join(line.split(",")[2:6]) for line in (folder / "best.csv").read_text(encoding="utf-8").splitlines()[1:]
    ]


def test_best_values_only_improve(tmp_path: Path) -> None:
    best = Best(tmp_path)
    objective = "exit;risk"
    assert best.improve(lexicographic("exit=40;risk=100", "exit=38;risk=90"), objective)
    assert not best.improve(lexicographic("exit=41;risk=50", "exit=37;risk=50"), objective)
    assert best_rows(best, tmp_path) == ["exit,40,38,exact", "risk,100,90,exact"]
    assert best.improve(lexicographic("exit=41;risk=50", "exit=39;risk=50"), objective)  # a better bound, no more
    assert best_rows(best, tmp_path) == ["exit,40,39,exact", "risk,100,90,exact"]
    assert best.improve(lexicographic("exit=40;risk=95", "exit=39;risk=80"), objective)
    assert best_rows(best, tmp_path)[1].startswith("risk,95,")
    assert best.improve(lexicographic("exit=39;risk=200", "exit=39;risk=150"), objective)  # under a tighter cap
    assert best_rows(best, tmp_path) == ["exit,39,39,exact", "risk,200,150,exact"]
    assert best_rows(Best(tmp_path), tmp_path) == best_rows(best, tmp_path)


def test_results_of_changed_files_and_crashes_do_not_make_best_values(tmp_path: Path) -> None:
    best = Best(tmp_path)
    assert not best.improve(row(commit="abc+"), "exit")
    assert not best.improve(row(status="CRASHED"), "exit")
    assert best.improve(row(engine="highs"), "exit")
    assert best_rows(best, tmp_path) == ["exit,40,40,numeric"]


def test_the_gap_to_the_best_value_known(tmp_path: Path) -> None:
    best = Best(tmp_path)
    assert best.gap(row(), "exit") == ""
    best.improve(row(), "exit")
    assert best.gap(row(values="exit=50"), "exit") == "0.2"
    assert best.gap(row(), "exit") == "0"
    (tmp_path / "best_known.csv").write_text("instance,lb,ub\nj1.sm,30,38\nj2.sch,5,unsat\n", encoding="utf-8")
    foreign = Best(tmp_path)
    assert foreign.gap(row(instance="j1", values="exit=40"), "exit") == "0.05"
    assert foreign.gap(row(instance="j2", values="exit=40"), "exit") == ""
