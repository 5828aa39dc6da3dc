"""One run of pytest inside a forked process: some tests in an order of our own, told as they go."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import shutil
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from .forks import Tell

#: Imported before forking, so that no run has to: all that the tests need but the program itself.
WARM = ("numpy", "pandas", "rich.console", "rich.table", "ortools.sat.python.cp_model", "pulp", "highspy", "coverage")

MEMORY = 8 * 2**30  # bytes a run may take: a mistake may fill a list for ever
PROFILE = "planted"


def warm() -> None:
    """Import what every run needs, once."""
    for name in WARM:
        if find_spec(name.partition(".")[0]) is not None:
            importlib.import_module(name)
    # A mistake must fail, not be reduced to a small example, and no run may learn from the failures of another.
    settings.register_profile(PROFILE, database=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
    gc.collect()
    gc.freeze()


class Watch:
    """A plugin that picks the tests, and tells when each begins, how long it took and whether it failed."""

    def __init__(self, tell: Tell, wanted: Sequence[str] | None) -> None:
        self._tell = tell
        self._place = None if wanted is None else {test: i for i, test in enumerate(wanted)}
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that are wanted, in the order in which they are."""
        if self._place is not None:
            place = self._place
            items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell that a test begins."""
        self._tell({"begins": nodeid})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell how a test went."""
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self._tell({"failed": report.nodeid})
        elif report.when == "teardown":
            self._tell({"passed": report.nodeid, "seconds": self._seconds[report.nodeid]})

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell of a file that cannot even be imported."""
        if report.failed:
            self._tell({"failed": f"{report.nodeid} (import)"})


def run(root: Path, files: Sequence[str], plugins: Sequence[object], scratch: Path, unused: Sequence[str] = ()) -> int:
    """Run the tests of some files until the first fails; return the exit code of pytest.

    ``scratch`` is a folder for what the tests write, ``unused`` are tests to leave out.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests of Ctrl-C, also where this is a background job
    os.chdir(root)
    sys.path.insert(0, str(root))
    settings.load_profile(PROFILE)
    mine = scratch / str(os.getpid())
    options = [
        "-q",
        "-x",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-o",
        "addopts=",
        "-m",
        "not slow",
    ]
    options += [f"--deselect={test}" for test in unused]
    try:
        return int(pytest.main([*options, "--rootdir", str(root), "--basetemp", str(mine), *files], plugins))
    finally:
        shutil.rmtree(mine, ignore_errors=True)
