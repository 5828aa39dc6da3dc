"""Plans how a mission leaves: an optimal, proven handover timetable, and what holds it.

>>> from sequencer import read, solve
>>> outcome = solve(read("instances/tiny/worked-example"))
>>> outcome.status.value
'OPTIMAL'

Names are imported when first used, so that reading and help do not wait for a solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sequencer.answers.comparison import Comparison, compare
    from sequencer.errors import Disagreement, Fault, InstanceError, SequencerError, UsageError
    from sequencer.instance.instance import Instance
    from sequencer.outcome import Haste, Level, Limits, Outcome, Status
    from sequencer.replanning.replanning import Replan, replan
    from sequencer.solving.checker import check
    from sequencer.solving.levels import Progress
    from sequencer.solving.solver import solve
    from sequencer.tables.read import read
    from sequencer.timetable import Choice

_HOMES = {
    "Choice": "sequencer.timetable",
    "Comparison": "sequencer.answers.comparison",
    "Disagreement": "sequencer.errors",
    "Explanation": "sequencer.questions.explaining",
    "Fault": "sequencer.errors",
    "Haste": "sequencer.outcome",
    "Instance": "sequencer.instance.instance",
    "InstanceError": "sequencer.errors",
    "Level": "sequencer.outcome",
    "Limits": "sequencer.outcome",
    "Outcome": "sequencer.outcome",
    "Progress": "sequencer.solving.levels",
    "Replan": "sequencer.replanning.replanning",
    "SequencerError": "sequencer.errors",
    "Status": "sequencer.outcome",
    "UsageError": "sequencer.errors",
    "check": "sequencer.solving.checker",
    "compare": "sequencer.answers.comparison",
    "explain": "sequencer.questions.explaining",
    "read": "sequencer.tables.read",
    "replan": "sequencer.replanning.replanning",
    "solve": "sequencer.solving.solver",
}

__all__ = [
    "Choice",
    "Comparison",
    "Disagreement",
    "Explanation",
    "Fault",
    "Haste",
    "Instance",
    "InstanceError",
    "Level",
    "Limits",
    "Outcome",
    "Progress",
    "Replan",
    "SequencerError",
    "Status",
    "UsageError",
    "check",
    "compare",
    "explain",
    "read",
    "replan",
    "solve",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
