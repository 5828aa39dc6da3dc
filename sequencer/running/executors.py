"""Executors by name: processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sequencer.errors import UsageError

PROCESSES, DASK = "processes", "dask://"
SECONDS = 10  # in which a scheduler must answer


@contextmanager
def executor(name: str) -> Iterator[Executor | None]:
    """Give an executor while it is entered; None, for processes made when they are needed.

    Parameters
    ----------
    name : str
        ``processes``, or ``dask://HOST:PORT`` of a scheduler. What is sent there is pickled, as Dask does: only a
        cluster that is trusted may be named.

    Raises
    ------
    UsageError
        If there is no such executor, Dask is not installed, or the scheduler does not answer.
    """
    if name == PROCESSES:
        yield None
        return
    if not name.startswith(DASK):
        raise UsageError(f"an executor is {PROCESSES} or {DASK}HOST:PORT, not {name!r}")
    try:
        connect: Any = import_module("distributed").Client  # optional, and without types
    except ImportError:
        raise UsageError("a Dask cluster needs distributed: pip install 'sequencer[dask]'") from None
    try:
        client = connect(f"tcp://{name.removeprefix(DASK)}", timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {name}: {error}") from None
    try:
        yield client.get_executor(retries=2, pure=False)
    finally:
        client.close()
