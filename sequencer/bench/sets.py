"""Sets of instances: folders that hold them, or lists of seeds to draw them from."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sequencer.bench.draw.sheets import digest
from sequencer.bench.peers import PSPLIB
from sequencer.errors import UsageError

SEEDS = "seeds.csv"
SEED_COLUMNS = ("instance", "kind", "places", "seed", "digest")


@dataclass(frozen=True)
class Entry:
    """One instance of a set.

    Attributes
    ----------
    set, name : str
    path : Path
        An instance folder, or a file of the PSPLIB.
    digest : str
        SHA-256 of its files, in hexadecimal.
    """

    set: str
    name: str
    path: Path
    digest: str


def entries(folder: Path, cache: Path, *, every: int = 1) -> list[Entry]:
    """Return the instances of a set in order, those with numbers in their names by number.

    Parameters
    ----------
    folder : Path
        Holds instance folders, files of the PSPLIB, or ``seeds.csv``, which says what is drawn into ``cache``; an
        instance of ``seeds.csv`` that is stored in the folder is taken from there.
    every : int
        Only each so-manieth instance, the first one included.

    Raises
    ------
    UsageError
        If there is no instance, or one is not what its digest says.
    """
    if (folder / "plan.toml").is_file():
        return [Entry(folder.absolute().parent.name, folder.absolute().name, folder, digest(folder))]
    name = folder.absolute().name
    if (folder / SEEDS).is_file():
        with (folder / SEEDS).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [_seeded(folder, cache, name, row) for row in rows[::every]]
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder of instances")
    found = [path.parent for path in folder.glob("*/plan.toml")]
    found += [path for path in folder.iterdir() if path.suffix.lower() in PSPLIB]
    if not found:
        raise UsageError(f"{folder} holds no instance folder, no {SEEDS} and no file of the PSPLIB")
    found.sort(key=_natural)
    return [Entry(name, path.stem if path.is_file() else path.name, path, digest(path)) for path in found[::every]]


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.name)]


def _seeded(folder: Path, cache: Path, name: str, row: Mapping[str, str]) -> Entry:
    """Return an instance of ``seeds.csv``, drawn now if it is neither stored nor in the cache."""
    stored = folder / row["instance"]
    path = stored if stored.is_dir() else cache / f"{row['kind']}-{row['places']}-{row['seed']}-{row['digest'][:12]}"
    if not path.is_dir():
        from sequencer.bench.draw.drawing import draw  # noqa: PLC0415 - numpy and the compiler take time to import

        part = path.with_name(f"{path.name}.part")
        shutil.rmtree(part, ignore_errors=True)  # of a draw that was interrupted
        draw(row["kind"], part, int(row["seed"]), int(row["places"]))
        part.rename(path)
    found = digest(path)
    if found != row["digest"]:
        if path != stored:
            shutil.rmtree(path)
        raise UsageError(f"{folder / SEEDS}: {row['instance']} has the digest {found}, not {row['digest']}")
    return Entry(name, row["instance"], path, found)


def write_seeds(folder: Path, kind: str, places: int, seeds: Iterable[int], *, store: bool) -> None:
    """Draw a set and write its ``seeds.csv``; where ``store`` is on, its instances are kept in the folder."""
    from sequencer.bench.draw.drawing import draw  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in seeds:
        name = f"{kind}-{places}-{seed:02d}"
        target = folder / name
        drawn = draw(kind, target, seed, places)
        rows.append((name, kind, places, seed, drawn.digest))
        if not store:
            shutil.rmtree(target)
    with (folder / SEEDS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SEED_COLUMNS)
        writer.writerows(rows)
