"""Which test runs which line of the program, recorded once before anything is planted."""

from __future__ import annotations

import functools
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import coverage
import pytest

from .forks import Message, Tell, Work, each
from .session import Watch, run

PATIENCE = 600.0  # seconds for one test, recorded


class TestsFailError(Exception):
    """A test fails with nothing planted, so that it cannot show anything."""

    __test__ = False  # no test, for all its name


@dataclass
class Reach:
    """What the tests run.

    Attributes
    ----------
    seconds : dict of str to float
        How long each test takes.
    lines : dict of str to dict of int to set of str
        The tests that run a line of a file.
    loading : dict of str to set of int
        The lines of a file that are run when it is imported, or when tests are collected.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    loading: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def tests(self, file: str, lines: range, slowest: float) -> list[str]:
        """Return the tests that run one of some lines, the fastest first, none slower than a number of seconds.

        A line that is run when its file is imported matters to every test that runs something of the file, and so does
        a line that nobody is seen to run: threads of the solver are not watched.
        """
        found: set[str] = set().union(*(self.lines[file][line] for line in lines))
        if not found or not self.loading[file].isdisjoint(lines):
            found = found.union(*self.lines[file].values())
        quick = (test for test in found if self.seconds[test] <= slowest)
        return sorted(quick, key=lambda test: (self.seconds[test], test))


class _Record:
    """A plugin that notes which lines of the program every test runs."""

    def __init__(self, root: Path, measured: coverage.Coverage) -> None:
        self._root = root
        self._measured = measured

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note the lines of a test under its name; what an earlier one computed is computed again."""
        _forget(self._root)
        self._measured.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self._measured.switch_context("")


def _forget(root: Path) -> None:
    """Empty what functions of the program and of the tests remember between calls."""
    for module in list(sys.modules.values()):
        if (getattr(module, "__file__", None) or "").startswith(f"{root}/"):
            for value in vars(module).values():
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


def record(
    root: Path,
    packages: Sequence[str],
    files: Sequence[str],
    *,
    unused: Sequence[str],
    jobs: int,
    scratch: Path,
    kept: Path | None,
) -> Reach:
    """Run the tests of some files with nothing planted and return what they reach.

    ``kept`` is a file of earlier records: those of a test file are taken from there as long as neither it nor the
    program nor what tests share has changed. ``unused`` are tests of these files to leave out.

    Raises
    ------
    TestsFailError
        If a test fails.
    """
    shared = _digest(p for folder in ("sequencer", "tests") for p in (root / folder).rglob("*.py") if not _is_test(p))
    keys = {file: f"{packages} {shared} {_digest([root / file])}" for file in files}
    known = json.loads(kept.read_text(encoding="utf-8")) if kept is not None and kept.exists() else {}
    known = {file: known[file] for file in files if known.get(file, {}).get("key") == keys[file]}
    modules = [path for package in packages for path in sorted((root / package).glob("*.py"))]
    tasks = ((file, _recording(root, file, modules, unused, scratch)) for file in files if file not in known)
    try:
        for done in each(tasks, jobs, lambda _file, _message: PATIENCE):
            failed = [message["failed"] for message in done.messages if "failed" in message]
            if failed or done.silent or done.crashed is not None:
                end = "silence" if done.silent else f"a crash with status {done.crashed}"
                raise TestsFailError(f"{done.task}: {failed or end}, after {done.messages[-1:]}")
            known[done.task] = {"key": keys[done.task], "messages": done.messages}
    finally:
        if kept is not None:
            kept.write_text(json.dumps(known), encoding="utf-8")
    reach = Reach()
    for file in files:
        for message in known[file]["messages"]:
            _add(reach, message)
    return reach


def _is_test(path: Path) -> bool:
    return path.name.startswith("test_") or path.parent == Path(__file__).parent


def _digest(paths: Iterable[Path]) -> str:
    """Return a digest of some files."""
    digest = sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _add(reach: Reach, message: Message) -> None:
    match message:
        case {"passed": str(test), "seconds": float(seconds)}:
            reach.seconds[test] = seconds
        case {"source": str(source), "contexts": dict(contexts)}:
            for line, tests in contexts.items():
                reach.lines[source][int(line)].update(test for test in tests if test)
                if "" in tests:
                    reach.loading[source].add(int(line))


def _recording(root: Path, file: str, modules: Sequence[Path], unused: Sequence[str], scratch: Path) -> Work:
    def work(tell: Tell) -> None:
        measured = coverage.Coverage(data_file=None, config_file=False, include=[*map(str, modules)], messages=False)
        measured.start()
        sys.path.insert(0, str(root))
        for module in modules:  # else the first test that needs it would seem to be alone in running its first lines
            name = ".".join(module.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            importlib.import_module(name)
        run(root, [file], [Watch(tell, None), _Record(root, measured)], scratch, unused)
        measured.stop()
        data = measured.get_data()
        for source in sorted(data.measured_files()):
            tell({"source": Path(source).relative_to(root).as_posix(), "contexts": data.contexts_by_lineno(source)})

    return work
