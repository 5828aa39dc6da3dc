"""What differs between two timetables or instances, and what is said of each changed number, is so."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from random import Random

import pytest
from editing import edit
from strategies import draw_instance
from valued import SMALL, plans

from sequencer import Instance, Limits, UsageError, check, read, solve
from sequencer.cli import main
from sequencer.instance.contradictions import contradictions
from sequencer.instance.levers import addresses
from sequencer.sensitivity import difference
from sequencer.timetable import Choice, Choices

TEAMS = "capacity.mentor_team.pool@2030-01.."
ALONE = ("breaks", "restores", "allows", "forbids")
LIMITS = Limits(seconds=30, workers=1, deterministic=True)


def best(instance: Instance) -> Choices | None:
    return solve(instance, limits=LIMITS, engine="cpsat", haste=False).choices


def solved(instance: Instance) -> tuple[Instance, Choices]:
    choices = best(instance)
    assert choices is not None
    return instance, choices


def test_the_number_behind_a_better_plan_is_named(worked: Path) -> None:
    instance = read(worked)
    more = instance.but({TEAMS: 2, "packages.arden/clinics.holding_cost": 3})
    found = difference(solved(instance), solved(more))
    assert found.packages.to_dict("records") == [
        {
            "package": "arden/clinics",
            "before": "2030-10",
            "after": "2030-08",
            "months_later": -2,
            "option_before": "none",
            "option_after": "none",
        }
    ]
    assert found.responsible == (TEAMS,)
    said = {row["address"]: [row[each] for each in ALONE] for row in found.inputs.to_dict("records")}
    assert said == {
        TEAMS: [False, None, True, True],
        "packages.arden/clinics.holding_cost": [False, None, False, False],
    }
    assert (found.broken, found.open, found.rows) == (False, False, ())
    august = found.supplies.set_index("bucket").loc["2030-08"]
    assert (august["need_before"], august["need_after"], august["capacity_after"]) == (1, 2, 2)
    back = difference(solved(more), solved(instance))
    assert (back.broken, back.responsible) == (True, (TEAMS,))


def test_nothing_differs_from_itself(worked: Path) -> None:
    side = solved(read(worked))
    found = difference(side, side)
    assert found.packages.empty
    assert found.supplies.empty
    assert found.funding.empty
    assert found.inputs.empty
    assert (found.broken, found.open) == (False, True)


def test_what_others_make_up_for_is_not_called_responsible(worked: Path) -> None:
    """With twice the needs alone the timetable would break; with twice the teams it is a plan all the same."""
    instance = read(worked)
    needs = [address for address in addresses(instance) if address.startswith("needs.")]
    more = instance.but({TEAMS: 2, **dict.fromkeys(needs, 2)})
    side = solved(instance)
    found = difference(side, (more, side[1]))
    assert found.inputs["breaks"].tolist().count(True) > 0
    assert (found.broken, found.responsible) == (False, ())


def test_what_is_no_number_is_told_apart(worked: Path, top: Path, tmp_path: Path) -> None:
    side = solved(read(top / "instances" / "tiny" / "window-phase"))
    shutil.copytree(top / "instances" / "tiny" / "window-phase", tmp_path / "other")
    rows = (tmp_path / "other" / "phases.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("phase,")
    changed = dataclasses.replace(side[0].phases[0], admits=frozenset({"nothing"}))
    other = dataclasses.replace(side[0], phases=(changed, *side[0].phases[1:]))
    third = solved(read(worked))
    assert difference(third, third).others == ()
    choices = best(other)
    assert choices is not None
    found = difference(side, (other, choices))
    assert found.inputs.empty
    assert found.others == (f"{changed.origin.place}: admits",)


def test_months_are_those_of_the_calendar(worked: Path, tmp_path: Path) -> None:
    """A plan that begins two months earlier has the same dates, though its months are counted otherwise."""
    side = solved(read(worked))
    shutil.copytree(worked, tmp_path / "earlier")
    edit(tmp_path / "earlier" / "plan.toml", 'first_month = "2030-01"', 'first_month = "2029-11"')
    edit(tmp_path / "earlier" / "plan.toml", "months = 14", "months = 16")
    earlier = read(tmp_path / "earlier")
    moved = {name: Choice(choice.option, choice.transfer + 2) for name, choice in side[1].items()}
    found = difference(side, (earlier, moved))
    assert found.packages.empty
    assert found.broken is False


def test_money_is_told_by_year_and_line(top: Path) -> None:
    bridge = read(top / "instances" / "tiny" / "bridge-taper")
    less = bridge.but({"pledge.north@FY2030..FY2031": 6})
    found = difference(solved(bridge), solved(less))
    assert {"fiscal_year", "source", "amount_before", "amount_after"} <= {*found.funding.columns}
    assert found.funding["source"].tolist().count("north") == 2
    assert found.responsible == ("pledge.north@FY2030..FY2031",)


def test_of_each_number_what_is_said_is_so() -> None:
    said = 0
    for seed in range(40):
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        levers = [a for a, lever in addresses(instance).items() if lever.value is not None]
        if contradictions(instance) or not 0 < len(plans(instance)) <= SMALL:
            continue
        changes = {address: random.choice(["-1", "+1"]) for address in random.sample(levers, 2)}
        try:
            changed = instance.but(changes)
        except UsageError:
            continue
        first, second = best(instance), best(changed)
        if first is None or second is None:
            continue
        found = difference((instance, first), (changed, second))
        assert found.broken is bool(check(changed, first))
        assert found.open is (not check(instance, second))
        for row in found.inputs.to_dict("records"):
            address = str(row["address"])
            if address not in changes:  # turned along with another
                continue
            try:
                alone, undone = instance.but({address: changes[address]}), changed.but({address: f"={row['before']}"})
            except UsageError:
                continue
            assert row["breaks"] is bool(check(alone, first))
            assert row["forbids"] is bool(check(undone, second))
            assert row["allows"] is (None if found.open else not check(alone, second))
            assert row["restores"] is (not check(undone, first) if found.broken else None)
            said += 1
    assert said > 10


def test_a_timetable_that_is_no_plan_of_its_own_is_refused(worked: Path) -> None:
    instance, choices = solved(read(worked))
    wrong = {**choices, "arden/clinics": Choice("none", 7)}
    with pytest.raises(UsageError, match="second timetable breaks"):
        difference((instance, choices), (instance, wrong))


def test_the_command_says_what_moved_and_why(worked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(worked, tmp_path / "more")
    edit(tmp_path / "more" / "capacity.csv", ",1\n", ",2\n")
    for folder, out in ((worked, "first"), (tmp_path / "more", "second")):
        assert main(["solve", str(folder), "--out", str(tmp_path / out), "--quiet", "--no-haste"]) == 0
    capsys.readouterr()
    asked = [
        "compare",
        str(worked),
        str(tmp_path / "first"),
        str(tmp_path / "second"),
        "--after",
        str(tmp_path / "more"),
    ]
    assert main([*asked, "--out", str(tmp_path / "moved.csv")]) == 0
    assert f"Responsible alone: {TEAMS}" in capsys.readouterr().out
    assert "arden/clinics,2030-10,2030-08,-2" in (tmp_path / "moved.csv").read_text(encoding="utf-8")
    assert main([*asked, "--out", str(tmp_path / "moved.csv")]) == 2
    capsys.readouterr()
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["responsible"], told["open"]) == ([TEAMS], False)
