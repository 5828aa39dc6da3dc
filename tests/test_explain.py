"""``sequencer explain`` and its Python twin: what is asked for is there, in both languages, as text, JSON and files."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from sequencer import Status, UsageError, explain, read, solve
from sequencer.answers.explained.repairs import repairs_lines
from sequencer.cli import main
from sequencer.phrases import Phrasebook
from sequencer.questions.repairs import repairs

KEYS = {
    "status", "title", "first_month", "levels", "conflicts", "earlier", "proven_earlier", "repairs", "binding", "why",
    "conditions", "deciders", "evidence", "changes", "parameters", "language", "digest", "versions",
}  # fmt: skip


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["explain", *arguments, "--quiet"]) == status
    return capsys.readouterr().out


def test_everything_asked_for_is_said(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wishes = ("--why-not", "arden/policing earlier", "--why-not", "exit by 2030-06")
    said = told(capsys, str(worked), *wishes, "--binding", "--package", "arden/policing")
    for part in ("Why not earlier:", "What must be true for the dates", "What more of each number would bring:"):
        assert part in said
    assert "“exit by 2030-06” cannot be had." in said
    assert "“arden/policing earlier”" in said
    assert said.count("cannot pass before") == 1


def test_dates_asked_about_are_answered_with_all_others_free_to_move(
    worked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = json.loads(told(capsys, str(worked), "--json"))["proven_earlier"]
    assert [(why["wish"], why["tier"], why["proven"]) for why in last] == [
        ("arden/clinics earlier", "could, but", True)
    ]
    arguments = ("--package", "arden/policing", "--package", "belmont/policing")
    both = json.loads(told(capsys, str(worked), "--json", *arguments))["proven_earlier"]
    assert [(why["wish"], why["tier"]) for why in both] == [
        ("arden/policing earlier", "cannot"),
        ("belmont/policing earlier", "cannot"),
    ]
    said = told(capsys, str(worked), *arguments)
    assert said.count("That no plan has it is proven.") == 2
    assert "What would have to change" not in said


def test_whether_scores_move_the_plan_is_proven_where_asked(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "(proven)." not in told(capsys, str(worked))
    said = told(capsys, str(worked), "--deciders", "2")
    assert "With 45 the best plan is worse (proven)." in said
    assert said.count("(proven).") >= 2
    rows = json.loads(told(capsys, str(worked), "--json", "--deciders", "1"))["deciders"]
    assert [row["low_moves"] for row in rows] == ["worse", ""]


def test_french_says_as_much_as_english(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        json.loads(told(capsys, str(worked), "--json", "--language", language, "--why-not", "exit by 2030-06"))
        for language in ("en", "fr")
    ]
    for english, french in zip(answers[0]["earlier"], answers[1]["earlier"], strict=True):
        assert english["stretches"] == french["stretches"]
        assert english["sentences"] != french["sentences"]
    assert len(answers[0]["conditions"]) == len(answers[1]["conditions"])
    assert answers[1]["why"][0]["sentences"][0] == "« exit by 2030-06 » est impossible."


def test_the_keys_of_the_json_are_stable(worked: Path, top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(told(capsys, str(worked), "--json", "--why-not", "arden/policing earlier"))
    assert set(answer) == KEYS
    assert answer["repairs"] is answer["binding"] is None
    (why,) = answer["why"]
    assert set(why) == {
        "wish", "tier", "proven", "prices", "moved", "timetable", "conflicts", "possible", "compatible", "sentences",
    }  # fmt: skip
    for name in ("possible", "compatible"):
        assert set(why[name]) == {"found", "complete", "sentences"}
        assert why[name]["found"][0]["changes"][0]["address"] == "readiness.arden/policing.capability"
    folder = top / "instances" / "infeasible" / "gate-without-key"
    answer = json.loads(told(capsys, str(folder), "--json", status=4))
    assert set(answer) == KEYS
    (conflict,) = answer["conflicts"]
    assert conflict["sure"]
    assert conflict["confirmed"]
    assert {part["rule"] for part in conflict["parts"]} == {"W5", "W6", "W9", "L4"}
    assert all(part["rows"] for part in conflict["parts"])
    assert [group["sentence"] for group in conflict["groups"]] == [
        line.removeprefix("- ") for line in conflict["sentences"] if line.startswith("- ")
    ]
    gate = next(group for group in conflict["groups"] if group["kind"] == "gate")
    assert (gate["rules"], gate["levers"]) == (["L4"], ["gates.services.transfer"])
    clinics = next(group for group in conflict["groups"] if "W5" in group["rules"] or "W6" in group["rules"])
    assert clinics["place"] in {"arden", "belmont"}
    assert (clinics["kind"], clinics["resource"]) == ("window", None)
    assert answer["repairs"]["found"]


def test_files_are_written_and_never_over_others(worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "why"
    arguments = ["explain", str(worked), "--quiet", "--out", str(out), "--binding"]
    assert main(arguments) == 0
    assert {path.name for path in out.iterdir()} == {
        "explanation.json", "conditions.csv", "conditions.html", "deciders.csv", "binding.csv",
    }  # fmt: skip
    assert len(pd.read_csv(out / "conditions.csv")) == len(
        json.loads((out / "explanation.json").read_text())["conditions"]
    )
    (out / "conditions.csv").write_text("mine", encoding="utf-8")
    assert main(arguments) == 2
    assert (out / "conditions.csv").read_text(encoding="utf-8") == "mine"
    assert main([*arguments, "--overwrite"]) == 0
    assert (out / "conditions.csv").read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--why-not", "ardn/policing earlier"], "nearest: arden/policing"),
        (["--why-not", "tomorrow"], "is not understood"),
        (["--package", "nowhere/nothing"], "there is no package"),
        (["--cost", "months"], "--cost needs WHAT=N"),
    ],
)
def test_what_cannot_be_understood_is_said(
    worked: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["explain", str(worked), "--quiet", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_wishes_are_read_before_anything_is_searched(worked: Path) -> None:
    outcome = solve(read(worked), haste=False)
    with pytest.raises(UsageError, match="is not understood"):
        explain(outcome, ["arden/policing earlier", "tomorrow"])


def test_an_answer_without_plan_or_proof_says_what_is_known_to_work(worked: Path) -> None:
    found = solve(read(worked), haste=False)
    explained = explain(dataclasses.replace(found, status=Status.UNKNOWN, choices=None, uses=None))
    assert (explained.conflicts, explained.local, explained.why) == ((), (), ())
    assert explained.repairs is not None
    assert [repair.changes for repair in explained.repairs.found] == [()]


def test_repairs_say_whether_they_are_needed(top: Path) -> None:
    instance = read(top / "instances" / "infeasible" / "chain-too-long")
    found, book = repairs(instance), Phrasebook.of("en")
    doubt = book.say("repairs.unproven")
    assert doubt not in repairs_lines(found, instance, book)
    assert next(iter(repairs_lines(found, instance, book, is_proven=False))) == doubt


def test_costs_decide_which_repair_comes_first(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(top / "instances" / "infeasible" / "gate-without-key")
    firsts = set()
    for cost in ("packages.arden/clinics.latest=50", "packages.belmont/customs.earliest=50"):
        answer = json.loads(told(capsys, folder, "--json", "--cost", cost, status=4))
        firsts.add(json.dumps(answer["repairs"]["found"][0]["changes"]))
    assert len(firsts) == 2


def test_a_conflict_about_a_pool_names_it_with_its_months_and_numbers(
    top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = top / "instances" / "infeasible" / "fixed-dates-clash"
    (conflict, *_) = json.loads(told(capsys, str(folder), "--json", status=4))["conflicts"]
    (pool,) = [group for group in conflict["groups"] if group["kind"] == "supply"]
    assert (pool["resource"], pool["months"]) == ("handovers", [["2030-06", "2030-06"]])
    assert "capacity.handovers@2030-01.." in pool["levers"]


def test_what_a_wish_adds_to_a_conflict_is_a_wish(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (why,) = json.loads(told(capsys, str(worked), "--json", "--why-not", "arden/policing earlier"))["why"]
    (wish,) = [group for group in why["conflicts"][0]["groups"] if group["kind"] == "wish"]
    assert (wish["place"], wish["levers"]) == ("arden", [])
