"""Small instances made by hand for the tests of the audit.

The base case: one place ``arden`` (2,000 people, region ``north``), one function ``policing``, 24 months from 2030-01,
fiscal years from July. Joint, mentored and advisory last 2, 3 and 1 months; hold 0. So a transfer in month t has
joint_start t - 2, advisory_start t + 3 and exit t + 4; the transfers that fit are those of months 2 to 20.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from sequencer.audit import Finding, audit
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.timetable import Choice, Uses
from sequencer.vocabulary import Bucket, Event, Origin, Stage

HERE = Origin("made.csv", 7)
NAME = "arden/policing"
CLINICS = "arden/clinics"
POINT = facts.SCORE
F = TypeVar("F", bound=facts.Fact)


def made(kind: type[F], changes: Mapping[str, object], **values: object) -> F:
    """Return a fact with these values, some of them changed."""
    fields: dict[str, Any] = {"origin": HERE, **values, **changes}
    return kind(**fields)


def plan(**changes: object) -> facts.Plan:
    return made(facts.Plan, changes, title="case", months=24, money_unit="EUR", objective=())


def package(name: str = NAME, **changes: object) -> facts.Package:
    place, function = name.split("/")
    return made(facts.Package, changes, name=name, place=place, function=function)


def function(name: str = "policing", **changes: object) -> facts.Function:
    return made(facts.Function, changes, name=name, joint=2, mentored=3, advisory=1)


def place(name: str = "arden", region: str = "north", population: int | None = 2000) -> facts.Place:
    return facts.Place(name=name, region=region, population=population, origin=HERE)


def option(name: str = "none", **changes: object) -> facts.Option:
    return made(facts.Option, changes, package=NAME, name=name)


def gain(points: int) -> facts.Gain:
    return facts.Gain(package=NAME, option="none", criterion="staff", gain=points * POINT, origin=HERE)


def criterion(points: int, **changes: object) -> facts.Criterion:
    threshold = points * POINT
    return made(facts.Criterion, changes, package=NAME, criterion="staff", event=Event.TRANSFER, threshold=threshold)


def readiness(points: int, *, low: int | None = None, **changes: object) -> facts.Readiness:
    lowest = (points if low is None else low) * POINT
    score = points * POINT
    return made(facts.Readiness, changes, package=NAME, criterion="staff", score=score, low=lowest, high=score)


def threat(level: int, start: int = 0, end: int | None = None, place: str = "arden") -> facts.Threat:
    return facts.Threat(place=place, start=start, end=end, level=level, origin=HERE)


def limit(event: Event = Event.TRANSFER, **changes: object) -> facts.Limit:
    return made(facts.Limit, changes, package=NAME, event=event)


def phase(name: str, start: int, end: int, **changes: object) -> facts.Phase:
    return made(facts.Phase, changes, name=name, start=start, end=end)


def closure(start: int, end: int, *events: Event, **changes: object) -> facts.Closure:
    where = {"places": frozenset({"arden"}), "functions": frozenset({"policing"})}
    return made(facts.Closure, where | changes, name="election", events=frozenset(events), start=start, end=end)


def link(before: Event, after: Event, minimum: int | None = 0, maximum: int | None = None) -> facts.Link:
    return facts.Link(
        before=NAME,
        before_event=before,
        after=CLINICS,
        after_event=after,
        minimum=minimum,
        maximum=maximum,
        origin=HERE,
    )


def width(most: int, *members: tuple[str, Event]) -> facts.Width:
    return facts.Width(members=members, width=most, origin=HERE)


def gate(*before: str, **changes: object) -> facts.Gate:
    waiting = frozenset({NAME})
    return made(facts.Gate, changes, phase="second", waiting=waiting, before=before, event=Event.TRANSFER)


def resource(bucket: Bucket = Bucket.MONTH, **changes: object) -> facts.Resource:
    return made(facts.Resource, changes, name="mentors", bucket=bucket, unit="teams", owner="mission")


def capacity(amount: int, **changes: object) -> facts.Capacity:
    return made(facts.Capacity, changes, resource="mentors", amount=amount)


def need(when: Stage | Event, amount: int, package: str = NAME, **changes: object) -> facts.Need:
    stage = when if isinstance(when, Stage) else None
    event = when if isinstance(when, Event) else None
    return made(facts.Need, changes, package=package, resource="mentors", stage=stage, event=event, amount=amount)


def force(name: str, people: int, *covers: str, **changes: object) -> facts.Guarantee:
    return made(facts.Guarantee, changes, force=name, resource="mentors", covers=frozenset(covers), people=people)


def factor(thousandths: int, start: int, end: int, **changes: object) -> facts.Closure:
    what = {"resource": "mentors", "factor": thousandths}
    return closure(start, end, **(what | changes))


def budget(year: int, amount: int, **changes: object) -> facts.Budget:
    return made(facts.Budget, changes, year=year, amount=amount)


def donor(name: str, max_share: int | None = None, **changes: object) -> facts.Donor:
    return made(facts.Donor, changes, name=name, max_share=max_share)


def pledge(donor: str, amount: int, **changes: object) -> facts.Pledge:
    return made(facts.Pledge, changes, donor=donor, amount=amount)


def reserve(k: int, scope: str = facts.COUNTRY) -> facts.Reserve:
    return facts.Reserve(scope=scope, k=k, origin=HERE)


def relapse(amount: int, package: str = NAME, **changes: object) -> facts.Relapse:
    return made(facts.Relapse, changes, package=package, amount=amount)


def standby(people: int, scope: str = facts.COUNTRY, **changes: object) -> facts.Guarantee:
    return made(facts.Guarantee, changes, force=f"reserve of {scope}", resource="", scope=scope, people=people)


def published(package: str, transfer: int) -> facts.Published:
    return facts.Published(package=package, transfer=transfer, origin=HERE)


def case(**tables: object) -> Instance:
    """Return the base case with some of its tables, or its plan, replaced."""
    base = Instance(
        calendar=Calendar(2030, 1, fiscal_start=7),
        plan=plan(),
        phases=(),
        places=(place(),),
        functions=(function(),),
        packages=(package(),),
    )
    changed: dict[str, Any] = dict(tables)
    return dataclasses.replace(base, **changed)


def pair(**tables: object) -> Instance:
    """Return the base case with a second function and package in the same place, of the same lengths."""
    both = {"functions": (function(), function("clinics")), "packages": (package(), package(CLINICS))}
    return case(**(both | tables))


def choices(policing: int, clinics: int | None = None, option: str = "none") -> Mapping[str, Choice]:
    """Return a timetable of the base case, or of the pair."""
    chosen = {NAME: Choice(option, policing)}
    return chosen if clinics is None else chosen | {CLINICS: Choice("none", clinics)}


def broken(
    instance: Instance, timetable: Mapping[str, Choice], uses: Uses | None = None
) -> list[tuple[str, int | None, int]]:
    """Return rule, month and amount of every finding."""
    return [(finding.rule, finding.month, finding.amount) for finding in audit(instance, timetable, uses)]


def only(instance: Instance, timetable: Mapping[str, Choice], uses: Uses | None = None) -> Finding:
    """Return the one finding there is."""
    (finding,) = audit(instance, timetable, uses)
    return finding
