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

from minizinc_data import TERMS, Data, OutOfRangeError, data, option_name, question, text
from oracles import Plan

from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.problem import Cell

MODEL = Path(__file__).parent.parent / "models" / "handover.mzn"
SECONDS = 60.0  # of one search; more is an error

#: Warnings that do not touch an answer; any other, such as that something is undefined, is an error.
HARMLESS = ("overrides a global constraint file", "model inconsistency detected")


@dataclass(frozen=True)
class Found:
    """A plan that MiniZinc found: the cell of each package, and the value of every term."""

    plan: Plan
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
    caps: dict[str, int] = {}
    values: list[int] = []
    for term, tolerance in goals:
        found = list(_answers(instance, question(term, caps)))
        if not found:
            assert not values, "a plan that was found before is lost"
            return Status.INFEASIBLE, []
        value = found[-1].values[term]
        assert all(found[-1].values[earlier] <= cap for earlier, cap in caps.items())
        values.append(value)
        caps[term] = min(value + tolerance, caps.get(term, value + tolerance))
    return Status.OPTIMAL, values


def _answers(instance: Instance, asked: Data) -> Iterator[Found]:
    """Yield the plans found in one search, the best last; the search has ended with a proof."""
    cells = {
        option_name(option): k
        for package in instance.packages
        for k, option in enumerate(instance.options_of[package.name])
    }
    for told in _search({**data(instance), **asked}):
        options, months = (told["option"], told["transfer_month"])
        yield Found(
            tuple(Cell(cells[name["e"]], month) for name, month in zip(options, months, strict=True)),
            dict(zip(TERMS, told["value"], strict=True)),
        )


def _search(told: Data) -> list[dict[str, Any]]:
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
        command = ["minizinc", *options, "--time-limit", str(int(SECONDS * 1000)), str(MODEL), str(file)]
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
