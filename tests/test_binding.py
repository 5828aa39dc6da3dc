"""What binds, against trying all plans of the changed instance under frozen caps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from engines import open_timetables
from lifted import broken, spots
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_instance
from test_phrases import UNSAID
from turned_plans import LIMITS, drawn, is_attained, levers, plans, search_for, turned, value
from valued import SMALL

from sequencer import Instance, Limits, Outcome, Status, read, solve
from sequencer.answers.explained import binding as told
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Run
from sequencer.instance.levers import Lever
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.problem import Cell
from sequencer.questions.binding import Binding, Sure, binding
from sequencer.questions.turned import Turned
from sequencer.questions.turning import PROTECTED, Turning
from sequencer.reasons import lifting
from sequencer.reasons.parts import parts_of

TINY = sorted(path.parent for path in (Path(__file__).parent.parent / "instances" / "tiny").glob("*/plan.toml"))
EVERYDAY, MANY = range(25), range(1000, 1300)
CHECKED = 12  # numbers of each kind of answer that are compared, for each draw


def agree(outcome: Outcome, found: Binding, random: Random) -> Counter[str]:
    """Compare what is said of some numbers with all plans of the changed instances."""
    said: Counter[str] = Counter()
    known = levers(outcome.instance)
    values = {level.term: level.value or 0 for level in outcome.levels}
    shown = {(row.term, row.address) for row in found.rows}
    for row in random.sample(found.rows, min(CHECKED, len(found.rows))):
        changed = turned(outcome.instance, known[row.address], row.units)
        assert changed is not None
        every = plans(changed)
        improvement = values[row.term] - value(every, outcome, row.term)
        assert row.sure is Sure.PROVEN, row
        assert (row.improvement, row.most is None or row.most >= improvement) == (improvement, True), row
        is_attained(outcome, row.term, row.improvement, row.choices, every)
        said["worth something" if improvement else "row of nothing"] += 1
    for reason in found.reasons:
        cleared = [(a, kind) for kind in ("together", "alone") for a in getattr(reason, kind)]
        assert len({a for a, _ in cleared}) == len(cleared)
        assert not shown & {(reason.term, a) for a, _ in cleared}
        for address, kind in random.sample(cleared, min(CHECKED, len(cleared))):
            changed = turned(outcome.instance, known[address], units := random.choice([1, 2, 3]))
            if changed is not None:
                assert value(plans(changed), outcome, reason.term) == reason.value, f"{address} by {units}: {reason}"
                said[kind] += 1
        said["all together"] += together(outcome, reason.together, reason.term, reason.value)
    return said


def together(outcome: Outcome, addresses: Sequence[str], term: str, least: int) -> int:
    """Check that numbers are worth nothing even when all are turned."""
    instance, turns = outcome.instance, 0
    known = levers(instance)
    for address in addresses:
        for _ in range(3):
            changed = turned(instance, known[address], 1)
            if changed is not None:
                instance, turns = changed, turns + 1
    if not turns or open_timetables(instance) > SMALL:
        return 0
    assert value(plans(instance), outcome, term) == least, (term, addresses)
    return 1


def ask_draws(seeds: Iterable[int]) -> Counter[str]:
    """Ask what binds in random instances, and compare."""
    said: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed)
        if found is None:
            continue
        outcome, random = found
        try:
            said += agree(outcome, binding(outcome, limits=LIMITS), random)
        except AssertionError as error:
            raise AssertionError(f"draw_instance({seed}): {error}") from error
    return said


def tell(said: Counter[str], request: pytest.FixtureRequest) -> None:
    text = ", ".join(f"{count} {answer}" for answer, count in sorted(said.items()))
    request.node.user_properties.append(("draws", text))
    assert all(said[kind] for kind in ("worth something", "together", "alone", "all together")), text


def test_what_more_is_worth_is_what_trying_all_plans_says(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(EVERYDAY), request)


@pytest.mark.slow
def test_what_more_is_worth_is_what_trying_all_plans_says_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(MANY), request)


# --- Too little time --------------------------------------------------------------------------------------------------


def claims_nothing_wrong(outcome: Outcome, found: Binding, random: Random) -> Counter[Sure]:
    """Check what is said to be proven or attained, and nothing else."""
    known, said = levers(outcome.instance), Counter[Sure]()
    values = {level.term: level.value or 0 for level in outcome.levels}
    bold = [row for row in found.rows if row.sure is not Sure.UNKNOWN]
    meek = [row for row in found.rows if row.sure is Sure.UNKNOWN]
    for row in (*bold[:CHECKED], *random.sample(meek, min(3, len(meek)))):
        changed = turned(outcome.instance, known[row.address], row.units)
        assert changed is not None
        every = plans(changed)
        improvement = values[row.term] - value(every, outcome, row.term)
        assert row.improvement <= improvement, row
        assert row.most is None or improvement <= row.most, row
        assert row.sure is not Sure.PROVEN or row.improvement == improvement, row
        assert (row.sure is Sure.UNKNOWN) <= (row.improvement == 0), row
        is_attained(outcome, row.term, row.improvement, row.choices, every)
        said[row.sure] += 1
    for reason in found.reasons:
        cleared = [*reason.together, *reason.alone]
        for address in random.sample(cleared, min(3, len(cleared))):
            changed = turned(outcome.instance, known[address], 3)
            assert changed is None or value(plans(changed), outcome, reason.term) == reason.value, (address, reason)
    return said


def test_where_time_runs_out_nothing_wrong_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Counter[Sure]()
    for seed in range(8):
        found = drawn(seed)
        for count in (0, 10, 20) if found is not None else ():
            assert found is not None
            with monkeypatch.context() as patch:
                patch.setattr(search, "run", search_for(count, Run(Status.UNKNOWN, None, None, 0.0)))
                asked = binding(found[0], limits=LIMITS)
            said += claims_nothing_wrong(found[0], asked, found[1])
    assert all(said[sure] for sure in Sure), said


@pytest.mark.parametrize("seconds", [1e-4, 0.05])
def test_with_hardly_any_time_nothing_wrong_is_claimed(seconds: float) -> None:
    for seed in range(6):
        found = drawn(seed)
        if found is not None:
            claims_nothing_wrong(found[0], binding(found[0], limits=Limits(seconds=seconds, workers=1)), found[1])


def test_of_a_value_that_is_not_proven_nothing_is_said() -> None:
    instance = read(TINY[0])
    outcome = solve(instance, limits=LIMITS, haste=False)
    levels = tuple(replace(level, bound=None) for level in outcome.levels)
    found = binding(replace(outcome, status=Status.FEASIBLE, levels=levels), limits=LIMITS)
    assert (found.rows, found.reasons) == ((), ())
    assert all(row.most > row.without for row in found.within)
    assert found.unproven == tuple(level.term for level in levels)
    with pytest.raises(ValueError, match="no plan"):
        binding(replace(outcome, choices=None))


# --- Which numbers could relax which parts ----------------------------------------------------------------------------


def relaxes(instance: Instance, random: Random, most: int) -> Counter[str]:
    """Check that a plan of an instance with a number turned breaks at first only parts that the number could relax."""
    problem, said = compile_instance(instance), Counter[str]()
    opened = replace(instance, plan=replace(instance.plan, negotiable=("*",)))
    turning = Turning(opened, risky=True)  # protections, too: repairs may turn what is negotiable
    parts = parts_of(problem)
    before = set(every_plan(problem, MoneyOracle(instance)))
    for address in random.sample(sorted(turning.levers), min(most, len(turning.levers))):
        lever = turning.levers[address]
        changed = Turned.by(instance, {address: random.choice([1, 3])}, turning.levers)
        if lever.value is None or changed is None:
            continue
        if open_timetables(changed.instance) > SMALL:
            continue
        after = set(every_plan(changed.problem, MoneyOracle(changed.instance)))
        assert before <= after, f"{address}: rules become harder to keep"
        could = [part for part in parts if address in turning.of([part])]
        lifted = lifting.without(problem, could)
        for plan in after - before:
            cells: Mapping[str, Cell] = dict(zip(problem.paths, plan, strict=True))
            assert broken(problem, cells) <= spots(could), (address, broken(problem, cells))
            assert not list(lifted.breaches(cells, allot(lifted, cells))), address
        said[f"{lever.attribute}.{lever.field}"] += bool(after - before)
    return said


def relax_draws(seeds: Iterable[int], most: int) -> Counter[str]:
    said = Counter[str]()
    for seed in seeds:
        instance = draw_instance(seed)
        if 0 < open_timetables(instance) <= SMALL:
            try:
                said += relaxes(instance, Random(seed), most)  # noqa: S311 - tests
            except AssertionError as error:
                raise AssertionError(f"draw_instance({seed}): {error}") from error
    return said


def test_a_number_relaxes_only_parts_that_rest_on_it() -> None:
    assert len(relax_draws(range(60), 6)) > 3


@pytest.mark.slow
def test_a_number_relaxes_only_parts_that_rest_on_it_in_many_draws() -> None:
    said = relax_draws(range(1000, 3000), 30)
    expected = {"readiness.score", "needs.amount", "capacity.amount", "gains.gain", "relapses.amount", "links.minimum"}
    assert expected <= set(said), said


@pytest.mark.parametrize("folder", TINY, ids=lambda folder: folder.name)
def test_in_tiny_instances_a_number_relaxes_only_parts_that_rest_on_it(folder: object) -> None:
    instance = read(str(folder))
    if open_timetables(instance) <= SMALL:
        relaxes(instance, Random(1), 40)  # noqa: S311 - tests


def test_protections_are_not_turned() -> None:
    for seed in range(20):
        assert not {(lever.attribute, lever.field) for lever in levers(draw_instance(seed)).values()} & PROTECTED


# --- Frame and sentences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_binds_is_a_frame_and_sentences(language: str) -> None:
    said = 0
    for folder in TINY[::4]:
        instance = read(folder)
        outcome = solve(instance, limits=LIMITS, haste=False)
        if not outcome.levels or open_timetables(instance) > SMALL:
            continue
        found = binding(outcome, limits=LIMITS)
        frame = told.binding(instance, found, language)
        assert tuple(frame.columns) == told.COLUMNS
        assert len(frame) == len(found.rows)
        assert set(frame["address"]) <= set(levers(instance))
        lines = list(told.sentences(instance, found, language, most=2))
        assert not any(UNSAID.search(line) for line in lines)
        said += sum("(" in line for line in lines)
    assert said > 3


def test_every_number_has_a_name_in_every_language() -> None:
    found: dict[str, Lever] = {}
    for folder in TINY:
        found |= levers(read(folder))
    for seed in range(40):
        found |= levers(draw_instance(seed))
    named = {f"{lever.attribute}_{lever.field}" for lever in found.values()}
    templates = {name for name in Phrasebook.of("en").templates if name.startswith("binding.of.")}
    assert {f"binding.of.{name}" for name in named} <= templates
    for language in LANGUAGES:
        assert all(told.name(lever, Phrasebook.of(language)) for lever in found.values())


def test_a_number_that_binds_is_said_with_what_it_buys() -> None:
    instance = read(TINY[[folder.name for folder in TINY].index("supply-teams")])
    outcome = solve(instance, limits=LIMITS, haste=False)
    found = binding(outcome, limits=LIMITS)
    lines = list(told.sentences(instance, found))
    assert [line for line in lines if line.startswith("With ") and line.endswith(", proven.")], lines
