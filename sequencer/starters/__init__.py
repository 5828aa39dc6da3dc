"""Instances to start from, one in each folder beside this file: ``minimal``, ``peacekeeping`` and ``withdrawal``.

Each is in order and is solved in seconds; what is in it is invented, and says so.
"""

from __future__ import annotations

import tempfile
from importlib import resources
from pathlib import Path

from sequencer.importing.workbooks import fill, to_workbook

NAMES = ("minimal", "peacekeeping", "withdrawal")
SUFFIX = ".xlsx"


def texts(name: str) -> dict[str, str]:
    """Return the files of a starter by name: ``plan.toml``, tables, and a ``README.md``."""
    found = resources.files(__package__).joinpath(name)
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(found.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".csv", ".toml", ".md"))
    }


def begin(target: Path, name: str = NAMES[0], *, workbook: bool = False, overwrite: bool = False) -> Path:
    """Write a starter as a folder or as a workbook.

    Parameters
    ----------
    target : Path
        The folder, empty or not there yet; or the workbook.
    name : str
        Which of `NAMES`.
    workbook : bool
        Whether a workbook is wanted; also where ``target`` ends in ``.xlsx``, which is added if it does not.
    overwrite : bool
        Whether files of the same names may be replaced; no other is touched.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    UsageError
        If it cannot be written, or stands there and ``overwrite`` is off.
    """
    if not workbook and target.suffix.lower() != SUFFIX:
        fill(target, texts(name), overwrite=overwrite)
        return target
    path = target if target.suffix.lower() == SUFFIX else target.with_name(target.name + SUFFIX)
    with tempfile.TemporaryDirectory() as made:
        for file, text in texts(name).items():
            (Path(made) / file).write_text(text, encoding="utf-8")
        to_workbook(Path(made), path, overwrite=overwrite)
    return path
