"""What numba compiles: when a kernel is called first, for some seconds, unless an earlier process has kept the code.

Code is kept beside the module, or in the user's cache where that folder cannot be written (``NUMBA_CACHE_DIR`` names
another). Where nothing can be kept kernels are compiled in every process, which is told each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.core import event
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])

#: What is told once in a process that has to compile.
ONCE = "the engine is being compiled for this machine, once after installing: some seconds, beside any limit"
EACH = "the engine is being compiled: some seconds each time, until NUMBA_CACHE_DIR names a folder to keep it in"

_log = logging.getLogger(__name__)


def kernel(function: F) -> F:
    """Compile a function that Python calls."""
    return _compiled(function)


def part(function: F) -> F:
    """Compile a function that compiled ones alone call; what lets Python call it would take as long again."""
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compiled(function: F, **flags: bool) -> F:
    compiler: Any = njit  # whose types do not know all of its flags
    try:
        told: F = compiler(cache=True, nogil=True, **flags)(function)
    except RuntimeError:  # numba finds no folder that can be written
        _listener.kept = False
        told = compiler(nogil=True, **flags)(function)
    return told


class _Listener(event.Listener):
    """Hears of each compilation; code that was kept is loaded without one."""

    def __init__(self) -> None:
        self.kept = True
        self._told = False

    def on_start(self, event: object) -> None:  # noqa: ARG002 - numba's signature
        """Say so the first time that a function is being compiled."""
        if not self._told:
            self._told = True
            _log.info(ONCE if self.kept else EACH)

    def on_end(self, event: object) -> None:
        """Hear that it is done."""


_listener = _Listener()
event.register("numba:compile", _listener)  # type: ignore[no-untyped-call]


@part
def copy(source: NDArray[Any], out: NDArray[Any]) -> None:
    """Copy an array onto one as long: compiled sooner than numpy's way, which could be of another shape."""
    for i in range(len(source)):
        out[i] = source[i]
