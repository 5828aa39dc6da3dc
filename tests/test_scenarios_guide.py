"""The page on scenarios is run as it stands, block by block."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_page_on_scenarios_says_what_comes_out(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(top)
    blocks = BLOCK.findall((top / "docs" / "scenarios.md").read_text(encoding="utf-8"))
    assert len(blocks) > 7
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/scenarios.md", "exec"), names)  # noqa: S102 - our own page
