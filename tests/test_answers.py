"""What an answer says beside its dates: the price of haste, who pays, what communities live through, how sure it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sequencer import Choice, Haste, Instance, Outcome, read, solve
from sequencer.answers import statements
from sequencer.answers.evidence import evidence
from sequencer.answers.frames import communities, funding, supplies
from sequencer.compile import compile_instance
from sequencer.instance import facts
from sequencer.vocabulary import Event, Origin

HERE = Origin("test.csv", 2)
PLAN = {
    "arden/policing": Choice("intensive", 4),
    "arden/clinics": Choice("none", 9),
    "belmont/policing": Choice("none", 7),
}


@pytest.fixture(scope="module")
def instance(worked: Path) -> Instance:
    """Return the worked example, its plan being that of section 9.3 of models/problem.md."""
    return read(worked)


@pytest.fixture(scope="module")
def outcome(instance: Instance) -> Outcome:
    """Return the answer to the worked example."""
    return solve(instance)


def haste(*entries: tuple[int, int | None, int | None, int | None, bool]) -> tuple[Haste, ...]:
    """Return entries of later, achieved, risk, cost, proven, for a plan with its exit in month 12."""
    return tuple(
        Haste(later=later, exit=12 + later, achieved=achieved, risk=risk, cost=cost, proven=proven)
        for later, achieved, risk, cost, proven in entries
    )


NOW = (0, 12, 2_000_000, 500, True)


def test_the_price_of_haste_is_said_in_shares_and_numbers(outcome: Outcome) -> None:
    later = haste(NOW, (3, 15, 1_750_000, 515, True), (6, 16, 1_000_000, 498, False))
    assert statements.haste(replace(outcome, haste=later)) == [
        "Price of haste: with its exit in 2031-01 this plan has risk 2 000 people x level x points, cost 500 money",
        (
            "  if the exit came 3 months later (by 2031-04): "
            "risk -12 %, to 1 750 people x level x points; cost +3 %, to 515 money"
        ),
        (
            "  if the exit came 6 months later (by 2031-07): risk -50 %, to 1 000 people x level x points; "
            "cost -0.40 %, to 498 money; the exit would be in 2031-05; the best found, not proven best"
        ),
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ((3, None, None, None, False), "no plan was found in the time left"),
        ((3, 12, 2_000_000, 500, True), "risk and cost would stay the same"),
        ((3, 12, 2_000_000, 500, False), "risk and cost would stay the same, as far as was found"),
        ((3, 15, 2_000_000, 515, True), "risk the same; cost +3 %, to 515 money"),
    ],
)
def test_the_price_of_haste_says_what_is_not_known(outcome: Outcome, entry: Any, said: str) -> None:  # noqa: ANN401
    lines = statements.haste(replace(outcome, haste=haste(NOW, entry)))
    assert lines[1] == f"  if the exit came 3 months later (by 2031-04): {said}"


def test_a_price_of_nothing_has_no_share(outcome: Outcome) -> None:
    lines = statements.haste(replace(outcome, haste=haste((0, 12, None, 0, True), (3, 15, None, 7, True))))
    assert lines == [
        "Price of haste: with its exit in 2031-01 this plan has cost 0 money",
        "  if the exit came 3 months later (by 2031-04): cost 7 money instead of 0",
    ]
    assert statements.haste(replace(outcome, haste=haste(NOW))) == []  # interrupted before a later exit was tried
    assert statements.haste(replace(outcome, haste=())) == []
    free = haste((0, 12, None, None, True), (3, 15, None, None, True))
    assert statements.haste(replace(outcome, haste=free)) == []  # neither has data


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"judgement": 12, "verified": 3, "not said": 25}, "12 of 40 inputs are judgement; 3 verified; 25 do not say"),
        ({"verified": 1, "not said": 1}, "1 of 2 inputs is verified; 1 does not say"),
        ({"not said": 2}, "none of the 2 inputs says how sure it is"),
        (
            dict(zip("abcdefgh", range(9, 1, -1), strict=True)),
            "9 of 44 inputs are a; 8 b; 7 c; 6 d; 5 e; 4 f; 5 something else",
        ),
    ],
)
def test_how_sure_the_inputs_are_is_one_sentence(counts: dict[str, int], said: str) -> None:
    assert statements.evidence(counts) == f"Evidence: {said}"


def test_each_row_counts_once_by_its_confidence(instance: Instance) -> None:
    def said(word: str, row: int) -> Origin:
        return Origin("threat.csv", row, confidence=word)

    threat = (
        facts.Threat(place="arden", start=0, level=2, origin=said("Judgement ", 2)),
        facts.Threat(place="belmont", start=0, level=2, origin=said("judgement", 2)),  # one row with two places
        facts.Threat(place="arden", start=5, level=2, origin=said("judgement", 3)),
        facts.Threat(place="belmont", start=5, level=2, origin=said("", 4)),
    )
    others = sum(evidence(replace(instance, threat=())).values())
    counts = evidence(replace(instance, threat=threat))
    assert counts == {"judgement": 2, "not said": others + 1}
    assert list(counts) == ["judgement", "not said"]


def test_a_number_changed_for_this_run_is_counted_as_that(instance: Instance) -> None:
    changed = evidence(instance.but({"readiness.arden/policing.capability": 51}))
    assert changed["changed for this run"] == 1
    assert sum(changed.values()) == sum(evidence(instance).values())


def test_pledges_that_do_not_count_are_no_evidence(instance: Instance) -> None:
    pledge = facts.Pledge(donor="japan", amount=5, confirmed=False, origin=Origin("pledges.csv", 2, confidence="hoped"))
    assert "hoped" not in evidence(replace(instance, pledges=(pledge,)))
    asked = replace(instance, pledges=(pledge,), plan=replace(instance.plan, announced_pledges=True))
    assert evidence(asked)["hoped"] == 1


def test_communities_wait_and_then_live_with_what_is_fragile(instance: Instance) -> None:
    places = (
        replace(instance.place["arden"], community="hill people"),
        replace(instance.place["belmont"], population=None),
    )
    changed = replace(instance, places=places)
    rows = communities(changed, compile_instance(instance), PLAN).to_dict("records")
    # arden: policing waits 4 and is fragile in 3 .. 6, clinics wait 9 and are fragile in 9 .. 11
    assert rows == [
        {
            "community": "hill people",
            "people": 2000,
            "packages": 2,
            "waiting_people_months": 2000 * (4 + 9),
            "fragile_people_months": 2000 * (4 + 3),
            "packages_without_population": 0,
        },
        {
            "community": "(not named)",
            "people": 0,
            "packages": 1,
            "waiting_people_months": 0,
            "fragile_people_months": 0,
            "packages_without_population": 1,
        },
    ]


def test_only_the_stages_and_months_that_count_are_fragile(instance: Instance) -> None:
    functions = tuple(replace(function, fragile=frozenset()) for function in instance.functions)
    calm = communities(replace(instance, functions=functions), compile_instance(instance), PLAN)
    assert calm["fragile_people_months"].tolist() == [0]
    late = {**PLAN, "arden/clinics": Choice("none", 13)}  # fragile in 13 .. 15, of which 14 and 15 are after the plan
    frame = communities(instance, compile_instance(instance), late)
    assert frame["fragile_people_months"].tolist() == [2000 * (4 + 1) + 1000 * 4]


@pytest.fixture(scope="module")
def funded(instance: Instance) -> Instance:
    """Return the worked example with a budget and a pledge that waits for the transfer of policing in Arden."""
    budget = facts.Budget(year=2030, amount=400, origin=HERE)
    condition = ("arden/policing", Event.TRANSFER)
    pledge = facts.Pledge(donor="japan", name="police", amount=900, condition=condition, origin=HERE)
    package = replace(instance.package["arden/clinics"], revenue=10, revenue_to="host")
    packages = tuple(package if other.name == package.name else other for other in instance.packages)
    return replace(instance, packages=packages, budget=(budget,), pledges=(pledge,))


def test_funding_says_who_pays_how_much_of_what_is_there(funded: Instance) -> None:
    uses = {"host": (300, 60), "japan/police": (0, 46)}
    frame = funding(funded, compile_instance(funded), PLAN, uses)
    unit = funded.plan.money_unit
    assert list(frame.itertuples(index=False, name=None)) == [
        ("FY2030", "2030-01..2030-12", "host", "", 300, 400 + 3 * 10, unit),
        ("FY2030", "2030-01..2030-12", "japan/police", "japan", 0, 0, unit),
        ("FY2031", "2031-01..2031-02", "host", "", 60, 2 * 10, unit),
        ("FY2031", "2031-01..2031-02", "japan/police", "japan", 46, 900, unit),
    ]
    assert funding(funded, compile_instance(funded), PLAN, None).empty


def test_supplies_cover_money_and_reserves(funded: Instance) -> None:
    force = facts.Guarantee(force="company", resource="", scope="country", people=70, origin=HERE)
    relapses = tuple(facts.Relapse(package=name, amount=20 + 10 * k, origin=HERE) for k, name in enumerate(PLAN))
    reserve = facts.Reserve(scope="country", k=2, origin=HERE)
    guarded = replace(funded, guarantees=(force,), reserves=(reserve,), relapses=relapses)
    frame = supplies(compile_instance(guarded), PLAN)
    assert list(frame.columns) == ["resource", "bucket", "source", "need", "capacity"]
    assert set(frame["resource"]) == {"mentor_team", "money", "reserve"}
    money = frame[frame["resource"] == "money"]
    # 2030: support 2 x 40, handovers 20 + 8 + 15, recurrent costs 8 x 10 + 3 x 5 + 5 x 8; 2031: 2 x (10 + 5 + 8)
    assert money["need"].tolist() == [80 + 43 + 135, 46]
    assert money["capacity"].tolist() == [430, 920]
    needs = frame[frame["resource"] == "reserve"].set_index("bucket")
    assert set(needs["source"]) == {"country"}
    assert set(needs["capacity"]) == {70}
    # policing in Arden (20) is fragile in 3 .. 6, in Belmont (40) in 6 .. 9, clinics (30) in 9 .. 11
    by_month = [
        needs.loc[month, "need"] for month in ("2030-03", "2030-04", "2030-07", "2030-09", "2030-10", "2030-12")
    ]
    assert by_month == [0, 20, 60, 40, 70, 30]


def test_the_whole_answer_is_printed(outcome: Outcome, funded: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    from sequencer.answers import report  # noqa: PLC0415 - pandas and rich take time to import

    places = tuple(replace(place, community=place.name.title()) for place in funded.places[:1]) + tuple(
        replace(place, population=None) for place in funded.places[1:]
    )
    changed = replace(
        outcome,
        instance=replace(funded, places=places),
        problem=compile_instance(funded),
        uses={"host": (258, 0), "japan/police": (0, 46)},
        haste=haste(NOW, (3, 15, 1_750_000, 515, True)),
    )
    report.show(changed)
    printed = capsys.readouterr().out
    assert "Evidence: none of the" in printed
    assert "if the exit came 3 months later (by 2031-04): risk -12 %" in printed
    assert "FY2030 (2030-01..2030-12): 258 money, from host 258\n" in printed
    assert "FY2031 (2031-01..2031-02): 46 money, from japan/police 46\n" in printed
    assert "Arden        2 000   2         26 000   14 000" in printed
    assert "1 package in places without a population is not counted" in printed


def test_reasons_name_rows_and_each_row_says_once_where_it_comes_from(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    from sequencer.answers import report  # noqa: PLC0415

    origin = Origin("capacity.csv", 2, source="staffing table", confidence="judgement", note="one team is on leave")
    outcome = solve(replace(instance, capacity=tuple(replace(row, origin=origin) for row in instance.capacity)))
    report.show(outcome)
    printed = capsys.readouterr().out
    assert "mentor_team: 1 team in 2030-09, 2 would be needed [capacity.csv row 2 (judgement)]\n" in printed
    assert printed.count("  capacity.csv row 2: judgement; staffing table; one team is on leave\n") == 1
    row = outcome.tight.set_index("package").loc["arden/clinics"]
    assert (row["rows"], row["source"], row["note"]) == ("capacity.csv row 2", "staffing table", "one team is on leave")


def test_what_clashes_names_row_confidence_source_and_note(instance: Instance) -> None:
    origin = Origin("packages.csv", 4, source="decree 7", confidence="verified", note="signed")
    late = replace(instance.package["belmont/policing"], latest=6, origin=origin)
    packages = tuple(late if package.name == late.name else package for package in instance.packages)
    notes = solve(replace(instance, packages=packages)).notes
    assert notes[0] == "belmont/policing has no month left:"
    assert any(note == "- not after 2030-07 [packages.csv row 4: verified; decree 7; signed]" for note in notes)
