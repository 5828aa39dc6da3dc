"""Makes the pictures of the guides from an instance that the project ships: ``python docs/pictures/make.py``.

A test makes them again and compares every byte, so that a picture is always what the program draws.
"""

from __future__ import annotations

from pathlib import Path

from sequencer import Limits, read
from sequencer.answers.discretion import Audience
from sequencer.answers.standing import standing
from sequencer.phrases import Phrasebook
from sequencer.pictures.images import charts
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation

HERE = Path(__file__).parent
INSTANCE = HERE.parents[1] / "instances" / "historical" / "timor-leste-2009"
PLAN = HERE.parent / "worked-case" / "plan.csv"
SHOWN = {"gantt.svg": "gantt", "supplies.svg": "supplies-1", "map.svg": "map"}  # in guides, and the name of each chart


def pictures() -> dict[str, str]:
    """Return the text of each picture by file name; the plan is on record, so nothing is solved."""
    explanation = Explanation(outcome=standing(read(INSTANCE), PLAN), limits=Limits())
    told = Told(explanation, Audience.MISSION, Phrasebook.of("en"))
    made = charts(told)
    return {file: made[name] for file, name in SHOWN.items()}


if __name__ == "__main__":
    for file, text in pictures().items():
        (HERE / file).write_text(text, encoding="utf-8", newline="")
