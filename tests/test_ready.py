"""Kernels made ready before the clock starts: all that a solve calls, said once, and also where nothing can be kept."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from numba.core.caching import CacheImpl
from numba.core.registry import CPUDispatcher
from projects import draw_project

from sequencer import Limits, notes, read, solve
from sequencer.auto import maxima, ready, sums
from sequencer.compile import compile_instance
from sequencer.engine import compiled
from sequencer.importing.folder import write_folder
from sequencer.places import kernel as places
from sequencer.rebuild import kernel as rebuild
from sequencer.schedules import bounds, genetic, kernels

UNCALLED = "no_cpython_wrapper"  # of parts, which Python never calls


def signatures() -> dict[str, int]:
    """Return with how many kinds of arguments each kernel has been called."""
    found = {}
    for module in (places, rebuild, kernels, genetic, bounds):
        for name, told in vars(module).items():
            if isinstance(told, CPUDispatcher) and not told.targetoptions.get(UNCALLED):
                found[f"{module.__name__}.{name}"] = len(told.signatures)
    return found


def test_what_a_solve_calls_is_what_was_made_ready(
    worked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other kind of arguments comes: it would be compiled while the clock runs."""
    monkeypatch.setattr(maxima, "FEW", 0)
    monkeypatch.setattr(sums, "SMALL", 0)
    write_folder(draw_project(5), tmp_path / "bred")
    asked = [(read(worked), "early_transfer"), (read(tmp_path / "bred"), "exit")]
    for instance, term in asked:
        problem = compile_instance(instance)
        assert maxima.bred(problem, problem.terms[term], []) == (term == "exit")
        ready.make_ready(problem, [problem.terms[term]], threading.Event())
    before = signatures()
    for instance, term in asked:
        assert solve(instance, objective=[term], limits=Limits(seconds=6, workers=2), haste=False).choices
    assert signatures() == before
    assert len(before) > 10
    assert set(before.values()) <= {0, 1}, before  # those that explanations alone call may be there or not


def twice(number: int) -> int:
    return 2 * number


def test_where_nothing_can_be_kept_kernels_are_compiled_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    monkeypatch.setattr(compiled._listener, "kept", True)
    monkeypatch.setattr(compiled._listener, "_told", False)
    with caplog.at_level(logging.INFO, logger="sequencer"):
        assert [compiled.kernel(twice)(number) for number in (1, 2)] == [2, 4]
        assert compiled.kernel(twice)(3) == 6
    assert caplog.messages == [compiled.EACH]


@pytest.mark.parametrize("quiet", [True, False])
def test_what_is_noted_is_shown_unless_quiet(capsys: pytest.CaptureFixture[str], *, quiet: bool) -> None:
    log = logging.getLogger("sequencer.somewhere")
    with notes.shown(quiet=quiet):
        log.info("a note")
    log.info("no one asked")
    assert capsys.readouterr().err == ("" if quiet else "a note\n")
