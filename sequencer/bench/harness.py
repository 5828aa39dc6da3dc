"""The command ``sequencer bench``: every engine on every instance, row by row, and what they come to."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sequencer import words
from sequencer.bench.baseline import Margins, regressions
from sequencer.bench.profile import ratios, svg
from sequencer.bench.record import Best, Results, levels_of, read_rows
from sequencer.bench.runs import DEFAULT, KEY, Row, Task, measure
from sequencer.bench.sets import Entry, entries
from sequencer.bench.summary import summaries, table
from sequencer.bench.versions import Versions
from sequencer.errors import UsageError
from sequencer.vocabulary import TERMS

OK, BEHIND, INTERRUPTED = 0, 4, 130
EACH = "each"  # the objective of plan.toml, and each term alone
PAUSE = 5.0  # seconds between two lines about one run


@dataclass(frozen=True)
class Settings:
    """What is to be run.

    Attributes
    ----------
    sets : tuple of Path
    engines : tuple of str
    objectives : tuple of tuple of str
        Terms in order; an empty one stands for the plan's own.
    seconds : float
    repeat : int
        Runs of each, with the seeds 0, 1, …
    workers, memory, every : int
    cache : Path
        Where drawn instances are kept.
    """

    sets: tuple[Path, ...]
    engines: tuple[str, ...]
    objectives: tuple[tuple[str, ...], ...]
    seconds: float
    repeat: int
    workers: int
    memory: int
    every: int
    cache: Path


def bench(options: argparse.Namespace) -> int:
    """Run what the command line asks for, and return its exit status."""
    settings = _settings(options)
    before = None if options.baseline is None else read_rows(Path(options.baseline))
    results = Results(None if options.out is None else Path(options.out))
    rows: list[Row] = []
    status = OK
    try:
        rows.extend(run(settings, results, Versions.here(), _say))
    except KeyboardInterrupt:
        status = INTERRUPTED
    print(words.plain(table(summaries(rows))))  # noqa: T201
    if options.profile is not None:
        title = f"Seconds to proof: {', '.join(folder.name for folder in settings.sets)}"
        Path(options.profile).write_text(svg(ratios(rows), title), encoding="utf-8")
    if options.best:
        _improve(settings, rows)
    if status == OK and before is not None:
        margins = Margins(options.margin_proven, options.margin_gap / 100, options.margin_speed)
        status = _judge(rows, before, margins, options.reference)
    return status


def run(settings: Settings, results: Results, versions: Versions, say: Callable[[str], None]) -> Iterator[Row]:
    """Yield a row for each run asked for, in turn for the engines; those on record already are not run again.

    Parameters
    ----------
    say : callable
        Told in words how far it has come.
    """
    recorded = {tuple(row[column] for column in KEY): row for row in results.rows}
    found = tuple(tasks(settings))
    best = {folder: Best(folder) for folder in settings.sets}
    for count, (folder, task) in enumerate(found, 1):
        where = f"[{count}/{len(found)}] {task.entry.set}/{task.entry.name} {'+'.join(task.objective) or DEFAULT}"
        key = task.key(versions)
        if key in recorded:
            say(f"{where} {task.engine}: on record")
            yield recorded[key]
            continue
        hear = _Pacer(say, f"{where} {task.engine}")
        row = measure(task, versions, hear)
        row["best_gap"] = best[folder].gap(row, objective_of(row))
        results.add(row)
        took = f"{row['wall_s'] or '?'} s, {row['peak_mib'] or '?'} MiB"
        say(f"{where} {task.engine}: {row['status']}, gap {row['gap'] or 'unknown'}, {took} {row['note']}".rstrip())
        yield row


def tasks(settings: Settings) -> Iterator[tuple[Path, Task]]:
    """Yield every run, with the folder of its set; engines take turns on each instance, since machines vary."""
    for folder in settings.sets:
        found: Sequence[Entry] = entries(folder, settings.cache, every=settings.every)
        for entry in found:
            for objective in settings.objectives:
                for seed in range(settings.repeat):
                    for engine in settings.engines:
                        yield (
                            folder,
                            Task(entry, engine, objective, seed, settings.seconds, settings.workers, settings.memory),
                        )


def objective_of(row: Row) -> str:
    """Return the terms of a row as ``best.csv`` names them."""
    return ";".join(term for term, _, _ in levels_of(row))


class _Pacer:
    """Passes words on, unless the last ones are too recent."""

    def __init__(self, say: Callable[[str], None], where: str) -> None:
        self._say, self._where, self._last = say, where, time.monotonic()

    def __call__(self, said: str) -> None:
        if time.monotonic() - self._last > PAUSE:
            self._last = time.monotonic()
            self._say(f"{self._where}: {said}")


def _improve(settings: Settings, rows: Sequence[Row]) -> None:
    for folder in settings.sets:
        best, name = Best(folder), folder.absolute().name
        changed = [row for row in rows if row["set"] == name and best.improve(row, objective_of(row))]
        if changed:
            best.write()
            _say(f"{folder.name}: {len(changed)} rows know better than before")


def _judge(rows: Sequence[Row], before: Sequence[Row], margins: Margins, reference: str | None) -> int:
    found = regressions(rows, before, margins, reference)
    if reference is None:
        _say("speed is not judged: name an engine with --reference that both runs have")
    for line in found:
        _say(f"behind the baseline: {line}")
    return BEHIND if found else OK


def _say(line: str) -> None:
    sys.stderr.write(words.plain(line) + "\n")
    sys.stderr.flush()


def _settings(options: argparse.Namespace) -> Settings:
    objectives: list[tuple[str, ...]] = []
    for word in options.objectives.split(","):
        objectives += [(), *((term,) for term in TERMS)] if word == EACH else [_objective(word)]
    engines = tuple(dict.fromkeys(filter(None, options.engines.split(","))))
    if not engines:
        raise UsageError("--engines names no engine")
    if not (options.every and options.repeat):
        raise UsageError("--every and --repeat are at least 1")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Settings(
        sets=tuple(map(Path, options.sets)),
        engines=engines,
        objectives=tuple(dict.fromkeys(objectives)),
        seconds=options.seconds,
        repeat=options.repeat,
        workers=options.workers or os.cpu_count() or 1,
        memory=options.memory,
        every=options.every,
        cache=home / "sequencer" / "bench" if options.cache is None else Path(options.cache),
    )


def _objective(word: str) -> tuple[str, ...]:
    terms = () if word == DEFAULT else tuple(word.split("+"))
    for term in terms:
        if term not in TERMS:
            raise UsageError(f"no objective {term!r}; there is: {DEFAULT}, {EACH}, {', '.join(TERMS)}")
    return terms
