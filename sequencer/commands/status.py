"""Exit statuses, and how JSON is printed: what commands share."""

from __future__ import annotations

import json

from sequencer.outcome import Status

OK, INTERNAL, USAGE, BAD_INPUT, INFEASIBLE, NO_PLAN, INTERRUPTED = 0, 1, 2, 3, 4, 6, 130

ENDS = {
    Status.OPTIMAL: OK,
    Status.FEASIBLE: OK,
    Status.INFEASIBLE: INFEASIBLE,
    Status.UNKNOWN: NO_PLAN,
}


def ended(status: Status, *, interrupted: bool) -> int:
    """Return the exit status of an answer."""
    return INTERRUPTED if interrupted else ENDS[status]


def print_json(value: object) -> None:
    """Print a value as the commands' --json does."""
    print(json.dumps(value, indent=1, ensure_ascii=False))  # noqa: T201
