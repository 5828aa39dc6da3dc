"""The folder that the planner's guide shows, block by block, is a plan in which every kind of rule is at work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sequencer import Instance, Status, check, read, solve
from sequencer.tables import schema

SHOWN = re.compile(r"^`([\w.]+)`.*?\n\n```(?:toml|csv)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def blocks(top: Path) -> dict[str, str]:
    """Return the files that the guide shows, by name."""
    return dict(SHOWN.findall((top / "docs" / "planner.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def instance(blocks: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """Return the instance that the guide's files make together."""
    folder = tmp_path_factory.mktemp("guide")
    for name, text in blocks.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read(folder)


def test_the_guide_shows_every_table(blocks: dict[str, str]) -> None:
    shown = {"readiness.csv" if name == "readiness_policing.csv" else name for name in blocks}
    assert shown == {"plan.toml", *(table.path for table in schema.tables().values())}


def test_the_plan_of_the_guide_is_solved_and_keeps_every_promise(instance: Instance) -> None:
    outcome = solve(instance)
    assert outcome.status is Status.OPTIMAL
    assert outcome.choices is not None
    assert check(instance, outcome.choices) == ()
    assert set(outcome.funding["source"]) == {"host", "customs fund", "japan/police", "union"}
    assert set(outcome.communities["community"]) == {"hill people", "coast people", "(not named)"}
    assert [entry.later for entry in outcome.haste] == [0, 3, 6]
