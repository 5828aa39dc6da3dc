"""Instances written out in a test, table by table."""

from __future__ import annotations

from pathlib import Path

from sequencer import Instance, read


def written(folder: Path, plan: str, **tables: str) -> Instance:
    """Return an instance of 36 months from 2030-01; ``plan`` has further settings, each table its lines."""
    settings = f'title = "t"\nfirst_month = "2030-01"\nmonths = 36\nobjective = ["exit", "early_transfer"]\n{plan}\n'
    (folder / "plan.toml").write_text(settings, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(text.split()) + "\n", encoding="utf-8")
    return read(folder)
