"""Repairs of the shipped instances, and the sentences and rows that say them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from repairing import INFEASIBLE, TENTHS, TOP, as_changes, changed, of_folder, timetables
from strategies import draw_instance

from sequencer import Instance, Limits, read
from sequencer.answers.explained.repairs import as_rows, repairs_lines
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.instance.levers import addresses
from sequencer.outcome import Status
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.questions.repairs import Change, Repair, Repairs

#: Words of analysts, which nobody else has to know.
UNSAID = re.compile(r"\b(cells?|levers?|buckets?|cores?|MUS|gaps?|lexicographic|binding|leviers?)\b", re.I)

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
