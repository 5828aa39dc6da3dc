"""The Python shown in pages is run, and README's shell commands are ones the program has."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from sequencer.cli import parser


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "docs/analyst.md", "docs/analysis.md"])
def test_the_python_shown_runs(top: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(top)
    shown = blocks((top / name).read_text(encoding="utf-8"), "python")
    assert shown
    names = {"__name__": "shown"}  # a block may rest on those before it
    for block in shown:
        exec(compile(block, name, "exec"), names)  # noqa: S102 - our own page


def test_the_commands_shown_are_understood(top: Path) -> None:
    shown = "\n".join(blocks((top / "README.md").read_text(encoding="utf-8"), "sh"))
    commands = re.findall(r"\.venv/bin/sequencer ([^\n&]+)", shown)
    assert len(commands) >= 3
    for command in commands:
        options = parser().parse_args(shlex.split(command))
        assert os.path.isdir(top / options.instance)  # noqa: PTH112 - a string from the command line
