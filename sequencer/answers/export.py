"""Answers as files: written whole or not at all, and never over anything a person has changed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, TypeVar

import pandas as pd

from sequencer.answers.bounds import certified
from sequencer.answers.evidence import evidence
from sequencer.errors import UsageError
from sequencer.instance.digest import digest
from sequencer.instance.idle import idle
from sequencer.instance.instance import Instance
from sequencer.outcome import PARTS, Outcome
from sequencer.timetable import Choice

T = TypeVar("T")

OUTCOME = "outcome.json"
BOUNDS = "bounds.json"
TABLES = ("timetable.csv", "supplies.csv", "tight.csv", "communities.csv", "funding.csv")
REPLAN = "replan.csv"
REPORT = "report.html"
FILES = (*TABLES, REPLAN, REPORT, BOUNDS, OUTCOME)
EARLIER = "previous"

#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``status``, ``levels`` (term, unit, value, bound, gap, proof, tolerance, achieved, found_by, bounded_by,
        ``steps``: by, seconds, value, bound; ``prices``: what, when, unit, price), ``values`` (every term),
        ``timetable``, ``tight``, ``communities`` and ``funding`` (rows as in the CSV files), ``haste`` (later, exit,
        achieved, risk, cost, proven, cheapest), ``evidence`` (input rows by confidence),
        ``idle`` (rows without effect), ``changes`` made for this run, ``verified`` (``confirmed``: whether every claim
        was proven a second time; ``claims``: term, value, confirmed, by; null where it was not asked),
        ``notes``, ``interrupted``, ``engine``, ``seconds``, ``digest`` of the input and ``versions``. ``exit``,
        ``departure`` and the months of ``haste`` count from ``first_month``.
    """
    tables = _frames(outcome)
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
                "found_by": level.found_by,
                "bounded_by": level.bounded_by,
                "steps": [dataclasses.asdict(step) for step in level.steps],
                "prices": [dataclasses.asdict(price) for price in level.prices],
            }
            for level in outcome.levels
        ],
        "values": outcome.values,
        **{
            name: tables[f"{name}.csv"].to_dict("records") if f"{name}.csv" in tables else None
            for name in ("timetable", "tight", "communities", "funding")
        },
        "haste": [dataclasses.asdict(entry) for entry in outcome.haste],
        "verified": _verified(outcome),
        "evidence": evidence(outcome.instance),
        "idle": list(idle(outcome.instance)),
        "changes": list(outcome.instance.changes),
        "notes": list(outcome.notes),
        "interrupted": outcome.interrupted,
        "engine": outcome.engine,
        "seconds": outcome.seconds,
        "digest": digest(outcome.instance),
        "versions": {name: version(name) for name in PARTS} | {"python": python_version()},
    }


def _verified(outcome: Outcome) -> dict[str, Any] | None:
    """Return what came of proving every claim a second time; None where it was not asked."""
    if outcome.verified is None:
        return None
    claims = [dataclasses.asdict(claim) for claim in outcome.verified]
    return {"confirmed": all(claim["confirmed"] for claim in claims) if claims else None, "claims": claims}


def _frames(outcome: Outcome) -> dict[str, pd.DataFrame]:
    """Return the tables of an answer by file name: none without a plan, no funding without a money rule."""
    if outcome.choices is None:
        return {}
    frames = [outcome.timetable, outcome.supplies, outcome.tight, outcome.communities]
    if outcome.uses is not None:
        frames.append(outcome.funding)
    return dict(zip(TABLES, frames, strict=False))


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
    blocked = [name for name in FILES if (folder / name).exists() and not (folder / name).is_file()]
    changed = blocked or ([] if overwrite else _foreign(folder))
    if changed:
        raise UsageError(
            f"{folder} holds {', '.join(changed)}, not as this program wrote it; "
            f"choose another folder{'' if blocked else ', or --overwrite to set it aside'}"
        )


def write(outcome: Outcome, folder: Path, also: Mapping[str, str] | None = None) -> list[str] | None:
    """Write an answer, and further files by name; an earlier plan is set aside in the folder ``previous``.

    Returns
    -------
    list of str, or None
        What moved since the earlier plan, a line each; None when there was no earlier plan or none was found now.

    Raises
    ------
    UsageError
        If the files cannot be written; whatever stood in the folder is then as it was.
    """
    texts = {name: csv_text(frame) for name, frame in _frames(outcome).items()} | dict(also or {})
    if any(level.certificate is not None for level in outcome.levels):
        texts[BOUNDS] = certified(outcome)
    record = as_json(outcome) | {"files": {name: _fingerprint(text.encode()) for name, text in texts.items()}}
    record["files"][OUTCOME] = _fingerprint(_json(record).encode())
    texts[OUTCOME] = _json(record)
    aside = put(texts, folder, _set_aside)
    earlier = _timetable(aside / TABLES[0])
    return None if outcome.choices is None or earlier is None else moved(earlier, _as_written(outcome.timetable))


def add(name: str, text: str, folder: Path) -> None:
    """Write one more file beside an answer just written, and its fingerprint into the record of the answer.

    Raises
    ------
    UsageError
        If the files cannot be written, or the answer is not there any more as it was written.
    """
    found = dict(record(folder))
    if not found:
        raise UsageError(f"cannot write {name} to {folder}: the answer there was changed meanwhile")
    files = {other: print_ for other, print_ in found["files"].items() if other not in {name, OUTCOME}}
    found["files"] = files | {name: _fingerprint(text.encode())}
    found["files"][OUTCOME] = _fingerprint(_json(found).encode())
    put({name: text, OUTCOME: _json(found)}, folder, lambda _: None)


def put(texts: Mapping[str, str | bytes], folder: Path, ready: Callable[[Path], T]) -> T:
    """Write files by name, none before all are made; ``ready`` makes room in the folder just before.

    Raises
    ------
    UsageError
        If they cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as made:
            for name, text in texts.items():
                if isinstance(text, bytes):
                    (Path(made) / name).write_bytes(text)
                else:
                    (Path(made) / name).write_text(text, encoding="utf-8", newline="")
            done = ready(folder)
            for name in texts:
                (Path(made) / name).replace(folder / name)
    except OSError as error:
        raise UsageError(f"cannot write the answer to {folder}: {error.strerror}") from error
    return done


def earlier_plan(folder: Path, instance: Instance) -> dict[str, Choice]:
    """Return what the plan in a folder chose for each package, as far as that can be read; empty without a plan."""
    frame = _timetable(folder / TABLES[0])
    frame = _timetable(folder / EARLIER / TABLES[0]) if frame is None else frame
    if frame is None:
        return {}
    by_label = {instance.calendar.label(month): month for month in range(-instance.plan.months, instance.plan.months)}
    rows = zip(*(frame[name].str.removeprefix("'") for name in ("package", "option", "transfer")), strict=True)
    return {package: Choice(option, by_label[month]) for package, option, month in rows if month in by_label}


def _timetable(path: Path) -> pd.DataFrame | None:
    """Return a timetable as it was written; None where there is none, or somebody made something else of it."""
    if not path.is_file():
        return None
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except ValueError:
        return None
    usable = {"package", "option", "transfer", "exit"} <= set(frame.columns) and frame["package"].is_unique
    return frame if usable else None


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


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV that no spreadsheet takes for formulas."""
    return str(_as_written(frame).to_csv(index=False, lineterminator="\n"))


def _as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which no cell can act as a formula: such text begins with an apostrophe."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell)


def _set_aside(folder: Path) -> Path:
    """Move an earlier plan to ``previous``; if that holds something of others, to the next free ``previous-2``, ….

    An answer without a plan is not worth keeping: the plan set aside before stays where it is.

    Returns
    -------
    Path
        Where the latest earlier plan is, if there is one.
    """
    standing = [name for name in FILES if (folder / name).is_file()]
    aside, count = folder / EARLIER, 2
    while aside.exists() and (not aside.is_dir() or _foreign(aside)):
        aside, count = folder / f"{EARLIER}-{count}", count + 1
    if TABLES[0] not in standing:
        for name in standing:
            (folder / name).unlink()
        return aside
    aside.mkdir(exist_ok=True)
    for name in FILES:
        (aside / name).unlink(missing_ok=True)
        if name in standing:
            (folder / name).replace(aside / name)
    return aside


def record(folder: Path) -> Mapping[str, Any]:
    """Return what the outcome in a folder says; empty where there is none, or a file is not as it was written."""
    if not (folder / OUTCOME).is_file() or _foreign(folder):
        return {}
    found: Mapping[str, Any] = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
    return found


def _foreign(folder: Path) -> list[str]:
    """Return the names of files in our way that are not as we wrote them."""
    standing = [name for name in FILES if (folder / name).exists()]
    written = _written(folder)
    return [name for name in standing if written.get(name) != _current(folder / name)]


def _written(folder: Path) -> Mapping[str, str]:
    """Return the fingerprints that the outcome in a folder gives for its files."""
    try:
        record = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
        files = record["files"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}  # no outcome of ours: whatever stands there is foreign
    return files if isinstance(files, dict) else {}


def _current(path: Path) -> str:
    data = path.read_bytes()
    if path.name != OUTCOME:
        return _fingerprint(data)
    try:
        record = json.loads(data)
        del record["files"][OUTCOME]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return _fingerprint(_json(record).encode())


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"
