"""A Dask cluster does what one process does, also when a worker dies; a scheduler and two workers on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from here import Here

from sequencer import Limits, UsageError, read, sensitivity
from sequencer.running.executors import executor

pytest.importorskip("distributed")

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
TURNED: Any = {"capacity.mentor_team.pool": range(1, 7), "plan.months": range(24, 30)}
GIVEN: dict[str, Any] = {"limits": Limits(seconds=30, workers=1, deterministic=True), "engine": "cpsat"}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler, and its two workers."""
    told = tmp_path / "scheduler.json"
    with ExitStack() as ended:

        def begin(what: str, *arguments: str) -> subprocess.Popen[bytes]:
            log = ended.enter_context((tmp_path / f"{what}-{len(arguments)}.log").open("ab"))
            command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)  # noqa: S603 - our own words
            ended.callback(process.wait)
            ended.callback(process.kill)
            return process

        begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        until(told.exists)
        address = str(json.loads(told.read_text(encoding="utf-8"))["address"])
        apart = ["--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
        workers = [begin("worker", address, *apart, "--name", name) for name in ("first", "second")]
        yield address.replace("tcp://", "dask://"), workers


def until(happened: Any, seconds: float = 60.0) -> None:  # noqa: ANN401 - anything that answers
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_worker_that_dies_costs_nothing(cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path) -> None:
    """The same bytes as where one process does all, in whatever order they come."""
    name, workers = cluster
    alone, together = tmp_path / "alone", tmp_path / "together"
    sensitivity.sweep(read(EXAMPLE), TURNED, path=alone, executor=Here(), **GIVEN)

    done = list[int]()

    def kill() -> None:
        until(lambda: together.exists() and len(together.read_bytes().splitlines()) > 5)
        workers[0].kill()
        done.append(len(together.read_bytes().splitlines()) - 1)

    killer = threading.Thread(target=kill)
    killer.start()
    with executor(name) as dask:
        swept = sensitivity.sweep(read(EXAMPLE), TURNED, path=together, executor=dask, **GIVEN)
    killer.join()
    assert workers[0].poll() is not None
    assert workers[1].poll() is None
    assert done[0] < len(swept.runs)  # it was not over yet
    assert swept.complete
    assert sorted(together.read_bytes().splitlines()) == sorted(alone.read_bytes().splitlines())


def test_where_no_scheduler_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sequencer.running.executors.SECONDS", 1)
    with pytest.raises(UsageError, match="no Dask scheduler answers"), executor("dask://127.0.0.1:1"):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"sequencer\[dask\]"), executor("dask://127.0.0.1:1"):
        pass
