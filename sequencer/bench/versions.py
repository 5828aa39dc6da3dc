"""What figures were measured with."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PARTS = ("sequencer", "ortools", "highspy", "pulp", "numpy", "numba", "pyjobshop")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Versions:
    """The program, its parts and the machine.

    Attributes
    ----------
    commit : str
        Short name of the commit, with ``+`` where files of the program differ from it; ``unknown`` outside a
        repository.
    parts : str
        Versions of the program and of what it solves with.
    python, machine : str
        The machine's processor, number of cores and memory.
    """

    commit: str
    parts: str
    python: str
    machine: str

    @classmethod
    def here(cls) -> Versions:
        """Return those of this process."""
        return cls(_commit(), ";".join(_parts()), platform.python_version(), _machine())


def _parts() -> list[str]:
    found = []
    for part in PARTS:
        try:
            found.append(f"{part} {version(part)}")
        except PackageNotFoundError:
            continue  # an optional part that is not there
    return found


def _commit() -> str:
    top = Path(__file__).parent.parent
    head = _git(top, "rev-parse", "--short", "HEAD")
    if head is None:
        return UNKNOWN
    return head + ("+" if _git(top, "status", "--porcelain", "--", ".") else "")


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git says, or None where there is no git or no repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = f" {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**30} GiB"
    except (ValueError, OSError, AttributeError):
        memory = ""
    return f"{platform.machine()} {cores} cores{memory}"
