"""A sweep answers as each instance solved alone would, searches less, and keeps what is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from engines import available, open_timetables
from here import Here
from strategies import draw_instance
from test_cpsat import ORDERS, SMALL
from test_optima import PROMISES, without

from sequencer import Instance, Limits, UsageError, read, sensitivity, solve
from sequencer.compile import compile_instance
from sequencer.cpsat.engine import CpSat
from sequencer.instance.changes import but
from sequencer.instance.facts import Goal
from sequencer.instance.levers import addresses
from sequencer.sensitivity import sweeps
from sequencer.sensitivity.design import depth, doubling, grid
from sequencer.sensitivity.easier import no_dearer, no_harder
from sequencer.sensitivity.sweeps import Sweep

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
TEAMS = "capacity.mentor_team.pool"
LIMITS = Limits(seconds=60, workers=1, deterministic=True)


def turnable(seed: int) -> tuple[Instance, tuple[Goal, ...], dict[str, list[str]]] | None:
    """Return an instance, an objective, and numbers of it to turn with changes to each that are possible."""
    random = Random(seed)  # noqa: S311 - tests
    instance = without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.5))
    goals = available(instance, [(term, random.choice([0, 0, 2])) for term in random.choice(ORDERS)])
    if not goals or open_timetables(instance) > SMALL:
        return None
    levers = list(addresses(instance).values())
    factors: dict[str, list[str]] = {}
    for lever in random.sample(levers, len(levers)):
        steps = ["+0"] if lever.value is not None else []
        for step in ("-2", "-1", "+1", "+2"):
            try:
                but(instance, [(lever.address, step)])
            except UsageError:
                continue
            steps.append(step)
        if len(steps) > 2 and (lever.relax or random.random() < 0.2):
            factors[lever.address] = random.sample(steps, 3)
        if len(factors) == 2:
            break
    try:
        for combined in grid(factors)[0]:
            but(instance, combined.items())
    except UsageError:  # each is possible, both are not
        return None
    return instance, tuple(Goal(term=term, tolerance=tolerance) for term, tolerance in goals), factors


@pytest.mark.parametrize("seed", range(100, 124))
def test_every_run_answers_as_its_instance_does_alone(seed: int) -> None:
    drawn = turnable(seed)
    if drawn is None:
        return
    instance, objective, factors = drawn
    swept = sensitivity.sweep(instance, factors, objective=objective, limits=LIMITS, engine="cpsat", executor=Here())
    assert len(swept.runs) == len(grid(factors)[0])
    for run in (swept.base, *swept.runs):
        assert run.answer is not None
        alone = solve(
            but(instance, run.factors.items()), objective=objective, limits=LIMITS, engine="cpsat", haste=False
        )
        assert (run.status, *(level.value for level in run.answer.levels)) == (
            alone.status, *(level.value for level in alone.levels if alone.choices or run.answer.levels)
        )  # fmt: skip
        assert [level.bound for level in run.answer.levels] == [
            level.bound for level in alone.levels if run.answer.levels
        ]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_no_harder_has_every_plan_of_the_other(seed: int) -> None:
    instance = draw_instance(seed)
    levers = [lever for lever in addresses(instance).values() if lever.relax and lever.value is not None]
    for lever in Random(seed).sample(levers, min(6, len(levers))):  # noqa: S311 - tests
        try:
            looser = but(instance, [(lever.address, f"{lever.relax:+d}")])
        except UsageError:
            continue
        assert no_harder(looser, instance)
        assert not no_harder(instance, looser)
        ours, theirs = compile_instance(looser), compile_instance(instance)
        for name in theirs.paths:
            assert (ours.open_cells(name) | ~theirs.open_cells(name)).all()


def test_numbers_without_a_direction_are_never_said_to_be_easier() -> None:
    instance = read(EXAMPLE)
    changed = but(instance, [("plan.hold", "+1")])
    assert not no_harder(instance, changed)
    assert not no_harder(changed, instance)
    assert no_harder(instance, instance)


def test_a_timetable_that_counts_more_elsewhere_is_seen() -> None:
    instance = read(EXAMPLE)
    problem = compile_instance(instance)
    terms = sorted(problem.terms)
    assert no_dearer(problem, problem, terms)
    address = next(a for a, lever in addresses(instance).items() if lever.unit == "people" and a.startswith("places."))
    more = compile_instance(but(instance, [(address, "+1000")]))
    assert no_dearer(problem, more, ["risk"])
    assert not no_dearer(more, problem, ["risk"])
    assert not no_dearer(problem, problem, ["no such term"])


def swept(**others: Any) -> Sweep:  # noqa: ANN401
    given = {"limits": LIMITS, "engine": "cpsat", "executor": Here(), **others}
    return sensitivity.sweep(read(EXAMPLE), {TEAMS: range(1, 8)}, **given)


def test_what_lies_between_equal_ends_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[str] = []
    search = CpSat.run

    def noted(self: CpSat, *given: Any, **others: Any) -> Any:  # noqa: ANN401
        searches.append("")
        return search(self, *given, **others)

    monkeypatch.setattr(CpSat, "run", noted)
    frame = swept().frame
    assert list(frame["exit"]) == [12, 12, 10, 10, 10, 10, 10, 10]
    assert len(searches) < 8 * 3 / 2


def test_a_frame_says_what_came_of_each_run() -> None:
    frame = swept().frame
    assert list(frame["run"]) == list(range(8))
    assert list(frame[TEAMS].dropna()) == list(range(1, 8))
    assert set(frame["status"]) == {"OPTIMAL"}
    assert list(frame["exit_date"])[:3] == ["2031-01", "2031-01", "2030-11"]
    assert frame["moved"][0] == 0
    assert (frame["exit"] == frame["exit_bound"]).all()


def test_where_an_easier_run_has_no_plan_nothing_is_searched() -> None:
    here = Here()
    turned = {"plan.mandate_end": ["2030-03", "2030-02", "2030-04"]}
    found = sensitivity.sweep(read(EXAMPLE), turned, limits=LIMITS, engine="cpsat", executor=here)
    assert [run.status for run in found.runs] == ["INFEASIBLE"] * 3
    middle = found.runs[1].answer
    assert middle is not None
    assert middle.notes == ("there is no plan: run 1 has none, and no rule is easier to keep here",)
    assert found.complete
    assert found.frame["exit"].isna()[1:].all()


def test_a_run_on_file_is_not_made_again(tmp_path: Path) -> None:
    path, first = tmp_path / "runs.jsonl", Here()
    whole = swept(path=path, executor=first)
    lines = path.read_bytes().splitlines(keepends=True)
    assert (first.count, len(lines)) == (8, 9)
    path.write_bytes(b"".join(lines[:4]) + lines[4][:20])
    again = Here()
    assert swept(path=path, executor=again).frame.equals(whole.frame)
    assert again.count == 5
    assert sorted(path.read_bytes().splitlines(keepends=True)) == sorted(lines)


def test_answers_do_not_depend_on_who_does_the_work(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    swept(path=one)
    with ThreadPoolExecutor(3) as pool:
        swept(path=other, executor=pool)
    assert sorted(one.read_bytes().splitlines()) == sorted(other.read_bytes().splitlines())


def test_an_end_in_between_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    @contextmanager
    def listening() -> Iterator[threading.Event]:
        yield stop

    def hear(count: int) -> None:
        if count == 3:
            stop.set()

    monkeypatch.setattr(sweeps, "listening", listening)
    found = swept(executor=Here(hear))
    statuses = [run.status for run in (found.base, *found.runs)]
    assert statuses.count("NOT RUN") == 5
    assert not found.complete
    assert found.frame["exit"].isna().sum() == 5


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ({TEAMS: []}, "no value"),
        ({TEAMS: [1, 2, 1]}, "more than once: 1"),
        ({"capacity.nobody": [1]}, "no number has the address"),
        ({TEAMS: [1, -1]}, "must lie between"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_solved(factors: Mapping[str, list[int]], said: str) -> None:
    here = Here()
    with pytest.raises(UsageError, match=said):
        sensitivity.sweep(read(EXAMPLE), factors, limits=LIMITS, executor=here)
    assert here.count == 0


def test_ends_come_before_what_lies_between() -> None:
    assert list(depth(1)) == [0]
    assert list(depth(2)) == [0, 0]
    assert list(depth(7)) == [0, 2, 3, 1, 2, 3, 0]
    assert list(depth(5)) == [0, 2, 1, 2, 0]
    assert grid({"a": [1, 2, 3], "b": [1]})[1] == [0, 1, 0]
    assert grid({"a": [1, 2, 3], "b": [1, 2, 3]})[1] == [0, 1, 0, 1, 2, 1, 0, 1, 0]
    assert doubling(30, first=4) == [0] * 4 + [1] * 4 + [2] * 8 + [3] * 14


def test_an_address_without_its_months_means_all_rows() -> None:
    instance = read(EXAMPLE)
    rows = [name for name in addresses(instance) if name.startswith(f"{TEAMS}@")]
    changed = addresses(but(instance, [(TEAMS, 3)]))
    assert rows
    assert {changed[name].value for name in rows} == {3}
