"""Files of the PSPLIB: ``.sm`` and ``.mm`` (Kolisch and Sprecher), ``.sch`` (ProGen/max, minimum and maximum lags)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.importing.folder import write_folder
from sequencer.importing.project import Lag, Mode, Project, Resource

LARGEST = 10**6  # of any number in a file; sums of them stay exact
MOST = 50_000_000  # bytes of a file

RULE = re.compile(r"[\s*\-]*")  # a line that separates parts


class _FileError(ValueError):
    """Something that cannot be understood: where, what was found and what is needed."""

    def __init__(self, row: int, found: str, needed: str) -> None:
        super().__init__(found)
        self.row, self.found, self.needed = row, found, needed


def read_project(path: Path) -> Project:
    """Read one file of the PSPLIB.

    Parameters
    ----------
    path : Path
        Its suffix says which format it has, in capitals or not.

    Raises
    ------
    InstanceError
        With the first fault of the file: what comes after it could only be guessed.
    """
    try:
        read = READERS.get(path.suffix.lower(), _unknown)
        project = read(path.stem, _Lines(_text(path)))
        _acyclic(project)
    except _FileError as bad:
        raise InstanceError([Fault(path.name, bad.row, "", bad.found, bad.needed)]) from None
    return project


def convert(files: Sequence[Path], folder: Path, *, overwrite: bool = False) -> dict[Path, tuple[str, ...]]:
    """Make instance folders from files: ``folder`` itself from one, a folder in it for each of several.

    Returns
    -------
    dict of Path to tuple of str
        The folders, and what must be said of each.

    Raises
    ------
    InstanceError
        With the first fault of every file that has one; then nothing is written.
    UsageError
        If two files would share a folder, or a folder cannot be written to.
    """
    projects: list[Project] = []
    faults: list[Fault] = []
    for path in files:
        try:
            projects.append(read_project(path))
        except InstanceError as error:
            faults += error.faults
    if faults:
        raise InstanceError(faults)
    twice = [name for name, count in Counter(project.name for project in projects).items() if count > 1]
    if twice:
        raise UsageError(f"two files are called {twice[0]}: import them into different folders")
    targets = [folder] if len(projects) == 1 else [folder / project.name for project in projects]
    return {
        target: write_folder(project, target, overwrite=overwrite)
        for project, target in zip(projects, targets, strict=True)
    }


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _FileError(0, f"nothing readable: {error.strerror or error}", "a file") from None
    if len(raw) > MOST:
        raise _FileError(0, f"{len(raw)} bytes", f"at most {MOST}")
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise _FileError(row, "a byte that is no ASCII character", "a text file of the PSPLIB") from None


class _Lines:
    """The lines of a file that say something, each with its number."""

    def __init__(self, text: str) -> None:
        numbered = enumerate(text.splitlines(), start=1)
        self._lines = [(row, line) for row, line in numbered if not RULE.fullmatch(line)]
        self._next = 0
        self.last = len(text.splitlines())

    def take(self, what: str) -> tuple[int, str]:
        """Return the next line and its number."""
        if self._next == len(self._lines):
            raise _FileError(self.last, "the end of the file", what)
        self._next += 1
        return self._lines[self._next - 1]

    def numbers(self, what: str) -> tuple[int, list[int]]:
        """Return the numbers of the next line; those in brackets, too."""
        row, line = self.take(what)
        return row, [_number(row, word, what) for word in line.replace("[", " ").replace("]", " ").split()]

    def heading(self, *words: str) -> None:
        """Skip lines up to and with the one that begins with one of these words."""
        while True:
            _, line = self.take(f"the heading {' or '.join(words)}")
            if line.strip().upper().startswith(words):
                return

    def setting(self, name: str) -> int:
        """Return the number after the colon of the line that begins with a name, skipping those before."""
        while True:
            row, line = self.take(f"the line {name!r}")
            said, colon, value = line.partition(":")
            if colon and said.strip(" -\t").lower().startswith(name):
                word = value.split()[0] if value.split() else ""
                return _within(row, _number(row, word, f"{name}: a number"), 0, LARGEST, name)

    def rest(self) -> None:
        """Raise if something comes after the last part."""
        if self._next < len(self._lines):
            row, line = self._lines[self._next]
            raise _FileError(row, repr(line.strip()[:40]), "the end of the file")


def _number(row: int, word: str, what: str) -> int:
    if not re.fullmatch(r"-?\d{1,9}", word):
        raise _FileError(row, repr(word[:40]), f"{what}, in whole numbers")
    return int(word)


def _within(row: int, number: int, least: int, most: int, what: str) -> int:
    if not least <= number <= most:
        raise _FileError(row, str(number), f"{what}: a number from {least} to {most}")
    return number


def _classical(name: str, lines: _Lines) -> Project:
    """Read ``.sm`` and ``.mm``: jobs, precedences, modes, capacities, each under its heading."""
    count = lines.setting("jobs")
    kinds = [lines.setting(kind) for kind in ("renewable", "nonrenewable", "doubly constrained")]
    if count < 2:  # noqa: PLR2004 - the dummy start and the dummy end
        raise _FileError(0, f"{count} jobs", "at least the first and the last, which are dummies")
    if kinds[2]:
        raise _FileError(0, f"{kinds[2]} doubly constrained resources", "renewable and non-renewable ones only")
    lines.heading("PRECEDENCE RELATIONS")
    lines.take("the names of the columns")
    precedences: list[tuple[int, int]] = []
    modes: list[int] = []
    for job in range(count):
        what = f"job {job + 1}, its number of modes, of successors, and these"
        row, found = lines.numbers(what)
        _shape(row, found, 3 + (found[2] if len(found) > 2 else 0), what, job + 1)  # noqa: PLR2004
        modes.append(_within(row, found[1], 1, 1000, "modes"))
        precedences += [(job, _within(row, after, 1, count, "a job") - 1) for after in found[3:]]
    lines.heading("REQUESTS/DURATIONS")
    lines.take("the names of the columns")
    activities = tuple(tuple(_modes(lines, job, modes[job], kinds[0] + kinds[1])) for job in range(count))
    lines.heading("RESOURCEAVAILABILITIES")
    lines.take("the names of the resources")
    resources = _capacities(lines, kinds[0], kinds[1])
    lines.rest()
    return Project(name=name, activities=activities, resources=resources, precedences=tuple(precedences))


def _modes(lines: _Lines, job: int, count: int, resources: int) -> Iterator[Mode]:
    """Yield the modes of a job; its number stands before the first only."""
    for mode in range(count):
        what = f"mode {mode + 1} of job {job + 1}, its duration, and a need of each of {resources} resources"
        row, found = lines.numbers(what)
        if mode == 0:
            _shape(row, found, 3 + resources, what, job + 1)
            found = found[1:]
        _shape(row, found, 2 + resources, what, mode + 1)
        yield _mode(row, found[1:])


def _mode(row: int, numbers: Sequence[int]) -> Mode:
    duration, *needs = (_within(row, number, 0, LARGEST, "durations and needs") for number in numbers)
    return Mode(duration, tuple(needs))


def _capacities(lines: _Lines, renewable: int, other: int) -> tuple[Resource, ...]:
    what = f"the capacity of each of {renewable + other} resources"
    row, found = lines.numbers(what) if renewable + other else (0, [])
    _shape(row, found, renewable + other, what)
    names = [*(f"R{r + 1}" for r in range(renewable)), *(f"N{r + 1}" for r in range(other))]
    return tuple(
        Resource(name, name.startswith("R"), _within(row, number, 0, LARGEST, "a capacity"))
        for name, number in zip(names, found, strict=True)
    )


def _shape(row: int, found: Sequence[int], length: int, what: str, first: int | None = None) -> None:
    if len(found) != length or (first is not None and found[0] != first):
        raise _FileError(row, " ".join(map(str, found)) or "nothing", what)


def _generalised(name: str, lines: _Lines) -> Project:
    """Read ``.sch``: activities 0 ... n + 1, lags from start to start, one mode each, capacities in the last line."""
    what = "four numbers: activities, renewable, non-renewable and doubly constrained resources"
    row, found = lines.numbers(what)
    _shape(row, found, 4, what)
    if found[0] < 0 or found[1] < 0 or found[2] < 0 or found[3] != 0:
        raise _FileError(row, " ".join(map(str, found)), f"{what}, the last one 0")
    count, renewable, other = found[0] + 2, found[1], found[2]
    resources = renewable + other
    lags: list[Lag] = []
    for i in range(count):
        what = f"activity {i}, 1 mode, its number of successors, these, and the lag to each in brackets"
        row, found = lines.numbers(what)
        _shape(row, found, 3 + 2 * (found[2] if len(found) > 2 else 0), what, i)  # noqa: PLR2004
        if found[1] != 1:
            raise _FileError(row, f"{found[1]} modes", "one mode, where there are lags")
        after, periods = found[3 : 3 + found[2]], found[3 + found[2] :]
        for j, lag in zip(after, periods, strict=True):
            _within(row, lag, -LARGEST, LARGEST, "a lag")
            lags.append(Lag(i, _within(row, j, 0, count - 1, "an activity"), lag))
    activities = []
    for i in range(count):
        what = f"activity {i}, mode 1, its duration, and a need of each of {resources} resources"
        row, found = lines.numbers(what)
        _shape(row, found, 3 + resources, what, i)
        activities.append((_mode(row, found[2:]),))
    held = _capacities(lines, renewable, other)
    lines.rest()
    return Project(name=name, activities=tuple(activities), resources=held, lags=tuple(lags), first=0)


def _unknown(name: str, lines: _Lines) -> Project:  # noqa: ARG001 - called like the readers
    raise _FileError(0, "a suffix of another kind of file", f"a file of the PSPLIB: {', '.join(READERS)}")


def _acyclic(project: Project) -> None:
    """Raise if activities wait for each other's end in a circle."""
    waits = [0] * len(project.activities)
    after: dict[int, list[int]] = {}
    for first, second in project.precedences:
        after.setdefault(first, []).append(second)
        waits[second] += 1
    free = [i for i, count in enumerate(waits) if not count]
    for i in free:  # grows as others become free
        for j in after.get(i, ()):
            waits[j] -= 1
            if not waits[j]:
                free.append(j)
    if len(free) < len(waits):
        jobs = [i + 1 for i in range(len(waits)) if waits[i]]
        found = f"jobs that wait for each other: {', '.join(map(str, jobs[:6]))}"
        raise _FileError(0, found, "precedences without a circle")


#: How a file is read, by its suffix.
READERS: dict[str, Callable[[str, _Lines], Project]] = {".sm": _classical, ".mm": _classical, ".sch": _generalised}
