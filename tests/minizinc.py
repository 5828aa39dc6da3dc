"""Asks MiniZinc and Gecode about an instance: which plans ``models/handover.mzn`` admits, and which values are best."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from minizinc_data import TERMS, OutOfRangeError, data, question, text
from minizinc_words import Data, option_name
from oracles import Plan

from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.problem import Cell
from sequencer.timetable import Uses

MODEL = Path(__file__).parent.parent / "models" / "handover.mzn"
SECONDS = 120.0  # of one search; more is an error

#: Warnings that do not touch an answer; any other, such as that something is undefined, is an error.
HARMLESS = ("overrides a global constraint file", "model inconsistency detected")


@dataclass(frozen=True)
class Found:
    """A plan that MiniZinc found: the cell of each package, what each line pays, and the value of every term."""

    plan: Plan
    uses: Uses
    values: Mapping[str, int]


def present() -> bool:
    """Return whether MiniZinc can be called."""
    return shutil.which("minizinc") is not None


def admitted(instance: Instance) -> set[Plan]:
    """Return every timetable that the model admits."""
    plans = [found.plan for found in _answers(instance, question(every_plan=True))]
    assert len(plans) == len(set(plans)), "the model finds a plan twice"
    return set(plans)


def lexicographic(instance: Instance, goals: Sequence[tuple[str, int]]) -> tuple[Status, list[int]]:
    """Return whether there is a plan, and the best value of each level: term and tolerance."""
    found = levels(instance, goals)
    values = [plan.values[term] for plan, (term, _) in zip(found, goals, strict=bool(found))]
    return (Status.OPTIMAL if found else Status.INFEASIBLE), values


def levels(instance: Instance, goals: Sequence[tuple[str, int]]) -> list[Found]:
    """Return a best plan of each level, found under the caps of those before; none if there is no plan."""
    caps: dict[str, int] = {}
    best: list[Found] = []
    for term, tolerance in goals:
        found = list(_answers(instance, question(term, caps)))
        if not found:
            assert not best, "a plan that was found before is lost"
            return []
        best.append(found[-1])
        assert all(found[-1].values[earlier] <= cap for earlier, cap in caps.items())
        value = found[-1].values[term] + tolerance
        caps[term] = min(value, caps.get(term, value))
    return best


def _answers(instance: Instance, asked: Data) -> Iterator[Found]:
    """Yield the plans found in one search, the best last; the search has ended with a proof."""
    told = data(instance)
    cells = {
        option_name(option): k
        for package in instance.packages
        for k, option in enumerate(instance.options_of[package.name])
    }
    for answer in _search(told, asked):
        paid = dict(zip(told["LINE"], answer["paid"], strict=True))
        yield Found(
            tuple(
                Cell(cells[option["e"]], month)
                for option, month in zip(answer["option"], answer["transfer_month"], strict=True)
            ),
            {line: tuple(paid[f"line:{line}"]) for line in instance.money_lines},
            dict(zip(TERMS, answer["value"], strict=True)),
        )


def _definitions(asked: Data) -> str:
    """Return what is asked in MiniZinc's own syntax: a cap of risk may be larger than numbers in its JSON can be."""
    caps = ", ".join("{" + ", ".join(map(str, cap["set"])) + "}" for cap in asked["at_most"])
    return f"minimise = {asked['minimise']}; at_most = [{caps}]; every_plan = {json.dumps(asked['every_plan'])};"


def _search(told: Data, asked: Data) -> list[dict[str, Any]]:
    """Return what MiniZinc prints of each plan it finds.

    Raises
    ------
    OutOfRangeError
        If a number is too large for the solver.
    RuntimeError
        If the search does not end with a proof in time, or MiniZinc complains.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        file.write_text(text(told), encoding="utf-8")
        options = ["--solver", "gecode", "-a", "--json-stream", "--output-mode", "json"]
        command = [
            "minizinc",
            *options,
            "--time-limit",
            str(int(SECONDS * 1000)),
            "-D",
            _definitions(asked),
            str(MODEL),
            str(file),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 60, check=False)  # noqa: S603
    solutions, status = [], ""
    for message in (json.loads(line) for line in ran.stdout.splitlines() if line):
        match message["type"]:
            case "solution":
                solutions.append(message["output"]["json"])
            case "status":
                status = message["status"]
            case "error" if "out of range" in message["message"]:
                raise OutOfRangeError(message["message"])
            case "warning" if any(known in message["message"] for known in HARMLESS):
                pass
            case _:
                raise RuntimeError(f"MiniZinc: {message}")
    if ran.returncode or status != ("OPTIMAL_SOLUTION" if solutions else "UNSATISFIABLE"):
        raise RuntimeError(f"MiniZinc ended with {status!r} after {len(solutions)} plans: {ran.stderr}")
    return solutions
