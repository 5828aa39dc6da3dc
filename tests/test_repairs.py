"""Repairs, against trying: each works, nothing of it is needless, nothing cheaper works, and nobody is put at risk."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_instance

from sequencer import Instance, Limits, UsageError, read
from sequencer.answers.explained.repairs import as_rows, repairs_lines
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.instance.contradictions import contradictions
from sequencer.instance.digest import digest
from sequencer.instance.levers import addresses
from sequencer.outcome import Status
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.questions.repairs import Repair, Repairs, repairs
from sequencer.questions.ways import COSTS

TOP = Path(__file__).parent.parent
INFEASIBLE = sorted(path.parent for path in (TOP / "instances" / "infeasible").glob("*/plan.toml"))
LIMITS = Limits(seconds=5, workers=1)
SHORT = Limits(seconds=2, workers=1)
EVERYDAY, MANY = range(48), range(1000, 1300)
SMALL = 400  # timetables that are tried for each change
TENTHS = {"points per month", "times"}  # units that are turned in steps of a tenth
GUARDS = re.compile(r"(criteria|limits|reserves|needs|relapse)\..*")
#: Words of analysts, which nobody else has to know.
UNSAID = re.compile(r"\b(cells?|levers?|buckets?|cores?|MUS|gaps?|lexicographic|binding|leviers?)\b", re.I)


def has_plan(instance: Instance) -> bool:
    """Return whether there is a plan, by enumeration."""
    return any(True for _ in every_plan(compile_instance(instance), MoneyOracle(instance)))


def timetables(instance: Instance) -> int:
    count = 1
    for path in compile_instance(instance).paths.values():
        count *= len(path.options) * len(path.months)
    return count


@cache
def without_plan(seed: int) -> Instance | None:
    """Return a drawn instance if it is small, makes sense and has no plan."""
    instance = draw_instance(seed)
    if contradictions(instance) or timetables(instance) > SMALL or has_plan(instance):
        return None
    return instance


def drawn(seeds: range) -> list[Instance]:
    return [instance for instance in map(without_plan, seeds) if instance is not None]


@cache
def repaired(seed: int) -> Repairs:
    instance = without_plan(seed)
    assert instance is not None
    return repairs(instance, most=2, limits=SHORT)


def changed(instance: Instance, repair: Repair, less: str = "") -> Instance:
    """Return the instance as repaired, with one step less of one change."""
    changes = {}
    for change in repair.changes:
        step = 0.1 if change.unit in TENTHS else 1
        by = abs(float(change.change)) - (step if change.address == less else 0)
        if round(by, 3) > 0:
            changes[change.address] = f"{change.change[0]}{round(by, 3):g}"
    return instance.but(changes)


def is_right(instance: Instance, repair: Repair) -> None:
    """Check by trying that a repair works, and that no part of it does if that is claimed."""
    assert has_plan(changed(instance, repair))
    assert sum(change.cost for change in repair.changes) == pytest.approx(repair.cost)
    assert repair.accepts_risk == any(GUARDS.fullmatch(change.address) for change in repair.changes)
    if repair.minimal:
        assert not any(has_plan(changed(instance, repair, change.address)) for change in repair.changes)


def cheaper(instance: Instance, cost: float) -> Iterator[Instance]:
    """Yield the instance with every one or two changes of up to three units that cost less in all."""
    moves = []
    for address, lever in addresses(instance).items():
        nothing = lever.value is None or (lever.field == "revenue" and not lever.value)
        if not lever.relax or nothing or GUARDS.fullmatch(address):
            continue
        step = 0.1 if lever.unit in TENTHS else 1
        sign = "+" if lever.relax > 0 else "-"
        moves += [(address, f"{sign}{n * step:g}", n * step * COSTS[lever.unit]) for n in (1, 2, 3)]
    pairs = ([a, b] for a, b in itertools.combinations(moves, 2) if a[0] != b[0])
    for chosen in itertools.chain(([move] for move in moves), pairs):
        if sum(price for _, _, price in chosen) < cost - 1e-9:
            with contextlib.suppress(UsageError):  # a value beyond its range is no repair
                yield instance.but({address: change for address, change, _ in chosen})


def tried(seed: int, most: int) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    found = repaired(seed)
    assert [r.cost for r in found.found] == sorted(r.cost for r in found.found)
    assert found.found or found.uncured or not found.sure
    for repair in found.found:
        is_right(instance, repair)
        assert not repair.accepts_risk
    claimed = found.found[0].cost if found.found and found.found[0].cheapest else 4.0 if found.uncured else 0.0
    if timetables(instance) <= SMALL // 4:
        assert not any(map(has_plan, itertools.islice(cheaper(instance, claimed), most)))


@pytest.mark.parametrize("seed", EVERYDAY)
def test_repairs_work_and_nothing_less_or_cheaper_does(seed: int) -> None:
    tried(seed, 400)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_many_repairs_work_and_nothing_less_or_cheaper_does(seed: int) -> None:
    tried(seed, 10_000)


def test_enough_is_drawn_to_mean_something() -> None:
    found = [repaired(seed) for seed in EVERYDAY if without_plan(seed)]
    assert sum(bool(one.found) for one in found) > 5
    assert sum(bool(one.uncured) for one in found) > 3
    assert sum(len(repair.changes) > 1 for one in found for repair in one.found) > 3


# --- The shipped instances --------------------------------------------------------------------------------------------

CHANGES: Mapping[str, Sequence[Mapping[str, str]]] = {
    "chain-too-long": [
        {"links.arden/policing.transfer--arden/courts.transfer.minimum": "-1"},
        {"links.arden/courts.transfer--arden/prisons.transfer.minimum": "-1"},
    ],
    "fixed-dates-clash": [{"capacity.handovers@2030-06..2030-06": "+1"}],
    "gate-without-key": [
        {"packages.arden/clinics.latest": "+1"},
        {"packages.belmont/customs.earliest": "-1"},
        {"gates.services.transfer": "-1"},
    ],
    "money-gap": [{"budget.host@FY2032": "+18"}],
    "presence-leaves": [{"readiness.arden/policing.capability": "+4"}],
    "readiness-too-slow": [{"plan.mandate_end": "+4"}, {"readiness.arden/policing.capability": "+4"}],
    "reserve-too-small": [{"guarantees.national company@2030-01..2030-02": "+10"}],
    "services-too-late": [
        {"links.arden/policing.transfer--arden/clinics.transfer.minimum": "-1"},
        {"links.arden/policing.transfer--arden/clinics.transfer.maximum": "+1"},
    ],
    "too-few-donors": [{"donors.north.max_share": "+20"}, {"donors.south.max_share": "+20"}],
    "width-too-narrow": [
        {"packages.belmont/policing.earliest": "-3"},
        {"widths.arden/policing.transfer--caswell/policing.transfer+1": "+3"},
    ],
}


@cache
def of_folder(folder: Path) -> Repairs:
    return repairs(read(folder), limits=Limits(seconds=30, workers=1))


def as_changes(repair: Repair) -> dict[str, str]:
    return {change.address: change.change for change in repair.changes}


@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda folder: folder.name)
def test_every_shipped_instance_has_the_repairs_its_text_promises(folder: Path) -> None:
    instance, found = read(folder), of_folder(folder)
    known = CHANGES[folder.name]
    assert [as_changes(repair) for repair in found.found[: len(known)]] == known
    assert found.sure
    assert not found.uncured
    for repair in found.found:
        assert repair.minimal
        assert repair.cheapest
        assert not repair.accepts_risk
        if timetables(instance) <= 100_000:
            assert status(changed(instance, repair)) is Status.FEASIBLE
        for change in repair.changes:
            assert status(changed(instance, repair, change.address)) is Status.INFEASIBLE


def status(instance: Instance) -> Status:
    limits, stop = Limits(seconds=30, workers=1), threading.Event()
    return search.run(compile_instance(instance), None, [], None, limits=limits, stop=stop, presolve=False).status


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda folder: folder.name)
def test_sentences_have_no_words_of_analysts(folder: Path, language: str) -> None:
    lines = list(repairs_lines(of_folder(folder), read(folder), Phrasebook.of(language)))
    assert lines
    assert not [line for line in lines if UNSAID.search(line) or "{" in line or ".." in line]


def test_sentences_say_what_and_when() -> None:
    def said(name: str) -> list[str]:
        folder = TOP / "instances" / "infeasible" / name
        return list(repairs_lines(of_folder(folder), read(folder), Phrasebook.of("en")))

    assert said("fixed-dates-clash")[0] == "A plan exists with 1 more handover in June 2030."
    assert said("readiness-too-slow")[:3] == [
        "A plan exists with any one of these:",
        "- A mandate up to April 2032.",
        "- A score higher by 4 in capability for policing, arden.",
    ]
    assert "- 18 money more from host in the fiscal year 2032." in said("money-gap")
    first = "A plan exists with 10 more people of national company from January 2030 to February 2030."
    assert said("reserve-too-small")[0] == first


def test_every_kind_of_number_can_be_said() -> None:
    for seed in range(12):
        instance = draw_instance(seed)
        for language in LANGUAGES:
            for line in repairs_lines(_all_at_once(instance), instance, Phrasebook.of(language)):
                assert not UNSAID.search(line)


def _all_at_once(instance: Instance) -> Repairs:
    """Return a repair that turns every number there is, each by one step."""
    from sequencer.questions.repairs import Change  # noqa: PLC0415 - made up here only

    changes = []
    for address, lever in addresses(instance).items():
        if lever.relax and lever.value is not None:
            step = "0.1" if lever.unit in TENTHS else "1"
            changes.append(Change(address, f"{'+' if lever.relax > 0 else '-'}{step}", 1, lever.unit, 1.0))
    found = [Repair((change,), 1.0, {}, minimal=True, cheapest=True, accepts_risk=False) for change in changes]
    return Repairs(tuple(found), (), compile_instance(instance), complete=True, sure=True, parameters={})


def test_rows_are_json() -> None:
    folder = TOP / "instances" / "infeasible" / "too-few-donors"
    rows = as_rows(of_folder(folder), read(folder))
    assert json.loads(json.dumps(rows)) == rows
    assert rows[0]["changes"][0]["address"] == "donors.north.max_share"
    assert rows[0]["timetable"][0]["package"] == "arden/policing"


# --- Protections ------------------------------------------------------------------------------------------------------


def negotiable(instance: Instance, *patterns: str) -> Instance:
    return replace(instance, plan=replace(instance.plan, negotiable=patterns))


def test_protections_are_touched_only_where_negotiable_and_then_apart() -> None:
    folder = TOP / "instances" / "infeasible" / "readiness-too-slow"
    instance = negotiable(read(folder), "criteria.*")
    found = repairs(instance, limits=LIMITS)
    pure = [repair for repair in found.found if not repair.accepts_risk]
    risky = [repair for repair in found.found if repair.accepts_risk]
    assert [as_changes(r) for r in pure] == [as_changes(r) for r in of_folder(folder).found]
    assert found.found == (*pure, *risky)
    assert as_changes(risky[0]) == {"criteria.arden/policing.capability.transfer": "-4"}
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines.index("Accept more risk: a plan exists with any one of these:") > lines.index(
        "A plan exists with any one of these:"
    )


def test_what_only_more_risk_cures_is_said_to_be_cured_by_nothing_else() -> None:
    base = read(TOP / "instances" / "infeasible" / "reserve-too-small")
    instance = negotiable(replace(base, guarantees=(replace(base.guarantees[0], people=0),)), "reserves.country")
    found = repairs(instance, {"people": 0.01}, limits=LIMITS)
    assert {"reserves.country": "-1"} in [as_changes(r) for r in found.found if r.accepts_risk]
    assert any(not r.accepts_risk for r in found.found)


@pytest.mark.parametrize("seed", EVERYDAY)
def test_repairs_that_accept_risk_work_and_need_it(seed: int) -> None:
    instance = without_plan(seed)
    if instance is None or timetables(instance) > SMALL // 4:
        return
    opened = negotiable(instance, "*")
    found = repairs(opened, most=1, limits=Limits(seconds=1, workers=1))
    for repair in found.found:
        is_right(opened, repair)
    if found.uncured:
        assert all(repair.accepts_risk for repair in found.found)


def test_what_is_negotiable_is_read_and_part_of_the_digest(tmp_path: Path) -> None:
    for file in INFEASIBLE[0].glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    plan = tmp_path / "plan.toml"
    plain = read(tmp_path)
    plan.write_text(plan.read_text() + 'negotiable = ["links.*", "plan.hold"]\n')
    assert read(tmp_path).plan.negotiable == ("links.*", "plan.hold")
    assert digest(read(tmp_path)) != digest(plain)


# --- Costs, time and repeating ----------------------------------------------------------------------------------------


def test_costs_are_the_planners() -> None:
    instance = read(TOP / "instances" / "infeasible" / "readiness-too-slow")
    dear = repairs(instance, {"month": 3}, most=1, limits=LIMITS).found[0]
    assert as_changes(dear) == {"readiness.arden/policing.capability": "+4"}
    both = repairs(instance, {"month": 3, "readiness.*": 50, "plan.mandate_end": 2}, most=1, limits=LIMITS)
    assert as_changes(both.found[0]) == {"plan.mandate_end": "+4"}
    assert both.found[0].cost == 8
    assert both.parameters == {"plan.mandate_end": 2}


@pytest.mark.parametrize("costs", [{"month": 0}, {"month": -1}, {"teams": 1}, {"readiness.nobody": 1}])
def test_costs_that_make_no_sense_are_refused(costs: Mapping[str, float]) -> None:
    with pytest.raises(UsageError, match="cost"):
        repairs(read(INFEASIBLE[0]), costs)


def test_with_a_plan_nothing_has_to_change() -> None:
    instance = read(TOP / "instances" / "infeasible" / "chain-too-long").but({"plan.months": "+12"})
    found = repairs(instance, limits=LIMITS)
    assert [repair.changes for repair in found.found] == [()]
    assert found.complete
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines[0] == "A plan exists with no change at all."


@pytest.mark.parametrize("seed", [seed for seed in EVERYDAY if seed % 4 == 0])
@pytest.mark.parametrize("seconds", [0.001, 0.05])
def test_with_too_little_time_nothing_wrong_is_claimed(seed: int, seconds: float) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    found, full = repairs(instance, most=2, limits=Limits(seconds=seconds, workers=1)), repaired(seed)
    for repair in found.found:
        is_right(instance, repair)
    if found.found and found.found[0].cheapest and full.sure:
        assert found.found[0].cost == full.found[0].cost
    if found.uncured:
        assert full.uncured
        assert not full.found


def test_who_is_stopped_claims_nothing() -> None:
    stop = threading.Event()
    stop.set()
    instance = read(INFEASIBLE[0])
    found = repairs(instance, stop=stop)
    assert not found.sure
    assert not found.complete
    assert (found.found, found.uncured) == ((), ())
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines == ["No change that makes a plan possible was found in time; that does not mean that there is none."]


def test_who_knows_nothing_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "run", lambda *_, **__: Run(Status.UNKNOWN, None, None, 0.1))
    found = repairs(read(INFEASIBLE[0]), limits=Limits(seconds=1, workers=1))
    assert not found.found
    assert not found.sure


def test_the_same_question_has_the_same_answer() -> None:
    limits = Limits(seconds=5, deterministic=True)
    instance = read(TOP / "instances" / "infeasible" / "gate-without-key")
    first, second = repairs(instance, limits=limits), repairs(instance, limits=limits)
    assert first.found == second.found
    assert first.sure
