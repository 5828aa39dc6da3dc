"""What is imported when: help waits for nothing, reading and checking for no solver."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("ortools", "pandas", "numpy", "rich", "pulp", "highspy")


def imported(code: str) -> set[str]:
    """Return which heavy packages are loaded after some code has run in a process of its own."""
    script = f"{code}\nimport sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    return set(eval(done.stdout.splitlines()[-1]))  # noqa: S307 - our own output


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import sequencer", set()),
        ("from sequencer.cli import parser; parser().format_help()", set()),
        ("from sequencer import read; read({folder!r})", set()),
        ("from sequencer import read; read({folder!r}).but({{'plan.hold': 1}})", set()),
        ("from sequencer import check, read; check", {"numpy"}),
    ],
)
def test_nothing_is_imported_before_it_is_needed(code: str, allowed: set[str], worked: Path) -> None:
    assert imported(code.format(folder=str(worked))) <= allowed


@pytest.mark.parametrize(("solver", "folder"), [("ortools", "cpsat"), ("pulp", "milp"), ("highspy", "milp")])
def test_only_the_folder_for_it_imports_a_solver(solver: str, folder: str, top: Path) -> None:
    files = (top / "sequencer").rglob("*.py")
    imports = re.compile(rf"^\s*(import|from) {solver}\b", re.MULTILINE)
    assert {path.parent.name for path in files if imports.search(path.read_text(encoding="utf-8"))} == {folder}


def test_solving_by_cpsat_loads_no_other_solver(worked: Path) -> None:
    code = f"from sequencer import read, solve; solve(read({str(worked)!r}), haste=False)"
    assert not {"pulp", "highspy"} & imported(code)


def test_the_audit_reads_the_instance_on_its_own(top: Path) -> None:
    for path in (top / "sequencer" / "audit").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "sequencer.compile" not in text
        assert "sequencer.problem" not in text


def test_every_public_name_can_be_imported() -> None:
    import sequencer  # noqa: PLC0415 - its attributes are the subject

    assert all(getattr(sequencer, name) is not None for name in sequencer.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = sequencer.nonsense
