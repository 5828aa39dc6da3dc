"""The command ``export``: a plan taken up again, and written in the format of another program."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sequencer import words
from sequencer.answers.discretion import Audience
from sequencer.answers.export import put
from sequencer.answers.standing import aloud, standing
from sequencer.errors import UsageError
from sequencer.exports.registry import FORMATS, Made
from sequencer.exports.shown import Shown
from sequencer.instance.digest import digest
from sequencer.instance.instance import Instance
from sequencer.options import changed

#: What ``explain --binding --out`` leaves in a folder.
BINDING, EXPLANATION = "binding.csv", "explanation.json"


def run(options: argparse.Namespace) -> int:
    """Export a plan, say where it is, and return the exit status."""
    if not options.out.strip():
        raise UsageError("--out needs a name")
    target = Path(options.out)
    format_ = FORMATS[options.format]
    shown = again(changed(options), options.plan, Audience(options.audience), options.language)
    aloud(shown.outcome)
    write(format_.make(shown), target, overwrite=options.overwrite)
    if options.json:
        print(json.dumps({"format": options.format, "audience": options.audience, "written": str(target)}, indent=1))  # noqa: T201
    else:
        print(words.plain(f"written: {target} ({format_.says}; shown to: {options.audience})"))  # noqa: T201
    return 0


def again(instance: Instance, plan: str | Path, audience: Audience = Audience.PUBLIC, language: str = "en") -> Shown:
    """Return a plan that was made before, as exports show it.

    Parameters
    ----------
    instance : Instance
    plan : str or Path
        A folder of ``solve --out``, or a CSV file with package, option and transfer. What ``explain --binding --out``
        wrote to the folder is taken along if it was said of this very instance.
    audience : Audience
    language : str
        Two letters.

    Raises
    ------
    InstanceError
        If the file is not in order.
    UsageError
        If there is no timetable, or it breaks promises.
    """
    return Shown(standing(instance, plan), audience, language, _binding(instance, Path(plan)))


def _binding(instance: Instance, folder: Path) -> Any:  # noqa: ANN401 - a frame, or None
    """Return what binds by the files in a folder; None where nothing is said of this instance."""
    if not (folder / BINDING).is_file() or not (folder / EXPLANATION).is_file():
        return None
    import pandas as pd  # noqa: PLC0415

    try:
        said = json.loads((folder / EXPLANATION).read_text(encoding="utf-8"))
        frame = pd.read_csv(folder / BINDING, keep_default_na=False, na_values={name: [""] for name in NUMBERS})
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read {BINDING} and {EXPLANATION} in {folder}: {error}") from error
    ours = isinstance(said, dict) and said.get("digest") == digest(instance)
    missing = {"address", "number", "unit", "units", "term", "improvement", "term_unit", "sure"} - set(frame.columns)
    if ours and missing:
        raise UsageError(f"{folder / BINDING} lacks the columns {', '.join(sorted(missing))}; explain again")
    return frame if ours else None


NUMBERS = ("units", "improvement", "most", "lifted_by", "without")


def write(made: Made, target: Path, *, overwrite: bool = False) -> None:
    """Write what a format has made, whole or not at all: a file, or files into a folder.

    Raises
    ------
    UsageError
        If there is such a file and ``overwrite`` is off, or it cannot be written.
    """
    folder, files = (target.parent, {target.name: made}) if isinstance(made, bytes) else (target, dict(made))
    there = [folder / name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    blocked = [path for path in there if not path.is_file()]
    if blocked:
        raise UsageError(f"{', '.join(map(str, blocked))} is no file; choose another name")
    if there and not overwrite:
        are = "is" if len(there) == 1 else "are"
        raise UsageError(f"{', '.join(map(str, there))} {are} there already; choose another name, or --overwrite")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error
    put(files, folder, lambda _: None)
