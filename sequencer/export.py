"""Answers as files: written whole or not at all, and never over anything a person has changed."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd

from sequencer.errors import UsageError
from sequencer.instance.digest import digest
from sequencer.outcome import Outcome

OUTCOME = "outcome.json"
TABLES = ("timetable.csv", "supplies.csv", "tight.csv")
EARLIER = "previous"

#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``status``, ``levels`` (term, unit, value, bound, gap, proof, tolerance, achieved), ``values`` (every term),
        ``timetable`` (rows as in timetable.csv), ``notes``, ``interrupted``, ``engine``, ``seconds``, ``digest`` of the
        input and ``versions``. ``exit`` and ``departure`` count months from ``first_month``.
    """
    return {
        "status": outcome.status.value,
        "title": outcome.instance.plan.title,
        "first_month": outcome.instance.calendar.label(0),
        "levels": [
            {
                "term": level.term,
                "unit": level.unit,
                "value": level.value,
                "bound": level.bound,
                "gap": level.gap,
                "proof": level.proof,
                "tolerance": level.tolerance,
                "achieved": level.achieved,
            }
            for level in outcome.levels
        ],
        "values": outcome.values,
        "timetable": None if outcome.choices is None else outcome.timetable.to_dict("records"),
        "notes": list(outcome.notes),
        "interrupted": outcome.interrupted,
        "engine": outcome.engine,
        "seconds": outcome.seconds,
        "digest": digest(outcome.instance),
        "versions": {"sequencer": version("sequencer"), "ortools": version("ortools"), "python": python_version()},
    }


def prepare(folder: Path, *, overwrite: bool) -> None:
    """Make sure that an answer can be written to a folder, before time is spent on finding it.

    Raises
    ------
    UsageError
        If the folder cannot be written to, or holds a file of ours that was changed since, or one of the same name that
        we did not write, and ``overwrite`` is off.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error
    changed = [] if overwrite else [*_foreign(folder), *(f"{EARLIER}/{name}" for name in _foreign(folder / EARLIER))]
    if changed:
        raise UsageError(
            f"{folder} holds {', '.join(changed)}, not as this program wrote it; "
            "choose another folder, or --overwrite to replace it"
        )


def write(outcome: Outcome, folder: Path) -> list[str] | None:
    """Write an answer, moving an earlier one to the folder ``previous``.

    Returns
    -------
    list of str, or None
        What moved since the earlier plan, a line each; None when there was no earlier plan or none was found now.
    """
    frames: dict[str, str] = {}
    if outcome.choices is not None:
        tables = (outcome.timetable, outcome.supplies, outcome.tight)
        frames = {name: _csv(frame) for name, frame in zip(TABLES, tables, strict=True)}
    earlier = _set_aside(folder)
    for name, text in frames.items():
        _write(folder / name, text)
    record = as_json(outcome) | {"files": {name: _fingerprint(text.encode()) for name, text in frames.items()}}
    record["files"][OUTCOME] = _fingerprint(_json(record).encode())
    _write(folder / OUTCOME, _json(record))
    if earlier is None or outcome.choices is None:
        return None
    return moved(earlier, outcome.timetable)


def moved(earlier: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Return a line for each package whose option, transfer or exit differs, or that is in one timetable only."""
    before = earlier.set_index("package")[["option", "transfer", "exit"]].to_dict("index")
    after = now.set_index("package")[["option", "transfer", "exit"]].to_dict("index")
    lines = []
    for name in dict.fromkeys([*after, *before]):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            lines.append(f"{name}: {'new' if old is None else 'no longer in the plan'}")
            continue
        changes = [f"{what} {old[what]} -> {new[what]}" for what in new if old[what] != new[what]]
        if changes:
            lines.append(f"{name}: {', '.join(changes)}")
    return lines


def _csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no cell can act as a formula."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell)
    return str(safe.to_csv(index=False, lineterminator="\n"))


def _set_aside(folder: Path) -> pd.DataFrame | None:
    """Move the files of an earlier answer to ``previous`` and return its timetable, if it has one."""
    standing = [name for name in (*TABLES, OUTCOME) if (folder / name).exists()]
    if not standing:
        return None
    (folder / EARLIER).mkdir(exist_ok=True)
    for name in (*TABLES, OUTCOME):
        (folder / EARLIER / name).unlink(missing_ok=True)
        if name in standing:
            (folder / name).replace(folder / EARLIER / name)
    timetable = folder / EARLIER / TABLES[0]
    return pd.read_csv(timetable, dtype=str, keep_default_na=False) if timetable.exists() else None


def _foreign(folder: Path) -> list[str]:
    """Return the names of files in our way that are not as we wrote them."""
    standing = [name for name in (*TABLES, OUTCOME) if (folder / name).exists()]
    written = _written(folder)
    return [name for name in standing if written.get(name) != _current(folder / name)]


def _written(folder: Path) -> Mapping[str, str]:
    """Return the fingerprints that the outcome in a folder gives for its files."""
    try:
        record = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
        files = record["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no outcome of ours: whatever stands there is foreign
    return files if isinstance(files, dict) else {}


def _current(path: Path) -> str:
    data = path.read_bytes()
    if path.name != OUTCOME:
        return _fingerprint(data)
    try:
        record = json.loads(data)
        del record["files"][OUTCOME]
    except (ValueError, KeyError, TypeError):
        return ""
    return _fingerprint(_json(record).encode())


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole, or leave what stood there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
