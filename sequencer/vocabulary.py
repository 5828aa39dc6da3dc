"""The words every part shares: stages, events, buckets, and where a fact was written.

A package walks the stages in the order given here; an event is the first month of what follows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCORE = 1000  # thousandths of a point in one point

#: The terms that an objective may name.
TERMS = ("exit", "departure", "risk", "early_transfer", "cost", "change")

#: Units that are shown otherwise than stored: a month as its date, risk in points.
MONTH = "month"
RISK = "people x level x thousandths of a point"


class Stage(StrEnum):
    """A stretch of a package's path, in order; lengths are whole months and may be 0."""

    INTERNATIONAL = "international"
    SUPPORT = "support"
    PROVING = "proving"
    JOINT = "joint"
    MENTORED = "mentored"
    ADVISORY = "advisory"
    AUTONOMOUS = "autonomous"


class Event(StrEnum):
    """A month on a package's path that a rule may speak about."""

    SUPPORT_START = "support_start"
    SUPPORT_END = "support_end"
    JOINT_START = "joint_start"
    TRANSFER = "transfer"
    ADVISORY_START = "advisory_start"
    EXIT = "exit"


class Bucket(StrEnum):
    """The stretch of months over which a resource's needs are summed."""

    MONTH = "month"
    PHASE = "phase"
    FISCAL_YEAR = "fiscal_year"
    PLAN = "plan"


class Per(StrEnum):
    """Whether a resource is one pool or one pool for each place or region."""

    ALL = "all"
    PLACE = "place"
    REGION = "region"


#: The event that opens each stage; ``international`` has no beginning.
OPENS: dict[Stage, Event | None] = {
    Stage.INTERNATIONAL: None,
    Stage.SUPPORT: Event.SUPPORT_START,
    Stage.PROVING: Event.SUPPORT_END,
    Stage.JOINT: Event.JOINT_START,
    Stage.MENTORED: Event.TRANSFER,
    Stage.ADVISORY: Event.ADVISORY_START,
    Stage.AUTONOMOUS: Event.EXIT,
}

#: The event that closes each stage; ``autonomous`` has no end.
CLOSES: dict[Stage, Event | None] = dict(zip(OPENS, [*list(OPENS.values())[1:], None], strict=True))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact was written, carried into every reason that rests on it.

    Attributes
    ----------
    file : str
        File name inside the instance folder, or ``plan.toml``.
    row : int or None
        Line of the file as a spreadsheet counts it (the header is row 1); None for a scalar or a default.
    source, confidence, note : str
        The planner's own columns; empty when not given.
    sheet : str
        Name of the sheet, where a sheet of a workbook stands for the file; otherwise empty.
    """

    file: str
    row: int | None = None
    source: str = ""
    confidence: str = ""
    note: str = ""
    sheet: str = ""

    @property
    def place(self) -> str:
        """File, or sheet, and row."""
        where = f"sheet {self.sheet}" if self.sheet else self.file
        return where if self.row is None else f"{where} row {self.row}"

    def __str__(self) -> str:
        said = [word for word in (self.confidence, self.source, self.note) if word]
        return f"{self.place}: {'; '.join(said)}" if said else self.place
