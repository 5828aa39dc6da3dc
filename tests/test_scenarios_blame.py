"""Of two promises between the same packages in one month, each has a cause of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from written import written

from sequencer import Choice
from sequencer.scenarios import Scenario, stress
from sequencer.scenarios.blame import AS_IT_IS

LENGTHS = "function,joint_months,mentored_months,advisory_months f,1,1,1"
PLAN = {"a/f": Choice("none", 5), "b/f": Choice("none", 10)}  # the exit of a in month 7
LINK = "before,before_event,after,after_event,minimum a/f,transfer,b/f,transfer,{} a/f,exit,b/f,transfer,{}"
WIDTH = "before,before_event,after,after_event,width a/f,transfer,b/f,transfer,{} a/f,exit,b/f,transfer,{}"
GATE = "before,before_event,gate,minimum a/f,transfer,all,{} a/f,exit,all,{}"
ENDS = "a/f.transfer--b/f.transfer", "a/f.exit--b/f.transfer"
LINKS = tuple(f"links.{ends}.minimum" for ends in ENDS)
WIDTHS = tuple(f"widths.{ends}" for ends in ENDS)
GATES = ("gates.all.transfer", "gates.all.exit")


def causes(folder: Path, rows: str, bounds: tuple[int, int], changes: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return the causes of what is broken in a scenario of a folder whose two links have some bounds."""
    instance = written(
        folder,
        "",
        places="place a b",
        functions=LENGTHS,
        packages="place,function a,f b,f",
        phases="phase,from,to all,2030-01,",
        links=rows.format(*bounds),
    )
    (held,) = stress(instance, PLAN, [Scenario.of(1, changes)]).held
    return sorted(why.names for why in held.causes)


@pytest.mark.parametrize(
    ("rows", "addresses", "kept", "broken", "worse"),
    [
        (LINK, LINKS, (3, 2), (7, 5), (8, 6)),  # 5 and 3 months lie between them
        (WIDTH, WIDTHS, (6, 4), (3, 2), (2, 1)),
        (GATE, GATES, (3, 2), (7, 5), (8, 6)),
    ],
)
def test_causes_of_two_promises_that_look_alike(  # noqa: PLR0917 - what they are, and three pairs of bounds
    tmp_path: Path,
    rows: str,
    addresses: tuple[str, str],
    kept: tuple[int, int],
    broken: tuple[int, int],
    worse: tuple[int, int],
) -> None:
    one, other = addresses
    both = causes(tmp_path, rows, kept, dict(zip(addresses, broken, strict=True)))
    assert both == sorted([(f"given {one}",), (f"given {other}",)])
    second = causes(tmp_path, rows, (kept[0], broken[1]), {one: broken[0]})
    assert second == sorted([(f"given {one}",), (AS_IT_IS,)])
    assert causes(tmp_path, rows, (broken[0], kept[1]), {one: worse[0]}) == [(AS_IT_IS,)]  # another bound, one promise
