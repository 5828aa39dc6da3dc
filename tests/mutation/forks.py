"""Work done in forked processes, watched while it talks, and ended when it falls silent."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")

#: What a process tells its parent, one line at a time.
Message: TypeAlias = Mapping[str, object]
Tell: TypeAlias = Callable[[Message], None]
Work: TypeAlias = Callable[[Tell], None]


class WorkError(Exception):
    """The work of a process raised; the message is its traceback."""


@dataclass
class Done(Generic[T]):
    """What a process told, how long it took, and how it ended: by itself, in silence, or of a crash with a status."""

    task: T
    messages: list[Message]
    seconds: float
    silent: bool
    crashed: int | None


@dataclass
class _Running(Generic[T]):
    task: T
    pid: int
    began: float
    deadline: float
    rest: bytes = b""
    messages: list[Message] = field(default_factory=list)


def each(
    tasks: Iterable[tuple[T, Work]], jobs: int, patience: Callable[[T, Message | None], float]
) -> Iterator[Done[T]]:
    """Yield what became of each task as they end.

    Parameters
    ----------
    tasks : iterable of (T, Work)
        The work is done in a fork of this process.
    jobs : int
        How many at once.
    patience : callable
        Seconds to wait for the next message of a task after one (None: for its first).

    Raises
    ------
    WorkError
        If the work itself raises.
    """
    waiting, selector = iter(tasks), selectors.DefaultSelector()
    try:
        while True:
            while len(selector.get_map()) < jobs and (following := next(waiting, None)) is not None:
                task, work = following
                pid, pipe = _fork(work)
                now = time.monotonic()
                selector.register(pipe, selectors.EVENT_READ, _Running(task, pid, now, now + patience(task, None)))
            if not selector.get_map():
                return
            yield from _ended(selector, patience)
    finally:
        for key in list(selector.get_map().values()):
            _end(selector, key)


def _ended(selector: selectors.BaseSelector, patience: Callable[[T, Message | None], float]) -> Iterator[Done[T]]:
    """Listen until something is said or someone has been silent for too long; yield those that ended."""
    now = time.monotonic()
    nearest = min(key.data.deadline for key in selector.get_map().values())
    for key, _ in selector.select(max(0.0, nearest - now)):
        running: _Running[T] = key.data
        heard = os.read(key.fd, 1 << 16)
        *lines, running.rest = (running.rest + heard).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "failure" in message:
                raise WorkError(message["failure"])
            running.messages.append(message)
            running.deadline = time.monotonic() + patience(running.task, message)
        if not heard:
            status = _end(selector, key)
            complete = bool(running.messages) and "end" in running.messages[-1]
            took = time.monotonic() - running.began
            yield Done(running.task, running.messages, took, silent=False, crashed=None if complete else status)
    for key in list(selector.get_map().values()):
        if key.data.deadline < time.monotonic():
            _end(selector, key)
            took = time.monotonic() - key.data.began
            yield Done(key.data.task, key.data.messages, took, silent=True, crashed=None)


def _fork(work: Work) -> tuple[int, int]:
    """Begin work in a process group of its own; return its id and where to hear of it."""
    hear, speak = os.pipe()
    pid = os.fork()
    if pid:
        os.close(speak)
        return pid, hear
    try:
        os.setsid()
        os.close(hear)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        pipe = os.fdopen(speak, "w", encoding="utf-8", buffering=1)

        def tell(message: Message) -> None:
            pipe.write(json.dumps(message) + "\n")
            pipe.flush()

        try:
            work(tell)
            tell({"end": True})
        except BaseException:  # told to the parent, which raises it
            tell({"failure": traceback.format_exc()})
    finally:
        os._exit(0)


def _end(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> int:
    """End a process and all it began, if they have not ended already; return its exit status."""
    selector.unregister(key.fileobj)
    os.close(key.fd)
    with contextlib.suppress(ProcessLookupError):  # it has ended, and nobody is left of its group
        os.killpg(key.data.pid, signal.SIGKILL)
    return os.waitpid(key.data.pid, 0)[1]
