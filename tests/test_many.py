"""Many tasks: each is done once, whatever workers go through; what kills every worker is told; nothing done is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from sequencer.engine.run import Until
from sequencer.running.many import ATTEMPTS, Lost, Many

NEVER = threading.Event()


def doubled(number: int) -> int:
    return 2 * number


def done_unless_killed(folder: Path, kills: int, number: int) -> int:
    """Kill the process so many times where the number is 3; each try leaves a file."""
    tries = len(list(folder.glob(f"{number}-*")))
    (folder / f"{number}-{tries}").touch()
    if number == 3 and tries < kills:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def wrong(number: int) -> int:
    if number == 2:
        raise ValueError("two")
    return number


def slow(number: int) -> int:
    time.sleep(0.01 if number < 2 else 600)
    return number


def done(
    work: Callable[[int], int], count: int, *, executor: Executor | None = None, workers: int = 2
) -> tuple[dict[int, int], tuple[Lost, ...]]:
    heard: dict[int, int] = {}

    def hear(number: int, result: int) -> None:
        assert number not in heard
        heard[number] = result

    with Many(work, NEVER, executor, workers) as many:
        return heard, many.run(range(count), hear)


@pytest.mark.parametrize("workers", [1, 2])
def test_all_are_done_once(workers: int) -> None:
    heard, lost = done(doubled, 7, workers=workers)
    assert heard == {number: 2 * number for number in range(7)}
    assert not lost


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(3) as executor:
        heard, _ = done(doubled, 20, executor=executor)
        assert executor.submit(doubled, 1).result() == 2  # it is left as it was
    assert heard == {number: 2 * number for number in range(20)}


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    heard, lost = done(partial(done_unless_killed, tmp_path, 1), 6)
    assert heard == {number: 2 * number for number in range(6)}
    assert not lost


def test_a_task_that_kills_every_worker_is_told_and_the_others_are_done(tmp_path: Path) -> None:
    heard, lost = done(partial(done_unless_killed, tmp_path, 100), 6)
    assert heard == {number: 2 * number for number in range(6) if number != 3}
    assert lost == (Lost(3, ATTEMPTS),)


def test_an_executor_that_is_broken_for_good_is_an_error(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1) as executor, pytest.raises(BrokenExecutor):
        done(partial(done_unless_killed, tmp_path, 1), 6, executor=executor)


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="two"):
        done(wrong, 4, workers=1)


def test_what_is_under_way_is_given_up_when_it_is_to_stop() -> None:
    heard: list[int] = []
    with Many(slow, Until(lambda: len(heard) == 2), workers=2) as many:
        many.run(range(4), lambda number, _: heard.append(number))
    assert sorted(heard) == [0, 1]


def whose(number: int) -> int:
    """Return the process that does it."""
    return number * 0 + os.getpid()


def test_processes_are_kept_from_one_call_to_the_next() -> None:
    """They take seconds to begin: each imports the program."""
    found = list[int]()
    with Many(whose, NEVER, workers=1) as many:
        for _ in range(3):
            many.run(range(2), lambda _, process: found.append(process))
    assert len(found) == 6
    assert len(set(found)) == 1


def told(folder: Path, number: int) -> int:
    """Say which process this is, and go on for longer than any test."""
    (folder / str(os.getpid())).touch()
    time.sleep(600)
    return number


def test_workers_end_with_the_process_that_began_them(tmp_path: Path) -> None:
    """However it ends: nobody would hear them any more."""
    script = (
        "import threading\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "from test_many import told\n"
        "from sequencer.running.many import Many\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "if __name__ == '__main__':\n"
        "    Many(partial(told, folder), threading.Event(), None, 2).run(range(2), print)\n"
    )
    begun = tmp_path / "begun" / "script.py"
    begun.parent.mkdir()
    begun.write_text(script, encoding="utf-8")
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    parent = subprocess.Popen([sys.executable, str(begun)], env={**os.environ, "PYTHONPATH": paths})  # noqa: S603 - ours
    until(lambda: len(list(tmp_path.iterdir())) == 3)
    workers = [int(path.name) for path in tmp_path.iterdir() if path.name.isdecimal()]
    parent.kill()
    parent.wait()
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def until(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)
