"""Ctrl-C as a request: while it is listened for, it sets a flag instead of tearing the program out of its work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def listening() -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets; a second one raises ``KeyboardInterrupt``.

    SIGTERM is heard the same way where the program has given it a handler. Outside the main thread, where Python
    hears no signals, the event is just never set.
    """
    stop = threading.Event()

    def hear(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

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
