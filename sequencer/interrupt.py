"""Ctrl-C as a request: while it is listened for, it sets a flag instead of tearing the program out of its work."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 2.0  # seconds in which a search usually ends when asked to


@contextmanager
def listening() -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets; one more, seconds later, raises ``KeyboardInterrupt``.

    Signals that follow at once are taken for the same one: some callers send it to a process and to its group.

    SIGTERM is heard the same way where the program has given it a handler. Outside the main thread, where Python
    hears no signals, the event is just never set.
    """
    stop = threading.Event()
    heard_at = 0.0

    def hear(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        nonlocal heard_at
        if not stop.is_set():
            heard_at = time.monotonic()
            stop.set()
        elif time.monotonic() - heard_at > PATIENCE:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    heard = {number: handler for number, handler in before.items() if callable(handler)}
    for number in heard:
        signal.signal(number, hear)
    try:
        yield stop
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
