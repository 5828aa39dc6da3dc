"""Many tasks on an executor: each result is heard as it comes, and what a worker loses is asked again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, TypeVar

from sequencer.engine.run import Stoppable

T = TypeVar("T")
R = TypeVar("R")

PAUSE = 0.2  # seconds between two looks at whether to stop
ATTEMPTS = 3  # of a task whose worker is lost each time


@dataclass(frozen=True, slots=True)
class Lost:
    """A task that took its worker down each time; ``number``: its position."""

    number: int
    attempts: int


@dataclass
class Many(Generic[T, R]):
    """Does tasks wherever there is room, until all are done or it is to stop; while entered, processes are kept.

    Attributes
    ----------
    work : callable
        What is done with a task, in another process: both must be picklable.
    stop : Stoppable
        What is under way is then given up.
    executor : Executor or None
        What does the work; None: a pool of processes made for it, and anew where one breaks.
    workers : int
        Processes of that pool; 0: one for each core.
    """

    work: Callable[[T], R]
    stop: Stoppable
    executor: Executor | None = None
    workers: int = 0
    _pool: ProcessPoolExecutor | None = field(init=False, default=None)
    _others: set[int | None] = field(init=False, default_factory=set)
    _under_way: dict[Future[R], int] = field(init=False, default_factory=dict)

    def __enter__(self) -> Many[T, R]:
        """Begin: processes are made when they are needed."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the processes made."""
        self._end()

    def run(self, tasks: Iterable[T], hear: Callable[[int, R], None]) -> tuple[Lost, ...]:
        """Do all tasks; return those that were lost.

        Parameters
        ----------
        tasks : iterable
        hear : callable
            Told of each task done, by its position, with the result; in no order.

        Raises
        ------
        Exception
            What a task raises, once: what is done by then has been heard.
        BrokenExecutor
            If an executor that was given is broken for good.
        """
        self._tasks, self._hear = list(tasks), hear
        self._attempts = [0] * len(self._tasks)
        self._waiting = deque(range(len(self._tasks)))
        self._under_way.clear()
        lost: list[Lost] = []
        try:
            while (self._waiting or self._under_way) and not self.stop.is_set():
                self._submit()
                done, _ = wait(self._under_way, timeout=PAUSE, return_when=FIRST_COMPLETED)
                lost += self._heard(done)
        finally:
            if self._under_way:
                self._end()
        return tuple(lost)

    def _submit(self) -> None:
        """Let as much be under way as there is room for; what may have broken a pool goes alone."""
        while self._waiting:
            suspect = self.executor is None and self._attempts[self._waiting[0]] > 0
            if len(self._under_way) >= (1 if suspect else self._room()):
                return
            number = self._waiting.popleft()
            self._under_way[self._ready().submit(self.work, self._tasks[number])] = number

    def _room(self) -> int:
        if self.executor is not None:
            return len(self._tasks)
        alone = any(self._attempts[number] > 0 for number in self._under_way.values())
        return 1 if alone else self.workers or os.cpu_count() or 1

    def _ready(self) -> Executor:
        """Return the executor given, or a pool that is not broken."""
        if self.executor is not None:
            return self.executor
        if self._pool is None:
            self._others = {child.pid for child in multiprocessing.active_children()}
            context = multiprocessing.get_context("spawn")  # a fork of threads would hang
            self._pool = ProcessPoolExecutor(self.workers or None, mp_context=context, initializer=_deaf)
        return self._pool

    def _heard(self, done: Iterable[Future[R]]) -> list[Lost]:
        """Hear of results; ask again for what was lost, first of all, and return what was lost too often."""
        lost, again = [], []
        for future in done:
            number = self._under_way.pop(future)
            try:
                result = future.result()
            except (BrokenExecutor, CancelledError):
                self._attempts[number] += 1
                again.append(number)
                continue
            self._hear(number, result)
        if again and self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            again += self._under_way.values()
            self._under_way.clear()
            self._pool = None
        for number in sorted(set(again), reverse=True):
            if self._attempts[number] < ATTEMPTS:
                self._waiting.appendleft(number)
            else:
                lost.append(Lost(number, self._attempts[number]))
        return lost

    def _end(self) -> None:
        """Give up what is under way."""
        for future in self._under_way:
            future.cancel()
        if self._pool is not None:
            if self._under_way:  # what nobody waits for any more is not waited for
                for child in multiprocessing.active_children():
                    if child.pid not in self._others:
                        child.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _deaf() -> None:
    """Leave Ctrl-C to the process that began it all, and end with it: an orphan would go on for nobody."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # whatever runs here runs in a solver's threads, which hear nothing else
