"""An explanation as files, written whole or not at all, and never over anything that is there."""

from __future__ import annotations

import json
from pathlib import Path

from sequencer.answers.conditions import conditions, deciders, page, text
from sequencer.answers.explained.binding import binding
from sequencer.answers.explained.json import as_json
from sequencer.answers.export import put
from sequencer.errors import UsageError
from sequencer.questions.explaining import Explanation

FILES = ("explanation.json", "conditions.csv", "conditions.html", "deciders.csv", "binding.csv")


def prepare(folder: Path, *, overwrite: bool) -> None:
    """Make sure that an explanation can be written to a folder, before time is spent on it.

    Raises
    ------
    UsageError
        If the folder cannot be made, or holds such files already and ``overwrite`` is off.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error
    there = [name for name in FILES if (folder / name).exists()]
    if there and not overwrite:
        raise UsageError(f"{folder} holds {', '.join(there)} already; choose another folder, or --overwrite")


def write(explanation: Explanation, folder: Path, language: str = "en") -> None:
    """Write ``explanation.json``, and with a plan ``conditions.csv`` and ``.html``, ``deciders.csv``, ``binding.csv``.

    Raises
    ------
    UsageError
        If a file cannot be written.
    """
    instance, found = explanation.outcome.instance, explanation.conditions
    texts = {"explanation.json": json.dumps(as_json(explanation, language), indent=1, ensure_ascii=False) + "\n"}
    if explanation.outcome.choices is not None:
        texts["conditions.csv"] = text(conditions(instance.calendar, found, language))
        texts["conditions.html"] = page(instance, found, language)
        texts["deciders.csv"] = text(deciders(instance.calendar, explanation.deciders, explanation.proofs, language))
    if explanation.binding is not None:
        texts["binding.csv"] = text(binding(instance, explanation.binding, language))
    put(texts, folder, lambda _: None)
