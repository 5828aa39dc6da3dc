"""The program as a process of its own: signals, and readers that go away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sequencer.cli import main


def start(arguments: list[str]) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    command = [sys.executable, "-m", "sequencer", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_writes_the_best_plan_so_far(timor: Path, tmp_path: Path, number: int) -> None:
    """The last level of this instance takes seconds on one worker; the signal arrives when it has found a plan."""
    out = tmp_path / "plan"
    with start(["solve", str(timor), "--out", str(out), "--workers", "1", "--seconds", "500"]) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if "early_transfer: best plan" in line)
        os.kill(process.pid, number)
        printed, _ = process.communicate(timeout=120)
    answer = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    assert process.returncode == 130
    assert answer["interrupted"] or answer["status"] == "OPTIMAL"  # the proof may have come first
    assert len(answer["timetable"]) == 20
    assert "What holds each package" in printed
    assert main(["check", str(timor), str(out / "timetable.csv")]) == 0


@pytest.mark.parametrize("command", ["levers", "solve"])
def test_a_reader_that_goes_away_is_no_error(timor: Path, command: str) -> None:
    fast = ["--objective", "exit", "--no-haste"] if command == "solve" else []
    with start([command, str(timor), *fast]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 0
