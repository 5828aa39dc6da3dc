"""Whether the tests notice a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .forks import Done, Message, Tell, Work, each
from .operators import Words
from .places import Mutant, planted
from .planting import plant
from .session import Watch, run

START = 60.0  # seconds until the first test begins: the program and the tests are imported
TIMES = 10.0  # as long as usual
NO_TESTS = 5  # pytest's exit code


class Verdict(StrEnum):
    """What became of a mistake."""

    CAUGHT = "caught"
    TIME_OUT = "time-out"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Trial:
    """A mistake, and what became of it: ``by`` is the test that failed or fell silent."""

    mutant: Mutant
    verdict: Verdict
    by: str
    seconds: float


@dataclass(frozen=True)
class Patience:
    """How long a run may be silent: until its first test begins, and then ten times as long as the test usually takes.

    ``least``: seconds that every test has besides.
    """

    usual: Mapping[str, float]
    least: float

    def after(self, _mutant: Mutant, message: Message | None) -> float:
        """Return the seconds until the next message."""
        test = None if message is None else message.get("begins")
        return self.least + TIMES * self.usual.get(test, 0.0) if isinstance(test, str) else START


def judge(
    root: Path, tests: Mapping[Mutant, Sequence[str]], *, words: Words, patience: Patience, jobs: int, scratch: Path
) -> Iterator[Trial]:
    """Yield a trial for each mistake, tried with its tests in their order, as they end."""
    yield from (Trial(mutant, Verdict.SURVIVED, "no test runs it", 0.0) for mutant, mine in tests.items() if not mine)
    tasks = ((mutant, _trial(root, mutant, mine, words, scratch)) for mutant, mine in tests.items() if mine)
    for done in each(tasks, jobs, patience.after):
        yield _judged(done)


def _judged(done: Done[Mutant]) -> Trial:
    failed = [str(message["failed"]) for message in done.messages if "failed" in message]
    begun = [str(message["begins"]) for message in done.messages if "begins" in message]
    if failed:
        return Trial(done.task, Verdict.CAUGHT, failed[0], done.seconds)
    last = begun[-1] if begun else "import"
    if done.silent:
        return Trial(done.task, Verdict.TIME_OUT, last, done.seconds)
    if done.crashed is not None:
        return Trial(done.task, Verdict.CAUGHT, f"{last} (crash, status {done.crashed})", done.seconds)
    return Trial(done.task, Verdict.SURVIVED, "", done.seconds)


def _trial(root: Path, mutant: Mutant, wanted: Sequence[str], words: Words, scratch: Path) -> Work:
    def work(tell: Tell) -> None:
        file = root / mutant.file
        plant(file, planted(mutant, file.read_text(encoding="utf-8"), words))
        files = list(dict.fromkeys(test.partition("::")[0] for test in wanted))
        code = run(root, files, [Watch(tell, wanted)], scratch)
        if code == NO_TESTS:
            raise RuntimeError(f"{mutant.id}: none of its tests was found")

    return work
