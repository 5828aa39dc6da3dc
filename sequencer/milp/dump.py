"""Models as files, for other solvers: that of the last level at a path, those of earlier levels beside it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pulp

from sequencer.errors import UsageError
from sequencer.milp.search import Told
from sequencer.vocabulary import TERMS

SUFFIXES = (".mps", ".lp")


class Dump:
    """The files of one solve: ``model.mps`` for its last level, ``model.1-exit.mps`` and so on for those before.

    Parameters
    ----------
    path : Path
        The file; its suffix, .mps or .lp, says how models are written.
    overwrite : bool
        Whether files of an earlier solve may be replaced.

    Raises
    ------
    UsageError
        If the suffix is another one, there is no such folder, or a file is there already.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        if path.suffix.lower() not in SUFFIXES:
            raise UsageError(f"a model is written as {' or '.join(SUFFIXES)}, not to {path.name}")
        try:
            with tempfile.TemporaryFile(dir=path.parent):
                pass
        except OSError as error:
            raise UsageError(f"cannot write {path.name} to the folder {path.parent}: {error.strerror}") from None
        self._path = path
        self._last: str | None = None
        self._count = 0
        self._stale = self._found()
        if self._stale and not overwrite:
            raise UsageError(f"{self._stale[0]} is there already: move it, or add --overwrite")

    def clear(self) -> None:
        """Remove the files of an earlier solve; raises ``OSError`` if that cannot be done."""
        while self._stale:
            self._stale.pop().unlink()

    def write(self, told: Told, term: str) -> None:
        """Write the model of a level; that of the level before is moved aside.

        Raises
        ------
        UsageError
            If it cannot be written.
        """
        try:
            self.clear()
            if self._last is not None:
                self._path.rename(
                    self._path.with_name(f"{self._path.stem}.{self._count}-{self._last}{self._path.suffix}")
                )
            problem = told.rows.problem
            (problem.writeMPS if self._path.suffix.lower() == ".mps" else problem.writeLP)(str(self._path))
            self._explain(told, term)
        except (OSError, pulp.constants.PulpError) as error:  # PuLP 4 raises its own
            raise UsageError(f"{self._path} cannot be written: {error}") from None
        self._last, self._count = term, self._count + 1

    def _explain(self, told: Told, term: str) -> None:
        """Put above the model what its objective counts."""
        mark = "*" if self._path.suffix.lower() == ".mps" else "\\"
        text = self._path.read_text(encoding="utf-8")
        self._path.write_text(f"{mark} {term} = {told.least} + {told.unit} x objective\n{text}", encoding="utf-8")

    def _found(self) -> list[Path]:
        """Return the files of an earlier solve that are there."""
        name = re.compile(rf"{re.escape(self._path.stem)}(\.[0-9]+-({'|'.join(TERMS)}))?{re.escape(self._path.suffix)}")
        return sorted(file for file in self._path.parent.iterdir() if name.fullmatch(file.name))
