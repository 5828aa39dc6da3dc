"""What is kept of a solve among many: values, bounds and the timetable, as JSON that any version can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sequencer.outcome import Level, Outcome, Status
from sequencer.timetable import Choice, Choices

Json: TypeAlias = Mapping[str, Any]

LEVEL = ("term", "unit", "value", "bound", "tolerance", "achieved", "proof", "found_by", "bounded_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a solve found; see ``Outcome``.

    Attributes
    ----------
    status : Status
    levels : tuple of Level
        Without steps, prices and certificates.
    values : mapping of str to int, or None
    choices : mapping of str to Choice, or None
    exits : mapping of str to int
        The month of each package's exit, counted from the start of the plan; empty without a plan.
    notes : tuple of str
    seconds : float or None
        Time taken; None in a deterministic solve.
    binds : mapping of str to tuple of str, or None
        By term, what stands against a better value; None for a term of which that is not proven. Empty if not asked.
    """

    status: Status
    levels: tuple[Level, ...]
    values: Mapping[str, int] | None
    choices: Choices | None
    exits: Mapping[str, int]
    notes: tuple[str, ...]
    seconds: float | None
    binds: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        """Whether it is known for certain: the best plan, or that there is none."""
        return self.status in {Status.OPTIMAL, Status.INFEASIBLE}

    @classmethod
    def of(cls, outcome: Outcome, binds: Mapping[str, tuple[str, ...] | None] | None = None) -> Answer:
        """Return what is kept of an outcome, and of what binds it."""
        exits = {} if outcome.choices is None else _exits(outcome)
        return cls(
            status=outcome.status,
            levels=tuple(Level(**{name: getattr(level, name) for name in LEVEL}) for level in outcome.levels),
            values=None if outcome.values is None else dict(outcome.values),
            choices=outcome.choices,
            exits=exits,
            notes=outcome.notes,
            seconds=outcome.seconds,
            binds=binds or {},
        )

    @classmethod
    def read(cls, said: Json) -> Answer:
        """Return an answer from what ``as_json`` gave; raises KeyError, TypeError or ValueError for anything else."""
        choices = said["choices"]
        return cls(
            status=Status(said["status"]),
            levels=tuple(Level(**{name: level[name] for name in LEVEL}) for level in said["levels"]),
            values=None if said["values"] is None else {str(term): int(v) for term, v in said["values"].items()},
            choices=None
            if choices is None
            else {str(name): Choice(str(option), int(month)) for name, (option, month) in choices.items()},
            exits={str(name): int(month) for name, month in said["exits"].items()},
            notes=tuple(map(str, said["notes"])),
            seconds=None if said["seconds"] is None else float(said["seconds"]),
            binds={
                str(term): None if named is None else tuple(map(str, named)) for term, named in said["binds"].items()
            },
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object; months count from the start of the plan."""
        return {
            "status": self.status.value,
            "levels": [{name: getattr(level, name) for name in LEVEL} for level in self.levels],
            "values": self.values,
            "choices": None
            if self.choices is None
            else {name: [choice.option, choice.transfer] for name, choice in sorted(self.choices.items())},
            "exits": dict(sorted(self.exits.items())),
            "notes": list(self.notes),
            "seconds": self.seconds,
            "binds": {term: None if named is None else list(named) for term, named in self.binds.items()},
        }


def _exits(outcome: Outcome) -> dict[str, int]:
    from sequencer.problem import Schedule  # noqa: PLC0415 - numpy takes time to import
    from sequencer.vocabulary import Event  # noqa: PLC0415

    problem = outcome.problem
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(outcome.choices or {}))
    return {name: int(schedule.date(name, Event.EXIT)) for name in problem.paths}
