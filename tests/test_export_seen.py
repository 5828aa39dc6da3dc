"""What an audience may see of an instance, kind by kind; what is not named as open stays closed."""

from __future__ import annotations

import dataclasses

import pytest
from exporting import solved

from sequencer import read
from sequencer.exports import Audience
from sequencer.exports.seen import OPEN_TABLES, READINESS_TABLES, Seen
from sequencer.instance.facts import Closure
from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES, addresses
from sequencer.reasons.local.tight import Tight
from sequencer.vocabulary import Origin

CLOSED = {"threat", "limits", "guarantees", "reserves", "relapse"}


@pytest.fixture(scope="module")
def halvara(request: pytest.FixtureRequest) -> Instance:
    """Return the instance with every kind of rule."""
    return read(request.config.rootpath / "instances" / "national" / "halvara")


def test_every_table_of_numbers_is_open_or_known_to_be_closed() -> None:
    assert {*TABLES, "plan"} == OPEN_TABLES | READINESS_TABLES | CLOSED
    assert not CLOSED & (OPEN_TABLES | READINESS_TABLES)


@pytest.mark.parametrize("audience", list(Audience))
def test_numbers_are_shown_by_their_table(halvara: Instance, audience: Audience) -> None:
    seen = Seen(halvara, audience)
    shown = {address.partition(".")[0] for address in addresses(halvara) if seen.address(address)}
    everything = {address.partition(".")[0] for address in addresses(halvara)}
    hidden = {Audience.PUBLIC: CLOSED | READINESS_TABLES, Audience.PARTNERS: CLOSED, Audience.MISSION: set()}[audience]
    assert shown == everything - hidden
    assert everything >= CLOSED | READINESS_TABLES


def test_numbers_of_forces_and_needs_by_threat_are_the_missions(halvara: Instance) -> None:
    public, mission = Seen(halvara, Audience.PUBLIC), Seen(halvara, Audience.MISSION)
    assert public.forces == {"presence"}
    secret = [name for name in addresses(halvara, "needs") if ".presence." in name or ".threat" in name]
    assert secret
    assert not any(map(public.address, secret))
    assert all(map(mission.address, secret))


def test_an_event_that_cuts_a_force_is_the_missions() -> None:
    plan = solved("supply-presence").instance
    event = dataclasses.replace(_event(), resource="presence")
    seen = Seen(dataclasses.replace(plan, calendar_events=(event,)), Audience.PUBLIC)
    assert not seen.address(f"calendar.{event.name}.shift")
    assert Seen(dataclasses.replace(plan, calendar_events=(_event(),)), Audience.PUBLIC).address(
        f"calendar.{event.name}.shift"
    )


def _event() -> Closure:
    return solved("window-calendar").instance.calendar_events[0]


@pytest.mark.parametrize(
    ("rule", "text", "shown_to"),
    [
        ("L1", "after policing", {"public", "partners", "mission"}),
        ("S1", "teams: 2 teams in 2030-01, 3 would be needed", {"public", "partners", "mission"}),
        ("risk", "risk would exceed", {"public", "partners", "mission"}),
        ("W1", "logistics 59 points", {"partners", "mission"}),
        ("W2", "threat", {"mission"}),
        ("W3", "threat rises", {"mission"}),
        ("R1", "reserve", {"mission"}),
        ("S1", "presence: 20 people in 2030-01", {"mission"}),
        ("S1", "presence (north): 20 people in 2030-01", {"mission"}),
        ("X9", "a kind of rule that nobody has classified", {"mission"}),
    ],
)
def test_promises_are_shown_by_their_rule_and_what_they_name(rule: str, text: str, shown_to: set[str]) -> None:
    instance = solved("supply-presence").instance
    promise = Tight("a/b", rule, text, (Origin("links.csv", 2),))
    assert {one.value for one in Audience if Seen(instance, one).promise(promise)} == shown_to
    row = instance.guarantees[0].origin
    resting = dataclasses.replace(promise, origins=(row,))
    assert {one.value for one in Audience if Seen(instance, one).promise(resting)} == {"mission"}


def test_words_of_confidence_that_may_name_somebody_are_counted_only() -> None:
    instance = solved("worked-example").instance
    counts = {"synthetic": 3, "said by Major Example": 2, "said by the chief": 1, "not said": 4}
    assert Seen(instance, Audience.MISSION).evidence(counts) == counts
    told = {"synthetic": 3, "something else": 3, "not said": 4}
    assert Seen(instance, Audience.PUBLIC).evidence(counts) == told
