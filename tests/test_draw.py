"""Instances drawn for benchmarks: the same bytes, every kind of rule, and a plan that keeps all promises."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sequencer import check, read
from sequencer.bench.draw.drawing import Drawn, draw
from sequencer.bench.draw.kinds import Shape
from sequencer.bench.draw.sheets import digest
from sequencer.bench.sets import entries, write_seeds
from sequencer.compile import compile_instance
from sequencer.errors import UsageError
from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Supply, Width, Window

SMALL = 8  # places of an instance of every kind of rule that is quick to draw


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Drawn]:
    folder = tmp_path_factory.mktemp("drawn") / "full"
    return folder, draw("national", folder, 1, SMALL)


@pytest.fixture(scope="module")
def problem(full: tuple[Path, Drawn]) -> Problem:
    return compile_instance(read(full[0]))


def column(folder: Path, table: str, name: str) -> list[str]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    found = [draw("province", tmp_path / name, seed).digest for name, seed in (("a", 3), ("b", 3), ("c", 4))]
    assert found[0] == found[1] == digest(tmp_path / "b")
    assert found[0] != found[2]


def test_drawing_again_leaves_nothing_of_what_was_there(tmp_path: Path) -> None:
    draw("national", tmp_path / "a", 1, SMALL)
    assert draw("province", tmp_path / "a", 3).digest == draw("province", tmp_path / "b", 3).digest


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_rules_and_audit_accept_the_hidden_plan_of_a_province(tmp_path: Path, seed: int) -> None:
    drawn = draw("province", tmp_path, seed)
    assert check(read(tmp_path), drawn.choices) == ()


def test_rules_and_audit_accept_the_hidden_plan_where_every_kind_of_rule_is_drawn(full: tuple[Path, Drawn]) -> None:
    folder, drawn = full
    assert check(read(folder), drawn.choices) == ()


def test_the_hidden_plan_leaves_nothing_of_some_supply_in_a_good_part_of_the_months(full: tuple[Path, Drawn]) -> None:
    assert full[1].binding > 0.25


def test_every_kind_of_rule_is_there(problem: Problem) -> None:
    kinds = {type(rule) for rule in problem.rules}
    assert kinds == {Window, Link, Width, Gate, Supply, Bridge, Reserve}
    assert {reserve.scope == "country" for reserve in problem.reserves} == {True, False}
    assert any(rule.maximum is not None for rule in problem.rules if isinstance(rule, Link))
    assert any(
        rule.before.partition("/")[0] != rule.after.partition("/")[0]
        for rule in problem.rules
        if isinstance(rule, Link)
    )


def test_supplies_come_in_every_bucket_and_from_several_sources(problem: Problem) -> None:
    buckets = {len(rule.buckets) for rule in problem.supplies}
    assert {1, 3, problem.horizon} < buckets  # the plan, phases, months; the rest are fiscal years
    pools = {(rule.resource, rule.pool) for rule in problem.supplies}
    assert {("trainers", "core + police academy"), ("trainers", "core")} < pools
    assert any(resource == "presence" and "mobile company" in pool for resource, pool in pools)
    assert sum(resource == "changes" for resource, _ in pools) == SMALL


def test_money_has_every_condition(problem: Problem) -> None:
    bridge = problem.bridge
    assert bridge is not None
    assert {line.name for line in bridge.lines} == {"host", "north/services", "north/police", "south"}
    assert bridge.shares
    assert bridge.announced
    lines = {line.name: line for line in bridge.lines}
    assert lines["host"].revenue
    assert any(step.growth is not None for step in lines["host"].steps)
    assert lines["north/services"].carried
    assert lines["north/services"].serves
    assert any(lines["north/police"].conditions)
    assert any(step.fall is not None for step in lines["south"].steps)


def test_windows_come_from_every_table(full: tuple[Path, Drawn], problem: Problem) -> None:
    files = {origin.file for rule in problem.rules if isinstance(rule, Window) for origin in rule.origins}
    assert {"criteria.csv", "limits.csv", "calendar.csv", "packages.csv", "phases.csv", "plan.toml"} <= files
    folder = full[0]
    for name in ("earliest", "latest"):
        assert any(column(folder, "packages", name)), name
    assert "exit" in column(folder, "criteria", "event")
    assert any(column(folder, "calendar", "capacity_factor"))


def test_settled_and_past_packages_are_there_at_the_usual_size(tmp_path: Path) -> None:
    draw("national", tmp_path, 2)
    fixed = column(tmp_path, "packages", "fixed")
    assert any(month and month < "2030" for month in fixed)
    assert any(month >= "2030" for month in fixed)
    assert any(column(tmp_path, "packages", "current_stage"))


def test_no_option_is_best_in_everything(full: tuple[Path, Drawn]) -> None:
    """Support is later, or costs trainers and money; without it a package needs mentors for longer."""
    problem = compile_instance(read(full[0]))
    chosen = {choice.option for choice in full[1].choices.values()}
    assert chosen == {"none", "light", "intensive"}
    for path in problem.paths.values():
        lengths = {option.name: option for option in path.options}
        if len(lengths) == 3:
            assert lengths["none"].mentored > lengths["light"].mentored > lengths["intensive"].mentored
            assert lengths["none"].support < lengths["light"].support < lengths["intensive"].support


def test_seeds_of_a_set_differ_in_slack_and_readiness() -> None:
    shapes = [Shape("province", 5, seed) for seed in range(1, 13)]
    assert len({(shape.slack, shape.ready) for shape in shapes}) == 12


@pytest.mark.parametrize(
    ("kind", "places", "words"), [("city", 5, "no kind 'city'"), ("national", 2, "at least 8 places")]
)
def test_what_cannot_be_drawn_is_refused(tmp_path: Path, kind: str, places: int, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        draw(kind, tmp_path, 1, places)


def test_a_set_of_seeds_is_drawn_once_and_verified(tmp_path: Path) -> None:
    folder, cache = tmp_path / "set", tmp_path / "cache"
    cache.mkdir()
    write_seeds(folder, "province", 2, [7], store=False)
    assert [path.name for path in folder.iterdir()] == ["seeds.csv"]
    (first,) = entries(folder, cache)
    drawn = first.path / "plan.toml"
    touched = drawn.stat().st_mtime_ns
    assert (first.set, first.name, first.digest) == ("set", "province-2-07", digest(first.path))
    assert entries(folder, cache) == [first]
    assert drawn.stat().st_mtime_ns == touched
    drawn.write_text("months = 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="province-2-07 has the digest"):
        entries(folder, cache)
    assert entries(folder, cache) == [first]  # what was wrong in the cache is drawn anew


def test_a_stored_instance_that_was_changed_is_refused_and_kept(tmp_path: Path) -> None:
    write_seeds(tmp_path, "province", 2, [7], store=True)
    plan = tmp_path / "province-2-07" / "plan.toml"
    assert entries(tmp_path, tmp_path / "unused")[0].path == plan.parent
    plan.write_text(plan.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    with pytest.raises(UsageError, match="digest"):
        entries(tmp_path, tmp_path / "unused")
    assert plan.exists()


def test_sets_are_sorted_by_number_and_thinned(tmp_path: Path) -> None:
    for name in ("j10", "j9", "j1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.toml").write_text(name, encoding="utf-8")
    (tmp_path / "j2.sm").write_text("x", encoding="utf-8")
    assert [entry.name for entry in entries(tmp_path, tmp_path)] == ["j1", "j2", "j9", "j10"]
    assert [entry.name for entry in entries(tmp_path, tmp_path, every=2)] == ["j1", "j9"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no instance folder"):
        entries(tmp_path / "empty", tmp_path)
