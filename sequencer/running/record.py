"""Answers on file as they come, so that what is done is never asked again.

The first line says what all of them are about, each further one holds a key and its answer; every line is JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sequencer.errors import UsageError

Json: TypeAlias = Mapping[str, Any]

ABOUT, KEY, ANSWER = "about", "key", "answer"


class Record:
    """A file of answers; without a path nothing is written.

    Parameters
    ----------
    path : Path or None
        Made if it is not there; else gone on with.
    about : mapping
        What must be the same for an answer to be the same: only JSON's own kinds of values.

    Attributes
    ----------
    known : dict of str to mapping
        The answers there are, by key.

    Raises
    ------
    UsageError
        If the file cannot be read or written, holds anything else, or answers about something else.
    """

    def __init__(self, path: Path | None, about: Json) -> None:
        self.known: dict[str, Json] = {}
        self._path = path
        if path is None:
            return
        about = json.loads(json.dumps(about))  # as it is read again
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._read(path, about) if path.exists() else 0
            with path.open("ab") as file:
                file.truncate(whole)  # a line that was cut off is asked again
            if not whole:
                self._append({ABOUT: about})
        except OSError as error:
            raise UsageError(f"cannot keep results in {path}: {error}") from None

    def add(self, key: str, answer: Json) -> None:
        """Keep an answer; raises ``OSError`` if it cannot be written."""
        self.known[key] = answer
        self._append({KEY: key, ANSWER: answer})

    def _append(self, line: Json) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8", newline="") as file:
                file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def _read(self, path: Path, about: Json) -> int:
        """Read what is there; return how many bytes of it are whole lines."""
        read = path.read_bytes()
        whole = read.rfind(b"\n") + 1
        if not whole and read:
            raise UsageError(f"{path} is no file of results: it has no whole line")
        for number, line in enumerate(read[:whole].splitlines(), 1):
            found = _object(line)
            if number == 1 and set(found) == {ABOUT}:
                _compare(path, found[ABOUT], about)
            elif number > 1 and set(found) == {KEY, ANSWER} and isinstance(found[ANSWER], dict):
                self.known[str(found[KEY])] = found[ANSWER]
            else:
                raise UsageError(f"{path} is no file of results: line {number} is none of its lines")
        return whole


def _object(line: bytes) -> dict[str, Any]:
    """Return a line as a JSON object; an empty one if it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _compare(path: Path, found: object, about: Json) -> None:
    """Raise if answers are about something else."""
    if found == about:
        return
    there = found if isinstance(found, dict) else {}
    differ = sorted(name for name in {*there, *about} if there.get(name) != about.get(name))
    raise UsageError(f"{path} holds results of another question ({', '.join(differ)} differ): name another file")
